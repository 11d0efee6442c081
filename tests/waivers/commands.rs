//! The commands, as they are typed.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::{WAIVER, World};

fn on_disk(world: &World) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in &world.files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &TempDir, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder.path())
        .args(words)
        .args(["--as-of", "2026-11-22"])
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8_lossy(&output.stderr)
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

const SAID: [&str; 8] = [
    "--reason",
    "The licence: ten years",
    "--owner",
    "ines@bank.example",
    "--approver",
    "cleo@bank.example",
    "--for",
    "P30D",
];

#[test]
fn the_exit_code_is_the_same_whatever_is_asked_for() {
    for (world, code) in [
        (World::new(), 1),
        (World::new().waivers(WAIVER), 0),
        (World::new().waivers("- {}\n"), 2),
    ] {
        let folder = on_disk(&world);
        for format in launchgate::render::Format::ALL {
            let output = run(&folder, &["check", "--output", format.as_str()]);
            assert_eq!(
                output.status.code(),
                Some(code),
                "{format}: {}",
                out(&output)
            );
        }
        for words in [
            &["check", "specs/credit.yaml"][..],
            &["check", "--quiet"],
            &["report"],
        ] {
            let output = run(&folder, words);
            assert_eq!(
                output.status.code(),
                Some(code),
                "{words:?}: {}",
                out(&output)
            );
        }
    }
}

#[test]
fn waive_writes_an_entry_that_counts_and_nothing_else() {
    let folder = on_disk(&World::new());
    let waive = |target: &[&str]| {
        let words: Vec<&str> = ["waive"]
            .iter()
            .chain(target)
            .chain(&SAID)
            .copied()
            .collect();
        run(&folder, &words)
    };
    let place = "specs/credit.yaml:data[name=income].retention";
    let output = waive(&["house/retention", place]);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    let text = read(&folder, "launchgate.waivers.yaml");
    assert!(
        text.contains("# specs/credit.yaml:15:16: `income` is kept for P10Y\n- rule: house/retention\n  document: credit\n"),
        "{text}"
    );
    assert!(
        text.contains("\n  granted: 2026-11-22\n  expires: 2026-12-22\n"),
        "{text}"
    );
    assert_eq!(run(&folder, &["check"]).status.code(), Some(0));
    let again = waive(&["house/retention"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        out(&again).contains("waived until 2026-12-22, 30 days left already"),
        "{}",
        out(&again)
    );
    assert_eq!(read(&folder, "launchgate.waivers.yaml"), text);
    let list = run(&folder, &["waivers"]);
    assert!(out(&list).contains("30 days left"), "{}", out(&list));
    let csv = run(&folder, &["waivers", "--output", "csv"]);
    assert_eq!(out(&csv).lines().count(), 2);
}

#[test]
fn waive_takes_the_first_digits_of_a_fingerprint_and_keeps_what_is_there() {
    let before = "# ours\r\n-   rule: house/kpis   # odd\r\n    document: credit\r\n    reason: r r\r\n    owner: a\r\n    approver: b\r\n    expires: 2026-12-01\r\n";
    let folder = on_disk(&World::new().waivers(before));
    let fingerprint = World::new().report().findings[0].fingerprint.to_string();
    for (digits, code) in [(&fingerprint[..7], 2), (&fingerprint[..8], 0)] {
        let words: Vec<&str> = ["waive", digits].iter().chain(&SAID).copied().collect();
        let output = run(&folder, &words);
        assert_eq!(output.status.code(), Some(code), "{}", out(&output));
    }
    let after = read(&folder, "launchgate.waivers.yaml");
    assert!(after.starts_with(before), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    assert_eq!(crate::entries(&after).len(), 2);
}

#[test]
fn waive_refuses_what_would_not_count() {
    let locked = "rules: { house/retention: { locked: true } }\n";
    for (world, changed, told) in [
        (
            World::new(),
            ("ines@bank.example", "cleo@bank.example"),
            "is approved by `cleo@bank.example`, who is its owner, too",
        ),
        (World::new(), ("P30D", "P91D"), "longer than the P90D"),
        (
            World::new(),
            ("The licence: ten years", "TBD"),
            "`--reason` says nothing",
        ),
        (
            World::new(),
            ("cleo@bank.example", "otto@bank.example"),
            "an author of the document",
        ),
        (
            World::new().config(locked),
            ("", ""),
            "is locked and cannot be waived",
        ),
    ] {
        let folder = on_disk(&world);
        let said = SAID.map(|word| if word == changed.0 { changed.1 } else { word });
        let words: Vec<&str> = ["waive", "house/retention"]
            .iter()
            .chain(&said)
            .copied()
            .collect();
        let output = run(&folder, &words);
        assert_eq!(output.status.code(), Some(2), "{}", out(&output));
        assert!(out(&output).contains(told), "{told}: {}", out(&output));
        assert!(
            !folder.path().join("launchgate.waivers.yaml").exists(),
            "{told}"
        );
    }
}

#[test]
fn a_baseline_grows_by_no_accident() {
    let folder = on_disk(&World::new());
    let path = "launchgate.baseline.yaml";
    assert_eq!(run(&folder, &["baseline", "prune"]).status.code(), Some(2));
    let created = run(&folder, &["baseline", "create", "--until", "2027-06-30"]);
    assert_eq!(created.status.code(), Some(0), "{}", out(&created));
    let first = read(&folder, path);
    assert_eq!(run(&folder, &["check"]).status.code(), Some(0));
    assert_eq!(run(&folder, &["baseline", "create"]).status.code(), Some(2));
    let spec = crate::CREDIT.replace("P1Y", "P5Y");
    fs::write(folder.path().join("specs/credit.yaml"), &spec).unwrap();
    assert_eq!(run(&folder, &["check"]).status.code(), Some(1));
    let updated = run(&folder, &["baseline", "update"]);
    assert!(
        out(&updated).contains("1 finding is not in it"),
        "{}",
        out(&updated)
    );
    assert_eq!(read(&folder, path), first);
    let added = run(&folder, &["baseline", "update", "--add"]);
    assert!(
        out(&added).contains("1 finding is frozen"),
        "{}",
        out(&added)
    );
    assert_eq!(run(&folder, &["check"]).status.code(), Some(0));
    fs::write(
        folder.path().join("specs/credit.yaml"),
        spec.replace("P5Y", "P1Y"),
    )
    .unwrap();
    let stale = run(&folder, &["check"]);
    assert!(
        out(&stale).contains("launchgate baseline prune"),
        "{}",
        out(&stale)
    );
    assert_eq!(run(&folder, &["baseline", "prune"]).status.code(), Some(0));
    assert_eq!(read(&folder, path), first);
}

#[test]
fn what_waits_for_a_signature_can_be_written_down() {
    let world = World::new()
        .waivers(WAIVER)
        .config("waivers: { minimum_assurance: ssh }\n");
    let folder = on_disk(&world);
    let output = run(&folder, &["waivers", "--statements"]);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    let entry = &crate::entries(WAIVER)[0];
    let digest = launchgate::waiver::signed::digest(entry).unwrap();
    let statement = launchgate::waiver::signed::statement(entry).unwrap();
    assert_eq!(
        read(&folder, &format!("signoffs/waivers/{digest}.json")),
        statement
    );
}

#[test]
fn no_config_means_no_file_of_waivers() {
    let folder = on_disk(&World::new().waivers("- {}\n"));
    let output = run(&folder, &["check", "--isolated"]);
    assert_ne!(output.status.code(), Some(2), "{}", out(&output));
}

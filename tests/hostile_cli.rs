//! Input that means harm, given to the program as it is run.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A repository with files in it.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
    command
        .current_dir(folder)
        .args(words)
        .args(["--as-of", "2026-11-22"])
        .stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let output = command(folder, words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The pack of these tests: one rule on every element of `data`, one on the owner.
const PACK: &str = "name: house\nversion: 1.0.0\ntitle: House\ndescription: House rules.\n";

fn rule(name: &str, body: &str) -> String {
    format!(
        "rule: house/{name}\ntitle: T\ndescription: D.\nseverity: error\napplies_to: feature-spec\n\
         blocks_from: draft\n{body}\nexamples:\n  - name: p\n    pass: |\n      id: a\n      title: A\n      \
         data: [{{ name: x, personal: false, purpose: p }}]\n  - name: f\n    fail: |\n      id: a\n      \
         title: A\n      data: [{{ name: x, personal: false }}]\n"
    )
}

fn house(body: &str, more: &[(&str, &str)]) -> TempDir {
    let rule = rule("purpose", body);
    let mut files = vec![
        ("launchgate.yaml", "packs: [./house]\n"),
        ("house/pack.yaml", PACK),
        ("house/purpose.yaml", &rule),
    ];
    files.extend_from_slice(more);
    repository(&files)
}

const PURPOSE: &str = "for_each: doc.?data.orValue([])\nrequire:\n  - present: item.purpose\n\
                       message: \"`{item.name}` of {doc.title} has no purpose\"\nhelp: State it.";

/// Whether a terminal, a build runner or a JSON reader would take `text` for more than text.
fn assert_harmless(text: &str, what: &str) {
    let raw = text.chars().find(|&c| {
        let control = c.is_control() && c != '\n';
        let bidi = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}');
        let line = matches!(c, '\u{2028}' | '\u{2029}');
        control || bidi || line
    });
    assert_eq!(raw, None, "{what}: {text}");
    for line in text.lines() {
        let line = line.trim_start();
        assert!(
            !line.starts_with("::") && !line.starts_with("##["),
            "{what}: {line}"
        );
    }
    let verdicts = text.lines().filter(|line| line.starts_with("launchgate: "));
    assert!(verdicts.count() <= 1, "{what}: a forged verdict: {text}");
}

#[test]
fn what_a_document_says_is_never_obeyed() {
    let harm = [
        "\\e[2J\\e[1;1H\\e]0;owned\\a",
        "\\u202E\\u2066gnp.exe\\u2069",
        "x\\n::error::owned\\n##[error]owned",
        "a\\0b\\x7f\\x9b31m",
        "x\\nlaunchgate: PASS  1 document",
        "x\\r\\u2028launchgate: PASS",
    ];
    for harm in harm {
        // Every field is spoilt, the keys and the kind too.
        let spec = format!(
            "kind: feature-spec\nid: \"{harm}\"\ntitle: \"{harm}\"\nstatus: \"{harm}\"\nowner: \"{harm}\"\n\
             \"{harm}\": 1\ndata:\n  - name: \"{harm}\"\n    personal: \"{harm}\"\n    retention: \"{harm}\"\n  \
             - {{ name: \"{harm}\", personal: false }}\n"
        );
        let other = format!("kind: \"{harm}\"\nid: x\n");
        let folder = house(PURPOSE, &[("a.yaml", &spec), ("b.yaml", &other)]);
        for words in [
            &["check"][..],
            &["check", "--verbose"],
            &["check", "--output", "json"],
        ] {
            let (code, stdout, stderr) = run(folder.path(), words);
            assert_eq!(code, 1, "{harm} {words:?}: {stdout}{stderr}");
            assert_harmless(&stdout, harm);
            assert_harmless(&stderr, harm);
        }
    }
}

#[test]
fn raw_bytes_that_are_no_text_are_not_shown() {
    let folder = house(PURPOSE, &[]);
    fs::write(
        folder.path().join("a.yaml"),
        b"kind: feature-spec\nid: \x1b[31m\nname: \xff\xfe\x00\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("b.json"),
        "{\"kind\": \"feature-spec\", \"id\": \"\u{1b}[31m\"",
    )
    .unwrap();
    fs::write(
        folder.path().join("c.md"),
        "---\nkind: feature-spec\n\0: 1\n---\n\u{202E}\n",
    )
    .unwrap();
    for format in ["terminal", "json"] {
        let (code, stdout, stderr) = run(folder.path(), &["check", "--output", format]);
        assert_eq!(code, 1, "{stdout}{stderr}");
        assert_harmless(&stdout, format);
        assert_harmless(&stderr, format);
    }
}

#[test]
fn names_of_files_and_options_are_never_obeyed() {
    let folder = house(
        PURPOSE,
        &[(
            "x\u{1b}[31m\n::error::y.yaml",
            "kind: feature-spec\nid: a\n",
        )],
    );
    for words in [
        &["check"][..],
        &["check", "--output", "json"],
        &["check", "\u{1b}[31m.yaml"],
        &["check", "--config", "\u{202E}x.yaml"],
        &["check", "--output", "json=no\u{1b}/x.json"],
    ] {
        let (code, stdout, stderr) = run(folder.path(), words);
        assert_ne!(code, 0, "{words:?}");
        assert_harmless(&stdout, "names");
        assert_harmless(&stderr, "names");
    }
}

#[test]
fn a_file_over_the_limit_is_not_read_and_does_not_pass() {
    let mut text = String::from("kind: feature-spec\nid: a\ntitle: A\nowner: ");
    text.push_str(&"x".repeat(10 * 1024 * 1024));
    let folder = repository(&[
        ("launchgate.yaml", "limits: { file_bytes: 1048576 }\n"),
        ("big.yaml", &text),
    ]);
    let (code, stdout, _) = run(folder.path(), &["check"]);
    assert_eq!(code, 1, "{stdout}");
    assert!(
        stdout.contains("error[document/limit]: `big.yaml` is larger than 1048576 bytes"),
        "{stdout}"
    );
    assert!(stdout.len() < 4000, "{}", stdout.len());
}

#[test]
fn of_a_hundred_thousand_findings_a_thousand_are_shown_and_all_block() {
    let mut spec = String::from("kind: feature-spec\nid: a\ntitle: A\nstatus: draft\ndata:\n");
    for index in 0..100_000 {
        let _ = writeln!(spec, "- {{name: d{index}, personal: false}}");
    }
    let folder = house(PURPOSE, &[("a.yaml", &spec)]);
    let (code, stdout, _) = run(folder.path(), &["check"]);
    assert_eq!(code, 1);
    let shown = stdout.matches("error[house/purpose]").count();
    assert_eq!(shown, 1000);
    assert!(
        stdout.contains(
            "error[document/limit]: `a.yaml` has more than 1000 findings; 99000 more are not shown"
        ),
        "{}",
        &stdout[stdout.len() - 800..]
    );
    assert!(
        stdout.contains("100000 failed, 0 unknown"),
        "every outcome is counted"
    );
    assert!(stdout.contains("1001 blocking"), "what is left out blocks");
}

#[test]
fn what_is_left_out_blocks_no_earlier_than_it_would_have() {
    let rule = rule("purpose", PURPOSE).replace("blocks_from: draft", "blocks_from: approved");
    let mut spec = String::from("kind: feature-spec\nid: a\ntitle: A\nstatus: draft\ndata:\n");
    for index in 0..1200 {
        let _ = writeln!(spec, "- {{name: d{index}, personal: false}}");
    }
    let folder = repository(&[
        ("launchgate.yaml", "packs: [./house]\n"),
        ("house/pack.yaml", PACK),
        ("house/purpose.yaml", &rule),
        ("a.yaml", &spec),
    ]);
    let (code, stdout, _) = run(folder.path(), &["check", "--quiet"]);
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.contains("0 blocking, 1001 later"), "{stdout}");
    let (code, stdout, _) = run(folder.path(), &["check", "--quiet", "--stage", "launched"]);
    assert_eq!(code, 1, "{stdout}");
}

#[test]
fn a_shape_that_is_wrong_everywhere_is_limited_as_well() {
    let mut spec = String::from("kind: feature-spec\nid: a\ntitle: A\nstatus: draft\ndata:\n");
    for index in 0..20_000 {
        let _ = writeln!(spec, "- {{name: d{index}, personal: false, purpos: x}}");
    }
    let folder = house(PURPOSE, &[("a.yaml", &spec)]);
    let (code, stdout, _) = run(folder.path(), &["check"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("error[document/limit]"));
    let shown = stdout
        .lines()
        .filter(|line| line.starts_with("error["))
        .count();
    assert_eq!(shown, 1001);
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let mut spec = String::from("kind: feature-spec\nid: a\ntitle: A\nstatus: draft\ndata:\n");
    for index in 0..900 {
        let _ = writeln!(spec, "- {{name: d{index}, personal: false}}");
    }
    let folder = house(PURPOSE, &[("a.yaml", &spec)]);
    for words in [&["check"][..], &["check", "--output", "json"]] {
        let mut child = command(folder.path(), words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // As `head -1` does: a little is read, then the pipe is closed.
        let mut first = [0; 16];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut first).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
}

#[test]
fn an_expression_that_costs_too_much_is_undecided_and_blocks() {
    let body = [
        "require:",
        "  - doc.data.all(a, doc.data.all(b, doc.data.all(c, a.name + b.name + c.name != '')))",
        "  - present: doc.data[0].purpose",
        "help: Wait.",
    ]
    .join("\n");
    let mut spec = String::from("kind: feature-spec\nid: a\ntitle: A\nstatus: draft\ndata:\n");
    for index in 0..2000 {
        let _ = writeln!(spec, "- {{name: d{index}, personal: false, purpose: p}}");
    }
    let folder = house(&body, &[("a.yaml", &spec)]);
    let (code, stdout, stderr) = run(folder.path(), &["check"]);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(
        stdout.contains("error[house/purpose] (could not be decided)"),
        "{stdout}"
    );
    assert!(stdout.contains("0 failed, 1 unknown"), "{stdout}");
    assert!(!stdout.contains("not hold"), "nothing is blamed: {stdout}");
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    use std::os::unix::fs::symlink;
    let folder = house(
        PURPOSE,
        &[(
            "docs/a.yaml",
            "kind: feature-spec\nid: a\ntitle: A\nstatus: draft\ndata: []\n",
        )],
    );
    let at = |path: &str| folder.path().join(path);
    symlink(".", at("docs/here")).unwrap();
    symlink("..", at("docs/up")).unwrap();
    symlink("y.yaml", at("docs/x.yaml")).unwrap();
    symlink("x.yaml", at("docs/y.yaml")).unwrap();
    let (code, stdout, stderr) = run(folder.path(), &["check", "docs"]);
    // A link that leads nowhere might have been a document.
    assert_eq!(code, 2, "{stdout}{stderr}");
    assert!(stdout.contains("input/unreadable"), "{stdout}");
    assert!(
        stdout.contains("1 document,"),
        "each document once: {stdout}"
    );
    fs::remove_file(at("docs/x.yaml")).unwrap();
    fs::remove_file(at("docs/y.yaml")).unwrap();
    let (code, stdout, stderr) = run(folder.path(), &["check", "docs"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_no_pass() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = house(PURPOSE, &[("locked/a.yaml", "kind: feature-spec\nid: a\n")]);
    let locked = folder.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads everything, and there is nothing to see then.
    if fs::read_dir(&locked).is_err() {
        let (code, stdout, stderr) = run(folder.path(), &["check"]);
        assert_eq!(code, 2, "{stdout}{stderr}");
        assert!(stdout.contains("input/unreadable"), "{stdout}");
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
}

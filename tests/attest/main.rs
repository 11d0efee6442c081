//! Attestations: what passes can be attested, and nothing else counts for it.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../common/tools.rs"]
mod tools;

mod cases;
mod tooling;
mod world;

use rayon::prelude::*;
use serde_json::json;

use cases::CASES;
use world::{GATE, NAMESPACE, World, key};

#[test]
fn what_passes_is_attested_as_in_toto_has_it() {
    let world = World::new();
    let said = world.attest(&[]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(
        said.text.contains("attested, unsigned in a.json: 2 files"),
        "{}",
        said.text
    );
    let envelope = world.envelope();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    assert_eq!(envelope["signatures"], json!([]));
    let statement = world.statement();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(
        statement["predicateType"],
        "https://in-toto.io/attestation/svr/v0.2"
    );
    let names: Vec<_> = statement["subject"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["name"])
        .collect();
    assert_eq!(names, ["specs/credit.yaml", "specs/scan.sarif"]);
    // `printf '{}\n' | sha256sum`, `printf '{}\n' | git hash-object --stdin`
    assert_eq!(
        statement["subject"][1]["digest"],
        json!({
            "sha256": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
            "gitBlob": "0967ef424bce6791893e9a57bb952f80fd536e93",
        })
    );
    let predicate = &statement["predicate"];
    assert_eq!(predicate["timeCreated"], "2026-11-22T00:00:00Z");
    assert_eq!(predicate["verifier"]["id"], "urn:x-launchgate:gate:v1");
    let policies = predicate["verifier"]["policies"].as_array().unwrap();
    let names: Vec<_> = policies.iter().map(|policy| &policy["name"]).collect();
    assert_eq!(
        names,
        [
            "launchgate.yaml",
            "rules",
            "trust/revoked.yaml",
            "trust/signers"
        ]
    );
    assert_eq!(
        predicate["properties"],
        json!([
            "LAUNCHGATE_VERDICT_PASS",
            "LAUNCHGATE_STAGE_DRAFT",
            "LAUNCHGATE_STAGE_IN_REVIEW",
            "LAUNCHGATE_STAGE_APPROVED",
            "LAUNCHGATE_NO_WARNINGS",
            "LAUNCHGATE_NO_WAIVERS",
        ])
    );
}

#[test]
fn a_stage_that_is_asked_for_is_attested() {
    let world = World::new();
    assert_eq!(world.attest(&["--stage", "launched"]).code, 0);
    let properties = world.statement()["predicate"]["properties"].to_string();
    assert!(
        properties.contains("LAUNCHGATE_STAGE_LAUNCHED"),
        "{properties}"
    );
}

#[test]
fn a_warning_is_no_claim() {
    let world = World::new();
    world.edit("acme/titled.yaml", "severity: error", "severity: warning");
    world.edit("specs/credit.yaml", "title: Credit", "title: Bad");
    let said = world.attest(&[]);
    assert_eq!(said.code, 0, "{}", said.text);
    let properties = world.statement()["predicate"]["properties"].to_string();
    assert!(!properties.contains("NO_WARNINGS"), "{properties}");
}

/// What somebody let pass is no claim that nothing was, and the file that lets it pass is bound.
#[test]
fn what_lets_a_finding_pass_is_attested_and_compared() {
    type Lets = (&'static str, &'static str, &'static str);
    let waiver = "\
- rule: acme/titled
  document: credit
  key: title
  reason: The title is a trade mark
  owner: ines@bank.example
  approver: cleo@bank.example
  granted: 2026-11-01
  expires: 2027-01-20
";
    let lets: [Lets; 2] = [
        ("launchgate.waivers.yaml", "2027-01-20", "2027-01-21"),
        ("launchgate.baseline.yaml", "acme/titled", "acme/titles"),
    ];
    for (file, from, to) in lets {
        let world = World::new();
        world.edit("specs/credit.yaml", "title: Credit", "title: Bad");
        assert_eq!(world.attest(&[]).code, 1, "{file}");
        if file == "launchgate.waivers.yaml" {
            world.write(file, waiver);
        } else {
            let made = world.run(&["baseline", "create", "--as-of", "2026-11-22"]);
            assert_eq!(made.code, 0, "{}", made.text);
        }
        let said = world.attest(&[]);
        assert_eq!(said.code, 0, "{file}: {}", said.text);
        assert!(!said.text.contains("NO_WAIVERS"), "{}", said.text);
        world.sign(&world.payload(), &key(1), NAMESPACE);
        assert_eq!(world.verify(&[]).code, 0, "{file}");
        let said = world.verify(&["--require", "LAUNCHGATE_NO_WAIVERS"]);
        assert_eq!(said.code, 1, "{file}: {}", said.text);
        world.edit(file, from, to);
        let said = world.verify(&[]);
        assert_eq!(said.code, 1, "{file}: {}", said.text);
        let other = format!("with `{file}` in another version");
        assert!(said.text.contains(&other), "{}", said.text);
    }
}

#[test]
fn what_does_not_pass_is_not_attested() {
    type Fails = (
        &'static str,
        fn(&World),
        &'static [&'static str],
        i32,
        &'static str,
    );
    let fails: [Fails; 7] = [
        (
            "a failure",
            |w| w.edit("specs/credit.yaml", "title: Credit", "title: Bad"),
            &[],
            1,
            "the gate failed",
        ),
        (
            "a broken rule",
            |w| w.edit("acme/titled.yaml", "doc.title", "titel"),
            &[],
            2,
            "nothing may be concluded",
        ),
        (
            "no document",
            |w| std::fs::remove_file(w.path("specs/credit.yaml")).unwrap(),
            &[],
            3,
            "nothing was checked",
        ),
        (
            "a path that is not there",
            |_| {},
            &["specs/loan.yaml"],
            2,
            "input/not-found",
        ),
        ("standard input", |_| {}, &["-"], 2, "cannot be attested"),
        (
            "a folder that is not there",
            |_| {},
            &["--output", "x/a.json"],
            2,
            "cannot be used multiple times",
        ),
        (
            "both ways",
            |_| {},
            &["--key", "k"],
            2,
            "cannot be used with",
        ),
    ];
    for (name, happens, words, code, said) in fails {
        let world = World::new();
        happens(&world);
        let told = world.attest(words);
        assert_eq!(told.code, code, "{name}: {}", told.text);
        assert!(told.text.contains(said), "{name}: {}", told.text);
        assert!(!world.path("a.json").exists(), "{name}");
    }
}

#[test]
fn without_openssh_nothing_is_signed_and_that_is_said() {
    let world = World::new();
    let said = world.run(&["attest", "create", "--key", "k", "--output", "a.json"]);
    assert_eq!(said.code, 2);
    assert!(
        said.text.contains("`ssh-keygen` is not there"),
        "{}",
        said.text
    );
    assert!(!world.path("a.json").exists());
}

#[test]
fn an_unsigned_one_is_never_good() {
    let world = World::new();
    world.attest(&[]);
    let said = world.verify(&[]);
    assert_eq!(said.code, 1);
    assert!(said.text.contains("nobody has signed it"), "{}", said.text);
}

/// Whatever happens, OpenSSH is not there.
#[test]
fn only_what_was_attested_is_good() {
    let wrong: Vec<String> = CASES
        .par_iter()
        .filter_map(|case| {
            let world = World::new();
            assert_eq!(world.attest(&[]).code, 0);
            world.sign(&world.payload(), &key(1), NAMESPACE);
            (case.happens)(&world);
            let said = world.verify(case.words);
            let is_so = said.code == case.code && said.text.contains(case.said);
            (!is_so).then(|| format!("{} ({}): {}", case.name, said.code, said.text))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        CASES.len(),
        wrong.join("\n")
    );
}

#[test]
fn somebody_must_be_named() {
    let world = World::new();
    world.attest(&[]);
    let said = world.run(&["attest", "verify", "a.json"]);
    assert_eq!(said.code, 2, "{}", said.text);
    let said = world.run(&["attest", "verify", "a.json", "--signer", GATE]);
    assert_eq!(said.code, 1, "{}", said.text);
}

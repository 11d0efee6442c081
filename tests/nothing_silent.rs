//! What must never end in a silent pass: broken files that were documents, kinds without rules,
//! rules that are off, stages that hide each other.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use launchgate::finding::{Report, Severity, Stage, Verdict};
use launchgate::render::json;

use gate::{ROOT, check_with, memory, options};

const GOOD: &str = "kind: feature-spec\nid: good\ntitle: Good\nowner: a@example.com\nstatus: draft\nrisk_tier: minimal\n";

fn check(files: &[(&str, &str)]) -> Report {
    let mut options = options();
    options.outcomes = true;
    let report = check_with(&memory(files.iter().copied()), ROOT.into(), &options);
    valid(&report);
    report
}

/// Holds the JSON of a report against its published schema.
fn valid(report: &Report) {
    let schema = include_str!("../schemas/report.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    let report = serde_json::from_str(&json::render(report)).unwrap();
    if let Err(error) = jsonschema::validate(&schema, &report) {
        panic!("{error} at {}", error.instance_path());
    }
}

fn noticed(report: &Report, words: &str) -> bool {
    report.notices.iter().any(|notice| notice.contains(words))
}

#[test]
fn a_broken_file_that_was_a_document_fails() {
    assert_eq!(check(&[("good.yaml", GOOD)]).verdict, Verdict::Pass);
    for (path, text) in [
        // Broken behind its kind, and before it.
        ("bad.yaml", "kind: feature-spec\nid: [\n"),
        (
            "bad.yaml",
            "title: \"open\nkind: feature-spec # the spec\nid: x\n",
        ),
        ("bad.yaml", "title: \"open\n'kind' : \"feature-spec\"\n"),
        ("bad.yaml", "a: b: c\n{kind: feature-spec, id: x}\n"),
        // Misspelt as well.
        ("bad.yaml", "title: \"open\nkind: feature-specs\n"),
        ("bad.json", r#"{"id": "x" "kind": "model-card"}"#),
        ("bad.json", r#"[{"kind":"model-card"}"#),
        ("bad.toml", "id = [\nkind = \"model-card\"\n"),
        (
            "bad.md",
            "---\ntitle: \"open\nkind: feature-spec\n---\n# T\n",
        ),
        // A format's file of which nothing can be read.
        ("README.md", "---\nlibrary_name: \"open\n---\n# T\n"),
        // Whole, but no document that would be read.
        ("list.yaml", "- kind: feature-spec\n  id: x\n"),
        ("list.json", r#"[{"kind": "model-card", "id": "x"}]"#),
        ("bad.yaml", "kind: feature-spec\nid: \u{1}\n"),
    ] {
        let report = check(&[("good.yaml", GOOD), (path, text)]);
        assert_eq!(report.verdict, Verdict::Fail, "{text}");
        let of_file = report.findings.iter().any(|finding| {
            let file = report.sources.file(finding.primary.location).unwrap();
            finding.blocking && file.path() == path
        });
        assert!(of_file, "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_read_and_was_none_of_ours_is_named_with_the_reason() {
    let broken = ("chart.yaml", "a: {{ .Values.a }}\nb: [\n");
    let report = check(&[("good.yaml", GOOD), broken]);
    assert_eq!(report.verdict, Verdict::Pass);
    assert!(
        noticed(
            &report,
            "1 file cannot be read and was taken for no document: chart.yaml:"
        ),
        "{:?}",
        report.notices
    );
    let report = check(&[
        ("good.yaml", GOOD),
        ("a.yaml", "a: 1\n"),
        ("b.yaml", "b: 1\n"),
    ]);
    assert!(
        noticed(
            &report,
            "2 files are no documents and were not checked: a.yaml, b.yaml"
        ),
        "{:?}",
        report.notices
    );
    // Nothing else is there: then nothing was checked.
    assert_eq!(check(&[broken]).verdict, Verdict::NothingChecked);
}

#[test]
fn a_documents_stage_is_its_own() {
    let launched = "kind: feature-spec\nid: same\ntitle: T\nstatus: launched\n";
    let draft = "kind: model-card\nid: same\ntitle: T\nstatus: draft\n";
    let alone = check(&[("a.yaml", launched)]);
    assert_eq!(alone.verdict, Verdict::Fail);
    for text in [
        format!("{launched}---\n{draft}"),
        format!("{draft}---\n{launched}"),
    ] {
        let report = check(&[("a.yaml", &text)]);
        let blocking = report.findings.iter().filter(|finding| finding.blocking);
        let of_spec =
            blocking.filter(|finding| &*finding.document.as_ref().unwrap().kind == "feature-spec");
        assert_eq!(of_spec.count(), alone.summary.blocking);
    }
    // Two that cannot be told apart are both as far along as either.
    let twins = format!("{launched}---\n{}", launched.replace("launched", "draft"));
    assert!(check(&[("a.yaml", &twins)]).summary.blocking > 2 * alone.summary.blocking);
    // One that says no stage, or none that there is, is taken to be launched.
    for status in ["", "status: lunched\n", "status: 3\n", "status:\n"] {
        let text = launched.replace("status: launched\n", status);
        let report = check(&[("a.yaml", &text)]);
        assert_eq!(report.verdict, Verdict::Fail, "{status}");
    }
}

#[test]
fn a_stage_that_is_asked_for_and_is_behind_the_documents_is_said() {
    let mut options = options();
    options.stage = Some(Stage::Draft);
    let launched = GOOD.replace("draft", "launched");
    let report = check_with(
        &memory([("a.yaml", launched.as_str())]),
        ROOT.into(),
        &options,
    );
    assert!(
        noticed(
            &report,
            "held against `draft`, though further along by its own account: a.yaml"
        ),
        "{:?}",
        report.notices
    );
    let report = check_with(&memory([("a.yaml", GOOD)]), ROOT.into(), &options);
    assert!(!noticed(&report, "further along"), "{:?}", report.notices);
}

#[test]
fn a_kind_of_which_no_rule_speaks_is_named() {
    let config = "kinds:\n  note:\n    schema: note.json\n";
    let note = ("note.json", r#"{ "type": "object" }"#);
    let files = [
        ("launchgate.yaml", config),
        note,
        ("a.yaml", "kind: note\nid: a\n"),
    ];
    // Nothing else: no rule matched.
    let report = check(&files);
    assert_eq!(report.verdict, Verdict::NothingChecked);
    let with_good = [files.as_slice(), &[("good.yaml", GOOD)]].concat();
    let report = check(&with_good);
    assert_eq!(report.verdict, Verdict::Pass);
    assert!(
        noticed(
            &report,
            "no rule speaks of `note`: its 1 document was held to the schema alone"
        ),
        "{:?}",
        report.notices
    );
}

#[test]
fn a_rule_that_is_off_for_some_paths_is_named_and_part_of_the_digest() {
    let config = |rules: &str| {
        format!("overrides:\n  - paths: old/**\n    rules:\n      core/owner-named: {rules}\n")
    };
    let off = config("{ off: true, reason: Nobody is left }");
    let report = check(&[
        ("launchgate.yaml", &off),
        ("old/a.yaml", GOOD),
        ("b.yaml", GOOD),
    ]);
    assert!(
        noticed(
            &report,
            "core/owner-named is turned off for old/**: Nobody is left"
        ),
        "{:?}",
        report.notices
    );
    let plain = check(&[("old/a.yaml", GOOD)]);
    let milder = check(&[("launchgate.yaml", &config("note")), ("old/a.yaml", GOOD)]);
    assert_ne!(report.policy_digest, plain.policy_digest);
    assert_ne!(report.policy_digest, milder.policy_digest);
    assert_ne!(plain.policy_digest, milder.policy_digest);
}

#[test]
fn a_schema_that_cannot_be_used_stands_with_its_place() {
    let config = "kinds:\n  note:\n    schema: note.yaml\n";
    for (schema, rule, path, line) in [
        (
            "type: object\nproperties:\n  a: { type: strin }\n",
            "config/schema",
            "note.yaml",
            3,
        ),
        (
            "type: object\n---\ntype: object\n",
            "config/schema",
            "note.yaml",
            3,
        ),
        (
            "type: object\ntype: array\n",
            "config/schema",
            "note.yaml",
            2,
        ),
        ("type: [\n", "config/schema", "note.yaml", 1),
        ("", "config/schema", "note.yaml", 1),
    ] {
        let files = memory([
            ("launchgate.yaml", config),
            ("note.yaml", schema),
            ("good.yaml", GOOD),
        ]);
        let refusal = gate::try_check(&files, ROOT.into(), &options()).unwrap_err();
        let finding = refusal.findings.first().unwrap();
        let file = refusal.sources.file(finding.primary.location).unwrap();
        let place = file.line_column(finding.primary.location.span.start);
        assert_eq!(
            (finding.rule.as_str(), file.path().as_str(), place.line),
            (rule, path, line),
            "{schema}"
        );
    }
}

#[test]
fn a_report_says_who_owns_a_document_and_what_each_rule_is_about() {
    let config = "\
rules:
  core/owner-named: { off: true, reason: Not everywhere }
  core/risk-tier-agrees: warning
overrides:
  - paths: old/**
    rules:
      core/owner-named: error
      core/risk-tier-agrees: error
";
    let nameless = "kind: feature-spec\nid: n\ntitle: ' '\nowner: [a]\n";
    let report = check(&[
        ("launchgate.yaml", config),
        ("good.yaml", GOOD),
        ("old/nameless.yaml", nameless),
        (
            "old/broken.yaml",
            "kind: feature-spec\ntitle: Broken\nx: [\n",
        ),
    ]);
    let named: Vec<_> = report
        .outcomes
        .iter()
        .map(|of| (&*of.document.path, of.title.as_deref(), of.owner.as_deref()))
        .collect();
    assert_eq!(
        named,
        [
            ("good.yaml", Some("Good"), Some("a@example.com")),
            ("old/broken.yaml", Some("Broken"), None),
            ("old/nameless.yaml", None, None),
        ]
    );
    // A rule that only some paths are held to is described, too; what holds elsewhere goes first.
    let severity = |rule: &str| report.rules.get(&rule.into()).map(|info| info.severity);
    assert_eq!(severity("core/owner-named"), Some(Severity::Error));
    assert_eq!(severity("core/risk-tier-agrees"), Some(Severity::Warning));
    for rules in &report.outcomes {
        for rule in &rules.rules {
            assert!(report.rules.contains_key(&rule.rule), "{}", rule.rule);
        }
    }
}

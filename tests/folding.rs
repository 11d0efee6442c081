//! A schema finding that says already why a rule does not hold speaks for it; only then, and
//! never more mildly than the rule would have.
#![expect(clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "common/gate.rs"]
mod gate;

use launchgate::finding::{Finding, Report, Severity};

use gate::{ROOT, check_with, memory, options};

/// Checks a document of the kind `note`, which needs `owner` and knows `reader`, `count` and
/// `items`, by one rule.
fn check(rule: &str, document: &str) -> Report {
    check_from(rule, document, Severity::Error)
}

fn check_from(rule: &str, document: &str, fail_on: Severity) -> Report {
    let schema = r#"{
        "type": "object", "required": ["owner"], "additionalProperties": false,
        "properties": {
            "kind": true, "id": { "type": "string" }, "status": { "type": "string" },
            "owner": { "type": "string" }, "reader": { "type": "string" }, "leader": { "type": "string" },
            "count": { "type": "integer" }, "card": { "type": "string" },
            "items": { "type": "array", "items": {
                "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } } }
        }
    }"#;
    let config = "packs: [./acme]\nkinds:\n  note:\n    schema: note.json\n    stage: status\n";
    let head = "rule: acme/rule\ntitle: T\ndescription: D.\napplies_to: note\n";
    let files = memory([
        ("launchgate.yaml", config.to_owned()),
        ("note.json", schema.to_owned()),
        (
            "acme/pack.yaml",
            "name: acme\nversion: 1.0.0\ntitle: T\n".to_owned(),
        ),
        ("acme/rule.yaml", format!("{head}{rule}")),
        ("a.yaml", format!("kind: note\nid: a\n{document}")),
    ]);
    let mut options = options();
    options.fail_on = Some(fail_on);
    check_with(&files, ROOT.into(), &options)
}

/// Each finding as "rule", or "rule <- folded rules", with `!` before what blocks.
fn said(report: &Report) -> Vec<String> {
    let said = report.findings.iter().map(|finding: &Finding| {
        let folded: Vec<_> = finding.folded.iter().map(ToString::to_string).collect();
        let arrow = if folded.is_empty() { "" } else { " <- " };
        let blocks = if finding.blocking { "!" } else { "" };
        format!("{blocks}{}{arrow}{}", finding.rule, folded.join(", "))
    });
    let mut said: Vec<String> = said.collect();
    said.sort();
    said
}

const OWNER: &str = "severity: error\nrequire:\n  - present: doc.owner\n";

#[test]
fn a_missing_key_speaks_for_the_rules_that_want_it() {
    let report = check(OWNER, "status: launched\n");
    assert_eq!(said(&report), ["!schema/missing-key <- acme/rule"]);
    // It is counted as what it is, not as what is shown.
    assert_eq!((report.summary.fail, report.summary.blocking), (1, 1));
    let report = check(OWNER, "status: launched\nowner: 3\nreader: x\n");
    assert_eq!(said(&report), ["!schema/type"]);
    let report = check(
        "severity: error\nrequire:\n  - doc.count > 3\n",
        "owner: a\ncount: many\n",
    );
    assert_eq!(said(&report), ["!schema/type <- acme/rule"]);
}

#[test]
fn what_else_a_rule_says_is_not_swallowed() {
    for rule in [
        // Another requirement that fails for certain, before or behind.
        "require:\n  - present: doc.owner\n  - doc.count > 3\n",
        "require:\n  - doc.count > 3\n  - present: doc.owner\n",
        "require:\n  - doc.?count.orValue(0) > 3\n  - doc.owner != ''\n",
        // Another one that is absent, and that no schema finding is about.
        "require:\n  - present: doc.owner\n  - present: doc.reader\n",
        // A reference that leads nowhere.
        "require:\n  - present: doc.owner\n  - ref(doc.card).id != ''\n",
        "require:\n  - ref('gone').id == doc.owner\n",
    ] {
        let report = check(
            &format!("severity: error\n{rule}"),
            "status: launched\ncount: 1\ncard: gone\n",
        );
        assert_eq!(
            said(&report),
            ["!acme/rule", "!schema/missing-key"],
            "{rule}"
        );
    }
}

#[test]
fn elements_that_are_not_shown_are_not_swallowed() {
    let rule = "severity: error\nrequire:\n  - doc.items.all(e, e.name != 'x' && e.size > 1)\n";
    let nameless = "{ size: 2 }, ";
    let few = format!("owner: a\nitems: [{nameless}]\n");
    assert_eq!(
        said(&check(rule, &few)),
        ["!schema/missing-key <- acme/rule"]
    );
    // The last one lacks what no schema finding is about, and stands behind more than are shown.
    let many = format!("owner: a\nitems: [{}{{ name: a }}]\n", nameless.repeat(30));
    let said = said(&check(rule, &many));
    assert!(said.contains(&"!acme/rule".to_owned()), "{said:?}");
}

#[test]
fn a_misspelt_key_speaks_for_the_key_that_it_suggests_and_no_other() {
    let rule = |key: &str| format!("severity: error\nrequire:\n  - present: doc.{key}\n");
    let document = "status: launched\nowner: a\nreadr: x\n";
    assert_eq!(
        said(&check(&rule("reader"), document)),
        ["!schema/unknown-key <- acme/rule"]
    );
    // `leader` is near as well, but it is not what was meant.
    assert_eq!(
        said(&check(&rule("leader"), document)),
        ["!acme/rule", "!schema/unknown-key"]
    );
    // What is meant is there already, and empty.
    let both = "status: launched\nowner: a\nreadr: x\nreader: ''\n";
    let report = check(&rule("reader"), both);
    assert!(
        said(&report).contains(&"!acme/rule".to_owned()),
        "{:?}",
        said(&report)
    );
}

#[test]
fn what_is_folded_blocks_as_early_and_as_severely_as_before() {
    let rule = |severity: &str, from: &str| {
        format!("severity: {severity}\nblocks_from: {from}\nrequire:\n  - present: doc.owner\n")
    };
    // A missing key blocks from in-review; a rule may want it earlier.
    for (severity, from, fail_on, wanted) in [
        (
            "error",
            "draft",
            Severity::Error,
            &["!schema/missing-key <- acme/rule"][..],
        ),
        (
            "error",
            "in-review",
            Severity::Error,
            &["schema/missing-key <- acme/rule"],
        ),
        (
            "error",
            "launched",
            Severity::Error,
            &["schema/missing-key <- acme/rule"],
        ),
        // A warning makes no error block earlier, and is not lost where warnings fail the gate.
        (
            "warning",
            "draft",
            Severity::Warning,
            &["!acme/rule", "schema/missing-key"],
        ),
        (
            "warning",
            "draft",
            Severity::Error,
            &["acme/rule", "schema/missing-key"],
        ),
        (
            "warning",
            "in-review",
            Severity::Warning,
            &["schema/missing-key <- acme/rule"],
        ),
    ] {
        let report = check_from(&rule(severity, from), "status: draft\n", fail_on);
        assert_eq!(said(&report), wanted, "{severity} from {from}");
    }
}

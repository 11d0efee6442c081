use super::*;
use crate::finding::{Outcome, OutcomeRow};
use crate::render::fixture::{
    card, claim, document, file, on, outcomes, report, retention, rule, sign_off, spec, threshold,
    unread_claim,
};
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../../schemas/report.schema.json");

/// Holds a rendered report against the published schema.
pub(in crate::render) fn assert_valid(value: &Value) {
    thread_local! {
        static VALIDATOR: jsonschema::Validator = {
            let schema = serde_json::from_str(SCHEMA).unwrap();
            jsonschema::meta::validate(&schema).unwrap();
            jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
        };
    }
    VALIDATOR.with(|validator| {
        if let Some(error) = validator.iter_errors(value).next() {
            panic!("{} at {}", error, error.instance_path());
        }
    });
}

fn rendered(report: &Report) -> Value {
    let text = render(report);
    assert!(text.ends_with("}\n"));
    let value = serde_json::from_str(&text).unwrap();
    assert_valid(&value);
    value
}

#[test]
fn a_finding_has_the_keys_and_the_order_of_the_format() {
    let report = report(vec![retention()], &[spec(), rule()]);
    let value = rendered(&report);
    let keys: Vec<_> = value.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "schema",
            "as_of",
            "stage",
            "fail_on",
            "policy_digest",
            "summary",
            "documents",
            "findings",
            "outcomes",
            "rules",
            "controls",
            "fairness",
            "waivers",
            "notices"
        ]
    );
    let finding = &value["findings"][0];
    let expected = json!({
        "rule": "privacy/retention-limit",
        "severity": "error",
        "outcome": "fail",
        "blocking": true,
        "blocks_from": "in-review",
        "message": "`income` is kept for P10Y; the limit is P2Y",
        "help": "Shorten the retention, or record a waiver with counsel's approval.",
        "notes": [],
        "controls": ["gdpr:5(1)(e)"],
        "fingerprint": "",
        "waiver": null,
        "baseline": null,
        "existing": null,
        "document": { "kind": "feature-spec", "id": "instant-credit", "path": "specs/credit.yaml" },
        "location": {
            "path": "specs/credit.yaml",
            "pointer": "/data/0/retention", "key": "",
            "start": { "line": 7, "column": 16, "byte": 113 },
            "end": { "line": 7, "column": 20, "byte": 117 }
        },
        "labels": [{
            "path": "specs/credit.yaml",
            "start": { "line": 7, "column": 16, "byte": 113 },
            "end": { "line": 7, "column": 20, "byte": 117 },
            "text": "`retention` is P10Y"
        }],
        "policy": {
            "path": "policies/privacy/retention-limit.yaml",
            "start": { "line": 4, "column": 5, "byte": 71 },
            "end": { "line": 4, "column": 47, "byte": 113 },
            "text": ""
        },
        "fixes": []
    });
    assert_eq!(
        serde_json::to_string_pretty(finding).unwrap(),
        serde_json::to_string_pretty(&expected).unwrap()
    );
}

#[test]
fn fairness_claims_and_sign_offs_are_there_with_what_is_not_known() {
    let mut report = report(Vec::new(), &[]);
    let mut of_card = outcomes(claim().document, &[]);
    of_card.sign_offs = vec![sign_off("security", "stated")];
    report.outcomes = vec![of_card];
    report.fairness = vec![claim(), unread_claim()];
    let value = rendered(&report);
    assert_eq!(
        value["documents"][0]["sign_offs"],
        json!([{
            "role": "security",
            "principal": "n.okafor@bank.example",
            "decision": "approved-with-conditions",
            "stage": "launched",
            "conditions": "SEC-430 is fixed",
            "signed_on": "2026-09-08",
            "expires": "2027-09-08",
            "verdict": "stated",
            "reason": null
        }])
    );
    let claim = &value["fairness"][0];
    assert_eq!(claim["document"]["id"], "score");
    assert_eq!(
        claim["interval"],
        json!({ "lower": 0.66, "upper": 0.78, "level": 0.95 })
    );
    let groups = &claim["rates"][0]["groups"];
    assert_eq!(groups[0]["group"], json!([null]));
    assert_eq!(groups[1]["numerator"], 201);
    assert_eq!(
        groups[3],
        json!({
            "group": ["other"], "n": 0, "numerator": 0, "denominator": 0, "value": null,
            "interval": null, "sufficient": false
        })
    );
    let unread = &value["fairness"][1];
    assert_eq!(unread["status"], "unreadable");
    for key in ["claimed", "value", "interval", "min", "max"] {
        assert!(unread[key].is_null(), "{key}");
    }
    assert_eq!(
        unread["evidence"],
        json!({ "path": "evidence/predictions.csv", "sha256": null, "rows": null })
    );
}

#[test]
fn a_number_that_is_none_is_null() {
    let mut check = claim();
    check.value = Some(f64::NAN);
    check.tolerance = f64::INFINITY;
    let mut report = report(Vec::new(), &[]);
    report.fairness = vec![check];
    let value = rendered(&report);
    assert!(value["fairness"][0]["value"].is_null());
    assert!(value["fairness"][0]["tolerance"].is_null());
}

#[test]
fn a_rule_says_what_it_is_about() {
    let mut report = report(Vec::new(), &[]);
    let about = crate::finding::RuleInfo {
        title: "Somebody answers for it".into(),
        description: "Questions need one person to go to.".into(),
        help: None,
        severity: crate::finding::Severity::Warning,
        controls: ["gdpr:5(1)(e)".into()].into(),
    };
    report.rules = [("core/owner".into(), about)].into();
    let value = rendered(&report);
    assert_eq!(
        value["rules"],
        json!({
            "core/owner": {
                "title": "Somebody answers for it",
                "description": "Questions need one person to go to.",
                "help": null,
                "severity": "warning",
                "controls": ["gdpr:5(1)(e)"]
            }
        })
    );
}

#[test]
fn outcomes_are_rows_and_documents_have_their_stage() {
    let mut report = report(Vec::new(), &[]);
    report.outcomes = vec![outcomes(
        document("model-card", "score", "cards/score.yaml"),
        &[
            ("core/owner", Outcome::Pass),
            ("fairness/threshold", Outcome::NotApplicable),
        ],
    )];
    report.outcomes[0].rules[1].rows[0] = OutcomeRow {
        item: Some("/fairness/assessments/0".into()),
        outcome: Outcome::Unknown,
        trace: None,
    };
    let value = rendered(&report);
    assert_eq!(
        value["outcomes"],
        json!([
            { "rule": "core/owner", "document": "score", "path": "cards/score.yaml", "item": null, "outcome": "pass" },
            { "rule": "fairness/threshold", "document": "score", "path": "cards/score.yaml",
              "item": "/fairness/assessments/0", "outcome": "unknown" },
        ])
    );
    assert_eq!(
        value["documents"],
        json!([{ "kind": "model-card", "id": "score", "path": "cards/score.yaml", "stage": "in-review", "sign_offs": [] }])
    );
}

#[test]
fn every_verdict_is_named_as_the_schema_names_it() {
    use crate::finding::Verdict::{Error, Fail, NothingChecked, Pass};
    let mut report = report(Vec::new(), &[]);
    for verdict in [Pass, Fail, Error, NothingChecked] {
        report.verdict = verdict;
        rendered(&report);
    }
    report.policy_digest.clear();
    rendered(&report);
}

#[test]
fn a_place_that_is_not_at_hand_has_a_path_at_most() {
    let mut finding = threshold();
    finding.document = Some(document("model-card", "score", "cards/score.yaml"));
    finding.policy = Some(on(&rule(), "rule", "x"));
    let value = rendered(&report(vec![finding], &[]));
    let finding = &value["findings"][0];
    assert_eq!(
        finding["location"],
        json!({ "path": "cards/score.yaml", "pointer": "/fairness/assessments/0", "key": "" })
    );
    assert_eq!(
        finding["labels"][1],
        json!({ "path": null, "text": "`threshold.min` is 0.8" })
    );
    assert_eq!(finding["policy"], json!({ "path": null, "text": "x" }));
}

#[test]
fn characters_count_and_unsafe_ones_are_escaped() {
    let source = file(0, "é\u{202E}.yaml", "é: 你 x\u{7f}\n");
    let finding = Finding::new(
        "a/b",
        "\u{1b}\u{9b}\u{2028}\u{E0041}\u{7f}é",
        on(&source, "x", ""),
    );
    let text = render(&report(vec![finding], &[source]));
    assert!(
        text.contains(r#""message": "\u001b\u009b\u2028\udb40\udc41\u007fé""#),
        "{text}"
    );
    assert!(text.contains(r#""path": "é\u202e.yaml""#), "{text}");
    let value: Value = serde_json::from_str(&text).unwrap();
    let start = &value["findings"][0]["location"]["start"];
    assert_eq!(*start, json!({ "line": 1, "column": 6, "byte": 8 }));
}

#[test]
fn the_schema_is_closed() {
    let value = rendered(&report(vec![threshold()], &[card()]));
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for pointer in [
        "",
        "/summary",
        "/findings/0",
        "/findings/0/location",
        "/findings/0/labels/0",
    ] {
        let mut more = value.clone();
        more.pointer_mut(pointer).unwrap()["surprise"] = json!(1);
        assert!(!validator.is_valid(&more), "{pointer}");
    }
}

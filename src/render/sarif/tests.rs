use super::*;
use crate::finding::{Outcome, RuleInfo, Severity};
use crate::render::fixture::{
    card, document, file, on, report as report_of, retention, rule, spec, threshold,
};

const SCHEMA: &str = include_str!("../../../tests/schemas/sarif-2.1.0.json");

/// A rendered log, held against the schema of the standard.
fn log(text: &str) -> Value {
    thread_local! {
        static VALIDATOR: jsonschema::Validator = {
            // Its pattern of languages has a bracket too many.
            let schema = SCHEMA.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
            let schema = serde_json::from_str(&schema).unwrap();
            jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
        };
    }
    let value = serde_json::from_str(text).unwrap();
    VALIDATOR.with(|validator| {
        if let Some(error) = validator.iter_errors(&value).next() {
            panic!("{} at {}", error.masked(), error.instance_path());
        }
    });
    value
}

fn run_of(report: &Report) -> Value {
    log(&render(report))["runs"][0].take()
}

fn report(findings: Vec<Finding>) -> Report {
    let mut report = report_of(findings, &[spec(), rule(), card()]);
    let about = RuleInfo {
        title: "Personal data is not kept for long".into(),
        description: "Data that is not there cannot leak.".into(),
        help: Some("Shorten `retention`, *soon*.".into()),
        severity: Severity::Error,
        controls: ["gdpr:5(1)(e)".into()].into(),
    };
    report.rules = [
        ("privacy/retention-limit".into(), about.clone()),
        ("a/idle".into(), about),
    ]
    .into();
    report
}

#[test]
fn a_finding_is_a_result() {
    let run = run_of(&report(vec![retention()]));
    assert_eq!(
        run["results"],
        json!([{
            "ruleId": "privacy/retention-limit",
            "ruleIndex": 1,
            "kind": "fail",
            "level": "error",
            "message": {
                "text": "`income` is kept for P10Y; the limit is P2Y\nNote: `retention` is P10Y\n\
                         Help: Shorten the retention, or record a waiver with counsel's approval."
            },
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": { "uri": "specs/credit.yaml", "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": 7, "startColumn": 16, "endLine": 7, "endColumn": 20 }
                },
                "logicalLocations": [{ "fullyQualifiedName": "/data/0/retention" }]
            }],
            "relatedLocations": [{
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "policies/privacy/retention-limit.yaml",
                        "uriBaseId": "%SRCROOT%"
                    },
                    "region": { "startLine": 4, "startColumn": 5, "endLine": 4, "endColumn": 47 }
                }
            }],
            "partialFingerprints": { "launchgate/v1": "" },
            "suppressions": [],
            "properties": {
                "severity": "error",
                "outcome": "fail",
                "blocking": true,
                "blocksFrom": "in-review",
                "controls": ["gdpr:5(1)(e)"],
                "document": { "kind": "feature-spec", "id": "instant-credit", "path": "specs/credit.yaml" }
            }
        }])
    );
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "launchgate");
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_rule_table_has_active_rules_and_checks_that_speak() {
    let mut check = threshold();
    check.rule = "schema/unknown-key".into();
    let mut house = threshold();
    house.rule = "z/not-known".into();
    let run = run_of(&report(vec![retention(), check, house]));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<_> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "a/idle",
            "privacy/retention-limit",
            "schema/unknown-key",
            "z/not-known"
        ]
    );
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
    }
    assert_eq!(
        rules[1],
        json!({
            "id": "privacy/retention-limit",
            "shortDescription": { "text": "Personal data is not kept for long" },
            "fullDescription": { "text": "Data that is not there cannot leak." },
            "help": {
                "text": "Data that is not there cannot leak.\n\nWhat to do: Shorten `retention`, *soon*.\n\n\
                         Controls: `gdpr:5(1)(e)`\n\n`launchgate explain privacy/retention-limit` says \
                         more, with examples.",
                "markdown": "Data that is not there cannot leak.\n\nWhat to do: Shorten `retention`, \\*soon\\*.\n\n\
                         Controls: `gdpr:5(1)(e)`\n\n`launchgate explain privacy/retention-limit` says \
                         more, with examples."
            },
            "defaultConfiguration": { "level": "error" },
            "properties": { "tags": ["privacy", "gdpr:5(1)(e)"], "controls": ["gdpr:5(1)(e)"] }
        })
    );
    assert!(rules[2]["help"]["text"].as_str().unwrap().contains("x-"));
}

#[test]
fn levels_say_what_a_result_means_for_the_run_and_the_worst_come_first() {
    let later = threshold().with_blocks_from(Stage::Launched);
    let mut unknown = retention().with_outcome(Outcome::Unknown);
    unknown.rule = "a/unknown".into();
    let mut warning = retention().with_severity(Severity::Warning);
    warning.rule = "a/warning".into();
    warning.blocking = false;
    let mut note = threshold().with_severity(Severity::Note);
    note.rule = "a/note".into();
    let run = run_of(&report(vec![note, warning, later, unknown, retention()]));
    let results: Vec<_> = run["results"].as_array().unwrap().iter().collect();
    let seen: Vec<_> = results
        .iter()
        .map(|result| {
            (
                result["ruleId"].as_str().unwrap(),
                result["level"].as_str().unwrap(),
                result["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("a/unknown", "error", "fail"),
            ("privacy/retention-limit", "error", "fail"),
            ("a/warning", "warning", "fail"),
            ("fairness/threshold", "warning", "fail"),
            ("a/note", "note", "fail"),
        ]
    );
    assert_eq!(results[0]["properties"]["outcome"], "unknown");
    let text = |at: usize| results[at]["message"]["text"].as_str().unwrap();
    assert!(text(0).contains("(could not be decided)"));
    assert!(text(3).contains("(will block at launched)"));
}

#[test]
fn a_run_that_concluded_nothing_did_not_succeed() {
    for (verdict, succeeded) in [
        (Verdict::Pass, true),
        (Verdict::Fail, true),
        (Verdict::Error, false),
        (Verdict::NothingChecked, false),
    ] {
        let mut report = report(Vec::new());
        report.verdict = verdict;
        report.notices.push("a/b is turned off: no need".to_owned());
        let run = run_of(&report);
        let invocation = &run["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], succeeded, "{verdict:?}");
        assert_eq!(invocation["exitCode"], verdict.exit_code());
        let told = invocation["toolConfigurationNotifications"]
            .as_array()
            .unwrap();
        assert_eq!(told.is_empty(), succeeded, "{verdict:?}");
        assert_eq!(
            invocation["toolExecutionNotifications"],
            json!([{ "level": "note", "message": { "text": "a/b is turned off: no need" } }])
        );
    }
}

#[test]
fn beyond_the_limit_the_worst_are_kept_and_the_rest_is_counted() {
    let mut findings = vec![threshold(); 4];
    findings.extend(vec![retention(); 3]);
    let report = report(findings);
    let all = log(&render_within(&report, 7));
    assert_eq!(all["runs"][0]["results"].as_array().unwrap().len(), 7);
    let cut = log(&render_within(&report, 5));
    let run = &cut["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    let levels: Vec<_> = results
        .iter()
        .map(|result| result["level"].as_str().unwrap())
        .collect();
    assert_eq!(levels, ["error", "error", "error", "warning", "warning"]);
    let last = &results[4];
    assert_eq!(last["ruleId"], LIMIT);
    let index = usize::try_from(last["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], LIMIT);
    let text = last["message"]["text"].as_str().unwrap();
    assert!(
        text.starts_with("3 more findings are not in this file, 0 of them block"),
        "{text}"
    );
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["level"], "warning");
    assert_eq!(told["message"]["text"], text);
    assert_eq!(run["properties"]["resultsLeftOut"], 3);
}

#[test]
fn places_are_uris_as_far_as_the_consumer_can_follow_them() {
    let odd = file(3, "a b/é#1.yaml", "x: 1\n");
    let builtin = file(4, "launchgate:policies/core/owner.yaml", "x: 1\n");
    let outside = file(5, "/etc/x y.yaml", "x: 1\n");
    let mut finding = Finding::new("a/b", "[see](https://x.org)", on(&odd, "1", ""))
        .with_related(on(&outside, "1", "outside"));
    finding.policy = Some(on(&builtin, "x", ""));
    let mut bare = finding.clone();
    bare.primary.location.file = crate::source::FileId(99);
    bare.document = Some(document("model-card", "x", "cards/x.yaml"));
    let mut nowhere = bare.clone();
    nowhere.document = None;
    let mut away = finding.clone();
    away.primary = on(&outside, "1", "");
    let report = report_of(vec![finding, bare, nowhere, away], &[odd, builtin, outside]);
    let run = run_of(&report);
    let location = |at: usize| &run["results"][at]["locations"][0];
    assert_eq!(
        location(0)["physicalLocation"]["artifactLocation"]["uri"],
        "a%20b/%C3%A9%231.yaml"
    );
    assert_eq!(run["results"][0]["relatedLocations"], json!([]));
    assert_eq!(
        run["results"][0]["message"]["text"],
        "[see] (https://x.org)\nNote: outside"
    );
    assert_eq!(
        location(1)["physicalLocation"],
        json!({ "artifactLocation": { "uri": "cards/x.yaml", "uriBaseId": "%SRCROOT%" } })
    );
    assert_eq!(*location(2), json!({}));
    assert_eq!(
        location(3)["physicalLocation"]["artifactLocation"],
        json!({ "uri": "file:///etc/x%20y.yaml" })
    );
}

#[test]
fn long_texts_and_many_places_are_cut_and_say_so() {
    let source = spec();
    let mut finding = retention();
    finding.message = "é".repeat(5000);
    finding.related = (0..1010)
        .map(|index| on(&source, "P10Y", &format!("place {index}")))
        .collect();
    finding.related.push(on(&source, "P10Y", "place 0"));
    let run = run_of(&report(vec![finding.clone()]));
    let result = &run["results"][0];
    let text = result["message"]["text"].as_str().unwrap();
    assert_eq!(text.chars().count(), 4000);
    assert!(text.ends_with("é…"));
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 1000);
    finding.message = "short".to_owned();
    let run = run_of(&report(vec![finding]));
    let text = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(
        text.contains("Note: 11 more places are not listed"),
        "{text}"
    );
}

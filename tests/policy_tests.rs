//! The runner of policy tests: an example that does not show what it says is an error at its place.

#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use launchgate::document::Kinds;
use launchgate::finding::{Outcome, Severity};
use launchgate::framework::Frameworks;
use launchgate::policy::{self, PackSource, Settings};
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::testing::{self, TestReport};

const RULE: &str = "\
rule: acme/retention
title: Personal data is not kept for long
description: Data that is not there cannot leak.
severity: error
applies_to: feature-spec
params:
  limit: { type: duration, default: P2Y, description: Limit }
when: doc.?risk_tier.orValue('high') == 'high'
for_each: doc.data
where: item.personal
require:
  - present: item.retention
  - days(item.retention) <= days(params.limit)
effective: { from: 2026-03-01 }
examples:
";

/// The built-in catalogues.
fn frameworks() -> Arc<Frameworks> {
    Arc::new(policy::builtin_frameworks(&mut 1_000_000))
}

fn test(examples: &str) -> (Vec<String>, TestReport) {
    let kinds = Kinds::builtin();
    let rule = SourceFile::new(FileId(1), "acme/rule.yaml", format!("{RULE}{examples}"));
    let pack = "name: acme\nversion: 1.0.0\ntitle: T\n";
    let packs = [PackSource {
        name: "acme".into(),
        builtin: false,
        bare: false,
        files: vec![
            SourceFile::new(FileId(0), "acme/pack.yaml", pack),
            rule.clone(),
        ],
    }];
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let set = policy::load(
        &packs,
        &frameworks(),
        &kinds,
        &types,
        &launchgate::evidence::signatures(),
        &Settings::default(),
    )
    .unwrap_or_else(|findings| panic!("{findings:?}"));
    let report = testing::run(set.rules(), &kinds);
    let lines = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            let at = rule.line_column(finding.primary.location.span.start);
            let written = rule.slice(finding.primary.location.span);
            format!("{}:{} {written}: {}", at.line, at.column, finding.message)
        })
        .collect();
    (lines, report)
}

/// The errors of one example of the rule; the first line of it is line 16.
fn errors(example: &str) -> Vec<String> {
    test(example).0
}

#[test]
fn an_example_that_shows_what_it_says_is_silent() {
    for example in [
        "  - name: a\n    pass: |\n      data: [{ name: a, personal: true, retention: P1Y }]\n",
        "  - name: a\n    pass:\n      data: [{ name: a, personal: true, retention: P1Y }]\n",
        "  - name: a\n    pass: |\n      ---\n      data: [{ personal: true, retention: P1Y }]\n      ---\n      # Text\n",
        "  - name: a\n    fail: |\n      data: [{ personal: true, retention: P3Y }]\n    at: data[0].retention\n",
        "  - name: a\n    fail:\n      data: [{ personal: true, retention: P3Y }]\n    at: data[0].retention\n",
        "  - name: a\n    fail: |\n      data: [{ personal: true }, { personal: true, retention: P1Y }, { personal: true }]\n    at:\n      - data[0].retention\n      - data[2].retention\n",
        "  - name: a\n    pass: |\n      data: [{ personal: true, retention: P3Y }]\n    params: { limit: P3Y }\n",
        "  - name: a\n    not_applicable: |\n      data: [{ personal: true, retention: P3Y }]\n    as_of: 2026-02-28\n",
        "  - name: a\n    not_applicable: |\n      data: [{ personal: false }]\n",
        "  - name: a\n    not_applicable: |\n      risk_tier: minimal\n",
        "  - name: a\n    unknown: |\n      data: [{ name: a }]\n    at: data[0].personal\n",
        "  - name: a\n    unknown: |\n      data: nothing\n    at: data\n",
    ] {
        assert_eq!(errors(example), Vec::<String>::new(), "{example}");
    }
}

#[test]
fn an_example_that_shows_something_else_is_an_error() {
    for (example, expected) in [
        (
            // The rule does not look at it: the trap of tests that pass on nothing.
            "  - name: a\n    pass: |\n      data: [{ personal: false }]\n",
            "17:5 pass: example `a` should come out as pass, but comes out as not-applicable",
        ),
        (
            "  - name: a\n    pass: |\n      data: []\n",
            "17:5 pass: example `a` should come out as pass, but comes out as not-applicable",
        ),
        (
            "  - name: a\n    pass: |\n      data: [{ personal: true, retention: P3Y }]\n",
            "17:5 pass: example `a` should come out as pass, but comes out as fail",
        ),
        (
            "  - name: a\n    fail: |\n      data: [{ personal: true, retention: P2Y }]\n",
            "17:5 fail: example `a` should come out as fail, but comes out as pass",
        ),
        (
            "  - name: a\n    fail: |\n      id: x\n",
            "17:5 fail: example `a` should come out as fail, but comes out as unknown",
        ),
        (
            "  - name: a\n    fail: |\n      data: [{ personal: true }]\n    at: data[0]\n",
            "19:9 data[0]: example `a` is found at `/data/0/retention`, not at `/data/0`",
        ),
        (
            "  - name: a\n    fail: |\n      data: [{ personal: true }, { personal: true }]\n    at: data[0].retention\n",
            "19:9 data[0].retention: example `a` is also found at `/data/1/retention`",
        ),
        (
            "  - name: a\n    pass: |\n      data: [{ personal: true, retention: P1Y }]\n    at: data[0]\n",
            "19:9 data[0]: example `a` is found at no place, not at `/data/0`",
        ),
        (
            "  - name: a\n    fail: |\n      data: [{ personal: true }]\n    at: data[0]retention\n",
            "19:9 data[0]retention: `data[0]retention` is no path: expected `.` before `retention`",
        ),
        // Examples never rot: what the kind does not have is an error, at its own place.
        (
            "  - name: a\n    fail: |\n      data:\n        - personal: true\n          retension: P1Y\n",
            "20:11 retension: unknown key `retension`; did you mean `retention`?",
        ),
        (
            "  - name: a\n    pass:\n      dta: []\n",
            "18:7 dta: unknown key `dta`; did you mean `data`?",
        ),
        (
            "  - name: a\n    pass: |\n      data: [{ personal: 'yes' }]\n",
            "18:26 'yes': `personal` is a string, not true or false",
        ),
        (
            "  - name: a\n    pass: |\n      data: [{ personal: true\n",
            "18:14 {: `{` is not closed",
        ),
        (
            "  - name: a\n    fail: |\n      kind: feature-spce\n",
            "18:13 feature-spce: unknown kind `feature-spce`; did you mean `feature-spec`?",
        ),
        (
            "  - name: a\n    pass: |\n      data: [{ personal: true, retention: P1Y }]\n    params: { limt: P3Y }\n",
            "19:15 limt: the rule has no parameter `limt`; did you mean `limit`?",
        ),
        (
            "  - name: a\n    pass: |\n      data: [{ personal: true, retention: P1Y }]\n    params: { limit: 3 }\n",
            "19:22 3: `limit` is no duration: expected an ISO 8601 duration such as P2Y, found an integer",
        ),
    ] {
        assert_eq!(errors(example), [expected], "{example}");
    }
}

#[test]
fn what_no_example_shows_is_a_warning() {
    let (_, report) = test(
        "  - name: a\n    pass: |\n      data: [{ personal: true, retention: P1Y }]\n  - name: b\n    fail: |\n      data: [{ personal: true, retention: P3Y }]\n",
    );
    let warnings: Vec<_> = report.findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        warnings,
        [
            "no example shows `when` failing",
            "no example shows `where` failing",
            "no example shows this requirement failing",
        ]
    );
    assert!(report.is_success());
    assert_eq!((report.examples(), report.failed()), (2, 0));
    let rule = &report.rules[0];
    assert_eq!(rule.examples[1].outcome, Some(Outcome::Fail));
    assert!(rule.coverage.requirements[1].both());
    assert!(!rule.coverage.requirements[0].both());

    let (_, report) = test("  []\n");
    assert_eq!(report.findings[0].message, "the rule has no example at all");
    assert_eq!(report.findings[0].severity, Severity::Warning);
}

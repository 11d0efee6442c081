//! The same input gives the same bytes, whatever the number of threads.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use std::num::NonZeroUsize;

use launchgate::engine::Gate;
use launchgate::finding::Report;
use launchgate::render::json;

use gate::{ROOT, check_with, memory, options};

/// A folder of documents that refer to each other, with every sort of mistake among them.
fn documents() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for at in 0..120 {
        let other = (at * 7 + 3) % 150;
        let status = ["draft", "in-review", "approved", "launched"][at % 4];
        files.push((
            format!("specs/{:02}/spec-{at}.yaml", at % 10),
            format!(
                "kind: feature-spec\nid: spec-{at}\ntitle: Spec {at}\nstatus: {status}\n\
                 risk_tier: high\nmodels:\n  - card: card-{other}\n    version: {at}.0.0\n\
                 references:\n  - title: Next\n    document: spec-{}\n\
                 data:\n  - name: income\n    personal: true\n    retention: P{}Y\n  - name: income\n    personal: {}\n",
                (at + 1) % 40,
                at % 9,
                if at % 5 == 0 { "maybe" } else { "true" },
            ),
        ));
        files.push((
            format!("cards/card-{at}.yaml"),
            format!(
                "kind: model-card\nid: card-{}\ntitel: Card {at}\nversion: {at}.0.0\nstatus: {status}\n\
                 fairness:\n  protected_attributes: [sex]\n  assessments:\n    - metric: demographic_parity_ratio\n      \
                 attribute: [sex]\n      value: 0.{at}\n      threshold: {{ min: 0.8 }}\n",
                // Some ids are there twice.
                at - at % 30 / 29,
            ),
        ));
    }
    for at in 0..20 {
        files.push((
            format!("broken/{at}.yaml"),
            format!("kind: model-card\nid: broken-{at}\nmodel: [{at}\n"),
        ));
        files.push((format!("other/{at}.json"), format!("{{ \"a\": {at}")));
        files.push((
            format!("hub/{at}/README.md"),
            format!("---\nlibrary_name: x\nlicense: mit\n---\n# Card {at}\n\n## Uses\n\nNone.\n"),
        ));
    }
    files
}

fn run(jobs: usize) -> Report {
    let mut options = options();
    options.outcomes = true;
    options.jobs = NonZeroUsize::new(jobs);
    check_with(&memory(documents()), ROOT.into(), &options)
}

#[test]
fn ten_runs_give_the_same_bytes_on_any_number_of_threads() {
    let first = run(1);
    let rules: std::collections::BTreeSet<&str> = first
        .findings
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect();
    for rule in [
        "core/model-cards-agree",
        "core/references-resolve",
        "document/duplicate-id",
        "document/syntax",
        "schema/unknown-key",
    ] {
        assert!(rules.contains(rule), "{rule} is not among {rules:?}");
    }
    assert_eq!(first.summary.documents, 280);
    let bytes = json::render(&first);
    for jobs in [1, 2, 8, 2, 8, 3, 2, 8, 1] {
        assert!(json::render(&run(jobs)) == bytes, "{jobs} threads");
    }
}

#[test]
fn findings_and_outcomes_are_in_order() {
    let report = run(4);
    let places: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            let file = report.sources.file(finding.primary.location).unwrap();
            let path = file.path().as_str().to_owned();
            (path, finding.primary.location.span, finding.rule.clone())
        })
        .collect();
    assert!(places.is_sorted(), "findings by path, place and rule");
    let documents: Vec<_> = report
        .outcomes
        .iter()
        .map(|outcomes| (&*outcomes.document.path, &*outcomes.document.id))
        .collect();
    assert!(documents.is_sorted());
    for document in &report.outcomes {
        let rules: Vec<_> = document
            .rules
            .iter()
            .map(|rule| rule.rule.as_str())
            .collect();
        assert!(rules.is_sorted() && !rules.is_empty());
    }
}

#[test]
fn every_outcome_counts_and_none_that_blocks_is_silent() {
    let report = run(2);
    let mut counts = std::collections::BTreeMap::new();
    let mut said: std::collections::BTreeSet<(&str, &str)> = std::collections::BTreeSet::new();
    for finding in &report.findings {
        let path = finding
            .document
            .as_ref()
            .map_or("", |document| &document.path);
        said.insert((path, finding.rule.as_str()));
        said.extend(finding.folded.iter().map(|rule| (path, rule.as_str())));
    }
    for document in &report.outcomes {
        for rule in &document.rules {
            for row in &rule.rows {
                *counts.entry(row.outcome.as_str()).or_insert(0_usize) += 1;
                let silent = matches!(row.outcome.as_str(), "pass" | "not-applicable");
                let path = &*document.document.path;
                assert!(
                    silent || said.contains(&(path, rule.rule.as_str())),
                    "{} of {path} is {} and no finding says so",
                    rule.rule,
                    row.outcome
                );
            }
        }
    }
    let summary = report.summary;
    let count = |outcome: &str| counts.get(outcome).copied().unwrap_or_default();
    assert_eq!(
        [
            summary.pass,
            summary.fail,
            summary.unknown,
            summary.not_applicable
        ],
        ["pass", "fail", "unknown", "not-applicable"].map(count)
    );
    let blocking = report
        .findings
        .iter()
        .filter(|finding| finding.blocking)
        .count();
    assert_eq!(summary.blocking, blocking);
    let prints: std::collections::BTreeSet<_> = report
        .findings
        .iter()
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    assert_eq!(
        prints.len(),
        report.findings.len(),
        "two findings have one fingerprint"
    );
    assert!(prints.iter().all(|print| print.len() == 32));
}

#[test]
fn a_gate_is_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Gate>();
    shared::<Report>();
}

//! Reports built by hand for the tests of the formats.

use std::sync::Arc;

use crate::finding::{
    CitedControl, DocumentOutcomes, DocumentRef, FairnessCheck, Finding, GroupRate, Interval,
    Label, Outcome, OutcomeRow, RateChart, Report, RuleOutcomes, Severity, SignOffState, Stage,
    Summary, Tally, Verdict,
};
use crate::source::{FileId, SourceFile, SourceMap, Span};

pub(super) const SPEC: &str = "\
kind: feature-spec
id: instant-credit
status: in-review
data:
  - name: income
    personal: true
    retention: P10Y
";

pub(super) const CARD: &str = "\
kind: model-card
id: score
fairness:
  assessments:
    - metric: demographic_parity_ratio
      value: 0.72
      threshold: { min: 0.8, set_on: 2026-05-02 }
";

pub(super) const RULE: &str = "\
rule: privacy/retention-limit
require:
  - present: item.retention
  - days(item.retention) <= days(params.limit)
";

pub(super) fn file(id: u32, path: &str, text: &str) -> Arc<SourceFile> {
    SourceFile::new(FileId(id), path, text)
}

pub(super) fn spec() -> Arc<SourceFile> {
    file(0, "specs/credit.yaml", SPEC)
}

pub(super) fn card() -> Arc<SourceFile> {
    file(1, "cards/score.yaml", CARD)
}

pub(super) fn rule() -> Arc<SourceFile> {
    file(2, "policies/privacy/retention-limit.yaml", RULE)
}

/// A label on the first place of `file` that reads `needle`.
pub(super) fn on(file: &SourceFile, needle: &str, text: &str) -> Label {
    let start = file.text().find(needle).unwrap();
    Label::new(
        file.location(Span::from_range(&(start..start + needle.len()))),
        text,
    )
}

/// A label on bytes that need not be in the file.
pub(super) fn at(file: &SourceFile, start: u32, end: u32, text: &str) -> Label {
    Label::new(
        crate::source::Location {
            file: file.id(),
            span: Span::new(start, end),
        },
        text,
    )
}

pub(super) fn document(kind: &str, id: &str, path: &str) -> DocumentRef {
    DocumentRef {
        kind: kind.into(),
        id: id.into(),
        path: path.into(),
    }
}

/// The finding of the README: one place, the rule's line, a control and a help.
pub(super) fn retention() -> Finding {
    let (spec, rule) = (spec(), rule());
    let mut finding = Finding::new(
        "privacy/retention-limit",
        "`income` is kept for P10Y; the limit is P2Y",
        on(&spec, "P10Y", "`retention` is P10Y"),
    )
    .with_help("Shorten the retention, or record a waiver with counsel's approval.")
    .with_pointer("/data/0/retention")
    .with_blocks_from(Stage::InReview);
    finding.blocking = true;
    finding.controls = vec!["gdpr:5(1)(e)".into()];
    finding.document = Some(document(
        "feature-spec",
        "instant-credit",
        "specs/credit.yaml",
    ));
    finding.policy = Some(on(&rule, "days(item.retention) <= days(params.limit)", ""));
    finding
}

/// Two operands near each other.
pub(super) fn threshold() -> Finding {
    let card = card();
    Finding::new(
        "fairness/threshold",
        "the demographic parity ratio of 0.72 is below its threshold of 0.8",
        on(&card, "0.72", "`value` is 0.72"),
    )
    .with_related(on(&card, "0.8", "`threshold.min` is 0.8"))
    .with_pointer("/fairness/assessments/0")
}

pub(super) fn outcomes(reference: DocumentRef, rows: &[(&str, Outcome)]) -> DocumentOutcomes {
    let row = |&(rule, outcome): &(&str, Outcome)| RuleOutcomes {
        rule: rule.into(),
        rows: vec![OutcomeRow {
            item: None,
            outcome,
            trace: None,
        }],
    };
    let rules: Vec<_> = rows.iter().map(row).collect();
    DocumentOutcomes {
        document: reference,
        title: None,
        owner: None,
        authors: Vec::new(),
        stage: Some(Stage::InReview),
        sign_offs: Vec::new(),
        tally: Tally::of(&rules),
        rules,
    }
}

/// A group of which `numerator` of `denominator` count, with an interval about the rate.
pub(super) fn group(name: Option<&str>, numerator: u32, denominator: u32) -> GroupRate {
    let value = (denominator > 0).then(|| f64::from(numerator) / f64::from(denominator));
    GroupRate {
        group: vec![name.map(Into::into)],
        n: denominator.into(),
        numerator: numerator.into(),
        denominator: denominator.into(),
        value,
        interval: value.map(|value| Interval {
            lower: (value - 0.05).max(0.0),
            upper: (value + 0.05).min(1.0),
            level: 0.95,
        }),
        sufficient: denominator >= 30,
    }
}

/// A claim of the model card that its evidence bears out, but not by its threshold.
pub(super) fn claim() -> FairnessCheck {
    let groups = vec![
        group(None, 3, 12),
        group(Some("female"), 201, 347),
        group(Some("male"), 402, 500),
        group(Some("other"), 0, 0),
    ];
    FairnessCheck {
        document: document("model-card", "score", "cards/score.yaml"),
        pointer: "/fairness/assessments/0".into(),
        metric: "demographic_parity_ratio".into(),
        attributes: vec!["sex".into()],
        status: "match",
        reason: None,
        claimed: Some(0.72),
        tolerance: 0.005,
        value: Some((201.0 / 347.0) / (402.0 / 500.0)),
        interval: Some(Interval {
            lower: 0.66,
            upper: 0.78,
            level: 0.95,
        }),
        min: Some(0.8),
        max: None,
        path: "evidence/predictions.csv".into(),
        sha256: Some("ab".repeat(32).into()),
        rows: Some(859),
        rates: vec![RateChart {
            rate: "selection_rate",
            groups,
        }],
    }
}

/// A claim for which the evidence gives nothing.
pub(super) fn unread_claim() -> FairnessCheck {
    FairnessCheck {
        status: "unreadable",
        reason: Some("`evidence/predictions.csv` is not there".into()),
        claimed: None,
        value: None,
        interval: None,
        min: None,
        max: None,
        sha256: None,
        rows: None,
        rates: Vec::new(),
        ..claim()
    }
}

/// What a document states of a role.
pub(super) fn sign_off(role: &str, verdict: &'static str) -> SignOffState {
    SignOffState {
        role: role.into(),
        principal: Some("n.okafor@bank.example".into()),
        decision: Some("approved-with-conditions".into()),
        stage: Some("launched".into()),
        conditions: Some("SEC-430 is fixed".into()),
        signed_on: Some("2026-09-08".into()),
        expires: Some("2027-09-08".into()),
        verdict,
        reason: None,
    }
}

fn storage_limitation() -> CitedControl {
    CitedControl {
        title: "Storage limitation".into(),
        citation: "Regulation (EU) 2016/679, Art. 5(1)(e)".into(),
        url: None,
        status: "in-force",
        standing: "in force since 2018-05-25".to_owned(),
    }
}

pub(super) fn report(findings: Vec<Finding>, files: &[Arc<SourceFile>]) -> Report {
    let mut sources = SourceMap::default();
    for file in files {
        sources.insert(file);
    }
    Report {
        as_of: "2026-11-22".into(),
        stage: None,
        fail_on: Severity::Error,
        policy_digest: "sha256:1234abcd1234abcd1234abcd".into(),
        verdict: Verdict::Fail,
        summary: Summary {
            documents: 2,
            rules: 24,
            pass: 31,
            fail: 2,
            unknown: 0,
            not_applicable: 7,
            waived: 0,
            baselined: 0,
            existing: 0,
            blocking: 2,
            later: 1,
            fixed: 0,
        },
        findings,
        outcomes: Vec::new(),
        rules: std::collections::BTreeMap::new(),
        controls: [("gdpr:5(1)(e)".into(), storage_limitation())].into(),
        fairness: Vec::new(),
        files: std::collections::BTreeMap::new(),
        waivers: Vec::new(),
        notices: Vec::new(),
        sources,
        root: ".".into(),
    }
}

//! A page with fairness claims and sign-offs of every kind, about the documents of an example.

use std::fs;
use std::path::Path;

use launchgate::finding::{
    DocumentRef, FairnessCheck, GroupRate, Interval, RateChart, Report, SignOffState,
};
use launchgate::render::Format;

use crate::gate::{ROOT, check_with, memory, options};

/// Groups as (name, numerator, denominator); a group of fewer than thirty decides nothing.
type Counts<'c> = &'c [(Option<&'c str>, u32, u32)];

const BY_SEX: Counts<'_> = &[
    (None, 5, 21),
    (Some("female"), 201, 347),
    (Some("male"), 402, 500),
    (Some("non-binary"), 0, 0),
];

/// The page of the draft, with claims and sign-offs added to its report.
pub(crate) fn page(root: &Path) -> String {
    let draft = root.join("examples/credit-scoring-draft");
    let mut files = Vec::new();
    let mut folders = vec![draft.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&draft).unwrap().to_str().unwrap();
                files.push((name.to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    let mut options = options();
    options.outcomes = true;
    let mut report = check_with(&memory(files), ROOT.into(), &options);
    add_claims(&mut report);
    add_sign_offs(&mut report);
    Format::Html.render(&report)
}

fn add_claims(report: &mut Report) {
    let document = |kind: &str| -> DocumentRef {
        let mut documents = report.outcomes.iter().map(|outcomes| &outcomes.document);
        documents
            .find(|document| &*document.kind == kind)
            .unwrap()
            .clone()
    };
    let card = document("model-card");
    let quotient = |numerator: f64, denominator: f64| numerator / denominator;
    let parity = quotient(201.0 / 347.0, 402.0 / 500.0);
    let ratio = FairnessCheck {
        document: card,
        pointer: "/fairness/assessments/0".into(),
        metric: "demographic_parity_ratio".into(),
        attributes: vec!["sex".into()],
        status: "drift",
        reason: Some(
            "`value` is 0.81, and the evidence gives 0.7205; the tolerance is 0.005".into(),
        ),
        claimed: Some(0.81),
        tolerance: 0.005,
        value: Some(parity),
        interval: Some(interval(0.664, 0.779)),
        min: Some(0.8),
        max: None,
        path: "evidence/predictions-2026-08.csv".into(),
        sha256: Some("5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8".into()),
        rows: Some(868),
        rates: vec![chart("selection_rate", BY_SEX)],
    };
    let odds = FairnessCheck {
        metric: "equalized_odds_difference".into(),
        pointer: "/fairness/assessments/1".into(),
        status: "match",
        reason: None,
        claimed: Some(0.06),
        value: Some(163.0 / 200.0 - 110.0 / 145.0),
        interval: None,
        min: None,
        max: Some(0.1),
        rates: vec![
            chart(
                "true_positive_rate",
                &[(Some("female"), 110, 145), (Some("male"), 163, 200)],
            ),
            chart(
                "false_positive_rate",
                &[(Some("female"), 14, 202), (Some("male"), 12, 300)],
            ),
        ],
        ..ratio.clone()
    };
    let intersection: Vec<(String, u32, u32)> = (0..40)
        .map(|at| {
            (
                format!("{}-{}", 18 + 2 * at, 19 + 2 * at),
                20 + (at * 7) % 23,
                20 + at * 3,
            )
        })
        .map(|(name, selected, n)| (name, selected.min(n), n))
        .collect();
    let intersection: Vec<(Option<&str>, u32, u32)> = intersection
        .iter()
        .map(|(name, selected, n)| (Some(name.as_str()), *selected, *n))
        .collect();
    let small = FairnessCheck {
        metric: "demographic_parity_ratio".into(),
        pointer: "/fairness/assessments/2".into(),
        attributes: vec!["sex".into(), "age_band".into()],
        status: "insufficient",
        reason: Some("4 groups have fewer than 30 rows".into()),
        claimed: Some(0.85),
        value: None,
        interval: None,
        rates: vec![chart("selection_rate", &intersection)],
        ..ratio.clone()
    };
    let unread = FairnessCheck {
        metric: "predictive_parity_ratio".into(),
        pointer: "/fairness/assessments/3".into(),
        status: "unreadable",
        reason: Some("`evidence/outcomes.csv` is not there".into()),
        claimed: None,
        value: None,
        interval: None,
        min: None,
        path: "evidence/outcomes.csv".into(),
        sha256: None,
        rows: None,
        rates: Vec::new(),
        ..ratio.clone()
    };
    let rare = FairnessCheck {
        metric: "false_positive_rate_difference".into(),
        pointer: "/fairness/assessments/4".into(),
        attributes: vec!["region".into()],
        status: "undefined",
        reason: Some("the rate of `west` is taken over nobody".into()),
        claimed: None,
        value: None,
        interval: None,
        min: None,
        max: Some(0.01),
        rates: vec![chart(
            "false_positive_rate",
            &[
                (Some("east"), 3, 412),
                (
                    Some("north and the islands before its coast, the ferry ports among them"),
                    6,
                    380,
                ),
                (Some("west"), 0, 0),
            ],
        )],
        ..ratio.clone()
    };
    report.fairness = vec![ratio, odds, small, unread, rare];
}

fn add_sign_offs(report: &mut Report) {
    let state = |role: &str, verdict, reason: Option<&str>| SignOffState {
        role: role.into(),
        principal: Some("n.okafor@bank.example".into()),
        decision: Some("approved".into()),
        stage: Some("launched".into()),
        conditions: None,
        signed_on: Some("2026-09-08".into()),
        expires: Some("2027-09-08".into()),
        verdict,
        reason: reason.map(Into::into),
    };
    let mut expired = state(
        "privacy",
        "expired",
        Some("the last day on which it held has passed"),
    );
    expired.expires = Some("2026-10-31".into());
    let mut conditional = state("security", "stated", None);
    conditional.decision = Some("approved-with-conditions".into());
    conditional.conditions = Some("SEC-430 is fixed with the release after the launch".into());
    let mut rejected = state("model-risk", "rejected", None);
    rejected.decision = Some("rejected".into());
    let missing = SignOffState {
        principal: None,
        decision: None,
        stage: None,
        signed_on: None,
        expires: None,
        ..state(
            "fairness",
            "missing",
            Some("the risk tier `high` asks for it"),
        )
    };
    report.outcomes[0].sign_offs = vec![conditional, expired, rejected, missing];
    report.outcomes[1].sign_offs = vec![
        state("security", "valid", None),
        state(
            "privacy",
            "valid-in-scope",
            Some("sections outside its scope changed"),
        ),
        state("legal", "stale", Some("`data` changed after it was given")),
        state(
            "finance",
            "revoked",
            Some("the key was revoked on 2026-10-01"),
        ),
        state(
            "accessibility",
            "wrong-context",
            Some("it was given for the stage `draft`"),
        ),
        state(
            "operations",
            "unverified",
            Some("no key of the signer is known"),
        ),
    ];
}

fn chart(rate: &'static str, counts: Counts<'_>) -> RateChart {
    let groups = counts.iter().map(|&(name, numerator, denominator)| {
        let value = (denominator > 0).then(|| f64::from(numerator) / f64::from(denominator));
        GroupRate {
            group: vec![name.map(Into::into)],
            n: denominator.into(),
            numerator: numerator.into(),
            denominator: denominator.into(),
            value,
            interval: value.map(|value| wilson(value, f64::from(denominator))),
            sufficient: denominator >= 30,
        }
    });
    RateChart {
        rate,
        groups: groups.collect(),
    }
}

/// Wilson's interval of a rate over `n`, at 95 %.
fn wilson(rate: f64, n: f64) -> Interval {
    let square = 1.96_f64.powi(2);
    let centre = (rate + square / (2.0 * n)) / (1.0 + square / n);
    let half =
        1.96 * (rate * (1.0 - rate) / n + square / (4.0 * n * n)).sqrt() / (1.0 + square / n);
    interval((centre - half).max(0.0), (centre + half).min(1.0))
}

fn interval(lower: f64, upper: f64) -> Interval {
    Interval {
        lower,
        upper,
        level: 0.95,
    }
}

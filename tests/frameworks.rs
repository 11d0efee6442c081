//! Control catalogues: their days decide which rules hold, and a reference that leads nowhere ends
//! the run.

#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "common/gate.rs"]
mod gate;

use camino::Utf8Path;
use jiff::civil::{Date, date};
use launchgate::engine::{CheckOptions, Refusal};
use launchgate::finding::{Finding, Report, Verdict};
use launchgate::render::terminal::{self, TerminalOptions};

fn options(today: Date) -> CheckOptions {
    CheckOptions {
        today,
        ..gate::options()
    }
}

const CATALOGUE: &str = "\
framework: bank
title: The bank's own standard
publisher: A bank
language: en
controls:
  - { id: '1.1', title: Owners, summary: Somebody answers., citation: BS 1.1, status: superseded,
      effective_from: 2025-01-01, effective_until: 2026-06-30, superseded_by: 'bank:2.1', checked: primary, checked_on: 2026-01-01 }
  - { id: '2.1', title: Named owners, summary: A named person answers., citation: BS 2.1, status: upcoming,
      effective_from: 2027-01-01, checked: primary, checked_on: 2026-01-01 }
";

const RULE: &str = "\
rule: house/owner
title: Somebody answers
description: Questions need one person to go to.
severity: error
applies_to: feature-spec
blocks_from: draft
controls: ['bank:1.1', 'bank:2.1']
effective: controls
require: [present: doc.owner]
help: Name the owner.
examples:
  - { name: a, pass: { owner: Maria Weber } }
  - { name: b, fail: { id: a } }
";

const CONFIG: &str =
    "packs: [./policies/house]\nframeworks: [gdpr, ./policies/frameworks/bank.yaml]\n";

const SPEC: &str = "kind: feature-spec\nid: instant-credit\ntitle: Instant credit\nstatus: draft\n";

fn try_check(catalogue: &str, rule: &str, config: &str, day: Date) -> Result<Report, Refusal> {
    let files = gate::memory([
        ("launchgate.yaml", config),
        ("policies/frameworks/bank.yaml", catalogue),
        (
            "policies/house/pack.yaml",
            "name: house\nversion: 1.0.0\ntitle: House rules\nframeworks: [bank]\n",
        ),
        ("policies/house/owner.yaml", rule),
        ("spec.yaml", SPEC),
    ]);
    let options = options(day);
    gate::try_check(&files, Utf8Path::new(gate::ROOT), &options)
}

fn check(day: Date) -> Report {
    try_check(CATALOGUE, RULE, CONFIG, day)
        .unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings))
}

fn said(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|f| f.rule.as_str()).collect()
}

#[test]
fn a_rule_that_follows_its_controls_holds_on_the_days_of_the_catalogue() {
    for (day, holds) in [
        (date(2024, 12, 31), false),
        (date(2025, 1, 1), true),
        (date(2026, 6, 30), true),
        (date(2026, 7, 1), false),
        (date(2026, 12, 31), false),
        (date(2027, 1, 1), true),
    ] {
        let report = check(day);
        let failed = said(&report).contains(&"house/owner");
        assert_eq!(failed, holds, "on {day}: {:?}", report.findings);
        assert_eq!(report.verdict == Verdict::Fail, holds, "on {day}");
        let remark = report.notices.iter().find(|n| n.contains("hold on"));
        assert_eq!(remark.is_none(), holds, "on {day}: {:?}", report.notices);
    }
    let remark = check(date(2026, 7, 1)).notices.join("\n");
    assert!(
        remark.contains("1 rule does not hold on 2026-07-01: house/owner (from 2027-01-01)"),
        "{remark}"
    );
}

#[test]
fn a_finding_says_what_its_controls_come_to_on_the_day() {
    let report = check(date(2026, 6, 30));
    let standing = |id: &str| report.controls[id].standing.clone();
    assert_eq!(standing("bank:1.1"), "in force since 2025-01-01");
    assert_eq!(standing("bank:2.1"), "applies from 2027-01-01");
    let shown = terminal::render(&report, &TerminalOptions::default());
    assert!(
        shown.contains("controls: bank:1.1; applies from 2027-01-01: bank:2.1"),
        "{shown}"
    );
}

/// The built-in rule about telling the authority follows the date in the catalogue of the EU AI Act.
#[test]
fn a_date_in_a_built_in_catalogue_changes_the_rules_that_apply() {
    let spec = "\
kind: feature-spec
id: instant-credit
title: Instant credit
status: launched
jurisdictions: [EU]
risk_tier: high
ai_act:
  roles: [deployer]
  fundamental_rights: { completed_on: 2026-08-14 }
";
    let files = gate::memory([
        ("launchgate.yaml", "packs: [eu-ai-act]\n"),
        ("a.yaml", spec),
    ]);
    let verdict = |day| {
        let report = gate::check_with(&files, Utf8Path::new(gate::ROOT), &options(day));
        said(&report).contains(&"eu-ai-act/fundamental-rights-notified")
    };
    assert!(!verdict(date(2027, 12, 1)));
    assert!(verdict(date(2027, 12, 2)));
}

#[test]
fn what_leads_nowhere_is_refused_with_its_place_and_what_was_meant() {
    let day = date(2026, 6, 30);
    let table: [(&str, &str, &str, &str); 6] = [
        (
            "bank:1.1', 'bank:2.1",
            "bank:1.1', 'bank:2.2",
            "policy/unknown-control policies/house/owner.yaml:7:24 `bank` has no control `bank:2.2`; did you mean `bank:2.1`?",
            "rule",
        ),
        (
            "bank:1.1', 'bank:2.1",
            "bnak:1.1', 'bank:2.1",
            "policy/unknown-framework policies/house/owner.yaml:7:12 there is no framework `bnak`; did you mean `bank`?",
            "rule",
        ),
        (
            "'bank:1.1', 'bank:2.1'",
            "",
            "policy/effective policies/house/owner.yaml:8:12 no control that the rule serves is ever in force",
            "rule",
        ),
        (
            "id: '2.1'",
            "id: '1.1'",
            "policy/duplicate-control policies/frameworks/bank.yaml:8:11 there are two controls `1.1`",
            "catalogue",
        ),
        (
            "[gdpr, ",
            "[gpdr, ",
            "config/unknown-framework launchgate.yaml:2:14 there is no framework `gpdr`; did you mean `gdpr`?",
            "config",
        ),
        (
            "framework: bank",
            "framework: gdpr",
            "config/duplicate-framework launchgate.yaml:2:20 there are two catalogues of `gdpr`",
            "catalogue",
        ),
    ];
    for (from, to, wanted, which) in table {
        let edit = |name: &str, text: &str| {
            assert!(name != which || text.contains(from), "{from}");
            if name == which {
                text.replacen(from, to, 1)
            } else {
                text.to_owned()
            }
        };
        let refused = try_check(
            &edit("catalogue", CATALOGUE),
            &edit("rule", RULE),
            &edit("config", CONFIG),
            day,
        )
        .unwrap_err();
        let found = &refused.findings;
        let told = |finding: &Finding| {
            let place = finding.primary.location;
            let file = refused.sources.file(place).unwrap();
            let at = file.line_column(place.span.start);
            let path = file.path();
            format!(
                "{} {path}:{}:{} {}",
                finding.rule, at.line, at.column, finding.message
            )
        };
        let lines: Vec<String> = found.iter().map(told).collect();
        assert!(
            lines.iter().any(|line| line == wanted),
            "{wanted}: {lines:#?}"
        );
        assert!(
            found.iter().all(|finding| finding.help.is_some()),
            "{found:#?}"
        );
    }
}

//! Mutants of rules: each operator makes one that survives too few examples, and the example that the
//! finding asks for notices it.

#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::sync::Arc;

use launchgate::document::Kinds;
use launchgate::finding::Severity;
use launchgate::framework::Frameworks;
use launchgate::policy::{self, PackSource, Settings};
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::testing::{self, TestReport};

const HEAD: &str = "\
rule: acme/rule
title: Something holds
description: It has to.
severity: error
applies_to: feature-spec
";

/// Runs the examples of a rule against it and its mutants.
fn tested(rule: &str) -> (TestReport, Arc<SourceFile>) {
    let kinds = Kinds::builtin();
    let file = SourceFile::new(FileId(1), "acme/rule.yaml", format!("{HEAD}{rule}"));
    let pack = "name: acme\nversion: 1.0.0\ntitle: T\n";
    let packs = [PackSource {
        name: "acme".into(),
        builtin: false,
        bare: false,
        files: vec![
            SourceFile::new(FileId(0), "acme/pack.yaml", pack),
            file.clone(),
        ],
    }];
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let set = policy::load(
        &packs,
        &Arc::new(Frameworks::default()),
        &kinds,
        &types,
        &launchgate::evidence::signatures(),
        &Settings::default(),
    )
    .unwrap_or_else(|findings| panic!("{findings:?}"));
    (testing::mutate(set.rules(), &kinds), file)
}

/// Judges the mutants of a rule, and says which survive: what is marked, what is said, what helps.
fn judged(rule: &str) -> (Vec<String>, TestReport) {
    let (report, file) = tested(rule);
    let survivors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            assert_eq!(
                finding.rule.as_str(),
                "policy/surviving-mutant",
                "{finding:?}"
            );
            let written = file.slice(finding.primary.location.span);
            let said = finding.message.strip_prefix("no example notices if ");
            let help = finding.help.as_deref().unwrap_or_default();
            format!("{written} | {} | {help}", said.unwrap_or_default())
        })
        .collect::<Vec<_>>();
    assert_eq!(report.survived(), survivors.len());
    assert_eq!(report.is_success(), survivors.is_empty());
    (survivors, report)
}

fn survivors(rule: &str) -> Vec<String> {
    judged(rule).0
}

/// A rule with examples: an outcome and a document each.
fn with_examples(parts: &str, examples: &[(&str, &str)]) -> String {
    let mut rule = format!(
        "{parts}examples:{}",
        if examples.is_empty() { " []\n" } else { "\n" }
    );
    for (outcome, document) in examples {
        let _ = writeln!(
            rule,
            "  - name: {outcome}\n    {outcome}:\n      {document}"
        );
    }
    rule
}

/// Of the mutants that survive the first examples, `expected` is one; the further example notices.
fn noticed_by(parts: &str, examples: &[(&str, &str)], expected: &str, further: (&str, &str)) {
    let found = survivors(&with_examples(parts, examples));
    let before = found.iter().filter(|found| *found == expected).count();
    assert_eq!(before, 1, "{parts}{expected}\n{found:#?}");
    let found = survivors(&with_examples(parts, &[examples, &[further]].concat()));
    assert!(
        !found.iter().any(|found| found == expected),
        "{parts}{found:#?}"
    );
}

const ALONE: &str =
    "Add an example that this requirement alone holds up; or remove it, if another says the same";

#[test]
fn a_requirement_that_is_left_out() {
    noticed_by(
        "require:\n  - present: doc.owner\n",
        &[("pass", "owner: a")],
        &format!("doc.owner | the requirement is left out | {ALONE}"),
        ("fail", "owner:"),
    );
    // It fails only where the other does.
    noticed_by(
        "require:\n  - present: doc.launch.date\n  - has(doc.launch.on_call)\n",
        &[
            ("pass", "launch: { date: 2026-01-01, on_call: {} }"),
            ("fail", "id: x"),
        ],
        &format!("has(doc.launch.on_call) | the second requirement is left out | {ALONE}"),
        ("fail", "launch: { date: 2026-01-01 }"),
    );
    noticed_by(
        "require:\n  - present: doc.launch.date\n  - present: doc.launch.on_call.rota\n",
        &[
            ("pass", "launch: { date: 2026-01-01, on_call: { rota: a } }"),
            ("fail", "id: x"),
        ],
        &format!("doc.launch.date | the first requirement is left out | {ALONE}"),
        ("fail", "launch: { on_call: { rota: a } }"),
    );
    noticed_by(
        "require:\n  - schema: { at: doc.owner, is: { pattern: '^[a-z]+$' } }\n",
        &[("pass", "owner: a")],
        &format!("doc.owner | the requirement is left out | {ALONE}"),
        ("fail", "owner: A"),
    );
}

#[test]
fn a_requirement_that_is_negated() {
    for (requirement, written, what) in [
        ("present: doc.owner", "doc.owner", "wants `doc.owner` blank"),
        (
            "doc.owner == 'a' // note",
            "doc.owner == 'a' // note",
            "is negated",
        ),
        (
            "schema: { at: doc.owner, is: { const: a } }",
            "doc.owner",
            "is negated",
        ),
    ] {
        noticed_by(
            &format!("require:\n  - {requirement}\n"),
            &[],
            &format!("{written} | the requirement {what} | Add an example that passes"),
            ("pass", "owner: a"),
        );
    }
}

#[test]
fn conditions_that_are_left_out() {
    noticed_by(
        "when: doc.risk_tier == 'high'\nrequire:\n  - present: doc.owner\n",
        &[
            ("pass", "{ risk_tier: high, owner: a }"),
            ("fail", "{ risk_tier: high }"),
        ],
        "doc.risk_tier == 'high' | `when` is left out | \
         Add an example that is `not_applicable` and would fail without it",
        ("not_applicable", "{ risk_tier: minimal }"),
    );
    noticed_by(
        "for_each: doc.data\nwhere: item.personal\nrequire:\n  - present: item.retention\n",
        &[
            (
                "pass",
                "data: [{ personal: true, retention: P1Y }, { personal: false, retention: P1Y }]",
            ),
            ("fail", "data: [{ personal: true }]"),
        ],
        "item.personal | `where` is left out | \
         Add an example with an element that it leaves out and that would fail",
        (
            "pass",
            "data: [{ personal: true, retention: P1Y }, { personal: false }]",
        ),
    );
}

#[test]
fn lists_that_admit_everything() {
    let help = "Add an example with a value that is not in the list";
    noticed_by(
        "require:\n  - doc.owner in ['a', 'b']\n",
        // What is missing is in no list, so this one says nothing of the list.
        &[("pass", "owner: a"), ("fail", "id: x")],
        &format!("['a', 'b'] | `in ['a', 'b']` admits everything | {help}"),
        ("fail", "owner: c"),
    );
    noticed_by(
        "params:\n  free: { type: list, default: [a], description: Free }\n\
         for_each: doc.data\nwhere: \"!(item.name in params.free)\"\nrequire:\n  - present: item.retention\n",
        &[("not_applicable", "data: [{ name: a }]")],
        &format!("params.free | `in params.free` admits everything | {help}"),
        ("fail", "data: [{ name: b }]"),
    );
}

#[test]
fn bounds_that_are_stricter_or_less_strict() {
    for (operator, other, fails) in [
        ("<=", "<", false),
        ("<", "<=", true),
        (">=", ">", false),
        (">", ">=", true),
    ] {
        let document = "{ prioritisation: { rice: { reach: 3.0, effort: 3 } } }";
        noticed_by(
            &format!(
                "require:\n  - doc.prioritisation.rice.reach {operator} doc.prioritisation.rice.effort\n"
            ),
            &[
                (
                    if operator.starts_with('<') {
                        "pass"
                    } else {
                        "fail"
                    },
                    "{ prioritisation: { rice: { reach: 1, effort: 3 } } }",
                ),
                (
                    if operator.starts_with('<') {
                        "fail"
                    } else {
                        "pass"
                    },
                    "{ prioritisation: { rice: { reach: 5, effort: 3 } } }",
                ),
            ],
            &format!(
                "{operator} | `{operator}` becomes `{other}` | Add an example exactly at the bound"
            ),
            (if fails { "fail" } else { "pass" }, document),
        );
    }
}

#[test]
fn numbers_a_step_further() {
    // Which value tells `x <= 3` from `x <= 4`, and so on for every operator and direction.
    for (comparison, literal, moved, exactly, outcome) in [
        ("doc.tech_debt.budget_percent <= 3", "3", "4", "4", "fail"),
        ("doc.tech_debt.budget_percent <= 3", "3", "2", "3", "pass"),
        ("doc.tech_debt.budget_percent < 3", "3", "4", "3", "fail"),
        ("doc.tech_debt.budget_percent < 3", "3", "2", "2", "pass"),
        ("doc.tech_debt.budget_percent >= 3", "3", "4", "3", "pass"),
        ("doc.tech_debt.budget_percent >= 3", "3", "2", "2", "fail"),
        (
            "doc.tech_debt.budget_percent > 0.5",
            "0.5",
            "0.6",
            "0.6",
            "pass",
        ),
        (
            "doc.tech_debt.budget_percent > 0.5",
            "0.5",
            "0.4",
            "0.5",
            "fail",
        ),
        ("3 <= doc.tech_debt.budget_percent", "3", "2", "2", "fail"),
        ("3 < doc.tech_debt.budget_percent", "3", "4", "4", "pass"),
    ] {
        let low = if comparison.contains('>') || comparison.starts_with('3') {
            ["fail", "pass"]
        } else {
            ["pass", "fail"]
        };
        noticed_by(
            &format!("require:\n  - {comparison}\n"),
            &[
                (low[0], "tech_debt: { budget_percent: 0 }"),
                (low[1], "tech_debt: { budget_percent: 90 }"),
            ],
            &format!(
                "{literal} | `{literal}` becomes `{moved}` | Add an example exactly at {exactly}"
            ),
            (
                outcome,
                &format!("tech_debt: {{ budget_percent: {exactly} }}"),
            ),
        );
    }
}

#[test]
fn of_whole_numbers_the_other_strictness_is_the_same_as_a_step() {
    let rule = "require:\n  - size(doc.jurisdictions) > 0\nexamples: []\n";
    let found = survivors(rule);
    assert!(found.iter().any(|found| found.contains("`0` becomes `-1`")));
    assert!(found.iter().any(|found| found.contains("`0` becomes `1`")));
    assert!(
        !found.iter().any(|found| found.contains("`>=`")),
        "{found:?}"
    );
}

#[test]
fn parameters_a_step_further() {
    let param = |ty: &str, default: &str, expression: &str| {
        format!(
            "params:\n  limit: {{ type: {ty}, default: {default}, description: Limit }}\n\
             require:\n  - {expression}\n"
        )
    };
    let percent = "doc.tech_debt.budget_percent <= params.limit";
    let rollback = "days(doc.launch.rollback.time_to_disable) <= days(params.limit)";
    let date = "date(doc.launch.date) >= date(params.limit)";
    for (ty, default, expression, what, help, further) in [
        (
            "integer",
            "3",
            percent,
            "4 instead of 3",
            "4",
            ("fail", "tech_debt: { budget_percent: 4 }"),
        ),
        (
            "number",
            "0.8",
            percent,
            "0.7 instead of 0.8",
            "0.8",
            ("pass", "tech_debt: { budget_percent: 0.8 }"),
        ),
        (
            "duration",
            "P30D",
            rollback,
            "P31D instead of P30D",
            "P31D",
            ("fail", "launch: { rollback: { time_to_disable: P31D } }"),
        ),
        (
            "duration",
            "P2Y",
            rollback,
            "a day less than P2Y",
            "P2Y",
            ("pass", "launch: { rollback: { time_to_disable: P2Y } }"),
        ),
        (
            "duration",
            "PT1H",
            rollback,
            "PT2H instead of PT1H",
            "PT2H",
            ("fail", "launch: { rollback: { time_to_disable: PT90M } }"),
        ),
        (
            "date",
            "2026-03-01",
            date,
            "2026-02-28 instead of 2026-03-01",
            "2026-02-28",
            ("fail", "launch: { date: 2026-02-28 }"),
        ),
    ] {
        noticed_by(
            &param(ty, default, expression),
            &[("fail", "id: x")],
            &format!("{default} | `params.limit` is {what} | Add an example exactly at {help}"),
            further,
        );
    }
    // As part of a sum the bound is another number than the parameter.
    noticed_by(
        &param(
            "number",
            "0.5",
            "doc.tech_debt.budget_percent <= 2 * params.limit",
        ),
        &[("fail", "id: x")],
        "0.5 | `params.limit` is 0.4 instead of 0.5 | \
         Add an example that the one admits and the other does not",
        ("pass", "tech_debt: { budget_percent: 1.0 }"),
    );
    // An example that sets the parameter says nothing of its default.
    let rule = param("integer", "3", percent);
    let own =
        "  - name: own\n    pass: { tech_debt: { budget_percent: 3 } }\n    params: { limit: 3 }\n";
    let found = survivors(&format!("{rule}examples:\n{own}"));
    assert!(
        found.iter().any(|found| found.contains("2 instead of 3")),
        "{found:?}"
    );
}

#[test]
fn dates_and_durations_that_stand_in_the_expression() {
    noticed_by(
        "require:\n  - days(doc.launch.rollback.time_to_disable) <= days('P2Y')\n",
        &[("fail", "id: x")],
        "days('P2Y') | `days('P2Y')` is a day less | \
         Add an example exactly at days('P2Y')",
        ("pass", "launch: { rollback: { time_to_disable: P2Y } }"),
    );
    noticed_by(
        "require:\n  - date(doc.launch.date) < date('2026-12-31')\n",
        &[("fail", "id: x")],
        "date('2026-12-31') | `date('2026-12-31')` becomes `date('2027-01-01')` | \
         Add an example exactly at date('2026-12-31')",
        ("fail", "launch: { date: 2026-12-31 }"),
    );
}

#[test]
fn bounds_of_conditions_and_lists_count_too() {
    let found = survivors(
        "when: size(doc.models) > 1\nfor_each: doc.kpis.filter(k, k.target > 5)\n\
         where: item.target <= 100.0\nrequire:\n  - present: item.unit\nexamples: []\n",
    );
    let bounds: Vec<_> = found
        .iter()
        .filter(|found| found.contains("becomes"))
        .collect();
    assert_eq!(bounds.len(), 2 + 3 + 3, "{found:#?}");
}

#[test]
fn mutants_stand_in_the_order_of_the_rule_and_say_who_notices() {
    let (survivors, report) = judged(
        "params:\n  limit: { type: integer, default: 3, description: Limit }\n\
         when: doc.risk_tier == 'high'\nrequire:\n  - present: doc.owner\n\
         \x20 - doc.tech_debt.budget_percent <= params.limit\nexamples:\n\
         \x20 - name: at the limit\n    pass: { risk_tier: high, owner: a, tech_debt: { budget_percent: 3 } }\n\
         \x20 - name: over\n    fail: { risk_tier: high, owner: a, tech_debt: { budget_percent: 4 } }\n\
         \x20 - name: nobody\n    fail: { risk_tier: high, tech_debt: { budget_percent: 3 } }\n\
         \x20 - name: nothing at stake\n    not_applicable: { risk_tier: minimal }\n",
    );
    assert_eq!(survivors, Vec::<String>::new());
    let mutants = report.rules[0].mutants.as_deref().unwrap_or_default();
    let listed: Vec<_> = mutants
        .iter()
        .map(|mutant| {
            (
                &*mutant.what,
                mutant.noticed_by.as_deref().unwrap_or("nobody"),
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("`when` is left out", "nothing at stake"),
            ("the first requirement is left out", "nobody"),
            (
                "the first requirement wants `doc.owner` blank",
                "at the limit"
            ),
            ("the second requirement is left out", "over"),
            ("the second requirement is negated", "at the limit"),
            ("`<=` becomes `<`", "at the limit"),
            ("`params.limit` is 4 instead of 3", "over"),
            ("`params.limit` is 2 instead of 3", "at the limit"),
        ]
    );
    assert_eq!(report.mutants(), 8);
}

#[test]
fn a_rule_whose_examples_fail_is_not_judged() {
    let rule =
        "require:\n  - present: doc.owner\nexamples:\n  - name: a\n    pass: { owner: TBD }\n";
    let report = tested(rule).0;
    assert_eq!(
        (report.failed(), report.mutants(), report.survived()),
        (1, 0, 0)
    );
    assert_eq!(report.rules[0].mutants, None);
    let said: Vec<_> = report
        .findings
        .iter()
        .map(|found| found.rule.as_str())
        .collect();
    assert!(said.contains(&"policy/unjudged-mutants"), "{said:?}");
    assert!(!report.is_success());
}

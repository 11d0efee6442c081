//! The whole output: what stands around the findings.

use insta::assert_snapshot;

use crate::finding::{Finding, Outcome, Report, Severity, Stage, Summary, Verdict};
use crate::render::fixture::{
    card, document, on, outcomes, report, retention, rule, spec, threshold,
};
use crate::render::summary_line;
use crate::render::terminal::{TerminalOptions, render};

fn plain() -> TerminalOptions {
    TerminalOptions::default()
}

fn verbose() -> TerminalOptions {
    TerminalOptions {
        verbose: true,
        ..plain()
    }
}

fn two_documents() -> Report {
    let mut report = report(vec![retention()], &[spec(), card(), rule()]);
    report.outcomes = vec![
        outcomes(
            document("model-card", "score", "cards/score.yaml"),
            &[
                ("core/owner", Outcome::Pass),
                ("fairness/threshold", Outcome::Pass),
            ],
        ),
        outcomes(
            document("feature-spec", "instant-credit", "specs/credit.yaml"),
            &[
                ("core/owner", Outcome::Pass),
                ("launch/rollback", Outcome::NotApplicable),
                ("privacy/retention-limit", Outcome::Fail),
                ("privacy/transfers", Outcome::NotApplicable),
            ],
        ),
    ];
    report
}

/// What follows the findings.
fn tail(text: &str) -> &str {
    text.rsplit_once("approval.\n\n")
        .map_or(text, |(_, tail)| tail)
}

#[test]
fn a_failing_run() {
    assert_snapshot!(tail(&render(&two_documents(), &plain())), @r"
    pass   cards/score.yaml   model-card score (in-review): 2 passed
    fail   specs/credit.yaml  feature-spec instant-credit (in-review): 1 passed, 1 failed; 1 blocking

    help: `launchgate explain privacy/retention-limit` says why a rule is there and what passes it

    launchgate: FAIL  2 documents, 24 rules: 31 passed, 2 failed, 0 unknown, 7 not applicable, 0 waived; 2 blocking, 1 later (as of 2026-11-22, stage: each document's own, policies sha256:1234abcd1234)
    ");
}

#[test]
fn verbose_adds_what_did_not_apply_and_every_notice() {
    let mut report = two_documents();
    report.notices = (1..=6)
        .map(|n| format!("rule `a/{n}` matched no document"))
        .collect();
    assert_snapshot!(tail(&render(&report, &verbose())), @r"
    notice: rule `a/1` matched no document
    notice: rule `a/2` matched no document
    notice: rule `a/3` matched no document
    notice: rule `a/4` matched no document
    notice: rule `a/5` matched no document
    notice: rule `a/6` matched no document

    pass   cards/score.yaml   model-card score (in-review): 2 passed
    fail   specs/credit.yaml  feature-spec instant-credit (in-review): 1 passed, 1 failed, 2 not applicable; 1 blocking
           not applicable: launch/rollback, privacy/transfers

    help: `launchgate explain privacy/retention-limit` says why a rule is there and what passes it

    launchgate: FAIL  2 documents, 24 rules: 31 passed, 2 failed, 0 unknown, 7 not applicable, 0 waived; 2 blocking, 1 later (as of 2026-11-22, stage: each document's own, policies sha256:1234abcd1234)
    ");
    assert!(
        render(&report, &plain())
            .contains("matched no document\n3 more notices; `--verbose` shows them\n")
    );
}

#[test]
fn a_passing_run() {
    let mut report = two_documents();
    report.findings.clear();
    report.verdict = Verdict::Pass;
    report.summary = Summary {
        documents: 2,
        rules: 24,
        pass: 31,
        ..Summary::default()
    };
    report.stage = Some(Stage::Launched);
    report.fail_on = Severity::Warning;
    assert_snapshot!(render(&report, &plain()), @r"
    pass   cards/score.yaml   model-card score (in-review): 2 passed
    pass   specs/credit.yaml  feature-spec instant-credit (in-review): 1 passed, 1 failed

    launchgate: PASS  2 documents, 24 rules: 31 passed, 0 failed, 0 unknown, 0 not applicable, 0 waived; 0 blocking, 0 later (as of 2026-11-22, stage: launched, fail on: warning, policies sha256:1234abcd1234)
    ");
}

#[test]
fn quiet_is_the_summary_line_alone() {
    let report = two_documents();
    let options = TerminalOptions {
        quiet: true,
        ..plain()
    };
    assert_eq!(render(&report, &options), summary_line(&report) + "\n");
}

#[test]
fn the_last_line_is_the_summary_line_in_every_mode() {
    let report = two_documents();
    for options in [plain(), verbose()] {
        let text = render(&report, &options);
        assert_eq!(text.lines().last(), Some(summary_line(&report).as_str()));
    }
}

#[test]
fn an_input_error_concludes_nothing() {
    let rule = rule();
    let mut report = two_documents();
    report.findings = vec![Finding::new(
        "policy/unknown-path",
        "`item.retnetion` is no field of `data[]`; did you mean `retention`?",
        on(&rule, "item.retention", ""),
    )];
    report.verdict = Verdict::Error;
    report.summary = Summary::default();
    report.policy_digest.clear();
    assert_snapshot!(render(&report, &plain()), @r"
    error[policy/unknown-path]: `item.retnetion` is no field of `data[]`; did you mean `retention`?
       ╭─[policies/privacy/retention-limit.yaml:3:14]
     2 │ require:
     3 │   - present: item.retention
       ·              ──────────────
     4 │   - days(item.retention) <= days(params.limit)
       ╰────

    error: nothing may be concluded: what the gate was given cannot be used
      help: Mend the errors above, then run again

    launchgate: ERROR  nothing may be concluded until 1 input error is mended; 0 documents, 0 rules: 0 passed, 0 failed, 0 unknown, 0 not applicable, 0 waived; 0 blocking, 0 later (as of 2026-11-22, stage: each document's own, no policies)
    ");
}

#[test]
fn nothing_checked_says_what_to_do() {
    let mut report = report(Vec::new(), &[]);
    report.verdict = Verdict::NothingChecked;
    report.summary = Summary::default();
    report.summary.rules = 24;
    assert_snapshot!(render(&report, &plain()), @r"
    error: nothing was checked: no document was recognized
      help: Name a file or folder with a feature spec or a model card, or write `kind: feature-spec` or
            `kind: model-card` into the document; `launchgate schema feature-spec` shows its keys

    launchgate: NOTHING CHECKED  no document was recognized; 0 documents, 24 rules: 0 passed, 0 failed, 0 unknown, 0 not applicable, 0 waived; 0 blocking, 0 later (as of 2026-11-22, stage: each document's own, policies sha256:1234abcd1234)
    ");
    report.summary.documents = 1;
    report.summary.rules = 0;
    assert!(
        summary_line(&report)
            .starts_with("launchgate: NOTHING CHECKED  no rule is active; 1 document, 0 rules: ")
    );
    report.summary.rules = 3;
    assert!(
        render(&report, &plain())
            .starts_with("error: nothing was checked: no rule applies to any document\n")
    );
}

#[test]
fn a_document_whose_file_has_a_blocking_finding_does_not_pass() {
    let mut report = two_documents();
    let card = card();
    let mut unread = Finding::new(
        "document/syntax",
        "a bracket is not closed",
        on(&card, "{", ""),
    );
    unread.blocking = true;
    report.findings.push(unread);
    let text = render(&report, &plain());
    assert!(
        text.contains(
            "\nfail   cards/score.yaml   model-card score (in-review): 2 passed; 1 blocking\n"
        ),
        "{text}"
    );
}

#[test]
fn later_and_warnings_are_told_apart() {
    let mut report = two_documents();
    let mut later = threshold().with_blocks_from(Stage::Launched);
    later.document = Some(document("model-card", "score", "cards/score.yaml"));
    let mut warning = later.clone().with_severity(Severity::Warning);
    warning.blocks_from = None;
    report.findings = vec![later, warning];
    let text = render(&report, &plain());
    assert!(text.contains("later  cards/score.yaml   model-card score (in-review): 2 passed; 1 later, 1 not blocking\n"), "{text}");
    assert!(
        text.contains("pass   specs/credit.yaml  feature-spec"),
        "{text}"
    );
}

#[test]
fn many_documents_are_counted_unless_verbose() {
    let mut report = two_documents();
    let last = report.outcomes.pop().unwrap();
    for n in 0..30 {
        let mut document = report.outcomes[0].clone();
        document.document.path = format!("cards/{n}.yaml").into();
        report.outcomes.push(document);
    }
    report.outcomes.push(last);
    let text = render(&report, &plain());
    assert!(
        text.contains(
            "\ndocuments: 31 pass, 1 fail, 0 will fail at a later stage; `--verbose` lists them\n"
        ),
        "{text}"
    );
    assert!(render(&report, &verbose()).contains("\npass   cards/29.yaml"));
}

#[test]
fn the_line_of_a_rule_is_shown_once_unless_verbose() {
    let report = report(vec![retention(), retention()], &[spec(), rule()]);
    assert_eq!(
        render(&report, &plain())
            .matches("required by this rule")
            .count(),
        1
    );
    assert_eq!(
        render(&report, &verbose())
            .matches("required by this rule")
            .count(),
        2
    );
}

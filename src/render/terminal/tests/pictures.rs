//! One finding a picture.

use insta::assert_snapshot;

use super::{picture, picture_with};
use crate::finding::{Finding, Outcome, Severity, Stage};
use crate::render::fixture::{at, card, document, file, on, retention, rule, spec, threshold};
use crate::render::terminal::TerminalOptions;

#[test]
fn a_finding_with_the_line_of_its_rule() {
    assert_snapshot!(picture(&retention(), &[spec(), rule()]), @r"
    error[privacy/retention-limit]: `income` is kept for P10Y; the limit is P2Y
       ╭─[specs/credit.yaml:7:16]
     6 │     personal: true
     7 │     retention: P10Y
       ·                ──┬─
       ·                  ╰── `retention` is P10Y
       ╰────
       ╭─[policies/privacy/retention-limit.yaml:4:5]
     4 │   - days(item.retention) <= days(params.limit)
       ·     ─────────────────────┬────────────────────
       ·                          ╰── required by this rule
       ╰────
      controls: gdpr:5(1)(e)
      help: Shorten the retention, or record a waiver with counsel's approval.
    ");
}

#[test]
fn ascii() {
    let options = TerminalOptions {
        unicode: false,
        ..TerminalOptions::default()
    };
    assert_snapshot!(picture_with(&retention(), &[spec(), rule()], &options), @r"
    error[privacy/retention-limit]: `income` is kept for P10Y; the limit is P2Y
       ,-[specs/credit.yaml:7:16]
     6 |     personal: true
     7 |     retention: P10Y
       :                ^^^^
       :                  `-- `retention` is P10Y
       `----
       ,-[policies/privacy/retention-limit.yaml:4:5]
     4 |   - days(item.retention) <= days(params.limit)
       :     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       :                          `-- required by this rule
       `----
      controls: gdpr:5(1)(e)
      help: Shorten the retention, or record a waiver with counsel's approval.
    ");
}

#[test]
fn operands_on_near_lines_share_a_box() {
    assert_snapshot!(picture(&threshold(), &[card()]), @r"
    error[fairness/threshold]: the demographic parity ratio of 0.72 is below its threshold of 0.8
       ╭─[cards/score.yaml:6:14]
     5 │     - metric: demographic_parity_ratio
     6 │       value: 0.72
       ·              ──┬─
       ·                ╰── `value` is 0.72
     7 │       threshold: { min: 0.8, set_on: 2026-05-02 }
       ·                         ─┬─
       ·                          ╰── `threshold.min` is 0.8
       ╰────
    ");
}

#[test]
fn two_operands_on_one_line() {
    let card = card();
    let finding = Finding::new(
        "fairness/threshold-first",
        "the threshold was set after the evaluation",
        on(&card, "2026-05-02", "`set_on` is 2026-05-02"),
    )
    .with_related(on(&card, "0.8", "`min` is 0.8"));
    assert_snapshot!(picture(&finding, &[card]), @r"
    error[fairness/threshold-first]: the threshold was set after the evaluation
       ╭─[cards/score.yaml:7:38]
     6 │       value: 0.72
     7 │       threshold: { min: 0.8, set_on: 2026-05-02 }
       ·                         ─┬─          ─────┬────
       ·                          │                ╰── `set_on` is 2026-05-02
       ·                          ╰── `min` is 0.8
       ╰────
    ");
}

#[test]
fn the_box_of_the_finding_comes_first_and_far_labels_follow() {
    let (spec, card) = (spec(), card());
    let finding = Finding::new(
        "launch/model-card-passes",
        "the model behind `instant-credit` does not pass its own checks",
        on(&card, "0.72", "this is below the threshold"),
    )
    .with_related(on(&card, "model-card", "in this card"))
    .with_related(on(&spec, "instant-credit", "which this spec launches"))
    .with_note("a spec is as ready as the models that it launches");
    assert_snapshot!(picture(&finding, &[spec, card]), @r"
    error[launch/model-card-passes]: the model behind `instant-credit` does not pass its own checks
       ╭─[cards/score.yaml:6:14]
     5 │     - metric: demographic_parity_ratio
     6 │       value: 0.72
       ·              ──┬─
       ·                ╰── this is below the threshold
     7 │       threshold: { min: 0.8, set_on: 2026-05-02 }
       ╰────
       ╭─[cards/score.yaml:1:7]
     1 │ kind: model-card
       ·       ─────┬────
       ·            ╰── in this card
     2 │ id: score
       ╰────
       ╭─[specs/credit.yaml:2:5]
     1 │ kind: feature-spec
     2 │ id: instant-credit
       ·     ───────┬──────
       ·            ╰── which this spec launches
     3 │ status: in-review
       ╰────
      note: a spec is as ready as the models that it launches
    ");
}

#[test]
fn unknown_and_later() {
    let mut finding = threshold()
        .with_outcome(Outcome::Unknown)
        .with_blocks_from(Stage::Approved);
    finding.message = "`threshold.min` is missing".into();
    finding.related.clear();
    let head = |finding: &Finding| {
        let picture = picture(finding, &[card()]);
        picture.lines().next().unwrap().to_owned()
    };
    assert_snapshot!(head(&finding), @"error[fairness/threshold] (could not be decided; will block at approved): `threshold.min` is missing");
    finding.outcome = Outcome::Fail;
    assert_snapshot!(head(&finding), @"error[fairness/threshold] (will block at approved): `threshold.min` is missing");
    finding.severity = Severity::Warning;
    assert_snapshot!(head(&finding), @"warning[fairness/threshold]: `threshold.min` is missing");
    finding.severity = Severity::Error;
    finding.outcome = Outcome::Unknown;
    finding.blocking = true;
    assert_snapshot!(head(&finding), @"error[fairness/threshold] (could not be decided): `threshold.min` is missing");
}

#[expect(clippy::unicode_not_nfc, reason = "the picture shows a combining mark")]
#[test]
fn windows_line_ends_tabs_and_wide_characters() {
    let source = file(
        0,
        "名前.yaml",
        "a: 1\r\n\tname:\t名前 😀\tx\r\nb: e\u{301}é 2\r\n",
    );
    let finding = Finding::new(
        "a/b",
        "`名前 😀` is no name",
        on(&source, "名前 😀", "é 名"),
    )
    .with_related(on(&source, "x", "behind a tab"))
    .with_related(on(&source, "2", "behind a combining mark"));
    assert_snapshot!(picture(&finding, &[source]), @r"
    error[a/b]: `名前 😀` is no name
       ╭─[名前.yaml:2:8]
     1 │ a: 1
     2 │     name:   名前 😀 x
       ·             ───┬─── ┬
       ·                │    ╰── behind a tab
       ·                ╰── é 名
     3 │ b: éé 2
       ·       ┬
       ·       ╰── behind a combining mark
       ╰────
    ");
}

#[test]
fn the_end_of_the_file() {
    let source = file(0, "a.yaml", "kind: model-card\nname:");
    let eof = Finding::new(
        "document/syntax",
        "a value is missing",
        at(&source, 22, 22, "here"),
    );
    assert_snapshot!(picture(&eof, &[source]), @r"
    error[document/syntax]: a value is missing
       ╭─[a.yaml:2:6]
     1 │ kind: model-card
     2 │ name:
       ·      ┬
       ·      ╰── here
       ╰────
    ");
    let source = file(0, "a.yaml", "kind: model-card\nname:\n");
    let eof = Finding::new(
        "document/syntax",
        "the text ends here",
        at(&source, 23, 23, "here"),
    );
    assert_snapshot!(picture(&eof, &[source]), @r"
    error[document/syntax]: the text ends here
       ╭─[a.yaml:3:1]
     2 │ name:
     3 │
       · ┬
       · ╰── here
       ╰────
    ");
}

#[test]
fn an_empty_file_has_a_place_but_no_lines() {
    let source = file(0, "empty.yaml", "");
    let finding = Finding::new(
        "document/empty",
        "the file is empty",
        at(&source, 0, 0, "nothing here"),
    )
    .with_help("Write `launchgate new model-card` to start one.");
    assert_snapshot!(picture(&finding, &[source]), @r"
    error[document/empty]: the file is empty
       ╭─[empty.yaml:1:1]
       ╰────
      note: nothing here
      help: Write `launchgate new model-card` to start one.
    ");
}

#[test]
fn a_file_that_is_not_at_hand() {
    let (spec, card) = (spec(), card());
    let mut finding = Finding::new("a/b", "message", on(&spec, "P10Y", "`retention` is P10Y"))
        .with_related(on(&card, "0.72", "`value` is 0.72"));
    finding.document = Some(document("feature-spec", "x", "specs/credit.yaml"));
    assert_snapshot!(picture(&finding, std::slice::from_ref(&card)), @r"
    error[a/b]: message
       ╭─[specs/credit.yaml]
       ╰────
       ╭─[cards/score.yaml:6:14]
     5 │     - metric: demographic_parity_ratio
     6 │       value: 0.72
       ·              ──┬─
       ·                ╰── `value` is 0.72
     7 │       threshold: { min: 0.8, set_on: 2026-05-02 }
       ╰────
      note: `retention` is P10Y
    ");
    finding.document = None;
    assert_snapshot!(picture(&finding, &[]), @r"
    error[a/b]: message
      note: `retention` is P10Y
      note: `value` is 0.72
    ");
}

#[test]
fn equal_and_crossing_ranges_become_notes() {
    let card = card();
    let finding = Finding::new(
        "a/b",
        "message",
        on(&card, "{ min: 0.8, set_on", "the threshold"),
    )
    .with_related(on(&card, "min: 0.8", "the lowest value"))
    .with_related(on(&card, "0.8", "`min` is 0.8"))
    .with_related(on(&card, "min: 0.8", "said twice"))
    .with_related(on(&card, "min: 0.8", "the lowest value"));
    assert_snapshot!(picture(&finding, &[card]), @r"
    error[a/b]: message
       ╭─[cards/score.yaml:7:18]
     6 │       value: 0.72
     7 │       threshold: { min: 0.8, set_on: 2026-05-02 }
       ·                  ─┬────┬───
       ·                   │    ╰── the lowest value
       ·                   ╰── the threshold
       ╰────
      note: `min` is 0.8 (cards/score.yaml:7:25)
      note: said twice (cards/score.yaml:7:20)
    ");
}

#[test]
fn a_block_is_labelled_on_its_first_line() {
    let card = card();
    let block = "assessments:\n    - metric: demographic_parity_ratio\n      value: 0.72";
    let finding = Finding::new("a/b", "message", on(&card, block, "none of them passes"));
    assert_snapshot!(picture(&finding, &[card]), @r"
    error[a/b]: message
       ╭─[cards/score.yaml:4:3]
     3 │ fairness:
     4 │   assessments:
       ·   ──────┬─────
       ·         ╰── none of them passes
     5 │     - metric: demographic_parity_ratio
       ╰────
    ");
}

#[test]
fn a_label_out_of_bounds() {
    let source = file(0, "a.yaml", "é: 1\nb: 2");
    let finding = Finding::new("a/b", "message", at(&source, 1, 1, "inside a character"))
        .with_related(at(&source, 900, 1000, "behind the end"));
    assert_snapshot!(picture(&finding, &[source]), @r"
    error[a/b]: message
       ╭─[a.yaml:1:1]
     1 │ é: 1
       · ┬
       · ╰── inside a character
     2 │ b: 2
       ·     ┬
       ·     ╰── behind the end
       ╰────
    ");
}

#[test]
fn a_minified_line_is_seen_through_windows() {
    let pad = |count| "\"k\":[1,2],".repeat(count);
    let text = format!(
        "{{{}\"value\":0.72,{}\"min\":0.8,\"n\":3}}",
        pad(5000),
        pad(5000)
    );
    let source = file(0, "build/card.json", &text);
    let finding = Finding::new("a/b", "message", on(&source, "0.72", "`value` is 0.72"))
        .with_related(on(&source, "0.8", "`min` is 0.8, which is more than the value that was measured, so that it does not hold"));
    assert_snapshot!(picture(&finding, &[source]), @r#"
    error[a/b]: message
       ╭─[build/card.json:1:50010]
     1 │ …1,2],"k":[1,2],"value":0.72,"k":[1,2],"k":[1,2],"k":[1,2],"k":[1,2],"k":[…
       ·                         ──┬─
       ·                           ╰── `value` is 0.72
       ╰────
       ╭─[build/card.json:1:100021]
     1 │ …:[1,2],"k":[1,2],"k":[1,2],"k":[1,2],"k":[1,2],"k":[1,2],"min":0.8,"n":3}
       ·                                                                 ─┬─
       ·                                                                  ╰─┤ `min` is 0.8, which is more than
       ·                                                                    │ the value that was measured, so
       ·                                                                    │ that it does not hold
       ╰────
    "#);
}

#[test]
fn a_narrow_terminal_counts_as_sixty_columns() {
    let options = TerminalOptions {
        width: 12,
        color: true,
        ..TerminalOptions::default()
    };
    let finding = retention();
    let picture = super::without_colors(&picture_with(&finding, &[spec(), rule()], &options));
    assert!(
        picture
            .lines()
            .skip(1)
            .all(|line| line.chars().count() <= 60),
        "{picture}"
    );
    assert!(
        picture.contains("waiver with\n        counsel's approval."),
        "{picture}"
    );
}

#[test]
fn many_places_are_cut_short() {
    let source = file(0, "a.yaml", &"- x: 1\n".repeat(40));
    let mut finding = Finding::new("a/b", "message", at(&source, 0, 1, "the list"));
    for line in 0..20 {
        finding = finding.with_related(at(&source, line * 7 + 2, line * 7 + 3, "this one"));
    }
    let picture = picture(&finding, &[source]);
    assert_eq!(picture.matches("── this one").count(), 8, "{picture}");
    assert!(picture.contains("  note: 12 more places, listed by `--output json`\n"));
}

#[test]
fn long_values_do_not_flood() {
    let spec = spec();
    let long = "0123456789 ".repeat(100_000);
    let finding = Finding::new("a/b", long.clone(), on(&spec, "P10Y", &long))
        .with_note(long.clone())
        .with_help("x".repeat(1_000_000));
    let picture = picture(&finding, &[spec]);
    assert!(picture.len() < 16_000, "{}", picture.len());
}

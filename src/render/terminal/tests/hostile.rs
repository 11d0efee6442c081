//! Text from elsewhere never steers the terminal, the build runner or the reader.

use proptest::prelude::*;
use proptest::sample::select;

use super::{picture, without_colors};
use crate::finding::{Finding, Outcome, Report, Severity, Stage, Verdict};
use crate::render::fixture::{at, document, file, on, outcomes, report};
use crate::render::terminal::{TerminalOptions, render};
use crate::render::{json, summary_line};
use crate::source::is_unsafe_to_display;

#[test]
fn escapes_in_source_path_and_message_are_shown_and_not_obeyed() {
    let source = file(
        0,
        "a\u{1b}[31m\u{202E}\n.yaml",
        "x: \u{1b}[2J\u{202E}name\u{85} # é\n",
    );
    let finding = Finding::new(
        "a/b",
        "bad\u{1b}]8;;http://x\u{7} value\nlaunchgate: PASS",
        on(&source, "name", "\u{2066}label\u{1b}c"),
    )
    .with_note("one\n::error::two\u{200B}")
    .with_help("\u{9b}31mhelp");
    insta::assert_snapshot!(picture(&finding, &[source]), @r"
    error[a/b]: bad�]8;;http://x� value launchgate: PASS
       ╭─[a�[31m� .yaml:1:9]
     1 │ x: ?[2J�name¿ # é
       ·         ──┬─
       ·           ╰── �label�c
       ╰────
      note: one
            | ::error::two�
      help: �31mhelp
    ");
}

fn text() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a",
        "key: ",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\u{1b}[2J",
        "\u{1b}]0;x\u{7}",
        "\u{9b}31m",
        "\u{202E}",
        "\u{2028}",
        "\u{FEFF}",
        "\u{200D}",
        "\u{0}",
        "\u{7f}",
        "\u{85}",
        "é",
        "e\u{301}",
        "你",
        "😀",
        "👩\u{200D}💻",
        "\u{E0041}",
        "{",
        "\"",
        "\\",
        "::error::x",
        "##[group]",
        "launchgate: PASS",
        "word word word word word word word",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]);
    prop_oneof![
        8 => prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn hostile_report() -> impl Strategy<Value = Report> {
    let label = (0u32..4, 0u32..300, 0u32..40, text());
    let finding = (
        (text(), text(), text(), text(), text()),
        prop::collection::vec(label, 1..12),
        (
            select(Severity::ALL.to_vec()),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
        ),
    );
    let verdict = select(vec![
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Error,
        Verdict::NothingChecked,
    ]);
    let files = prop::collection::vec((text(), text()), 1..4);
    (files, prop::collection::vec(finding, 0..4), text(), verdict).prop_map(
        |(files, findings, name, verdict)| {
            let files: Vec<_> = files
                .iter()
                .zip(0..)
                .map(|((path, text), id)| file(id, path, text))
                .collect();
            let unknown = file(9, "nowhere", "");
            let findings = findings.into_iter().map(
                |(
                    (rule, message, note, help, control),
                    labels,
                    (severity, decided, later, blocking),
                )| {
                    let mut labels = labels.into_iter().map(|(of, start, len, text)| {
                        let file = files.get(of as usize).unwrap_or(&unknown);
                        at(file, start, start + len, &text)
                    });
                    let mut finding = Finding::new(rule.as_str(), message, labels.next().unwrap())
                        .with_severity(severity)
                        .with_note(note)
                        .with_help(help);
                    finding.policy = labels.next();
                    finding.related = labels.collect();
                    finding.controls = vec![control.as_str().into()];
                    finding.blocking = blocking;
                    if !decided {
                        finding.outcome = Outcome::Unknown;
                    }
                    if later {
                        finding.blocks_from = Some(Stage::Launched);
                    }
                    finding.document = blocking.then(|| document(&name, &name, &name));
                    finding
                },
            );
            let mut report = report(findings.collect(), &files);
            report.verdict = verdict;
            report.notices = vec![name.clone(); 5];
            report.outcomes = vec![outcomes(
                document(&name, &name, &name),
                &[
                    (name.as_str(), Outcome::NotApplicable),
                    (name.as_str(), Outcome::Pass),
                ],
            )];
            report
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_but_text_reaches_the_terminal(report in hostile_report(), width in 0usize..260, unicode: bool, verbose: bool) {
        let options = TerminalOptions { color: false, unicode, width, verbose, quiet: false };
        let plain = render(&report, &options);
        for c in plain.chars() {
            prop_assert!(c == '\n' || (c != '\t' && !is_unsafe_to_display(c)), "{c:?} in {plain}");
        }
        for line in plain.lines() {
            let start = line.trim_start();
            prop_assert!(!start.starts_with("::") && !start.starts_with("##"), "{plain}");
        }
        let summary = summary_line(&report);
        prop_assert_eq!(plain.lines().last(), Some(summary.as_str()));
        prop_assert_eq!(plain.lines().filter(|line| line.starts_with("launchgate:")).count(), 1);

        let colored = render(&report, &TerminalOptions { color: true, ..options });
        prop_assert_eq!(without_colors(&colored), plain);
    }

    #[test]
    fn json_is_valid_and_safe_and_keeps_every_character(report in hostile_report()) {
        let text = json::render(&report);
        prop_assert!(text.chars().all(|c| c == '\n' || !is_unsafe_to_display(c)), "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        json::tests::assert_valid(&value);
        for (finding, row) in report.findings.iter().zip(value["findings"].as_array().unwrap()) {
            prop_assert_eq!(row["message"].as_str().unwrap(), finding.message.as_str());
            prop_assert_eq!(row["rule"].as_str().unwrap(), finding.rule.as_str());
        }
    }
}

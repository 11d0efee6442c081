//! The report as Markdown, for the summary of a job and for a comment on a pull request.
//!
//! What documents say is text or code in it: no markup, no HTML, no image, no link, and nobody is
//! called for. Every line begins with words of ours, so that no bot takes one for a command.

mod evidence;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::finding::{DocumentRef, Finding, Report, Verdict};
use crate::source::{
    disarm, display_safe, markdown_code, markdown_inert, markdown_prose, one_line,
};

use super::finding::{Place, Weight, clip, listed, place, remarks, waiver, weight};
use super::summary;

/// Bytes of a job summary that GitHub takes, less some for what other steps of ours write.
const BYTES: usize = 1_000_000;

/// Characters of a message, and of a note or a help.
const MESSAGE: usize = 2000;

/// The report in at most a million bytes: what GitHub takes for the summary of a step.
pub fn render(report: &Report) -> String {
    render_within(report, BYTES)
}

/// As [`render`], in about `bytes` bytes: findings that have no room are left out, those that do not
/// block first, and their number is said. The head is written in any case.
pub fn render_within(report: &Report, bytes: usize) -> String {
    let mut out = head(report);
    let mut tail = tail(report);
    let tables = evidence::tables(report);
    let fits = tables.len() + tail.len() <= bytes / 4;
    tail.insert_str(
        0,
        &if fits {
            tables
        } else {
            evidence::left_out(report)
        },
    );
    let room = bytes.saturating_sub(tail.len() + LEFT_OUT);
    let groups = groups(report);
    let total = listed(report).count();
    let mut shown = 0;
    'groups: for (of, findings) in groups {
        let mut title = Some(title(of, report));
        for finding in findings {
            let text = entry(finding, report);
            let needed = text.len() + title.as_ref().map_or(0, String::len);
            if out.len() + needed > room {
                break 'groups;
            }
            if let Some(title) = title.take() {
                out.push_str(&title);
            }
            out.push_str(&text);
            shown += 1;
        }
    }
    if shown < total {
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "\n**{} more findings are not shown here**, for want of room; `launchgate check` lists them.",
            total - shown
        );
    }
    out.push_str(&tail);
    out
}

/// Bytes that the line takes which says how many findings are left out.
const LEFT_OUT: usize = 200;

fn head(report: &Report) -> String {
    let counts = &report.summary;
    let mut out = format!(
        "## launchgate: {}\n\n",
        summary::verdict_word(report.verdict)
    );
    let means = match report.verdict {
        Verdict::Pass => match counts.later {
            0 => "Nothing blocks.".to_owned(),
            1 => "Nothing blocks yet; 1 finding will at a later stage.".to_owned(),
            later => format!("Nothing blocks yet; {later} findings will at a later stage."),
        },
        Verdict::Fail => match (counts.blocking, listed(report).count()) {
            (1, 1) => "1 finding blocks.".to_owned(),
            (1, all) => format!("1 of {all} findings blocks."),
            (blocking, all) => format!("{blocking} of {all} findings block."),
        },
        Verdict::Error => "Nothing may be concluded: the gate's own input is broken.".to_owned(),
        Verdict::NothingChecked => {
            let (reason, help) = summary::nothing_checked(report);
            format!(
                "Nothing was checked: {}. {}.",
                markdown_inert(reason),
                markdown_inert(help)
            )
        }
    };
    let _ = writeln!(
        out,
        "{means}\n\n\
         | documents | rules | passed | failed | unknown | not applicable | waived | blocking | later |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n\
         | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        counts.documents,
        counts.rules,
        counts.pass,
        counts.fail,
        counts.unknown,
        counts.not_applicable,
        counts.waived,
        counts.blocking,
        counts.later,
    );
    out
}

/// The remarks, and what the run was held against.
fn tail(report: &Report) -> String {
    let mut out = String::new();
    if !report.notices.is_empty() {
        out.push_str("\n### Notices\n\n");
        for notice in &report.notices {
            let _ = writeln!(out, "- {}", markdown_prose(&one_line(notice)));
        }
    }
    let _ = writeln!(out, "\n{}", markdown_inert(&summary::summary_line(report)));
    out
}

/// The findings by what they are about, those that block first: groups as well as the findings of
/// each.
fn groups(report: &Report) -> Vec<(Option<&DocumentRef>, Vec<&Finding>)> {
    let mut by_document: BTreeMap<Option<&DocumentRef>, Vec<&Finding>> = BTreeMap::new();
    for finding in listed(report) {
        by_document
            .entry(finding.document.as_ref())
            .or_default()
            .push(finding);
    }
    let mut groups: Vec<_> = by_document.into_iter().collect();
    for (_, findings) in &mut groups {
        findings.sort_by_key(|finding| weight(finding));
    }
    groups.sort_by_key(|(_, findings)| findings.first().map(|finding| weight(finding)));
    groups
}

fn title(of: Option<&DocumentRef>, report: &Report) -> String {
    let Some(document) = of else {
        return "\n### Files and settings\n\n".to_owned();
    };
    let stage = report
        .outcomes
        .iter()
        .find(|known| known.document == *document)
        .and_then(|known| known.stage)
        .map_or_else(String::new, |stage| format!(" ({stage})"));
    format!(
        "\n### {} {} {}{stage}\n\n",
        markdown_code(&one_line(&document.path)),
        markdown_inert(&one_line(&document.kind)),
        markdown_code(&one_line(&document.id)),
    )
}

fn entry(finding: &Finding, report: &Report) -> String {
    let effect = match weight(finding) {
        Weight::Blocks => format!("**{}, blocks**", finding.severity),
        Weight::Warns | Weight::Notes => finding.severity.to_string(),
    };
    let remarks = remarks(finding, report.fail_on)
        .map_or_else(String::new, |remarks| format!(" ({remarks})"));
    let mut out = format!(
        "- {effect}{remarks} {} at {}: {}\n",
        markdown_code(&one_line(finding.rule.as_str())),
        markdown_code(&place(finding, &report.sources)),
        markdown_prose(&clip(&one_line(&finding.message), MESSAGE)),
    );
    if !finding.primary.text.is_empty() {
        remark(&mut out, "there", &finding.primary.text);
    }
    let own = Place::of(finding, &report.sources).map(|place| place.path);
    for label in finding
        .related
        .iter()
        .filter(|label| !label.text.is_empty())
    {
        let at = match Place::of_label(label, &report.sources) {
            Some(Place {
                path,
                range: Some(range),
            }) if own == Some(path) => format!("line {}", range.start.line),
            Some(place) => markdown_code(&place.to_string()),
            None => "elsewhere".to_owned(),
        };
        remark(&mut out, &at, &label.text);
    }
    for note in &finding.notes {
        remark(&mut out, "note", note);
    }
    if let Some(text) = waiver(finding) {
        remark(&mut out, "waiver", &text);
    }
    if !finding.controls.is_empty() {
        let controls: Vec<_> = finding
            .controls
            .iter()
            .map(|id| control(id, report))
            .collect();
        let _ = writeln!(out, "  - controls: {}", controls.join(", "));
    }
    if let Some(help) = &finding.help {
        remark(&mut out, "help", help);
    }
    out
}

/// A control with its title, and with its standing where it is not in force.
fn control(id: &str, report: &Report) -> String {
    let mut text = markdown_code(&one_line(id));
    if let Some(cited) = report.controls.get(id) {
        let _ = write!(text, " {}", markdown_inert(&cited.title));
        if !cited.is_in_force() {
            let _ = write!(text, " ({})", markdown_inert(&cited.standing));
        }
    }
    text
}

/// `name: text` below an entry. Indented lines, which are examples to copy, are code.
fn remark(out: &mut String, name: &str, text: &str) {
    let safe = display_safe(text);
    let safe = clip(safe.trim(), MESSAGE);
    let (mut words, mut code) = (Vec::new(), Vec::new());
    for line in safe.lines() {
        if line.starts_with([' ', '\t']) {
            let mut line = line.replace('\t', "  ");
            disarm(&mut line);
            code.push(line);
        } else {
            words.push(line);
        }
    }
    let _ = writeln!(out, "  - {name}: {}", markdown_prose(&words.join(" ")));
    if code.is_empty() {
        return;
    }
    let longest = code
        .iter()
        .flat_map(|line| line.split(|c| c != '`').map(str::len));
    let fence = "`".repeat(longest.max().unwrap_or(0).max(2) + 1);
    let _ = writeln!(out, "    {fence}");
    for line in &code {
        let _ = writeln!(out, "    {}", line.strip_prefix("  ").unwrap_or(line));
    }
    let _ = writeln!(out, "    {fence}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Outcome, Stage};
    use crate::render::fixture::{
        card, claim, document, file, on, outcomes, report, retention, sign_off, spec, threshold,
        unread_claim,
    };

    #[test]
    fn findings_stand_below_their_documents_those_that_block_first() {
        let card_document = document("model-card", "score", "cards/score.yaml");
        let mut later = threshold().with_blocks_from(Stage::Launched);
        later.outcome = Outcome::Unknown;
        later.document = Some(card_document.clone());
        let retention = retention()
            .with_note("`params.limit` is P2Y")
            .with_help("Add a limit:\n  retention: P2Y");
        let setting = Finding::new("config/name", "`x` is no config", on(&spec(), "kind", ""));
        let mut report = report(vec![later, retention, setting], &[spec(), card()]);
        report.outcomes = vec![outcomes(card_document, &[])];
        report.notices.push("a/b is turned off: no need".to_owned());
        insta::assert_snapshot!(render(&report), @r#"
        ## launchgate: FAIL

        2 of 3 findings block.

        | documents | rules | passed | failed | unknown | not applicable | waived | blocking | later |
        | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        | 2 | 24 | 31 | 2 | 0 | 7 | 0 | 2 | 1 |

        ### `specs/credit.yaml` feature-spec `instant-credit`

        - **error, blocks** `privacy/retention-limit` at `specs/credit.yaml:7:16`: `income` is kept for P10Y; the limit is P2Y
          - there: `retention` is P10Y
          - note: `params.limit` is P2Y
          - controls: `gdpr:5(1)(e)` Storage limitation
          - help: Add a limit:
            ```
            retention: P2Y
            ```

        ### Files and settings

        - error `config/name` at `specs/credit.yaml:1:1`: `x` is no config

        ### `cards/score.yaml` model-card `score` (in-review)

        - error (could not be decided; will block at launched) `fairness/threshold` at `cards/score.yaml:6:14`: the demographic parity ratio of 0.72 is below its threshold of 0.8
          - there: `value` is 0.72
          - line 7: `threshold.min` is 0.8

        ### Notices

        - a/b is turned off: no need

        launchgate: FAIL  2 documents, 24 rules: 31 passed, 2 failed, 0 unknown, 7 not applicable, 0 waived; 2 blocking, 1 later (as of 2026-11-22, stage: each document's own, policies sha256:1234abcd1234)
        "#);
    }

    #[test]
    fn a_verdict_without_findings_says_why() {
        let mut report = report(Vec::new(), &[]);
        report.verdict = Verdict::Pass;
        report.summary.later = 0;
        assert!(render(&report).starts_with("## launchgate: PASS\n\nNothing blocks.\n"));
        report.summary.later = 2;
        assert!(
            render(&report).contains("\n\nNothing blocks yet; 2 findings will at a later stage.\n")
        );
        report.verdict = Verdict::NothingChecked;
        report.summary.documents = 0;
        let text = render(&report);
        assert!(
            text.contains("Nothing was checked: no document was recognized. Name a file"),
            "{text}"
        );
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let mut findings = vec![threshold(); 50];
        findings.push(retention());
        let report = report(findings, &[spec(), card()]);
        let whole = render(&report);
        assert!(!whole.contains("not shown"));
        for bytes in [0, 2000, 4000, whole.len() - 1] {
            let text = render_within(&report, bytes);
            let shown = text.matches("\n- ").count();
            assert!(
                text.contains(&format!(
                    "**{} more findings are not shown here**",
                    51 - shown
                )),
                "{bytes}: {text}"
            );
            assert!(text.len() <= bytes.max(1500), "{bytes}: {}", text.len());
            assert!(shown == 0 || text.contains("**error, blocks**"), "{text}");
            assert!(text.contains("launchgate: FAIL  2 documents"), "{text}");
        }
    }

    #[test]
    fn claims_and_sign_offs_are_tables() {
        let mut report = report(vec![retention()], &[spec()]);
        let mut of_card = outcomes(claim().document, &[]);
        let mut over = sign_off("model|risk", "expired");
        over.expires = Some("2026-11-21".into());
        over.reason = Some("the last day on which it held has passed".into());
        of_card.sign_offs = vec![sign_off("security", "stated"), over];
        report.outcomes = vec![of_card];
        report.fairness = vec![claim(), unread_claim()];
        let text = render(&report);
        let (_, tables) = text.split_once("### Fairness ").unwrap();
        insta::assert_snapshot!(tables.trim(), @r#"
        claims

        | document | metric | by | claimed | recomputed | threshold | came to |
        | --- | --- | --- | ---: | ---: | --- | --- |
        | score | demographic parity ratio | sex | 0.72 | 0.720 | at least 0.8: **missed** | matches the evidence |
        | score | demographic parity ratio | sex | none | none | none | **the evidence cannot be read**: evidence/predictions.csv is not there |

        ### Sign-offs

        | document | role | who | decision | holds until | worth |
        | --- | --- | --- | --- | --- | --- |
        | score | security | n.okafor@&#8203;bank.example | approved with conditions | 2027-09-08 | stated, not verified |
        | score | model\|risk | n.okafor@&#8203;bank.example | approved with conditions | 2026-11-21: **over** | **expired**: the last day on which it held has passed |

        launchgate: FAIL  2 documents, 24 rules: 31 passed, 2 failed, 0 unknown, 7 not applicable, 0 waived; 2 blocking, 1 later (as of 2026-11-22, stage: each document's own, policies sha256:1234abcd1234)
        "#);
        report.fairness = vec![claim(); 30];
        assert!(render(&report).contains("Of 30 claims the first 20 are shown"));
        let short = render_within(&report, 2500);
        assert!(!short.contains("### Fairness"), "{short}");
        assert!(short.contains("Fairness claims and sign-offs are not shown here"));
        assert!(short.contains("**error, blocks**"), "{short}");
        report.verdict = Verdict::Error;
        assert!(!render(&report).contains("### Fairness"));
    }

    #[test]
    fn an_example_cannot_leave_its_fence() {
        let source = file(0, "a.yaml", "a: 1\n");
        let finding = Finding::new("a/b", "m", on(&source, "1", ""))
            .with_help("Write:\n  ````\n  <b>@here</b>\n  ```");
        let text = render(&report(vec![finding], &[source]));
        assert!(
            text.contains("    `````\n    ````\n    <b>@here</b>\n    ```\n    `````\n"),
            "{text}"
        );
    }
}

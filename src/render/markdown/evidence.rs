//! Fairness claims and sign-offs as tables.

use std::fmt::Write as _;

use crate::finding::{FairnessCheck, Report, SignOffState, Verdict};
use crate::render::evidence::{self, Tone};
use crate::render::finding::clip;
use crate::source::{markdown_inert, one_line};

/// Rows of a table.
const ROWS: usize = 20;

/// Characters of a cell.
const CELL: usize = 120;

/// The tables, or nothing where there is nothing to say or nothing may be concluded.
pub(super) fn tables(report: &Report) -> String {
    let mut out = String::new();
    if matches!(report.verdict, Verdict::Pass | Verdict::Fail) {
        fairness(&mut out, &report.fairness);
        sign_offs(&mut out, report);
    }
    out
}

/// What stands in their place where there is no room for them.
pub(super) fn left_out(report: &Report) -> String {
    if tables(report).is_empty() {
        return String::new();
    }
    "\nFairness claims and sign-offs are not shown here, for want of room; the JSON report has them.\n"
        .to_owned()
}

fn fairness(out: &mut String, claims: &[FairnessCheck]) {
    if claims.is_empty() {
        return;
    }
    out.push_str(
        "\n### Fairness claims\n\n\
         | document | metric | by | claimed | recomputed | threshold | came to |\n\
         | --- | --- | --- | ---: | ---: | --- | --- |\n",
    );
    for check in claims.iter().take(ROWS) {
        let threshold = match (evidence::threshold(check), evidence::kept(check)) {
            (None, _) => "none".to_owned(),
            (Some(text), None) => text,
            (Some(text), Some(true)) => format!("{text}: kept"),
            (Some(text), Some(false)) => format!("{text}: **missed**"),
        };
        let none = || "none".to_owned();
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {threshold} | {} |",
            cell(&check.document.id),
            cell(&evidence::spoken(&check.metric)),
            cell(&evidence::attributes(check)),
            evidence::claimed(check).unwrap_or_else(none),
            evidence::recomputed(check).unwrap_or_else(none),
            came_to(evidence::status(check.status), check.reason.as_deref()),
        );
    }
    more(out, claims.len(), "claims");
}

fn sign_offs(out: &mut String, report: &Report) {
    let states = || {
        let documents = report.outcomes.iter();
        documents.flat_map(|outcomes| {
            let id = &outcomes.document.id;
            outcomes.sign_offs.iter().map(move |state| (id, state))
        })
    };
    let count = states().count();
    if count == 0 {
        return;
    }
    out.push_str(
        "\n### Sign-offs\n\n\
         | document | role | who | decision | holds until | worth |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for (id, state) in states().take(ROWS) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            cell(id),
            cell(&state.role),
            cell(state.principal.as_deref().unwrap_or("nobody named")),
            cell(evidence::decision(state).1),
            until(state, &report.as_of),
            came_to(evidence::verdict(state.verdict), state.reason.as_deref()),
        );
    }
    more(out, count, "sign-offs");
}

/// The last day on which a sign-off holds, with a word where that has passed.
fn until(state: &SignOffState, as_of: &str) -> String {
    let day = cell(state.expires.as_deref().unwrap_or("no end stated"));
    if evidence::is_over(state, as_of) {
        format!("{day}: **over**")
    } else {
        day
    }
}

/// Words in bold unless they are good or plain, then the reason.
fn came_to((tone, words): (Tone, &str), reason: Option<&str>) -> String {
    let words = match tone {
        Tone::Good | Tone::Plain => cell(words),
        Tone::Bad | Tone::Open | Tone::Late => format!("**{}**", cell(words)),
    };
    match reason {
        Some(reason) => format!("{words}: {}", cell(&reason.replace('`', ""))),
        None => words,
    }
}

fn more(out: &mut String, count: usize, what: &str) {
    if count > ROWS {
        let _ = writeln!(
            out,
            "\nOf {count} {what} the first {ROWS} are shown; the JSON report has all."
        );
    }
}

/// A text in a cell: words, and nothing that ends the cell or the line.
fn cell(text: &str) -> String {
    let text = clip(one_line(text).trim(), CELL);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    markdown_inert(&text)
}

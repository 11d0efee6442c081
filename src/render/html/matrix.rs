//! Documents by packs: the worst outcome of each, and how many.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::icon::Icon;
use super::page::{Document, Entry, Page, Standing};
use super::{Section, blocks, words};
use crate::finding::{Outcome, Tally};

/// What the rules of one pack came to for one document.
#[derive(Default)]
struct Cell<'p> {
    tally: Tally,
    /// Findings that speak for the pack, also those that no rule gave.
    findings: usize,
    blocking: usize,
    first: Option<&'p str>,
}

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    page.listed().next()?;
    let rows: Vec<BTreeMap<&str, Cell<'_>>> = (0..page.documents.len())
        .map(|index| cells(page, index))
        .collect();
    let packs: BTreeSet<&str> = rows.iter().flat_map(BTreeMap::keys).copied().collect();
    let body = html! {
        div.scroll role="group" aria-labelledby="matrix-title" tabindex="0" {
            table.matrix {
                thead {
                    tr {
                        th scope="col" { "Document" }
                        @for pack in &packs { th scope="col" { (pack) } }
                    }
                }
                tbody {
                    @for (document, cells) in page.documents.iter().zip(&rows) {
                        tr {
                            th scope="row" { (name(document)) }
                            @for pack in &packs { (cell(document, pack, cells.get(pack))) }
                        }
                    }
                }
            }
        }
    };
    Some(Section {
        id: "matrix",
        title: "Documents and packs",
        lead: Some(
            "Each cell names the worst that the rules of a pack came to, then the rest; n/a is what \
             does not apply. Where there are findings, it leads to them."
                .to_owned(),
        ),
        body,
    })
}

fn name(document: &Document<'_>) -> Markup {
    html! {
        span.name { (document.name()) }
        span.about { (words::kind(&document.outcomes.document.kind)) ", " (blocks::held(document.outcomes.stage)) }
    }
}

fn cells<'p>(page: &'p Page<'_>, index: usize) -> BTreeMap<&'p str, Cell<'p>> {
    let mut cells: BTreeMap<&str, Cell<'_>> = BTreeMap::new();
    let rules = page
        .documents
        .get(index)
        .map(|document| &document.outcomes.rules);
    for rule in rules.into_iter().flatten() {
        let tally = Tally::of(std::slice::from_ref(rule));
        let sum = &mut cells.entry(rule.rule.pack()).or_default().tally;
        sum.pass += tally.pass;
        sum.fail += tally.fail;
        sum.unknown += tally.unknown;
        sum.not_applicable += tally.not_applicable;
    }
    for entry in page.of(Some(index)) {
        for pack in entry.packs() {
            note(cells.entry(pack).or_default(), entry);
        }
    }
    cells
}

fn note<'p>(cell: &mut Cell<'p>, entry: &'p Entry<'_>) {
    cell.findings += 1;
    cell.blocking += usize::from(entry.standing == Standing::Blocks);
    cell.first.get_or_insert(&entry.anchor);
}

impl Cell<'_> {
    /// The counts, the worst first, without those of which there are none.
    fn parts(&self) -> Vec<(Outcome, usize)> {
        let tally = self.tally;
        [
            (Outcome::Fail, tally.fail),
            (Outcome::Unknown, tally.unknown),
            (Outcome::Pass, tally.pass),
            (Outcome::NotApplicable, tally.not_applicable),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect()
    }
}

fn cell(document: &Document<'_>, pack: &str, cell: Option<&Cell<'_>>) -> Markup {
    let Some(cell) = cell else {
        return html! { td.empty { (Icon::Empty) span.worst { "no rule" } } };
    };
    let parts = cell.parts();
    let (icon, worst, rest) = match parts.split_first() {
        Some((&(outcome, count), rest)) => (
            Icon::of(outcome),
            format!("{count} {}", short(outcome)),
            rest,
        ),
        None => (Icon::Cross, words::count(cell.findings, "finding"), &[][..]),
    };
    let rest: Vec<String> = rest
        .iter()
        .map(|(outcome, count)| format!("{count} {}", short(*outcome)))
        .collect();
    let class = match parts.first() {
        _ if cell.blocking > 0 => "fail",
        Some((Outcome::Pass, _)) if cell.findings == 0 => "pass",
        Some((Outcome::NotApplicable, _)) if cell.findings == 0 => "quiet",
        _ => "unknown",
    };
    html! {
        td.(class) {
            (icon)
            @match cell.first {
                Some(anchor) => {
                    a.worst href={ "#" (anchor) } data-pack=(pack) data-document=(document.key) { (worst) }
                }
                None => span.worst { (worst) },
            }
            @for part in &rest { span.rest { (part) } }
        }
    }
}

/// An outcome in a narrow column.
const fn short(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "n/a",
        outcome => words::outcome(outcome),
    }
}

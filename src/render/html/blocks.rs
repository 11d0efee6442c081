//! What stands in the way of the launch: at which stage, and who answers for it.

use maud::{Markup, html};

use super::icon::Icon;
use super::page::{Document, Entry, Page, Standing};
use super::{Section, words};
use crate::finding::Stage;

/// A table with a group of rows a document; documents with nothing that blocks are counted below.
pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    let blocking =
        |entry: &&Entry<'_>| matches!(entry.standing, Standing::Blocks | Standing::Later(_));
    let groups: Vec<(Option<usize>, Vec<&Entry<'_>>)> = page
        .groups()
        .into_iter()
        .map(|group| (group, page.of(group).iter().filter(blocking).collect()))
        .filter(|(_, entries): &(_, Vec<_>)| !entries.is_empty())
        .collect();
    if groups.is_empty() {
        return None;
    }
    let named = groups.iter().filter(|(group, _)| group.is_some()).count();
    let clear = page.documents.len().saturating_sub(named);
    let body = html! {
        div.scroll role="group" aria-labelledby="blocks-title" tabindex="0" {
            table.blocks {
                thead {
                    tr {
                        th scope="col" { "No." }
                        th scope="col" { "What does not hold" }
                        th scope="col" { "Rule" }
                        th scope="col" { "Blocks" }
                    }
                }
                @for (group, entries) in &groups {
                    tbody {
                        tr.group {
                            th colspan="4" scope="rowgroup" { (heading(page.document(*group), entries)) }
                        }
                        @for entry in entries { (row(entry)) }
                    }
                }
            }
        }
        @if clear > 0 {
            p.hint { "Nothing blocks in " (words::count(clear, "other document")) "." }
        }
    };
    Some(Section {
        id: "blocks",
        title: "What blocks, and who owns it",
        lead: None,
        body,
    })
}

fn heading(document: Option<&Document<'_>>, entries: &[&Entry<'_>]) -> Markup {
    let now = entries
        .iter()
        .filter(|entry| entry.standing == Standing::Blocks)
        .count();
    let later = entries.len() - now;
    let counts = match (now, later) {
        (now, 0) => words::findings(now, "block"),
        (0, later) => format!("{} later", words::findings(later, "block")),
        (now, later) => format!("{}, {later} later", words::findings(now, "block")),
    };
    html! {
        div.who {
            @match document {
                Some(document) => {
                    span.name { (document.name()) }
                    span.about { (words::kind(&document.outcomes.document.kind)) ", " (held(document.outcomes.stage)) }
                    span.about { "Owner: " (document.outcomes.owner.as_deref().unwrap_or("nobody is named")) }
                }
                None => { span.name { "Not about one document" } }
            }
            span.about { (counts) }
        }
    }
}

/// The stage that a document is held against.
pub(super) fn held(stage: Option<Stage>) -> String {
    match stage {
        Some(stage) => format!("stage: {}", words::stage(stage)),
        None => "no stage named, so held as launched".to_owned(),
    }
}

fn row(entry: &Entry<'_>) -> Markup {
    let finding = entry.finding;
    html! {
        tr {
            td.no { (entry.number) }
            td { a href={ "#" (entry.anchor) } { (words::prose(&finding.message)) } }
            td { code { (finding.rule) } }
            td { (standing(entry.standing)) }
        }
    }
}

/// When a finding blocks, as a shape and words.
pub(super) fn standing(standing: Standing) -> Markup {
    html! {
        @match standing {
            Standing::Blocks => span.tag.fail { (Icon::Cross) "blocks now" },
            Standing::Later(stage) => span.tag.later { (Icon::Clock) "blocks once " (words::stage(stage)) },
            Standing::Open => span.tag.quiet { (Icon::Info) "does not block" },
            Standing::Suppressed => span.tag.quiet { (Icon::Dash) "does not count" },
        }
    }
}

//! Who signed off, document by document, and what that is worth.

use maud::{Markup, html};

use super::icon::{Icon, tag};
use super::page::{Document, Page};
use super::{Section, words};
use crate::finding::SignOffState;
use crate::render::evidence::{self, Tone};

/// How many sign-offs of a document are listed.
const SHOWN: usize = 100;

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    let states = || {
        let documents = page.documents.iter();
        documents.flat_map(|document| &document.outcomes.sign_offs)
    };
    if !page.concluded() || states().next().is_none() {
        return None;
    }
    // These two follow from what a document says of itself.
    let unverified = states().all(|state| matches!(state.verdict, "stated" | "expired"));
    let lead = if unverified {
        "What the documents state of themselves. No signature was verified: a sign-off here is a \
         claim, not a proof."
    } else {
        "Who signed off, and what it is worth. “Stated” is what a document says of itself: no \
         signature was verified for it."
    };
    let none = page
        .documents
        .iter()
        .filter(|document| document.outcomes.sign_offs.is_empty())
        .count();
    Some(Section {
        id: "sign-offs",
        title: "Sign-offs",
        lead: Some(lead.to_owned()),
        body: html! {
            div.scroll role="group" aria-labelledby="sign-offs-title" tabindex="0" {
                table.sign-offs {
                    thead {
                        tr {
                            th scope="col" { "Role" }
                            th scope="col" { "Who" }
                            th scope="col" { "Decision" }
                            th scope="col" { "For stage" }
                            th scope="col" { "Given on" }
                            th scope="col" { "Holds until" }
                            th scope="col" { "What it is worth" }
                        }
                    }
                    @for document in &page.documents {
                        @if !document.outcomes.sign_offs.is_empty() { (of(document, &page.report.as_of)) }
                    }
                }
            }
            @if none > 0 { p.hint { "No sign-off is named in " (words::count(none, "other document")) "." } }
        },
    })
}

fn of(document: &Document<'_>, as_of: &str) -> Markup {
    let states = &document.outcomes.sign_offs;
    let more = states.len().saturating_sub(SHOWN);
    html! {
        tbody {
            tr.group {
                th colspan="7" scope="rowgroup" {
                    div.who {
                        span.name { (document.name()) }
                        span.about { (words::kind(&document.outcomes.document.kind)) }
                    }
                }
            }
            @for state in states.iter().take(SHOWN) { (row(state, as_of)) }
            @if more > 0 {
                tr { td.about colspan="7" { (words::count(more, "more sign-off")) " not shown; the JSON report has all." } }
            }
        }
    }
}

fn row(state: &SignOffState, as_of: &str) -> Markup {
    let (tone, decision) = evidence::decision(state);
    let verdict = evidence::verdict(state.verdict);
    let role = match &*state.role {
        "" => "no role named",
        role => role,
    };
    html! {
        tr {
            th scope="row" { span.name { (role) } }
            td.who-signed { (principal(state.principal.as_deref())) }
            td {
                @match (&state.decision, tone) {
                    (None, _) => span.none { (decision) },
                    (_, Tone::Bad) => (tag(tone, decision)),
                    _ => (decision),
                }
                @if let Some(conditions) = &state.conditions {
                    span.about { "Conditions: " (conditions) }
                }
            }
            td { (text(state.stage.as_deref(), "not stated")) }
            td.day { (text(state.signed_on.as_deref(), "not stated")) }
            td.day {
                (text(state.expires.as_deref(), "no end stated"))
                @if evidence::is_over(state, as_of) {
                    span.about.late { (Icon::Clock) "over as of " (as_of) }
                }
            }
            td {
                (tag(verdict.0, verdict.1))
                @if let Some(reason) = &state.reason { span.about { (words::prose(reason)) } }
            }
        }
    }
}

/// Who gave it; an address may be parted behind its `@`.
fn principal(principal: Option<&str>) -> Markup {
    let Some((name, domain)) = principal.and_then(|principal| principal.split_once('@')) else {
        return text(principal, "nobody named");
    };
    html! { (name) "@" wbr; (domain) }
}

/// A text, or words that say that there is none.
fn text(text: Option<&str>, none: &str) -> Markup {
    html! {
        @match text {
            Some(text) => { (text) },
            None => span.none { (none) },
        }
    }
}

//! What documents claim of their fairness, beside what their evidence gives.

use maud::{Markup, html};

use super::icon::tag;
use super::page::{Entry, Page};
use super::{Section, chart, words};
use crate::finding::FairnessCheck;
use crate::render::evidence::{self, Tone};

/// How many claims are listed.
const CLAIMS: usize = 300;

/// How many groups are drawn, in all charts of the page.
const ROWS: usize = 2000;

/// How many findings of a claim are named.
const FINDINGS: usize = 8;

/// A claim on the page.
struct Claim<'p> {
    check: &'p FairnessCheck,
    /// From 0, in the order of the report.
    index: usize,
    /// The index of its document.
    document: Option<usize>,
    /// Whether there is room for its charts.
    drawn: bool,
}

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    if !page.concluded() || page.report.fairness.is_empty() {
        return None;
    }
    let claims = claims(page);
    let left_out = page.report.fairness.len() - claims.len();
    let body = html! {
        div.scroll role="group" aria-labelledby="fairness-title" tabindex="0" {
            table.claims {
                thead {
                    tr {
                        th scope="col" { "Metric" }
                        th.count scope="col" { "Claimed" }
                        th.count scope="col" { "Recomputed" }
                        th scope="col" { "Threshold" }
                        th scope="col" { "What it came to" }
                    }
                }
                @for group in claims.chunk_by(|a, b| a.check.document == b.check.document) {
                    tbody {
                        @if let Some(first) = group.first() {
                            tr.group { th colspan="5" scope="rowgroup" { (heading(page, first)) } }
                        }
                        @for claim in group { (row(page, claim)) }
                    }
                }
            }
        }
        @if left_out > 0 {
            p.hint { (words::count(left_out, "more claim")) " not shown here; the JSON report has all." }
        }
        (charts(page, &claims))
    };
    Some(Section {
        id: "fairness",
        title: "Fairness",
        lead: Some(
            "What documents claim, and what launchgate recomputed from the evidence that they name. \
             In the charts a mark is the rate of a group and the bar about it its Wilson interval: \
             the longer the bar, the less the rate says."
                .to_owned(),
        ),
        body,
    })
}

fn claims<'p>(page: &'p Page<'_>) -> Vec<Claim<'p>> {
    let mut room = ROWS;
    let claims = page.report.fairness.iter().take(CLAIMS).enumerate();
    let claims = claims.map(|(index, check)| {
        let rows: usize = check.rates.iter().map(chart::rows).sum();
        let drawn = rows > 0 && rows <= room;
        room -= if drawn { rows } else { 0 };
        Claim {
            check,
            index,
            document: page.index_of(&check.document),
            drawn,
        }
    });
    claims.collect()
}

/// What people call the document of a claim.
fn name<'p>(page: &'p Page<'_>, claim: &Claim<'p>) -> &'p str {
    let document = page.document(claim.document);
    document.map_or(&claim.check.document.id, |document| document.name())
}

fn heading(page: &Page<'_>, claim: &Claim<'_>) -> Markup {
    html! {
        div.who {
            span.name { (name(page, claim)) }
            span.about { (words::kind(&claim.check.document.kind)) }
        }
    }
}

fn row(page: &Page<'_>, claim: &Claim<'_>) -> Markup {
    let check = claim.check;
    let metric = sentence(&evidence::spoken(&check.metric));
    let (tone, status) = evidence::status(check.status);
    let too_much = !claim.drawn && check.rates.iter().any(|chart| !chart.groups.is_empty());
    html! {
        tr {
            th scope="row" {
                @if claim.drawn {
                    a.name href={ "#" (chart::anchor(claim.index, 0)) } { (metric) }
                } @else {
                    span.name { (metric) }
                }
                span.about { "by " (evidence::attributes(check)) }
                (source(check))
            }
            td.count { (number(evidence::claimed(check), "none")) }
            td.count {
                (number(evidence::recomputed(check), "no value"))
                @if let Some(interval) = check.interval.and_then(evidence::interval) {
                    span.about {
                        (interval)
                        @if let Some(level) = check.interval.and_then(evidence::level) { " (" (level) ")" }
                    }
                }
            }
            td {
                (number(evidence::threshold(check), "none stated"))
                @match evidence::kept(check) {
                    Some(true) => span.about { (tag(Tone::Good, "kept")) },
                    Some(false) => span.about { (tag(Tone::Bad, "missed")) },
                    None => {}
                }
            }
            td {
                (tag(tone, status))
                @if let Some(reason) = &check.reason { span.about { (words::prose(reason)) } }
                @if too_much { span.about { "For want of room its chart is not shown; the JSON report has the rates." } }
                (findings(page, claim))
            }
        }
    }
}

/// The file that the value was recomputed from.
fn source(check: &FairnessCheck) -> Markup {
    html! {
        span.about {
            code { (check.path) }
            @if let Some(rows) = check.rows { ", " (rows) @if rows == 1 { " row" } @else { " rows" } }
        }
        @if let Some(sha256) = &check.sha256 {
            span.about { "SHA-256 " code { (sha256.chars().take(12).collect::<String>()) "…" } }
        }
    }
}

fn number(text: Option<String>, none: &str) -> Markup {
    html! {
        @match text {
            Some(text) => { (text) },
            None => span.none { (none) },
        }
    }
}

/// The findings that speak of a claim, by their numbers.
fn findings(page: &Page<'_>, claim: &Claim<'_>) -> Markup {
    let Some(document) = claim.document else {
        return html! {};
    };
    let own = |entry: &&Entry<'_>| {
        let below = entry.finding.pointer.strip_prefix(&*claim.check.pointer);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let found: Vec<&Entry<'_>> = page.of(Some(document)).iter().filter(own).collect();
    let more = found.len().saturating_sub(FINDINGS);
    html! {
        @if !found.is_empty() {
            span.about {
                @for (index, entry) in found.iter().take(FINDINGS).enumerate() {
                    @if index > 0 { ", " }
                    a href={ "#" (entry.anchor) } { @if index == 0 { "Finding " } @else { "finding " } (entry.number) }
                }
                @if more > 0 { " and " (more) " more" }
            }
        }
    }
}

fn charts(page: &Page<'_>, claims: &[Claim<'_>]) -> Markup {
    html! {
        @if claims.iter().any(|claim| claim.drawn) {
            (chart::marks())
            div.charts {
                @for claim in claims.iter().filter(|claim| claim.drawn) {
                    @for (at, rates) in claim.check.rates.iter().enumerate() {
                        @if !rates.groups.is_empty() {
                            (chart::figure(&chart::anchor(claim.index, at), name(page, claim), claim.check, rates))
                        }
                    }
                }
            }
        }
    }
}

/// The text with a capital letter.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

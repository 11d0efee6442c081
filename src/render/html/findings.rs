//! The findings with everything that is known of each, and the form that filters them.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::icon::Icon;
use super::page::{Document, Entry, Page, Standing};
use super::{Section, blocks, excerpt, words};
use crate::finding::{Finding, Outcome, Severity, Suppression};

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    if page.findings.is_empty() {
        return None;
    }
    Some(Section {
        id: "findings",
        title: "Findings",
        lead: None,
        body: html! {
            (filter(page))
            @for group in page.groups() {
                (group_of(page.document(group), page, page.of(group)))
            }
        },
    })
}

/// The form: hidden until the script shows it, for without the script it could do nothing.
fn filter(page: &Page<'_>) -> Markup {
    let finds = |severity: Severity| {
        page.findings
            .iter()
            .any(|entry| entry.finding.severity == severity)
    };
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let packs: BTreeSet<&str> = page.findings.iter().flat_map(Entry::packs).collect();
    html! {
        form #filter role="search" aria-label="Filter the findings" autocomplete="off" hidden {
            (choice("severity", "Severity", severities.into_iter().filter(|s| finds(*s)).map(|s| (s.as_str(), s.as_str()))))
            (choice("outcome", "Outcome", [Outcome::Fail, Outcome::Unknown].map(|o| (o.as_str(), words::outcome(o))).into_iter()))
            (choice("pack", "Pack", packs.iter().map(|pack| (*pack, *pack))))
            (choice("document", "Document", page.groups().into_iter().filter_map(|group| {
                let document = page.document(group)?;
                Some((document.key.as_str(), document.name()))
            })))
            p.field {
                label for="filter-q" { "Text" }
                input #filter-q name="q" type="search" spellcheck="false";
            }
            p.check {
                input #filter-blocking name="blocking" type="checkbox" value="1";
                label for="filter-blocking" { "Blocks now" }
            }
            p.actions { button type="reset" { "Show all" } }
        }
        p #filter-status role="status" aria-live="polite" { (words::count(page.findings.len(), "finding")) }
    }
}

fn choice<'t>(
    name: &str,
    label: &str,
    options: impl Iterator<Item = (&'t str, &'t str)>,
) -> Markup {
    html! {
        p.field {
            label for={ "filter-" (name) } { (label) }
            select id={ "filter-" (name) } name=(name) {
                option value="" { "Any" }
                @for (value, text) in options { option value=(value) { (text) } }
            }
        }
    }
}

fn group_of(document: Option<&Document<'_>>, page: &Page<'_>, entries: &[Entry<'_>]) -> Markup {
    html! {
        div.group {
            h3 {
                @match document {
                    Some(document) => {
                        (document.name())
                        span.about {
                            (words::kind(&document.outcomes.document.kind)) ", "
                            "owner: " (document.outcomes.owner.as_deref().unwrap_or("nobody is named"))
                        }
                    },
                    None => "Not about one document",
                }
            }
            @for entry in entries { (card(page, document, entry)) }
        }
    }
}

fn card(page: &Page<'_>, document: Option<&Document<'_>>, entry: &Entry<'_>) -> Markup {
    let finding = entry.finding;
    let title = format!("{}-title", entry.anchor);
    let packs: Vec<&str> = entry.packs().into_iter().collect();
    let class = match entry.standing {
        Standing::Blocks => "fail",
        Standing::Later(_) => "later",
        Standing::Open | Standing::Suppressed => "quiet",
    };
    html! {
        article.finding.(class) id=(entry.anchor) aria-labelledby=(title) tabindex="-1"
            data-severity=(finding.severity) data-outcome=(finding.outcome)
            data-packs=(packs.join(" ")) data-document=(document.map_or("", |document| &document.key))
            data-blocking=(u8::from(finding.blocking))
        {
            h4 id=(title) {
                span.no { (entry.number) } " "
                (words::prose(&finding.message))
            }
            p.tags {
                (blocks::standing(entry.standing))
                @if let Some(reason) = &finding.suppressed {
                    span.tag.quiet { (reason.remark()) }
                }
                span.severity { "severity " (finding.severity) }
                @if finding.outcome == Outcome::Unknown {
                    span.tag.unknown { (Icon::Question) "could not be decided" }
                }
                code.rule { (finding.rule) }
            }
            div.columns {
                div.places {
                    (excerpt::places(finding, &page.report.sources))
                    @if !finding.notes.is_empty() {
                        ul.notes { @for note in &finding.notes { li { (words::prose(note)) } } }
                    }
                }
                div.remarks {
                    @if let Some(reason) = &finding.suppressed { (suppressed(reason)) }
                    @if let Some(help) = &finding.help {
                        h5 { "What to do" }
                        p { (words::prose(help)) }
                    }
                    @if let Some(rule) = page.report.rules.get(&finding.rule) {
                        h5 { "What has to hold" }
                        p { (words::prose(&rule.title)) "." }
                        p.why { (words::prose(&rule.description)) }
                    }
                    @if !finding.controls.is_empty() {
                        h5 { "Controls" }
                        (controls(page, finding))
                    }
                    @if !finding.fingerprint.as_str().is_empty() {
                        p.fingerprint { "Fingerprint " code { (finding.fingerprint) } }
                    }
                }
            }
        }
    }
}

/// Who waived the finding, and why.
fn suppressed(reason: &Suppression) -> Markup {
    let Some(waiver) = reason.waiver() else {
        return html! {};
    };
    html! {
        h5 { "Waived" }
        p { (waiver.reason) }
        p.about {
            "Owner: " (waiver.owner.as_deref().unwrap_or("nobody is named"))
            ". Approved by: " (waiver.approver.as_deref().unwrap_or("nobody"))
            @if let Some(role) = &waiver.role { " (" (role) ")" }
            @if waiver.signed { ", signed" }
            "."
            @if let Some(link) = &waiver.link {
                " "
                @match words::web(Some(link)) {
                    Some(url) => { a href=(url) rel="noreferrer" { (link) } },
                    None => { (link) },
                }
            }
        }
    }
}

/// What the finding is held to, with what each control comes to on the day of the run.
fn controls(page: &Page<'_>, finding: &Finding) -> Markup {
    html! {
        ul.plain {
            @for id in &finding.controls {
                li {
                    @match page.report.controls.get(id) {
                        Some(cited) => {
                            @match words::web(cited.url.as_deref()) {
                                Some(url) => { a href=(url) rel="noreferrer" { (cited.citation) } },
                                None => { (cited.citation) },
                            }
                            ": " (cited.title)
                            span.about.later[!cited.is_in_force()] {
                                @if !cited.is_in_force() { (Icon::Clock) }
                                (cited.standing) " (" code { (id) } ")"
                            }
                        },
                        None => { code { (id) } },
                    }
                }
            }
        }
    }
}

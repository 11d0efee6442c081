//! The report as one page for the review meeting: a single HTML file that fetches nothing.
//!
//! Without scripts everything is on the page and in view; the script only folds what is long and
//! filters the findings. A section is a function in a module of its own that gives a `Section`;
//! `sections` lists them, and the table of contents follows from that list.

mod assets;
mod blocks;
mod chart;
mod controls;
mod excerpt;
mod fairness;
mod findings;
mod icon;
mod matrix;
mod outcomes;
mod page;
mod sign_offs;
#[cfg(test)]
mod tests;
mod threshold;
mod verdict;
mod waivers;
mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::finding::Report;
use crate::source::display_safe;
use crate::trace::Traceability;

use page::Page;

/// The page of a report, with the controls that `coverage` traces, if it is at hand.
///
/// Outcomes of rules are listed as far as the report lists them. Control, bidirectional and
/// invisible characters are replaced by U+FFFD, wherever they come from.
pub fn render(report: &Report, coverage: Option<&Traceability>) -> String {
    let page = Page::new(report, coverage);
    let sections = sections(&page);
    let text = document(&page, &sections).into_string();
    // No markup of ours holds such a character, so none of what is reported can be overlooked.
    inert(&display_safe(&text))
}

/// The page without what a build runner obeys where it reads it in a log: no line of the report's
/// making begins anywhere, and no `##[`. A browser sees the same text.
fn inert(page: &str) -> String {
    let quiet = |text: &str| text.replace('\n', "&#10;").replace("##", "#&#35;");
    // Style and script are ours, and the browser holds them to their digests.
    let parts = page
        .split_once("<style>")
        .and_then(|(head, rest)| Some((head, rest.split_once("</style>")?)))
        .and_then(|(head, (style, rest))| Some((head, style, rest.rsplit_once("<script>")?)));
    match parts {
        Some((head, style, (body, script))) => format!(
            "{}<style>{style}</style>{}<script>{script}",
            quiet(head),
            quiet(body)
        ),
        None => quiet(page),
    }
}

/// One part of the page.
struct Section {
    /// Its anchor.
    id: &'static str,
    title: &'static str,
    /// What the section is about, in a sentence or two.
    lead: Option<String>,
    body: Markup,
}

/// The sections in their order; one that has nothing to say is left out.
fn sections(page: &Page<'_>) -> Vec<Section> {
    [
        blocks::section(page),
        matrix::section(page),
        findings::section(page),
        fairness::section(page),
        sign_offs::section(page),
        waivers::section(page),
        controls::section(page),
        outcomes::section(page),
        notices(page),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn document(page: &Page<'_>, sections: &[Section]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(assets::policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { "Launch review: " (verdict::headline(page.report)) ", " (page.report.as_of) }
                style { (PreEscaped(assets::STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the review" }
                (icon::symbols())
                (verdict::header(page))
                @if sections.len() > 1 {
                    nav.contents aria-label="Contents" {
                        ul {
                            @for section in sections {
                                li { a href={ "#" (section.id) } { (section.title) } }
                            }
                        }
                    }
                }
                main #main tabindex="-1" {
                    @for section in sections { (section.markup()) }
                }
                (footer(page))
                script { (PreEscaped(assets::SCRIPT)) }
            }
        }
    }
}

impl Section {
    fn markup(&self) -> Markup {
        html! {
            section id=(self.id) aria-labelledby={ (self.id) "-title" } {
                h2 id={ (self.id) "-title" } tabindex="-1" { (self.title) }
                @if let Some(lead) = &self.lead { p.lead { (lead) } }
                (self.body)
            }
        }
    }
}

fn notices(page: &Page<'_>) -> Option<Section> {
    let notices = &page.report.notices;
    (!notices.is_empty()).then(|| Section {
        id: "notices",
        title: "Notices",
        lead: Some("Remarks about the run that concern no single place.".to_owned()),
        body: html! { ul.notices { @for notice in notices { li { (words::prose(notice)) } } } },
    })
}

fn footer(page: &Page<'_>) -> Markup {
    let report = page.report;
    html! {
        footer {
            p {
                "Written by launchgate " (env!("CARGO_PKG_VERSION"))
                @if report.policy_digest.is_empty() {
                    "; no policies were in use."
                } @else {
                    " from the documents and from the policies "
                    code.digest { (report.policy_digest) }
                    ". Two runs with this digest judged by the same rules."
                }
            }
            p {
                "A rule that passes says that what it asks for is written down, not that it is true. "
                "Titles of controls are in our own words. Nothing here is legal advice."
            }
        }
    }
}

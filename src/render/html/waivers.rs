//! Who waived what until when, and whether it counts.

use maud::{Markup, html};

use super::icon::Icon;
use super::page::Page;
use super::{Section, words};
use crate::finding::WaiverState;
use crate::render::waivers::{approval, place, state};

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    let mut waivers: Vec<&WaiverState> = page.report.waivers.iter().collect();
    if waivers.is_empty() {
        return None;
    }
    waivers.sort_by_key(|waiver| waiver.expires);
    Some(Section {
        id: "waivers",
        title: "Waivers",
        lead: Some(
            "What somebody answers for until a day. A waiver that does not count covers nothing."
                .to_owned(),
        ),
        body: html! {
            div.scroll role="group" aria-labelledby="waivers-title" tabindex="0" {
                table.waivers {
                    thead {
                        tr {
                            th scope="col" { "Until" }
                            th scope="col" { "What" }
                            th scope="col" { "Why" }
                            th scope="col" { "Who" }
                        }
                    }
                    tbody { @for waiver in waivers { (row(page, waiver)) } }
                }
            }
        },
    })
}

fn row(page: &Page<'_>, waiver: &WaiverState) -> Markup {
    let (path, line) = place(waiver.place, &page.report.sources);
    let (class, icon) = match waiver.state {
        "active" => ("pass", Icon::Tick),
        "ends-soon" => ("later", Icon::Clock),
        "unmatched" | "superseded" | "not-checked" => ("quiet", Icon::Dash),
        _ => ("fail", Icon::Cross),
    };
    html! {
        tr {
            td {
                (waiver.expires)
                div { span.tag.(class) { (icon) (state(waiver)) } }
            }
            td {
                code { (waiver.rule) }
                @if let Some(document) = &waiver.document {
                    div {
                        (document)
                        @if let Some(key) = &waiver.key { " " code { (key) } }
                    }
                }
                @if let (Some(path), Some(line)) = (path, line) {
                    div.about { (path) ":" (line) }
                }
            }
            td {
                (waiver.reason)
                @if let Some(link) = &waiver.link {
                    " "
                    @match words::web(Some(link)) {
                        Some(url) => { a href=(url) rel="noreferrer" { (link) } },
                        None => { (link) },
                    }
                }
            }
            td {
                div { "Owner: " (waiver.owner.as_deref().unwrap_or("nobody is named")) }
                div { "Approved by: " (approval(waiver)) }
            }
        }
    }
}

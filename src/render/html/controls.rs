//! Laws and standards: what each control of them came to, and which nothing covers.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::icon::Icon;
use super::page::Page;
use super::{Section, words};
use crate::finding::Outcome;
use crate::trace::{ControlTrace, FrameworkTrace, Row, State};

/// The columns of the table of frameworks, in their order.
const COLUMNS: [&str; 6] = [
    "hold",
    "fail",
    "undecided",
    "not applicable",
    "not checked",
    "not covered",
];

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    let frameworks = &page.coverage?.frameworks;
    if frameworks.is_empty() {
        return None;
    }
    Some(Section {
        id: "controls",
        title: "Laws and standards",
        lead: Some(format!(
            "Each control as it stands on {}. A control holds where every rule in use that serves \
             it passes; not covered says that no rule serves it.",
            page.report.as_of
        )),
        body: html! {
            (overview(frameworks))
            @for framework in frameworks { (controls(page, framework)) }
        },
    })
}

fn overview(frameworks: &[FrameworkTrace]) -> Markup {
    html! {
        div.scroll role="group" aria-labelledby="controls-title" tabindex="0" {
            table.frameworks {
                thead {
                    tr {
                        th scope="col" { "Law or standard" }
                        th.count scope="col" { "controls" }
                        @for column in COLUMNS { th.count scope="col" { (column) } }
                    }
                }
                tbody {
                    @for framework in frameworks {
                        @let counts = counts(framework);
                        tr {
                            th scope="row" { a href={ "#framework-" (framework.id) } { (framework.title) } }
                            td.count { (framework.controls.len()) }
                            @for column in COLUMNS {
                                @let count = counts.get(column).copied().unwrap_or(0);
                                td.count.zero[count == 0] { (count) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn counts(framework: &FrameworkTrace) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for control in &framework.controls {
        *counts.entry(column(control.state())).or_default() += 1;
    }
    counts
}

const fn column(state: &State) -> &'static str {
    match state {
        State::Decided(Outcome::Pass) => "hold",
        State::Decided(Outcome::Fail) => "fail",
        State::Decided(Outcome::Unknown) => "undecided",
        State::Decided(Outcome::NotApplicable) => "not applicable",
        State::NoDocument | State::Off(_) | State::NotInEffect(_) => "not checked",
        State::NotCovered => "not covered",
    }
}

/// What one control came to.
const fn word(state: &State) -> &'static str {
    match state {
        State::Decided(Outcome::Pass) => "holds",
        State::Decided(Outcome::Fail) => "fails",
        state => column(state),
    }
}

fn controls(page: &Page<'_>, framework: &FrameworkTrace) -> Markup {
    let counts = counts(framework);
    let said: Vec<String> = COLUMNS
        .iter()
        .filter_map(|column| Some(format!("{} {column}", counts.get(column)?)))
        .collect();
    let heading = format!("framework-{}-title", framework.id);
    html! {
        details.framework id={ "framework-" (framework.id) } open {
            summary {
                span.name id=(heading) { (framework.title) }
                span.about { (words::count(framework.controls.len(), "control")) ": " (said.join(", ")) }
            }
            @if let Some(url) = words::web(framework.url.as_deref()) {
                p.path { a href=(url) rel="noreferrer" { (url) } }
            }
            div.scroll role="group" aria-labelledby=(heading) tabindex="0" {
                table.controls {
                    thead {
                        tr {
                            th scope="col" { "Control" }
                            th scope="col" { "On the day" }
                            th scope="col" { "State" }
                            th scope="col" { "Rules" }
                        }
                    }
                    tbody { @for control in &framework.controls { (row(page, control)) } }
                }
            }
            @if framework.controls.iter().any(|control| !control.primary) {
                p.hint { "† Known from secondary sources only." }
            }
        }
    }
}

fn row(page: &Page<'_>, control: &ControlTrace) -> Markup {
    let state = control.state();
    let (class, icon) = shape(state);
    html! {
        tr {
            th scope="row" {
                code { (control.reference) }
                span.about { (control.title) @if !control.primary { " †" } }
            }
            td { (control.standing) }
            td { span.tag.(class) { (icon) (word(state)) } }
            td { @if let [Row { rule: None, .. }] = control.rows.as_slice() { "none" } @else { (rules(page, control)) } }
        }
    }
}

const fn shape(state: &State) -> (&'static str, Icon) {
    match state {
        State::Decided(Outcome::Pass) => ("pass", Icon::Tick),
        State::Decided(Outcome::Fail) => ("fail", Icon::Cross),
        State::Decided(Outcome::Unknown) => ("unknown", Icon::Question),
        State::Decided(Outcome::NotApplicable) => ("quiet", Icon::Dash),
        State::NoDocument | State::Off(_) | State::NotInEffect(_) => ("later", Icon::Clock),
        State::NotCovered => ("quiet", Icon::Empty),
    }
}

/// A line a rule; a rule that did not hold leads to what is said of it.
fn rules(page: &Page<'_>, control: &ControlTrace) -> Markup {
    html! {
        ul.plain {
            @for row in &control.rows {
                @if let Some(rule) = &row.rule {
                    li {
                        @match finding(page, row) {
                            Some(anchor) => { a href={ "#" (anchor) } { code { (rule.id) } } },
                            None => { code { (rule.id) } },
                        }
                        " " (said(row))
                        @if let Some((document, _)) = &row.document { " for " (document.id) }
                    }
                }
            }
        }
    }
}

fn said(row: &Row) -> String {
    match (&row.state, row.state.remark()) {
        (State::Decided(outcome), _) => words::outcome(*outcome).to_owned(),
        (State::NoDocument, _) => "no document of its kind".to_owned(),
        (State::Off(_), Some(reason)) => format!("is turned off: {reason}"),
        (_, Some(remark)) => remark,
        (state, None) => state.as_str().to_owned(),
    }
}

fn finding<'p>(page: &'p Page<'_>, row: &Row) -> Option<&'p str> {
    let (document, _) = row.document.as_ref()?;
    if !matches!(row.state, State::Decided(Outcome::Fail | Outcome::Unknown)) {
        return None;
    }
    let index = page.index_of(document)?;
    let entry = page.finding_of(&row.rule.as_ref()?.id, index)?;
    Some(&entry.anchor)
}

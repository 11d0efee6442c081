//! Laws and standards: what each control of them came to, and which nothing covers.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::icon::Icon;
use super::page::Page;
use super::{Section, words};
use crate::finding::{DocumentRef, Outcome};
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

/// How many documents are named for which a rule passed or did not apply.
const SHOWN: usize = 3;

/// How many documents are named for which a rule does not hold.
const SHOWN_OPEN: usize = 12;

pub(super) fn section(page: &Page<'_>) -> Option<Section> {
    let frameworks = &page.coverage.filter(|_| page.concluded())?.frameworks;
    if frameworks.is_empty() {
        return None;
    }
    Some(Section {
        id: "controls",
        title: "Laws and standards",
        lead: Some(format!(
            "Each control as it stands on {}. It holds where a rule that serves it passes and none \
             fails or is undecided; it is not covered where no rule serves it.",
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

/// A line for each thing that a rule came to, with the documents for which it did.
fn rules(page: &Page<'_>, control: &ControlTrace) -> Markup {
    let same = |a: &Row, b: &Row| a.rule == b.rule && a.state == b.state;
    let mut rows: Vec<&Row> = control.rows.iter().collect();
    rows.sort_by_key(|row| (row.rule.as_ref().map(|rule| &rule.id), place_of(&row.state)));
    html! {
        ul.plain {
            @for group in rows.chunk_by(|a, b| same(a, b)) {
                @if let Some((Row { rule: Some(rule), .. }, _)) = group.split_first() {
                    li { code { (rule.id) } " " (documents(page, group)) }
                }
            }
        }
    }
}

/// Rows of one rule that came to the same: what, and for which documents. Those for which it did
/// not hold lead to what is said of it.
fn documents(page: &Page<'_>, group: &[&Row]) -> Markup {
    let Some(first) = group.first() else {
        return html! {};
    };
    let open = matches!(
        first.state,
        State::Decided(Outcome::Fail | Outcome::Unknown)
    );
    let all = if open { SHOWN_OPEN } else { SHOWN };
    let named: Vec<(&DocumentRef, Option<&str>)> = group
        .iter()
        .filter_map(|row| Some((&row.document.as_ref()?.0, finding(page, row))))
        .collect();
    // One more name is shorter than saying that there is one more.
    let shown = if named.len() > all + 1 {
        all
    } else {
        named.len()
    };
    html! {
        (said(first))
        @for (index, (document, anchor)) in named.iter().take(shown).enumerate() {
            @if index == 0 { " for " } @else { ", " }
            @match anchor {
                Some(anchor) => { a href={ "#" (anchor) } { (document.id) } },
                None => { (document.id) },
            }
        }
        @if named.len() > shown { " and " (named.len() - shown) " more" }
    }
}

/// The order in which states of one rule are listed.
const fn place_of(state: &State) -> u8 {
    match state {
        State::Decided(Outcome::Fail) => 0,
        State::Decided(Outcome::Unknown) => 1,
        State::Decided(Outcome::Pass) => 2,
        _ => 3,
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

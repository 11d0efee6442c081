//! The page of a control.

use jiff::civil::Date;

use super::{Page, WIDTH};
use crate::explain::catalogue::{Row, serving, table};
use crate::framework::Control;
use crate::policy::{PolicySet, Rule};

/// What the page of a control is made of.
#[derive(Clone, Copy)]
pub struct ControlPage<'p> {
    /// The control.
    pub control: &'p Control,
    /// The rules in use.
    pub set: &'p PolicySet,
    /// The day for which it is said how things stand.
    pub as_of: Date,
    /// Rules that are not in use; see [`unchosen`](crate::explain::unchosen).
    pub unchosen: &'p [Rule],
}

/// Everything that is to be said about a control: what it asks for, whether it applies, and which
/// rules serve it.
pub fn control_page(about: &ControlPage<'_>) -> String {
    let control = about.control;
    let mut page = Page::new(&control.reference, &control.title);
    page.blank();
    page.paragraph(&control.summary, "");
    page.blank();
    page.fact("citation", &control.citation);
    if let Some(url) = &control.url {
        page.fact("read it at", url);
    }
    let standing = control.standing(about.as_of);
    page.fact("standing", format_args!("{standing} (on {})", about.as_of));
    if control.days.until.is_some() {
        page.fact("applies", control.days);
    }
    if let Some(successor) = &control.superseded_by {
        page.fact("successor", successor);
    }
    let day = control.checked_on;
    let read = day.map_or_else(String::new, |day| format!(", read on {day}"));
    if control.primary {
        page.fact("known from", format_args!("the official text{read}"));
    } else {
        page.fact(
            "known from",
            format_args!("secondary sources{read}; not from the official text"),
        );
    }
    if let Some(note) = &control.note {
        page.heading("To be known");
        page.paragraph(note, "  ");
    }
    rules(&mut page, about);
    page.0
}

fn rules(page: &mut Page, about: &ControlPage<'_>) {
    let reference = &about.control.reference;
    let rows = serving(about.set, reference, about.as_of);
    if rows.is_empty() {
        page.heading("Not covered");
        page.paragraph("No rule in use serves it.", "  ");
    } else if rows.iter().all(|row| row.off.is_some()) {
        page.heading("Not covered: the rules that serve it are turned off");
    } else {
        page.heading("Rules that serve it");
    }
    let rows_text = table(&rows, Some(WIDTH - 2));
    for line in rows_text.lines() {
        page.line(format_args!("  {line}"));
    }
    for Row { rule, off, .. } in &rows {
        if let Some(off) = off {
            page.paragraph(&format!("{} is off: {}", rule.id, off.reason), "  ");
        }
    }
    let others: Vec<_> = about
        .unchosen
        .iter()
        .filter(|rule| rule.controls.contains(reference))
        .collect();
    if !others.is_empty() {
        page.heading("Rules that would serve it, of packs that are not in use");
        for rule in others {
            page.line(format_args!("  {}", rule.id));
            page.paragraph(&rule.title, "    ");
        }
    }
}

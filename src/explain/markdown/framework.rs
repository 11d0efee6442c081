//! The page of a framework: each control with the rules that cover it.

use super::escape::{anchor, cell, code_cell, link, prose};
use super::writer::Page;
use super::{days, rule_path};
use crate::framework::{Control, Framework};
use crate::policy::{PolicySet, Rule};

/// What is said where no rule serves a control.
const NOT_COVERED: &str = "**not covered**";

pub(super) fn page(framework: &Framework, set: &PolicySet) -> String {
    let mut page = Page::new(&prose(&framework.title));
    let publisher = prose(&framework.publisher);
    page.block(match &framework.url {
        Some(url) => format!("{publisher}: {}", link("the text", url)),
        None => publisher,
    });
    if let Some(note) = &framework.note {
        page.block(prose(note));
    }
    let (all, covered) = (framework.controls.len(), covered(framework, set));
    page.block(format_args!(
        "{covered} of {all} controls are covered by rules, {} are not.",
        all - covered
    ));
    let rows = framework.controls.iter().map(|control| {
        let rules = match serving(set, control).count() {
            0 => NOT_COVERED.to_owned(),
            count => count.to_string(),
        };
        let target = format!("#{}", anchor(&heading(control)));
        [
            link(&code_cell(id(control)), &target),
            cell(&control.title),
            cell(&days(control)),
            rules,
        ]
    });
    page.table(["control", "title", "in force", "rules"], rows);
    for control in &framework.controls {
        section(&mut page, control, set);
    }
    page.finish()
}

fn section(page: &mut Page, control: &Control, set: &PolicySet) {
    page.section(&heading(control));
    page.block(prose(&control.summary));
    let citation = prose(&control.citation);
    let citation = match &control.url {
        Some(url) => link(&citation, url),
        None => citation,
    };
    let read = control.checked_on;
    let read = read.map_or_else(String::new, |day| format!(", read on {day}"));
    page.block(format_args!(
        "{citation}; {}; known from {}{read}.",
        prose(&days(control)),
        source(control)
    ));
    if let Some(note) = &control.note {
        page.block(prose(note));
    }
    let mut rules = serving(set, control).peekable();
    if rules.peek().is_none() {
        page.block(NOT_COVERED);
    } else {
        page.list(rules.map(|rule| {
            let target = format!("../{}", rule_path(&rule.id));
            let link = link(&code_cell(rule.id.as_str()), &target);
            format!("{link}: {}", prose(&rule.title))
        }));
    }
}

/// The heading of a control's section.
pub(super) fn heading(control: &Control) -> String {
    format!("{} {}", prose(&control.reference), prose(&control.title))
}

/// What the facts about a control were read in.
pub(super) fn source(control: &Control) -> &'static str {
    if control.primary {
        "the official text"
    } else {
        "secondary sources"
    }
}

/// How many of the controls a rule serves.
pub(super) fn covered(framework: &Framework, set: &PolicySet) -> usize {
    let controls = framework.controls.iter();
    let covered = controls.filter(|control| serving(set, control).next().is_some());
    covered.count()
}

fn serving<'s>(set: &'s PolicySet, control: &'s Control) -> impl Iterator<Item = &'s Rule> {
    let serves = |rule: &&Rule| rule.controls.contains(&control.reference);
    set.defined().iter().filter(serves)
}

/// The id behind the framework.
fn id(control: &Control) -> &str {
    let id = control.reference.split_once(':');
    id.map_or(&control.reference, |(_, id)| id)
}

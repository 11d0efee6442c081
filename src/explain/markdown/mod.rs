//! The manual of rules and controls as Markdown: a page a rule, a page a framework, and an index of
//! each.
//!
//! The pages say nothing of a day, so they change with the policies alone and can be kept beside
//! them. Paths are relative to the folder of the manual.

mod escape;
mod framework;
mod index;
mod rule;
mod writer;

use std::collections::BTreeMap;

use crate::document::Kinds;
use crate::finding::RuleId;
use crate::framework::{Control, Days};
use crate::policy::PolicySet;

/// Every page by its path, such as `rules/privacy/retention-limit.md`.
pub fn pages(set: &PolicySet, kinds: &Kinds) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::from([
        ("rules/README.md".to_owned(), index::rules(set)),
        ("controls/README.md".to_owned(), index::frameworks(set)),
    ]);
    for rule in set.defined() {
        pages.insert(rule_path(&rule.id), rule::page(rule, set, kinds));
    }
    for framework in set.frameworks().iter() {
        let page = framework::page(framework, set);
        pages.insert(framework_path(&framework.id), page);
    }
    pages
}

/// The page of a rule.
pub fn rule_path(rule: &RuleId) -> String {
    format!("rules/{rule}.md")
}

/// The page of a framework.
pub fn framework_path(framework: &str) -> String {
    format!("controls/{framework}.md")
}

/// The place of a control: its framework's page, and the anchor of its section.
pub fn control_path(control: &Control) -> String {
    let framework = control.reference.split_once(':').map_or("", |(id, _)| id);
    let anchor = escape::anchor(&framework::heading(control));
    format!("{}#{anchor}", framework_path(framework))
}

/// What a catalogue says of the days of a control.
fn days(control: &Control) -> String {
    match (control.in_force(), &control.superseded_by) {
        (None, Some(successor)) => format!("superseded by {successor}"),
        (None, None) => "withdrawn".to_owned(),
        (Some(days), _) if days == Days::default() => "in force".to_owned(),
        (Some(days), None) => days.to_string(),
        (Some(days), Some(successor)) => format!("{days}, then {successor}"),
    }
}

#[cfg(test)]
mod tests;

//! What the gate has to say about its own rules: the catalogue and the page of one rule.
//!
//! Pure functions from a [`PolicySet`] to data and plain text; the command line prints them.

mod page;

use std::fmt::Write as _;
use std::sync::Arc;

use crate::finding::{RuleId, Severity, Stage, nearest};
use crate::policy::{PolicySet, Rule};

pub use page::rule_page;

/// One row of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// The rule.
    pub id: RuleId,
    /// The severity that holds in this run.
    pub severity: Severity,
    /// The stage from which it blocks.
    pub blocks_from: Stage,
    /// The kinds it applies to.
    pub kinds: Arc<[Arc<str>]>,
    /// Controls that it serves.
    pub controls: Arc<[Arc<str>]>,
    /// What holds where it passes.
    pub title: Arc<str>,
    /// Whether it may not be lowered or turned off.
    pub locked: bool,
    /// Why it is turned off, if it is.
    pub off: Option<String>,
}

/// The rules of the chosen packs, sorted by id, those included that are turned off.
pub fn rows(set: &PolicySet) -> Vec<RuleRow> {
    set.defined()
        .iter()
        .map(|defined| {
            let off = set.off().iter().find(|off| off.id == defined.id);
            let rule = set.rule(defined.id.as_str()).unwrap_or(defined);
            RuleRow {
                id: rule.id.clone(),
                severity: rule.severity,
                blocks_from: rule.blocks_from,
                kinds: Arc::clone(&rule.applies_to),
                controls: Arc::clone(&rule.controls),
                title: Arc::clone(&rule.title),
                locked: rule.locked,
                off: off.map(|off| off.reason.clone()),
            }
        })
        .collect()
}

/// The catalogue as a table of text: id, severity, stage, kinds, title.
pub fn table(rows: &[RuleRow]) -> String {
    let widest = |of: &dyn Fn(&RuleRow) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let kinds = |row: &RuleRow| row.kinds.join(", ");
    let id = widest(&|row| row.id.as_str().len());
    let kind = widest(&|row| kinds(row).len());
    let mut table = String::new();
    for row in rows {
        let severity = match row.off {
            Some(_) => "off",
            None => row.severity.as_str(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{:id$}  {severity:7}  {:9}  {:kind$}  {}{}",
            row.id.as_str(),
            row.blocks_from,
            kinds(row),
            row.title,
            if row.locked { " (locked)" } else { "" },
        );
    }
    table
}

/// What a name given to `explain` means.
#[derive(Clone, Debug)]
pub enum Subject<'s> {
    /// A rule.
    Rule(&'s Rule),
    /// A control, with the rules that serve it.
    Control {
        /// The control.
        id: Arc<str>,
        /// The rules, sorted by id.
        rules: Vec<&'s Rule>,
    },
    /// Nothing of this name; perhaps this was meant.
    Unknown {
        /// The nearest rule or control.
        nearest: Option<String>,
    },
}

/// Looks up a rule by its id, or a control by its own.
pub fn look_up<'s>(set: &'s PolicySet, name: &str) -> Subject<'s> {
    if let Some(rule) = set.rule(name) {
        return Subject::Rule(rule);
    }
    if let Some(rule) = set.defined().iter().find(|rule| rule.id.as_str() == name) {
        return Subject::Rule(rule);
    }
    let serves = |rule: &&Rule| rule.controls.iter().any(|control| **control == *name);
    let rules: Vec<_> = set.defined().iter().filter(serves).collect();
    if !rules.is_empty() {
        return Subject::Control {
            id: name.into(),
            rules,
        };
    }
    let ids = set.defined().iter().map(|rule| rule.id.as_str());
    let controls = set
        .defined()
        .iter()
        .flat_map(|rule| rule.controls.iter().map(|control| &**control));
    // Often only the name of a rule is known, without its pack.
    let by_name = set
        .defined()
        .iter()
        .find(|rule| rule.id.as_str().split('/').next_back() == Some(name))
        .map(|rule| rule.id.as_str());
    Subject::Unknown {
        nearest: by_name
            .or_else(|| nearest(name, ids.chain(controls)))
            .map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;

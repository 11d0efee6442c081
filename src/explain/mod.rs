//! What the gate has to say about its own rules: the catalogue, and the page of a rule or of one of
//! the [`checks`] that need none.
//!
//! Pure functions from a [`PolicySet`] to data and plain text; the command line prints them.

mod page;

use std::fmt::Write as _;
use std::sync::Arc;

use crate::finding::{RuleId, Severity, Stage, nearest};
use crate::policy::{OffRule, PolicySet, Rule};
use checks::Asked;

pub use crate::finding::checks;
pub use page::{check_page, rule_page};

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

/// The catalogue as a table of text: id, severity, stage, kinds, title. Where a row is wider than
/// `width`, titles stand on lines of their own.
pub fn table(rows: &[RuleRow], width: Option<usize>) -> String {
    let widest = |of: &dyn Fn(&RuleRow) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let kinds = |row: &RuleRow| row.kinds.join(", ");
    let id = widest(&|row| row.id.as_str().len());
    let kind = widest(&|row| kinds(row).len());
    let lines = rows.iter().map(|row| {
        let severity = match row.off {
            Some(_) => "off",
            None => row.severity.as_str(),
        };
        let title = format!("{}{}", row.title, if row.locked { " (locked)" } else { "" });
        let facts = format!(
            "{:id$}  {severity:7}  {:9}  {:kind$}",
            row.id.as_str(),
            row.blocks_from,
            kinds(row),
        );
        (facts, title)
    });
    let lines: Vec<_> = lines.collect();
    let room = |(facts, title): &(String, String)| {
        width.is_none_or(|width| facts.chars().count() + 2 + title.chars().count() <= width)
    };
    let beside = lines.iter().all(room);
    let mut table = String::new();
    for (facts, title) in &lines {
        // Writing to a string cannot fail.
        let _ = if beside {
            writeln!(table, "{facts}  {title}")
        } else {
            writeln!(table, "{}\n    {title}", facts.trim_end())
        };
    }
    table
}

/// What a name given to `explain` means.
#[derive(Clone, Debug)]
pub enum Subject<'s> {
    /// A rule.
    Rule {
        /// As it holds, or as its policy has it where it is off.
        rule: &'s Rule,
        /// Why it is off, if it is.
        off: Option<&'s OffRule>,
    },
    /// A check that needs no policy.
    Check(Asked),
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

/// Looks up a rule or a check by its id, or a control by its own.
pub fn look_up<'s>(set: &'s PolicySet, name: &str) -> Subject<'s> {
    let defined = || set.defined().iter().find(|rule| rule.id.as_str() == name);
    if let Some(rule) = set.rule(name).or_else(defined) {
        let off = set.off().iter().find(|off| off.id == rule.id);
        return Subject::Rule { rule, off };
    }
    if let Some(asked) = checks::find(name) {
        return Subject::Check(asked);
    }
    let serves = |rule: &&Rule| rule.controls.iter().any(|control| **control == *name);
    let rules: Vec<_> = set.defined().iter().filter(serves).collect();
    if !rules.is_empty() {
        return Subject::Control {
            id: name.into(),
            rules,
        };
    }
    Subject::Unknown {
        nearest: meant(set, name),
    }
}

/// The id that was probably meant by a name that is none.
fn meant(set: &PolicySet, name: &str) -> Option<String> {
    let controls = set
        .defined()
        .iter()
        .flat_map(|rule| rule.controls.iter().map(|control| &**control));
    let ids: Vec<&str> = set
        .defined()
        .iter()
        .map(|rule| rule.id.as_str())
        .chain(checks::all().map(|check| check.id))
        .collect();
    if let Some(near) = nearest(name, ids.iter().copied().chain(controls)) {
        return Some(near.to_owned());
    }
    // Often only the name of a rule is known, without its pack.
    let own = |id: &&str| id.split_once('/').map_or("", |(_, own)| own).to_owned();
    let names: Vec<String> = ids.iter().map(own).collect();
    let near = nearest(name, names.iter().map(String::as_str))?;
    let at = names.iter().position(|own| own == near)?;
    ids.get(at).map(|id| (*id).to_owned())
}

#[cfg(test)]
mod tests;

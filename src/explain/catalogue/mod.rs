//! The rules of the packs in use as a table: for people here, for machines in [`json`].

mod filter;
pub mod json;

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::policy::{Effective, OffRule, PolicySet, Rule};

pub use filter::{Filter, UnknownName};

/// One rule of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Row<'s> {
    /// The rule as it holds in this run, or as its policy has it where it is off.
    pub rule: &'s Rule,
    /// Why it is turned off, if it is.
    pub off: Option<&'s OffRule>,
    /// The day for which it is said whether it holds.
    pub as_of: Date,
}

/// The rules of the chosen packs, sorted by id, those included that are turned off or do not hold
/// on the day.
pub fn rows(set: &PolicySet, as_of: Date) -> Vec<Row<'_>> {
    let row = |defined| row(set, defined, as_of);
    set.defined().iter().map(row).collect()
}

/// The rows of the rules that serve a control.
pub fn serving<'s>(set: &'s PolicySet, control: &str, as_of: Date) -> Vec<Row<'s>> {
    let serves = |rule: &&Rule| rule.controls.iter().any(|own| **own == *control);
    let rules = set.defined().iter().filter(serves);
    rules.map(|rule| row(set, rule, as_of)).collect()
}

fn row<'s>(set: &'s PolicySet, defined: &'s Rule, as_of: Date) -> Row<'s> {
    Row {
        rule: set.rule(defined.id.as_str()).unwrap_or(defined),
        off: set.off().iter().find(|off| off.id == defined.id),
        as_of,
    }
}

impl Row<'_> {
    /// Whether the day is one of those on which the rule holds, be it off or not.
    pub fn holds(&self) -> bool {
        self.rule.effective.holds_on(self.as_of)
    }

    /// What is to be known besides: that it is locked, or from or until when it holds.
    fn remarks(&self) -> String {
        let mut remarks = String::new();
        if self.rule.locked {
            remarks.push_str(" (locked)");
        }
        if !self.holds() {
            let nearest = self.rule.effective.nearest(self.as_of);
            let word = if nearest > self.as_of {
                "from"
            } else {
                "until"
            };
            // Writing to a string cannot fail.
            let _ = write!(remarks, " ({word} {nearest})");
        }
        remarks
    }
}

/// The catalogue as a table of text: id, severity, stage, kinds, title. Where a row is wider than
/// `width`, titles stand on lines of their own.
pub fn table(rows: &[Row<'_>], width: Option<usize>) -> String {
    let widest = |of: &dyn Fn(&Row<'_>) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let kinds = |row: &Row<'_>| row.rule.applies_to.join(", ");
    let id = widest(&|row| row.rule.id.as_str().len());
    let kind = widest(&|row| kinds(row).len());
    let lines = rows.iter().map(|row| {
        let rule = row.rule;
        let severity = match row.off {
            Some(_) => "off",
            None => rule.severity.as_str(),
        };
        let title = format!("{}{}", rule.title, row.remarks());
        let facts = format!(
            "{:id$}  {severity:7}  {:9}  {:kind$}",
            rule.id.as_str(),
            rule.blocks_from,
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
        let _ = if beside {
            writeln!(table, "{facts}  {title}")
        } else {
            writeln!(table, "{}\n    {title}", facts.trim_end())
        };
    }
    table
}

/// What closes the table: how many rules there are, how many are off, and how many do not hold.
pub fn closing(rows: &[Row<'_>], as_of: Date) -> String {
    let off = rows.iter().filter(|row| row.off.is_some()).count();
    let waiting = |row: &&Row<'_>| row.off.is_none() && !row.holds();
    let waiting = rows.iter().filter(waiting).count();
    let s = if rows.len() == 1 { "" } else { "s" };
    let mut text = format!("{} rule{s}", rows.len());
    if off > 0 {
        let _ = write!(text, ", {off} turned off");
    }
    match waiting {
        0 => {}
        1 => {
            let _ = write!(text, ", 1 does not hold on {as_of}");
        }
        more => {
            let _ = write!(text, ", {more} do not hold on {as_of}");
        }
    }
    text.push('\n');
    text
}

/// The days of a rule, each from and until; none where it holds always.
fn days(effective: &Effective) -> &[crate::framework::Days] {
    match effective {
        Effective::Always => &[],
        Effective::Days(days) => std::slice::from_ref(days),
        Effective::Controls(days) => days,
    }
}

#[cfg(test)]
mod tests;

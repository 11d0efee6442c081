//! Whether a file is better with its fixes than without.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Planned;
use crate::finding::{Finding, Outcome, Report, RuleId, checks};

/// What the gate says of one file.
#[derive(Debug)]
pub(super) struct Seen {
    documents: usize,
    /// What each finding is and is about, and whether it can be fixed.
    findings: BTreeSet<Key>,
    /// How often each rule holds, and how often it does not or cannot be decided.
    outcomes: BTreeMap<RuleId, (usize, usize)>,
}

/// A finding, whatever the words and the lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: RuleId,
    pointer: String,
    subject: String,
    message: String,
    fixable: bool,
}

impl Key {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            pointer: finding.pointer.clone(),
            subject: finding.subject.clone(),
            message: finding.message.clone(),
            fixable: !finding.fixes.is_empty(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.rule, &self.pointer, &self.subject) == (&other.rule, &other.pointer, &other.subject)
    }
}

impl Seen {
    pub(super) fn of(report: &Report) -> Self {
        let mut outcomes = BTreeMap::new();
        for rule in report.outcomes.iter().flat_map(|document| &document.rules) {
            let (held, unmet) = outcomes.entry(rule.rule.clone()).or_insert((0, 0));
            for row in &rule.rows {
                match row.outcome {
                    Outcome::Pass => *held += 1,
                    Outcome::Fail | Outcome::Unknown => *unmet += 1,
                    Outcome::NotApplicable => {}
                }
            }
        }
        Self {
            documents: report.summary.documents,
            findings: report.findings.iter().map(Key::of).collect(),
            outcomes,
        }
    }

    /// Whether what was planned is mended and nothing else is worse than before; if not, why.
    ///
    /// Rules may say what they see now, as long as nothing that held has ceased to hold: what a slip
    /// has hidden is for somebody to decide.
    pub(super) fn is_better_than(
        &self,
        before: &Self,
        planned: &[&Planned<'_>],
    ) -> Result<(), String> {
        let is_new = |key: &&Key| !before.findings.iter().any(|known| known.is_same(key));
        let unreadable = |key: &&Key| key.rule.pack() == "document";
        let new = || self.findings.iter().filter(is_new);
        if let Some(key) = new().find(unreadable) {
            return Err(format!(
                "the file could not be read any more: {}",
                key.message
            ));
        }
        if self.documents != before.documents {
            return Err("the file would hold another number of documents".to_owned());
        }
        let about = |one: &Planned<'_>, key: &Key| {
            key.rule == one.finding.rule && key.pointer == one.finding.pointer
        };
        for one in planned {
            if let Some(key) = self.findings.iter().find(|key| about(one, key)) {
                return Err(format!("it does not help: {}", key.message));
            }
        }
        // What is asked for in addition, now that a value can be read, was never there.
        let is_check = |key: &&Key| {
            checks::find(key.rule.as_str()).is_some() && key.rule.as_str() != "schema/missing-key"
        };
        let hidden = |key: &Key| planned.iter().any(|one| is_below_new_key(one, key));
        if let Some(key) = new().filter(is_check).find(|key| !hidden(key)) {
            return Err(format!("it would bring up {}: {}", key.rule, key.message));
        }
        let ceased = |rule: &&RuleId| {
            let of = |seen: &Self| seen.outcomes.get(*rule).copied().unwrap_or_default();
            let ((held, unmet), (held_now, unmet_now)) = (of(before), of(self));
            held_now < held && unmet_now > unmet
        };
        if let Some(rule) = before.outcomes.keys().find(ceased) {
            return Err(format!("{rule} holds as it is, and would not any more"));
        }
        Ok(())
    }
}

/// Whether something stands below a key that had no meaning before it was renamed, or is its value
/// and can be fixed in turn.
fn is_below_new_key(one: &Planned<'_>, key: &Key) -> bool {
    let finding = one.finding;
    if finding.rule.as_str() != "schema/unknown-key" {
        return false;
    }
    let Some((parent, _)) = finding.pointer.rsplit_once('/') else {
        return false;
    };
    one.fix.edits.iter().take(1).any(|edit| {
        let renamed = edit.replacement.trim_matches(['"', '\'']);
        let below = key.pointer.strip_prefix(&format!("{parent}/{renamed}"));
        below.is_some_and(|below| below.starts_with('/') || (below.is_empty() && key.fixable))
    })
}

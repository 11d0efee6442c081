//! Applies the baseline.

use std::collections::BTreeSet;

use super::Stage;
use crate::engine::gate::Gate;
use crate::engine::report::Assembly;
use crate::finding::{Finding, Frozen, Label, RuleId, Severity, Suppression};
use crate::waiver;
use crate::waiver::baseline::{self, Baseline};

/// Entries of a baseline that are pointed at where they match nothing any more.
const STALE: usize = 20;

impl Stage<'_> {
    /// Marks the findings that the baseline covers.
    pub(super) fn freeze(&mut self, baseline: &Baseline, assembly: &mut Assembly<'_>) {
        let until = baseline.until;
        if let Some((day, place)) = until.filter(|(day, _)| *day < self.today) {
            let mut ended = Finding::new(
                "baseline/ended",
                format!("the baseline ended on {day} and counts no more"),
                Label::new(place, ""),
            )
            .with_help(
                "Mend what it covered and remove it, or agree on another day: `launchgate baseline update --until`",
            );
            ended.severity = Severity::Warning;
            self.said.push(ended);
            return;
        }
        let days_left = until.map(|(day, _)| (day - self.today).get_days());
        let mut met: BTreeSet<&str> = BTreeSet::new();
        for finding in &mut assembly.findings {
            let Some((fingerprint, entry)) = baseline
                .findings
                .get_key_value(finding.fingerprint.as_str())
            else {
                continue;
            };
            if *entry.rule != *finding.rule.as_str() {
                continue;
            }
            met.insert(fingerprint);
            let place = entry.place.unwrap_or(baseline.place);
            if let Err(why) = can_freeze(self.gate, finding) {
                let mut refused = Finding::new(
                    "baseline/refused",
                    format!("the baseline cannot cover `{}`: {why}", finding.rule),
                    Label::new(place, ""),
                )
                .with_severity(finding.severity.max(Severity::Warning))
                .with_help("Mend the finding, and remove the entry");
                refused.document.clone_from(&finding.document);
                refused.blocks_from = finding.blocks_from;
                refused.pointer.clone_from(&finding.pointer);
                refused.key.clone_from(&finding.key);
                refused.subject.clone_from(fingerprint);
                self.said.push(refused);
            } else if finding.suppressed.is_none() {
                finding.suppressed = Some(Suppression::Baseline(Frozen {
                    until: until.map(|(day, _)| day),
                    days_left,
                    place,
                }));
            }
        }
        self.stale(baseline, &met);
    }

    /// Says which entries of the baseline match nothing any more.
    fn stale(&mut self, baseline: &Baseline, met: &BTreeSet<&str>) {
        let ids: BTreeSet<&str> = self.checked.keys().map(|known| &*known.id).collect();
        let stale: Vec<&baseline::Entry> = baseline
            .findings
            .iter()
            .filter(|(fingerprint, _)| !met.contains(fingerprint.as_str()))
            .map(|(_, entry)| entry)
            .filter(|entry| {
                let document = entry.document.as_deref();
                self.whole || document.is_some_and(|id| ids.contains(id))
            })
            .collect();
        let Some(first) = stale.first() else { return };
        let message = match stale.len() {
            1 => format!(
                "the baseline has a finding of `{}` that is not there any more",
                first.rule
            ),
            count => format!("the baseline has {count} findings that are not there any more"),
        };
        let place = first.place.unwrap_or(baseline.place);
        let mut finding = Finding::new("baseline/stale", message, Label::new(place, ""))
            .with_severity(Severity::Warning)
            .with_help("Remove what is mended or has changed: `launchgate baseline prune`");
        let more = stale.iter().skip(1).take(STALE - 1);
        finding.related = more
            .filter_map(|entry| Some(Label::new(entry.place?, format!("`{}`, too", entry.rule))))
            .collect();
        if stale.len() > STALE {
            let note = format!("{} more are not shown", stale.len() - STALE);
            finding.notes.push(note);
        }
        self.said.push(finding);
    }
}

/// Whether a baseline may cover a finding; why not, in a clause.
pub(super) fn can_freeze(gate: &Gate, finding: &Finding) -> Result<(), &'static str> {
    waiver::is_waivable(&finding.rule)?;
    let path = finding.document.as_ref().map(|document| &*document.path);
    let locked = |rule: &RuleId| gate.is_locked(rule, path);
    if locked(&finding.rule) {
        Err("the rule is locked")
    } else if finding.folded.iter().any(locked) {
        Err("a locked rule hinges on it")
    } else {
        Ok(())
    }
}

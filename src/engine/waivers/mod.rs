//! Waivers and the baseline of a run: read as the config says, and held against its findings. Every
//! command and every format sees the findings behind this one stage.

mod freeze;
mod offer;
mod read;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::fingerprint;
use super::gate::Gate;
use super::report::{Assembly, CheckOptions, put_in_order};
use crate::finding::{
    DocumentOutcomes, DocumentRef, Finding, Label, RuleId, Severity, Suppression, WaiverState,
    checks, did_you_mean,
};
use crate::signoff::store::Store;
use crate::waiver::baseline::Baseline;
use crate::waiver::{self, Entry, Fault, Granted, Proof, Situation, Subject, Target, Terms};

pub use read::files_of;
pub(super) use read::read;

/// What was read.
pub(super) struct Waivers {
    /// Each with what is known of its signature.
    entries: Vec<(Entry, Proof)>,
    baseline: Option<Baseline>,
}

/// A waiver that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Whether its approver has still to sign it.
    pub unsigned: bool,
}

impl Waivers {
    /// Marks the findings that do not count, and says which waivers do not.
    pub(super) fn apply(
        self,
        gate: &Gate,
        options: &CheckOptions,
        store: &Store,
        assembly: &mut Assembly<'_>,
    ) {
        // Fingerprints are told apart in this order.
        put_in_order(&mut assembly.findings, &assembly.sources);
        let inline = std::mem::take(&mut assembly.inline).into_iter();
        let entries: Vec<(Entry, Proof)> = self
            .entries
            .into_iter()
            .chain(inline.map(|entry| (entry, Proof::Missing)))
            .collect();
        let mut stage = Stage {
            gate,
            today: options.today,
            terms: gate.config.terms(),
            store,
            fail_on: assembly.fail_on(),
            soon: soon(gate, options),
            checked: assembly
                .outcomes
                .iter()
                .map(|known| (known.document.clone(), known.clone_people()))
                .collect(),
            whole: !options.partial
                && !assembly.focus.is_partial()
                && gate.config.root == gate.config.start,
            said: Vec::new(),
        };
        let mut by_rule: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, finding) in assembly.findings.iter().enumerate() {
            let rule = finding.rule.as_str();
            match by_rule.get_mut(rule) {
                Some(known) => known.push(index),
                None => drop(by_rule.insert(rule.to_owned(), vec![index])),
            }
        }
        for (entry, proof) in &entries {
            let meant = by_rule.get(&entry.rule).map_or(&[][..], Vec::as_slice);
            let state = stage.waive(entry, proof, meant, assembly);
            assembly.waivers.push(state);
        }
        if let Some(baseline) = &self.baseline {
            stage.freeze(baseline, assembly);
        }
        let mut said = stage.said;
        fingerprint::assign(&mut said, None);
        assembly.findings.extend(said);
    }
}

/// The last day of those on which a waiver ends soon.
fn soon(gate: &Gate, options: &CheckOptions) -> Option<Date> {
    let configured = gate.config.waivers.warn_before.map(|set| set.value);
    let before = options.warn_before.or(configured)?;
    waiver::last_day(options.today, before)
}

/// Who answers for a document, and who wrote it.
#[derive(Clone, Default)]
struct People {
    owner: Option<Arc<str>>,
    authors: Vec<String>,
}

impl DocumentOutcomes {
    fn clone_people(&self) -> People {
        People {
            owner: self.owner.clone(),
            authors: self.authors.clone(),
        }
    }
}

struct Stage<'s> {
    gate: &'s Gate,
    today: Date,
    terms: Terms,
    store: &'s Store,
    fail_on: Severity,
    soon: Option<Date>,
    /// The documents of the run.
    checked: FxHashMap<DocumentRef, People>,
    /// Whether all that there is was checked.
    whole: bool,
    /// Findings about waivers.
    said: Vec<Finding>,
}

impl Stage<'_> {
    /// Whether a waiver counts for a finding.
    fn judge(&self, entry: &Entry, proof: &Proof, finding: &Finding) -> Result<Granted, Fault> {
        let nobody = People::default();
        let document = finding.document.as_ref();
        let people = document
            .and_then(|document| self.checked.get(document))
            .unwrap_or(&nobody);
        let path = document.map(|document| &*document.path);
        let locked = |rule: &RuleId| self.gate.is_locked(rule, path);
        let subject = Subject {
            rule: &finding.rule,
            severity: finding.severity,
            counts: finding.severity >= self.fail_on,
            locked: locked(&finding.rule) || finding.folded.iter().any(locked),
            hinging: finding.folded.len(),
            authors: &people.authors,
            owner: people.owner.as_deref(),
        };
        let situation = Situation {
            terms: &self.terms,
            today: self.today,
            proof: &|_| proof.clone(),
            revoked: &|name| self.store.distrusts(name),
        };
        waiver::judge(entry, &subject, &situation)
    }

    /// Applies one waiver to the findings of its rule.
    fn waive(
        &mut self,
        entry: &Entry,
        proof: &Proof,
        of_rule: &[usize],
        assembly: &mut Assembly<'_>,
    ) -> WaiverState {
        let sources = &assembly.sources;
        let line = |finding: &Finding| {
            let file = sources.file(finding.primary.location)?;
            Some(file.line_column(finding.primary.location.span.start).line)
        };
        let meant: Vec<usize> = of_rule
            .iter()
            .copied()
            .filter(|&at| {
                let finding = assembly.findings.get(at);
                finding.is_some_and(|finding| entry.means(finding, line))
            })
            .collect();
        let mut state = self.state(entry);
        if let Target::Line(_) = entry.target
            && let Some(finding) = meant.first().and_then(|&at| assembly.findings.get(at))
        {
            let document = finding.document.as_ref();
            let owner = document.and_then(|document| self.checked.get(document)?.owner.clone());
            state.owner = owner.map(|owner| Box::from(&*owner));
            state.document = document.map(|document| Box::from(&*document.id));
            state.key = (!finding.key.is_empty()).then(|| Box::from(&*finding.key));
        }
        if meant.is_empty() {
            state.state = self.unmatched(entry, of_rule, assembly);
            return state;
        }
        // Whatever the value: of documents with one id the first has the fingerprint, and which is the
        // first changes with the files that there are.
        let documents: BTreeSet<&DocumentRef> = of_rule
            .iter()
            .filter_map(|&at| assembly.findings.get(at))
            .filter(|finding| entry.means_place(finding))
            .filter_map(|finding| finding.document.as_ref())
            .collect();
        let ambiguous = documents.len() > 1;
        let mut fault = None;
        let mut taken = 0;
        for at in meant {
            let Some(finding) = assembly.findings.get_mut(at) else {
                continue;
            };
            if finding.suppressed.is_some() {
                taken += 1;
                continue;
            }
            let judged = if ambiguous {
                Err(Fault::Ambiguous)
            } else {
                self.judge(entry, proof, finding)
            };
            match judged {
                Ok(granted) => {
                    state.findings += 1;
                    state.signed = granted.signed;
                    let waived = waived(entry, state.owner.clone(), granted);
                    finding.suppressed = Some(Suppression::Waiver(Box::new(waived)));
                    if state.findings == 1 {
                        self.ends_soon(entry, finding, &mut state);
                    }
                }
                Err(why) if fault.is_none() => {
                    self.said.push(why.finding(entry, finding));
                    fault = Some(why);
                }
                Err(_) => {}
            }
        }
        if let Some(fault) = fault {
            state.state = fault.state();
        } else if state.findings == 0 && taken > 0 {
            state.state = "superseded";
            let message = format!(
                "the waiver of `{}` covers nothing that another one does not",
                entry.rule
            );
            self.say_unmatched(entry, message, "Remove one of the two");
        }
        state
    }

    fn state(&self, entry: &Entry) -> WaiverState {
        let boxed = |text: &Option<String>| text.as_deref().map(Box::from);
        let (document, key, fingerprint) = match &entry.target {
            Target::Key {
                document,
                key,
                fingerprint,
                ..
            } => (
                Some(document.as_str()),
                Some(key.as_str()).filter(|key| !key.is_empty()),
                fingerprint.as_deref(),
            ),
            Target::Line(_) => (None, None, None),
        };
        WaiverState {
            rule: entry.rule.as_str().into(),
            document: document.map(Box::from),
            key: key.map(Box::from),
            fingerprint: fingerprint.map(Box::from),
            reason: entry.reason.as_str().into(),
            owner: boxed(&entry.owner),
            approver: boxed(&entry.approver),
            link: boxed(&entry.link),
            granted: entry.granted,
            expires: entry.expires,
            days_left: (entry.expires - self.today).get_days(),
            state: "active",
            findings: 0,
            inline: entry.is_inline(),
            signed: false,
            place: entry.place(),
        }
    }

    fn ends_soon(&mut self, entry: &Entry, finding: &Finding, state: &mut WaiverState) {
        if self.soon.is_none_or(|soon| entry.expires > soon) {
            return;
        }
        state.state = "ends-soon";
        let left = crate::finding::days_left(state.days_left);
        let message = format!(
            "the waiver of `{}` ends on {}: {left}",
            entry.rule, entry.expires
        );
        let mut said = Finding::new(
            "waivers/ends-soon",
            message,
            Label::new(entry.places.expires, ""),
        )
        .with_severity(Severity::Warning)
        .with_related(Label::new(finding.primary.location, "blocks again then"))
        .with_help("Mend the finding, or have the waiver approved anew");
        said.document.clone_from(&finding.document);
        said.pointer.clone_from(&finding.pointer);
        said.key.clone_from(&finding.key);
        said.subject = format!("{} {}", entry.rule, finding.fingerprint);
        self.said.push(said);
    }

    /// What to say of a waiver that meets no finding. Of a part of the documents it cannot be said that
    /// none of them has it.
    fn unmatched(
        &mut self,
        entry: &Entry,
        of_rule: &[usize],
        assembly: &Assembly<'_>,
    ) -> &'static str {
        let rule = entry.rule.as_str();
        let known = self
            .gate
            .rules
            .defined()
            .iter()
            .map(|known| known.id.as_str());
        let known: Vec<&str> = known.chain(checks::all().map(|check| check.id)).collect();
        let exists = known.contains(&rule) || checks::find(rule).is_some();
        let (document, fingerprint) = match &entry.target {
            Target::Key {
                document,
                fingerprint,
                ..
            } => (Some(document.as_str()), fingerprint.as_deref()),
            Target::Line(_) => (None, None),
        };
        let seen = document.is_none_or(|id| self.checked.keys().any(|known| &*known.id == id));
        if exists && !seen && !self.whole {
            return "not-checked";
        }
        let here = of_rule.iter().filter_map(|&at| assembly.findings.get(at));
        let changed = here
            .filter(|finding| fingerprint.is_some() && entry.means_place(finding))
            .map(|finding| finding.fingerprint.to_string())
            .next();
        let (message, help) = if !exists {
            let near = did_you_mean(rule, known.iter().copied());
            (
                format!("there is no rule `{rule}` to waive{near}"),
                "Correct the rule; ids are compared to the letter".to_owned(),
            )
        } else if let Some(changed) = changed {
            (
                format!("what was waived of `{rule}` is not what stands there now"),
                format!(
                    "The value has changed since: have it approved anew, with the fingerprint {changed}"
                ),
            )
        } else if self
            .gate
            .rules
            .off()
            .iter()
            .any(|off| off.id.as_str() == rule)
        {
            (
                format!("`{rule}` is waived and is turned off as well"),
                "Remove the waiver".to_owned(),
            )
        } else if let Some(id) = document.filter(|_| !seen) {
            let ids: BTreeSet<&str> = self.checked.keys().map(|known| &*known.id).collect();
            let near = did_you_mean(id, ids);
            (
                format!("`{rule}` is waived for `{id}`, and there is no such document{near}"),
                "Correct the id, or remove the waiver".to_owned(),
            )
        } else {
            (
                format!("the waiver of `{rule}` meets no finding"),
                "Remove it: what it was for is mended, or stands under another key".to_owned(),
            )
        };
        self.say_unmatched(entry, message, &help);
        "unmatched"
    }

    fn say_unmatched(&mut self, entry: &Entry, message: String, help: &str) {
        let mut finding = Finding::new(
            "waivers/unmatched",
            message,
            Label::new(entry.places.rule, ""),
        )
        .with_severity(Severity::Warning)
        .with_help(help);
        finding.subject = format!("{} {:?}", entry.rule, entry.target);
        self.said.push(finding);
    }
}

fn waived(entry: &Entry, owner: Option<Box<str>>, granted: Granted) -> crate::finding::Waived {
    crate::finding::Waived {
        reason: entry.reason.as_str().into(),
        owner,
        approver: entry.approver.as_deref().map(Into::into),
        role: granted.role.map(Into::into),
        link: entry.link.as_deref().map(Into::into),
        expires: entry.expires,
        days_left: granted.days_left,
        inline: entry.is_inline(),
        signed: granted.signed,
        place: entry.place(),
    }
}

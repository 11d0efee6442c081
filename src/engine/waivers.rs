//! Waivers and the baseline of a run: read as the config says, and held against its findings. Every
//! command and every format sees the findings behind this one stage.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::fingerprint;
use super::gate::Gate;
use super::report::{Assembly, CheckOptions, put_in_order};
use super::sign_offs;
use crate::config::Config;
use crate::files::Files;
use crate::files::paths::{reason, relative};
use crate::finding::{
    DocumentOutcomes, DocumentRef, Finding, Frozen, Label, Report, RuleId, Severity, Suppression,
    WaiverState, checks, did_you_mean,
};
use crate::signoff::store::{SIGNATURE, SIGNATURE_BYTES, Store};
use crate::source::{SourceFile, SourceMap, Span};
use crate::waiver::baseline::{self, Baseline};
use crate::waiver::{
    self, BASELINE, Entry, FILE, Fault, Granted, MAX_BYTES, Proof, Situation, Subject, Target,
    Terms, signed,
};

/// Entries of a baseline that are pointed at where they match nothing any more.
const STALE: usize = 20;

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

/// Reads waivers and baseline; what is wrong with them goes into the report.
pub(super) fn read(
    gate: &Gate,
    files: &dyn Files,
    store: &Store,
    assembly: &mut Assembly<'_>,
) -> Waivers {
    let config = &gate.config;
    let mut reader = Reader {
        config,
        files,
        sources: &mut assembly.sources,
        findings: Vec::new(),
    };
    let mut entries = Vec::new();
    for path in reader.paths() {
        if let Some(source) = reader.source(&path) {
            match waiver::parse(&source) {
                Ok(found) => entries.extend(found),
                Err(findings) => reader.findings.extend(findings),
            }
        }
    }
    let baseline = reader.baseline().and_then(|path| {
        let source = reader.source(&path)?;
        match baseline::parse(&source) {
            Ok(baseline) => Some(baseline),
            Err(findings) => {
                reader.findings.extend(findings);
                None
            }
        }
    });
    let mut findings = reader.findings;
    if !findings.is_empty() {
        // Of broken input not even the whole part counts.
        entries.clear();
    }
    fingerprint::assign(&mut findings, None);
    assembly.findings.extend(findings);
    let folder = sign_offs::places(config).folder.join(signed::FOLDER);
    let proof = |entry: Entry| {
        let proof = proof(&entry, &folder, config, files, store);
        (entry, proof)
    };
    Waivers {
        entries: entries.into_iter().map(proof).collect(),
        baseline,
    }
}

/// What is known of the signature of a waiver.
fn proof(
    entry: &Entry,
    folder: &Utf8Path,
    config: &Config,
    files: &dyn Files,
    store: &Store,
) -> Proof {
    let (Some(statement), Some(digest), Some(approver)) = (
        signed::statement(entry),
        signed::digest(entry),
        &entry.approver,
    ) else {
        return Proof::Missing;
    };
    let path = folder.join(format!("{digest}.json{SIGNATURE}"));
    let real = match files.canonical(&path) {
        Ok(real) if real.starts_with(&config.root) => real,
        Ok(_) => return Proof::Broken("its file is a link that leads out of the root".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Proof::Missing,
        Err(error) => return Proof::Broken(format!("it cannot be read: {}", reason(&error))),
    };
    match files.read(&real, SIGNATURE_BYTES) {
        Ok(bytes) if bytes.len() as u64 > SIGNATURE_BYTES => {
            Proof::Broken(format!("it is larger than {SIGNATURE_BYTES} bytes"))
        }
        Ok(bytes) => {
            match store.verify(statement.as_bytes(), &bytes, signed::NAMESPACE, approver) {
                Ok(_) => Proof::Holds,
                Err(why) => Proof::Broken(why),
            }
        }
        Err(error) => Proof::Broken(format!("it cannot be read: {}", reason(&error))),
    }
}

struct Reader<'r> {
    config: &'r Config,
    files: &'r dyn Files,
    sources: &'r mut SourceMap,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// Whether no config is asked for, nor what stands beside one.
    fn isolated(&self) -> bool {
        self.config.explicit && self.config.files.is_empty()
    }

    /// The files of waivers.
    fn paths(&mut self) -> Vec<Utf8PathBuf> {
        if let Some(files) = &self.config.waivers.files {
            return files.iter().map(|file| file.value.clone()).collect();
        }
        if self.isolated() {
            return Vec::new();
        }
        let configs = self.config.files.iter();
        let folders: BTreeSet<&Utf8Path> = configs
            .filter_map(|file| file.path.parent())
            .chain([&*self.config.root])
            .collect();
        let folders: Vec<Utf8PathBuf> = folders.into_iter().map(Utf8Path::to_owned).collect();
        for folder in &folders {
            let other = folder.join(FILE).with_extension("yml");
            if self.files.stat(&other).is_ok() {
                let shown = relative(&other, &self.config.root);
                self.say(
                    &other,
                    "waiver/name",
                    format!("`{shown}` would be passed over"),
                    format!("The file of waivers is called `{FILE}`; rename it"),
                );
            }
        }
        let files = folders.into_iter().map(|folder| folder.join(FILE));
        files.filter(|path| self.files.stat(path).is_ok()).collect()
    }

    fn baseline(&self) -> Option<Utf8PathBuf> {
        if let Some(file) = &self.config.waivers.baseline {
            return Some(file.value.clone());
        }
        let path = self.config.root.join(BASELINE);
        (!self.isolated() && self.files.stat(&path).is_ok()).then_some(path)
    }

    fn source(&mut self, path: &Utf8Path) -> Option<Arc<SourceFile>> {
        let shown = relative(path, &self.config.root);
        let bytes = match self.files.canonical(path) {
            Ok(real) if !real.starts_with(&self.config.root) => {
                self.say(
                    path,
                    "waiver/outside-root",
                    format!("`{shown}` is a link that leads out of the root"),
                    "Put the file itself there; nothing outside is read".to_owned(),
                );
                return None;
            }
            Ok(real) => self.files.read(&real, MAX_BYTES),
            Err(error) => Err(error),
        };
        match bytes {
            Ok(bytes) if bytes.len() as u64 > MAX_BYTES => {
                self.say(
                    path,
                    "waiver/limit",
                    format!("`{shown}` is larger than {MAX_BYTES} bytes"),
                    "Split it, and name the parts under `waivers.files`".to_owned(),
                );
                None
            }
            Ok(bytes) => {
                let id = self.sources.next_id();
                match crate::value::decode(bytes) {
                    Ok(text) => {
                        let source = SourceFile::new(id, shown, text);
                        self.sources.insert(&source);
                        Some(source)
                    }
                    Err(error) => {
                        let (source, mut finding) = error.into_finding(id, shown);
                        finding.rule = RuleId::new("waiver/encoding");
                        self.sources.insert(&source);
                        self.findings.push(finding);
                        None
                    }
                }
            }
            Err(error) => {
                self.say(
                    path,
                    "waiver/unreadable",
                    format!("`{shown}` cannot be read: {}", reason(&error)),
                    "Make it a readable file, or remove it".to_owned(),
                );
                None
            }
        }
    }

    fn say(&mut self, path: &Utf8Path, rule: &str, message: String, help: String) {
        let shown = relative(path, &self.config.root);
        let source = SourceFile::new(self.sources.next_id(), shown, "");
        self.sources.insert(&source);
        let label = Label::new(source.location(Span::default()), "");
        let mut finding = Finding::new(rule, message, label).with_help(help);
        finding.subject = source.path().to_string();
        self.findings.push(finding);
    }
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
            state.key = Some(Box::from(&*finding.key)).filter(|key: &Box<str>| !key.is_empty());
        }
        if meant.is_empty() {
            state.state = self.unmatched(entry, of_rule, assembly);
            return state;
        }
        let documents: BTreeSet<&DocumentRef> = meant
            .iter()
            .filter_map(|&at| assembly.findings.get(at)?.document.as_ref())
            .collect();
        let ambiguous = documents.len() > 1 && !entry.is_inline();
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

    /// Marks the findings that the baseline covers.
    fn freeze(&mut self, baseline: &Baseline, assembly: &mut Assembly<'_>) {
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
fn can_freeze(gate: &Gate, finding: &Finding) -> Result<(), &'static str> {
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

impl Gate {
    /// Whether a waiver that is still to be written would count for a finding of a report.
    ///
    /// # Errors
    /// Why it would not.
    pub fn try_waiver(
        &self,
        entry: &Entry,
        finding: &Finding,
        report: &Report,
        today: Date,
    ) -> Result<Waived, Fault> {
        let store = Store::default();
        let stage = Stage {
            gate: self,
            today,
            terms: self.config.terms(),
            store: &store,
            fail_on: report.fail_on,
            soon: None,
            checked: report
                .outcomes
                .iter()
                .map(|known| (known.document.clone(), known.clone_people()))
                .collect(),
            whole: false,
            said: Vec::new(),
        };
        match stage.judge(entry, &Proof::Missing, finding) {
            Ok(_) => Ok(Waived { unsigned: false }),
            Err(Fault::Unsigned(_)) => Ok(Waived { unsigned: true }),
            Err(fault) => Err(fault),
        }
    }

    /// What is still to be signed of the waivers of a report: files, absolute, with their texts.
    pub fn waiver_statements(
        &self,
        report: &Report,
        files: &dyn Files,
    ) -> Vec<(Utf8PathBuf, String)> {
        let folder = sign_offs::places(&self.config).folder.join(signed::FOLDER);
        let mut sources = SourceMap::default();
        let mut reader = Reader {
            config: &self.config,
            files,
            sources: &mut sources,
            findings: Vec::new(),
        };
        let paths = reader.paths();
        let sources: Vec<_> = paths
            .iter()
            .filter_map(|path| reader.source(path))
            .collect();
        let waiting = |entry: &Entry| {
            report.waivers.iter().any(|waiver| {
                let is_meant = match &entry.target {
                    Target::Key { document, key, .. } => {
                        waiver.document.as_deref() == Some(document)
                            && waiver.key.as_deref().unwrap_or_default() == key
                    }
                    Target::Line(_) => false,
                };
                waiver.state == "unsigned" && *waiver.rule == *entry.rule && is_meant
            })
        };
        sources
            .iter()
            .filter_map(|source| waiver::parse(source).ok())
            .flatten()
            .filter(waiting)
            .filter_map(|entry| {
                let name = format!("{}.json", signed::digest(&entry)?);
                Some((folder.join(name), signed::statement(&entry)?))
            })
            .collect()
    }

    /// Whether a baseline may cover a finding.
    ///
    /// # Errors
    /// Why not, in a clause.
    pub fn try_baseline(&self, finding: &Finding) -> Result<(), &'static str> {
        can_freeze(self, finding)
    }
}

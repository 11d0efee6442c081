//! Puts the report together.

mod notices;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use camino::Utf8Path;
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use super::fingerprint;
use super::focus::{Changes, Focus};
use super::gate::{Gate, Refusal};
use super::judge::Judged;
use super::quota::{LeftOut, Quotas};
use super::recognition::Recognition;
use super::redact;
use super::trust::Base;
use crate::evidence::Evidence;
use crate::expr::time::IsoDuration;
use crate::finding::{
    CitedControl, DocumentOutcomes, DocumentRef, FairnessCheck, FileDigest, Finding, Outcome,
    Report, RuleId, Severity, Stage, Summary, Suppression, Tally, Verdict, WaiverState,
};
use crate::signoff::github::Reviews;
use crate::signoff::{CommitAuthors, ContentDigest};
use crate::source::{FileId, Location, SourceMap};
use crate::waiver;

/// What a run is asked for.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// The day that stands for now.
    pub today: Date,
    /// The stage to check for; `None` takes each document's own.
    pub stage: Option<Stage>,
    /// The severity from which findings fail the gate; `None` takes the config's.
    pub fail_on: Option<Severity>,
    /// Whether the report lists every outcome. Memory then follows documents and rules.
    pub outcomes: bool,
    /// Whether each outcome is listed with its place and its evidence, too.
    pub trace: bool,
    /// Whether the notices say of each file what it was taken for.
    pub recognition: bool,
    /// Whether the report has the digests of the files that documents are read from and name.
    pub digests: bool,
    /// The files that changed, where the report is to speak of them alone.
    pub changes: Option<Changes>,
    /// Where the change began that is checked: sign-offs are trusted by what stands there.
    pub base: Option<Base>,
    /// Who knows who wrote the commits of documents; `None` where there is no history.
    pub history: Option<Arc<dyn CommitAuthors>>,
    /// The reviews of the pull request that is checked.
    pub reviews: Option<Reviews>,
    /// Whether the inputs are a part of what there is, so that a waiver that meets no finding may mean
    /// one in another part.
    pub partial: bool,
    /// How long before its end a waiver is named; `None` takes the config's.
    pub warn_before: Option<IsoDuration>,
    /// How many threads; `None` takes as many as there are cores.
    pub jobs: Option<NonZeroUsize>,
}

impl CheckOptions {
    /// The options of a plain run on a day.
    pub fn on(today: Date) -> Self {
        Self {
            today,
            stage: None,
            fail_on: None,
            outcomes: false,
            trace: false,
            recognition: false,
            digests: false,
            changes: None,
            base: None,
            history: None,
            reviews: None,
            partial: false,
            warn_before: None,
            jobs: None,
        }
    }
}

/// A document without a stage is taken to be launched: what is not said never makes the gate
/// milder.
const UNSTATED: Stage = Stage::Launched;

/// A report in the making.
pub(super) struct Assembly<'g> {
    gate: &'g Gate,
    options: &'g CheckOptions,
    pub(super) sources: SourceMap,
    pub(super) findings: Vec<Finding>,
    /// Waivers in comments of documents.
    pub(super) inline: Vec<waiver::Entry>,
    /// What became of each waiver.
    pub(super) waivers: Vec<WaiverState>,
    pub(super) notices: Vec<String>,
    /// What each file was taken for.
    pub(super) recognition: Recognition,
    /// What the report speaks of.
    pub(super) focus: Focus,
    /// How many documents were read and are not spoken of.
    pub(super) aside: usize,
    /// The overrides that apply to some of the files.
    pub(super) overrides: BTreeSet<usize>,
    quotas: Quotas,
    summary: Summary,
    /// The stage that each document is held against; `None` if neither it nor the run states one.
    stages: FxHashMap<DocumentRef, Option<Stage>>,
    /// For each kind that no rule speaks of, how many documents there are.
    unruled: BTreeMap<Arc<str>, usize>,
    /// Documents that are further along than `--stage` asks for.
    past: Vec<Arc<str>>,
    pub(super) outcomes: Vec<DocumentOutcomes>,
    /// Fairness claims held against their evidence, in any order.
    fairness: Vec<FairnessCheck>,
    /// The files that documents are read from and name, where that is asked for.
    pub(super) files: BTreeMap<Box<str>, Option<FileDigest>>,
    /// What the report may not show.
    redacted: BTreeSet<Location>,
    /// For each rule, whether it was decided anywhere, and whether it was asked at all.
    used: FxHashMap<RuleId, bool>,
}

impl<'g> Assembly<'g> {
    pub(super) fn new(gate: &'g Gate, options: &'g CheckOptions, mut sources: SourceMap) -> Self {
        sources.extend(gate.sources.clone());
        let mut findings = gate.rules.warnings().to_vec();
        fingerprint::assign(&mut findings, None);
        Self {
            gate,
            options,
            sources,
            findings,
            inline: Vec::new(),
            waivers: Vec::new(),
            notices: Vec::new(),
            recognition: Recognition::default(),
            focus: Focus::Everything(None),
            aside: 0,
            overrides: BTreeSet::new(),
            quotas: Quotas::default(),
            summary: Summary::default(),
            stages: FxHashMap::default(),
            unruled: BTreeMap::new(),
            past: Vec::new(),
            outcomes: Vec::new(),
            fairness: Vec::new(),
            files: BTreeMap::new(),
            redacted: BTreeSet::new(),
            used: FxHashMap::default(),
        }
    }

    /// Counts a document and notes its stage.
    pub(super) fn document(&mut self, reference: DocumentRef, stage: Option<Stage>) {
        self.summary.documents += 1;
        let asked = self.options.stage;
        if asked.is_some_and(|asked| stage.is_some_and(|own| own > asked)) {
            self.past.push(Arc::clone(&reference.path));
        }
        let stage = asked.or(stage);
        // Of documents that cannot be told apart the one furthest along counts for each.
        self.stages
            .entry(reference)
            .and_modify(|known| {
                if known.unwrap_or(UNSTATED) < stage.unwrap_or(UNSTATED) {
                    *known = stage;
                }
            })
            .or_insert(stage);
    }

    /// Takes over what is decided of a document.
    pub(super) fn judged(&mut self, document: &DocumentRef, judged: Judged) {
        let Judged {
            title,
            owner,
            authors,
            sign_offs,
            findings,
            left_out,
            outcomes,
            redacted,
        } = judged;
        self.redacted.extend(redacted);
        let kept = self.quotas.admit(&document.path, findings, left_out);
        self.findings.extend(kept);
        if outcomes.is_empty() {
            *self.unruled.entry(Arc::clone(&document.kind)).or_insert(0) += 1;
        }
        let tally = Tally::of(&outcomes);
        self.summary.pass += tally.pass;
        self.summary.fail += tally.fail;
        self.summary.unknown += tally.unknown;
        self.summary.not_applicable += tally.not_applicable;
        for rule in &outcomes {
            let decided = rule
                .rows
                .iter()
                .any(|row| row.outcome != Outcome::NotApplicable);
            match self.used.get_mut(&rule.rule) {
                Some(used) => *used |= decided,
                None => drop(self.used.insert(rule.rule.clone(), decided)),
            }
        }
        self.outcomes.push(DocumentOutcomes {
            document: document.clone(),
            title,
            owner,
            authors,
            stage: self.stages.get(document).copied().flatten(),
            sign_offs,
            tally,
            rules: if self.options.outcomes || self.options.trace {
                outcomes
            } else {
                Vec::new()
            },
        });
    }

    /// Takes over the claims of the documents that the report speaks of.
    pub(super) fn claims(&mut self, checks: Vec<FairnessCheck>) {
        let concerned = |check: &FairnessCheck| self.stages.contains_key(&check.document);
        self.fairness = checks.into_iter().filter(concerned).collect();
    }

    /// Takes over the digests of the files that a document is read from and names.
    pub(super) fn digests(&mut self, files: BTreeMap<String, Option<ContentDigest>>) {
        let boxed = |digest: ContentDigest| FileDigest {
            sha256: digest.sha256.into(),
            git_blob: digest.git_blob.into(),
        };
        let files = files.into_iter();
        self.files
            .extend(files.map(|(path, digest)| (path.into(), digest.map(boxed))));
    }

    /// Says of the evidence that outcomes rest on what is known of its files.
    pub(super) fn verified(&mut self, evidence: &Evidence<'_>) {
        for document in &mut self.outcomes {
            let from = &document.document.path;
            let rows = document.rules.iter_mut().flat_map(|rule| &mut rule.rows);
            let traces = rows.filter_map(|row| row.trace.as_deref_mut());
            for named in traces.flat_map(|trace| &mut trace.evidence) {
                let file = named.target.split('#').next().unwrap_or_default();
                named.state = evidence.known(file, from, named.sha256.as_deref());
            }
        }
    }

    /// Takes over what is wrong with a file as such.
    pub(super) fn file(&mut self, path: &Utf8Path, findings: Vec<Finding>) {
        let kept = self
            .quotas
            .admit(path.as_str(), findings, LeftOut::default());
        self.findings.extend(kept);
    }

    /// The severity from which findings fail the gate.
    pub(super) fn fail_on(&self) -> Severity {
        let asked = self.options.fail_on;
        asked.unwrap_or(self.gate.config.fail_on.value)
    }

    /// The report, in order.
    pub(super) fn finish(mut self) -> Report {
        let fail_on = self.fail_on();
        self.findings.extend(self.quotas.findings(&self.sources));
        self.summary.rules = self.gate.rules.rules().len();
        for finding in &mut self.findings {
            let document = finding.document.as_ref();
            let own = document.and_then(|document| self.stages.get(document).copied().flatten());
            let stage = own.or(self.options.stage).unwrap_or(UNSTATED);
            let counts = finding.severity >= fail_on;
            let reached = finding.blocks_from.is_none_or(|from| stage >= from);
            if let Some(reason) = &finding.suppressed {
                *self.summary.suppressed_by(reason) += 1;
            } else {
                finding.blocking = counts && reached;
                self.summary.blocking += usize::from(finding.blocking);
                self.summary.later += usize::from(counts && !reached);
            }
            note_folded(finding);
        }
        self.remarks();
        put_in_order(&mut self.findings, &self.sources);
        let waivers = self.waivers.iter().map(|waiver| waiver.place.file);
        let shown: FxHashSet<FileId> = self
            .findings
            .iter()
            .flat_map(files_of)
            .chain(waivers)
            .collect();
        self.sources.retain(|id| shown.contains(&id));
        self.outcomes.sort_by(|a, b| a.document.cmp(&b.document));
        // The tenth of a list stands behind the second.
        self.fairness.sort_by_cached_key(|check| {
            let pointer = check.pointer.clone();
            (check.document.clone(), pointer.len(), pointer)
        });
        if !self.redacted.is_empty() {
            redact::apply(
                &self.redacted,
                &mut self.findings,
                &mut self.outcomes,
                &mut self.fairness,
                &mut self.waivers,
                &mut self.notices,
                &mut self.sources,
            );
        }
        let verdict = self.verdict();
        let controls = self.cited();
        let rules = self.gate.described();
        Report {
            as_of: self.options.today.to_string(),
            stage: self.options.stage,
            fail_on,
            policy_digest: self.gate.digest.clone(),
            verdict,
            summary: self.summary,
            findings: self.findings,
            outcomes: self.outcomes,
            rules,
            controls,
            fairness: self.fairness,
            files: self.files,
            waivers: self.waivers,
            notices: self.notices,
            sources: self.sources,
            root: self.gate.config.root.as_str().into(),
        }
    }

    /// The controls that findings cite, as they stand on the day of the run.
    fn cited(&self) -> BTreeMap<Arc<str>, CitedControl> {
        let frameworks = self.gate.rules.frameworks();
        let ids: BTreeSet<&Arc<str>> = self
            .findings
            .iter()
            .flat_map(|finding| &finding.controls)
            .collect();
        let cited = ids.into_iter().filter_map(|id| {
            let cited = frameworks.control(id)?.cited(self.options.today);
            Some((Arc::clone(id), cited))
        });
        cited.collect()
    }

    fn verdict(&self) -> Verdict {
        if self.findings.iter().any(is_input_error) {
            Verdict::Error
        } else if self.summary.blocking > 0 {
            Verdict::Fail
        } else if self.summary.documents == 0 && self.aside > 0 {
            // There are documents, and none of them has to do with what changed.
            Verdict::Pass
        } else if self.summary.documents == 0 || self.used.is_empty() {
            Verdict::NothingChecked
        } else {
            Verdict::Pass
        }
    }
}

/// Sorts findings by path, place and rule, and tells those apart that have one fingerprint.
pub(super) fn put_in_order(findings: &mut [Finding], sources: &SourceMap) {
    findings.sort_by_cached_key(|finding| {
        let file = sources.file(finding.primary.location);
        let path = match (file, &finding.document) {
            (Some(file), _) => Some(file.path().to_string()),
            (None, Some(document)) => Some(document.path.to_string()),
            (None, None) => None,
        };
        (
            path,
            finding.primary.location.span,
            finding.rule.clone(),
            finding.pointer.clone(),
        )
    });
    fingerprint::tell_apart(findings);
}

/// The files that a finding points into.
fn files_of(finding: &Finding) -> impl Iterator<Item = FileId> {
    std::iter::once(&finding.primary)
        .chain(&finding.related)
        .chain(&finding.policy)
        .map(|label| label.location.file)
        .chain(
            finding
                .suppressed
                .as_ref()
                .and_then(Suppression::place)
                .map(|place| place.file),
        )
}

fn is_input_error(finding: &Finding) -> bool {
    finding.rule.is_input_error() && finding.severity == Severity::Error
}

fn note_folded(finding: &mut Finding) {
    let rules: Vec<&str> = finding.folded.iter().map(RuleId::as_str).collect();
    let note = match rules.as_slice() {
        [] => return,
        [rule] => format!("{rule} hinges on this and says nothing of its own"),
        several => format!(
            "{} rules hinge on this and say nothing of their own: {}",
            several.len(),
            several.join(", ")
        ),
    };
    finding.notes.push(note);
}

/// The report of a run that could not begin: the input errors, and nothing concluded.
pub fn refused(refusal: Refusal, options: &CheckOptions, root: &str) -> Report {
    let Refusal {
        mut findings,
        sources,
    } = refusal;
    fingerprint::assign(&mut findings, None);
    put_in_order(&mut findings, &sources);
    for finding in &mut findings {
        finding.blocking = finding.severity == Severity::Error;
    }
    let blocking = findings.iter().filter(|finding| finding.blocking).count();
    Report {
        as_of: options.today.to_string(),
        stage: options.stage,
        fail_on: options.fail_on.unwrap_or(Severity::Error),
        policy_digest: String::new(),
        verdict: Verdict::Error,
        summary: Summary {
            blocking,
            ..Summary::default()
        },
        findings,
        outcomes: Vec::new(),
        rules: BTreeMap::new(),
        controls: BTreeMap::new(),
        fairness: Vec::new(),
        files: BTreeMap::new(),
        waivers: Vec::new(),
        notices: Vec::new(),
        sources,
        root: root.into(),
    }
}

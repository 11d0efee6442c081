//! Puts the report together.

use std::num::NonZeroUsize;
use std::sync::Arc;

use camino::Utf8PathBuf;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::gate::{Gate, Refusal};
use crate::finding::{
    DocumentOutcomes, DocumentRef, Finding, Outcome, Report, RuleId, RuleOutcomes, Severity, Stage,
    Summary, Tally, Verdict,
};
use crate::source::SourceMap;

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
    pub(super) notices: Vec<String>,
    /// Files that were come upon and are no documents.
    pub(super) strangers: Vec<Utf8PathBuf>,
    summary: Summary,
    stages: FxHashMap<(Arc<str>, Arc<str>), Stage>,
    outcomes: Vec<DocumentOutcomes>,
    /// For each rule, whether it was decided anywhere, and whether it was asked at all.
    used: FxHashMap<RuleId, bool>,
}

impl<'g> Assembly<'g> {
    pub(super) fn new(gate: &'g Gate, options: &'g CheckOptions, mut sources: SourceMap) -> Self {
        sources.extend(gate.sources.clone());
        Self {
            gate,
            options,
            sources,
            findings: gate.rules.warnings().to_vec(),
            notices: Vec::new(),
            strangers: Vec::new(),
            summary: Summary::default(),
            stages: FxHashMap::default(),
            outcomes: Vec::new(),
            used: FxHashMap::default(),
        }
    }

    /// Counts a document and notes its stage.
    pub(super) fn document(&mut self, reference: DocumentRef, stage: Option<Stage>) {
        self.summary.documents += 1;
        let stage = self.options.stage.or(stage);
        if let Some(stage) = stage {
            self.stages.insert((reference.path, reference.id), stage);
        }
    }

    /// Takes over what is decided of a document.
    pub(super) fn judged(
        &mut self,
        document: &DocumentRef,
        findings: Vec<Finding>,
        outcomes: Vec<RuleOutcomes>,
    ) {
        self.findings.extend(findings);
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
        let stage = self.stage(document);
        let rules = if self.options.outcomes {
            outcomes
        } else {
            Vec::new()
        };
        self.outcomes.push(DocumentOutcomes {
            document: document.clone(),
            stage,
            tally,
            rules,
        });
    }

    /// The stage that a document is held against, if it or the run states one.
    fn stage(&self, document: &DocumentRef) -> Option<Stage> {
        self.stages.get(&key_of(document)).copied()
    }

    /// The report, in order.
    pub(super) fn finish(mut self) -> Report {
        let fail_on = self
            .options
            .fail_on
            .unwrap_or(self.gate.config.fail_on.value);
        self.summary.rules = self.gate.rules.rules().len();
        let stages = &self.stages;
        for finding in &mut self.findings {
            let own = finding
                .document
                .as_ref()
                .and_then(|document| stages.get(&key_of(document)).copied());
            let stage = own.or(self.options.stage).unwrap_or(UNSTATED);
            let counts = finding.severity >= fail_on;
            let reached = finding.blocks_from.is_none_or(|from| stage >= from);
            finding.blocking = counts && reached;
            self.summary.blocking += usize::from(finding.blocking);
            self.summary.later += usize::from(counts && !reached);
            note_folded(finding);
        }
        self.remarks();
        let paths = &self.sources;
        let key = |finding: &Finding| {
            let path = paths
                .file(finding.primary.location)
                .map(|file| file.path().to_owned());
            (
                path,
                finding.primary.location.span,
                finding.rule.clone(),
                finding.pointer.clone(),
            )
        };
        self.findings.sort_by_cached_key(key);
        self.outcomes.sort_by(|a, b| {
            (&a.document.path, &a.document.id).cmp(&(&b.document.path, &b.document.id))
        });
        let verdict = self.verdict();
        Report {
            as_of: self.options.today.to_string(),
            stage: self.options.stage,
            fail_on,
            policy_digest: self.gate.rules.digest().to_owned(),
            verdict,
            summary: self.summary,
            findings: self.findings,
            outcomes: self.outcomes,
            notices: self.notices,
            sources: self.sources,
            root: self.gate.config.root.as_str().into(),
        }
    }

    fn verdict(&self) -> Verdict {
        if self.findings.iter().any(is_input_error) {
            Verdict::Error
        } else if self.summary.blocking > 0 {
            Verdict::Fail
        } else if self.summary.documents == 0 || self.used.is_empty() {
            Verdict::NothingChecked
        } else {
            Verdict::Pass
        }
    }

    /// What concerns no single place: files that are no documents, rules that matched nothing.
    fn remarks(&mut self) {
        if let Some(first) = self.strangers.first() {
            let (count, more) = (self.strangers.len(), self.strangers.len() - 1);
            self.notices.push(match more {
                0 => format!("1 file is no document and was not checked: {first}"),
                _ => format!(
                    "{count} files are no documents and were not checked: {first} and {more} more"
                ),
            });
        }
        for off in self.gate.rules.off() {
            self.notices
                .push(format!("{} is turned off: {}", off.id, off.reason));
        }
        if self.summary.documents > 0 {
            let idle: Vec<&str> = self
                .gate
                .rules
                .rules()
                .iter()
                .filter(|rule| !self.used.get(&rule.id).copied().unwrap_or(false))
                .map(|rule| rule.id.as_str())
                .collect();
            if !idle.is_empty() {
                self.notices.push(format!(
                    "{} rules applied to nothing: {}",
                    idle.len(),
                    idle.join(", ")
                ));
            }
        }
    }
}

fn key_of(document: &DocumentRef) -> (Arc<str>, Arc<str>) {
    (Arc::clone(&document.path), Arc::clone(&document.id))
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
    findings.sort_by_cached_key(|finding| {
        let path = sources
            .file(finding.primary.location)
            .map(|file| file.path().to_owned());
        (path, finding.primary.location.span, finding.rule.clone())
    });
    for finding in &mut findings {
        finding.blocking = finding.severity == Severity::Error;
    }
    super::fingerprint::assign(&mut findings, None);
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
        notices: Vec::new(),
        sources,
        root: root.into(),
    }
}

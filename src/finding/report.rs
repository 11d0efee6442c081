//! The result of a run: what renderers read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checks::{self, Check};
use super::{
    DocumentRef, FairnessCheck, Finding, Outcome, RuleId, Severity, SignOffState, Stage,
    Suppression, WaiverState,
};
use crate::source::SourceMap;

/// What a run came to. The exit code follows from it alone, whatever the output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every blocking rule passed, was not applicable, or was waived. Exit 0.
    Pass,
    /// A fail or unknown blocks. Exit 1.
    Fail,
    /// The gate's own input is broken: nothing may be concluded. Exit 2.
    Error,
    /// No document or no rule matched. Exit 3.
    NothingChecked,
}

impl Verdict {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::NothingChecked => "nothing-checked",
        }
    }

    /// The process exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Error => 2,
            Self::NothingChecked => 3,
        }
    }
}

/// The counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents that were checked.
    pub documents: usize,
    /// Rules that were active.
    pub rules: usize,
    /// (rule, document or item) pairs that passed.
    pub pass: usize,
    /// Pairs that failed.
    pub fail: usize,
    /// Pairs that could not be decided.
    pub unknown: usize,
    /// Pairs that did not apply.
    pub not_applicable: usize,
    /// Findings that a waiver covers.
    pub waived: usize,
    /// Findings that the baseline covers.
    pub baselined: usize,
    /// Findings that were there at the revision that the run is compared with.
    pub existing: usize,
    /// Findings that fail the gate.
    pub blocking: usize,
    /// Findings that will block at a later stage than the document has reached.
    pub later: usize,
    /// Fixes that were applied.
    pub fixed: usize,
}

impl Summary {
    /// The count of findings that are suppressed for such a reason.
    pub fn suppressed_by(&mut self, reason: &Suppression) -> &mut usize {
        match reason {
            Suppression::Waiver(_) => &mut self.waived,
            Suppression::Baseline(_) => &mut self.baselined,
            Suppression::Existing { .. } => &mut self.existing,
        }
    }
}

/// One outcome of one rule for one document, or one item of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRow {
    /// JSON Pointer of the item; `None` where the rule speaks of the whole document.
    pub item: Option<Box<str>>,
    /// What it came to.
    pub outcome: Outcome,
    /// Where it was read and what it rests on; only where the caller asked for it.
    pub trace: Option<Box<Trace>>,
}

/// Where an outcome was read, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The file, relative to the root.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The evidence that the document names there, in its order.
    pub evidence: Vec<EvidenceRef>,
}

/// A piece of evidence that a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRef {
    /// JSON Pointer of the field that names it.
    pub pointer: Box<str>,
    /// A path, an address or another name, as the document has it.
    pub target: Box<str>,
    /// The digest that the document gives beside it.
    pub sha256: Option<Box<str>>,
    /// What is known of the file, where a rule has read it: `verified` if it has that digest,
    /// `differs` if it has another one, `present` if none is given, else why it cannot be used, such
    /// as `missing`.
    pub state: Option<&'static str>,
}

/// The outcomes of one rule for one document, items in document order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOutcomes {
    /// The rule.
    pub rule: RuleId,
    /// At least one row.
    pub rows: Vec<OutcomeRow>,
}

/// How many (rule, document or item) pairs came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pairs that passed.
    pub pass: usize,
    /// Pairs that failed.
    pub fail: usize,
    /// Pairs that could not be decided.
    pub unknown: usize,
    /// Pairs that did not apply.
    pub not_applicable: usize,
}

impl Tally {
    /// Counts the rows of some rules.
    pub fn of(rules: &[RuleOutcomes]) -> Self {
        let mut tally = Self::default();
        for row in rules.iter().flat_map(|rule| &rule.rows) {
            let count = match row.outcome {
                Outcome::Pass => &mut tally.pass,
                Outcome::Fail => &mut tally.fail,
                Outcome::Unknown => &mut tally.unknown,
                Outcome::NotApplicable => &mut tally.not_applicable,
            };
            *count += 1;
        }
        tally
    }
}

/// What the rules came to for one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentOutcomes {
    /// The document.
    pub document: DocumentRef,
    /// The name that people use, as the document has it under `title`.
    pub title: Option<Arc<str>>,
    /// Who answers for it, as the document has it under `owner`.
    pub owner: Option<Arc<str>>,
    /// Who wrote it, as the document has it under `authors`.
    pub authors: Vec<String>,
    /// The stage that it was held against: the run's, else its own.
    pub stage: Option<Stage>,
    /// The sign-offs that it names or needs, in its order.
    pub sign_offs: Vec<SignOffState>,
    /// The counts.
    pub tally: Tally,
    /// One entry a rule that was active and applies to the document's kind, in order of rule id;
    /// empty unless the caller asked for them.
    pub rules: Vec<RuleOutcomes>,
}

/// A control that findings cite, as it stands on the day of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedControl {
    /// What it is about.
    pub title: Arc<str>,
    /// How to cite it.
    pub citation: Arc<str>,
    /// The official text.
    pub url: Option<Arc<str>>,
    /// `in-force`, `upcoming`, `superseded`, `ended` or `withdrawn`.
    pub status: &'static str,
    /// The same in words, with the day: "applies from 2027-12-02".
    pub standing: String,
}

impl CitedControl {
    /// Whether it applies on the day.
    pub fn is_in_force(&self) -> bool {
        self.status == "in-force"
    }
}

/// What a rule is about, for readers of the report who do not have the policies at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// What holds where it passes.
    pub title: Arc<str>,
    /// Why it matters.
    pub description: Arc<str>,
    /// The next action where it fails.
    pub help: Option<Arc<str>>,
    /// The severity that holds where no override applies.
    pub severity: Severity,
    /// The controls that it serves, as `framework:id`.
    pub controls: Arc<[Arc<str>]>,
}

impl RuleInfo {
    /// What a check is about that needs no policy.
    fn of_check(check: &Check) -> Self {
        Self {
            title: check.title.into(),
            description: check.meaning.into(),
            help: Some(check.mend.into()),
            severity: Severity::Error,
            controls: Arc::default(),
        }
    }
}

/// The digests of a file, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDigest {
    /// SHA-256 of the content, CR LF as LF in a text.
    pub sha256: Box<str>,
    /// The id of the git blob of the same bytes.
    pub git_blob: Box<str>,
}

/// Everything that a run found, in a stable order.
#[derive(Clone, Debug)]
pub struct Report {
    /// The date that the run took for today, `YYYY-MM-DD`.
    pub as_of: String,
    /// The stage that `--stage` asked for; `None` takes each document's own.
    pub stage: Option<Stage>,
    /// The severity from which findings block.
    pub fail_on: Severity,
    /// `sha256:` and the digest of the active rules with their parameters and severities.
    pub policy_digest: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The counts.
    pub summary: Summary,
    /// Findings by path, then place, then rule.
    pub findings: Vec<Finding>,
    /// Every document, by path and id.
    pub outcomes: Vec<DocumentOutcomes>,
    /// Every rule that was active, by id.
    pub rules: BTreeMap<RuleId, RuleInfo>,
    /// The controls that findings cite, by `framework:id`.
    pub controls: BTreeMap<Arc<str>, CitedControl>,
    /// Fairness claims held against their evidence, by path, id and pointer.
    pub fairness: Vec<FairnessCheck>,
    /// The files that the documents are read from, as they were judged, and those that they name as
    /// evidence, by path; `None` where such a file cannot be read. Empty unless the caller asked for them.
    pub files: BTreeMap<Box<str>, Option<FileDigest>>,
    /// The waivers that there are, those of files first, and what became of each.
    pub waivers: Vec<WaiverState>,
    /// Remarks about the run that concern no single place, such as a rule that matched nothing.
    pub notices: Vec<String>,
    /// The files that findings point into.
    pub sources: SourceMap,
    /// The root that paths are relative to, as it was given.
    pub root: Arc<str>,
}

impl Report {
    /// What a rule is about: one that was active, or a check that needs no policy.
    pub fn about(&self, rule: &RuleId) -> Option<RuleInfo> {
        self.rules
            .get(rule)
            .cloned()
            .or_else(|| checks::find(rule.as_str()).map(|asked| RuleInfo::of_check(asked.check)))
    }
}

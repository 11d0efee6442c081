//! What the sections read: the report with its findings numbered and put to their documents.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{
    DocumentOutcomes, DocumentRef, Finding, Report, RuleId, Severity, Stage, Verdict,
};
use crate::trace::Traceability;

/// A report, ready to be shown.
pub(super) struct Page<'r> {
    pub(super) report: &'r Report,
    pub(super) coverage: Option<&'r Traceability>,
    /// In the order of the report.
    pub(super) documents: Vec<Document<'r>>,
    /// By document, then in the order of the report; what is about no document comes first.
    pub(super) findings: Vec<Entry<'r>>,
    index: Index<'r>,
}

/// A document.
pub(super) struct Document<'r> {
    pub(super) outcomes: &'r DocumentOutcomes,
    /// What stands for it in addresses: its id where no other document has it.
    pub(super) key: String,
}

/// A finding.
pub(super) struct Entry<'r> {
    pub(super) finding: &'r Finding,
    /// From 1: what people call it by in the meeting.
    pub(super) number: usize,
    /// The anchor of its card.
    pub(super) anchor: String,
    /// The index of its document.
    pub(super) document: Option<usize>,
    pub(super) standing: Standing,
}

/// Whether a finding stands in the way of the launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It fails the gate in this run.
    Blocks,
    /// It will, once its document has reached this stage.
    Later(Stage),
    /// Its severity is below that from which findings block.
    Open,
    /// It does not count: it is waived, frozen, or was there before.
    Suppressed,
}

impl Standing {
    fn of(finding: &Finding, fail_on: Severity) -> Self {
        match finding.blocks_from {
            _ if finding.blocking => Self::Blocks,
            _ if finding.suppressed.is_some() => Self::Suppressed,
            Some(stage) if finding.severity >= fail_on => Self::Later(stage),
            _ => Self::Open,
        }
    }
}

impl<'r> Page<'r> {
    pub(super) fn new(report: &'r Report, coverage: Option<&'r Traceability>) -> Self {
        let documents = documents(&report.outcomes);
        let index = Index::new(report);
        let mut findings: Vec<Entry<'r>> = report
            .findings
            .iter()
            .map(|finding| Entry {
                finding,
                number: 0,
                anchor: String::new(),
                document: index.document_of(finding, report),
                standing: Standing::of(finding, report.fail_on),
            })
            .collect();
        findings.sort_by_key(|entry| entry.document);
        let mut taken = BTreeSet::new();
        for (index, entry) in findings.iter_mut().enumerate() {
            entry.number = index + 1;
            let fingerprint = entry.finding.fingerprint.as_str();
            entry.anchor = if !fingerprint.is_empty() && taken.insert(fingerprint) {
                format!("f-{fingerprint}")
            } else {
                format!("f-{}", entry.number)
            };
        }
        Self {
            report,
            coverage,
            documents,
            findings,
            index,
        }
    }

    /// Whether anything may be concluded: if not, nothing is said to have passed.
    pub(super) fn concluded(&self) -> bool {
        matches!(self.report.verdict, Verdict::Pass | Verdict::Fail)
    }

    /// The documents whose outcomes are listed, with their index; none where nothing may be concluded.
    pub(super) fn listed(&self) -> impl Iterator<Item = (usize, &Document<'r>)> {
        let documents = self.documents.iter().enumerate();
        documents.filter(|(_, document)| self.concluded() && !document.outcomes.rules.is_empty())
    }

    /// The findings of a document, or of none.
    pub(super) fn of(&self, document: Option<usize>) -> &[Entry<'r>] {
        let start = self
            .findings
            .partition_point(|entry| entry.document < document);
        let end = self
            .findings
            .partition_point(|entry| entry.document <= document);
        self.findings.get(start..end).unwrap_or_default()
    }

    /// The documents that have findings, in order, `None` for findings that are about none.
    pub(super) fn groups(&self) -> Vec<Option<usize>> {
        let groups: BTreeSet<_> = self.findings.iter().map(|entry| entry.document).collect();
        groups.into_iter().collect()
    }

    /// The document of a group.
    pub(super) fn document(&self, index: Option<usize>) -> Option<&Document<'r>> {
        self.documents.get(index?)
    }

    /// What a rule is about, if the report says so.
    pub(super) fn rule_title(&self, rule: &RuleId) -> Option<&'r str> {
        self.report.rules.get(rule).map(|info| &*info.title)
    }

    /// Where a reader learns why a rule does not hold for a document: a finding of the rule, or one
    /// that speaks for it.
    pub(super) fn finding_of(&self, rule: &RuleId, document: usize) -> Option<&Entry<'r>> {
        let entries = self.of(Some(document));
        let own = entries.iter().find(|entry| entry.finding.rule == *rule);
        own.or_else(|| {
            entries
                .iter()
                .find(|entry| entry.finding.folded.contains(rule))
        })
    }

    /// The index of a document.
    pub(super) fn index_of(&self, document: &DocumentRef) -> Option<usize> {
        self.index.by_reference.get(document).copied()
    }
}

impl Document<'_> {
    /// What people call it: its title, else its id.
    pub(super) fn name(&self) -> &str {
        let reference = &self.outcomes.document;
        self.outcomes.title.as_deref().unwrap_or(&reference.id)
    }
}

impl<'r> Entry<'r> {
    /// The packs that it speaks for: its own, and those of rules that hinge on it.
    pub(super) fn packs(&self) -> BTreeSet<&'r str> {
        let folded = self.finding.folded.iter().map(RuleId::pack);
        folded.chain([self.finding.rule.pack()]).collect()
    }
}

fn documents(outcomes: &[DocumentOutcomes]) -> Vec<Document<'_>> {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for outcomes in outcomes {
        *ids.entry(&outcomes.document.id).or_default() += 1;
    }
    let key = |(index, outcomes): (usize, &DocumentOutcomes)| {
        let id = &*outcomes.document.id;
        if ids.get(id).is_some_and(|count| *count == 1) {
            id.to_owned()
        } else {
            format!("{id} ({}, {})", outcomes.document.path, index + 1)
        }
    };
    let keys = outcomes.iter().enumerate().map(key);
    keys.zip(outcomes)
        .map(|(key, outcomes)| Document { outcomes, key })
        .collect()
}

/// The documents by what findings say of them.
struct Index<'r> {
    by_reference: BTreeMap<&'r DocumentRef, usize>,
    /// The first document of each file.
    by_path: BTreeMap<&'r str, usize>,
}

impl<'r> Index<'r> {
    fn new(report: &'r Report) -> Self {
        let mut index = Self {
            by_reference: BTreeMap::new(),
            by_path: BTreeMap::new(),
        };
        for (at, outcomes) in report.outcomes.iter().enumerate() {
            let document = &outcomes.document;
            index.by_reference.entry(document).or_insert(at);
            index.by_path.entry(&document.path).or_insert(at);
        }
        index
    }

    /// The document that a finding is about, or else the first one of the file that it is in.
    fn document_of(&self, finding: &Finding, report: &Report) -> Option<usize> {
        if let Some(document) = &finding.document {
            return self.by_reference.get(document).copied();
        }
        let file = report.sources.file(finding.primary.location)?;
        self.by_path.get(file.path().as_str()).copied()
    }
}

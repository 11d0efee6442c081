//! How many findings one file can have. Nobody reads the ten thousandth, and a hostile file must
//! not fill the memory; but what is left out blocks as it would have blocked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fingerprint;
use crate::finding::{DocumentRef, Finding, Label, Severity, Stage};
use crate::source::{FileId, Location, SourceMap};

/// Findings that are kept of one file.
pub(super) const FINDINGS: usize = crate::policy::MAX_FINDINGS;

/// Findings that were left out: how many, and what blocks as early as any of them.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftOut {
    count: usize,
    severity: Option<Severity>,
    /// `None` blocks at every stage.
    blocks_from: Option<Stage>,
    /// The document, if all are about one.
    document: Option<DocumentRef>,
}

impl LeftOut {
    /// Counts a finding that is left out.
    pub(super) fn add(
        &mut self,
        severity: Severity,
        blocks_from: Option<Stage>,
        document: Option<&DocumentRef>,
    ) {
        self.merge(Self {
            count: 1,
            severity: Some(severity),
            blocks_from,
            document: document.cloned(),
        });
    }

    /// The same, all about one document.
    pub(super) fn about(mut self, document: &DocumentRef) -> Self {
        self.document = Some(document.clone());
        self
    }

    fn merge(&mut self, other: Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other;
            return;
        }
        self.count += other.count;
        self.severity = self.severity.max(other.severity);
        self.blocks_from = match (self.blocks_from, other.blocks_from) {
            (Some(own), Some(other)) => Some(own.min(other)),
            _ => None,
        };
        if self.document != other.document {
            self.document = None;
        }
    }
}

/// Leaves out what is more than `room`, what matters least first.
pub(super) fn keep(findings: &mut Vec<Finding>, room: usize) -> LeftOut {
    let mut left_out = LeftOut::default();
    if findings.len() > room {
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.blocks_from));
        for finding in findings.drain(room..) {
            left_out.add(
                finding.severity,
                finding.blocks_from,
                finding.document.as_ref(),
            );
        }
    }
    left_out
}

/// The quotas of a run's files, by path.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    files: BTreeMap<Arc<str>, Quota>,
}

#[derive(Debug, Default)]
struct Quota {
    kept: usize,
    file: Option<FileId>,
    left_out: LeftOut,
}

impl Quotas {
    /// Of the findings about a file, those that there is room for.
    pub(super) fn admit(
        &mut self,
        path: &str,
        mut findings: Vec<Finding>,
        left_out: LeftOut,
    ) -> Vec<Finding> {
        if findings.is_empty() && left_out.count == 0 {
            return findings;
        }
        let quota = self.files.entry(path.into()).or_default();
        quota.file = quota
            .file
            .or(findings.first().map(|first| first.primary.location.file));
        quota.left_out.merge(left_out);
        let more = keep(&mut findings, FINDINGS.saturating_sub(quota.kept));
        quota.left_out.merge(more);
        quota.kept += findings.len();
        findings
    }

    /// A finding for each file of which some were left out.
    pub(super) fn findings(&self, sources: &SourceMap) -> Vec<Finding> {
        self.files
            .iter()
            .filter_map(|(path, quota)| quota.finding(path, sources))
            .collect()
    }
}

impl Quota {
    fn finding(&self, path: &str, sources: &SourceMap) -> Option<Finding> {
        let severity = self.left_out.severity?;
        let file = self.file.unwrap_or(FileId(0));
        let span = sources
            .get(file)
            .and_then(|source| source.line_span(1))
            .unwrap_or_default();
        let message = format!(
            "`{path}` has more than {FINDINGS} findings; {} more are not shown",
            self.left_out.count
        );
        let mut finding = Finding::new(
            "document/limit",
            message,
            Label::new(Location { file, span }, ""),
        )
        .with_severity(severity)
        .with_subject("findings")
        .with_help("Mend those that are shown, then check again");
        finding.blocks_from = self.left_out.blocks_from;
        finding.document.clone_from(&self.left_out.document);
        fingerprint::assign_to_file(std::slice::from_mut(&mut finding), path.into());
        Some(finding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    fn finding(severity: Severity, blocks_from: Option<Stage>) -> Finding {
        let location = SourceFile::new(FileId(3), "a.yaml", "a: 1\n").location(Span::default());
        let mut finding =
            Finding::new("a/b", "x", Label::new(location, "")).with_severity(severity);
        finding.blocks_from = blocks_from;
        finding
    }

    #[test]
    fn what_matters_least_goes_first_and_the_rest_blocks_as_it_did() {
        let mut quotas = Quotas::default();
        let mut many = vec![finding(Severity::Note, None); FINDINGS - 1];
        many.push(finding(Severity::Error, Some(Stage::Approved)));
        many.push(finding(Severity::Error, Some(Stage::Launched)));
        let kept = quotas.admit("a.yaml", many, LeftOut::default());
        assert_eq!(kept.len(), FINDINGS);
        assert_eq!(kept[0].severity, Severity::Error);
        let told = quotas.findings(&SourceMap::default());
        assert_eq!(told[0].severity, Severity::Note);
        assert!(told[0].message.ends_with("1 more are not shown"));

        let late = vec![finding(Severity::Error, Some(Stage::Approved)); 2];
        assert!(quotas.admit("a.yaml", late, LeftOut::default()).is_empty());
        let told = quotas.findings(&SourceMap::default());
        assert_eq!((told.len(), told[0].severity), (1, Severity::Error));
        assert_eq!(told[0].blocks_from, None, "a note blocked at every stage");
        assert_eq!(
            quotas.admit("b.yaml", Vec::new(), LeftOut::default()).len(),
            0
        );
        assert_eq!(quotas.findings(&SourceMap::default()).len(), 1);
    }
}

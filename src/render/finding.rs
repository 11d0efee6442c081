//! What the formats say of a finding in the same way: where it is, how much it weighs in this run,
//! and the remarks that go with its severity.

use std::fmt;

use crate::finding::{Finding, Label, Outcome, Report, Severity, Suppression};
use crate::source::{LineColumn, SourceFile, SourceMap, Span, one_line};

/// A place as a person finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'r> {
    /// The path, as it is: not yet safe to show.
    pub(super) path: &'r str,
    /// Where in the file; `None` where its text is not at hand.
    pub(super) range: Option<Range>,
}

/// Lines and columns; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The first character.
    pub(super) start: LineColumn,
    /// One past the last.
    pub(super) end: LineColumn,
}

impl<'r> Place<'r> {
    /// Where a finding is; `None` where neither a file nor a document is known.
    pub(super) fn of(finding: &'r Finding, sources: &'r SourceMap) -> Option<Self> {
        Self::of_label(&finding.primary, sources).or_else(|| {
            let document = finding.document.as_ref()?;
            Some(Self {
                path: &document.path,
                range: None,
            })
        })
    }

    /// Where a label is; `None` where its file is not at hand.
    pub(super) fn of_label(label: &Label, sources: &'r SourceMap) -> Option<Self> {
        let file = sources.file(label.location)?;
        Some(Self {
            path: file.path().as_str(),
            range: Some(Range::of(file, label.location.span)),
        })
    }

    /// Whether the path leads to a file of the repository, and not into the program, to standard
    /// input or out of the root.
    pub(super) fn is_in_repository(&self) -> bool {
        let path = self.path;
        let outside = path.starts_with('/') || path == ".." || path.starts_with("../");
        let drive = path.get(1..3).is_some_and(|rest| rest == ":/");
        !outside && !drive && !path.starts_with(BUILTIN) && path != "<stdin>"
    }
}

/// How the paths of built-in policies begin.
const BUILTIN: &str = "launchgate:";

impl Range {
    fn of(file: &SourceFile, span: Span) -> Self {
        let span = file.clamp(span);
        Self {
            start: file.line_column(span.start),
            end: file.line_column(span.end),
        }
    }
}

impl fmt::Display for Place<'_> {
    /// `path:line:column`, safe to print at the start of a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = one_line(self.path);
        // A line that begins with `::` is a command to GitHub's runner.
        if path.starts_with("::") {
            f.write_str("./")?;
        }
        f.write_str(&path)?;
        match self.range {
            Some(Range { start, .. }) => write!(f, ":{}:{}", start.line, start.column),
            None => Ok(()),
        }
    }
}

/// The place of a finding in words.
pub(super) fn place(finding: &Finding, sources: &SourceMap) -> String {
    Place::of(finding, sources).map_or_else(|| "(no file)".to_owned(), |place| place.to_string())
}

/// What is said beside the message: what stands at the place and at others, then the notes.
pub(super) fn facts(finding: &Finding, sources: &SourceMap) -> Vec<String> {
    let primary = Some(finding.primary.text.clone()).filter(|text| !text.is_empty());
    let related = finding
        .related
        .iter()
        .filter(|label| !label.text.is_empty());
    let related = related.map(|label| match Place::of_label(label, sources) {
        Some(place) => format!("{} ({place})", label.text),
        None => label.text.clone(),
    });
    primary
        .into_iter()
        .chain(related)
        .chain(finding.notes.iter().cloned())
        .chain(waiver(finding).map(|text| format!("waiver: {text}")))
        .collect()
}

/// What the waiver of a finding says of itself.
pub(super) fn waiver(finding: &Finding) -> Option<String> {
    finding.suppressed.as_ref().and_then(Suppression::explained)
}

/// `text`, or its start with an ellipsis, of at most `characters`.
pub(super) fn clip(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters.saturating_sub(1)) {
        Some((at, c)) if at + c.len_utf8() < text.len() => {
            format!("{}…", text.get(..at).unwrap_or_default())
        }
        _ => text.to_owned(),
    }
}

/// What a finding means for this run. Ordered from the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It fails the gate.
    Blocks,
    /// It does not, or not yet.
    Warns,
    /// It is worth knowing.
    Notes,
}

/// What a finding means for this run: an error that will block at a later stage warns until then;
/// what is waived is worth knowing.
pub(super) fn weight(finding: &Finding) -> Weight {
    match finding.severity {
        _ if finding.blocking => Weight::Blocks,
        _ if finding.suppressed.is_some() => Weight::Notes,
        Severity::Error | Severity::Warning => Weight::Warns,
        Severity::Note => Weight::Notes,
    }
}

/// The findings, the worst first; those of one weight in the order of the report.
pub(super) fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| weight(finding));
    findings
}

/// The findings, without those that were there before the change that a run is about: what is written for
/// people counts them.
pub(super) fn listed(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| is_listed(finding))
}

/// Whether a finding is listed for people: it was not there before.
pub(super) fn is_listed(finding: &Finding) -> bool {
    let suppressed = finding.suppressed.as_ref();
    suppressed.and_then(Suppression::revision).is_none()
}

/// Whether a finding would block if its document had reached the rule's stage.
pub(super) fn blocks_later(finding: &Finding, fail_on: Severity) -> bool {
    !finding.blocking
        && finding.suppressed.is_none()
        && finding.blocks_from.is_some()
        && finding.severity >= fail_on
}

/// What is to be said beside the severity: `could not be decided`, `will block at approved`, `waived
/// until 2027-01-31, 70 days left`.
/// `None` where there is nothing.
pub(super) fn remarks(finding: &Finding, fail_on: Severity) -> Option<String> {
    let unknown = (finding.outcome == Outcome::Unknown).then(|| "could not be decided".to_owned());
    let later = finding
        .blocks_from
        .filter(|_| blocks_later(finding, fail_on))
        .map(|stage| format!("will block at {stage}"));
    let suppressed = finding.suppressed.as_ref().map(Suppression::remark);
    let remarks: Vec<_> = unknown.into_iter().chain(later).chain(suppressed).collect();
    (!remarks.is_empty()).then(|| remarks.join("; "))
}

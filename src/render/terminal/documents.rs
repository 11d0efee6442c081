//! A line a document: what it came to, for those who look for one name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::finding::{DocumentOutcomes, Finding, Outcome, Report, Severity, Verdict};

use super::super::finding::blocks_later;
use super::TerminalOptions;
use super::text::{one_line, paragraph, width};
use super::theme::{Role, Theme};

/// Documents listed unless all are asked for.
const MAX_LISTED: usize = 12;

/// Columns beyond which a path no longer moves the others to the right.
const MAX_PATH: usize = 48;

/// Where the path starts, behind `fail`, `later` or `pass`.
const NAME_COLUMN: usize = 7;

#[derive(Clone, Copy, Default)]
struct Counts {
    blocking: usize,
    later: usize,
    other: usize,
}

/// Writes the list of documents, or how many stand how where they are many. Nothing where
/// nothing may be concluded.
pub(super) fn write(out: &mut String, report: &Report, options: &TerminalOptions, theme: &Theme) {
    let concluded = matches!(report.verdict, Verdict::Pass | Verdict::Fail);
    if !concluded || report.outcomes.is_empty() {
        return;
    }
    let by_path = findings_by_path(report);
    let counted: Vec<_> = report
        .outcomes
        .iter()
        .map(|document| (document, count(document, &by_path, report.fail_on)))
        .collect();
    if counted.len() > MAX_LISTED && !options.verbose {
        let failing = counted
            .iter()
            .filter(|(_, counts)| counts.blocking > 0)
            .count();
        let later = counted
            .iter()
            .filter(|(_, counts)| counts.blocking == 0 && counts.later > 0)
            .count();
        let passing = counted.len() - failing - later;
        let text = format!(
            "documents: {passing} pass, {failing} fail, {later} will fail at a later stage; `--verbose` lists them"
        );
        out.push_str(&theme.paint(Role::Faint, text));
        out.push_str("\n\n");
        return;
    }
    let paths: Vec<_> = counted
        .iter()
        .map(|(document, _)| one_line(&document.document.path))
        .collect();
    let path_width = paths
        .iter()
        .map(|path| width(path))
        .filter(|&width| width <= MAX_PATH)
        .max()
        .unwrap_or(0);
    for ((document, counts), path) in counted.iter().zip(&paths) {
        let (word, role) = status(*counts);
        out.push_str(&theme.paint(role, word));
        let padding = path_width.saturating_sub(width(path));
        let _ = write!(
            out,
            "{}{path}{}",
            " ".repeat(NAME_COLUMN - word.len()),
            " ".repeat(padding)
        );
        let _ = writeln!(out, "  {}", describe(document, *counts, options.verbose));
        if options.verbose {
            write_not_applicable(out, document, theme);
        }
    }
    out.push('\n');
}

/// Findings by the path of the document that they are about, or else of the file that they are in:
/// what could not even be read belongs to the documents of that file.
fn findings_by_path(report: &Report) -> BTreeMap<&str, Vec<&Finding>> {
    let mut by_path: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let path = match &finding.document {
            Some(document) => Some(&*document.path),
            None => report
                .sources
                .file(finding.primary.location)
                .map(|file| file.path().as_str()),
        };
        if let Some(path) = path {
            by_path.entry(path).or_default().push(finding);
        }
    }
    by_path
}

fn count(
    document: &DocumentOutcomes,
    by_path: &BTreeMap<&str, Vec<&Finding>>,
    fail_on: Severity,
) -> Counts {
    let mut counts = Counts::default();
    let findings = by_path.get(&*document.document.path);
    for finding in findings.into_iter().flatten() {
        let other = finding
            .document
            .as_ref()
            .is_some_and(|of| *of != document.document);
        if other {
            continue;
        }
        if finding.blocking {
            counts.blocking += 1;
        } else if blocks_later(finding, fail_on) {
            counts.later += 1;
        } else {
            counts.other += 1;
        }
    }
    counts
}

fn status(counts: Counts) -> (&'static str, Role) {
    if counts.blocking > 0 {
        ("fail", Role::Severity(Severity::Error))
    } else if counts.later > 0 {
        ("later", Role::Later)
    } else {
        ("pass", Role::Pass)
    }
}

fn describe(document: &DocumentOutcomes, counts: Counts, verbose: bool) -> String {
    let reference = &document.document;
    let mut text = format!("{} {}", one_line(&reference.kind), one_line(&reference.id));
    if let Some(stage) = document.stage {
        let _ = write!(text, " ({stage})");
    }
    let tally = document.tally;
    let mut parts = vec![format!("{} passed", tally.pass)];
    let mut part = |count: usize, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    part(tally.fail, "failed");
    part(tally.unknown, "unknown");
    if verbose {
        part(tally.not_applicable, "not applicable");
    }
    let _ = write!(text, ": {}", parts.join(", "));
    let mut findings = Vec::new();
    for (count, what) in [
        (counts.blocking, "blocking"),
        (counts.later, "later"),
        (counts.other, "not blocking"),
    ] {
        if count > 0 {
            findings.push(format!("{count} {what}"));
        }
    }
    if !findings.is_empty() {
        let _ = write!(text, "; {}", findings.join(", "));
    }
    text
}

fn write_not_applicable(out: &mut String, document: &DocumentOutcomes, theme: &Theme) {
    let rules: Vec<_> = document
        .rules
        .iter()
        .filter(|rule| {
            rule.rows
                .iter()
                .all(|row| row.outcome == Outcome::NotApplicable)
        })
        .map(|rule| one_line(rule.rule.as_str()))
        .collect();
    if rules.is_empty() {
        return;
    }
    let text = format!("not applicable: {}", rules.join(", "));
    for line in paragraph(&text, NAME_COLUMN, theme.width) {
        let indent = " ".repeat(NAME_COLUMN);
        out.push_str(&theme.paint(Role::Faint, format_args!("{indent}{line}")));
        out.push('\n');
    }
}

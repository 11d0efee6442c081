//! The report as people read it at a terminal or in a build log.
//!
//! The layout is ours; the boxes of source lines are drawn by miette, which is handed what it draws
//! well (see the modules `excerpt` and `layout`). Colour adds nothing to the text: with escape sequences
//! taken out, the coloured output is the plain one, byte for byte.

mod chart;
mod documents;
mod excerpt;
mod fairness;
mod finding;
mod layout;
#[cfg(test)]
mod tests;
mod text;
mod theme;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::finding::{CitedControl, Finding, Report, Severity, Verdict};
use crate::source::{Location, SourceMap};

use super::summary;
use text::one_line;
use theme::{Role, Theme};

pub use fairness::render_fairness;

/// Notices shown unless all are asked for.
const MAX_NOTICES: usize = 3;

/// How to show a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Whether to use the terminal's colours.
    pub color: bool,
    /// Whether the terminal can draw more than ASCII. What documents say is shown as it is.
    pub unicode: bool,
    /// Columns; fewer than 60 count as 60, more than 200 as 200.
    pub width: usize,
    /// Show every notice, every document, and what was not applicable.
    pub verbose: bool,
    /// Show the closing line alone.
    pub quiet: bool,
}

impl Default for TerminalOptions {
    /// Plain text in 100 columns.
    fn default() -> Self {
        Self {
            color: false,
            unicode: true,
            width: 100,
            verbose: false,
            quiet: false,
        }
    }
}

/// The report as text: findings in its order, notices, a line a document, and last the
/// [summary line](super::summary_line).
pub fn render(report: &Report, options: &TerminalOptions) -> String {
    let theme = Theme::new(options);
    let mut out = String::new();
    if !options.quiet {
        let context = finding::Context {
            sources: &report.sources,
            fail_on: report.fail_on,
            controls: &report.controls,
        };
        out.push_str(&findings(&report.findings, &context, options));
        write_notices(&mut out, report, options, &theme);
        documents::write(&mut out, report, options, &theme);
        write_next_action(&mut out, report, &theme);
    }
    write_summary(&mut out, report, &theme);
    out
}

/// Findings alone, each followed by an empty line: for commands that have no [`Report`].
///
/// Findings of `fail_on` or above that do not block are shown as blocking later.
pub fn render_findings(
    findings: &[Finding],
    sources: &SourceMap,
    fail_on: Severity,
    options: &TerminalOptions,
) -> String {
    render_cited(findings, sources, fail_on, &BTreeMap::new(), options)
}

/// As [`render_findings`], with what is known of the controls that the findings cite.
pub fn render_cited(
    findings: &[Finding],
    sources: &SourceMap,
    fail_on: Severity,
    controls: &BTreeMap<Arc<str>, CitedControl>,
    options: &TerminalOptions,
) -> String {
    let context = finding::Context {
        sources,
        fail_on,
        controls,
    };
    self::findings(findings, &context, options)
}

fn findings(
    findings: &[Finding],
    context: &finding::Context<'_>,
    options: &TerminalOptions,
) -> String {
    let theme = Theme::new(options);
    let mut out = String::new();
    let mut policies_shown: BTreeSet<Location> = BTreeSet::new();
    let mut hidden = 0;
    for finding in findings {
        match finding.suppressed.as_ref().filter(|_| !options.verbose) {
            Some(reason) if reason.waiver().is_some() => {
                finding::write_waived(&mut out, finding, context, &theme);
                out.push('\n');
                continue;
            }
            Some(_) => {
                hidden += 1;
                continue;
            }
            None => {}
        }
        let first = finding
            .policy
            .as_ref()
            .is_some_and(|policy| policies_shown.insert(policy.location));
        let show_policy = first || options.verbose;
        finding::write(&mut out, finding, context, show_policy, &theme);
        out.push('\n');
    }
    if hidden > 0 {
        let what = if hidden == 1 {
            "finding that was there before is"
        } else {
            "findings that were there before are"
        };
        let text = format_args!("{hidden} {what} not shown; `--verbose` shows them");
        out.push_str(&theme.paint(Role::Faint, text));
        out.push_str("\n\n");
    }
    out
}

fn write_notices(out: &mut String, report: &Report, options: &TerminalOptions, theme: &Theme) {
    let shown = if options.verbose || report.notices.len() <= MAX_NOTICES + 1 {
        report.notices.len()
    } else {
        MAX_NOTICES
    };
    for notice in report.notices.iter().take(shown) {
        finding::write_flush_remark(out, "notice", Role::Severity(Severity::Note), notice, theme);
    }
    let hidden = report.notices.len() - shown;
    if hidden > 0 {
        out.push_str(&theme.paint(
            Role::Faint,
            format_args!("{hidden} more notices; `--verbose` shows them"),
        ));
        out.push('\n');
    }
    if !report.notices.is_empty() {
        out.push('\n');
    }
}

fn write_next_action(out: &mut String, report: &Report, theme: &Theme) {
    let error = Role::Severity(Severity::Error);
    match report.verdict {
        Verdict::Pass | Verdict::Fail => {
            let explained = report
                .findings
                .iter()
                .find(|finding| finding.policy.is_some() && finding.suppressed.is_none());
            if let Some(finding) = explained {
                let rule = one_line(finding.rule.as_str());
                let command = format!("launchgate explain {rule}");
                let text = format!("`{command}` says why a rule is there and what passes it");
                finding::write_flush_remark(out, "help", Role::Help, &text, theme);
                out.push('\n');
            }
        }
        Verdict::Error => {
            let text = "nothing may be concluded: what the gate was given cannot be used";
            finding::write_flush_remark(out, "error", error, text, theme);
            let help = if report
                .findings
                .iter()
                .any(|finding| finding.rule.is_input_error())
            {
                "Mend the errors above, then run again"
            } else {
                "See what is said above, then run again"
            };
            finding::write_remark(out, "help", Role::Help, help, theme);
            out.push('\n');
        }
        Verdict::NothingChecked => {
            let (reason, help) = summary::nothing_checked(report);
            let text = format!("nothing was checked: {reason}");
            finding::write_flush_remark(out, "error", error, &text, theme);
            finding::write_remark(out, "help", Role::Help, help, theme);
            out.push('\n');
        }
    }
}

fn write_summary(out: &mut String, report: &Report, theme: &Theme) {
    let role = match report.verdict {
        Verdict::Pass => Role::Pass,
        Verdict::Fail | Verdict::Error | Verdict::NothingChecked => Role::Severity(Severity::Error),
    };
    let verdict = theme.paint(role, summary::verdict_word(report.verdict));
    let name = theme.paint(Role::Strong, "launchgate:");
    let _ = writeln!(out, "{name} {verdict}  {}", summary::counts(report));
}

//! Output formats. Each reads a [`Report`] and nothing else, and gives back text; none prints.
//!
//! `terminal` (feature `cli`) is for people, [`json`] is the canonical form that `schemas/report.schema.json`
//! describes, [`html`] is the page for a review meeting; the others carry the same findings to where
//! teams look. The exit code never depends on the format.

pub mod concise;
pub mod csv;
mod evidence;
pub mod fairness;
mod finding;
#[cfg(test)]
mod fixture;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
mod summary;
#[cfg(feature = "cli")]
pub mod terminal;
pub mod waivers;

use std::fmt;

use crate::finding::{Finding, Report};
use crate::source::SourceMap;

pub use summary::summary_line;

/// The place of a finding in words: `path:line:column`, safe to print.
pub fn place(finding: &Finding, sources: &SourceMap) -> String {
    finding::place(finding, sources)
}

/// What `--output` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people: findings with source lines, then a summary.
    #[cfg(feature = "cli")]
    Terminal,
    /// One line a finding.
    Concise,
    /// For machines: the whole report, versioned.
    Json,
    /// For code scanning.
    Sarif,
    /// For annotations on a pull request of GitHub.
    Github,
    /// For the Code Quality widget of GitLab.
    Gitlab,
    /// For the test views of CI systems.
    Junit,
    /// For job summaries and comments.
    Markdown,
    /// For spreadsheets.
    Csv,
    /// For the review meeting: one page that needs nothing else.
    Html,
}

impl Format {
    /// Every format, in the order of its help text.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "cli")]
        Self::Terminal,
        Self::Concise,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Markdown,
        Self::Csv,
        Self::Html,
    ];

    /// The report in this format. `terminal` is as in a file: no colour, 100 columns; see
    /// `terminal::render` for more, as `html::render` for a page with controls.
    pub fn render(self, report: &Report) -> String {
        match self {
            #[cfg(feature = "cli")]
            Self::Terminal => terminal::render(report, &terminal::TerminalOptions::default()),
            Self::Concise => concise::render(report),
            Self::Json => json::render(report),
            Self::Sarif => sarif::render(report),
            Self::Github => github::render(report),
            Self::Gitlab => gitlab::render(report),
            Self::Junit => junit::render(report),
            Self::Markdown => markdown::render(report),
            Self::Csv => csv::render(report),
            Self::Html => html::render(report, None),
        }
    }

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "cli")]
            Self::Terminal => "terminal",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }

    /// What it is for, in a few words.
    pub const fn description(self) -> &'static str {
        match self {
            #[cfg(feature = "cli")]
            Self::Terminal => "findings with their source lines, for people",
            Self::Concise => "one line a finding, for editors and grep",
            Self::Json => "the whole report with every outcome, for machines and auditors",
            Self::Sarif => "SARIF 2.1.0, for code scanning",
            Self::Github => "workflow commands: annotations on a pull request",
            Self::Gitlab => "Code Quality report, for a merge request",
            Self::Junit => "JUnit XML with every outcome, for the test view of a CI system",
            Self::Markdown => "for a job summary or a comment",
            Self::Csv => "one line a finding, for spreadsheets",
            Self::Html => "one page for the review meeting, self-contained and printable",
        }
    }

    /// Whether it shows what passed, so that the report has to list every outcome.
    pub const fn lists_outcomes(self) -> bool {
        matches!(self, Self::Json | Self::Junit | Self::Html)
    }

    /// Whether it ends with the [summary line](summary_line).
    pub const fn ends_with_summary(self) -> bool {
        match self {
            #[cfg(feature = "cli")]
            Self::Terminal => true,
            _ => matches!(self, Self::Concise),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

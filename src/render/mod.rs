//! Output formats. Each reads a [`Report`] and nothing else, and gives back text; none prints.
//!
//! `terminal` (feature `cli`) is for people, [`json`] is the canonical form that `schemas/report.schema.json`
//! describes, [`html`] is the page for a review meeting. The exit code never depends on the format.

#[cfg(test)]
mod fixture;
pub mod html;
pub mod json;
mod summary;
#[cfg(feature = "cli")]
pub mod terminal;

use std::fmt;

#[cfg(doc)]
use crate::finding::Report;

pub use summary::summary_line;

/// What `--output` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people: findings with source lines, then a summary.
    Terminal,
    /// For machines: the whole report, versioned.
    Json,
    /// For the review meeting: one page that needs nothing else.
    Html,
}

impl Format {
    /// Every format, in the order of its help text.
    pub const ALL: &'static [Self] = &[Self::Terminal, Self::Json, Self::Html];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// Whether it shows the outcome of every rule, so that the run has to list them.
    pub const fn lists_outcomes(self) -> bool {
        matches!(self, Self::Json | Self::Html)
    }

    /// What it is for, in a few words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Terminal => "findings with their source lines, for people",
            Self::Json => "the whole report with every outcome, for machines and auditors",
            Self::Html => "one page for the review meeting, self-contained and printable",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

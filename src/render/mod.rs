//! Output formats. Each reads a [`Report`] and nothing else, and gives back text; none prints.
//!
//! `terminal` (feature `cli`) is for people, [`json`] is the canonical form that `schemas/report.schema.json`
//! describes. The exit code never depends on the format.

#[cfg(test)]
mod fixture;
pub mod json;
mod summary;
#[cfg(feature = "cli")]
pub mod terminal;

use std::fmt;
use std::str::FromStr;

#[cfg(doc)]
use crate::finding::Report;
use crate::finding::did_you_mean;

pub use summary::summary_line;

/// What `--output` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people: findings with source lines, then a summary.
    Terminal,
    /// For machines: the whole report, versioned.
    Json,
}

impl Format {
    /// Every format, in the order of its help text.
    pub const ALL: &'static [Self] = &[Self::Terminal, Self::Json];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
        }
    }

    /// What it is for, in a few words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Terminal => "findings with their source lines, for people",
            Self::Json => "the whole report with every outcome, for machines and auditors",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown output format `{name}`{}", suggestion(name))]
pub struct UnknownFormat {
    /// What was given.
    pub name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let known = Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == name);
        known.ok_or_else(|| UnknownFormat {
            name: name.to_owned(),
        })
    }
}

fn suggestion(name: &str) -> String {
    let names = || Format::ALL.iter().map(|format| format.as_str());
    match did_you_mean(name, names()) {
        near if near.is_empty() => {
            format!("; there are {}", names().collect::<Vec<_>>().join(", "))
        }
        near => near,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_name_and_slips_are_told() {
        for &format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
        }
        let wrong = |name: &str| name.parse::<Format>().unwrap_err().to_string();
        assert_eq!(
            wrong("jsno"),
            "unknown output format `jsno`; did you mean `json`?"
        );
        assert_eq!(
            wrong("pdf"),
            "unknown output format `pdf`; there are terminal, json"
        );
    }
}

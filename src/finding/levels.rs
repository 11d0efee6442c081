//! The small ordered scales: severity, stage, outcome.

use std::fmt;
use std::str::FromStr;

/// How much a finding matters. Ordered: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Must be mended, or waived.
    Error,
}

/// Where in its life a document is. Ordered: `Draft < InReview < Approved < Launched`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Being written.
    Draft,
    /// Given to the reviewers.
    InReview,
    /// Signed off.
    Approved,
    /// In the hands of users.
    Launched,
}

/// What a rule came to for one document or item. Exactly one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Every requirement holds.
    Pass,
    /// A requirement does not hold, or an operand of it is absent.
    Fail,
    /// `applies_to`, `when` or `where` is false, or `for_each` is empty.
    NotApplicable,
    /// It could not be decided. Blocks like [`Outcome::Fail`].
    Unknown,
}

macro_rules! names {
    ($type:ident: $($variant:ident = $name:literal),+) => {
        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as it is written in policies, documents and reports.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(name: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name).ok_or_else(|| {
                    let names: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("`{name}` is none of {}", names.join(", "))
                })
            }
        }
    };
}

names!(Severity: Note = "note", Warning = "warning", Error = "error");
names!(Stage: Draft = "draft", InReview = "in-review", Approved = "approved", Launched = "launched");
names!(Outcome: Pass = "pass", Fail = "fail", NotApplicable = "not-applicable", Unknown = "unknown");

//! `fairness(item)`: what an assessment claims, held against its evidence.

mod judge;
mod read;
mod value;

pub(super) use judge::{Assessed, assess};
pub(super) use value::ty;

/// What a claim comes to, in the order in which the answer is looked for: the first that is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimStatus {
    /// Something is not stated without which nothing can be computed.
    Unclaimed,
    /// The evidence cannot be read, or not as it is described.
    Unreadable,
    /// The file is another than the one that the document names, by its digest or its rows.
    Tampered,
    /// The evidence is of another version of the model, or the threshold was not set before it.
    Stale,
    /// The formula gives no number.
    Undefined,
    /// There are too few rows to decide anything.
    Insufficient,
    /// The recomputed value lies further from the claim than its tolerance.
    Drift,
    /// The evidence gives the value that is claimed.
    Match,
}

impl ClaimStatus {
    const ALL: [Self; 8] = [
        Self::Unclaimed,
        Self::Unreadable,
        Self::Tampered,
        Self::Stale,
        Self::Undefined,
        Self::Insufficient,
        Self::Drift,
        Self::Match,
    ];

    /// The name as rules and reports have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Unreadable => "unreadable",
            Self::Tampered => "tampered",
            Self::Stale => "stale",
            Self::Undefined => "undefined",
            Self::Insufficient => "insufficient",
            Self::Drift => "drift",
            Self::Match => "match",
        }
    }
}

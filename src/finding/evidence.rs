//! What a run found out beside its findings: recomputed fairness, and the state of sign-offs.

use std::sync::Arc;

use super::DocumentRef;

/// A fairness claim of a document, held against its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct FairnessCheck {
    /// The document that makes the claim.
    pub document: DocumentRef,
    /// JSON Pointer of the assessment.
    pub pointer: Box<str>,
    /// The metric, as the document has it.
    pub metric: Box<str>,
    /// The protected attributes; several are an intersection.
    pub attributes: Vec<Box<str>>,
    /// What it came to: `match`, `drift`, `undefined`, `insufficient`, `unreadable`, `tampered`,
    /// `stale` or `unclaimed`.
    pub status: &'static str,
    /// Why, in a sentence without its final period; `None` for `match`.
    pub reason: Option<Box<str>>,
    /// The value that the document claims.
    pub claimed: Option<f64>,
    /// How far it may lie from the recomputed one.
    pub tolerance: f64,
    /// The value that the evidence gives; `None` where it gives none.
    pub value: Option<f64>,
    /// Its confidence interval.
    pub interval: Option<Interval>,
    /// The least that the document accepts.
    pub min: Option<f64>,
    /// The most that it accepts.
    pub max: Option<f64>,
    /// The file, relative to the root.
    pub path: Arc<str>,
    /// Its digest in lower-case hexadecimal, if it could be read.
    pub sha256: Option<Box<str>>,
    /// How many rows it has.
    pub rows: Option<u64>,
    /// The rates that the metric compares: one for selection rates, two for equalized odds.
    pub rates: Vec<RateChart>,
}

/// One rate, group by group.
#[derive(Clone, Debug, PartialEq)]
pub struct RateChart {
    /// The rate: `selection_rate`, `true_positive_rate` and so on.
    pub rate: &'static str,
    /// The groups, sorted by name.
    pub groups: Vec<GroupRate>,
}

/// The rate of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRate {
    /// Its value of each attribute; `None` where the value is missing.
    pub group: Vec<Option<Box<str>>>,
    /// How many rows the group has.
    pub n: u64,
    /// How many of `denominator` count for the rate.
    pub numerator: u64,
    /// How many rows the rate is taken over.
    pub denominator: u64,
    /// The rate; `None` where the denominator is 0.
    pub value: Option<f64>,
    /// Its Wilson interval.
    pub interval: Option<Interval>,
    /// Whether the group is large enough to decide something.
    pub sufficient: bool,
}

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
    /// Its level: 0.95.
    pub level: f64,
}

/// A sign-off that a document names or needs, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOffState {
    /// The role.
    pub role: Box<str>,
    /// Who gave it.
    pub principal: Option<Box<str>>,
    /// `approved`, `approved-with-conditions`, `rejected` or `not-applicable`.
    pub decision: Option<Box<str>>,
    /// For which stage.
    pub stage: Option<Box<str>>,
    /// What it was made to depend on.
    pub conditions: Option<Box<str>>,
    /// Day on which it was given, as it is written.
    pub signed_on: Option<Box<str>>,
    /// Last day on which it holds, as it is written.
    pub expires: Option<Box<str>>,
    /// What it is worth: `stated` where a document says so and nothing proves it, else a verdict
    /// such as `valid` or `stale`.
    pub verdict: &'static str,
    /// Why, in a sentence without its final period.
    pub reason: Option<Box<str>>,
}

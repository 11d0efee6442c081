//! What a measurement is told beside the counts.

use std::sync::Arc;

/// The value of each attribute of a group; `None` where it is missing.
pub type Key = Vec<Option<Arc<str>>>;

/// What groups are compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reference {
    /// The greatest rate with the least.
    #[default]
    Highest,
    /// The group with the most rows; of equals the first by name.
    Largest,
    /// This group.
    Group(Key),
}

/// How equalized odds makes one number of two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aggregation {
    /// The greater difference, the lesser ratio.
    #[default]
    WorstCase,
    /// The arithmetic mean of both.
    Mean,
}

/// What becomes of rows without a value of an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingPolicy {
    /// They are a group of their own.
    #[default]
    Group,
    /// The metric is undefined.
    Refuse,
}

/// How a metric is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What groups are compared with.
    pub reference: Reference,
    /// For equalized odds.
    pub aggregation: Aggregation,
    /// A group with fewer rows decides nothing.
    pub minimum_group: u64,
    /// A rate over fewer rows decides nothing.
    pub minimum_denominator: u64,
    /// What becomes of rows without a value of an attribute.
    pub missing: MissingPolicy,
    /// Groups that are shown and not compared.
    pub excluded: Vec<Key>,
    /// The level of intervals, between 0 and 1.
    pub level: f64,
    /// Where the bootstrap begins; the same seed gives the same interval.
    pub seed: u64,
    /// How often the bootstrap draws; 0 gives no interval where it would be needed.
    pub resamples: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            reference: Reference::default(),
            aggregation: Aggregation::default(),
            minimum_group: 30,
            minimum_denominator: 10,
            missing: MissingPolicy::default(),
            excluded: Vec::new(),
            level: 0.95,
            seed: 0,
            resamples: 2000,
        }
    }
}

/// A group as a reason names it: `female`, or `female, over 60` of an intersection.
pub fn shown(key: &[Option<Arc<str>>]) -> String {
    key.iter()
        .map(|value| value.as_deref().unwrap_or("(missing)"))
        .collect::<Vec<_>>()
        .join(", ")
}

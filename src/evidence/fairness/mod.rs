//! Fairness metrics, computed from the counts of groups.

mod counts;
pub mod sql;

pub use counts::{Confusion, Counts, Group, Tally};

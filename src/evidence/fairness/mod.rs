//! Fairness metrics, computed from the counts of groups.

mod bootstrap;
mod compare;
mod counts;
mod exact;
mod interval;
mod measure;
mod metric;
mod rates;
mod settings;
mod significance;
#[cfg(test)]
mod tests;

pub use counts::{Confusion, Counts, Group, Tally};
pub use measure::{Measure, Measured, measure};
pub use metric::{Basis, Metric};
pub use rates::{Rate, Share};
pub use settings::{Aggregation, Key, MissingPolicy, Reference, Settings, shown};
pub use significance::{Method, Significance};

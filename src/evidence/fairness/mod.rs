//! Fairness metrics, computed from the counts of groups.

mod bootstrap;
mod breakdown;
mod compare;
mod counts;
mod estimates;
mod exact;
mod interval;
mod measure;
mod metric;
mod rates;
mod regression;
mod score_metrics;
mod scores;
mod settings;
mod significance;
pub mod sql;
#[cfg(test)]
mod tests;

pub use breakdown::{Breakdown, Choices, Material};
pub use counts::{Confusion, Counts, Group, Tally};
pub use measure::{GroupValue, Measure, Measured, measure};
pub use metric::{Basis, Metric};
pub use rates::{Rate, Share};
pub use regression::{MomentGroup, Moments, RegressionCounts, measure_regression};
pub use score_metrics::measure_scores;
pub use scores::{Bin, Labelled, ScoreCell, ScoreCounts, ScoreError, ScoreGroup, Scores};
pub use settings::{Aggregation, Key, MissingPolicy, Reference, Settings, shown};
pub use significance::{Method, Significance};

//! Metrics on predicted numbers, from sums.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_traits::ToPrimitive;

use super::counts::{Columns, Counts, Group, Tally};
use super::estimates::{self, Estimate};
use super::measure::{Measure, Measured, admitted};
use super::metric::{Basis, Metric};
use super::score_metrics::mean_variance;
use super::settings::{Key, Settings, shown};

/// Sums over the rows of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Rows.
    pub n: u64,
    /// Sum of the predictions.
    pub sum: f64,
    /// Sum of their squares.
    pub sum_of_squares: f64,
    /// Sum of what really came.
    pub sum_label: f64,
    /// Sum of the distances between both.
    pub absolute_error: f64,
    /// Sum of the squared distances.
    pub squared_error: f64,
}

/// The sums of every group of an intersection of attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegressionCounts {
    /// The attributes, as their columns are named.
    pub attributes: Vec<Arc<str>>,
    /// The groups.
    pub groups: Vec<MomentGroup>,
}

/// One group with its sums.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentGroup {
    /// Its value of each attribute.
    pub key: Key,
    /// Its sums.
    pub moments: Moments,
}

impl RegressionCounts {
    /// The sums over some of the attributes; `None` where one of them was not counted.
    pub fn over<S: AsRef<str>>(&self, attributes: &[S]) -> Option<Self> {
        let columns = Columns::of(&self.attributes, attributes)?;
        let mut groups: BTreeMap<Key, Moments> = BTreeMap::new();
        for group in &self.groups {
            let sums = groups.entry(columns.of_key(&group.key)).or_default();
            *sums = sums.plus(group.moments);
        }
        Some(Self {
            attributes: columns.names,
            groups: groups
                .into_iter()
                .map(|(key, moments)| MomentGroup { key, moments })
                .collect(),
        })
    }
}

impl Moments {
    /// With one more row.
    #[must_use]
    pub fn with(self, prediction: f64, label: f64) -> Self {
        let error = prediction - label;
        self.plus(Self {
            n: 1,
            sum: prediction,
            sum_of_squares: prediction * prediction,
            sum_label: label,
            absolute_error: error.abs(),
            squared_error: error * error,
        })
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            sum: self.sum + other.sum,
            sum_of_squares: self.sum_of_squares + other.sum_of_squares,
            sum_label: self.sum_label + other.sum_label,
            absolute_error: self.absolute_error + other.absolute_error,
            squared_error: self.squared_error + other.squared_error,
        }
    }

    /// The number that `metric` compares, and its variance where the sums tell it.
    fn estimate(&self, metric: Metric) -> Option<(f64, Option<f64>)> {
        let n = self.n.to_f64().filter(|n| *n > 0.0)?;
        Some(match metric {
            Metric::MeanAbsoluteErrorRatio => (
                self.absolute_error / n,
                mean_variance(self.n, self.absolute_error, self.squared_error),
            ),
            // The spread of squared errors would need their squares.
            Metric::RootMeanSquaredErrorRatio => ((self.squared_error / n).sqrt(), None),
            _ => (
                self.sum / n,
                mean_variance(self.n, self.sum, self.sum_of_squares),
            ),
        })
    }
}

/// Measures a metric on predicted numbers. What stands in the way is looked for as in
/// [`measure`](super::measure()).
pub fn measure_regression(
    metric: Metric,
    sums: &RegressionCounts,
    settings: &Settings,
) -> Measured {
    if metric.basis() != Basis::Regression {
        return Measured::without(Measure::undefined(format!(
            "`{}` is not computed from predicted numbers",
            metric.name()
        )));
    }
    found(metric, sums, settings).unwrap_or_else(Measured::without)
}

fn found(
    metric: Metric,
    sums: &RegressionCounts,
    settings: &Settings,
) -> Result<Measured, Measure> {
    let counts = Counts {
        attributes: sums.attributes.clone(),
        groups: sums
            .groups
            .iter()
            .map(|group| Group {
                key: group.key.clone(),
                tally: Tally {
                    n: group.moments.n,
                    selected: 0,
                    confusion: None,
                },
            })
            .collect(),
    };
    let mut groups: Vec<&Group> = counts.groups.iter().collect();
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    let (compared, against) = admitted(metric, &groups, &counts, settings)?;
    let limits = match metric {
        Metric::MeanPredictionDifference => (f64::MIN, f64::MAX),
        _ => (0.0, f64::MAX),
    };
    let estimates = compared
        .iter()
        .map(|group| {
            let of = sums.groups.iter().find(|has| has.key == group.key);
            let (value, variance) = of
                .and_then(|of| of.moments.estimate(metric))
                .filter(|(value, _)| value.is_finite())
                .ok_or_else(|| {
                    let name = shown(&group.key);
                    Measure::undefined(format!("`{name}` has no rows, or no finite sums"))
                })?;
            Ok(Estimate {
                key: group.key.clone(),
                n: group.tally.n,
                value,
                variance,
                limits,
            })
        })
        .collect::<Result<Vec<_>, Measure>>()?;
    Ok(estimates::measured(metric, settings, against, &estimates))
}

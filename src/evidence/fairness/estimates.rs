//! Metrics that compare numbers with a spread, and no shares of rows: areas, means, errors.

use super::bootstrap;
use super::compare::Against;
use super::interval::{around, quantile};
use super::measure::{GroupValue, Measure, Measured};
use super::metric::Metric;
use super::settings::{Key, Settings};

/// The number of one group.
#[derive(Clone, Debug)]
pub(super) struct Estimate {
    pub(super) key: Key,
    pub(super) n: u64,
    pub(super) value: f64,
    /// The variance of the number, where it is known.
    pub(super) variance: Option<f64>,
    /// Between what the number lies.
    pub(super) limits: (f64, f64),
}

/// The metric over the numbers of two groups or more.
pub(super) fn measured(
    metric: Metric,
    settings: &Settings,
    against: Against,
    estimates: &[Estimate],
) -> Measured {
    let numbers: Vec<f64> = estimates.iter().map(|group| group.value).collect();
    let values = estimates
        .iter()
        .map(|group| GroupValue {
            group: group.key.clone(),
            n: group.n,
            value: group.value,
            interval: group.variance.and_then(|variance| {
                let half = quantile(settings.level)? * variance.sqrt();
                let (value, level) = (group.value, settings.level);
                around(value, value - half, value + half, level, group.limits)
            }),
        })
        .collect();
    let Some(value) = compared(metric, against, &numbers) else {
        let value = Measure::undefined("it is a ratio over 0");
        return Measured {
            values,
            ..Measured::without(value)
        };
    };
    let spread: Option<Vec<(f64, f64)>> = estimates
        .iter()
        .map(|group| Some((group.value, group.variance?.sqrt())))
        .collect();
    let limits = match metric {
        _ if metric.is_ratio() => (0.0, 1.0),
        _ if metric.is_signed() => (f64::MIN, f64::MAX),
        _ => (0.0, f64::MAX),
    };
    let interval = spread.and_then(|spread| {
        bootstrap::of_estimates(settings, &spread, value, limits, |drawn| {
            compared(metric, against, drawn)
        })
    });
    Measured {
        interval,
        values,
        ..Measured::without(Measure::Value(value))
    }
}

/// `None` where it is a ratio over 0.
fn compared(metric: Metric, against: Against, numbers: &[f64]) -> Option<f64> {
    let least = numbers.iter().copied().reduce(f64::min)?;
    let greatest = numbers.iter().copied().reduce(f64::max)?;
    let ratio = |a: f64, b: f64| (a.max(b) > 0.0).then(|| a.min(b) / a.max(b));
    let Against::One(at) = against else {
        return if metric.is_ratio() {
            ratio(least, greatest)
        } else {
            Some(greatest - least)
        };
    };
    let reference = *numbers.get(at)?;
    let others = numbers
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != at)
        .map(|(_, number)| *number);
    if metric.is_ratio() {
        let ratios: Vec<f64> = others
            .map(|other| ratio(other, reference))
            .collect::<Option<_>>()?;
        return ratios.into_iter().reduce(f64::min);
    }
    let furthest = others
        .map(|other| other - reference)
        .reduce(|a, b| if b.abs() > a.abs() { b } else { a })?;
    Some(if metric.is_signed() {
        furthest
    } else {
        furthest.abs()
    })
}

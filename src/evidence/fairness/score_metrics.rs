//! Metrics on scores, measured.

use num_traits::ToPrimitive;

use super::compare::Against;
use super::counts::Group;
use super::estimates::{self, Estimate};
use super::measure::{GroupValue, Measure, Measured, admitted, of_counts, too_few};
use super::metric::{Basis, Metric};
use super::scores::{BINS, Labelled, ScoreCounts, ScoreGroup};
use super::settings::{Key, Settings, shown};

/// Measures a metric on scores. What stands in the way is looked for as in
/// [`measure`](super::measure()).
pub fn measure_scores(metric: Metric, scores: &ScoreCounts, settings: &Settings) -> Measured {
    if metric.basis() != Basis::Scores {
        return Measured::without(Measure::undefined(format!(
            "`{}` is not computed from scores",
            metric.name()
        )));
    }
    if metric == Metric::ScoringRateImpactRatio {
        return of_counts(metric, &scores.scoring(), settings);
    }
    found(metric, scores, settings).unwrap_or_else(Measured::without)
}

fn found(metric: Metric, scores: &ScoreCounts, settings: &Settings) -> Result<Measured, Measure> {
    let counts = scores.scoring();
    let mut groups: Vec<&Group> = counts.groups.iter().collect();
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    let (compared, against) = admitted(metric, &groups, &counts, settings)?;
    let groups: Vec<&ScoreGroup> = compared
        .iter()
        .filter_map(|group| scores.groups.iter().find(|has| has.key == group.key))
        .collect();
    let estimates = match metric {
        Metric::RocAucScoreDifference => areas(&groups, settings)?,
        Metric::ExpectedCalibrationErrorDifference => {
            probabilities(scores)?;
            calibration_errors(&groups)?
        }
        Metric::CalibrationDifference => {
            probabilities(scores)?;
            return calibration(&groups, against, settings);
        }
        _ => standardised_means(&groups, scores)?,
    };
    Ok(estimates::measured(metric, settings, against, &estimates))
}

fn labelled(group: &ScoreGroup) -> Result<&Labelled, Measure> {
    group.labelled.as_ref().ok_or_else(|| {
        Measure::undefined("it needs score and label of every row, and the evidence lacks them")
    })
}

fn probabilities(scores: &ScoreCounts) -> Result<(), Measure> {
    if scores.outside {
        return Err(Measure::undefined(
            "a score lies outside of 0 to 1, so scores are not probabilities",
        ));
    }
    Ok(())
}

fn areas(groups: &[&ScoreGroup], settings: &Settings) -> Result<Vec<Estimate>, Measure> {
    for (of, kind) in [
        (
            (|labelled| labelled.positives) as fn(&Labelled) -> u64,
            "rows with a favourable label",
        ),
        (
            |labelled| labelled.negatives,
            "rows with an unfavourable label",
        ),
    ] {
        let mut small: Vec<(&Key, u64)> = Vec::new();
        for group in groups {
            let n = of(labelled(group)?);
            if n == 0 {
                let name = shown(&group.key);
                return Err(Measure::undefined(format!(
                    "the area under the curve is taken over no {kind} in `{name}`"
                )));
            }
            if n < settings.minimum_denominator {
                small.push((&group.key, n));
            }
        }
        too_few(&small, settings.minimum_denominator, kind)?;
    }
    each(groups, |group| {
        let labelled = labelled(group)?;
        Ok((labelled.area(), labelled.variance(), (0.0, 1.0)))
    })
}

fn calibration_errors(groups: &[&ScoreGroup]) -> Result<Vec<Estimate>, Measure> {
    each(groups, |group| {
        let error = labelled(group)?.expected_calibration_error();
        Ok((error, None, (0.0, 1.0)))
    })
}

fn standardised_means(
    groups: &[&ScoreGroup],
    scores: &ScoreCounts,
) -> Result<Vec<Estimate>, Measure> {
    let deviation = scores
        .deviation()
        .ok_or_else(|| Measure::undefined("all scores are the same, so they have no deviation"))?;
    each(groups, |group| {
        let mean = group.mean().map(|mean| mean / deviation);
        let variance = mean_variance(group.n, group.sum, group.sum_of_squares)
            .map(|variance| variance / deviation / deviation);
        Ok((mean, variance, (f64::MIN, f64::MAX)))
    })
}

/// The variance of a mean, from sums; `None` with fewer than two rows.
pub(super) fn mean_variance(n: u64, sum: f64, sum_of_squares: f64) -> Option<f64> {
    let n = n.to_f64().filter(|n| *n >= 2.0)?;
    Some(((sum_of_squares - sum * sum / n) / (n - 1.0)).max(0.0) / n)
}

type Found = (Option<f64>, Option<f64>, (f64, f64));

fn each(
    groups: &[&ScoreGroup],
    of: impl Fn(&ScoreGroup) -> Result<Found, Measure>,
) -> Result<Vec<Estimate>, Measure> {
    groups
        .iter()
        .map(|group| {
            let (value, variance, limits) = of(group)?;
            Ok(Estimate {
                key: group.key.clone(),
                n: group.n,
                value: value.ok_or_else(|| {
                    Measure::undefined(format!("`{}` has no rows", shown(&group.key)))
                })?,
                variance,
                limits,
            })
        })
        .collect()
}

/// In each bin what came true is compared between groups; the bin in which they lie furthest apart
/// is the value. A bin that holds rows of one group has to hold enough of every group.
fn calibration(
    groups: &[&ScoreGroup],
    against: Against,
    settings: &Settings,
) -> Result<Measured, Measure> {
    let mut greatest: Option<(f64, Vec<GroupValue>)> = None;
    for bin in 0..BINS {
        let mut rates = Vec::new();
        let mut small: Vec<(&Key, u64)> = Vec::new();
        for group in groups {
            let of = labelled(group)?.bins.get(bin).copied().unwrap_or_default();
            if of.n < settings.minimum_denominator.max(1) {
                small.push((&group.key, of.n));
            }
            rates.push((group, of));
        }
        if rates.iter().all(|(_, of)| of.n == 0) {
            continue;
        }
        let kind = format!("rows with a score from {}", tenths(bin));
        too_few(&small, settings.minimum_denominator.max(1), &kind)?;
        let values: Vec<GroupValue> = rates
            .iter()
            .filter_map(|(group, of)| {
                Some(GroupValue {
                    group: group.key.clone(),
                    n: of.n,
                    value: of.positives.to_f64()? / of.n.to_f64()?,
                    interval: None,
                })
            })
            .collect();
        let apart = match against {
            Against::One(at) => {
                let reference = values.get(at).map_or(f64::NAN, |group| group.value);
                let distance = |group: &GroupValue| (group.value - reference).abs();
                values.iter().map(distance).fold(0.0, f64::max)
            }
            Against::Extremes => {
                let all = || values.iter().map(|group| group.value);
                all().fold(0.0, f64::max) - all().fold(1.0, f64::min)
            }
        };
        if greatest.as_ref().is_none_or(|(before, _)| apart > *before) {
            greatest = Some((apart, values));
        }
    }
    let (value, values) = greatest.ok_or_else(|| Measure::undefined("there are no rows"))?;
    Ok(Measured {
        values,
        ..Measured::without(Measure::Value(value))
    })
}

fn tenths(bin: usize) -> String {
    let tenth = |n: usize| {
        if n == BINS {
            "1".to_owned()
        } else {
            format!("0.{n}")
        }
    };
    format!("{} to {}", tenth(bin), tenth(bin + 1))
}

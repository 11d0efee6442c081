//! Where the threshold of a metric lies among the rates of groups.
//!
//! A ratio is the least rate over the greatest, a difference the greatest less the least. So the
//! line stands at `min` times the greatest rate, or at the greatest rate less `max`. It is drawn only
//! if the value follows from the rates in just this way: with another reference group, or as a mean
//! of several rates, it would stand in the wrong place.

use crate::finding::{FairnessCheck, GroupRate, RateChart};
use crate::render::evidence::{finite, plain};

/// How far a value may lie from the one that its rates give, and a rate from the line that it is
/// on: what rounding makes of equal numbers.
const ROUNDING: f64 = 1e-9;

/// The line of a threshold in a chart.
pub(super) enum Line<'c> {
    /// At a rate.
    At {
        at: f64,
        /// What it is: "0.8 × highest".
        name: String,
        /// The group with the greatest rate.
        highest: &'c GroupRate,
        rate: f64,
    },
    /// There is a threshold, and no line: why.
    Absent(&'static str),
    /// The document states none that could be drawn.
    Unstated,
}

/// How a metric compares rates, with its threshold.
#[derive(Clone, Copy)]
enum Form {
    Ratio { min: f64 },
    Difference { max: f64 },
}

impl<'c> Line<'c> {
    /// The line of a claim's threshold among some of its rates.
    pub(super) fn of(check: &FairnessCheck, chart: &'c RateChart) -> Self {
        let Some(form) = Form::of(check) else {
            return Self::Unstated;
        };
        let Some(value) = finite(check.value) else {
            return Self::Absent("the evidence gives no value to hold against it");
        };
        if !form.gives(value, &check.rates) {
            return Self::Absent(
                "the value does not follow from the lowest and the highest of these rates alone",
            );
        }
        let Some((_, (highest, rate))) = extremes(chart) else {
            return Self::Absent("no group here is large enough to decide something");
        };
        let (at, name) = match form {
            Form::Ratio { min } => (min * rate, format!("{} × highest", plain(min))),
            Form::Difference { max } => (rate - max, format!("highest − {}", plain(max))),
        };
        if at <= 0.0 {
            return Self::Absent("it lies at or below 0, so no rate could miss it");
        }
        Self::At {
            at,
            name,
            highest,
            rate,
        }
    }

    /// Whether a group that decides something lies below the line.
    pub(super) fn is_missed_by(&self, group: &GroupRate) -> bool {
        match self {
            Self::At { at, .. } => deciding(group).is_some_and(|rate| rate < at - ROUNDING),
            Self::Absent(_) | Self::Unstated => false,
        }
    }
}

impl Form {
    fn of(check: &FairnessCheck) -> Option<Self> {
        let metric = &*check.metric;
        if metric.ends_with("_ratio") || metric == "disparate_impact" {
            finite(check.min).map(|min| Self::Ratio { min })
        } else if metric.ends_with("_difference") {
            finite(check.max).map(|max| Self::Difference { max })
        } else {
            None
        }
    }

    /// Whether a value is what the lowest and the highest rates give, the worst of all charts.
    fn gives(self, value: f64, charts: &[RateChart]) -> bool {
        let pairs = charts.iter().filter_map(extremes);
        let pairs = pairs.map(|((_, low), (_, high))| (low, high));
        let worst = match self {
            Self::Ratio { .. } => pairs
                .filter(|(_, high)| *high > 0.0)
                .map(|(low, high)| low / high)
                .min_by(f64::total_cmp),
            Self::Difference { .. } => pairs.map(|(low, high)| high - low).max_by(f64::total_cmp),
        };
        worst.is_some_and(|worst| (worst - value).abs() <= ROUNDING)
    }
}

/// The lowest and the highest rate, each with the first group that has it.
type Extremes<'c> = ((&'c GroupRate, f64), (&'c GroupRate, f64));

fn extremes(chart: &RateChart) -> Option<Extremes<'_>> {
    let mut rates = chart
        .groups
        .iter()
        .filter_map(|group| Some((group, deciding(group)?)));
    let first = rates.next()?;
    Some(rates.fold((first, first), |(low, high), group| {
        (
            if group.1 < low.1 { group } else { low },
            if group.1 > high.1 { group } else { high },
        )
    }))
}

/// The rate of a group that is large enough.
fn deciding(group: &GroupRate) -> Option<f64> {
    finite(group.value).filter(|_| group.sufficient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{claim, group};

    fn chart(groups: Vec<GroupRate>) -> RateChart {
        RateChart {
            rate: "selection_rate",
            groups,
        }
    }

    fn two(metric: &str, value: Option<f64>, low: u32, high: u32) -> FairnessCheck {
        let mut check = claim();
        check.metric = metric.into();
        check.value = value;
        (check.min, check.max) = (Some(0.8), Some(0.1));
        check.rates = vec![chart(vec![
            group(Some("a"), low, 100),
            group(Some("b"), high, 100),
            group(Some("small"), 9, 9),
        ])];
        check
    }

    #[track_caller]
    fn at(check: &FairnessCheck) -> f64 {
        match Line::of(check, &check.rates[0]) {
            Line::At { at, .. } => at,
            Line::Absent(why) => panic!("{why}"),
            Line::Unstated => panic!("unstated"),
        }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn a_ratio_is_held_against_the_highest_rate_and_a_difference_too() {
        let ratio = two("demographic_parity_ratio", Some(0.5 / 0.8), 50, 80);
        assert!(close(at(&ratio), 0.64));
        let difference = two("demographic_parity_difference", Some(0.3), 50, 80);
        assert!(close(at(&difference), 0.7));
        for (check, low, high) in [(&ratio, true, false), (&difference, true, false)] {
            let line = Line::of(check, &check.rates[0]);
            let missed = |at: usize| line.is_missed_by(&check.rates[0].groups[at]);
            assert_eq!((missed(0), missed(1)), (low, high));
            // Too small to decide, whatever its rate.
            assert!(!missed(2));
        }
    }

    #[test]
    fn a_rate_on_the_line_is_not_below_it() {
        let check = two("equal_opportunity_ratio", Some(0.8), 40, 50);
        let line = Line::of(&check, &check.rates[0]);
        assert!(!line.is_missed_by(&check.rates[0].groups[0]));
        let check = two("equal_opportunity_difference", Some(0.1), 40, 50);
        let line = Line::of(&check, &check.rates[0]);
        assert!(!line.is_missed_by(&check.rates[0].groups[0]));
    }

    #[test]
    fn the_worst_of_two_rates_is_drawn_in_both() {
        let mut check = two("equalized_odds_difference", Some(0.3), 50, 80);
        check.rates.push(chart(vec![
            group(Some("a"), 20, 100),
            group(Some("b"), 25, 100),
        ]));
        assert!(close(at(&check), 0.7));
        assert!(matches!(
            Line::of(&check, &check.rates[1]),
            Line::At { at, .. } if close(at, 0.15)
        ));
        // The mean of both is no distance in either.
        check.value = Some(0.175);
        assert!(matches!(Line::of(&check, &check.rates[0]), Line::Absent(_)));
    }

    #[test]
    fn no_line_stands_where_it_would_say_something_wrong() {
        let absent =
            |check: &FairnessCheck| matches!(Line::of(check, &check.rates[0]), Line::Absent(_));
        // Against a reference group that is not the highest.
        assert!(absent(&two("impact_ratio", Some(1.6), 50, 80)));
        assert!(absent(&two("demographic_parity_ratio", None, 50, 80)));
        assert!(absent(&two(
            "demographic_parity_ratio",
            Some(f64::NAN),
            50,
            80
        )));
        assert!(absent(&two(
            "statistical_parity_difference",
            Some(-0.3),
            50,
            80
        )));
        // Nobody was selected.
        assert!(absent(&two("demographic_parity_ratio", Some(0.0), 0, 0)));
        assert!(absent(&two(
            "demographic_parity_difference",
            Some(0.03),
            2,
            5
        )));
        let unstated =
            |check: &FairnessCheck| matches!(Line::of(check, &check.rates[0]), Line::Unstated);
        assert!(unstated(&two("some_metric", Some(0.5), 50, 80)));
        let mut check = two("demographic_parity_ratio", Some(0.5 / 0.8), 50, 80);
        check.min = None;
        assert!(unstated(&check));
    }
}

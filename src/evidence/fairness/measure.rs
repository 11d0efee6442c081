//! A metric on decisions, measured: the value or why there is none, its interval, test and rates.

use std::fmt::Write;

use super::bootstrap;
use super::compare::{Against, Compared, Gap, Side, compare};
use super::counts::{Counts, Group, Tally};
use super::interval::{katz, newcombe, wilson};
use super::metric::{Basis, Form, Metric};
use super::rates::Rate;
use super::settings::{Key, MissingPolicy, Reference, Settings, shown};
use super::significance::{self, Significance};
use crate::finding::{GroupRate, Interval, RateChart, did_you_mean};

/// What a measurement came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The value, or why there is none.
    pub value: Measure,
    /// The interval of the value.
    pub interval: Option<Interval>,
    /// A test of the two rates that set the value.
    pub test: Option<Significance>,
    /// The rates that the metric compares, of all groups, excluded ones too.
    pub rates: Vec<RateChart>,
    /// What it compares where that is no share of rows: areas, means, errors. Of compared groups.
    pub values: Vec<GroupValue>,
}

/// What a metric compares, of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupValue {
    /// The group.
    pub group: Key,
    /// How many rows it has.
    pub n: u64,
    /// The value.
    pub value: f64,
    /// Its interval, where there is one.
    pub interval: Option<Interval>,
}

/// A value, or why there is none. Reasons are sentences without their final period.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The value.
    Value(f64),
    /// The formula gives no number.
    Undefined {
        /// Why.
        reason: Box<str>,
    },
    /// There are too few rows to decide anything.
    Insufficient {
        /// Why.
        reason: Box<str>,
        /// The groups that are too small; the only one where there is only one.
        groups: Vec<Key>,
    },
}

impl Measured {
    pub(super) fn without(value: Measure) -> Self {
        Self {
            value,
            interval: None,
            test: None,
            rates: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl Measure {
    /// The value, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Undefined { .. } | Self::Insufficient { .. } => None,
        }
    }

    /// Why there is no value.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Value(_) => None,
            Self::Undefined { reason } | Self::Insufficient { reason, .. } => Some(reason),
        }
    }

    pub(super) fn undefined(reason: impl Into<Box<str>>) -> Self {
        Self::Undefined {
            reason: reason.into(),
        }
    }
}

/// Measures a metric on decisions.
///
/// What stands in the way is looked for from the outside in, and the first thing found is the
/// answer: missing values that are refused, a group that is not there, fewer than two groups,
/// groups that are too small, rates over nobody, rates over too few, a ratio over 0.
pub fn measure(metric: Metric, counts: &Counts, settings: &Settings) -> Measured {
    let needs = match metric.basis() {
        Basis::Decisions => return of_counts(metric, counts, settings),
        Basis::Scores => "scores",
        Basis::Regression => "predicted numbers",
    };
    Measured::without(Measure::undefined(format!(
        "`{}` is computed from {needs}, and the evidence has decisions",
        metric.name()
    )))
}

/// The same for any metric that compares shares of rows.
pub(super) fn of_counts(metric: Metric, counts: &Counts, settings: &Settings) -> Measured {
    let mut groups: Vec<&Group> = counts.groups.iter().collect();
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    let rates = metric
        .rates()
        .iter()
        .filter_map(|&rate| chart(rate, &groups, settings))
        .collect();
    let found = admitted(metric, &groups, counts, settings).and_then(|(admitted, against)| {
        let tallies: Vec<Tally> = admitted.iter().map(|group| group.tally).collect();
        denominators(metric, &admitted, settings)?;
        let compared = compare(metric, settings.aggregation, against, &tallies)
            .map_err(|gap| without(gap, &admitted))?;
        let value = compared.value.value();
        Ok(Measured {
            value: Measure::Value(value),
            interval: interval(metric, settings, against, &tallies, &compared),
            test: test(&compared, &admitted, against),
            rates: Vec::new(),
            values: Vec::new(),
        })
    });
    let measured = found.unwrap_or_else(Measured::without);
    Measured { rates, ..measured }
}

/// The groups that are compared, and what with.
pub(super) fn admitted<'a>(
    metric: Metric,
    groups: &[&'a Group],
    counts: &Counts,
    settings: &Settings,
) -> Result<(Vec<&'a Group>, Against), Measure> {
    if groups.is_empty() {
        return Err(Measure::Insufficient {
            reason: "there is no group".into(),
            groups: Vec::new(),
        });
    }
    refuse_missing(groups, counts, settings)?;
    for key in &settings.excluded {
        known(groups, key, "excluded")?;
    }
    let admitted: Vec<&Group> = groups
        .iter()
        .filter(|group| !settings.excluded.contains(&group.key))
        .copied()
        .collect();
    let against = match &settings.reference {
        // With a group that the data choose, the sign would say nothing.
        Reference::Highest | Reference::Largest if metric.needs_reference() => {
            return Err(without(Gap::NoReference, &admitted));
        }
        Reference::Highest => Against::Extremes,
        Reference::Largest => Against::One(largest(&admitted)),
        Reference::Group(key) => {
            known(groups, key, "reference")?;
            let at = admitted.iter().position(|group| group.key == *key);
            Against::One(at.ok_or_else(|| {
                Measure::undefined(format!("the reference group `{}` is excluded", shown(key)))
            })?)
        }
    };
    if admitted.len() < 2 {
        let reason = match admitted.as_slice() {
            [only] => format!("`{}` is the only group", shown(&only.key)),
            _ => "every group is excluded".to_owned(),
        };
        return Err(Measure::Insufficient {
            reason: reason.into(),
            groups: admitted.iter().map(|group| group.key.clone()).collect(),
        });
    }
    let small: Vec<(&Key, u64)> = admitted
        .iter()
        .filter(|group| group.tally.n < settings.minimum_group)
        .map(|group| (&group.key, group.tally.n))
        .collect();
    too_few(&small, settings.minimum_group, "rows")?;
    Ok((admitted, against))
}

fn refuse_missing(groups: &[&Group], counts: &Counts, settings: &Settings) -> Result<(), Measure> {
    if settings.missing == MissingPolicy::Group {
        return Ok(());
    }
    for (at, attribute) in counts.attributes.iter().enumerate() {
        let missing = |group: &&&Group| matches!(group.key.get(at), Some(None) | None);
        let rows = groups
            .iter()
            .filter(missing)
            .fold(0_u64, |sum, group| sum.saturating_add(group.tally.n));
        if rows > 0 {
            return Err(Measure::undefined(format!(
                "{rows} rows have no value of `{attribute}`, and missing values are refused"
            )));
        }
    }
    Ok(())
}

fn known(groups: &[&Group], key: &Key, role: &str) -> Result<(), Measure> {
    if groups.iter().any(|group| group.key == *key) {
        return Ok(());
    }
    let name = shown(key);
    let names: Vec<String> = groups.iter().map(|group| shown(&group.key)).collect();
    let meant = did_you_mean(&name, names.iter().map(String::as_str));
    Err(Measure::undefined(format!(
        "the {role} group `{name}` does not occur{}",
        meant.trim_end_matches('?')
    )))
}

/// The place of the group with the most rows; of equals the first.
fn largest(groups: &[&Group]) -> usize {
    let mut best = (0, 0);
    for (at, group) in groups.iter().enumerate() {
        if group.tally.n > best.1 {
            best = (at, group.tally.n);
        }
    }
    best.0
}

/// Every rate is taken over somebody, and over enough.
fn denominators(metric: Metric, groups: &[&Group], settings: &Settings) -> Result<(), Measure> {
    let shares = |rate: Rate| {
        groups.iter().filter_map(move |group| {
            let share = rate.of(&group.tally)?;
            Some((&group.key, share.denominator))
        })
    };
    for &rate in metric.rates() {
        let empty: Vec<(&Key, u64)> = shares(rate).filter(|(_, n)| *n == 0).collect();
        if !empty.is_empty() {
            return Err(Measure::undefined(format!(
                "the {} is taken over no {} in {}",
                worded(rate),
                rate.taken_over(),
                listed(&empty, false),
            )));
        }
    }
    for &rate in metric.rates() {
        let small: Vec<(&Key, u64)> = shares(rate)
            .filter(|(_, n)| *n < settings.minimum_denominator)
            .collect();
        too_few(&small, settings.minimum_denominator, rate.taken_over())?;
    }
    Ok(())
}

pub(super) fn too_few(small: &[(&Key, u64)], minimum: u64, of: &str) -> Result<(), Measure> {
    if small.is_empty() {
        return Ok(());
    }
    let verb = if small.len() == 1 { "has" } else { "have" };
    let reason = if minimum == 1 {
        format!("{} {verb} no {of}", listed(small, false))
    } else {
        format!("{} {verb} fewer than {minimum} {of}", listed(small, true))
    };
    Err(Measure::Insufficient {
        reason: reason.into(),
        groups: small.iter().map(|(key, _)| (*key).clone()).collect(),
    })
}

/// The groups by name, the first few of many.
fn listed(groups: &[(&Key, u64)], with_rows: bool) -> String {
    const FEW: usize = 5;
    let mut text = String::new();
    for (at, (key, n)) in groups.iter().take(FEW).enumerate() {
        let join = match at {
            0 => "",
            _ if at + 1 == groups.len() => " and ",
            _ => ", ",
        };
        let _ = write!(text, "{join}`{}`", shown(key));
        if with_rows {
            let _ = write!(text, " ({n})");
        }
    }
    if let Some(more) = groups.len().checked_sub(FEW).filter(|more| *more > 0) {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// The rate as a sentence names it.
fn worded(rate: Rate) -> String {
    rate.name().replace('_', " ")
}

fn without(gap: Gap, groups: &[&Group]) -> Measure {
    let reason = match gap {
        Gap::NoLabels(rate) => format!(
            "the {} needs labels, and the evidence has none",
            worded(rate)
        ),
        Gap::Empty(rate, at) => format!(
            "the {} is taken over no {} in `{}`",
            worded(rate),
            rate.taken_over(),
            groups.get(at).map_or_else(String::new, |g| shown(&g.key)),
        ),
        Gap::OverZero(rate) => format!("it is a ratio over a {} of 0", worded(rate)),
        Gap::NoReference => {
            "it is signed, and needs the name of the group that others are compared with".to_owned()
        }
        Gap::OneGroup => "there is nothing to compare".to_owned(),
    };
    Measure::undefined(reason)
}

fn interval(
    metric: Metric,
    settings: &Settings,
    against: Against,
    tallies: &[Tally],
    compared: &Compared,
) -> Option<Interval> {
    let form = metric.form();
    let limits = match form {
        Form::Difference | Form::Ratio => (0.0, 1.0),
        Form::Impact if against == Against::Extremes => (0.0, 1.0),
        Form::Impact | Form::SignedRatio => (0.0, f64::MAX),
        Form::SignedDifference => (-1.0, 1.0),
    };
    // Of more than two groups the pair is chosen by how it fell, which no closed form knows.
    let signed = matches!(form, Form::SignedDifference | Form::SignedRatio);
    let pair = metric.rates().len() == 1 && (tallies.len() == 2 || signed);
    let (left, right) = (compared.left.share, compared.right.share);
    match form {
        _ if !pair => {
            let value = compared.value.value();
            bootstrap::interval(metric, settings, against, tallies, value, limits)
        }
        Form::Difference | Form::SignedDifference => newcombe(left, right, settings.level, limits),
        Form::Ratio | Form::Impact | Form::SignedRatio => katz(left, right, settings.level, limits),
    }
}

fn test(compared: &Compared, groups: &[&Group], against: Against) -> Option<Significance> {
    let (method, statistic, p_value) =
        significance::test(compared.left.share, compared.right.share)?;
    let keys = |side: Side| -> Vec<Key> {
        groups
            .iter()
            .enumerate()
            .filter(|(at, _)| match side.group {
                Some(group) => group == *at,
                None => against != Against::One(*at),
            })
            .map(|(_, group)| group.key.clone())
            .collect()
    };
    Some(Significance {
        method,
        statistic,
        p_value,
        rate: compared.rate,
        groups: [keys(compared.left), keys(compared.right)],
    })
}

/// The rate of every group; `None` where the evidence has no labels and the rate needs them.
fn chart(rate: Rate, groups: &[&Group], settings: &Settings) -> Option<RateChart> {
    let groups = groups
        .iter()
        .map(|group| {
            let share = rate.of(&group.tally)?;
            Some(GroupRate {
                group: group
                    .key
                    .iter()
                    .map(|value| value.as_deref().map(Box::from))
                    .collect(),
                n: group.tally.n,
                numerator: share.numerator,
                denominator: share.denominator,
                value: share.value(),
                interval: wilson(share, settings.level),
                sufficient: share.denominator >= settings.minimum_denominator.max(1)
                    && group.tally.n >= settings.minimum_group
                    && !settings.excluded.contains(&group.key),
            })
        })
        .collect::<Option<_>>()?;
    Some(RateChart {
        rate: rate.name(),
        groups,
    })
}

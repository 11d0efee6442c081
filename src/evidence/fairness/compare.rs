//! The rates of groups made into one number.

use std::cmp::Ordering;

use super::counts::Tally;
use super::exact::Exact;
use super::metric::{Form, Metric};
use super::rates::{Rate, Share};
use super::settings::Aggregation;

/// What the rates of groups are compared with, resolved to places in the list of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// Each other: the greatest with the least.
    Extremes,
    /// The group at this place.
    One(usize),
}

/// The number, and the comparison that set it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    pub(super) value: Exact,
    /// The rate; the one that lies further apart where there are two.
    pub(super) rate: Rate,
    /// The numerator of a quotient, or what the other is taken from.
    pub(super) left: Side,
    pub(super) right: Side,
}

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub(super) share: Share,
    /// The group; `None` for all groups but the reference.
    pub(super) group: Option<usize>,
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The evidence has no labels, and this rate needs them.
    NoLabels(Rate),
    /// The rate is taken over nobody in the group at this place.
    Empty(Rate, usize),
    /// A ratio over a rate of 0.
    OverZero(Rate),
    /// A signed metric without a named reference group.
    NoReference,
    /// Nothing to compare.
    OneGroup,
}

/// The metric over `tallies`, two groups or more.
pub(super) fn compare(
    metric: Metric,
    aggregation: Aggregation,
    against: Against,
    tallies: &[Tally],
) -> Result<Compared, Gap> {
    let form = metric.form();
    let mut all: Option<Compared> = None;
    for &rate in metric.rates() {
        let sides = sides(rate, tallies)?;
        let next = of_rate(form, rate, against, &sides)?;
        all = Some(match all {
            None => next,
            Some(before) => together(metric, aggregation, before, next),
        });
    }
    all.ok_or(Gap::OneGroup)
}

fn sides(rate: Rate, tallies: &[Tally]) -> Result<Vec<Side>, Gap> {
    tallies
        .iter()
        .enumerate()
        .map(|(at, tally)| {
            let share = rate.of(tally).ok_or(Gap::NoLabels(rate))?;
            if share.denominator == 0 {
                return Err(Gap::Empty(rate, at));
            }
            Ok(Side {
                share,
                group: Some(at),
            })
        })
        .collect()
}

fn of_rate(form: Form, rate: Rate, against: Against, sides: &[Side]) -> Result<Compared, Gap> {
    let made = |left: Side, right: Side| pair(form, rate, left, right);
    match (form, against) {
        (Form::SignedDifference | Form::SignedRatio, Against::Extremes) => Err(Gap::NoReference),
        (Form::SignedDifference | Form::SignedRatio, Against::One(at)) => {
            let (reference, others) = split(sides, at)?;
            made(pooled(&others), reference)
        }
        (_, Against::Extremes) => {
            let by_rate = |a: &&Side, b: &&Side| a.share.compare(b.share);
            let (least, greatest) = sides
                .iter()
                .min_by(by_rate)
                // Of equals the first is the least and the last the greatest.
                .zip(sides.iter().max_by(by_rate))
                .ok_or(Gap::OneGroup)?;
            if form == Form::Difference {
                made(*greatest, *least)
            } else {
                made(*least, *greatest)
            }
        }
        (_, Against::One(at)) => {
            let (reference, others) = split(sides, at)?;
            let mut worst: Option<Compared> = None;
            for other in others {
                let higher = other.share.compare(reference.share) == Ordering::Greater;
                let next = match form {
                    Form::Difference if higher => made(other, reference)?,
                    Form::Difference => made(reference, other)?,
                    Form::Ratio if higher => made(reference, other)?,
                    _ => made(other, reference)?,
                };
                worst = Some(match worst {
                    Some(before) if !worse(form, next.value, before.value) => before,
                    _ => next,
                });
            }
            worst.ok_or(Gap::OneGroup)
        }
    }
}

fn split(sides: &[Side], reference: usize) -> Result<(Side, Vec<Side>), Gap> {
    let named = sides.get(reference).copied().ok_or(Gap::NoReference)?;
    let others: Vec<Side> = sides
        .iter()
        .filter(|side| side.group != Some(reference))
        .copied()
        .collect();
    if others.is_empty() {
        return Err(Gap::OneGroup);
    }
    Ok((named, others))
}

fn pooled(sides: &[Side]) -> Side {
    let sum = |of: fn(&Share) -> u64| {
        sides
            .iter()
            .fold(0_u64, |sum, side| sum.saturating_add(of(&side.share)))
    };
    Side {
        share: Share {
            numerator: sum(|share| share.numerator),
            denominator: sum(|share| share.denominator),
        },
        group: None,
    }
}

fn pair(form: Form, rate: Rate, left: Side, right: Side) -> Result<Compared, Gap> {
    let (a, b) = (left.share.exact(), right.share.exact());
    let value = match form {
        Form::Difference | Form::SignedDifference => a - b,
        Form::Ratio | Form::Impact | Form::SignedRatio => {
            if right.share.is_none() {
                return Err(Gap::OverZero(rate));
            }
            a / b
        }
    };
    Ok(Compared {
        value,
        rate,
        left,
        right,
    })
}

/// Whether `a` lies further from equality than `b`.
fn worse(form: Form, a: Exact, b: Exact) -> bool {
    match form {
        Form::Difference | Form::SignedDifference => a.abs().compare(b.abs()) == Ordering::Greater,
        Form::Ratio | Form::Impact | Form::SignedRatio => a.compare(b) == Ordering::Less,
    }
}

fn together(metric: Metric, aggregation: Aggregation, a: Compared, b: Compared) -> Compared {
    let further = if worse(metric.form(), b.value, a.value) {
        b
    } else {
        a
    };
    if metric == Metric::AverageOddsDifference || aggregation == Aggregation::Mean {
        Compared {
            value: a.value.mean(b.value),
            ..further
        }
    } else {
        further
    }
}

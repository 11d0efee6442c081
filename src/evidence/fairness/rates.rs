//! Rates of one group: shares of its rows.

use std::cmp::Ordering;

use super::counts::Tally;
use super::exact::Exact;

/// A share of the rows of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rate {
    /// Share of all that got the favourable outcome.
    Selection,
    /// Share of those who deserved it that got it.
    TruePositive,
    /// Share of those who did not deserve it that got it.
    FalsePositive,
    /// Share of those who deserved it that did not get it.
    FalseNegative,
    /// Share of those who got it that deserved it.
    PositivePredictive,
    /// Share of all for whom the decision was right.
    Accuracy,
    /// Share of all whose score is above the whole sample's median.
    Scoring,
}

/// `numerator` of `denominator` rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The rows that count.
    pub numerator: u64,
    /// The rows that the rate is taken over.
    pub denominator: u64,
}

impl Rate {
    /// The rates of decisions. [`Rate::Scoring`] is a rate of scores.
    pub const ALL: [Self; 6] = [
        Self::Selection,
        Self::TruePositive,
        Self::FalsePositive,
        Self::FalseNegative,
        Self::PositivePredictive,
        Self::Accuracy,
    ];

    /// Its name, as Fairlearn has it where Fairlearn has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Selection => "selection_rate",
            Self::TruePositive => "true_positive_rate",
            Self::FalsePositive => "false_positive_rate",
            Self::FalseNegative => "false_negative_rate",
            Self::PositivePredictive => "positive_predictive_value",
            Self::Accuracy => "accuracy",
            Self::Scoring => "scoring_rate",
        }
    }

    /// Whether it needs to know what really happened.
    pub fn needs_labels(self) -> bool {
        !matches!(self, Self::Selection | Self::Scoring)
    }

    /// Who the rate is taken over, as a reason says it.
    pub fn taken_over(self) -> &'static str {
        match self {
            Self::Selection | Self::Accuracy | Self::Scoring => "rows",
            Self::TruePositive | Self::FalseNegative => "rows with a favourable label",
            Self::FalsePositive => "rows with an unfavourable label",
            Self::PositivePredictive => "rows with a favourable prediction",
        }
    }

    /// The rate of a group, as counts; `None` where it needs labels and there are none.
    pub fn of(self, tally: &Tally) -> Option<Share> {
        let share = |numerator: u64, others: u64| Share {
            numerator,
            denominator: numerator.saturating_add(others),
        };
        if let Self::Selection | Self::Scoring = self {
            return Some(Share {
                numerator: tally.selected,
                denominator: tally.n,
            });
        }
        let c = tally.confusion?;
        Some(match self {
            Self::TruePositive => share(c.tp, c.fn_),
            Self::FalsePositive => share(c.fp, c.tn),
            Self::FalseNegative => share(c.fn_, c.tp),
            Self::PositivePredictive => share(c.tp, c.fp),
            Self::Accuracy | Self::Selection | Self::Scoring => {
                share(c.tp.saturating_add(c.tn), c.fp.saturating_add(c.fn_))
            }
        })
    }
}

impl Share {
    /// The rate; `None` over nobody.
    pub fn value(self) -> Option<f64> {
        (self.denominator > 0).then(|| Exact::quotient(self.numerator, self.denominator).value())
    }

    /// Whether nobody of the rows counts.
    pub(super) fn is_none(self) -> bool {
        self.numerator == 0
    }

    /// By the rate, without rounding.
    pub(super) fn compare(self, other: Self) -> Ordering {
        let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
        wide(self.numerator, other.denominator).cmp(&wide(other.numerator, self.denominator))
    }

    pub(super) fn exact(self) -> Exact {
        Exact::quotient(self.numerator, self.denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fairness::Confusion;

    #[test]
    fn each_rate_has_its_own_denominator() {
        let tally = Tally {
            n: 100,
            selected: 45,
            confusion: Some(Confusion {
                tp: 40,
                fp: 5,
                tn: 35,
                fn_: 20,
            }),
        };
        let of = |rate: Rate| {
            let share = rate.of(&tally).unwrap();
            (share.numerator, share.denominator)
        };
        assert_eq!(of(Rate::Selection), (45, 100));
        assert_eq!(of(Rate::TruePositive), (40, 60));
        assert_eq!(of(Rate::FalsePositive), (5, 40));
        assert_eq!(of(Rate::FalseNegative), (20, 60));
        assert_eq!(of(Rate::PositivePredictive), (40, 45));
        assert_eq!(of(Rate::Accuracy), (75, 100));
    }

    #[test]
    fn without_labels_only_the_selection_rate_is_left() {
        let tally = Tally {
            n: 10,
            selected: 4,
            confusion: None,
        };
        for rate in Rate::ALL {
            assert_eq!(rate.of(&tally).is_some(), !rate.needs_labels());
        }
    }

    #[test]
    fn a_rate_over_nobody_is_no_rate() {
        let share = Rate::Selection.of(&Tally::default()).unwrap();
        assert_eq!(share.value(), None);
    }
}

//! The scores of groups, taken one by one in ascending order, so that memory follows the groups.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_traits::ToPrimitive;

use super::counts::{Columns, Counts, Group, Tally};
use super::settings::Key;

/// How many bins calibration looks at: tenths of a score from 0 to 1.
pub(super) const BINS: usize = 10;

/// Rows of one group with one score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreCell {
    /// The score; finite.
    pub score: f64,
    /// The place of the group in the list of groups.
    pub group: usize,
    /// How many of the rows deserved the favourable outcome.
    pub positives: u64,
    /// How many did not; without labels, all of them.
    pub negatives: u64,
}

/// Takes cells in ascending order of score; several of one group and score may come.
#[derive(Clone, Debug)]
pub struct Scores {
    groups: Vec<Growing>,
    labels: bool,
    rows: u64,
    seen: u64,
    last: f64,
    /// The middle score, or the lower of both, once it was seen.
    median: Option<f64>,
    outside: bool,
}

/// Why scores cannot be taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// Infinite, or not a number.
    #[error("a score is {0}, which is no finite number")]
    NotFinite(f64),
    /// Lower than the one before.
    #[error("scores are taken in ascending order, and {then} came after {before}")]
    Descending {
        /// The greater one.
        before: f64,
        /// What came after it.
        then: f64,
    },
    /// There is no such group.
    #[error("there is no group at {0}")]
    NoGroup(usize),
    /// Not as many rows as were announced.
    #[error("{announced} rows were announced, and {seen} came")]
    Rows {
        /// At the beginning.
        announced: u64,
        /// In all.
        seen: u64,
    },
}

/// What was counted of the scores of every group of an intersection of attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCounts {
    /// The attributes, as their columns are named.
    pub attributes: Vec<Arc<str>>,
    /// The groups, sorted by key.
    pub groups: Vec<ScoreGroup>,
    /// Whether a score lies outside of 0 to 1.
    pub outside: bool,
}

/// The scores of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreGroup {
    /// Its value of each attribute.
    pub key: Key,
    /// Rows.
    pub n: u64,
    /// Sum of the scores.
    pub sum: f64,
    /// Sum of their squares.
    pub sum_of_squares: f64,
    /// Rows with a score above the median of all groups together.
    pub above_median: u64,
    /// How scores and labels go together; `None` where the evidence has sums alone, or no labels.
    pub labelled: Option<Labelled>,
}

/// How the scores of one group order its labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelled {
    /// Rows that deserved the favourable outcome.
    pub positives: u64,
    /// Rows that did not.
    pub negatives: u64,
    /// Twice the number of pairs of one of each in which the positive has the higher score; a tie
    /// counts once.
    pub twice_ordered: u128,
    /// For the variance of the area: the sum over positives of the square of twice the negatives
    /// below them, and over negatives the sums of twice the positives below them and of its square.
    pub placements: [f64; 3],
    /// Ten bins of equal width from 0 to 1.
    pub bins: [Bin; BINS],
}

/// The rows of one group whose score lies in one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Rows.
    pub n: u64,
    /// Rows that deserved the favourable outcome.
    pub positives: u64,
    /// Sum of their scores.
    pub sum: f64,
}

#[derive(Clone, Debug, Default)]
struct Growing {
    n: u64,
    sum: Sum,
    squares: Sum,
    above: u64,
    labelled: Labelled,
    /// Positives and negatives with the score that was seen last.
    tied: [u64; 2],
    tied_at: f64,
}

/// A sum that keeps what rounding loses (Neumaier).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn add(&mut self, number: f64) {
        let next = self.sum + number;
        self.lost += if self.sum.abs() >= number.abs() {
            (self.sum - next) + number
        } else {
            (number - next) + self.sum
        };
        self.sum = next;
    }

    pub(super) fn value(self) -> f64 {
        self.sum + self.lost
    }
}

impl Scores {
    /// For so many groups, and so many rows in all: where the median lies has to be known before
    /// the scores come. Without `labels` there will be no areas and no calibration.
    pub fn new(groups: usize, rows: u64, labels: bool) -> Self {
        Self {
            groups: vec![Growing::default(); groups],
            labels,
            rows,
            seen: 0,
            last: f64::NEG_INFINITY,
            median: None,
            outside: false,
        }
    }

    /// Takes the next cell.
    pub fn push(&mut self, cell: ScoreCell) -> Result<(), ScoreError> {
        let ScoreCell {
            score,
            group,
            positives,
            negatives,
        } = cell;
        if !score.is_finite() {
            return Err(ScoreError::NotFinite(score));
        }
        if score < self.last {
            return Err(ScoreError::Descending {
                before: self.last,
                then: score,
            });
        }
        let place = self
            .groups
            .get_mut(group)
            .ok_or(ScoreError::NoGroup(group))?;
        let n = positives.saturating_add(negatives);
        // Between the two middle scores there is none, so the lower one decides as their mean
        // would.
        let above = self.median.is_some_and(|median| score > median);
        place.take(score, positives, negatives, above);
        self.outside |= !(0.0..=1.0).contains(&score);
        self.last = score;
        self.seen = self.seen.saturating_add(n);
        if self.median.is_none() && n > 0 && self.seen >= self.rows.div_ceil(2) {
            self.median = Some(score);
        }
        Ok(())
    }

    /// What was counted, for the groups of these keys in the order of their places. A group without
    /// rows is left out.
    pub fn finish(
        mut self,
        attributes: Vec<Arc<str>>,
        keys: Vec<Key>,
    ) -> Result<ScoreCounts, ScoreError> {
        if self.seen != self.rows {
            return Err(ScoreError::Rows {
                announced: self.rows,
                seen: self.seen,
            });
        }
        if keys.len() != self.groups.len() {
            return Err(ScoreError::NoGroup(keys.len().min(self.groups.len())));
        }
        let labels = self.labels;
        let mut groups: Vec<ScoreGroup> = keys
            .into_iter()
            .zip(&mut self.groups)
            .map(|(key, group)| {
                group.settle();
                ScoreGroup {
                    key,
                    n: group.n,
                    sum: group.sum.value(),
                    sum_of_squares: group.squares.value(),
                    above_median: group.above,
                    labelled: labels.then(|| group.labelled.clone()),
                }
            })
            .filter(|group| group.n > 0)
            .collect();
        groups.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(ScoreCounts {
            attributes,
            groups,
            outside: self.outside,
        })
    }
}

impl Growing {
    fn take(&mut self, score: f64, positives: u64, negatives: u64, above: bool) {
        let n = positives.saturating_add(negatives);
        let rows = n.to_f64().unwrap_or(f64::NAN);
        self.n = self.n.saturating_add(n);
        self.sum.add(score * rows);
        self.squares.add(score * score * rows);
        if above {
            self.above = self.above.saturating_add(n);
        }
        let bins = BINS.to_f64().unwrap_or(f64::NAN);
        let bin = (score * bins).floor().to_usize().unwrap_or(0);
        if let Some(bin) = self.labelled.bins.get_mut(bin.min(BINS - 1)) {
            bin.n = bin.n.saturating_add(n);
            bin.positives = bin.positives.saturating_add(positives);
            bin.sum += score * rows;
        }
        if score > self.tied_at || self.tied == [0, 0] {
            self.settle();
            self.tied_at = score;
        }
        let [tied_positives, tied_negatives] = &mut self.tied;
        *tied_positives = tied_positives.saturating_add(positives);
        *tied_negatives = tied_negatives.saturating_add(negatives);
    }

    /// Orders the rows of the last score above all that came before.
    fn settle(&mut self) {
        let [positives, negatives] = std::mem::take(&mut self.tied);
        let float = |n: u128| n.to_f64().unwrap_or(f64::NAN);
        let labelled = &mut self.labelled;
        let below = |sure: u64, tied: u64| 2 * u128::from(sure) + u128::from(tied);
        let beaten = below(labelled.negatives, negatives);
        let beating = below(labelled.positives, positives);
        labelled.twice_ordered = labelled
            .twice_ordered
            .saturating_add(u128::from(positives).saturating_mul(beaten));
        let [of_positives, of_negatives, of_negatives_squared] = &mut labelled.placements;
        *of_positives += float(positives.into()) * float(beaten) * float(beaten);
        *of_negatives += float(negatives.into()) * float(beating);
        *of_negatives_squared += float(negatives.into()) * float(beating) * float(beating);
        labelled.positives = labelled.positives.saturating_add(positives);
        labelled.negatives = labelled.negatives.saturating_add(negatives);
    }
}

impl ScoreGroup {
    /// The mean score; `None` without rows.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.sum / self.n.to_f64()?)
    }
}

impl Labelled {
    /// The area under the ROC curve: the share of pairs of a positive and a negative that the score
    /// orders rightly, a tie counting half. `None` where one of them does not occur.
    pub fn area(&self) -> Option<f64> {
        let pairs = 2 * u128::from(self.positives) * u128::from(self.negatives);
        (pairs > 0).then_some(self.twice_ordered.to_f64()? / pairs.to_f64()?)
    }

    /// The variance of the area, from where each row stands among those of the other label
    /// (`DeLong` and others, 1988); `None` with fewer than two of either.
    pub(super) fn variance(&self) -> Option<f64> {
        if self.positives < 2 || self.negatives < 2 {
            return None;
        }
        let area = self.area()?;
        let (p, n) = (self.positives.to_f64()?, self.negatives.to_f64()?);
        let [of_positives, of_negatives, squared] = self.placements;
        // Twice the negatives below a positive over 2n, and twice the positives above a negative
        // over 2p.
        let below = of_positives / (4.0 * n * n);
        let above = (4.0 * p * p * n - 4.0 * p * of_negatives + squared) / (4.0 * p * p);
        let spread = |squares: f64, of: f64| ((squares - of * area * area) / (of - 1.0)).max(0.0);
        Some(spread(below, p) / p + spread(above, n) / n)
    }

    /// The mean distance between score and what came true, over bins, weighted by their rows.
    pub fn expected_calibration_error(&self) -> Option<f64> {
        let rows = self.positives.saturating_add(self.negatives).to_f64()?;
        let mut sum = 0.0;
        for bin in &self.bins {
            sum += (bin.sum - bin.positives.to_f64()?).abs();
        }
        (rows > 0.0).then_some(sum / rows)
    }
}

impl ScoreCounts {
    /// The sums over some of the attributes. How scores order labels is no sum: it is left out of
    /// groups that were put together. `None` where an attribute was not counted.
    pub fn over<S: AsRef<str>>(&self, attributes: &[S]) -> Option<Self> {
        let columns = Columns::of(&self.attributes, attributes)?;
        let mut groups: BTreeMap<Key, ScoreGroup> = BTreeMap::new();
        for group in &self.groups {
            let key = columns.of_key(&group.key);
            if let Some(sum) = groups.get_mut(&key) {
                sum.n = sum.n.saturating_add(group.n);
                sum.sum += group.sum;
                sum.sum_of_squares += group.sum_of_squares;
                sum.above_median = sum.above_median.saturating_add(group.above_median);
                sum.labelled = None;
            } else {
                let first = ScoreGroup {
                    key: key.clone(),
                    ..group.clone()
                };
                groups.insert(key, first);
            }
        }
        Some(Self {
            attributes: columns.names,
            groups: groups.into_values().collect(),
            outside: self.outside,
        })
    }

    /// Scoring rates as counts: selected is who has a score above the median.
    pub fn scoring(&self) -> Counts {
        Counts {
            attributes: self.attributes.clone(),
            groups: self
                .groups
                .iter()
                .map(|group| Group {
                    key: group.key.clone(),
                    tally: Tally {
                        n: group.n,
                        selected: group.above_median,
                        confusion: None,
                    },
                })
                .collect(),
        }
    }

    /// The standard deviation of all scores together, over all rows; `None` where it is 0.
    pub(super) fn deviation(&self) -> Option<f64> {
        let (mut n, mut sum, mut squares) = (0.0, Sum::default(), Sum::default());
        for group in &self.groups {
            n += group.n.to_f64()?;
            sum.add(group.sum);
            squares.add(group.sum_of_squares);
        }
        let mean = sum.value() / n;
        let variance = squares.value() / n - mean * mean;
        // What is left of the squares after the subtraction carries their rounding.
        (variance > 1e-13 * mean * mean).then(|| variance.sqrt())
    }
}

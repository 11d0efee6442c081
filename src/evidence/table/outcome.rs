//! What comes of counting a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::error::Cause;
use super::plan::{Plan, SEPARATOR};
use super::scores::{self, Ascending, Groups, Passes, Seen};
use super::shard::{Shard, Sums};
use crate::evidence::fairness::{
    Confusion, Counts, Group, Key, MomentGroup, Moments, RegressionCounts, ScoreCell, ScoreCounts,
    ScoreError, Scores, Tally,
};

/// A table, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Rows that were counted; of counts evidence, the rows that its counts add up to.
    pub rows: u64,
    /// Records that the file has: the rows, or the groups of counts evidence.
    pub records: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// The digest of those bytes, in lower-case hexadecimal.
    pub sha256: Box<str>,
    /// What kind of table it is.
    pub form: TableForm,
    /// The groups. Without a prediction column [`Tally::selected`] is 0 and means nothing: see
    /// [`Counted::decided`].
    pub counts: Counts,
    /// Whether predictions were counted.
    pub decided: bool,
    /// Rows in which the value of an attribute is missing.
    pub missing: u64,
    /// Values of attributes that were taken as they are written and may have been meant as missing.
    pub look_alikes: Vec<LookAlike>,
    /// The scores over each set of [`super::Request::score_over`], in that order; empty where no score column
    /// was asked for, or counts evidence has no sums of them.
    pub scores: Vec<ScoreCounts>,
    /// Sums over predicted quantities, where they were asked for.
    pub moments: Option<RegressionCounts>,
    /// Columns that may have no place in evidence, in the order of the header.
    pub personal: Vec<PersonalColumn>,
}

/// What a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// A row for each prediction.
    Rows,
    /// A row for each group.
    Counts,
}

/// A value such as `NA`. Only an empty cell, or a null, is a missing value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// The attribute.
    pub column: Arc<str>,
    /// The value.
    pub value: Arc<str>,
    /// How many rows have it.
    pub rows: u64,
}

/// A column that looks as if it had personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalColumn {
    /// Its name.
    pub column: String,
    /// What it seems to hold: `names`, `birth dates`, `e-mail addresses`, `phone numbers`,
    /// `ids`, or `names or ids` where only the shape of the values tells.
    pub looks_like: &'static str,
    /// By what it was told.
    pub by: Sign,
}

/// By what a column was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Its name.
    Header,
    /// The shape of its values.
    Values,
}

/// Groups by the values of the attributes.
type Keyed = BTreeMap<Key, Sums>;

/// All groups, and what is needed to find them again in later passes.
pub(super) struct Merged {
    pub(super) groups: Keyed,
    /// The index of each key in `groups`.
    pub(super) index: Groups,
    /// What each thread saw of the scores, and the index of each of its groups.
    pub(super) seen: Vec<(Seen, Vec<u32>)>,
}

/// The groups of all threads.
pub(super) fn merge(plan: &Plan, shards: Vec<Shard<'_>>) -> Result<Merged, Cause> {
    let overflow = shards.iter().any(|shard| shard.overflow);
    let mut groups = Keyed::new();
    let mut seen = Vec::new();
    for shard in shards {
        let (found, scores) = shard.into_groups();
        let mut keys = Vec::with_capacity(found.len());
        for (key, sums) in found {
            groups
                .entry(values(&key, plan.by.len()))
                .or_default()
                .plus(&sums);
            keys.push(key);
        }
        seen.extend(scores.map(|scores| (scores, keys)));
    }
    if overflow || groups.len() > plan.limits.groups {
        return Err(Cause::TooManyGroups {
            column: fullest(plan, &groups),
            limit: plan.limits.groups,
        });
    }
    let mut index = Groups::default();
    for (at, key) in (0..).zip(groups.keys()) {
        index.insert(bytes_of(key), at);
    }
    let seen = seen.into_iter().map(|(scores, keys)| {
        let names = keys.iter().filter_map(|key| index.get(key).copied());
        (scores, names.collect())
    });
    Ok(Merged {
        seen: seen.collect(),
        groups,
        index,
    })
}

/// The key of which [`values`] makes these values.
fn bytes_of(values: &[Option<Arc<str>>]) -> Box<[u8]> {
    let mut key = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            key.push(SEPARATOR);
        }
        key.extend_from_slice(value.as_deref().unwrap_or_default().as_bytes());
    }
    key.into()
}

/// The attribute with the most values.
fn fullest(plan: &Plan, groups: &Keyed) -> String {
    let values = |at: usize| {
        let values: FxHashSet<_> = groups.keys().filter_map(|key| key.get(at)).collect();
        values.len()
    };
    let most = plan.by.iter().enumerate().rev();
    most.max_by_key(|(at, _)| values(*at))
        .map(|(_, &column)| plan.name(column))
        .unwrap_or_default()
}

/// The values that a key is made of.
fn values(key: &[u8], count: usize) -> Vec<Option<Arc<str>>> {
    let parts = key.split(|byte| *byte == SEPARATOR).take(count);
    parts
        .map(|part| match std::str::from_utf8(part) {
            Ok(text) if !text.is_empty() => Some(Arc::from(text)),
            _ => None,
        })
        .collect()
}

/// What texts other programs write for what is missing, in lower case.
const LOOK_ALIKES: [&str; 12] = [
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "<na>", "-", "?", "\\n", "missing",
];

/// The groups of a table of rows.
pub(super) fn counts(plan: &Plan, groups: &Keyed) -> Counts {
    let confused = plan.label.is_some() && plan.prediction.is_some() && !plan.quantities;
    let decided = plan.prediction.is_some() && !plan.quantities;
    let tally = |[tn, fp, fn_, tp]: [u64; 4]| Tally {
        n: tp + fp + tn + fn_,
        selected: if decided { tp + fp } else { 0 },
        confusion: confused.then_some(Confusion { tp, fp, tn, fn_ }),
    };
    Counts {
        attributes: plan.attributes(),
        groups: groups
            .iter()
            .map(|(key, sums)| Group {
                key: key.clone(),
                tally: tally(sums.cells),
            })
            .collect(),
    }
}

/// Counts rows of which the groups are known: their scores, where they are asked for, take further
/// passes.
pub(super) fn rows(
    plan: &Plan,
    merged: Merged,
    table: &mut impl Passes,
    counted: impl FnOnce(Counts) -> Counted,
) -> Result<Counted, Cause> {
    let counts = counts(plan, &merged.groups);
    let moments = plan.quantities.then(|| moments(plan, &merged.groups));
    let mut scores = Vec::new();
    if plan.score.is_some() {
        let rows = counts.groups.iter().map(|group| group.tally.n).sum();
        let mut sets: Vec<ScoreSet> = plan
            .score_over
            .iter()
            .map(|set| ScoreSet::new(plan, &counts, set, rows))
            .collect();
        let mut fault = None;
        let mut sink = |cell: ScoreCell| {
            for set in &mut sets {
                if let Err(error) = set.push(cell) {
                    fault.get_or_insert(error);
                }
            }
        };
        let mut ascending = Ascending::new(&mut sink);
        scores::ascend(plan, &merged.index, merged.seen, table, &mut ascending)?;
        ascending.finish();
        let finished: Result<Vec<ScoreCounts>, ScoreError> = match fault {
            Some(error) => Err(error),
            None => sets.into_iter().map(ScoreSet::finish).collect(),
        };
        // Every score was found finite, and every pass gave the same rows.
        scores = finished.map_err(|error| Cause::Unreadable(error.to_string()))?;
    }
    Ok(Counted {
        decided: plan.prediction.is_some() && !plan.quantities,
        scores,
        moments,
        ..counted(counts)
    })
}

/// The scores over one set of attributes.
struct ScoreSet {
    scores: Scores,
    attributes: Vec<Arc<str>>,
    keys: Vec<Key>,
    /// Which of them each of the finest groups belongs to.
    group: Vec<usize>,
}

impl ScoreSet {
    fn new(plan: &Plan, counts: &Counts, set: &[usize], rows: u64) -> Self {
        let part = |key: &Key| -> Key {
            let values = set.iter().map(|&at| key.get(at).cloned().flatten());
            values.collect()
        };
        let mut places: BTreeMap<Key, usize> = counts
            .groups
            .iter()
            .map(|group| (part(&group.key), 0))
            .collect();
        for (at, place) in places.values_mut().enumerate() {
            *place = at;
        }
        let group = counts
            .groups
            .iter()
            .filter_map(|group| places.get(&part(&group.key)).copied());
        Self {
            scores: Scores::new(places.len(), rows, plan.label.is_some()),
            attributes: set
                .iter()
                .filter_map(|&at| counts.attributes.get(at).cloned())
                .collect(),
            group: group.collect(),
            keys: places.into_keys().collect(),
        }
    }

    fn push(&mut self, cell: ScoreCell) -> Result<(), ScoreError> {
        let group = self.group.get(cell.group).copied();
        self.scores.push(ScoreCell {
            group: group.ok_or(ScoreError::NoGroup(cell.group))?,
            ..cell
        })
    }

    fn finish(self) -> Result<ScoreCounts, ScoreError> {
        self.scores.finish(self.attributes, self.keys)
    }
}

/// The sums of predicted quantities.
fn moments(plan: &Plan, groups: &Keyed) -> RegressionCounts {
    let group = |(key, sums): (&Key, &Sums)| MomentGroup {
        key: key.clone(),
        moments: Moments {
            n: sums.cells[0],
            sum: sums.prediction.value(),
            sum_of_squares: sums.prediction_sq.value(),
            sum_label: sums.label.value(),
            absolute_error: sums.error.value(),
            squared_error: sums.error_sq.value(),
        },
    };
    RegressionCounts {
        attributes: plan.attributes(),
        groups: groups.iter().map(group).collect(),
    }
}

/// Counts of rows, with what can be told from them alone.
pub(super) fn counted(counts: Counts, rows: u64, bytes: u64, sha256: Box<str>) -> Counted {
    Counted {
        rows,
        records: rows,
        bytes,
        sha256,
        form: TableForm::Rows,
        decided: false,
        missing: missing(&counts),
        look_alikes: look_alikes(&counts),
        personal: Vec::new(),
        scores: Vec::new(),
        moments: None,
        counts,
    }
}

fn missing(counts: &Counts) -> u64 {
    let groups = counts.groups.iter();
    groups
        .filter(|group| group.key.iter().any(Option::is_none))
        .map(|group| group.tally.n)
        .sum()
}

fn look_alikes(counts: &Counts) -> Vec<LookAlike> {
    let mut rows: BTreeMap<(usize, Arc<str>), u64> = BTreeMap::new();
    for group in &counts.groups {
        for (at, value) in group.key.iter().enumerate() {
            let Some(value) = value else { continue };
            let trimmed = value.trim().to_lowercase();
            if trimmed.is_empty() || LOOK_ALIKES.contains(&trimmed.as_str()) {
                *rows.entry((at, value.clone())).or_default() += group.tally.n;
            }
        }
    }
    rows.into_iter()
        .filter_map(|((at, value), rows)| {
            Some(LookAlike {
                column: counts.attributes.get(at)?.clone(),
                value,
                rows,
            })
        })
        .collect()
}

//! What comes of counting a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::error::Cause;
use super::plan::Plan;
use super::shard::{SEPARATOR, Shard};
use crate::evidence::fairness::{Confusion, Counts, Group, Tally};

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
    /// What it seems to hold: `names`, `birth dates`, `e-mail addresses`, `phone numbers` or `ids`.
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

/// Rows by label and prediction, `label * 2 + prediction`, of each key.
pub(super) type Keyed = BTreeMap<Vec<Option<Arc<str>>>, [u64; 4]>;

/// The groups of all threads.
pub(super) fn merge(plan: &Plan, shards: &[Shard<'_>]) -> Result<Keyed, Cause> {
    let mut all = Keyed::new();
    for (key, cells) in shards.iter().flat_map(Shard::groups) {
        let sums = all.entry(values(key, plan.by.len())).or_default();
        for (sum, cell) in sums.iter_mut().zip(cells) {
            *sum += cell;
        }
    }
    if all.len() > plan.limits.groups || shards.iter().any(|shard| shard.overflow) {
        return Err(Cause::TooManyGroups {
            column: fullest(plan, &all),
            limit: plan.limits.groups,
        });
    }
    Ok(all)
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

pub(super) fn counted(
    plan: &Plan,
    groups: Keyed,
    rows: u64,
    bytes: u64,
    sha256: Box<str>,
) -> Counted {
    let attributes: Vec<Arc<str>> = plan
        .by
        .iter()
        .map(|&column| plan.name(column).into())
        .collect();
    let confused = plan.label.is_some() && plan.prediction.is_some() && !plan.quantities;
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|(key, [tn, fp, fn_, tp])| Group {
            key,
            tally: Tally {
                n: tp + fp + tn + fn_,
                selected: if plan.prediction.is_some() {
                    tp + fp
                } else {
                    0
                },
                confusion: confused.then_some(Confusion { tp, fp, tn, fn_ }),
            },
        })
        .collect();
    let counts = Counts { attributes, groups };
    Counted {
        rows,
        records: rows,
        bytes,
        sha256,
        form: TableForm::Rows,
        decided: plan.prediction.is_some(),
        missing: missing(&counts),
        look_alikes: look_alikes(&counts),
        personal: Vec::new(),
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

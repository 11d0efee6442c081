//! Counts evidence: a record for each group, as a warehouse gives it, instead of one for each row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use csv::ByteRecord;

use super::csv::Consumer;
use super::decision::number;
use super::error::{Cause, Place};
use super::outcome::{Counted, TableForm, counted};
use super::part::{Offence, Part};
use super::plan::{CountPlan, Plan};
use super::shard::text;
use crate::evidence::fairness::{Confusion, Counts, Group, Key, ScoreCounts, ScoreGroup, Tally};

/// The scores of a group, summed up.
#[derive(Clone, Copy, Debug)]
struct ScoreSums {
    sum: f64,
    squares: f64,
    above_median: u64,
}

/// The counts of a table.
pub(super) struct CountShard<'p> {
    plan: &'p Plan,
    columns: &'p CountPlan,
    groups: BTreeMap<Key, (Tally, Option<ScoreSums>)>,
    /// What tells each record from the others: everything in it that is not a count.
    records: BTreeSet<Vec<u8>>,
    rows: u64,
    part: Part,
    overflow: bool,
}

impl<'p> CountShard<'p> {
    pub(super) fn new(plan: &'p Plan, columns: &'p CountPlan) -> Self {
        Self {
            plan,
            columns,
            groups: BTreeMap::new(),
            records: BTreeSet::new(),
            rows: 0,
            part: Part::default(),
            overflow: false,
        }
    }

    /// What was counted, in so many records.
    pub(super) fn into_counted(self, records: u64, bytes: u64, sha256: Box<str>) -> Counted {
        let scores = if self.columns.sums.is_some() {
            let sets = self.plan.score_over.iter();
            sets.map(|set| self.scores(set)).collect()
        } else {
            Vec::new()
        };
        let counts = Counts {
            attributes: self.plan.attributes(),
            groups: self
                .groups
                .into_iter()
                .map(|(key, (tally, _))| Group { key, tally })
                .collect(),
        };
        Counted {
            form: TableForm::Counts,
            records,
            decided: true,
            scores,
            ..counted(counts, self.rows, bytes, sha256)
        }
    }

    /// The sums of scores over some of the attributes.
    fn scores(&self, set: &[usize]) -> ScoreCounts {
        let attributes = self.plan.attributes();
        let mut groups: BTreeMap<Key, ScoreGroup> = BTreeMap::new();
        for (key, (tally, sums)) in &self.groups {
            let Some(sums) = sums else { continue };
            let part = set.iter().map(|&at| key.get(at).cloned().flatten());
            let key: Key = part.collect();
            let group = groups.entry(key.clone()).or_insert(ScoreGroup {
                key,
                n: 0,
                sum: 0.0,
                sum_of_squares: 0.0,
                above_median: 0,
                labelled: None,
            });
            group.n += tally.n;
            group.sum += sums.sum;
            group.sum_of_squares += sums.squares;
            group.above_median += sums.above_median;
        }
        ScoreCounts {
            attributes: set
                .iter()
                .filter_map(|&at| attributes.get(at).cloned())
                .collect(),
            groups: groups.into_values().collect(),
            outside: false,
        }
    }

    pub(super) fn overflow(&self) -> Result<(), Cause> {
        if self.overflow {
            let first = self.plan.by.first().copied().unwrap_or_default();
            return Err(Cause::TooManyGroups {
                column: self.plan.name(first),
                limit: self.plan.limits.groups,
            });
        }
        Ok(())
    }

    /// The value of each attribute.
    fn key(&mut self, record: &ByteRecord, place: Place) -> Option<Key> {
        let mut key = Key::with_capacity(self.plan.by.len());
        let mut sound = true;
        for &column in &self.plan.by {
            let cell = record.get(column).unwrap_or_default();
            let offence = if cell.len() > self.plan.limits.field {
                Offence::TooLong
            } else if let Some(text) = text(cell) {
                key.push((!text.is_empty()).then(|| Arc::from(text)));
                continue;
            } else {
                Offence::NotText
            };
            self.part.offend(offence, column, place);
            sound = false;
        }
        sound.then_some(key)
    }

    fn add(&mut self, record: &ByteRecord, place: Place) -> Result<(), String> {
        let cell = |column: usize| text(record.get(column).unwrap_or_default()).unwrap_or("\0");
        let columns = self.columns;
        let plan = self.plan;
        let count = |column: usize| {
            whole(cell(column)).map_err(|what| format!("`{}` {what}", plan.name(column)))
        };
        let n = count(columns.n)?;
        let stated = columns.selected.map(count).transpose()?;
        let confusion = match columns.confusion {
            Some([tp, fp, tn, fn_]) => Some(Confusion {
                tp: count(tp)?,
                fp: count(fp)?,
                tn: count(tn)?,
                fn_: count(fn_)?,
            }),
            None => None,
        };
        let sums = match columns.sums {
            Some([sum, squares, above]) => {
                let quantity = |column: usize| {
                    number(cell(column))
                        .ok_or_else(|| format!("`{}` is not a finite number", plan.name(column)))
                };
                Some(ScoreSums {
                    sum: quantity(sum)?,
                    squares: quantity(squares)?,
                    above_median: count(above)?,
                })
            }
            None => None,
        };
        if let Some(column) = columns.other {
            none_other(count(column)?, plan.name(column).as_str())?;
        }
        let tally = agreed(n, stated, confusion, columns)?;
        if let Some(sums) = sums {
            possible(n, sums, columns)?;
        }
        let Some(key) = self.key(record, place) else {
            return Ok(());
        };
        if self.records.len() >= self.plan.limits.groups {
            self.overflow = true;
            return Ok(());
        }
        self.rows = self
            .rows
            .checked_add(n)
            .ok_or("the counts add up to more than can be counted")?;
        if !self.records.insert(self.columns.told_by(record)) {
            return Err("the same group stands in an earlier record".to_owned());
        }
        // Records that only attributes tell apart which nobody asks for are one group.
        self.groups
            .entry(key)
            .and_modify(|(sum, scores)| {
                *sum = sum.plus(tally);
                *scores = scores.zip(sums).map(|(a, b)| a.plus(b));
            })
            .or_insert((tally, sums));
        Ok(())
    }
}

impl ScoreSums {
    fn plus(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            above_median: self.above_median.saturating_add(other.above_median),
        }
    }
}

impl CountPlan {
    /// The cells of a record that are no counts, each behind its length, so that they do not run
    /// together.
    fn told_by(&self, record: &ByteRecord) -> Vec<u8> {
        let counts = self
            .confusion
            .iter()
            .flatten()
            .chain(self.sums.iter().flatten())
            .chain([&self.n])
            .chain(&self.selected)
            .chain(&self.other);
        let counts: Vec<&usize> = counts.collect();
        let mut text = Vec::new();
        for (at, cell) in record.iter().enumerate() {
            if !counts.contains(&&at) {
                text.extend_from_slice(&cell.len().to_be_bytes());
                text.extend_from_slice(cell);
            }
        }
        text
    }
}

impl Consumer for CountShard<'_> {
    type Part = Part;

    fn record(&mut self, record: &ByteRecord, place: Place) {
        if record.len() != self.plan.header.len() {
            self.part.ragged(record.len(), place);
        } else if let Err(what) = self.add(record, place)
            && self.part.counts.is_none()
        {
            self.part.counts = Some((place, what));
        }
    }

    fn finish(&mut self, rows: u64, lines: u64) -> Part {
        self.part.rows = rows;
        self.part.lines = lines;
        std::mem::take(&mut self.part)
    }

    fn stopped(&self) -> bool {
        self.overflow
    }
}

/// A whole number of rows. `12.0` is 12: some programs write every number of a column with gaps so.
fn whole(cell: &str) -> Result<u64, &'static str> {
    if let Ok(count) = cell.parse::<u64>() {
        return Ok(count);
    }
    if cell.is_empty() {
        return Err("is empty");
    }
    let Some(value) = number(cell) else {
        return Err("is not a number");
    };
    if value < 0.0 {
        return Err("is negative");
    }
    let digits = format!("{value:.0}");
    match digits.parse() {
        Ok(count) if value.fract() == 0.0 && value < 9e15 => Ok(count),
        Ok(_) if value.fract() != 0.0 => Err("is a fraction"),
        _ => Err("is too large to be a count"),
    }
}

/// Whether every row could be counted where the rows are.
fn none_other(rows: u64, column: &str) -> Result<(), String> {
    match rows {
        0 => Ok(()),
        rows => Err(format!(
            "`{column}` is {rows}: so many rows have another label or prediction than the two, or a \
             score that is no number"
        )),
    }
}

/// What the counts of a record say together.
fn agreed(
    n: u64,
    stated: Option<u64>,
    confusion: Option<Confusion>,
    columns: &CountPlan,
) -> Result<Tally, String> {
    let names = &columns.names;
    if n == 0 {
        return Err(format!(
            "`{}` is 0; a group without rows has no record",
            names.n
        ));
    }
    let mut selected = stated.unwrap_or_default();
    if let Some(Confusion { tp, fp, tn, fn_ }) = confusion {
        let all = [tp, fp, tn, fn_]
            .into_iter()
            .try_fold(0_u64, u64::checked_add);
        if all != Some(n) {
            return Err(format!(
                "`{}` is {n}, which is not the sum of `{}`, `{}`, `{}` and `{}`",
                names.n, names.tp, names.fp, names.tn, names.fn_
            ));
        }
        if stated.is_some_and(|stated| stated != tp + fp) {
            return Err(format!(
                "`{}` is {selected}, which is not the sum of `{}` and `{}`",
                names.selected, names.tp, names.fp
            ));
        }
        selected = tp + fp;
    }
    if selected > n {
        return Err(format!(
            "`{}` is {selected}, more than the {n} of `{}`",
            names.selected, names.n
        ));
    }
    Ok(Tally {
        n,
        selected,
        confusion,
    })
}

/// Whether some `n` scores can have these sums.
fn possible(n: u64, sums: ScoreSums, columns: &CountPlan) -> Result<(), String> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "held against sums that are rounded themselves"
    )]
    let least = sums.sum * sums.sum / n as f64;
    if sums.squares < least * (1.0 - 1e-9) {
        return Err(format!(
            "`{}` is less than the squares of any {n} scores with that `{}` add up to",
            columns.names.score_sum_sq, columns.names.score_sum
        ));
    }
    if sums.above_median > n {
        return Err(format!(
            "`{}` is more than the {n} of `{}`",
            columns.names.above_median, columns.names.n
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn counts_are_whole_numbers() {
        for (cell, wanted) in [
            ("12", Ok(12)),
            ("12.0", Ok(12)),
            ("1.2e3", Ok(1200)),
            ("18446744073709551615", Ok(u64::MAX)),
            ("", Err("is empty")),
            ("-3", Err("is negative")),
            ("0.5", Err("is a fraction")),
            ("many", Err("is not a number")),
            ("nan", Err("is not a number")),
            ("18446744073709551616", Err("is too large to be a count")),
        ] {
            assert_eq!(whole(cell), wanted, "{cell}");
        }
    }
}

//! Every score of a table in ascending order, in memory that does not grow with the rows.
//!
//! While few scores differ (a scorecard, a rounded probability) the first pass holds them all, each
//! with its rows by group and label. Where many do, it only counts how many rows lie in each of some
//! 260,000 ranges of the score, and further passes take as many neighbouring ranges at a time as fit.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use csv::ByteRecord;
use rustc_hash::FxHashMap;

use super::csv::Consumer;
use super::error::{Cause, Place};
use super::plan::Plan;
use super::shard::text;
use crate::evidence::fairness::ScoreCell;

/// The ranges of a histogram: 2 to the power of this.
const BITS: u32 = 18;

/// Entries that are sorted together, 1 MB.
const BLOCK: usize = 1 << 16;

/// A number that orders like the score that it stands for.
pub(super) fn key_of(score: f64) -> u64 {
    // -0 and 0 are one score.
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn score_of(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 {
        key & !(1 << 63)
    } else {
        !key
    })
}

/// How many rows lie in each of the ranges that a stretch of keys is divided into.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    low: u64,
    shift: u32,
    rows: Vec<u32>,
}

impl Histogram {
    /// Of keys from `low` to `high`, both included.
    pub(super) fn new(low: u64, high: u64) -> Self {
        let width = 64 - (high - low).leading_zeros();
        let shift = width.saturating_sub(BITS);
        let ranges = usize::try_from((high - low) >> shift).unwrap_or(0) + 1;
        Self {
            low,
            shift,
            rows: vec![0; ranges],
        }
    }

    pub(super) fn whole() -> Self {
        Self::new(0, u64::MAX)
    }

    /// A key outside is not counted.
    pub(super) fn add(&mut self, key: u64) {
        let at = key
            .checked_sub(self.low)
            .and_then(|above| usize::try_from(above >> self.shift).ok());
        if let Some(rows) = at.and_then(|at| self.rows.get_mut(at)) {
            *rows = rows.saturating_add(1);
        }
    }

    fn plus(&mut self, other: &Self) {
        for (rows, more) in self.rows.iter_mut().zip(&other.rows) {
            *rows = rows.saturating_add(*more);
        }
    }

    /// Neighbouring ranges of at most `most` rows together, in ascending order; a single range may
    /// have more.
    fn stretches(&self, most: usize) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = Vec::new();
        for (number, &rows) in (0_u64..).zip(&self.rows) {
            let low = self.low + (number << self.shift);
            let high = low + ((1_u64 << self.shift) - 1);
            if rows == 0 {
                continue;
            }
            let rows = rows as usize;
            match all.last_mut() {
                Some(last) if last.rows + rows <= most => {
                    last.high = high;
                    last.rows += rows;
                }
                _ => all.push(Stretch { low, high, rows }),
            }
        }
        all
    }
}

/// Keys from `low` to `high`, both included, and how many rows have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    low: u64,
    high: u64,
    rows: usize,
}

/// The scores that one thread saw in the first pass.
#[derive(Debug)]
pub(super) struct Seen {
    /// By score and group of the thread: rows with the unfavourable and the favourable label.
    /// `None` once there were too many.
    cells: Option<FxHashMap<(u64, u32), [u64; 2]>>,
    most: usize,
    histogram: Histogram,
}

impl Seen {
    /// Holds at most so many cells.
    pub(super) fn new(most: usize) -> Self {
        Self {
            cells: Some(FxHashMap::default()),
            most,
            histogram: Histogram::whole(),
        }
    }

    pub(super) fn add(&mut self, score: f64, group: u32, favourable: bool) {
        let key = key_of(score);
        self.histogram.add(key);
        let Some(cells) = &mut self.cells else { return };
        let cell = cells.entry((key, group)).or_default();
        let [negatives, positives] = cell;
        *(if favourable { positives } else { negatives }) += 1;
        if cells.len() > self.most {
            self.cells = None;
        }
    }

    /// The rows of each score and group of the thread.
    #[cfg(test)]
    pub(super) fn cells(&self) -> Vec<(u64, u32, [u64; 2])> {
        let cells = self.cells.iter().flatten();
        cells
            .map(|(&(score, group), &rows)| (score, group, rows))
            .collect()
    }
}

/// One row of a later pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u64,
    /// Twice the group, and one more where the label is favourable.
    who: u32,
}

impl Entry {
    fn cell(self) -> Cell {
        let positives = u64::from(self.who & 1);
        Cell {
            key: self.key,
            group: self.who >> 1,
            negatives: 1 - positives,
            positives,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    key: u64,
    group: u32,
    negatives: u64,
    positives: u64,
}

/// Groups by the key under which rows name them.
pub(super) type Groups = FxHashMap<Box<[u8]>, u32>;

/// Takes the rows of a stretch of scores.
struct Taker<'p> {
    plan: &'p Plan,
    groups: &'p Groups,
    stretch: Stretch,
    want: Want,
    key: Vec<u8>,
}

enum Want {
    /// The rows, in sorted blocks.
    Rows(Vec<Vec<Entry>>),
    /// How many they are in each part of the stretch.
    Histogram(Histogram),
    /// Rows by group and label: the stretch is a single score.
    Sums(Vec<[u64; 2]>),
}

impl Taker<'_> {
    fn who(&mut self, record: &ByteRecord) -> Option<(u32, bool)> {
        self.plan.key(record, &mut self.key)?;
        let group = *self.groups.get(self.key.as_slice())?;
        let favourable = self
            .plan
            .label
            .and_then(|label| text(record.get(label)?))
            .is_some_and(|label| self.plan.is_favourable(label));
        Some((group, favourable))
    }
}

impl Consumer for Taker<'_> {
    type Part = ();

    fn number(&self, column: usize) -> bool {
        self.plan.is_number(column)
    }

    fn record(&mut self, record: &ByteRecord, _: Place) {
        // The first pass has judged every cell; one that cannot be read now has changed since, and
        // the digest will tell.
        let Some(score) = self.plan.score(record) else {
            return;
        };
        let key = key_of(score);
        if key < self.stretch.low || key > self.stretch.high {
            return;
        }
        if let Want::Histogram(histogram) = &mut self.want {
            return histogram.add(key);
        }
        let Some((group, favourable)) = self.who(record) else {
            return;
        };
        match &mut self.want {
            Want::Histogram(_) => {}
            Want::Sums(sums) => {
                if let Some([negatives, positives]) = sums.get_mut(group as usize) {
                    *(if favourable { positives } else { negatives }) += 1;
                }
            }
            Want::Rows(blocks) => {
                if blocks.last().is_none_or(|block| block.len() == BLOCK) {
                    if let Some(full) = blocks.last_mut() {
                        full.sort_unstable();
                    }
                    blocks.push(Vec::with_capacity(BLOCK));
                }
                if let Some(block) = blocks.last_mut() {
                    block.push(Entry {
                        key,
                        who: group << 1 | u32::from(favourable),
                    });
                }
            }
        }
    }

    fn finish(&mut self, _: u64, _: u64) {}
}

/// A pass over all rows with one consumer for each thread.
pub(super) trait Passes {
    fn pass<C: Consumer<Part = ()>>(&mut self, consumers: &mut [C]) -> Result<(), Cause>;
}

/// Where cells go, the rows of one score and group put together.
pub(super) struct Ascending<'s> {
    sink: &'s mut dyn FnMut(ScoreCell),
    last: Option<Cell>,
}

impl<'s> Ascending<'s> {
    pub(super) fn new(sink: &'s mut dyn FnMut(ScoreCell)) -> Self {
        Self { sink, last: None }
    }

    fn push(&mut self, cell: Cell) {
        match &mut self.last {
            Some(last) if (last.key, last.group) == (cell.key, cell.group) => {
                last.negatives += cell.negatives;
                last.positives += cell.positives;
            }
            _ => {
                self.flush();
                self.last = Some(cell);
            }
        }
    }

    fn flush(&mut self) {
        let Some(cell) = self.last.take() else { return };
        (self.sink)(ScoreCell {
            score: score_of(cell.key),
            group: cell.group as usize,
            positives: cell.positives,
            negatives: cell.negatives,
        });
    }

    /// Gives out the last cell.
    pub(super) fn finish(mut self) {
        self.flush();
    }
}

/// Gives the scores of all rows in ascending order. `seen` is what each thread saw in the first pass,
/// with what its groups are called in the whole table.
pub(super) fn ascend(
    plan: &Plan,
    groups: &Groups,
    seen: Vec<(Seen, Vec<u32>)>,
    table: &mut impl Passes,
    into: &mut Ascending<'_>,
) -> Result<(), Cause> {
    if seen.iter().all(|(seen, _)| seen.cells.is_some()) {
        let mut cells: Vec<Cell> = Vec::new();
        for (seen, names) in seen {
            let found = seen.cells.into_iter().flatten();
            cells.extend(found.filter_map(|((key, group), [negatives, positives])| {
                Some(Cell {
                    key,
                    group: *names.get(group as usize)?,
                    negatives,
                    positives,
                })
            }));
        }
        cells.sort_unstable_by_key(|cell| (cell.key, cell.group));
        for cell in cells {
            into.push(cell);
        }
        return Ok(());
    }
    let mut histogram = Histogram::whole();
    for (seen, _) in seen {
        histogram.plus(&seen.histogram);
    }
    let mut pass = Later {
        plan,
        groups,
        table,
        into,
    };
    pass.stretches(&histogram)
}

struct Later<'a, 's, T> {
    plan: &'a Plan,
    groups: &'a Groups,
    table: &'a mut T,
    into: &'a mut Ascending<'s>,
}

impl<T: Passes> Later<'_, '_, T> {
    fn stretches(&mut self, histogram: &Histogram) -> Result<(), Cause> {
        for stretch in histogram.stretches(self.plan.limits.cells) {
            if stretch.low == stretch.high {
                self.single(stretch)?;
            } else if stretch.rows <= self.plan.limits.cells {
                self.rows(stretch)?;
            } else {
                // Narrower by the factor of the number of ranges, so this ends.
                let finer = self.histogram(stretch)?;
                self.stretches(&finer)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, stretch: Stretch, want: impl Fn() -> Want) -> Result<Vec<Want>, Cause> {
        let mut takers: Vec<Taker<'_>> = (0..self.plan.limits.threads.max(1))
            .map(|_| Taker {
                plan: self.plan,
                groups: self.groups,
                stretch,
                want: want(),
                key: Vec::new(),
            })
            .collect();
        self.table.pass(&mut takers)?;
        Ok(takers.into_iter().map(|taker| taker.want).collect())
    }

    fn histogram(&mut self, stretch: Stretch) -> Result<Histogram, Cause> {
        let empty = Histogram::new(stretch.low, stretch.high);
        let mut all = empty.clone();
        for want in self.take(stretch, || Want::Histogram(empty.clone()))? {
            if let Want::Histogram(some) = want {
                all.plus(&some);
            }
        }
        Ok(all)
    }

    fn single(&mut self, stretch: Stretch) -> Result<(), Cause> {
        let groups = self.groups.len();
        let mut all = vec![[0; 2]; groups];
        for want in self.take(stretch, || Want::Sums(vec![[0; 2]; groups]))? {
            let Want::Sums(sums) = want else { continue };
            for ([negatives, positives], [less, more]) in all.iter_mut().zip(sums) {
                *negatives += less;
                *positives += more;
            }
        }
        for (group, [negatives, positives]) in (0..).zip(all) {
            if negatives + positives > 0 {
                self.into.push(Cell {
                    key: stretch.low,
                    group,
                    negatives,
                    positives,
                });
            }
        }
        Ok(())
    }

    fn rows(&mut self, stretch: Stretch) -> Result<(), Cause> {
        let mut blocks = Vec::new();
        for want in self.take(stretch, || Want::Rows(Vec::new()))? {
            let Want::Rows(mut found) = want else {
                continue;
            };
            if let Some(last) = found.last_mut() {
                last.sort_unstable();
            }
            blocks.append(&mut found);
        }
        let mut blocks: Vec<_> = blocks.into_iter().map(Vec::into_iter).collect();
        let mut heads: BinaryHeap<Reverse<(Entry, usize)>> = blocks
            .iter_mut()
            .enumerate()
            .filter_map(|(at, block)| Some(Reverse((block.next()?, at))))
            .collect();
        while let Some(Reverse((entry, at))) = heads.pop() {
            self.into.push(entry.cell());
            if let Some(next) = blocks.get_mut(at).and_then(Iterator::next) {
                heads.push(Reverse((next, at)));
            }
        }
        Ok(())
    }
}

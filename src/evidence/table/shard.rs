//! What one thread counts.

use csv::ByteRecord;
use rustc_hash::FxHashMap;

use super::batch::Column;
use super::csv::Consumer;
use super::decision::Value;
use super::error::{Place, Rows};
use super::part::{Both, OTHERS, Offence, Part};
use super::personal::Sample;
use super::plan::{Plan, SEPARATOR};
use super::scores::Seen;
use super::sum::Sum;

/// What a cell of label or prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Favourable,
    /// The index of the value in [`Part::others`].
    Other(usize),
    Heap,
    Wrong(Offence),
}

/// What is summed up of a group.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    /// Rows by label and prediction, `label * 2 + prediction`, 1 where favourable; all of them in
    /// the first for quantities.
    pub(super) cells: [u64; 4],
    /// Of predicted quantities.
    pub(super) prediction: Sum,
    pub(super) prediction_sq: Sum,
    pub(super) label: Sum,
    pub(super) error: Sum,
    pub(super) error_sq: Sum,
}

impl Sums {
    pub(super) fn plus(&mut self, other: &Self) {
        for (count, more) in self.cells.iter_mut().zip(other.cells) {
            *count += more;
        }
        self.prediction.plus(&other.prediction);
        self.prediction_sq.plus(&other.prediction_sq);
        self.label.plus(&other.label);
        self.error.plus(&other.error);
        self.error_sq.plus(&other.error_sq);
    }
}

/// The key of a group with its sums.
type Keyed = (Box<[u8]>, Sums);

/// The counts of one thread.
pub(super) struct Shard<'p> {
    pub(super) plan: &'p Plan,
    key: Vec<u8>,
    index: FxHashMap<Box<[u8]>, u32>,
    groups: Vec<Sums>,
    /// The scores, where they are asked for.
    seen: Option<Seen>,
    /// Cells as they are written, and what they are.
    known: Vec<(Box<[u8]>, Class)>,
    part: Part,
    chunk: u64,
    sample: Sample,
    /// Whether there were more groups than allowed.
    pub(super) overflow: bool,
}

impl<'p> Shard<'p> {
    /// One of so many.
    pub(super) fn new(plan: &'p Plan, threads: usize) -> Self {
        Self {
            plan,
            key: Vec::new(),
            index: FxHashMap::default(),
            groups: Vec::new(),
            seen: plan
                .score
                .map(|_| Seen::new(plan.limits.cells / 8 / threads)),
            known: Vec::new(),
            part: Part::default(),
            chunk: 0,
            sample: Sample::default(),
            overflow: false,
        }
    }

    /// What it saw of the values of all columns.
    pub(super) fn take_sample(&mut self) -> Sample {
        std::mem::take(&mut self.sample)
    }

    /// The keys of its groups with the sums of each, by the number of the group, and the scores.
    pub(super) fn into_groups(self) -> (Vec<Keyed>, Option<Seen>) {
        let mut keys: Vec<(Box<[u8]>, u32)> = self.index.into_iter().collect();
        keys.sort_unstable_by_key(|(_, at)| *at);
        let keys = keys.into_iter().map(|(key, _)| key);
        (keys.zip(self.groups).collect(), self.seen)
    }

    /// The number of the group that a record belongs to; `None` if it names none.
    fn group(&mut self, record: &ByteRecord, place: Place) -> Option<usize> {
        self.plan.key(record, &mut self.key)?;
        if let Some(&group) = self.index.get(self.key.as_slice()) {
            return Some(group as usize);
        }
        let mut sound = true;
        for &column in &self.plan.by {
            let offence = self.unfit(record.get(column)?);
            if let Some(offence) = offence {
                self.part.offend(offence, column, place);
                sound = false;
            }
        }
        if sound { self.new_group() } else { None }
    }

    /// What keeps a value from naming a group.
    fn unfit(&self, value: &[u8]) -> Option<Offence> {
        if value.len() > self.plan.limits.field {
            Some(Offence::TooLong)
        } else if text(value).is_none() {
            Some(Offence::NotText)
        } else {
            None
        }
    }

    /// The number of the group of these values, if all of them are sound.
    pub(super) fn group_of(&mut self, values: &[&[u8]]) -> Option<usize> {
        self.key.clear();
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.key.push(SEPARATOR);
            }
            self.key.extend_from_slice(value);
        }
        if let Some(&group) = self.index.get(self.key.as_slice()) {
            return Some(group as usize);
        }
        if values.iter().any(|value| self.unfit(value).is_some()) {
            return None;
        }
        self.new_group()
    }

    /// A group for the key at hand.
    fn new_group(&mut self) -> Option<usize> {
        if self.index.len() >= self.plan.limits.groups {
            self.overflow = true;
            return None;
        }
        let group = self.groups.len();
        self.index
            .insert(self.key.as_slice().into(), u32::try_from(group).ok()?);
        self.groups.push(Sums::default());
        Some(group)
    }

    /// Adds so many rows to a cell of a group.
    pub(super) fn add(&mut self, group: usize, cell: usize, rows: u64) {
        if let Some(count) = self
            .groups
            .get_mut(group)
            .and_then(|sums| sums.cells.get_mut(cell))
        {
            *count += rows;
        }
    }

    /// Notes rows of the label (0) or prediction (1) that have the one value other than the favourable one.
    pub(super) fn note(&mut self, which: usize, rows: &Rows) {
        if let Some(into) = self
            .part
            .others
            .first_mut()
            .and_then(|(_, both)| both.get_mut(which))
        {
            into.append(rows, 0, 0);
        }
    }

    pub(super) fn saw(&mut self, group: usize, score: f64, favourable: bool) {
        if let Some(seen) = &mut self.seen {
            seen.add(score, u32::try_from(group).unwrap_or(u32::MAX), favourable);
        }
    }

    /// Whether cells of label and prediction, with all that was seen before, have at most one value beside the
    /// favourable one.
    pub(super) fn two_valued<'c>(&self, cells: impl Iterator<Item = &'c [u8]>) -> bool {
        let others = &self.part.others;
        let mut other = others.first().map(|(value, _)| value.clone());
        others.len() < 2
            && cells.into_iter().all(|cell| {
                let Some(value) = text(cell).filter(|cell| !cell.is_empty()).map(Value::new) else {
                    return false;
                };
                value == self.plan.favourable
                    || *other.get_or_insert_with(|| value.clone()) == value
            })
    }

    /// What a cell of label or prediction is.
    pub(super) fn class(&mut self, cell: &[u8]) -> Class {
        if let Some((_, class)) = self.known.iter().find(|(known, _)| **known == *cell) {
            return *class;
        }
        let class = self.judge(cell);
        if self.known.len() < OTHERS {
            self.known.push((cell.into(), class));
        }
        class
    }

    fn judge(&mut self, cell: &[u8]) -> Class {
        if cell.is_empty() {
            return Class::Wrong(Offence::Empty);
        }
        let Some(cell) = text(cell) else {
            return Class::Wrong(Offence::NotText);
        };
        let value = Value::new(cell);
        if value == self.plan.favourable {
            return Class::Favourable;
        }
        let others = &mut self.part.others;
        if let Some(at) = others.iter().position(|(has, _)| *has == value) {
            return Class::Other(at);
        }
        if others.len() >= OTHERS {
            return Class::Heap;
        }
        others.push((value, Both::default()));
        Class::Other(others.len() - 1)
    }

    /// Notes a cell of the label (0) or prediction (1): 1 where it is favourable, 0 where not.
    fn decide(&mut self, record: &ByteRecord, column: usize, which: usize, place: Place) -> usize {
        let class = self.class(record.get(column).unwrap_or_default());
        let both = match class {
            Class::Favourable => return 1,
            Class::Other(at) => self.part.others.get_mut(at).map(|(_, both)| both),
            Class::Heap => Some(&mut self.part.heap),
            Class::Wrong(offence) => {
                self.part.offend(offence, column, place);
                None
            }
        };
        if let Some(rows) = both.and_then(|both| both.get_mut(which)) {
            rows.add(place);
        }
        0
    }
}

impl Shard<'_> {
    fn decisions(&mut self, record: &ByteRecord, group: Option<usize>, place: Place) {
        let mut cell = 0;
        if let Some(label) = self.plan.label {
            cell += 2 * self.decide(record, label, 0, place);
        }
        if let Some(prediction) = self.plan.prediction {
            cell += self.decide(record, prediction, 1, place);
        }
        let score = self
            .plan
            .score
            .and_then(|column| self.quantity(record, column, place));
        let Some(sums) = group.and_then(|group| self.groups.get_mut(group)) else {
            return;
        };
        if let Some(count) = sums.cells.get_mut(cell) {
            *count += 1;
        }
        if let (Some(score), Some(group), Some(seen)) = (score, group, &mut self.seen) {
            seen.add(score, u32::try_from(group).unwrap_or(u32::MAX), cell >= 2);
        }
    }

    fn quantities(&mut self, record: &ByteRecord, group: Option<usize>, place: Place) {
        let plan = self.plan;
        let mut read = |column| self.quantity(record, column, place);
        let prediction = plan.prediction.map(&mut read);
        let label = plan.label.map(&mut read);
        let Some(sums) = group.and_then(|group| self.groups.get_mut(group)) else {
            return;
        };
        let (Some(Some(prediction)), None | Some(Some(_))) = (prediction, label) else {
            return;
        };
        sums.cells[0] += 1;
        sums.prediction.add(prediction);
        sums.prediction_sq.add(prediction * prediction);
        if let Some(label) = label.flatten() {
            let error = prediction - label;
            sums.label.add(label);
            sums.error.add(error.abs());
            sums.error_sq.add(error * error);
        }
    }

    fn quantity(&mut self, record: &ByteRecord, column: usize, place: Place) -> Option<f64> {
        let cell = record.get(column)?;
        let number = self.plan.quantity(cell);
        if number.is_none() {
            let offence = if cell.is_empty() {
                Offence::Empty
            } else {
                Offence::NotANumber
            };
            self.part.offend(offence, column, place);
        }
        number
    }
}

impl Consumer for Shard<'_> {
    type Part = Part;

    fn number(&self, column: usize) -> bool {
        self.plan.is_number(column)
    }

    fn batch(
        &mut self,
        wanted: &[usize],
        columns: &[Column<'_>],
        rows: usize,
        before: Place,
    ) -> bool {
        super::batch::count(self, wanted, columns, rows, before).is_some()
    }

    fn columns(&self) -> Option<Vec<usize>> {
        (!self.plan.quantities).then(|| self.plan.columns())
    }

    fn samples(&self, row: u64) -> bool {
        Sample::wants(row, self.chunk)
    }

    fn sample<'r>(&mut self, cells: impl Iterator<Item = &'r [u8]>) {
        self.sample.add(cells);
    }

    fn begin(&mut self, chunk: u64) {
        self.chunk = chunk;
    }

    fn record(&mut self, record: &ByteRecord, place: Place) {
        if record.len() != self.plan.header.len() {
            self.part.ragged(record.len(), place);
            return;
        }
        // The records of a Parquet file have only the columns that are asked for.
        if !self.plan.binary && Sample::wants(place.row, self.chunk) {
            self.sample.add(record.iter());
        }
        let group = self.group(record, place);
        if self.plan.quantities {
            self.quantities(record, group, place);
        } else {
            self.decisions(record, group, place);
        }
    }

    fn finish(&mut self, rows: u64, lines: u64) -> Part {
        self.part.rows = rows;
        self.part.lines = lines;
        // The values keep their numbers in the next chunk.
        let others = self
            .part
            .others
            .iter()
            .map(|(value, _)| (value.clone(), Both::default()))
            .collect();
        std::mem::replace(
            &mut self.part,
            Part {
                others,
                ..Part::default()
            },
        )
    }

    fn stopped(&self) -> bool {
        self.overflow
    }
}

/// Text as a cell may have it.
pub(super) fn text(cell: &[u8]) -> Option<&str> {
    std::str::from_utf8(cell)
        .ok()
        .filter(|text| !text.contains('\0'))
}

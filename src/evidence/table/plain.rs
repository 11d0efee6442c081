//! Records of CSV without quotes, column by column: what most tables consist of, read several times
//! as fast as fields that may be quoted.
//!
//! Only what leaves no doubt is read so: rows of LF or CRLF, each with as many commas as the header and none of
//! them blank. Of anything else it says no, and the parser of RFC 4180 reads those rows instead; so there
//! is one place that judges what is wrong, and the two agree by not overlapping.

use memchr::{memchr, memchr_iter, memrchr};
use rustc_hash::FxHashMap;

use super::batch::{Column, Text};
use super::csv::Consumer;
use super::decision::quantity;
use super::error::Place;

/// Bytes that are read at once: few enough that all that is known of them stays near the core.
const PIECE: usize = 1 << 16;

/// Bytes whose delimiters are found together.
const BLOCK: usize = 64;

/// Values of a column that are told apart before it is taken for one that has no groups.
const VALUES: usize = 1 << 12;

/// After so many pieces in a row that could not be read so, the table is taken for one that cannot be.
const PATIENCE: u32 = 16;

/// Reads pieces of chunks for one thread.
pub(super) struct Plain {
    /// Columns of the table.
    width: usize,
    /// The columns that are looked at, ascending.
    wanted: Vec<usize>,
    /// What is known of the values of each of them.
    values: Vec<Values>,
    /// Where in the piece the fields end.
    ends: Vec<u32>,
    piece: usize,
    /// How many pieces were in vain since one was not.
    failures: u32,
}

impl Plain {
    /// For a table of so many columns, of which some are wanted.
    pub(super) fn new(width: usize, mut wanted: Vec<usize>) -> Self {
        wanted.sort_unstable();
        wanted.dedup();
        Self {
            width,
            values: wanted.iter().map(|_| Values::default()).collect(),
            wanted,
            ends: Vec::new(),
            piece: PIECE,
            failures: 0,
        }
    }

    /// How many bytes at the beginning of these are whole records without quotes; 0 if none are, or if it
    /// is not worth the while.
    pub(super) fn piece(&self, bytes: &[u8]) -> usize {
        // A blank line is skipped, and in a table of one column it looks like an empty cell.
        if self.width < 2 || self.failures >= PATIENCE {
            return 0;
        }
        let bytes = bytes.get(..self.piece).unwrap_or(bytes);
        match memrchr(b'\n', bytes) {
            Some(end) if memchr(b'"', bytes.get(..end).unwrap_or(bytes)).is_none() => end + 1,
            _ => 0,
        }
    }

    /// Gives a piece to the consumer, `before` it the rows and lines of the chunk that came before. False,
    /// with nothing counted, if its records have to be looked at one by one.
    pub(super) fn read<C: Consumer>(
        &mut self,
        piece: &[u8],
        consumer: &mut C,
        before: Place,
    ) -> bool {
        let read = self.columns(piece, consumer, before).is_some();
        self.failures = if read { 0 } else { self.failures + 1 };
        read
    }

    fn columns<C: Consumer>(
        &mut self,
        piece: &[u8],
        consumer: &mut C,
        before: Place,
    ) -> Option<()> {
        let Self {
            width,
            wanted,
            values,
            ends,
            ..
        } = self;
        let width = *width;
        let breaks = memchr(b'\r', piece).is_some();
        if breaks && !memchr_iter(b'\r', piece).all(|at| piece.get(at + 1) == Some(&b'\n')) {
            return None;
        }
        let found = delimiters(piece, ends);
        let ends = ends.get(..found)?;
        let rows = memchr_iter(b'\n', piece).count();
        // Every so manieth delimiter ends a line, and no other one does.
        let ended = |row: &[u32]| {
            row.last()
                .and_then(|&end| piece.get(end as usize))
                .is_some_and(|byte| *byte == b'\n')
        };
        if ends.len() != rows * width || !ends.chunks_exact(width).all(ended) {
            return None;
        }
        let fields = Fields {
            piece,
            ends,
            width,
            breaks,
        };
        for (&column, values) in wanted.iter().zip(values.iter_mut()) {
            if !consumer.number(column) {
                values.read(&fields, column)?;
            }
        }
        let columns: Vec<Column<'_>> = wanted
            .iter()
            .zip(values)
            .map(|(&column, values)| {
                if consumer.number(column) {
                    // One that cannot be reckoned with makes the consumer ask for the records.
                    let numbers = fields.column(column).map(|at| quantity(fields.text(at)));
                    return Column::Numbers(numbers.collect());
                }
                Column::Codes {
                    texts: values.texts.iter().map(|text| Text::Lent(text)).collect(),
                    rows: std::mem::take(&mut values.rows),
                }
            })
            .collect();
        if !consumer.batch(wanted, &columns, rows, before) {
            return None;
        }
        for (at, row) in (before.row + 1..).zip(0..rows) {
            if consumer.samples(at) {
                let cells = (0..width).map(|column| fields.text(fields.field(row, column)));
                consumer.sample(cells);
            }
        }
        Some(())
    }
}

/// The fields of a piece all of whose rows have as many as the header.
struct Fields<'a> {
    piece: &'a [u8],
    ends: &'a [u32],
    width: usize,
    /// Whether lines end in CRLF.
    breaks: bool,
}

impl<'a> Fields<'a> {
    /// Where the fields of a column begin and end.
    fn column(&self, column: usize) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let rows = self.ends.chunks_exact(self.width);
        let (piece, breaks) = (self.piece, self.breaks && column + 1 == self.width);
        let mut after = 0;
        rows.map(move |row| {
            let end = row.get(column).copied().unwrap_or_default() as usize;
            let start = match column.checked_sub(1) {
                Some(before) => row.get(before).map_or(0, |end| *end as usize + 1),
                None => after,
            };
            after = row.last().map_or(0, |end| *end as usize + 1);
            let short = breaks && end > start && piece.get(end - 1) == Some(&b'\r');
            (start, end - usize::from(short))
        })
    }

    fn field(&self, row: usize, column: usize) -> (usize, usize) {
        let at = row * self.width + column;
        let end = self.ends.get(at).map_or(0, |end| *end as usize);
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |end| *end as usize + 1);
        let last = self.breaks && column + 1 == self.width;
        let short = last && end > start && self.piece.get(end - 1) == Some(&b'\r');
        (start, end - usize::from(short))
    }

    fn text(&self, (start, end): (usize, usize)) -> &'a [u8] {
        self.piece.get(start..end).unwrap_or_default()
    }
}

/// Where commas and line feeds stand, and how many there are; the list is longer than that.
///
/// Eight comparisons at a time become bits of one word, and only bits that are set cost anything more.
fn delimiters(piece: &[u8], ends: &mut Vec<u32>) -> usize {
    // The eight lowest bits of eight bytes that are 0 or 1, side by side.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let room = piece.len() + BLOCK;
    if ends.len() < room {
        ends.resize(room, 0);
    }
    let mut found = 0;
    let mut last = [0_u8; BLOCK];
    let (blocks, rest) = piece.as_chunks::<BLOCK>();
    if let Some(last) = last.get_mut(..rest.len()) {
        last.copy_from_slice(rest);
    }
    for (start, block) in (0_u32..).step_by(BLOCK).zip(blocks.iter().chain([&last])) {
        let mut hits = [0_u8; BLOCK];
        for (hit, byte) in hits.iter_mut().zip(block) {
            *hit = u8::from(*byte == b',') | u8::from(*byte == b'\n');
        }
        let mut bits = 0_u64;
        for (at, eight) in hits.as_chunks::<8>().0.iter().enumerate() {
            let gathered = u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
            bits |= gathered << (at * 8);
        }
        let count = bits.count_ones() as usize;
        for end in ends.iter_mut().skip(found).take(count) {
            *end = start + bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
        }
        found += count;
    }
    found
}

/// The values of a column by number, kept from piece to piece.
#[derive(Default)]
struct Values {
    /// The number of each value; that of the empty one is 0.
    codes: FxHashMap<Box<[u8]>, u32>,
    texts: Vec<Box<[u8]>>,
    /// Some of them by what can be told at a glance.
    glances: Glances,
    /// For each row of the piece the number of its value.
    rows: Vec<u32>,
}

/// A direct-mapped cache.
struct Glances(Box<[(Glance, u32); 256]>);

impl Default for Glances {
    fn default() -> Self {
        Self(Box::new([(Glance::default(), 0); 256]))
    }
}

/// The first and the last eight bytes of a value, and its length: all of it, up to sixteen bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Glance {
    first: u64,
    last: u64,
    length: usize,
}

impl Glance {
    fn new(piece: &[u8], start: usize, end: usize) -> Option<Self> {
        let length = end - start;
        let word = |at: usize| {
            let eight = piece.get(at..)?.first_chunk::<8>()?;
            Some(u64::from_le_bytes(*eight))
        };
        if length <= 8 {
            // What follows the value is shifted out.
            let shift = 64 - 8 * u32::try_from(length).ok()?;
            let first = word(start)?.checked_shl(shift).unwrap_or(0);
            return Some(Self {
                first,
                last: 0,
                length,
            });
        }
        if length > 16 {
            return None;
        }
        Some(Self {
            first: word(start)?,
            last: word(end - 8)?,
            length,
        })
    }

    fn place(self) -> u8 {
        // Fibonacci hashing: the high bits of a product are well mixed.
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let mixed =
            (self.first ^ self.last.rotate_left(29) ^ self.length as u64).wrapping_mul(GOLDEN);
        mixed.to_be_bytes()[0]
    }
}

impl Values {
    /// Numbers the values of a column; `None` if there are too many.
    fn read(&mut self, fields: &Fields<'_>, column: usize) -> Option<()> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        rows.reserve(fields.ends.len() / fields.width);
        if self.texts.is_empty() {
            self.codes.insert(Box::default(), 0);
            self.texts.push(Box::default());
        }
        for (start, end) in fields.column(column) {
            let glance = Glance::new(fields.piece, start, end);
            let known = glance.and_then(|glance| {
                let (known, code) = self.glances.0.get(usize::from(glance.place()))?;
                (*known == glance).then_some(*code)
            });
            let code = match known {
                Some(code) => code,
                None => self.look_up(fields.text((start, end)), glance)?,
            };
            rows.push(code);
        }
        self.rows = rows;
        Some(())
    }

    fn look_up(&mut self, value: &[u8], glance: Option<Glance>) -> Option<u32> {
        let known = self.codes.get(value).copied();
        if known.is_none() && self.texts.len() >= VALUES {
            *self = Self::default();
            return None;
        }
        let code = known.or_else(|| {
            let code = u32::try_from(self.texts.len()).ok()?;
            self.codes.insert(value.into(), code);
            self.texts.push(value.into());
            Some(code)
        })?;
        if let Some(glance) = glance
            && let Some(slot) = self.glances.0.get_mut(usize::from(glance.place()))
        {
            *slot = (glance, code);
        }
        Some(code)
    }
}

#[cfg(test)]
mod tests;

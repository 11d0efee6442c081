//! CSV by RFC 4180: the header, and records on several threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use ::csv::{ByteRecord, ReaderBuilder};

use super::batch::Column;
use super::decision::number;
use super::error::{Cause, Place};
use super::plain::Plain;
use super::plan::DELIMITERS;
use super::source::{Source, cause};
use super::split::{Splitter, Stop};

/// Takes the records of some chunks of a table.
pub(super) trait Consumer: Send {
    /// What it says of one chunk.
    type Part: Send;

    /// The beginning of a chunk.
    fn begin(&mut self, _chunk: u64) {}

    /// A record; its place counts from the beginning of the chunk.
    fn record(&mut self, record: &ByteRecord, place: Place);

    /// The columns that are looked at, if batches of them can be taken.
    fn columns(&self) -> Option<Vec<usize>> {
        None
    }

    /// Whether the cells of a column are wanted as numbers.
    fn number(&self, _column: usize) -> bool {
        false
    }

    /// Takes a whole batch of columns, whose rows come `before` so many rows and lines of the chunk; false, with
    /// nothing taken, if it must come record by record.
    fn batch(
        &mut self,
        _wanted: &[usize],
        _columns: &[Column<'_>],
        _rows: usize,
        _before: Place,
    ) -> bool {
        false
    }

    /// Whether all cells of a record are to be shown, although it came in a batch.
    fn samples(&self, _row: u64) -> bool {
        false
    }

    /// The cells of such a record.
    fn sample<'r>(&mut self, _cells: impl Iterator<Item = &'r [u8]>) {}

    /// The end of a chunk of so many records and line breaks.
    fn finish(&mut self, rows: u64, lines: u64) -> Self::Part;

    /// Whether the rest need not be read.
    fn stopped(&self) -> bool {
        false
    }
}

/// A table whose header is read.
pub(super) struct Table<R> {
    splitter: Splitter<R>,
    /// What follows the header in the chunk that begins with it.
    first: Vec<u8>,
    /// Lines of the header.
    lines: u64,
    /// Columns of the header.
    width: usize,
}

/// Where reading ended before the end of the file.
pub(super) struct Halt {
    /// Why.
    pub(super) stop: Stop,
}

impl Halt {
    /// The cause; `rows` and `lines` are those before the halt, header included in the lines.
    pub(super) fn cause(self, rows: u64, lines: u64, limit: usize) -> Cause {
        let place = Place {
            row: rows + 1,
            line: Some(lines + 1),
        };
        halt(self.stop, place, limit)
    }
}

fn halt(stop: Stop, place: Place, limit: usize) -> Cause {
    let quote = |what| Cause::Quote { place, what };
    match stop {
        Stop::Io(error) => cause(&error),
        Stop::QuoteInside => quote(
            "a quote inside a field that does not begin with one; such a field must be quoted, and the quote doubled",
        ),
        Stop::AfterQuote => quote(
            "something else than a comma follows a closing quote; a quote inside a quoted field must be doubled",
        ),
        Stop::Unclosed => quote("a quoted field that never ends"),
        Stop::TooLong => Cause::RecordTooLong { place, limit },
    }
}

impl<R: Source> Table<R> {
    /// Reads the header.
    pub(super) fn open(
        source: R,
        chunk: usize,
        longest: usize,
    ) -> Result<(Vec<String>, Self), Cause> {
        let mut splitter = Splitter::new(source, chunk, longest);
        let header = Place { row: 0, line: None };
        let mut first = Vec::new();
        if !splitter
            .next(&mut first)
            .map_err(|stop| halt(stop, header, longest))?
        {
            return Err(Cause::Empty);
        }
        let mut reader = parser(&first);
        let mut record = ByteRecord::new();
        let found = reader.read_byte_record(&mut record).unwrap_or(false);
        if !found {
            return Err(Cause::Empty);
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        drop(reader);
        let names = names(&record)?;
        let lines = line_breaks(first.get(..end).unwrap_or(&first));
        first.drain(..end.min(first.len()));
        let width = names.len();
        let table = Self {
            splitter,
            first,
            lines,
            width,
        };
        Ok((names, table))
    }

    /// Lines of the header.
    pub(super) fn header_lines(&self) -> u64 {
        self.lines
    }

    /// Gives all records to the consumers, one a thread, and each part to `fold`, in order.
    /// `progress` is called on this thread with the source, as chunks are read.
    pub(super) fn records<C: Consumer>(
        self,
        consumers: &mut [C],
        mut fold: impl FnMut(C::Part) + Send,
        mut progress: impl FnMut(&R),
    ) -> (R, Option<Halt>) {
        let Self {
            mut splitter,
            first,
            width,
            ..
        } = self;
        let (full, chunks) = sync_channel::<(u64, Vec<u8>)>(consumers.len());
        let (empty, emptied) = channel::<Vec<u8>>();
        let chunks = Mutex::new(chunks);
        let in_order = Mutex::new(InOrder::new(&mut fold));
        let enough = AtomicBool::new(false);
        let halt = thread::scope(|scope| {
            for consumer in consumers {
                let (chunks, in_order, enough) = (&chunks, &in_order, &enough);
                let empty = empty.clone();
                scope.spawn(move || {
                    let columns = consumer.columns();
                    let mut plain = columns.map(|columns| Plain::new(width, columns));
                    loop {
                        let next = chunks.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok((number, chunk)) = next else { break };
                        consumer.begin(number);
                        let part = parse(&chunk, consumer, plain.as_mut());
                        in_order
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .put(number, part);
                        if consumer.stopped() {
                            enough.store(true, Ordering::Relaxed);
                        }
                        // The feeder may have gone.
                        let _ = empty.send(chunk);
                    }
                });
            }
            let mut chunk = first;
            let mut number = 0;
            let halt = loop {
                if full.send((number, chunk)).is_err() || enough.load(Ordering::Relaxed) {
                    break None;
                }
                number += 1;
                chunk = emptied.try_recv().unwrap_or_default();
                match splitter.next(&mut chunk) {
                    Ok(true) => progress(splitter.source()),
                    Ok(false) => break None,
                    Err(stop) => break Some(Halt { stop }),
                }
            };
            // No more chunks: that ends the threads.
            drop(full);
            halt
        });
        (splitter.into_source(), halt)
    }
}

/// Parts that come out of order, put into it.
pub(super) struct InOrder<'f, P, F: FnMut(P)> {
    next: u64,
    early: BTreeMap<u64, P>,
    fold: &'f mut F,
}

impl<'f, P, F: FnMut(P)> InOrder<'f, P, F> {
    pub(super) fn new(fold: &'f mut F) -> Self {
        Self {
            next: 0,
            early: BTreeMap::new(),
            fold,
        }
    }

    pub(super) fn put(&mut self, number: u64, part: P) {
        self.early.insert(number, part);
        while let Some(part) = self.early.remove(&self.next) {
            (self.fold)(part);
            self.next += 1;
        }
    }
}

fn parser(bytes: &[u8]) -> ::csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(bytes)
}

/// Gives the records of a chunk to a consumer: by columns where there is no doubt what they are, one by one
/// where there is.
pub(super) fn parse<C: Consumer>(
    chunk: &[u8],
    consumer: &mut C,
    mut plain: Option<&mut Plain>,
) -> C::Part {
    let (mut rows, mut lines) = (0, 0);
    let mut rest = chunk;
    loop {
        let before = Place {
            row: rows,
            line: Some(lines),
        };
        let length = plain.as_ref().map_or(0, |plain| plain.piece(rest));
        let (piece, after) = rest
            .split_at_checked(length)
            .filter(|_| length > 0)
            .unwrap_or((rest, &[]));
        let breaks = line_breaks(piece);
        let read = length > 0
            && plain
                .as_mut()
                .is_some_and(|plain| plain.read(piece, consumer, before));
        rows += if read {
            breaks
        } else {
            one_by_one(piece, consumer, before)
        };
        lines += breaks;
        rest = after;
        if rest.is_empty() {
            return consumer.finish(rows, lines);
        }
    }
}

/// Gives whole records to a consumer, and says how many they were.
fn one_by_one<C: Consumer>(records: &[u8], consumer: &mut C, before: Place) -> u64 {
    let mut reader = parser(records);
    let mut record = ByteRecord::new();
    let mut rows = 0;
    // Reading from memory, of fields of any bytes and records of any length, gives no error.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        rows += 1;
        let place = Place {
            row: rows,
            line: record.position().map(|at| line(records, at)),
        };
        let place = place.after(before.row, before.line.unwrap_or_default());
        consumer.record(&record, place);
    }
    rows
}

/// The line on which a record begins. The parser's position is before the blank lines that it
/// skips, and between the two characters of a line break.
fn line(chunk: &[u8], at: &::csv::Position) -> u64 {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let skipped = chunk.get(start..).unwrap_or_default();
    let breaks = skipped
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n');
    at.line() + breaks.count() as u64
}

fn line_breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The names of the columns.
fn names(header: &ByteRecord) -> Result<Vec<String>, Cause> {
    let fields: Option<Vec<String>> = header
        .iter()
        .map(|field| String::from_utf8(field.to_vec()).ok())
        .collect();
    let Some(names) = fields else {
        return Err(Cause::Encoding("something else"));
    };
    if names.iter().any(|name| name.contains('\0')) {
        return Err(Cause::Encoding("something else"));
    }
    if let [only] = names.as_slice() {
        for (delimiter, what) in DELIMITERS {
            if only.contains(delimiter) {
                return Err(Cause::Delimiter(what));
            }
        }
    }
    if names
        .iter()
        .all(|name| name.is_empty() || number(name).is_some())
    {
        return Err(Cause::NoHeader);
    }
    Ok(names)
}

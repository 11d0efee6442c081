//! Parquet files: row groups on several threads, batch by batch.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use ::csv::ByteRecord;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::reader::{ChunkReader, Length};
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;

use super::Progress;
use super::batch::Column;
use super::cells::{self, codes};
use super::counts::CountShard;
use super::csv::{Consumer, InOrder};
use super::error::{Cause, Place};
use super::outcome::{self, Counted};
use super::part::Part;
use super::personal::{self, Sample};
use super::plan::{CountPlan, Plan};
use super::request::{Limits, Request};
use super::scores::Passes;
use super::shard::Shard;
use super::source::cause;
use super::verified::{BLOCK, Verified};
use crate::files::Opened;

/// Rows that are decoded at once.
const BATCH: usize = 1 << 15;

/// The file, as the crate reads it.
#[derive(Clone)]
struct Chunks(Arc<Verified>);

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Chunks {
    type T = Stream;

    fn get_read(&self, start: u64) -> Result<Stream, ParquetError> {
        Ok(Stream {
            file: self.0.clone(),
            at: start,
            number: u64::MAX,
            block: Vec::new(),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        Ok(self.0.range(start, length)?.into())
    }
}

/// Reads on from one place.
struct Stream {
    file: Arc<Verified>,
    at: u64,
    /// Which block is held.
    number: u64,
    block: Vec<u8>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let number = self.at / BLOCK as u64;
        if self.number != number {
            self.file.block(number, &mut self.block)?;
            self.number = number;
        }
        let from = usize::try_from(self.at % BLOCK as u64).unwrap_or(0);
        let mut rest = self.block.get(from..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// An open file with what its footer says.
pub(super) struct File<'a> {
    chunks: Chunks,
    metadata: ArrowReaderMetadata,
    /// The columns that are read, as places in the header, ascending.
    wanted: Vec<usize>,
    width: usize,
    progress: &'a (dyn Fn(Progress) + Sync),
    passes: u32,
}

/// Counts a file.
pub(super) fn count(
    opened: Opened,
    request: &Request,
    limits: &Limits,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Counted, Cause> {
    let bytes = opened.bytes;
    let chunks = Chunks(Arc::new(Verified::new(opened)));
    let (metadata, plan) = guarded(&chunks, || footer(&chunks, request, limits))?;
    let mut wanted = plan.columns();
    wanted.sort_unstable();
    wanted.dedup();
    let mut file = File {
        chunks,
        metadata,
        wanted,
        width: plan.header.len(),
        progress,
        passes: 0,
    };
    let mut whole = Part::default();
    if let Some(columns) = &plan.counts {
        return file.groups(&plan, columns, whole);
    }
    let threads = limits.threads.max(1);
    let mut shards: Vec<Shard<'_>> = (0..threads).map(|_| Shard::new(&plan, threads)).collect();
    let sha256 = file.read(&mut shards, |part: Part| whole.append(&part))?;
    let merged = outcome::merge(&plan, shards)?;
    let sha256 = sha256?;
    judge(&plan, &whole)?;
    let sample = guarded(&file.chunks, || file.sample())?;
    let counted = outcome::rows(&plan, merged, &mut file, |counts| {
        outcome::counted(counts, whole.rows, bytes, sha256)
    })?;
    Ok(Counted {
        personal: personal::columns(&plan, [sample]),
        ..counted
    })
}

fn judge(plan: &Plan, whole: &Part) -> Result<(), Cause> {
    whole.verdict(plan)?;
    if whole.rows == 0 {
        return Err(Cause::NoRows);
    }
    Ok(())
}

/// What the end of the file says of the rest, and where in it the columns of the request stand.
fn footer(
    chunks: &Chunks,
    request: &Request,
    limits: &Limits,
) -> Result<(ArrowReaderMetadata, Plan), Cause> {
    let bytes = chunks.0.len();
    let tail = bytes.checked_sub(8).filter(|start| *start >= 4);
    let tail = tail.map(|start| chunks.0.range(start, 8)).transpose();
    match tail.map_err(|error| cause(&error))?.as_deref() {
        Some([a, b, c, d, b'P', b'A', b'R', b'1'])
            if u64::from(u32::from_le_bytes([*a, *b, *c, *d])) <= bytes - 12 => {}
        _ => {
            return Err(Cause::Parquet(
                "it does not end as a Parquet file does, so it is cut short or broken".to_owned(),
            ));
        }
    }
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain =
        ArrowReaderMetadata::load(chunks, options).map_err(|error| broken(chunks, &error))?;
    let header: Vec<String> = plain
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let mut plan = Plan::new(header, request, limits)?;
    plan.binary = true;
    for group in plain.metadata().row_groups() {
        for column in group.columns() {
            let codec = match column.compression() {
                Compression::ZSTD(_) => "Zstandard",
                Compression::BROTLI(_) => "Brotli",
                Compression::LZO => "LZO",
                _ => continue,
            };
            return Err(Cause::Codec(codec));
        }
        let inside = |column: &ColumnChunkMetaData| {
            let start = column
                .dictionary_page_offset()
                .unwrap_or_else(|| column.data_page_offset());
            let end = start.checked_add(column.compressed_size());
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            start >= 0 && column.compressed_size() >= 0 && end.is_some_and(|end| end <= bytes)
        };
        if group.num_rows() < 0 || !group.columns().iter().all(inside) {
            return Err(Cause::Parquet(
                "its footer names places outside of it".to_owned(),
            ));
        }
    }
    // Texts come as the places in a dictionary, which is what most files have them as.
    let columns = plan.columns();
    let fields: Vec<Arc<Field>> = plain
        .schema()
        .fields()
        .iter()
        .enumerate()
        .map(|(at, field)| {
            if !columns.contains(&at) {
                return Ok(field.clone());
            }
            let kind = field.data_type();
            if !cells::readable(kind) {
                return Err(Cause::ColumnType {
                    column: field.name().clone(),
                    found: kind.to_string(),
                    role: plan.role(at),
                });
            }
            Ok(match kind {
                DataType::Utf8 | DataType::Binary => {
                    let kind =
                        DataType::Dictionary(Box::new(DataType::Int32), Box::new(kind.clone()));
                    Arc::new(field.as_ref().clone().with_data_type(kind))
                }
                _ => field.clone(),
            })
        })
        .collect::<Result<_, _>>()?;
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options)
        .map_err(|error| broken(chunks, &error))?;
    Ok((metadata, plan))
}

/// What an error of the crate says, unless it only passes on one of ours.
fn broken(chunks: &Chunks, error: &ParquetError) -> Cause {
    if chunks.0.changed() {
        return Cause::Changed;
    }
    if let ParquetError::External(inner) = error
        && let Some(error) = inner.downcast_ref::<io::Error>()
        && error.kind() == io::ErrorKind::Other
    {
        return cause(error);
    }
    // It may quote bytes of the file, and runs over several lines at times.
    let text = error.to_string();
    let line: String = text
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_graphic() || *c == ' ')
        .take(160)
        .collect();
    Cause::Parquet(line)
}

/// Runs what decodes bytes of the file.
///
/// The decoder is made for files that a writer of the same house made: on some broken ones it panics
/// where it should give an error. Nothing that it was building outlives the call, so the panic can be
/// taken for the error that it is.
fn guarded<T>(chunks: &Chunks, work: impl FnOnce() -> Result<T, Cause>) -> Result<T, Cause> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(if chunks.0.changed() {
            Cause::Changed
        } else {
            Cause::Parquet("its pages contradict each other".to_owned())
        })
    })
}

impl File<'_> {
    /// Counts evidence.
    fn groups(
        mut self,
        plan: &Plan,
        columns: &CountPlan,
        mut whole: Part,
    ) -> Result<Counted, Cause> {
        let mut shard = [CountShard::new(plan, columns)];
        let sha256 = self.read(&mut shard, |part: Part| whole.append(&part))?;
        let [shard] = shard;
        shard.overflow()?;
        judge(plan, &whole)?;
        Ok(Counted {
            personal: personal::columns(plan, []),
            ..shard.into_counted(whole.rows, self.chunks.len(), sha256?)
        })
    }

    /// One pass. The digest is taken in the first; the blocks tell of changes in the others.
    fn read<C: Consumer>(
        &mut self,
        consumers: &mut [C],
        mut fold: impl FnMut(C::Part) + Send,
    ) -> Result<Result<Box<str>, Cause>, Cause> {
        self.passes += 1;
        let first = self.passes == 1;
        let groups = self.metadata.metadata().num_row_groups();
        let next = AtomicUsize::new(0);
        let enough = AtomicBool::new(false);
        let fault: Mutex<Option<(usize, Cause)>> = Mutex::new(None);
        let in_order = Mutex::new(InOrder::new(&mut fold));
        let this = &*self;
        let sha256 = thread::scope(|scope| {
            for consumer in consumers {
                let (next, enough, fault, in_order) = (&next, &enough, &fault, &in_order);
                scope.spawn(move || {
                    while !enough.load(Ordering::Relaxed) {
                        let group = next.fetch_add(1, Ordering::Relaxed);
                        if group >= groups {
                            break;
                        }
                        match guarded(&this.chunks, || this.row_group(group, consumer)) {
                            Ok(part) => in_order
                                .lock()
                                .unwrap_or_else(PoisonError::into_inner)
                                .put(group as u64, part),
                            Err(cause) => {
                                enough.store(true, Ordering::Relaxed);
                                let mut fault =
                                    fault.lock().unwrap_or_else(PoisonError::into_inner);
                                // Of several the first in the file, as far as they are known.
                                if fault.as_ref().is_none_or(|(at, _)| *at > group) {
                                    *fault = Some((group, cause));
                                }
                            }
                        }
                        if consumer.stopped() {
                            enough.store(true, Ordering::Relaxed);
                        }
                    }
                });
            }
            let told = |read| {
                (this.progress)(Progress {
                    read,
                    bytes: this.chunks.len(),
                    pass: this.passes,
                });
            };
            if first {
                this.chunks.0.sha256(told)
            } else {
                told(0);
                Ok(Box::default())
            }
        });
        if self.chunks.0.changed() {
            return Err(Cause::Changed);
        }
        if let Some((_, cause)) = fault.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(cause);
        }
        Ok(sha256.map_err(|error| cause(&error)))
    }

    /// Some values of all columns, from the first rows.
    fn sample(&self) -> Result<Sample, Cause> {
        let failed = |error: &ParquetError| broken(&self.chunks, error);
        let fields = self.metadata.schema().fields().iter().enumerate();
        let columns: Vec<usize> = fields
            .take(personal::COLUMNS)
            .filter(|(_, field)| cells::shown(field.data_type()))
            .map(|(at, _)| at)
            .collect();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.chunks.clone(),
            self.metadata.clone(),
        );
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        let rows = usize::try_from(personal::FIRST).unwrap_or(0);
        let reader = builder
            .with_projection(mask)
            .with_batch_size(rows)
            .with_limit(rows)
            .build()
            .map_err(|error| failed(&error))?;
        let mut sample = Sample::default();
        let mut record = ByteRecord::new();
        for batch in reader {
            let batch = batch.map_err(|error| failed(&ParquetError::General(error.to_string())))?;
            let found: Vec<Column<'_>> = batch
                .columns()
                .iter()
                .filter_map(|array| codes(array.as_ref(), false))
                .collect();
            for row in 0..batch.num_rows() {
                record.clear();
                let mut found = columns.iter().zip(&found).peekable();
                for at in 0..self.width.min(personal::COLUMNS) {
                    match found.next_if(|(column, _)| **column == at) {
                        Some((_, column)) => column.cell(row, &mut record),
                        None => record.push_field(b""),
                    }
                }
                sample.add(record.iter());
            }
        }
        Ok(sample)
    }

    fn row_group<C: Consumer>(&self, group: usize, consumer: &mut C) -> Result<C::Part, Cause> {
        let failed = |error: &ParquetError| broken(&self.chunks, error);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.chunks.clone(),
            self.metadata.clone(),
        );
        let mask = ProjectionMask::roots(builder.parquet_schema(), self.wanted.iter().copied());
        let reader = builder
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| failed(&error))?;
        let mut rows: u64 = 0;
        let mut record = ByteRecord::new();
        for batch in reader {
            let batch = batch.map_err(|error| {
                if self.chunks.0.changed() {
                    Cause::Changed
                } else {
                    failed(&ParquetError::General(error.to_string()))
                }
            })?;
            let columns: Vec<Column<'_>> = batch
                .columns()
                .iter()
                .zip(&self.wanted)
                .map(|(array, &at)| codes(array.as_ref(), consumer.number(at)))
                .collect::<Option<_>>()
                .ok_or_else(|| Cause::Parquet("a column changes its type".to_owned()))?;
            let before = Place {
                row: rows,
                line: None,
            };
            if !consumer.batch(&self.wanted, &columns, batch.num_rows(), before) {
                for row in 0..batch.num_rows() {
                    record.clear();
                    let mut columns = self.wanted.iter().zip(&columns).peekable();
                    for at in 0..self.width {
                        match columns.next_if(|(wanted, _)| **wanted == at) {
                            Some((_, column)) => column.cell(row, &mut record),
                            None => record.push_field(b""),
                        }
                    }
                    let place = Place {
                        row: rows + row as u64 + 1,
                        line: None,
                    };
                    consumer.record(&record, place);
                }
            }
            rows += batch.num_rows() as u64;
        }
        Ok(consumer.finish(rows, 0))
    }
}

impl Passes for File<'_> {
    fn pass<C: Consumer<Part = ()>>(&mut self, consumers: &mut [C]) -> Result<(), Cause> {
        self.read(consumers, |()| ()).map(|_| ())
    }
}

//! Files of predictions, counted: CSV and Parquet, one pass, in memory that does not grow with the
//! rows.
//!
//! [`count`] gives the counts of groups that metrics are computed from, and the digest of the very
//! bytes that were counted. Nothing is dropped in silence: a row that cannot be counted makes the whole
//! file an error that names it, and a missing value of an attribute is a group of its own.

mod csv;
mod decision;
mod error;
mod outcome;
mod plan;
mod request;
mod shard;
mod source;
mod split;

use camino::Utf8Path;

pub use error::{Cause, Place, Rows, TableError};
pub use outcome::{Counted, LookAlike, PersonalColumn, Sign, TableForm};
pub use request::{CountColumns, Limits, Literal, Request};

use crate::files::Files;
use plan::Plan;
use shard::{Part, Shard};
use source::{Digested, Form, Text};

/// How far counting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that were read, in this pass.
    pub read: u64,
    /// Bytes that it has.
    pub bytes: u64,
    /// Which pass over the file this is, from 1. Many different scores need several.
    pub pass: u32,
}

/// Counts the groups of a table.
///
/// `path` is absolute, as [`Files`] has it. `progress` is called now and then, from the calling thread.
pub fn count(
    files: &dyn Files,
    path: &Utf8Path,
    request: &Request,
    limits: &Limits,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Counted, TableError> {
    let counted = count_file(files, path, request, limits, progress);
    counted.map_err(|cause| TableError::new(path, cause))
}

fn count_file(
    files: &dyn Files,
    path: &Utf8Path,
    request: &Request,
    limits: &Limits,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Counted, Cause> {
    let (mut opened, form) = source::open(files, path, limits.bytes)?;
    if form == Form::Parquet {
        return Err(Cause::NoParquet);
    }
    let bytes = opened.bytes;
    let source = Digested::new(opened.content.as_mut()).map_err(|error| source::cause(&error))?;
    let text = Text::new(source, form, limits.bytes);
    let (header, table) = csv::Table::open(text, split::CHUNK, limits.record)?;
    let plan = Plan::new(header, request, limits)?;
    let mut shards: Vec<Shard<'_>> = (0..limits.threads.max(1))
        .map(|_| Shard::new(&plan))
        .collect();
    let mut whole = Part {
        lines: table.header_lines(),
        ..Part::default()
    };
    let (text, halt) = table.records(
        &mut shards,
        |part| whole.append(&part),
        |text: &Text<'_>| {
            progress(Progress {
                read: text.bytes(),
                bytes,
                pass: 1,
            });
        },
    );
    let groups = outcome::merge(&plan, &shards)?;
    if let Some(halt) = halt {
        return Err(halt.cause(whole.rows, whole.lines, limits.record));
    }
    whole.verdict(&plan)?;
    if whole.rows == 0 {
        return Err(Cause::NoRows);
    }
    let source = text.into_source();
    if source.bytes != bytes {
        return Err(Cause::Changed);
    }
    Ok(outcome::counted(
        &plan,
        groups,
        whole.rows,
        bytes,
        source.sha256(),
    ))
}

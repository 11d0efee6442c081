//! Files of predictions, counted: CSV and Parquet, one pass, in memory that does not grow with the
//! rows.
//!
//! [`count`] gives the counts of groups that metrics are computed from, and the digest of the very
//! bytes that were counted. Nothing is dropped in silence: a row that cannot be counted makes the whole
//! file an error that names it, and a missing value of an attribute is a group of its own.

mod batch;
#[cfg(feature = "parquet")]
mod cells;
mod counts;
mod csv;
mod decision;
mod error;
mod outcome;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
mod personal;
mod plain;
mod plan;
mod request;
mod scores;
mod shard;
mod source;
mod split;
mod sum;
mod text;
#[cfg(feature = "parquet")]
mod verified;

use camino::Utf8Path;

pub use error::{Cause, Place, Rows, TableError};
pub use outcome::{Counted, LookAlike, PersonalColumn, Sign, TableForm};
pub use request::{CountColumns, Limits, Literal, Request};

use crate::files::Files;
use source::Form;

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
    source::open(files, path, limits.bytes)
        .and_then(|(opened, form)| match form {
            #[cfg(feature = "parquet")]
            Form::Parquet => parquet::count(opened, request, limits, progress),
            #[cfg(not(feature = "parquet"))]
            Form::Parquet => Err(Cause::NoParquet),
            Form::Text | Form::Gzip => {
                text::File::new(opened, form, *limits, progress).count(request)
            }
        })
        .map_err(|cause| TableError::new(path, cause))
}

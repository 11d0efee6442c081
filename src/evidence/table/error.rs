//! Why a table could not be counted.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

/// A table that could not be counted. Its text names the file, and the row and column where that is
/// known; it shows no cell but values of the label and prediction columns, and those only where they
/// cannot be a person's.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct TableError {
    /// The file, as it was asked for.
    pub file: Utf8PathBuf,
    /// Why.
    #[source]
    pub cause: Box<Cause>,
}

impl TableError {
    pub(super) fn new(file: &Utf8Path, cause: Cause) -> Self {
        Self {
            file: file.to_owned(),
            cause: Box::new(cause),
        }
    }
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Nothing is there.
    #[error("nothing is there")]
    NotFound,
    /// A folder, a FIFO or a device.
    #[error("it is not a regular file")]
    NotRegular,
    /// The file system refused.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// A pointer of Git LFS stands in for the file.
    #[error("it is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`")]
    LfsPointer,
    /// Not one byte.
    #[error("it is empty")]
    Empty,
    /// A header without rows.
    #[error("it has a header and no rows")]
    NoRows,
    /// A longer file than the caller allows.
    #[error("{what} has more than {limit} bytes, which is the limit")]
    TooLarge {
        /// `it`, or what came out of it unpacked.
        what: &'static str,
        /// In bytes.
        limit: u64,
    },
    /// Its bytes were not the same throughout.
    #[error("it changed while it was read")]
    Changed,
    /// UTF-16 or UTF-32.
    #[error("it is encoded in {0}, not in UTF-8; write it as UTF-8")]
    Encoding(&'static str),
    /// A compressed file that is broken or cut short.
    #[error("its gzip data is {0}")]
    Gzip(&'static str),
    /// Fields are parted by something else than a comma.
    #[error("its fields are parted by {0}, not by commas")]
    Delimiter(&'static str),
    /// The first record has nothing of a header.
    #[error("it has no header: its first record has nothing but numbers and empty fields")]
    NoHeader,
    /// Too many columns to be a table of predictions.
    #[error("it has {found} columns, and {limit} are the limit")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// A column that is asked for stands there twice.
    #[error("it has the column `{column}` {times} times")]
    DuplicateColumn {
        /// Its name.
        column: String,
        /// How often.
        times: usize,
    },
    /// A column that is asked for is not there.
    #[error("it has no column `{column}` (asked for as {role}){}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    ColumnAbsent {
        /// Its name.
        column: String,
        /// What it was asked for as.
        role: &'static str,
        /// The column that has nearly that name.
        near: Option<String>,
    },
    /// The request itself makes no sense.
    #[error("{0}")]
    Request(String),
    /// Records that have more or fewer fields than the header.
    #[error(
        "{rows}: another number of fields than the {expected} of the header, {found} in the first of them"
    )]
    FieldCount {
        /// Fields of the header.
        expected: usize,
        /// Fields of the first such record.
        found: usize,
        /// Where.
        rows: Rows,
    },
    /// A quote where RFC 4180 has none.
    #[error("{place}: {what}")]
    Quote {
        /// The record.
        place: Place,
        /// What is wrong with it.
        what: &'static str,
    },
    /// One record of more bytes than allowed; often a quote that never ends.
    #[error("{place}: a record of more than {limit} bytes, which is the limit")]
    RecordTooLong {
        /// The record.
        place: Place,
        /// In bytes.
        limit: usize,
    },
    /// A value of a group that is no name.
    #[error(
        "column `{column}`, {rows}: a value of more than {limit} bytes; a group has a short name"
    )]
    FieldTooLong {
        /// The column.
        column: String,
        /// In bytes.
        limit: usize,
        /// Where.
        rows: Rows,
    },
    /// Bytes that are no text.
    #[error("column `{column}`, {rows}: not UTF-8, or a NUL")]
    NotText {
        /// The column.
        column: String,
        /// Where.
        rows: Rows,
    },
    /// No label, prediction or score.
    #[error("column `{column}`, {rows}: empty, where every row needs {role}")]
    EmptyCell {
        /// The column.
        column: String,
        /// What it was asked for as.
        role: &'static str,
        /// Where.
        rows: Rows,
    },
    /// A label or prediction that is neither the favourable nor the unfavourable value.
    #[error("column `{column}`, {rows}: {found}, where {expected}")]
    Outside {
        /// The column.
        column: String,
        /// What stands there, or what kind of value it is.
        found: String,
        /// What should.
        expected: String,
        /// Where.
        rows: Rows,
    },
    /// A score or a quantity that is none.
    #[error("column `{column}`, {rows}: not a finite number")]
    NotANumber {
        /// The column.
        column: String,
        /// Where.
        rows: Rows,
    },
    /// A column that has nearly as many values as there are rows.
    #[error(
        "there are more than {limit} groups: `{column}` looks like an id, not like an attribute"
    )]
    TooManyGroups {
        /// The column with the most values.
        column: String,
        /// How many groups may be.
        limit: usize,
    },
    /// Counts that do not add up.
    #[error("{place}: {what}")]
    Counts {
        /// The record.
        place: Place,
        /// What does not hold.
        what: String,
    },
    /// A file in Parquet that is broken or cut short.
    #[error("its Parquet data cannot be read: {0}")]
    Parquet(String),
    /// A file in Parquet whose pages are compressed in a way that is not built in.
    #[error(
        "its pages are compressed with {0}, which this build of launchgate does not read; write it with Snappy"
    )]
    Codec(&'static str),
    /// A type of Parquet that has no meaning here.
    #[error("column `{column}` has the type {found}, which cannot be {role}")]
    ColumnType {
        /// The column.
        column: String,
        /// Its type, as Arrow calls it.
        found: String,
        /// What it was asked for as.
        role: &'static str,
    },
    /// This program was built without it.
    #[error("it is a Parquet file, and this build of launchgate reads none")]
    NoParquet,
}

/// One record of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// From 1, the header not counted; 0 is the header.
    pub row: u64,
    /// The line on which it begins, from 1; `None` in files that have no lines.
    pub line: Option<u64>,
}

impl Place {
    /// The same record, counted from so many rows and lines earlier.
    pub(super) fn after(self, rows: u64, lines: u64) -> Self {
        Self {
            row: self.row + rows,
            line: self.line.map(|line| line + lines),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.line) {
            (0, _) => f.write_str("the header"),
            (row, Some(line)) => write!(f, "row {row} (line {line})"),
            (row, None) => write!(f, "row {row}"),
        }
    }
}

/// The first few of some rows, and how many they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// At most [`Rows::SHOWN`], ascending.
    pub first: Vec<Place>,
    /// All of them.
    pub count: u64,
}

impl Rows {
    /// How many rows are named.
    pub const SHOWN: usize = 5;

    pub(super) fn add(&mut self, place: Place) {
        if self.first.len() < Self::SHOWN {
            self.first.push(place);
        }
        self.count += 1;
    }

    /// Takes in those of a later part of the table, which counted its rows and lines from its own start.
    pub(super) fn append(&mut self, later: &Self, rows: u64, lines: u64) {
        let room = Self::SHOWN - self.first.len();
        self.first.extend(
            later
                .first
                .iter()
                .take(room)
                .map(|place| place.after(rows, lines)),
        );
        self.count += later.count;
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, place) in self.first.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            place.fmt(f)?;
        }
        match self.count - self.first.len() as u64 {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

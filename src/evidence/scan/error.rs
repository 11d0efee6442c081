//! Why a file is no report.

use super::Format;

/// Why a file is no report of a scanner. None of them ever counts as "nothing was found".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// There is nothing in it: no text, no run, no component, no test.
    #[error("it is empty: {what}")]
    Empty {
        /// What is lacking, as a clause.
        what: &'static str,
    },
    /// The text breaks the rules of its syntax, or a limit.
    #[error("line {line}, column {column}: {message}")]
    Text {
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
        /// The fact, without a final period.
        message: String,
    },
    /// It is another format than the document says.
    #[error("it looks like {seen}, not like {stated}")]
    OtherFormat {
        /// What the document says.
        stated: Format,
        /// What it looks like.
        seen: Format,
    },
    /// XML that is no report, where another format is stated.
    #[error("it is XML, and {stated} is none")]
    Xml {
        /// What the document says.
        stated: Format,
    },
    /// No XML, where `JUnit` XML is stated.
    #[error("it is no XML, and JUnit reports are")]
    NotXml,
    /// No format is stated, and it looks like none.
    #[error("it looks like none of the formats that are read")]
    NoFormat,
    /// It lacks what makes it a report of the format.
    #[error("it is not {format}: {message}")]
    NotOne {
        /// The format that it should have.
        format: Format,
        /// What is lacking or other, as a clause.
        message: String,
    },
    /// A part has not the shape that the format gives it.
    #[error("line {line}: `{at}` {message}")]
    Shape {
        /// Where, as a path: `runs[0].results`.
        at: String,
        /// Line, from 1; of what lacks something, where it begins.
        line: u32,
        /// The rest of the sentence: "is a string, not a list".
        message: String,
    },
}

impl ScanError {
    /// Whether there is nothing in it, other than something that cannot be understood.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty { .. })
    }
}

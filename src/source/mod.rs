//! Source texts and places in them: files, byte spans, lines and columns, text made safe for
//! where it is put.
//!
//! Everything above this module speaks of a place as a [`Location`]; only renderers turn it into
//! a line and a column, through the line index that a [`SourceFile`] builds when it is first asked.

mod display;
mod escape;
mod map;
mod table;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};

pub use display::{disarm, display_safe, display_safe_same_length, is_unsafe_to_display, one_line};
pub use escape::{
    json_safe, markdown_code, markdown_inert, markdown_prose, markdown_text, uri_path,
};
pub use map::SourceMap;
pub use table::{csv_cell, csv_table};

/// Which file of a run. Numbers follow the order of discovery, so they sort as paths do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes, `start` inclusive and `end` exclusive, on character boundaries of its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` up to, not including, `end`; a reversed pair becomes empty at `start`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self {
            start,
            end: if end < start { start } else { end },
        }
    }

    /// A span from `usize` offsets, saturating: files are limited to less than 4 GiB.
    pub fn from_range(range: &Range<usize>) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self::new(clamp(range.start), clamp(range.end))
    }

    /// The bytes as a range for slicing.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The span `by` bytes further on, for text that is part of a larger file.
    #[must_use]
    pub const fn shifted(self, by: u32) -> Self {
        Self {
            start: self.start.saturating_add(by),
            end: self.end.saturating_add(by),
        }
    }
}

/// A span in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

/// A place as people count: from 1, columns in characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One text that the gate read: a document, a policy, a config file or standard input.
pub struct SourceFile {
    id: FileId,
    path: Utf8PathBuf,
    text: String,
    line_starts: OnceLock<Box<[u32]>>,
    char_marks: OnceLock<Box<[u32]>>,
}

/// Every so many bytes [`SourceFile`] remembers how many characters came before, so that a column
/// far into a minified line is not counted from the line's start each time.
const CHAR_MARK: usize = 4096;

impl SourceFile {
    /// A file with its path as it shall be shown: relative to the root, with `/`.
    pub fn new(id: FileId, path: impl Into<Utf8PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            id,
            path: path.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            char_marks: OnceLock::new(),
        })
    }

    /// The same file with stars in place of the characters of some spans. Every other byte keeps its
    /// place, and so do white space and the ends of lines.
    pub fn masked(&self, spans: &[Span]) -> Arc<Self> {
        let mut spans = spans.to_vec();
        spans.sort_unstable();
        let mut text = String::with_capacity(self.text.len());
        for span in spans {
            let from = text.len();
            let span = self.clamp(Span::new(span.start, span.end));
            let start = (span.start as usize).max(from);
            let end = (span.end as usize).max(start);
            text.push_str(self.text.get(from..start).unwrap_or_default());
            let masked = self.text.get(start..end).unwrap_or_default();
            text.push_str(&display::stars_same_length(masked));
        }
        text.push_str(self.text.get(text.len()..).unwrap_or_default());
        Self::new(self.id, self.path.clone(), text)
    }

    /// The file's number in this run.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The path relative to the root, with `/` on every system.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The text as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span does not lie in the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The whole file as a location.
    pub fn location(&self, span: Span) -> Location {
        Location {
            file: self.id,
            span: self.clamp(span),
        }
    }

    /// The nearest span that lies in the file and on character boundaries.
    pub fn clamp(&self, span: Span) -> Span {
        let floor = |at: u32| {
            let mut at = (at as usize).min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        Span::from_range(&(floor(span.start)..floor(span.end)))
    }

    /// How many lines the file has; a text without a final newline ends in a line of its own.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The bytes of line `line` (from 1) without its line end.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let starts = self.line_starts();
        let index = (line as usize).checked_sub(1)?;
        let start = *starts.get(index)?;
        let end = starts
            .get(index + 1)
            .map_or(self.text.len(), |&next| next as usize);
        let text = self.text.get(start as usize..end)?;
        let trimmed = text.trim_end_matches(['\n', '\r']);
        Some(Span::new(
            start,
            start + u32::try_from(trimmed.len()).unwrap_or(u32::MAX),
        ))
    }

    /// Line and column of a byte. A byte inside a character counts as that character's start.
    pub fn line_column(&self, byte: u32) -> LineColumn {
        let starts = self.line_starts();
        let byte = self.clamp(Span::new(byte, byte)).start;
        let line = starts.partition_point(|&start| start <= byte).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let column = self.chars_between(start as usize, byte as usize) + 1;
        LineColumn {
            line: to_u32(line),
            column: to_u32(column),
        }
    }

    /// How many characters start in `start..end`.
    fn chars_between(&self, start: usize, end: usize) -> usize {
        if end - start <= 2 * CHAR_MARK {
            return self.count_chars(start..end);
        }
        let marks = self.char_marks.get_or_init(|| {
            let chunks = self.text.as_bytes().chunks(CHAR_MARK);
            let marks = chunks.scan(0, |before, chunk| {
                *before += chunk.iter().filter(|&&byte| starts_char(byte)).count();
                Some(to_u32(*before))
            });
            std::iter::once(0).chain(marks).collect()
        });
        let before = |at: usize| {
            let mark = marks.get(at / CHAR_MARK).map_or(0, |&mark| mark as usize);
            mark + self.count_chars(at - at % CHAR_MARK..at)
        };
        before(end) - before(start)
    }

    fn count_chars(&self, range: Range<usize>) -> usize {
        let bytes = self.text.as_bytes().get(range).unwrap_or_default();
        bytes.iter().filter(|&&byte| starts_char(byte)).count()
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let newlines = self
                .text
                .bytes()
                .enumerate()
                .filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0)
                .chain(newlines.map(|(at, _)| to_u32(at + 1)))
                .collect()
        })
    }
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SourceFile({}, {}, {} bytes)",
            self.id.0,
            self.path,
            self.text.len()
        )
    }
}

/// Whether a byte of UTF-8 is the first of a character.
const fn starts_char(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let file = SourceFile::new(FileId(0), "a.yaml", "éé: x\r\nb: 你好 y\n");
        let at = |needle: &str| {
            let byte = u32::try_from(file.text().find(needle).unwrap()).unwrap();
            let place = file.line_column(byte);
            (place.line, place.column)
        };
        assert_eq!(at("x"), (1, 5));
        assert_eq!(at("b"), (2, 1));
        assert_eq!(at("y"), (2, 7));
        assert_eq!(file.line_count(), 3);
        assert_eq!(file.slice(file.line_span(1).unwrap()), "éé: x");
        assert_eq!(
            file.line_column(u32::MAX),
            LineColumn { line: 3, column: 1 }
        );
    }

    #[test]
    fn columns_far_into_a_long_line_are_counted_too() {
        for len in [8190, 8192, 12_285, 40_001] {
            let text = format!("a: 1\n{}x", "é".repeat(len));
            let file = SourceFile::new(FileId(0), "a.json", text);
            let end = to_u32(file.text().len());
            assert_eq!(
                file.line_column(end),
                LineColumn {
                    line: 2,
                    column: to_u32(len + 2)
                }
            );
        }
    }

    #[test]
    fn spans_are_clamped_to_characters_of_the_file() {
        let file = SourceFile::new(FileId(0), "a.yaml", "é");
        assert_eq!(file.clamp(Span::new(1, 900)), Span::new(0, 2));
        assert_eq!(file.slice(Span::new(1, 2)), "");
    }
}

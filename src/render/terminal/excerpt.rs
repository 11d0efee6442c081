//! One box of source lines, composed for miette: our [`SourceCode`] and [`Diagnostic`].
//!
//! miette is handed the few lines that it shall draw, safe to print and cut to the width, with the
//! labels moved to match; so its cost does not depend on the size of the file.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::layout::{Place, Row, line_span, window};
use super::text::{clip, one_line, width, wrap_hard};
use super::theme::{Role, Theme};
use crate::source::{LineColumn, SourceFile, Span, display_safe_same_length};

/// Full lines of a label; the JSON report has all of it.
const LABEL_LINES: usize = 4;

/// Columns that a label may take even where its mark stands far to the right.
const LABEL_COLUMNS: usize = 32;

/// Lines from one file with labels in them.
#[derive(Debug)]
pub(super) struct Excerpt {
    path: String,
    text: String,
    /// Number of the first line, from 1.
    first_line: u32,
    last_line: u32,
    /// What the box is headed with.
    at: LineColumn,
    labels: Vec<Mark>,
}

#[derive(Debug)]
struct Mark {
    range: Range<usize>,
    text: String,
    role: Role,
    primary: bool,
}

impl Excerpt {
    /// Composes the lines of `rows` and, with `context`, the line before and the line behind.
    /// The primary label has the role `primary`.
    pub(super) fn compose(
        file: &SourceFile,
        rows: &[Row],
        context: bool,
        primary: Role,
        theme: &Theme,
    ) -> Option<Self> {
        let (first_row, last_row) = (rows.first()?, rows.last()?);
        let places = || rows.iter().flat_map(|row| &row.places);
        let at = places().find(|place| place.primary).or(places().next())?.at;
        let mut excerpt = Self {
            path: one_line(file.path().as_str()),
            text: String::new(),
            first_line: first_row.line,
            last_line: last_row.line,
            at,
            labels: Vec::new(),
        };
        let has_text = |line: u32| {
            line_span(file, line).is_some_and(|span| {
                file.slice(Span::new(span.start, span.end.min(span.start + 512)))
                    .contains(|c: char| !c.is_whitespace())
            })
        };
        if context && has_text(first_row.line - 1) {
            excerpt.first_line -= 1;
        }
        if context && has_text(last_row.line + 1) {
            excerpt.last_line += 1;
        }
        let columns = text_columns(excerpt.last_line, theme);
        for line in excerpt.first_line..=excerpt.last_line {
            let row = rows.iter().find(|row| row.line == line);
            excerpt.push_line(file, line, row, columns, primary, theme);
        }
        Some(excerpt)
    }

    fn push_line(
        &mut self,
        file: &SourceFile,
        line: u32,
        row: Option<&Row>,
        columns: usize,
        primary: Role,
        theme: &Theme,
    ) {
        let Some(whole) = line_span(file, line) else {
            return;
        };
        let shown = match row {
            Some(row) => row.shown,
            None => window(file, whole, Span::new(whole.start, whole.start), columns),
        };
        let line_start = self.text.len();
        if shown.start > whole.start {
            self.text.push_str(theme.ellipsis());
        }
        let base = self.text.len();
        self.text
            .push_str(&display_safe_same_length(file.slice(shown)));
        let mut end = self.text.len();
        for place in row.map_or(&[][..], |row| &row.places) {
            let offset =
                |byte: u32| base + (byte.clamp(shown.start, shown.end) - shown.start) as usize;
            let mut range = offset(place.span.start)..offset(place.span.end);
            if range.is_empty() {
                range.end = range.start + 1;
                end = end.max(range.end);
            }
            let before = self.text.get(line_start..range.start).unwrap_or_default();
            let covered = self.text.get(range.clone()).unwrap_or_default();
            let mark_column = width(before) + width(covered) / 2;
            self.labels.push(Mark {
                range,
                text: label_text(place, columns.saturating_sub(mark_column + 4), theme),
                role: if place.primary {
                    primary
                } else {
                    Role::Related
                },
                primary: place.primary,
            });
        }
        if end > self.text.len() {
            // A mark behind the last character needs something to stand under.
            self.text.push(' ');
        }
        if shown.end < whole.end {
            self.text.push_str(theme.ellipsis());
        }
        self.text.push('\n');
    }

    /// Columns of the line numbers.
    pub(super) fn number_width(&self) -> usize {
        digits(self.last_line)
    }

    /// The drawn box, its numbers right-aligned to `number_width` columns, each line ended.
    pub(super) fn draw(&self, theme: &Theme, number_width: usize) -> String {
        let mut drawn = String::new();
        let handler = theme.handler(self.labels.iter().map(|label| label.role));
        if handler.render_report(&mut drawn, self).is_err() {
            // Writing to a string does not fail, and `read_span` does not either.
            return String::new();
        }
        let indent = " ".repeat(number_width.saturating_sub(self.number_width()));
        drawn
            .lines()
            .filter(|line| !line.is_empty())
            .fold(String::new(), |out, line| {
                out + &indent + line.trim_end() + "\n"
            })
    }
}

/// The columns that are left for text beside the numbers of lines up to `last_line`.
pub(super) fn text_columns(last_line: u32, theme: &Theme) -> usize {
    theme
        .width
        .saturating_sub(digits(last_line) + 4 + 2 * width(theme.ellipsis()))
}

fn digits(number: u32) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

fn label_text(place: &Place, columns: usize, theme: &Theme) -> String {
    let columns = columns.max(LABEL_COLUMNS);
    let text = one_line(&place.text);
    let text = clip(&text, LABEL_LINES * columns, theme.ellipsis());
    wrap_hard(&text, columns).join("\n")
}

impl SourceCode for Excerpt {
    /// Every span of the excerpt reads the whole of it: it is one box. Asked for no context, which
    /// miette does for the box's head alone, it answers with the place to show there.
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (line, column) = if before == 0 {
            (self.at.line - 1, self.at.column - 1)
        } else {
            (self.first_line - 1, 0)
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            line as usize,
            column as usize,
            (self.last_line - self.first_line) as usize + 1,
        )))
    }
}

impl Diagnostic for Excerpt {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            if label.primary {
                LabeledSpan::new_primary_with_span(text, label.range.clone())
            } else {
                LabeledSpan::new_with_span(text, label.range.clone())
            }
        })))
    }
}

/// Nothing: the message of a finding is written above its boxes, not by miette.
impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

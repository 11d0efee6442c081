//! Reads TOML, by the spans of `toml_edit`. Dates and times are strings, as they are in YAML.
//!
//! A table reaches from its header, or the first of its dotted keys, to its last value; tables
//! out of order give spans that overlap.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Array, Document, InlineTable, Item, Key, TableLike, TomlError, Value};

use super::Limits;
use super::builder::{BuildError, TreeBuilder};
use super::decode::bom_len;
use super::node::Scalar;
use super::number;
use super::problem::{Problems, Stop, put_key};
use super::tree::{Style, Tree};
use crate::source::{SourceFile, Span};

/// Reads a file of TOML. Blank text is an empty mapping.
pub(super) fn read(source: &Arc<SourceFile>, limits: &Limits, problems: &mut Problems) -> Tree {
    let mut builder = TreeBuilder::new(Arc::clone(source), limits);
    let text = source.text();
    let whole = Span::from_range(&(bom_len(text)..text.len()));
    read_open_mapping(text, whole, &mut builder, problems);
    builder.finish()
}

/// Reads TOML that may be part of a file and leaves its mapping open in `builder`. `false`: it
/// could not be read at all.
pub(super) fn read_open_mapping(
    text: &str,
    part: Span,
    builder: &mut TreeBuilder,
    problems: &mut Problems,
) -> bool {
    let toml = text.get(part.range()).unwrap_or_default();
    let document = match Document::parse(toml) {
        Ok(document) => document,
        Err(error) => {
            syntax_error(&error, part.start, problems);
            return false;
        }
    };
    let mut reader = Reader {
        text,
        base: part.start,
        builder,
        problems,
    };
    // What there is to say is among the problems.
    let _ = reader.root(document.as_table());
    while builder.depth() > 1 {
        builder.end(None);
    }
    comments(toml, part.start, builder);
    true
}

fn syntax_error(error: &TomlError, base: u32, problems: &mut Problems) {
    let span = error.span().unwrap_or_default();
    let span = Span::from_range(&span).shifted(base);
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let finding = if message.starts_with("duplicate key") {
        problems.at("duplicate-key", span, "the key stands twice in one table")
    } else if message.contains("recursion") {
        problems.at("limit", span, "nesting is deeper than the limit")
    } else {
        problems.at("syntax", span, message)
    };
    problems.fatal(finding.with_help("Correct the TOML here"));
}

struct Reader<'s, 'b> {
    text: &'s str,
    base: u32,
    builder: &'b mut TreeBuilder,
    problems: &'b mut Problems,
}

impl Reader<'_, '_> {
    fn root(&mut self, table: &dyn TableLike) -> Result<(), Stop> {
        let first = table
            .iter()
            .next()
            .and_then(|(name, _)| table.key(name)?.span());
        let start = first.map_or(0, |span| span.start);
        let start = self.place(start..start);
        self.begin(start, TreeBuilder::begin_mapping)?;
        self.entries(table, start)
    }

    /// Puts the entries of the open mapping; `otherwise` is a place for keys that have none.
    fn entries(&mut self, table: &dyn TableLike, otherwise: Span) -> Result<(), Stop> {
        for (name, item) in table.iter() {
            let key = table.key(name);
            let span = key
                .and_then(Key::span)
                .map_or(otherwise, |span| self.place(span));
            if matches!(item, Item::None) {
                continue;
            }
            put_key(self.builder, self.problems, name, span)?;
            self.item(item, Span::new(span.end, span.end))?;
        }
        Ok(())
    }

    fn item(&mut self, item: &Item, otherwise: Span) -> Result<(), Stop> {
        match item {
            Item::None => Ok(()),
            Item::Value(value) => self.value(value, otherwise),
            Item::Table(table) => {
                let place = table.span().map_or(otherwise, |span| self.place(span));
                self.begin(place, TreeBuilder::begin_mapping)?;
                self.entries(table, place)?;
                self.builder.end(None);
                Ok(())
            }
            Item::ArrayOfTables(tables) => {
                let first = tables.iter().find_map(toml_edit::Table::span);
                let place = first.map_or(otherwise, |span| self.place(span));
                self.begin(place, TreeBuilder::begin_sequence)?;
                for table in tables {
                    let place = table.span().map_or(place, |span| self.place(span));
                    self.begin(place, TreeBuilder::begin_mapping)?;
                    self.entries(table, place)?;
                    self.builder.end(None);
                }
                self.builder.end(None);
                Ok(())
            }
        }
    }

    fn value(&mut self, value: &Value, otherwise: Span) -> Result<(), Stop> {
        let span = value.span().map_or(otherwise, |span| self.place(span));
        match value {
            Value::String(text) => self.scalar(Scalar::String(text.value()), span),
            Value::Integer(number) => self.scalar(Scalar::Int(*number.value()), span),
            Value::Float(number) => {
                let written = self.text.get(span.range()).unwrap_or_default();
                let number = *number.value();
                if number.is_infinite() && !written.contains("inf") {
                    number::too_large(self.problems, span)?;
                }
                self.scalar(Scalar::Float(number), span)
            }
            Value::Boolean(value) => self.scalar(Scalar::Bool(*value.value()), span),
            Value::Datetime(date) => {
                // As it is written, as every date of a document is.
                let written = self.text.get(span.range()).unwrap_or_default();
                if written.is_empty() {
                    self.scalar(Scalar::String(&date.value().to_string()), span)
                } else {
                    self.scalar(Scalar::String(written), span)
                }
            }
            Value::Array(array) => self.array(array, span),
            Value::InlineTable(table) => self.inline_table(table, span),
        }
    }

    fn array(&mut self, array: &Array, span: Span) -> Result<(), Stop> {
        self.begin(span, TreeBuilder::begin_sequence)?;
        for value in array {
            self.value(value, span)?;
        }
        self.builder.end(None);
        Ok(())
    }

    fn inline_table(&mut self, table: &InlineTable, span: Span) -> Result<(), Stop> {
        self.begin(span, TreeBuilder::begin_mapping)?;
        self.entries(table, span)?;
        self.builder.end(None);
        Ok(())
    }

    fn begin<T>(
        &mut self,
        span: Span,
        begin: impl FnOnce(&mut TreeBuilder, Span) -> Result<T, BuildError>,
    ) -> Result<(), Stop> {
        match begin(self.builder, span) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.problems.refused(error, span)),
        }
    }

    fn scalar(&mut self, scalar: Scalar<'_>, span: Span) -> Result<(), Stop> {
        match self.builder.scalar(scalar, span, Style::Quoted) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.problems.refused(error, span)),
        }
    }

    fn place(&self, range: Range<usize>) -> Span {
        Span::from_range(&range).shifted(self.base)
    }
}

/// Keeps the comments of a TOML text that is known to be well-formed.
fn comments(toml: &str, base: u32, builder: &mut TreeBuilder) {
    let mut at = 0;
    while let Some(rest) = toml.get(at..) {
        let Some(found) = rest.find(['#', '"', '\'']) else {
            return;
        };
        at += found;
        let rest = rest.get(found..).unwrap_or_default();
        let len = if rest.starts_with('#') {
            let line = rest.find('\n').unwrap_or(rest.len());
            let comment = rest.get(..line).unwrap_or_default().trim_end_matches('\r');
            let span = Span::from_range(&(at..at + comment.len()));
            builder.comment(span.shifted(base));
            line
        } else {
            string_len(rest)
        };
        at += len;
    }
}

/// The length of the string that `rest` begins with, quotes included.
fn string_len(rest: &str) -> usize {
    let quote = if rest.starts_with('"') { b'"' } else { b'\'' };
    let bytes = rest.as_bytes();
    let fence = bytes.iter().take_while(|&&byte| byte == quote).count();
    let width = match fence {
        1 => 1,
        // Two quotes are an empty string; six or more, an empty one of several lines.
        2 => return 2,
        6.. => return 6,
        _ => 3,
    };
    let mut at = width;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && quote == b'"' {
            at += 2;
        } else if byte == quote {
            let run = bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|&&byte| byte == quote)
                .count();
            // A string of several lines may end in quotes of its own before the closing three.
            if run >= width {
                return at + if width == 1 { 1 } else { run };
            }
            at += run;
        } else {
            at += 1;
        }
    }
    rest.len()
}

//! Reads Markdown: front matter gives the mapping, the body its `sections`.
//!
//! Each section is a mapping of `title`, `level`, `text`, `full_text`, `items` and `tables`:
//!
//! - `text` is what is written between this heading and the next, without markup: blocks, list
//!   items and table rows on lines of their own. HTML comments are no text.
//! - `full_text` is `text` together with that of the sections below this one.
//! - `items` are the list items, nested ones after their parents; a task begins with `[x]` or `[ ]`.
//! - `tables` are `{header: [..], rows: [[..]]}`, every cell a string.
//!
//! What stands before the first heading is a section of level 0 without a title. Keys of a
//! section stand nowhere in the file: the heading is their place.

mod body;
mod front_matter;

use std::sync::Arc;

use super::builder::{BuildError, TreeBuilder};
use super::decode::bom_len;
use super::node::Scalar;
use super::problem::{Problems, Stop};
use super::tree::{Style, Tree};
use super::{Limits, Syntax, toml, yaml};
use crate::source::{SourceFile, Span};
use body::{Section, Table, Text};
use front_matter::{Fence, FrontMatter};

/// The key that the body's sections are put under.
const SECTIONS: &str = "sections";

/// Reads a file of Markdown; the root is always a mapping that holds `sections`.
pub(super) fn read(source: &Arc<SourceFile>, limits: &Limits, problems: &mut Problems) -> Tree {
    let text = source.text();
    let start = bom_len(text);
    let mut builder = TreeBuilder::new(Arc::clone(source), limits);
    let mut body_start = start;
    let mut open = false;
    match front_matter::find(text, start) {
        FrontMatter::None => {}
        FrontMatter::Found {
            fence,
            opening,
            content,
            body,
        } => {
            body_start = body;
            open = match fence {
                Fence::Yaml => {
                    yaml::read_open_mapping(text, content, limits, &mut builder, problems)
                }
                Fence::Toml => toml::read_open_mapping(text, content, &mut builder, problems),
            };
            if !open && !builder.tree().is_empty() {
                let finding = problems
                    .at("front-matter", opening, "the front matter holds no keys")
                    .with_help("Write `key: value` lines between the fences");
                problems.fatal(finding);
            }
        }
        FrontMatter::Unclosed { opening, body } => {
            body_start = body;
            let fence = text.get(opening.range()).unwrap_or_default();
            let finding = problems
                .at("front-matter", opening, "the front matter is not closed")
                .with_help(format!("Put a line `{fence}` behind its last key"));
            problems.fatal(finding);
        }
        FrontMatter::NotFirst { opening } => {
            let finding = problems
                .at(
                    "front-matter",
                    opening,
                    "the front matter does not begin on the first line, so it is plain text",
                )
                .with_help("Remove what stands before it");
            problems.fatal(finding);
        }
    }
    if !open {
        // What was read was no mapping; the root is one.
        builder = TreeBuilder::new(Arc::clone(source), limits);
    }
    let body = body::collect(text, body_start);
    for comment in &body.comments {
        builder.comment(*comment);
    }
    let end = Span::from_range(&(text.len()..text.len()));
    let mut writer = Writer {
        builder: &mut builder,
        problems,
        at: end,
    };
    // What there is to say is among the problems.
    let _ = writer.root(open, &body.sections);
    builder.finish()
}

/// How the front matter of a text is written, and where it stands.
pub(super) fn data_of_front_matter(text: &str) -> Option<(Syntax, Span)> {
    match front_matter::find(text, bom_len(text)) {
        FrontMatter::Found { fence, content, .. } => {
            let syntax = match fence {
                Fence::Yaml => Syntax::Yaml,
                Fence::Toml => Syntax::Toml,
            };
            Some((syntax, content))
        }
        _ => None,
    }
}

/// Puts sections into the tree.
struct Writer<'b> {
    builder: &'b mut TreeBuilder,
    problems: &'b mut Problems,
    /// The place of keys: the heading.
    at: Span,
}

impl Writer<'_> {
    fn root(&mut self, open: bool, sections: &[Section]) -> Result<(), Stop> {
        let first = sections.first().map_or(self.at, |section| section.heading);
        if !open {
            self.took(|builder| builder.begin_mapping(first))?;
        }
        match self.builder.key(SECTIONS, first) {
            Ok(()) => {}
            Err(BuildError::DuplicateKey(place)) => {
                let finding = self
                    .problems
                    .at(
                        "front-matter",
                        place,
                        "the key `sections` is taken by the sections of the text",
                    )
                    .with_help("Rename the key")
                    .with_pointer("/sections");
                return Err(self.problems.fatal(finding));
            }
            Err(error) => return Err(self.problems.refused(error, first)),
        }
        self.took(|builder| builder.begin_sequence(first))?;
        for (index, section) in sections.iter().enumerate() {
            let below = sections
                .get(index + 1..)
                .unwrap_or_default()
                .iter()
                .take_while(|other| section.level > 0 && other.level > section.level);
            self.section(section, below)?;
        }
        self.builder.end(None);
        self.builder.end(None);
        Ok(())
    }

    fn section<'s>(
        &mut self,
        section: &Section,
        below: impl Iterator<Item = &'s Section>,
    ) -> Result<(), Stop> {
        self.at = section.heading;
        let nothing = Span::new(self.at.end, self.at.end);
        self.took(|builder| builder.begin_mapping(section.heading))?;
        self.key("title")?;
        self.text(&section.title, section.level_mark)?;
        self.key("level")?;
        self.took(|builder| {
            let level = Scalar::Int(i64::from(section.level));
            builder.scalar(level, section.level_mark, Style::Plain)
        })?;
        self.key("text")?;
        self.text(&section.text, nothing)?;
        self.key("full_text")?;
        let mut full = section.text.clone();
        for other in below {
            full.append(&other.text);
        }
        self.text(&full, nothing)?;
        self.key("items")?;
        self.texts(&section.items, nothing)?;
        self.key("tables")?;
        let tables = section.tables.first().map_or(nothing, |t| t.header_span);
        self.took(|builder| builder.begin_sequence(tables))?;
        for table in &section.tables {
            self.table(table)?;
        }
        self.builder.end(None);
        self.builder.end(None);
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), Stop> {
        self.at = table.header_span;
        self.took(|builder| builder.begin_mapping(table.header_span))?;
        self.key("header")?;
        self.texts(&table.header, table.header_span)?;
        self.key("rows")?;
        let below = Span::new(table.header_span.end, table.header_span.end);
        let rows = table.rows.first().map_or(below, |(span, _)| *span);
        self.took(|builder| builder.begin_sequence(rows))?;
        for (span, row) in &table.rows {
            self.texts(row, *span)?;
        }
        self.builder.end(None);
        self.builder.end(None);
        Ok(())
    }

    /// Puts a list that stands at `place`, or at its texts if nothing marks it.
    fn texts(&mut self, texts: &[Text], place: Span) -> Result<(), Stop> {
        let first = texts.first().and_then(Text::span);
        let begin = first.filter(|_| place.is_empty()).unwrap_or(place);
        self.took(|builder| builder.begin_sequence(begin))?;
        for text in texts {
            self.text(text, place)?;
        }
        self.builder.end(None);
        Ok(())
    }

    /// Puts a text; one without a character stands at the end of `place`.
    fn text(&mut self, text: &Text, place: Span) -> Result<(), Stop> {
        let span = text.span().unwrap_or(Span::new(place.end, place.end));
        self.took(|builder| builder.scalar(Scalar::String(text.as_str()), span, Style::Plain))
    }

    fn key(&mut self, key: &str) -> Result<(), Stop> {
        let at = self.at;
        self.took(|builder| builder.key(key, at))
    }

    fn took<T>(
        &mut self,
        put: impl FnOnce(&mut TreeBuilder) -> Result<T, BuildError>,
    ) -> Result<(), Stop> {
        match put(self.builder) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.problems.refused(error, self.at)),
        }
    }
}

#[cfg(test)]
mod tests;

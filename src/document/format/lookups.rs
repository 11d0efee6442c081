//! Finds what a format names in prose: sections by their titles, values by their labels.

use std::sync::Arc;

use crate::expr::Type;
use crate::source::{SourceFile, Span};
use crate::value::{Limits, NodeRef, Scalar, Style, Tree, TreeBuilder};

/// The variables under which it is found what a format gives names to.
pub(super) const KEYS: [&str; 5] = ["section", "label", "row", "property", "table"];

/// The sections, labels, rows of tables, properties and tables that a format gives names to.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    sections: Vec<Named>,
    labels: Vec<Named>,
    rows: Vec<Named>,
    properties: Vec<Named>,
    tables: Vec<Named<Vec<Named>>>,
}

#[derive(Debug)]
struct Named<T = ()> {
    name: Box<str>,
    /// The titles, labels or names that are meant, best first.
    meant: Vec<Meant>,
    /// What is named within it.
    within: T,
}

/// A title that is meant: folded, in parts where `*` stands for any words.
#[derive(Debug)]
struct Meant(Vec<String>);

impl Meant {
    fn new(text: &str) -> Self {
        Self(text.split('*').map(fold).collect())
    }

    fn is(&self, title: &str) -> bool {
        let title = fold(title);
        let Some((first, rest)) = self.0.split_first() else {
            return false;
        };
        let Some((last, between)) = rest.split_last() else {
            return title == *first;
        };
        let Some(mut left) = title.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in between {
            let Some((_, behind)) = left.split_once(part.as_str()) else {
                return false;
            };
            left = behind;
        }
        left.ends_with(last.as_str())
    }
}

impl Lookups {
    pub(super) fn load(root: NodeRef<'_>) -> Self {
        let all = |node: NodeRef<'_>| -> Vec<Meant> {
            let texts = node.items().filter_map(NodeRef::as_str);
            texts.map(Meant::new).collect()
        };
        let below = |node: Option<NodeRef<'_>>| -> Vec<Named> {
            let entries = node.into_iter().flat_map(NodeRef::entries);
            entries
                .map(|entry| Named {
                    name: entry.key.into(),
                    meant: all(entry.value),
                    within: (),
                })
                .collect()
        };
        let named = |key: &str| below(root.get(key));
        let tables = root.get("tables").into_iter().flat_map(NodeRef::entries);
        let tables = tables.map(|entry| Named {
            name: entry.key.into(),
            meant: entry.value.get("sections").map(all).unwrap_or_default(),
            within: below(entry.value.get("columns")),
        });
        Self {
            sections: named("sections"),
            labels: named("labels"),
            rows: named("rows"),
            properties: named("properties"),
            tables: tables.collect(),
        }
    }

    /// The types of the variables [`KEYS`].
    pub(super) fn types(&self) -> [Type; 5] {
        let object = |name: &str, named: &[Named], value: &Type| {
            let fields = named.iter().map(|named| (&*named.name, value.clone()));
            Type::object(name, fields)
        };
        [
            object("section", &self.sections, &Type::Dyn),
            object("label", &self.labels, &Type::String),
            object("row", &self.rows, &Type::String),
            object("property", &self.properties, &Type::Dyn),
            Type::object(
                "table",
                self.tables.iter().map(|named| (&*named.name, Type::Dyn)),
            ),
        ]
    }

    /// An empty result.
    pub(super) fn none(source: &SourceFile) -> Tree {
        let empty = SourceFile::new(source.id(), source.path(), "");
        TreeBuilder::new(empty, &Limits::default()).finish()
    }

    /// `{section: {..}, label: {..}, ..}`, holding what a document has of them. What lies behind
    /// the keys `ways` is not its own. The tables of `others` count as its own, behind these.
    pub(super) fn find(
        &self,
        source: &SourceFile,
        root: NodeRef<'_>,
        ways: &[Box<str>],
        others: &[NodeRef<'_>],
    ) -> Tree {
        let Some(file) = root.tree().sources().first() else {
            return Self::none(source);
        };
        let own = sections(root);
        let others = others.iter().flat_map(|other| sections(*other));
        let tables: Vec<_> = own.iter().copied().chain(others).collect();
        let mut builder = TreeBuilder::new(Arc::clone(file), &Limits::default());
        let at = root.address().span;
        // A document at the limit of nodes has no room for a second copy; it is then not found.
        let mut properties = Vec::new();
        if !self.properties.is_empty() {
            collect_properties(root, ways, false, &mut properties);
        }
        let built = self.build(&mut builder, at, (&own, &tables), &properties);
        if built.is_none() {
            return Self::none(source);
        }
        builder.finish()
    }

    fn build(
        &self,
        builder: &mut TreeBuilder,
        at: Span,
        (sections, tables): (&[NodeRef<'_>], &[NodeRef<'_>]),
        properties: &[(&str, NodeRef<'_>)],
    ) -> Option<()> {
        builder.begin_mapping(at).ok()?;
        builder.key("section", at).ok()?;
        builder.begin_mapping(at).ok()?;
        for named in &self.sections {
            if let Some(section) = section(sections, &named.meant) {
                builder.key(&named.name, section.address().span).ok()?;
                builder.copy(section).ok()?;
            }
        }
        builder.end(None);
        builder.key("label", at).ok()?;
        builder.begin_mapping(at).ok()?;
        for named in &self.labels {
            if let Some((label, value, span)) = labelled(sections, &named.meant) {
                builder.key(&named.name, label).ok()?;
                builder
                    .scalar(Scalar::String(value), span, Style::Plain)
                    .ok()?;
            }
        }
        builder.end(None);
        builder.key("row", at).ok()?;
        builder.begin_mapping(at).ok()?;
        for named in &self.rows {
            if let Some((label, value)) = row(tables, &named.meant) {
                let at = label.address().span;
                builder.key_in(&named.name, at, label.source()).ok()?;
                builder.copy(value).ok()?;
            }
        }
        builder.end(None);
        builder.key("property", at).ok()?;
        builder.begin_mapping(at).ok()?;
        for named in &self.properties {
            let found: Vec<_> = named
                .meant
                .iter()
                .map(|meant| {
                    let known = properties.iter().filter(|(name, _)| meant.is(name));
                    known.map(|(_, value)| *value).collect::<Vec<_>>()
                })
                .find(|values| !values.is_empty())
                .unwrap_or_default();
            match found.as_slice() {
                [] => {}
                [one] => {
                    builder.key(&named.name, one.address().span).ok()?;
                    builder.copy(*one).ok()?;
                }
                [first, ..] => {
                    builder.key(&named.name, first.address().span).ok()?;
                    builder.begin_sequence(first.address().span).ok()?;
                    found
                        .iter()
                        .try_for_each(|value| builder.copy(*value).ok().map(drop))?;
                    builder.end(None);
                }
            }
        }
        builder.end(None);
        builder.key("table", at).ok()?;
        builder.begin_mapping(at).ok()?;
        for named in &self.tables {
            builder.key(&named.name, at).ok()?;
            builder.begin_sequence(at).ok()?;
            titled(sections, &named.meant)
                .into_iter()
                .filter_map(|section| section.get("tables"))
                .flat_map(NodeRef::items)
                .try_for_each(|table| rows(builder, table, &named.within))?;
            builder.end(None);
        }
        builder.end(None);
        builder.end(None);
        Some(())
    }
}

/// The sections with these titles, and those below them.
fn titled<'t>(sections: &[NodeRef<'t>], meant: &[Meant]) -> Vec<NodeRef<'t>> {
    let mut above = None;
    let mut within = |section: &&NodeRef<'t>| {
        let level = section.get("level").and_then(NodeRef::as_i64).unwrap_or(0);
        let title = section.get("title").and_then(NodeRef::as_str);
        let is = title.is_some_and(|title| meant.iter().any(|meant| meant.is(title)));
        if above.is_some_and(|above| level > above) {
            return true;
        }
        above = is.then_some(level);
        is
    };
    sections
        .iter()
        .filter(|section| within(section))
        .copied()
        .collect()
}

/// Puts the rows of a table as mappings of the columns that its header names. A table without the
/// first of these columns is about something else.
fn rows(builder: &mut TreeBuilder, table: NodeRef<'_>, columns: &[Named]) -> Option<()> {
    let header: Vec<_> = table
        .get("header")
        .into_iter()
        .flat_map(NodeRef::items)
        .collect();
    let place = |column: &Named| {
        column.meant.iter().find_map(|meant| {
            let is = |cell: &NodeRef<'_>| cell.as_str().is_some_and(|text| meant.is(text));
            header.iter().position(is)
        })
    };
    let places: Vec<_> = columns
        .iter()
        .map(|column| (column, place(column)))
        .collect();
    if !matches!(places.first(), Some((_, Some(_)))) {
        return Some(());
    }
    for row in table.get("rows").into_iter().flat_map(NodeRef::items) {
        let cells: Vec<_> = places
            .iter()
            .filter_map(|(column, place)| Some((column, row.item((*place)?)?)))
            .filter(|(_, cell)| cell.as_str().is_some_and(|text| !text.trim().is_empty()))
            .collect();
        if cells.is_empty() {
            continue;
        }
        builder.begin_mapping(row.address().span).ok()?;
        for (column, cell) in cells {
            builder.key(&column.name, cell.address().span).ok()?;
            builder.copy(cell).ok()?;
        }
        builder.end(None);
    }
    Some(())
}

fn sections(root: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let sections = root.get("sections").into_iter();
    sections.flat_map(NodeRef::items).collect()
}

/// The first section with the best title that has any text.
fn section<'t>(sections: &[NodeRef<'t>], meant: &[Meant]) -> Option<NodeRef<'t>> {
    meant.iter().find_map(|meant| {
        sections.iter().copied().find(|section| {
            let title = section
                .get("title")
                .and_then(NodeRef::as_str)
                .unwrap_or_default();
            let text = section
                .get("full_text")
                .and_then(NodeRef::as_str)
                .unwrap_or_default();
            meant.is(title) && !text.trim().is_empty()
        })
    })
}

/// The first line `label: value` with the best label, with the places of both.
fn labelled<'t>(sections: &[NodeRef<'t>], meant: &[Meant]) -> Option<(Span, &'t str, Span)> {
    meant.iter().find_map(|meant| {
        sections.iter().find_map(|section| {
            let items = section.get("items").into_iter().flat_map(NodeRef::items);
            let texts = items.chain(section.get("text"));
            texts.into_iter().find_map(|text| {
                text.as_str()?.lines().find_map(|line| {
                    let (label, value) = line.split_once(':')?;
                    let value = value.trim();
                    (meant.is(label) && !value.is_empty()).then(|| place(text, label.trim(), value))
                })
            })
        })
    })
}

/// The first row of a table with the best label in its first cell, and something in its second.
fn row<'t>(sections: &[NodeRef<'t>], meant: &[Meant]) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
    meant.iter().find_map(|meant| {
        let tables = sections.iter().filter_map(|section| section.get("tables"));
        let rows = tables
            .flat_map(NodeRef::items)
            .filter_map(|table| table.get("rows"));
        rows.flat_map(NodeRef::items).find_map(|row| {
            let (label, value) = (row.item(0)?, row.item(1)?);
            let filled = !value.as_str()?.trim().is_empty();
            (filled && meant.is(label.as_str()?)).then_some((label, value))
        })
    })
}

/// The name-value pairs below a node, as BOMs have them: `{name, value}` in lists `properties` of
/// JSON, elements `property` with `@name` of XML.
fn collect_properties<'t>(
    node: NodeRef<'t>,
    ways: &[Box<str>],
    within: bool,
    found: &mut Vec<(&'t str, NodeRef<'t>)>,
) {
    if within && node.is_mapping() {
        let name = node.get("name").or_else(|| node.get("@name"));
        let value = node.get("value").or_else(|| node.get("#text"));
        if let (Some(name), Some(value)) = (name.and_then(NodeRef::as_str), value) {
            found.push((name, value));
            return;
        }
    }
    for item in node.items() {
        collect_properties(item, ways, within, found);
    }
    for entry in node.entries() {
        if !ways.iter().any(|way| **way == *entry.key) {
            let within = matches!(entry.key, "properties" | "property");
            collect_properties(entry.value, ways, within, found);
        }
    }
}

/// Where label and value stand in a node's text, as it was written with its markup.
fn place<'t>(node: NodeRef<'t>, label: &str, value: &'t str) -> (Span, &'t str, Span) {
    let raw = node.raw();
    let whole = node.span();
    let Some(label_at) = raw.find(label) else {
        return (whole, value, whole);
    };
    let behind = label_at + label.len();
    let found = raw.get(behind..).and_then(|rest| rest.find(value));
    let span = |at: usize, len: usize| Span::from_range(&(at..at + len)).shifted(whole.start);
    let label_span = span(label_at, label.len());
    match found {
        Some(at) => (label_span, value, span(behind + at, value.len())),
        // The value has markup of its own: its line will do.
        None => (label_span, value, label_span),
    }
}

/// A title without case, punctuation and emoji: "## 🤗 Intended uses & limitations:" and
/// "intended uses limitations" are one.
fn fold(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

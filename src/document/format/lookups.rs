//! Finds what a format names in prose: sections by their titles, values by their labels.

use std::sync::Arc;

use crate::expr::Type;
use crate::source::{SourceFile, Span};
use crate::value::{Limits, NodeRef, Scalar, Style, Tree, TreeBuilder};

/// The sections and labels that a format gives names to.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    sections: Vec<Named>,
    labels: Vec<Named>,
}

#[derive(Debug)]
struct Named {
    name: Box<str>,
    /// The titles or labels that are meant, folded, best first.
    meant: Vec<String>,
}

impl Lookups {
    pub(super) fn load(root: NodeRef<'_>) -> Self {
        let named = |key: &str| -> Vec<Named> {
            let entries = root.get(key).into_iter().flat_map(NodeRef::entries);
            entries
                .map(|entry| Named {
                    name: entry.key.into(),
                    meant: entry
                        .value
                        .items()
                        .filter_map(NodeRef::as_str)
                        .map(fold)
                        .collect(),
                })
                .collect()
        };
        Self {
            sections: named("sections"),
            labels: named("labels"),
        }
    }

    pub(super) fn section_type(&self) -> Type {
        let fields = self.sections.iter().map(|named| (&*named.name, Type::Dyn));
        Type::object("section", fields)
    }

    pub(super) fn label_type(&self) -> Type {
        let fields = self.labels.iter().map(|named| (&*named.name, Type::String));
        Type::object("label", fields)
    }

    /// An empty result.
    pub(super) fn none(&self, source: &SourceFile) -> Tree {
        let empty = SourceFile::new(source.id(), source.path(), "");
        TreeBuilder::new(empty, &Limits::default()).finish()
    }

    /// `{section: {..}, label: {..}}`, holding what a Markdown document has of them.
    pub(super) fn find(&self, source: &SourceFile, root: NodeRef<'_>) -> Tree {
        let Some(file) = root.tree().sources().first() else {
            return self.none(source);
        };
        let sections: Vec<NodeRef<'_>> = root
            .get("sections")
            .into_iter()
            .flat_map(NodeRef::items)
            .collect();
        let mut builder = TreeBuilder::new(Arc::clone(file), &Limits::default());
        let at = root.address().span;
        // A document at the limit of nodes has no room for a second copy; it is then not found.
        let built = self.build(&mut builder, at, &sections);
        if built.is_none() {
            return self.none(source);
        }
        builder.finish()
    }

    fn build(&self, builder: &mut TreeBuilder, at: Span, sections: &[NodeRef<'_>]) -> Option<()> {
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
        builder.end(None);
        Some(())
    }
}

/// The first section with the best title that has any text.
fn section<'t>(sections: &[NodeRef<'t>], meant: &[String]) -> Option<NodeRef<'t>> {
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
            fold(title) == *meant && !text.trim().is_empty()
        })
    })
}

/// The first line `label: value` with the best label, with the places of both.
fn labelled<'t>(sections: &[NodeRef<'t>], meant: &[String]) -> Option<(Span, &'t str, Span)> {
    meant.iter().find_map(|meant| {
        sections.iter().find_map(|section| {
            let items = section.get("items").into_iter().flat_map(NodeRef::items);
            let texts = items.chain(section.get("text"));
            texts.into_iter().find_map(|text| {
                text.as_str()?.lines().find_map(|line| {
                    let (label, value) = line.split_once(':')?;
                    let value = value.trim();
                    (fold(label) == *meant && !value.is_empty())
                        .then(|| place(text, label.trim(), value))
                })
            })
        })
    })
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

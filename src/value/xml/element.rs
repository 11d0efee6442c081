//! Elements as read, and the nodes that are made of them.

use std::borrow::Cow;

use super::super::builder::{BuildError, TreeBuilder};
use super::super::node::Scalar;
use super::super::problem::{Problems, Stop, put_key};
use super::super::tree::Style;
use super::SPACE;
use crate::source::Span;

/// The key of an element's own text, where it has attributes or elements beside it.
const TEXT: &str = "#text";

pub(super) struct Attribute {
    /// With `@` before its name.
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: String,
    /// With its quotes.
    pub(super) span: Span,
}

pub(super) struct Element<'s> {
    /// The name that it goes by among its parent's.
    pub(super) key: &'s str,
    pub(super) name_span: Span,
    /// From `<` of its first tag to `>` of its last.
    pub(super) span: Span,
    pub(super) attributes: Vec<Attribute>,
    /// Numbers of the elements in it.
    pub(super) children: Vec<usize>,
    text: Cow<'s, str>,
    /// Where its text stands, from its first to its last visible character.
    text_span: Option<Span>,
}

impl<'s> Element<'s> {
    pub(super) fn new(key: &'s str, name_span: Span, span: Span) -> Self {
        Self {
            key,
            name_span,
            span,
            attributes: Vec::new(),
            children: Vec::new(),
            text: Cow::Borrowed(""),
            text_span: None,
        }
    }

    /// Adds a piece of text that stands at `span`; blank pieces stand nowhere.
    pub(super) fn put(&mut self, text: Cow<'s, str>, span: Span) {
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
        if !span.is_empty() {
            self.text_span = Some(self.text_span.map_or(span, |known| known.to(span)));
        }
    }

    fn text(&self) -> Option<(&str, Span)> {
        let text = self.text.trim_matches(SPACE);
        Some((text, self.text_span?)).filter(|(text, _)| !text.is_empty())
    }
}

/// Builds the tree of a file's elements, of which the first is the root.
pub(super) fn build(
    elements: &[Element<'_>],
    builder: &mut TreeBuilder,
    problems: &mut Problems,
) -> Result<(), Stop> {
    let Some(root) = elements.first() else {
        return Ok(());
    };
    let mut nodes = Nodes {
        elements,
        builder,
        problems,
    };
    nodes.begin(Collection::Mapping, root.span)?;
    nodes.key(root.key, root.name_span)?;
    nodes.element(root)?;
    nodes.builder.end(None);
    Ok(())
}

#[derive(Clone, Copy)]
enum Collection {
    Mapping,
    List,
}

struct Nodes<'e, 's, 'b> {
    elements: &'e [Element<'s>],
    builder: &'b mut TreeBuilder,
    problems: &'b mut Problems,
}

impl<'e, 's> Nodes<'e, 's, '_> {
    fn element(&mut self, element: &'e Element<'s>) -> Result<(), Stop> {
        if element.attributes.is_empty() && element.children.is_empty() {
            return match element.text() {
                Some((text, span)) => self.scalar(Scalar::String(text), span),
                None => self.scalar(Scalar::Null, element.span),
            };
        }
        self.begin(Collection::Mapping, element.span)?;
        for attribute in &element.attributes {
            if put_key(
                self.builder,
                self.problems,
                &attribute.key,
                attribute.key_span,
            )? {
                self.scalar(Scalar::String(&attribute.value), attribute.span)?;
            }
        }
        if let Some((text, span)) = element.text() {
            self.key(TEXT, span)?;
            self.scalar(Scalar::String(text), span)?;
        }
        for group in self.groups(element) {
            let (Some(first), several) = (group.first(), group.len() > 1) else {
                continue;
            };
            self.key(first.key, first.name_span)?;
            if several {
                self.begin(Collection::List, first.span)?;
            }
            group.iter().try_for_each(|element| self.element(element))?;
            if several {
                self.builder.end(group.last().map(|last| last.span));
            }
        }
        self.builder.end(None);
        Ok(())
    }

    /// The elements in an element, those of one name together, in the order of their first.
    fn groups(&self, element: &Element<'s>) -> Vec<Vec<&'e Element<'s>>> {
        let mut groups: Vec<Vec<&'e Element<'s>>> = Vec::new();
        let mut known: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
        for child in &element.children {
            let Some(child) = self.elements.get(*child) else {
                continue;
            };
            let at = *known.entry(child.key).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(child),
                None => groups.push(vec![child]),
            }
        }
        groups
    }

    fn begin(&mut self, collection: Collection, span: Span) -> Result<(), Stop> {
        let begun = match collection {
            Collection::Mapping => self.builder.begin_mapping(span),
            Collection::List => self.builder.begin_sequence(span),
        };
        self.taken(begun.map(drop), span)
    }

    fn key(&mut self, key: &str, span: Span) -> Result<(), Stop> {
        put_key(self.builder, self.problems, key, span).map(drop)
    }

    fn scalar(&mut self, scalar: Scalar<'_>, span: Span) -> Result<(), Stop> {
        let put = self.builder.scalar(scalar, span, Style::Quoted);
        self.taken(put.map(drop), span)
    }

    fn taken(&mut self, result: Result<(), BuildError>, span: Span) -> Result<(), Stop> {
        result.map_err(|error| self.problems.refused(error, span))
    }
}

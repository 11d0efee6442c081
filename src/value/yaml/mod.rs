//! Reads YAML 1.2 into a tree: core schema, anchors and aliases, merge keys, several documents.
//!
//! What YAML allows and launchgate refuses, with a finding each: keys twice in a mapping, keys
//! that are no strings, tags outside the core schema.

mod alias;
mod message;
mod place;
mod resolve;
mod tag;

use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use super::Limits;
use super::builder::TreeBuilder;
use super::node::{Kind, Scalar};
use super::problem::{Problems, Stop, put_key};
use super::tree::{NodeId, Style, Tree};
use crate::source::{SourceFile, Span};

/// Reads a file of YAML; each document is a root.
pub(super) fn read(source: &Arc<SourceFile>, limits: &Limits, problems: &mut Problems) -> Tree {
    let mut builder = TreeBuilder::new(Arc::clone(source), limits);
    let whole = Span::from_range(&(0..source.text().len()));
    let mut reader = Reader::new(source.text(), &mut builder, problems);
    // What there is to say is among the problems.
    let _ = reader.run(whole, limits);
    builder.finish()
}

/// Reads YAML that is part of a file and wants to be continued: front matter.
///
/// Leaves the root mapping open in `builder` and says so by `true`; on `false` the text holds
/// no mapping, and the builder's roots are of no use.
pub(super) fn read_open_mapping(
    text: &str,
    part: Span,
    limits: &Limits,
    builder: &mut TreeBuilder,
    problems: &mut Problems,
) -> bool {
    let mut reader = Reader::new(text, builder, problems);
    reader.keep_open = true;
    let _ = reader.run(part, limits);
    let open = reader.root_is_mapping;
    while open && builder.depth() > 1 {
        builder.end(None);
    }
    open
}

/// What the value that comes next is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Value,
    /// The value of a merge key: mappings to take entries from.
    Merge,
    /// A key that is a collection. It is read for the problems in it and then dropped.
    Key,
}

struct Frame {
    mapping: bool,
    /// The anchor of this collection; 0 for none.
    anchor: usize,
    node: NodeId,
    role: Role,
    /// In a mapping: the key is read, its value comes next.
    awaits_value: bool,
    /// The role of that value.
    next: Role,
    /// Where the mapping's merge key stands.
    merge_key: Option<Span>,
    /// Where what it merges ends.
    merge_end: u32,
    /// Where the mapping's merged mappings begin in `Reader::merges`.
    merges_from: usize,
}

/// What an anchor stands for.
#[derive(Clone)]
enum Anchored {
    /// The anchor's collection is still open, or the parser never told of it.
    Open,
    Node(NodeId),
    /// Keys are no nodes; a key's text is kept here.
    Key(Box<str>),
}

struct Reader<'s, 'b> {
    text: &'s str,
    builder: &'b mut TreeBuilder,
    problems: &'b mut Problems,
    /// Where the parser's text begins in `text`.
    base: u32,
    frames: Vec<Frame>,
    anchors: Vec<Anchored>,
    /// Mappings that open mappings merge, outermost first.
    merges: Vec<NodeId>,
    /// The end of the last scalar, alias or bracket.
    last_end: u32,
    keep_open: bool,
    root_is_mapping: bool,
    documents: usize,
}

impl<'s, 'b> Reader<'s, 'b> {
    fn new(text: &'s str, builder: &'b mut TreeBuilder, problems: &'b mut Problems) -> Self {
        Self {
            text,
            builder,
            problems,
            base: 0,
            frames: Vec::new(),
            anchors: Vec::new(),
            merges: Vec::new(),
            last_end: 0,
            keep_open: false,
            root_is_mapping: false,
            documents: 0,
        }
    }

    fn run(&mut self, part: Span, limits: &Limits) -> Result<(), Stop> {
        self.base = part.start;
        self.last_end = part.start;
        let text = self.text.get(part.range()).unwrap_or_default();
        // The builder holds the limit of depth; the parser's own stands behind it, for what it
        // reads ahead.
        let nesting = limits.depth.saturating_add(8);
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            flow_nesting_limit: nesting,
            block_nesting_limit: nesting,
            max_buffered_comment_events: usize::MAX,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            match event {
                Ok((event, span)) => self.event(event, &span)?,
                Err(error) => return Err(self.syntax_error(&error)),
            }
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, at: &granit_parser::Span) -> Result<(), Stop> {
        let span = self.place(at);
        if self.keep_open && self.documents > 1 && event.is_node() {
            let finding = self
                .problems
                .at(
                    "front-matter",
                    span,
                    "the front matter holds a second document",
                )
                .with_help("Keep one document between the fences: remove the `...`");
            return Err(self.problems.fatal(finding));
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref().map(|tag| (tag, self.tag_place(at, span)));
                self.scalar(&text, style, anchor, tag, span)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_collection_tag(tag.as_deref(), "seq", at, span)?;
                self.begin(false, style, anchor, span)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_collection_tag(tag.as_deref(), "map", at, span)?;
                self.begin(true, style, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                let finding = self
                    .problems
                    .at(
                        "unresolved-alias",
                        span,
                        format!("the alias `*{name}` has no anchor before it"),
                    )
                    .with_help(format!(
                        "Write `&{name}` before the value that is meant, or quote the text"
                    ))
                    .with_pointer(self.builder.pointer().to_string())
                    .with_subject(name);
                self.problems.push(finding)?;
                self.put_nothing(span)
            }
            Event::Comment(..) => {
                self.builder.comment(span);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn place(&self, span: &granit_parser::Span) -> Span {
        Span::from_range(&span.byte_range().unwrap_or_default()).shifted(self.base)
    }

    fn tag_place(&self, at: &granit_parser::Span, otherwise: Span) -> Span {
        at.tag_span().map_or(otherwise, |span| self.place(&span))
    }

    fn syntax_error(&mut self, error: &ScanError) -> Stop {
        let offset = error.marker().byte_offset().unwrap_or_default();
        let mut at = Span::from_range(&(offset..offset)).shifted(self.base);
        let (rule, message, help) = message::describe(error.kind());
        if rule == message::TAB {
            // The parser names the value that the tab spoils.
            at = self.tab_after(at.start).unwrap_or(at);
        }
        let finding = self.problems.at(rule, at, message).with_help(help);
        self.problems.fatal(finding)
    }

    /// Takes note that a node comes next and says what it is for.
    fn next_role(&mut self) -> Role {
        match self.frames.last_mut() {
            Some(frame) if frame.mapping => {
                if frame.awaits_value {
                    frame.awaits_value = false;
                    std::mem::replace(&mut frame.next, Role::Value)
                } else {
                    frame.awaits_value = true;
                    Role::Key
                }
            }
            _ => Role::Value,
        }
    }

    fn begin(
        &mut self,
        mapping: bool,
        style: StructureStyle,
        anchor: usize,
        span: Span,
    ) -> Result<(), Stop> {
        let role = self.next_role();
        if role == Role::Key {
            let what = if mapping { "a mapping" } else { "a list" };
            let finding = self
                .problems
                .at("non-string-key", span, format!("a key is {what}"))
                .with_help("Keys are strings: write one key and put the rest into its value")
                .with_pointer(self.builder.pointer().to_string());
            self.problems.push(finding)?;
        }
        if self.frames.is_empty() && mapping {
            self.root_is_mapping = true;
        }
        if style == StructureStyle::Block
            && let Some(tab) = self.tab_before(span.start)
        {
            let finding = self
                .problems
                .at(message::TAB, tab, "a tab indents this line")
                .with_help("Indent with spaces");
            self.problems.push(finding)?;
        }
        let span = if style == StructureStyle::Block && !mapping && role == Role::Value {
            self.first_dash(span)
        } else {
            span
        };
        let begun = if mapping {
            self.builder.begin_mapping(span)
        } else {
            self.builder.begin_sequence(span)
        };
        let node = begun.map_err(|error| self.problems.refused(error, span))?;
        if anchor > 0 {
            self.set_anchor(anchor, Anchored::Open);
        }
        if style == StructureStyle::Flow {
            self.last_end = span.end;
        }
        self.frames.push(Frame {
            mapping,
            anchor,
            node,
            role,
            awaits_value: false,
            next: Role::Value,
            merge_key: None,
            merge_end: 0,
            merges_from: self.merges.len(),
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if let Some(key) = frame.merge_key {
            let merges = self.merges.split_off(frame.merges_from);
            for node in merges {
                self.builder
                    .merge(node)
                    .map_err(|error| self.problems.refused(error, key))?;
            }
        }
        if self.frames.is_empty() && self.keep_open && frame.mapping {
            return Ok(());
        }
        // A block collection ends where its last child ends; the event says where the next begins.
        let bracket = (!span.is_empty()).then_some(span);
        let merged = frame
            .merge_key
            .map(|key| Span::new(key.start, frame.merge_end));
        self.builder.end(bracket.or(merged));
        if bracket.is_some() {
            self.last_end = span.end;
        }
        if frame.anchor > 0 {
            self.set_anchor(frame.anchor, Anchored::Node(frame.node));
        }
        if frame.role == Role::Merge {
            let written = self.builder.tree().node(frame.node).span();
            self.merge_from(frame.node, written)?;
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<(&Tag, Span)>,
        span: Span,
    ) -> Result<(), Stop> {
        let plain = style == ScalarStyle::Plain;
        // Where nothing is written the parser says `~` at an empty place.
        let (text, span) = if plain && span.is_empty() {
            ("", self.behind_colon(span))
        } else if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            (text, self.block_scalar(span))
        } else {
            (text, span)
        };
        self.last_end = span.end;
        let role = self.next_role();
        if role == Role::Key {
            if anchor > 0 {
                self.set_anchor(anchor, Anchored::Key(text.into()));
            }
            if plain && tag.is_none() && text == "<<" {
                return self.merge_key(span);
            }
            let scalar = self.resolve(text, plain, tag, span)?;
            return self.key(text, scalar, span);
        }
        let scalar = self.resolve(text, plain, tag, span)?;
        let style = if plain { Style::Plain } else { Style::Quoted };
        let node = self.put(scalar, span, style)?;
        if anchor > 0 {
            self.set_anchor(anchor, Anchored::Node(node));
        }
        if role == Role::Merge {
            self.merge_from(node, span)?;
        }
        Ok(())
    }

    fn put(&mut self, scalar: Scalar<'_>, span: Span, style: Style) -> Result<NodeId, Stop> {
        self.builder
            .scalar(scalar, span, style)
            .map_err(|error| self.problems.refused(error, span))
    }

    /// Puts the key of the next value; `scalar` is what its text means.
    fn key(&mut self, text: &str, scalar: Scalar<'_>, span: Span) -> Result<(), Stop> {
        if !matches!(scalar, Scalar::String(_)) {
            let finding = if text.is_empty() {
                self.problems
                    .at(
                        "non-string-key",
                        span,
                        "a value has no key before its colon",
                    )
                    .with_help("Write the key")
            } else {
                let kind = match scalar {
                    Scalar::Null => Kind::Null,
                    Scalar::Bool(_) => Kind::Bool,
                    Scalar::Int(_) => Kind::Int,
                    Scalar::Float(_) | Scalar::String(_) => Kind::Float,
                };
                self.problems
                    .at(
                        "non-string-key",
                        span,
                        format!("the key `{text}` is {}", kind.described()),
                    )
                    .with_help(format!("Write `\"{text}\"`: keys are strings"))
            };
            let finding = finding
                .with_pointer(self.builder.pointer().to_string())
                .with_subject(text);
            self.problems.push(finding)?;
            if text.is_empty() {
                return Ok(());
            }
        }
        // A value whose key was not taken is read on its own and reached from nowhere.
        put_key(self.builder, self.problems, text, span)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

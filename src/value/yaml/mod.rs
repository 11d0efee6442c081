//! Reads YAML 1.2 into a tree: core schema, anchors and aliases, merge keys, several documents.
//!
//! What YAML allows and launchgate refuses, with a finding each: keys twice in a mapping, keys
//! that are no strings, tags outside the core schema.

mod message;
mod resolve;

use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use super::builder::TreeBuilder;
use super::node::{Kind, Scalar};
use super::problem::{Problems, Stop, put_key};
use super::tree::{NodeId, Style, Tree};
use super::{Limits, number};
use crate::source::{SourceFile, Span};
use resolve::{Plain, resolve};

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

    /// The first tab that indents a line, from the line of `start` on.
    fn tab_after(&self, start: u32) -> Option<Span> {
        let before = self.text.get(..start as usize)?;
        let mut at = before.rfind('\n').map_or(0, |end| end + 1);
        for line in self.text.get(at..)?.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t', '-', '?', ':']).len();
            if let Some(tab) = line.get(..indent)?.find('\t') {
                return Some(Span::from_range(&(at + tab..at + tab + 1)));
            }
            at += line.len();
        }
        None
    }

    /// A tab in the white space before `start`, if nothing else stands before it in its line.
    fn tab_before(&self, start: u32) -> Option<Span> {
        let before = self.text.get(..start as usize)?;
        let indent = before.trim_end_matches([' ', '\t']);
        let blank = before.get(indent.len()..)?;
        let tab = blank.find('\t')?;
        let line_start = indent.is_empty() || indent.ends_with(['\n', '\r', '\u{FEFF}']);
        let at = indent.len() + tab;
        line_start.then(|| Span::from_range(&(at..at + 1)))
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
        let node = self
            .builder
            .scalar(scalar, span, style)
            .map_err(|error| self.problems.refused(error, span))?;
        if anchor > 0 {
            self.set_anchor(anchor, Anchored::Node(node));
        }
        if role == Role::Merge {
            self.merge_from(node, span)?;
        }
        Ok(())
    }

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

    fn merge_key(&mut self, span: Span) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        if let Some(first) = frame.merge_key {
            let finding = self
                .problems
                .duplicate("<<", span, first)
                .with_help("Merge several mappings by one key: `<<: [*a, *b]`")
                .with_pointer(self.builder.pointer().to_string());
            return self.problems.push(finding);
        }
        frame.merge_key = Some(span);
        frame.next = Role::Merge;
        Ok(())
    }

    /// Remembers the mappings of a merge key's value for the end of the open mapping: what is
    /// written there comes first, wherever the merge key stands.
    fn merge_from(&mut self, node: NodeId, span: Span) -> Result<(), Stop> {
        if let Some(frame) = self.frames.last_mut() {
            frame.merge_end = span.end;
        }
        let value = self.builder.tree().node(node);
        let from = self.merges.len();
        if value.is_mapping() {
            self.merges.push(node);
            return Ok(());
        }
        self.merges
            .extend(value.items().filter(|i| i.is_mapping()).map(|i| i.id()));
        if value.is_sequence() && self.merges.len() - from == value.len() {
            return Ok(());
        }
        let finding = self
            .problems
            .at("syntax", span, "a merge key takes mappings only")
            .with_help("Write `<<: *name` or `<<: [*first, *second]`, or quote the key")
            .with_pointer(self.builder.pointer().to_string());
        self.problems.push(finding)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Stop> {
        self.last_end = span.end;
        match self.anchors.get(id).cloned().unwrap_or(Anchored::Open) {
            Anchored::Open => {
                let finding = self
                    .problems
                    .at(
                        "unresolved-alias",
                        span,
                        "the alias stands inside the value that it refers to",
                    )
                    .with_help("Write the value out, or refer to another anchor")
                    .with_pointer(self.builder.pointer().to_string());
                self.problems.push(finding)?;
                self.put_nothing(span)
            }
            Anchored::Node(target) => match self.next_role() {
                Role::Merge => self.merge_from(target, span),
                Role::Value => {
                    self.builder
                        .alias(target, span)
                        .map_err(|error| self.problems.refused(error, span))?;
                    Ok(())
                }
                Role::Key => match self.builder.tree().node(target).scalar() {
                    Some(Scalar::String(text)) => {
                        let text = text.to_owned();
                        self.key(&text, Scalar::String(&text), span)
                    }
                    _ => {
                        let finding = self
                            .problems
                            .at("non-string-key", span, "a key refers to what is no string")
                            .with_help("Write the key out as a string");
                        self.problems.push(finding)
                    }
                },
            },
            Anchored::Key(text) => match self.next_role() {
                Role::Key => {
                    let scalar = self.resolve(&text, true, None, span)?;
                    self.key(&text, scalar, span)
                }
                role => {
                    let scalar = self.resolve(&text, true, None, span)?;
                    let node = self
                        .builder
                        .scalar(scalar, span, Style::Plain)
                        .map_err(|error| self.problems.refused(error, span))?;
                    if role == Role::Merge {
                        self.merge_from(node, span)?;
                    }
                    Ok(())
                }
            },
        }
    }

    /// Null where an alias leads nowhere, so that keys and values stay in step.
    fn put_nothing(&mut self, span: Span) -> Result<(), Stop> {
        if self.next_role() != Role::Key {
            self.builder
                .scalar(Scalar::Null, span, Style::Plain)
                .map_err(|error| self.problems.refused(error, span))?;
        }
        Ok(())
    }

    fn set_anchor(&mut self, id: usize, anchored: Anchored) {
        if self.anchors.len() <= id {
            self.anchors.resize(id + 1, Anchored::Open);
        }
        if let Some(slot) = self.anchors.get_mut(id) {
            *slot = anchored;
        }
    }

    /// The value of a scalar by its tag, or else by the core schema.
    fn resolve<'t>(
        &mut self,
        text: &'t str,
        plain: bool,
        tag: Option<(&Tag, Span)>,
        span: Span,
    ) -> Result<Scalar<'t>, Stop> {
        let Some((tag, tag_span)) = tag else {
            return if plain {
                self.plain(text, span)
            } else {
                Ok(Scalar::String(text))
            };
        };
        if is_non_specific(tag) {
            return Ok(Scalar::String(text));
        }
        let Some(wanted) = tag.core_suffix() else {
            self.unknown_tag(tag, tag_span)?;
            return if plain {
                self.plain(text, span)
            } else {
                Ok(Scalar::String(text))
            };
        };
        if wanted == "str" {
            return Ok(Scalar::String(text));
        }
        let resolved = match (wanted, self.plain(text, span)?) {
            ("float", Scalar::Int(value)) => {
                #[expect(clippy::cast_precision_loss, reason = "what `!!float` asks for")]
                let value = value as f64;
                Some(Scalar::Float(value))
            }
            ("null", scalar @ Scalar::Null)
            | ("bool", scalar @ Scalar::Bool(_))
            | ("int", scalar @ Scalar::Int(_))
            | ("float", scalar @ Scalar::Float(_)) => Some(scalar),
            _ => None,
        };
        if let Some(scalar) = resolved {
            return Ok(scalar);
        }
        self.wrong_tag(wanted, tag_span)?;
        Ok(Scalar::String(text))
    }

    fn plain<'t>(&mut self, text: &'t str, span: Span) -> Result<Scalar<'t>, Stop> {
        Ok(match resolve(text) {
            Plain::Null => Scalar::Null,
            Plain::Bool(value) => Scalar::Bool(value),
            Plain::Int(value) => Scalar::Int(value),
            Plain::Float(value) => Scalar::Float(value),
            Plain::Wide(value) => {
                number::wide(self.problems, text, span)?;
                Scalar::Float(value)
            }
            Plain::TooLarge => {
                number::too_large(self.problems, span)?;
                Scalar::String(text)
            }
            Plain::String => Scalar::String(text),
        })
    }

    fn check_collection_tag(
        &mut self,
        tag: Option<&Tag>,
        wanted: &str,
        at: &granit_parser::Span,
        span: Span,
    ) -> Result<(), Stop> {
        let Some(tag) = tag.filter(|tag| !is_non_specific(tag)) else {
            return Ok(());
        };
        let span = self.tag_place(at, span);
        match tag.core_suffix() {
            Some(suffix) if suffix == wanted => Ok(()),
            Some(suffix) => self.wrong_tag(suffix, span),
            None => self.unknown_tag(tag, span),
        }
    }

    fn unknown_tag(&mut self, tag: &Tag, span: Span) -> Result<(), Stop> {
        let name = tag.original();
        let finding = self
            .problems
            .at("tag", span, format!("the tag `{name}` has no meaning here"))
            .with_help("Remove the tag: a document is read as it stands")
            .with_pointer(self.builder.pointer().to_string())
            .with_subject(name);
        self.problems.push(finding)
    }

    fn wrong_tag(&mut self, suffix: &str, span: Span) -> Result<(), Stop> {
        let finding = self
            .problems
            .at(
                "tag",
                span,
                format!("the tag `!!{suffix}` stands before a value of another kind"),
            )
            .with_help("Remove the tag, or correct the value")
            .with_pointer(self.builder.pointer().to_string())
            .with_subject(suffix);
        self.problems.push(finding)
    }

    /// The place of a value that is not written: behind its key's colon, not before it.
    fn behind_colon(&self, span: Span) -> Span {
        let rest = self.text.get(span.start as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let awaits_value = self.frames.last().is_some_and(|f| f.awaits_value);
        if awaits_value && rest.get(blanks..).is_some_and(|r| r.starts_with(':')) {
            let behind = usize::try_from(span.start).unwrap_or(0) + blanks + 1;
            Span::from_range(&(behind..behind))
        } else {
            span
        }
    }

    /// The dash that begins a list. The parser names what follows it where the list is indented
    /// no further than its key.
    fn first_dash(&self, span: Span) -> Span {
        if !self.frames.last().is_some_and(|frame| frame.mapping) {
            return span;
        }
        let between = self.text.get(self.last_end as usize..span.start as usize);
        let mut at = self.last_end as usize;
        for line in between.unwrap_or_default().split_inclusive('\n') {
            let entry = line.trim_start_matches(' ');
            let dash = at + line.len() - entry.len();
            if entry.starts_with('-') && at > self.last_end as usize {
                return Span::from_range(&(dash..dash + 1));
            }
            at += line.len();
        }
        span
    }

    /// A block scalar from its `|` or `>` to the end of its last line that is not blank. The
    /// parser's span is the lines alone, trailing blank ones included.
    fn block_scalar(&self, span: Span) -> Span {
        let gap = self.last_end.min(span.start);
        let before = self
            .text
            .get(gap as usize..span.start as usize)
            .unwrap_or_default();
        let start = header(before).map_or(span.start, |at| gap + at);
        let lines = self
            .text
            .get(start as usize..span.end as usize)
            .unwrap_or_default();
        let written = lines.trim_end_matches([' ', '\t', '\r', '\n']);
        Span::from_range(&(start as usize..start as usize + written.len()))
    }
}

/// Where in the text before a block scalar's lines its header begins.
fn header(before: &str) -> Option<u32> {
    let line = before.trim_end_matches([' ', '\t', '\r', '\n']);
    let from = line.rfind('\n').map_or(0, |at| at + 1);
    let line = line.get(from..)?;
    let at = line
        .match_indices(['|', '>'])
        .map(|(at, _)| at)
        .find(|&at| {
            let (before, indicator) = line.split_at(at);
            let rest = indicator.trim_start_matches(['|', '>']);
            let rest =
                rest.trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
            before.chars().next_back().is_none_or(char::is_whitespace)
                && (rest.is_empty()
                    || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
        })?;
    u32::try_from(from + at).ok()
}

/// The tag `!`: a value that is text whatever it looks like.
fn is_non_specific(tag: &Tag) -> bool {
    matches!(tag.parts(), ("!", "") | ("", "!"))
}

#[cfg(test)]
mod tests;

//! Builds a [`Tree`] from a stream of events, holding its limits.

mod copy;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::Limits;
use super::node::Scalar;
use super::pointer::{Pointer, Segment};
use super::tree::{Comment, Data, EntryData, NodeData, NodeId, Style, Text, Tree};
use crate::source::{SourceFile, Span};

/// Why the builder took no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// Nesting is deeper than the limit that is named.
    Depth(usize),
    /// There are more nodes than the limit that is named.
    Nodes(usize),
    /// Aliases expand to more nodes than the limit that is named.
    AliasNodes(usize),
    /// The mapping has this key already, at this place.
    DuplicateKey(Span),
}

/// A mapping with more entries than this finds duplicate keys by a hash table.
const SCAN_KEYS: usize = 16;

struct Frame {
    node: u32,
    /// Where this collection's children begin in `pending_items` or `pending_entries`.
    first: usize,
    mapping: bool,
    /// Keys of a mapping that has outgrown [`SCAN_KEYS`]. Hashed with a random seed: an unseeded
    /// hash would let a file choose colliding keys.
    seen: Option<HashMap<Box<str>, Span>>,
}

/// Builds a tree in one pass: begin and end collections, put keys and scalars in order.
///
/// Children are kept aside until their collection ends, so that they lie side by side in the
/// arena. The caller balances `begin` and `end` and puts a key before each value of a mapping;
/// [`TreeBuilder::finish`] closes what is still open, so a broken file gives the tree up to there.
pub struct TreeBuilder {
    tree: Tree,
    limits: Limits,
    frames: Vec<Frame>,
    pending_items: Vec<u32>,
    pending_entries: Vec<EntryData>,
    key: Option<(Text, Span, u16)>,
    alias_nodes: usize,
    copying: bool,
}

impl TreeBuilder {
    /// A builder for one file.
    pub fn new(source: Arc<SourceFile>, limits: &Limits) -> Self {
        let tree = Tree {
            sources: vec![source],
            nodes: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            pool: String::new(),
            comments: Vec::new(),
            anchors: Vec::new(),
            roots: Vec::new(),
            whole: vec![0],
            extents: OnceLock::new(),
            readings: OnceLock::new(),
        };
        Self {
            tree,
            limits: *limits,
            frames: Vec::new(),
            pending_items: Vec::new(),
            pending_entries: Vec::new(),
            key: None,
            alias_nodes: 0,
            copying: false,
        }
    }

    /// What is built is part of the first file, as its nodes are, and the rest of it is none of it.
    #[must_use]
    pub fn for_a_part(mut self) -> Self {
        self.tree.whole.clear();
        self
    }

    /// All of another file belongs to what is built, also what no node is made of.
    pub fn include(&mut self, file: &Arc<SourceFile>) {
        let source = self.source_index(file);
        if !self.tree.whole.contains(&source) {
            self.tree.whole.push(source);
        }
    }

    /// The tree so far; nodes of collections that are still open have no children yet.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether a key was put whose value is still to come.
    pub fn expects_value(&self) -> bool {
        self.key.is_some()
    }

    /// How many collections are open.
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Keeps a comment of the first file.
    pub fn comment(&mut self, span: Span) {
        self.tree.comments.push(Comment { span, source: 0 });
    }

    /// Puts the key of the next value. `text` is the key as it is meant, `span` as it is written.
    pub fn key(&mut self, text: &str, span: Span) -> Result<(), BuildError> {
        self.key_from(text, span, 0)
    }

    fn key_from(&mut self, text: &str, span: Span, source: u16) -> Result<(), BuildError> {
        if let Some(first) = self.find_key(text, span) {
            return Err(BuildError::DuplicateKey(first));
        }
        let text = self.store(text, span, source);
        self.key = Some((text, span, source));
        Ok(())
    }

    /// Whether the open mapping has this key already.
    pub fn has_key(&self, text: &str) -> bool {
        let Some(frame) = self.frames.last() else {
            return false;
        };
        match &frame.seen {
            Some(seen) => seen.contains_key(text),
            None => self
                .open_entries(frame)
                .iter()
                .any(|entry| self.tree.is_key(entry, text)),
        }
    }

    fn open_entries(&self, frame: &Frame) -> &[EntryData] {
        self.pending_entries.get(frame.first..).unwrap_or_default()
    }

    /// Moves the keys of the open mapping into a hash table once there are many.
    fn index_keys(&mut self) {
        let Some(frame) = self.frames.last() else {
            return;
        };
        let entries = self.open_entries(frame);
        if frame.seen.is_some() || entries.len() < SCAN_KEYS {
            return;
        }
        let seen = entries
            .iter()
            .map(|e| (self.tree.text(e.key, e.source).into(), e.key_span))
            .collect();
        if let Some(frame) = self.frames.last_mut() {
            frame.seen = Some(seen);
        }
    }

    /// The place of an equal key of the open mapping; remembers the new one where it is large.
    fn find_key(&mut self, text: &str, span: Span) -> Option<Span> {
        self.index_keys();
        let frame = self.frames.last_mut()?;
        if let Some(seen) = &mut frame.seen {
            if let Some(&first) = seen.get(text) {
                return Some(first);
            }
            seen.insert(text.into(), span);
            return None;
        }
        let entries = self.pending_entries.get(frame.first..)?;
        entries
            .iter()
            .find(|entry| self.tree.is_key(entry, text))
            .map(|entry| entry.key_span)
    }

    /// The path from the root to what is put next, as far as keys have been put.
    pub fn pointer(&self) -> Pointer {
        let mut segments = Vec::new();
        for (depth, frame) in self.frames.iter().enumerate() {
            let child = self.frames.get(depth + 1).map(|child| child.node);
            if frame.mapping {
                let key = match child {
                    Some(child) => self
                        .open_entries(frame)
                        .iter()
                        .find(|entry| entry.value == child)
                        .map(|entry| self.tree.text(entry.key, entry.source)),
                    None => self.key.map(|(key, _, source)| self.tree.text(key, source)),
                };
                let Some(key) = key else { break };
                segments.push(Segment::Key(key.into()));
            } else {
                let items = self.pending_items.get(frame.first..).unwrap_or_default();
                let index = match child {
                    Some(child) => items.iter().position(|&item| item == child),
                    None => Some(items.len()),
                };
                let Some(index) = index else { break };
                segments.push(Segment::Index(index));
            }
        }
        Pointer::new(segments)
    }

    /// Puts a scalar.
    pub fn scalar(
        &mut self,
        scalar: Scalar<'_>,
        span: Span,
        style: Style,
    ) -> Result<NodeId, BuildError> {
        self.scalar_from(scalar, span, style, 0)
    }

    fn scalar_from(
        &mut self,
        scalar: Scalar<'_>,
        span: Span,
        style: Style,
        source: u16,
    ) -> Result<NodeId, BuildError> {
        let data = match scalar {
            Scalar::Null => Data::Null,
            Scalar::Bool(value) => Data::Bool(value),
            Scalar::Int(value) => Data::Int(value),
            Scalar::Float(value) => Data::Float(value),
            Scalar::String(text) => Data::String(self.store(text, span, source)),
        };
        let id = self.add(data, span, style, source)?;
        Ok(NodeId(id))
    }

    /// Opens a sequence; `span` is its opening mark or where its first child begins.
    pub fn begin_sequence(&mut self, span: Span) -> Result<NodeId, BuildError> {
        self.begin(false, span, 0)
    }

    /// Opens a mapping; `span` is its opening mark or where its first child begins.
    pub fn begin_mapping(&mut self, span: Span) -> Result<NodeId, BuildError> {
        self.begin(true, span, 0)
    }

    fn begin(&mut self, mapping: bool, span: Span, source: u16) -> Result<NodeId, BuildError> {
        if self.frames.len() >= self.limits.depth {
            return Err(BuildError::Depth(self.limits.depth));
        }
        let data = if mapping {
            Data::Mapping { first: 0, len: 0 }
        } else {
            Data::Sequence { first: 0, len: 0 }
        };
        let node = self.add(data, span, Style::Plain, source)?;
        let first = if mapping {
            self.pending_entries.len()
        } else {
            self.pending_items.len()
        };
        self.frames.push(Frame {
            node,
            first,
            mapping,
            seen: None,
        });
        Ok(NodeId(node))
    }

    /// Closes the innermost open collection. `closing` is the span of its closing mark, if it has
    /// one; the collection's span grows to cover it and every child and key of the same file, but
    /// for those that an alias or a merge key brought here.
    pub fn end(&mut self, closing: Option<Span>) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        // A key whose value never came is dropped: the reader has reported why.
        self.key = None;
        let node = frame.node;
        let Some(&NodeData {
            span: mut covered,
            source,
            ..
        }) = self.tree.nodes.get(node as usize)
        else {
            return;
        };
        if let Some(closing) = closing {
            covered = covered.to(closing);
        }
        let copying = self.copying;
        let mut cover = |span: Span, from: u16| {
            if from == source && !copying {
                covered = covered.to(span);
            }
        };
        let data = if frame.mapping {
            let first = u32_len(&self.tree.entries);
            let children = self.pending_entries.get(frame.first..).unwrap_or_default();
            let len = u32_len(children);
            for (slot, entry) in (first..).zip(children) {
                if !entry.merged {
                    cover(entry.key_span, entry.source);
                }
                if let Some(child) = self.tree.nodes.get_mut(entry.value as usize) {
                    child.slot = slot;
                    child.parent = node;
                    if !entry.merged {
                        cover(child.span, child.source);
                    }
                }
            }
            let children = self.pending_entries.drain(frame.first..);
            self.tree.entries.extend(children);
            Data::Mapping { first, len }
        } else {
            let first = u32_len(&self.tree.items);
            let children = self.pending_items.get(frame.first..).unwrap_or_default();
            let len = u32_len(children);
            for (slot, &id) in (first..).zip(children) {
                if let Some(child) = self.tree.nodes.get_mut(id as usize) {
                    child.slot = slot;
                    child.parent = node;
                    cover(child.span, child.source);
                }
            }
            let children = self.pending_items.drain(frame.first..);
            self.tree.items.extend(children);
            Data::Sequence { first, len }
        };
        if let Some(node) = self.tree.nodes.get_mut(node as usize) {
            node.data = data;
            node.span = covered;
        }
    }

    /// As [`TreeBuilder::key`], for a key whose place lies in the given file: the canonical key of
    /// a value that a foreign format keeps elsewhere.
    pub fn key_in(
        &mut self,
        text: &str,
        span: Span,
        file: &Arc<SourceFile>,
    ) -> Result<(), BuildError> {
        let source = self.source_index(file);
        self.key_from(text, span, source)
    }

    /// As [`TreeBuilder::scalar`], for a value whose place lies in the given file.
    pub fn scalar_in(
        &mut self,
        scalar: Scalar<'_>,
        span: Span,
        file: &Arc<SourceFile>,
    ) -> Result<NodeId, BuildError> {
        let source = self.source_index(file);
        self.scalar_from(scalar, span, Style::Plain, source)
    }

    fn source_index(&mut self, file: &Arc<SourceFile>) -> u16 {
        let known = self
            .tree
            .sources
            .iter()
            .position(|source| source.id() == file.id());
        let index = known.unwrap_or_else(|| {
            self.tree.sources.push(Arc::clone(file));
            self.tree.sources.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// Stores a text: a reference into the source where the source has it to the letter.
    fn store(&mut self, text: &str, span: Span, source: u16) -> Text {
        let file = self.tree.source_at(source).text();
        if let Some(written) = file.get(span.range()) {
            for skip in [0, 1] {
                let from = span.start as usize + skip;
                if written.len() >= text.len() + skip
                    && file.get(from..from + text.len()) == Some(text)
                {
                    let span = Span::from_range(&(from..from + text.len()));
                    return Text {
                        span,
                        pooled: false,
                    };
                }
            }
        }
        let from = self.tree.pool.len();
        self.tree.pool.push_str(text);
        Text {
            span: Span::from_range(&(from..self.tree.pool.len())),
            pooled: true,
        }
    }

    fn add(
        &mut self,
        data: Data,
        span: Span,
        style: Style,
        source: u16,
    ) -> Result<u32, BuildError> {
        if self.tree.nodes.len() >= self.limits.nodes {
            return Err(BuildError::Nodes(self.limits.nodes));
        }
        if self.copying {
            self.count_copy()?;
        }
        let id = u32_len(&self.tree.nodes);
        let span = self.tree.source_at(source).clamp(span);
        self.tree.nodes.push(NodeData {
            data,
            span,
            parent: id,
            slot: 0,
            source,
            style,
        });
        match self.frames.last() {
            None => self.tree.roots.push(id),
            Some(frame) if frame.mapping => {
                // A value without a key cannot be reached; readers always put one first.
                if let Some((key, key_span, source)) = self.key.take() {
                    self.pending_entries.push(EntryData {
                        key,
                        key_span,
                        source,
                        merged: false,
                        value: id,
                    });
                }
            }
            Some(_) => self.pending_items.push(id),
        }
        Ok(id)
    }

    /// The finished tree. Collections that are still open are closed first.
    pub fn finish(mut self) -> Tree {
        while !self.frames.is_empty() {
            self.end(None);
        }
        self.tree.nodes.shrink_to_fit();
        self.tree.anchors.sort_unstable_by_key(|&(id, _)| id);
        self.tree.comments.sort_by_key(|comment| comment.span);
        self.tree
    }
}

fn u32_len<T>(of: &[T]) -> u32 {
    u32::try_from(of.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

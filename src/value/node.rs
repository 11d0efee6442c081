//! [`NodeRef`]: a value that knows where it was written.

use std::fmt;
use std::sync::Arc;

use super::pointer::{Pointer, Segment};
use super::tree::{Data, EntryData, NodeData, NodeId, Style, Tree};
use crate::source::{Location, SourceFile, Span};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`, `~`, or nothing at all behind a key.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number in the range of `i64`.
    Int,
    /// Any other number.
    Float,
    /// Text.
    String,
    /// A list.
    Sequence,
    /// Keys with values.
    Mapping,
}

impl Kind {
    /// The name that messages use, with its article.
    pub const fn described(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int => "an integer",
            Self::Float => "a number",
            Self::String => "a string",
            Self::Sequence => "a list",
            Self::Mapping => "a mapping",
        }
    }
}

/// The value of a node that is no collection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// See [`Kind::Null`].
    Null,
    /// See [`Kind::Bool`].
    Bool(bool),
    /// See [`Kind::Int`].
    Int(i64),
    /// See [`Kind::Float`].
    Float(f64),
    /// See [`Kind::String`].
    String(&'t str),
}

/// One key with its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: &'t str,
    /// Where the key stands. In a canonical view: where its foreign counterpart stands.
    pub key_location: Location,
    /// The value.
    pub value: NodeRef<'t>,
    /// Whether a merge key (`<<`) put it here: key and value then stand elsewhere in the file.
    pub merged: bool,
}

/// A handle to a node: two words, copied freely.
#[derive(Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    id: u32,
}

impl<'t> NodeRef<'t> {
    pub(super) fn new(tree: &'t Tree, id: u32) -> Self {
        Self { tree, id }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a NodeRef is made only for a node of its tree"
    )]
    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.id as usize]
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its number in the tree.
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.data().data {
            Data::Null => Kind::Null,
            Data::Bool(_) => Kind::Bool,
            Data::Int(_) => Kind::Int,
            Data::Float(_) => Kind::Float,
            Data::String(_) => Kind::String,
            Data::Sequence { .. } => Kind::Sequence,
            Data::Mapping { .. } => Kind::Mapping,
        }
    }

    /// Its value, if it is no collection.
    pub fn scalar(self) -> Option<Scalar<'t>> {
        let data = self.data();
        Some(match data.data {
            Data::Null => Scalar::Null,
            Data::Bool(value) => Scalar::Bool(value),
            Data::Int(value) => Scalar::Int(value),
            Data::Float(value) => Scalar::Float(value),
            Data::String(text) => Scalar::String(self.tree.text(text, data.source)),
            Data::Sequence { .. } | Data::Mapping { .. } => return None,
        })
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        matches!(self.data().data, Data::Null)
    }

    /// Its text, if it is a string.
    pub fn as_str(self) -> Option<&'t str> {
        match self.scalar() {
            Some(Scalar::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Its value, if it is a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.data().data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Its value, if it is an integer.
    pub fn as_i64(self) -> Option<i64> {
        match self.data().data {
            Data::Int(value) => Some(value),
            _ => None,
        }
    }

    /// Its value, if it is a number of either kind.
    pub fn as_f64(self) -> Option<f64> {
        match self.data().data {
            #[expect(clippy::cast_precision_loss, reason = "what a float comparison means")]
            Data::Int(value) => Some(value as f64),
            Data::Float(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.data().data, Data::Mapping { .. })
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.data().data, Data::Sequence { .. })
    }

    /// How many children it has; 0 for scalars.
    pub fn len(self) -> usize {
        match self.data().data {
            Data::Sequence { len, .. } | Data::Mapping { len, .. } => len as usize,
            _ => 0,
        }
    }

    /// Whether it has no children.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The elements, if it is a sequence; nothing otherwise.
    pub fn items(self) -> impl ExactSizeIterator<Item = NodeRef<'t>> + DoubleEndedIterator {
        let ids = match self.data().data {
            Data::Sequence { first, len } => slice(&self.tree.items, first, len),
            _ => &[],
        };
        ids.iter().map(move |&id| Self::new(self.tree, id))
    }

    /// The element at an index from 0.
    pub fn item(self, index: usize) -> Option<NodeRef<'t>> {
        match self.data().data {
            Data::Sequence { first, len } => slice(&self.tree.items, first, len)
                .get(index)
                .map(|&id| Self::new(self.tree, id)),
            _ => None,
        }
    }

    fn entry_data(self) -> &'t [EntryData] {
        match self.data().data {
            Data::Mapping { first, len } => slice(&self.tree.entries, first, len),
            _ => &[],
        }
    }

    /// The entries in the order in which they were written, if it is a mapping.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'t>> {
        self.entry_data()
            .iter()
            .map(move |entry| self.tree.entry(entry))
    }

    /// The elements or the values of the entries; nothing for scalars.
    pub(crate) fn children(self) -> impl Iterator<Item = NodeRef<'t>> {
        let values = self.entry_data().iter().map(|entry| entry.value);
        self.items()
            .chain(values.map(move |value| Self::new(self.tree, value)))
    }

    /// The entry with this key.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        let found = self
            .entry_data()
            .iter()
            .find(|entry| self.tree.is_key(entry, key))?;
        Some(self.tree.entry(found))
    }

    /// The entry at an index from 0, if it is a mapping.
    pub fn entry_at(self, index: usize) -> Option<Entry<'t>> {
        let entry = self.entry_data().get(index)?;
        Some(self.tree.entry(entry))
    }

    /// The value of this key.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        let found = self
            .entry_data()
            .iter()
            .find(|entry| self.tree.is_key(entry, key))?;
        Some(Self::new(self.tree, found.value))
    }

    /// The node that a pointer leads to from here.
    pub fn at(self, pointer: &Pointer) -> Option<NodeRef<'t>> {
        pointer
            .segments()
            .iter()
            .try_fold(self, |node, segment| match segment {
                Segment::Key(key) => node.get(key),
                Segment::Index(index) => node.item(*index),
            })
    }

    /// The child that one step of a JSON Pointer (RFC 6901, still escaped) leads to.
    pub fn step(self, token: &str) -> Option<NodeRef<'t>> {
        if self.is_sequence() {
            self.item(token.parse().ok()?)
        } else if token.contains('~') {
            self.get(&token.replace("~1", "/").replace("~0", "~"))
        } else {
            self.get(token)
        }
    }

    /// The node that a JSON Pointer leads to from here, or the last one on the way that is there.
    pub fn as_far_as(self, json_pointer: &str) -> NodeRef<'t> {
        let mut node = self;
        for token in json_pointer.split('/').skip(1) {
            match node.step(token) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// What contains it; `None` for a root.
    pub fn parent(self) -> Option<NodeRef<'t>> {
        let parent = self.data().parent;
        (parent != self.id).then(|| Self::new(self.tree, parent))
    }

    /// The entry that holds it, if its parent is a mapping.
    pub fn own_entry(self) -> Option<Entry<'t>> {
        let parent = self.parent()?;
        let entry = self.tree.entries.get(self.data().slot as usize)?;
        parent.is_mapping().then(|| self.tree.entry(entry))
    }

    /// The step that leads to it from its parent; `None` for a root.
    pub fn segment(self) -> Option<Segment> {
        let parent = self.parent()?;
        match parent.data().data {
            Data::Sequence { first, .. } => {
                Some(Segment::Index((self.data().slot - first) as usize))
            }
            _ => self.own_entry().map(|entry| Segment::Key(entry.key.into())),
        }
    }

    /// The path from its root.
    pub fn pointer(self) -> Pointer {
        let mut segments = Vec::new();
        let mut node = self;
        while let (Some(segment), Some(parent)) = (node.segment(), node.parent()) {
            segments.push(segment);
            node = parent;
        }
        segments.reverse();
        Pointer::new(segments)
    }

    /// The file that it was written in.
    pub fn source(self) -> &'t Arc<SourceFile> {
        self.tree.source_at(self.data().source)
    }

    /// The bytes that it covers. For an alias: the alias.
    pub fn span(self) -> Span {
        self.data().span
    }

    /// File and bytes.
    pub fn location(self) -> Location {
        Location {
            file: self.source().id(),
            span: self.span(),
        }
    }

    /// The text as it was written, quotes and all: `1.10` where the value is 1.1.
    pub fn raw(self) -> &'t str {
        self.source().slice(self.span())
    }

    /// How it was written.
    pub fn style(self) -> Style {
        self.data().style
    }

    /// Where the node that an alias refers to stands, if an alias put this node here.
    pub fn anchor(self) -> Option<Location> {
        let anchors = &self.tree.anchors;
        let at = anchors.binary_search_by_key(&self.id, |&(id, _)| id).ok()?;
        let &(_, span) = anchors.get(at)?;
        Some(Location {
            file: self.source().id(),
            span,
        })
    }

    /// Where a label about it belongs: a scalar's own bytes; a collection's key, so that no label
    /// spans a block. A list element that is a mapping is labelled at its first key.
    ///
    /// This is also where a missing child is reported: on the nearest parent's key.
    pub fn address(self) -> Location {
        if matches!(self.kind(), Kind::Mapping | Kind::Sequence) {
            if let Some(entry) = self.own_entry() {
                return entry.key_location;
            }
            if let Some(first) = self.entries().next() {
                return first.key_location;
            }
            if let Some(first) = self.items().next() {
                return first.address();
            }
        } else if self.span().is_empty() {
            // Nothing stands behind the key: the key is the place.
            if let Some(entry) = self.own_entry() {
                return entry.key_location;
            }
        }
        self.location()
    }
}

impl Tree {
    fn entry<'t>(&'t self, entry: &EntryData) -> Entry<'t> {
        Entry {
            key: self.text(entry.key, entry.source),
            key_location: Location {
                file: self.source_at(entry.source).id(),
                span: entry.key_span,
            },
            value: NodeRef::new(self, entry.value),
            merged: entry.merged,
        }
    }
}

fn slice<T>(all: &[T], first: u32, len: u32) -> &[T] {
    all.get(first as usize..first as usize + len as usize)
        .unwrap_or_default()
}

/// Same node of the same tree.
impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for NodeRef<'_> {}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scalar() {
            Some(Scalar::Null) => f.write_str("null"),
            Some(Scalar::Bool(value)) => write!(f, "{value}"),
            Some(Scalar::Int(value)) => write!(f, "{value}"),
            Some(Scalar::Float(value)) => write!(f, "{value:?}"),
            Some(Scalar::String(text)) => write!(f, "{text:?}"),
            None if self.is_sequence() => f.debug_list().entries(self.items()).finish(),
            None => f
                .debug_map()
                .entries(self.entries().map(|e| (e.key, e.value)))
                .finish(),
        }
    }
}

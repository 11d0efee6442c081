//! The arena behind [`NodeRef`].

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::extent::Extents;
use super::node::NodeRef;
use super::reading::Read;
use crate::source::{SourceFile, Span};

/// A node's number in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The number itself: unique in its tree, children after their parents.
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, in YAML; every scalar of Markdown text.
    Plain,
    /// Quoted, or a block scalar.
    Quoted,
}

/// Text of a scalar or key: a piece of the source where it stands there as it is, else of the
/// tree's own pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub(super) span: Span,
    pub(super) pooled: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Text),
    Sequence { first: u32, len: u32 },
    Mapping { first: u32, len: u32 },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) data: Data,
    pub(super) span: Span,
    /// The parent's number; the node's own for a root.
    pub(super) parent: u32,
    /// Position in the tree's `items` or `entries`, as the parent's kind says.
    pub(super) slot: u32,
    pub(super) source: u16,
    pub(super) style: Style,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct EntryData {
    pub(super) key: Text,
    pub(super) key_span: Span,
    pub(super) source: u16,
    /// Put here by a merge key, so written elsewhere.
    pub(super) merged: bool,
    pub(super) value: u32,
}

/// A comment and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment with its marker, without the line end.
    pub span: Span,
    /// The file, as an index into [`Tree::sources`].
    pub(super) source: u16,
}

/// The nodes of one file, or of one document's canonical view.
///
/// A file of several YAML documents has several roots. Nodes of a view may come from several
/// files (a card and its sidecar); each knows its own.
#[derive(Clone)]
pub struct Tree {
    pub(super) sources: Vec<Arc<SourceFile>>,
    pub(super) nodes: Vec<NodeData>,
    pub(super) items: Vec<u32>,
    pub(super) entries: Vec<EntryData>,
    pub(super) pool: String,
    pub(super) comments: Vec<Comment>,
    /// Nodes that an alias put here, with the span of the anchored node; sorted by node.
    pub(super) anchors: Vec<(u32, Span)>,
    pub(super) roots: Vec<u32>,
    /// The files, as indices into `sources`, that belong to the roots as a whole.
    pub(super) whole: Vec<u16>,
    /// Made when it is first asked for, as is the next.
    pub(super) extents: OnceLock<Extents>,
    /// What is to be read of the only root.
    pub(super) readings: OnceLock<Box<[Read]>>,
}

impl Tree {
    /// The documents of the file, in order.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = NodeRef<'_>> {
        self.roots.iter().map(|&root| NodeRef::new(self, root))
    }

    /// The first document, if there is one.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.roots().next()
    }

    /// The node with this number.
    ///
    /// # Panics
    /// If the number is of another tree and too large for this one.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        assert!(
            (id.0 as usize) < self.nodes.len(),
            "a node id of another tree"
        );
        NodeRef::new(self, id.0)
    }

    /// The number of nodes, aliases expanded.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The files that nodes come from; the first is the document's own.
    pub fn sources(&self) -> &[Arc<SourceFile>] {
        &self.sources
    }

    /// Comments in order of their place.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// A comment's text, marker included.
    pub fn comment_text(&self, comment: &Comment) -> &str {
        self.source_at(comment.source).slice(comment.span)
    }

    pub(super) fn source_at(&self, index: u16) -> &Arc<SourceFile> {
        #[expect(
            clippy::indexing_slicing,
            reason = "the builder stores only indices that it pushed"
        )]
        &self.sources[index as usize]
    }

    pub(super) fn text(&self, text: Text, source: u16) -> &str {
        let from = if text.pooled {
            self.pool.as_str()
        } else {
            self.source_at(source).text()
        };
        from.get(text.span.range()).unwrap_or_default()
    }

    /// Whether a key is `wanted`; most are told apart by their length.
    pub(super) fn is_key(&self, entry: &EntryData, wanted: &str) -> bool {
        entry.key.span.len() as usize == wanted.len()
            && self.text(entry.key, entry.source) == wanted
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.roots()).finish()
    }
}

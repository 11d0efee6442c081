//! What a file holds: documents of known kinds, and how foreign formats become such documents.
//!
//! [`identify`] looks at a parsed file and gives its [`Document`]s. A [`Kind`] is a name with a
//! JSON Schema; a [`Format`] maps foreign documents onto the canonical fields of a kind, so that
//! policies see one vocabulary while every value keeps the place where its author wrote it.

mod beside;
pub mod builtin;
mod convert;
mod differences;
mod format;
mod identify;
mod include;
mod kind;
mod overlooked;
mod shown;

use std::sync::Arc;

use crate::finding::{DocumentRef, Stage};
use crate::source::SourceFile;
use crate::value::{NodeId, NodeRef, Tree};

pub use beside::{Alone, Beside, Companion, MAX_COMPANIONS, Refused};
pub use convert::{Converted, NATIVE, Unwritable, convert};
pub use differences::{Difference, Line, differences, is_at_or_below};
pub use format::{Format, Formats, is_sidecar, sidecar_path};
pub use identify::{Identified, Input, Unrecognized, identify, identify_with};
pub use kind::{DuplicateKind, Kind, Kinds, Origin};
pub use shown::{Shown, ShownValue};

/// One document: its kind, its identity and its canonical view.
#[derive(Clone, Debug)]
pub struct Document {
    /// Kind, identity and path.
    pub reference: DocumentRef,
    /// The stage it says it is in; `None` if it says none, or none that there is.
    pub stage: Option<Stage>,
    /// The foreign format it is written in; `None` if it is written in the kind's own fields.
    pub format: Option<Arc<str>>,
    /// Whether its file could be read in full. Nothing may be concluded from one that could not:
    /// what looks absent may stand behind the error.
    pub intact: bool,
    /// The names for which its format looks for files, such as those of data sets, that have none
    /// here and may lie elsewhere. What these say is not known.
    pub elsewhere: Vec<Box<str>>,
    tree: Arc<Tree>,
    root: NodeId,
    written: Arc<Tree>,
    source: Arc<SourceFile>,
}

impl Document {
    /// The root of the canonical view: what schemas and policies see.
    pub fn root(&self) -> NodeRef<'_> {
        self.tree.node(self.root)
    }

    /// The tree of the view.
    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    /// The file as it was read, with its comments: another tree than the view's for foreign formats.
    pub fn written(&self) -> &Arc<Tree> {
        &self.written
    }

    /// The file it was read from.
    pub fn source(&self) -> &Arc<SourceFile> {
        &self.source
    }

    /// Its kind's name.
    pub fn kind(&self) -> &str {
        &self.reference.kind
    }

    /// Its identity.
    pub fn id(&self) -> &str {
        &self.reference.id
    }
}

#[cfg(test)]
mod tests;

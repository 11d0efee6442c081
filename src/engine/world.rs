//! What rules may ask about other documents, in the first pass and in the second.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use camino::Utf8PathBuf;

use super::circles::Edge;
use super::library::{Entry, Library, Target};
use crate::document::{Document, Kinds};
use crate::evidence::Evidence;
use crate::expr::{FactError, Facts, Value};
use crate::finding::{RuleId, did_you_mean};
use crate::signoff::SignOffs;
use crate::value::NodeRef;

/// The first pass: other documents are not known yet, so every question about them is put off.
/// Evidence and sign-offs need none, and are read at once.
pub(super) struct Unread<'w> {
    pub(super) evidence: &'w Evidence<'w>,
    pub(super) sign_offs: &'w SignOffs,
    /// The document that is judged.
    pub(super) asker: &'w Document,
}

impl Facts for Unread<'_> {
    fn documents<'a>(&'a self, _kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        Err(FactError::Deferred)
    }

    fn reference<'a>(
        &'a self,
        _target: &str,
        _from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError> {
        Err(FactError::Deferred)
    }

    fn call<'a>(&'a self, function: &str, args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        self.sign_offs
            .call(function, args, self.asker, self.evidence)
    }
}

/// What a reference leads to whose path is none of the run's documents.
pub(super) enum Outside {
    /// The documents of a file.
    Documents(Vec<Document>),
    /// A link to this file, relative to the root.
    Link(Utf8PathBuf),
    /// Nothing.
    Missing,
    /// A file that cannot be used, and why.
    Unusable(String),
}

/// The documents that the second pass has loaded so far.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) entries: BTreeMap<Entry, Result<Document, String>>,
    pub(super) files: BTreeMap<Utf8PathBuf, Outside>,
}

/// What an evaluation still needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Demand {
    /// A document of this run.
    Entry(Entry),
    /// A file that is not part of it.
    File(Utf8PathBuf),
}

/// What one rule asks for one document in the second pass.
pub(super) struct Inquiry<'w> {
    pub(super) library: &'w Library,
    pub(super) evidence: &'w Evidence<'w>,
    pub(super) sign_offs: &'w SignOffs,
    pub(super) loaded: &'w Loaded,
    /// The kinds there are.
    pub(super) kinds: &'w Kinds,
    /// The document that is judged.
    pub(super) asker: &'w Document,
    /// The circles that this rule's references make; none until they are known.
    pub(super) circles: &'w BTreeMap<(RuleId, Edge), Vec<String>>,
    pub(super) rule: &'w RuleId,
    pub(super) demands: Mutex<BTreeSet<Demand>>,
    pub(super) edges: Mutex<BTreeSet<Edge>>,
}

impl<'w> Inquiry<'w> {
    fn demand<T>(&self, demand: Demand) -> Result<T, FactError> {
        self.demands
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(demand);
        Err(FactError::Deferred)
    }

    fn entry(&self, entry: Entry) -> Result<&'w Document, FactError> {
        match self.loaded.entries.get(&entry) {
            None => self.demand(Demand::Entry(entry)),
            Some(Ok(document)) => Ok(document),
            Some(Err(message)) => Err(FactError::Unreadable {
                message: message.clone(),
            }),
        }
    }

    fn target(&self, target: &str, found: Target) -> Result<&'w Document, FactError> {
        let found = match found {
            Target::File(path, id) => match self.loaded.files.get(&path) {
                Some(Outside::Link(to)) => {
                    self.library.at_path(target, to.clone(), id.as_deref())?
                }
                _ => Target::File(path, id),
            },
            entry @ Target::Entry(_) => entry,
        };
        let (path, id) = match found {
            Target::Entry(entry) => return self.entry(entry),
            Target::File(path, id) => (path, id),
        };
        let unreadable = |message: String| Err(FactError::Unreadable { message });
        let documents = match self.loaded.files.get(&path) {
            None => return self.demand(Demand::File(path)),
            Some(Outside::Documents(documents)) => documents,
            Some(Outside::Missing) => return Err(self.library.dangling(target)),
            Some(Outside::Unusable(message)) => return unreadable(message.clone()),
            // What a link leads to is itself no link, unless it was made one just now.
            Some(Outside::Link(_)) => return unreadable(changed(path.as_str())),
        };
        let id = id.as_deref();
        let found: Vec<&Document> = documents
            .iter()
            .filter(|document| id.is_none_or(|id| &*document.reference.id == id))
            .collect();
        match found.as_slice() {
            [] => Err(self.library.dangling(target)),
            [document] => Ok(document),
            several => Err(FactError::Ambiguous {
                target: target.to_owned(),
                candidates: several.iter().map(|document| name(document)).collect(),
            }),
        }
    }
}

impl Facts for Inquiry<'_> {
    fn documents<'a>(&'a self, kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        if self.kinds.get(kind).is_none() {
            // An empty list would let every `all` hold.
            let near = did_you_mean(kind, self.kinds.names());
            return Err(FactError::Unreadable {
                message: format!("there is no kind `{kind}`{near}"),
            });
        }
        let entries = self.library.of_kind(kind);
        // Every document that is missing is asked for at once, so that one round loads them all.
        let documents: Vec<_> = entries.iter().map(|&entry| self.entry(entry)).collect();
        documents
            .into_iter()
            .map(|document| document.map(Document::root))
            .collect()
    }

    fn reference<'a>(
        &'a self,
        target: &str,
        from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError> {
        // A sidecar speaks for the file that it stands beside: the first of a tree.
        let file = from.and_then(|node| node.tree().sources().first());
        let from = file.unwrap_or(self.asker.source()).path();
        let found = self.library.resolve(target, from.as_str())?;
        let document = self.target(target, found)?;
        // Only among documents of one kind is a circle an error: there it says that each builds on
        // the other. A spec and the card of its model name each other by right.
        if document.reference.kind != self.asker.reference.kind {
            return Ok(document.root());
        }
        let edge = (name(self.asker), name(document));
        if let Some(chain) = self.circles.get(&(self.rule.clone(), edge.clone())) {
            return Err(FactError::Cyclic {
                chain: chain.clone(),
            });
        }
        self.edges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(edge);
        Ok(document.root())
    }

    fn call<'a>(&'a self, function: &str, args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        self.sign_offs
            .call(function, args, self.asker, self.evidence)
    }
}

/// What to say of a file that is not what it was a moment ago.
pub(super) fn changed(path: &str) -> String {
    format!("`{path}` changed while it was checked; run the check again")
}

/// A document's name in a chain of references.
pub(super) fn name(document: &Document) -> String {
    format!("{}#{}", document.reference.path, document.reference.id)
}

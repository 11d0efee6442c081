//! What rules may ask about other documents, in the first pass and in the second.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8PathBuf;

use super::library::{Entry, Library, Target};
use crate::document::Document;
use crate::expr::{FactError, Facts, Value};
use crate::finding::RuleId;
use crate::value::NodeRef;

/// The first pass: other documents are not known yet, so every question is put off.
pub(super) struct Unread;

impl Facts for Unread {
    fn documents<'a>(&'a self, _kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        Err(FactError::Deferred)
    }

    fn reference<'a>(&'a self, _target: &str, _from: Option<NodeRef<'a>>) -> Result<NodeRef<'a>, FactError> {
        Err(FactError::Deferred)
    }

    fn call<'a>(&'a self, function: &str, _args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        Err(FactError::Unreadable { message: format!("`{function}` is not known to this version") })
    }
}

/// A file outside this run's documents that a reference leads to, as it was read.
pub(super) type Outside = Result<Vec<Document>, String>;

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

/// One reference that one rule followed: from path to path.
pub(super) type Edge = (String, String);

/// What one rule asks for one document in the second pass.
pub(super) struct Inquiry<'w> {
    pub(super) library: &'w Library,
    pub(super) loaded: &'w Loaded,
    /// `path#id` of the document that is judged.
    pub(super) asker: String,
    /// Its kind. Only among documents of one kind is a circle an error: there it says that each
    /// builds on the other. A spec and the card of its model name each other by right.
    pub(super) kind: Arc<str>,
    /// The circles that this rule's references make; none until they are known.
    pub(super) circles: &'w BTreeMap<(RuleId, Edge), Vec<String>>,
    pub(super) rule: &'w RuleId,
    pub(super) demands: Mutex<BTreeSet<Demand>>,
    pub(super) edges: Mutex<BTreeSet<Edge>>,
}

impl<'w> Inquiry<'w> {
    fn demand<T>(&self, demand: Demand) -> Result<T, FactError> {
        self.demands.lock().unwrap_or_else(PoisonError::into_inner).insert(demand);
        Err(FactError::Deferred)
    }

    fn entry(&self, entry: Entry) -> Result<&'w Document, FactError> {
        match self.loaded.entries.get(&entry) {
            None => self.demand(Demand::Entry(entry)),
            Some(Ok(document)) => Ok(document),
            Some(Err(message)) => Err(FactError::Unreadable { message: message.clone() }),
        }
    }

    fn file(&self, target: &str, path: Utf8PathBuf, id: Option<&str>) -> Result<&'w Document, FactError> {
        let documents = match self.loaded.files.get(&path) {
            None => return self.demand(Demand::File(path)),
            Some(Ok(documents)) => documents,
            Some(Err(message)) if message.is_empty() => {
                return Err(self.library.dangling(target));
            }
            Some(Err(message)) => return Err(FactError::Unreadable { message: message.clone() }),
        };
        let found: Vec<&Document> =
            documents.iter().filter(|document| id.is_none_or(|id| &*document.reference.id == id)).collect();
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
        let entries = self.library.of_kind(kind);
        // Every document that is missing is asked for at once, so that one round loads them all.
        let documents: Vec<_> = entries.iter().map(|&entry| self.entry(entry)).collect();
        documents.into_iter().map(|document| document.map(Document::root)).collect()
    }

    fn reference<'a>(&'a self, target: &str, from: Option<NodeRef<'a>>) -> Result<NodeRef<'a>, FactError> {
        let own = self.asker.split_once('#').map_or(&*self.asker, |(path, _)| path);
        let from = from.map_or(own, |node| node.source().path().as_str());
        let document = match self.library.resolve(target, from)? {
            Target::Entry(entry) => self.entry(entry)?,
            Target::File(path, id) => self.file(target, path, id.as_deref())?,
        };
        if document.reference.kind != self.kind {
            return Ok(document.root());
        }
        let edge = (self.asker.clone(), name(document));
        if let Some(chain) = self.circles.get(&(self.rule.clone(), edge.clone())) {
            return Err(FactError::Cyclic { chain: chain.clone() });
        }
        self.edges.lock().unwrap_or_else(PoisonError::into_inner).insert(edge);
        Ok(document.root())
    }

    fn call<'a>(&'a self, function: &str, args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        Unread.call(function, args).map_err(|_| FactError::Unreadable {
            message: format!("`{function}` is not known to this version"),
        })
    }
}

/// A document's name in a chain of references.
pub(super) fn name(document: &Document) -> String {
    format!("{}#{}", document.reference.path, document.reference.id)
}

/// The references that lie on a circle, each with the circle it lies on: names from where it
/// begins back to there.
pub(super) fn circles(edges: &BTreeSet<Edge>) -> BTreeMap<Edge, Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let mut found = BTreeMap::new();
    for edge @ (from, to) in edges {
        if let Some(mut chain) = shortest_way(&next, to, from) {
            chain.insert(0, from.clone());
            found.insert(edge.clone(), chain);
        }
    }
    found
}

/// The names on a shortest way, both ends included.
fn shortest_way(next: &BTreeMap<&str, Vec<&str>>, from: &str, to: &str) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let mut way = vec![at.to_owned()];
            let mut at = at;
            while at != from {
                at = came_from.get(at)?;
                way.push(at.to_owned());
            }
            way.reverse();
            return Some(way);
        }
        for &step in next.get(at).into_iter().flatten() {
            if step != from && !came_from.contains_key(step) {
                came_from.insert(step, at);
                queue.push_back(step);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_with_their_way_round() {
        let edges: BTreeSet<Edge> = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "e")]
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .into();
        let found = circles(&edges);
        let way = |from: &str, to: &str| found.get(&(from.to_owned(), to.to_owned())).map(|way| way.join(" "));
        assert_eq!(way("a", "b").as_deref(), Some("a b c a"));
        assert_eq!(way("c", "a").as_deref(), Some("c a b c"));
        assert_eq!(way("c", "d"), None);
        assert_eq!(way("e", "e").as_deref(), Some("e e"));
    }
}

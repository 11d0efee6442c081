//! Which documents there are, and which of them a reference means.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::expr::FactError;
use crate::finding::{DocumentRef, nearest};
use crate::source::Location;
use crate::value::Syntax;

/// A document's number in the [`Library`].
pub(super) type Entry = usize;

/// What is kept of a document after it was judged: enough to find and to load it again.
#[derive(Clone, Debug)]
pub(super) struct Shelved {
    /// Kind, id and path.
    pub(super) reference: DocumentRef,
    /// Which input holds it.
    pub(super) input: usize,
    /// Which document of that input it is.
    pub(super) ordinal: usize,
    /// Where its identity stands, for findings about it.
    pub(super) identity: Location,
    /// What its file held, as [`super::load::Load::stamp`] has it.
    pub(super) stamp: u64,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A document of this run.
    Entry(Entry),
    /// A file that is not part of this run: path relative to the root, and the id after `#`.
    File(Utf8PathBuf, Option<String>),
}

/// Every document of a run, by id, path and kind.
#[derive(Debug, Default)]
pub(super) struct Library {
    entries: Vec<Shelved>,
    by_id: BTreeMap<Arc<str>, Vec<Entry>>,
    by_path: BTreeMap<Arc<str>, Vec<Entry>>,
    by_kind: BTreeMap<Arc<str>, Vec<Entry>>,
}

impl Library {
    pub(super) fn new(entries: Vec<Shelved>) -> Self {
        let mut library = Self::default();
        for (number, shelved) in entries.iter().enumerate() {
            let DocumentRef { kind, id, path } = &shelved.reference;
            library
                .by_id
                .entry(Arc::clone(id))
                .or_default()
                .push(number);
            library
                .by_path
                .entry(Arc::clone(path))
                .or_default()
                .push(number);
            library
                .by_kind
                .entry(Arc::clone(kind))
                .or_default()
                .push(number);
        }
        library.entries = entries;
        library
    }

    pub(super) fn get(&self, entry: Entry) -> Option<&Shelved> {
        self.entries.get(entry)
    }

    /// Whether a document has an id.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// The documents of a kind, in order of path.
    pub(super) fn of_kind(&self, kind: &str) -> &[Entry] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Documents of one kind that share an id: each later one with the first.
    pub(super) fn duplicates(&self) -> impl Iterator<Item = (&Shelved, &Shelved)> {
        self.by_id.values().flat_map(|entries| {
            let documents: Vec<&Shelved> = entries.iter().filter_map(|&at| self.get(at)).collect();
            let mut pairs = Vec::new();
            for (at, later) in documents.iter().enumerate() {
                let same = |first: &&&Shelved| first.reference.kind == later.reference.kind;
                if let Some(first) = documents.iter().take(at).find(same) {
                    pairs.push((*later, *first));
                }
            }
            pairs
        })
    }

    /// What `target` means in the document at `from` (a path relative to the root).
    ///
    /// A target with a slash or with the extension of a document is a path, relative to the folder
    /// of the referring file, or to the root if it begins with `/`; `path#id` picks one of several
    /// documents in a file, `#id` one in the referring file. Anything else is an id, or `kind:id`
    /// where two kinds share one.
    pub(super) fn resolve(&self, target: &str, from: &str) -> Result<Target, FactError> {
        if let Some(id) = target.strip_prefix('#') {
            self.at_path(target, from.into(), Some(id))
        } else if is_path(target) {
            self.resolve_path(target, from)
        } else {
            self.resolve_id(target)
        }
    }

    fn resolve_path(&self, target: &str, from: &str) -> Result<Target, FactError> {
        let (path, id) = match target.split_once('#') {
            Some((path, id)) => (path, Some(id)),
            None => (target, None),
        };
        let Some(path) = join(from, path) else {
            return Err(FactError::Unreadable {
                message: format!("`{target}` leads out of the root"),
            });
        };
        self.at_path(target, path, id)
    }

    /// What `target` means where its file is `path`, relative to the root.
    pub(super) fn at_path(
        &self,
        target: &str,
        path: Utf8PathBuf,
        id: Option<&str>,
    ) -> Result<Target, FactError> {
        let Some(entries) = self.by_path.get(path.as_str()) else {
            return Ok(Target::File(path, id.map(str::to_owned)));
        };
        let named = |&&entry: &&Entry| {
            id.is_none_or(|id| {
                self.get(entry)
                    .is_some_and(|document| &*document.reference.id == id)
            })
        };
        let found: Vec<Entry> = entries.iter().filter(named).copied().collect();
        self.only(target, &found)
    }

    fn resolve_id(&self, target: &str) -> Result<Target, FactError> {
        let (kind, id) = match target.split_once(':') {
            Some((kind, id)) if self.by_kind.contains_key(kind) => (Some(kind), id),
            _ => (None, target),
        };
        let entries = self.by_id.get(id).map_or(&[][..], Vec::as_slice);
        let of_kind = |&&entry: &&Entry| {
            kind.is_none_or(|kind| {
                self.get(entry)
                    .is_some_and(|document| &*document.reference.kind == kind)
            })
        };
        let found: Vec<Entry> = entries.iter().filter(of_kind).copied().collect();
        self.only(target, &found)
    }

    fn only(&self, target: &str, found: &[Entry]) -> Result<Target, FactError> {
        match found {
            [] => Err(self.dangling(target)),
            &[entry] => Ok(Target::Entry(entry)),
            several => Err(FactError::Ambiguous {
                target: target.to_owned(),
                candidates: several
                    .iter()
                    .filter_map(|&at| self.get(at))
                    .map(|document| {
                        format!("{} ({})", document.reference.path, document.reference.id)
                    })
                    .collect(),
            }),
        }
    }

    /// The error for a reference that means nothing, with the id or the file name nearest to it.
    pub(super) fn dangling(&self, target: &str) -> FactError {
        let near = if is_path(target) {
            let file = target.split_once('#').map_or(target, |(file, _)| file);
            let wanted = Utf8Path::new(file).file_name().unwrap_or(file);
            let name = |path: &'_ Arc<str>| Utf8Path::new(&**path).file_name().map(str::to_owned);
            let names: Vec<String> = self.by_path.keys().filter_map(name).collect();
            let near = nearest(wanted, names.iter().map(String::as_str));
            let path = near.and_then(|near| {
                let mut paths = self.by_path.keys();
                paths.find(|path| name(path).as_deref() == Some(near))
            });
            path.map(|path| format!("/{path}"))
        } else {
            let id = target.trim_start_matches('#');
            nearest(id, self.by_id.keys().map(|id| &**id)).map(str::to_owned)
        };
        FactError::Dangling {
            target: target.to_owned(),
            nearest: near,
        }
    }
}

fn is_path(target: &str) -> bool {
    let file = target.split_once('#').map_or(target, |(file, _)| file);
    file.contains('/') || Syntax::of_path(Utf8Path::new(file)).is_some()
}

/// `target` as seen from the file `from`, relative to the root; `None` if it leads out of it.
fn join(from: &str, target: &str) -> Option<Utf8PathBuf> {
    let mut parts: Vec<&str> = Vec::new();
    let folder = match target.strip_prefix('/') {
        Some(_) => Utf8Path::new(""),
        None => Utf8Path::new(from).parent().unwrap_or(Utf8Path::new("")),
    };
    for component in folder
        .components()
        .chain(Utf8Path::new(target.trim_start_matches('/')).components())
    {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                parts.pop()?;
            }
            Utf8Component::Normal(name) => parts.push(name),
            Utf8Component::RootDir | Utf8Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn library(documents: &[(&str, &str, &str)]) -> Library {
        let shelved = |(input, &(kind, id, path)): (usize, &(&str, &str, &str))| Shelved {
            reference: DocumentRef {
                kind: kind.into(),
                id: id.into(),
                path: path.into(),
            },
            input,
            ordinal: 0,
            identity: Location {
                file: FileId(0),
                span: Span::default(),
            },
            stamp: 0,
        };
        Library::new(documents.iter().enumerate().map(shelved).collect())
    }

    #[test]
    fn references_are_paths_or_ids() {
        let library = library(&[
            ("feature-spec", "instant-credit", "specs/credit.md"),
            ("model-card", "risk", "cards/risk.yaml"),
            ("model-card", "twin", "cards/a.yaml"),
            ("model-card", "twin", "cards/b.yaml"),
            ("model-card", "both", "cards/both.yaml"),
            ("feature-spec", "both", "specs/both.md"),
            ("model-card", "one", "cards/two.yaml"),
            ("model-card", "two", "cards/two.yaml"),
        ]);
        let from = "specs/credit.md";
        let means = |target: &str| library.resolve(target, from);
        assert_eq!(means("risk"), Ok(Target::Entry(1)));
        assert_eq!(means("../cards/risk.yaml"), Ok(Target::Entry(1)));
        assert_eq!(means("/cards/risk.yaml"), Ok(Target::Entry(1)));
        assert_eq!(means("./credit.md"), Ok(Target::Entry(0)));
        assert_eq!(means("model-card:both"), Ok(Target::Entry(4)));
        assert_eq!(means("../cards/two.yaml#two"), Ok(Target::Entry(7)));
        assert_eq!(means("#instant-credit"), Ok(Target::Entry(0)));
        assert!(matches!(means("#risk"), Err(FactError::Dangling { .. })));
        assert_eq!(
            means("other.md"),
            Ok(Target::File("specs/other.md".into(), None))
        );
        let dangling = |target: &str, near: &str| FactError::Dangling {
            target: target.into(),
            nearest: Some(near.into()),
        };
        assert_eq!(means("riks"), Err(dangling("riks", "risk")));
        assert_eq!(
            library.dangling("../cards/rsik.yaml"),
            dangling("../cards/rsik.yaml", "/cards/risk.yaml")
        );
        assert!(matches!(
            means("../../secret.yaml"),
            Err(FactError::Unreadable { .. })
        ));
        for several in ["twin", "both", "../cards/two.yaml"] {
            assert!(
                matches!(means(several), Err(FactError::Ambiguous { .. })),
                "{several}"
            );
        }
        let duplicates: Vec<_> = library
            .duplicates()
            .map(|(later, _)| &*later.reference.path)
            .collect();
        assert_eq!(duplicates, ["cards/b.yaml"]);
    }
}

//! Which documents a run speaks of, where only some files changed.
//!
//! The others are read all the same, since rules may ask for them. Whether a document refers to
//! what changed is decided by its text: it does if an id or a file name of what changed occurs in
//! it. That takes too many rather than too few.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use regex::Regex;

use super::gate::Gate;
use super::load::{Load, Loader, Numbers};
use crate::discover::{Content, Input};
use crate::document::MAX_COMPANIONS;
use crate::files::paths::relative;
use crate::source::FileId;
use crate::value::Syntax;

/// The files that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Absolute and normal; those as well that are not there any more.
    pub paths: BTreeSet<Utf8PathBuf>,
    /// Whether documents that refer to what changed are spoken of, too.
    pub referrers: bool,
    /// What those of them held before that could be documents: who refers to one may know it by the id
    /// that it had.
    pub former: BTreeMap<Utf8PathBuf, Arc<[u8]>>,
}

/// What the changes of a run come to.
#[derive(Debug)]
pub(super) enum Focus {
    /// Everything is spoken of; why, where changes were named.
    Everything(Option<String>),
    /// Files of these paths, and those in which one of the names occurs.
    Some {
        paths: BTreeSet<Utf8PathBuf>,
        names: Option<Regex>,
    },
}

impl Focus {
    pub(super) fn new(
        changes: Option<&Changes>,
        gate: &Gate,
        loader: &Loader<'_>,
        inputs: &[Input],
    ) -> Self {
        let Some(changes) = changes else {
            return Self::Everything(None);
        };
        let root = &gate.config.root;
        let changed: BTreeSet<Utf8PathBuf> = changes
            .paths
            .iter()
            .map(|path| relative(path, root))
            .collect();
        if let Some(path) = changed.iter().find(|path| gate.reads(path)) {
            return Self::Everything(Some(format!("`{path}` decides how documents are checked")));
        }
        let is_sidecar = |path: &&Utf8PathBuf| document_of(path) != **path;
        if let Some(path) = changed
            .iter()
            .find(is_sidecar)
            .filter(|_| changes.referrers)
        {
            let why = format!("`{path}` may have said who its document is");
            return Self::Everything(Some(why));
        }
        let paths: BTreeSet<Utf8PathBuf> = changed.iter().map(document_of).collect();
        let mut names = BTreeSet::new();
        if changes.referrers {
            for path in &paths {
                let input = inputs.iter().find(|input| input.path == *path);
                let Some(input) = input else {
                    if changed.contains(path) && Syntax::of_path(path).is_some() {
                        // What it was called when it was there is not known.
                        let why = format!("`{path}` is gone, or is none of the files checked");
                        return Self::Everything(Some(why));
                    }
                    continue;
                };
                let before = changes.former.get(&root.join(path)).map(|bytes| Input {
                    content: Content::Bytes(Arc::clone(bytes)),
                    ..input.clone()
                });
                for input in std::iter::once(input).chain(&before) {
                    let load = loader.load(input, NOWHERE);
                    if load.is_broken() {
                        let why = format!("it cannot be told who `{path}` is, or was");
                        return Self::Everything(Some(why));
                    }
                    names.extend(load.documents.iter().map(|it| it.reference.id.to_string()));
                }
            }
            match owners(&paths, gate, loader, inputs) {
                Ok(owners) => names.extend(owners),
                Err(why) => return Self::Everything(Some(why)),
            }
            let files = changed.iter().chain(&paths);
            names.extend(files.filter_map(|path| path.file_name()).map(str::to_owned));
        }
        let escaped: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
        let pattern = (!escaped.is_empty()).then(|| Regex::new(&escaped.join("|")));
        match pattern.transpose() {
            Ok(names) => Self::Some { paths, names },
            Err(_) => Self::Everything(Some("too much changed to look for it".to_owned())),
        }
    }

    /// Whether the documents of a file are spoken of. A file that is broken always is: what it
    /// refers to cannot be known.
    pub(super) fn takes(&self, input: &Input, load: &Load) -> bool {
        let Self::Some { paths, names } = self else {
            return true;
        };
        let mentions = |names: &Regex| load.sources().any(|file| names.is_match(file.text()));
        load.is_broken()
            || paths.contains(&input.path)
            || paths.iter().any(|path| load.has_companion(path))
            || names.as_ref().is_some_and(mentions)
    }

    pub(super) fn is_partial(&self) -> bool {
        matches!(self, Self::Some { .. })
    }
}

/// Numbers that do not matter: nothing of such a reading is kept.
const NOWHERE: Numbers = Numbers {
    input: FileId(u32::MAX - 1),
    sidecar: FileId(u32::MAX - 2),
    companions: FileId(u32::MAX - 3 - MAX_COMPANIONS),
};

/// The names of the documents that files belong to which changed: who refers to one of them is
/// spoken of. An error says what cannot be told.
fn owners(
    paths: &BTreeSet<Utf8PathBuf>,
    gate: &Gate,
    loader: &Loader<'_>,
    inputs: &[Input],
) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let parts: Vec<_> = paths
        .iter()
        .filter(|path| gate.formats.is_companion(path))
        .collect();
    if parts.is_empty() {
        return Ok(names);
    }
    for input in inputs {
        let load = loader.load(input, NOWHERE);
        if !parts.iter().any(|path| load.has_companion(path)) {
            continue;
        }
        if load.is_broken() {
            return Err(format!("it cannot be told who `{}` is", input.path));
        }
        names.extend(load.documents.iter().map(|it| it.reference.id.to_string()));
        names.extend(input.path.file_name().map(str::to_owned));
    }
    Ok(names)
}

/// The document that a path is, or is the sidecar of.
fn document_of(path: &Utf8PathBuf) -> Utf8PathBuf {
    let owner = path.as_str().strip_suffix(".launchgate.yaml");
    owner.map_or_else(|| path.clone(), Utf8PathBuf::from)
}

impl Gate {
    /// Whether a file, by its path relative to the root, is a config, or part of a pack, a kind or
    /// a catalogue: a change to it may change the outcome of every document.
    fn reads(&self, path: &Utf8Path) -> bool {
        let config = &self.config;
        let is = |own: &Utf8Path| relative(own, &config.root) == *path;
        let holds = |folder: &Utf8Path| path.starts_with(relative(folder, &config.root));
        path.file_name()
            .is_some_and(|name| crate::config::NAMES.contains(&name) || name == ".gitignore")
            || config.files.iter().any(|file| is(&file.path))
            || config.pack_folders.iter().any(|pack| holds(&pack.path))
            || config.framework_files.iter().any(|file| is(&file.path))
            || config.kinds.iter().any(|kind| is(&kind.schema.value))
    }
}

//! Which files are checked.
//!
//! The caller names files and folders (the current folder where it names none). A named file is
//! checked whatever its place; a folder is walked: `.gitignore` files inside the root are honoured,
//! hidden files are left out, and nothing else decides (no global ignore file, no `.ignore`), so
//! that a checkout gives the same files everywhere. Files with the extensions of a [`Syntax`] are
//! taken, and those that a `documents` glob of the config matches; of XML, which is mostly something
//! else, only what is called as the documents of a format are. `exclude` globs hold for every
//! file, also for a named one; that is said in [`Discovered::notices`].
//!
//! A symbolic link is taken as the file or folder that it leads to, if that lies inside the root.
//!
//! What the gate itself reads (configs, waivers, sidecars, packs, schemas of kinds) is no document.
//! Everything that keeps a file from being checked is a problem: rules `input/...`, exit code 2.

mod globs;
mod ignored;
mod named;
mod own;
mod read;
#[cfg(test)]
mod tests;
mod walk;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::config::Config;
use crate::document::Formats;
use crate::files::Files;
use crate::finding::Finding;
use crate::source::SourceMap;
use crate::value::Syntax;

pub use named::start;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The current folder: absolute, links resolved.
    pub current: Utf8PathBuf,
    /// The paths as they were named; none stands for the current folder.
    pub paths: Vec<PathBuf>,
    /// A text in place of a file: `-`.
    pub stdin: Option<Stdin>,
}

/// Standard input.
#[derive(Clone, Debug)]
pub struct Stdin {
    /// `--stdin-filename`, absolute: the text is taken for this file, which need not be there.
    pub path: Option<Utf8PathBuf>,
    /// What was read: at most the limit of a file and one byte more.
    pub bytes: Arc<[u8]>,
}

/// Where an input's text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In a file: absolute, links resolved.
    File(Utf8PathBuf),
    /// Here already.
    Bytes(Arc<[u8]>),
}

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Relative to the root, with `/`.
    pub path: Utf8PathBuf,
    /// Its text.
    pub content: Content,
    /// Its syntax.
    pub syntax: Syntax,
    /// Whether it was named, on the command line or by a `documents` glob: then it has to be a
    /// document.
    pub named: bool,
    /// The kind that `documents` assigns.
    pub kind: Option<Arc<str>>,
    /// The format that `documents` assigns.
    pub format: Option<Arc<str>>,
    /// The sidecar beside it (`<file>.launchgate.yaml`), absolute.
    pub sidecar: Option<Utf8PathBuf>,
}

/// The files to check, and what stands in the way of checking them.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// Sorted by the bytes of their paths; each file once.
    pub inputs: Vec<Input>,
    /// What is wrong with the paths: rules `input/...`.
    pub problems: Vec<Finding>,
    /// What was named and is left out all the same, in sentences.
    pub notices: Vec<String>,
}

/// Finds the files to check.
///
/// Files that problems point into are put into `sources`.
pub fn discover(
    request: &Request,
    config: &Config,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Discovered {
    let mut search = Search {
        current: &request.current,
        config,
        files,
        sources,
        own: own::Own::of(config),
        found: BTreeMap::new(),
        sidecars: BTreeSet::new(),
        walked: BTreeSet::new(),
        problems: Vec::new(),
        notices: Vec::new(),
        formats: OnceCell::new(),
    };
    if let Some(stdin) = &request.stdin {
        search.stdin(stdin);
    } else {
        let targets = named::targets(&request.current, &request.paths, files);
        for target in targets {
            search.target(&target);
        }
        search.sidecars();
    }
    search.globs();
    search.nested_configs();
    let mut inputs: Vec<_> = search.found.into_values().collect();
    inputs.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
    search
        .problems
        .sort_by_key(|problem| problem.primary.location);
    Discovered {
        inputs,
        problems: search.problems,
        notices: search.notices,
    }
}

/// A search under way.
struct Search<'a> {
    current: &'a Utf8Path,
    config: &'a Config,
    files: &'a dyn Files,
    sources: &'a mut SourceMap,
    own: own::Own,
    /// By the text of the absolute path, which is in normal form; standard input under its path.
    found: BTreeMap<String, Input>,
    /// Sidecars that were seen, absolute.
    sidecars: BTreeSet<Utf8PathBuf>,
    /// Folders that were walked, absolute.
    walked: BTreeSet<Utf8PathBuf>,
    problems: Vec<Finding>,
    notices: Vec<String>,
    /// The formats that come with the program; few runs ask for them.
    formats: OnceCell<Formats>,
}

impl Search<'_> {
    /// An absolute path as seen from the root.
    fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        crate::files::paths::relative(path, &self.config.root)
    }

    fn input(&self, shown: Utf8PathBuf, content: Content, syntax: Syntax, named: bool) -> Input {
        let assigned = self.config.assigned(&shown);
        let name = |name: Option<&crate::config::Setting<String>>| {
            name.map(|name| Arc::from(name.value.as_str()))
        };
        Input {
            content,
            syntax,
            named: named || assigned.is_some(),
            kind: assigned.and_then(|assigned| name(assigned.kind)),
            format: assigned.and_then(|assigned| name(assigned.format)),
            sidecar: None,
            path: shown,
        }
    }
}

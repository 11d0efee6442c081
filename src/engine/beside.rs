//! Reads the files that belong to a document: inside the root, within the limits of files.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use globset::GlobMatcher;

use crate::discover::{Content, Input};
use crate::document::{Beside, Companion, MAX_COMPANIONS, Refused};
use crate::files::paths::{normal, reason};
use crate::files::{FileKind, Files};
use crate::source::{FileId, SourceFile};
use crate::value::{self, Limits, Syntax};

/// The files of one input's documents.
pub(super) struct Reader<'l> {
    files: &'l dyn Files,
    root: &'l Utf8Path,
    limits: Limits,
    /// The number of the first of them.
    first: FileId,
    taken: Cell<u32>,
    read: RefCell<BTreeMap<Utf8PathBuf, Companion>>,
    /// Those whose texts could not be used, and those that could.
    sources: RefCell<Vec<Arc<SourceFile>>>,
    looked: RefCell<Looked>,
}

/// Where files were looked for, whether any was there or not.
#[derive(Default)]
pub(super) struct Looked {
    paths: Vec<Utf8PathBuf>,
    folders: Vec<(Utf8PathBuf, GlobMatcher)>,
}

impl Looked {
    /// Whether a file of this path would have been read, had it been there.
    pub(super) fn for_path(&self, path: &Utf8Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        let listed = |(folder, names): &(Utf8PathBuf, GlobMatcher)| {
            path.parent() == Some(folder.as_path()) && names.is_match(name)
        };
        self.paths.iter().any(|known| known == path) || self.folders.iter().any(listed)
    }
}

impl<'l> Reader<'l> {
    pub(super) fn new(
        files: &'l dyn Files,
        root: &'l Utf8Path,
        limits: Limits,
        first: FileId,
    ) -> Self {
        Self {
            files,
            root,
            limits,
            first,
            taken: Cell::new(0),
            read: RefCell::default(),
            sources: RefCell::default(),
            looked: RefCell::default(),
        }
    }

    /// The files that were read, and where any were looked for.
    pub(super) fn finish(self) -> (Vec<Arc<SourceFile>>, Looked) {
        (self.sources.into_inner(), self.looked.into_inner())
    }

    /// The place of something inside the root, links resolved; `None` where nothing is.
    fn inside(&self, path: &Utf8Path) -> Result<Option<Utf8PathBuf>, Refused> {
        if path.has_root() || path.starts_with("..") {
            return Err(Refused::Outside);
        }
        let absolute = match self.files.canonical(&self.root.join(path)) {
            Ok(absolute) => absolute,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
                    _ => Err(Refused::Because(reason(&error))),
                };
            }
        };
        if absolute.starts_with(self.root) {
            Ok(Some(absolute))
        } else {
            Err(Refused::Outside)
        }
    }

    fn load(&self, path: &Utf8Path) -> Result<Companion, Refused> {
        let Some(absolute) = self.inside(path)? else {
            return Err(Refused::Missing);
        };
        match self.files.stat(&absolute) {
            Ok(FileKind::File) => {}
            // What is no file is none that could be meant.
            Ok(_) => return Err(Refused::Missing),
            Err(error) => return Err(Refused::Because(reason(&error))),
        }
        let Some(syntax) = Syntax::of_path(path) else {
            let why = "its extension is none of YAML, JSON, TOML, Markdown and XML";
            return Err(Refused::Because(why.to_owned()));
        };
        if self.taken.get() >= MAX_COMPANIONS {
            return Err(Refused::TooMany);
        }
        let id = FileId(self.first.0.saturating_add(self.taken.get()));
        self.taken.set(self.taken.get() + 1);
        let input = Input {
            path: path.to_owned(),
            content: Content::File(absolute),
            syntax,
            named: true,
            kind: None,
            format: None,
            sidecar: None,
        };
        match input.read(id, self.limits.file_bytes, self.files) {
            Ok(source) => {
                self.sources.borrow_mut().push(Arc::clone(&source));
                let parsed = value::read(&source, syntax, &self.limits);
                Ok(Companion { source, parsed })
            }
            Err(refused) => {
                let (source, finding) = *refused;
                self.sources.borrow_mut().push(source);
                Err(Refused::Broken(Box::new(finding)))
            }
        }
    }
}

impl Beside for Reader<'_> {
    fn find(&self, folder: &Utf8Path, name: &GlobMatcher) -> Result<Vec<Utf8PathBuf>, Refused> {
        let folder = normal(folder);
        let mut looked = self.looked.borrow_mut();
        looked.folders.push((folder.clone(), name.clone()));
        let Some(absolute) = self.inside(&folder)? else {
            return Ok(Vec::new());
        };
        let entries = match self.files.list(&absolute) {
            Ok(entries) => entries,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(Vec::new()),
                    _ => Err(Refused::Because(reason(&error))),
                };
            }
        };
        let files = entries
            .iter()
            .filter(|entry| entry.kind != FileKind::Folder);
        let names = files.filter_map(|entry| entry.name.to_str());
        let mut paths: Vec<_> = names
            .filter(|file| name.is_match(file))
            .map(|file| folder.join(file))
            .collect();
        paths.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        Ok(paths)
    }

    fn read(&self, path: &Utf8Path) -> Result<Companion, Refused> {
        let path = normal(path);
        if let Some(known) = self.read.borrow().get(&path) {
            return Ok(known.clone());
        }
        self.looked.borrow_mut().paths.push(path.clone());
        let companion = self.load(&path)?;
        self.read.borrow_mut().insert(path, companion.clone());
        Ok(companion)
    }
}

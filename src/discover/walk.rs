//! Walks folders.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::ignored::Ignored;
use super::named::whole_file;
use super::own::{SIDECAR, document_of};
use super::{Content, Search};
use crate::config::Glob;
use crate::document::Formats;
use crate::files::paths::reason;
use crate::files::{FileKind, FolderEntry};
use crate::finding::Finding;
use crate::value::Syntax;

/// A walk under way.
struct Walk<'g> {
    /// Folders that wait for their turn, each with what is ignored in it.
    waiting: Vec<(Utf8PathBuf, Ignored)>,
    /// Takes only the files that this glob matches.
    only: Option<&'g Glob>,
}

impl Search<'_> {
    /// Takes every file that could be a document at and below a folder inside the root.
    pub(super) fn folder(&mut self, folder: &Utf8Path) {
        self.walk(folder, None);
        self.literal_documents(folder);
    }

    fn walk(&mut self, folder: &Utf8Path, only: Option<&Glob>) {
        let mut walk = Walk {
            waiting: vec![(
                folder.to_owned(),
                Ignored::at(folder, &self.config.root, self.files),
            )],
            only,
        };
        let mut seen = BTreeSet::new();
        while let Some((folder, ignored)) = walk.waiting.pop() {
            let fresh = if only.is_some() {
                seen.insert(folder.clone())
            } else {
                self.walked.insert(folder.clone())
            };
            if !fresh {
                continue;
            }
            let entries = match self.files.list(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.file_problem(
                        "input/unreadable",
                        &folder,
                        &format!("the folder cannot be read: {}", reason(&error)),
                        "Make it readable, or leave it out with `exclude`",
                    );
                    continue;
                }
            };
            for entry in entries {
                self.entry(&folder, &entry, &ignored, &mut walk);
            }
        }
    }

    fn entry(
        &mut self,
        folder: &Utf8Path,
        entry: &FolderEntry,
        ignored: &Ignored,
        walk: &mut Walk<'_>,
    ) {
        if entry.name.as_encoded_bytes().starts_with(b".") {
            return;
        }
        let Some(name) = entry.name.to_str() else {
            self.non_utf8(folder, entry);
            return;
        };
        let path = folder.join(name);
        let is_folder = entry.kind == FileKind::Folder;
        let shown = self.shown(&path);
        let excluded = if is_folder {
            self.config.excludes_folder(&shown)
        } else {
            self.config.excluded(&shown).is_some()
        };
        let meant = is_folder
            || entry.kind == FileKind::Link
            || walk.only.is_none_or(|glob| glob.matches(&shown));
        if excluded || !meant || ignored.contains(&path, is_folder) {
            return;
        }
        match entry.kind {
            FileKind::Folder => {
                if self.own.role(&path).is_none() {
                    let ignored = ignored.below(&path, self.files);
                    walk.waiting.push((path, ignored));
                }
            }
            FileKind::File => self.walked_file(&path),
            FileKind::Link => self.link(&path, walk),
            FileKind::Other => {
                if self.considered(&path) {
                    self.file_problem(
                        "input/not-a-file",
                        &path,
                        "a FIFO, socket or device is no document",
                        "Remove it, or leave it out with `exclude`",
                    );
                }
            }
        }
    }

    /// Whether a file is taken when a folder is walked.
    fn considered(&self, path: &Utf8Path) -> bool {
        Syntax::of_path(path).is_some_and(|syntax| self.meant(path, syntax))
            || self.assigned_exactly(path)
    }

    /// Whether a file that is written like this is looked at without being named.
    fn meant(&self, path: &Utf8Path, syntax: Syntax) -> bool {
        if syntax != Syntax::Xml || self.assigned_exactly(path) {
            return true;
        }
        let assigned = self.config.assigned(&self.shown(path));
        assigned.is_some_and(|assigned| assigned.format.is_some())
            || self
                .formats
                .get_or_init(Formats::builtin)
                .name(path, syntax)
    }

    /// Whether a `documents` glob means this very file, and not just a folder above it.
    fn assigned_exactly(&self, path: &Utf8Path) -> bool {
        let shown = self.shown(path);
        let mut globs = self.config.documents.iter().flat_map(|entry| &entry.paths);
        globs.any(|glob| glob.names_files() && glob.matches(&shown) && !glob.covers(&shown))
    }

    fn walked_file(&mut self, path: &Utf8Path) {
        if document_of(path).is_some() {
            self.sidecars.insert(path.to_owned());
            return;
        }
        if self.own.role(path).is_some() || self.found.contains_key(path.as_str()) {
            return;
        }
        let Some(syntax) = Syntax::of_path(path) else {
            if self.assigned_exactly(path) {
                self.file_problem(
                    "input/unknown-syntax",
                    path,
                    "a `documents` glob names this file, and its extension does not say how it is written",
                    "Documents end in .yaml, .yml, .json, .toml, .md, .markdown or .xml",
                );
            }
            return;
        };
        if !self.meant(path, syntax) {
            return;
        }
        let shown = self.shown(path);
        let input = self.input(shown, Content::File(path.to_owned()), syntax, false);
        self.found.insert(path.as_str().to_owned(), input);
    }

    /// A link is taken as what it leads to, inside the root; what leads out is refused.
    fn link(&mut self, path: &Utf8Path, walk: &mut Walk<'_>) {
        let found = self
            .files
            .canonical(path)
            .and_then(|target| Ok((self.files.stat(&target)?, target)));
        match found {
            Ok((FileKind::File, _)) if !self.considered(path) => {}
            Ok((FileKind::File | FileKind::Folder, target))
                if !target.starts_with(&self.config.root) =>
            {
                self.file_problem(
                    "input/outside-root",
                    path,
                    "the link leads out of the root",
                    "Put a copy there, or leave the link out with `exclude`",
                );
            }
            Ok((_, target)) if self.config.excluded(&self.shown(&target)).is_some() => {}
            Ok((FileKind::File, target)) => {
                let shown = self.shown(&target);
                if walk.only.is_none_or(|glob| glob.matches(&shown)) {
                    self.walked_file(&target);
                }
            }
            Ok((FileKind::Folder, target)) => {
                if self.own.role(&target).is_none() {
                    let ignored = Ignored::at(&target, &self.config.root, self.files);
                    walk.waiting.push((target, ignored));
                }
            }
            Err(error) if self.considered(path) => {
                let why = if error.kind() == std::io::ErrorKind::NotFound {
                    "the link leads nowhere".to_owned()
                } else {
                    format!("the link cannot be followed: {}", reason(&error))
                };
                self.file_problem(
                    "input/unreadable",
                    path,
                    &why,
                    "Repair the link, or leave it out with `exclude`",
                );
            }
            Ok(_) | Err(_) => {}
        }
    }

    fn non_utf8(&mut self, folder: &Utf8Path, entry: &FolderEntry) {
        let lossy = entry.name.to_string_lossy();
        let path = folder.join(&*lossy);
        if entry.kind == FileKind::Folder || Syntax::of_path(&path).is_some() {
            self.file_problem(
                "input/non-utf8-path",
                &path,
                "the name is not UTF-8",
                "Rename it; reports can only show paths that are text",
            );
        }
    }

    /// Takes the files of `documents` globs whose literal beginning lies below a walked folder,
    /// also where that beginning is hidden or ignored: whoever writes it out means it.
    fn literal_documents(&mut self, folder: &Utf8Path) {
        let config = self.config;
        for glob in config.documents.iter().flat_map(|entry| &entry.paths) {
            let (prefix, literal) = glob.literal_prefix();
            let path = config.root.join(prefix);
            if !path.starts_with(folder) || path == folder || self.walked.contains(&path) {
                continue;
            }
            let shown = self.shown(&path);
            match self.files.stat_link(&path) {
                Ok(FileKind::Folder) if !config.excludes_folder(&shown) => {
                    self.walk(&path, Some(glob));
                }
                Ok(FileKind::File) if literal && config.excluded(&shown).is_none() => {
                    self.walked_file(&path);
                }
                Ok(FileKind::Link) if config.excluded(&shown).is_none() => {
                    let mut walk = Walk {
                        waiting: Vec::new(),
                        only: None,
                    };
                    self.link(&path, &mut walk);
                }
                _ => {}
            }
        }
    }

    /// Gives each sidecar to its document; one without a document would say nothing to anyone.
    pub(super) fn sidecars(&mut self) {
        for sidecar in std::mem::take(&mut self.sidecars) {
            let Some(document) = document_of(&sidecar) else {
                continue;
            };
            if self.found.contains_key(document.as_str()) {
                self.sidecar_of(&document, &sidecar);
            } else if self.files.stat_link(&document).is_err() {
                let name = document.file_name().unwrap_or_default();
                self.file_problem(
                    "input/orphan-sidecar",
                    &sidecar,
                    &format!("there is no file `{name}` for this sidecar"),
                    &format!("A sidecar is called as its document with `{SIDECAR}` behind it"),
                );
            }
        }
    }

    /// Gives a sidecar to its document, as what it leads to if it is a link.
    fn sidecar_of(&mut self, document: &Utf8Path, sidecar: &Utf8Path) {
        match self.files.canonical(sidecar) {
            Ok(target) if target.starts_with(&self.config.root) => {
                if let Some(input) = self.found.get_mut(document.as_str()) {
                    input.sidecar = Some(target);
                }
            }
            Ok(_) => self.file_problem(
                "input/outside-root",
                sidecar,
                "the link leads out of the root",
                "Put a copy there, or leave the link out with `exclude`",
            ),
            Err(error) => self.file_problem(
                "input/unreadable",
                sidecar,
                &format!("the sidecar cannot be read: {}", reason(&error)),
                "Repair the link, or remove it",
            ),
        }
    }

    /// A problem with a file that was not named.
    pub(super) fn file_problem(&mut self, rule: &str, path: &Utf8Path, message: &str, help: &str) {
        let shown = self.shown(path);
        let label = whole_file(self.sources, &shown);
        let message = format!("`{shown}`: {message}");
        self.problems
            .push(Finding::new(rule, message, label).with_help(help));
    }
}

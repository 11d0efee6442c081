//! What the config promises about files: that its globs match, and that it is the config.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::ignored::Ignored;
use super::named::whole_file;
use super::{Content, Search};
use crate::config::{Glob, NAMES};
use crate::files::FileKind;
use crate::finding::{Finding, Label, nearest};
use crate::value::Syntax;

/// Why a glob matched nothing.
enum Why {
    /// It matches files, all of which are ignored.
    Ignored(Utf8PathBuf),
    /// It matches files, all of which are excluded.
    Excluded(Utf8PathBuf),
    /// A part of it names nothing, and something near does.
    Misspelt(Utf8PathBuf),
    /// Nothing is known.
    Nothing,
}

impl Search<'_> {
    /// Every glob of `documents` and `overrides` has to match a file, whatever was named: one that
    /// matches nothing is a misspelling, and what it was meant for would go unchecked.
    pub(super) fn globs(&mut self) {
        let config = self.config;
        let documents = config.documents.iter().flat_map(|entry| &entry.paths);
        let overrides = config.overrides.iter().flat_map(|entry| &entry.paths);
        let unmatched: Vec<_> = documents
            .chain(overrides)
            .filter(|glob| !self.found.values().any(|input| glob.matches(&input.path)))
            .collect();
        for glob in unmatched {
            if !self.matches_somewhere(glob, false) {
                let why = self.why(glob);
                self.unmatched(glob, &why);
            }
        }
    }

    /// Whether a glob matches a file that would be checked if its folder were. `all`: or one that
    /// is ignored, hidden or excluded.
    fn matches_somewhere(&self, glob: &Glob, all: bool) -> bool {
        self.first_match(glob, all).is_some()
    }

    fn first_match(&self, glob: &Glob, all: bool) -> Option<Utf8PathBuf> {
        let (prefix, literal) = glob.literal_prefix();
        let base = self.config.root.join(prefix);
        let kind = self.files.stat(&base).ok()?;
        let canonical = self.files.canonical(&base).ok()?;
        if !canonical.starts_with(&self.config.root) {
            return None;
        }
        let excluded = |path: &Utf8Path| !all && self.config.excluded(&self.shown(path)).is_some();
        if kind == FileKind::File {
            return (literal && !excluded(&base)).then_some(base);
        }
        let mut waiting = vec![(
            base.clone(),
            Ignored::at(&base, &self.config.root, self.files),
        )];
        let mut seen = BTreeSet::new();
        while let Some((folder, ignored)) = waiting.pop() {
            if !seen.insert(folder.clone()) {
                continue;
            }
            for entry in self.files.list(&folder).unwrap_or_default() {
                let Some(name) = entry.name.to_str() else {
                    continue;
                };
                let path = folder.join(name);
                let is_folder = entry.kind == FileKind::Folder;
                let hidden = name.starts_with('.') && (!all || name == ".git");
                if hidden
                    || (!is_folder && excluded(&path))
                    || (!all && ignored.contains(&path, is_folder))
                {
                    continue;
                }
                if is_folder {
                    if !all && self.config.excludes_folder(&self.shown(&path)) {
                        continue;
                    }
                    let ignored = ignored.below(&path, self.files);
                    waiting.push((path, ignored));
                } else if glob.matches(&self.shown(&path)) && self.could_be_document(glob, &path) {
                    return Some(path);
                }
            }
        }
        None
    }

    fn could_be_document(&self, glob: &Glob, path: &Utf8Path) -> bool {
        let exactly = glob.names_files() && !glob.covers(&self.shown(path));
        self.own.role(path).is_none() && (exactly || Syntax::of_path(path).is_some())
    }

    fn why(&self, glob: &Glob) -> Why {
        if let Some(path) = self.first_match(glob, true) {
            let shown = self.shown(&path);
            return if self.config.excluded(&shown).is_some() {
                Why::Excluded(shown)
            } else {
                Why::Ignored(shown)
            };
        }
        let (prefix, _) = glob.literal_prefix();
        let path = self.config.root.join(prefix);
        let missing = path
            .ancestors()
            .take_while(|part| self.files.stat_link(part).is_err())
            .last();
        let near = missing.and_then(|missing| {
            let folder = missing.parent()?;
            let entries = self.files.list(folder).ok()?;
            let names: Vec<_> = entries.iter().filter_map(|e| e.name.to_str()).collect();
            let near = nearest(missing.file_name()?, names)?;
            Some(self.shown(&folder.join(near)))
        });
        near.map_or(Why::Nothing, Why::Misspelt)
    }

    fn unmatched(&mut self, glob: &Glob, why: &Why) {
        let help = match why {
            Why::Ignored(path) => format!(
                "It matches `{path}`, which is hidden or which `.gitignore` leaves out; name such a folder without wildcards"
            ),
            Why::Excluded(path) => {
                format!("It matches `{path}`, which `exclude` leaves out; remove one of the two")
            }
            Why::Misspelt(near) => format!("Did you mean `{near}`?"),
            Why::Nothing => {
                "Correct the glob, or remove it; globs are relative to the folder of the config"
                    .to_owned()
            }
        };
        self.problems.push(
            Finding::new(
                "input/unmatched-glob",
                format!("`{}` matches no file", glob.text),
                Label::new(glob.location, ""),
            )
            .with_help(help),
        );
    }

    /// A config below the folder where the search for configs began, above a file that is checked,
    /// would be passed over: that file would be held to other rules than those beside it.
    pub(super) fn nested_configs(&mut self) {
        if self.config.explicit {
            return;
        }
        let start = &self.config.start;
        let mut folders = BTreeSet::new();
        for input in self.found.values() {
            let Content::File(path) = &input.content else {
                continue;
            };
            let above = path.ancestors().skip(1);
            for folder in above.take_while(|folder| folder.starts_with(start) && folder != start) {
                if !folders.insert(folder.to_owned()) {
                    break;
                }
            }
        }
        for folder in &folders {
            let Some(config) = NAMES.iter().map(|name| folder.join(name)).find(|path| {
                self.files
                    .stat(path)
                    .is_ok_and(|kind| kind == FileKind::File)
            }) else {
                continue;
            };
            let shown = self.shown(&config);
            let label = whole_file(self.sources, &shown);
            let folder = self.shown(folder);
            self.problems.push(
                Finding::new(
                    "input/nested-config",
                    format!("`{shown}` does not count in this run, and files beside it would be held to other rules"),
                    label,
                )
                .with_help(format!(
                    "Check that folder in a run of its own (`launchgate check {folder}`), leave it out with `exclude`, or choose with `--config`"
                )),
            );
        }
    }
}

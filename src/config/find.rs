//! Which config files count for a folder, and what the root is.

use camino::{Utf8Path, Utf8PathBuf};

use super::files::{FileKind, Files};

/// Names under which a config is looked for in vain; one of them is an error, as it would be
/// passed over without a word.
pub(super) const WRONG_NAMES: [&str; 5] = [
    "launchgate.json",
    "launchgate.toml",
    ".launchgate.yaml",
    ".launchgate.yml",
    ".launchgate.toml",
];

/// What one folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The config files of one folder: one, or several by mistake.
    pub(super) configs: Vec<Utf8PathBuf>,
    /// Files that look like a config and are none.
    pub(super) wrong: Vec<Utf8PathBuf>,
}

impl Found {
    fn in_folder(folder: &Utf8Path, files: &dyn Files) -> Self {
        let there = |names: &[&str]| {
            names
                .iter()
                .map(|name| folder.join(name))
                // What is there and no file is found too, and refused when it is read.
                .filter(|path| {
                    files
                        .stat_link(path)
                        .is_ok_and(|kind| kind != FileKind::Folder)
                })
                .collect()
        };
        Self {
            configs: there(&super::NAMES),
            wrong: there(&WRONG_NAMES),
        }
    }

    fn is_empty(&self) -> bool {
        self.configs.is_empty() && self.wrong.is_empty()
    }
}

/// Root and folders with configs, as far as they can be told.
#[derive(Debug)]
pub(super) struct Search {
    /// The root.
    pub(super) root: Utf8PathBuf,
    /// What was found, the nearest folder first.
    pub(super) found: Vec<Found>,
}

/// The nearest folder, from `start` upwards, that holds `.git` (a file in worktrees).
pub(super) fn repository(start: &Utf8Path, files: &dyn Files) -> Option<Utf8PathBuf> {
    start
        .ancestors()
        .find(|folder| files.stat_link(&folder.join(".git")).is_ok())
        .map(Utf8Path::to_owned)
}

/// Searches upwards from `start`. `says_root` tells whether a config says `root: true`.
pub(super) fn search(
    start: &Utf8Path,
    files: &dyn Files,
    says_root: &dyn Fn(&Utf8Path) -> bool,
) -> Search {
    let repository = repository(start, files);
    let mut found = Vec::new();
    let mut ended = false;
    for folder in start.ancestors() {
        let here = Found::in_folder(folder, files);
        if !here.is_empty() {
            ended = here.configs.iter().any(|path| says_root(path));
            found.push((folder, here));
        }
        if ended || Some(folder) == repository.as_deref() {
            break;
        }
    }
    if repository.is_none() && !ended {
        found.truncate(1);
    }
    let outermost = found.last().map_or(start, |(folder, _)| folder);
    Search {
        root: repository.unwrap_or_else(|| outermost.to_owned()),
        found: found.into_iter().map(|(_, here)| here).collect(),
    }
}

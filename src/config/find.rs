//! Which config files count for a folder, and what the root is.

use camino::{Utf8Path, Utf8PathBuf};

use crate::files::{FileKind, Files};

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
        let configs: Vec<_> = there(&super::NAMES);
        let mut wrong: Vec<_> = there(&WRONG_NAMES);
        if configs.is_empty() {
            wrong.extend(misspelt(folder, files));
        }
        Self { configs, wrong }
    }

    fn is_empty(&self) -> bool {
        self.configs.is_empty() && self.wrong.is_empty()
    }
}

/// Files whose name is a slip of the hand away from that of a config, and which hold what a config
/// holds.
fn misspelt(folder: &Utf8Path, files: &dyn Files) -> Vec<Utf8PathBuf> {
    let entries = files.list(folder).unwrap_or_default();
    let names = entries.iter().filter_map(|entry| entry.name.to_str());
    let near = names.filter(|name| {
        !super::NAMES.contains(name) && !WRONG_NAMES.contains(name) && is_near(name)
    });
    near.map(|name| folder.join(name))
        .filter(|path| super::load::reads_as_config(path, files))
        .collect()
}

/// Whether a name is `launchgate.yaml` but for letter case, hyphens, one letter or a further ending.
fn is_near(name: &str) -> bool {
    let lower = name.to_lowercase();
    let Some((stem, ending)) = lower.trim_start_matches('.').split_once('.') else {
        return false;
    };
    let stem: String = stem
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .collect();
    let ending = ending.split('.').next().unwrap_or_default();
    strsim::osa_distance(&stem, "launchgate") <= 1
        && matches!(
            ending,
            "yaml" | "yml" | "yam" | "yalm" | "ymal" | "json" | "toml"
        )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_that_of_a_config() {
        for name in [
            "Launchgate.yaml",
            "launch-gate.yml",
            "lauchgate.yaml",
            "launchgate.yaml.bak",
            "launchgate.ymal",
        ] {
            assert!(is_near(name), "{name}");
        }
        for name in [
            "launchgate",
            "launchgate.md",
            "launchgate.waivers.yaml",
            "card.yaml.launchgate.yaml",
            "launches.yaml",
            "gate.yaml",
        ] {
            assert!(!is_near(name), "{name}");
        }
    }
}

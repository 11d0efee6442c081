//! `.gitignore` files between the root and a folder.

use std::sync::Arc;

use camino::Utf8Path;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::files::Files;

/// Bytes of a `.gitignore` that are read.
const MAX_BYTES: u64 = 1 << 20;

/// The `.gitignore` files that hold in a folder, the outermost first.
#[derive(Clone, Default)]
pub(super) struct Ignored {
    files: Vec<Arc<Gitignore>>,
}

impl Ignored {
    /// Those that hold in `folder`: its own and those above it up to the root.
    pub(super) fn at(folder: &Utf8Path, root: &Utf8Path, files: &dyn Files) -> Self {
        let mut folders: Vec<_> = folder
            .ancestors()
            .take_while(|ancestor| ancestor.starts_with(root))
            .collect();
        folders.reverse();
        folders
            .into_iter()
            .fold(Self::default(), |ignored, folder| {
                ignored.below(folder, files)
            })
    }

    /// Those that hold in `folder`, a child of the folder that these are of.
    ///
    /// A `.gitignore` that cannot be read, and a line in it that is no pattern, ignores nothing:
    /// then more is checked, not less.
    pub(super) fn below(&self, folder: &Utf8Path, files: &dyn Files) -> Self {
        let mut all = self.clone();
        let path = folder.join(".gitignore");
        let Ok(bytes) = files.read(&path, MAX_BYTES) else {
            return all;
        };
        let mut builder = GitignoreBuilder::new(folder);
        for line in String::from_utf8_lossy(&bytes).lines() {
            let _ = builder.add_line(None, line);
        }
        all.files.extend(builder.build().ok().map(Arc::new));
        all
    }

    /// Whether an absolute path is ignored.
    pub(super) fn contains(&self, path: &Utf8Path, is_folder: bool) -> bool {
        self.files
            .iter()
            .rev()
            .find_map(|file| match file.matched(path, is_folder) {
                Match::None => None,
                Match::Ignore(_) => Some(true),
                Match::Whitelist(_) => Some(false),
            })
            .unwrap_or(false)
    }
}

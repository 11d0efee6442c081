//! What changed: asked of git, or named by a hook.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use camino::Utf8Path;

use super::git::{Revision, Unknown};
use crate::engine::Changes;
use crate::files::paths::normal;
use crate::value::Syntax;

/// The files of the work tree that differ from the commit where the current branch left `revision`,
/// those that git does not track included.
pub(super) fn since(revision: &str, current: &Utf8Path) -> Result<Changes, Unknown> {
    let base = Revision::merge_base(revision, current)?;
    let tracked = base.differing(&[])?;
    let added = base.differing(&["--diff-filter=A"])?;
    let mut former = BTreeMap::new();
    for path in tracked.iter().filter(|path| !added.contains(*path)) {
        if Syntax::of_path(path.as_ref()).is_some() {
            former.insert(base.top().join(path), Arc::from(base.content(path)?));
        }
    }
    let untracked = base.untracked()?;
    let paths = tracked.iter().chain(&untracked);
    Ok(Changes {
        paths: paths.map(|path| base.top().join(path)).collect(),
        referrers: true,
        former,
    })
}

/// The files that a hook names; all of them below the current folder.
pub(super) fn named(paths: &[PathBuf], current: &Utf8Path) -> Result<Changes, Unknown> {
    let absolute = |path: &PathBuf| {
        let path = Utf8Path::from_path(path).ok_or_else(|| Unknown {
            message: format!("the path `{}` is not UTF-8", path.display()),
            help: "Rename the file",
        })?;
        let path = normal(&current.join(path));
        if path.starts_with(current) {
            Ok(path)
        } else {
            Err(Unknown {
                message: format!("`{path}` lies outside of the current folder"),
                help: "Run the hook in the root of the repository",
            })
        }
    };
    Ok(Changes {
        paths: paths.iter().map(absolute).collect::<Result<_, _>>()?,
        referrers: false,
        former: BTreeMap::new(),
    })
}

//! What changed: asked of git, or named by a hook.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::engine::Changes;
use crate::files::paths::normal;
use crate::value::Syntax;

/// Why it cannot be said what changed, and what to do.
pub(super) struct Unknown {
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// The files of the work tree that differ from the commit where the current branch left `revision`,
/// those that git does not track included.
pub(super) fn since(revision: &str, current: &Utf8Path) -> Result<Changes, Unknown> {
    let top = git(current, &["rev-parse", "--show-toplevel"])
        .map_err(|why| no_repository(&why))
        .and_then(|bytes| text(bytes, "the work tree"))?;
    let top = Utf8PathBuf::from(top.trim_end_matches(['\n', '\r']));
    let commit = format!("{revision}^{{commit}}");
    let known = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ];
    let commit = git(&top, &known).map_err(|why| Unknown {
        message: format!("git knows no commit `{revision}`{}", behind(&why)),
        help: "Name a branch, a tag or a commit that is there; a shallow clone has to fetch it first",
    })?;
    let commit = text(commit, "a commit")?;
    let base = git(&top, &["merge-base", commit.trim_end(), "HEAD"]).map_err(|why| Unknown {
        message: format!(
            "git finds no commit that `{revision}` and the current branch have in common{}",
            behind(&why)
        ),
        help: "Fetch more of the history: `git fetch --unshallow`, or `fetch-depth: 0` in actions/checkout",
    })?;
    let base = text(base, "a commit")?;
    let base = base.trim_end();
    let tracked = list(&top, &["diff", "--name-only", "--no-renames", "-z", base])?;
    let added = [
        "diff",
        "--name-only",
        "--no-renames",
        "--diff-filter=A",
        "-z",
        base,
    ];
    let added = list(&top, &added)?;
    let mut former = BTreeMap::new();
    for path in tracked.iter().filter(|path| !added.contains(*path)) {
        if Syntax::of_path(path.as_ref()).is_none() {
            continue;
        }
        let object = format!("{base}:{path}");
        let bytes = git(&top, &["cat-file", "blob", &object]).map_err(|why| unlisted(&why))?;
        former.insert(top.join(path), Arc::from(bytes));
    }
    let untracked = list(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    Ok(Changes {
        paths: tracked
            .iter()
            .chain(&untracked)
            .map(|path| top.join(path))
            .collect(),
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

/// The paths that git lists, relative to the top of the work tree.
fn list(top: &Utf8Path, words: &[&str]) -> Result<BTreeSet<String>, Unknown> {
    let listed = git(top, words).map_err(|why| unlisted(&why))?;
    let listed = text(listed, "a path that changed")?;
    Ok(listed.split_terminator('\0').map(str::to_owned).collect())
}

fn unlisted(why: &str) -> Unknown {
    Unknown {
        message: format!("git cannot say what changed{}", behind(why)),
        help: "Run `git status` here to see what is wrong",
    }
}

/// What git writes to standard output, or why it did not do as it was told.
pub(super) fn git(folder: &Utf8Path, words: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(Path::new(folder.as_str()))
        .args(words)
        .output()
        .map_err(|error| format!("git cannot be run: {}", error.kind()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or_default();
    Err(line.trim_start_matches("fatal: ").to_owned())
}

fn no_repository(why: &str) -> Unknown {
    Unknown {
        message: format!("it cannot be said what changed{}", behind(why)),
        help: "`--changed-since` asks git, so it needs git and a repository",
    }
}

fn behind(why: &str) -> String {
    if why.is_empty() {
        String::new()
    } else {
        format!(": {why}")
    }
}

fn text(bytes: Vec<u8>, what: &str) -> Result<String, Unknown> {
    String::from_utf8(bytes).map_err(|_| Unknown {
        message: format!("{what} is not UTF-8"),
        help: "Rename the file",
    })
}

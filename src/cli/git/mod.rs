//! What is asked of git: commits, what changed, and files as a commit has them.
//!
//! Nothing here writes: the work tree and the index stay as they are, and nothing is fetched.

mod authors;
mod blobs;
mod stream;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

pub(super) use authors::History;
pub(super) use tree::Tree;

/// Why git cannot say what it was asked, and what to do.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// A commit of the repository whose work tree a folder lies in.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    top: Utf8PathBuf,
    id: String,
}

impl Revision {
    /// The commit where the current branch left `revision`.
    pub(super) fn merge_base(revision: &str, current: &Utf8Path) -> Result<Self, Unknown> {
        let named = Self::named(revision, current)?;
        let top = named.top;
        let base = git(&top, &["merge-base", &named.id, "HEAD"]).map_err(|why| Unknown {
            message: format!(
                "git finds no commit that `{revision}` and the current branch have in common{}",
                behind(&why)
            ),
            help: if unborn(&top) {
                "Nothing is committed on this branch yet: check without asking for what is new"
            } else if is_shallow(&top) {
                DEEPEN
            } else {
                "The two histories have nothing to do with each other: name the branch that this one was made from"
            },
        })?;
        let id = line(base, "a commit")?;
        Ok(Self { top, id })
    }

    /// The commit that a branch, a tag or an id stands for.
    pub(super) fn named(revision: &str, current: &Utf8Path) -> Result<Self, Unknown> {
        let top = git(current, &["rev-parse", "--show-toplevel"])
            .map_err(|why| no_repository(&why))
            .and_then(|bytes| line(bytes, "the work tree"))?;
        let top = Utf8PathBuf::from(top);
        // As every other path of a run: absolute, links resolved.
        let top = top.canonicalize_utf8().unwrap_or(top);
        let commit = format!("{revision}^{{commit}}");
        let words = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let id = git(&top, &words).map_err(|why| Unknown {
            message: format!("git knows no commit `{revision}`{}", behind(&why)),
            help: if is_shallow(&top) {
                DEEPEN
            } else {
                "Name a branch, a tag or a commit that is there; another one has to be fetched first"
            },
        })?;
        let id = line(id, "a commit")?;
        Ok(Self { top, id })
    }

    /// The top of the work tree: absolute, links resolved.
    pub(super) fn top(&self) -> &Utf8Path {
        &self.top
    }

    /// The id of the commit, in full.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The files of the commit, at the paths that they have in the work tree.
    pub(super) fn tree(&self) -> Result<Tree, Unknown> {
        Tree::of(self)
    }

    /// The tracked files of the work tree that differ from the commit, relative to the top; `words`
    /// narrow that down.
    pub(super) fn differing(&self, words: &[&str]) -> Result<BTreeSet<String>, Unknown> {
        let asked = ["diff", "--name-only", "--no-renames", "-z"];
        self.list(&[&asked, words, &[&self.id]].concat())
    }

    /// The files of the work tree that git neither tracks nor ignores, relative to the top.
    pub(super) fn untracked(&self) -> Result<BTreeSet<String>, Unknown> {
        self.list(&["ls-files", "--others", "--exclude-standard", "-z"])
    }

    /// The content that a path, relative to the top, has in the commit.
    pub(super) fn content(&self, path: &str) -> Result<Vec<u8>, Unknown> {
        let object = format!("{}:{path}", self.id);
        git(&self.top, &["cat-file", "blob", &object]).map_err(|why| unlisted(&why))
    }

    fn list(&self, words: &[&str]) -> Result<BTreeSet<String>, Unknown> {
        let listed = git(&self.top, words).map_err(|why| unlisted(&why))?;
        let listed = text(listed, "a path that changed")?;
        Ok(listed.split_terminator('\0').map(str::to_owned).collect())
    }
}

const DEEPEN: &str = "This clone is shallow and does not reach back that far: `fetch-depth: 0` in actions/checkout, `GIT_DEPTH: 0` in GitLab, or here `git fetch --unshallow`; a part of the history is enough where it holds that commit, such as `git fetch --deepen=500`";

/// Whether the history of a clone was cut off.
fn is_shallow(top: &Utf8Path) -> bool {
    git(top, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said.starts_with(b"true"))
}

/// Whether the current branch has no commit.
fn unborn(top: &Utf8Path) -> bool {
    git(top, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_err()
}

fn unlisted(why: &str) -> Unknown {
    Unknown {
        message: format!("git cannot say what changed{}", behind(why)),
        help: "Run `git status` here to see what is wrong",
    }
}

fn no_repository(why: &str) -> Unknown {
    Unknown {
        message: format!("it cannot be said what changed{}", behind(why)),
        help: "What changed since a commit is asked of git: it needs git and a repository with a work tree",
    }
}

/// Git, to be run at a folder.
fn command(folder: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(Path::new(folder.as_str()))
        // To look is not to refresh the index, to ask for a password, or to speak another language.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

/// What git writes to standard output, or why it did not do as it was told.
pub(in crate::cli) fn git(folder: &Utf8Path, words: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(folder)
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

fn behind(why: &str) -> String {
    if why.is_empty() {
        String::new()
    } else {
        format!(": {why}")
    }
}

/// The one line that git wrote.
fn line(bytes: Vec<u8>, what: &str) -> Result<String, Unknown> {
    text(bytes, what).map(|text| text.trim_end_matches(['\n', '\r']).to_owned())
}

fn text(bytes: Vec<u8>, what: &str) -> Result<String, Unknown> {
    String::from_utf8(bytes).map_err(|_| Unknown {
        message: format!("{what} is not UTF-8"),
        help: "Rename the file",
    })
}

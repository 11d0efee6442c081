//! Who wrote the commits of a file.

use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::{git, is_shallow, unborn};
use crate::files::Files;
use crate::signoff::CommitAuthors;

/// The history of the branch that is checked out. Git is run when it is asked, and no sooner.
///
/// It is the whole history, on a pull request as on the branch that it goes to: who may not sign on
/// the one may not on the other. Authors count and those of `Co-authored-by`; committers do not, as
/// whoever rebases somebody else's work is one.
#[derive(Debug)]
pub(in crate::cli) struct History {
    top: Utf8PathBuf,
    state: OnceLock<State>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Whole,
    /// There is no commit.
    Unborn,
    /// The clone is shallow: the oldest commit of it seems to have written everything.
    Cut,
}

impl History {
    /// The history of the repository that a folder lies in, if it lies in one.
    pub(in crate::cli) fn of_folder(folder: &Utf8Path, files: &dyn Files) -> Option<Self> {
        let is_top = |folder: &&Utf8Path| files.stat_link(&folder.join(".git")).is_ok();
        let top = folder.ancestors().find(is_top)?.to_owned();
        Some(Self {
            top,
            state: OnceLock::new(),
        })
    }

    fn state(&self) -> State {
        *self.state.get_or_init(|| {
            if is_shallow(&self.top) {
                State::Cut
            } else if unborn(&self.top) && git(&self.top, &["rev-parse", "--git-dir"]).is_ok() {
                State::Unborn
            } else {
                State::Whole
            }
        })
    }
}

impl CommitAuthors for History {
    fn of(&self, path: &Utf8Path) -> Result<Vec<String>, String> {
        match self.state() {
            State::Unborn => return Ok(Vec::new()),
            State::Cut => {
                return Err(
                    "this clone is shallow; fetch the whole history (`fetch-depth: 0` in \
                            actions/checkout, `GIT_DEPTH: 0` in GitLab)"
                        .to_owned(),
                );
            }
            State::Whole => {}
        }
        let words = [
            "--literal-pathspecs",
            "log",
            "--follow",
            // As they were written: a `.mailmap` is no more than a file of the change.
            "--no-mailmap",
            "--no-show-signature",
            "--format=%ae%n%(trailers:key=Co-authored-by,valueonly,unfold)",
            "--",
            path.as_str(),
        ];
        let listed = git(&self.top, &words).map_err(|why| {
            if why.is_empty() {
                "git cannot say".to_owned()
            } else {
                why
            }
        })?;
        // An address that is not UTF-8 is none that a config could name.
        let listed = String::from_utf8_lossy(&listed);
        let mut authors: Vec<String> = listed
            .lines()
            .map(str::trim)
            .filter(|author| !author.is_empty())
            .map(str::to_owned)
            .collect();
        authors.sort();
        authors.dedup();
        Ok(authors)
    }
}

//! What sign-offs are trusted by, as far as git and GitHub know it: the state that a change began with,
//! and the reviews of the pull request.

use std::sync::Arc;

use camino::Utf8Path;

use super::args::CheckArgs;
use super::git::{Revision, Tree, Unknown};
use super::session::Session;
use crate::config::{self, Config};
use crate::engine::Base;
use crate::files::Files as _;
use crate::files::paths::reason;
use crate::finding::Finding;
use crate::signoff::github::{self, Reviews};
use crate::source::SourceFile;

/// The state where the branch left `revision`, and its files once more: what of it could not be read
/// is known at the end.
pub(super) fn base(
    revision: &str,
    start: &Utf8Path,
    session: &mut Session<'_>,
) -> Result<(Base, Arc<Tree>), Unknown> {
    let commit = Revision::merge_base(revision, &session.environment.current)?;
    let files = Arc::new(commit.tree()?);
    let id = commit.id();
    let config = former_config(&files, commit.top(), start, session).map_err(|found| {
        let first = found.first().map(|it| it.message.clone());
        format!(
            "the config cannot be read as {} has it: {}",
            short(id),
            first.unwrap_or_default()
        )
    });
    let base = Base {
        name: short(id),
        config: config.map(Box::new),
        files: Arc::clone(&files) as _,
    };
    Ok((base, files))
}

fn short(id: &str) -> String {
    format!("commit {}", id.get(..12).unwrap_or(id))
}

/// The config that held for a folder. One that the user names and that lies outside of the repository
/// is no part of any change.
fn former_config(
    files: &Tree,
    top: &Utf8Path,
    start: &Utf8Path,
    session: &mut Session<'_>,
) -> Result<Config, Vec<Finding>> {
    let explicit = match &session.global.config {
        None => None,
        Some(path) => {
            let absolute = session.absolute(path).ok_or_else(Vec::new)?;
            let real = session.files.canonical(&absolute).unwrap_or(absolute);
            if !real.starts_with(top) {
                return session.config(start);
            }
            if files.stat(&real).is_err() {
                return Ok(Config::empty(top));
            }
            Some(real)
        }
    };
    let request = config::Request {
        start,
        explicit: explicit.as_deref(),
        isolated: session.global.isolated,
    };
    config::load(&request, files, &mut session.sources)
}

/// Why there are no reviews.
pub(super) enum NoReviews {
    /// What was typed cannot be looked up.
    Unknown(Unknown),
    /// The file is none.
    Findings(Vec<Finding>),
}

/// The reviews that `--github-reviews` names, if it does.
pub(super) fn reviews(
    args: &CheckArgs,
    session: &mut Session<'_>,
) -> Result<Option<Reviews>, NoReviews> {
    let Some(path) = &args.github_reviews else {
        return Ok(None);
    };
    let current = session.environment.current.clone();
    let head = args.head.as_deref().unwrap_or("HEAD");
    let head = Revision::named(head, &current).map_err(NoReviews::Unknown)?;
    let unread = |why: String| {
        NoReviews::Unknown(Unknown {
            message: format!("the reviews in `{}` cannot be read: {why}", path.display()),
            help: "Hand in what `gh api --paginate --slurp repos/{owner}/{repo}/pulls/{number}/reviews` writes",
        })
    };
    let absolute = session
        .absolute(path)
        .ok_or_else(|| unread("its path is not UTF-8".to_owned()))?;
    let bytes = session
        .files
        .read(&absolute, github::MAX_BYTES)
        .map_err(|error| unread(reason(&error)))?;
    if bytes.len() as u64 > github::MAX_BYTES {
        return Err(unread(format!(
            "it has more than {} bytes",
            github::MAX_BYTES
        )));
    }
    let text = crate::value::decode(bytes).map_err(|_| unread("it is not UTF-8".to_owned()))?;
    let shown = path.to_string_lossy().into_owned();
    let source = SourceFile::new(session.sources.next_id(), shown, text);
    session.sources.insert(&source);
    let reviews = github::parse(&source).map_err(NoReviews::Findings)?;
    let tracked = head.differing(&[]).map_err(NoReviews::Unknown)?;
    let untracked = head.untracked().map_err(NoReviews::Unknown)?;
    Ok(Some(Reviews {
        reviews,
        head: head.id().to_owned(),
        differing: tracked
            .into_iter()
            .chain(untracked)
            .map(Into::into)
            .collect(),
    }))
}

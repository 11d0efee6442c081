//! What one sign-off is worth by itself.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use super::{Binding, Role, Situation, Status, Vote, is_member};
use crate::expr::time::IsoDuration;
use crate::signoff::authors::{Commits, is_named};
use crate::signoff::digest::ContentDigest;
use crate::signoff::scope::Part;
use crate::signoff::ssh::{LineReason, Refused, SignatureError};
use crate::signoff::statement::{Decision, ScopePart, Statement};

/// Something that is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The document, outside what was reviewed or as a whole.
    Document,
    /// A part that was reviewed.
    Part(String),
    /// A part that was reviewed and is not there any more.
    PartGone(String),
    /// A file of evidence.
    Evidence(String),
    /// A file of evidence that is not named any more, or cannot be read.
    EvidenceGone(String),
    /// A file of evidence that nobody signed.
    EvidenceAdded(String),
    /// The commit that was approved.
    Commit,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => write!(f, "the document"),
            Self::Part(part) => write!(f, "{part}"),
            Self::PartGone(part) => write!(f, "{part} (gone)"),
            Self::Evidence(path) => write!(f, "`{path}`"),
            Self::EvidenceGone(path) => write!(f, "`{path}` (gone)"),
            Self::EvidenceAdded(path) => write!(f, "`{path}` (new)"),
            Self::Commit => write!(f, "the commit"),
        }
    }
}

/// The changes in one line.
pub(super) fn listed(changes: &[Change]) -> String {
    let changes: Vec<_> = changes.iter().map(ToString::to_string).collect();
    changes.join(", ")
}

/// What one sign-off is worth. Those that do not count say why, in a sentence without its final
/// period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds for all that stands there.
    Valid {
        /// The last day on which it does.
        expires: Option<Date>,
    },
    /// It holds for what was reviewed.
    ValidInScope {
        /// The last day on which it does.
        expires: Option<Date>,
        /// What changed outside of that.
        changed: Vec<Change>,
    },
    /// What was signed has changed.
    Stale(Vec<Change>),
    /// It is too old.
    Expired(String),
    /// The key or the person counts for nothing any more.
    Revoked(String),
    /// It is for another document, stage or purpose.
    WrongContext(String),
    /// Nobody can tell that somebody who may sign has signed.
    Unverified(String),
}

impl Standing {
    /// Whether it counts for the quorum.
    pub fn counts(&self) -> bool {
        matches!(self, Self::Valid { .. } | Self::ValidInScope { .. })
    }

    /// Whether somebody who may sign for this document did, whatever has become of it since.
    pub fn is_authentic(&self) -> bool {
        self.counts() || matches!(self, Self::Stale(_) | Self::Expired(_))
    }

    /// As a status of the role.
    pub fn status(&self) -> Status {
        match self {
            Self::Valid { .. } => Status::Valid,
            Self::ValidInScope { .. } => Status::ValidInScope,
            Self::Stale(_) => Status::Stale,
            Self::Expired(_) => Status::Expired,
            Self::Revoked(_) => Status::Revoked,
            Self::WrongContext(_) => Status::WrongContext,
            Self::Unverified(_) => Status::Unverified,
        }
    }

    /// Why it is not simply valid.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Valid { .. } => None,
            Self::ValidInScope { changed, .. } | Self::Stale(changed) => {
                Some(format!("changed since: {}", listed(changed)))
            }
            Self::Expired(reason)
            | Self::Revoked(reason)
            | Self::WrongContext(reason)
            | Self::Unverified(reason) => Some(reason.clone()),
        }
    }

    pub(super) fn expires(&self) -> Option<Date> {
        match self {
            Self::Valid { expires } | Self::ValidInScope { expires, .. } => *expires,
            _ => None,
        }
    }
}

/// What a sign-off is worth in a role. Who signed comes first, then for what, then when, then whether
/// it is still that.
pub(super) fn of(vote: &Vote<'_>, role: &Role, situation: &Situation<'_>) -> Standing {
    who(vote, role, situation)
        .or_else(|| what(vote, situation))
        .or_else(|| day(vote, role, situation))
        .unwrap_or_else(|| content(vote, role, situation))
}

fn who(vote: &Vote<'_>, role: &Role, situation: &Situation<'_>) -> Option<Standing> {
    let mut keys: Vec<&str> = Vec::new();
    if let Binding::Signed { proof, .. } = &vote.binding {
        match proof {
            None => return Some(Standing::Unverified("it has no signature".to_owned())),
            Some(Err(refused)) => return Some(refusal(refused)),
            Some(Ok(verified)) => {
                keys.push(&verified.fingerprint);
                keys.extend(verified.certified.iter().map(|(authority, _)| &**authority));
            }
        }
    }
    if let Some(reason) = situation.revoked.reason(vote.principal, &keys) {
        return Some(Standing::Revoked(reason));
    }
    let refuse = |reason: String| Some(Standing::Unverified(reason));
    if !is_member(vote.principal, role) {
        return refuse(format!("not a member of the role `{}`", role.name));
    }
    // A refusal is heard whoever gives it.
    if vote.decision == Decision::Rejected {
        return None;
    }
    if vote.assurance() < role.minimum_assurance {
        return refuse(format!(
            "it is of the kind `{}`, and the role asks for `{}`",
            vote.assurance(),
            role.minimum_assurance
        ));
    }
    if role.authors_may_sign {
        return None;
    }
    if wrote(vote.principal, situation.authors) {
        return refuse("an author of the document cannot sign it off".to_owned());
    }
    match situation.commits {
        Commits::By(authors) if role.commit_authors && wrote(vote.principal, authors) => {
            refuse("who wrote a commit of the document cannot sign it off".to_owned())
        }
        Commits::Unknown(why) if role.commit_authors => {
            refuse(format!("nobody can tell who wrote the document: {why}"))
        }
        _ => None,
    }
}

/// Whether a principal is one of the authors. `Ann <ann@bank.example>` is `ann@bank.example`, too.
pub fn wrote(principal: &str, authors: &[String]) -> bool {
    authors.iter().any(|author| is_named(author, principal))
}

fn refusal(refused: &Refused) -> Standing {
    let said = refused.to_string();
    match refused {
        Refused::Signature(SignatureError::Namespace { .. }) => Standing::WrongContext(said),
        Refused::Revoked(_) => Standing::Revoked(said),
        // Several lines may name the key; that it is past in one of them says most.
        Refused::NotAllowed { reasons, .. }
            if reasons
                .iter()
                .any(|line| line.reason == LineReason::Expired) =>
        {
            Standing::Expired(said)
        }
        _ => Standing::Unverified(said),
    }
}

fn what(vote: &Vote<'_>, situation: &Situation<'_>) -> Option<Standing> {
    let wrong = |reason: String| Some(Standing::WrongContext(reason));
    if let Binding::Signed { statement, .. } | Binding::Foreseen { statement } = &vote.binding {
        let signed = &statement.predicate.document;
        if signed != situation.document {
            return wrong(format!("it is for the {} `{}`", signed.kind, signed.id));
        }
    }
    match vote.stage {
        // A refusal at one stage is one at every other.
        Some(stage) if stage < situation.stage && vote.decision != Decision::Rejected => {
            wrong(format!(
                "it is for the stage `{stage}`, not for `{}`",
                situation.stage
            ))
        }
        _ => None,
    }
}

fn day(vote: &Vote<'_>, role: &Role, situation: &Situation<'_>) -> Option<Standing> {
    if let Some(issued) = vote.issued.filter(|issued| *issued > situation.today) {
        return Some(Standing::Unverified(format!(
            "it is dated {issued}, which is still to come"
        )));
    }
    if let Some(last) = vote.expires.filter(|last| *last < situation.today) {
        return Some(Standing::Expired(format!("it expired on {last}")));
    }
    let validity = role.validity?;
    let Some(issued) = vote.issued else {
        return Some(Standing::Expired(format!(
            "it has no date, and the role's sign-offs hold for {validity}"
        )));
    };
    match last_day(issued, validity) {
        Some(last) if last >= situation.today => None,
        Some(last) => Some(Standing::Expired(format!(
            "the role's sign-offs hold for {validity}, which was over on {last}"
        ))),
        None => Some(Standing::Expired(format!(
            "the role's validity of {validity} leads out of the calendar"
        ))),
    }
}

/// The last day of a sign-off that holds for so long; `None` where that leads out of the calendar.
pub fn last_day(issued: Date, validity: IsoDuration) -> Option<Date> {
    let days = validity.days(issued).ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole days within the calendar"
    )]
    let days = days.floor() as i64;
    issued
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

fn content(vote: &Vote<'_>, role: &Role, situation: &Situation<'_>) -> Standing {
    let granted = vote
        .issued
        .zip(role.validity)
        .and_then(|(issued, validity)| last_day(issued, validity));
    let expires = vote.expires.into_iter().chain(granted).min();
    let statement = match &vote.binding {
        Binding::Stated | Binding::Commit { is_head: true } => return Standing::Valid { expires },
        Binding::Commit { is_head: false } => return Standing::Stale(vec![Change::Commit]),
        Binding::Signed { statement, .. } | Binding::Foreseen { statement } => *statement,
    };
    let same = statement
        .subjects
        .first()
        .is_some_and(|document| document.digest == *situation.content);
    let Situation {
        content,
        evidence,
        part,
        ..
    } = situation;
    let changed = changes(statement, content, evidence, part);
    if !changed.is_empty() {
        Standing::Stale(changed)
    } else if same {
        Standing::Valid { expires }
    } else {
        Standing::ValidInScope {
            expires,
            changed: document(statement, part),
        }
    }
}

/// What is not as it was signed, of what a statement is bound to: the document or the parts in its
/// scope, and the evidence. `part` gives the digest of a part, as
/// [`scope::digest`](crate::signoff::scope::digest) does.
pub fn changes(
    statement: &Statement,
    content: &ContentDigest,
    files: &BTreeMap<String, Option<ContentDigest>>,
    part: &dyn Fn(&Part) -> Option<String>,
) -> Vec<Change> {
    let mut changed = evidence(statement, files);
    let first = statement.subjects.first();
    let same = first.is_some_and(|document| document.digest == *content);
    let scope = &statement.predicate.scope;
    if !same && scope.is_empty() {
        changed.splice(0..0, document(statement, part));
    }
    changed.extend(parts(scope, part));
    changed
}

/// Where a document differs from the one that was signed, as far as the statement knows: comments,
/// layout and what has been added are the document.
fn document(statement: &Statement, part: &dyn Fn(&Part) -> Option<String>) -> Vec<Change> {
    let changed: Vec<_> = parts(&statement.predicate.contents, part).collect();
    if changed.is_empty() {
        vec![Change::Document]
    } else {
        changed
    }
}

/// Those of the parts that are not as they were signed.
fn parts<'a>(
    signed: &'a [ScopePart],
    now: &'a dyn Fn(&Part) -> Option<String>,
) -> impl Iterator<Item = Change> + 'a {
    signed
        .iter()
        .filter_map(move |signed| match now(&signed.part) {
            None => Some(Change::PartGone(signed.part.to_string())),
            Some(now) => (now != signed.sha256).then(|| Change::Part(signed.part.to_string())),
        })
}

/// What differs between the evidence that was signed and the evidence that the document names.
fn evidence(statement: &Statement, files: &BTreeMap<String, Option<ContentDigest>>) -> Vec<Change> {
    let signed = statement.subjects.get(1..).unwrap_or_default();
    let mut changed = Vec::new();
    for subject in signed {
        let moved = || {
            let mut digests = files.values().flatten();
            digests.any(|digest| *digest == subject.digest)
        };
        match files.get(&subject.name) {
            Some(Some(digest)) if *digest == subject.digest => {}
            Some(Some(_)) => changed.push(Change::Evidence(subject.name.clone())),
            None if moved() => {}
            Some(None) | None => changed.push(Change::EvidenceGone(subject.name.clone())),
        }
    }
    for (path, digest) in files {
        let known = signed.iter().any(|subject| {
            subject.name == *path || digest.as_ref().is_some_and(|it| *it == subject.digest)
        });
        if !known {
            changed.push(Change::EvidenceAdded(path.clone()));
        }
    }
    changed
}

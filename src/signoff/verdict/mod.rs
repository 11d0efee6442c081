//! What the sign-offs of a document are worth: one verdict a role.
//!
//! Pure: signatures are verified, files are digested and the day is known before this is asked.

mod standing;
mod vote;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;

use super::authors::Commits;
use super::digest::ContentDigest;
use super::revoked::Revoked;
use super::scope::Part;
use super::ssh::principal_matches;
use super::statement::{Decision, Identity};
use crate::expr::time::IsoDuration;
use crate::finding::Stage;

pub use super::authors::is_named;
pub use standing::{Change, Standing, changes, last_day, wrote};
pub use vote::{Assurance, Binding, UnknownAssurance, Vote};

/// A role and who may sign in it.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Patterns of principals, as in `allowed_signers`, `!` for not included; none means anybody.
    pub members: Vec<String>,
    /// How many people must sign; 0 counts as 1.
    pub quorum: u32,
    /// How long a sign-off holds at most.
    pub validity: Option<IsoDuration>,
    /// The least that a sign-off must be.
    pub minimum_assurance: Assurance,
    /// Whether who wrote the document may sign it.
    pub authors_may_sign: bool,
    /// Whether those who wrote its commits are among its authors: in roles that a config lists.
    pub commit_authors: bool,
}

impl Role {
    /// Whether a principal may sign in it, as far as its members say.
    pub fn has_member(&self, principal: &str) -> bool {
        is_member(principal, self)
    }
}

/// What is judged, and when.
pub struct Situation<'a> {
    /// The document.
    pub document: &'a Identity,
    /// Its content.
    pub content: &'a ContentDigest,
    /// Each file of evidence that it names, by path; `None` where it cannot be read.
    pub evidence: &'a BTreeMap<String, Option<ContentDigest>>,
    /// The digest of a part of it, as [`scope::digest`](super::scope::digest) gives it.
    pub part: &'a dyn Fn(&Part) -> Option<String>,
    /// Who wrote it, as it says. `Ann <ann@bank.example>` is `ann@bank.example`, too.
    pub authors: &'a [String],
    /// Who wrote its commits.
    pub commits: &'a Commits,
    /// Keys and people whose sign-offs count for nothing.
    pub revoked: &'a Revoked,
    /// The stage that it has, or is asked about.
    pub stage: Stage,
    /// The day.
    pub today: Date,
}

/// What the sign-offs of a role come to. The order is that in which the best of them is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Enough people signed what stands there.
    Valid,
    /// Enough people signed the parts that they reviewed; others have changed since.
    ValidInScope,
    /// Somebody of the role refused, and nothing took the place of that.
    Rejected,
    /// What was signed has changed.
    Stale,
    /// It is too old.
    Expired,
    /// The key or the person counts for nothing any more.
    Revoked,
    /// It is for another document, role, stage or purpose.
    WrongContext,
    /// Nobody can tell that somebody who may sign has signed.
    Unverified,
    /// There is none, or there are too few.
    Missing,
}

impl Status {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::Valid,
        Self::ValidInScope,
        Self::Rejected,
        Self::Stale,
        Self::Expired,
        Self::Revoked,
        Self::WrongContext,
        Self::Unverified,
        Self::Missing,
    ];

    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidInScope => "valid-in-scope",
            Self::Rejected => "rejected",
            Self::Stale => "stale",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::WrongContext => "wrong-context",
            Self::Unverified => "unverified",
            Self::Missing => "missing",
        }
    }

    /// Whether the role has signed off. [`Status::ValidInScope`] is to be shown with what changed.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Valid | Self::ValidInScope)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The verdict on one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it comes to.
    pub status: Status,
    /// Why, in a sentence without its final period; `None` for [`Status::Valid`].
    pub reason: Option<String>,
    /// The weakest assurance of the sign-offs that count; `None` where none does.
    pub assurance: Option<Assurance>,
    /// Who signed off, of those that count; who refused, where it is rejected.
    pub principals: Vec<String>,
    /// What has changed since, by name.
    pub changed: Vec<Change>,
    /// The first day on which one of those that count was given; `None` where one says no day.
    pub issued: Option<Date>,
    /// The last day on which all that count hold, as far as any says one.
    pub expires: Option<Date>,
    /// What was decided: with conditions, if any of those that count has some.
    pub decision: Option<Decision>,
    /// The conditions of those that count.
    pub conditions: Vec<String>,
    /// How many must sign.
    pub quorum: u32,
    /// How many did, of those that count.
    pub given: u32,
    /// What each sign-off of the role is worth, in the order in which they were handed in.
    pub votes: Vec<(String, Standing)>,
}

/// The verdict on each role. Of the sign-offs those are looked at that name the role.
///
/// `distinct` lists roles of which one person, or one key, may not sign two: who does counts in none
/// of them, since nobody can tell which was meant.
pub fn judge(
    roles: &[Role],
    distinct: &[BTreeSet<String>],
    votes: &[Vote<'_>],
    situation: &Situation<'_>,
) -> BTreeMap<String, Verdict> {
    let standings: BTreeMap<&str, Vec<(&Vote<'_>, Standing)>> = roles
        .iter()
        .map(|role| {
            let own = votes.iter().filter(|vote| vote.role == role.name);
            let own = own.map(|vote| (vote, standing::of(vote, role, situation)));
            (role.name.as_str(), own.collect())
        })
        .collect();
    roles
        .iter()
        .map(|role| {
            let mut own = standings
                .get(role.name.as_str())
                .cloned()
                .unwrap_or_default();
            for (vote, standing) in &mut own {
                if !approves(vote, standing) {
                    continue;
                }
                if let Some(other) = other_role(vote, role, distinct, &standings) {
                    *standing = Standing::Unverified(format!(
                        "{} signs for {other}, too, which must be somebody else",
                        vote.principal
                    ));
                }
            }
            (role.name.clone(), conclude(role, &own))
        })
        .collect()
}

/// Whether a sign-off counts for the quorum of its role.
fn approves(vote: &Vote<'_>, standing: &Standing) -> bool {
    vote.decision != Decision::Rejected && standing.counts()
}

/// Another role of the same distinct set in which the same person's sign-off counts.
fn other_role<'r>(
    vote: &Vote<'_>,
    role: &Role,
    distinct: &[BTreeSet<String>],
    standings: &BTreeMap<&'r str, Vec<(&Vote<'_>, Standing)>>,
) -> Option<&'r str> {
    let apart = |name: &str| {
        distinct
            .iter()
            .any(|set| set.contains(&role.name) && set.contains(name))
    };
    standings
        .iter()
        .filter(|(name, _)| **name != role.name && apart(name))
        .find(|(_, votes)| {
            votes
                .iter()
                .any(|(other, standing)| approves(other, standing) && is_one_person(vote, other))
        })
        .map(|(name, _)| *name)
}

fn is_one_person(a: &Vote<'_>, b: &Vote<'_>) -> bool {
    a.principal.eq_ignore_ascii_case(b.principal) || (a.key().is_some() && a.key() == b.key())
}

/// The verdict from what each sign-off is worth.
fn conclude(role: &Role, votes: &[(&Vote<'_>, Standing)]) -> Verdict {
    let quorum = role.quorum.max(1);
    let mut verdict = Verdict {
        status: Status::Missing,
        reason: None,
        assurance: None,
        principals: Vec::new(),
        changed: Vec::new(),
        issued: None,
        expires: None,
        decision: None,
        conditions: Vec::new(),
        quorum,
        given: 0,
        votes: votes
            .iter()
            .map(|(vote, standing)| (vote.principal.to_owned(), standing.clone()))
            .collect(),
    };
    let replaced = replaced(votes);
    let is_replaced = |vote: &Vote<'_>| {
        vote.digest()
            .is_some_and(|digest| replaced.contains(digest))
    };
    if let Some((vote, _)) = votes.iter().find(|(vote, standing)| {
        vote.decision == Decision::Rejected
            && standing.is_authentic()
            && !is_replaced(vote)
            && !is_overtaken(vote, votes)
    }) {
        verdict.status = Status::Rejected;
        verdict.reason = Some(format!("{} rejected it", vote.principal));
        verdict.decision = Some(Decision::Rejected);
        verdict.assurance = Some(vote.assurance());
        verdict.principals = vec![vote.principal.to_owned()];
        return verdict;
    }
    let mut counted: Vec<(&Vote<'_>, &Standing)> = Vec::new();
    for (vote, standing) in votes {
        let open = approves(vote, standing) && !is_replaced(vote);
        // Two sign-offs of one person are one, the first of the strongest kind.
        match counted
            .iter_mut()
            .find(|(known, _)| is_one_person(known, vote))
        {
            Some(known) if open && known.0.assurance() < vote.assurance() => {
                *known = (vote, standing);
            }
            None if open => counted.push((vote, standing)),
            _ => {}
        }
    }
    verdict.given = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    let days: Option<Vec<Date>> = counted.iter().map(|(vote, _)| vote.issued).collect();
    verdict.issued = days.and_then(|days| days.into_iter().min());
    for (vote, standing) in &counted {
        verdict.principals.push(vote.principal.to_owned());
        verdict
            .conditions
            .extend(vote.conditions.map(str::to_owned));
        let until = standing.expires();
        verdict.expires = verdict.expires.into_iter().chain(until).min();
        let assurance = Some(vote.assurance());
        verdict.assurance = verdict.assurance.into_iter().chain(assurance).min();
        verdict.decision = Some(match (verdict.decision, vote.decision) {
            (None, decision) => decision,
            (Some(Decision::ApprovedWithConditions), _) | (_, Decision::ApprovedWithConditions) => {
                Decision::ApprovedWithConditions
            }
            (Some(Decision::Approved), _) | (_, Decision::Approved) => Decision::Approved,
            (Some(known), _) => known,
        });
        if let Standing::ValidInScope { changed, .. } = standing {
            verdict.changed.extend(changed.iter().cloned());
        }
    }
    verdict.changed.sort();
    verdict.changed.dedup();
    if verdict.given >= quorum {
        verdict.status = if verdict.changed.is_empty() {
            Status::Valid
        } else {
            verdict.reason = Some(format!(
                "what was reviewed is unchanged; changed since: {}",
                standing::listed(&verdict.changed)
            ));
            Status::ValidInScope
        };
        return verdict;
    }
    let short = votes
        .iter()
        .filter(|(vote, standing)| !standing.counts() && !is_replaced(vote))
        .min_by_key(|(_, standing)| standing.status());
    if let Some((vote, standing)) = short {
        verdict.status = standing.status();
        verdict.reason = standing
            .reason()
            .map(|reason| format!("{}: {reason}", vote.principal));
        if let Standing::Stale(changed) = standing {
            verdict.changed.clone_from(changed);
        }
    } else if verdict.given > 0 {
        verdict.reason = Some(format!("{} of {quorum} have signed", verdict.given));
    } else {
        verdict.reason = Some("nobody has signed".to_owned());
    }
    verdict
}

/// The digests of statements that another of the role takes the place of.
fn replaced<'a>(votes: &[(&Vote<'a>, Standing)]) -> BTreeSet<&'a str> {
    votes
        .iter()
        .filter(|(_, standing)| standing.is_authentic())
        .filter_map(|(vote, _)| vote.supersedes())
        .collect()
}

/// Whether a rejection without a digest of its own was followed by another decision of the role.
fn is_overtaken(rejection: &Vote<'_>, votes: &[(&Vote<'_>, Standing)]) -> bool {
    rejection.digest().is_none() && votes.iter().any(|(vote, standing)| {
        vote.decision != Decision::Rejected
            && standing.is_authentic()
            && vote.assurance() >= rejection.assurance()
            && matches!((vote.issued, rejection.issued), (Some(later), Some(day)) if later > day)
    })
}

/// Whether a principal is one of a role's members.
pub fn is_member(principal: &str, role: &Role) -> bool {
    role.members.is_empty() || principal_matches(principal, &role.members.join(","))
}

#[cfg(test)]
mod tests;

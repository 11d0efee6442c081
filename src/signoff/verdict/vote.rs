//! [`Vote`]: one sign-off as it was found, of whatever kind.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::finding::Stage;
use crate::signoff::ssh::{Refused, Verified};
use crate::signoff::statement::{Decision, Statement};

/// How sure it is that somebody signed, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// The document says so.
    Named,
    /// GitHub says that somebody approved a commit.
    GithubReview,
    /// A signature over the content.
    Ssh,
}

impl Assurance {
    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::GithubReview => "github-review",
            Self::Ssh => "ssh",
        }
    }
}

impl FromStr for Assurance {
    type Err = UnknownAssurance;

    fn from_str(text: &str) -> Result<Self, UnknownAssurance> {
        [Self::Named, Self::GithubReview, Self::Ssh]
            .into_iter()
            .find(|assurance| assurance.as_str() == text)
            .ok_or(UnknownAssurance)
    }
}

/// The text is the name of no [`Assurance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("assurance is `named`, `github-review` or `ssh`")]
pub struct UnknownAssurance;

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One sign-off as it was found.
#[derive(Clone, Debug)]
pub struct Vote<'a> {
    /// The role in which it was given.
    pub role: &'a str,
    /// Who gave it.
    pub principal: &'a str,
    /// What was decided.
    pub decision: Decision,
    /// What it depends on.
    pub conditions: Option<&'a str>,
    /// The latest stage that it is good for, if it says one.
    pub stage: Option<Stage>,
    /// The day on which it was given, if it says one.
    pub issued: Option<Date>,
    /// The last day on which it holds, if it says one.
    pub expires: Option<Date>,
    /// What ties it to the content.
    pub binding: Binding<'a>,
}

impl<'a> Vote<'a> {
    /// The sign-off of a statement.
    pub fn signed(
        statement: &'a Statement,
        digest: &'a str,
        proof: Option<Result<&'a Verified, &'a Refused>>,
    ) -> Self {
        let binding = Binding::Signed {
            statement,
            digest,
            proof,
        };
        Self::of(statement, binding)
    }

    /// The sign-off that a statement will be.
    pub fn foreseen(statement: &'a Statement) -> Self {
        Self::of(statement, Binding::Foreseen { statement })
    }

    fn of(statement: &'a Statement, binding: Binding<'a>) -> Self {
        let given = &statement.predicate;
        Self {
            role: &given.role,
            principal: &given.principal,
            decision: given.decision,
            conditions: given.conditions.as_deref(),
            stage: Some(given.stage),
            issued: Some(given.issued),
            expires: Some(given.expires),
            binding,
        }
    }

    pub(super) fn assurance(&self) -> Assurance {
        match self.binding {
            Binding::Signed { .. } | Binding::Foreseen { .. } => Assurance::Ssh,
            Binding::Commit { .. } => Assurance::GithubReview,
            Binding::Stated => Assurance::Named,
        }
    }

    pub(super) fn supersedes(&self) -> Option<&'a str> {
        match self.binding {
            Binding::Signed { statement, .. } | Binding::Foreseen { statement } => {
                statement.predicate.supersedes.as_deref()
            }
            _ => None,
        }
    }

    pub(super) fn digest(&self) -> Option<&'a str> {
        match self.binding {
            Binding::Signed { digest, .. } => Some(digest),
            _ => None,
        }
    }

    /// The key that signed, if it is known.
    pub(super) fn key(&self) -> Option<&'a str> {
        match self.binding {
            Binding::Signed {
                proof: Some(Ok(verified)),
                ..
            } => Some(&verified.fingerprint),
            _ => None,
        }
    }
}

/// What ties a sign-off to what was signed.
#[derive(Clone, Debug)]
pub enum Binding<'a> {
    /// A statement with its signature.
    Signed {
        /// The statement.
        statement: &'a Statement,
        /// SHA-256 of its bytes.
        digest: &'a str,
        /// What its signature is worth; `None` where there is none.
        proof: Option<Result<&'a Verified, &'a Refused>>,
    },
    /// A statement that somebody is about to sign, by a key that counts.
    Foreseen {
        /// The statement.
        statement: &'a Statement,
    },
    /// An approval of a commit.
    Commit {
        /// Whether it is the commit that is judged.
        is_head: bool,
    },
    /// The document itself says so.
    Stated,
}

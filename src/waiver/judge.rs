//! Whether a waiver counts for a finding.

use jiff::civil::Date;

use super::entry::{Entry, Origin};
use super::fault::Fault;
use super::terms::{InlineMode, Terms};
use crate::expr::time::IsoDuration;
use crate::finding::{RuleId, Severity};
use crate::signoff::verdict::{Assurance, is_member, is_named};

/// What a finding is, as far as a waiver of it is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The rule.
    pub rule: &'a RuleId,
    /// Its severity.
    pub severity: Severity,
    /// Whether it fails the gate by its severity, at this or at a later stage.
    pub counts: bool,
    /// Whether the rule, or one that hinges on the finding, is locked.
    pub locked: bool,
    /// How many rules hinge on the finding and say nothing of their own.
    pub hinging: usize,
    /// Who wrote the document.
    pub authors: &'a [String],
    /// The document's owner.
    pub owner: Option<&'a str>,
}

/// What is known of the approver's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// There is none.
    Missing,
    /// It holds.
    Holds,
    /// It does not, and why.
    Broken(String),
}

/// In view of what waivers are judged.
pub struct Situation<'a> {
    /// The terms.
    pub terms: &'a Terms,
    /// The day.
    pub today: Date,
    /// What is known of the signature of a waiver in the file.
    pub proof: &'a dyn Fn(&Entry) -> Proof,
    /// Why the word of a person counts for nothing any more.
    pub revoked: &'a dyn Fn(&str) -> Option<String>,
}

/// A waiver that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The role in which it was approved, where there are roles and an approver.
    pub role: Option<String>,
    /// Whether the approver signed it.
    pub signed: bool,
    /// Days that are left after the day of the run.
    pub days_left: i32,
}

/// Why findings of a rule can never be waived or frozen, in a clause; `None` where they can.
pub fn is_waivable(rule: &RuleId) -> Result<(), &'static str> {
    match rule.pack() {
        "config" | "policy" | "waiver" | "input" => Err("it is about the gate's own input"),
        "document" => {
            Err("what cannot be read cannot be checked, and nobody knows what would be waived")
        }
        "signoff" => Err("it is about what sign-offs are trusted by"),
        "waivers" | "baseline" => Err("it is about waivers and the baseline themselves"),
        _ => Ok(()),
    }
}

/// Whether a waiver counts for a finding that it means.
///
/// # Errors
/// The first reason why it does not: what may not be waived, then when, then by whom.
pub fn judge(
    entry: &Entry,
    subject: &Subject<'_>,
    situation: &Situation<'_>,
) -> Result<Granted, Fault> {
    let Situation { terms, today, .. } = *situation;
    is_waivable(subject.rule).map_err(Fault::NotWaivable)?;
    if subject.locked {
        return Err(Fault::Locked);
    }
    if subject.hinging > 0 {
        return Err(Fault::Hinges(subject.hinging));
    }
    let inline = matches!(entry.origin, Origin::Inline(_));
    if inline && terms.inline == InlineMode::Forbidden {
        return Err(Fault::InlineForbidden);
    }
    term(entry, subject.severity, terms, today)?;
    let approved = approval(entry, subject, inline, situation)?;
    let days_left = (entry.expires - today).get_days();
    Ok(Granted {
        days_left,
        ..approved
    })
}

/// Whether it holds on the day, and for no longer than it may.
fn term(entry: &Entry, severity: Severity, terms: &Terms, today: Date) -> Result<(), Fault> {
    if entry.expires < today {
        return Err(Fault::Expired(entry.expires));
    }
    if let Some(granted) = entry.granted.filter(|granted| *granted > today) {
        return Err(Fault::NotYet(granted));
    }
    let longest = terms.longest.get(&severity).copied();
    let last = longest.and_then(|longest| last_day(entry.granted.unwrap_or(today), longest));
    if last.is_some_and(|last| entry.expires <= last) {
        Ok(())
    } else {
        Err(Fault::OverLong {
            longest,
            last,
            severity,
        })
    }
}

/// The last day of a term; `None` where it leads out of the calendar.
pub fn last_day(from: Date, term: IsoDuration) -> Option<Date> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole days within the calendar"
    )]
    let days = term.days(from).ok()?.floor() as i64;
    from.checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

fn approval(
    entry: &Entry,
    subject: &Subject<'_>,
    inline: bool,
    situation: &Situation<'_>,
) -> Result<Granted, Fault> {
    let terms = situation.terms;
    let granted = |role: Option<String>, signed| Granted {
        role,
        signed,
        days_left: 0,
    };
    let owner = entry.owner.as_deref().or(subject.owner);
    let Some(owner) = owner else {
        return Err(Fault::Unapproved(
            "the document names no owner, who would answer for it".to_owned(),
        ));
    };
    let Some(approver) = entry.approver.as_deref() else {
        let free = match terms.inline {
            InlineMode::Allowed => true,
            InlineMode::Advisory => !subject.counts,
            InlineMode::WithApprover | InlineMode::Forbidden => false,
        };
        if !(inline && free) {
            let why = "it names nobody behind `by`, which is needed for what would fail the gate";
            return Err(Fault::Unapproved(why.to_owned()));
        }
        return if subject.counts && terms.minimum_assurance > Assurance::Named {
            Err(Fault::Unsigned(None))
        } else {
            Ok(granted(None, false))
        };
    };
    if is_named(owner, approver) || is_named(approver, owner) {
        return Err(Fault::SelfApproved("its owner, too"));
    }
    let wrote = |author: &String| is_named(author, approver) || is_named(approver, author);
    if subject.authors.iter().any(wrote) {
        return Err(Fault::SelfApproved("an author of the document"));
    }
    if let Some(reason) = (situation.revoked)(approver) {
        return Err(Fault::Unapproved(reason));
    }
    let role = if terms.roles.is_empty() {
        None
    } else {
        let may = terms.roles_for(subject.rule, subject.severity);
        let Some(role) = may.iter().find(|role| is_member(approver, role)) else {
            let names: Vec<_> = may.iter().map(|role| format!("`{}`", role.name)).collect();
            return Err(Fault::Unapproved(format!(
                "`{approver}` is no member of {}",
                match names.as_slice() {
                    [] => "any role that may approve it".to_owned(),
                    [name] => format!("the role {name}"),
                    names => format!("any of the roles {}", names.join(", ")),
                }
            )));
        };
        Some(role.name.clone())
    };
    let proof = if inline {
        Proof::Missing
    } else {
        (situation.proof)(entry)
    };
    match proof {
        Proof::Holds => Ok(granted(role, true)),
        Proof::Broken(why) => Err(Fault::Signature(why)),
        Proof::Missing if terms.minimum_assurance > Assurance::Named => {
            Err(Fault::Unsigned(super::signed::digest(entry)))
        }
        Proof::Missing => Ok(granted(role, false)),
    }
}

#[cfg(test)]
mod tests;

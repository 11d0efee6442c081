//! Why a waiver does not count.

use jiff::civil::Date;

use super::entry::Entry;
use crate::expr::time::IsoDuration;
use crate::finding::{Finding, Label, Severity};
use crate::source::Location;

/// Why a waiver does not count for what it is meant to cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ended.
    Expired(Date),
    /// It is dated in the future.
    NotYet(Date),
    /// It holds for longer than the severity allows; the last day that would do.
    OverLong {
        /// The longest term; `None` where the severity cannot be waived at all.
        longest: Option<IsoDuration>,
        /// The last day that it allows.
        last: Option<Date>,
        /// The severity.
        severity: Severity,
    },
    /// The rule is locked.
    Locked,
    /// Such findings cannot be waived; why, in a clause.
    NotWaivable(&'static str),
    /// Other rules hinge on the finding, which the waiver does not name.
    Hinges(usize),
    /// The approver is the owner, or an author of the document.
    SelfApproved(&'static str),
    /// Nobody approved it who may; why, in a clause.
    Unapproved(String),
    /// It is not signed, and must be; the SHA-256 of what is to be signed.
    Unsigned(Option<String>),
    /// Its signature does not hold.
    Signature(String),
    /// Comments may not waive.
    InlineForbidden,
    /// Findings of several documents are meant.
    Ambiguous,
}

impl Fault {
    /// The rule of the finding that says it.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Expired(_) => "waivers/expired",
            Self::NotYet(_) => "waivers/not-yet",
            Self::OverLong { .. } => "waivers/over-long",
            Self::Locked => "waivers/locked",
            Self::NotWaivable(_) | Self::Hinges(_) => "waivers/not-waivable",
            Self::SelfApproved(_) => "waivers/self-approved",
            Self::Unapproved(_) => "waivers/unapproved",
            Self::Unsigned(_) => "waivers/unsigned",
            Self::Signature(_) => "waivers/signature",
            Self::InlineForbidden => "waivers/inline",
            Self::Ambiguous => "waivers/ambiguous",
        }
    }

    /// The state in the list of waivers.
    pub fn state(&self) -> &'static str {
        let rule = self.rule();
        rule.strip_prefix("waivers/").unwrap_or(rule)
    }

    /// The fact, in a sentence without its final period.
    pub fn message(&self, entry: &Entry) -> String {
        let rule = &entry.rule;
        match self {
            Self::Expired(day) => format!("the waiver of `{rule}` expired on {day}"),
            Self::NotYet(day) => {
                format!("the waiver of `{rule}` is granted on {day}, which is still to come")
            }
            Self::OverLong {
                longest: Some(longest),
                severity,
                ..
            } => format!(
                "the waiver of `{rule}` holds until {}, longer than the {longest} that are allowed for a \
                 finding of severity {severity}",
                entry.expires
            ),
            Self::OverLong { severity, .. } => {
                format!("`{rule}` is waived, and findings of severity {severity} may not be")
            }
            Self::Locked => format!("`{rule}` is locked and cannot be waived"),
            Self::NotWaivable(why) => format!("`{rule}` cannot be waived: {why}"),
            Self::Hinges(1) => format!(
                "`{rule}` cannot be waived here: another rule hinges on it, which the waiver does not name"
            ),
            Self::Hinges(rules) => format!(
                "`{rule}` cannot be waived here: {rules} other rules hinge on it, which the waiver does not name"
            ),
            Self::SelfApproved(who) => format!(
                "the waiver of `{rule}` is approved by `{}`, who is {who}",
                entry.approver.as_deref().unwrap_or_default()
            ),
            Self::Unapproved(why) => format!("the waiver of `{rule}` is not approved: {why}"),
            Self::Unsigned(_) => format!("the waiver of `{rule}` is not signed by its approver"),
            Self::Signature(why) => {
                format!("the signature of the waiver of `{rule}` does not hold: {why}")
            }
            Self::InlineForbidden => {
                format!("`{rule}` is waived in a comment, which the config forbids")
            }
            Self::Ambiguous => format!(
                "the waiver of `{rule}` means findings of several documents, so it counts for none"
            ),
        }
    }

    /// The next action.
    pub fn help(&self) -> String {
        match self {
            Self::Expired(_) => {
                "Mend the finding and remove the waiver, or have it approved anew until a later day"
            }
            Self::NotYet(_) => "Correct `granted`",
            Self::OverLong {
                last: Some(last), ..
            } => {
                return format!(
                    "Let it end on {last} or before; it can be approved again then"
                );
            }
            Self::OverLong { .. } | Self::Locked | Self::NotWaivable(_) => {
                "Mend the finding, and remove the waiver"
            }
            Self::Hinges(_) => {
                "Mend the finding; then the rules can be decided, and each can be waived by itself"
            }
            Self::SelfApproved(_) => "Have it approved by somebody else",
            Self::Unapproved(_) => {
                "Have it approved by somebody of a role that may; `launchgate config show` lists `waivers.approvers` \
                 and the roles"
            }
            Self::Unsigned(Some(digest)) => {
                return format!(
                    "`launchgate waivers --statements` writes what is to be signed; then the approver signs it: \
                     `ssh-keygen -Y sign -n {} -f KEY {digest}.json`",
                    super::signed::NAMESPACE
                );
            }
            Self::Unsigned(None) => "Move it into the file of waivers, where it can be signed",
            Self::Signature(_) => "Have it signed again as it stands",
            Self::InlineForbidden => "Move it into the file of waivers: `launchgate waive`",
            Self::Ambiguous => "Give the documents ids of their own, or name the `kind`",
        }
        .to_owned()
    }

    /// What it points to.
    fn place(&self, entry: &Entry) -> Location {
        match self {
            Self::Expired(_) | Self::NotYet(_) | Self::OverLong { .. } => entry.places.expires,
            Self::SelfApproved(_) | Self::Unapproved(_) | Self::Signature(_) => {
                entry.places.approver
            }
            _ => entry.places.rule,
        }
    }

    /// The finding that says it. It weighs what the finding weighs that is not covered, but is no
    /// mere note, and it blocks from the same stage.
    pub fn finding(&self, entry: &Entry, covered: &Finding) -> Finding {
        let mut finding = Finding::new(
            self.rule(),
            self.message(entry),
            Label::new(self.place(entry), ""),
        )
        .with_help(self.help())
        .with_severity(covered.severity.max(Severity::Warning))
        .with_related(Label::new(
            covered.primary.location,
            "what it was to cover blocks as if it were not waived",
        ));
        finding.document.clone_from(&covered.document);
        finding.blocks_from = covered.blocks_from;
        finding.pointer.clone_from(&covered.pointer);
        finding.key.clone_from(&covered.key);
        finding.subject = format!("{} {}", entry.rule, covered.fingerprint);
        finding
    }
}

//! Why a finding does not count: somebody waived it, it was there before, or it was frozen.
//!
//! A suppressed finding stays in the report and is marked in every format; it blocks nothing.

use jiff::civil::Date;

use super::{Finding, Report, Verdict};
use crate::source::Location;

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// Somebody answers for it until a day.
    Waiver(Box<Waived>),
    /// It was frozen when the gate was adopted.
    Baseline(Frozen),
    /// It was there at a revision already.
    Existing {
        /// The revision, as it was asked for.
        revision: Box<str>,
    },
}

/// The waiver that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Why, in the words of who asked for it.
    pub reason: Box<str>,
    /// Who answers for it; `None` where an inline waiver stands in a document without an owner.
    pub owner: Option<Box<str>>,
    /// Who approved it; inline waivers may do without.
    pub approver: Option<Box<str>>,
    /// The role in which it was approved, where the config has roles.
    pub role: Option<Box<str>>,
    /// Where to read on.
    pub link: Option<Box<str>>,
    /// The last day on which it holds.
    pub expires: Date,
    /// How many days are left after the day of the run: 0 on its last one.
    pub days_left: i32,
    /// Whether it stands in the document, and not in the file of waivers.
    pub inline: bool,
    /// Whether the approver's signature was verified.
    pub signed: bool,
    /// Where it is written.
    pub place: Location,
}

/// The entry of a baseline that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The last day on which the baseline counts; `None` without end.
    pub until: Option<Date>,
    /// How many days are left after the day of the run.
    pub days_left: Option<i32>,
    /// Where it is written.
    pub place: Location,
}

/// A waiver as it was found, and what became of it in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverState {
    /// The id of the rule.
    pub rule: Box<str>,
    /// The id of the document; `None` for an inline waiver that meets no finding.
    pub document: Option<Box<str>>,
    /// Where in the document.
    pub key: Option<Box<str>>,
    /// The finding, where one alone is meant.
    pub fingerprint: Option<Box<str>>,
    /// Why.
    pub reason: Box<str>,
    /// Who answers for it.
    pub owner: Option<Box<str>>,
    /// Who approved it.
    pub approver: Option<Box<str>>,
    /// Where to read on.
    pub link: Option<Box<str>>,
    /// The day on which it was approved.
    pub granted: Option<Date>,
    /// The last day on which it holds.
    pub expires: Date,
    /// Days from the day of the run to that day; below 0 where it is over.
    pub days_left: i32,
    /// `active`, `ends-soon`, `unmatched`, `superseded` (another waiver covers the same), `not-checked`
    /// (the run did not look at its document), or why it does not count: `expired`, `not-yet`,
    /// `over-long`, `locked`, `not-waivable`, `self-approved`, `unapproved`, `unsigned`, `signature`,
    /// `inline`, `ambiguous`.
    pub state: &'static str,
    /// How many findings it covers.
    pub findings: usize,
    /// Whether it stands in a document.
    pub inline: bool,
    /// Whether its signature was verified.
    pub signed: bool,
    /// Where it is written.
    pub place: Location,
}

impl Suppression {
    /// What is said beside the severity: "waived until 2027-01-31, 70 days left".
    pub fn remark(&self) -> String {
        match self {
            Self::Waiver(waiver) => format!(
                "waived until {}, {}",
                waiver.expires,
                days_left(waiver.days_left)
            ),
            Self::Baseline(Frozen {
                until: Some(until),
                days_left: Some(left),
                ..
            }) => format!("in the baseline until {until}, {}", days_left(*left)),
            Self::Baseline(_) => "in the baseline".to_owned(),
            Self::Existing { revision } => format!("already there at {revision}"),
        }
    }

    /// Why it does not count, as far as somebody said so.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Waiver(waiver) => Some(&waiver.reason),
            Self::Baseline(_) | Self::Existing { .. } => None,
        }
    }

    /// What a waiver says of itself: why, who answers for it, and who approved it.
    pub fn explained(&self) -> Option<String> {
        let waiver = self.waiver()?;
        let mut text = format!(
            "{}; {} answers for it",
            waiver.reason,
            waiver.owner.as_deref().unwrap_or("nobody")
        );
        if let Some(approver) = &waiver.approver {
            text.push_str(", approved by ");
            text.push_str(approver);
        }
        if waiver.signed {
            text.push_str(" (signed)");
        }
        Some(text)
    }

    /// The waiver, if it is one.
    pub fn waiver(&self) -> Option<&Waived> {
        match self {
            Self::Waiver(waiver) => Some(waiver),
            Self::Baseline(_) | Self::Existing { .. } => None,
        }
    }

    /// The entry of a baseline, if it is one.
    pub fn baseline(&self) -> Option<&Frozen> {
        match self {
            Self::Baseline(frozen) => Some(frozen),
            Self::Waiver(_) | Self::Existing { .. } => None,
        }
    }

    /// The revision at which the finding was there, if that is why.
    pub fn revision(&self) -> Option<&str> {
        match self {
            Self::Existing { revision } => Some(revision),
            Self::Waiver(_) | Self::Baseline(_) => None,
        }
    }

    /// Where it is written, if anywhere.
    pub fn place(&self) -> Option<Location> {
        match self {
            Self::Waiver(waiver) => Some(waiver.place),
            Self::Baseline(frozen) => Some(frozen.place),
            Self::Existing { .. } => None,
        }
    }
}

/// "70 days left", "its last day".
pub fn days_left(days: i32) -> String {
    match days {
        0 => "its last day".to_owned(),
        1 => "1 day left".to_owned(),
        days => format!("{days} days left"),
    }
}

impl Report {
    /// Suppresses the findings for which `why` knows a reason; those that are suppressed already
    /// keep theirs, and input errors are never asked about. Counts and verdict follow.
    pub fn suppress(&mut self, mut why: impl FnMut(&Finding) -> Option<Suppression>) {
        let fail_on = self.fail_on;
        for finding in &mut self.findings {
            if finding.suppressed.is_some() || finding.rule.is_input_error() {
                continue;
            }
            let Some(reason) = why(finding) else { continue };
            let summary = &mut self.summary;
            if finding.blocking {
                summary.blocking = summary.blocking.saturating_sub(1);
            } else if finding.blocks_from.is_some() && finding.severity >= fail_on {
                summary.later = summary.later.saturating_sub(1);
            }
            finding.blocking = false;
            *summary.suppressed_by(&reason) += 1;
            finding.suppressed = Some(reason);
        }
        if self.verdict == Verdict::Fail && self.summary.blocking == 0 {
            self.verdict = if self.summary.documents == 0 {
                Verdict::NothingChecked
            } else {
                Verdict::Pass
            };
        }
    }
}

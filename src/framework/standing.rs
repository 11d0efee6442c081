//! What a control comes to on a day: its dates decide, and the catalogue's word where they do not.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Control, Status};
use crate::finding::CitedControl;

/// Days from a first to a last one, both included; either end may be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Days {
    /// Whether `day` is one of them.
    pub fn contain(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (None, None) => f.write_str("always"),
        }
    }
}

/// Whether a control asks for anything on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It applies; since when, if the catalogue says so.
    InForce(Option<Date>),
    /// It does not apply yet.
    Upcoming(Date),
    /// Another control took its place.
    Superseded(Arc<str>),
    /// It applied until this day.
    Ended(Date),
    /// It was given up, and nothing says when.
    Withdrawn,
}

impl Control {
    /// What it comes to on a day.
    pub fn standing(&self, day: Date) -> Standing {
        let Days { from, until } = self.days;
        if let Some(from) = from.filter(|from| day < *from) {
            return Standing::Upcoming(from);
        }
        let over = until.is_some_and(|until| until < day);
        // Without a last day, what the catalogue calls superseded or withdrawn is so on every day.
        let given_up =
            until.is_none() && matches!(self.status, Status::Superseded | Status::Withdrawn);
        match (&self.superseded_by, until) {
            (Some(successor), _) if over || given_up => Standing::Superseded(Arc::clone(successor)),
            (None, Some(until)) if over => Standing::Ended(until),
            (None, _) if given_up => Standing::Withdrawn,
            _ => Standing::InForce(from),
        }
    }

    /// What is said of it where it is cited on a day.
    pub fn cited(&self, day: Date) -> CitedControl {
        let standing = self.standing(day);
        CitedControl {
            title: Arc::clone(&self.title),
            citation: Arc::clone(&self.citation),
            url: self.url.clone(),
            status: standing.as_str(),
            standing: standing.to_string(),
        }
    }

    /// The days on which it is in force; `None` if there are none.
    pub fn in_force(&self) -> Option<Days> {
        let dead = self.days.until.is_none()
            && matches!(self.status, Status::Superseded | Status::Withdrawn);
        (!dead).then_some(self.days)
    }
}

impl Standing {
    /// Whether it applies.
    pub const fn is_in_force(&self) -> bool {
        matches!(self, Self::InForce(_))
    }

    /// The word in reports.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InForce(_) => "in-force",
            Self::Upcoming(_) => "upcoming",
            Self::Superseded(_) => "superseded",
            Self::Ended(_) => "ended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InForce(Some(from)) => write!(f, "in force since {from}"),
            Self::InForce(None) => f.write_str("in force"),
            Self::Upcoming(from) => write!(f, "applies from {from}"),
            Self::Superseded(by) => write!(f, "superseded by {by}"),
            Self::Ended(until) => write!(f, "applied until {until}"),
            Self::Withdrawn => f.write_str("withdrawn"),
        }
    }
}

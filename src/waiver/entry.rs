//! A waiver as it is written.

use jiff::civil::Date;

use crate::finding::Finding;
use crate::source::Location;

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of the rule.
    pub rule: String,
    /// What it covers.
    pub target: Target,
    /// Why.
    pub reason: String,
    /// Who answers for it; for an inline waiver the owner of the document, known once it is matched.
    pub owner: Option<String>,
    /// Who approved it; inline waivers may lack one.
    pub approver: Option<String>,
    /// Where to read on.
    pub link: Option<String>,
    /// The day on which it was approved.
    pub granted: Option<Date>,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where it is written.
    pub origin: Origin,
    /// Where its values stand, by what a finding about it points to.
    pub places: Places,
}

/// Which findings of the rule are meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Those at a key of a document.
    Key {
        /// The id of the document.
        document: String,
        /// Its kind, where that must be said.
        kind: Option<String>,
        /// The stable path of the key; empty for the document as a whole.
        key: String,
        /// The finding; `None` takes every value that stands there.
        fingerprint: Option<String>,
    },
    /// Those that begin on a line of the file that the waiver stands in.
    Line(u32),
}

/// Where a waiver is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the file of waivers.
    File(Location),
    /// In a comment of the document.
    Inline(Location),
}

/// Places of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// The id of the rule.
    pub rule: Location,
    /// The approver, else the whole.
    pub approver: Location,
    /// The last day.
    pub expires: Location,
}

impl Entry {
    /// Where it is written, as a whole.
    pub const fn place(&self) -> Location {
        match self.origin {
            Origin::File(place) | Origin::Inline(place) => place,
        }
    }

    /// Whether it stands in a document.
    pub const fn is_inline(&self) -> bool {
        matches!(self.origin, Origin::Inline(_))
    }

    /// Whether a finding is one that is meant. `line` is the one on which it begins, in the file of an
    /// inline waiver.
    pub fn means(&self, finding: &Finding, line: impl Fn(&Finding) -> Option<u32>) -> bool {
        if finding.rule.as_str() != self.rule {
            return false;
        }
        match &self.target {
            Target::Line(wanted) => {
                finding.primary.location.file == self.place().file && line(finding) == Some(*wanted)
            }
            Target::Key { fingerprint, .. } => {
                self.means_place(finding)
                    && fingerprint
                        .as_ref()
                        .is_none_or(|print| print == finding.fingerprint.as_str())
            }
        }
    }

    /// Whether a finding of the rule stands where it is meant to, whatever the value.
    pub fn means_place(&self, finding: &Finding) -> bool {
        let (
            Target::Key {
                document,
                kind,
                key,
                ..
            },
            Some(about),
        ) = (&self.target, &finding.document)
        else {
            return false;
        };
        finding.rule.as_str() == self.rule
            && *about.id == **document
            && kind.as_ref().is_none_or(|kind| *about.kind == **kind)
            && *finding.key == **key
    }
}

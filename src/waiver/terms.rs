//! On which terms waivers count: what an organisation's config says of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::expr::time::{IsoDuration, parse_iso_duration};
use crate::finding::{RuleId, Severity};
use crate::signoff::verdict::{Assurance, Role};

/// The terms.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How long a waiver may hold, by the severity of what it covers. A severity that is not in it may
    /// not be waived at all.
    pub longest: BTreeMap<Severity, IsoDuration>,
    /// Whether comments in documents may waive.
    pub inline: InlineMode,
    /// Who may approve: names of roles by rule id, pack or severity. What is not in it may be
    /// approved in every role.
    pub approvers: BTreeMap<String, Vec<String>>,
    /// The roles that there are.
    pub roles: Vec<Role>,
    /// The least that an approval must be.
    pub minimum_assurance: Assurance,
}

/// Whether comments in documents may waive, and with whose approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InlineMode {
    /// Whoever may edit the document may waive in it.
    Allowed,
    /// Likewise, as long as the finding would not fail the gate by its severity; else with an
    /// approver.
    #[default]
    Advisory,
    /// With an approver.
    WithApprover,
    /// Not at all.
    Forbidden,
}

impl InlineMode {
    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Advisory => "advisory",
            Self::WithApprover => "with-approver",
            Self::Forbidden => "forbidden",
        }
    }
}

impl fmt::Display for InlineMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is the name of no [`InlineMode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("inline waivers are `allowed`, `advisory`, `with-approver` or `forbidden`")]
pub struct UnknownMode;

impl FromStr for InlineMode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        [
            Self::Allowed,
            Self::Advisory,
            Self::WithApprover,
            Self::Forbidden,
        ]
        .into_iter()
        .find(|mode| mode.as_str() == text)
        .ok_or(UnknownMode)
    }
}

/// The longest terms where no config says others: what fails the gate is looked at again each
/// quarter.
const LONGEST: [(Severity, &str); 3] = [
    (Severity::Error, "P90D"),
    (Severity::Warning, "P180D"),
    (Severity::Note, "P1Y"),
];

impl Default for Terms {
    fn default() -> Self {
        Self {
            longest: LONGEST
                .into_iter()
                .filter_map(|(severity, text)| Some((severity, parse_iso_duration(text).ok()?)))
                .collect(),
            inline: InlineMode::default(),
            approvers: BTreeMap::new(),
            roles: Vec::new(),
            minimum_assurance: Assurance::Named,
        }
    }
}

impl Terms {
    /// The roles in which a waiver of a rule may be approved: those for the rule, else for its pack,
    /// else for the severity, else all.
    pub fn roles_for(&self, rule: &RuleId, severity: Severity) -> Vec<&Role> {
        let named = [rule.as_str(), rule.pack(), severity.as_str()]
            .into_iter()
            .find_map(|key| self.approvers.get(key));
        self.roles
            .iter()
            .filter(|role| named.is_none_or(|names| names.contains(&role.name)))
            .collect()
    }
}

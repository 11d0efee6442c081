//! What a config asks of the policies: which packs, and what to change about their rules.
//!
//! Every entry keeps its place in the config, for errors. Entries stand in the order in which they
//! take effect: those of the outermost base config first, so that later ones win.

use std::sync::Arc;

use crate::finding::Severity;
use crate::source::Location;
use crate::value::{NodeId, NodeRef, Tree};

/// A name that a config gives, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub location: Location,
    /// How many configs stand between it and the outermost base, which is 0. A lock of one layer
    /// binds the layers above it.
    pub layer: u32,
}

/// The value of a parameter: a node of the config.
#[derive(Clone, Debug)]
pub struct SettingValue {
    /// The config's tree.
    pub tree: Arc<Tree>,
    /// The node.
    pub node: NodeId,
}

impl SettingValue {
    /// The node.
    pub fn node(&self) -> NodeRef<'_> {
        self.tree.node(self.node)
    }
}

/// `params: { <rule>: { <param>: value } }`.
#[derive(Clone, Debug)]
pub struct ParamSetting {
    /// The rule.
    pub rule: Named,
    /// The parameter.
    pub param: Named,
    /// Its value.
    pub value: SettingValue,
}

/// `severities: { <rule>: severity }`.
#[derive(Clone, Debug)]
pub struct SeveritySetting {
    /// The rule.
    pub rule: Named,
    /// Its severity.
    pub severity: Severity,
    /// Where the severity stands.
    pub location: Location,
}

/// `off: { <rule>: reason }`.
#[derive(Clone, Debug)]
pub struct OffSetting {
    /// The rule.
    pub rule: Named,
    /// Why; a missing or blank reason is an error.
    pub reason: Option<String>,
}

/// What a config asks of the policies. The default takes every pack as it is.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The packs to take; `None` takes all.
    pub packs: Option<Vec<Named>>,
    /// Parameters that differ from their defaults.
    pub params: Vec<ParamSetting>,
    /// Severities that differ from the rules' own.
    pub severities: Vec<SeveritySetting>,
    /// Rules that are turned off.
    pub off: Vec<OffSetting>,
    /// Rules that higher layers may not lower, turn off or loosen.
    pub locked: Vec<Named>,
}

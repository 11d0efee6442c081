//! [`Rule`]: one rule as it holds in this run.

use std::sync::Arc;

use jiff::civil::Date;

use super::params::Param;
use super::program::Body;
use crate::finding::{Outcome, RuleId, RuleInfo, Safety, Severity, Stage};
use crate::framework::Days;
use crate::source::{Location, SourceFile};
use crate::value::{NodeId, NodeRef, Tree};

/// One rule, checked and compiled, with the severity and the parameters of this run.
#[derive(Clone)]
pub struct Rule {
    /// `pack/name`.
    pub id: RuleId,
    /// What holds where it passes.
    pub title: Arc<str>,
    /// Why it matters.
    pub description: Arc<str>,
    /// The severity that holds.
    pub severity: Severity,
    /// The severity that the policy gives it.
    pub default_severity: Severity,
    /// The kinds it applies to, as written.
    pub applies_to: Arc<[Arc<str>]>,
    /// The stage from which it blocks.
    pub blocks_from: Stage,
    /// Controls that it serves: `gdpr:5(1)(e)`.
    pub controls: Arc<[Arc<str>]>,
    /// Parameters in the order in which they are declared.
    pub params: Vec<Param>,
    /// What an empty `for_each` comes to.
    pub on_empty: Outcome,
    /// The next action.
    pub help: Option<Arc<str>>,
    /// Addresses to read on.
    pub references: Arc<[Arc<str>]>,
    /// Whether configs and waivers may not lower it.
    pub locked: bool,
    /// Whether no output may show the values that it speaks of.
    pub redact: bool,
    /// The days on which it holds.
    pub effective: Effective,
    /// The expressions as they are written.
    pub texts: Arc<RuleTexts>,
    /// The policy file.
    pub file: Arc<SourceFile>,
    /// Where its id stands.
    pub location: Location,
    /// Whether it came with launchgate.
    pub builtin: bool,
    pub(crate) tree: Arc<Tree>,
    pub(crate) node: NodeId,
    pub(crate) bodies: Arc<[Body]>,
    pub(crate) param_tree: Arc<Tree>,
}

/// The days on which a rule holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Effective {
    /// Every day.
    #[default]
    Always,
    /// Those that the rule names.
    Days(Days),
    /// Those on which a control that it serves is in force: the days of each, sorted.
    Controls(Arc<[Days]>),
}

impl Effective {
    /// Whether `day` is one of them.
    pub fn holds_on(&self, day: Date) -> bool {
        self.days().iter().any(|days| days.contain(day))
    }

    /// The first of them that is not before `day`; without any, the last one before it.
    pub fn nearest(&self, day: Date) -> Date {
        let days = self.days();
        if days.iter().any(|days| days.contain(day)) {
            return day;
        }
        let next = days.iter().filter_map(|days| days.from);
        let last = days.iter().filter_map(|days| days.until);
        next.filter(|from| *from > day)
            .min()
            .or_else(|| last.max())
            .unwrap_or(day)
    }

    fn days(&self) -> &[Days] {
        match self {
            Self::Always => &[Days {
                from: None,
                until: None,
            }],
            Self::Days(days) => std::slice::from_ref(days),
            Self::Controls(days) => days,
        }
    }
}

/// The expressions of a rule as they are written, for pages about it.
#[derive(Clone, Debug, Default)]
pub struct RuleTexts {
    /// `when`.
    pub when: Option<String>,
    /// `for_each`.
    pub for_each: Option<String>,
    /// `where`.
    pub filter: Option<String>,
    /// `require`, in order.
    pub require: Vec<RequirementText>,
    /// `message`.
    pub message: Option<String>,
    /// `fix`.
    pub fix: Option<FixText>,
}

/// `fix` as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixText {
    /// The path that gets a value.
    pub set: String,
    /// The expression for it.
    pub to: String,
    /// Whether it keeps what was meant.
    pub safety: Safety,
}

/// One requirement as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementText {
    /// `present: path`.
    Present(String),
    /// An expression.
    Expression(String),
    /// `schema: { at, is }`, the fragment as JSON.
    Schema {
        /// The path.
        at: String,
        /// The fragment.
        is: String,
    },
}

impl std::fmt::Display for RequirementText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Present(path) => write!(f, "present: {path}"),
            Self::Expression(text) => f.write_str(text.trim_end()),
            Self::Schema { at, is } => write!(f, "schema: {at} is {is}"),
        }
    }
}

impl Rule {
    /// Whether it speaks of documents of this kind.
    pub fn applies_to(&self, kind: &str) -> bool {
        self.applies_to.iter().any(|known| **known == *kind)
    }

    /// What a report says of it.
    pub fn info(&self) -> RuleInfo {
        RuleInfo {
            title: Arc::clone(&self.title),
            description: Arc::clone(&self.description),
            help: self.help.clone(),
            severity: self.severity,
            controls: Arc::clone(&self.controls),
        }
    }

    /// The rule as it is written.
    pub fn source(&self) -> NodeRef<'_> {
        self.tree.node(self.node)
    }

    /// Sets the values of parameters anew from `params`.
    pub(crate) fn set_params(&mut self, params: Vec<Param>) {
        self.param_tree = super::params::mapping(&self.file, &params);
        self.params = params;
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}

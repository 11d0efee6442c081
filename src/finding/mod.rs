//! What the gate says: findings with an address, outcomes, and the [`Report`] that holds them.
//!
//! A [`Finding`] is data, never an `Err`. Input errors in a config, policy or waiver file have the
//! same shape and are told apart by the prefix of their rule ([`RuleId::is_input_error`]).

pub mod checks;
mod evidence;
mod fingerprint;
mod fix;
mod levels;
mod report;
mod suggest;
mod suppression;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::source::Location;

pub use evidence::{FairnessCheck, GroupRate, Interval, RateChart, SignOffState};
pub use fingerprint::Fingerprint;
pub use fix::{Edit, Fix, Safety, edited};
pub use levels::{Outcome, Severity, Stage};
pub use report::{
    CitedControl, DocumentOutcomes, EvidenceRef, FileDigest, OutcomeRow, Report, RuleInfo,
    RuleOutcomes, Summary, Tally, Trace, Verdict,
};
pub use suggest::{did_you_mean, nearest, only_slip, sentence};
pub use suppression::{Frozen, Suppression, Waived, WaiverState, days_left};

/// The stable name of a rule: `pack/name`, both in kebab case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// A rule id from its text.
    pub fn new(id: impl AsRef<str>) -> Self {
        Self(Arc::from(id.as_ref()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the slash.
    pub fn pack(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(pack, _)| pack)
    }

    /// Whether a finding of this rule is about what the gate was given (its config, policies,
    /// waivers, paths) and not about a document. Such a finding ends the run with exit code 2.
    pub fn is_input_error(&self) -> bool {
        matches!(self.pack(), "config" | "policy" | "waiver" | "input")
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleId({})", self.0)
    }
}

/// A place with a few words on what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub location: Location,
    /// What to say of it: "`value` is 0.72". Empty where the place speaks for itself.
    pub text: String,
}

impl Label {
    /// A label at a location.
    pub fn new(location: Location, text: impl Into<String>) -> Self {
        Self {
            location,
            text: text.into(),
        }
    }
}

/// The document that a finding is about. Ordered by path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentRef {
    /// Path relative to the root.
    pub path: Arc<str>,
    /// Identity: the document's `id`, else its name, else its path.
    pub id: Arc<str>,
    /// Kind, such as `model-card`.
    pub kind: Arc<str>,
}

/// One thing that does not hold, or could not be decided, with its address.
///
/// Built by [`Finding::new`], which cannot lack a primary label; the rest is filled in by the
/// methods below and by the engine (document, stage, blocking, fingerprint).
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: RuleId,
    /// How much it matters.
    pub severity: Severity,
    /// [`Outcome::Fail`] or [`Outcome::Unknown`].
    pub outcome: Outcome,
    /// The stage from which the finding blocks; `None` blocks at every stage.
    pub blocks_from: Option<Stage>,
    /// Whether it fails the gate in this run: stage reached, severity at or above the threshold, and
    /// not suppressed.
    pub blocking: bool,
    /// The fact, in one sentence without a final full stop.
    pub message: String,
    /// The next action.
    pub help: Option<String>,
    /// Further facts, one a line.
    pub notes: Vec<String>,
    /// Control ids such as `gdpr:5(1)(e)`.
    pub controls: Vec<Arc<str>>,
    /// The document; `None` for findings about the gate's own input.
    pub document: Option<DocumentRef>,
    /// The JSON Pointer of the node that the finding is about.
    pub pointer: String,
    /// The same in words that outlive an edit: `data[name=income].retention`. Elements of lists stand
    /// under what names them, where something does; empty for the document as a whole. Filled in by the
    /// engine.
    pub key: String,
    /// Where it is. For something missing: the nearest parent's key.
    pub primary: Label,
    /// Operands and other places, also in other files.
    pub related: Vec<Label>,
    /// The line of the rule that does not hold.
    pub policy: Option<Label>,
    /// Stable over moves, re-indentation and unrelated edits; filled in by the engine.
    pub fingerprint: Fingerprint,
    /// What distinguishes this finding from others of its rule at the same pointer, such as the
    /// misspelt key or the value at fault; part of the fingerprint.
    pub subject: String,
    /// Whether the rule keeps the values of the document out of every output, and so out of the
    /// fingerprint.
    pub redacted: bool,
    /// Rules that this finding alone keeps from being decided, or from holding, and that say
    /// nothing of their own.
    pub folded: BTreeSet<RuleId>,
    /// Why it does not count, if it does not.
    pub suppressed: Option<Suppression>,
    /// Ways to mend it, the one to prefer first.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// A failing finding of severity `error` at a place.
    pub fn new(rule: impl Into<RuleId>, message: impl Into<String>, primary: Label) -> Self {
        Self {
            rule: rule.into(),
            severity: Severity::Error,
            outcome: Outcome::Fail,
            blocks_from: None,
            blocking: false,
            message: message.into(),
            help: None,
            notes: Vec::new(),
            controls: Vec::new(),
            document: None,
            pointer: String::new(),
            key: String::new(),
            primary,
            related: Vec::new(),
            policy: None,
            fingerprint: Fingerprint::default(),
            subject: String::new(),
            redacted: false,
            folded: BTreeSet::new(),
            suppressed: None,
            fixes: Vec::new(),
        }
    }

    /// With the next action.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a further fact.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With a severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With an outcome.
    #[must_use]
    pub fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// With another place.
    #[must_use]
    pub fn with_related(mut self, label: Label) -> Self {
        self.related.push(label);
        self
    }

    /// With the JSON Pointer of the node that it is about.
    #[must_use]
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    /// With what tells it apart from others of its rule at the same pointer.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// With a way to mend it, if there is one.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }

    /// With the stage from which it blocks.
    #[must_use]
    pub fn with_blocks_from(mut self, stage: Stage) -> Self {
        self.blocks_from = Some(stage);
        self
    }
}

impl From<&str> for RuleId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<&RuleId> for RuleId {
    fn from(id: &RuleId) -> Self {
        id.clone()
    }
}

//! Evaluates a rule: each (rule, document or item) comes to exactly one of the four outcomes.
//!
//! The path of a rule that holds allocates nothing but its rows; blame, messages and labels are
//! worked out only for what does not hold.

use jiff::civil::Date;

use super::failure::{Failure, Undecided};
use super::present::{self, Lack};
use super::program::{Assertion, Body, Condition, Requirement};
use super::report::{At, Place};
use super::rule::Rule;
use crate::document::Document;
use crate::expr::{ErrorKind, Facts, Scope, Truth, Value};
use crate::finding::{Finding, Outcome};
use crate::source::Location;
use crate::value::{NodeRef, Pointer};

/// Findings that a rule gives for one document at most. Outcomes have no such limit: what goes on
/// failing is counted, and only its words and places are spared.
pub const MAX_FINDINGS: usize = 1000;

/// What a rule is evaluated in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The world outside the document.
    pub facts: &'a dyn Facts,
    /// The day that stands for now.
    pub today: Date,
}

/// What a rule came to for one document.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// One result for the document, or one for each item, in order; never none.
    pub results: Vec<ItemResult>,
    /// Whether a fact was asked for that is still to be loaded: evaluate again when it is.
    pub deferred: bool,
}

/// What a rule came to for a document or an item of it.
#[derive(Clone, Debug)]
pub struct ItemResult {
    /// The item; `None` where the rule speaks of the whole document.
    pub item: Option<Pointer>,
    /// The outcome.
    pub outcome: Outcome,
    /// The finding of a fail or unknown; `None` also where the rule has given [`MAX_FINDINGS`].
    pub finding: Option<Finding>,
    /// Pointers in the document that are absent or of the wrong type and decided the outcome. A
    /// schema finding at one of them says the same.
    pub causes: Vec<Pointer>,
    /// What no output may show: where the values stand that a rule with `redact` speaks of.
    pub redacted: Vec<Location>,
}

impl ItemResult {
    fn plain(item: Option<Pointer>, outcome: Outcome) -> Self {
        Self {
            item,
            outcome,
            finding: None,
            causes: Vec::new(),
            redacted: Vec::new(),
        }
    }
}

/// Is told what the parts of a rule came to: how policy tests know what their examples reach.
pub(crate) trait Observer {
    /// `when` was decided.
    fn when(&mut self, _holds: bool) {}
    /// `where` was decided for an item.
    fn filter(&mut self, _holds: bool) {}
    /// A requirement, by its index, holds or holds the document up.
    fn requirement(&mut self, _index: usize, _holds: bool) {}
}

impl Observer for () {}

impl Rule {
    /// Holds the rule against a document.
    pub fn evaluate(&self, document: &Document, cx: &Context<'_>) -> Evaluation {
        self.evaluate_observed(document, cx, &mut ())
    }

    pub(crate) fn evaluate_observed(
        &self,
        document: &Document,
        cx: &Context<'_>,
        observer: &mut impl Observer,
    ) -> Evaluation {
        let not_applicable = || Evaluation {
            results: vec![ItemResult::plain(None, Outcome::NotApplicable)],
            deferred: false,
        };
        let kind = &document.reference.kind;
        let Some(body) = self.bodies.iter().find(|body| body.kind == *kind) else {
            return not_applicable();
        };
        if !self.effective.holds_on(cx.today) {
            return not_applicable();
        }
        let root = document.root();
        let mut scope = Scope::new(&body.env, cx.facts, cx.today).redacting(self.redact);
        scope.set(body.slots.doc, root);
        if let Some(params) = self.param_tree.root() {
            scope.set(body.slots.params, params);
        }
        scope.set(body.slots.today, cx.today);
        let mut run = Run {
            rule: self,
            body,
            root,
            scope,
            findings: 0,
            observer,
        };
        let results = run.document();
        Evaluation {
            results,
            deferred: run.scope.deferred(),
        }
    }
}

struct Run<'r, 'a, O> {
    rule: &'a Rule,
    body: &'a Body,
    root: NodeRef<'a>,
    scope: Scope<'a>,
    /// How many findings the rule has given.
    findings: usize,
    observer: &'r mut O,
}

impl<'a, O: Observer> Run<'_, 'a, O> {
    fn document(&mut self) -> Vec<ItemResult> {
        if let Some(when) = &self.body.when {
            match self.decide(when, Undecided::When) {
                Ok(holds) => {
                    self.observer.when(holds);
                    if !holds {
                        return vec![ItemResult::plain(None, Outcome::NotApplicable)];
                    }
                }
                Err(failure) => return vec![self.unknown(None, *failure)],
            }
        }
        match &self.body.for_each {
            None => vec![self.requirements(None, At::node(self.root))],
            Some(for_each) => self.items(for_each),
        }
    }

    /// Whether a condition holds, or why that cannot be said.
    fn decide(&self, condition: &'a Condition, part: Undecided) -> Result<bool, Box<Failure<'a>>> {
        let value = condition.program.eval(&self.scope);
        match value.truth() {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Absent | Truth::Error => Err(Box::new(Failure::condition(
                condition,
                part,
                &value,
                &self.scope,
            ))),
        }
    }

    fn items(&mut self, for_each: &'a Condition) -> Vec<ItemResult> {
        let mut value = for_each.program.eval(&self.scope);
        // An optional that is not there was made so on purpose: `doc.?models` may be left out.
        while let Value::Optional(inner) = value {
            value = inner.map_or_else(|| Value::list(Vec::new()), |inner| inner.as_ref().clone());
        }
        let Some(elements) = value.elements() else {
            let failure = Failure::condition(for_each, Undecided::ForEach, &value, &self.scope);
            return vec![self.unknown(None, failure)];
        };
        if elements.len() == 0 {
            return vec![self.empty(for_each, &value)];
        }
        let mut results = Vec::with_capacity(elements.len());
        for (index, element) in elements.enumerate() {
            let at = At::of(&element).filter(|at| std::ptr::eq(at.node.tree(), self.root.tree()));
            let pointer = at
                .as_ref()
                .map_or_else(|| Pointer::default().index(index), |at| at.node.pointer());
            let at = at.unwrap_or_else(|| At::node(self.root));
            if let Some(slot) = self.body.slots.item {
                self.scope.set(slot, element);
            }
            results.push(self.item(pointer, at));
        }
        results
    }

    fn item(&mut self, pointer: Pointer, at: At<'a>) -> ItemResult {
        if let Some(filter) = &self.body.filter {
            match self.decide(filter, Undecided::Where) {
                Ok(holds) => {
                    self.observer.filter(holds);
                    if !holds {
                        return ItemResult::plain(Some(pointer), Outcome::NotApplicable);
                    }
                }
                Err(failure) => return self.unknown(Some((pointer, at)), *failure),
            }
        }
        self.requirements(Some(pointer), at)
    }

    fn empty(&mut self, for_each: &'a Condition, list: &Value<'a>) -> ItemResult {
        let outcome = self.rule.on_empty;
        if outcome != Outcome::Fail {
            return ItemResult::plain(None, outcome);
        }
        let failure = Failure::empty(for_each, list, self.root);
        self.result(None, At::node(self.root), vec![failure])
    }

    fn requirements(&mut self, item: Option<Pointer>, at: At<'a>) -> ItemResult {
        // Beyond the limit no words are wanted, but what is redacted is still to be known.
        let brief = self.findings >= MAX_FINDINGS && (!self.rule.redact || at.is_text());
        let mut failures = Vec::new();
        let mut outcomes = Vec::new();
        for (index, requirement) in self.body.require.iter().enumerate() {
            let unmet = self.require(requirement);
            self.observer.requirement(index, unmet.is_none());
            match unmet {
                None => {}
                Some(unmet) if brief => outcomes.push(unmet.outcome()),
                Some(unmet) => failures.push(unmet.explained(requirement, &self.scope)),
            }
        }
        match outcomes
            .iter()
            .find(|outcome| **outcome == Outcome::Fail)
            .or(outcomes.first())
        {
            Some(outcome) => ItemResult {
                redacted: self.place(at).redacted(&[]),
                ..ItemResult::plain(item, *outcome)
            },
            None if failures.is_empty() => ItemResult::plain(item, Outcome::Pass),
            None => self.result(item, at, failures),
        }
    }

    /// How a requirement is not met; `None` if it is.
    fn require(&self, requirement: &'a Requirement) -> Option<Unmet<'a>> {
        let value = requirement.program().eval(&self.scope);
        match &requirement.assertion {
            Assertion::Expression(_) if value.truth() == Truth::True => None,
            Assertion::Expression(_) => Some(Unmet::NotTrue(value)),
            Assertion::Present(_) if matches!(value, Value::Error(_)) => {
                Some(Unmet::NotTrue(value))
            }
            Assertion::Present(_) => {
                let lack = present::lack(&value)?;
                Some(Unmet::Lacking(value, lack))
            }
            Assertion::Schema(_, schema) => {
                let value = match value {
                    Value::Optional(Some(inner)) => inner.as_ref().clone(),
                    value => value,
                };
                match &value {
                    Value::Error(_) => Some(Unmet::NotTrue(value)),
                    Value::Node(node) => {
                        let findings = schema.check(*node);
                        (!findings.is_empty()).then_some(Unmet::Schema(findings))
                    }
                    other => {
                        let lack = present::lack(other).unwrap_or(Lack::Missing);
                        Some(Unmet::Lacking(value, lack))
                    }
                }
            }
        }
    }

    fn place(&self, at: At<'a>) -> Place<'_, 'a> {
        Place {
            rule: self.rule,
            body: self.body,
            root: self.root,
            at,
            scope: &self.scope,
        }
    }

    fn unknown(&mut self, item: Option<(Pointer, At<'a>)>, failure: Failure<'a>) -> ItemResult {
        let (pointer, at) = match item {
            Some((pointer, at)) => (Some(pointer), at),
            None => (None, At::node(self.root)),
        };
        self.result(pointer, at, vec![failure])
    }

    fn result(
        &mut self,
        item: Option<Pointer>,
        at: At<'a>,
        failures: Vec<Failure<'a>>,
    ) -> ItemResult {
        self.findings += 1;
        let place = self.place(at);
        let redacted = place.redacted(&failures);
        let result = if self.findings > MAX_FINDINGS {
            ItemResult::plain(item, super::report::outcome(&failures))
        } else {
            let certain = failures
                .iter()
                .all(|failure| failure.undecided.is_none() && failure.outcome == Outcome::Fail);
            let mut result = super::report::result(&place, item, failures);
            let offer = self
                .body
                .offer
                .as_ref()
                .filter(|_| certain && !self.rule.redact);
            if let (Some(finding), Some(offer)) = (&mut result.finding, offer) {
                finding.fixes.extend(offer.fix(self.root, &self.scope));
            }
            result
        };
        ItemResult { redacted, ..result }
    }
}

/// A requirement that is not met, without words.
enum Unmet<'a> {
    /// An expression that is not true, or a path that cannot be followed.
    NotTrue(Value<'a>),
    /// A path to what is not there.
    Lacking(Value<'a>, Lack),
    /// What does not satisfy a schema.
    Schema(Vec<Finding>),
}

impl<'a> Unmet<'a> {
    fn outcome(&self) -> Outcome {
        match self {
            Self::NotTrue(Value::Error(error)) if is_undecidable(&error.kind) => Outcome::Unknown,
            _ => Outcome::Fail,
        }
    }

    fn explained(self, requirement: &'a Requirement, scope: &Scope<'a>) -> Failure<'a> {
        match self {
            Self::NotTrue(value) => Failure::expression(requirement, &value, scope),
            Self::Lacking(value, lack) => Failure::lacking(requirement, &value, &lack),
            Self::Schema(findings) => Failure::schema(requirement, findings, scope),
        }
    }
}

/// Whether an error says that nothing can be said, rather than that the document is wrong.
pub(crate) fn is_undecidable(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Fact(_) | ErrorKind::Budget | ErrorKind::Undeclared
    )
}

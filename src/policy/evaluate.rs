//! Evaluates a rule: each (rule, document or item) comes to exactly one of the four outcomes.
//!
//! The path of a rule that holds allocates nothing but its rows; blame, messages and labels are
//! worked out only for what does not hold.

use jiff::civil::Date;

use super::failure::{Failure, Undecided};
use super::present;
use super::program::{Assertion, Body, Condition, Requirement};
use super::rule::Rule;
use crate::document::Document;
use crate::expr::{ErrorKind, Facts, Scope, Truth, Value};
use crate::finding::{Finding, Outcome};
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
}

impl ItemResult {
    fn plain(item: Option<Pointer>, outcome: Outcome) -> Self {
        Self {
            item,
            outcome,
            finding: None,
            causes: Vec::new(),
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
        let mut scope = Scope::new(&body.env, cx.facts, cx.today);
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
            None => vec![self.requirements(None, self.root)],
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
            let own = element
                .node()
                .filter(|node| std::ptr::eq(node.tree(), self.root.tree()));
            let pointer = own.map_or_else(|| Pointer::default().index(index), NodeRef::pointer);
            let at = own.unwrap_or(self.root);
            if let Some(slot) = self.body.slots.item {
                self.scope.set(slot, element);
            }
            results.push(self.item(pointer, at));
        }
        results
    }

    fn item(&mut self, pointer: Pointer, at: NodeRef<'a>) -> ItemResult {
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
        self.result(None, self.root, vec![failure])
    }

    fn requirements(&mut self, item: Option<Pointer>, at: NodeRef<'a>) -> ItemResult {
        let mut failures = Vec::new();
        for (index, requirement) in self.body.require.iter().enumerate() {
            let failure = self.require(requirement);
            self.observer.requirement(index, failure.is_none());
            failures.extend(failure);
        }
        if failures.is_empty() {
            return ItemResult::plain(item, Outcome::Pass);
        }
        self.result(item, at, failures)
    }

    /// Why a requirement does not hold; `None` if it does.
    fn require(&self, requirement: &'a Requirement) -> Option<Failure<'a>> {
        let program = requirement.program();
        let value = program.eval(&self.scope);
        match &requirement.assertion {
            Assertion::Expression(_) => match value.truth() {
                Truth::True => None,
                _ => Some(Failure::expression(requirement, &value, &self.scope)),
            },
            Assertion::Present(_) => {
                if let Value::Error(error) = &value {
                    return Some(Failure::error(requirement, error, &self.scope));
                }
                let lack = present::lack(&value)?;
                Some(Failure::lacking(requirement, &value, &lack))
            }
            Assertion::Schema(_, schema) => {
                let value = match value {
                    Value::Optional(Some(inner)) => inner.as_ref().clone(),
                    value => value,
                };
                match &value {
                    Value::Error(error) => Some(Failure::error(requirement, error, &self.scope)),
                    Value::Node(node) => {
                        let findings = schema.check(*node);
                        (!findings.is_empty()).then(|| Failure::schema(requirement, findings))
                    }
                    other => {
                        let lack = present::lack(other).unwrap_or(present::Lack::Missing);
                        Some(Failure::lacking(requirement, &value, &lack))
                    }
                }
            }
        }
    }

    fn unknown(
        &mut self,
        item: Option<(Pointer, NodeRef<'a>)>,
        failure: Failure<'a>,
    ) -> ItemResult {
        let (pointer, at) = match item {
            Some((pointer, at)) => (Some(pointer), at),
            None => (None, self.root),
        };
        self.result(pointer, at, vec![failure])
    }

    fn result(
        &mut self,
        item: Option<Pointer>,
        at: NodeRef<'a>,
        failures: Vec<Failure<'a>>,
    ) -> ItemResult {
        self.findings += 1;
        if self.findings > MAX_FINDINGS {
            return ItemResult::plain(item, super::report::outcome(&failures));
        }
        super::report::result(
            &super::report::Place {
                rule: self.rule,
                body: self.body,
                root: self.root,
                at,
                scope: &self.scope,
            },
            item,
            failures,
        )
    }
}

/// Whether an error says that nothing can be said, rather than that the document is wrong.
pub(crate) fn is_undecidable(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Fact(_) | ErrorKind::Budget | ErrorKind::Undeclared
    )
}

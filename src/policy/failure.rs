//! What does not hold: the fact in words, and the operands that are to blame for it.

use super::evaluate::is_undecidable;
use super::present::{Lack, shorten};
use super::program::{Condition, Requirement};
use crate::expr::{ErrorKind, Missing, Operand, OperandState, Program, Scope, Truth, Value};
use crate::finding::{Finding, Label, Outcome};
use crate::source::{Location, Span};
use crate::value::{NodeRef, Pointer, Segment};

/// Which part of a rule could not be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undecided {
    When,
    Where,
    ForEach,
}

impl Undecided {
    fn consequence(self) -> &'static str {
        match self {
            Self::When | Self::Where => "so it cannot be decided whether the rule applies",
            Self::ForEach => "so the rule cannot go over it",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::When => "`when` reads it",
            Self::Where => "`where` reads it",
            Self::ForEach => "`for_each` reads it",
        }
    }
}

/// A requirement that does not hold, or a part of a rule that cannot be decided.
pub(crate) struct Failure<'a> {
    pub(crate) outcome: Outcome,
    /// The fact in the gate's own words.
    pub(crate) fact: String,
    /// Whether the rule's message says it better, if all that it interpolates is there.
    pub(crate) wording: Wording,
    pub(crate) operands: Vec<Operand>,
    /// Whether the expression is false, whatever is absent in it.
    pub(crate) certain: bool,
    /// Findings of a `schema:` fragment.
    pub(crate) schema: Vec<Finding>,
    /// The part of the rule, and what to say of it.
    pub(crate) policy: Label,
    /// Elements that do not hold either and that no operand speaks of.
    pub(crate) more: usize,
    pub(crate) node: Option<NodeRef<'a>>,
    /// The condition that could not be decided, if it is one.
    pub(crate) undecided: Option<Undecided>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    /// The rule's message, also with holes.
    Message,
    /// The rule's message if it has no holes.
    MessageIfComplete,
    /// The fact.
    Fact,
}

impl<'a> Failure<'a> {
    /// A condition, or the list of `for_each`, that is absent or an error.
    pub(crate) fn condition(
        condition: &'a Condition,
        part: Undecided,
        value: &Value<'a>,
        scope: &Scope<'a>,
    ) -> Self {
        let policy = Label::new(condition.location, part.label());
        let mut failure = Self::blamed(&condition.program, value, scope, policy);
        if part == Undecided::ForEach && value.is_value() {
            failure.no_list(value);
        }
        failure.outcome = Outcome::Unknown;
        failure.undecided = Some(part);
        failure.fact = format!("{}, {}", failure.fact, part.consequence());
        failure.wording = Wording::Fact;
        failure
    }

    /// A requirement that is an expression and not true, or a path that cannot be followed.
    pub(crate) fn expression(
        requirement: &'a Requirement,
        value: &Value<'a>,
        scope: &Scope<'a>,
    ) -> Self {
        Self::blamed(requirement.program(), value, scope, required(requirement))
    }

    /// A path to what is not there.
    pub(crate) fn lacking(requirement: &'a Requirement, value: &Value<'a>, lack: &Lack) -> Self {
        let operand = lacking_operand(requirement.program(), value, lack);
        let path = operand
            .pointer
            .as_ref()
            .map(Pointer::to_path)
            .filter(|path| !path.is_empty())
            .unwrap_or_else(|| collapse(requirement.program().text()));
        Self {
            outcome: Outcome::Fail,
            fact: format!("`{path}` {}", lack.wording()),
            wording: Wording::MessageIfComplete,
            operands: vec![operand],
            certain: false,
            schema: Vec::new(),
            policy: required(requirement),
            more: 0,
            node: node_of(value),
            undecided: None,
        }
    }

    /// A node that does not satisfy its schema.
    pub(crate) fn schema(
        requirement: &'a Requirement,
        mut findings: Vec<Finding>,
        scope: &Scope<'a>,
    ) -> Self {
        if scope.redacts() {
            for finding in &mut findings {
                "a value is not as the rule asks, and is not shown"
                    .clone_into(&mut finding.message);
                finding.primary.text.clear();
            }
        }
        let fact = findings
            .first()
            .map(|finding| finding.message.clone())
            .unwrap_or_default();
        Self {
            outcome: Outcome::Fail,
            fact,
            wording: Wording::MessageIfComplete,
            operands: Vec::new(),
            certain: true,
            schema: findings,
            policy: required(requirement),
            more: 0,
            node: None,
            undecided: None,
        }
    }

    /// An empty `for_each` where `on_empty` is `fail`.
    pub(crate) fn empty(for_each: &'a Condition, list: &Value<'a>, root: NodeRef<'a>) -> Self {
        let absent = match list.node() {
            Some(_) => None,
            None => absent_list(&for_each.program, root),
        };
        let fact = match (list.node(), &absent) {
            (Some(node), _) => format!("`{}` is empty", name(node)),
            (None, Some(operand)) => operand.text.clone(),
            (None, None) => format!(
                "`{}` gives an empty list",
                collapse(for_each.program.text())
            ),
        };
        Self {
            outcome: Outcome::Fail,
            fact,
            wording: Wording::Fact,
            operands: absent.into_iter().collect(),
            certain: true,
            schema: Vec::new(),
            policy: Label::new(for_each.location, "an empty list fails this rule"),
            more: 0,
            node: list.node(),
            undecided: None,
        }
    }

    /// What a program blames for a value that is not true.
    fn blamed(program: &'a Program, value: &Value<'a>, scope: &Scope<'a>, policy: Label) -> Self {
        let blame = program.blame(scope);
        let mut failure = Self {
            outcome: Outcome::Fail,
            fact: format!("`{}` does not hold", collapse(program.text())),
            wording: Wording::Message,
            operands: blame.operands,
            certain: false,
            schema: Vec::new(),
            policy,
            more: blame.more,
            node: None,
            undecided: None,
        };
        match value {
            Value::Error(error) => {
                failure.fact = if scope.redacts() {
                    error.redacted().to_string()
                } else {
                    error.to_string()
                };
                failure.wording = Wording::Fact;
                failure.node = error.node;
                if is_undecidable(&error.kind) {
                    failure.outcome = Outcome::Unknown;
                }
                if error.kind == ErrorKind::Budget {
                    // It was not evaluated to its end, so nothing in it is to blame.
                    failure.operands.clear();
                    failure.more = 0;
                    failure.node = None;
                }
            }
            Value::Absent(absence) => {
                let absent = failure
                    .operands
                    .iter()
                    .find(|operand| operand.state == OperandState::Absent)
                    .and_then(|operand| operand.pointer.as_ref().map(Pointer::to_path));
                // What the world does not know has no place in the document that could be shown, so the
                // rule's own words say most.
                failure.wording = match absent {
                    Some(_) => Wording::Fact,
                    None => Wording::MessageIfComplete,
                };
                failure.fact = match (absent, &absence.missing) {
                    (Some(path), Missing::Null) => format!("`{path}` is null"),
                    (Some(path), _) => format!("`{path}` is missing"),
                    (None, Missing::Key(key)) => format!("`{key}` is missing"),
                    (None, Missing::Index(index)) => format!("element {index} is missing"),
                    (None, Missing::Null) => "a value is null".into(),
                };
            }
            value if value.truth() == Truth::Error => {
                let mistyped = failure.operands.iter().find_map(|operand| {
                    let OperandState::Mistyped(why) = &operand.state else {
                        return None;
                    };
                    Some(format!("`{}` {why}", operand.pointer.as_ref()?.to_path()))
                });
                failure.fact = mistyped.unwrap_or_else(|| {
                    let text = collapse(program.text());
                    format!("`{text}` is {}, not a boolean", value.described())
                });
                failure.wording = Wording::Fact;
                failure.node = value.node();
            }
            // It is false for certain: an absence that it has taken into account decides nothing.
            _ => failure.certain = true,
        }
        failure
    }

    /// Whether the fact says more than the labels do, and what is listed as missing.
    pub(crate) fn says_more(&self) -> bool {
        let placed = |operand: &Operand| {
            operand.location.is_some()
                && (operand.state == OperandState::Absent
                    || self.wording == Wording::MessageIfComplete)
        };
        self.schema.is_empty() && (self.certain || !self.operands.iter().any(placed))
    }

    /// `for_each` gives a value that is no list.
    fn no_list(&mut self, value: &Value<'a>) {
        let why = format!("is {}, not a list", value.described());
        self.node = value.node();
        self.certain = false;
        match value.node() {
            Some(node) => {
                let path = name(node);
                let last = path.rsplit('.').next().unwrap_or(&path);
                self.operands = vec![Operand {
                    location: Some(node.address()),
                    pointer: Some(node.pointer()),
                    text: format!("`{last}` {why}"),
                    state: OperandState::Mistyped(why.clone()),
                    expr_span: Span::default(),
                }];
                self.fact = format!("`{path}` {why}");
            }
            None => self.fact = format!("`for_each` {why}"),
        }
    }
}

impl Failure<'_> {
    /// The nodes, lying where `inside` says, whose absence or type alone made the failure; `None`
    /// if there is more to it: a fact that cannot be given, the budget, elements that are not shown.
    pub(crate) fn causes(&self, inside: impl Fn(Location) -> bool) -> Option<Vec<Pointer>> {
        if self.certain || self.more > 0 {
            return None;
        }
        let mut causes = Vec::new();
        for operand in &self.operands {
            match operand.state {
                OperandState::Present => {}
                OperandState::Absent | OperandState::Mistyped(_) => {
                    operand.location.filter(|at| inside(*at))?;
                    causes.push(operand.pointer.clone()?);
                }
                OperandState::Unavailable(_) => return None,
            }
        }
        if let Some(node) = self.node {
            Some(node.location()).filter(|at| inside(*at))?;
            causes.push(node.pointer());
        }
        (!causes.is_empty()).then_some(causes)
    }
}

fn required(requirement: &Requirement) -> Label {
    Label::new(requirement.location, "required here")
}

/// The node that a value is, also an optional one.
fn node_of<'a>(value: &Value<'a>) -> Option<NodeRef<'a>> {
    match value {
        Value::Optional(inner) => node_of(inner.as_deref()?),
        value => value.node(),
    }
}

/// The operand of a path to what is not there.
fn lacking_operand(program: &Program, value: &Value<'_>, lack: &Lack) -> Operand {
    let wording = lack.wording();
    let expr_span = Span::from_range(&(0..program.text().len()));
    let (location, pointer, state) = match value {
        Value::Node(node) => (
            Some(node.address()),
            Some(node.pointer()),
            OperandState::Present,
        ),
        Value::Absent(absence) => match absence.parent {
            Some(parent) => {
                let pointer = match &absence.missing {
                    Missing::Key(key) => parent.pointer().key(key),
                    Missing::Index(index) => parent
                        .pointer()
                        .index(usize::try_from(*index).unwrap_or(usize::MAX)),
                    Missing::Null => parent.pointer(),
                };
                (Some(parent.address()), Some(pointer), OperandState::Absent)
            }
            None => (None, None, OperandState::Absent),
        },
        Value::Optional(Some(inner)) => return lacking_operand(program, inner, lack),
        _ => (None, None, OperandState::Absent),
    };
    let last = pointer
        .as_ref()
        .and_then(|pointer: &Pointer| pointer.segments().last())
        .map_or_else(
            || collapse(program.text()),
            |segment| match segment {
                Segment::Key(key) => key.to_string(),
                Segment::Index(index) => format!("[{index}]"),
            },
        );
    Operand {
        location,
        pointer,
        text: format!("`{last}` {wording}"),
        state,
        expr_span,
    }
}

/// The list that `doc.?models.orValue([])` reads, where it is not there.
fn absent_list(program: &Program, root: NodeRef<'_>) -> Option<Operand> {
    let [path] = program.paths().try_into().ok()?;
    let pointer = path.pointer;
    if path.variable != "doc" || root.at(&pointer).is_some() {
        return None;
    }
    let mut parent = root;
    for segment in pointer.segments() {
        let step = match segment {
            Segment::Key(key) => parent.get(key),
            Segment::Index(index) => parent.item(*index),
        };
        let Some(step) = step else { break };
        parent = step;
    }
    Some(Operand {
        location: Some(parent.address()),
        text: format!("`{}` is missing", pointer.to_path()),
        pointer: Some(pointer),
        state: OperandState::Absent,
        expr_span: Span::default(),
    })
}

/// An expression on one line.
fn collapse(text: &str) -> String {
    shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn name(node: NodeRef<'_>) -> String {
    let path = node.pointer().to_path();
    if path.is_empty() { "doc".into() } else { path }
}

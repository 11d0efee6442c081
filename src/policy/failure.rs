//! What does not hold: the fact in words, and the operands that are to blame for it.

use super::evaluate::is_undecidable;
use super::present::{Lack, shorten};
use super::program::{Condition, Requirement};
use crate::expr::{EvalError, Missing, Operand, OperandState, Program, Scope, Truth, Value};
use crate::finding::{Finding, Label, Outcome};
use crate::source::Span;
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
    pub(crate) notes: Vec<String>,
    pub(crate) node: Option<NodeRef<'a>>,
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
        failure.fact = format!("{}, {}", failure.fact, part.consequence());
        failure.wording = Wording::Fact;
        failure
    }

    /// A requirement that is an expression and not true.
    pub(crate) fn expression(
        requirement: &'a Requirement,
        value: &Value<'a>,
        scope: &Scope<'a>,
    ) -> Self {
        Self::blamed(requirement.program(), value, scope, required(requirement))
    }

    /// A path that cannot be followed.
    pub(crate) fn error(
        requirement: &'a Requirement,
        error: &EvalError<'a>,
        scope: &Scope<'a>,
    ) -> Self {
        Self::expression(requirement, &Value::from(error.clone()), scope)
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
            notes: Vec::new(),
            node: None,
        }
    }

    /// A node that does not satisfy its schema.
    pub(crate) fn schema(requirement: &'a Requirement, findings: Vec<Finding>) -> Self {
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
            notes: Vec::new(),
            node: None,
        }
    }

    /// An empty `for_each` where `on_empty` is `fail`.
    pub(crate) fn empty(for_each: &'a Condition, list: &Value<'a>) -> Self {
        let fact = match list.node() {
            Some(node) => format!("`{}` is empty", name(node)),
            None => format!(
                "`{}` gives an empty list",
                collapse(for_each.program.text())
            ),
        };
        Self {
            outcome: Outcome::Fail,
            fact,
            wording: Wording::Fact,
            operands: Vec::new(),
            certain: true,
            schema: Vec::new(),
            policy: Label::new(for_each.location, "an empty list fails this rule"),
            notes: Vec::new(),
            node: list.node(),
        }
    }

    /// What a program blames for a value that is not true.
    fn blamed(program: &'a Program, value: &Value<'a>, scope: &Scope<'a>, policy: Label) -> Self {
        let blame = program.blame(scope);
        let notes = match blame.more {
            0 => Vec::new(),
            1 => vec!["one more element does not hold".to_owned()],
            more => vec![format!("{more} more elements do not hold")],
        };
        let mut failure = Self {
            outcome: Outcome::Fail,
            fact: format!("`{}` does not hold", collapse(program.text())),
            wording: Wording::Message,
            operands: blame.operands,
            certain: false,
            schema: Vec::new(),
            policy,
            notes,
            node: None,
        };
        match value {
            Value::Error(error) => {
                failure.fact = error.to_string();
                failure.wording = Wording::Fact;
                failure.node = error.node;
                if is_undecidable(&error.kind) {
                    failure.outcome = Outcome::Unknown;
                }
            }
            Value::Absent(absence) => {
                failure.wording = Wording::Fact;
                let absent = failure
                    .operands
                    .iter()
                    .find(|operand| operand.state == OperandState::Absent)
                    .and_then(|operand| operand.pointer.as_ref().map(Pointer::to_path));
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

fn required(requirement: &Requirement) -> Label {
    Label::new(requirement.location, "required here")
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

/// An expression on one line.
fn collapse(text: &str) -> String {
    shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn name(node: NodeRef<'_>) -> String {
    let path = node.pointer().to_path();
    if path.is_empty() { "doc".into() } else { path }
}

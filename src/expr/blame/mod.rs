//! What is to blame for a condition that did not come out true: the operands that decided it,
//! each with its value and its place.
//!
//! Nothing here is written by policy authors. The condition is taken apart along its logic, as
//! far as each part could have changed the result; what is left are comparisons and calls, whose
//! paths are resolved once more and shown.

mod labels;
mod loops;
mod naming;

use labels::note;

use super::Program;
use super::ast::BindKind;
use super::eval::{Cx, Frame, eval};
use super::facts::FactError;
use super::program::{BindOp, Expr, Op, Root};
use super::scope::Scope;
use super::value::{ErrorKind, EvalError, Missing, Truth, Value};
use crate::source::{Location, Span};
use crate::value::{NodeRef, Pointer};

/// How many failing elements of one list are shown.
const MAX_ELEMENTS: usize = 3;
/// How many operands are shown in all.
const MAX_OPERANDS: usize = 12;

/// What is to blame, in the order of the expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blame {
    /// The operands that decided the result; none twice.
    pub operands: Vec<Operand>,
    /// How many elements of lists failed beyond those that are shown.
    pub more: usize,
}

/// One operand with what is to be said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// Where it stands; where its nearest parent stands if it is missing. `None` if it is no part
    /// of a document.
    pub location: Option<Location>,
    /// Its path, also where it is missing.
    pub pointer: Option<Pointer>,
    /// The label: "`value` is 0.72", "`threshold` is missing".
    pub text: String,
    /// Whether it was there and of use.
    pub state: OperandState,
    /// Where it stands in the expression.
    pub expr_span: Span,
}

/// Whether an operand was there and of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperandState {
    /// It has a value that the operation takes.
    Present,
    /// It is missing, or below something that is null.
    Absent,
    /// It has a value that the operation does not take; why not.
    Mistyped(String),
    /// It names a fact that cannot be given.
    Unavailable(FactError),
}

/// Finds what is to blame for a result that is not `true`.
pub(super) fn blame<'a>(program: &'a Program, scope: &Scope<'a>) -> Blame {
    scope.begin();
    let item = program.slot("item").and_then(|slot| scope.get(slot));
    let mut finder = Finder {
        program,
        item: item.and_then(Value::node),
        blame: Blame::default(),
        error: None,
        null: None,
        locals: Vec::new(),
        hide_locals: false,
        redacts: scope.redacts(),
    };
    finder.condition(&program.root, Cx { scope, frame: None }, true);
    if scope.exhausted() {
        let text = scope.budget_error().to_string();
        finder.blame.operands.insert(
            0,
            Operand {
                location: None,
                pointer: None,
                state: OperandState::Mistyped(text.clone()),
                text,
                expr_span: program.parsed.span(program.root.id),
            },
        );
    }
    finder.blame
}

struct Finder<'a> {
    program: &'a Program,
    item: Option<NodeRef<'a>>,
    blame: Blame,
    /// The error of the leaf that is being looked at.
    error: Option<Box<EvalError<'a>>>,
    /// The null of a document that the leaf could not look into.
    null: Option<NodeRef<'a>>,
    /// Whether each variable that a macro binds came out of a document, outermost first.
    locals: Vec<bool>,
    /// Whether variables that did not are left out: the list that they run through is shown.
    hide_locals: bool,
    /// Whether values of documents are not to be shown.
    redacts: bool,
}

impl<'a> Finder<'a> {
    /// Blames a condition for not being `want`.
    fn condition(&mut self, expr: &'a Expr, cx: Cx<'_, 'a>, want: bool) {
        let wanted = if want { Truth::True } else { Truth::False };
        match &expr.op {
            Op::And(operands) | Op::Or(operands) => {
                for operand in operands {
                    if eval(operand, cx).truth() != wanted {
                        self.condition(operand, cx, want);
                    }
                }
            }
            Op::Not(operand) => self.condition(operand, cx, !want),
            Op::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                self.leaf(condition, cx);
                match eval(condition, cx).truth() {
                    Truth::True => self.condition(yes, cx, want),
                    Truth::False => self.condition(no, cx, want),
                    _ => {}
                }
            }
            Op::Loop(walk) => self.quantified(expr, walk, cx, want),
            Op::Bind(bind) => self.bound(bind, cx, |finder, cx| {
                finder.condition(&bind.body, cx, want);
            }),
            _ => self.leaf(expr, cx),
        }
    }

    fn bound(
        &mut self,
        bind: &'a BindOp,
        cx: Cx<'_, 'a>,
        body: impl FnOnce(&mut Self, Cx<'_, 'a>),
    ) {
        let value = match (bind.kind, eval(&bind.value, cx)) {
            (BindKind::Bind, value) => value,
            (_, Value::Optional(Some(inner))) => inner.as_ref().clone(),
            (_, Value::Optional(None)) => return self.operands(&bind.value, cx),
            (_, value) if value.is_value() => {
                let error = EvalError::mistyped(&value, "an optional");
                return self.fault(&bind.value, &error.into(), cx);
            }
            (_, failed) => return self.fault(&bind.value, &failed, cx),
        };
        let frame = Frame {
            value,
            outer: cx.frame,
        };
        self.locals.push(self.is_placed(&bind.value));
        body(self, cx.with(&frame));
        self.locals.pop();
    }

    /// Blames an expression that logic does not take further apart: all of its operands.
    fn leaf(&mut self, expr: &'a Expr, cx: Cx<'_, 'a>) {
        let value = eval(expr, cx);
        if value.is_value() && value.truth() == Truth::Error {
            let error = EvalError::mistyped(&value, "a boolean");
            return self.fault(expr, &error.into(), cx);
        }
        self.fault(expr, &value, cx);
    }

    /// Blames the operands of an expression for what came out of it.
    fn fault(&mut self, expr: &'a Expr, outcome: &Value<'a>, cx: Cx<'_, 'a>) {
        let (error, null) = match outcome {
            Value::Error(error) if self.redacts => (Some(error.redacted().into()), None),
            Value::Error(error) => (Some(error.clone()), None),
            Value::Absent(absence) if absence.missing == Missing::Null => (None, absence.parent),
            _ => (None, None),
        };
        let outer = std::mem::replace(&mut self.error, error);
        let outer_null = std::mem::replace(&mut self.null, null);
        self.operands(expr, cx);
        self.null = outer_null;
        if let Some(error) = std::mem::replace(&mut self.error, outer) {
            self.unsaid(&error, expr);
        }
        // Absent, and no path to show: an element or a key that a computed value lacks.
        if matches!(outcome, Value::Absent(_)) && self.blame.operands.is_empty() {
            let text = format!("`{}` is missing", self.written(expr));
            self.add(None, text, OperandState::Absent, expr);
        }
    }

    /// An error that no operand has shown.
    fn unsaid(&mut self, error: &EvalError<'a>, expr: &Expr) {
        if let Some(node) = error.node {
            let at = (node.address(), node.pointer());
            let (text, state) = failed(error, &self.path(node));
            return self.add(Some(at), text, state, expr);
        }
        let text = error.to_string();
        let state = match &error.kind {
            ErrorKind::Fact(fact) => OperandState::Unavailable(fact.clone()),
            // The budget speaks for itself, once.
            ErrorKind::Budget => return,
            _ => OperandState::Mistyped(text.clone()),
        };
        self.add(None, text, state, expr);
    }

    /// Shows the paths of an expression with their values.
    fn operands(&mut self, expr: &'a Expr, cx: Cx<'_, 'a>) {
        match &expr.op {
            Op::Path { .. } => {
                let value = eval(expr, cx);
                self.value(expr, &value, None);
            }
            Op::Select { operand, .. } | Op::Index { operand, .. } => {
                let value = eval(expr, cx);
                let of_document = match &value {
                    Value::Node(_) => true,
                    Value::Optional(Some(inner)) => inner.node().is_some(),
                    Value::Optional(None) => self.optional(expr, cx),
                    Value::Absent(absence) => absence.parent.is_some(),
                    _ => false,
                };
                match value {
                    Value::Optional(None) if of_document => {}
                    value if of_document => self.value(expr, &value, None),
                    value => {
                        self.fact(expr, &value);
                        self.operands(operand, cx);
                    }
                }
                if let Op::Index { index, .. } = &expr.op {
                    self.operands(index, cx);
                }
            }
            Op::Has { operand, key } => self.has(expr, operand, key, cx),
            Op::Call { name, args, .. } => match &**args {
                [arg] if matches!(arg.op, Op::Path { .. }) => {
                    let value = eval(arg, cx);
                    let computed = eval(expr, cx);
                    let note = note(name, &value, &computed);
                    self.value(arg, &value, note);
                }
                args => args.iter().for_each(|arg| self.operands(arg, cx)),
            },
            // A collection that was handed over whole is not what is wrong; parts of it are shown
            // by the expression that reads them.
            Op::External { args, .. } => {
                for arg in args {
                    let whole = eval(arg, cx)
                        .node()
                        .is_some_and(|node| node.scalar().is_none());
                    if !whole {
                        self.operands(arg, cx);
                    }
                }
            }
            Op::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                self.operands(condition, cx);
                match eval(condition, cx).truth() {
                    Truth::True => self.operands(yes, cx),
                    Truth::False => self.operands(no, cx),
                    _ => {}
                }
            }
            Op::Loop(walk) => self.loop_operands(expr, walk, cx),
            Op::Bind(bind) => {
                self.bound(bind, cx, |finder, cx| finder.operands(&bind.body, cx));
            }
            _ => {
                for operand in expr.operands() {
                    self.operands(operand, cx);
                }
            }
        }
    }

    /// Says what a fact came to where one of its keys is read: it stands in no document.
    fn fact(&mut self, expr: &'a Expr, value: &Value<'a>) {
        let mut asked = expr;
        while let Op::Select { operand, .. } | Op::Index { operand, .. } = &asked.op {
            asked = operand;
        }
        if !matches!(asked.op, Op::External { .. }) {
            return;
        }
        let name = format!("`{}`", self.written(expr));
        match value {
            Value::Absent(_) => {
                let text = format!("{name} is missing");
                self.add(None, text, OperandState::Absent, expr);
            }
            Value::Error(_) | Value::Map(_) | Value::List(_) => {}
            value => {
                let text = self.says(&name, value, None, expr);
                self.push(None, text, expr);
            }
        }
    }

    /// `has(a.b)`: whether it is there is all that counts.
    fn has(&mut self, expr: &'a Expr, operand: &'a Expr, key: &'a str, cx: Cx<'_, 'a>) {
        match eval(operand, cx) {
            Value::Node(node) if node.is_mapping() => {
                let (text, pointer, state) = match node.get(key) {
                    Some(child) => {
                        let text = self.says(&self.path(child), &child.into(), None, operand);
                        let at = (child.address(), child.pointer());
                        return self.add(Some(at), text, OperandState::Present, expr);
                    }
                    None => (
                        format!("{} is missing", self.child(node, key)),
                        node.pointer().key(key),
                        OperandState::Absent,
                    ),
                };
                self.add(Some((node.address(), pointer)), text, state, expr);
            }
            value if value.is_value() => self.operands(operand, cx),
            value => self.value(operand, &value, None),
        }
    }

    /// `item.?a` without a value: what is missing, where its parent is a node.
    fn optional(&mut self, expr: &'a Expr, cx: Cx<'_, 'a>) -> bool {
        let Op::Select { operand, key, .. } = &expr.op else {
            return false;
        };
        let parent = match eval(operand, cx) {
            Value::Optional(Some(inner)) => inner.node(),
            Value::Optional(None) => return self.optional(operand, cx),
            value => value.node(),
        };
        let Some(node) = parent else {
            return false;
        };
        let text = format!("{} is missing", self.child(node, key));
        let at = (node.address(), node.pointer().key(key));
        self.add(Some(at), text, OperandState::Absent, expr);
        true
    }

    /// Shows one operand.
    fn value(&mut self, expr: &'a Expr, value: &Value<'a>, note: Option<String>) {
        let local = matches!(
            expr.op,
            Op::Path {
                root: Root::Local(_),
                ..
            }
        );
        if local && self.hide_locals && !self.is_placed(expr) {
            return;
        }
        let place = self.place(expr, value);
        match value {
            Value::Absent(absence) => {
                let text = self.missing(expr, absence, place.is_some());
                self.add(place, text, OperandState::Absent, expr);
            }
            Value::Error(error) => {
                // Its own error, unless the leaf's error is the same and already at hand.
                if self.error.as_ref().is_none_or(|known| known != error) {
                    let error = error.clone();
                    self.unsaid(&error, expr);
                }
            }
            value => {
                let name = self.name(expr, value);
                let blamed = self
                    .error
                    .take_if(|error| error.node.is_some() && error.node == value.node());
                let said = self.says(&name, value, note, expr);
                let state = if self.null.is_some() && self.null == value.node() {
                    OperandState::Absent
                } else {
                    OperandState::Present
                };
                let (text, state) = blamed.map_or((said, state), |error| failed(&error, &name));
                self.add(place, text, state, expr);
            }
        }
    }

    fn push(&mut self, at: Option<(Location, Pointer)>, text: String, expr: &Expr) {
        self.add(at, text, OperandState::Present, expr);
    }

    fn add(
        &mut self,
        at: Option<(Location, Pointer)>,
        text: String,
        state: OperandState,
        expr: &Expr,
    ) {
        let (location, pointer) = at.unzip();
        self.keep(Operand {
            location,
            pointer,
            text,
            state,
            expr_span: self.program.parsed.span(expr.id),
        });
    }

    fn keep(&mut self, new: Operand) {
        let operands = &mut self.blame.operands;
        let known = operands
            .iter()
            .any(|operand| operand.location == new.location && operand.text == new.text);
        if !known && operands.len() < MAX_OPERANDS {
            operands.push(new);
        }
    }
}

/// The text and state of an operand that an error is about.
fn failed(error: &EvalError<'_>, name: &str) -> (String, OperandState) {
    match &error.kind {
        ErrorKind::Fact(fact) => (
            error.message.clone(),
            OperandState::Unavailable(fact.clone()),
        ),
        ErrorKind::Mistyped => (
            format!("{name} {}", error.message),
            OperandState::Mistyped(error.message.clone()),
        ),
        _ => (
            format!("{name}: {}", error.message),
            OperandState::Mistyped(error.message.clone()),
        ),
    }
}

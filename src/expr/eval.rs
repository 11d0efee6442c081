//! Evaluation: Kleene's logic over values, absences and errors.
//!
//! Every operation but the logical ones is strict: an operand that is absent or an error is the
//! result, the leftmost first. `&&`, `||`, `all` and `exists` are decided by what decides them
//! (`false`, `true`), wherever it stands; else an error outranks an absence.

use super::ast::BindKind;
use super::facts::FactError;
use super::functions::Call;
use super::loops::run_loop;
use super::occurrence::occurrences;
use super::operators::{
    Eval, arithmetic, charge_bytes, compare, contains, equal, make_map, negate,
};
use super::placeholder::{self, is_placeholder};
use super::program::{BindOp, Expr, Op, Root};
use super::scope::Scope;
use super::select::{has, index, null_node, optional_index, optional_select, select, walk};
use super::value::{ErrorKind, EvalError, Truth, Value, View};
use crate::value::NodeRef;

/// A variable that a macro binds, and those bound around it.
pub(super) struct Frame<'f, 'a> {
    pub(super) value: Value<'a>,
    pub(super) outer: Option<&'f Frame<'f, 'a>>,
}

/// What an evaluation sees.
#[derive(Clone, Copy)]
pub(super) struct Cx<'f, 'a> {
    pub(super) scope: &'f Scope<'a>,
    pub(super) frame: Option<&'f Frame<'f, 'a>>,
}

impl<'f, 'a> Cx<'f, 'a> {
    /// Sees one more variable.
    pub(super) fn with<'g>(self, frame: &'g Frame<'g, 'a>) -> Cx<'g, 'a>
    where
        'f: 'g,
    {
        Cx {
            scope: self.scope,
            frame: Some(frame),
        }
    }

    pub(super) fn variable(self, root: Root) -> Option<&'f Value<'a>> {
        match root {
            Root::Slot(slot) => self.scope.get(slot),
            Root::Local(outward) => {
                let mut frame = self.frame?;
                for _ in 0..outward {
                    frame = frame.outer?;
                }
                Some(&frame.value)
            }
        }
    }
}

/// Evaluates, and holds the budget: a result that was reached by running out of it is none.
pub(super) fn run<'a>(expr: &'a Expr, scope: &Scope<'a>) -> Value<'a> {
    scope.begin();
    let value = eval(expr, Cx { scope, frame: None });
    if scope.exhausted() {
        return scope.budget_error().into();
    }
    value
}

pub(super) fn eval<'a>(expr: &'a Expr, cx: Cx<'_, 'a>) -> Value<'a> {
    if let Err(spent) = cx.scope.charge(1) {
        return spent.into();
    }
    match &expr.op {
        Op::Constant(value) => value.clone(),
        Op::Path { root, steps } => match cx.variable(*root) {
            Some(value) => walk(cx.scope, value, steps),
            None => EvalError::undeclared("a variable without a value").into(),
        },
        Op::And(operands) => fold(operands.iter(), cx, Truth::False),
        Op::Or(operands) => fold(operands.iter(), cx, Truth::True),
        Op::Not(operand) => {
            let value = eval(operand, cx);
            match value.truth() {
                Truth::True => Value::Bool(false),
                Truth::False => Value::Bool(true),
                _ => no_condition(value),
            }
        }
        Op::Conditional(parts) => {
            let [condition, yes, no] = &**parts;
            let value = eval(condition, cx);
            match value.truth() {
                Truth::True => eval(yes, cx),
                Truth::False => eval(no, cx),
                _ => no_condition(value),
            }
        }
        Op::Loop(walk) => run_loop(walk, cx),
        Op::Bind(bind) => run_bind(bind, cx),
        Op::Blank(operand) => match eval(operand, cx) {
            Value::Absent(_) => Value::Bool(true),
            error @ Value::Error(_) => error,
            value => Value::Bool(is_blank(&value)),
        },
        Op::Has { operand, key } => match eval(operand, cx) {
            Value::Absent(_) => Value::Bool(false),
            error @ Value::Error(_) => error,
            value => has(cx.scope, &value, key),
        },
        Op::OrElse {
            operand,
            otherwise,
            unwrap,
        } => match eval(operand, cx) {
            Value::Optional(Some(inner)) if *unwrap => inner.as_ref().clone(),
            some @ Value::Optional(Some(_)) => some,
            Value::Optional(None) => eval(otherwise, cx),
            value if value.is_value() => EvalError::mistyped(&value, "an optional").into(),
            value => value,
        },
        Op::Unknown(what) => EvalError::undeclared(what).into(),
        _ => strict(expr, cx).unwrap_or_else(|failed| failed),
    }
}

/// What is neither true nor false as the result of a logical operation.
pub(super) fn no_condition(value: Value<'_>) -> Value<'_> {
    if value.is_value() {
        return EvalError::mistyped(&value, "a boolean").into();
    }
    value
}

/// `&&` (decided by `False`) and `||` (decided by `True`) over any number of operands.
fn fold<'e, 'a: 'e>(
    operands: impl Iterator<Item = &'a Expr> + 'e,
    cx: Cx<'_, 'a>,
    decisive: Truth,
) -> Value<'a> {
    let mut outcome = Undecided::default();
    for operand in operands {
        if outcome.add(eval(operand, cx), decisive) {
            return Value::Bool(decisive == Truth::True);
        }
    }
    outcome.finish(decisive)
}

/// The outcome of a fold as long as nothing decides it.
#[derive(Default)]
pub(super) struct Undecided<'a> {
    absent: Option<Value<'a>>,
    error: Option<Value<'a>>,
}

impl<'a> Undecided<'a> {
    /// Takes one operand; true if it decides.
    pub(super) fn add(&mut self, value: Value<'a>, decisive: Truth) -> bool {
        match value.truth() {
            truth if truth == decisive => return true,
            Truth::True | Truth::False => {}
            Truth::Absent => {
                self.absent.get_or_insert(value);
            }
            Truth::Error => {
                self.error.get_or_insert_with(|| no_condition(value));
            }
        }
        false
    }

    pub(super) fn finish(self, decisive: Truth) -> Value<'a> {
        let decided = Value::Bool(decisive == Truth::False);
        self.error.or(self.absent).unwrap_or(decided)
    }
}

/// The value of an operand, or the absence or error that it is.
pub(super) fn operand<'a>(expr: &'a Expr, cx: Cx<'_, 'a>) -> Result<Value<'a>, Value<'a>> {
    let value = eval(expr, cx);
    if value.is_value() {
        Ok(value)
    } else {
        Err(value)
    }
}

fn strict<'a>(expr: &'a Expr, cx: Cx<'_, 'a>) -> Result<Value<'a>, Value<'a>> {
    let scope = cx.scope;
    Ok(match &expr.op {
        Op::Compare(relation, pair) => {
            let (left, right) = both(pair, cx)?;
            Value::Bool(compare(*relation, &left, &right)?)
        }
        Op::Equal { operands, negated } => {
            let (left, right) = both(operands, cx)?;
            Value::Bool(equal(scope, &left, &right)? != *negated)
        }
        Op::Arithmetic(operation, pair) => {
            let (left, right) = both(pair, cx)?;
            arithmetic(scope, *operation, &left, &right)?
        }
        Op::In(pair) => {
            let (element, container) = both(pair, cx)?;
            match null_node(&container) {
                Some(absent) => absent,
                None => Value::Bool(contains(scope, &element, &container)?),
            }
        }
        Op::Negate(inner) => negate(&operand(inner, cx)?)?,
        Op::Select {
            operand: inner,
            key,
            optional,
        } => {
            let value = operand(inner, cx)?;
            if *optional {
                optional_select(scope, &value, key)
            } else {
                select(scope, &value, key)
            }
        }
        Op::Index {
            operand: inner,
            index: at,
            optional,
        } => {
            let value = operand(inner, cx)?;
            let at = operand(at, cx)?;
            if *optional {
                optional_index(scope, &value, &at)
            } else {
                index(scope, &value, &at)
            }
        }
        Op::Call { native, args, .. } => call(args, cx, |args| native(&Call { args, scope }))?,
        Op::External { name, args } => call(args, cx, |args| {
            scope
                .facts()
                .call(name, args)
                .map_err(|error| fact_error(scope, error, None).into())
        })?,
        Op::Matches {
            operand: inner,
            regex,
        } => {
            let value = operand(inner, cx)?;
            let View::String(text) = value.view() else {
                return Err(EvalError::mistyped(&value, "a string").into());
            };
            charge_bytes(scope, text.len())?;
            Value::Bool(regex.is_match(text))
        }
        Op::Occurrences {
            operand: inner,
            regex,
        } => occurrences(scope, &operand(inner, cx)?, regex)?,
        Op::List { elements } => {
            let mut list = Vec::with_capacity(elements.len());
            for (element, optional) in elements {
                let value = operand(element, cx)?;
                if *optional {
                    list.extend(unwrap_optional(value)?);
                } else {
                    list.push(value);
                }
            }
            Value::list(list)
        }
        Op::Map { entries } => {
            let mut map = Vec::with_capacity(entries.len());
            for (key, value, optional) in entries {
                let key = operand(key, cx)?;
                let value = operand(value, cx)?;
                if *optional {
                    map.extend(unwrap_optional(value)?.map(|value| (key, value)));
                } else {
                    map.push((key, value));
                }
            }
            make_map(scope, map)?
        }
        _ => EvalError::undeclared("this operation").into(),
    })
}

fn both<'a>(pair: &'a [Expr; 2], cx: Cx<'_, 'a>) -> Result<(Value<'a>, Value<'a>), Value<'a>> {
    let [left, right] = pair;
    let left = eval(left, cx);
    // The right one is evaluated in any case: what it defers must be known.
    let right = eval(right, cx);
    match (left.is_value(), right.is_value()) {
        (true, true) => Ok((left, right)),
        (false, _) => Err(left),
        _ => Err(right),
    }
}

/// Calls with the values of the arguments; those of the usual calls lie on the stack.
fn call<'a>(
    args: &'a [Expr],
    cx: Cx<'_, 'a>,
    function: impl FnOnce(&[Value<'a>]) -> Eval<'a>,
) -> Result<Value<'a>, Value<'a>> {
    let result = match args {
        [] => function(&[]),
        [one] => function(&[operand(one, cx)?]),
        [one, two] => function(&[operand(one, cx)?, operand(two, cx)?]),
        more => {
            let values: Result<Vec<_>, _> = more.iter().map(|arg| operand(arg, cx)).collect();
            function(&values?)
        }
    };
    result.map_err(Value::Error)
}

pub(super) fn fact_error<'a>(
    scope: &Scope<'a>,
    error: FactError,
    node: Option<NodeRef<'a>>,
) -> EvalError<'a> {
    if error == FactError::Deferred {
        scope.set_deferred();
    }
    let message = error.to_string();
    EvalError {
        kind: ErrorKind::Fact(error),
        message,
        node,
    }
}

fn unwrap_optional(value: Value<'_>) -> Result<Option<Value<'_>>, Value<'_>> {
    match value {
        Value::Optional(inner) => Ok(inner.map(|inner| inner.as_ref().clone())),
        value => Err(EvalError::mistyped(&value, "an optional").into()),
    }
}

/// Whether a value that is there says nothing: null, empty, white space, a placeholder.
fn is_blank(value: &Value<'_>) -> bool {
    match value.view() {
        View::Null => true,
        View::String(text) => placeholder::is_blank(text) || is_placeholder(text),
        View::Bytes(bytes) => bytes.is_empty(),
        View::List(list) => list.len() == 0,
        View::Map(map) => map.len() == 0,
        View::Optional(inner) => inner.is_none_or(is_blank),
        _ => false,
    }
}

fn run_bind<'a>(bind: &'a BindOp, cx: Cx<'_, 'a>) -> Value<'a> {
    let value = eval(&bind.value, cx);
    let value = match (bind.kind, value) {
        (BindKind::Bind, value) => value,
        (_, Value::Optional(Some(inner))) => inner.as_ref().clone(),
        (_, Value::Optional(None)) => return Value::NONE,
        (_, value) if value.is_value() => {
            return EvalError::mistyped(&value, "an optional").into();
        }
        (_, failed) => return failed,
    };
    let frame = Frame {
        value,
        outer: cx.frame,
    };
    let result = eval(&bind.body, cx.with(&frame));
    match bind.kind {
        BindKind::OptMap if result.is_value() => Value::some(result),
        _ => result,
    }
}

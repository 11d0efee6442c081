//! Evaluation: Kleene's logic over values, absences and errors.
//!
//! Every operation but the logical ones is strict: an operand that is absent or an error is the
//! result, the leftmost first. `&&`, `||`, `all` and `exists` are decided by what decides them
//! (`false`, `true`), wherever it stands; else an error outranks an absence.

use std::borrow::Cow;

use super::ast::{BindKind, LoopKind};
use super::functions::Call;
use super::operators::{self, Eval, arithmetic, compare, contains, equal, make_map, negate};
use super::placeholder::is_placeholder;
use super::program::{BindOp, Expr, LoopOp, Op, Root, Step};
use super::scope::Scope;
use super::value::{Absence, ErrorKind, EvalError, ListView, MapView, Missing, Truth, Value, View};
use crate::value::{Kind, NodeRef};

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
            None => EvalError::undeclared("a variable").into(),
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
fn no_condition(value: Value<'_>) -> Value<'_> {
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
struct Undecided<'a> {
    absent: Option<Value<'a>>,
    error: Option<Value<'a>>,
}

impl<'a> Undecided<'a> {
    /// Takes one operand; true if it decides.
    fn add(&mut self, value: Value<'a>, decisive: Truth) -> bool {
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

    fn finish(self, decisive: Truth) -> Value<'a> {
        let decided = Value::Bool(decisive == Truth::False);
        self.error.or(self.absent).unwrap_or(decided)
    }
}

/// The value of an operand, or the absence or error that it is.
fn operand<'a>(expr: &'a Expr, cx: Cx<'_, 'a>) -> Result<Value<'a>, Value<'a>> {
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
                .map_err(|error| fact_error(scope, error, None))
        })?,
        Op::Matches {
            operand: inner,
            regex,
        } => {
            let value = operand(inner, cx)?;
            let View::String(text) = value.view() else {
                return Err(EvalError::mistyped(&value, "a string").into());
            };
            operators::charge_bytes(scope, text.len())?;
            Value::Bool(regex.is_match(text))
        }
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
    error: super::facts::FactError,
    node: Option<NodeRef<'a>>,
) -> Box<EvalError<'a>> {
    if error == super::facts::FactError::Deferred {
        scope.set_deferred();
    }
    let message = error.to_string();
    Box::new(EvalError {
        kind: ErrorKind::Fact(error),
        message,
        node,
    })
}

fn unwrap_optional(value: Value<'_>) -> Result<Option<Value<'_>>, Value<'_>> {
    match value {
        Value::Optional(inner) => Ok(inner.map(|inner| inner.as_ref().clone())),
        value => Err(EvalError::mistyped(&value, "an optional").into()),
    }
}

/// Reads a static path from a variable.
fn walk<'a>(scope: &Scope<'a>, root: &Value<'a>, steps: &'a [Step]) -> Value<'a> {
    let mut rest = steps.iter();
    let mut current = match root {
        Value::Node(node) => {
            let mut node = *node;
            // The common case by itself: no value is made before the last node.
            loop {
                let Some(step) = rest.next() else {
                    return Value::Node(node);
                };
                match read(scope, node, step) {
                    Ok(child) => node = child,
                    Err(failed) => return failed,
                }
            }
        }
        other => other.clone(),
    };
    for step in rest {
        if !current.is_value() {
            return current;
        }
        current = match step {
            Step::Key(key) => select(scope, &current, key),
            Step::Index(at) => index(scope, &current, &Value::Int(*at)),
        };
    }
    current
}

fn read<'a>(
    scope: &Scope<'a>,
    node: NodeRef<'a>,
    step: &'a Step,
) -> Result<NodeRef<'a>, Value<'a>> {
    scope.charge(1 + node.len() / 16)?;
    let missing = match (step, node.kind()) {
        (_, Kind::Null) => Missing::Null,
        (Step::Key(key), Kind::Mapping) => match node.get(key) {
            Some(child) => return Ok(child),
            None => Missing::Key(Cow::Borrowed(key)),
        },
        (Step::Index(at), Kind::Sequence) => {
            match usize::try_from(*at).ok().and_then(|at| node.item(at)) {
                Some(child) => return Ok(child),
                None => Missing::Index(*at),
            }
        }
        (Step::Key(_), _) => {
            return Err(EvalError::mistyped(&Value::Node(node), "a mapping").into());
        }
        (Step::Index(_), _) => {
            return Err(EvalError::mistyped(&Value::Node(node), "a list").into());
        }
    };
    Err(absent(Some(node), missing))
}

fn absent<'a>(parent: Option<NodeRef<'a>>, missing: Missing<'a>) -> Value<'a> {
    Value::Absent(Absence { parent, missing })
}

/// A null of a document where something to look into is wanted: as good as not there.
fn null_node<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let node = value.node().filter(|node| node.is_null())?;
    Some(absent(Some(node), Missing::Null))
}

/// The value under a key.
fn select<'a>(scope: &Scope<'a>, value: &Value<'a>, key: &str) -> Value<'a> {
    if let Some(absent) = null_node(value) {
        return absent;
    }
    match value.view() {
        View::Map(map) => match find(scope, map, key) {
            Ok(Some(found)) => found,
            Ok(None) => absent(value.node(), Missing::Key(Cow::Owned(key.to_owned()))),
            Err(error) => error.into(),
        },
        View::Optional(Some(inner)) => wrap(select(scope, inner, key)),
        View::Optional(None) => Value::NONE,
        _ => EvalError::mistyped(value, "a mapping").into(),
    }
}

fn find<'a>(scope: &Scope<'a>, map: MapView<'_, 'a>, key: &str) -> Eval<'a, Option<Value<'a>>> {
    scope.charge(1 + map.len() / 8)?;
    Ok(match map {
        MapView::Node(node) => node.get(key).map(Value::Node),
        MapView::Values(entries) => entries
            .iter()
            .find(|(known, _)| known.as_str() == Some(key))
            .map(|(_, value)| value.clone()),
    })
}

/// Inside an optional, what is absent is no value.
fn wrap(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Absent(_) => Value::NONE,
        value if value.is_value() => Value::some(value),
        error => error,
    }
}

fn optional_select<'a>(scope: &Scope<'a>, value: &Value<'a>, key: &str) -> Value<'a> {
    match value {
        // Chained, null is no value: `doc.?a.?b` where `a` is left empty.
        Value::Optional(Some(inner)) => match select(scope, inner, key) {
            Value::Absent(_) => Value::NONE,
            found => wrap(found),
        },
        Value::Optional(None) => Value::NONE,
        value => wrap(select(scope, value, key)),
    }
}

fn has<'a>(scope: &Scope<'a>, value: &Value<'a>, key: &str) -> Value<'a> {
    match select(scope, value, key) {
        Value::Absent(_) => Value::Bool(false),
        Value::Optional(None) if matches!(value, Value::Optional(_)) => Value::Bool(false),
        error @ Value::Error(_) => error,
        _ => Value::Bool(true),
    }
}

/// The element at an index, or the value under a key.
fn index<'a>(scope: &Scope<'a>, value: &Value<'a>, at: &Value<'a>) -> Value<'a> {
    if let Some(absent) = null_node(value) {
        return absent;
    }
    match value.view() {
        View::List(list) => element(value, list, at),
        View::Map(map) => {
            if matches!(
                at.view(),
                View::Null | View::List(_) | View::Map(_) | View::Type(_) | View::Optional(_)
            ) {
                return EvalError::mistyped(at, "a key").into();
            }
            match operators::lookup(scope, map, at) {
                Ok(Some(found)) => found,
                Ok(None) => {
                    let key = Cow::Owned(super::display::short(at));
                    absent(value.node(), Missing::Key(key))
                }
                Err(error) => error.into(),
            }
        }
        View::Optional(Some(inner)) => wrap(index(scope, inner, at)),
        View::Optional(None) => Value::NONE,
        _ => EvalError::mistyped(value, "a list or a mapping").into(),
    }
}

fn element<'a>(value: &Value<'a>, list: ListView<'_, 'a>, at: &Value<'a>) -> Value<'a> {
    let position = match at.view() {
        View::Int(at) => at,
        View::Uint(at) => i64::try_from(at).unwrap_or(i64::MAX),
        #[expect(clippy::cast_possible_truncation, reason = "it is whole")]
        View::Double(at) if at.fract() == 0.0 => at as i64,
        _ => return EvalError::mistyped(at, "an index").into(),
    };
    usize::try_from(position)
        .ok()
        .and_then(|at| list.get(at))
        .unwrap_or_else(|| absent(value.node(), Missing::Index(position)))
}

fn optional_index<'a>(scope: &Scope<'a>, value: &Value<'a>, at: &Value<'a>) -> Value<'a> {
    match value {
        Value::Optional(Some(inner)) => wrap(index(scope, inner, at)),
        Value::Optional(None) => Value::NONE,
        value => wrap(index(scope, value, at)),
    }
}

/// Whether a value that is there says nothing: null, empty, white space, a placeholder.
fn is_blank(value: &Value<'_>) -> bool {
    match value.view() {
        View::Null => true,
        View::String(text) => text.trim().is_empty() || is_placeholder(text),
        View::Bytes(bytes) => bytes.is_empty(),
        View::List(list) => list.len() == 0,
        View::Map(map) => map.len() == 0,
        View::Optional(inner) => inner.is_none_or(is_blank),
        _ => false,
    }
}

/// What a loop goes over.
#[derive(Clone, Copy)]
pub(super) enum Range<'v, 'a> {
    List(ListView<'v, 'a>),
    Map(MapView<'v, 'a>),
}

impl<'v, 'a> Range<'v, 'a> {
    pub(super) fn of(value: &'v Value<'a>) -> Result<Self, Value<'a>> {
        if let Some(absent) = null_node(value) {
            return Err(absent);
        }
        match value.view() {
            View::List(list) => Ok(Self::List(list)),
            View::Map(map) => Ok(Self::Map(map)),
            View::Nothing => Err(value.clone()),
            _ => Err(EvalError::mistyped(value, "a list or a mapping").into()),
        }
    }

    pub(super) fn len(self) -> usize {
        match self {
            Self::List(list) => list.len(),
            Self::Map(map) => map.len(),
        }
    }

    /// Index and element, or key and value.
    pub(super) fn at(self, index: usize) -> (Value<'a>, Value<'a>) {
        match self {
            Self::List(list) => {
                let position = i64::try_from(index).unwrap_or(i64::MAX);
                (Value::Int(position), list.at(index))
            }
            Self::Map(map) => map.entry(index),
        }
    }

    /// What the form with one variable binds.
    pub(super) fn single(self, index: usize) -> Value<'a> {
        match self {
            Self::List(list) => list.at(index),
            Self::Map(map) => map.entry(index).0,
        }
    }
}

/// Evaluates `what` with the variables of one element.
pub(super) fn with_element<'a, R>(
    walk: &LoopOp,
    range: Range<'_, 'a>,
    index: usize,
    cx: Cx<'_, 'a>,
    what: impl FnOnce(Cx<'_, 'a>) -> R,
) -> R {
    if walk.paired {
        let (first, second) = range.at(index);
        let outer = Frame {
            value: first,
            outer: cx.frame,
        };
        let inner = Frame {
            value: second,
            outer: Some(&outer),
        };
        what(Cx {
            scope: cx.scope,
            frame: Some(&inner),
        })
    } else {
        let frame = Frame {
            value: range.single(index),
            outer: cx.frame,
        };
        what(cx.with(&frame))
    }
}

fn run_loop<'a>(walk: &'a LoopOp, cx: Cx<'_, 'a>) -> Value<'a> {
    let value = eval(&walk.range, cx);
    let range = match Range::of(&value) {
        Ok(range) => range,
        Err(failed) => return failed,
    };
    match walk.kind {
        LoopKind::All => quantify(walk, range, cx, Truth::False),
        LoopKind::Exists => quantify(walk, range, cx, Truth::True),
        LoopKind::ExistsOne => exists_one(walk, range, cx),
        LoopKind::Map | LoopKind::Filter => {
            collect(walk, range, cx).map_or_else(|failed| failed, Value::list)
        }
        LoopKind::TransformMap | LoopKind::TransformMapEntry => {
            let made = collect_entries(walk, range, cx)
                .and_then(|entries| make_map(cx.scope, entries).map_err(Value::Error));
            made.unwrap_or_else(|failed| failed)
        }
    }
}

fn quantify<'a>(
    walk: &'a LoopOp,
    range: Range<'_, 'a>,
    cx: Cx<'_, 'a>,
    decisive: Truth,
) -> Value<'a> {
    let mut outcome = Undecided::default();
    for index in 0..range.len() {
        let value = with_element(walk, range, index, cx, |cx| eval(&walk.body, cx));
        if outcome.add(value, decisive) {
            return Value::Bool(decisive == Truth::True);
        }
        if cx.scope.exhausted() {
            break;
        }
    }
    outcome.finish(decisive)
}

fn exists_one<'a>(walk: &'a LoopOp, range: Range<'_, 'a>, cx: Cx<'_, 'a>) -> Value<'a> {
    let mut found = 0;
    for index in 0..range.len() {
        let value = with_element(walk, range, index, cx, |cx| eval(&walk.body, cx));
        match value.truth() {
            Truth::True => found += 1,
            Truth::False => {}
            _ => return no_condition(value),
        }
    }
    Value::Bool(found == 1)
}

/// Whether the filter takes an element.
fn takes<'a>(walk: &'a LoopOp, cx: Cx<'_, 'a>) -> Result<bool, Value<'a>> {
    let filter = match (walk.kind, &walk.filter) {
        (LoopKind::Filter, _) => &walk.body,
        (_, Some(filter)) => filter,
        _ => return Ok(true),
    };
    let value = eval(filter, cx);
    match value.truth() {
        Truth::True => Ok(true),
        Truth::False => Ok(false),
        _ => Err(no_condition(value)),
    }
}

fn collect<'a>(
    walk: &'a LoopOp,
    range: Range<'_, 'a>,
    cx: Cx<'_, 'a>,
) -> Result<Vec<Value<'a>>, Value<'a>> {
    let mut list = Vec::new();
    for index in 0..range.len() {
        let made = with_element(walk, range, index, cx, |cx| {
            if !takes(walk, cx)? {
                return Ok(None);
            }
            if walk.kind == LoopKind::Filter {
                return Ok(Some(range.single(index)));
            }
            operand(&walk.body, cx).map(Some)
        });
        list.extend(made?);
    }
    Ok(list)
}

fn collect_entries<'a>(
    walk: &'a LoopOp,
    range: Range<'_, 'a>,
    cx: Cx<'_, 'a>,
) -> Result<Vec<(Value<'a>, Value<'a>)>, Value<'a>> {
    let mut entries = Vec::new();
    for index in 0..range.len() {
        let made = with_element(walk, range, index, cx, |cx| {
            if !takes(walk, cx)? {
                return Ok(None);
            }
            operand(&walk.body, cx).map(Some)
        });
        let Some(value) = made? else {
            continue;
        };
        if walk.kind == LoopKind::TransformMap {
            entries.push((range.at(index).0, value));
        } else if let View::Map(map) = value.view() {
            entries.extend((0..map.len()).map(|at| map.entry(at)));
        } else {
            return Err(EvalError::mistyped(&value, "a mapping").into());
        }
    }
    Ok(entries)
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

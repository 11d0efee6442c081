//! The macros that loop: over the elements of a list, or the keys of a map.

use super::ast::LoopKind;
use super::eval::{Cx, Frame, Undecided, eval, no_condition, operand};
use super::operators::make_map;
use super::program::LoopOp;
use super::select::null_node;
use super::value::{EvalError, ListView, MapView, Truth, Value, View};

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

pub(super) fn run_loop<'a>(walk: &'a LoopOp, cx: Cx<'_, 'a>) -> Value<'a> {
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

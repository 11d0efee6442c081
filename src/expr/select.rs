//! Reading keys and elements: of documents and of computed values, with what is missing said.

use std::borrow::Cow;

use super::display::short;
use super::operators::{self, Eval};
use super::program::Step;
use super::scope::Scope;
use super::value::{Absence, EvalError, ListView, MapView, Missing, Value, View};
use crate::value::{Kind, NodeRef};

/// Reads a static path from a variable.
pub(super) fn walk<'a>(scope: &Scope<'a>, root: &Value<'a>, steps: &'a [Step]) -> Value<'a> {
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
pub(super) fn null_node<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let node = value.node().filter(|node| node.is_null())?;
    Some(absent(Some(node), Missing::Null))
}

/// The value under a key.
pub(super) fn select<'a>(scope: &Scope<'a>, value: &Value<'a>, key: &str) -> Value<'a> {
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

pub(super) fn optional_select<'a>(scope: &Scope<'a>, value: &Value<'a>, key: &str) -> Value<'a> {
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

pub(super) fn has<'a>(scope: &Scope<'a>, value: &Value<'a>, key: &str) -> Value<'a> {
    match select(scope, value, key) {
        Value::Absent(_) => Value::Bool(false),
        Value::Optional(None) if matches!(value, Value::Optional(_)) => Value::Bool(false),
        error @ Value::Error(_) => error,
        _ => Value::Bool(true),
    }
}

/// The element at an index, or the value under a key.
pub(super) fn index<'a>(scope: &Scope<'a>, value: &Value<'a>, at: &Value<'a>) -> Value<'a> {
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
                    let key = Cow::Owned(short(at));
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

pub(super) fn optional_index<'a>(
    scope: &Scope<'a>,
    value: &Value<'a>,
    at: &Value<'a>,
) -> Value<'a> {
    match value {
        Value::Optional(Some(inner)) => wrap(index(scope, inner, at)),
        Value::Optional(None) => Value::NONE,
        value => wrap(index(scope, value, at)),
    }
}

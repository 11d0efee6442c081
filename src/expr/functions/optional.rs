//! Optionals beyond selection, `or` and `orValue`.

use super::super::value::{Value, View};
use super::Native;

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("optional.of", 1) => |call| Ok(Value::some(call.arg(0).clone())),
        ("optional.none", 0) => |_| Ok(Value::NONE),
        ("optional.ofNonZeroValue", 1) => |call| {
            let value = call.arg(0);
            Ok(if is_zero(value) {
                Value::NONE
            } else {
                Value::some(value.clone())
            })
        },
        _ => return None,
    })
}

pub(super) fn method(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("hasValue", 0) => |call| match call.arg(0).view() {
            View::Optional(inner) => Ok(Value::Bool(inner.is_some())),
            _ => call.mistyped(0, "an optional"),
        },
        ("value", 0) => |call| match call.arg(0).view() {
            View::Optional(Some(inner)) => Ok(inner.clone()),
            View::Optional(None) => call.invalid(0, "the optional has no value"),
            _ => call.mistyped(0, "an optional"),
        },
        _ => return None,
    })
}

fn is_zero(value: &Value<'_>) -> bool {
    match value.view() {
        View::Null | View::Nothing => true,
        View::Bool(value) => !value,
        View::Int(value) => value == 0,
        View::Uint(value) => value == 0,
        View::Double(value) => value == 0.0,
        View::String(text) => text.is_empty(),
        View::Bytes(bytes) => bytes.is_empty(),
        View::Duration(span) => span.is_zero(),
        View::List(list) => list.len() == 0,
        View::Map(map) => map.len() == 0,
        View::Optional(inner) => inner.is_none(),
        View::Timestamp(_) | View::Type(_) => false,
    }
}

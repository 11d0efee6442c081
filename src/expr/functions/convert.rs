//! Conversions between types, `size` and `type`.

use super::super::display;
use super::super::operators::{Eval, charge_bytes};
use super::super::value::{EvalError, Value, View};
use super::{Call, Native, time};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("size", 1) => size,
        ("type", 1) => |call| Ok(Value::Type(call.arg(0).type_name())),
        ("dyn", 1) => |call| Ok(call.arg(0).clone()),
        ("bool", 1) => bool,
        ("int", 1) => int,
        ("uint", 1) => uint,
        ("double", 1) => double,
        ("string", 1) => string,
        ("bytes", 1) => bytes,
        ("timestamp", 1) => time::timestamp,
        ("duration", 1) => time::duration,
        _ => return None,
    })
}

/// The number of characters, bytes, elements or entries.
pub(super) fn size<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let size = match call.arg(0).view() {
        View::String(text) => {
            charge_bytes(call.scope, text.len())?;
            text.chars().count()
        }
        View::Bytes(bytes) => bytes.len(),
        View::List(list) => list.len(),
        View::Map(map) => map.len(),
        _ => return call.mistyped(0, "a string, a list or a mapping"),
    };
    Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn bool<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    Ok(Value::Bool(match call.arg(0).view() {
        View::Bool(value) => value,
        View::String("1" | "t" | "true" | "TRUE" | "True") => true,
        View::String("0" | "f" | "false" | "FALSE" | "False") => false,
        View::String(text) => return call.invalid(0, format!("`{text}` is no boolean")),
        _ => return call.mistyped(0, "a boolean"),
    }))
}

const OUT_OF_RANGE: &str = "the number is out of range";

fn out_of_range<'a>() -> Box<EvalError<'a>> {
    Box::new(EvalError::arithmetic(OUT_OF_RANGE))
}

fn int<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let value = match call.arg(0).view() {
        View::Int(value) => Some(value),
        View::Uint(value) => i64::try_from(value).ok(),
        #[expect(clippy::cast_possible_truncation, reason = "truncation is meant")]
        View::Double(value) => (value > -LIMIT && value < LIMIT).then_some(value as i64),
        View::String(text) => match text.parse() {
            Ok(value) => Some(value),
            Err(_) => return call.invalid(0, format!("`{}` is no integer", short(call))),
        },
        View::Timestamp(at) => Some(time::unix_seconds(at)),
        View::Duration(span) => Some(span.as_secs()),
        _ => return call.mistyped(0, "a number"),
    };
    value.map(Value::Int).ok_or_else(out_of_range)
}

/// 2 to the 63rd; floats from here on are no `int`.
const LIMIT: f64 = 9_223_372_036_854_775_808.0;

fn uint<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let value = match call.arg(0).view() {
        View::Int(value) => u64::try_from(value).ok(),
        View::Uint(value) => Some(value),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "truncation is meant, and the range is checked"
        )]
        View::Double(value) => (value > -1.0 && value < 2.0 * LIMIT).then_some(value as u64),
        View::String(text) => match text.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                return call.invalid(0, format!("`{}` is no unsigned integer", short(call)));
            }
        },
        _ => return call.mistyped(0, "a number"),
    };
    value.map(Value::Uint).ok_or_else(out_of_range)
}

fn double<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    if let View::String(text) = call.arg(0).view() {
        return match text.parse() {
            Ok(value) => Ok(Value::Double(value)),
            Err(_) => call.invalid(0, format!("`{}` is no number", short(call))),
        };
    }
    match call.arg(0).as_f64() {
        Some(value) => Ok(Value::Double(value)),
        None => call.mistyped(0, "a number"),
    }
}

fn string<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::String(_) => Ok(call.arg(0).clone()),
        View::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::string(text)),
            Err(_) => call.invalid(0, "these bytes are no UTF-8"),
        },
        View::Null | View::List(_) | View::Map(_) | View::Optional(_) | View::Nothing => {
            call.mistyped(0, "a scalar")
        }
        _ => Ok(Value::string(display::scalar(call.arg(0)))),
    }
}

fn bytes<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::Bytes(_) => Ok(call.arg(0).clone()),
        View::String(text) => {
            charge_bytes(call.scope, text.len())?;
            Ok(Value::Bytes(text.as_bytes().into()))
        }
        _ => call.mistyped(0, "a string"),
    }
}

/// The argument for a message.
pub(super) fn short(call: &Call<'_, '_>) -> String {
    display::short(call.arg(0))
}

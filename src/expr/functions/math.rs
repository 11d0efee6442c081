//! CEL's math extension.

use super::super::operators::{Eval, Relation, compare};
use super::super::value::{EvalError, Value, View};
use super::{Call, Native};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    let name = name.strip_prefix("math.")?;
    Some(match (name, args) {
        ("greatest", 1..) => |call| extreme(call, Relation::Greater),
        ("least", 1..) => |call| extreme(call, Relation::Less),
        ("ceil", 1) => |call| float(call).map(f64::ceil).map(Value::Double),
        ("floor", 1) => |call| float(call).map(f64::floor).map(Value::Double),
        ("round", 1) => |call| float(call).map(f64::round).map(Value::Double),
        ("trunc", 1) => |call| float(call).map(f64::trunc).map(Value::Double),
        ("sqrt", 1) => sqrt,
        ("abs", 1) => abs,
        ("sign", 1) => sign,
        ("isNaN", 1) => |call| float(call).map(f64::is_nan).map(Value::Bool),
        ("isInf", 1) => |call| float(call).map(f64::is_infinite).map(Value::Bool),
        ("isFinite", 1) => |call| float(call).map(f64::is_finite).map(Value::Bool),
        ("bitAnd", 2) => |call| bits(call, |a, b| a & b),
        ("bitOr", 2) => |call| bits(call, |a, b| a | b),
        ("bitXor", 2) => |call| bits(call, |a, b| a ^ b),
        ("bitNot", 1) => bit_not,
        ("bitShiftLeft", 2) => |call| shift(call, |bits, by| bits.checked_shl(by)),
        ("bitShiftRight", 2) => |call| shift(call, |bits, by| bits.checked_shr(by)),
        _ => return None,
    })
}

fn float<'a>(call: &Call<'_, 'a>) -> Eval<'a, f64> {
    match call.arg(0).view() {
        View::Double(value) => Ok(value),
        _ => call.mistyped(0, "a double"),
    }
}

/// The greatest or least of the arguments, or of the one argument's elements.
fn extreme<'a>(call: &Call<'_, 'a>, better: Relation) -> Eval<'a> {
    let elements;
    let values = match (call.args, call.arg(0).view()) {
        ([_], View::List(list)) => {
            call.scope.charge(list.len())?;
            elements = (0..list.len()).map(|at| list.at(at)).collect::<Vec<_>>();
            elements.as_slice()
        }
        (args, _) => args,
    };
    let mut best: Option<&Value<'a>> = None;
    for value in values {
        if value.as_f64().is_none() {
            return Err(Box::new(EvalError::mistyped(value, "a number")));
        }
        match best {
            Some(known) if !compare(better, value, known)? => {}
            _ => best = Some(value),
        }
    }
    match best {
        Some(best) => Ok(best.clone()),
        None => call.invalid(0, "an empty list has no greatest or least element"),
    }
}

fn sqrt<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).as_f64() {
        Some(value) => Ok(Value::Double(value.sqrt())),
        None => call.mistyped(0, "a number"),
    }
}

fn abs<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::Int(value) => match value.checked_abs() {
            Some(value) => Ok(Value::Int(value)),
            None => Err(Box::new(EvalError::arithmetic(
                "the result is out of range",
            ))),
        },
        View::Uint(value) => Ok(Value::Uint(value)),
        View::Double(value) => Ok(Value::Double(value.abs())),
        _ => call.mistyped(0, "a number"),
    }
}

fn sign<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::Int(value) => Ok(Value::Int(value.signum())),
        View::Uint(value) => Ok(Value::Uint(value.min(1))),
        View::Double(value) if value == 0.0 || value.is_nan() => Ok(Value::Double(value)),
        View::Double(value) => Ok(Value::Double(value.signum())),
        _ => call.mistyped(0, "a number"),
    }
}

fn bits<'a>(call: &Call<'_, 'a>, operation: fn(u64, u64) -> u64) -> Eval<'a> {
    match (call.arg(0).view(), call.arg(1).view()) {
        (View::Int(a), View::Int(b)) => {
            let result = operation(a.cast_unsigned(), b.cast_unsigned());
            Ok(Value::Int(result.cast_signed()))
        }
        (View::Uint(a), View::Uint(b)) => Ok(Value::Uint(operation(a, b))),
        (View::Int(_) | View::Uint(_), _) => call.mistyped(1, "an integer of the same kind"),
        _ => call.mistyped(0, "an integer"),
    }
}

fn bit_not<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::Int(value) => Ok(Value::Int(!value)),
        View::Uint(value) => Ok(Value::Uint(!value)),
        _ => call.mistyped(0, "an integer"),
    }
}

/// Shifts by 64 and more give 0; the sign bit is a bit like any other.
fn shift<'a>(call: &Call<'_, 'a>, operation: fn(u64, u32) -> Option<u64>) -> Eval<'a> {
    let by = call.int(1)?;
    if by < 0 {
        return call.invalid(1, "a shift is not negative");
    }
    let by = u32::try_from(by).unwrap_or(u32::MAX);
    match call.arg(0).view() {
        View::Int(value) => {
            let shifted = operation(value.cast_unsigned(), by).unwrap_or(0);
            Ok(Value::Int(shifted.cast_signed()))
        }
        View::Uint(value) => Ok(Value::Uint(operation(value, by).unwrap_or(0))),
        _ => call.mistyped(0, "an integer"),
    }
}

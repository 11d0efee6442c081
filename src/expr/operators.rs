//! Equality, order and arithmetic, for nodes and computed values alike.
//!
//! Numbers of different kinds equal and compare as the numbers that they are. Nothing else is
//! converted: values of different types are unequal, and have no order.

use std::cmp::Ordering;
use std::sync::Arc;

use cel::common::ast::operators;
use jiff::{SignedDuration, civil};

use super::scope::Scope;
use super::value::{EvalError, ListView, MapView, Value, View};

/// A value, or why there is none.
pub(super) type Eval<'a, T = Value<'a>> = Result<T, Box<EvalError<'a>>>;

/// The relations of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Relation {
    /// The relation that a call of this name in a syntax tree is.
    pub(super) fn of(function: &str) -> Option<Self> {
        match function {
            operators::LESS => Some(Self::Less),
            operators::LESS_EQUALS => Some(Self::LessEqual),
            operators::GREATER => Some(Self::Greater),
            operators::GREATER_EQUALS => Some(Self::GreaterEqual),
            _ => None,
        }
    }

    /// The operator.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// The relation of the right side to the left.
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
        }
    }

    /// The relation that differs from it in equal sides alone.
    pub const fn with_other_strictness(self) -> Self {
        match self {
            Self::Less => Self::LessEqual,
            Self::LessEqual => Self::Less,
            Self::Greater => Self::GreaterEqual,
            Self::GreaterEqual => Self::Greater,
        }
    }

    fn holds(self, ordering: Option<Ordering>) -> bool {
        // NaN has no order: no relation holds.
        ordering.is_some_and(|ordering| match self {
            Self::Less => ordering.is_lt(),
            Self::LessEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterEqual => ordering.is_ge(),
        })
    }
}

/// The operations of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// Whether two values are equal. Charges the scope for what it looks at.
pub(super) fn equal<'a>(scope: &Scope<'a>, left: &Value<'a>, right: &Value<'a>) -> Eval<'a, bool> {
    let views = (left.view(), right.view());
    if let Some(Numeric(ordering)) = numbers(&views.0, &views.1) {
        return Ok(ordering == Some(Ordering::Equal));
    }
    Ok(match views {
        (View::Null, View::Null) | (View::Optional(None), View::Optional(None)) => true,
        (View::Bool(a), View::Bool(b)) => a == b,
        (View::String(a), View::String(b)) => {
            charge_bytes(scope, a.len().min(b.len()))?;
            a == b
        }
        (View::Bytes(a), View::Bytes(b)) => a == b,
        (View::Timestamp(a), View::Timestamp(b)) => a == b,
        (View::Duration(a), View::Duration(b)) => a == b,
        (View::Type(a), View::Type(b)) => a == b,
        (View::Optional(Some(a)), View::Optional(Some(b))) => equal(scope, a, b)?,
        (View::List(a), View::List(b)) => equal_lists(scope, a, b)?,
        (View::Map(a), View::Map(b)) => equal_maps(scope, a, b)?,
        _ => false,
    })
}

fn equal_lists<'a>(
    scope: &Scope<'a>,
    left: ListView<'_, 'a>,
    right: ListView<'_, 'a>,
) -> Eval<'a, bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for index in 0..left.len() {
        scope.charge(1)?;
        if !equal(scope, &left.at(index), &right.at(index))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_maps<'a>(
    scope: &Scope<'a>,
    left: MapView<'_, 'a>,
    right: MapView<'_, 'a>,
) -> Eval<'a, bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for index in 0..left.len() {
        let (key, value) = left.entry(index);
        match lookup(scope, right, &key)? {
            Some(other) if equal(scope, &value, &other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// The value under a key. Number keys of any kind find equal numbers.
pub(super) fn lookup<'a>(
    scope: &Scope<'a>,
    map: MapView<'_, 'a>,
    key: &Value<'a>,
) -> Eval<'a, Option<Value<'a>>> {
    scope.charge(1 + map.len() / 8)?;
    match map {
        MapView::Node(node) => Ok(key.as_str().and_then(|key| node.get(key)).map(Value::Node)),
        MapView::Values(entries) => {
            for (known, value) in entries {
                if equal(scope, known, key)? {
                    return Ok(Some(value.clone()));
                }
            }
            Ok(None)
        }
    }
}

/// Whether a list holds an equal element, or a map the key.
pub(super) fn contains<'a>(
    scope: &Scope<'a>,
    element: &Value<'a>,
    container: &Value<'a>,
) -> Eval<'a, bool> {
    match container.view() {
        View::List(list) => {
            for index in 0..list.len() {
                scope.charge(1)?;
                if equal(scope, element, &list.at(index))? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        View::Map(map) => Ok(lookup(scope, map, element)?.is_some()),
        _ => Err(Box::new(EvalError::mistyped(
            container,
            "a list or a mapping",
        ))),
    }
}

/// Whether a relation of order holds.
pub(super) fn compare<'a>(
    relation: Relation,
    left: &Value<'a>,
    right: &Value<'a>,
) -> Eval<'a, bool> {
    let views = (left.view(), right.view());
    if let Some(Numeric(ordering)) = numbers(&views.0, &views.1) {
        return Ok(relation.holds(ordering));
    }
    let ordering = match views {
        (View::Bool(a), View::Bool(b)) => a.cmp(&b),
        (View::String(a), View::String(b)) => a.cmp(b),
        (View::Bytes(a), View::Bytes(b)) => a.cmp(b),
        (View::Timestamp(a), View::Timestamp(b)) => a.cmp(&b),
        (View::Duration(a), View::Duration(b)) => a.cmp(&b),
        _ => return Err(mismatch(left, right).into()),
    };
    Ok(relation.holds(Some(ordering)))
}

/// Two values that no operation takes together: the one to blame is a null, else what is no
/// number beside a number, else what came from the document.
fn mismatch<'a>(left: &Value<'a>, right: &Value<'a>) -> EvalError<'a> {
    let rank = |value: &Value<'a>| {
        let class = match value.view() {
            View::Null => 0,
            View::Int(_) | View::Uint(_) | View::Double(_) => 3,
            View::Timestamp(_) | View::Duration(_) => 2,
            _ => 1,
        };
        (class, value.node().is_none())
    };
    let ordered = |value: &Value<'a>| {
        matches!(
            value.view(),
            View::Bool(_)
                | View::Int(_)
                | View::Uint(_)
                | View::Double(_)
                | View::String(_)
                | View::Bytes(_)
                | View::Timestamp(_)
                | View::Duration(_)
        )
    };
    let (wrong, other) = if rank(right) < rank(left) {
        (right, left)
    } else {
        (left, right)
    };
    let wanted = match other.view() {
        View::Int(_) | View::Uint(_) | View::Double(_) => "a number",
        _ if ordered(other) => other.described(),
        _ => "a number",
    };
    EvalError::mistyped(wrong, wanted)
}

/// The order of two numbers; `None` if one is NaN.
struct Numeric(Option<Ordering>);

/// The order of two numbers of any kinds; `None` if one is no number.
fn numbers(left: &View<'_, '_>, right: &View<'_, '_>) -> Option<Numeric> {
    Some(Numeric(match (*left, *right) {
        (View::Int(a), View::Int(b)) => Some(a.cmp(&b)),
        (View::Uint(a), View::Uint(b)) => Some(a.cmp(&b)),
        (View::Double(a), View::Double(b)) => a.partial_cmp(&b),
        (View::Int(a), View::Uint(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (View::Uint(a), View::Int(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (View::Int(a), View::Double(b)) => integer_to_double(i128::from(a), b),
        (View::Uint(a), View::Double(b)) => integer_to_double(i128::from(a), b),
        (View::Double(a), View::Int(b)) => {
            integer_to_double(i128::from(b), a).map(Ordering::reverse)
        }
        (View::Double(a), View::Uint(b)) => {
            integer_to_double(i128::from(b), a).map(Ordering::reverse)
        }
        _ => return None,
    }))
}

/// The order of an integer and a float. As CEL has it, the integer counts as the nearest float.
fn integer_to_double(integer: i128, double: f64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "what the comparison means")]
    let integer = integer as f64;
    integer.partial_cmp(&double)
}

/// A result of arithmetic.
pub(super) fn arithmetic<'a>(
    scope: &Scope<'a>,
    operation: Arithmetic,
    left: &Value<'a>,
    right: &Value<'a>,
) -> Eval<'a> {
    let wrong = |value| Err(mismatch_for(operation, value).into());
    match (left.view(), right.view()) {
        (View::Int(a), View::Int(b)) => integers(operation, a, b).map(Value::Int),
        (View::Uint(a), View::Uint(b)) => unsigned(operation, a, b).map(Value::Uint),
        (View::Double(a), View::Double(b)) => match floats(operation, a, b) {
            Some(result) => Ok(Value::Double(result)),
            None => wrong(left),
        },
        (View::String(a), View::String(b)) if operation == Arithmetic::Add => {
            charge_bytes(scope, a.len() + b.len())?;
            Ok(Value::string([a, b].concat()))
        }
        (View::Bytes(a), View::Bytes(b)) if operation == Arithmetic::Add => {
            charge_bytes(scope, a.len() + b.len())?;
            Ok(Value::Bytes([a, b].concat().into()))
        }
        (View::List(a), View::List(b)) if operation == Arithmetic::Add => {
            scope.charge(a.len() + b.len())?;
            let all = (0..a.len()).map(|i| a.at(i));
            let all: Vec<_> = all.chain((0..b.len()).map(|i| b.at(i))).collect();
            Ok(Value::list(all))
        }
        (View::Timestamp(at), View::Duration(by)) => {
            let result = match operation {
                Arithmetic::Add => at.checked_add(by),
                Arithmetic::Subtract => at.checked_sub(by),
                _ => return wrong(right),
            };
            Ok(result.ok().and_then(timestamp).ok_or_else(overflow)?)
        }
        (View::Duration(by), View::Timestamp(at)) if operation == Arithmetic::Add => {
            let sum = at.checked_add(by).ok().and_then(timestamp);
            Ok(sum.ok_or_else(overflow)?)
        }
        (View::Timestamp(a), View::Timestamp(b)) if operation == Arithmetic::Subtract => {
            Ok(duration(a.duration_since(b)).ok_or_else(overflow)?)
        }
        (View::Duration(a), View::Duration(b)) => {
            let result = match operation {
                Arithmetic::Add => a.checked_add(b),
                Arithmetic::Subtract => a.checked_sub(b),
                _ => return wrong(left),
            };
            Ok(result.and_then(duration).ok_or_else(overflow)?)
        }
        // A document's number is an integer or a float as its author happened to write it, 2 or 2.0,
        // and so is what is computed from it.
        (View::Int(_) | View::Double(_), View::Int(_) | View::Double(_)) => {
            let numbers = left.as_f64().zip(right.as_f64());
            match numbers.and_then(|(a, b)| floats(operation, a, b)) {
                Some(result) => Ok(Value::Double(result)),
                None => wrong(left),
            }
        }
        _ => Err(mismatch(left, right).into()),
    }
}

fn overflow<'a>() -> EvalError<'a> {
    EvalError::arithmetic("the result is out of range")
}

fn mismatch_for<'a>(operation: Arithmetic, value: &Value<'a>) -> EvalError<'a> {
    let wanted = match operation {
        Arithmetic::Modulo => "an integer",
        _ => "a number",
    };
    EvalError::mistyped(value, wanted)
}

fn integers<'a>(operation: Arithmetic, a: i64, b: i64) -> Eval<'a, i64> {
    let result = match operation {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::Modulo if b == 0 => return Err(by_zero().into()),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Modulo => a.checked_rem(b),
    };
    Ok(result.ok_or_else(overflow)?)
}

fn unsigned<'a>(operation: Arithmetic, a: u64, b: u64) -> Eval<'a, u64> {
    let result = match operation {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::Modulo if b == 0 => return Err(by_zero().into()),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Modulo => a.checked_rem(b),
    };
    Ok(result.ok_or_else(overflow)?)
}

fn by_zero<'a>() -> EvalError<'a> {
    EvalError::arithmetic("a division by zero")
}

fn floats(operation: Arithmetic, a: f64, b: f64) -> Option<f64> {
    Some(match operation {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Modulo => return None,
    })
}

/// The negative of a number.
pub(super) fn negate<'a>(value: &Value<'a>) -> Eval<'a> {
    match value.view() {
        View::Int(number) => match number.checked_neg() {
            Some(negative) => Ok(Value::Int(negative)),
            None => Err(Box::new(EvalError::arithmetic(
                "the result is out of range",
            ))),
        },
        View::Double(number) => Ok(Value::Double(-number)),
        _ => Err(Box::new(EvalError::mistyped(value, "a number"))),
    }
}

/// An instant, if it lies in the years 1 to 9999.
pub(super) fn timestamp<'a>(at: civil::DateTime) -> Option<Value<'a>> {
    (1..=9999)
        .contains(&at.year())
        .then_some(Value::Timestamp(at))
}

/// A span of time, if its nanoseconds fit 64 bits.
pub(super) fn duration<'a>(span: SignedDuration) -> Option<Value<'a>> {
    i64::try_from(span.as_nanos())
        .is_ok()
        .then_some(Value::Duration(span))
}

/// Charges for text that is read or made.
pub(super) fn charge_bytes<'a>(scope: &Scope<'a>, bytes: usize) -> Eval<'a, ()> {
    scope.charge(bytes / 32)
}

/// A map of entries with distinct keys; an error if a key repeats or can be none.
pub(super) fn make_map<'a>(scope: &Scope<'a>, entries: Vec<(Value<'a>, Value<'a>)>) -> Eval<'a> {
    for (index, (key, _)) in entries.iter().enumerate() {
        if !matches!(
            key.view(),
            View::Bool(_) | View::Int(_) | View::Uint(_) | View::String(_)
        ) {
            let wanted = "a string, an integer or a boolean, as a key must be";
            return Err(Box::new(EvalError::mistyped(key, wanted)));
        }
        scope.charge(index / 8)?;
        for (earlier, _) in entries.iter().take(index) {
            if equal(scope, earlier, key)? {
                return Err(Box::new(EvalError::invalid(key, "a key is repeated")));
            }
        }
    }
    Ok(Value::Map(Arc::from(entries)))
}

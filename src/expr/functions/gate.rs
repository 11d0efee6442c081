//! Functions beyond CEL: dates and durations as documents write them, numbers in text, other
//! documents. `blank` takes what is absent and is an operation of its own.

use super::super::compile::regex;
use super::super::eval::fact_error;
use super::super::occurrence::Occurrence;
use super::super::operators::{Eval, charge_bytes};
use super::super::time as iso;
use super::super::value::{Value, View};
use super::{Call, Native, strings};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("date", 1) => date,
        ("days", 1) => days,
        ("age", 1) => age,
        ("number", 1) => number,
        ("lower", 1) => lower,
        ("docs", 1) => docs,
        ("occurrences", 2) => occurrences,
        ("path", 1) => path,
        ("ref", 1) => reference,
        _ => return None,
    })
}

/// `date(x)`: an instant from an RFC 3339 date or date-time; a day is its first instant in UTC.
fn date<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::Timestamp(at) => Ok(Value::Timestamp(at)),
        View::String(text) => match iso::parse_date(text) {
            Ok(date) => Ok(Value::Timestamp(date.instant())),
            Err(error) => call.invalid(0, error.to_string()),
        },
        _ => call.mistyped(0, "a date"),
    }
}

/// `days(x)`: how many days a duration lasts from the as-of date on; a fraction for hours.
fn days<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match call.arg(0).view() {
        View::Duration(span) => Ok(Value::Double(span.as_secs_f64() / 86_400.0)),
        View::String(text) => match iso::days(text, call.scope.today()) {
            Ok(days) => Ok(Value::Double(days)),
            Err(error) => call.invalid(0, error.to_string()),
        },
        _ => call.mistyped(0, "a duration such as P90D"),
    }
}

/// `age(x)`: how many whole days a date lies before the as-of date; negative for what is to come.
fn age<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let today = call.scope.today();
    let day = match call.arg(0).view() {
        View::Timestamp(at) => at.date(),
        View::String(text) => match iso::parse_date(text) {
            Ok(date) => date.day(),
            Err(error) => return call.invalid(0, error.to_string()),
        },
        _ => return call.mistyped(0, "a date"),
    };
    Ok(Value::Int(iso::Date::Day(day).age(today)))
}

/// `number(x)`: a float from a number or from text that is one, so that `7 / 2` of a document is
/// 3.5 however it was written.
fn number<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    if let View::String(text) = call.arg(0).view() {
        return match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Double(number)),
            _ => call.invalid(0, format!("`{}` is no number", super::convert::short(call))),
        };
    }
    match call.arg(0).as_f64() {
        Some(number) => Ok(Value::Double(number)),
        None => call.mistyped(0, "a number"),
    }
}

/// `lower(x)`: lower case, in every script.
fn lower<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    Ok(Value::string(call.string(0)?.to_lowercase()))
}

/// `docs(kind)`: the documents of a kind.
fn docs<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let documents = call.scope.facts().documents(call.string(0)?);
    let documents = documents.map_err(|error| fact_error(call.scope, error, None))?;
    call.scope.charge(documents.len())?;
    Ok(documents.into())
}

/// `occurrences(x, regex)` with a pattern that is computed.
fn occurrences<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let pattern = call.string(1)?;
    strings::charge_pattern(call.scope, pattern)?;
    match regex(pattern) {
        Ok(regex) => super::super::occurrence::occurrences(call.scope, call.arg(0), &regex),
        Err(message) => call.invalid(1, message),
    }
}

/// `path(x)`: where a value stands in its document, `data[0].name`; empty for the document itself.
/// What was found in a text stands where the innermost value around it does.
fn path<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let value = call.arg(0);
    let around = value.occurrence().map(Occurrence::node);
    match value.node().or(around) {
        Some(node) => {
            let path = node.pointer().to_path();
            charge_bytes(call.scope, path.len())?;
            Ok(Value::string(path))
        }
        None => call.invalid(0, "is computed, and stands nowhere in a document"),
    }
}

/// `ref(x)`: the document that a path or an id means.
fn reference<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let from = call.arg(0).node();
    let found = call.scope.facts().reference(call.string(0)?, from);
    match found {
        Ok(node) => Ok(Value::Node(node)),
        Err(error) => Err(fact_error(call.scope, error, from).into()),
    }
}

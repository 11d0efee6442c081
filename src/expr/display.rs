//! Values as text: for messages, for `format`, for conversions to string.

use std::fmt::Write as _;

use jiff::{SignedDuration, civil};

use super::scope::Scope;
use super::value::{EvalError, Value, View};

/// The longest text that a label shows, in characters.
const SHORT: usize = 60;
/// The longest list that a label shows element by element.
const SHORT_LIST: usize = 8;

/// A value as a label shows it: text without quotes, collections by their size where they are
/// not small.
pub(super) fn short(value: &Value<'_>) -> String {
    match value.view() {
        View::String("") => "empty".to_owned(),
        View::String(text) => shorten(text),
        View::List(list) => {
            let simple = |value: &Value<'_>| {
                !matches!(
                    value.view(),
                    View::List(_) | View::Map(_) | View::Nothing | View::Optional(_)
                )
            };
            let elements: Vec<_> = (0..list.len().min(SHORT_LIST + 1))
                .map(|at| list.at(at))
                .collect();
            if elements.is_empty() {
                return "an empty list".to_owned();
            }
            if elements.len() <= SHORT_LIST && elements.iter().all(simple) {
                let parts: Vec<_> = elements.iter().map(short).collect();
                let text = format!("[{}]", parts.join(", "));
                if text.chars().count() <= SHORT {
                    return text;
                }
            }
            match list.len() {
                1 => "a list of one element".to_owned(),
                n => format!("a list of {n} elements"),
            }
        }
        // A day is an instant; people read it as a day.
        View::Timestamp(at) if at.time() == civil::Time::midnight() => at.date().to_string(),
        View::Map(map) if map.len() == 0 => "an empty mapping".to_owned(),
        View::Map(_) => "a mapping".to_owned(),
        View::Optional(None) => "no value".to_owned(),
        View::Optional(Some(inner)) => short(inner),
        View::Nothing => match value {
            Value::Error(error) => error.to_string(),
            _ => "missing".to_owned(),
        },
        _ => scalar(value),
    }
}

/// Text on one line, of bounded length.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end();
    let cut = line.char_indices().nth(SHORT).map(|(at, _)| at);
    match cut.and_then(|at| line.get(..at)) {
        Some(start) => format!("{}…", start.trim_end()),
        None if line.len() < text.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

/// A value in a message of a policy: text as it is, lists with commas. What is not there or
/// cannot be computed is said in angle brackets.
pub(super) fn in_message(value: &Value<'_>) -> String {
    match value.view() {
        View::String(text) => text.to_owned(),
        View::List(list) if list.len() > 0 => {
            let shown = list.len().min(SHORT_LIST);
            let mut parts: Vec<_> = (0..shown).map(|at| in_message(&list.at(at))).collect();
            if list.len() > shown {
                parts.push(format!("{} more", list.len() - shown));
            }
            parts.join(", ")
        }
        View::Nothing => match value {
            Value::Error(error) => format!("<{error}>"),
            _ => "<missing>".to_owned(),
        },
        _ => short(value),
    }
}

/// A scalar as `string(x)` writes it.
pub(super) fn scalar(value: &Value<'_>) -> String {
    match value.view() {
        View::Null => "null".to_owned(),
        View::Bool(value) => value.to_string(),
        View::Int(value) => value.to_string(),
        View::Uint(value) => value.to_string(),
        View::Double(value) => double(value),
        View::String(text) => text.to_owned(),
        View::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        View::Timestamp(at) => timestamp(at),
        View::Duration(span) => duration(span),
        View::Type(name) => name.name().to_owned(),
        View::List(_) | View::Map(_) | View::Optional(_) | View::Nothing => String::new(),
    }
}

/// A float with as many digits as tell it apart.
pub(super) fn double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        return format!("{value:e}");
    }
    format!("{value}")
}

/// `2009-02-13T23:31:30Z`.
pub(super) fn timestamp(at: civil::DateTime) -> String {
    format!("{at}Z")
}

/// Seconds: `90s`, `1.5s`.
pub(super) fn duration(span: SignedDuration) -> String {
    let nanos = span.as_nanos();
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let (whole, fraction) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    if fraction == 0 {
        return format!("{sign}{whole}s");
    }
    let fraction = format!("{fraction:09}");
    format!("{sign}{whole}.{}s", fraction.trim_end_matches('0'))
}

/// Any value as `%s` of `format` writes it, into `out`. Charges for each element.
pub(super) fn write<'a>(
    scope: &Scope<'a>,
    value: &Value<'a>,
    out: &mut String,
) -> Result<(), Box<EvalError<'a>>> {
    scope.charge(1)?;
    match value.view() {
        View::List(list) => {
            out.push('[');
            for at in 0..list.len() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(scope, &list.at(at), out)?;
            }
            out.push(']');
        }
        View::Map(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for at in 0..map.len() {
                let (key, value) = map.entry(at);
                let mut text = String::new();
                write(scope, &value, &mut text)?;
                entries.push((scalar(&key), text));
            }
            entries.sort();
            out.push('{');
            for (at, (key, text)) in entries.iter().enumerate() {
                let comma = if at > 0 { ", " } else { "" };
                let _ = write!(out, "{comma}{key}: {text}");
            }
            out.push('}');
        }
        View::Optional(Some(inner)) => write(scope, inner, out)?,
        View::String(text) => {
            super::operators::charge_bytes(scope, text.len())?;
            out.push_str(text);
        }
        _ => out.push_str(&scalar(value)),
    }
    Ok(())
}

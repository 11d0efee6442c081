//! Text: CEL's own methods and its string extension. Positions count characters.

use super::super::compile::regex;
use super::super::operators::{Eval, charge_bytes};
use super::super::scope::Scope;
use super::super::value::{Value, View};
use super::{Call, Native, convert, format};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("matches", 2) => matches,
        ("strings.quote", 1) => quote,
        _ => return None,
    })
}

pub(super) fn method(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("size", 0) => convert::size,
        ("contains", 1) => |call| Ok(Value::Bool(call.string(0)?.contains(call.string(1)?))),
        ("startsWith", 1) => |call| Ok(Value::Bool(call.string(0)?.starts_with(call.string(1)?))),
        ("endsWith", 1) => |call| Ok(Value::Bool(call.string(0)?.ends_with(call.string(1)?))),
        ("charAt", 1) => char_at,
        ("indexOf", 1 | 2) => index_of,
        ("lastIndexOf", 1 | 2) => last_index_of,
        ("lowerAscii", 0) => |call| Ok(Value::string(call.string(0)?.to_ascii_lowercase())),
        ("upperAscii", 0) => |call| Ok(Value::string(call.string(0)?.to_ascii_uppercase())),
        ("replace", 2 | 3) => replace,
        ("split", 1 | 2) => split,
        ("substring", 1 | 2) => substring,
        ("trim", 0) => |call| Ok(Value::string(call.string(0)?.trim())),
        ("join", 0 | 1) => join,
        ("format", 1) => format::format,
        _ => return None,
    })
}

/// `matches` with a pattern that is computed.
fn matches<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let (text, pattern) = (call.string(0)?, call.string(1)?);
    charge_pattern(call.scope, pattern)?;
    match regex(pattern) {
        Ok(regex) => Ok(Value::Bool(regex.is_match(text))),
        Err(message) => call.invalid(1, message),
    }
}

/// Charges for a pattern that is compiled anew: it costs far more than matching.
pub(super) fn charge_pattern<'a>(scope: &Scope<'a>, pattern: &str) -> Eval<'a, ()> {
    scope.charge(1000 + pattern.len() * 10)
}

/// The byte at which the character of a position begins; the end of the text is a position too.
fn byte_at(text: &str, position: i64) -> Option<usize> {
    let position = usize::try_from(position).ok()?;
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(position)
}

fn position_of(text: &str, byte: usize) -> Value<'static> {
    let before = text.get(..byte).unwrap_or_default().chars().count();
    Value::Int(i64::try_from(before).unwrap_or(i64::MAX))
}

fn outside<'a, T>(call: &Call<'_, 'a>, index: usize) -> Eval<'a, T> {
    call.invalid(index, "the position lies outside of the text")
}

fn char_at<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let text = call.string(0)?;
    match byte_at(text, call.int(1)?) {
        Some(at) => {
            let found = text.get(at..).unwrap_or_default().chars().next();
            Ok(Value::string(found.map(String::from).unwrap_or_default()))
        }
        None => outside(call, 1),
    }
}

fn index_of<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let (text, part) = (call.string(0)?, call.string(1)?);
    let from = if call.is_given(2) { call.int(2)? } else { 0 };
    let Some(start) = byte_at(text, from) else {
        return outside(call, 2);
    };
    let found = text.get(start..).unwrap_or_default().find(part);
    Ok(found.map_or(Value::Int(-1), |at| position_of(text, start + at)))
}

/// The last occurrence that begins at the given position or before.
fn last_index_of<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let (text, part) = (call.string(0)?, call.string(1)?);
    if !call.is_given(2) {
        return Ok(text
            .rfind(part)
            .map_or(Value::Int(-1), |at| position_of(text, at)));
    }
    let Some(last) = byte_at(text, call.int(2)?) else {
        return outside(call, 2);
    };
    // A match that begins at `last` may go on for the length of the part.
    let mut end = (last + part.len()).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let found = text.get(..end).unwrap_or_default().rfind(part);
    Ok(found.map_or(Value::Int(-1), |at| position_of(text, at)))
}

fn replace<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let (text, part, with) = (call.string(0)?, call.string(1)?, call.string(2)?);
    let limit = if call.is_given(3) { call.int(3)? } else { -1 };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let count = text.matches(part).take(limit).count();
    charge_bytes(
        call.scope,
        text.len().saturating_add(count.saturating_mul(with.len())),
    )?;
    Ok(Value::string(text.replacen(part, with, limit)))
}

fn split<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let (text, separator) = (call.string(0)?, call.string(1)?);
    let limit = if call.is_given(2) { call.int(2)? } else { -1 };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Value::list(Vec::new()));
    }
    let parts: Vec<Value<'a>> = if separator.is_empty() {
        call.scope.charge(text.len())?;
        split_characters(text, limit).map(Value::string).collect()
    } else {
        let parts = text.splitn(limit, separator);
        call.scope.charge(text.len() / separator.len())?;
        parts.map(Value::string).collect()
    };
    Ok(Value::list(parts))
}

/// Characters, the last of at most `limit` parts being the rest.
fn split_characters(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    let rest = text.char_indices().nth(limit - 1).map(|(at, _)| at);
    let (single, rest) = match rest {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let ends = single.char_indices().map(|(at, c)| at..at + c.len_utf8());
    ends.filter_map(|range| single.get(range))
        .chain((!rest.is_empty()).then_some(rest))
}

fn substring<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let text = call.string(0)?;
    let start = byte_at(text, call.int(1)?);
    let end = if call.is_given(2) {
        byte_at(text, call.int(2)?)
    } else {
        Some(text.len())
    };
    match (start, end) {
        (Some(start), Some(end)) if start <= end => {
            Ok(Value::string(text.get(start..end).unwrap_or_default()))
        }
        _ => outside(call, 1),
    }
}

fn join<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let list = call.list(0)?;
    let separator = if call.is_given(1) {
        call.string(1)?
    } else {
        ""
    };
    let mut joined = String::new();
    for at in 0..list.len() {
        if at > 0 {
            joined.push_str(separator);
        }
        let element = list.at(at);
        let View::String(text) = element.view() else {
            return call.mistyped(0, "a list of strings");
        };
        charge_bytes(call.scope, text.len() + separator.len())?;
        joined.push_str(text);
    }
    Ok(Value::string(joined))
}

pub(super) fn reverse<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let reversed: String = call.string(0)?.chars().rev().collect();
    Ok(Value::string(reversed))
}

/// The text as a literal in double quotes.
fn quote<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let mut quoted = String::from("\"");
    for c in call.string(0)?.chars() {
        match c {
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Ok(Value::string(quoted))
}

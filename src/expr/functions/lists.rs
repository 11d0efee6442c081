//! Lists beyond operators and macros.

use super::super::operators::{Eval, Relation, compare, equal};
use super::super::value::{ListView, Value, View};
use super::{Call, Native, strings};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("lists.range", 1) => range,
        _ => return None,
    })
}

pub(super) fn method(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("distinct", 0) => distinct,
        ("flatten", 0 | 1) => flatten,
        ("reverse", 0) => reverse,
        ("slice", 2) => slice,
        ("sort", 0) => sort,
        _ => return None,
    })
}

fn elements<'a>(list: ListView<'_, 'a>) -> impl Iterator<Item = Value<'a>> {
    (0..list.len()).map(move |at| list.at(at))
}

/// `lists.range(n)`: 0 up to, not including, n.
fn range<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let end = call.int(0)?;
    call.scope.charge(usize::try_from(end).unwrap_or(0))?;
    Ok(Value::list((0..end).map(Value::Int).collect::<Vec<_>>()))
}

fn distinct<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let mut kept: Vec<Value<'a>> = Vec::new();
    for element in elements(call.list(0)?) {
        let mut known = false;
        for earlier in &kept {
            call.scope.charge(1)?;
            known = known || equal(call.scope, earlier, &element)?;
        }
        if !known {
            kept.push(element);
        }
    }
    Ok(Value::list(kept))
}

fn flatten<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let depth = if call.is_given(1) { call.int(1)? } else { 1 };
    if depth < 0 {
        return call.invalid(1, "a depth is not negative");
    }
    let mut flat = Vec::new();
    flatten_into(call, call.list(0)?, depth, &mut flat)?;
    Ok(Value::list(flat))
}

fn flatten_into<'a>(
    call: &Call<'_, 'a>,
    list: ListView<'_, 'a>,
    depth: i64,
    into: &mut Vec<Value<'a>>,
) -> Eval<'a, ()> {
    for element in elements(list) {
        call.scope.charge(1)?;
        match element.view() {
            View::List(inner) if depth > 0 => flatten_into(call, inner, depth - 1, into)?,
            _ => into.push(element),
        }
    }
    Ok(())
}

fn reverse<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    if call.arg(0).as_str().is_some() {
        return strings::reverse(call);
    }
    let mut reversed: Vec<_> = elements(call.list(0)?).collect();
    reversed.reverse();
    Ok(Value::list(reversed))
}

fn slice<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let list = call.list(0)?;
    let bounds = (usize::try_from(call.int(1)?), usize::try_from(call.int(2)?));
    match bounds {
        (Ok(start), Ok(end)) if start <= end && end <= list.len() => {
            let part: Vec<_> = (start..end).map(|at| list.at(at)).collect();
            Ok(Value::list(part))
        }
        _ => call.invalid(0, "the slice lies outside of the list"),
    }
}

fn sort<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let mut sorted: Vec<_> = elements(call.list(0)?).collect();
    call.scope.charge(sorted.len() * 4)?;
    let mut failed = None;
    sorted.sort_by(|a, b| match compare(Relation::Less, a, b) {
        Ok(true) => std::cmp::Ordering::Less,
        Ok(false) if matches!(compare(Relation::Less, b, a), Ok(true)) => {
            std::cmp::Ordering::Greater
        }
        Ok(false) => std::cmp::Ordering::Equal,
        Err(error) => {
            failed.get_or_insert(error);
            std::cmp::Ordering::Equal
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(Value::list(sorted)),
    }
}

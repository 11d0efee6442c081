//! The words of labels: paths, values, and what functions make of them.

use super::super::display::{self, short};
use super::super::value::{Value, View};
use crate::value::{Kind, NodeRef, Pointer, Style};

/// A path in backticks.
pub(super) fn quoted(pointer: &Pointer) -> String {
    let path = pointer.to_path();
    // A key that is no identifier brings backticks of its own.
    if path.contains('`') {
        return format!("`{}`", path.replace('`', ""));
    }
    format!("`{path}`")
}

/// The node that a value is, also within an optional.
pub(super) fn node_of<'a>(value: &Value<'a>) -> Option<NodeRef<'a>> {
    match value {
        Value::Optional(Some(inner)) => inner.node(),
        value => value.node(),
    }
}

/// A value as a label shows it; numbers as they are written in the document.
pub(super) fn shown(value: &Value<'_>) -> String {
    if let Some(node) = node_of(value)
        && matches!(node.kind(), Kind::Int | Kind::Float)
        && node.style() == Style::Plain
    {
        let raw = node.raw();
        if raw.len() <= 24 && raw.parse::<f64>().ok() == node.as_f64() {
            return raw.to_owned();
        }
    }
    short(value)
}

/// A value that a label may not show.
pub(super) fn hidden(value: &Value<'_>) -> String {
    let characters = match (node_of(value), value.view()) {
        (_, View::String(text)) => text.chars().count(),
        (Some(node), View::Int(_) | View::Double(_)) => node.raw().chars().count(),
        _ => return "is not shown".to_owned(),
    };
    let count = plural(i64::try_from(characters).unwrap_or(i64::MAX), "character");
    format!("has {count}, not shown")
}

/// What a function makes of its argument, where it helps to see it.
pub(super) fn note(function: &str, value: &Value<'_>, computed: &Value<'_>) -> Option<String> {
    if !computed.is_value() || !value.is_value() {
        return None;
    }
    match (function, value.view()) {
        ("days", _) => computed.as_f64().map(days),
        ("age", _) => computed.as_i64().map(|days| match days {
            0 => "today".to_owned(),
            1 => "1 day ago".to_owned(),
            -1 => "in 1 day".to_owned(),
            n if n < 0 => format!("in {} days", n.unsigned_abs()),
            n => format!("{n} days ago"),
        }),
        ("size", View::String(_)) => computed.as_i64().map(|n| plural(n, "character")),
        ("size", View::List(_)) => computed
            .as_i64()
            .map(|n| format!("has {}", plural(n, "element"))),
        ("size", View::Map(_)) => computed
            .as_i64()
            .map(|n| format!("has {}", plural(n, "entry"))),
        _ => None,
    }
}

fn days(days: f64) -> String {
    let text = display::double((days * 100.0).round() / 100.0);
    if text == "1" {
        return "1 day".to_owned();
    }
    format!("{text} days")
}

fn plural(count: i64, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (n, "entry") => format!("{n} entries"),
        (n, noun) => format!("{n} {noun}s"),
    }
}

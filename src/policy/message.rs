//! Messages: from values to what people read.

use super::present::{lack, shorten, shorten_to};
use super::program::MessagePiece;
use crate::expr::{Scope, Text, Value};
use crate::value::NodeRef;

/// A message with its values filled in.
pub(crate) struct Rendered {
    /// The text.
    pub(crate) text: String,
    /// Whether every value in it is there: none missing, blank, a placeholder or an error.
    pub(crate) complete: bool,
}

/// How many characters of a text that was computed are shown; of one that stands in a document,
/// fewer.
const COMPOSED: usize = 240;

/// What stands for a value that is not there.
const MISSING: &str = "(missing)";

/// What stands for a value that is not to be shown.
const REDACTED: &str = "(not shown)";

/// Fills in the values of a message.
pub(crate) fn render<'a>(pieces: &'a [MessagePiece], scope: &Scope<'a>) -> Rendered {
    let mut rendered = Rendered {
        text: String::new(),
        complete: true,
    };
    for piece in pieces {
        match piece {
            MessagePiece::Text(text) => rendered.text.push_str(text),
            MessagePiece::Value(program) => {
                let value = program.eval(scope);
                if matches!(value, Value::Error(_)) || lack(&value).is_some() {
                    rendered.complete = false;
                }
                rendered.text.push_str(&if scope.redacts() {
                    display_redacted(&value)
                } else {
                    display(&value)
                });
            }
        }
    }
    rendered
}

/// A value as people read it: what stands in a document as it was written.
fn display(value: &Value<'_>) -> String {
    match value {
        Value::Node(node) => display_node(*node),
        Value::Null | Value::Absent(_) | Value::Optional(None) => MISSING.into(),
        Value::Optional(Some(inner)) => display(inner),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        // What was composed is a sentence by intent: the reason of a fact, say.
        Value::String(Text::Shared(text)) => shorten_to(text, COMPOSED),
        Value::String(text) => shorten(text.as_str()),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Timestamp(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
        Value::Timestamp(at) => format!("{at}Z"),
        Value::Duration(span) => format!("{span:#}"),
        Value::List(elements) => enumerate(elements.iter().map(display)),
        Value::Map(entries) => enumerate(
            entries
                .iter()
                .map(|(key, value)| format!("{}: {}", display(key), display(value))),
        ),
        Value::Type(name) => name.name().into(),
        Value::Error(error) => format!("({error})"),
    }
}

/// As [`display`], without what stands in a document. What an expression makes of it is shown: its
/// author has chosen to.
fn display_redacted(value: &Value<'_>) -> String {
    match value {
        Value::Node(node) if !node.is_null() => REDACTED.into(),
        value if value.occurrence().is_some() => REDACTED.into(),
        Value::Optional(Some(inner)) => display_redacted(inner),
        Value::List(elements) => enumerate(elements.iter().map(display_redacted)),
        Value::Map(_) => REDACTED.into(),
        Value::Error(error) => format!("({})", error.redacted()),
        value => display(value),
    }
}

fn display_node(node: NodeRef<'_>) -> String {
    if node.is_null() {
        return MISSING.into();
    }
    if let Some(text) = node.as_str() {
        return shorten(text);
    }
    if node.is_sequence() {
        return enumerate(node.items().map(display_node));
    }
    if node.is_mapping() {
        return identity(node).map_or_else(|| "{…}".into(), shorten);
    }
    node.raw().to_owned()
}

/// What people call an element of a list: its id, its name, or what else tells it from others.
pub(crate) fn identity(node: NodeRef<'_>) -> Option<&str> {
    const KEYS: [&str; 9] = [
        "id",
        "name",
        "title",
        "metric",
        "attribute",
        "role",
        "model",
        "path",
        "kind",
    ];
    KEYS.iter()
        .find_map(|key| node.get(key).and_then(NodeRef::as_str))
        .or_else(|| node.as_str())
}

/// A value as it counts in a fingerprint, whatever its quotes, line breaks and indentation. What
/// holds mappings is known by its place alone.
pub(crate) fn normalized(node: NodeRef<'_>) -> Option<String> {
    if node.is_sequence() {
        let items: Option<Vec<String>> = node
            .items()
            .map(|item| item.scalar().and_then(|_| normalized(item)))
            .collect();
        return items.map(|items| items.join(", "));
    }
    node.scalar()?;
    let text = node.as_str().unwrap_or_else(|| node.raw());
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// "a", "a and b", "a, b and c"; at most eight.
fn enumerate(parts: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 8;
    let mut parts: Vec<_> = parts.collect();
    if parts.len() > SHOWN {
        let more = parts.len() - SHOWN;
        parts.truncate(SHOWN);
        parts.push(format!("{more} more"));
    }
    match parts.pop() {
        None => "(nothing)".into(),
        Some(only) if parts.is_empty() => only,
        Some(last) => format!("{} and {last}", parts.join(", ")),
    }
}

//! `present:`: whether something is there, and if not, in which of the ways that people leave
//! things out.

use crate::expr::{Missing, Value, is_blank, is_placeholder};
use crate::value::NodeRef;

/// How something is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// No such key or element.
    Missing,
    /// Null, or nothing behind the key.
    Null,
    /// Blank text, an empty list or mapping.
    Empty,
    /// Text that stands for an answer to come.
    Placeholder(String),
    /// A list or mapping of nothing but the above.
    Hollow,
}

impl Lack {
    /// What completes "`retention` ...".
    pub(crate) fn wording(&self) -> String {
        match self {
            Self::Missing => "is missing".into(),
            Self::Null => "is null".into(),
            Self::Empty => "is empty".into(),
            Self::Placeholder(text) => format!("is a placeholder (`{text}`)"),
            Self::Hollow => "holds nothing but blanks and placeholders".into(),
        }
    }
}

/// How a value is not there; `None` if it is. An error is no lack: it is for the caller to judge.
pub(crate) fn lack(value: &Value<'_>) -> Option<Lack> {
    match value {
        Value::Node(node) => lack_of_node(*node),
        Value::Absent(absence) => Some(match absence.missing {
            Missing::Null => Lack::Null,
            Missing::Key(_) | Missing::Index(_) => Lack::Missing,
        }),
        Value::Null => Some(Lack::Null),
        Value::Optional(None) => Some(Lack::Missing),
        Value::Optional(Some(inner)) => lack(inner),
        Value::String(text) => lack_of_text(text.as_str()),
        Value::List(elements) => hollow(elements.len(), elements.iter().map(lack)),
        Value::Map(entries) => hollow(entries.len(), entries.iter().map(|(_, value)| lack(value))),
        _ => None,
    }
}

fn lack_of_node(node: NodeRef<'_>) -> Option<Lack> {
    if node.is_null() {
        return Some(Lack::Null);
    }
    if let Some(text) = node.as_str() {
        return lack_of_text(text);
    }
    if node.is_sequence() {
        return hollow(node.len(), node.items().map(lack_of_node));
    }
    if node.is_mapping() {
        let values = node.entries().map(|entry| lack_of_node(entry.value));
        return hollow(node.len(), values);
    }
    None
}

fn lack_of_text(text: &str) -> Option<Lack> {
    let trimmed = text.trim();
    if is_blank(trimmed) {
        Some(Lack::Empty)
    } else if is_placeholder(trimmed) {
        Some(Lack::Placeholder(shorten(trimmed)))
    } else {
        None
    }
}

/// The lack of a collection: it is there as soon as one of its elements is.
fn hollow(len: usize, mut lacks: impl Iterator<Item = Option<Lack>>) -> Option<Lack> {
    if len == 0 {
        Some(Lack::Empty)
    } else {
        lacks.all(|lack| lack.is_some()).then_some(Lack::Hollow)
    }
}

/// At most one short line of a text, for a message.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, 60)
}

/// At most `longest` characters of the first line of a text.
pub(crate) fn shorten_to(text: &str, longest: usize) -> String {
    let line = text.lines().next().unwrap_or_default().trim_end();
    if line.chars().count() <= longest && line.len() == text.len() {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(longest - 1).collect();
    short.push('…');
    short
}

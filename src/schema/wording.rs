//! The words in which schema findings speak to people.

use serde_json::Value;

use super::locate::Lookup;
use crate::value::{Kind, NodeRef, Scalar, Segment, Style};

/// How many characters of a value a message quotes.
const QUOTED: usize = 60;
/// How many of a list of names a help line gives.
const LISTED: usize = 16;

/// A node as messages name it: its key, the path of a list element, or "the document".
pub(super) fn name(node: NodeRef<'_>) -> String {
    match node.segment() {
        None => "the document".to_owned(),
        Some(Segment::Key(key)) => format!("`{key}`"),
        Some(Segment::Index(_)) => place(node),
    }
}

/// The path of a node and, for a list element, what it calls itself: `` `data[0]` (income) ``.
pub(super) fn place(node: NodeRef<'_>) -> String {
    if node.parent().is_none() {
        return "the document".to_owned();
    }
    let path = quoted(&node.pointer().to_path());
    let own = ["name", "id", "title", "metric"]
        .iter()
        .find_map(|key| node.get(key)?.as_str())
        .filter(|own| !own.trim().is_empty());
    match own {
        Some(own) if matches!(node.segment(), Some(Segment::Index(_))) => {
            format!("{path} ({})", cut(own))
        }
        _ => path,
    }
}

/// A path in backticks; one that holds a key in backticks stays as it is.
fn quoted(path: &str) -> String {
    if path.contains('`') {
        path.to_owned()
    } else {
        format!("`{path}`")
    }
}

/// The path with its indices left out, as the type table has it: `data[].retention`.
pub(super) fn general_path(node: NodeRef<'_>) -> String {
    let pointer = node.pointer();
    let mut path = String::new();
    for segment in pointer.segments() {
        match segment {
            Segment::Index(_) => path.push_str("[]"),
            Segment::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
        }
    }
    path
}

/// The value as it is quoted in a message.
pub(super) fn value(node: NodeRef<'_>) -> String {
    match node.scalar() {
        Some(Scalar::String(text)) => cut(text),
        Some(_) if !node.raw().is_empty() => cut(node.raw()),
        _ => node.kind().described().to_owned(),
    }
}

/// A JSON value of the schema as it would be written in a document.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text),
        other => cut(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(QUOTED).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// `a`, `b` and `c`, cut after the first sixteen.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<_> = names.into_iter().collect();
    let more = names.len().saturating_sub(LISTED);
    let mut parts: Vec<_> = names
        .iter()
        .take(LISTED)
        .map(|name| format!("`{name}`"))
        .collect();
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, start)) => format!("{} {last} {end}", start.join(", ")),
    }
}

/// "1 entry", "3 entries".
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What a node is, for "`x` is ..., not ...".
pub(super) fn is(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        Kind::Null => "empty",
        kind => kind.described(),
    }
}

/// The name of a JSON Schema type, with its article.
pub(super) fn type_name(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a mapping",
        _ => "null",
    }
}

/// "a string, a list or a mapping".
pub(super) fn alternatives(parts: &[String]) -> String {
    match parts.split_last() {
        None => "another type".to_owned(),
        Some((only, [])) => only.clone(),
        Some((end, start)) => format!("{} or {end}", start.join(", ")),
    }
}

/// What a schema wants, in a few words: its title, its format, or its types.
pub(super) fn wanted(lookup: Lookup<'_>, schema: &Value) -> Option<String> {
    let expanded = lookup.expand(schema);
    let first = |keyword: &str| expanded.iter().find_map(|part| part.get(keyword));
    let format = first("format").and_then(Value::as_str);
    if let Some((article, _)) = format.and_then(format_words) {
        return Some(article.to_owned());
    }
    if let Some(constant) = first("const") {
        return Some(format!("`{}`", literal(constant)));
    }
    if let Some(Value::Array(options)) = first("enum") {
        let options: Vec<_> = options.iter().map(literal).collect();
        return Some(format!(
            "one of {}",
            list(options.iter().map(String::as_str), "or")
        ));
    }
    match first("type")? {
        Value::String(name) if name == "object" => {
            let keys: Vec<_> = lookup
                .properties(schema)
                .into_iter()
                .map(|(key, _)| key)
                .collect();
            if keys.is_empty() {
                return Some("a mapping".to_owned());
            }
            Some(format!("a mapping with {}", list(keys, "and")))
        }
        Value::String(name) => Some(type_name(name).to_owned()),
        Value::Array(names) => {
            let names: Vec<_> = names
                .iter()
                .filter_map(Value::as_str)
                .map(|name| type_name(name).to_owned())
                .collect();
            Some(alternatives(&names))
        }
        _ => None,
    }
}

/// A format with its article, and how it is written.
pub(super) fn format_words(format: &str) -> Option<(&'static str, &'static str)> {
    Some(match format {
        "date" => ("a date", "write a day as YYYY-MM-DD, such as 2026-11-22"),
        "date-time" => (
            "a point in time",
            "write RFC 3339, such as 2026-11-22T09:30:00Z",
        ),
        "answer" => ("an answer", "write what is meant, or leave it out"),
        "duration" => (
            "a duration",
            "write an ISO 8601 duration, such as P2Y (two years), P18M or P30D",
        ),
        "time" => ("a time of day", "write RFC 3339, such as 09:30:00Z"),
        "uri" => (
            "a URI",
            "write it in full, such as https://example.com/dpia",
        ),
        "uri-reference" => ("a URI or a path", "write a URI or a path"),
        "email" | "idn-email" => ("an e-mail address", "write it as name@example.com"),
        "hostname" => ("a host name", "write it as example.com"),
        "uuid" => ("a UUID", "write it as 32 hexadecimal digits in five groups"),
        "regex" => ("a regular expression", "mend the expression"),
        _ => return None,
    })
}

/// "2 years" as `P2Y`, where a text is a number with a unit.
pub(super) fn as_duration(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().ok()?;
    let unit = match unit.trim_start_matches([' ', '-']).trim_end_matches('s') {
        "y" | "yr" | "year" => "Y",
        "month" | "mo" | "mon" => "M",
        "w" | "week" => "W",
        "d" | "day" => "D",
        _ => return None,
    };
    Some(format!("P{number}{unit}"))
}

/// The first sentence of a schema's description, without its full stop.
pub(super) fn description<'s>(lookup: Lookup<'s>, schema: &'s Value) -> Option<&'s str> {
    let text = lookup.keyword(schema, "description")?.as_str()?.trim();
    let bytes = text.as_bytes();
    // "GDPR Art. 6" is no end: what follows a sentence begins with a capital.
    let is_end = |at: usize| {
        bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace)
            && bytes.get(at + 2).is_none_or(u8::is_ascii_uppercase)
    };
    let stop = text.match_indices('.').find(|&(at, _)| is_end(at));
    let end = stop.map_or(text.len(), |(at, _)| at);
    let sentence = text.get(..end)?.trim_end_matches('.');
    (!sentence.is_empty()).then_some(sentence)
}

/// A schema's first example that is no collection, as it would be written.
pub(super) fn example(lookup: Lookup<'_>, schema: &Value) -> Option<String> {
    let examples = lookup.keyword(schema, "examples")?.as_array()?;
    let scalar = examples
        .iter()
        .find(|example| !example.is_array() && !example.is_object())?;
    Some(literal(scalar))
}

/// What to write for a key: its meaning and an example.
pub(super) fn meaning(lookup: Lookup<'_>, key: &str, schema: &Value) -> Option<String> {
    let example = example(lookup, schema).map(|example| format!("`{key}: {example}`"));
    let choice = lookup
        .keyword(schema, "enum")
        .and_then(Value::as_array)
        .map(|options| {
            let options: Vec<_> = options.iter().map(literal).collect();
            format!("one of {}", list(options.iter().map(String::as_str), "or"))
        });
    let hint = choice.or(example.map(|example| format!("such as {example}")));
    match (description(lookup, schema), hint) {
        (Some(text), Some(hint)) => Some(format!("{text}; {hint}")),
        (Some(text), None) => Some(text.to_owned()),
        (None, Some(hint)) => Some(hint),
        (None, None) => None,
    }
}

/// The hint for a scalar whose type YAML took otherwise than its author meant.
pub(super) fn yaml_hint(node: NodeRef<'_>, wants: &[&str]) -> Option<String> {
    let plain = node.style() == Style::Plain;
    let raw = node.raw();
    match node.scalar()? {
        Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_) if wants.contains(&"string") => {
            let shown = match node.scalar()? {
                Scalar::Float(number) => number.to_string(),
                Scalar::Int(number) => number.to_string(),
                _ => raw.to_owned(),
            };
            let taken = match node.kind() {
                Kind::Bool => "a truth value".to_owned(),
                _ if shown == raw => "a number".to_owned(),
                _ => format!("the number {shown}"),
            };
            Some(format!(
                "unquoted, `{}` is {taken}; write \"{0}\"",
                cut(raw)
            ))
        }
        Scalar::String(text) if wants.contains(&"boolean") => {
            let truth = match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" | "1" => "true",
                "no" | "off" | "n" | "false" | "0" => "false",
                _ => return None,
            };
            Some(if plain {
                format!("`{text}` is text in YAML 1.2; write {truth}")
            } else {
                format!("quoted, `{text}` is text; write {truth}")
            })
        }
        Scalar::String(text) if wants.iter().any(|w| matches!(*w, "number" | "integer")) => {
            if let Some(percent) = text.trim().strip_suffix('%') {
                let number: f64 = percent.trim().parse().ok()?;
                return Some(format!("write a share as a fraction: {}", number / 100.0));
            }
            text.trim().parse::<f64>().ok()?;
            Some(format!(
                "quoted, `{text}` is text; write {} without quotes",
                text.trim()
            ))
        }
        Scalar::String(_) | Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_)
            if wants == ["array"] =>
        {
            Some(format!("write it as a list: [{}]", cut(raw)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_words() {
        for (text, iso) in [
            ("2 years", Some("P2Y")),
            ("30d", Some("P30D")),
            ("6-months", Some("P6M")),
            ("1 week", Some("P1W")),
            ("forever", None),
            ("2", None),
            ("", None),
        ] {
            assert_eq!(as_duration(text).as_deref(), iso, "{text}");
        }
    }

    #[test]
    fn lists_and_counts() {
        assert_eq!(list(["a"], "or"), "`a`");
        assert_eq!(list(["a", "b", "c"], "and"), "`a`, `b` and `c`");
        let many: Vec<_> = (0..20).map(|n| n.to_string()).collect();
        assert!(list(many.iter().map(String::as_str), "or").ends_with("`15` or 4 more"));
        assert_eq!(count(1, "entry", "entries"), "1 entry");
        assert_eq!(cut("first\nsecond"), "first…");
    }
}

//! Lexical questions about expressions: is it a path, which names does it use.

use crate::source::Span;

/// Whether `text` is a path: `doc` or `item`, then keys (`.key`, `["key"]`) and indices.
/// If not, where it stops being one.
pub(crate) fn path_error(text: &str) -> Option<(Span, String)> {
    let start = text.len() - text.trim_start().len();
    let body = text.trim();
    let at = |offset: usize, to: usize| Span::from_range(&(start + offset..start + to));
    let root = identifier(body);
    if !matches!(root, "doc" | "item") {
        let end = root.len().max(1).min(body.len());
        return Some((at(0, end), "a path begins with `doc` or `item`".to_owned()));
    }
    let mut rest = body.get(root.len()..).unwrap_or_default();
    while !rest.is_empty() {
        let offset = body.len() - rest.len();
        let Some(length) = step(rest) else {
            return Some((
                at(offset, body.len()),
                format!("`{}` is no path", body.trim()),
            ));
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    None
}

/// The length of one step at the beginning of `text`.
fn step(text: &str) -> Option<usize> {
    if let Some(after) = text.strip_prefix('.') {
        if let Some(quoted) = after.strip_prefix('`') {
            return Some(quoted.find('`')? + 3);
        }
        let length = identifier(after).len();
        return (length > 0).then_some(length + 1);
    }
    let inner = text.strip_prefix('[')?;
    let quote = inner.chars().next()?;
    let length = if matches!(quote, '"' | '\'') {
        inner.get(1..)?.find(quote)? + 2
    } else {
        inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len()
    };
    (length > 0 && inner.get(length..)?.starts_with(']')).then_some(length + 2)
}

fn identifier(text: &str) -> &str {
    let starts = text
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    if starts {
        text.get(..end).unwrap_or_default()
    } else {
        ""
    }
}

/// The identifiers of an expression in order, string literals left out. A field counts as well.
pub(crate) fn identifiers(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let c = rest.chars().next().unwrap_or_default();
        if matches!(c, '"' | '\'') {
            at += literal_length(rest, c);
            continue;
        }
        let name = identifier(rest);
        if name.is_empty() {
            at += c.len_utf8();
            // Digits do not begin a name, and what follows them is no name either: `1u`.
            if c.is_ascii_digit() {
                at += rest
                    .get(1..)
                    .unwrap_or_default()
                    .find(|c: char| !c.is_ascii_alphanumeric())
                    .unwrap_or(rest.len() - 1);
            }
        } else {
            found.push(name);
            at += name.len();
        }
    }
    found
}

fn literal_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether an expression reads the parameter `name`. An index that is computed may read any.
pub(crate) fn reads_param(text: &str, name: &str) -> bool {
    text.match_indices("params").any(|(at, _)| {
        let rest = text.get(at + "params".len()..).unwrap_or_default();
        if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            return false;
        }
        let rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('.') {
            return identifier(after.trim_start_matches(['?', ' '])) == name;
        }
        let Some(inner) = rest.strip_prefix('[') else {
            // `params` as a whole: handed to a macro or compared.
            return true;
        };
        let inner = inner.trim_start_matches(['?', ' ']);
        match inner.chars().next() {
            Some(quote @ ('"' | '\'')) => inner
                .get(1..)
                .and_then(|rest| rest.split(quote).next())
                .is_some_and(|key| key == name),
            _ => true,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_what_is_none() {
        for path in [
            "doc",
            "item",
            "doc.a.b",
            " item.retention ",
            "doc.metrics[\"f1-score\"]",
            "item[0].name",
            "doc.`f1-score`",
        ] {
            assert_eq!(path_error(path), None, "{path}");
        }
        for (text, span) in [
            ("params.limit", Span::new(0, 6)),
            ("data.retention", Span::new(0, 4)),
            ("item.a == 1", Span::new(6, 11)),
            ("size(doc.data)", Span::new(0, 4)),
            ("doc.data.all(d, d.x)", Span::new(12, 20)),
            ("doc..a", Span::new(3, 6)),
            ("doc.?a", Span::new(3, 6)),
            ("doc[i]", Span::new(3, 6)),
        ] {
            assert_eq!(path_error(text).map(|(span, _)| span), Some(span), "{text}");
        }
    }

    #[test]
    fn names_outside_of_literals() {
        assert_eq!(
            identifiers("doc.a == 'item' && 1u < x9 || \"\\\"doc\" in params.y"),
            ["doc", "a", "x9", "in", "params", "y"]
        );
    }

    #[test]
    fn parameters_that_are_read() {
        assert!(reads_param("days(params.limit) > 3", "limit"));
        assert!(!reads_param("days(params.limits) > 3", "limit"));
        assert!(reads_param("params['limit']", "limit"));
        assert!(reads_param("params[x]", "limit"));
        assert!(!reads_param("params['other']", "limit"));
        assert!(reads_param("size(params)", "limit"));
        assert!(!reads_param("params2.limit", "limit"));
    }
}

//! Edits of the text that a tree was read from: a scalar in place of another, a key renamed, a key
//! put in. What is around them stays as it is, and so do quotes wherever they can.
//!
//! Where an edit cannot be made for certain there is none: a value that an alias or a merge key brought
//! along, a block scalar, a file without one of the syntaxes, the text of Markdown.

use super::markdown::data_of_front_matter;
use super::node::{Entry, NodeRef, Scalar};
use super::syntax::Syntax;
use crate::finding::Edit;
use crate::source::{Location, SourceFile, Span};

/// How the data at a place is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Yaml,
    Json,
    Toml,
}

impl Notation {
    /// The notation at a place; `None` where there is prose, or none that is known.
    fn at(source: &SourceFile, place: Span) -> Option<Self> {
        let of = |syntax| match syntax {
            Syntax::Yaml => Some(Self::Yaml),
            Syntax::Json => Some(Self::Json),
            Syntax::Toml => Some(Self::Toml),
            Syntax::Markdown | Syntax::Xml => None,
        };
        match Syntax::of_path(source.path())? {
            Syntax::Markdown => {
                let (syntax, content) = data_of_front_matter(source.text())?;
                (content.start <= place.start && place.end <= content.end).then_some(())?;
                of(syntax)
            }
            syntax => of(syntax),
        }
    }
}

impl NodeRef<'_> {
    /// The edit that puts another scalar in the place of this one; a text in the same quotes, if
    /// they can hold it.
    pub fn rewritten(self, value: Scalar<'_>) -> Option<Edit> {
        if self.scalar().is_none() || self.is_brought() {
            return None;
        }
        let notation = Notation::at(self.source(), self.span())?;
        let replacement = scalar(value, self.raw(), notation)?;
        Some(Edit {
            at: self.location(),
            replacement,
        })
    }

    /// The edit that gives an entry of this mapping another key, in the same quotes. `None` where the key
    /// is there already.
    pub fn renamed(self, entry: &Entry<'_>, key: &str) -> Option<Edit> {
        if entry.merged || self.is_brought() || self.entry(key).is_some() || !is_bare(key) {
            return None;
        }
        // Of a document with a sidecar each entry stands in one of the two files.
        let file = entry.value.source();
        if entry.key_location.file != file.id() {
            return None;
        }
        let raw = file.slice(entry.key_location.span);
        Notation::at(file, entry.key_location.span)?;
        let replacement = if raw == entry.key {
            key.to_owned()
        } else {
            let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            (raw.strip_prefix(quote)?.strip_suffix(quote)? == entry.key)
                .then(|| format!("{quote}{key}{quote}"))?
        };
        Some(Edit {
            at: entry.key_location,
            replacement,
        })
    }

    /// The edit that gives this mapping one more entry, written as its others are.
    pub fn inserted(self, key: &str, value: Scalar<'_>) -> Option<Edit> {
        if !self.is_mapping() || self.is_brought() || self.entry(key).is_some() || !is_bare(key) {
            return None;
        }
        let file = self.source();
        let own = |entry: &Entry<'_>| !entry.merged && entry.key_location.file == file.id();
        let entries: Vec<Entry<'_>> = self.entries().filter(own).collect();
        let first = entries.first()?;
        let notation = Notation::at(file, first.key_location.span)?;
        let in_braces = file.slice(self.span()).starts_with('{');
        let text = scalar(value, if in_braces { "{" } else { "" }, notation)?;
        let new = match notation {
            Notation::Yaml => format!("{key}: {text}"),
            Notation::Json => format!("\"{key}\": {text}"),
            Notation::Toml => format!("{key} = {text}"),
        };
        if in_braces {
            return in_braces_behind(file, entries.last()?, &new);
        }
        let lines = entries.iter().rev();
        let behind = lines.filter_map(|entry| line_behind(file, entry, notation, &new));
        behind
            .chain(line_before(file, first, notation, &new))
            .next()
    }

    /// Whether an alias or a merge key brought it here: then its text is that of another place.
    fn is_brought(self) -> bool {
        std::iter::successors(Some(self), |node| node.parent()).any(|node| {
            node.anchor().is_some() || node.own_entry().is_some_and(|entry| entry.merged)
        })
    }
}

/// A key that every notation takes without quotes.
fn is_bare(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A scalar in a notation, in place of `former`.
fn scalar(value: Scalar<'_>, former: &str, notation: Notation) -> Option<String> {
    // What goes over several lines is not put into one.
    if former.contains('\n') || former.starts_with(['|', '>', '*', '&', '!']) {
        return None;
    }
    Some(match value {
        Scalar::Null => return None,
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float(value) => {
            let value = serde_json::Number::from_f64(value)?;
            value.to_string()
        }
        Scalar::String(text) => return string(text, former, notation),
    })
}

fn string(text: &str, former: &str, notation: Notation) -> Option<String> {
    let quoted = || serde_json::to_string(text).ok();
    let plain = is_plain(text);
    match (notation, former.chars().next()) {
        _ if former.starts_with("\"\"\"") || former.starts_with("'''") => None,
        (Notation::Yaml | Notation::Toml, Some('\'')) if plain => Some(format!("'{text}'")),
        (Notation::Yaml, Some('"' | '\'')) | (Notation::Json | Notation::Toml, _)
            if !(notation == Notation::Toml && plain && is_toml_date(former)) =>
        {
            quoted()
        }
        _ if plain => Some(text.to_owned()),
        _ => quoted(),
    }
}

/// Whether a former value of TOML is a date without quotes.
fn is_toml_date(former: &str) -> bool {
    former.starts_with(|c: char| c.is_ascii_digit()) && former.contains('-')
}

/// A text that YAML 1.1 and 1.2 read as itself without quotes, also between braces, or as a date.
fn is_plain(text: &str) -> bool {
    const OTHERWISE: &str = "null true false yes no on off y n nan";
    let inner =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+' | ':' | ' ');
    // What YAML 1.1 counts in sixties, and what it takes underscores out of.
    let digits = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '_' | '+'))
        && text.matches('.').count() < 2;
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(inner)
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !digits
        && text.parse::<f64>().is_err()
        && !text.starts_with("0x")
        && !text.starts_with("0o")
        && !OTHERWISE
            .split(' ')
            .any(|word| text.eq_ignore_ascii_case(word))
}

/// Behind the last value of a mapping in braces.
fn in_braces_behind(file: &SourceFile, last: &Entry<'_>, new: &str) -> Option<Edit> {
    let value = last.value.span();
    if last.value.source().id() != file.id()
        || value.is_empty()
        || value.start < last.key_location.span.end
    {
        return None;
    }
    let key = last.key_location.span;
    let start = line_start(file.text(), key.start);
    let before = file.text().get(start..key.start as usize)?;
    // Where each entry has a line, the new one has its own.
    let replacement = if before.trim_matches([' ', '\t', '"']).is_empty() {
        let indent = before.trim_end_matches('"');
        format!(",{}{indent}{new}", line_end(file.text(), start))
    } else {
        format!(", {new}")
    };
    Some(put_in(file, value.end, replacement))
}

/// On a line of its own behind an entry whose value stands on the line of its key.
fn line_behind(
    file: &SourceFile,
    entry: &Entry<'_>,
    notation: Notation,
    new: &str,
) -> Option<Edit> {
    let text = file.text();
    let key = entry.key_location.span;
    let value = entry.value;
    let start = line_start(text, key.start);
    let length = text.get(start..)?.find('\n');
    let end = length.map_or(text.len(), |length| start + length);
    let on_the_line = value.scalar().is_some()
        && value.source().id() == file.id()
        && value.span().start >= key.end
        && !value.span().is_empty()
        && value.span().end as usize <= end
        && !value.raw().starts_with(['|', '>']);
    if !on_the_line {
        return None;
    }
    let indent = indent(text.get(start..key.start as usize)?, notation)?;
    let line = text.get(start..end)?;
    let behind = end - (line.len() - line.trim_end_matches('\r').len());
    let replacement = format!("{}{indent}{new}", line_end(text, start));
    Some(put_in(file, u32::try_from(behind).ok()?, replacement))
}

/// On a line of its own before the first entry.
fn line_before(
    file: &SourceFile,
    first: &Entry<'_>,
    notation: Notation,
    new: &str,
) -> Option<Edit> {
    let text = file.text();
    let key = first.key_location.span;
    let start = line_start(text, key.start);
    let indent = indent(text.get(start..key.start as usize)?, notation)?;
    (notation == Notation::Yaml).then_some(())?;
    let replacement = format!("{new}{}{indent}", line_end(text, start));
    Some(put_in(file, key.start, replacement))
}

/// The indentation of the lines of a mapping, by what stands before a key on its line: white space, or the
/// dashes of lists.
fn indent(before: &str, notation: Notation) -> Option<String> {
    let before = before.trim_start_matches('\u{FEFF}');
    let blank = |c: char| match notation {
        Notation::Yaml => matches!(c, ' ' | '-'),
        Notation::Json | Notation::Toml => matches!(c, ' ' | '\t'),
    };
    before.chars().all(blank).then(|| before.replace('-', " "))
}

fn put_in(file: &SourceFile, at: u32, replacement: String) -> Edit {
    Edit {
        at: Location {
            file: file.id(),
            span: Span::new(at, at),
        },
        replacement,
    }
}

fn line_start(text: &str, at: u32) -> usize {
    let before = text.get(..at as usize).unwrap_or_default();
    before.rfind('\n').map_or(0, |end| end + 1)
}

/// How the line that begins at `start` ends; the last one of a file is taken to end as its first.
fn line_end(text: &str, start: usize) -> &'static str {
    let here = text.get(start..).unwrap_or_default();
    let line = here.split_once('\n').or_else(|| text.split_once('\n'));
    match line {
        Some((line, _)) if line.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;
    use crate::finding::edited;
    use crate::source::FileId;

    /// The file with an edit made, or "none".
    fn after(path: &str, text: &str, edit: impl Fn(NodeRef<'_>) -> Option<Edit>) -> String {
        let source = SourceFile::new(FileId(0), path, text);
        let syntax = Syntax::of_path(source.path()).unwrap();
        let parsed = read(&source, syntax, &Limits::default());
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let root = parsed.tree.root().unwrap();
        edit(root).map_or_else(|| "none".to_owned(), |edit| edited(text, [&edit]).unwrap())
    }

    fn put(path: &str, text: &str, at: &str, value: Scalar<'_>) -> String {
        after(path, text, |root| {
            root.at(&at.parse().unwrap())?.rewritten(value)
        })
    }

    #[test]
    fn a_scalar_keeps_its_quotes_where_they_can_hold_the_new_one() {
        let text = Scalar::String;
        for (path, before, value, now) in [
            ("a.yaml", "a: 2 years # c\n", text("P2Y"), "a: P2Y # c\n"),
            ("a.yaml", "a: '2 years'\r\n", text("P2Y"), "a: 'P2Y'\r\n"),
            (
                "a.yaml",
                "{a: \"x\", b: 1}",
                text("P2Y"),
                "{a: \"P2Y\", b: 1}",
            ),
            ("a.yaml", "a: 'x'\n", text("it's"), "a: \"it's\"\n"),
            ("a.yaml", "a: x\n", text("no"), "a: \"no\"\n"),
            ("a.yaml", "a: x\n", text("1.10"), "a: \"1.10\"\n"),
            ("a.yaml", "a: x\n", text("1.1.0"), "a: 1.1.0\n"),
            ("a.yaml", "a: x\n", text("1_0.5"), "a: \"1_0.5\"\n"),
            ("a.yaml", "a: x\n", text("12:30:00"), "a: \"12:30:00\"\n"),
            ("a.yaml", "a: x\n", text("a # b"), "a: \"a # b\"\n"),
            ("a.yaml", "a: 'yes'\n", Scalar::Bool(true), "a: true\n"),
            ("a.yaml", "a: '0.80'\n", Scalar::Float(0.8), "a: 0.8\n"),
            ("a.yaml", "a: |\n  x\n", text("w"), "none"),
            ("a.yaml", "a: x\n  y\n", text("w"), "none"),
            ("a.yaml", "b: &x v\na: *x\n", text("w"), "none"),
            ("a.yaml", "b: &x {a: v}\n<<: *x\n", text("w"), "none"),
            ("a.yaml", "a: &x v\n", text("w"), "a: &x w\n"),
            ("a.json", "{\"a\":\"x\"}", text("w"), "{\"a\":\"w\"}"),
            ("a.json", "{\"a\":\"x\"}", Scalar::Int(3), "{\"a\":3}"),
            ("a.toml", "a = 'x'\n", text("w"), "a = 'w'\n"),
            (
                "a.toml",
                "a = \"x\"\n",
                text("2026-05-02"),
                "a = \"2026-05-02\"\n",
            ),
            ("a.toml", "a = 7\n", text("7"), "a = \"7\"\n"),
            ("a.toml", "a = '''x'''\n", text("w"), "none"),
            (
                "a.md",
                "---\na: x\n---\n# T\n",
                text("w"),
                "---\na: w\n---\n# T\n",
            ),
            (
                "a.md",
                "+++\na = 'x'\n+++\n",
                text("w"),
                "+++\na = 'w'\n+++\n",
            ),
            ("a.xml", "<a>x</a>", text("w"), "none"),
        ] {
            assert_eq!(put(path, before, "a", value), now, "{before}");
        }
        let body = "---\na: x\n---\n# Title\n";
        assert_eq!(put("a.md", body, "sections[0].title", text("w")), "none");
    }

    #[test]
    fn a_key_is_renamed_in_its_quotes_and_never_twice() {
        for (path, before, now) in [
            ("a.yaml", "k: 1 # c\nb: 2\n", "key: 1 # c\nb: 2\n"),
            ("a.yaml", "{\"k\": 1}\n", "{\"key\": 1}\n"),
            ("a.yaml", "? 'k'\n: 1\n", "? 'key'\n: 1\n"),
            ("a.yaml", "\"\\x6b\": 1\n", "none"),
            ("a.yaml", "k: 1\nkey: 2\n", "none"),
            ("a.yaml", "o: &x {k: 1}\n<<: *x\n", "none"),
            ("a.json", "{\"k\": 1}", "{\"key\": 1}"),
            ("a.toml", "k = 1\n", "key = 1\n"),
            ("a.toml", "[k]\nx = 1\n", "[key]\nx = 1\n"),
            ("a.md", "---\r\nk: 1\r\n---\r\n", "---\r\nkey: 1\r\n---\r\n"),
        ] {
            let renamed = |root: NodeRef<'_>| root.renamed(&root.entry("k")?, "key");
            assert_eq!(after(path, before, renamed), now, "{before}");
        }
    }

    #[test]
    fn a_new_entry_is_written_as_those_around_it() {
        for (path, at, before, now) in [
            ("a.yaml", "", "a: 1 # c\n", "a: 1 # c\nkey: v\n"),
            ("a.yaml", "", "a: 1", "a: 1\nkey: v"),
            (
                "a.yaml",
                "",
                "\u{FEFF}a: 1\r\n",
                "\u{FEFF}a: 1\r\nkey: v\r\n",
            ),
            (
                "a.yaml",
                "a",
                "a:\n  b: 1\n  c: {d: 1}\n",
                "a:\n  b: 1\n  key: v\n  c: {d: 1}\n",
            ),
            (
                "a.yaml",
                "a[0]",
                "a:\n- b: 1\n- c: 2\n",
                "a:\n- b: 1\n  key: v\n- c: 2\n",
            ),
            (
                "a.yaml",
                "a[0]",
                "a:\n- b:\n    c: 2\n",
                "a:\n- key: v\n  b:\n    c: 2\n",
            ),
            (
                "a.yaml",
                "a",
                "a: {b: 1, c: [2]}\n",
                "a: {b: 1, c: [2], key: v}\n",
            ),
            ("a.yaml", "a", "a: {b: 1,}\n", "a: {b: 1, key: v,}\n"),
            ("a.yaml", "a", "a: {}\n", "none"),
            ("a.yaml", "a", "a: {b: }\n", "none"),
            ("a.yaml", "a", "b: &x {c: 1}\na: *x\n", "none"),
            ("a.json", "", "{\"a\": 1}", "{\"a\": 1, \"key\": \"v\"}"),
            (
                "a.json",
                "",
                "{\r\n\t\"a\": [1]\r\n}",
                "{\r\n\t\"a\": [1],\r\n\t\"key\": \"v\"\r\n}",
            ),
            (
                "a.toml",
                "",
                "a = 1\n[b]\nc = 2\n",
                "a = 1\nkey = \"v\"\n[b]\nc = 2\n",
            ),
            (
                "a.toml",
                "b",
                "a = 1\n[b]\nc = 2\n",
                "a = 1\n[b]\nc = 2\nkey = \"v\"\n",
            ),
            (
                "a.toml",
                "b",
                "b = { c = 1 }\n",
                "b = { c = 1, key = \"v\" }\n",
            ),
            ("a.toml", "b", "b.c = 1\n", "none"),
            (
                "a.md",
                "",
                "---\na: 1\n---\n# T\n",
                "---\na: 1\nkey: v\n---\n# T\n",
            ),
        ] {
            let inserted = |root: NodeRef<'_>| {
                root.at(&at.parse().unwrap())?
                    .inserted("key", Scalar::String("v"))
            };
            let text = after(path, before, inserted);
            assert_eq!(text, now, "{before}");
            if text != "none" {
                let read = |root: NodeRef<'_>| {
                    let value = root.at(&at.parse().unwrap())?.get("key")?;
                    assert_eq!(value.as_str(), Some("v"));
                    None
                };
                after(path, &text, read);
            }
        }
    }
}

//! The place of every node, key and comment in the documents of `tests/spans/*.txt`.
//!
//! A document begins with `=== name`; its text follows up to a line of `───`, with every
//! character that cannot be seen written out: `␊` is a line feed (a line break without it is not
//! part of the text), `␍` a carriage return, `␉` a tab, `⟨BOM⟩` a byte order mark. Then comes one
//! line for each key and node: pointer, bytes, what it is, and the text at that place.
//! `BLESS=1 cargo test --test spans` writes those lines anew; review them by eye.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment to write its data anew"
)]

mod common;

use std::fmt::Write as _;
use std::path::PathBuf;

use common::read_soundly;
use launchgate::source::{Location, Span};
use launchgate::value::{Entry, Kind, NodeRef, Parsed, Scalar, Syntax};

const END_OF_TEXT: &str = "───";

struct Case {
    name: String,
    text: String,
    expected: String,
}

fn path(syntax: Syntax) -> PathBuf {
    let name = format!("{}.txt", syntax.name().to_lowercase());
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/spans")
        .join(name)
}

fn cases(syntax: Syntax) -> Vec<Case> {
    let data = std::fs::read_to_string(path(syntax)).unwrap();
    let data = data.replace('\r', "");
    let mut cases = Vec::new();
    for case in data.split("=== ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (text, expected) = rest.split_once(END_OF_TEXT).unwrap();
        let text = text.replace('\n', "");
        cases.push(Case {
            name: name.to_owned(),
            text: hidden(&text),
            expected: expected.trim().to_owned(),
        });
    }
    cases
}

fn hidden(text: &str) -> String {
    text.replace('␊', "\n")
        .replace('␍', "\r")
        .replace('␉', "\t")
        .replace("⟨BOM⟩", "\u{feff}")
}

fn shown(text: &str) -> String {
    text.replace('\u{feff}', "⟨BOM⟩")
        .replace('\t', "␉")
        .replace('\r', "␍")
        .replace('\n', "␊")
}

/// One line for each comment, node and key.
fn places(parsed: &Parsed, text: &str) -> String {
    let mut out = String::new();
    for comment in parsed.tree.comments() {
        line(&mut out, "#", comment.span, "comment", text);
    }
    for (index, root) in parsed.tree.roots().enumerate() {
        if parsed.tree.roots().len() > 1 {
            writeln!(out, "document {}", index + 1).unwrap();
        }
        node_places(&mut out, root, text, false);
    }
    out.trim().to_owned()
}

fn node_places(out: &mut String, node: NodeRef<'_>, text: &str, merged: bool) {
    let pointer = match node.pointer().to_string() {
        pointer if pointer.is_empty() => "/".to_owned(),
        pointer => shown(&pointer),
    };
    let mut what = match node.kind() {
        Kind::Null => "null",
        Kind::Bool => "bool",
        Kind::Int => "int",
        Kind::Float => "float",
        Kind::String => "string",
        Kind::Sequence => "list",
        Kind::Mapping => "mapping",
    }
    .to_owned();
    if let Some(Location { span, .. }) = node.anchor() {
        write!(what, " (alias of {}..{})", span.start, span.end).unwrap();
    }
    if merged {
        what.push_str(" (merged)");
    }
    line(out, &pointer, node.span(), &what, text);
    for item in node.items() {
        node_places(out, item, text, merged);
    }
    for entry in node.entries() {
        let pointer = shown(&entry.value.pointer().to_string());
        line(out, &pointer, entry.key_location.span, "key", text);
        node_places(out, entry.value, text, merged || entry.merged);
    }
}

fn line(out: &mut String, pointer: &str, span: Span, what: &str, text: &str) {
    const LONG: usize = 48;
    let raw = shown(&text[span.range()]);
    let count = raw.chars().count();
    let raw = if count > LONG {
        let first: String = raw.chars().take(LONG / 2).collect();
        let last: String = raw.chars().skip(count - LONG / 2).collect();
        format!("{first} … {last}")
    } else {
        raw
    };
    let text = format!("{pointer} {}..{} {what} ‹{raw}›", span.start, span.end);
    writeln!(out, "{text}").unwrap();
}

#[test]
fn every_node_is_where_the_data_says() {
    let bless = std::env::var("BLESS").is_ok();
    let mut count = 0;
    for syntax in Syntax::ALL {
        let mut data = String::new();
        for case in cases(syntax) {
            count += 1;
            let parsed = read_soundly(&case.text, syntax);
            assert!(
                parsed.problems.is_empty(),
                "{}: {:?}",
                case.name,
                parsed.problems
            );
            let places = places(&parsed, &case.text);
            if !bless {
                assert_eq!(places, case.expected, "{syntax:?}: {}", case.name);
            }
            let text = shown(&case.text).replace('␊', "␊\n");
            let text = text.trim_end_matches('\n');
            writeln!(data, "=== {}\n{text}\n{END_OF_TEXT}\n{places}\n", case.name).unwrap();
        }
        if bless {
            std::fs::write(path(syntax), data.trim_end().to_owned() + "\n").unwrap();
        }
    }
    assert!(count >= 60, "{count} documents");
}

/// What stands at a place, read by itself, is the value that the tree has for that place.
#[test]
fn the_text_at_each_place_reads_as_the_value() {
    let mut compared = 0;
    for syntax in [Syntax::Yaml, Syntax::Json, Syntax::Toml, Syntax::Xml] {
        for case in cases(syntax) {
            let parsed = read_soundly(&case.text, syntax);
            for root in parsed.tree.roots() {
                compared += compare(root, syntax, &case.name);
            }
        }
    }
    assert!(compared > 300, "{compared} places");
}

fn compare(node: NodeRef<'_>, syntax: Syntax, name: &str) -> usize {
    let mut compared = 0;
    if let Some(value) = node.scalar() {
        let raw = node.raw();
        // An alias is read where its anchor is; tags and trailing blank lines stand outside.
        let elsewhere = node.anchor().is_some() || raw.starts_with('*');
        let tagged = name.contains("tags") || raw.is_empty() && !node.is_null();
        let kept = raw.starts_with("|+") || raw.starts_with(">+");
        // An element that holds nothing is its tag, and text around elements holds these, too.
        let tagged = tagged || syntax == Syntax::Xml && (node.is_null() || raw.contains("<b/>"));
        if !elsewhere && !tagged && !kept {
            let text = match syntax {
                Syntax::Toml => format!("v = {raw}"),
                Syntax::Xml if raw.starts_with(['"', '\'']) => format!("<x v={raw}/>"),
                Syntax::Xml => format!("<v>{raw}</v>"),
                _ => raw.to_owned(),
            };
            let reread = read_soundly(&text, syntax);
            let root = reread.tree.root();
            let found = match syntax {
                Syntax::Toml => root.and_then(|root| root.get("v")),
                Syntax::Xml if raw.starts_with(['"', '\'']) => {
                    root.and_then(|root| root.get("x")?.get("@v"))
                }
                Syntax::Xml => root.and_then(|root| root.get("v")),
                _ => root,
            };
            let found = found.and_then(NodeRef::scalar).unwrap_or(Scalar::Null);
            let same = match (found, value) {
                // A block scalar at the end of a text gets its final line break from the next line.
                (Scalar::String(a), Scalar::String(b)) if raw.starts_with(['|', '>']) => {
                    a.trim_end() == b.trim_end()
                }
                (a, b) => a == b,
            };
            assert!(
                same,
                "{name}: {} is {value:?}, not {found:?}",
                node.pointer()
            );
            compared += 1;
        }
    }
    for item in node.items() {
        compared += compare(item, syntax, name);
    }
    for entry in node.entries() {
        compare_key(&entry, syntax, name);
        compared += 1 + compare(entry.value, syntax, name);
    }
    compared
}

fn compare_key(entry: &Entry<'_>, syntax: Syntax, name: &str) {
    let raw = entry.value.source().slice(entry.key_location.span);
    // Keys of XML are names with marks before them.
    if raw.starts_with('*') || syntax == Syntax::Xml {
        return;
    }
    let text = match syntax {
        Syntax::Toml => format!("{raw} = 1"),
        _ => raw.to_owned(),
    };
    let reread = read_soundly(&text, syntax);
    let root = reread.tree.root().unwrap();
    let found = match syntax {
        Syntax::Toml => root.entries().next().unwrap().key,
        _ => root.as_str().unwrap(),
    };
    assert_eq!(found.trim_end(), entry.key.trim_end(), "{name}");
}

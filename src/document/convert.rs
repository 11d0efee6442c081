//! Writes a document in another format: its canonical fields, where the format keeps them.
//!
//! A format that can be written says so under `write` in its file. What is written is read again,
//! and every value that does not come back as it was is named: a format has no home for everything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::identify::{Identified, Input, SECTIONS, identify};
use super::{Document, Formats, Kinds, Shown, builtin};
use crate::source::{FileId, SourceFile};
use crate::value::{Limits, NodeRef, Scalar, Syntax, read};

/// The kind's own fields, in YAML: what every document can be written in.
pub const NATIVE: &str = "native";

/// A document in another format.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The text of the new file.
    pub text: String,
    /// The paths of the values that it does not hold as they were, in the order of the document.
    pub lost: Vec<String>,
    /// What was left out because the format asks for more than is known, and what its own rules find
    /// in the new file, in sentences.
    pub remarks: Vec<String>,
}

/// Why a document cannot be written in a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unwritable {
    /// There is no such format, or nothing says how it is written.
    #[error("no document can be written in the format `{name}`")]
    Format {
        /// The format.
        name: String,
        /// The formats that can be written, sorted.
        known: Vec<String>,
    },
    /// The format is for another kind.
    #[error("the format `{name}` is for documents of the kind `{kind}`")]
    Kind {
        /// The format.
        name: String,
        /// Its kind.
        kind: String,
    },
}

/// Writes a document in the format with this name.
///
/// # Errors
/// If the format cannot be written, or is for another kind.
pub fn convert(document: &Document, name: &str, kinds: &Kinds) -> Result<Converted, Unwritable> {
    if name == NATIVE {
        let text = serde_yaml::to_string(&own(document)).unwrap_or_default();
        let (lost, remarks) = lost(document, &text, "card.yaml", None, kinds);
        return Ok(Converted {
            text,
            lost,
            remarks,
        });
    }
    let known = writable();
    let Some((_, format)) = known.iter().find(|(known, _)| known == name) else {
        let mut known: Vec<_> = known.into_iter().map(|(name, _)| name).collect();
        known.push(NATIVE.to_owned());
        return Err(Unwritable::Format {
            name: name.to_owned(),
            known,
        });
    };
    let kind = format.get("kind").and_then(Value::as_str);
    let kind = kind.unwrap_or_default();
    if kind != document.kind() {
        return Err(Unwritable::Kind {
            name: name.to_owned(),
            kind: kind.to_owned(),
        });
    }
    let write = format.get("write").unwrap_or(&Value::Null);
    let (values, mut remarks) = write_fields(document.root(), write);
    let markdown = format.get("syntax").and_then(Value::as_str) == Some("markdown");
    let (text, path) = if markdown {
        (as_markdown(document.root(), &values, write), "README.md")
    } else {
        let mut text = serde_json::to_string_pretty(&values).unwrap_or_default();
        text.push('\n');
        (text, "bom.json")
    };
    let (lost, found) = lost(document, &text, path, Some(name), kinds);
    remarks.extend(found);
    Ok(Converted {
        text,
        lost,
        remarks,
    })
}

/// The formats that can be written, by name.
fn writable() -> Vec<(String, Value)> {
    let folder = builtin::SCHEMAS.get_dir("formats");
    let files = folder.into_iter().flat_map(include_dir::Dir::files);
    let mut formats: Vec<_> = files
        .filter_map(|file| {
            let format: Value = serde_yaml::from_str(file.contents_utf8()?).ok()?;
            let name = format.get("format")?.as_str()?.to_owned();
            format.get("write")?;
            Some((name, format))
        })
        .collect();
    formats.sort_by(|(a, _), (b, _)| a.cmp(b));
    formats
}

/// The canonical view without the body of a Markdown file.
fn own(document: &Document) -> Value {
    let mut fields = Map::new();
    fields.insert("kind".to_owned(), document.kind().into());
    for entry in document.root().entries() {
        if !matches!(entry.key, SECTIONS | "kind") {
            fields.insert(entry.key.to_owned(), json(entry.value));
        }
    }
    Value::Object(fields)
}

fn json(node: NodeRef<'_>) -> Value {
    match node.scalar() {
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => value.into(),
        Some(Scalar::String(text)) => text.into(),
        None if node.is_sequence() => node.items().map(json).collect(),
        None => {
            let entries = node.entries();
            entries.map(|e| (e.key.to_owned(), json(e.value))).collect()
        }
    }
}

/// The node at a path of keys that are parted by dots.
fn at<'t>(node: NodeRef<'t>, path: &str) -> Option<NodeRef<'t>> {
    path.split('.').try_fold(node, NodeRef::get)
}

/// Puts what a document has of the fields of `write` where these say, into what is new there.
///
/// Gives the file, and what was left out.
fn write_fields(root: NodeRef<'_>, write: &Value) -> (Value, Vec<String>) {
    let mut file = write.get("new").cloned().unwrap_or(Value::Null);
    let to = write.get("to").and_then(Value::as_str).unwrap_or_default();
    let mut remarks = Vec::new();
    put_fields((root, root), write, to, &mut file, &mut remarks);
    put_also((root, root), write, to, &mut file);
    let needs = write.get("needs").and_then(Value::as_array);
    let needs = needs.into_iter().flatten().filter_map(Value::as_str);
    let lacking = needs.filter(|path| found(&file, path).is_none());
    remarks.extend(lacking.map(|path| format!("the format needs `{path}`, and that is not known")));
    (file, remarks)
}

/// What a path of keys and indices leads to.
fn found<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut steps = path.split('.').filter(|step| !step.is_empty());
    steps.try_fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(step),
    })
}

fn behind(to: &str, key: &str) -> String {
    if to.is_empty() {
        key.to_owned()
    } else {
        format!("{to}.{key}")
    }
}

/// Puts what stands in a file beside the fields themselves: what the document says elsewhere, and
/// constants.
fn put_also((root, from): (NodeRef<'_>, NodeRef<'_>), write: &Value, to: &str, into: &mut Value) {
    let also = write.get("also").and_then(Value::as_object);
    for (path, what) in also.into_iter().flatten() {
        let text = |key: &str| what.get(key).and_then(Value::as_str);
        if text("when").is_some_and(|when| found(into, &behind(to, when)).is_none()) {
            continue;
        }
        let paths = what.get("document").and_then(Value::as_array);
        let paths = paths.into_iter().flatten().filter_map(Value::as_str);
        let value = match text("element") {
            Some(field) => at(from, field).map(json),
            None => paths.filter_map(|path| at(root, path)).map(json).next(),
        };
        let value = value.or_else(|| what.get("value").cloned());
        let pattern = text("matches").map(regex::Regex::new);
        let fits = |value: &Value| match &pattern {
            Some(Ok(pattern)) => value.as_str().is_some_and(|text| pattern.is_match(text)),
            Some(Err(_)) => false,
            None => true,
        };
        if let Some(value) = value.filter(fits)
            && found(into, &behind(to, path)).is_none()
        {
            put(into, &behind(to, path), value);
        }
    }
}

/// Puts the elements of a list. One that lacks what the format needs is left out and said.
fn put_list(
    (root, node): (NodeRef<'_>, NodeRef<'_>),
    (home, list): (&Value, &str),
    into: &mut Value,
    remarks: &mut Vec<String>,
) {
    let text = |key: &str| home.get(key).and_then(Value::as_str);
    let mut number = 0;
    for item in node.items() {
        let mut element = home.get("new").cloned().unwrap_or(Value::Null);
        match (text("value"), text("of")) {
            (Some(inner), _) => put(&mut element, inner, json(item)),
            (None, Some(of)) => match at(item, of) {
                Some(part) => element = json(part),
                None => continue,
            },
            (None, None) => put_fields((root, item), home, "", &mut element, remarks),
        }
        put_also((root, item), home, "", &mut element);
        let needs = home.get("needs").and_then(Value::as_array);
        let mut needs = needs.into_iter().flatten().filter_map(Value::as_str);
        if let Some(lacking) = needs.find(|path| found(&element, path).is_none()) {
            remarks.push(format!(
                "`{}` is left out: `{list}` needs `{lacking}`, and that is not known",
                item.pointer().to_path()
            ));
            continue;
        }
        put(into, &format!("{list}.{number}"), element);
        number += 1;
    }
}

fn put_fields(
    (root, from): (NodeRef<'_>, NodeRef<'_>),
    write: &Value,
    to: &str,
    into: &mut Value,
    remarks: &mut Vec<String>,
) {
    let fields = write.get("fields").and_then(Value::as_object);
    for (path, home) in fields.into_iter().flatten() {
        let Some(node) = at(from, path) else { continue };
        if let Some(key) = home.as_str() {
            put(into, &behind(to, key), json(node));
        } else if let Some(key) = home.get("text").and_then(Value::as_str) {
            let value = json(node);
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            put(into, &behind(to, key), text.into());
        } else if let Some(key) = home.get("list").and_then(Value::as_str) {
            put_list((root, node), (home, &behind(to, key)), into, remarks);
        }
    }
}

/// Puts a value at a path; numbers in it are indices of lists, which grow.
fn put(into: &mut Value, path: &str, value: Value) {
    let Some((key, rest)) = path
        .split_once('.')
        .or(Some((path, "")))
        .filter(|(k, _)| !k.is_empty())
    else {
        *into = value;
        return;
    };
    let slot = if let Ok(index) = key.parse::<usize>() {
        if !into.is_array() {
            *into = Value::Array(Vec::new());
        }
        let Some(list) = into.as_array_mut() else {
            return;
        };
        while list.len() <= index {
            list.push(Value::Null);
        }
        list.get_mut(index)
    } else {
        if !into.is_object() {
            *into = Value::Object(Map::new());
        }
        let Some(fields) = into.as_object_mut() else {
            return;
        };
        Some(fields.entry(key).or_insert(Value::Null))
    };
    if let Some(slot) = slot {
        put(slot, rest, value);
    }
}

/// Front matter, a title, and a section for each field that the format keeps in prose.
fn as_markdown(root: NodeRef<'_>, front: &Value, write: &Value) -> String {
    let front = serde_yaml::to_string(front).unwrap_or_default();
    let mut text = format!("---\n{front}---\n");
    if let Some(title) = root.get("title").and_then(NodeRef::as_str) {
        let _ = write!(text, "\n# {}\n", title.trim());
    }
    let sections = write.get("sections").and_then(Value::as_object);
    for (path, title) in sections.into_iter().flatten() {
        let (Some(node), Some(title)) = (at(root, path), title.as_str()) else {
            continue;
        };
        let body = node.as_str().map_or_else(
            || {
                let items = node.items().filter_map(NodeRef::as_str);
                let items = items.map(|item| format!("- {}", item.trim().replace('\n', "\n  ")));
                items.collect::<Vec<_>>().join("\n")
            },
            |text| text.trim().to_owned(),
        );
        if !body.is_empty() {
            let _ = write!(text, "\n## {title}\n\n{body}\n");
        }
    }
    text
}

/// The values of a document that its new text does not give back, and what the format's own rules
/// find in it.
fn lost(
    document: &Document,
    text: &str,
    path: &str,
    format: Option<&str>,
    kinds: &Kinds,
) -> (Vec<String>, Vec<String>) {
    let source = SourceFile::new(FileId(0), path, text);
    let syntax = Syntax::of_path(source.path()).unwrap_or(Syntax::Yaml);
    let input = Input {
        source: &source,
        syntax,
        parsed: read(&source, syntax, &Limits::default()),
        kind: None,
        format,
        sidecar: None,
    };
    let Identified {
        documents,
        findings,
        ..
    } = identify(input, kinds, &Formats::builtin());
    let remarks = findings.into_iter().map(|finding| finding.message);
    let shown = |document: &Document| {
        let kind = kinds.get(document.kind());
        let values = kind.map(|kind| Shown::of(document, kind).values);
        values.unwrap_or_default()
    };
    let again = documents.first().map(shown).unwrap_or_default();
    let again: BTreeMap<_, _> = again.into_iter().map(|v| (v.path, v.value)).collect();
    let same = |a: &Value, b: &Value| a == b || (a.is_number() && a.as_f64() == b.as_f64());
    let values = shown(document).into_iter();
    let gone = values.filter(|value| {
        !again
            .get(&value.path)
            .is_some_and(|known| same(known, &value.value))
    });
    (gone.map(|value| value.path).collect(), remarks.collect())
}

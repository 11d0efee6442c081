//! New documents in the shape of a foreign format.

use std::fmt::Write as _;

use serde_json::Value;

use super::outline::{Content, Field, Outline};
use super::text::{comment, plain, put};
use crate::document::builtin;

/// What stands where an answer shall stand: a format's own text cannot be left empty and be seen.
const BLANK: &str = "TBD";

/// A new document in a format, and what goes beside it.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// The name that such files have.
    pub file: String,
    /// The document.
    pub document: String,
    /// The sidecar: what the kind asks for and the format has no home for.
    pub sidecar: String,
}

/// Why there is no such document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// The format's documents are of another kind.
    #[error("the format `{format}` is for documents of the kind `{kind}`")]
    Kind {
        /// The format.
        format: String,
        /// Its kind.
        kind: String,
    },
    /// The format is not known, or its documents are made by programs.
    #[error("no new document can be written in the format `{format}`")]
    Format {
        /// The format.
        format: String,
        /// The formats for which it can, sorted.
        known: Vec<String>,
    },
}

/// Where a format has a field.
enum Home {
    /// Keys of the front matter, and whether they hold a list.
    Keys(Vec<String>, bool),
    /// A section with this title.
    Section(String),
    /// Where no person writes it.
    Computed,
}

/// A new document in the format with this name.
///
/// # Errors
/// If there is no such format, or it is not one that people write, or it is for another kind.
pub fn foreign(name: &str, outline: &Outline) -> Result<Foreign, Unsupported> {
    let known: Vec<(String, Value)> = written_by_people().collect();
    let Some((_, format)) = known.iter().find(|(known, _)| known == name) else {
        return Err(Unsupported::Format {
            format: name.to_owned(),
            known: known.into_iter().map(|(name, _)| name).collect(),
        });
    };
    let text = |key: &str| format.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("kind") != outline.kind {
        return Err(Unsupported::Kind {
            format: name.to_owned(),
            kind: text("kind").to_owned(),
        });
    }
    let mut sorted = Sorted {
        format,
        front: String::new(),
        open: Vec::new(),
        sections: String::new(),
    };
    let beside = sorted.rest(&outline.asked, "");
    let file = file_name(format);
    let mut sidecar = String::new();
    comment(
        &mut sidecar,
        "",
        &format!("What {file} has no field for. launchgate reads it together with that file."),
    );
    put(&mut sidecar, &beside);
    Ok(Foreign {
        document: format!("---\n{}---\n{}", sorted.front, sorted.sections),
        sidecar,
        file,
    })
}

/// The formats whose documents are Markdown, sorted by name.
fn written_by_people() -> impl Iterator<Item = (String, Value)> {
    let folder = builtin::SCHEMAS.get_dir("formats");
    let files = folder.into_iter().flat_map(include_dir::Dir::files);
    let mut formats: Vec<(String, Value)> = files
        .filter_map(|file| {
            let format: Value = serde_yaml::from_str(file.contents_utf8()?).ok()?;
            let markdown = format.get("syntax")?.as_str()? == "markdown";
            // What says how it is written is filled in by its fields; a template is not.
            format.get("write")?;
            let name = format.get("format")?.as_str()?.to_owned();
            markdown.then_some((name, format))
        })
        .collect();
    formats.sort_by(|(a, _), (b, _)| a.cmp(b));
    formats.into_iter()
}

/// The first name of such files that is no pattern.
fn file_name(format: &Value) -> String {
    let names = format.get("files").and_then(Value::as_array);
    let mut names = names.into_iter().flatten().filter_map(Value::as_str);
    let name = names.find(|name| !name.contains('*'));
    name.unwrap_or("README.md").to_owned()
}

/// A document whose fields are put where they belong.
struct Sorted<'f> {
    format: &'f Value,
    front: String,
    /// The keys of the last field in the front matter.
    open: Vec<String>,
    sections: String,
}

impl Sorted<'_> {
    /// Writes the fields that the format has, and gives the others.
    fn rest(&mut self, fields: &[Field], prefix: &str) -> Vec<Field> {
        let mut rest = Vec::new();
        for field in fields {
            let path = format!("{prefix}{}", field.key);
            // The format itself says what kind of document it is.
            if path == "kind" {
                continue;
            }
            if let Some(home) = self.home(&path) {
                self.write(&home, field);
                continue;
            }
            match &field.content {
                Content::Mapping(inner) => {
                    let inner = self.rest(inner, &format!("{path}."));
                    if !inner.is_empty() {
                        let content = Content::Mapping(inner);
                        rest.push(Field {
                            content,
                            ..field.clone()
                        });
                    }
                }
                _ => rest.push(field.clone()),
            }
        }
        rest
    }

    /// Where the format has a field; `None` where it has none.
    fn home(&self, path: &str) -> Option<Home> {
        let origins = self.format.get("fields")?.get(path)?;
        let origins = match origins {
            Value::Array(several) => several.iter().collect(),
            one => vec![one],
        };
        let mut homes = origins
            .into_iter()
            .filter_map(|origin| self.home_of(origin));
        Some(homes.next().unwrap_or(Home::Computed))
    }

    fn home_of(&self, origin: &Value) -> Option<Home> {
        if let Some(loops) = origin.get("each").and_then(Value::as_object) {
            let mut lists = loops.values().filter_map(Value::as_str);
            return Some(Home::Keys(raw_path(lists.next()?)?, true));
        }
        let text = origin.as_str()?;
        if let Some(keys) = raw_path(text) {
            return Some(Home::Keys(keys, false));
        }
        let name = text.trim_start_matches('[').strip_prefix("section.")?;
        let (name, _) = name.split_once('.')?;
        let titles = self.format.get("sections")?.get(name)?;
        let title = titles.get(0).unwrap_or(titles).as_str()?;
        Some(Home::Section(crate::finding::sentence(title)))
    }

    fn write(&mut self, home: &Home, field: &Field) {
        match home {
            Home::Computed => {}
            Home::Keys(keys, list) => {
                // A key that holds others is written once.
                let known = keys
                    .iter()
                    .zip(&self.open)
                    .take_while(|(key, open)| key == open)
                    .count();
                for (depth, key) in keys.iter().enumerate().skip(known) {
                    let indent = "  ".repeat(depth);
                    let last = depth + 1 == keys.len();
                    if last {
                        comment(&mut self.front, &indent, &field.description);
                    }
                    let blank = match (last, list) {
                        (false, _) => String::new(),
                        (true, false) => format!(" {BLANK}"),
                        (true, true) => format!(" [{BLANK}]"),
                    };
                    let _ = writeln!(self.front, "{indent}{}:{blank}", plain(key));
                }
                self.open.clone_from(keys);
            }
            Home::Section(title) => {
                let _ = write!(
                    self.sections,
                    "\n## {title}\n\n<!-- {} -->\n\n{BLANK}\n",
                    field.description
                );
            }
        }
    }
}

/// The keys that an expression reads of the foreign document first: `raw.license`.
fn raw_path(expression: &str) -> Option<Vec<String>> {
    let start = expression.find("raw.")?;
    let rest = expression.get(start + "raw.".len()..)?;
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')
        .unwrap_or(rest.len());
    let (path, behind) = rest.split_at(end);
    let mut keys: Vec<String> = path.split('.').map(str::to_owned).collect();
    if behind.starts_with('(') {
        keys.pop();
    }
    // What the reader makes of the text is nothing that stands in the front matter.
    let own = keys.first().is_some_and(|key| key != "sections");
    (own && keys.iter().all(|key| !key.is_empty())).then_some(keys)
}

//! A document as the gate sees it: each value of its canonical view with the place where its
//! author wrote it, and the fields of its kind that it does not have.

use serde::Serialize;
use serde_json::Value;

use super::identify::SECTIONS;
use super::{Document, Kind};
use crate::value::{NodeRef, Scalar, Syntax};

/// A document, for people and machines to look at.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// The file.
    pub path: String,
    /// The kind.
    pub kind: String,
    /// The identity.
    pub id: String,
    /// The foreign format; `null` where it is in the kind's own fields.
    pub format: Option<String>,
    /// Whether its file could be read in full.
    pub intact: bool,
    /// Its values, in the order of the view. The body of a Markdown file is left out.
    pub values: Vec<ShownValue>,
    /// The fields of the kind, at its top, that it does not have, in the order of the schema.
    pub absent: Vec<String>,
    /// The names for which a file was looked for that is not here, such as the card of a data set.
    pub elsewhere: Vec<String>,
}

/// A value with its origin.
#[derive(Clone, Debug, Serialize)]
pub struct ShownValue {
    /// The canonical path, such as `evaluation.metrics[0].value`.
    pub path: String,
    /// The value: no list or mapping, unless it is empty.
    pub value: Value,
    /// The file in which it was written.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl Shown {
    /// Looks at a document of this kind.
    pub fn of(document: &Document, kind: &Kind) -> Self {
        let root = document.root();
        let markdown = Syntax::of_path(document.source().path()) == Some(Syntax::Markdown);
        let mut values = Vec::new();
        for entry in root.entries() {
            if !(markdown && entry.key == SECTIONS) {
                visit(entry.value, &mut values);
            }
        }
        let lacking = |key: &&str| *key != SECTIONS && root.get(key).is_none();
        let absent = kind.keys().filter(lacking);
        Self {
            path: document.reference.path.to_string(),
            kind: document.reference.kind.to_string(),
            id: document.reference.id.to_string(),
            format: document.format.as_deref().map(str::to_owned),
            intact: document.intact,
            values,
            absent: absent.map(str::to_owned).collect(),
            elsewhere: document.elsewhere.iter().map(ToString::to_string).collect(),
        }
    }
}

fn visit(node: NodeRef<'_>, values: &mut Vec<ShownValue>) {
    let value = match node.scalar() {
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => value.into(),
        Some(Scalar::String(text)) => text.into(),
        None if !node.is_empty() => {
            node.children().for_each(|child| visit(child, values));
            return;
        }
        None if node.is_sequence() => Value::Array(Vec::new()),
        None => Value::Object(serde_json::Map::new()),
    };
    let file = node.source();
    let at = file.line_column(node.address().span.start);
    values.push(ShownValue {
        path: node.pointer().to_path(),
        value,
        file: file.path().to_string(),
        line: at.line,
        column: at.column,
    });
}

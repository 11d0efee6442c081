//! Which fields a new document has.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use crate::discover::{self, Discovered, Input};
use crate::document::Kind;
use crate::engine::{CheckOptions, Gate, Inputs};
use crate::files::Memory;
use crate::finding::Severity;
use crate::schema::Lookup;
use crate::source::SourceMap;
use crate::value::Syntax;

/// A field that nearly every condition of a rule reads and that every document answers: what is
/// asked where it has one value counts as asked of everybody.
const TIER: &str = "/risk_tier";
/// What the reader makes of Markdown; nobody writes it.
const SECTIONS: &str = "sections";
/// Where fields nest deeper, a schema refers to itself.
const DEEPEST: usize = 8;

/// The fields of a new document, in the order of the schema.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The kind's name.
    pub(super) kind: String,
    /// What people call the kind.
    pub(super) title: String,
    /// What to fill in.
    pub(super) asked: Vec<Field>,
    /// What applies to some documents only.
    pub(super) optional: Vec<Field>,
}

/// One field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) key: String,
    /// What it means, as the schema says it.
    pub(super) description: String,
    /// What may be written: "One of: a, b", "Such as: x".
    pub(super) hint: Option<String>,
    pub(super) content: Content,
}

/// What a new document has in a field.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Nothing: it is to be filled in.
    Blank,
    /// A value that is right as it is.
    Value(String),
    /// Fields of its own.
    Mapping(Vec<Field>),
    /// A list with one element.
    List(Vec<Field>),
}

impl Outline {
    /// The fields of a kind: those of the document itself, those that its schema requires, and those that a
    /// rule which holds on `today` asks for in every document; each section with what its example in the
    /// schema has. Sections that no rule asks everybody for are optional.
    pub fn of(kind: &Kind, gate: &Gate, today: Date) -> Self {
        let mut choice = Choice {
            lookup: Lookup::new(&kind.schema),
            kind,
            everywhere: BTreeSet::new(),
            sections: BTreeSet::new(),
        };
        let rules = gate.rules().rules().iter();
        for rule in rules.filter(|rule| rule.effective.holds_on(today)) {
            for ask in rule.asks(&kind.name) {
                if ask.when.iter().all(|field| &**field == TIER) {
                    choice.sections.extend(section(&ask.field));
                }
                if ask.when.is_empty() && !ask.filtered {
                    choice.everywhere.insert(ask.field);
                }
            }
        }
        // What is asked in other ways, the gate says itself of a document that has none of it.
        let missed = missed(&choice.outline(), kind, gate, today);
        choice.sections.extend(missed);
        choice.outline()
    }
}

/// The sections that the gate finds missing in a new document.
fn missed(outline: &Outline, kind: &Kind, gate: &Gate, today: Date) -> Vec<String> {
    let text = super::document(outline, None);
    let input = Input {
        path: format!("{}.yaml", kind.name).into(),
        content: discover::Content::Bytes(text.into_bytes().into()),
        syntax: Syntax::Yaml,
        named: true,
        kind: Some(Arc::clone(&kind.name)),
        format: None,
        sidecar: None,
    };
    let inputs = Inputs {
        discovered: Discovered {
            inputs: vec![input],
            ..Discovered::default()
        },
        sources: SourceMap::default(),
        files: &Memory::default(),
    };
    let report = gate.check(inputs, &CheckOptions::on(today));
    let errors = report.findings.iter();
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    errors
        .filter_map(|finding| section(&finding.pointer))
        .collect()
}

/// The field of the document itself that a JSON Pointer leads to or into.
fn section(pointer: &str) -> Option<String> {
    pointer.split('/').nth(1).map(str::to_owned)
}

struct Choice<'k> {
    lookup: Lookup<'k>,
    kind: &'k Kind,
    /// JSON Pointers of the fields that rules ask for in every document.
    everywhere: BTreeSet<Box<str>>,
    /// The fields of the document itself that rules ask everybody for, or ask for something in.
    sections: BTreeSet<String>,
}

impl<'k> Choice<'k> {
    fn outline(&self) -> Outline {
        let (mut asked, mut optional) = (Vec::new(), Vec::new());
        let schema: &Value = &self.kind.schema;
        let required = self.required(schema);
        for (key, part) in self.lookup.properties(schema) {
            if key == SECTIONS {
                continue;
            }
            let pointer = format!("/{}", escaped(key));
            let Some(field) = self.field(key, part, None, &pointer, 0) else {
                continue;
            };
            let wanted =
                self.is_plain(part) || required.contains(&key) || self.sections.contains(key);
            // A blank that the schema allows would be filled in by nobody.
            if wanted && (!matches!(field.content, Content::Blank) || self.forbids_null(part)) {
                asked.push(field);
            } else {
                optional.push(field);
            }
        }
        Outline {
            kind: self.kind.name.to_string(),
            title: self.kind.title.clone(),
            asked,
            optional,
        }
    }

    fn field(
        &self,
        key: &str,
        schema: &'k Value,
        example: Option<&Value>,
        pointer: &str,
        depth: usize,
    ) -> Option<Field> {
        if depth > DEEPEST {
            return None;
        }
        let example = example.or_else(|| self.said(schema, "examples")?.get(0));
        let text = |name| self.said(schema, name).and_then(Value::as_str);
        let description = text("description").or(text("title")).unwrap_or_default();
        let content = self.content(key, schema, example, pointer, depth);
        let hint = match &content {
            Content::Blank => self.hint(schema, example),
            // What else may stand there.
            Content::Value(_) => self.options(schema),
            Content::Mapping(_) | Content::List(_) => None,
        };
        Some(Field {
            key: key.to_owned(),
            description: folded(description),
            hint,
            content,
        })
    }

    fn content(
        &self,
        key: &str,
        schema: &'k Value,
        example: Option<&Value>,
        pointer: &str,
        depth: usize,
    ) -> Content {
        if depth == 0 && key == "kind" {
            return Content::Value(self.kind.name.to_string());
        }
        if depth == 0 && self.kind.stage_field.as_deref() == Some(key) {
            return Content::Value("draft".to_owned());
        }
        if let Some(constant) = self.said(schema, "const").and_then(Value::as_str) {
            return Content::Value(constant.to_owned());
        }
        let fields = self.fields(schema, example, pointer, depth);
        if !fields.is_empty() {
            return Content::Mapping(fields);
        }
        let element = self.said(schema, "items");
        let example = example.map(|list| list.get(0));
        // A list whose example is empty begins empty.
        if let (Some(element), None | Some(Some(_))) = (element, example) {
            let pointer = format!("{pointer}/*");
            let fields = self.fields(element, example.flatten(), &pointer, depth);
            if !fields.is_empty() {
                return Content::List(fields);
            }
        }
        Content::Blank
    }

    /// The fields that a mapping at this place begins with.
    fn fields(
        &self,
        schema: &'k Value,
        example: Option<&Value>,
        pointer: &str,
        depth: usize,
    ) -> Vec<Field> {
        let required = self.required(schema);
        let properties = self.lookup.properties(schema);
        let chosen = properties.iter().filter_map(|&(key, part)| {
            let pointer = format!("{pointer}/{}", escaped(key));
            let shown = example.and_then(|example| example.get(key));
            let wanted = required.contains(&key) || shown.is_some() || self.is_asked(&pointer);
            let field = self.field(key, part, shown, &pointer, depth + 1)?;
            let blank = matches!(field.content, Content::Blank);
            (wanted && (!blank || self.forbids_null(part))).then_some(field)
        });
        chosen.collect()
    }

    /// Whether a rule asks for a field in every document, or for one below it.
    fn is_asked(&self, pointer: &str) -> bool {
        let below = format!("{pointer}/");
        self.everywhere
            .iter()
            .any(|asked| **asked == *pointer || asked.starts_with(&below))
    }

    /// What a schema, or one that it refers to, says under a keyword.
    fn said(&self, schema: &'k Value, keyword: &str) -> Option<&'k Value> {
        let mut parts = self.lookup.expand(schema).into_iter();
        parts.find_map(|part| part.get(keyword))
    }

    fn required(&self, schema: &'k Value) -> Vec<&'k str> {
        let keys = self.said(schema, "required").and_then(Value::as_array);
        keys.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Whether a field is one value, or a list of such, and no section.
    fn is_plain(&self, schema: &'k Value) -> bool {
        let nests = |schema| !self.lookup.properties(schema).is_empty();
        !nests(schema) && !self.said(schema, "items").is_some_and(nests)
    }

    /// Whether the gate says of a blank that it is one.
    fn forbids_null(&self, schema: &'k Value) -> bool {
        let none = |value: &Value| value.is_null() || value.as_str() == Some("null");
        let forms = ["type", "enum", "const"];
        let mut forms = forms.into_iter().filter_map(|form| self.said(schema, form));
        forms.any(|form| match form {
            Value::Array(several) => !several.iter().any(none),
            one => !none(one),
        })
    }

    fn options(&self, schema: &'k Value) -> Option<String> {
        let options = self.said(schema, "enum")?.as_array()?;
        let options: Vec<String> = options.iter().filter_map(inline).collect();
        Some(format!("One of: {}.", options.join(", ")))
    }

    fn hint(&self, schema: &'k Value, example: Option<&Value>) -> Option<String> {
        if let Some(options) = self.options(schema) {
            return Some(options);
        }
        if self.said(schema, "type").and_then(Value::as_str) == Some("boolean") {
            return Some("true or false.".to_owned());
        }
        let example = example.filter(|_| self.is_plain(schema)).and_then(inline)?;
        Some(format!("Such as: {example}"))
    }
}

/// A value as it stands in one line of YAML.
fn inline(value: &Value) -> Option<String> {
    const LONGEST: usize = 80;
    let text = match value {
        Value::Null => return None,
        Value::String(text) => folded(text),
        Value::Array(list) => format!(
            "[{}]",
            list.iter()
                .filter_map(inline)
                .collect::<Vec<_>>()
                .join(", ")
        ),
        other => other.to_string(),
    };
    (text.chars().count() <= LONGEST).then_some(text)
}

/// A text in one line.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

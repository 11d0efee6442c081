//! `schema:` fragments of requirements: from nodes to a compiled schema.
//!
//! JSON Schema ignores keywords and formats that it does not know, so a slip of the hand would
//! accept every document. Here they are errors.

use std::sync::Arc;

use crate::finding::{Finding, Label, did_you_mean};
use crate::schema::Schema;
use crate::value::{NodeRef, Scalar};

/// Keywords whose value is one schema.
const SCHEMA: &[&str] = &[
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords whose value is a list of schemas.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];

/// Keywords whose value maps names to schemas.
const NAMED: &[&str] = &[
    "$defs",
    "dependentSchemas",
    "patternProperties",
    "properties",
];

/// The other keywords, annotations included.
const PLAIN: &[&str] = &[
    "$comment",
    "$ref",
    "const",
    "default",
    "dependentRequired",
    "description",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "title",
    "type",
    "uniqueItems",
];

const FORMATS: &[&str] = &[
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "regex",
    "time",
    "uri",
    "uri-reference",
    "uuid",
];

/// The compiled fragment, or what is wrong with it.
pub(crate) fn compile(is: NodeRef<'_>) -> Result<Arc<Schema>, Vec<Finding>> {
    let mut findings = Vec::new();
    if is.as_bool() == Some(true) || (is.is_mapping() && is.is_empty()) {
        findings.push(
            error(is, "the schema accepts everything").with_help("Say what the node must be"),
        );
    }
    inspect(is, &mut findings);
    if !findings.is_empty() {
        return Err(findings);
    }
    Schema::compile("requirement", &to_json(is))
        .map(Arc::new)
        .map_err(|invalid| vec![error(is, format!("the schema is invalid: {invalid}"))])
}

fn error(at: NodeRef<'_>, message: impl Into<String>) -> Finding {
    Finding::new("policy/schema", message, Label::new(at.address(), ""))
}

/// Reports keywords and formats that JSON Schema would silently ignore.
fn inspect(schema: NodeRef<'_>, findings: &mut Vec<Finding>) {
    for entry in schema.entries() {
        let (key, value) = (entry.key, entry.value);
        if SCHEMA.contains(&key) {
            inspect(value, findings);
        } else if LIST.contains(&key) {
            value.items().for_each(|item| inspect(item, findings));
        } else if NAMED.contains(&key) {
            value
                .entries()
                .for_each(|named| inspect(named.value, findings));
        } else if key == "format" {
            let name = value.as_str().unwrap_or_default();
            if !FORMATS.contains(&name) {
                let near = did_you_mean(name, FORMATS.iter().copied());
                findings.push(
                    error(value, format!("unknown format `{name}`{near}"))
                        .with_help(format!("Formats are {}", FORMATS.join(", "))),
                );
            }
        } else if key == "$ref" {
            if !value.as_str().is_some_and(|target| target.starts_with('#')) {
                findings.push(
                    error(value, "a reference may only point into the schema itself")
                        .with_help("Write what it refers to under `$defs`"),
                );
            }
        } else if !PLAIN.contains(&key) && !key.starts_with("x-") {
            let known = SCHEMA.iter().chain(LIST).chain(NAMED).chain(PLAIN);
            let near = did_you_mean(key, known.copied());
            findings.push(
                Finding::new(
                    "policy/schema",
                    format!("unknown JSON Schema keyword `{key}`{near}"),
                    Label::new(entry.key_location, ""),
                )
                .with_help("JSON Schema would ignore it, and the requirement would hold unseen"),
            );
        }
    }
}

/// The node as JSON.
pub(crate) fn to_json(node: NodeRef<'_>) -> serde_json::Value {
    use serde_json::Value;
    match node.scalar() {
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => Value::Bool(value),
        Some(Scalar::Int(value)) => Value::from(value),
        Some(Scalar::Float(value)) => Value::from(value),
        Some(Scalar::String(text)) => Value::from(text),
        None if node.is_sequence() => node.items().map(to_json).collect(),
        None => Value::Object(
            node.entries()
                .map(|entry| (entry.key.to_owned(), to_json(entry.value)))
                .collect(),
        ),
    }
}

//! `schema:` fragments of requirements: from nodes to a compiled schema.
//!
//! JSON Schema ignores keywords and formats that it does not know, so a slip of the hand would
//! accept every document. Here they are errors.

use std::sync::Arc;

use crate::finding::{Finding, Label, did_you_mean, nearest};
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

/// Keywords that a whole schema may have beside those of a fragment.
const WHOLE: &[&str] = &[
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "$vocabulary",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "definitions",
    "dependencies",
    "deprecated",
    "readOnly",
    "writeOnly",
];

const FORMATS: &[&str] = &[
    "answer",
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

/// Formats of JSON Schema that a fragment does without.
const OTHER_FORMATS: &[&str] = &[
    "idn-email",
    "idn-hostname",
    "iri",
    "iri-reference",
    "json-pointer",
    "relative-json-pointer",
    "uri-template",
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
        .map_err(|invalid| {
            let at = is.as_far_as(&invalid.pointer);
            vec![
                error(at, format!("this is no JSON Schema: {}", invalid.message))
                    .with_help("Schemas are written in JSON Schema, draft 2020-12"),
            ]
        })
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

/// Reports keywords of a whole schema that JSON Schema would ignore because of a slip of the hand.
/// Others that it does not know are annotations of the user's.
pub(crate) fn slips(schema: NodeRef<'_>, findings: &mut Vec<Finding>) {
    for entry in schema.entries() {
        let (key, value) = (entry.key, entry.value);
        if SCHEMA.contains(&key) {
            slips(value, findings);
        } else if LIST.contains(&key) {
            value.items().for_each(|item| slips(item, findings));
        } else if NAMED.contains(&key) || key == "definitions" {
            value
                .entries()
                .for_each(|named| slips(named.value, findings));
        } else if key == "format" {
            let name = value.as_str().unwrap_or_default();
            let known = || FORMATS.iter().chain(OTHER_FORMATS).copied();
            let near = nearest(name, known());
            if let Some(near) = near.filter(|_| known().all(|format| format != name)) {
                findings.push(
                    Finding::new(
                        "config/schema",
                        format!("unknown format `{name}`; did you mean `{near}`?"),
                        Label::new(value.address(), ""),
                    )
                    .with_help("JSON Schema would ignore it"),
                );
            }
        } else if !PLAIN.contains(&key) && !WHOLE.contains(&key) && !key.starts_with("x-") {
            let known = [SCHEMA, LIST, NAMED, PLAIN, WHOLE].into_iter().flatten();
            if let Some(near) = nearest(key, known.copied()) {
                findings.push(
                    Finding::new(
                        "config/schema",
                        format!("unknown JSON Schema keyword `{key}`; did you mean `{near}`?"),
                        Label::new(entry.key_location, ""),
                    )
                    .with_help(
                        "JSON Schema would ignore it; begin a keyword of your own with `x-`",
                    ),
                );
            }
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

//! The type table: what a JSON Schema says of the values that an expression may read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::adapter::SECTIONS;
use super::locate::Lookup;
use crate::expr::{ObjectType, Type};

/// Deeper than this nothing is known: where a schema refers to itself, its types would not end.
const DEEPEST: usize = 16;

/// The type of a document of this schema, with the `sections` that Markdown adds.
pub(super) fn document_type(name: &str, schema: &Value) -> Type {
    let reader = Reader {
        lookup: Lookup::new(schema),
    };
    let mut trail = Vec::new();
    match reader.read(schema, name, &mut trail) {
        Type::Object(object) => {
            let mut object = ObjectType::clone(&object);
            object
                .fields
                .entry(SECTIONS.into())
                .or_insert_with(|| sections(name));
            Type::Object(Arc::new(object))
        }
        other => other,
    }
}

/// What the Markdown reader puts into a document.
fn sections(name: &str) -> Type {
    let text = || Type::list(Type::String);
    let table = Type::object(
        format!("{name}.sections[].tables[]"),
        [("header", text()), ("rows", Type::list(text()))],
    );
    Type::list(Type::object(
        format!("{name}.sections[]"),
        [
            ("title", Type::String),
            ("level", Type::Int),
            ("text", Type::String),
            ("items", text()),
            ("tables", Type::list(table)),
        ],
    ))
}

/// What is known of a mapping's keys while its parts are gathered.
#[derive(Default)]
struct Shape {
    fields: BTreeMap<Arc<str>, Vec<Type>>,
    /// Keys beside the named ones: what their values are, if any may be there.
    rest: Option<Type>,
    closed: bool,
}

#[derive(Clone, Copy)]
struct Reader<'s> {
    lookup: Lookup<'s>,
}

impl<'s> Reader<'s> {
    fn read(self, schema: &'s Value, name: &str, trail: &mut Vec<&'s Value>) -> Type {
        if trail.len() >= DEEPEST || trail.iter().any(|seen| std::ptr::eq(*seen, schema)) {
            return Type::Dyn;
        }
        trail.push(schema);
        let ty = self.read_here(schema, name, trail);
        trail.pop();
        ty
    }

    fn read_here(self, schema: &'s Value, name: &str, trail: &mut Vec<&'s Value>) -> Type {
        let parts = self.merged(schema);
        let of = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
        if let Some(constant) = of("const") {
            return of_values(std::slice::from_ref(constant));
        }
        if let Some(Value::Array(options)) = of("enum") {
            return of_values(options);
        }
        // Alternatives, where they say more than the schema around them.
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(forms)) = of(keyword) {
                let known = of("type").is_some() || of("properties").is_some();
                let shapes: Vec<Type> = forms
                    .iter()
                    .map(|form| self.read(form, name, trail))
                    .collect();
                // `anyOf: [{required: [a]}, {required: [b]}]` demands, it does not describe.
                if !known && !shapes.iter().any(Type::is_dyn) {
                    return Type::union(shapes);
                }
            }
        }
        match of("type") {
            Some(Value::String(one)) => self.typed(one, &parts, name, trail),
            Some(Value::Array(several)) => Type::union(
                several
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|one| self.typed(one, &parts, name, trail)),
            ),
            _ if of("properties").is_some() => self.typed("object", &parts, name, trail),
            _ if of("items").is_some() => self.typed("array", &parts, name, trail),
            _ => Type::Dyn,
        }
    }

    fn typed(self, ty: &str, parts: &[&'s Value], name: &str, trail: &mut Vec<&'s Value>) -> Type {
        let of = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
        match ty {
            "string" => match of("format").and_then(Value::as_str) {
                Some("date" | "date-time") => Type::Date,
                Some("duration") => Type::IsoDuration,
                _ => Type::String,
            },
            "integer" => Type::Int,
            "number" => Type::Number,
            "boolean" => Type::Bool,
            "null" => Type::Null,
            "array" => {
                let element =
                    of("items").map(|items| self.read(items, &format!("{name}[]"), trail));
                Type::list(element.unwrap_or(Type::Dyn))
            }
            "object" => self.object(parts, name, trail),
            _ => Type::Dyn,
        }
    }

    fn object(self, parts: &[&'s Value], name: &str, trail: &mut Vec<&'s Value>) -> Type {
        let mut shape = Shape::default();
        for part in parts {
            self.gather(part, name, trail, &mut shape);
        }
        for part in parts {
            self.gather_conditional(part, name, trail, &mut shape);
        }
        let fields: BTreeMap<Arc<str>, Type> = shape
            .fields
            .into_iter()
            .map(|(key, types)| (key, narrowest(types)))
            .collect();
        if fields.is_empty() {
            return match shape.rest {
                Some(value) => Type::map(value),
                None if shape.closed => Type::object(name, fields),
                None => Type::map(Type::Dyn),
            };
        }
        Type::Object(Arc::new(ObjectType {
            name: name.into(),
            fields,
            open: !shape.closed || shape.rest.is_some(),
        }))
    }

    fn gather(self, part: &'s Value, name: &str, trail: &mut Vec<&'s Value>, shape: &mut Shape) {
        for (key, property) in entries(part, "properties") {
            // A property that is `false` may not be there; that is no type.
            if property.as_bool() == Some(false) {
                continue;
            }
            let ty = self.read(property, &format!("{name}.{key}"), trail);
            shape
                .fields
                .entry(key.as_str().into())
                .or_default()
                .push(ty);
        }
        for (pattern, property) in entries(part, "patternProperties") {
            // `x-` keys are the author's own; every closed mapping has them.
            if pattern != "^x-" {
                let ty = self.read(property, &format!("{name}.*"), trail);
                shape.rest = Some(join(shape.rest.take(), ty));
            }
        }
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match part.get(keyword) {
                Some(Value::Bool(false)) => shape.closed = true,
                Some(value @ Value::Object(_)) => {
                    let ty = self.read(value, &format!("{name}.*"), trail);
                    shape.rest = Some(join(shape.rest.take(), ty));
                }
                _ => {}
            }
        }
    }

    /// Keys that a condition or an alternative names may be there.
    fn gather_conditional(
        self,
        part: &'s Value,
        name: &str,
        trail: &mut Vec<&'s Value>,
        shape: &mut Shape,
    ) {
        for keyword in ["if", "then", "else"] {
            if let Some(inner) = part.get(keyword) {
                for inner in self.merged(inner) {
                    self.gather_optional(inner, name, trail, shape);
                }
            }
        }
        for keyword in ["anyOf", "oneOf"] {
            for inner in part
                .get(keyword)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                for inner in self.merged(inner) {
                    self.gather_optional(inner, name, trail, shape);
                }
            }
        }
        for (_, inner) in entries(part, "dependentSchemas") {
            for inner in self.merged(inner) {
                self.gather_optional(inner, name, trail, shape);
            }
        }
    }

    /// As `gather`, for keys that are known from elsewhere or only under a condition: what such a
    /// part says of a value narrows it only there, so it adds keys and changes no type.
    fn gather_optional(
        self,
        part: &'s Value,
        name: &str,
        trail: &mut Vec<&'s Value>,
        shape: &mut Shape,
    ) {
        for (key, property) in entries(part, "properties") {
            if property.as_bool() == Some(false) || shape.fields.contains_key(key.as_str()) {
                continue;
            }
            let ty = self.read(property, &format!("{name}.{key}"), trail);
            shape.fields.insert(key.as_str().into(), vec![ty]);
        }
    }

    /// A schema, what it refers to and what `allOf` joins to it.
    fn merged(self, schema: &'s Value) -> Vec<&'s Value> {
        let mut all: Vec<&'s Value> = Vec::new();
        let mut open = vec![schema];
        while let Some(next) = open.pop() {
            if all.iter().any(|seen| std::ptr::eq(*seen, next)) {
                continue;
            }
            all.push(next);
            let reference = next.get("$ref").or_else(|| next.get("$dynamicRef"));
            if let Some(target) = reference.and_then(Value::as_str) {
                match self.lookup.resolve(target) {
                    Some(target) => open.push(target),
                    // What cannot be looked up says nothing, and closes nothing.
                    None => continue,
                }
            }
            open.extend(
                next.get("allOf")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
        all
    }
}

fn entries<'s>(schema: &'s Value, keyword: &str) -> impl Iterator<Item = (&'s String, &'s Value)> {
    let object: Option<&'s Map<String, Value>> = schema.get(keyword).and_then(Value::as_object);
    object.into_iter().flatten()
}

fn join(known: Option<Type>, ty: Type) -> Type {
    match known {
        Some(known) => Type::union([known, ty]),
        None => ty,
    }
}

/// Of several parts that speak of one key, the one that says most: all of them hold.
fn narrowest(types: Vec<Type>) -> Type {
    let known = types.into_iter().filter(|ty| !ty.is_dyn());
    known
        .reduce(|first, second| {
            if matches!(first, Type::String) && second.is_text() {
                second
            } else {
                first
            }
        })
        .unwrap_or(Type::Dyn)
}

fn of_values(values: &[Value]) -> Type {
    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    let others = values
        .iter()
        .filter(|value| !value.is_string())
        .map(|value| match value {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Number(number) if number.is_i64() => Type::Int,
            Value::Number(_) => Type::Double,
            _ => Type::Dyn,
        });
    let texts = (!texts.is_empty()).then(|| Type::one_of(texts));
    Type::union(texts.into_iter().chain(others))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::Field;

    fn at(schema: &Value, path: &str) -> String {
        let mut ty = document_type("doc", schema);
        for step in path.split('.').filter(|step| !step.is_empty()) {
            ty = match step {
                "[]" => ty.element().unwrap_or(Type::Null),
                key => match ty.field(key) {
                    Field::Known(ty) => ty,
                    other => return format!("{other:?}"),
                },
            };
        }
        ty.to_string()
    }

    #[test]
    fn every_keyword_has_its_type() {
        let schema = json!({
            "type": "object",
            "additionalProperties": false,
            "patternProperties": { "^x-": true },
            "properties": {
                "title": { "type": "string" },
                "rows": { "type": "integer" },
                "value": { "type": "number" },
                "personal": { "type": "boolean" },
                "on": { "type": "string", "format": "date" },
                "at": { "$ref": "#/$defs/moment" },
                "retention": { "type": "string", "format": "duration" },
                "status": { "enum": ["draft", "launched"] },
                "level": { "enum": ["low", 3] },
                "owner": { "oneOf": [{ "type": "string" }, { "$ref": "#/$defs/person" }] },
                "maybe": { "type": ["string", "null"] },
                "data": { "type": "array", "items": { "$ref": "#/$defs/datum" } },
                "metrics": { "type": "object", "additionalProperties": { "type": "number" } },
                "bag": { "type": "object" },
                "anything": true,
                "never": false,
                "either": { "type": "object", "additionalProperties": false,
                    "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
                    "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] }
            },
            "$defs": {
                "moment": { "type": "string", "format": "date-time" },
                "person": { "type": "object", "additionalProperties": false,
                    "properties": { "name": { "type": "string" } } },
                "datum": {
                    "type": "object", "unevaluatedProperties": false,
                    "allOf": [{ "properties": { "name": { "type": "string" } } }],
                    "properties": { "parts": { "type": "array", "items": { "$ref": "#/$defs/datum" } } },
                    "if": { "properties": { "name": { "const": "x" } } },
                    "then": { "properties": { "basis": { "type": "string" } } }
                }
            }
        });
        for (path, ty) in [
            ("title", "a string"),
            ("rows", "an integer"),
            ("value", "a number"),
            ("personal", "a boolean"),
            ("on", "a date string"),
            ("at", "a date string"),
            ("retention", "a duration string"),
            ("metrics.f1", "a number"),
            ("bag.x", "a value of any type"),
            ("anything", "a value of any type"),
            ("data.[].name", "a string"),
            ("data.[].basis", "a string"),
            ("data.[].parts.[].name", "a string"),
            ("data.[].parts.[].parts.[].name", "a value of any type"),
            ("either.a", "a string"),
            ("sections.[].title", "a string"),
            ("sections.[].tables.[].rows.[].[]", "a string"),
        ] {
            assert_eq!(at(&schema, path), ty, "{path}");
        }
        for unknown in [
            "titel",
            "never",
            "data.[].nmae",
            "owner.nmae",
            "either.c",
            "sections.[].body",
        ] {
            assert!(
                at(&schema, unknown).starts_with("Unknown"),
                "{unknown}: {}",
                at(&schema, unknown)
            );
        }
        assert_eq!(
            at(&schema, "status"),
            Type::one_of(["draft", "launched"]).to_string()
        );
        assert_eq!(at(&schema, "owner.name"), "a string");
        assert_eq!(at(&schema, "x-team"), "a value of any type");
    }
}

//! Finds the parts of a JSON Schema that speak of a place in a document.

use serde_json::{Map, Value};

use crate::value::{Pointer, Segment};

/// How many subschemas one place may gather, so that a schema that refers to itself ends.
const MOST: usize = 256;

/// A JSON Schema to look things up in.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'s> {
    root: &'s Value,
}

impl<'s> Lookup<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root }
    }

    /// The target of a reference within the schema (`#/$defs/x`, `#`, `#anchor`).
    pub(crate) fn resolve(self, reference: &str) -> Option<&'s Value> {
        let fragment = reference.strip_prefix('#')?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.root.pointer(fragment);
        }
        let defs = self.root.get("$defs")?.as_object()?;
        defs.values().find(|schema| {
            ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|key| schema.get(key).and_then(Value::as_str) == Some(fragment))
        })
    }

    fn target(self, schema: &'s Value) -> Option<&'s Value> {
        let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef"))?;
        self.resolve(reference.as_str()?)
    }

    /// The subschema whose keyword an evaluation path ends in.
    pub(crate) fn holder(self, evaluation_path: &str) -> Option<&'s Value> {
        let (path, _keyword) = evaluation_path.rsplit_once('/')?;
        let mut here = self.root;
        for step in path.split('/').skip(1) {
            here = match step {
                "$ref" | "$dynamicRef" => self.target(here)?,
                _ => child(here, &unescape(step))?,
            };
        }
        Some(here)
    }

    /// A schema with everything that it refers to or combines for the same place.
    pub(crate) fn expand(self, schema: &'s Value) -> Vec<&'s Value> {
        let mut all: Vec<&'s Value> = Vec::new();
        self.expand_into(schema, &mut all);
        all
    }

    fn expand_into(self, schema: &'s Value, all: &mut Vec<&'s Value>) {
        if all.len() >= MOST || all.iter().any(|seen| std::ptr::eq(*seen, schema)) {
            return;
        }
        all.push(schema);
        if let Some(target) = self.target(schema) {
            self.expand_into(target, all);
        }
        for list in ["allOf", "anyOf", "oneOf"] {
            for part in schema
                .get(list)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.expand_into(part, all);
            }
        }
        for one in ["then", "else"] {
            if let Some(part) = schema.get(one) {
                self.expand_into(part, all);
            }
        }
        for part in object(schema, "dependentSchemas")
            .into_iter()
            .flat_map(Map::values)
        {
            self.expand_into(part, all);
        }
    }

    /// The named properties that a mapping at this place can have, each once.
    pub(crate) fn properties(self, schema: &'s Value) -> Vec<(&'s str, &'s Value)> {
        let mut found: Vec<(&'s str, &'s Value)> = Vec::new();
        for part in self.expand(schema) {
            for (name, property) in object(part, "properties").into_iter().flatten() {
                if !found.iter().any(|(known, _)| known == name) {
                    found.push((name, property));
                }
            }
        }
        found
    }

    /// The schema of a named property of a mapping at this place.
    pub(crate) fn property(self, schema: &'s Value, name: &str) -> Option<&'s Value> {
        let mut parts = self.expand(schema).into_iter();
        parts.find_map(|part| object(part, "properties")?.get(name))
    }

    /// Every schema that speaks of the node at a pointer, whichever branches hold.
    pub(crate) fn at(self, pointer: &Pointer) -> Vec<&'s Value> {
        let mut here = self.expand(self.root);
        for segment in pointer.segments() {
            let mut next = Vec::new();
            for schema in here {
                for part in step(schema, segment) {
                    self.expand_into(part, &mut next);
                }
            }
            here = next;
        }
        here
    }

    /// The first value that a keyword has here: in the schema itself, else in what it expands to.
    pub(crate) fn keyword(self, schema: &'s Value, keyword: &str) -> Option<&'s Value> {
        schema.get(keyword).or_else(|| {
            let target = self.target(schema)?;
            target.get(keyword)
        })
    }

    /// Where else in the schema a property of this name is known, as paths such as `data[]`.
    pub(crate) fn homes(self, name: &str) -> Vec<String> {
        let mut homes = Vec::new();
        let mut trail: Vec<&'s Value> = Vec::new();
        self.search_homes(self.root, name, "", &mut trail, &mut homes);
        homes
    }

    fn search_homes(
        self,
        schema: &'s Value,
        name: &str,
        path: &str,
        trail: &mut Vec<&'s Value>,
        homes: &mut Vec<String>,
    ) {
        // Six levels down no one looks for a misplaced key.
        if trail.len() > 6 || trail.iter().any(|seen| std::ptr::eq(*seen, schema)) {
            return;
        }
        trail.push(schema);
        for (key, property) in self.properties(schema) {
            if key == name && !path.is_empty() && !homes.iter().any(|known| known == path) {
                homes.push(path.to_owned());
            }
            let below = if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            };
            self.search_homes(property, name, &below, trail, homes);
        }
        for part in self.expand(schema) {
            if let Some(items) = part.get("items") {
                self.search_homes(items, name, &format!("{path}[]"), trail, homes);
            }
        }
        trail.pop();
    }
}

fn object<'s>(schema: &'s Value, keyword: &str) -> Option<&'s Map<String, Value>> {
    schema.get(keyword)?.as_object()
}

fn child<'s>(value: &'s Value, step: &str) -> Option<&'s Value> {
    match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    }
}

fn step<'s>(schema: &'s Value, segment: &Segment) -> Vec<&'s Value> {
    match segment {
        Segment::Index(index) => {
            let prefix = schema
                .get("prefixItems")
                .and_then(|items| items.get(*index));
            prefix.or_else(|| schema.get("items")).into_iter().collect()
        }
        Segment::Key(key) => {
            if let Some(property) = object(schema, "properties").and_then(|all| all.get(&**key)) {
                return vec![property];
            }
            let patterns = object(schema, "patternProperties").into_iter().flatten();
            let matching: Vec<_> = patterns
                .filter(|(pattern, _)| regex::Regex::new(pattern).is_ok_and(|r| r.is_match(key)))
                .map(|(_, property)| property)
                .collect();
            if matching.is_empty() {
                return ["additionalProperties", "unevaluatedProperties"]
                    .iter()
                    .filter_map(|rest| schema.get(rest))
                    .collect();
            }
            matching
        }
    }
}

/// A step of a JSON Pointer as it is meant.
pub(crate) fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_found_through_references_and_combinations() {
        let schema = json!({
            "properties": {
                "data": { "type": "array", "items": { "$ref": "#/$defs/datum" } },
                "metrics": { "patternProperties": { "^x-": {} }, "additionalProperties": { "type": "number" } }
            },
            "allOf": [{ "properties": { "owner": { "title": "Owner" } } }],
            "$defs": { "datum": {
                "properties": { "retention": { "title": "Retention" }, "parts": { "items": { "$ref": "#/$defs/datum" } } },
                "if": {}, "then": { "properties": { "basis": { "title": "Basis" } } }
            } }
        });
        let lookup = Lookup::new(&schema);
        let title = |path: &str| {
            let found = lookup.at(&path.parse().unwrap());
            found.iter().find_map(|s| s.get("title")?.as_str())
        };
        assert_eq!(title("data[3].retention"), Some("Retention"));
        assert_eq!(title("data[0].parts[1].parts[2].basis"), Some("Basis"));
        assert_eq!(title("owner"), Some("Owner"));
        assert_eq!(title("nothing.here"), None);
        assert_eq!(
            lookup.at(&"metrics.f1".parse().unwrap()),
            [&json!({"type": "number"})]
        );
        let holder = lookup.holder("/properties/data/items/$ref/properties/retention/type");
        assert_eq!(holder, Some(&json!({"title": "Retention"})));
        let datum = lookup
            .holder("/properties/data/items/$ref/required")
            .unwrap();
        let names: Vec<_> = lookup
            .properties(datum)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["retention", "parts", "basis"]);
        assert_eq!(lookup.homes("retention"), ["data[]", "data[].parts[]"]);
    }
}

//! Kinds: what sorts of documents there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::builtin;
use crate::finding::Stage;
use crate::source::Location;
use crate::value::{NodeRef, Pointer, Scalar};

/// Where a kind was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    Builtin,
    /// The user's config, at this place.
    Config(Location),
}

/// A sort of document: a name, a schema, an identity and the field that carries its stage.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The name, as documents write it under `kind`.
    pub name: Arc<str>,
    /// What people call it.
    pub title: String,
    /// Its JSON Schema, draft 2020-12.
    pub schema: Arc<Value>,
    /// The path of the field that carries the stage, such as `status`.
    pub stage_field: Option<Arc<str>>,
    /// The paths that may identify a document, best first, such as `id`, `model.name`.
    pub identity: Vec<Arc<str>>,
    /// The fields that lead to evidence, those that the schema marks with `x-evidence: true`: JSON
    /// Pointers with `*` for an index. Sorted.
    pub evidence: Arc<[Box<str>]>,
    /// Where it was declared.
    pub origin: Origin,
    keys: Vec<Box<str>>,
}

impl Kind {
    /// A kind with this name and schema, identified by `id`, else `name`, else `title`, without a stage.
    pub fn new(name: impl Into<Arc<str>>, schema: Arc<Value>, origin: Origin) -> Self {
        let name = name.into();
        let title = schema.get("title").and_then(Value::as_str);
        Self {
            title: title.unwrap_or(&name).to_owned(),
            keys: root_keys(&schema),
            evidence: evidence_fields(&schema),
            name,
            schema,
            stage_field: None,
            identity: ["id", "name", "title"].map(Arc::from).to_vec(),
            origin,
        }
    }

    /// With the field that carries the stage.
    #[must_use]
    pub fn with_stage_field(mut self, path: impl Into<Arc<str>>) -> Self {
        self.stage_field = Some(path.into());
        self
    }

    /// With the paths that may identify a document, best first.
    #[must_use]
    pub fn with_identity(mut self, paths: impl IntoIterator<Item = impl Into<Arc<str>>>) -> Self {
        self.identity = paths.into_iter().map(Into::into).collect();
        self
    }

    /// The keys that a document of this kind can have at its root.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(AsRef::as_ref)
    }

    /// The identity that a document gives itself, if it does.
    pub(super) fn id_of(&self, root: NodeRef<'_>) -> Option<Arc<str>> {
        let node = self.identity_of(root)?;
        Some(Arc::from(node.as_str().unwrap_or(node.raw()).trim()))
    }

    /// Where a document says who it is.
    pub(crate) fn identity_of<'t>(&self, root: NodeRef<'t>) -> Option<NodeRef<'t>> {
        self.identity.iter().find_map(|path| {
            let node = at(root, path)?;
            match node.scalar()? {
                Scalar::String(text) => !text.trim().is_empty(),
                Scalar::Int(_) | Scalar::Float(_) => true,
                _ => false,
            }
            .then_some(node)
        })
    }

    /// The stage that a document says it is in; a misspelt one is none, and the schema's to report.
    pub(super) fn stage_of(&self, root: NodeRef<'_>) -> Option<Stage> {
        at(root, self.stage_field.as_ref()?)?.as_str()?.parse().ok()
    }
}

fn at<'t>(root: NodeRef<'t>, path: &str) -> Option<NodeRef<'t>> {
    root.at(&path.parse::<Pointer>().ok()?)
}

fn evidence_fields(schema: &Value) -> Arc<[Box<str>]> {
    let mut fields = BTreeSet::new();
    mark_evidence(schema, schema, "", 0, &mut fields);
    fields.into_iter().collect()
}

/// Adds what `part`, the schema of the field at `pointer`, and the schemas in it mark.
fn mark_evidence(
    schema: &Value,
    part: &Value,
    pointer: &str,
    depth: usize,
    found: &mut BTreeSet<Box<str>>,
) {
    // No document nests deeper, and a schema may refer to itself in a circle.
    if depth > 24 {
        return;
    }
    if part.get("x-evidence").and_then(Value::as_bool) == Some(true) {
        found.insert(pointer.into());
        return;
    }
    let mut go_on =
        |part: &Value, pointer: &str| mark_evidence(schema, part, pointer, depth + 1, found);
    let properties = part.get("properties").and_then(Value::as_object);
    for (key, part) in properties.into_iter().flatten() {
        let key = key.replace('~', "~0").replace('/', "~1");
        go_on(part, &format!("{pointer}/{key}"));
    }
    if let Some(items) = part.get("items") {
        go_on(items, &format!("{pointer}/*"));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let parts = part.get(keyword).and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            go_on(part, pointer);
        }
    }
    let reference = part.get("$ref").and_then(Value::as_str);
    if let Some(part) = reference.and_then(|r| schema.pointer(r.strip_prefix('#')?)) {
        go_on(part, pointer);
    }
}

fn root_keys(schema: &Value) -> Vec<Box<str>> {
    let mut keys: Vec<Box<str>> = Vec::new();
    let mut open = vec![schema];
    let mut seen = 0;
    while let Some(part) = open.pop() {
        seen += 1;
        // A schema that refers to itself in a circle has said all it has to say by then.
        if seen > 64 {
            break;
        }
        let properties = part.get("properties").and_then(Value::as_object);
        for key in properties.into_iter().flat_map(Map::keys) {
            if !keys.iter().any(|known| **known == **key) {
                keys.push(key.as_str().into());
            }
        }
        open.extend(
            part.get("allOf")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        );
        let reference = part.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|r| schema.pointer(r.strip_prefix('#')?));
        open.extend(target);
    }
    keys
}

/// The kinds of a run, by name.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    kinds: BTreeMap<Arc<str>, Arc<Kind>>,
}

/// Why a kind cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is a kind `{name}` already")]
#[non_exhaustive]
pub struct DuplicateKind {
    /// The name.
    pub name: Arc<str>,
    /// Where the first of them was declared.
    pub first: Origin,
}

impl Kinds {
    /// `feature-spec` and `model-card`.
    pub fn builtin() -> Self {
        let kinds = [
            ("feature-spec", ["id", "title"].as_slice()),
            ("model-card", &["id", "model.name", "title"]),
        ];
        let mut all = Self::default();
        for (name, identity) in kinds {
            let text = builtin::text(&format!("{name}.schema.json"));
            let schema = text.and_then(|text| serde_json::from_str(text).ok());
            // A test holds that both are there and are JSON.
            if let Some(schema) = schema {
                let kind = Kind::new(name, Arc::new(schema), Origin::Builtin)
                    .with_stage_field("status")
                    .with_identity(identity.iter().copied());
                all.kinds.insert(name.into(), Arc::new(kind));
            }
        }
        all
    }

    /// Adds a kind.
    ///
    /// # Errors
    /// If its name is taken.
    pub fn add(&mut self, kind: Kind) -> Result<(), DuplicateKind> {
        if let Some(known) = self.kinds.get(&kind.name) {
            return Err(DuplicateKind {
                name: kind.name,
                first: known.origin,
            });
        }
        self.kinds.insert(Arc::clone(&kind.name), Arc::new(kind));
        Ok(())
    }

    /// The kind with this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Kind>> {
        self.kinds.get(name)
    }

    /// Every kind, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }

    /// Every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(AsRef::as_ref)
    }

    /// The kind whose keys a mapping has, if it has at least four of them, they are most of its
    /// keys, and one of them is not a key that every kind has (`id`, `title` and `owner` are
    /// anyone's).
    pub(super) fn resembled_by(&self, root: NodeRef<'_>, keys: &[&str]) -> Option<&Arc<Kind>> {
        debug_assert!(root.is_mapping());
        let shared = |key: &str| {
            self.kinds.len() > 1
                && self
                    .iter()
                    .all(|kind| kind.keys().any(|known| known == key))
        };
        let known = |kind: &Kind| {
            let known = keys.iter().filter(|key| kind.keys().any(|k| k == **key));
            let (count, own) = known.fold((0, false), |(count, own), key| {
                (count + 1, own || !shared(key))
            });
            (count >= 4 && count * 2 > keys.len() && own).then_some(count)
        };
        let scored = self.iter().filter_map(|kind| Some((known(kind)?, kind)));
        // Of equals the first by name, so `max_by_key`, which takes the last, sees them reversed.
        let scored: Vec<_> = scored.collect();
        scored
            .into_iter()
            .rev()
            .max_by_key(|&(count, _)| count)
            .map(|(_, kind)| kind)
    }
}

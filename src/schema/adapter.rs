//! Lets `jsonschema` validate nodes as they are, without a copy of the document.

use std::borrow::Cow;

use jsonschema_value::types::JsonType;
use jsonschema_value::{Array, Json, JsonNumber, LazyInstance, Node, NodeIdentity, Object};
use serde_json::{Map, Number, Value};

use crate::value::{Entry, NodeRef, Scalar};

/// The key under which the Markdown reader puts a document's body. It is no key of the author's.
pub(super) const SECTIONS: &str = "sections";

/// The representation: marks validators that read [`Instance`]s.
pub(super) struct Nodes;

/// What a validator looks at.
#[derive(Clone, Copy)]
pub(super) enum Instance<'t> {
    /// A node.
    Node(NodeRef<'t>),
    /// The root of a Markdown document: its `sections` are not seen.
    Markdown(NodeRef<'t>),
    /// A key, for `propertyNames`.
    Key(&'t str),
}

impl Json for Nodes {
    type Node<'a> = Instance<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = String;

    /// A lookup is a scan of the entries, so one pass over them is cheaper than many lookups.
    const KEYS_PER_LOOKUP: usize = 4;

    fn prepare_key(key: &str) -> Self::PreparedKey {
        key.into()
    }

    fn with_string_node<T>(
        buffer: &mut String,
        string: &str,
        f: impl FnOnce(Instance<'_>) -> T,
    ) -> T {
        buffer.clear();
        buffer.push_str(string);
        f(Instance::Key(buffer))
    }
}

impl<'t> Instance<'t> {
    fn node(self) -> Option<NodeRef<'t>> {
        match self {
            Self::Node(node) | Self::Markdown(node) => Some(node),
            Self::Key(_) => None,
        }
    }

    fn scalar(self) -> Option<Scalar<'t>> {
        match self {
            Self::Key(key) => Some(Scalar::String(key)),
            Self::Node(node) | Self::Markdown(node) => node.scalar(),
        }
    }
}

impl<'t> Node<'t, Nodes> for Instance<'t> {
    type Object = Members<'t>;
    type Array = Elements<'t>;
    type Number = Num;

    fn as_object(&self) -> Option<Members<'t>> {
        let node = self.node()?;
        node.is_mapping().then_some(Members {
            node,
            hides_sections: matches!(self, Self::Markdown(_)),
        })
    }

    fn as_array(&self) -> Option<Elements<'t>> {
        let node = self.node()?;
        node.is_sequence().then_some(Elements(node))
    }

    fn as_string(&self) -> Option<Cow<'t, str>> {
        match self.scalar()? {
            Scalar::String(text) => Some(Cow::Borrowed(text)),
            Scalar::Float(value) if !value.is_finite() => Some(Cow::Owned(value.to_string())),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Num> {
        match self.scalar()? {
            Scalar::Int(value) => Some(Num::Int(value)),
            Scalar::Float(value) if value.is_finite() => Some(Num::Float(value)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.scalar(), Some(Scalar::Null))
    }

    fn json_type(&self) -> JsonType {
        match self.scalar() {
            Some(Scalar::Null) => JsonType::Null,
            Some(Scalar::Bool(_)) => JsonType::Boolean,
            // JSON has no infinity and no NaN; `super::ambiguous` reports them.
            Some(Scalar::Float(value)) if !value.is_finite() => JsonType::String,
            Some(Scalar::Int(_) | Scalar::Float(_)) => JsonType::Number,
            Some(Scalar::String(_)) => JsonType::String,
            None if self.node().is_some_and(NodeRef::is_sequence) => JsonType::Array,
            None => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.scalar(), expected) {
            (Some(Scalar::String(text)), Value::String(expected)) => text == expected,
            (Some(Scalar::Null), Value::Null) => true,
            (Some(Scalar::Bool(value)), Value::Bool(expected)) => value == *expected,
            (Some(Scalar::Int(_) | Scalar::Float(_)), Value::Number(_))
            | (None, Value::Array(_) | Value::Object(_)) => {
                jsonschema_value::cmp::equal(&self.to_value(), expected)
            }
            _ => false,
        }
    }

    fn to_value(&self) -> Cow<'t, Value> {
        Cow::Owned(to_value(*self))
    }

    /// Findings go back to the node by its path; an error that carried a copy of a large document
    /// for each missing key would only cost memory. A key has no path, so it is kept.
    fn lazy_value(&self) -> LazyInstance<'t> {
        let kept = match self {
            Self::Key(key) => Value::String((*key).to_owned()),
            Self::Node(_) | Self::Markdown(_) => Value::Null,
        };
        LazyInstance::Ready(Cow::Owned(kept))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(match self {
            Self::Node(node) | Self::Markdown(node) => {
                NodeIdentity::tagged(std::ptr::from_ref(node.tree()) as usize, node.id().index())
            }
            Self::Key(key) => NodeIdentity::new(key.as_ptr() as usize),
        })
    }
}

fn to_value(instance: Instance<'_>) -> Value {
    match instance.scalar() {
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => Value::Bool(value),
        Some(Scalar::Int(value)) => Value::Number(value.into()),
        Some(Scalar::Float(value)) => {
            Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number)
        }
        Some(Scalar::String(text)) => Value::String(text.to_owned()),
        None => match (instance.as_array(), instance.as_object()) {
            (Some(array), _) => array.elements().map(to_value).collect(),
            (None, Some(object)) => object
                .members()
                .map(|(key, value)| (key.to_owned(), to_value(value)))
                .collect::<Map<_, _>>()
                .into(),
            (None, None) => Value::Null,
        },
    }
}

/// A finite number of a node.
#[derive(Clone, Copy)]
pub(super) enum Num {
    Int(i64),
    Float(f64),
}

impl JsonNumber for Num {
    fn as_u64(&self) -> Option<u64> {
        match *self {
            Self::Int(value) => u64::try_from(value).ok(),
            Self::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match *self {
            Self::Int(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        Some(match *self {
            #[expect(clippy::cast_precision_loss, reason = "asked for as a float")]
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        })
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_number().to_string())
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(match *self {
            Self::Int(value) => value.into(),
            Self::Float(value) => Number::from_f64(value).unwrap_or_else(|| 0.into()),
        })
    }

    fn is_integer(&self) -> bool {
        match *self {
            Self::Int(_) => true,
            Self::Float(value) => value.fract() == 0.0,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        matches!(self, Self::Int(_))
    }
}

/// A mapping.
pub(super) struct Members<'t> {
    node: NodeRef<'t>,
    hides_sections: bool,
}

impl<'t> Object<'t, Nodes> for Members<'t> {
    type Node = Instance<'t>;
    type MemberName = &'t str;
    type MembersIter = MembersIter<'t>;

    fn len(&self) -> usize {
        let hidden = self.hides_sections && self.node.get(SECTIONS).is_some();
        self.node.len() - usize::from(hidden)
    }

    fn get(&self, key: &Box<str>) -> Option<Instance<'t>> {
        if self.hides_sections && &**key == SECTIONS {
            return None;
        }
        self.node.get(key).map(Instance::Node)
    }

    fn members(&self) -> MembersIter<'t> {
        MembersIter {
            entries: Box::new(self.node.entries()),
            hides_sections: self.hides_sections,
        }
    }
}

/// The entries of a mapping.
pub(super) struct MembersIter<'t> {
    entries: Box<dyn Iterator<Item = Entry<'t>> + 't>,
    hides_sections: bool,
}

impl<'t> Iterator for MembersIter<'t> {
    type Item = (&'t str, Instance<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let hides = self.hides_sections;
        let entry = self
            .entries
            .find(|entry| !(hides && entry.key == SECTIONS))?;
        Some((entry.key, Instance::Node(entry.value)))
    }
}

/// A sequence.
pub(super) struct Elements<'t>(NodeRef<'t>);

impl<'t> Array<'t, Nodes> for Elements<'t> {
    type Node = Instance<'t>;
    type ElementsIter = ElementsIter<'t>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> ElementsIter<'t> {
        ElementsIter {
            node: self.0,
            next: 0,
        }
    }
}

/// The elements of a sequence.
pub(super) struct ElementsIter<'t> {
    node: NodeRef<'t>,
    next: usize,
}

impl<'t> Iterator for ElementsIter<'t> {
    type Item = Instance<'t>;

    fn next(&mut self) -> Option<Instance<'t>> {
        let item = self.node.item(self.next)?;
        self.next += 1;
        Some(Instance::Node(item))
    }
}

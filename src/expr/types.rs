//! The types that expressions are checked against when they are loaded.
//!
//! Typing is gradual: [`Type::Dyn`] agrees with everything, a union with whatever one of its
//! members agrees with. An expression is refused only if it cannot mean anything, never because
//! it might fail on some document; what fails on a document is an outcome.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::time::{parse_date, parse_iso_duration};

/// What is known of a value before there is a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything: nothing is known.
    Dyn,
    /// Null.
    Null,
    /// True or false.
    Bool,
    /// A signed 64-bit integer.
    Int,
    /// An unsigned 64-bit integer; no document holds one, `uint(x)` and `1u` make one.
    Uint,
    /// A double-precision float.
    Double,
    /// An int or a double: JSON Schema's `number`.
    Number,
    /// Text.
    String,
    /// Text that is one of these: JSON Schema's `enum` or `const` of strings.
    Enum(Arc<[Arc<str>]>),
    /// Text of JSON Schema's format `date` or `date-time`; `date(x)` makes a [`Type::Timestamp`].
    Date,
    /// Text of JSON Schema's format `duration`, ISO 8601; `days(x)` makes a number.
    IsoDuration,
    /// Bytes; no document holds any, `bytes(x)` and `b"..."` make them.
    Bytes,
    /// An instant.
    Timestamp,
    /// A span of seconds, as CEL's `duration("90s")` makes it; not [`Type::IsoDuration`].
    Duration,
    /// A list.
    List(Arc<Type>),
    /// A mapping from any string to values of one type.
    Map(Arc<Type>),
    /// A mapping whose keys are known.
    Object(Arc<ObjectType>),
    /// What `x.?y` and `optional.of(x)` give.
    Optional(Arc<Type>),
    /// One of several; made by [`Type::union`], which keeps it flat and without repetition.
    Union(Arc<[Type]>),
    /// A type as a value: what `type(x)` gives.
    Type,
}

/// A mapping whose keys are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectType {
    /// What messages call it: a kind, or a path below one such as `feature-spec.launch`.
    pub name: Arc<str>,
    /// The keys with the types of their values.
    pub fields: BTreeMap<Arc<str>, Type>,
    /// Whether other keys may be read; they are [`Type::Dyn`].
    pub open: bool,
}

/// What reading a key of a type gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The key is known, or any key may be read.
    Known(Type),
    /// Every mapping that the type admits is closed and none has the key.
    Unknown {
        /// The keys that there are, sorted.
        keys: Vec<Arc<str>>,
    },
    /// The type has no keys at all.
    NotAMapping,
}

impl Type {
    /// A list of `element`.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// A mapping from any string to `value`.
    pub fn map(value: Self) -> Self {
        Self::Map(Arc::new(value))
    }

    /// An optional `inner`; an optional of an optional stays one.
    pub fn optional(inner: Self) -> Self {
        match inner {
            Self::Optional(_) => inner,
            inner => Self::Optional(Arc::new(inner)),
        }
    }

    /// Text that is one of `values`.
    pub fn one_of<S: Into<Arc<str>>>(values: impl IntoIterator<Item = S>) -> Self {
        Self::Enum(values.into_iter().map(Into::into).collect())
    }

    /// A closed mapping with these keys.
    pub fn object<S: Into<Arc<str>>>(
        name: impl Into<Arc<str>>,
        fields: impl IntoIterator<Item = (S, Self)>,
    ) -> Self {
        Self::Object(Arc::new(ObjectType {
            name: name.into(),
            fields: fields.into_iter().map(|(k, ty)| (k.into(), ty)).collect(),
            open: false,
        }))
    }

    /// The least type that admits each of `types`: the join of the branches of a conditional.
    ///
    /// `Dyn` swallows the rest, `String` its enums, `Number` the int and the double. Of no types: `Dyn`.
    pub fn union(types: impl IntoIterator<Item = Self>) -> Self {
        let mut members: Vec<Self> = Vec::new();
        for ty in types {
            match ty {
                Self::Dyn => return Self::Dyn,
                Self::Union(inner) => inner.iter().for_each(|ty| add(&mut members, ty.clone())),
                ty => add(&mut members, ty),
            }
        }
        match members.pop() {
            None => Self::Dyn,
            Some(only) if members.is_empty() => only,
            Some(last) => {
                members.push(last);
                Self::Union(members.into())
            }
        }
    }

    /// The types that it admits: a union's members, else itself.
    pub fn members(&self) -> &[Self] {
        match self {
            Self::Union(members) => members,
            one => std::slice::from_ref(one),
        }
    }

    /// Without null: no operation but a comparison with null takes one.
    #[must_use]
    pub fn without_null(&self) -> Self {
        match self {
            Self::Union(members) if members.contains(&Self::Null) => {
                Self::union(members.iter().filter(|ty| **ty != Self::Null).cloned())
            }
            other => other.clone(),
        }
    }

    /// Whether nothing is known of it.
    pub fn is_dyn(&self) -> bool {
        matches!(self, Self::Dyn)
    }

    /// Whether it is text of any sort.
    pub fn is_text(&self) -> bool {
        matches!(
            self,
            Self::String | Self::Enum(_) | Self::Date | Self::IsoDuration
        )
    }

    /// Whether it is a number of any sort.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double | Self::Number)
    }

    /// Whether some value is of both types, so that one may stand where the other is wanted.
    ///
    /// Numbers are told apart (an `Int` is no `Double`); [`Type::comparable`] sees them as one.
    pub fn overlaps(&self, other: &Self) -> bool {
        agree(self, other, false)
    }

    /// Whether `==` between them can hold: they overlap, or both are numbers.
    pub fn comparable(&self, other: &Self) -> bool {
        agree(self, other, true)
    }

    /// What reading the key `name` gives. Through an optional the result is optional; of a union,
    /// the members that have the key decide.
    pub fn field(&self, name: &str) -> Field {
        let mut found = Vec::new();
        let mut keys: Vec<Arc<str>> = Vec::new();
        let mut mapping = false;
        for member in self.members() {
            match member {
                Self::Dyn => found.push(Self::Dyn),
                Self::Map(value) => found.push(value.as_ref().clone()),
                Self::Object(object) => {
                    mapping = true;
                    match object.fields.get(name) {
                        Some(ty) => found.push(ty.clone()),
                        // `x-` keys are the author's own, in closed mappings too.
                        None if object.open || name.starts_with("x-") => found.push(Self::Dyn),
                        None => keys.extend(object.fields.keys().cloned()),
                    }
                }
                Self::Optional(inner) => match inner.field(name) {
                    Field::Known(ty) => found.push(Self::optional(ty)),
                    Field::Unknown { keys: inner } => {
                        mapping = true;
                        keys.extend(inner);
                    }
                    Field::NotAMapping => {}
                },
                _ => {}
            }
        }
        if !found.is_empty() {
            return Field::Known(Self::union(found));
        }
        if !mapping {
            return Field::NotAMapping;
        }
        keys.sort();
        keys.dedup();
        Field::Unknown { keys }
    }

    /// What `x[i]`, `all` and `map` see of a list; `None` if it admits no list.
    pub fn element(&self) -> Option<Self> {
        let elements: Vec<_> = self
            .members()
            .iter()
            .filter_map(|member| match member {
                Self::Dyn => Some(Self::Dyn),
                Self::List(element) => Some(element.as_ref().clone()),
                _ => None,
            })
            .collect();
        (!elements.is_empty()).then(|| Self::union(elements))
    }

    /// What a comprehension binds: (first, second) of its two-variable form, index and element of
    /// a list, key and value of a mapping. The one-variable form binds the element of a list, the
    /// key of a mapping: [`Type::iterated`]. `None` if there is nothing to iterate.
    pub fn entries(&self) -> Option<(Self, Self)> {
        let mut first = Vec::new();
        let mut second = Vec::new();
        for member in self.members() {
            let (key, value) = match member {
                Self::Dyn => (Self::Dyn, Self::Dyn),
                Self::List(element) => (Self::Int, element.as_ref().clone()),
                Self::Map(value) => (Self::String, value.as_ref().clone()),
                Self::Object(object) if object.open => (Self::String, Self::Dyn),
                Self::Object(object) => {
                    (Self::String, Self::union(object.fields.values().cloned()))
                }
                _ => continue,
            };
            first.push(key);
            second.push(value);
        }
        (!first.is_empty()).then(|| (Self::union(first), Self::union(second)))
    }

    /// What the one-variable form of a comprehension binds.
    pub fn iterated(&self) -> Option<Self> {
        let bound: Vec<_> = self
            .members()
            .iter()
            .filter_map(|member| match member {
                Self::Dyn => Some(Self::Dyn),
                Self::List(element) => Some(element.as_ref().clone()),
                Self::Map(_) | Self::Object(_) => Some(Self::String),
                _ => None,
            })
            .collect();
        (!bound.is_empty()).then(|| Self::union(bound))
    }

    /// The noun without an article: "string", "list of numbers".
    fn noun(&self) -> String {
        match self {
            Self::Dyn => "value of any type".into(),
            Self::Null => "null".into(),
            Self::Bool => "boolean".into(),
            Self::Int => "integer".into(),
            Self::Uint => "unsigned integer".into(),
            Self::Double => "float".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::Enum(values) => format!("string ({})", alternatives(values)),
            Self::Date => "date string".into(),
            Self::IsoDuration => "duration string".into(),
            Self::Bytes => "bytes value".into(),
            Self::Timestamp => "timestamp".into(),
            Self::Duration => "CEL duration".into(),
            Self::List(element) => match &**element {
                Self::Dyn => "list".into(),
                element => format!("list of {}", element.plural()),
            },
            Self::Map(value) => match &**value {
                Self::Dyn => "mapping".into(),
                value => format!("mapping to {}", value.plural()),
            },
            Self::Object(object) => format!("mapping `{}`", object.name),
            Self::Optional(inner) => match &**inner {
                Self::Dyn => "optional value".into(),
                inner => format!("optional {}", inner.noun()),
            },
            Self::Union(members) => or(shown(members).iter().map(Self::noun)),
            Self::Type => "type".into(),
        }
    }

    fn plural(&self) -> String {
        match self {
            Self::Dyn => "values of any type".into(),
            Self::Null => "nulls".into(),
            Self::Enum(values) => format!("strings ({})", alternatives(values)),
            Self::List(element) => match &**element {
                Self::Dyn => "lists".into(),
                element => format!("lists of {}", element.plural()),
            },
            Self::Map(value) => match &**value {
                Self::Dyn => "mappings".into(),
                value => format!("mappings to {}", value.plural()),
            },
            Self::Object(object) => format!("`{}` mappings", object.name),
            Self::Optional(inner) => match &**inner {
                Self::Dyn => "optional values".into(),
                inner => format!("optional {}", inner.plural()),
            },
            Self::Union(members) => or(shown(members).iter().map(Self::plural)),
            scalar => format!("{}s", scalar.noun()),
        }
    }
}

/// As users read it, with its article: "a string", "a list of numbers", "the mapping `launch`".
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Int => f.write_str("an integer"),
            Self::Uint | Self::Optional(_) => write!(f, "an {}", self.noun()),
            Self::Object(_) => write!(f, "the {}", self.noun()),
            Self::Union(members) => {
                f.write_str(&or(shown(members).iter().map(ToString::to_string)))
            }
            other => write!(f, "a {}", other.noun()),
        }
    }
}

/// The members of a union as messages list them: several kinds of number are "a number".
fn shown(members: &[Type]) -> Vec<Type> {
    let mut shown: Vec<_> = members
        .iter()
        .filter(|ty| !ty.is_numeric())
        .cloned()
        .collect();
    let mut numbers = members.iter().filter(|ty| ty.is_numeric());
    match (numbers.next(), numbers.next()) {
        (None, _) => {}
        (Some(only), None) => shown.insert(0, only.clone()),
        (Some(_), Some(_)) => shown.insert(0, Type::Number),
    }
    shown
}

/// "a", "a or b", "a, b or c".
fn or(parts: impl Iterator<Item = String>) -> String {
    let mut parts: Vec<_> = parts.collect();
    match parts.pop() {
        None => String::new(),
        Some(only) if parts.is_empty() => only,
        Some(last) => format!("{} or {last}", parts.join(", ")),
    }
}

/// At most six of the values of an enum.
fn alternatives(values: &[Arc<str>]) -> String {
    const SHOWN: usize = 6;
    if values.len() <= SHOWN {
        return or(values.iter().map(|value| format!("`{value}`")));
    }
    let shown: Vec<_> = values
        .iter()
        .take(SHOWN)
        .map(|value| format!("`{value}`"))
        .collect();
    format!("{} and {} more", shown.join(", "), values.len() - SHOWN)
}

/// Adds one type that is no union to the members of one.
fn add(members: &mut Vec<Type>, ty: Type) {
    let swallows = |wide: &Type, narrow: &Type| {
        wide == narrow
            || matches!(
                (wide, narrow),
                (Type::Number, Type::Int | Type::Double) | (Type::String, Type::Enum(_))
            )
    };
    if members.iter().any(|member| swallows(member, &ty)) {
        return;
    }
    let ty = match &ty {
        Type::Enum(values) => match members.iter().position(|m| matches!(m, Type::Enum(_))) {
            Some(at) => match members.remove(at) {
                Type::Enum(known) => {
                    let mut all = known.to_vec();
                    all.extend(values.iter().filter(|v| !known.contains(v)).cloned());
                    Type::Enum(all.into())
                }
                other => other,
            },
            None => ty,
        },
        _ => ty,
    };
    members.retain(|member| !swallows(&ty, member));
    members.push(ty);
}

/// Whether some value is of both types; `as_numbers`: an int may equal a double.
fn agree(a: &Type, b: &Type, as_numbers: bool) -> bool {
    a.members()
        .iter()
        .any(|a| b.members().iter().any(|b| one_agrees(a, b, as_numbers)))
}

fn one_agrees(a: &Type, b: &Type, as_numbers: bool) -> bool {
    match (a, b) {
        (Type::Dyn, _)
        | (_, Type::Dyn)
        | (Type::Number, Type::Int | Type::Double)
        | (Type::Int | Type::Double, Type::Number)
        | (Type::Object(_), Type::Object(_) | Type::Map(_))
        | (Type::Map(_), Type::Object(_)) => true,
        (Type::Enum(a), Type::Enum(b)) => a.iter().any(|value| b.contains(value)),
        (Type::String, text) | (text, Type::String) => text.is_text(),
        (Type::Enum(values), Type::Date) | (Type::Date, Type::Enum(values)) => {
            values.iter().any(|value| parse_date(value).is_ok())
        }
        (Type::Enum(values), Type::IsoDuration) | (Type::IsoDuration, Type::Enum(values)) => {
            values.iter().any(|value| parse_iso_duration(value).is_ok())
        }
        // The empty list is of every list type; what matters is whether elements ever agree.
        (Type::List(a), Type::List(b))
        | (Type::Map(a), Type::Map(b))
        | (Type::Optional(a), Type::Optional(b)) => agree(a, b, as_numbers),
        (a, b) => a == b || (as_numbers && a.is_numeric() && b.is_numeric()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Type {
        Type::object(
            "launch",
            [("date", Type::Date), ("regions", Type::list(Type::String))],
        )
    }

    #[test]
    fn types_read_as_users_speak() {
        let status = Type::one_of(["draft", "launched"]);
        for (ty, text) in [
            (Type::Dyn, "a value of any type"),
            (Type::Int, "an integer"),
            (Type::String, "a string"),
            (status.clone(), "a string (`draft` or `launched`)"),
            (
                Type::one_of(["a", "b", "c", "d", "e", "f", "g", "h"]),
                "a string (`a`, `b`, `c`, `d`, `e`, `f` and 2 more)",
            ),
            (Type::list(Type::Dyn), "a list"),
            (Type::list(Type::Number), "a list of numbers"),
            (Type::list(launch()), "a list of `launch` mappings"),
            (
                Type::list(Type::list(Type::String)),
                "a list of lists of strings",
            ),
            (Type::map(Type::Bool), "a mapping to booleans"),
            (launch(), "the mapping `launch`"),
            (Type::optional(Type::Date), "an optional date string"),
            (
                Type::union([Type::String, Type::Int, Type::Null]),
                "an integer, a string or null",
            ),
        ] {
            assert_eq!(ty.to_string(), text);
        }
    }

    #[test]
    fn unions_are_flat_and_least() {
        assert_eq!(Type::union([]), Type::Dyn);
        assert_eq!(Type::union([Type::Int, Type::Dyn]), Type::Dyn);
        assert_eq!(
            Type::union([Type::Int, Type::Number, Type::Double]),
            Type::Number
        );
        assert_eq!(
            Type::union([Type::one_of(["a"]), Type::String]),
            Type::String
        );
        assert_eq!(
            Type::union([Type::one_of(["a"]), Type::one_of(["b", "a"])]),
            Type::one_of(["a", "b"])
        );
        let nested = Type::union([
            Type::union([Type::Int, Type::Bool]),
            Type::union([Type::Bool, Type::Null]),
        ]);
        assert_eq!(nested.members(), [Type::Int, Type::Bool, Type::Null]);
        assert_eq!(nested.without_null().members(), [Type::Int, Type::Bool]);
    }

    #[test]
    fn agreement() {
        let maybe = Type::union([Type::String, Type::Null]);
        let overlapping = [
            (Type::Dyn, Type::Bool),
            (Type::Number, Type::Int),
            (maybe.clone(), Type::Date),
            (Type::one_of(["a", "b"]), Type::one_of(["b", "c"])),
            (Type::list(Type::Dyn), Type::list(Type::Int)),
            (launch(), Type::map(Type::Int)),
        ];
        for (a, b) in overlapping {
            assert!(a.overlaps(&b) && b.overlaps(&a), "{a} / {b}");
            assert!(a.comparable(&b) && b.comparable(&a), "{a} / {b}");
        }
        let apart = [
            (Type::String, Type::Int),
            (maybe, Type::Bool),
            (Type::Date, Type::IsoDuration),
            (Type::Date, Type::Timestamp),
            (Type::one_of(["a"]), Type::one_of(["b"])),
            (Type::list(Type::String), Type::list(Type::Int)),
            (launch(), Type::list(Type::Dyn)),
        ];
        for (a, b) in apart {
            assert!(!a.overlaps(&b) && !b.overlaps(&a), "{a} / {b}");
            assert!(!a.comparable(&b) && !b.comparable(&a), "{a} / {b}");
        }
        assert!(!Type::Int.overlaps(&Type::Double) && Type::Int.comparable(&Type::Double));
        assert!(Type::list(Type::Int).comparable(&Type::list(Type::Double)));
    }

    #[test]
    fn keys_are_found_through_unions_and_optionals() {
        assert_eq!(launch().field("date"), Field::Known(Type::Date));
        let keys = vec!["date".into(), "regions".into()];
        assert_eq!(
            launch().field("data"),
            Field::Unknown { keys: keys.clone() }
        );
        assert_eq!(Type::String.field("date"), Field::NotAMapping);
        assert_eq!(Type::Dyn.field("date"), Field::Known(Type::Dyn));
        let other = Type::object("other", [("date", Type::String), ("x", Type::Int)]);
        let either = Type::union([launch(), other, Type::String]);
        assert_eq!(
            either.field("date"),
            Field::Known(Type::union([Type::Date, Type::String]))
        );
        assert_eq!(either.field("x"), Field::Known(Type::Int));
        let optional = Type::optional(launch());
        assert_eq!(
            optional.field("date"),
            Field::Known(Type::optional(Type::Date))
        );
        assert_eq!(optional.field("data"), Field::Unknown { keys });
        assert_eq!(
            Type::map(Type::Int).entries(),
            Some((Type::String, Type::Int))
        );
        assert_eq!(Type::list(Type::Bool).iterated(), Some(Type::Bool));
        assert_eq!(Type::Bool.iterated(), None);
    }
}

//! How messages name a type.

use std::fmt;
use std::sync::Arc;

use super::Type;

impl Type {
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
                element if element.is_never() => "empty list".into(),
                Self::Dyn => "list".into(),
                element => format!("list of {}", element.plural()),
            },
            Self::Map(value) => match &**value {
                value if value.is_never() => "empty mapping".into(),
                Self::Dyn => "mapping".into(),
                value => format!("mapping to {}", value.plural()),
            },
            Self::Object(object) => format!("mapping `{}`", object.name),
            Self::Optional(inner) => match &**inner {
                inner if inner.is_dyn() || inner.is_never() => "optional value".into(),
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
                inner if inner.is_dyn() || inner.is_never() => "optional values".into(),
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
            Self::List(element) | Self::Map(element) if element.is_never() => {
                write!(f, "an {}", self.noun())
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Type {
        Type::object("launch", [("date", Type::Date)])
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
            (Type::list(Type::never()), "an empty list"),
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
}

//! Parameters of rules: their types, and their values as a tree that expressions read as `params`.
//!
//! A value is a node of the policy file or of the config that set it, copied with its place, so an
//! operand `params.limit` is labelled where its value was written.

use std::sync::Arc;

use crate::expr::{Type, time};
use crate::source::{SourceFile, Span};
use crate::value::{Kind, Limits, NodeId, NodeRef, Tree, TreeBuilder};

/// The type of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// An ISO 8601 duration.
    Duration,
    /// An RFC 3339 date.
    Date,
    /// A list of one of the others.
    List(Box<Self>),
}

impl ParamType {
    /// The type of this name; `of` is the type of a list's elements.
    pub(crate) fn from_names(name: &str, of: Option<&str>) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "duration" => Self::Duration,
            "date" => Self::Date,
            "list" => Self::List(Box::new(Self::from_names(of.unwrap_or("string"), None)?)),
            _ => return None,
        })
    }

    /// The type in expressions.
    pub(crate) fn to_expr(&self) -> Type {
        match self {
            Self::String => Type::String,
            Self::Boolean => Type::Bool,
            Self::Integer => Type::Int,
            Self::Number => Type::Number,
            Self::Duration => Type::IsoDuration,
            Self::Date => Type::Date,
            Self::List(element) => Type::list(element.to_expr()),
        }
    }

    /// The name that a policy file gives it.
    pub fn name(&self) -> String {
        match self {
            Self::String => "string".into(),
            Self::Boolean => "boolean".into(),
            Self::Integer => "integer".into(),
            Self::Number => "number".into(),
            Self::Duration => "duration".into(),
            Self::Date => "date".into(),
            Self::List(element) => format!("list of {}", element.name()),
        }
    }

    /// Where in `value` it is not of this type, and why.
    pub(crate) fn mismatch<'t>(&self, value: NodeRef<'t>) -> Option<(NodeRef<'t>, String)> {
        let kind = value.kind();
        let fits = match self {
            Self::String => kind == Kind::String,
            Self::Boolean => kind == Kind::Bool,
            Self::Integer => kind == Kind::Int,
            Self::Number => matches!(kind, Kind::Int | Kind::Float),
            Self::Duration => {
                return match value.as_str().map(time::parse_iso_duration) {
                    Some(Ok(_)) => None,
                    Some(Err(error)) => Some((value, error.to_string())),
                    None => Some((value, self.expected(kind))),
                };
            }
            Self::Date => {
                return match value.as_str().map(time::parse_date) {
                    Some(Ok(_)) => None,
                    Some(Err(error)) => Some((value, error.to_string())),
                    None => Some((value, self.expected(kind))),
                };
            }
            Self::List(element) => {
                if kind == Kind::Sequence {
                    return value.items().find_map(|item| element.mismatch(item));
                }
                false
            }
        };
        (!fits).then(|| (value, self.expected(kind)))
    }

    fn expected(&self, found: Kind) -> String {
        let wanted = match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Duration => "an ISO 8601 duration such as P2Y",
            Self::Date => "a date such as 2026-08-02",
            Self::List(_) => "a list",
        };
        format!("expected {wanted}, found {}", found.described())
    }
}

/// One parameter of a rule with the value that holds in this run.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: ParamType,
    /// What it means.
    pub description: Arc<str>,
    /// The value that the policy gives it.
    pub default: ParamValue,
    /// The value that holds: the default, or what a config set.
    pub value: ParamValue,
}

/// A value of a parameter: a node of a policy file or a config.
#[derive(Clone, Debug)]
pub struct ParamValue {
    /// The tree.
    pub tree: Arc<Tree>,
    /// The node.
    pub node: NodeId,
}

impl ParamValue {
    /// The node.
    pub fn node(&self) -> NodeRef<'_> {
        self.tree.node(self.node)
    }

    /// The value on one line: `P2Y`, `["EU", "US"]`.
    pub fn on_one_line(&self) -> String {
        on_one_line(self.node())
    }
}

/// A value on one line: a scalar as it was written, else in flow style.
pub(crate) fn on_one_line(node: NodeRef<'_>) -> String {
    match node.as_str() {
        Some(text) => text.to_owned(),
        None if node.scalar().is_some() => node.raw().to_owned(),
        None => format!("{node:?}"),
    }
}

/// The values of all parameters of a rule as one mapping.
///
/// Each key stands where its value does, so that what is said of a parameter points at the value
/// that holds.
pub(crate) fn mapping(file: &Arc<SourceFile>, params: &[Param]) -> Arc<Tree> {
    let mut builder = TreeBuilder::new(Arc::clone(file), &Limits::default());
    let start = Span::new(0, 0);
    if builder.begin_mapping(start).is_ok() {
        for param in params {
            let value = param.value.node();
            let keyed = builder.key_in(&param.name, value.span(), value.source());
            // Neither limits nor duplicates can be hit: the nodes come from a tree within limits.
            if keyed.is_err() || builder.copy(value).is_err() {
                break;
            }
        }
        builder.end(None);
    }
    Arc::new(builder.finish())
}

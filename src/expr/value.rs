//! What expressions compute: values that know the node they came from, absences, errors.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, civil};

use super::facts::FactError;
use super::occurrence::Occurrence;
use crate::value::{NodeRef, Scalar};

/// A value, or why there is none.
///
/// What was read from a document stays a [`Value::Node`], scalars too, so that its place is known
/// as long as it is passed on.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A node of a document.
    Node(NodeRef<'a>),
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A float.
    Double(f64),
    /// Text.
    String(Text<'a>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// An instant, as date and time in UTC, from the year 1 to the year 9999.
    Timestamp(civil::DateTime),
    /// A span of time of less than about 292 years either way: 64 bits of nanoseconds.
    Duration(SignedDuration),
    /// A list that was computed. Its elements are neither absent nor errors.
    List(Arc<[Value<'a>]>),
    /// A map that was computed. Its keys and values are neither absent nor errors.
    Map(Arc<Map<'a>>),
    /// A value that may be left out.
    Optional(Option<Arc<Value<'a>>>),
    /// A type.
    Type(TypeName),
    /// Something that was read is not there.
    Absent(Absence<'a>),
    /// Something cannot be computed.
    Error(Box<EvalError<'a>>),
}

/// Text, borrowed where it stands in a document or program. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// Part of a document or program.
    Borrowed(&'a str),
    /// Computed.
    Shared(Arc<str>),
    /// Found in what was written: it knows its place.
    Found(Arc<Occurrence<'a>>),
}

impl Text<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
            Self::Found(found) => found.text(),
        }
    }
}

/// A computed map: entries in the order in which they were made, with distinct keys.
pub type Map<'a> = [(Value<'a>, Value<'a>)];

/// What is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Absence<'a> {
    /// The nearest node that is there; `None` where it is no part of a document.
    pub parent: Option<NodeRef<'a>>,
    /// What it lacks.
    pub missing: Missing<'a>,
}

/// What a parent lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing<'a> {
    /// This key.
    Key(Cow<'a, str>),
    /// The element at this index.
    Index(i64),
    /// All below it: it is null itself.
    Null,
}

/// Why something cannot be computed.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalError<'a> {
    /// What sort of error it is.
    pub kind: ErrorKind,
    /// The fact, without a final period. For [`ErrorKind::Mistyped`] it completes "`limit` ...":
    /// "is a string, not a number".
    pub message: String,
    /// The node whose value is to blame, where one alone is.
    pub node: Option<NodeRef<'a>>,
}

/// The sorts of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A value of a type that the operation does not take.
    Mistyped,
    /// A value of the right type that it cannot take: no date, no number, out of range.
    Invalid,
    /// Overflow, division by zero.
    Arithmetic,
    /// A name or a function that is not known.
    Undeclared,
    /// The evaluation takes too many steps.
    Budget,
    /// A fact that cannot be given.
    Fact(FactError),
}

impl<'a> EvalError<'a> {
    /// An error of a kind, without a node.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            node: None,
        }
    }

    /// `value` is not of the type that is described ("a number").
    pub fn mistyped(value: &Value<'a>, wanted: &str) -> Self {
        let message = format!("is {}, not {wanted}", value.described());
        Self {
            node: value.node(),
            ..Self::new(ErrorKind::Mistyped, message)
        }
    }

    /// `value` is of the right type and cannot be taken.
    pub fn invalid(value: &Value<'a>, message: impl Into<String>) -> Self {
        Self {
            node: value.node(),
            ..Self::new(ErrorKind::Invalid, message)
        }
    }

    pub(super) fn arithmetic(message: &str) -> Self {
        Self::new(ErrorKind::Arithmetic, message)
    }

    pub(super) fn undeclared(what: &str) -> Self {
        Self::new(ErrorKind::Undeclared, format!("{what} is not known"))
    }

    pub(super) fn budget(steps: u32) -> Self {
        let message = format!("the expression takes more than {steps} steps");
        Self::new(ErrorKind::Budget, message)
    }

    /// The same without the value that it speaks of.
    #[must_use]
    pub fn redacted(&self) -> Self {
        let mut error = self.clone();
        if error.kind == ErrorKind::Invalid {
            "the value cannot be taken, and is not shown".clone_into(&mut error.message);
        }
        error
    }

    /// Whether it passes once the engine has loaded what was asked for.
    pub fn is_deferred(&self) -> bool {
        self.kind == ErrorKind::Fact(FactError::Deferred)
    }
}

/// The message as a sentence of its own.
impl fmt::Display for EvalError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, self.node) {
            (ErrorKind::Mistyped, None) => write!(f, "a value {}", self.message),
            (ErrorKind::Mistyped, Some(node)) => {
                write!(f, "`{}` {}", node.pointer().to_path(), self.message)
            }
            _ => f.write_str(&self.message),
        }
    }
}

impl<'a> From<EvalError<'a>> for Value<'a> {
    fn from(error: EvalError<'a>) -> Self {
        Self::Error(Box::new(error))
    }
}

impl<'a> From<Box<EvalError<'a>>> for Value<'a> {
    fn from(error: Box<EvalError<'a>>) -> Self {
        Self::Error(error)
    }
}

/// The types that `type(x)` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the types' own")]
pub enum TypeName {
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Optional,
    Type,
}

impl TypeName {
    const ALL: [Self; 13] = [
        Self::Null,
        Self::Bool,
        Self::Int,
        Self::Uint,
        Self::Double,
        Self::String,
        Self::Bytes,
        Self::Timestamp,
        Self::Duration,
        Self::List,
        Self::Map,
        Self::Optional,
        Self::Type,
    ];

    /// The name as expressions write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Timestamp => "google.protobuf.Timestamp",
            Self::Duration => "google.protobuf.Duration",
            Self::List => "list",
            Self::Map => "map",
            Self::Optional => "optional_type",
            Self::Type => "type",
        }
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.name() == name)
    }
}

/// How a condition came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be said: something is not there.
    Absent,
    /// It cannot be said: something cannot be computed, or it is no boolean.
    Error,
}

impl<'a> Value<'a> {
    /// Text that was computed.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(Text::Shared(text.into()))
    }

    /// A list that was computed.
    pub fn list(elements: impl Into<Arc<[Value<'a>]>>) -> Self {
        Self::List(elements.into())
    }

    /// An optional with a value.
    pub fn some(value: Self) -> Self {
        Self::Optional(Some(Arc::new(value)))
    }

    /// The optional without a value.
    pub const NONE: Value<'a> = Value::Optional(None);

    /// How it came out as a condition.
    pub fn truth(&self) -> Truth {
        match self {
            Self::Bool(true) => Truth::True,
            Self::Bool(false) => Truth::False,
            Self::Absent(_) => Truth::Absent,
            Self::Node(node) => match node.as_bool() {
                Some(true) => Truth::True,
                Some(false) => Truth::False,
                None => Truth::Error,
            },
            _ => Truth::Error,
        }
    }

    /// The node that it is, if it came from a document as it is.
    pub fn node(&self) -> Option<NodeRef<'a>> {
        match self {
            Self::Node(node) => Some(*node),
            _ => None,
        }
    }

    /// Its text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self.view() {
            View::String(text) => Some(text),
            _ => None,
        }
    }

    /// Its value, if it is a number; integers as the nearest float.
    pub fn as_f64(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "the nearest float is asked for")]
        match self.view() {
            View::Int(value) => Some(value as f64),
            View::Uint(value) => Some(value as f64),
            View::Double(value) => Some(value),
            _ => None,
        }
    }

    /// Its value, if it is an integer in range.
    pub fn as_i64(&self) -> Option<i64> {
        match self.view() {
            View::Int(value) => Some(value),
            View::Uint(value) => i64::try_from(value).ok(),
            _ => None,
        }
    }

    /// Its elements, if it is a list: nodes of a document, or values.
    pub fn elements(&self) -> Option<impl ExactSizeIterator<Item = Value<'a>> + '_> {
        match self.view() {
            View::List(list) => Some((0..list.len()).map(move |at| list.at(at))),
            _ => None,
        }
    }

    /// Whether it is null, of a document or not.
    pub fn is_null(&self) -> bool {
        matches!(self.view(), View::Null)
    }

    /// Whether it is neither absent nor an error.
    pub fn is_value(&self) -> bool {
        !matches!(self, Self::Absent(_) | Self::Error(_))
    }

    /// The value alike for nodes and computed values.
    pub(super) fn view(&self) -> View<'_, 'a> {
        match self {
            Self::Node(node) => match node.scalar() {
                Some(Scalar::Null) => View::Null,
                Some(Scalar::Bool(value)) => View::Bool(value),
                Some(Scalar::Int(value)) => View::Int(value),
                Some(Scalar::Float(value)) => View::Double(value),
                Some(Scalar::String(text)) => View::String(text),
                None if node.is_sequence() => View::List(ListView::Node(*node)),
                None => View::Map(MapView::Node(*node)),
            },
            Self::Null => View::Null,
            Self::Bool(value) => View::Bool(*value),
            Self::Int(value) => View::Int(*value),
            Self::Uint(value) => View::Uint(*value),
            Self::Double(value) => View::Double(*value),
            Self::String(text) => View::String(text.as_str()),
            Self::Bytes(bytes) => View::Bytes(bytes),
            Self::Timestamp(at) => View::Timestamp(*at),
            Self::Duration(span) => View::Duration(*span),
            Self::List(list) => View::List(ListView::Values(list)),
            Self::Map(map) => View::Map(MapView::Values(map)),
            Self::Optional(inner) => View::Optional(inner.as_deref()),
            Self::Type(name) => View::Type(*name),
            Self::Absent(_) | Self::Error(_) => View::Nothing,
        }
    }

    /// Its type; of what is no value, null's.
    pub fn type_name(&self) -> TypeName {
        match self.view() {
            View::Null | View::Nothing => TypeName::Null,
            View::Bool(_) => TypeName::Bool,
            View::Int(_) => TypeName::Int,
            View::Uint(_) => TypeName::Uint,
            View::Double(_) => TypeName::Double,
            View::String(_) => TypeName::String,
            View::Bytes(_) => TypeName::Bytes,
            View::Timestamp(_) => TypeName::Timestamp,
            View::Duration(_) => TypeName::Duration,
            View::List(_) => TypeName::List,
            View::Map(_) => TypeName::Map,
            View::Optional(_) => TypeName::Optional,
            View::Type(_) => TypeName::Type,
        }
    }

    /// What it is, with an article, for messages.
    pub fn described(&self) -> &'static str {
        match self {
            Self::Absent(_) => return "absent",
            Self::Error(_) => return "an error",
            _ => {}
        }
        match self.type_name() {
            TypeName::Null => "null",
            TypeName::Bool => "a boolean",
            TypeName::Int => "an integer",
            TypeName::Uint => "an unsigned integer",
            TypeName::Double => "a number",
            TypeName::String => "a string",
            TypeName::Bytes => "bytes",
            TypeName::Timestamp => "a timestamp",
            TypeName::Duration => "a duration",
            TypeName::List => "a list",
            TypeName::Map => "a mapping",
            TypeName::Optional => "an optional",
            TypeName::Type => "a type",
        }
    }
}

/// As a message of a policy shows it: text as it is, lists with commas; what is not there or
/// cannot be computed is said in angle brackets.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::display::in_message(self))
    }
}

/// A look at a value that hides whether it is a node.
#[derive(Clone, Copy)]
pub(super) enum View<'v, 'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(&'v str),
    Bytes(&'v [u8]),
    Timestamp(civil::DateTime),
    Duration(SignedDuration),
    List(ListView<'v, 'a>),
    Map(MapView<'v, 'a>),
    Optional(Option<&'v Value<'a>>),
    Type(TypeName),
    Nothing,
}

/// A list of either origin.
#[derive(Clone, Copy)]
pub(super) enum ListView<'v, 'a> {
    Node(NodeRef<'a>),
    Values(&'v [Value<'a>]),
}

impl<'a> ListView<'_, 'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Node(node) => node.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// The element at an index below [`len`](Self::len).
    pub(super) fn at(self, index: usize) -> Value<'a> {
        self.get(index).unwrap_or(Value::Null)
    }

    pub(super) fn get(self, index: usize) -> Option<Value<'a>> {
        match self {
            Self::Node(node) => node.item(index).map(Value::Node),
            Self::Values(values) => values.get(index).cloned(),
        }
    }
}

/// A map of either origin.
#[derive(Clone, Copy)]
pub(super) enum MapView<'v, 'a> {
    Node(NodeRef<'a>),
    Values(&'v Map<'a>),
}

impl<'a> MapView<'_, 'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Node(node) => node.len(),
            Self::Values(entries) => entries.len(),
        }
    }

    /// The entry at an index below [`len`](Self::len).
    pub(super) fn entry(self, index: usize) -> (Value<'a>, Value<'a>) {
        let entry = match self {
            Self::Node(node) => node
                .entries()
                .nth(index)
                .map(|e| (Value::from(e.key), Value::Node(e.value))),
            Self::Values(entries) => entries.get(index).cloned(),
        };
        entry.unwrap_or((Value::Null, Value::Null))
    }
}

impl<'a> From<NodeRef<'a>> for Value<'a> {
    fn from(node: NodeRef<'a>) -> Self {
        Self::Node(node)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::String(Text::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::string(text)
    }
}

/// A day is its first instant in UTC.
impl From<civil::Date> for Value<'_> {
    fn from(day: civil::Date) -> Self {
        Self::Timestamp(day.to_datetime(civil::Time::midnight()))
    }
}

impl<'a> From<Vec<NodeRef<'a>>> for Value<'a> {
    fn from(nodes: Vec<NodeRef<'a>>) -> Self {
        Self::List(nodes.into_iter().map(Value::Node).collect())
    }
}

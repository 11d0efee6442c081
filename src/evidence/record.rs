//! What a fact gives to an expression: a mapping in which what is not known has no key.

use std::sync::Arc;

use crate::expr::Value;

/// A mapping in the making.
///
/// A key without a value is left out, so that an expression that reads it comes out absent and the
/// rule fails closed.
#[derive(Default)]
pub(super) struct Record<'a> {
    entries: Vec<(Value<'a>, Value<'a>)>,
}

impl<'a> Record<'a> {
    pub(super) fn with(mut self, key: &str, value: Value<'a>) -> Self {
        self.entries.push((Value::string(key), value));
        self
    }

    pub(super) fn maybe(self, key: &str, value: Option<Value<'a>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub(super) fn text(self, key: &str, text: &str) -> Self {
        self.with(key, Value::string(text))
    }

    pub(super) fn maybe_text(self, key: &str, text: Option<&str>) -> Self {
        self.maybe(key, text.map(Value::string))
    }

    /// A count as documents write them: an int.
    pub(super) fn count(count: u64) -> Value<'a> {
        Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(super) fn value(self) -> Value<'a> {
        Value::Map(Arc::from(self.entries))
    }
}

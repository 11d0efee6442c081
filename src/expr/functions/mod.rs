//! The functions of the language. Operators, macros and `orValue` are operations of their own.

pub(crate) use encoders::decoded as decode_base64;

mod check_digits;
mod convert;
mod encoders;
mod format;
mod gate;
mod lists;
mod math;
mod optional;
mod strings;
mod time;

use super::operators::Eval;
use super::scope::Scope;
use super::value::{EvalError, ListView, Value, View};

pub(super) use check_digits::{scheme, schemes};
pub(super) use time::parse_duration;

/// What a function is called with: `this` first for a method.
pub(super) struct Call<'v, 'a> {
    pub(super) args: &'v [Value<'a>],
    pub(super) scope: &'v Scope<'a>,
}

/// A function of the language. Its arguments are neither absent nor errors.
pub(super) type Native = for<'v, 'a> fn(&Call<'v, 'a>) -> Eval<'a>;

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `f(x)`, `namespace.f(x)`.
    Global,
    /// `x.f()`.
    Method,
}

/// The function of a name, a style and a number of arguments (`this` not counted).
pub(super) fn find(style: Style, name: &str, args: usize) -> Option<Native> {
    match style {
        Style::Global => convert::global(name, args)
            .or_else(|| gate::global(name, args))
            .or_else(|| check_digits::global(name, args))
            .or_else(|| strings::global(name, args))
            .or_else(|| lists::global(name, args))
            .or_else(|| math::global(name, args))
            .or_else(|| encoders::global(name, args))
            .or_else(|| optional::global(name, args)),
        Style::Method => strings::method(name, args)
            .or_else(|| lists::method(name, args))
            .or_else(|| time::method(name, args))
            .or_else(|| optional::method(name, args)),
    }
}

impl<'v, 'a> Call<'v, 'a> {
    /// The argument at an index; null beyond the last.
    fn arg(&self, index: usize) -> &'v Value<'a> {
        self.args.get(index).unwrap_or(&Value::Null)
    }

    fn is_given(&self, index: usize) -> bool {
        index < self.args.len()
    }

    fn string(&self, index: usize) -> Eval<'a, &'v str> {
        match self.arg(index).view() {
            View::String(text) => {
                super::operators::charge_bytes(self.scope, text.len())?;
                Ok(text)
            }
            _ => self.mistyped(index, "a string"),
        }
    }

    fn int(&self, index: usize) -> Eval<'a, i64> {
        match self.arg(index).view() {
            View::Int(number) => Ok(number),
            _ => self.mistyped(index, "an integer"),
        }
    }

    fn list(&self, index: usize) -> Eval<'a, ListView<'v, 'a>> {
        match self.arg(index).view() {
            View::List(list) => {
                self.scope.charge(list.len())?;
                Ok(list)
            }
            _ => self.mistyped(index, "a list"),
        }
    }

    fn mistyped<T>(&self, index: usize, wanted: &str) -> Eval<'a, T> {
        Err(Box::new(EvalError::mistyped(self.arg(index), wanted)))
    }

    fn invalid<T>(&self, index: usize, message: impl Into<String>) -> Eval<'a, T> {
        Err(Box::new(EvalError::invalid(self.arg(index), message)))
    }
}

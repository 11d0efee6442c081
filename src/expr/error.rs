//! What is wrong with an expression, and where in its text.

use std::fmt;

use crate::source::Span;

/// One error in the text of an expression, found when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// The bytes within the expression's text. Never longer than what is wrong.
    pub span: Span,
    /// The fact, in one sentence without a final full stop.
    pub message: String,
    /// The next action.
    pub help: Option<String>,
}

impl ExprError {
    /// An error at a span.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    /// With the next action.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExprError {}

//! How messages speak of an operand.

use cel::common::ast::{Expr, IdedExpr};

use super::Checker;
use crate::expr::time::{parse_date, parse_iso_duration};
use crate::expr::types::Type;

/// Longer source text is not repeated in a message; the span shows it.
const MAX_QUOTED: usize = 48;

impl<'a> Checker<'a> {
    /// The source of a node, if it is short enough to repeat.
    pub(super) fn code(&self, node: &IdedExpr) -> Option<&'a str> {
        let text = self.parsed.text().get(self.parsed.span(node.id).range())?;
        (!text.is_empty() && text.len() <= MAX_QUOTED && !text.contains(['\n', '`']))
            .then_some(text)
    }

    /// The node as the subject of a sentence: "`item`", or what it is.
    pub(super) fn subject(&self, node: &IdedExpr, ty: &Type) -> String {
        match self.code(node) {
            Some(code) => format!("`{code}`"),
            None => Self::described(node, ty),
        }
    }

    /// "`item.value` is a number".
    pub(super) fn states(&self, node: &IdedExpr, ty: &Type) -> String {
        let described = Self::described(node, ty);
        match self.code(node) {
            Some(code) => format!("`{code}` is {described}"),
            None => format!("this is {described}"),
        }
    }

    /// The type in words; a literal's text is not repeated.
    fn described(node: &IdedExpr, ty: &Type) -> String {
        match (&node.expr, ty) {
            (Expr::Literal(_), Type::Enum(_)) => Type::String.to_string(),
            (Expr::List(_), Type::List(element)) if matches!(**element, Type::Enum(_)) => {
                Type::list(Type::String).to_string()
            }
            _ => ty.without_null().to_string(),
        }
    }

    /// What makes a condition of something that is none.
    pub(super) fn as_condition(&self, node: &IdedExpr, ty: &Type) -> Option<String> {
        let code = self.code(node)?;
        let ty = ty.without_null();
        Some(match &ty {
            Type::Optional(inner) if inner.overlaps(&Type::Bool) => {
                format!("say what holds if it is absent: `{code}.orValue(false)`")
            }
            Type::Optional(_) => format!("ask whether it is there: `{code}.hasValue()`"),
            Type::List(_) | Type::Map(_) => format!("ask how many there are: `size({code}) > 0`"),
            ty if ty.is_text() => format!("ask whether it is filled in: `!blank({code})`"),
            ty if ty.is_numeric() => format!("compare it: `{code} > 0`"),
            Type::Object(_) => format!("ask whether it is filled in: `!blank({code})`"),
            _ => return None,
        })
    }

    /// What turns `node` into what is wanted, if that is a function away.
    pub(super) fn conversion(&self, node: &IdedExpr, ty: &Type, wanted: &Type) -> Option<String> {
        let code = self.code(node)?;
        let ty = ty.without_null();
        if let Type::Optional(_) = ty {
            return Some(format!(
                "say what to take if it is absent: `{code}.orValue(...)`"
            ));
        }
        let number = wanted.members().iter().any(Type::is_numeric);
        let admits = |ty: Type| wanted.members().contains(&ty);
        if let Some(text) = super::text_of(node) {
            let trimmed = text.trim();
            return if number && trimmed.parse::<f64>().is_ok() {
                Some(format!("write the number without quotes: {trimmed}"))
            } else if admits(Type::Bool) && matches!(text, "true" | "false") {
                Some(format!("write it without quotes: {text}"))
            } else if admits(Type::Timestamp) && parse_date(text).is_ok() {
                Some(format!("write `date({code})`"))
            } else if number && parse_iso_duration(text).is_ok() {
                Some(format!("write `days({code})`"))
            } else {
                None
            };
        }
        if let Expr::Literal(_) = &node.expr {
            return match ty {
                Type::Int if *wanted == Type::Double => Some(format!("write {code}.0")),
                Type::Int | Type::Double if wanted.is_text() => Some(format!("write \"{code}\"")),
                _ => None,
            };
        }
        let call = match ty {
            Type::String if number => "number",
            Type::Date | Type::String if admits(Type::Timestamp) => "date",
            Type::Date | Type::Timestamp if number => "age",
            Type::IsoDuration if number || admits(Type::Duration) => "days",
            Type::Number if *wanted == Type::Double => "number",
            Type::Int | Type::Uint if *wanted == Type::Double => "double",
            Type::Double | Type::Number | Type::Uint if admits(Type::Int) => "int",
            Type::Int | Type::Double | Type::Number | Type::Uint | Type::Bool | Type::Timestamp
                if *wanted == Type::String =>
            {
                "string"
            }
            _ => return None,
        };
        Some(format!("write `{call}({code})`"))
    }
}

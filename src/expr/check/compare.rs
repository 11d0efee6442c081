//! Comparisons and membership.

use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators};

use super::{Checker, text_of};
use crate::expr::time::{parse_date, parse_iso_duration};
use crate::expr::types::{Field, Type};
use crate::finding::did_you_mean;

impl<'a> Checker<'a> {
    /// `left operator right`.
    pub(super) fn comparison(&mut self, operator: &str, left: &'a IdedExpr, right: &'a IdedExpr) {
        let errors = self.errors.len();
        let before = self.reads;
        let left_type = self.infer(left).without_null();
        let right_type = self.infer(right).without_null();
        if self.errors.len() > errors {
            return;
        }
        if left == right || (self.reads > before && self.same_text(left, right)) {
            if self.has_variables() {
                let span = self.parsed.span(left.id).to(self.parsed.span(right.id));
                self.error_help(
                    span,
                    "both sides of this comparison are the same",
                    Some("compare with what it shall be held against".into()),
                );
            }
            return;
        }
        let sign = sign_of(operator);
        if self.with_null(sign, left, right)
            || self.with_optional(sign, left, &left_type, right, &right_type)
        {
            return;
        }
        let equality = matches!(sign, "==" | "!=");
        if self.with_date(sign, left, &left_type, right, &right_type) {
            return;
        }
        if equality {
            // Two constants compare as they compare; that they are constant is another error.
            if self.reads > before && !left_type.comparable(&right_type) {
                self.never_equal(left, &left_type, right, &right_type);
            }
            return;
        }
        for (node, ty) in [(left, &left_type), (right, &right_type)] {
            if let Type::Enum(_) = ty
                && !is_literal(node)
                && self.has_variables()
            {
                let is = self.states(node, ty);
                self.error_help(
                    self.parsed.span(node.id),
                    format!("{is}; `{sign}` would order it by the alphabet"),
                    Some("list the values that are meant: `x in [\"...\", \"...\"]`".into()),
                );
                return;
            }
        }
        if !ordered(&left_type, &right_type) {
            self.no_order(sign, left, &left_type, right, &right_type);
        }
    }

    fn same_text(&self, left: &IdedExpr, right: &IdedExpr) -> bool {
        let text = |node: &IdedExpr| self.parsed.text().get(self.parsed.span(node.id).range());
        text(left) == text(right)
    }

    /// A key that is left out is absent, not null, and what is absent equals nothing.
    fn with_null(&mut self, sign: &str, left: &IdedExpr, right: &IdedExpr) -> bool {
        let (null, other) = match (is_null(left), is_null(right)) {
            (true, false) => (left, right),
            (false, true) => (right, left),
            _ => return false,
        };
        if !is_read(other) || !self.has_variables() {
            return false;
        }
        let not = if sign == "==" { "" } else { "!" };
        let help = self
            .code(other)
            .map(|code| format!("ask whether it is filled in: `{not}blank({code})`"));
        self.error_help(
            self.parsed.span(null.id),
            "a comparison with null decides nothing where the value is left out",
            help,
        );
        true
    }

    fn with_optional(
        &mut self,
        sign: &str,
        left: &IdedExpr,
        left_type: &Type,
        right: &IdedExpr,
        right_type: &Type,
    ) -> bool {
        let node = match (left_type, right_type) {
            (Type::Optional(_), Type::Optional(_)) if matches!(sign, "==" | "!=") => return false,
            (Type::Optional(_), Type::Dyn) | (Type::Dyn, Type::Optional(_)) => return false,
            (Type::Optional(_), _) => left,
            (_, Type::Optional(_)) => right,
            _ => return false,
        };
        let ty = if std::ptr::eq(node, left) {
            left_type
        } else {
            right_type
        };
        let is = self.states(node, ty);
        let help = self.conversion(node, ty, &Type::Dyn);
        self.error_help(
            self.parsed.span(node.id),
            format!("{is}; `{sign}` compares values, not optionals"),
            help,
        );
        true
    }

    /// Text that is a date or a duration: its order is not that of its letters, it equals no
    /// instant, and it never equals text in another notation.
    fn with_date(
        &mut self,
        sign: &str,
        left: &IdedExpr,
        left_type: &Type,
        right: &IdedExpr,
        right_type: &Type,
    ) -> bool {
        for (node, ty, other, other_type) in [
            (left, left_type, right, right_type),
            (right, right_type, left, left_type),
        ] {
            let date = ty.members().contains(&Type::Date);
            if !date && !ty.members().contains(&Type::IsoDuration) {
                continue;
            }
            if let Some(text) = text_of(other) {
                let error = if date {
                    parse_date(text).err()
                } else {
                    parse_iso_duration(text).err()
                };
                if let Some(error) = error
                    && !ty.members().contains(&Type::String)
                {
                    self.error(self.parsed.span(other.id), error.to_string());
                    return true;
                }
            }
            let instants = matches!(other_type, Type::Timestamp | Type::Duration);
            if matches!(sign, "==" | "!=") && !instants {
                continue;
            }
            let is = self.states(node, ty);
            let fault = if instants {
                format!("{is}; `{sign}` cannot compare it with {other_type}")
            } else {
                format!("{is}; `{sign}` would compare its letters")
            };
            let help = self.as_comparable(sign, [(left, left_type), (right, right_type)], date);
            self.error_help(self.parsed.span(node.id), fault, help);
            return true;
        }
        false
    }

    /// The comparison as it is meant: `date(a) < date(b)`, `days(a) <= days(b)`, `age(a) < 30`.
    fn as_comparable(
        &self,
        sign: &str,
        sides: [(&IdedExpr, &Type); 2],
        date: bool,
    ) -> Option<String> {
        let against_number = sides.iter().any(|(_, ty)| ty.is_numeric());
        let [left, right] = sides.map(|(node, ty)| {
            let code = self.code(node)?;
            let function = match ty {
                ty if ty.is_numeric() => return Some(code.to_owned()),
                Type::Timestamp => return Some(code.to_owned()),
                Type::Duration => return None,
                _ if !date => "days",
                _ if against_number => "age",
                _ => "date",
            };
            Some(format!("{function}({code})"))
        });
        Some(format!("write `{} {sign} {}`", left?, right?))
    }

    fn never_equal(
        &mut self,
        left: &IdedExpr,
        left_type: &Type,
        right: &IdedExpr,
        right_type: &Type,
    ) {
        for (node, ty, literal) in [(left, left_type, right), (right, right_type, left)] {
            if let (Type::Enum(values), Some(text)) = (ty, text_of(literal)) {
                let values: Vec<_> = values.iter().map(|value| &**value).collect();
                self.not_a_value(node, &values, literal, text);
                return;
            }
        }
        let span = self.parsed.span(left.id).to(self.parsed.span(right.id));
        let message = format!(
            "{}, {}: they are never equal",
            self.states(left, left_type),
            self.states(right, right_type)
        );
        let help = self
            .conversion(left, left_type, right_type)
            .or_else(|| self.conversion(right, right_type, left_type));
        self.error_help(span, message, help);
    }

    /// A literal that is none of the values that something may have.
    fn not_a_value(&mut self, node: &IdedExpr, values: &[&str], literal: &IdedExpr, text: &str) {
        let subject = self
            .code(node)
            .map_or("this".to_owned(), |code| format!("`{code}`"));
        let near = did_you_mean(text, values.iter().copied());
        let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
        self.error_help(
            self.parsed.span(literal.id),
            format!("{subject} is never `{text}`{near}"),
            Some(format!("its values are {}", values.join(", "))),
        );
    }

    fn no_order(
        &mut self,
        sign: &str,
        left: &IdedExpr,
        left_type: &Type,
        right: &IdedExpr,
        right_type: &Type,
    ) {
        let help = self
            .conversion(left, left_type, right_type)
            .or_else(|| self.conversion(right, right_type, left_type));
        for (node, ty) in [(left, left_type), (right, right_type)] {
            if !ordered(ty, ty) {
                let is = self.states(node, ty);
                self.error_help(
                    self.parsed.span(node.id),
                    format!(
                        "{is}, which has no order; `{sign}` compares numbers, text or instants"
                    ),
                    help,
                );
                return;
            }
        }
        let span = self.parsed.span(left.id).to(self.parsed.span(right.id));
        let message = format!(
            "{}, {}: `{sign}` cannot compare them",
            self.states(left, left_type),
            self.states(right, right_type)
        );
        self.error_help(span, message, help);
    }

    /// `needle in haystack`.
    pub(super) fn membership(&mut self, needle: &'a IdedExpr, haystack: &'a IdedExpr) -> Type {
        let errors = self.errors.len();
        let before = self.reads;
        let wanted = self.infer(needle).without_null();
        let container = self.infer(haystack).without_null();
        if self.errors.len() > errors {
            return Type::Bool;
        }
        let reads = self.reads > before;
        if let Expr::List(list) = &haystack.expr {
            if list.elements.is_empty() && self.has_variables() {
                self.error_help(
                    self.parsed.span(haystack.id),
                    "nothing is in an empty list: this never holds",
                    Some("list the values that are meant".into()),
                );
            }
            for element in list.elements.iter().filter(|_| reads) {
                self.could_be(needle, &wanted, element);
            }
            return Type::Bool;
        }
        if let Some(element) = container.element() {
            if reads && !wanted.comparable(&element) {
                if let (Type::Enum(values), Some(text)) = (&element, text_of(needle)) {
                    let values: Vec<_> = values.iter().map(|value| &**value).collect();
                    let near = did_you_mean(text, values.iter().copied());
                    let shown: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
                    let owner = self.subject(haystack, &container);
                    self.error_help(
                        self.parsed.span(needle.id),
                        format!("no element of {owner} is ever `{text}`{near}"),
                        Some(format!("the values are {}", shown.join(", "))),
                    );
                } else {
                    let is = self.states(needle, &wanted);
                    let of = self.states(haystack, &container);
                    self.error(self.parsed.span(needle.id), format!("{of}, but {is}"));
                }
            }
            return Type::Bool;
        }
        match (&container, text_of(needle)) {
            (Type::Map(_) | Type::Object(_), Some(key)) => {
                if let Field::Unknown { .. } = container.field(key) {
                    self.select(haystack, &container, key, self.parsed.span(needle.id));
                }
            }
            (Type::Map(_) | Type::Object(_), None) => {
                if reads && !wanted.overlaps(&Type::String) {
                    let is = self.states(needle, &wanted);
                    self.error(
                        self.parsed.span(needle.id),
                        format!("the keys of a mapping are strings, but {is}"),
                    );
                }
            }
            _ if container
                .members()
                .iter()
                .any(|ty| matches!(ty, Type::Map(_) | Type::Object(_))) => {}
            _ => {
                let is = self.states(haystack, &container);
                let help = match (self.code(haystack), self.code(needle)) {
                    (Some(text), Some(part)) if container.is_text() => Some(format!(
                        "for a part of a text write `{text}.contains({part})`"
                    )),
                    _ => self.conversion(haystack, &container, &Type::Dyn),
                };
                self.error_help(
                    self.parsed.span(haystack.id),
                    format!("{is}; `in` looks into a list or a mapping"),
                    help,
                );
            }
        }
        Type::Bool
    }

    /// One element of a literal list that something is looked for in.
    fn could_be(&mut self, needle: &IdedExpr, wanted: &Type, element: &'a IdedExpr) {
        let ty = super::literal_type(element);
        let (Some(ty), false) = (ty, wanted.is_dyn()) else {
            return;
        };
        if let Some(text) = text_of(element) {
            match wanted {
                Type::Enum(values) if !values.iter().any(|value| **value == *text) => {
                    let values: Vec<_> = values.iter().map(|value| &**value).collect();
                    self.not_a_value(needle, &values, element, text);
                    return;
                }
                Type::Date | Type::IsoDuration => {
                    let error = if *wanted == Type::Date {
                        parse_date(text).err()
                    } else {
                        parse_iso_duration(text).err()
                    };
                    if let Some(error) = error {
                        self.error(self.parsed.span(element.id), error.to_string());
                    }
                    return;
                }
                _ => {}
            }
        }
        if !wanted.comparable(&ty) {
            let is = self.states(element, &ty);
            let of = self.states(needle, wanted);
            let help = self.conversion(element, &ty, wanted);
            self.error_help(
                self.parsed.span(element.id),
                format!("{is}, {of}: they are never equal"),
                help,
            );
        }
    }
}

/// Whether values of the two types can be ordered against each other.
fn ordered(left: &Type, right: &Type) -> bool {
    left.members().iter().any(|a| {
        right.members().iter().any(|b| {
            matches!((a, b), (Type::Dyn, _) | (_, Type::Dyn))
                || (a.is_numeric() && b.is_numeric())
                || (a.is_text() && b.is_text())
                || (a == b
                    && matches!(
                        a,
                        Type::Bool | Type::Bytes | Type::Timestamp | Type::Duration
                    ))
        })
    })
}

fn sign_of(operator: &str) -> &'static str {
    match operator {
        operators::EQUALS => "==",
        operators::NOT_EQUALS => "!=",
        operators::LESS => "<",
        operators::LESS_EQUALS => "<=",
        operators::GREATER => ">",
        _ => ">=",
    }
}

fn is_literal(node: &IdedExpr) -> bool {
    matches!(node.expr, Expr::Literal(_))
}

fn is_null(node: &IdedExpr) -> bool {
    matches!(node.expr, Expr::Literal(LiteralValue::Null))
}

/// Whether a node reads a value, rather than computing one.
fn is_read(node: &IdedExpr) -> bool {
    match &node.expr {
        Expr::Ident(_) => true,
        Expr::Select(select) => !select.test,
        Expr::Call(call) => call.func_name == operators::INDEX,
        _ => false,
    }
}

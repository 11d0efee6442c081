//! The check of an expression when it is loaded: names, keys, types, arguments, literals.
//!
//! `bad.key || ok` hides a slip at run time, since `||` absorbs what is absent; here it cannot
//! hide. Everything wrong is reported, each at the smallest span; what follows from an error is not
//! reported again, because a part that is wrong counts as [`Type::Dyn`].
//!
//! In an [`Env`] with variables an expression must also depend on them: a constant condition, a
//! comparison of a thing with itself and a loop that ignores its element are errors.

mod access;
mod call;
mod compare;
mod functions;
mod literal;
mod macros;
mod operand;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, MapExpr, operators};

use super::ast::Macro;
use super::env::Env;
use super::parse::{ExprError, Parsed, parse};
use super::types::Type;
use crate::source::Span;

/// Checks an expression and says what type its value has.
pub fn check(parsed: &Parsed, env: &Env) -> Result<Type, Vec<ExprError>> {
    let mut checker = Checker::new(parsed, env);
    let ty = checker.infer(parsed.ast());
    checker.finish(ty)
}

/// Checks an expression that decides something: it must be true or false, and not always the same.
pub fn check_condition(parsed: &Parsed, env: &Env) -> Result<Type, Vec<ExprError>> {
    let mut checker = Checker::new(parsed, env);
    checker.condition(parsed.ast(), "a condition");
    checker.finish(Type::Bool)
}

/// Checks what a rule goes through (`for_each:`), a list, and says what type an element has.
pub fn check_elements(parsed: &Parsed, env: &Env) -> Result<Type, Vec<ExprError>> {
    let mut checker = Checker::new(parsed, env);
    let node = parsed.ast();
    let ty = checker.infer(node).without_null();
    let element = ty.element();
    if element.is_none() {
        let is = checker.states(node, &ty);
        let help = match (&ty, checker.code(node)) {
            (Type::Optional(_), Some(code)) => Some(format!(
                "say what to take if it is absent: `{code}.orValue([])`"
            )),
            _ => None,
        };
        let message = format!("{is}; a rule goes through a list");
        checker.error_help(parsed.span(node.id), message, help);
    }
    checker.finish(element.unwrap_or(Type::Dyn))
}

/// Checks a path such as `item.threshold.min` or `doc.data[0].name`, as `present:` takes
/// it: a variable, then fields and indices, nothing else.
pub fn check_path(path: &str, env: &Env) -> Result<Type, Vec<ExprError>> {
    let parsed = parse(path)?;
    match no_step(parsed.ast()) {
        Some((node, help)) => Err(vec![
            ExprError::new(
                parsed.span(node.id),
                "a path is made of a name, `.field` and `[index]` alone",
            )
            .with_help(help),
        ]),
        None => check(&parsed, env),
    }
}

/// The first node, from the outside, that is no step of a path.
fn no_step(node: &IdedExpr) -> Option<(&IdedExpr, &'static str)> {
    match &node.expr {
        Expr::Ident(_) => None,
        Expr::Select(select) if !select.test => no_step(&select.operand),
        Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::INDEX, [operand, index]) => match &index.expr {
                Expr::Literal(LiteralValue::Int(_) | LiteralValue::String(_)) => no_step(operand),
                _ => Some((index, "write the index as a number or the key as text")),
            },
            (operators::OPT_SELECT | operators::OPT_INDEX, _) => Some((
                node,
                "write `.field` or `[index]`: that something may be absent is known here",
            )),
            _ => Some((
                node,
                "move what is computed into an expression under `require`",
            )),
        },
        _ => Some((node, "write the path of a value, such as `doc.launch.date`")),
    }
}

/// One walk over an expression.
struct Checker<'a> {
    parsed: &'a Parsed,
    env: &'a Env,
    locals: Vec<Local<'a>>,
    /// How often something was read that may differ between documents.
    reads: usize,
    errors: Vec<ExprError>,
}

/// A name that a macro binds.
struct Local<'a> {
    name: &'a str,
    ty: Type,
    /// Whether its value depends on a document.
    varies: bool,
    used: bool,
}

impl<'a> Checker<'a> {
    fn new(parsed: &'a Parsed, env: &'a Env) -> Self {
        Self {
            parsed,
            env,
            locals: Vec::new(),
            reads: 0,
            errors: Vec::new(),
        }
    }

    fn finish(mut self, ty: Type) -> Result<Type, Vec<ExprError>> {
        if self.errors.is_empty() {
            return Ok(ty);
        }
        self.errors
            .sort_by_key(|error| (error.span.start, error.span.end));
        Err(self.errors)
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(ExprError::new(span, message));
    }

    fn error_help(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        let mut error = ExprError::new(span, message);
        error.help = help;
        self.errors.push(error);
    }

    /// Whether there is anything that an expression could depend on.
    fn has_variables(&self) -> bool {
        self.env.slots() > 0
    }

    /// The type of a node's value. A literal text is the enum of itself.
    fn infer(&mut self, node: &'a IdedExpr) -> Type {
        if let Some(found) = Macro::of(node) {
            return self.infer_macro(node, found);
        }
        match &node.expr {
            Expr::Unspecified | Expr::Comprehension(_) => Type::Dyn,
            Expr::Literal(literal) => type_of_literal(literal),
            Expr::Ident(name) => self.identifier(node, name),
            Expr::Select(select) => {
                if let Some(name) = self.type_name(node) {
                    return name;
                }
                let operand = self.infer(&select.operand);
                self.select(
                    &select.operand,
                    &operand,
                    &select.field,
                    self.parsed.name_span(node.id),
                )
            }
            Expr::Call(call) => self.call(node, call),
            Expr::List(list) => {
                let mut elements = Vec::with_capacity(list.elements.len());
                for (index, element) in list.elements.iter().enumerate() {
                    let ty = self.infer(element);
                    elements.push(if list.optional_indices.contains(&index) {
                        self.unwrapped(element, &ty)
                    } else {
                        ty
                    });
                }
                Type::list(join_elements(&elements))
            }
            Expr::Map(map) => self.map(map),
            Expr::Struct(message) => {
                self.error_help(
                    self.parsed.span(node.id),
                    format!("`{}` is no type that can be built here", message.type_name),
                    Some("write a mapping: `{\"key\": value}`".into()),
                );
                Type::Dyn
            }
        }
    }

    fn map(&mut self, map: &'a MapExpr) -> Type {
        let mut values = Vec::new();
        let mut named = true;
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else {
                continue;
            };
            let key = self.infer(&entry.key);
            if !key.is_dyn() {
                let wanted = Type::union([Type::Bool, Type::Int, Type::Uint, Type::String]);
                if !wanted.overlaps(&key) {
                    let is = self.states(&entry.key, &key);
                    let message = format!("{is}, which is no key");
                    self.error(self.parsed.span(entry.key.id), message);
                }
            }
            named &= key.is_text();
            let value = self.infer(&entry.value);
            values.push(if entry.optional {
                self.unwrapped(&entry.value, &value)
            } else {
                value
            });
        }
        if named {
            Type::map(join_elements(&values))
        } else {
            Type::Dyn
        }
    }

    /// What is in an optional; an error if it is none.
    fn unwrapped(&mut self, node: &IdedExpr, ty: &Type) -> Type {
        let inner: Vec<_> = ty
            .members()
            .iter()
            .filter_map(|member| match member {
                Type::Dyn => Some(Type::Dyn),
                Type::Optional(inner) => Some(inner.as_ref().clone()),
                _ => None,
            })
            .collect();
        if inner.is_empty() {
            let is = self.states(node, ty);
            self.error_help(
                self.parsed.span(node.id),
                format!("{is}, not an optional"),
                Some("make one by `.?field`, `[?index]` or `optional.of(x)`".into()),
            );
            return Type::Dyn;
        }
        Type::union(inner)
    }

    /// An operand that must be true or false, and not always the same.
    fn condition(&mut self, node: &'a IdedExpr, what: &str) {
        let before = self.reads;
        let errors = self.errors.len();
        let ty = self.infer(node);
        let span = self.parsed.span(node.id);
        if !ty.without_null().overlaps(&Type::Bool) {
            let is = self.states(node, &ty);
            let help = self.as_condition(node, &ty);
            self.error_help(span, format!("{is}; {what} must be true or false"), help);
        } else if self.reads == before && self.errors.len() == errors && self.has_variables() {
            self.error_help(
                span,
                "this condition is the same for every document",
                Some("compare a value of the document, or leave it out".into()),
            );
        }
        if self.reads == before {
            // What is said of this part need not be said of the whole.
            self.reads += 1;
        }
    }

    fn call(&mut self, node: &'a IdedExpr, call: &'a CallExpr) -> Type {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, [left, right]) => {
                let what = if call.func_name == operators::LOGICAL_AND {
                    "each side of `&&`"
                } else {
                    "each side of `||`"
                };
                self.condition(left, what);
                self.condition(right, what);
                Type::Bool
            }
            (operators::LOGICAL_NOT, [operand]) => {
                self.condition(operand, "what `!` negates");
                Type::Bool
            }
            (operators::CONDITIONAL, [condition, then, otherwise]) => {
                self.condition(condition, "what stands before `?`");
                let branches = [self.infer(then), self.infer(otherwise)];
                Type::union(branches)
            }
            (operators::INDEX, [operand, index]) => self.index(operand, index),
            (operators::OPT_INDEX, [operand, index]) => Type::optional(self.index(operand, index)),
            (operators::OPT_SELECT, [operand, field]) => {
                let ty = self.infer(operand);
                let Some(name) = text_of(field) else {
                    return Type::Dyn;
                };
                let span = self.field_of_option(node, field, name);
                Type::optional(self.select(operand, &ty, name, span))
            }
            (operators::IN, [needle, haystack]) => self.membership(needle, haystack),
            (
                operator @ (operators::EQUALS
                | operators::NOT_EQUALS
                | operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS),
                [left, right],
            ) => {
                self.comparison(operator, left, right);
                Type::Bool
            }
            _ => self.function(node, call),
        }
    }
}

/// The join of the elements of a list; of texts in one go, since there may be thousands.
fn join_elements(elements: &[Type]) -> Type {
    let mut values: Vec<Arc<str>> = Vec::new();
    for element in elements {
        match element {
            Type::Enum(own) => values.extend(own.iter().cloned()),
            _ => return Type::union(elements.iter().cloned()),
        }
    }
    if values.is_empty() {
        return Type::never();
    }
    values.sort();
    values.dedup();
    Type::one_of(values)
}

fn type_of_literal(literal: &LiteralValue) -> Type {
    match literal {
        LiteralValue::Boolean(_) => Type::Bool,
        LiteralValue::Bytes(_) => Type::Bytes,
        LiteralValue::Double(_) => Type::Double,
        LiteralValue::Int(_) => Type::Int,
        LiteralValue::Null => Type::Null,
        LiteralValue::String(text) => Type::one_of([text.inner()]),
        LiteralValue::UInt(_) => Type::Uint,
    }
}

/// The type of a node that is a literal.
fn literal_type(node: &IdedExpr) -> Option<Type> {
    match &node.expr {
        Expr::Literal(literal) => Some(type_of_literal(literal)),
        _ => None,
    }
}

/// The text of a text literal.
fn text_of(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

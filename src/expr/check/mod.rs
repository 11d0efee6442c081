//! The check of an expression when it is loaded: names, keys, types, arguments, literals.
//!
//! `bad.key || ok` hides a slip at run time, since `||` absorbs what is absent; here it cannot
//! hide. Everything wrong is reported, each at the smallest span; what follows from an error is not
//! reported again, because a part that is wrong counts as [`Type::Dyn`].
//!
//! In an [`Env`] with variables an expression must also depend on them: a constant condition, a
//! comparison of a thing with itself and a loop that ignores its element are errors.

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
use super::types::{Field, Type};
use crate::finding::did_you_mean;
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

/// Checks a path such as `item.threshold.min` or `doc.data[0].name`, as `present:` and `for_each:`
/// take it: a variable, then fields and indices, nothing else.
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

    fn identifier(&mut self, node: &'a IdedExpr, name: &str) -> Type {
        // `.x` is the variable of the environment, whatever a macro binds.
        let (name, absolute) = match name.strip_prefix('.') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if !absolute
            && let Some(local) = self
                .locals
                .iter_mut()
                .rev()
                .find(|local| local.name == name)
        {
            local.used = true;
            self.reads += usize::from(local.varies);
            return local.ty.clone();
        }
        if let Some((_, ty)) = self.env.variable(name) {
            self.reads += 1;
            return ty.clone();
        }
        if is_type_name(name) {
            return Type::Type;
        }
        let names = self.locals.iter().map(|local| local.name);
        let near = did_you_mean(name, names.chain(self.env.variables()));
        let help = near.is_empty().then(|| {
            if functions::is_function(name) || self.env.function(name).is_some() {
                return format!("`{name}` is a function: write `{name}(...)`");
            }
            let names: Vec<_> = self
                .env
                .variables()
                .map(|name| format!("`{name}`"))
                .collect();
            match names.as_slice() {
                [] => format!("put text in quotes: \"{name}\""),
                names => format!(
                    "put text in quotes: \"{name}\"; the variables here are {}",
                    names.join(", ")
                ),
            }
        });
        self.error_help(
            self.parsed.span(node.id),
            format!("unknown variable `{name}`{near}"),
            help,
        );
        // One error is enough; that the condition then reads nothing is not worth another.
        self.reads += 1;
        Type::Dyn
    }

    /// `google.protobuf.Timestamp` and its like, unless a variable begins so.
    fn type_name(&self, node: &IdedExpr) -> Option<Type> {
        let mut path = String::new();
        let root = qualified(node, &mut path)?;
        let free = self.env.variable(root).is_none() && self.locals.iter().all(|l| l.name != root);
        (free && is_type_name(&path)).then_some(Type::Type)
    }

    /// What the key `field` of `operand` is.
    fn select(&mut self, operand: &IdedExpr, ty: &Type, field: &str, span: Span) -> Type {
        match ty.without_null().field(field) {
            Field::Known(ty) => ty,
            Field::Unknown { keys } => {
                let near = did_you_mean(field, keys.iter().map(|key| &**key));
                let help = near.is_empty().then(|| {
                    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
                    format!("its fields are {}", keys.join(", "))
                });
                let owner = self.subject(operand, ty);
                self.error_help(span, format!("{owner} has no field `{field}`{near}"), help);
                Type::Dyn
            }
            Field::NotAMapping => {
                let is = self.states(operand, ty);
                let help = ty.element().map(|_| {
                    let list = self.code(operand).unwrap_or("list");
                    format!("take one element, `{list}[0]`, or ask of each: `{list}.all(x, x.{field} ...)`")
                });
                self.error_help(span, format!("{is} and has no field `{field}`"), help);
                Type::Dyn
            }
        }
    }

    /// Where the field stands in `operand.?field`.
    fn field_of_option(&self, node: &IdedExpr, field: &IdedExpr, name: &str) -> Span {
        let own = self.parsed.span(field.id);
        if self.parsed.text().get(own.range()) == Some(name) {
            return own;
        }
        let whole = self.parsed.span(node.id);
        let text = self.parsed.text().get(whole.range()).unwrap_or_default();
        match text.rfind(name) {
            Some(at) => Span::from_range(&(at..at + name.len())).shifted(whole.start),
            None => whole,
        }
    }

    /// `operand[index]`, without the wrapping of `operand[?index]`.
    fn index(&mut self, operand: &'a IdedExpr, index: &'a IdedExpr) -> Type {
        let ty = self.infer(operand);
        let key = self.infer(index).without_null();
        let span = self.parsed.span(index.id);
        if let Some(field) = text_of(index)
            && !matches!(ty.without_null().field(field), Field::NotAMapping)
        {
            return self.select(operand, &ty, field, span);
        }
        let mut values = Vec::new();
        let mut keys = Vec::new();
        let whole = ty.without_null();
        for member in whole.members() {
            let (member, optional) = match member {
                Type::Optional(inner) => (&**inner, true),
                member => (member, false),
            };
            let wrap = |ty| if optional { Type::optional(ty) } else { ty };
            match member {
                Type::Dyn => {
                    keys.push(Type::Dyn);
                    values.push(Type::Dyn);
                }
                Type::List(element) => {
                    keys.extend([Type::Number, Type::Uint]);
                    values.push(wrap(element.as_ref().clone()));
                }
                Type::Map(_) | Type::Object(_) => {
                    keys.push(Type::String);
                    let value = member.entries().map_or(Type::Dyn, |(_, value)| value);
                    values.push(wrap(value));
                }
                _ => {}
            }
        }
        if values.is_empty() {
            let help = whole
                .is_text()
                .then(|| "take one character by `.charAt(0)`".to_owned());
            let is = self.states(operand, &ty);
            self.error_help(
                self.parsed.span(operand.id),
                format!("{is} and has no elements"),
                help,
            );
            return Type::Dyn;
        }
        let wanted = Type::union(keys);
        if !wanted.overlaps(&key) {
            let owner = self.states(operand, &ty);
            let is = self.states(index, &key);
            self.error(span, format!("{owner}, but {is}"));
        } else if int_of(index).is_some_and(|index| index < 0) {
            self.error_help(
                span,
                "an index counts from 0 and is never negative",
                Some("for the last element write `x[x.size() - 1]`".into()),
            );
        }
        Type::union(values)
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
        return Type::Dyn;
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

fn int_of(node: &IdedExpr) -> Option<i64> {
    match &node.expr {
        Expr::Literal(LiteralValue::Int(value)) => Some(*value.inner()),
        _ => None,
    }
}

fn qualified<'e>(node: &'e IdedExpr, path: &mut String) -> Option<&'e str> {
    match &node.expr {
        Expr::Ident(name) => {
            let name = name.strip_prefix('.').unwrap_or(name);
            path.push_str(name);
            Some(name)
        }
        Expr::Select(select) if !select.test => {
            let root = qualified(&select.operand, path)?;
            path.push('.');
            path.push_str(&select.field);
            Some(root)
        }
        _ => None,
    }
}

/// The types that have a name in expressions, for `type(x) == string`.
fn is_type_name(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "bytes"
            | "double"
            | "google.protobuf.Duration"
            | "google.protobuf.Timestamp"
            | "int"
            | "list"
            | "map"
            | "null_type"
            | "optional_type"
            | "string"
            | "type"
            | "uint"
    )
}

//! Access: variables, keys, indices.

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

use super::{Checker, functions, text_of};
use crate::expr::types::{Field, Type};
use crate::finding::did_you_mean;
use crate::source::Span;

impl<'a> Checker<'a> {
    pub(super) fn identifier(&mut self, node: &'a IdedExpr, name: &str) -> Type {
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
    pub(super) fn type_name(&self, node: &IdedExpr) -> Option<Type> {
        let mut path = String::new();
        let root = qualified(node, &mut path)?;
        let free = self.env.variable(root).is_none() && self.locals.iter().all(|l| l.name != root);
        (free && is_type_name(&path)).then_some(Type::Type)
    }

    /// What the key `field` of `operand` is.
    pub(super) fn select(
        &mut self,
        operand: &IdedExpr,
        ty: &Type,
        field: &str,
        span: Span,
    ) -> Type {
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
    pub(super) fn field_of_option(&self, node: &IdedExpr, field: &IdedExpr, name: &str) -> Span {
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
    pub(super) fn index(&mut self, operand: &'a IdedExpr, index: &'a IdedExpr) -> Type {
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
                Type::Optional(inner) if inner.is_never() => (&Type::Dyn, true),
                Type::Optional(inner) => (&**inner, true),
                member => (member, false),
            };
            let wrap = |ty| if optional { Type::optional(ty) } else { ty };
            match member {
                Type::Dyn => {
                    keys.push(Type::Dyn);
                    values.push(wrap(Type::Dyn));
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

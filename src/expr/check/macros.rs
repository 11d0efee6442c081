//! Macros: what they bind and what they give.

use cel::common::ast::{Expr, IdedExpr};

use super::{Checker, Local};
use crate::expr::ast::{Bind, BindKind, Loop, LoopKind, Macro};
use crate::expr::types::Type;
use crate::source::Span;

impl<'a> Checker<'a> {
    pub(super) fn infer_macro(&mut self, node: &'a IdedExpr, found: Macro<'a>) -> Type {
        match found {
            Macro::Has { operand, field } => {
                let ty = self.infer(operand);
                let span = self.field_of_has(node, field);
                self.select(operand, &ty, field, span);
                Type::Bool
            }
            Macro::Loop(found) => self.infer_loop(node, found),
            Macro::Bind(found) => self.infer_bind(node, found),
        }
    }

    /// Where the field stands in `has(operand.field)`: it is the last name before the bracket.
    fn field_of_has(&self, node: &IdedExpr, field: &str) -> Span {
        let span = self.parsed.span(node.id);
        let text = self.parsed.text().get(span.range()).unwrap_or_default();
        match text.rfind(field) {
            Some(at) => Span::from_range(&(at..at + field.len())).shifted(span.start),
            None => span,
        }
    }

    fn infer_loop(&mut self, node: &'a IdedExpr, found: Loop<'a>) -> Type {
        let before = self.reads;
        let range = self.infer(found.range).without_null();
        let varies = self.reads > before;
        let bound = match found.var2 {
            Some(_) => range.entries(),
            None => range.iterated().map(|ty| (ty, Type::Dyn)),
        };
        let (first, second) = bound.unwrap_or_else(|| {
            let is = self.states(found.range, &range);
            let help = match (&range, self.code(found.range)) {
                (Type::Optional(_), Some(code)) => Some(format!(
                    "say what to take if it is absent: `{code}.orValue([])`"
                )),
                _ => None,
            };
            let span = self.parsed.span(found.range.id);
            let name = found.kind.name();
            self.error_help(
                span,
                format!("{is}; `{name}` walks over a list or a mapping"),
                help,
            );
            (Type::Dyn, Type::Dyn)
        });
        let depth = self.locals.len();
        self.bind(node, found.var, first, varies);
        if let Some(var2) = found.var2 {
            self.bind(node, var2, second, varies);
        }
        if let Some(filter) = found.filter {
            self.body(filter, found.kind, depth);
        }
        let tests = matches!(
            found.kind,
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne | LoopKind::Filter
        );
        let body = if tests {
            self.body(found.body, found.kind, depth);
            Type::Bool
        } else {
            self.infer(found.body)
        };
        self.locals.truncate(depth);
        match found.kind {
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Type::Bool,
            LoopKind::Map => Type::list(body),
            LoopKind::Filter => Type::list(range.iterated().unwrap_or(Type::Dyn)),
            LoopKind::TransformMap => match range.entries() {
                Some((key, _)) if key.is_text() => Type::map(body),
                _ => Type::Dyn,
            },
            LoopKind::TransformMapEntry => Type::Dyn,
        }
    }

    /// The condition of a loop; it must look at what the loop binds.
    fn body(&mut self, body: &'a IdedExpr, kind: LoopKind, depth: usize) {
        let what = format!("the condition of `{}`", kind.name());
        let errors = self.errors.len();
        let ty = self.infer(body);
        let span = self.parsed.span(body.id);
        if !ty.without_null().overlaps(&Type::Bool) {
            let is = self.states(body, &ty);
            let help = self.as_condition(body, &ty);
            self.error_help(span, format!("{is}; {what} must be true or false"), help);
        }
        let bound = self.locals.get(depth..).unwrap_or_default();
        if bound.iter().any(|local| local.used)
            || self.errors.len() > errors
            || !self.has_variables()
        {
            return;
        }
        let names: Vec<_> = bound
            .iter()
            .map(|local| format!("`{}`", local.name))
            .collect();
        self.error_help(
            span,
            format!("{what} does not look at {}", names.join(" or ")),
            Some("move what is the same for every element out of it".into()),
        );
    }

    fn infer_bind(&mut self, node: &'a IdedExpr, found: Bind<'a>) -> Type {
        let before = self.reads;
        let value = self.infer(found.value);
        let varies = self.reads > before;
        let bound = match found.kind {
            BindKind::Bind => value,
            BindKind::OptMap | BindKind::OptFlatMap => self.unwrapped(found.value, &value),
        };
        let depth = self.locals.len();
        self.bind(node, found.var, bound, varies);
        let body = self.infer(found.body);
        self.locals.truncate(depth);
        match found.kind {
            BindKind::Bind => body,
            BindKind::OptMap => Type::optional(body),
            BindKind::OptFlatMap => Type::optional(self.unwrapped(found.body, &body)),
        }
    }

    fn bind(&mut self, node: &IdedExpr, name: &'a str, ty: Type, varies: bool) {
        if self.env.variable(name).is_some() {
            self.error_help(
                self.name_of_local(node, name),
                format!("`{name}` is a variable already"),
                Some("give the element another name".into()),
            );
        }
        self.locals.push(Local {
            name,
            ty,
            varies,
            used: false,
        });
    }

    /// Where the macro names its variable: the first such word behind its opening bracket.
    fn name_of_local(&self, node: &IdedExpr, name: &str) -> Span {
        if let Expr::Call(call) = &node.expr
            && let Some(arg) = call
                .args
                .iter()
                .find(|arg| matches!(&arg.expr, Expr::Ident(ident) if ident == name))
        {
            return self.parsed.span(arg.id);
        }
        let (open, whole) = (self.parsed.token(node.id), self.parsed.span(node.id));
        let text = self.parsed.text();
        text.get(open.end as usize..whole.end as usize)
            .and_then(|rest| rest.find(name))
            .map_or(whole, |at| {
                Span::from_range(&(at..at + name.len())).shifted(open.end)
            })
    }
}

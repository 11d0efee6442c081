//! Calls: which function is meant, and whether it takes what it is given.

use cel::common::ast::{CallExpr, Expr, IdedExpr};

use super::functions::{self, Function, Give, Style, Take};
use super::{Checker, text_of};
use crate::expr::env::Signature;
use crate::expr::types::Type;
use crate::finding::{did_you_mean, nearest};
use crate::source::Span;

/// Macros as they are written, for those that were not recognized as one.
const MACROS: &[(&str, &str)] = &[
    ("all", "list.all(x, x > 0)"),
    ("exists", "list.exists(x, x > 0)"),
    ("existsOne", "list.exists_one(x, x > 0)"),
    ("exists_one", "list.exists_one(x, x > 0)"),
    ("filter", "list.filter(x, x > 0)"),
    ("map", "list.map(x, x + 1)"),
    ("optFlatMap", "optional.optFlatMap(x, x.?name)"),
    ("optMap", "optional.optMap(x, x + 1)"),
    ("transformList", "map.transformList(k, v, v + 1)"),
    ("transformMap", "map.transformMap(k, v, v + 1)"),
    ("transformMapEntry", "map.transformMapEntry(k, v, {v: k})"),
];

impl<'a> Checker<'a> {
    /// A call that is neither a macro nor an operator of logic, comparison or access.
    pub(super) fn function(&mut self, node: &'a IdedExpr, call: &'a CallExpr) -> Type {
        let name = call.func_name.as_str();
        if let Some((sign, function)) = functions::operator(name) {
            return self.arithmetic(node, sign, function, &call.args);
        }
        if let Some(target) = call.target.as_deref() {
            if let Some(space) = self.namespace(target) {
                return self.qualified_call(node, call, space);
            }
            return self.method(node, call, target);
        }
        let name = name.strip_prefix('.').unwrap_or(name);
        if let Some(signature) = self.env.function(name) {
            return self.declared(node, call, signature);
        }
        let Some(function) = functions::find(name, Style::Global) else {
            self.unknown_function(node, name, &call.args);
            return self.infer_all(&call.args);
        };
        let args: Vec<_> = call.args.iter().collect();
        self.apply(node, function, &args)
    }

    /// `math` in `math.abs(x)`, unless it is a variable.
    fn namespace(&self, target: &'a IdedExpr) -> Option<&'a str> {
        match &target.expr {
            Expr::Ident(name) => {
                let variable = self.env.variable(name).is_some()
                    || self.locals.iter().any(|local| local.name == name);
                (!variable && functions::is_namespace(name)).then_some(name)
            }
            _ => None,
        }
    }

    fn qualified_call(&mut self, node: &'a IdedExpr, call: &'a CallExpr, space: &str) -> Type {
        let found = functions::all()
            .iter()
            .find(|f| f.name == call.func_name && matches!(f.style, Style::Of(of) if of == space));
        let args: Vec<_> = call.args.iter().collect();
        if let Some(function) = found {
            return self.apply(node, function, &args);
        }
        let names = functions::all()
            .iter()
            .filter(|f| matches!(f.style, Style::Of(of) if of == space))
            .map(|f| f.name);
        let near = did_you_mean(&call.func_name, names);
        let message = format!("unknown function `{space}.{}`{near}", call.func_name);
        self.error(self.parsed.name_span(node.id), message);
        self.infer_all(&call.args)
    }

    fn method(&mut self, node: &'a IdedExpr, call: &'a CallExpr, target: &'a IdedExpr) -> Type {
        let name = call.func_name.as_str();
        let Some(function) = functions::find(name, Style::Method) else {
            // An unknown receiver hides whether the method is wrong too: say both.
            self.infer(target);
            self.unknown_method(node, call, target);
            return self.infer_arguments_of_unknown(call);
        };
        let mut args = vec![target];
        args.extend(&call.args);
        self.apply(node, function, &args)
    }

    fn infer_all(&mut self, args: &'a [IdedExpr]) -> Type {
        for arg in args {
            self.infer(arg);
        }
        Type::Dyn
    }

    /// The first argument of what looks like a macro is a name that means nothing here.
    fn infer_arguments_of_unknown(&mut self, call: &'a CallExpr) -> Type {
        if MACROS.iter().any(|(name, _)| *name == call.func_name) {
            return Type::Dyn;
        }
        self.infer_all(&call.args)
    }

    fn unknown_function(&mut self, node: &IdedExpr, name: &str, args: &[IdedExpr]) {
        let span = self.parsed.name_span(node.id);
        if let Some((_, example)) = MACROS.iter().find(|(macro_name, _)| *macro_name == name) {
            let message = format!("`{name}` is called on a list");
            self.error_help(span, message, Some(format!("write `{example}`")));
            return;
        }
        if name == "has" {
            self.error_help(
                span,
                "`has` takes the path of one field",
                Some("write `has(item.field)`".into()),
            );
            return;
        }
        if functions::find(name, Style::Method).is_some() {
            let help = match args {
                [first, rest @ ..] => self.code(first).map(|receiver| {
                    let rest: Vec<_> = rest.iter().filter_map(|arg| self.code(arg)).collect();
                    format!("write `{receiver}.{name}({})`", rest.join(", "))
                }),
                [] => None,
            };
            self.error_help(span, format!("`{name}` is called on a value"), help);
            return;
        }
        let mut names: Vec<&str> = functions::names(Style::Global).collect();
        names.push("has");
        names.extend(self.env.functions().map(|f| &*f.name));
        let near = did_you_mean(name, names);
        self.error(span, format!("unknown function `{name}`{near}"));
    }

    fn unknown_method(&mut self, node: &IdedExpr, call: &CallExpr, target: &IdedExpr) {
        let name = call.func_name.as_str();
        let span = self.parsed.name_span(node.id);
        if let Some((_, example)) = MACROS.iter().find(|(macro_name, _)| *macro_name == name) {
            let message = format!("`{name}` takes a name for each element and an expression of it");
            self.error_help(span, message, Some(format!("write `{example}`")));
            return;
        }
        if functions::is_function(name) || self.env.function(name).is_some() {
            let help = self.code(target).map(|receiver| {
                let mut args = vec![receiver];
                args.extend(call.args.iter().filter_map(|arg| self.code(arg)));
                format!("write `{name}({})`", args.join(", "))
            });
            self.error_help(span, format!("`{name}` is not called on a value"), help);
            return;
        }
        let methods = functions::names(Style::Method).chain(MACROS.iter().map(|(name, _)| *name));
        let near = nearest(name, methods)
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        self.error(span, format!("unknown method `{name}`{near}"));
    }

    /// A function of the environment.
    fn declared(&mut self, node: &'a IdedExpr, call: &'a CallExpr, signature: &Signature) -> Type {
        self.reads += 1;
        let given = call.args.len();
        if given < signature.required || given > signature.params.len() {
            let counts: Vec<_> = (signature.required..=signature.params.len()).collect();
            self.wrong_count(
                node,
                &signature.name,
                &counts,
                given,
                call.args.get(signature.params.len()),
            );
        }
        for (index, arg) in call.args.iter().enumerate() {
            let ty = self.infer(arg).without_null();
            if let Some(wanted) = signature.params.get(index)
                && !wanted.overlaps(&ty)
            {
                self.wrong_argument(&signature.name, arg, &ty, wanted);
            }
        }
        signature.result.clone()
    }

    /// Checks a call of `function` with `args`, a receiver first, and says what it gives.
    fn apply(&mut self, node: &'a IdedExpr, function: &Function, args: &[&'a IdedExpr]) -> Type {
        if matches!(function.name, "docs" | "ref") {
            self.reads += 1;
        }
        let errors = self.errors.len();
        let types = self.infer_each(args);
        self.apply_to(node, function, args, &types, errors)
    }

    fn infer_each(&mut self, args: &[&'a IdedExpr]) -> Vec<Type> {
        args.iter()
            .map(|arg| self.infer(arg).without_null())
            .collect()
    }

    /// As [`Self::apply`], for arguments of these types. `errors`: how many there were before them.
    fn apply_to(
        &mut self,
        node: &IdedExpr,
        function: &Function,
        args: &[&IdedExpr],
        types: &[Type],
        errors: usize,
    ) -> Type {
        let fits = |takes: &[Take]| {
            takes.len() == args.len()
                || (function.variadic
                    && args.len() > takes.len()
                    && takes.last() == Some(&Take::Number))
        };
        let mut candidates: Vec<_> = function
            .overloads
            .iter()
            .filter(|overload| fits(overload.takes))
            .collect();
        if candidates.is_empty() {
            let receiver = usize::from(function.style == Style::Method);
            let mut counts: Vec<_> = function
                .overloads
                .iter()
                .map(|overload| overload.takes.len() - receiver.min(overload.takes.len()))
                .collect();
            counts.sort_unstable();
            counts.dedup();
            let most = counts.last().copied().unwrap_or_default() + receiver;
            let given = args.len() - receiver.min(args.len());
            self.wrong_count(node, function.name, &counts, given, args.get(most).copied());
            return Type::Dyn;
        }
        for (index, (arg, ty)) in args.iter().zip(types).enumerate() {
            let taken = |takes: &[Take]| {
                takes
                    .get(index)
                    .or(takes.last())
                    .copied()
                    .unwrap_or(Take::Any)
            };
            let wanted = Type::union(candidates.iter().map(|c| taken(c.takes).ty()));
            candidates.retain(|c| taken(c.takes).accepts(ty));
            if candidates.is_empty() {
                self.wrong_argument(function.name, arg, ty, &wanted);
                return Type::Dyn;
            }
        }
        if function.name == "duration" || function.name == "timestamp" {
            self.iso_text(function.name, args, types);
        }
        if self.errors.len() == errors {
            self.literals(function.name, args);
        }
        Type::union(candidates.iter().map(|c| self.given(c.gives, args, types)))
    }

    /// CEL's own `duration` and `timestamp` do not read what documents write.
    fn iso_text(&mut self, function: &str, args: &[&IdedExpr], types: &[Type]) {
        let (Some(arg), Some(ty)) = (args.first(), types.first()) else {
            return;
        };
        let (own, wrong) = match function {
            "duration" => ("days", matches!(ty, Type::IsoDuration | Type::Date)),
            _ => ("date", matches!(ty, Type::Date | Type::IsoDuration)),
        };
        if wrong {
            let is = self.states(arg, ty);
            let help = self.code(arg).map(|code| format!("write `{own}({code})`"));
            let message = format!("{is}, which `{function}` does not read");
            self.error_help(self.parsed.span(arg.id), message, help);
        }
    }

    fn given(&self, gives: Give, args: &[&IdedExpr], types: &[Type]) -> Type {
        let ty = |index: usize| types.get(index).cloned().unwrap_or(Type::Dyn);
        let inner = || match ty(0) {
            Type::Optional(inner) => Type::union([inner.as_ref().clone()]),
            _ => Type::Dyn,
        };
        match gives {
            Give::Dyn => Type::Dyn,
            Give::Bool => Type::Bool,
            Give::Int => Type::Int,
            Give::Uint => Type::Uint,
            Give::Double => Type::Double,
            Give::Number => Type::Number,
            Give::Text => Type::String,
            Give::Bytes => Type::Bytes,
            Give::Timestamp => Type::Timestamp,
            Give::Duration => Type::Duration,
            Give::Texts => Type::list(Type::String),
            Give::Ints => Type::list(Type::Int),
            Give::Type => Type::Type,
            Give::Same => match ty(0) {
                text if text.is_text() => Type::String,
                other => other,
            },
            Give::Wrapped => Type::optional(ty(0)),
            Give::Nothing => Type::optional(Type::never()),
            Give::Inner => inner(),
            Give::InnerOr => match ty(0) {
                Type::Optional(inner) => Type::union([inner.as_ref().clone(), ty(1)]),
                _ => Type::Dyn,
            },
            Give::Either => Type::union([ty(0), ty(1)]),
            Give::Joined => match Type::union([ty(0), ty(1)]) {
                list @ Type::List(_) => list,
                either => Type::list(either.element().unwrap_or(Type::Dyn)),
            },
            Give::Documents => {
                let kind = args.first().and_then(|arg| text_of(arg));
                let document = kind.and_then(|kind| self.env.kind(kind));
                Type::list(document.cloned().unwrap_or(Type::Dyn))
            }
        }
    }

    /// `+ - * / %`. Integers and floats mix: YAML writes 2 and 2.0 alike.
    fn arithmetic(
        &mut self,
        node: &'a IdedExpr,
        sign: &str,
        function: &Function,
        args: &'a [IdedExpr],
    ) -> Type {
        let errors = self.errors.len();
        let args: Vec<_> = args.iter().collect();
        let types = self.infer_each(&args);
        let number = |ty: &Type| matches!(ty, Type::Int | Type::Double | Type::Number);
        match (args.as_slice(), types.as_slice()) {
            ([left, _], [a, b]) if sign != "%" && number(a) && number(b) => {
                if sign == "/"
                    && [a, b].contains(&&Type::Number)
                    && ![a, b].contains(&&Type::Double)
                {
                    let help = self
                        .code(left)
                        .map(|code| format!("divide floats: `number({code}) / ...`"));
                    self.error_help(
                        self.parsed.span(node.id),
                        "this drops the remainder where both numbers are written without a decimal point",
                        help,
                    );
                }
                if a == b { a.clone() } else { Type::Number }
            }
            _ => self.apply_to(node, function, &args, &types, errors),
        }
    }

    fn wrong_argument(&mut self, name: &str, arg: &IdedExpr, ty: &Type, wanted: &Type) {
        let is = self.states(arg, ty);
        let help = self.conversion(arg, ty, wanted);
        self.error_help(
            self.parsed.span(arg.id),
            format!("{is}; `{name}` takes {wanted} here"),
            help,
        );
    }

    fn wrong_count(
        &mut self,
        node: &IdedExpr,
        name: &str,
        counts: &[usize],
        given: usize,
        surplus: Option<&IdedExpr>,
    ) {
        let wanted: Vec<_> = counts.iter().map(ToString::to_string).collect();
        let noun = if counts == [1] {
            "argument"
        } else {
            "arguments"
        };
        let verb = if given == 1 { "is" } else { "are" };
        let span = match surplus {
            Some(arg) => {
                let end = self.parsed.span(node.id).end;
                Span::new(self.parsed.span(arg.id).start, end.saturating_sub(1))
            }
            None => self.parsed.name_span(node.id),
        };
        self.error(
            span,
            format!(
                "`{name}` takes {} {noun}, {given} {verb} given",
                wanted.join(" or ")
            ),
        );
    }
}

//! Macros in a syntax tree.
//!
//! The parser replaces `all`, `exists`, `exists_one`, `map` and `filter` by comprehensions and
//! leaves the rest (`optMap`, `cel.bind`, the forms with two variables) as calls. Both come out of
//! [`Macro::of`] as what the author wrote.

use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators,
};

/// A macro with its parts.
#[derive(Clone, Copy, Debug)]
pub enum Macro<'e> {
    /// `has(operand.field)`.
    Has {
        /// What is asked.
        operand: &'e IdedExpr,
        /// The key that it may have.
        field: &'e str,
    },
    /// A walk over the elements of a list or the keys of a map.
    Loop(Loop<'e>),
    /// A value under a name: `optMap`, `optFlatMap`, `cel.bind`.
    Bind(Bind<'e>),
}

/// `range.kind(var, body)`, `range.kind(var, filter, body)`, `range.kind(var, var2, body)`.
#[derive(Clone, Copy, Debug)]
pub struct Loop<'e> {
    /// Which macro.
    pub kind: LoopKind,
    /// The list or map.
    pub range: &'e IdedExpr,
    /// An element, or a key. With `var2`: an index, or a key.
    pub var: &'e str,
    /// In the form with two variables: an element, or a value.
    pub var2: Option<&'e str>,
    /// Which elements `map`, `transformList` and `transformMap` take; all if `None`.
    pub filter: Option<&'e IdedExpr>,
    /// The predicate, or what each element becomes.
    pub body: &'e IdedExpr,
}

/// The macros that loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopKind {
    /// Whether the body holds for every element.
    All,
    /// Whether it holds for one at least.
    Exists,
    /// Whether it holds for exactly one.
    ExistsOne,
    /// The list of what each element becomes; `transformList` is the form with two variables.
    Map,
    /// The list of the elements for which it holds.
    Filter,
    /// The map of what each value becomes, under its key or index.
    TransformMap,
    /// The map of the entries of the map that each element becomes.
    TransformMapEntry,
}

impl LoopKind {
    /// The name as policies write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::ExistsOne => "exists_one",
            Self::Map => "map",
            Self::Filter => "filter",
            Self::TransformMap => "transformMap",
            Self::TransformMapEntry => "transformMapEntry",
        }
    }
}

/// A value under a name.
#[derive(Clone, Copy, Debug)]
pub struct Bind<'e> {
    /// Which macro.
    pub kind: BindKind,
    /// The value: an optional, except for `cel.bind`.
    pub value: &'e IdedExpr,
    /// Its name in the body.
    pub var: &'e str,
    /// What it becomes.
    pub body: &'e IdedExpr,
}

/// The macros that bind one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindKind {
    /// `optional.optMap(x, body)`: an optional of the body, or none.
    OptMap,
    /// `optional.optFlatMap(x, body)`: the body, an optional, or none.
    OptFlatMap,
    /// `cel.bind(x, value, body)`: the body.
    Bind,
}

impl<'e> Macro<'e> {
    /// The macro that a node is, if it is one.
    pub fn of(node: &'e IdedExpr) -> Option<Self> {
        match &node.expr {
            Expr::Select(select) if select.test => Some(Self::Has {
                operand: &select.operand,
                field: &select.field,
            }),
            Expr::Comprehension(fold) => comprehension(fold).map(Self::Loop),
            Expr::Call(call) => call_macro(call),
            _ => None,
        }
    }
}

/// The parts of a node as the author wrote them, in order; names that a macro binds left out.
pub fn children(node: &IdedExpr) -> Vec<&IdedExpr> {
    match Macro::of(node) {
        Some(Macro::Has { operand, .. }) => return vec![operand],
        Some(Macro::Loop(walk)) => {
            let parts = [Some(walk.range), walk.filter, Some(walk.body)];
            return parts.into_iter().flatten().collect();
        }
        Some(Macro::Bind(bind)) => return vec![bind.value, bind.body],
        None => {}
    }
    match &node.expr {
        // What the parser makes a comprehension of is a macro.
        Expr::Unspecified | Expr::Literal(_) | Expr::Ident(_) | Expr::Comprehension(_) => {
            Vec::new()
        }
        Expr::Select(select) => vec![&select.operand],
        Expr::Call(call) => call
            .target
            .as_deref()
            .into_iter()
            .chain(&call.args)
            .collect(),
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|e| of_entry(&e.expr)).collect(),
        Expr::Struct(message) => {
            let entries = message.entries.iter();
            entries.flat_map(|e| of_entry(&e.expr)).collect()
        }
    }
}

fn of_entry(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

fn call<'e>(node: &'e IdedExpr, name: &str) -> Option<&'e [IdedExpr]> {
    match &node.expr {
        Expr::Call(call) if call.func_name == name => Some(&call.args),
        _ => None,
    }
}

fn comprehension(fold: &ComprehensionExpr) -> Option<Loop<'_>> {
    let of = |kind, filter, body| Loop {
        kind,
        range: &fold.iter_range,
        var: &fold.iter_var,
        var2: fold.iter_var2.as_deref(),
        filter,
        body,
    };
    match &fold.accu_init.expr {
        Expr::Literal(LiteralValue::Boolean(start)) => {
            let (kind, operator) = if *start.inner() {
                (LoopKind::All, operators::LOGICAL_AND)
            } else {
                (LoopKind::Exists, operators::LOGICAL_OR)
            };
            let [_, body] = call(&fold.loop_step, operator)? else {
                return None;
            };
            Some(of(kind, None, body))
        }
        Expr::Literal(LiteralValue::Int(_)) => {
            let [body, _, _] = call(&fold.loop_step, operators::CONDITIONAL)? else {
                return None;
            };
            Some(of(LoopKind::ExistsOne, None, body))
        }
        Expr::List(_) => {
            let (filter, step) = match call(&fold.loop_step, operators::CONDITIONAL) {
                Some([filter, step, _]) => (Some(filter), step),
                _ => (None, &fold.loop_step),
            };
            let [_, added] = call(step, operators::ADD)? else {
                return None;
            };
            let Expr::List(added) = &added.expr else {
                return None;
            };
            let [body] = added.elements.as_slice() else {
                return None;
            };
            match (filter, &body.expr) {
                (Some(filter), Expr::Ident(name)) if *name == fold.iter_var => {
                    Some(of(LoopKind::Filter, None, filter))
                }
                _ => Some(of(LoopKind::Map, filter, body)),
            }
        }
        _ => None,
    }
}

/// Macros that the parser leaves as calls.
fn call_macro(call: &CallExpr) -> Option<Macro<'_>> {
    let target = call.target.as_deref()?;
    match (call.func_name.as_str(), call.args.as_slice()) {
        ("optMap", [var, body]) => bound(BindKind::OptMap, target, var, body),
        ("optFlatMap", [var, body]) => bound(BindKind::OptFlatMap, target, var, body),
        ("bind", [var, value, body]) if is_name(target, "cel") => {
            bound(BindKind::Bind, value, var, body)
        }
        (method, [var, var2, rest @ ..]) => {
            let (var, var2) = (ident(var)?, ident(var2)?);
            let kind = match method {
                "all" => LoopKind::All,
                "exists" => LoopKind::Exists,
                "exists_one" | "existsOne" => LoopKind::ExistsOne,
                "transformList" => LoopKind::Map,
                "transformMap" => LoopKind::TransformMap,
                "transformMapEntry" => LoopKind::TransformMapEntry,
                _ => return None,
            };
            let transforms =
                !matches!(kind, LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne);
            let (filter, body) = match rest {
                [body] => (None, body),
                [filter, body] if transforms => (Some(filter), body),
                _ => return None,
            };
            Some(Macro::Loop(Loop {
                kind,
                range: target,
                var,
                var2: Some(var2),
                filter,
                body,
            }))
        }
        _ => None,
    }
}

fn bound<'e>(
    kind: BindKind,
    value: &'e IdedExpr,
    var: &'e IdedExpr,
    body: &'e IdedExpr,
) -> Option<Macro<'e>> {
    Some(Macro::Bind(Bind {
        kind,
        value,
        var: ident(var)?,
        body,
    }))
}

fn ident(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Ident(name) => Some(name),
        _ => None,
    }
}

fn is_name(node: &IdedExpr, name: &str) -> bool {
    ident(node) == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parse::parse;

    fn shape(text: &str) -> String {
        let parsed = parse(text).unwrap();
        let at = |node: &IdedExpr| text[parsed.span(node.id).range()].to_owned();
        match Macro::of(parsed.ast()) {
            None => "none".into(),
            Some(Macro::Has { operand, field }) => format!("has {} {field}", at(operand)),
            Some(Macro::Loop(l)) => format!(
                "{:?} {} {} {:?} {:?} {}",
                l.kind,
                at(l.range),
                l.var,
                l.var2,
                l.filter.map(at),
                at(l.body)
            ),
            Some(Macro::Bind(b)) => {
                format!("{:?} {} {} {}", b.kind, at(b.value), b.var, at(b.body))
            }
        }
    }

    #[test]
    fn macros_are_what_the_author_wrote() {
        for (text, want) in [
            ("has(a.b.c)", "has a.b c"),
            ("a.b.all(x, x > 1)", "All a.b x None None x > 1"),
            ("a.exists(x, f(x))", "Exists a x None None f(x)"),
            ("a.exists_one(x, x)", "ExistsOne a x None None x"),
            ("a.map(x, x + 1)", "Map a x None None x + 1"),
            ("a.map(x, x > 2, [x])", "Map a x None Some(\"x > 2\") [x]"),
            ("a.filter(x, x.y)", "Filter a x None None x.y"),
            ("a.all(i, x, x > i)", "All a i Some(\"x\") None x > i"),
            (
                "a.transformMap(k, v, k > 1, v)",
                "TransformMap a k Some(\"v\") Some(\"k > 1\") v",
            ),
            ("a.?b.optMap(x, x.c)", "OptMap a.?b x x.c"),
            ("cel.bind(x, 1 + 2, x * x)", "Bind 1 + 2 x x * x"),
            ("a.all(x)", "none"),
            ("a.f(x, y, z)", "none"),
        ] {
            assert_eq!(shape(text), want, "{text}");
        }
    }
}

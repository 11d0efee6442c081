//! Where an expression draws a line between what it admits and what it does not: comparisons by
//! order, and memberships in a list that stands there. Mutants move these lines.

use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators};

use super::ast::children;
use super::operators::Relation;
use super::parse::{ExprError, Parsed, parse};
use crate::source::Span;

/// A line that an expression draws. Spans are bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// `left < right`, or with `<=`, `>`, `>=`.
    Bound {
        /// How the left side is to stand to the right.
        relation: Relation,
        /// The operator.
        operator: Span,
        /// What stands before it, and what behind.
        sides: [Side; 2],
    },
    /// `needle in list`, where the list is a literal or a parameter.
    Membership {
        /// All of it.
        span: Span,
        /// What has to be in the list.
        needle: Span,
        /// The list.
        list: Span,
    },
}

/// One side of a comparison by order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub what: What,
    /// The parameters that go into it as numbers, durations or dates, in order.
    pub params: Vec<String>,
}

/// What stands on a side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A number, written there.
    Number,
    /// `days("P2Y")`: the duration.
    Days(String),
    /// `date("2026-08-02")`: the date.
    Date(String),
    /// A parameter and nothing else, also inside `days`, `date` or `number`.
    Param,
    /// How many there are: `size(x)`.
    Count,
    /// Anything else.
    Other,
}

/// The lines that an expression draws, in the order in which they stand in its text.
pub fn lines(text: &str) -> Result<Vec<Line>, Vec<ExprError>> {
    let parsed = parse(text)?;
    let mut found = Vec::new();
    visit(&parsed, parsed.ast(), &mut found);
    found.sort_by_key(|line| match line {
        Line::Bound { operator, .. } => operator.start,
        Line::Membership { list, .. } => list.start,
    });
    Ok(found)
}

fn visit(parsed: &Parsed, node: &IdedExpr, found: &mut Vec<Line>) {
    if let Expr::Call(call) = &node.expr
        && let [left, right] = call.args.as_slice()
    {
        let listed = || matches!(right.expr, Expr::List(_)) || param(right).is_some();
        if let Some(relation) = Relation::of(&call.func_name) {
            found.push(Line::Bound {
                relation,
                operator: parsed.token(node.id),
                sides: [side(parsed, left), side(parsed, right)],
            });
        } else if call.func_name == operators::IN && listed() {
            found.push(Line::Membership {
                span: parsed.span(node.id),
                needle: parsed.span(left.id),
                list: parsed.span(right.id),
            });
        }
    }
    for child in children(node) {
        visit(parsed, child, found);
    }
}

fn side(parsed: &Parsed, node: &IdedExpr) -> Side {
    let mut params = Vec::new();
    amounts(node, &mut params);
    Side {
        span: parsed.span(node.id),
        what: what(node),
        params,
    }
}

fn what(node: &IdedExpr) -> What {
    if param(node).is_some() {
        return What::Param;
    }
    match &node.expr {
        Expr::Literal(LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_)) => {
            What::Number
        }
        Expr::Call(call) if call.func_name == "size" => What::Count,
        Expr::Call(call) if call.target.is_none() => match (&*call.func_name, &*call.args) {
            ("days" | "date" | "number", [inner]) if param(inner).is_some() => What::Param,
            ("days", [inner]) => text(inner).map_or(What::Other, What::Days),
            ("date", [inner]) => text(inner).map_or(What::Other, What::Date),
            _ => What::Other,
        },
        _ => What::Other,
    }
}

/// The parameters whose amount goes into a value: what is only looked up by them does not count.
fn amounts(node: &IdedExpr, params: &mut Vec<String>) {
    if let Some(name) = param(node) {
        params.push(name.to_owned());
        return;
    }
    let Expr::Call(call) = &node.expr else {
        return;
    };
    let parts = match (call.func_name.as_str(), call.args.as_slice()) {
        ("days" | "date" | "number" | "age", args) if call.target.is_none() => args,
        (
            operators::ADD
            | operators::SUBSTRACT
            | operators::MULTIPLY
            | operators::DIVIDE
            | operators::NEGATE,
            args,
        ) => args,
        (operators::CONDITIONAL, [_, branches @ ..]) => branches,
        _ => return,
    };
    for part in parts {
        amounts(part, params);
    }
}

/// The name of the parameter that a node reads.
fn param(node: &IdedExpr) -> Option<&str> {
    let Expr::Select(select) = &node.expr else {
        return None;
    };
    match &select.operand.expr {
        Expr::Ident(name) if name == "params" && !select.test => Some(&select.field),
        _ => None,
    }
}

fn text(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a text, each as it stands there.
    fn drawn(text: &str) -> Vec<String> {
        let at = |span: Span| &text[span.range()];
        let side = |side: &Side| match side.params.as_slice() {
            [] => format!("{} {:?}", at(side.span), side.what),
            params => format!("{} {:?} of {params:?}", at(side.span), side.what),
        };
        lines(text)
            .unwrap()
            .iter()
            .map(|line| match line {
                Line::Bound {
                    relation,
                    operator,
                    sides: [left, right],
                } => {
                    assert_eq!(at(*operator), relation.as_str());
                    format!("{} | {} | {}", side(left), at(*operator), side(right))
                }
                Line::Membership { span, needle, list } => {
                    format!("{} : {} in {}", at(*span), at(*needle), at(*list))
                }
            })
            .collect()
    }

    #[test]
    fn bounds_and_what_stands_on_their_sides() {
        for (text, want) in [
            ("item.a <= -3", "item.a Other | <= | -3 Number"),
            ("1.5 < size(item.a)", "1.5 Number | < | size(item.a) Count"),
            ("item.a.size() > 0", "item.a.size() Count | > | 0 Number"),
            (
                "days(item.a) >= days(params.limit)",
                "days(item.a) Other | >= | days(params.limit) Param of [\"limit\"]",
            ),
            (
                "days(item.a) >= days('P2Y')",
                "days(item.a) Other | >= | days('P2Y') Days(\"P2Y\")",
            ),
            (
                "date(item.a) < date('2026-08-02')",
                "date(item.a) Other | < | date('2026-08-02') Date(\"2026-08-02\")",
            ),
            (
                "item.a < (doc.b ? params.high : 0.1 * number(item.c) - params.low)",
                "item.a Other | < | doc.b ? params.high : 0.1 * number(item.c) - params.low Other \
                 of [\"high\", \"low\"]",
            ),
            (
                "item.a < item.list[params.index]",
                "item.a Other | < | item.list[params.index] Other",
            ),
            (
                "item.a < params.b // a note",
                "item.a Other | < | params.b Param of [\"b\"]",
            ),
        ] {
            assert_eq!(drawn(text), [want], "{text}");
        }
    }

    #[test]
    fn memberships_in_a_list_that_stands_there() {
        assert_eq!(
            drawn("!(item.a in ['x', 'y']) && doc.b in params.list"),
            [
                "item.a in ['x', 'y'] : item.a in ['x', 'y']",
                "doc.b in params.list : doc.b in params.list"
            ]
        );
        assert_eq!(
            drawn("item.a in doc.list && 'x' in {'x': 1}"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn macros_are_gone_through_once() {
        assert_eq!(
            drawn(
                "doc.a.all(x, x > 1 || x.b.exists(y, y in ['z'])) ? has(doc.c) : doc.d != 2 && doc.e < 5"
            ),
            [
                "x Other | > | 1 Number",
                "y in ['z'] : y in ['z']",
                "doc.e Other | < | 5 Number"
            ]
        );
        assert_eq!(
            drawn("cel.bind(n, size(doc.a), n > 3) && {'a': [doc.b < 4]}['a'][0]"),
            ["n Other | > | 3 Number", "doc.b Other | < | 4 Number"]
        );
    }
}

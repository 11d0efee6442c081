//! The compiled form of an expression.

use regex::Regex;

use super::ast::{BindKind, LoopKind};
use super::env::Slot;
use super::functions::Native;
use super::operators::{Arithmetic, Relation};
use super::value::Value;

/// One operation, with the id of the syntax node that it was compiled from.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) id: u64,
    pub(super) op: Op,
}

/// A variable: one of the scope, or one that an enclosing macro binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Slot(Slot),
    /// How many bindings further out it was bound; 0 is the innermost.
    Local(u16),
}

/// One step of a static path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(Box<str>),
    Index(i64),
}

#[derive(Debug)]
pub(super) enum Op {
    Constant(Value<'static>),
    /// A variable and the keys and indices read from it one after the other.
    Path {
        root: Root,
        steps: Box<[Step]>,
    },
    Select {
        operand: Box<Expr>,
        key: Box<str>,
        optional: bool,
    },
    Index {
        operand: Box<Expr>,
        index: Box<Expr>,
        optional: bool,
    },
    Has {
        operand: Box<Expr>,
        key: Box<str>,
    },
    /// Flat: all operands of a chain.
    And(Box<[Expr]>),
    /// Flat: all operands of a chain.
    Or(Box<[Expr]>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// Condition, then, else.
    Conditional(Box<[Expr; 3]>),
    Compare(Relation, Box<[Expr; 2]>),
    Equal {
        operands: Box<[Expr; 2]>,
        negated: bool,
    },
    In(Box<[Expr; 2]>),
    Arithmetic(Arithmetic, Box<[Expr; 2]>),
    /// A function of the language.
    Call {
        name: Box<str>,
        native: Native,
        args: Box<[Expr]>,
    },
    /// A function that was declared to the environment.
    External {
        name: Box<str>,
        args: Box<[Expr]>,
    },
    /// `matches` with a literal.
    Matches {
        operand: Box<Expr>,
        regex: Box<Regex>,
    },
    /// `occurrences` with a literal.
    Occurrences {
        operand: Box<Expr>,
        regex: Box<Regex>,
    },
    /// Whether nothing is there: takes what is absent.
    Blank(Box<Expr>),
    /// `a.or(b)`, `a.orValue(b)`: the second is evaluated only if the first has no value.
    OrElse {
        operand: Box<Expr>,
        otherwise: Box<Expr>,
        unwrap: bool,
    },
    /// Elements, and which of them are optionals to be spliced in.
    List {
        elements: Box<[(Expr, bool)]>,
    },
    /// Keys, values, and which entries are optional.
    Map {
        entries: Box<[(Expr, Expr, bool)]>,
    },
    Loop(Box<LoopOp>),
    Bind(Box<BindOp>),
    /// A name or a function that is not known; the message says which.
    Unknown(Box<str>),
}

#[derive(Debug)]
pub(super) struct LoopOp {
    pub(super) kind: LoopKind,
    pub(super) range: Expr,
    /// Whether an index or key is bound beside the element; it is bound first, further out.
    pub(super) paired: bool,
    pub(super) filter: Option<Expr>,
    pub(super) body: Expr,
}

#[derive(Debug)]
pub(super) struct BindOp {
    pub(super) kind: BindKind,
    pub(super) value: Expr,
    pub(super) body: Expr,
}

impl Expr {
    /// The operands in the order in which they are written.
    pub(super) fn operands(&self) -> Vec<&Expr> {
        match &self.op {
            Op::Constant(_) | Op::Path { .. } | Op::Unknown(_) => Vec::new(),
            Op::Select { operand, .. }
            | Op::Has { operand, .. }
            | Op::Not(operand)
            | Op::Negate(operand)
            | Op::Blank(operand)
            | Op::Matches { operand, .. }
            | Op::Occurrences { operand, .. } => vec![operand],
            Op::Index { operand, index, .. } => vec![operand, index],
            Op::And(operands) | Op::Or(operands) => operands.iter().collect(),
            Op::Conditional(parts) => parts.iter().collect(),
            Op::Compare(_, pair) | Op::In(pair) | Op::Arithmetic(_, pair) => pair.iter().collect(),
            Op::Equal { operands, .. } => operands.iter().collect(),
            Op::Call { args, .. } | Op::External { args, .. } => args.iter().collect(),
            Op::OrElse {
                operand, otherwise, ..
            } => vec![operand, otherwise],
            Op::List { elements } => elements.iter().map(|(element, _)| element).collect(),
            Op::Map { entries } => entries.iter().flat_map(|(k, v, _)| [k, v]).collect(),
            Op::Loop(walk) => [Some(&walk.range), walk.filter.as_ref(), Some(&walk.body)]
                .into_iter()
                .flatten()
                .collect(),
            Op::Bind(bind) => vec![&bind.value, &bind.body],
        }
    }
}

//! The static paths that a program reads.

use super::env::Slot;
use super::program::{Expr, Op, Root, Step};
use crate::value::{Pointer, Segment};

/// A path that a program reads from a variable, as far as it is known before evaluation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadPath {
    /// The variable.
    pub variable: String,
    /// The keys and indices that are read from it, up to the first that is computed.
    pub pointer: Pointer,
}

/// Every path, sorted, none twice.
pub(super) fn collect(root: &Expr, name: &dyn Fn(Slot) -> Option<String>) -> Vec<ReadPath> {
    let mut paths = Vec::new();
    visit(root, name, &mut paths);
    paths.sort();
    paths.dedup();
    paths
}

/// Every path whose absence the expression does not provide for, sorted, none twice.
pub(super) fn demanded(root: &Expr, name: &dyn Fn(Slot) -> Option<String>) -> Vec<ReadPath> {
    let mut paths = Vec::new();
    demand(root, name, &mut paths);
    paths.sort();
    paths.dedup();
    paths
}

fn demand(expr: &Expr, name: &dyn Fn(Slot) -> Option<String>, into: &mut Vec<ReadPath>) {
    match &expr.op {
        // Each of these goes on without what it asks about.
        Op::Has { .. }
        | Op::Blank(_)
        | Op::OrElse { .. }
        | Op::Or(_)
        | Op::Conditional(_)
        | Op::Select { optional: true, .. }
        | Op::Index { optional: true, .. } => return,
        // What is asked of elements hangs on there being some.
        Op::Loop(walk) => return demand(&walk.range, name, into),
        _ => {}
    }
    if let Some((slot, pointer)) = static_path(expr) {
        into.extend(name(slot).map(|variable| ReadPath { variable, pointer }));
        return;
    }
    for operand in expr.operands() {
        demand(operand, name, into);
    }
}

fn visit(expr: &Expr, name: &dyn Fn(Slot) -> Option<String>, into: &mut Vec<ReadPath>) {
    if let Some((slot, pointer)) = static_path(expr) {
        into.extend(name(slot).map(|variable| ReadPath { variable, pointer }));
        return;
    }
    for operand in expr.operands() {
        visit(operand, name, into);
    }
}

fn static_path(expr: &Expr) -> Option<(Slot, Pointer)> {
    match &expr.op {
        Op::Path {
            root: Root::Slot(slot),
            steps,
        } => {
            let steps = steps.iter().map(|step| match step {
                Step::Key(key) => Some(Segment::Key(key.clone())),
                Step::Index(at) => usize::try_from(*at).ok().map(Segment::Index),
            });
            // A negative index reads nothing.
            let segments = steps.map_while(|step| step).collect();
            Some((*slot, Pointer::new(segments)))
        }
        Op::Select { operand, key, .. } | Op::Has { operand, key } => {
            let (slot, pointer) = static_path(operand)?;
            Some((slot, pointer.key(key)))
        }
        _ => None,
    }
}

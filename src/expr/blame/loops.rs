//! Loops: which elements decided, and what they are held against.

use std::mem;

use super::super::ast::LoopKind;
use super::super::eval::{Cx, eval};
use super::super::loops::{Range, with_element};
use super::super::program::{Expr, LoopOp};
use super::super::value::Truth;
use super::{Finder, MAX_ELEMENTS};

impl<'a> Finder<'a> {
    /// Blames `all`, `exists` and `exists_one` for not being `want`.
    pub(super) fn quantified(
        &mut self,
        expr: &'a Expr,
        walk: &'a LoopOp,
        cx: Cx<'_, 'a>,
        want: bool,
    ) {
        let value = eval(&walk.range, cx);
        let range = match Range::of(&value) {
            Ok(range) => range,
            Err(failed) => return self.fault(&walk.range, &failed, cx),
        };
        let truths: Vec<Truth> = (0..range.len())
            .map(|at| with_element(walk, range, at, cx, |cx| eval(&walk.body, cx).truth()))
            .collect();
        let holding = truths.iter().filter(|truth| **truth == Truth::True).count();
        let count = range.len();
        let name = self.name(&walk.range, &value);
        let met = if holding == 1 { "meets" } else { "meet" };
        let said = match (walk.kind, want) {
            (LoopKind::All, true) => None,
            (_, _) if count == 0 => Some(format!("{name} is empty")),
            (LoopKind::All, false) => Some(format!("every element of {name} meets the condition")),
            (LoopKind::Exists, true) if holding > 0 => None,
            (LoopKind::Exists, true) => Some(match count {
                1 => format!("the one element of {name} does not meet the condition"),
                n => format!("none of the {n} elements of {name} meets the condition"),
            }),
            (LoopKind::Exists, false) => None,
            (LoopKind::ExistsOne, _) => Some(format!(
                "{holding} of the {count} elements of {name} {met} the condition"
            )),
            _ => return self.leaf(expr, cx),
        };
        if let Some(text) = said {
            self.push(self.place(&walk.range, &value), text, &walk.range);
        }
        let wanted = if want { Truth::True } else { Truth::False };
        let undecided = |truth: Truth| matches!(truth, Truth::Absent | Truth::Error);
        let shown = |truth: Truth| match (walk.kind, want) {
            (LoopKind::All, true) | (LoopKind::Exists, false) => truth != wanted,
            (LoopKind::Exists, true) => undecided(truth) || count <= MAX_ELEMENTS,
            _ => undecided(truth),
        };
        let failing = (0..count).filter(|at| truths.get(*at).is_some_and(|truth| shown(*truth)));
        let failing: Vec<usize> = failing.collect();
        let placed = self.is_placed(&walk.range);
        let hidden = self.hide_locals;
        self.hide_locals |= !placed && walk.kind == LoopKind::Exists;
        let depth = self.locals.len();
        self.locals
            .resize(depth + 1 + usize::from(walk.paired), placed);
        for &at in failing.iter().take(MAX_ELEMENTS) {
            let before = self.blame.operands.len();
            with_element(walk, range, at, cx, |cx| {
                self.condition(&walk.body, cx, want);
            });
            if placed && self.blame.operands.len() == before {
                let element = range.at(at).1;
                if let Some(node) = element.node() {
                    let text = format!("{} does not meet the condition", self.path(node));
                    self.push(Some((node.address(), node.pointer())), text, &walk.body);
                }
            }
        }
        if walk.kind == LoopKind::Exists && want && count > MAX_ELEMENTS {
            let passed_over = (0..count).filter(|at| truths.get(*at) == Some(&Truth::False));
            self.shared(walk, range, passed_over, cx);
        }
        self.locals.truncate(depth);
        self.hide_locals = hidden;
        self.blame.more += failing.len().saturating_sub(MAX_ELEMENTS);
    }

    /// Shows what is held against each element of a list that is too long to show: what the first
    /// two have in common. Where a finding stands must not depend on how long a list is.
    fn shared(
        &mut self,
        walk: &'a LoopOp,
        range: Range<'_, 'a>,
        elements: impl Iterator<Item = usize>,
        cx: Cx<'_, 'a>,
    ) {
        let of = |at| {
            let kept = mem::take(&mut self.blame);
            with_element(walk, range, at, cx, |cx| {
                self.condition(&walk.body, cx, true);
            });
            mem::replace(&mut self.blame, kept).operands
        };
        let mut elements = elements.map(of);
        let (Some(mut shared), Some(second)) = (elements.next(), elements.next()) else {
            return;
        };
        shared.retain(|operand| second.contains(operand));
        for operand in shared {
            self.keep(operand);
        }
    }

    /// A loop whose value is used, not its truth: its range, and the first element that fails.
    pub(super) fn loop_operands(&mut self, expr: &'a Expr, walk: &'a LoopOp, cx: Cx<'_, 'a>) {
        self.operands(&walk.range, cx);
        if eval(expr, cx).is_value() {
            return;
        }
        let value = eval(&walk.range, cx);
        let Ok(range) = Range::of(&value) else {
            return;
        };
        let depth = self.locals.len();
        let placed = self.is_placed(&walk.range);
        self.locals
            .resize(depth + 1 + usize::from(walk.paired), placed);
        self.first_failing(walk, range, cx);
        self.locals.truncate(depth);
    }

    fn first_failing(&mut self, walk: &'a LoopOp, range: Range<'_, 'a>, cx: Cx<'_, 'a>) {
        let parts = [walk.filter.as_ref(), Some(&walk.body)];
        for at in 0..range.len() {
            for part in parts.into_iter().flatten() {
                let failed = with_element(walk, range, at, cx, |cx| {
                    let failed = !eval(part, cx).is_value();
                    if failed {
                        self.leaf(part, cx);
                    }
                    failed
                });
                if failed {
                    return;
                }
            }
        }
    }
}

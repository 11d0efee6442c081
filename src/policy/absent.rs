//! Operands that are not there, said with a path and a place.

use super::present::{Lack, shorten};
use crate::expr::{Missing, Operand, OperandState, Program, Value};
use crate::source::Span;
use crate::value::{NodeRef, Pointer, Segment};

/// The operand of a path to what is not there.
pub(super) fn lacking_operand(program: &Program, value: &Value<'_>, lack: &Lack) -> Operand {
    let wording = lack.wording();
    let expr_span = Span::from_range(&(0..program.text().len()));
    let (location, pointer, state) = match value {
        Value::Node(node) => (
            Some(node.address()),
            Some(node.pointer()),
            OperandState::Present,
        ),
        Value::Absent(absence) => match absence.parent {
            Some(parent) => {
                let pointer = match &absence.missing {
                    Missing::Key(key) => parent.pointer().key(key),
                    Missing::Index(index) => parent
                        .pointer()
                        .index(usize::try_from(*index).unwrap_or(usize::MAX)),
                    Missing::Null => parent.pointer(),
                };
                (Some(parent.address()), Some(pointer), OperandState::Absent)
            }
            None => (None, None, OperandState::Absent),
        },
        Value::Optional(Some(inner)) => return lacking_operand(program, inner, lack),
        _ => (None, None, OperandState::Absent),
    };
    let last = pointer
        .as_ref()
        .and_then(|pointer: &Pointer| pointer.segments().last())
        .map_or_else(
            || collapse(program.text()),
            |segment| match segment {
                Segment::Key(key) => key.to_string(),
                Segment::Index(index) => format!("[{index}]"),
            },
        );
    Operand {
        location,
        pointer,
        text: format!("`{last}` {wording}"),
        state,
        expr_span,
    }
}

/// The list that `doc.?models.orValue([])` reads, where it is not there.
pub(super) fn absent_list(program: &Program, root: NodeRef<'_>) -> Option<Operand> {
    let [path] = program.paths().try_into().ok()?;
    let pointer = path.pointer;
    if path.variable != "doc" || root.at(&pointer).is_some() {
        return None;
    }
    let mut parent = root;
    for segment in pointer.segments() {
        let step = match segment {
            Segment::Key(key) => parent.get(key),
            Segment::Index(index) => parent.item(*index),
        };
        let Some(step) = step else { break };
        parent = step;
    }
    Some(Operand {
        location: Some(parent.address()),
        text: format!("`{}` is missing", pointer.to_path()),
        pointer: Some(pointer),
        state: OperandState::Absent,
        expr_span: Span::default(),
    })
}

/// An expression on one line.
pub(super) fn collapse(text: &str) -> String {
    shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

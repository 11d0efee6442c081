//! How operands are called, and where they are shown.

use super::super::program::{Expr, Op, Root};
use super::super::value::{Absence, Missing, Value};
use super::Finder;
use super::labels::{hidden, node_of, quoted, shown};
use crate::source::Location;
use crate::value::{NodeRef, Pointer, Segment};

impl<'a> Finder<'a> {
    pub(super) fn missing(&self, expr: &Expr, absence: &Absence<'a>, placed: bool) -> String {
        let Some(parent) = absence.parent.filter(|_| placed) else {
            return format!("`{}` is missing", self.written(expr));
        };
        match &absence.missing {
            Missing::Key(key) => format!("{} is missing", self.child(parent, key)),
            Missing::Index(index) => {
                let count = parent.len();
                let elements = if count == 1 { "element" } else { "elements" };
                let list = self.path(parent);
                format!("{list} has {count} {elements}, none at index {index}")
            }
            Missing::Null => format!("{} is null", self.path(parent)),
        }
    }

    /// The name of an operand in backticks: the path of its node, else as it is written.
    pub(super) fn name(&self, expr: &Expr, value: &Value<'a>) -> String {
        match node_of(value).filter(|_| self.is_placed(expr)) {
            Some(node) => self.path(node),
            None => format!("`{}`", self.written(expr)),
        }
    }

    /// The path of a node in backticks, below `item` where it lies there.
    pub(super) fn path(&self, node: NodeRef<'a>) -> String {
        let mut segments = Vec::new();
        let mut at = node;
        while Some(at) != self.item
            && let (Some(segment), Some(parent)) = (at.segment(), at.parent())
        {
            segments.push(segment);
            at = parent;
        }
        segments.reverse();
        if segments.is_empty() {
            segments = node.pointer().segments().to_vec();
        }
        if segments.is_empty() {
            return "the document".to_owned();
        }
        quoted(&Pointer::new(segments))
    }

    pub(super) fn child(&self, parent: NodeRef<'a>, key: &str) -> String {
        let path = self.path(parent);
        let is_base = Some(parent) == self.item || parent.parent().is_none();
        if is_base {
            return quoted(&Pointer::new(vec![Segment::Key(key.into())]));
        }
        let key = Pointer::new(vec![Segment::Key(key.into())]).to_path();
        format!("`{}.{key}`", path.trim_matches('`'))
    }

    pub(super) fn written(&self, expr: &Expr) -> &'a str {
        let span = self.program.parsed.span(expr.id);
        self.program.text().get(span.range()).unwrap_or_default()
    }

    /// Whether an operand is shown where its node stands: params and the like are not.
    pub(super) fn is_placed(&self, expr: &Expr) -> bool {
        match &expr.op {
            Op::Path {
                root: Root::Slot(slot),
                ..
            } => matches!(self.program.slot_name(*slot), Some("doc" | "item")),
            Op::Path {
                root: Root::Local(outward),
                ..
            } => {
                let mut inward = self.locals.iter().rev();
                inward.nth(usize::from(*outward)).copied().unwrap_or(false)
            }
            _ => expr
                .operands()
                .first()
                .is_none_or(|first| self.is_placed(first)),
        }
    }

    /// What a label says of an operand that is there.
    pub(super) fn says(
        &self,
        name: &str,
        value: &Value<'a>,
        note: Option<String>,
        expr: &Expr,
    ) -> String {
        if self.redacts && !self.is_set_by_config(expr) {
            let name = if value.occurrence().is_some() {
                "what was found"
            } else {
                name
            };
            return format!("{name} {}", hidden(value));
        }
        match note {
            Some(note) if note.starts_with("has ") => format!("{name} {note}"),
            Some(note) => format!("{name} is {} ({note})", shown(value)),
            None => format!("{name} is {}", shown(value)),
        }
    }

    /// Whether an operand comes of the rule's parameters or of the day, not of a document.
    fn is_set_by_config(&self, expr: &Expr) -> bool {
        let Op::Path {
            root: Root::Slot(slot),
            ..
        } = &expr.op
        else {
            return false;
        };
        matches!(self.program.slot_name(*slot), Some("params" | "today"))
    }

    pub(super) fn place(&self, expr: &Expr, value: &Value<'a>) -> Option<(Location, Pointer)> {
        if !self.is_placed(expr) {
            return None;
        }
        if let Value::Absent(absence) = value {
            let parent = absence.parent?;
            let pointer = match &absence.missing {
                Missing::Key(key) => parent.pointer().key(key),
                Missing::Index(at) => match usize::try_from(*at) {
                    Ok(at) => parent.pointer().index(at),
                    Err(_) => parent.pointer(),
                },
                Missing::Null => parent.pointer(),
            };
            return Some((parent.address(), pointer));
        }
        if let Some(found) = value.occurrence() {
            return Some((found.location(), found.node().pointer()));
        }
        let node = node_of(value)?;
        Some((node.address(), node.pointer()))
    }
}

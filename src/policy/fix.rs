//! What a rule offers to write in the place of what it does not take.

use super::program::Offer;
use crate::expr::{Missing, Scope, Value, is_answer};
use crate::finding::Fix;
use crate::value::{NodeRef, Scalar, Segment};

impl Offer {
    /// The fix for what was found last, as long as there is a value to write that is one: nothing absent,
    /// blank or a placeholder, and no list.
    pub(super) fn fix<'a>(&'a self, root: NodeRef<'a>, scope: &Scope<'a>) -> Option<Fix> {
        let to = self.to.eval(scope);
        let to = scalar(&to)?;
        if matches!(to, Scalar::String(text) if !is_answer(text)) {
            return None;
        }
        let own = |node: NodeRef<'_>| std::ptr::eq(node.tree(), root.tree());
        let (edit, title) = match self.set.eval(scope) {
            Value::Node(node) if own(node) && is_other(node, to) => {
                let edit = node.rewritten(to)?;
                let path = node.pointer().to_path();
                (
                    edit.clone(),
                    format!("set `{path}` to `{}`", edit.replacement),
                )
            }
            Value::Absent(absence) => {
                let parent = absence.parent.filter(|parent| own(*parent))?;
                let Missing::Key(key) = &absence.missing else {
                    return None;
                };
                // Only the last step of the path: what it stands in has to be there.
                if self.last.as_deref() != Some(&**key) {
                    return None;
                }
                let edit = parent.inserted(key, to)?;
                let path = parent.pointer().key(key).to_path();
                (edit.clone(), format!("add `{path}`: `{}`", shown(to)))
            }
            _ => return None,
        };
        Some(Fix {
            title,
            safety: self.safety,
            edits: vec![edit],
        })
    }
}

/// A value that can be written as one scalar.
fn scalar<'v>(value: &'v Value<'_>) -> Option<Scalar<'v>> {
    Some(match value {
        Value::Node(node) => node.scalar()?,
        Value::Optional(Some(inner)) => return scalar(inner),
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Int(value) => Scalar::Int(*value),
        Value::Uint(value) => Scalar::Int(i64::try_from(*value).ok()?),
        Value::Double(value) if value.is_finite() => Scalar::Float(*value),
        Value::String(text) => Scalar::String(text.as_str()),
        _ => return None,
    })
    .filter(|scalar| *scalar != Scalar::Null)
}

/// Whether a node holds something, and another value.
fn is_other(node: NodeRef<'_>, value: Scalar<'_>) -> bool {
    node.scalar().is_some_and(|known| known != value) && !node.is_null()
}

fn shown(value: Scalar<'_>) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float(value) => value.to_string(),
        Scalar::String(text) => text.to_owned(),
    }
}

/// The key that a path ends in.
pub(super) fn last_key(path: &crate::value::Pointer) -> Option<Box<str>> {
    match path.segments().last()? {
        Segment::Key(key) => Some((**key).into()),
        Segment::Index(_) => None,
    }
}

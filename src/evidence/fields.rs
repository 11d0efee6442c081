//! Which values of a document lead to evidence, as the schema of its kind marks them.

use crate::expr::{is_blank, is_placeholder};
use crate::value::{NodeRef, Segment};

/// The values at a node and below it that lead to evidence, in the order of the document. `fields`
/// are those of the kind: JSON Pointers with `*` for an index.
pub fn named_below<'t>(node: NodeRef<'t>, fields: &[Box<str>]) -> Vec<NodeRef<'t>> {
    let mut found = Vec::new();
    collect(node, fields, &mut found);
    found
}

fn collect<'t>(node: NodeRef<'t>, fields: &[Box<str>], found: &mut Vec<NodeRef<'t>>) {
    if names_evidence(node, fields) {
        found.push(node);
    }
    for item in node.items() {
        collect(item, fields, found);
    }
    for entry in node.entries() {
        collect(entry.value, fields, found);
    }
}

/// Whether a node is text, an answer, and its field or one that it stands in leads to evidence.
pub fn names_evidence(node: NodeRef<'_>, fields: &[Box<str>]) -> bool {
    let Some(text) = node.as_str().map(str::trim) else {
        return false;
    };
    if is_blank(text) || is_placeholder(text) {
        return false;
    }
    let mut at = Some(node);
    while let Some(node) = at {
        let field = field(node);
        if fields.iter().any(|known| **known == *field) {
            return true;
        }
        at = node.parent();
    }
    false
}

/// A node's JSON Pointer with `*` for indices.
fn field(node: NodeRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = node;
    while let (Some(segment), Some(parent)) = (at.segment(), at.parent()) {
        steps.push(match segment {
            Segment::Key(key) => key.replace('~', "~0").replace('/', "~1"),
            Segment::Index(_) => "*".to_owned(),
        });
        at = parent;
    }
    let steps = steps.into_iter().rev();
    steps.fold(String::new(), |pointer, step| pointer + "/" + &step)
}

//! Where an outcome was read and what it rests on: for reports that lead an auditor from a control
//! to a line.

use std::sync::Arc;

use crate::evidence;
use crate::finding::{EvidenceRef, Trace};
use crate::policy::Rule;
use crate::source::Location;
use crate::value::{NodeRef, Pointer};

/// How much of a document's outcomes is kept.
#[derive(Clone, Debug, Default)]
pub(super) enum Listing {
    /// How many there are of each.
    #[default]
    Counted,
    /// Each with its item.
    Listed,
    /// Each with its place and evidence as well; the fields that lead to evidence.
    Traced(Arc<[Box<str>]>),
}

impl Listing {
    pub(super) fn is_listed(&self) -> bool {
        !matches!(self, Self::Counted)
    }

    /// The trace of one outcome, if it is wanted: `item` is what the rule looked at, `found` where
    /// its finding is.
    pub(super) fn trace(
        &self,
        rule: &Rule,
        root: NodeRef<'_>,
        item: Option<&Pointer>,
        found: Option<Location>,
    ) -> Option<Box<Trace>> {
        let Self::Traced(fields) = self else {
            return None;
        };
        let item = item.and_then(|item| root.at(item));
        let read = read_by(rule, root, item);
        let location = found
            .or_else(|| Some(item?.address()))
            .or_else(|| Some(read.first()?.address()))
            .unwrap_or_else(|| root.address());
        let mut evidence = Vec::new();
        for &node in item.iter().chain(&read) {
            below(node, fields, &mut evidence);
        }
        // What stands beside a value speaks for it; what stands beside it at the root speaks for
        // the whole document.
        let around = read.iter().filter_map(|node| node.parent());
        for holder in around.filter(|holder| holder.parent().is_some()) {
            for entry in holder.entries() {
                note(entry.value, fields, &mut evidence);
            }
        }
        let file = root
            .tree()
            .sources()
            .iter()
            .find(|file| file.id() == location.file);
        let at = file.map(|file| (file.path(), file.line_column(location.span.start)));
        let (path, at) = at?;
        Some(Box::new(Trace {
            path: path.as_str().into(),
            line: at.line,
            column: at.column,
            evidence,
        }))
    }
}

/// The nodes that the requirements of a rule read, in the order of the document; what is absent
/// gives none.
fn read_by<'t>(rule: &Rule, root: NodeRef<'t>, item: Option<NodeRef<'t>>) -> Vec<NodeRef<'t>> {
    let mut nodes: Vec<NodeRef<'t>> = rule
        .reads()
        .into_iter()
        .filter_map(|path| {
            let from = match path.variable.as_str() {
                "doc" => root,
                "item" => item?,
                _ => return None,
            };
            from.at(&path.pointer)
        })
        .collect();
    nodes.sort_by_key(|node| node.location());
    nodes.dedup_by_key(|node| node.location());
    nodes
}

/// Every piece of evidence at a node or below it.
fn below(node: NodeRef<'_>, fields: &[Box<str>], found: &mut Vec<EvidenceRef>) {
    for named in evidence::named_below(node, fields) {
        note(named, fields, found);
    }
}

/// The piece of evidence that a node names, if its field leads to evidence.
fn note(node: NodeRef<'_>, fields: &[Box<str>], found: &mut Vec<EvidenceRef>) {
    if !evidence::names_evidence(node, fields) {
        return;
    }
    let Some(target) = node.as_str().map(str::trim) else {
        return;
    };
    let holder = node.parent();
    let sha256 = holder
        .and_then(|holder| holder.get("sha256"))
        .and_then(NodeRef::as_str);
    let evidence = EvidenceRef {
        pointer: node.pointer().to_string().into(),
        target: target.into(),
        sha256: sha256.map(Into::into),
        state: None,
    };
    if !found.contains(&evidence) {
        found.push(evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceFile};
    use crate::value::{Limits, Syntax, read};

    #[test]
    fn marked_fields_lead_to_evidence_with_its_digest() {
        let text = "\
assessments:
  - reference: highest
    evidence: { path: a.csv, sha256: abc, rows: 3 }
  - evidence: { path: TBD }
parts: { design: docs/design.md }
";
        let source = SourceFile::new(FileId(0), "card.yaml", text);
        let parsed = read(&source, Syntax::Yaml, &Limits::default());
        let fields: Vec<Box<str>> = ["/assessments/*/evidence/path", "/parts"]
            .map(Into::into)
            .to_vec();
        let mut found = Vec::new();
        below(parsed.tree.root().unwrap(), &fields, &mut found);
        let named = |pointer: &str, target: &str, sha256: Option<&str>| EvidenceRef {
            pointer: pointer.into(),
            target: target.into(),
            sha256: sha256.map(Into::into),
            state: None,
        };
        assert_eq!(
            found,
            [
                named("/assessments/0/evidence/path", "a.csv", Some("abc")),
                named("/parts/design", "docs/design.md", None),
            ]
        );
    }
}

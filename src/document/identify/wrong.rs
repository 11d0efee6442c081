//! What is said of a root that claims to be a document, or looks like one, and is none.

use std::sync::Arc;

use super::super::kind::Kind;
use super::{File, Identified, KIND};
use crate::finding::{Finding, Label, nearest};
use crate::value::{Kind as Shape, NodeRef};

impl File<'_> {
    fn finding(&self, rule: &str, kind: Option<&Arc<Kind>>, at: Label, message: String) -> Finding {
        let mut finding = Finding::new(rule, message, at);
        let kind = kind.map_or("unknown", |kind| &*kind.name);
        finding.document = Some(self.reference(kind, None));
        finding
    }

    pub(super) fn unknown_kind(
        &self,
        named: NodeRef<'_>,
        near: Option<&str>,
        resembled: Option<&Arc<Kind>>,
    ) -> Finding {
        let suggested = near.or(resembled.map(|kind| &*kind.name)).or(self.kind);
        let kind = suggested.and_then(|name| self.kinds.get(name));
        let message = match (named.kind(), named.as_str()) {
            (_, Some(name)) if !name.trim().is_empty() => {
                let near = near.map(|near| format!("; did you mean `{near}`?"));
                format!("unknown kind `{name}`{}", near.unwrap_or_default())
            }
            (Shape::Null | Shape::String, _) => "`kind` is empty".to_owned(),
            (shape, _) => format!("`kind` is {}, not the name of a kind", shape.described()),
        };
        let help = match suggested {
            Some(name) => format!("write `kind: {name}`"),
            None => format!("write one of {}", self.kind_names()),
        };
        self.finding(
            "document/unknown-kind",
            kind,
            Label::new(named.address(), ""),
            message,
        )
        .with_help(help)
        .with_pointer("/kind")
        .with_subject(named.as_str().unwrap_or_default())
    }

    /// A key that is nearly `kind` and holds what is, or nearly is, a kind.
    pub(super) fn misspelt_key(&self, root: NodeRef<'_>) -> Option<Finding> {
        root.entries().find_map(|entry| {
            nearest(entry.key, [KIND])?;
            let name = nearest(entry.value.as_str()?, self.kinds.names())?;
            let message = format!("unknown key `{}`; did you mean `kind`?", entry.key);
            let label = Label::new(entry.key_location, "");
            let finding = self
                .finding(
                    "document/missing-kind",
                    self.kinds.get(name),
                    label,
                    message,
                )
                .with_help(format!("Write `kind: {name}`"))
                .with_pointer("/kind")
                .with_subject(entry.key);
            Some(finding)
        })
    }

    pub(super) fn missing_kind(&self, root: NodeRef<'_>, kind: &Arc<Kind>) -> Finding {
        let article = if kind.name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        let message = format!(
            "missing `kind`; its keys are those of {article} `{}`",
            kind.name
        );
        let label = Label::new(root.address(), "no `kind` here");
        self.finding("document/missing-kind", Some(kind), label, message)
            .with_help(format!("Add `kind: {}`", kind.name))
            .with_pointer("/kind")
            .with_subject(KIND)
    }

    /// A root that is nothing we know, in a file of which another root is a document.
    pub(super) fn stray(&self, root: NodeRef<'_>) -> Finding {
        let message = "this document of the file says no `kind` that is known".to_owned();
        let at = root.get(KIND).map_or(root.address(), NodeRef::address);
        self.finding("document/missing-kind", None, Label::new(at, ""), message)
            .with_help(format!(
                "Give it a `kind` ({}), or move it to a file of its own",
                self.kind_names()
            ))
            .with_pointer("/kind")
    }

    pub(super) fn nothing(&self, kind: &str) -> Finding {
        let label = Label::new(self.start(), "");
        let message = "the file is empty".to_owned();
        self.finding("document/empty", self.kinds.get(kind), label, message)
            .with_help(format!(
                "Write a `{kind}`, or take the file out of `documents`"
            ))
    }

    /// A sidecar beside a file that is written in a kind's own fields says what nobody reads.
    pub(super) fn unused_sidecar(&self, found: &mut Identified) {
        let mapped = found
            .documents
            .iter()
            .any(|document| document.format.is_some());
        let root = self.sidecar.and_then(|sidecar| sidecar.tree.root());
        if let (Some(root), false) = (root, mapped) {
            let message = format!("the sidecar is not used: {} needs none", self.source.path());
            let mut finding = self
                .finding(
                    "document/sidecar-unused",
                    None,
                    Label::new(root.address(), ""),
                    message,
                )
                .with_help("Write these fields into the document itself");
            finding.document = found.documents.first().map(|d| d.reference.clone());
            found.findings.push(finding);
        }
    }

    fn kind_names(&self) -> String {
        let names: Vec<_> = self.kinds.names().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }
}

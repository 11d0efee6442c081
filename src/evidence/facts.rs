//! The functions by which rules ask for evidence.

use std::sync::Arc;

use super::claim;
use super::fields;
use super::file::FileState;
use super::report::Report;
use super::scan::Format;
use super::store::Evidence;
use crate::document::Document;
use crate::expr::{FactError, Signature, Type, Value};
use crate::value::NodeRef;

/// The functions that evidence answers, with the types of what they give: a key that a rule
/// misspells is an error when it is loaded.
pub fn signatures() -> Vec<Signature> {
    vec![
        Signature::new("evidence", [Type::Dyn], Type::list(Type::String)),
        Signature::new("fairness", [Type::Dyn], claim::ty()),
        Signature::new("file", [Type::String], FileState::ty()),
        Signature::new("scan", [Type::Dyn, Type::String], Report::ty()).with_optional(1),
    ]
}

impl Evidence<'_> {
    /// Answers a function of [`signatures`] for a rule that is held against `document`.
    ///
    /// A path starts at the file that it is written in, or at the document's where it was computed.
    ///
    /// # Errors
    /// The function is none of them, or an argument is of the wrong type.
    pub fn call<'a>(
        &self,
        function: &str,
        args: &[Value<'a>],
        document: &Document,
    ) -> Result<Value<'a>, FactError> {
        match (function, args) {
            ("file", [path]) => {
                let target = path
                    .as_str()
                    .ok_or_else(|| unreadable("`file()` takes a path, which is text"))?;
                Ok(self.file(target, written_in(path, document)).value())
            }
            ("evidence", [of]) => {
                let node = of
                    .node()
                    .ok_or_else(|| unreadable("`evidence()` takes a document or a part of one"))?;
                let fields = self.fields(document.kind());
                let named = fields::named_below(node, &fields);
                let named: Vec<_> = named.into_iter().map(Value::Node).collect();
                Ok(Value::list(named))
            }
            ("fairness", [item]) => {
                let node = item
                    .node()
                    .filter(|node| node.is_mapping())
                    .ok_or_else(|| unreadable("`fairness()` takes an assessment of a document"))?;
                let own = std::ptr::eq(node.tree(), Arc::as_ptr(document.tree()));
                let asker = own.then_some(&document.reference);
                let from = written_in(item, document);
                Ok(self.assessed(node, from, asker).value())
            }
            ("scan", [item, path @ ..]) => {
                let item = item
                    .node()
                    .filter(|node| node.is_mapping())
                    .ok_or_else(|| unreadable("`scan()` takes a mapping that names a report"))?;
                // A penetration test names its report for people, and its record for machines.
                let own = item.get("path").or(item.get("record")).map(Value::Node);
                self.scan(item, path.first().or(own.as_ref()), document)
            }
            _ => Err(unreadable(&format!(
                "`{function}` is not known to this version"
            ))),
        }
    }

    /// Answers `scan(item)` and `scan(item, path)`. The path is the item's own if it is not given;
    /// given, it is what a finding points at, and may be another that the item names.
    fn scan<'a>(
        &self,
        item: NodeRef<'_>,
        path: Option<&Value<'a>>,
        document: &Document,
    ) -> Result<Value<'a>, FactError> {
        let Some(path) = path else {
            return Ok(Report::unnamed());
        };
        let target = path
            .as_str()
            .ok_or_else(|| unreadable("a report is named by a path, which is text"))?;
        let text = |key: &str| item.get(key).and_then(NodeRef::as_str);
        let format = text("format").and_then(Format::named);
        let report = self.report(target, written_in(path, document), format);
        // The digest of an item is that of the file at its `path`, and of no other that it names.
        let stated = text("sha256").filter(|_| text("path") == Some(target));
        Ok(report.value(stated))
    }
}

/// The path of the file that a value is written in.
fn written_in<'v>(value: &Value<'v>, document: &'v Document) -> &'v str {
    // A sidecar speaks for the file that it stands beside: the first of a tree.
    let own = value.node().and_then(|node| node.tree().sources().first());
    own.unwrap_or(document.source()).path().as_str()
}

fn unreadable(message: &str) -> FactError {
    FactError::Unreadable {
        message: message.to_owned(),
    }
}

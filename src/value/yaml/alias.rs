//! Aliases and merge keys.

use super::super::node::{NodeRef, Scalar};
use super::super::problem::Stop;
use super::super::tree::{NodeId, Style};
use super::{Anchored, Reader, Role};
use crate::source::Span;

impl Reader<'_, '_> {
    pub(super) fn merge_key(&mut self, span: Span) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        if let Some(first) = frame.merge_key {
            let finding = self
                .problems
                .duplicate("<<", span, first)
                .with_help("Merge several mappings by one key: `<<: [*a, *b]`")
                .with_pointer(self.builder.pointer().to_string());
            return self.problems.push(finding);
        }
        frame.merge_key = Some(span);
        frame.next = Role::Merge;
        Ok(())
    }

    /// Remembers the mappings of a merge key's value for the end of the open mapping: what is
    /// written there comes first, wherever the merge key stands.
    pub(super) fn merge_from(&mut self, node: NodeId, span: Span) -> Result<(), Stop> {
        if let Some(frame) = self.frames.last_mut() {
            frame.merge_end = span.end;
        }
        let value = self.builder.tree().node(node);
        let from = self.merges.len();
        if value.is_mapping() {
            self.merges.push(node);
            return Ok(());
        }
        self.merges
            .extend(value.items().filter(|i| i.is_mapping()).map(NodeRef::id));
        if value.is_sequence() && self.merges.len() - from == value.len() {
            return Ok(());
        }
        let finding = self
            .problems
            .at("syntax", span, "a merge key takes mappings only")
            .with_help("Write `<<: *name` or `<<: [*first, *second]`, or quote the key")
            .with_pointer(self.builder.pointer().to_string());
        self.problems.push(finding)
    }

    pub(super) fn alias(&mut self, id: usize, span: Span) -> Result<(), Stop> {
        self.last_end = span.end;
        match self.anchors.get(id).cloned().unwrap_or(Anchored::Open) {
            Anchored::Open => {
                let finding = self
                    .problems
                    .at(
                        "unresolved-alias",
                        span,
                        "the alias stands inside the value that it refers to",
                    )
                    .with_help("Write the value out, or refer to another anchor")
                    .with_pointer(self.builder.pointer().to_string());
                self.problems.push(finding)?;
                self.put_nothing(span)
            }
            Anchored::Node(target) => match self.next_role() {
                Role::Merge => self.merge_from(target, span),
                Role::Value => self
                    .builder
                    .alias(target, span)
                    .map(|_| ())
                    .map_err(|error| self.problems.refused(error, span)),
                Role::Key => self.alias_key(target, span),
            },
            Anchored::Key(text) => {
                let role = self.next_role();
                let scalar = self.resolve(&text, true, None, span)?;
                if role == Role::Key {
                    return self.key(&text, scalar, span);
                }
                let node = self.put(scalar, span, Style::Plain)?;
                if role == Role::Merge {
                    self.merge_from(node, span)?;
                }
                Ok(())
            }
        }
    }

    fn alias_key(&mut self, target: NodeId, span: Span) -> Result<(), Stop> {
        if let Some(Scalar::String(text)) = self.builder.tree().node(target).scalar() {
            let text = text.to_owned();
            return self.key(&text, Scalar::String(&text), span);
        }
        let finding = self
            .problems
            .at("non-string-key", span, "a key refers to what is no string")
            .with_help("Write the key out as a string")
            .with_pointer(self.builder.pointer().to_string());
        self.problems.push(finding)
    }

    /// Null where an alias leads nowhere, so that keys and values stay in step.
    pub(super) fn put_nothing(&mut self, span: Span) -> Result<(), Stop> {
        if self.next_role() != Role::Key {
            self.put(Scalar::Null, span, Style::Plain)?;
        }
        Ok(())
    }

    pub(super) fn set_anchor(&mut self, id: usize, anchored: Anchored) {
        if self.anchors.len() <= id {
            self.anchors.resize(id + 1, Anchored::Open);
        }
        if let Some(slot) = self.anchors.get_mut(id) {
            *slot = anchored;
        }
    }
}

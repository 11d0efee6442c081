//! Copies of nodes: aliases and merge keys of one tree, canonical views of another's nodes.

use super::super::node::NodeRef;
use super::super::tree::{Data, NodeData, NodeId};
use super::{BuildError, TreeBuilder, u32_len};
use crate::source::Span;

impl TreeBuilder {
    /// Puts a copy of a finished node of this tree where an alias stands.
    ///
    /// The copy's span is the alias; its children keep the places where they were written.
    pub fn alias(&mut self, target: NodeId, alias: Span) -> Result<NodeId, BuildError> {
        let anchor = self
            .tree
            .nodes
            .get(target.0 as usize)
            .map_or(alias, |node| node.span);
        let id = u32_len(&self.tree.nodes);
        self.tree.anchors.push((id, anchor));
        self.copying = true;
        let copied = self.copy_own(target.0, Some(alias));
        self.copying = false;
        copied
    }

    /// Puts the entries of a finished mapping of this tree that the open mapping lacks: a merge
    /// key (`<<`). Keys keep the places where they were written.
    pub fn merge(&mut self, target: NodeId) -> Result<(), BuildError> {
        let Some(&NodeData {
            data: Data::Mapping { first, len },
            ..
        }) = self.tree.nodes.get(target.0 as usize)
        else {
            return Ok(());
        };
        self.copying = true;
        let merged = (first..first + len).try_for_each(|slot| self.merge_entry(slot));
        self.copying = false;
        merged
    }

    fn merge_entry(&mut self, slot: u32) -> Result<(), BuildError> {
        let Some(&entry) = self.tree.entries.get(slot as usize) else {
            return Ok(());
        };
        self.index_keys();
        let text = self.tree.text(entry.key, entry.source);
        if self.has_key(text) {
            // Looked at all the same: merging one mapping a million times must end.
            return self.count_copy();
        }
        if let Some(seen) = self.frames.last_mut().and_then(|f| f.seen.as_mut()) {
            seen.insert(text.into(), entry.key_span);
        }
        self.key = Some((entry.key, entry.key_span, entry.source));
        let at = self.pending_entries.len();
        self.copy_own(entry.value, None)?;
        if let Some(put) = self.pending_entries.get_mut(at) {
            put.merged = true;
        }
        Ok(())
    }

    pub(super) fn count_copy(&mut self) -> Result<(), BuildError> {
        self.alias_nodes += 1;
        if self.alias_nodes > self.limits.alias_nodes {
            return Err(BuildError::AliasNodes(self.limits.alias_nodes));
        }
        Ok(())
    }

    /// Copies a finished node of the tree under construction.
    fn copy_own(&mut self, id: u32, span: Option<Span>) -> Result<NodeId, BuildError> {
        let Some(&node) = self.tree.nodes.get(id as usize) else {
            return Err(BuildError::Nodes(0));
        };
        let at = span.unwrap_or(node.span);
        match node.data {
            Data::Sequence { first, len } => {
                let copy = self.begin(false, at, node.source)?;
                for slot in first..first + len {
                    let Some(&child) = self.tree.items.get(slot as usize) else {
                        continue;
                    };
                    self.copy_own(child, None)?;
                }
                self.end(None);
                Ok(copy)
            }
            Data::Mapping { first, len } => {
                let copy = self.begin(true, at, node.source)?;
                for slot in first..first + len {
                    let Some(&entry) = self.tree.entries.get(slot as usize) else {
                        continue;
                    };
                    self.key = Some((entry.key, entry.key_span, entry.source));
                    self.copy_own(entry.value, None)?;
                }
                self.end(None);
                Ok(copy)
            }
            scalar => {
                // The text already lies in the source or the pool.
                let copy = self.add(scalar, at, node.style, node.source)?;
                Ok(NodeId(copy))
            }
        }
    }

    /// Puts a copy of a node of another tree, with its places and the files they lie in.
    pub fn copy(&mut self, node: NodeRef<'_>) -> Result<NodeId, BuildError> {
        self.copy_replacing(node, &|_| None)
    }

    /// As [`TreeBuilder::copy`], with other nodes in the place of those that `replaced` gives one
    /// for; these are copied in the same way.
    pub fn copy_replacing<'t>(
        &mut self,
        node: NodeRef<'t>,
        replaced: &dyn Fn(NodeRef<'_>) -> Option<NodeRef<'t>>,
    ) -> Result<NodeId, BuildError> {
        if let Some(other) = replaced(node) {
            return self.copy_replacing(other, replaced);
        }
        let source = self.source_index(node.source());
        match node.scalar() {
            Some(scalar) => self.scalar_from(scalar, node.span(), node.style(), source),
            None if node.is_sequence() => {
                let copy = self.begin(false, node.span(), source)?;
                for item in node.items() {
                    self.copy_replacing(item, replaced)?;
                }
                self.end(None);
                Ok(copy)
            }
            None => {
                let copy = self.begin(true, node.span(), source)?;
                for entry in node.entries() {
                    let file = node
                        .tree()
                        .sources()
                        .iter()
                        .find(|file| file.id() == entry.key_location.file);
                    let key_source = file.map_or(source, |file| self.source_index(file));
                    self.key_from(entry.key, entry.key_location.span, key_source)?;
                    self.copy_replacing(entry.value, replaced)?;
                }
                self.end(None);
                Ok(copy)
            }
        }
    }
}

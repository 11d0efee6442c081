//! What belongs to a node in the files: the bytes that were written for it, and the node that
//! stands around given bytes.

use super::node::NodeRef;
use super::tree::Tree;
use crate::source::{Location, Span};

/// The nodes of a tree by where they stand.
#[derive(Clone, Debug)]
pub(super) struct Extents(Vec<Extent>);

#[derive(Clone, Copy, Debug)]
struct Extent {
    source: u16,
    span: Span,
    node: u32,
    /// The nearest extent before this one, in the list, that ends behind its beginning.
    around: Option<u32>,
}

impl Extents {
    fn of(tree: &Tree) -> Self {
        let nodes = (0..).zip(&tree.nodes);
        let mut all: Vec<_> = nodes
            .filter(|(_, node)| !node.span.is_empty())
            .map(|(id, node)| Extent {
                source: node.source,
                span: node.span,
                node: id,
                around: None,
            })
            .collect();
        let order = |extent: &Extent| {
            let Span { start, end } = extent.span;
            (extent.source, start, std::cmp::Reverse(end))
        };
        all.sort_by_key(|extent| (order(extent), extent.node));
        // Of several at one place the innermost stays. What is not below the first is a copy of it,
        // which an alias brought, or says the same again.
        let parent = |node: u32| tree.nodes.get(node as usize).map(|node| node.parent);
        all.dedup_by(|next, kept| {
            let same = order(next) == order(kept);
            if same && parent(next.node) == Some(kept.node) {
                kept.node = next.node;
            }
            same
        });
        let mut open: Vec<(u32, u16, u32)> = Vec::new();
        for (index, extent) in (0..).zip(&mut all) {
            while open
                .pop_if(|(_, source, end)| *source != extent.source || *end <= extent.span.start)
                .is_some()
            {}
            extent.around = open.last().map(|(index, _, _)| *index);
            open.push((index, extent.source, extent.span.end));
        }
        Self(all)
    }

    /// The node with the smallest extent that holds all of `span`.
    fn around(&self, source: u16, span: Span) -> Option<u32> {
        let behind = |extent: &Extent| (extent.source, extent.span.start) <= (source, span.start);
        let mut at = self.0.partition_point(behind).checked_sub(1)?;
        loop {
            let extent = self.0.get(at)?;
            if extent.source == source && extent.span.end >= span.end {
                return Some(extent.node);
            }
            at = extent.around? as usize;
        }
    }
}

impl<'t> NodeRef<'t> {
    /// The bytes that were written for it, keys, comments and marks included. A root has all of its
    /// file, and of a file with several roots what lies between the end of the one before and its
    /// own; the last one has what is left.
    pub fn written(self) -> Vec<Location> {
        let tree = self.tree();
        let own = self.location();
        let Ok(at) = tree.roots.binary_search(&self.id().index()) else {
            return vec![own];
        };
        let end_of = |at: usize| tree.roots().nth(at).map(|root| root.span().end);
        let mut written = Vec::new();
        for (index, file) in (0..).zip(tree.sources()) {
            if tree.whole.contains(&index) {
                let share = file.id() == own.file;
                let before = at.checked_sub(1).filter(|_| share).and_then(end_of);
                let until = (share && at + 1 < tree.roots.len()).then_some(own.span.end);
                let end = until.map_or(file.text().len(), |end| end as usize);
                let start = before.map_or(0, |start| start as usize);
                written.push(file.location(Span::from_range(&(start..end))));
            }
        }
        if !written.iter().any(|place| place.file == own.file) {
            written.push(own);
        }
        written
    }

    /// The text of a place in one of the files of its tree.
    pub fn text_at(self, place: Location) -> &'t str {
        let mut sources = self.tree().sources().iter();
        let file = sources.find(|file| file.id() == place.file);
        file.map_or("", |file| file.slice(place.span))
    }

    /// The nodes of its tree that lie within a place, by their beginnings; of several at one place
    /// the innermost.
    pub fn inside(self, place: Location) -> impl Iterator<Item = NodeRef<'t>> {
        let tree = self.tree();
        let source = self.source_of(place);
        let extents = tree.extents.get_or_init(|| Extents::of(tree));
        let from = (source, Some(place.span.start));
        let first = extents
            .0
            .partition_point(|extent| (Some(extent.source), Some(extent.span.start)) < from);
        let rest = extents.0.get(first..).unwrap_or_default();
        rest.iter()
            .take_while(move |extent| {
                Some(extent.source) == source && extent.span.start < place.span.end
            })
            .filter(move |extent| extent.span.end <= place.span.end)
            .map(|extent| NodeRef::new(tree, extent.node))
    }

    fn source_of(self, place: Location) -> Option<u16> {
        let mut files = (0..).zip(self.tree().sources());
        let found = files.find(|(_, file)| file.id() == place.file);
        found.map(|(source, _)| source)
    }

    /// The innermost node of its tree around a place; itself if there is none.
    pub fn around(self, place: Location) -> NodeRef<'t> {
        let tree = self.tree();
        let extents = tree.extents.get_or_init(|| Extents::of(tree));
        self.source_of(place)
            .and_then(|source| extents.around(source, place.span))
            .map_or(self, |id| NodeRef::new(tree, id))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Syntax, read};
    use super::*;
    use crate::source::{FileId, SourceFile};

    fn tree(text: &str, syntax: Syntax) -> Tree {
        let source = SourceFile::new(FileId(7), "a", text);
        read(&source, syntax, &Limits::default()).tree
    }

    fn place(text: &str, needle: &str) -> Location {
        let start = text.find(needle).unwrap();
        Location {
            file: FileId(7),
            span: Span::from_range(&(start..start + needle.len())),
        }
    }

    #[test]
    fn a_node_is_found_by_what_stands_in_it() {
        let text = "# top\na:\n  b: [one, 'two']  # beside\n  # below\n  c: |\n    long\n    text\nd: *x\n";
        let text = text.replace("one", "&x one");
        let tree = tree(&text, Syntax::Yaml);
        let root = tree.root().unwrap();
        for (needle, path) in [
            ("one", "a.b[0]"),
            ("w", "a.b[1]"),
            ("one, 'tw", "a.b"),
            ("below", "a"),
            ("ext", "a.c"),
            ("b:", "a"),
            ("d:", ""),
            ("*x", "d"),
            ("top", ""),
        ] {
            let found = root.around(place(&text, needle));
            assert_eq!(found.pointer().to_path(), path, "{needle}");
        }
    }

    #[test]
    fn of_overlapping_texts_the_smallest_is_found() {
        let text = "# One\n\nalpha\n\n## Two\n\nbeta\n\n- gamma\n- delta\n";
        let tree = tree(text, Syntax::Markdown);
        let root = tree.root().unwrap();
        let found = |needle| root.around(place(text, needle)).pointer().to_path();
        assert_eq!(found("alpha"), "sections[0].text");
        assert_eq!(found("Two"), "sections[1].title");
        assert_eq!(found("beta"), "sections[1].text");
        assert_eq!(found("delta"), "sections[1].items[1]");
    }

    #[test]
    fn of_values_at_one_place_the_innermost_is_found() {
        let text = "alone\n";
        let tree = tree(text, Syntax::Markdown);
        let found = tree.root().unwrap().around(place(text, "alone"));
        assert_eq!(found.pointer().to_path(), "sections[0].text");
    }

    #[test]
    fn every_byte_of_a_file_is_written_for_one_root() {
        let text = "# one\na: 1\n# two\n---\n# three\nb: 2\n---\nc: 3\n# four\n";
        let tree = tree(text, Syntax::Yaml);
        let written: Vec<_> = tree
            .roots()
            .map(|root| {
                let [one] = root.written()[..] else {
                    panic!("{:?}", root.written());
                };
                root.text_at(one)
            })
            .collect();
        assert_eq!(written.len(), 3);
        assert_eq!(written.concat(), text);
        assert_eq!(written[0], "# one\na: 1");
        assert!(written[2].ends_with("# four\n"));
        let inner = tree.root().unwrap().get("a").unwrap();
        assert_eq!(inner.text_at(inner.written()[0]), "1");
    }
}

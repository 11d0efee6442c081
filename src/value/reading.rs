//! What a document means where its files do not have it to the letter: texts with escapes, folded
//! lines, texts between marks.

use std::cmp::Reverse;

use super::node::{Kind, NodeRef};
use super::tree::Tree;
use crate::source::{Location, Span};

/// A text, and the place of what was written for it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'t> {
    /// The text as it is meant.
    pub text: &'t str,
    /// Where the value or key stands.
    pub location: Location,
}

/// A reading without its tree.
#[derive(Clone, Copy, Debug)]
pub(super) enum Read {
    Value(u32),
    /// The key at an index of the mapping that holds it.
    Key(u32, usize),
}

impl Read {
    fn of(self, tree: &Tree) -> Option<Reading<'_>> {
        let node = |id| NodeRef::new(tree, id);
        Some(match self {
            Self::Value(id) => Reading {
                text: text(node(id))?,
                location: node(id).location(),
            },
            Self::Key(mapping, index) => {
                let entry = node(mapping).entry_at(index)?;
                Reading {
                    text: entry.key,
                    location: entry.key_location,
                }
            }
        })
    }
}

impl<'t> NodeRef<'t> {
    /// The texts at and below it that [`written`](Self::written) does not have to the letter. Of
    /// those that overlap the outermost, which holds the others: a section of Markdown its items
    /// and cells.
    pub fn readings(self) -> impl Iterator<Item = Reading<'t>> {
        let tree = self.tree();
        let only_root = self.parent().is_none() && tree.roots.len() == 1;
        let (known, found) = if only_root {
            let known = tree.readings.get_or_init(|| self.read().into());
            (&**known, Vec::new())
        } else {
            (&[][..], self.read())
        };
        let all = known.iter().copied().chain(found);
        all.filter_map(|read| read.of(tree))
    }

    fn read(self) -> Vec<Read> {
        let written = self.written();
        let mut values = Vec::new();
        let mut keys = Vec::new();
        let mut open = vec![self];
        while let Some(node) = open.pop() {
            let id = node.id().index();
            for (index, entry) in node.entries().enumerate() {
                let raw = node.text_at(entry.key_location);
                // What is not quoted has no escapes; keys that a reader made up stand nowhere.
                if raw.starts_with(['"', '\'']) && !to_the_letter(raw, entry.key) {
                    keys.push(Read::Key(id, index));
                }
            }
            open.extend(node.children());
            let Some(text) = text(node) else { continue };
            let place = place(node);
            if !is_within(place, &written) || !to_the_letter(node.text_at(place), text) {
                values.push((node.location(), Read::Value(id)));
            }
        }
        values.sort_by_key(|(Location { file, span }, _)| (*file, span.start, Reverse(span.end)));
        let mut reach = None;
        values.retain(|(location, _)| {
            let end = Some((location.file, location.span.end));
            let reaches = reach < end;
            reach = reach.max(end);
            reaches
        });
        let values = values.into_iter().map(|(_, read)| read);
        values.chain(keys).collect()
    }
}

/// The text of a scalar that has one; a number has the one that was written.
fn text(node: NodeRef<'_>) -> Option<&str> {
    match node.kind() {
        Kind::String => node.as_str(),
        Kind::Int | Kind::Float => Some(node.text_at(place(node))),
        _ => None,
    }
}

/// Where its value was written: of an alias, at the anchor.
fn place(node: NodeRef<'_>) -> Location {
    node.anchor().unwrap_or_else(|| node.location())
}

/// Whether what was written is the text, but for quotes.
fn to_the_letter(written: &str, text: &str) -> bool {
    written.starts_with(text) || written.get(1..).is_some_and(|rest| rest.starts_with(text))
}

fn is_within(place: Location, written: &[Location]) -> bool {
    let holds = |span: Span| span.start <= place.span.start && place.span.end <= span.end;
    written
        .iter()
        .any(|part| part.file == place.file && holds(part.span))
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Syntax, read};
    use crate::source::{FileId, SourceFile};

    fn readings(text: &str, syntax: Syntax, path: &str) -> Vec<String> {
        let source = SourceFile::new(FileId(7), "a", text);
        let parsed = read(&source, syntax, &Limits::default());
        let mut node = parsed.tree.root().unwrap();
        for key in path.split('.').filter(|key| !key.is_empty()) {
            node = node.get(key).unwrap();
        }
        let mut all: Vec<_> = node.readings().map(|r| r.text.to_owned()).collect();
        assert!(
            node.readings().map(|r| r.text).eq(all.iter()),
            "asked again"
        );
        all.sort();
        all
    }

    #[test]
    fn what_stands_there_as_it_is_meant_is_not_read_again() {
        let text = "a: plain\nb: 'quoted'\nc: 4111\nd: &x one\ne: *x\nf: {g: null}\n";
        assert!(readings(text, Syntax::Yaml, "").is_empty());
    }

    #[test]
    fn escapes_and_folded_lines_are_read_and_so_is_what_an_alias_stands_for() {
        let text =
            "a: \"x\\ty\"\n\"k\\u0041\": 1\nb: >\n  two\n  lines\nc: &x {d: one}\ne: *x\nf: *x\n";
        assert_eq!(
            readings(text, Syntax::Yaml, ""),
            ["kA", "two lines\n", "x\ty"]
        );
        assert_eq!(readings(text, Syntax::Yaml, "e"), ["one"]);
        assert_eq!(
            readings("{\"a\": \"x\\ny\", \"b\": \"z\"}", Syntax::Json, ""),
            ["x\ny"]
        );
    }

    #[test]
    fn the_outermost_text_of_a_section_holds_the_others() {
        let text = "# One\n\nso *much*\n\n## Two\n\n- `a`\n- b\n\n| c |\n| - |\n| d |\n";
        assert_eq!(
            readings(text, Syntax::Markdown, ""),
            ["so much\na\nb\nc\nd"]
        );
    }
}

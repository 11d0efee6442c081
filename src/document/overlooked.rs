//! Documents that a file holds where none is looked for. Passed over, they would go unchecked.

use std::sync::Arc;

use super::identify::{KIND, SECTIONS};
use super::kind::{Kind, Kinds};
use crate::finding::{Finding, Label};
use crate::source::{SourceFile, Span};
use crate::value::{NodeRef, Syntax};

/// The document that a root is not and yet holds, with what is to be said of it.
pub(super) fn find<'k>(
    root: NodeRef<'_>,
    source: &SourceFile,
    syntax: Syntax,
    kinds: &'k Kinds,
) -> Option<(&'k Arc<Kind>, Finding)> {
    if let Some((node, kind)) = nested(root, kinds) {
        let named = node.get(KIND).unwrap_or(node);
        let place = if root.is_sequence() {
            "in a list"
        } else {
            "under a key"
        };
        let message = format!("a `{}` {place} is not read as a document", kind.name);
        let finding = Finding::new("document/nested", message, Label::new(named.location(), ""))
            .with_help("Move it to the top of a file; several in a file are separated by `---`")
            .with_pointer(node.pointer().to_string());
        return Some((kind, finding));
    }
    let bare = root.entries().all(|entry| entry.key == SECTIONS);
    if syntax != Syntax::Markdown || !bare {
        return None;
    }
    let (span, kind) = in_text(source.text(), kinds)?;
    let finding = Finding::new(
        "document/front-matter",
        "this line stands in the text, not in the front matter, so the file is no document",
        Label::new(source.location(span), ""),
    )
    .with_help("Begin the file with a line `---` and end the front matter with another; write examples as code");
    Some((kind, finding))
}

/// A mapping with a known kind that is an element or a value of `root`, not `root` itself.
fn nested<'t, 'k>(root: NodeRef<'t>, kinds: &'k Kinds) -> Option<(NodeRef<'t>, &'k Arc<Kind>)> {
    let values = root.entries().map(|entry| entry.value);
    root.items()
        .chain(values)
        .find_map(|node| Some((node, kinds.get(node.get(KIND)?.as_str()?)?)))
}

/// A line of a Markdown text, outside of blocks of code, that says `kind:` and a known kind.
fn in_text<'k>(text: &str, kinds: &'k Kinds) -> Option<(Span, &'k Arc<Kind>)> {
    /// From so many spaces on a line is code.
    const CODE: usize = 4;
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(mark) = fence {
            if trimmed.starts_with(mark) && trimmed.trim_start_matches(mark).is_empty() {
                fence = None;
            }
            continue;
        }
        if indent >= CODE {
            continue;
        }
        fence = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        if let Some(kind) = named_by(trimmed, kinds) {
            let from = start + indent;
            return Some((Span::from_range(&(from..from + trimmed.len())), kind));
        }
    }
    None
}

/// The kind that a line such as `kind: model-card` or `"kind": "model-card",` names.
fn named_by<'k>(line: &str, kinds: &'k Kinds) -> Option<&'k Arc<Kind>> {
    let line = line.trim().trim_start_matches(['{', '"', '\'']);
    let rest = line
        .strip_prefix(KIND)?
        .trim_start_matches(['"', '\''])
        .trim_start();
    let value = rest.strip_prefix([':', '='])?;
    let name = value.trim().trim_matches(['"', '\'', ',', ' ']);
    kinds.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_in_prose_is_found_and_one_in_code_is_not() {
        let kinds = Kinds::builtin();
        let found = |text: &str| {
            let (span, kind) = in_text(text, &kinds)?;
            Some((text[span.range()].to_owned(), kind.name.to_string()))
        };
        let card = Some(("kind: model-card".to_owned(), "model-card".to_owned()));
        assert_eq!(found("----\nkind: model-card\nid: x\n---\n"), card);
        assert_eq!(found("Hello\n\n  kind: model-card\n"), card);
        assert_eq!(found("```\nx: 1\n```\nkind: model-card\n"), card);
        for text in [
            "A document says\n\n```yaml\nkind: model-card\n```\n",
            "~~~\n```\nkind: model-card\n",
            "Write\n\n    kind: model-card\n",
            "The line `kind: model-card` says so.\n",
            "kind: of a card\n",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}

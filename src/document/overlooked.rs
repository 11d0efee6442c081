//! Documents that a file holds where none is looked for. Passed over, they would go unchecked.

use super::kind::{Kind, Kinds};
use crate::source::Span;
use crate::value::NodeRef;

/// The key that names the kind.
const KIND: &str = "kind";

/// A mapping with a known kind that is an element or a value of `root`, not `root` itself.
pub(super) fn nested<'t, 'k>(
    root: NodeRef<'t>,
    kinds: &'k Kinds,
) -> Option<(NodeRef<'t>, &'k Kind)> {
    let values = root.entries().map(|entry| entry.value);
    root.items().chain(values).find_map(|node| {
        let kind = kinds.get(node.get(KIND)?.as_str()?)?;
        Some((node, &**kind))
    })
}

/// A line of a Markdown text, outside of blocks of code, that says `kind:` and a known kind.
pub(super) fn in_text<'k>(text: &str, kinds: &'k Kinds) -> Option<(Span, &'k Kind)> {
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
pub(super) fn named_by<'k>(line: &str, kinds: &'k Kinds) -> Option<&'k Kind> {
    let line = line.trim().trim_start_matches(['{', '"', '\'']);
    let rest = line
        .strip_prefix(KIND)?
        .trim_start_matches(['"', '\''])
        .trim_start();
    let value = rest.strip_prefix([':', '='])?;
    let name = value.trim().trim_matches(['"', '\'', ',', ' ']);
    Some(&**kinds.get(name)?)
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

//! What holds for every tree and every problem that a reader gives.

use launchgate::source::{FileId, SourceFile, Span};
use launchgate::value::{Limits, NodeRef, Parsed, Syntax, read};

/// Reads a text and holds what must be true of the outcome, whatever the text is.
pub(crate) fn read_soundly(text: &str, syntax: Syntax) -> Parsed {
    let source = SourceFile::new(FileId(0), "any", text);
    let parsed = read(&source, syntax, &Limits::default());
    let sound = |span: Span, what: &str| {
        assert!(
            span.start <= span.end && source.text().get(span.range()).is_some(),
            "{what} at {span:?} of {} bytes: {text:?}",
            text.len()
        );
    };
    for root in parsed.tree.roots() {
        check(root, &sound);
    }
    for comment in parsed.tree.comments() {
        sound(comment.span, "a comment");
    }
    for finding in &parsed.problems {
        assert!(finding.rule.as_str().starts_with("document/"));
        assert!(finding.help.is_some(), "{}", finding.message);
        assert!(!finding.message.is_empty());
        sound(finding.primary.location.span, "a problem");
        for label in &finding.related {
            sound(label.location.span, "a label");
        }
    }
    parsed
}

fn check(node: NodeRef<'_>, sound: &impl Fn(Span, &str)) {
    let span = node.span();
    sound(span, "a node");
    sound(node.address().span, "an address");
    // What an alias or a merge key brought stands elsewhere; it was checked there.
    if node.anchor().is_some() {
        return;
    }
    let inside = |child: Span, what: &str| {
        assert!(
            span.start <= child.start && child.end <= span.end,
            "{what} {child:?} sticks out of {span:?}: {:?}",
            node.source().text()
        );
    };
    for item in node.items() {
        inside(item.span(), "the element");
        assert_eq!(item.parent(), Some(node));
        check(item, sound);
    }
    for entry in node.entries() {
        sound(entry.key_location.span, "a key");
        if entry.merged {
            continue;
        }
        inside(entry.key_location.span, "the key");
        inside(entry.value.span(), "the value");
        assert_eq!(node.get(entry.key), Some(entry.value));
        check(entry.value, sound);
    }
}

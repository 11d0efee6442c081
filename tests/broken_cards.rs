//! Model cards as they are broken in practice: what is said of each, and where.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use launchgate::document::{Formats, Identified, Input, Kinds, identify};
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Syntax, read};

fn card(text: &str) -> (std::sync::Arc<SourceFile>, Identified) {
    let source = SourceFile::new(FileId(0), "README.md", text);
    let input = Input {
        source: &source,
        syntax: Syntax::Markdown,
        parsed: read(&source, Syntax::Markdown, &Limits::default()),
        kind: None,
        format: None,
        sidecar: None,
    };
    let found = identify(input, &Kinds::builtin(), &Formats::builtin());
    (source, found)
}

/// `rule line:column`, one a finding.
fn said(text: &str) -> Vec<String> {
    let (source, found) = card(text);
    let findings = found.findings.iter().map(|finding| {
        let at = source.line_column(finding.primary.location.span.start);
        format!("{} {}:{}", finding.rule, at.line, at.column)
    });
    findings.collect()
}

/// The text of a field of the one document, by a path of keys.
fn field(text: &str, path: &[&str]) -> Option<String> {
    let (_, found) = card(text);
    assert_eq!(found.documents.len(), 1, "{:?}", found.findings);
    let document = found.documents.first().unwrap();
    let mut node = document.root();
    for key in path {
        node = node.get(key)?;
    }
    let text = node.items().next().unwrap_or(node);
    text.as_str().map(str::to_owned)
}

#[test]
fn front_matter_that_is_not_closed() {
    let text = "---\nlicense: mit\npipeline_tag: fill-mask\n\n# Model\n";
    assert_eq!(said(text), ["document/front-matter 1:1"]);
}

#[test]
fn a_tab_in_the_indentation() {
    let text = "---\nlicense: mit\nmodel-index:\n\t- name: a\n---\n# Model\n";
    assert_eq!(said(text), ["document/tab-indentation 4:1"]);
}

#[test]
fn a_colon_in_a_title() {
    let text = "---\npipeline_tag: fill-mask\ntitle: Router: the second\n---\n# Model\n";
    assert_eq!(said(text), ["document/syntax 3:14"]);
}

#[test]
fn a_line_of_dashes_inside_a_block_scalar_is_text() {
    let text =
        "---\npipeline_tag: fill-mask\ntitle: |\n  one\n  ---\n  two\nlicense: mit\n---\n# Model\n";
    assert!(said(text).is_empty());
    assert_eq!(field(text, &["licence"]).unwrap(), "mit");
    assert_eq!(field(text, &["title"]).unwrap(), "one\n---\ntwo\n");
}

#[test]
fn a_line_of_dashes_that_is_not_indented_ends_the_front_matter() {
    // What stands behind it is text, so the key there is none; that the rest is read as a heading
    // is what every reader of Markdown does.
    let text = "---\npipeline_tag: fill-mask\ntitle: |\n  one\n---\nlicense: mit\n---\n# Model\n";
    assert_eq!(field(text, &["licence"]), None);
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_nothing() {
    let plain =
        "---\npipeline_tag: fill-mask\nlicense: mit\n---\n# Model\n\n## Limitations\n\nFew.\n";
    let other = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    for text in [plain, &other] {
        assert!(said(text).is_empty());
        assert_eq!(field(text, &["licence"]).unwrap(), "mit");
        assert_eq!(field(text, &["limitations"]).unwrap(), "Few.");
    }
}

/// `**Version**: 2` on lines of their own, of which an editor stripped the spaces that say so.
#[test]
fn lines_of_a_paragraph_that_begin_in_bold_are_lines() {
    for end in ["", "  "] {
        let text = format!(
            "---\npipeline_tag: fill-mask\n---\n# Model\n\n**Developed by**: Ada{end}\n**Version**: 2.1{end}\n**License**: mit\n"
        );
        assert_eq!(field(&text, &["owner"]).unwrap(), "Ada");
        assert_eq!(field(&text, &["version"]).unwrap(), "2.1");
        assert_eq!(field(&text, &["licence"]).unwrap(), "mit");
    }
    // Bold words elsewhere in a line part nothing.
    let text = "---\npipeline_tag: fill-mask\n---\n# Model\n\n## Limitations\n\nFew, and\nin **bold** one.\n";
    assert_eq!(
        field(text, &["limitations"]).unwrap(),
        "Few, and in bold one."
    );
}

#[test]
fn a_heading_at_another_level_is_found_all_the_same() {
    for marks in ["#", "##", "####"] {
        let text =
            format!("---\npipeline_tag: fill-mask\n---\n# Model\n\n{marks} Limitations\n\nFew.\n");
        assert_eq!(field(&text, &["limitations"]).unwrap(), "Few.");
    }
}

#[test]
fn of_headings_that_are_there_twice_the_first_with_text_counts() {
    let text = "---\npipeline_tag: fill-mask\n---\n# Model\n\n## Limitations\n\n## Limitations\n\nFew.\n\n## Limitations\n\nMany.\n";
    assert_eq!(field(text, &["limitations"]).unwrap(), "Few.");
}

/// The template as it comes says nothing, and what it does not say is not taken for an answer.
#[test]
fn an_empty_template_gives_placeholders_that_no_rule_takes_for_answers() {
    let text = "---\nlicense: mit\npipeline_tag: fill-mask\n---\n# Model Card for Model ID\n\n## Uses\n\n### Direct Use\n\n[More Information Needed]\n\n### Out-of-Scope Use\n\n[More Information Needed]\n\n## Bias, Risks, and Limitations\n\n[More Information Needed]\n\n- **Developed by:** [More Information Needed]\n";
    let (_, found) = card(text);
    let document = &found.documents[0];
    let mut placeholders = Vec::new();
    collect(document.root(), &mut placeholders);
    assert!(placeholders.len() >= 3, "{placeholders:?}");
    for text in placeholders {
        assert!(launchgate::expr::is_placeholder(&text), "{text}");
    }
}

fn collect(node: NodeRef<'_>, found: &mut Vec<String>) {
    match node.as_str() {
        Some(text) if text.contains("More Information") => found.push(text.to_owned()),
        _ => {}
    }
    node.items().for_each(|item| collect(item, found));
    let fields = node.entries().filter(|entry| entry.key != "sections");
    fields.for_each(|entry| collect(entry.value, found));
}

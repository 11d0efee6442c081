//! Foreign formats as documents of our kinds: which fields they give and where these were written.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use launchgate::document::{Document, Formats, Identified, Input, Kinds, identify};
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Syntax, read};

fn mapped(path: &str, sidecar: Option<&str>) -> (Arc<SourceFile>, Identified) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    let source = SourceFile::new(FileId(0), format!("models/{path}/README.md"), text);
    let parsed = read(&source, Syntax::Markdown, &Limits::default());
    assert!(parsed.problems.is_empty());
    let sidecar = sidecar.map(|text| {
        let file = SourceFile::new(FileId(1), "README.md.launchgate.yaml", text);
        read(&file, Syntax::Yaml, &Limits::default())
    });
    let input = Input {
        source: &source,
        syntax: Syntax::Markdown,
        parsed,
        kind: None,
        format: None,
        sidecar: sidecar.as_ref(),
    };
    let found = identify(input, &Kinds::builtin(), &Formats::builtin().unwrap());
    (source, found)
}

/// Each leaf of the view: its path, its value, and the text it was written as, with its line.
fn leaves(document: &Document) -> String {
    fn visit(node: NodeRef<'_>, lines: &mut String) {
        if node.scalar().is_none() {
            node.items().for_each(|item| visit(item, lines));
            node.entries()
                .filter(|e| e.key != "sections")
                .for_each(|e| visit(e.value, lines));
            return;
        }
        let file = node.source();
        let at = file.line_column(node.span().start);
        let written = node.raw().lines().next().unwrap_or_default();
        let path = node.pointer().to_path();
        let side = if file.id() == FileId(0) {
            ""
        } else {
            "sidecar:"
        };
        writeln!(
            lines,
            "{path}: {node:?} <- {side}{}:{} {written}",
            at.line, at.column
        )
        .unwrap();
    }
    let mut lines = String::new();
    visit(document.root(), &mut lines);
    lines
}

fn findings(document: &Document) -> String {
    let kinds = Kinds::builtin();
    let kind = kinds.get(document.kind()).unwrap();
    let schema = Schema::compile(&kind.name, &kind.schema).unwrap();
    let mut lines = String::new();
    for finding in schema.check(document.root()) {
        let span = finding.primary.location.span;
        let at = document.source().line_column(span.start);
        let written = document.source().slice(span);
        writeln!(
            lines,
            "{}: {} <- {} {written}",
            finding.rule, finding.message, at.line
        )
        .unwrap();
    }
    lines
}

#[test]
fn a_card_gives_every_field_that_it_has() {
    let (_, found) = mapped("full-card.md", None);
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    let [card] = found.documents.as_slice() else {
        panic!("one card");
    };
    insta::assert_snapshot!(leaves(card), @"LEAVES1");
    insta::assert_snapshot!(findings(card), @"FINDINGS1");
    assert!(card.root().get("sections").is_some());
}

#[test]
fn what_is_absent_stays_absent_and_what_is_misshapen_is_said() {
    let (source, found) = mapped("thin-card.md", None);
    let [card] = found.documents.as_slice() else {
        panic!("one card");
    };
    insta::assert_snapshot!(leaves(card), @"LEAVES2");
    insta::assert_snapshot!(findings(card), @"FINDINGS2");
    let said: Vec<_> = found
        .findings
        .iter()
        .map(|f| {
            format!(
                "{} {} [{}]",
                f.rule,
                f.message,
                source.slice(f.primary.location.span)
            )
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"SAID2");
}

#[test]
fn a_sidecar_supplies_what_the_format_has_no_home_for() {
    let sidecar = "id: names\nowner: a@example.com\nlicence: MIT\nmodel:\n  framework: spacy\nprivacy:\n  personal_data: true\n";
    let (_, found) = mapped("thin-card.md", Some(sidecar));
    let [card] = found.documents.as_slice() else {
        panic!("one card");
    };
    assert_eq!(card.id(), "names");
    insta::assert_snapshot!(leaves(card), @"LEAVES3");
    let conflicts: Vec<_> = found
        .findings
        .iter()
        .filter(|f| f.rule.as_str() == "document/sidecar-conflict")
        .collect();
    let [conflict] = conflicts.as_slice() else {
        panic!("one conflict: {conflicts:?}");
    };
    assert_eq!(
        conflict.message,
        "`licence` is given by the document and by its sidecar"
    );
    assert_eq!(conflict.primary.location.file, FileId(1));
    assert_eq!(conflict.related[0].location.file, FileId(0));
    assert_eq!(conflict.document.as_ref().unwrap().id.as_ref(), "names");
}

#[test]
fn a_sidecar_beside_our_own_document_is_reported() {
    let source = SourceFile::new(FileId(0), "a.yaml", "kind: model-card\nid: a\n");
    let file = SourceFile::new(FileId(1), "a.yaml.launchgate.yaml", "owner: b\n");
    let sidecar = read(&file, Syntax::Yaml, &Limits::default());
    let input = Input {
        source: &source,
        syntax: Syntax::Yaml,
        parsed: read(&source, Syntax::Yaml, &Limits::default()),
        kind: None,
        format: None,
        sidecar: Some(&sidecar),
    };
    let found = identify(input, &Kinds::builtin(), &Formats::default());
    assert_eq!(found.findings.len(), 1);
    assert_eq!(found.findings[0].rule.as_str(), "document/sidecar-unused");
}

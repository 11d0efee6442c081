//! What each format makes of a document: `tests/formats/<format>/<file>`, and beside it in
//! `<file>.view` every value of the canonical view with the place where it was written, and what
//! is said of the document. `BLESS=1 cargo test --test format_goldens` writes the views anew;
//! review them by eye.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment to write its data anew"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use launchgate::document::{Document, Formats, Identified, Input, Kinds, identify};
use launchgate::finding::Finding;
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Syntax, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats")
}

fn identified(path: &Path) -> Identified {
    let name = path.file_name().unwrap().to_str().unwrap();
    let source = SourceFile::new(FileId(0), name, std::fs::read_to_string(path).unwrap());
    let syntax = Syntax::of_path(source.path()).unwrap();
    let parsed = read(&source, syntax, &Limits::default());
    let beside = path.with_file_name(format!("{name}.launchgate.yaml"));
    let sidecar = std::fs::read_to_string(beside).ok().map(|text| {
        let file = SourceFile::new(FileId(1), "sidecar", text);
        read(&file, Syntax::Yaml, &Limits::default())
    });
    let input = Input {
        source: &source,
        syntax,
        parsed,
        kind: None,
        // A record of a decision is a document only where the config says so.
        format: (path.parent().unwrap().file_name().unwrap() == "adr").then_some("adr"),
        sidecar: sidecar.as_ref(),
    };
    identify(input, &Kinds::builtin(), &Formats::builtin())
}

fn short(text: &str) -> String {
    const LONG: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(LONG).collect();
    if cut.len() < text.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

/// Each leaf of a view: its path, its value, where it was written, and what stands there.
fn leaves(node: NodeRef<'_>, out: &mut BTreeMap<String, String>, lines: &mut String) {
    if node.scalar().is_none() {
        node.items().for_each(|item| leaves(item, out, lines));
        for entry in node.entries().filter(|entry| entry.key != "sections") {
            leaves(entry.value, out, lines);
        }
        return;
    }
    let at = node.source().line_column(node.span().start);
    let file = if node.source().id() == FileId(0) {
        ""
    } else {
        "sidecar:"
    };
    let path = node.pointer().to_path();
    let value = short(&format!("{node:?}"));
    let written = short(node.raw());
    writeln!(
        lines,
        "{path}: {value} <- {file}{}:{} {written}",
        at.line, at.column
    )
    .unwrap();
    out.insert(path, value);
}

fn said(finding: &Finding, source: &SourceFile) -> String {
    let span = finding.primary.location.span;
    let at = source.line_column(span.start);
    let written = short(source.slice(span));
    let (rule, message) = (&finding.rule, &finding.message);
    format!(
        "! {rule}: {message} <- {}:{} {written}\n",
        at.line, at.column
    )
}

fn shape(document: &Document) -> Vec<Finding> {
    let kinds = Kinds::builtin();
    let kind = kinds.get(document.kind()).unwrap();
    let schema = Schema::compile(&kind.name, &kind.schema).unwrap();
    schema.check(document.root())
}

fn view(found: &Identified) -> String {
    let mut lines = String::new();
    for document in &found.documents {
        let format = document.format.as_deref().unwrap_or("none");
        writeln!(lines, "= {} {} ({format})", document.kind(), document.id()).unwrap();
        leaves(document.root(), &mut BTreeMap::new(), &mut lines);
        for finding in shape(document) {
            lines.push_str(&said(&finding, document.source()));
        }
    }
    if let Some(document) = found.documents.first() {
        for finding in &found.findings {
            lines.push_str(&said(finding, document.source()));
        }
    }
    if let Some(file) = &found.unrecognized {
        writeln!(lines, "unrecognized: {}", file.reason).unwrap();
    }
    lines
}

#[test]
fn each_format_gives_what_the_goldens_say() {
    let bless = std::env::var("BLESS").is_ok();
    let mut covered = BTreeSet::new();
    let mut folders: Vec<_> = std::fs::read_dir(folder()).unwrap().collect();
    folders.sort_by_key(|entry| entry.as_ref().unwrap().path());
    for entry in folders {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let mut files: Vec<_> = std::fs::read_dir(&path).unwrap().collect();
        files.sort_by_key(|entry| entry.as_ref().unwrap().path());
        for file in files {
            let file = file.unwrap().path();
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            let golden = file.extension().is_some_and(|end| end == "view");
            if golden || name.ends_with(".launchgate.yaml") || file.is_dir() {
                continue;
            }
            let found = identified(&file);
            for document in &found.documents {
                covered.extend(document.format.as_deref().map(str::to_owned));
                let own = path.file_name().unwrap().to_str();
                assert_eq!(document.format.as_deref(), own, "{name}");
            }
            let view = view(&found);
            let golden = file.with_file_name(format!("{name}.view"));
            if bless {
                std::fs::write(&golden, &view).unwrap();
            }
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            assert_eq!(view, expected.replace('\r', ""), "{}", golden.display());
        }
    }
    let known: BTreeSet<String> = Formats::builtin().names().map(str::to_owned).collect();
    assert_eq!(covered, known, "every format has a golden");
}

/// What is written in JSON and in XML is the same, value for value.
#[test]
fn a_bill_says_the_same_in_json_and_in_xml() {
    let values = |path: &str| -> Vec<BTreeMap<String, String>> {
        let found = identified(&folder().join(path));
        let documents = found.documents.iter();
        let mut all: Vec<_> = documents
            .map(|document| {
                let mut values = BTreeMap::new();
                leaves(document.root(), &mut values, &mut String::new());
                values
            })
            .collect();
        all.sort();
        all
    };
    let json = values("cyclonedx/bom.json");
    assert_eq!(json, values("cyclonedx-xml/bom.xml"));
    assert!(json.iter().any(|view| view.len() > 40));
}

/// Goldens point at what they say: the text at a value's place has the value in it.
#[test]
fn each_text_stands_at_its_place() {
    fn visit(node: NodeRef<'_>, count: &mut usize) {
        if let Some(text) = node.as_str() {
            let raw = node.raw();
            let first = text.split_whitespace().next().unwrap_or_default();
            if raw.contains(first) {
                *count += 1;
            }
        }
        node.items().for_each(|item| visit(item, count));
        node.entries().for_each(|entry| visit(entry.value, count));
    }
    let found = identified(&folder().join("cyclonedx-xml/bom.xml"));
    let mut count = 0;
    for document in &found.documents {
        visit(document.root(), &mut count);
    }
    assert!(count > 40, "{count}");
}

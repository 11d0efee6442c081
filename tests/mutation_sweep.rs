//! No key of the complete example can be taken away unnoticed where a rule or a schema asks for it:
//! every value in turn is made null, a placeholder, of another type, or given to a misspelt key.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

use std::path::PathBuf;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::date;
use launchgate::config::Config;
use launchgate::discover::{Content, Discovered, Request, discover};
use launchgate::engine::{CheckOptions, Gate, Inputs};
use launchgate::files::Disk;
use launchgate::finding::Verdict;
use launchgate::source::{FileId, SourceFile, SourceMap, Span};
use launchgate::value::{Limits, NodeRef, read};
use rayon::prelude::*;

/// The complete example and what it is held against.
struct Example {
    gate: Gate,
    discovered: Discovered,
}

/// A piece of a document and what is put in its place.
struct Edit {
    input: usize,
    pointer: String,
    span: Span,
    text: &'static str,
}

impl Example {
    fn new() -> Self {
        let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-scoring");
        let root = root.canonicalize_utf8().unwrap();
        let config = Config::empty(root.clone());
        let mut sources = SourceMap::default();
        let request = Request {
            current: root,
            paths: vec![PathBuf::from(".")],
            stdin: None,
        };
        let discovered = discover(&request, &config, &Disk, &mut sources);
        let gate = Gate::new(config, sources, &Disk).unwrap();
        Self { gate, discovered }
    }

    fn text(&self, input: usize) -> String {
        match &self.discovered.inputs[input].content {
            Content::File(path) => std::fs::read_to_string(path).unwrap(),
            Content::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// The verdict on the example with one of its files changed.
    fn verdict(&self, edit: Option<&Edit>) -> Verdict {
        let mut discovered = self.discovered.clone();
        if let Some(edit) = edit {
            let mut text = self.text(edit.input);
            text.replace_range(edit.span.range(), edit.text);
            discovered.inputs[edit.input].content = Content::Bytes(Arc::from(text.into_bytes()));
        }
        let inputs = Inputs {
            discovered,
            sources: SourceMap::default(),
            files: &Disk,
        };
        let options = CheckOptions::on(date(2026, 11, 22));
        self.gate.check(inputs, &options).verdict
    }

    /// The edits of every key and element of both documents, as far as `edit` has one for it.
    fn edits(
        &self,
        edit: impl Fn(NodeRef<'_>, Option<Span>) -> Option<(Span, &'static str)>,
    ) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (number, input) in self.discovered.inputs.iter().enumerate() {
            let source = SourceFile::new(FileId(0), Utf8PathBuf::new(), self.text(number));
            let parsed = read(&source, input.syntax, &Limits::default());
            let root = parsed.tree.root().unwrap();
            if root.get("kind").is_none() {
                continue;
            }
            walk(root, &mut |node, key| {
                if let Some((span, text)) = edit(node, key) {
                    edits.push(Edit {
                        input: number,
                        pointer: format!("{}{}", input.path, node.pointer()),
                        span,
                        text,
                    });
                }
            });
        }
        edits
    }

    /// What passes although it was changed.
    fn green(&self, edits: &[Edit]) -> Vec<String> {
        let passes = |edit: &&Edit| self.verdict(Some(edit)) == Verdict::Pass;
        let green = edits.par_iter().filter(passes);
        green.map(|edit| edit.pointer.clone()).collect()
    }
}

/// Shows every value below a node that was written where it stands, with the place of its key.
fn walk(node: NodeRef<'_>, see: &mut impl FnMut(NodeRef<'_>, Option<Span>)) {
    for entry in node.entries() {
        // The sections of Markdown stand under no key of the author's.
        if node.parent().is_none() && entry.key == "sections" {
            continue;
        }
        see(entry.value, Some(entry.key_location.span));
        if entry.value.anchor().is_none() {
            walk(entry.value, see);
        }
    }
    for item in node.items() {
        see(item, None);
        if item.anchor().is_none() {
            walk(item, see);
        }
    }
}

#[test]
fn a_null_in_place_of_any_value_is_never_green() {
    let example = Example::new();
    assert_eq!(example.verdict(None), Verdict::Pass);
    let edits = example.edits(|node, _| Some((node.span(), "null")));
    assert!(edits.len() > 400, "{}", edits.len());
    assert_eq!(example.green(&edits), Vec::<String>::new());
}

#[test]
fn a_value_of_another_type_is_never_green() {
    let example = Example::new();
    let edits = example.edits(|node, _| {
        let other = if node.is_mapping() {
            "text"
        } else {
            "{ x-other: 1 }"
        };
        Some((node.span(), other))
    });
    assert_eq!(example.green(&edits), Vec::<String>::new());
}

#[test]
fn a_placeholder_in_place_of_any_text_is_never_green() {
    let example = Example::new();
    let edits =
        example.edits(|node, _| Some((node.span(), "TBD")).filter(|_| node.as_str().is_some()));
    assert!(edits.len() > 300, "{}", edits.len());
    assert_eq!(example.green(&edits), Vec::<String>::new());
}

#[test]
fn a_misspelt_key_is_never_green() {
    let example = Example::new();
    let edits = example.edits(|_, key| {
        let end = key?.end;
        Some((Span::new(end, end), "z"))
    });
    assert!(edits.len() > 300, "{}", edits.len());
    assert_eq!(example.green(&edits), Vec::<String>::new());
}

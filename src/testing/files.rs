//! The files of an example: what its documents name as evidence.

use camino::Utf8Path;

use crate::evidence::Place;
use crate::expr::decode_base64;
use crate::files::Memory;
use crate::finding::{Finding, Label};
use crate::policy::ExampleSyntax;
use crate::value::{Entry, NodeRef};

/// The folder that an example is taken to lie in.
pub(super) const ROOT: &str = "/example";

/// The files of an example.
pub(super) fn files(example: &ExampleSyntax<'_>, findings: &mut Vec<Finding>) -> Memory {
    let mut files = Vec::new();
    for entry in entries(example) {
        let wrong = |message: String, help: &str| {
            let label = Label::new(entry.key_location, "");
            Finding::new("policy/example-files", message, label).with_help(help)
        };
        let Place::Inside(path) = Place::of(entry.key, "") else {
            findings.push(wrong(
                format!("`{}` leads out of the folder of the example", entry.key),
                "Give a path relative to the document of the example, such as `evidence/table.csv`",
            ));
            continue;
        };
        match content(entry.value) {
            Some(content) => files.push((Utf8Path::new(ROOT).join(path), content)),
            None => findings.push(wrong(
                format!("the content of `{}` is no base64", entry.key),
                "Give text as it is, and bytes as `{ base64: ... }` with the standard alphabet",
            )),
        }
    }
    Memory::new(files)
}

/// The files of an example with their contents as they are shown.
pub(super) fn written(example: &ExampleSyntax<'_>) -> Vec<(String, String)> {
    entries(example)
        .map(|entry| {
            let shown = match entry.value.as_str() {
                Some(text) => text.to_owned(),
                None => format!(
                    "({} bytes)",
                    content(entry.value).map_or(0, |all| all.len())
                ),
            };
            (entry.key.to_owned(), shown)
        })
        .collect()
}

fn entries<'e>(example: &ExampleSyntax<'e>) -> impl Iterator<Item = Entry<'e>> {
    let files = example.root.get("files");
    files.into_iter().flat_map(NodeRef::entries)
}

fn content(node: NodeRef<'_>) -> Option<Vec<u8>> {
    match node.as_str() {
        Some(text) => Some(text.as_bytes().to_vec()),
        None => decode_base64(node.get("base64")?.as_str()?),
    }
}

//! Another YAML reader sees in the project's own files what ours sees.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Scalar, Syntax, read};
use serde::Deserialize as _;
use serde_json::Value;

fn json(node: NodeRef<'_>) -> Value {
    match node.scalar() {
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => value.into(),
        Some(Scalar::Int(value)) => value.into(),
        Some(Scalar::Float(value)) => value.into(),
        Some(Scalar::String(text)) => text.into(),
        None if node.is_sequence() => node.items().map(json).collect(),
        None => {
            let entries = node.entries();
            Value::Object(
                entries
                    .map(|entry| (entry.key.to_owned(), json(entry.value)))
                    .collect(),
            )
        }
    }
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn both_see_the_same_values() {
    let mut files = Vec::new();
    for folder in ["policies", "schemas", "examples"] {
        yaml_files(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            &mut files,
        );
    }
    assert!(files.len() > 30);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let source = SourceFile::new(FileId(0), "file.yaml", text.clone());
        let parsed = read(&source, Syntax::Yaml, &Limits::default());
        let ours: Vec<Value> = parsed.tree.roots().map(json).collect();
        let theirs: Vec<Value> = serde_yaml::Deserializer::from_str(&text)
            .map(|document| Value::deserialize(document).unwrap())
            .collect();
        assert_eq!(ours, theirs, "{}", path.display());
    }
}

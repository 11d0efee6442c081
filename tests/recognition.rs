//! `check --verbose` over a folder of mixed formats: what each file was taken for.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The notices that name a file, in the order in which they are said.
fn said(folder: &Path, words: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(["check", "--isolated", "--output", "json", "."])
        .args(words)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let notices = report["notices"].as_array().unwrap().iter();
    notices
        .map(|notice| notice.as_str().unwrap().to_owned())
        .filter(|notice| notice.starts_with("files/"))
        .collect()
}

#[test]
fn every_file_of_a_mixed_folder_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    for (from, to) in [
        ("cyclonedx/bom.json", "bom.json"),
        ("cyclonedx-xml/bom.xml", "bom.xml"),
        ("huggingface/full-README.md", "README.md"),
        ("papers-with-code/model-index.yml", "model-index.yml"),
        ("spec-kit/spec.md", "spec.md"),
    ] {
        fs::copy(formats.join(from), files.join(to)).unwrap();
    }
    fs::write(files.join("own.yaml"), "kind: model-card\nid: own\n").unwrap();
    fs::write(files.join("notes.yaml"), "just: notes\n").unwrap();
    let lines = said(folder.path(), &["--verbose"]);
    assert!(lines.is_sorted_by_key(|line| line.split(": ").next().map(str::to_owned)));
    for (file, format) in [
        ("README.md", "(huggingface)"),
        ("bom.json", "(cyclonedx)"),
        ("bom.xml", "(cyclonedx-xml)"),
        ("model-index.yml", "(papers-with-code)"),
        (
            "notes.yaml",
            "no document: it has no `kind`, and no format's mark",
        ),
        ("own.yaml", "model-card own (own fields)"),
        ("spec.md", "(spec-kit)"),
    ] {
        let of = format!("files/{file}: ");
        let line = lines.iter().find(|line| line.starts_with(&of));
        assert!(
            line.is_some_and(|line| line.ends_with(format)),
            "{file}: {lines:#?}"
        );
    }
    assert!(
        said(folder.path(), &[]).is_empty(),
        "not unless it is asked for"
    );
}

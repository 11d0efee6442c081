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
    let mut notices = notices(folder, words);
    notices.retain(|notice| notice.starts_with("files/"));
    notices
}

fn notices(folder: &Path, words: &[&str]) -> Vec<String> {
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
    fs::write(files.join("broken.json"), "{ broken").unwrap();
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
    // Counts and what is no document are said all the same.
    let notices = notices(folder.path(), &[]);
    let has = |line: &str| assert!(notices.iter().any(|it| it == line), "{line}\n{notices:#?}");
    has(
        "documents by format: 2 `cyclonedx`, 2 `cyclonedx-xml`, 1 `huggingface`, 2 `papers-with-code`, 1 `spec-kit`, 1 in own fields; `--verbose` says which file is what",
    );
    has("1 file is no document and was not checked: files/notes.yaml");
    has(
        "1 file cannot be read and was taken for no document: files/broken.json:1:3: a key is not in double quotes",
    );
    has(
        "no file here describes example/mails (of files/README.md), example/tickets (of files/README.md); of what is only named, nothing else is known",
    );
}

/// A file that was named and is nothing says what was looked for, in its syntax.
#[test]
fn a_named_file_that_is_nothing_says_what_was_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, marks) in [
        ("a.xml", "<a/>", "`cyclonedx-xml`"),
        (
            "a.md",
            "# A\n",
            "`huggingface`, `nvidia`, `prd`, `spec-kit`",
        ),
        (
            "a.yaml",
            "a: 1\n",
            "`algorithm-reporting-standard`, `papers-with-code`",
        ),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
            .current_dir(folder.path())
            .args(["check", "--isolated", "--output", "json", name])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let finding = &report["findings"][0];
        assert_eq!(finding["rule"], "input/unrecognized", "{name}");
        let help = finding["help"].as_str().unwrap();
        let wanted = format!(
            "Looked for `kind: feature-spec` or `kind: model-card`, and for the marks of {marks}."
        );
        assert!(help.starts_with(&wanted), "{name}: {help}");
    }
}

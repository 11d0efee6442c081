//! `check --changed-since` and `--changed-only`, over real git repositories.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/git.rs"]
mod git;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use git::git;

const PACK: &str = "name: house\nversion: 1.0.0\ntitle: House\n";

const RULE: &str = "\
rule: house/owner
title: Somebody answers
description: Questions need one person to go to.
severity: error
applies_to: [feature-spec, model-card]
blocks_from: draft
require: [present: doc.owner]
examples:
  - { name: a, pass: { kind: feature-spec, owner: Maria } }
  - { name: b, fail: { kind: feature-spec, id: a } }
";

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Four documents, none with an owner: `launch` refers to `card`, `card` to `data.csv`, and `other` to
/// nothing.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "launchgate.yaml", "packs: [./policies/house]\n");
    write(root, "policies/house/pack.yaml", PACK);
    write(root, "policies/house/owner.yaml", RULE);
    write(root, "notes.yaml", "just: notes\n");
    write(root, "evidence/data.csv", "a,b\n");
    write(
        root,
        "specs/launch.yaml",
        "kind: feature-spec\nid: launch\ntitle: Launch\nmodels: [{ card: the-card, version: 1.0.0 }]\n",
    );
    write(
        root,
        "cards/card.yaml",
        "kind: model-card\nid: the-card\ntitle: Card\nfairness:\n  assessments:\n    - { evidence: { path: ../evidence/data.csv } }\n",
    );
    write(
        root,
        "specs/other.yaml",
        "kind: feature-spec\nid: other\ntitle: Other\n",
    );
    git(root, &["init", "-q"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "first"]);
    git(root, &["checkout", "-q", "-b", "change"]);
    folder
}

/// Exit code, the paths that `house/owner` speaks of, the notices, and standard error.
fn check(folder: &Path, words: &[&str]) -> (Option<i32>, Vec<String>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(["check", "--output", "json"])
        .args(words)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let findings = report["findings"].as_array().into_iter().flatten();
    let paths = findings
        .filter(|finding| finding["rule"] == "house/owner")
        .map(|finding| finding["location"]["path"].as_str().unwrap().to_owned())
        .collect();
    (
        output.status.code(),
        paths,
        report["notices"].to_string(),
        stderr,
    )
}

fn since_main(folder: &Path) -> (Option<i32>, Vec<String>, String) {
    let (code, paths, notices, _) = check(folder, &["--changed-since", "main"]);
    (code, paths, notices)
}

#[test]
fn what_changed_and_what_refers_to_it_is_spoken_of() {
    let folder = repository();
    let card = fs::read_to_string(folder.path().join("cards/card.yaml")).unwrap();
    write(
        folder.path(),
        "cards/card.yaml",
        &format!("{card}version: 2.0.0\n"),
    );
    let wanted = (
        Some(1),
        vec!["cards/card.yaml".to_owned(), "specs/launch.yaml".to_owned()],
    );
    let (code, paths, notices) = since_main(folder.path());
    assert_eq!((code, paths), wanted);
    assert!(
        notices.contains("1 document has nothing to do with what changed"),
        "{notices}"
    );
    git(folder.path(), &["commit", "-q", "-am", "second"]);
    let (code, paths, _) = since_main(folder.path());
    assert_eq!((code, paths), wanted);
}

#[test]
fn a_document_that_was_known_by_another_name_brings_who_knows_it_so() {
    let card = "kind: model-card\nid: the-card\n";
    for renamed in ["kind: model-card\nid: another\n", "id: the-card\n"] {
        let folder = repository();
        let path = "cards/card.yaml";
        let text = fs::read_to_string(folder.path().join(path)).unwrap();
        assert!(text.starts_with(card));
        write(folder.path(), path, &text.replace(card, renamed));
        let (code, paths, _) = since_main(folder.path());
        assert_eq!(code, Some(1), "{renamed}");
        assert!(
            paths.contains(&"specs/launch.yaml".to_owned()),
            "{renamed}: {paths:?}"
        );
    }
}

#[test]
fn evidence_that_changed_brings_the_document_that_names_it() {
    let folder = repository();
    write(folder.path(), "evidence/data.csv", "a,b\n1,2\n");
    let (code, paths, _) = since_main(folder.path());
    assert_eq!((code, paths), (Some(1), vec!["cards/card.yaml".to_owned()]));
}

#[test]
fn new_files_count_before_git_knows_them() {
    let folder = repository();
    write(
        folder.path(),
        "specs/new.yaml",
        "kind: feature-spec\nid: new\ntitle: New\n",
    );
    let (code, paths, _) = since_main(folder.path());
    assert_eq!((code, paths), (Some(1), vec!["specs/new.yaml".to_owned()]));
}

#[test]
fn nothing_that_concerns_the_gate_passes_and_says_so() {
    let folder = repository();
    write(folder.path(), "main.rs", "fn main() {}\n");
    let (code, paths, notices) = since_main(folder.path());
    assert_eq!((code, paths), (Some(0), Vec::new()));
    assert!(
        notices.contains("3 documents have nothing to do with what changed"),
        "{notices}"
    );
}

#[test]
fn a_change_of_config_or_policy_or_a_file_that_is_gone_concerns_everything() {
    for (path, text) in [
        (
            "launchgate.yaml",
            Some("packs: [./policies/house]\nfail_on: warning\n"),
        ),
        (
            "policies/house/pack.yaml",
            Some("name: house\nversion: 1.0.1\ntitle: House\n"),
        ),
        (
            "cards/card.yaml.launchgate.yaml",
            Some("environment: { region: EU }\n"),
        ),
        ("specs/other.yaml", None),
    ] {
        let folder = repository();
        match text {
            Some(text) => write(folder.path(), path, text),
            None => fs::remove_file(folder.path().join(path)).unwrap(),
        }
        let (code, paths, notices) = since_main(folder.path());
        let all = if text.is_some() { 3 } else { 2 };
        assert_eq!((code, paths.len()), (Some(1), all), "{path}: {paths:?}");
        assert!(
            notices.contains("every document is checked"),
            "{path}: {notices}"
        );
        assert!(notices.contains(path), "{path}: {notices}");
    }
}

#[test]
fn a_broken_file_is_spoken_of_whatever_changed() {
    let folder = repository();
    write(
        folder.path(),
        "specs/other.yaml",
        "kind: feature-spec\nid: [\n",
    );
    git(folder.path(), &["commit", "-q", "-am", "broken"]);
    git(folder.path(), &["branch", "-f", "main"]);
    write(folder.path(), "evidence/data.csv", "a,b\n1,2\n");
    let (code, _, _, _) = check(folder.path(), &["--changed-since", "main"]);
    assert_eq!(code, Some(1));
}

#[test]
fn what_cannot_be_known_ends_the_run() {
    let folder = repository();
    let (code, _, _, stderr) = check(folder.path(), &["--changed-since", "mian"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("git knows no commit `mian`"), "{stderr}");
    let (code, _, _, stderr) = check(folder.path(), &["--changed-since=--output=x"]);
    assert_eq!(code, Some(2), "{stderr}");
    git(folder.path(), &["checkout", "-q", "--orphan", "alone"]);
    git(folder.path(), &["commit", "-q", "-m", "alone"]);
    let (code, _, _, stderr) = check(folder.path(), &["--changed-since", "main"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("have in common"), "{stderr}");
    let plain = tempfile::tempdir().unwrap();
    let (code, _, _, stderr) = check(plain.path(), &["--changed-since", "main"]);
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("it cannot be said what changed"),
        "{stderr}"
    );
}

#[test]
fn a_repository_without_documents_is_not_green() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "main.rs", "fn main() {}\n");
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-q", "-m", "first"]);
    let (code, _, _, _) = check(folder.path(), &["--changed-since", "main"]);
    assert_eq!(code, Some(3));
}

#[test]
fn a_hook_speaks_of_the_documents_it_names() {
    let folder = repository();
    let hook = |files: &[&str]| {
        let (code, paths, _, stderr) = check(folder.path(), &[&["--changed-only"], files].concat());
        (code, paths, stderr)
    };
    let (code, paths, _) = hook(&["cards/card.yaml", "notes.yaml", "gone.yaml", "main.rs"]);
    assert_eq!((code, paths), (Some(1), vec!["cards/card.yaml".to_owned()]));
    let (code, paths, _) = hook(&["notes.yaml"]);
    assert_eq!((code, paths), (Some(0), Vec::new()));
    let (code, _, stderr) = hook(&["../elsewhere.yaml"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("outside of the current folder"), "{stderr}");
    let (code, _, stderr) = hook(&[]);
    assert_eq!(code, Some(2), "{stderr}");
}

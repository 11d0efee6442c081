//! Whose sign-offs count in a change, and who wrote it: over real git repositories, through the
//! command line.
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

use serde_json::{Value as Json, json};
use tempfile::TempDir;

const RULE: &str = "\
rule: house/signed
title: Signed
description: D.
severity: error
applies_to: feature-spec
blocks_from: draft
params:
  roles: { type: list, of: string, default: [privacy], description: D }
for_each: params.roles
require:
  - signoff(item).decision in ['approved', 'approved-with-conditions']
examples:
  - { name: a, pass: { sign_offs: [{ role: privacy, principal: ann, decision: approved }] } }
  - { name: b, fail: { id: a } }
";

const CONFIG: &str = "\
packs: [./policies/house]
sign_offs:
  github: { Ann-Lee: ann@bank.example }
  roles:
    privacy: { members: [ann@bank.example] }
";

fn git_as(author: &str, folder: &Path, words: &[&str]) -> String {
    let author = format!("user.email={author}");
    git::git(folder, &[&["-c", &author], words].concat())
}

fn git(folder: &Path, words: &[&str]) -> String {
    git_as("ines@bank.example", folder, words)
}

fn commit(author: &str, folder: &Path, message: &str) {
    git_as(author, folder, &["add", "."]);
    git_as(author, folder, &["commit", "-q", "-m", message]);
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn spec(principal: &str) -> String {
    format!(
        "kind: feature-spec\nid: credit\ntitle: Credit\nsummary: Decides on loans within a day.\n\
         sign_offs:\n  - {{ role: privacy, principal: {principal}, decision: approved, signed_on: 2026-11-20 }}\n"
    )
}

/// A repository on a branch that has changed nothing yet; Ines has written all of it.
fn repository(config: &str, spec: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "launchgate.yaml", config);
    write(
        root,
        "policies/house/pack.yaml",
        "name: house\nversion: 1.0.0\ntitle: House\n",
    );
    write(root, "policies/house/signed.yaml", RULE);
    write(root, "specs/credit.yaml", spec);
    git(root, &["init", "-q"]);
    commit("ines@bank.example", root, "first");
    git(root, &["checkout", "-q", "-b", "change"]);
    folder
}

struct Told {
    code: Option<i32>,
    /// Verdict and reason of the role.
    privacy: (String, String),
    rules: Vec<String>,
    notices: String,
    stderr: String,
}

fn check(folder: &Path, words: &[&str]) -> Told {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(["check", "--output", "json", "--as-of", "2026-11-22"])
        .args(words)
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let state = &report["documents"][0]["sign_offs"][0];
    let findings = report["findings"].as_array().into_iter().flatten();
    Told {
        code: output.status.code(),
        privacy: (text(&state["verdict"]), text(&state["reason"])),
        rules: findings.map(|finding| text(&finding["rule"])).collect(),
        notices: report["notices"].to_string(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

const SINCE: [&str; 2] = ["--changed-since", "main"];

#[test]
fn who_wrote_a_commit_cannot_sign_it_off() {
    let folder = repository(CONFIG, &spec("ann@bank.example"));
    let root = folder.path();
    let told = check(root, &[]);
    assert_eq!(told.code, Some(0), "{:?} {}", told.rules, told.stderr);
    assert!(!told.notices.contains("git repository"), "{}", told.notices);
    // What Ann writes is hers under every name that the file has had.
    write(
        root,
        "specs/credit.yaml",
        &format!("{}owner: Ann\n", spec("ann@bank.example")),
    );
    commit("Ann@bank.example", root, "second");
    git(root, &["mv", "specs/credit.yaml", "specs/loans.yaml"]);
    commit("ines@bank.example", root, "third");
    for words in [&[][..], &SINCE] {
        let told = check(root, words);
        assert_eq!(told.code, Some(1), "{}", told.stderr);
        assert_eq!(told.privacy.0, "unverified");
        assert!(
            told.privacy.1.contains("wrote a commit"),
            "{}",
            told.privacy.1
        );
    }
    write(
        root,
        "launchgate.yaml",
        &CONFIG.replace("privacy: {", "privacy: { authors_may_sign: true,"),
    );
    assert_eq!(check(root, &[]).code, Some(0));
    // That the change allows it does not help the change.
    let told = check(root, &SINCE);
    assert_eq!(told.code, Some(1));
    assert!(
        told.rules.contains(&"signoff/roots-changed".to_owned()),
        "{:?}",
        told.rules
    );
}

#[test]
fn who_is_named_by_a_trailer_or_a_login_wrote_it_too() {
    for line in [
        "Co-authored-by: Ann Lee <ann@bank.example>",
        "co-authored-by: Ann <12+ann-lee@users.noreply.github.com>",
    ] {
        let folder = repository(CONFIG, &spec("ann@bank.example"));
        let root = folder.path();
        write(
            root,
            "specs/credit.yaml",
            &format!("{}owner: Ann\n", spec("ann@bank.example")),
        );
        commit(
            "ines@bank.example",
            root,
            &format!("Name the owner\n\n{line}"),
        );
        let told = check(root, &[]);
        assert_eq!(told.privacy.0, "unverified", "{line}: {}", told.stderr);
    }
}

#[test]
fn a_history_that_is_cut_off_proves_nothing() {
    let folder = repository(CONFIG, &spec("ann@bank.example"));
    commit_empty(folder.path());
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", folder.path().display());
    git(clone.path(), &["clone", "-q", "--depth", "1", &from, "."]);
    let told = check(clone.path(), &[]);
    assert_eq!(told.code, Some(1));
    assert!(told.privacy.1.contains("shallow"), "{}", told.privacy.1);
    // Without a repository there is nothing to ask, and that is said.
    fs::remove_dir_all(clone.path().join(".git")).unwrap();
    let told = check(clone.path(), &[]);
    assert_eq!(told.code, Some(0), "{:?}", told.rules);
    assert!(
        told.notices.contains("no git repository"),
        "{}",
        told.notices
    );
}

fn commit_empty(folder: &Path) {
    git(folder, &["commit", "-q", "--allow-empty", "-m", "more"]);
}

#[test]
fn a_change_is_judged_by_the_roots_that_it_began_with() {
    let folder = repository(CONFIG, &spec("eve@bank.example"));
    let root = folder.path();
    write(
        root,
        "launchgate.yaml",
        &CONFIG.replace("ann@bank.example]", "ann@bank.example, eve@bank.example]"),
    );
    assert_eq!(check(root, &[]).code, Some(0));
    let told = check(root, &SINCE);
    assert_eq!(told.code, Some(1), "{}", told.stderr);
    assert_eq!(told.privacy.0, "unverified");
    assert!(
        told.privacy.1.contains("not a member"),
        "{}",
        told.privacy.1
    );
    assert!(
        told.rules.contains(&"signoff/roots-changed".to_owned()),
        "{:?}",
        told.rules
    );
    // It makes no difference whether it is committed; once it is merged, it holds.
    commit("ines@bank.example", root, "second");
    assert_eq!(check(root, &SINCE).code, Some(1));
    git(root, &["checkout", "-q", "main"]);
    git(root, &["merge", "-q", "change"]);
    assert_eq!(check(root, &SINCE).code, Some(0));
}

#[test]
fn a_policy_and_what_it_judges_change_one_after_the_other() {
    let folder = repository(CONFIG, &spec("eve@bank.example"));
    let root = folder.path();
    write(
        root,
        "policies/house/signed.yaml",
        &RULE.replace("severity: error", "severity: note"),
    );
    let told = check(root, &SINCE);
    assert_eq!(told.code, Some(0), "{:?}", told.rules);
    assert!(
        told.rules.contains(&"signoff/policies-changed".to_owned()),
        "{:?}",
        told.rules
    );
    write(
        root,
        "specs/credit.yaml",
        &format!("{}owner: Eve\n", spec("eve@bank.example")),
    );
    let told = check(root, &SINCE);
    assert_eq!(told.code, Some(1), "{:?}", told.rules);
}

#[test]
fn an_approval_counts_for_the_commit_that_it_is_of() {
    let strict = CONFIG.replace(
        "sign_offs:\n",
        "sign_offs:\n  minimum_assurance: github-review\n",
    );
    let plain = spec("ann@bank.example")
        .split("sign_offs")
        .next()
        .unwrap()
        .to_owned();
    let folder = repository(&strict, &plain);
    let root = folder.path();
    write(root, "specs/credit.yaml", &format!("{plain}owner: Ines\n"));
    commit("ines@bank.example", root, "second");
    let head = git(root, &["rev-parse", "HEAD"]);
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("reviews.json");
    let file = file.to_str().unwrap();
    let review = |state: &str, commit: &str| {
        let review = json!({ "user": { "login": "ann-lee" }, "state": state, "commit_id": commit, "submitted_at": "2026-11-20T10:00:00Z" });
        fs::write(file, json!([[review]]).to_string()).unwrap();
    };
    let reviews = ["--changed-since", "main", "--github-reviews", file];
    review("APPROVED", &head);
    let told = check(root, &reviews);
    assert_eq!(
        (told.code, &*told.privacy.0),
        (Some(0), "valid"),
        "{}",
        told.stderr
    );
    review("CHANGES_REQUESTED", &head);
    assert_eq!(check(root, &reviews).privacy.0, "rejected");
    review("APPROVED", &head);
    // An edit that nobody has approved, before it is committed and after.
    write(root, "specs/credit.yaml", &format!("{plain}owner: Eve\n"));
    assert_eq!(check(root, &reviews).privacy.0, "stale");
    commit("ines@bank.example", root, "third");
    assert_eq!(check(root, &reviews).privacy.0, "stale");
    // The merge of what was approved, as a pull request is checked out, is still that.
    git(root, &["checkout", "-q", "main"]);
    commit_empty(root);
    git(root, &["merge", "-q", "--no-ff", "-m", "merge", &head]);
    let merged = [
        "--changed-since",
        "HEAD^1",
        "--github-reviews",
        file,
        "--head",
        &head,
    ];
    let told = check(root, &merged);
    assert_eq!(
        (told.code, &*told.privacy.0),
        (Some(0), "valid"),
        "{}",
        told.stderr
    );
    // Elsewhere than on the pull request nobody has approved what it did not change.
    let told = check(
        root,
        &[
            "--changed-since",
            "HEAD",
            "--github-reviews",
            file,
            "--head",
            &head,
        ],
    );
    assert_ne!(told.privacy.0, "valid");
}

#[test]
fn reviews_that_are_none_are_an_input_error() {
    let folder = repository(CONFIG, &spec("ann@bank.example"));
    let root = folder.path();
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("reviews.json");
    let file = file.to_str().unwrap();
    let words = ["--github-reviews", file];
    let told = check(root, &words);
    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("nothing is there"), "{}", told.stderr);
    fs::write(file, "{}").unwrap();
    let told = check(root, &words);
    assert_eq!(
        (told.code, told.rules),
        (Some(2), vec!["input/github-reviews".to_owned()])
    );
    fs::write(file, "[]").unwrap();
    assert_eq!(check(root, &words).code, Some(0));
    let told = check(root, &["--github-reviews", file, "--head", "nowhere"]);
    assert_eq!(told.code, Some(2));
    assert!(
        told.stderr.contains("git knows no commit"),
        "{}",
        told.stderr
    );
}

//! `.pre-commit-hooks.yaml`, run by the real `pre-commit` over real commits.
#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether `pre-commit` is there; where it must be and is not, the test fails.
fn can_run() -> bool {
    tools::are_there(&["pre-commit"])
}

/// A repository of specs with the hooks of this checkout in place.
struct Repository {
    folder: TempDir,
    hooks: TempDir,
}

impl Repository {
    fn with_hook(id: &str) -> Self {
        let hooks = tempfile::tempdir().unwrap();
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
            hooks,
        };
        repository.publish(id);
        let spec = "kind: feature-spec\nid: card\ntitle: Card\nowner: Maria Weber\n";
        for (path, text) in [
            ("launchgate.yaml", "packs: [./policies/house]\n"),
            (
                "policies/house/pack.yaml",
                "name: house\nversion: 1.0.0\ntitle: House\n",
            ),
            ("policies/house/owner.yaml", RULE),
            ("specs/card.yaml", spec),
            ("notes.yaml", "just: notes\n"),
        ] {
            repository.write(path, text);
        }
        repository.git(&["init", "-q"]);
        let installed = repository
            .command("pre-commit")
            .arg("install")
            .output()
            .unwrap();
        assert!(installed.status.success(), "{installed:?}");
        repository
    }

    /// The hooks as a repository with a commit, as users name it in their config.
    fn publish(&self, id: &str) {
        let source = self.hooks.path();
        if id == "launchgate" {
            // The hook is built from what is committed there: the files that git knows here.
            let listed = Command::new("git")
                .current_dir(root())
                .args([
                    "ls-files",
                    "-z",
                    "--cached",
                    "--others",
                    "--exclude-standard",
                ])
                .output()
                .unwrap();
            for path in String::from_utf8(listed.stdout)
                .unwrap()
                .split_terminator('\0')
            {
                let Ok(bytes) = fs::read(root().join(path)) else {
                    continue;
                };
                fs::create_dir_all(source.join(path).parent().unwrap()).unwrap();
                fs::write(source.join(path), bytes).unwrap();
            }
        } else {
            let hooks = ".pre-commit-hooks.yaml";
            fs::copy(root().join(hooks), source.join(hooks)).unwrap();
        }
        for words in [
            &["init", "-q"][..],
            &["add", "--force", "."],
            &["commit", "-q", "-m", "hooks"],
        ] {
            git(source, words);
        }
        let commit = git(source, &["rev-parse", "HEAD"]);
        self.write(
            ".pre-commit-config.yaml",
            &format!(
                "repos:\n  - repo: {}\n    rev: {commit}\n    hooks: [{{ id: {id} }}]\n",
                source.display()
            ),
        );
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A program in the repository, with the built binary on its path.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let own = Path::new(env!("CARGO_BIN_EXE_launchgate"))
            .parent()
            .unwrap();
        let inherited = std::env::var_os("PATH").unwrap();
        let path = std::iter::once(PathBuf::from(own)).chain(std::env::split_paths(&inherited));
        command
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("PRE_COMMIT_HOME", self.hooks.path().join(".cache"));
        if let Some(target) = Path::new(env!("CARGO_BIN_EXE_launchgate"))
            .ancestors()
            .nth(2)
        {
            // What the hook builds is shared with the other builds of this checkout.
            command.env("CARGO_TARGET_DIR", target);
        }
        command
    }

    fn git(&self, words: &[&str]) -> Output {
        self.command("git")
            .args(IDENTITY)
            .args(words)
            .output()
            .unwrap()
    }

    /// Stages everything and commits; whether the commit went through, and what was said.
    fn commit(&self) -> (bool, String) {
        self.git(&["add", "-A"]);
        let output = self.git(&["commit", "-m", "change"]);
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }
}

const IDENTITY: [&str; 8] = [
    "-c",
    "user.name=T",
    "-c",
    "user.email=t@example.org",
    "-c",
    "init.defaultBranch=main",
    "-c",
    "commit.gpgsign=false",
];

const RULE: &str = "\
rule: house/owner
title: Somebody answers
description: Questions need one person to go to.
severity: error
applies_to: feature-spec
blocks_from: draft
require:
  - present: doc.owner
  - doc.?references.orValue([]).all(r, ref(r.document).id != '')
examples:
  - { name: a, pass: { owner: Maria } }
  - { name: b, fail: { id: a } }
  - { name: c, unknown: { owner: Maria, references: [{ title: T, document: gone }] } }
";

fn git(folder: &Path, words: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(IDENTITY)
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The life of a repository, commit by commit.
fn holds_commits(id: &str) {
    let repository = Repository::with_hook(id);
    let (through, said) = repository.commit();
    assert!(through, "a clean commit passes: {said}");

    repository.write(
        "specs/bad.yaml",
        "kind: feature-spec\nid: bad\ntitle: Bad\n",
    );
    let (through, said) = repository.commit();
    assert!(!through, "a violating commit is stopped: {said}");
    assert!(
        said.contains("house/owner") && said.contains("specs/bad.yaml:1:1"),
        "{said}"
    );

    repository.write(
        "specs/bad.yaml",
        "kind: feature-spec\nid: bad\ntitle: Bad\nowner: Maria Weber\nreferences: [{ title: The card, document: card }]\n",
    );
    let (through, said) = repository.commit();
    assert!(through, "what a changed document refers to is read: {said}");

    repository.write("main.rs", "fn main() {}\n");
    let (through, said) = repository.commit();
    assert!(
        through && said.contains("Skipped"),
        "no document, no check: {said}"
    );

    repository.write("notes.yaml", "other: notes\n");
    let (through, said) = repository.commit();
    assert!(through, "a file that is no document is passed over: {said}");

    let from = repository.folder.path().join("specs/bad.yaml");
    fs::rename(from, repository.folder.path().join("specs/good.yaml")).unwrap();
    let (through, said) = repository.commit();
    assert!(
        through,
        "a renamed document is checked under its new name: {said}"
    );

    fs::remove_file(repository.folder.path().join("specs/good.yaml")).unwrap();
    let (through, said) = repository.commit();
    assert!(through, "a deleted document is none to check: {said}");

    for number in 0..40 {
        let text = format!("kind: feature-spec\nid: s{number}\ntitle: T\nowner: Maria\n");
        repository.write(&format!("specs/many/{number} and more.yaml"), &text);
    }
    repository.write(
        "specs/many/last.yaml",
        "kind: feature-spec\nid: last\ntitle: Last\n",
    );
    let (through, said) = repository.commit();
    assert!(!through, "one of many is found: {said}");
    assert_eq!(said.matches("error[house/owner]").count(), 1, "{said}");
}

#[test]
fn the_hook_for_an_installed_binary_holds_commits() {
    if can_run() {
        holds_commits("launchgate-system");
    }
}

#[test]
fn the_hook_that_builds_holds_commits() {
    if !tools::are_required() {
        println!("skipped: the build takes minutes; LAUNCHGATE_REQUIRE_TOOLS=1 runs it");
    } else if can_run() {
        holds_commits("launchgate");
    }
}

/// What users try first.
#[test]
fn try_repo_runs_the_hook() {
    if !can_run() {
        return;
    }
    let repository = Repository::with_hook("launchgate-system");
    repository.write(
        "specs/bad.yaml",
        "kind: feature-spec\nid: bad\ntitle: Bad\n",
    );
    repository.git(&["add", "-A"]);
    let output = repository
        .command("pre-commit")
        .arg("try-repo")
        .arg(repository.hooks.path())
        .args(["launchgate-system", "--all-files"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("house/owner"), "{said}");
}

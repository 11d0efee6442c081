//! `action.yml`: its steps run as a runner runs them, over a real repository with a pull request.
#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../common/git.rs"]
mod git;
mod runner;

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use git::git;
use runner::{Job, Ran};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const PACK: &str = "name: house\nversion: 1.0.0\ntitle: House\n";

const RULE: &str = "\
rule: house/owner
title: Somebody answers
description: Questions need one person to go to.
severity: error
applies_to: feature-spec
blocks_from: draft
require: [present: doc.owner]
examples:
  - { name: a, pass: { owner: Maria } }
  - { name: b, fail: { id: a } }
";

/// A repository in which a pull request is checked out as GitHub does it: the merge of the base and
/// the branch.
struct PullRequest {
    folder: TempDir,
    base: String,
}

fn spec(id: &str, owner: bool) -> String {
    let owner = if owner { "owner: Maria Weber\n" } else { "" };
    format!("kind: feature-spec\nid: {id}\ntitle: {id}\n{owner}")
}

impl PullRequest {
    /// `changes`: path and new text of what the branch changes.
    fn with(changes: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("launchgate.yaml", "packs: [./policies/house]\n");
        write("policies/house/pack.yaml", PACK);
        write("policies/house/owner.yaml", RULE);
        // It has no owner, and nobody has touched it: not what this pull request is about.
        write("specs/old.yaml", &spec("old", false));
        git(root, &["init", "-q"]);
        git(root, &["add", "."]);
        git(root, &["commit", "-q", "-m", "first"]);
        git(root, &["checkout", "-q", "-b", "change"]);
        for (path, text) in changes {
            write(path, text);
        }
        git(root, &["add", "."]);
        git(root, &["commit", "-q", "--allow-empty", "-m", "second"]);
        git(root, &["checkout", "-q", "main"]);
        git(root, &["commit", "-q", "--allow-empty", "-m", "meanwhile"]);
        let base = git(root, &["rev-parse", "HEAD"]);
        git(root, &["merge", "-q", "--no-ff", "-m", "merge", "change"]);
        Self { folder, base }
    }

    fn payload(&self) -> Json {
        json!({ "pull_request": { "number": 7, "base": { "sha": self.base } } })
    }

    fn run(&self, inputs: &[(&str, &str)]) -> Ran {
        self.run_with(inputs, self.payload(), &[], &[])
    }

    fn run_with(
        &self,
        inputs: &[(&str, &str)],
        payload: Json,
        path: &[PathBuf],
        env: &[(&str, String)],
    ) -> Ran {
        runner::run(&Job {
            workspace: self.folder.path(),
            event: "pull_request",
            payload,
            inputs,
            env,
            path,
            done: &[("install", "launchgate", env!("CARGO_BIN_EXE_launchgate"))],
        })
    }
}

fn output<'r>(ran: &'r Ran, name: &str) -> &'r str {
    &ran.outputs[name]
}

fn report(ran: &Ran) -> Json {
    serde_json::from_str(&fs::read_to_string(output(ran, "report")).unwrap()).unwrap()
}

#[test]
fn a_pull_request_that_holds_is_green() {
    let ran = PullRequest::with(&[("specs/new.yaml", &spec("new", true))]).run(&[]);
    assert!(ran.green, "{}{}", ran.log, ran.errors);
    assert_eq!(
        (output(&ran, "result"), output(&ran, "findings")),
        ("pass", "0")
    );
    assert!(ran.summary.contains("launchgate: PASS"), "{}", ran.summary);
}

#[test]
fn a_pull_request_that_does_not_hold_is_red_and_says_where() {
    let ran = PullRequest::with(&[("specs/new.yaml", &spec("new", false))]).run(&[]);
    assert!(!ran.green, "{}", ran.log);
    assert_eq!(
        (output(&ran, "result"), output(&ran, "findings")),
        ("fail", "1")
    );
    let annotation = ran.log.lines().find(|line| line.starts_with("::error "));
    let annotation = annotation.unwrap_or_else(|| panic!("{}", ran.log));
    assert!(annotation.contains("file=specs/new.yaml"), "{annotation}");
    assert!(ran.summary.contains("house/owner"), "{}", ran.summary);
    assert_eq!(report(&ran)["summary"]["verdict"], "fail");
    let sarif = fs::read_to_string(output(&ran, "sarif")).unwrap();
    let sarif: Json = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
}

#[test]
fn the_whole_repository_is_checked_where_that_is_asked_for() {
    let request = PullRequest::with(&[("specs/new.yaml", &spec("new", true))]);
    let ran = request.run(&[("changed-only", "false")]);
    assert_eq!((ran.green, output(&ran, "findings")), (false, "1"));
    let ran = request.run(&[("paths", "specs/new.yaml\n")]);
    assert_eq!((ran.green, output(&ran, "findings")), (true, "0"));
    let ran = runner::run(&Job {
        workspace: request.folder.path(),
        event: "push",
        payload: json!({}),
        inputs: &[],
        env: &[],
        path: &[],
        done: &[("install", "launchgate", env!("CARGO_BIN_EXE_launchgate"))],
    });
    assert_eq!((ran.green, output(&ran, "findings")), (false, "1"));
}

#[test]
fn only_what_is_new_counts_where_that_is_asked_for() {
    let inputs = [("new-only", "true")];
    // It is touched, and has no owner as before.
    let touched = format!("{}# touched\n", spec("old", false));
    let request = PullRequest::with(&[("specs/old.yaml", &touched)]);
    assert!(!request.run(&[]).green);
    for more in [&[][..], &[("paths", "specs")], &[("changed-only", "false")]] {
        let ran = request.run(&[&inputs[..], more].concat());
        assert!(ran.green, "{more:?}: {}{}", ran.log, ran.errors);
        assert_eq!(output(&ran, "findings"), "0");
        assert!(ran.summary.contains("1 there before"), "{}", ran.summary);
        assert!(!ran.log.contains("::error"), "{}", ran.log);
    }
    // A policy that asks for more is new in a document that nobody touched.
    let more = RULE.replace("house/owner", "house/summary");
    let more = more
        .replace("doc.owner", "doc.summary")
        .replace("owner:", "summary:");
    let ran = PullRequest::with(&[("policies/house/summary.yaml", &more)]).run(&inputs);
    assert_eq!((ran.green, output(&ran, "findings")), (false, "1"));
    assert!(ran.log.contains("file=specs/old.yaml"), "{}", ran.log);
}

#[test]
fn a_pull_request_that_touches_no_document_is_green_and_says_so() {
    let ran = PullRequest::with(&[("main.rs", "fn main() {}\n")]).run(&[]);
    assert!(ran.green, "{}{}", ran.log, ran.errors);
    assert_eq!(output(&ran, "result"), "pass");
    assert!(
        ran.summary.contains("nothing to do with what changed"),
        "{}",
        ran.summary
    );
}

#[test]
fn a_broken_policy_is_red_and_no_verdict() {
    let broken = RULE.replace("doc.owner", "doc.onwer");
    let ran = PullRequest::with(&[("policies/house/owner.yaml", &broken)]).run(&[]);
    assert!(!ran.green);
    assert_eq!(output(&ran, "result"), "error");
    assert_eq!(output(&ran, "sarif"), "");
    assert!(ran.log.contains("did you mean `owner`?"), "{}", ran.log);
}

#[test]
fn names_are_data() {
    let hostile = "specs/a b;touch $(touch pwned)`touch pwned`&x.yaml";
    let request = PullRequest::with(&[(hostile, &spec("hostile", false))]);
    for inputs in [&[][..], &[("paths", hostile)]] {
        let ran = request.run(inputs);
        assert_eq!(
            (ran.green, output(&ran, "findings")),
            (false, "1"),
            "{}",
            ran.errors
        );
        assert_eq!(report(&ran)["findings"][0]["location"]["path"], hostile);
    }
    let ran = request.run(&[
        ("config", "$(touch pwned).yaml"),
        ("stage", "; touch pwned"),
    ]);
    assert!(!ran.green);
    assert!(!request.folder.path().join("pwned").exists());
    let ran = request.run(&[("paths", "--version")]);
    assert_eq!(
        (ran.green, output(&ran, "result")),
        (false, "error"),
        "{}",
        ran.log
    );
}

#[test]
fn what_cannot_be_known_is_red() {
    let request = PullRequest::with(&[("specs/new.yaml", &spec("new", true))]);
    let ran = request.run_with(&[], json!({ "pull_request": { "number": 7 } }), &[], &[]);
    assert_eq!((ran.green, output(&ran, "result")), (false, "error"));
    assert!(ran.log.contains("names no base"), "{}", ran.log);
    let unknown = json!({ "pull_request": { "base": { "sha": "f".repeat(40) } } });
    let ran = request.run_with(&[], unknown, &[], &[]);
    assert!(!ran.green, "{}", ran.log);
    assert!(ran.errors.contains("git knows no commit"), "{}", ran.errors);
    let unnamed = json!({ "pull_request": { "number": 7 } });
    let ran = request.run_with(&[("new-only", "true")], unnamed, &[], &[]);
    assert_eq!((ran.green, output(&ran, "result")), (false, "error"));
    for input in ["changed-only", "new-only"] {
        let ran = request.run(&[(input, "yes")]);
        assert!(!ran.green, "{input}: {}", ran.log);
    }
}

/// A program in a folder of its own.
fn program(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn findings_go_to_code_scanning_and_into_one_comment_where_that_is_asked_for() {
    let request = PullRequest::with(&[("specs/new.yaml", &spec("new", false))]);
    let kept = tempfile::tempdir().unwrap();
    // What `gh` is told is kept; the first time there is no comment of ours, the second time there is.
    let gh = program(
        "gh",
        "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$KEPT/calls\"\n\
         for word in \"$@\"; do case \"$word\" in body=@*) cp \"${word#body=@}\" \"$KEPT/body\";; esac; done\n\
         while [ $# -gt 0 ]; do [ \"$1\" != --input ] || cp \"$2\" \"$KEPT/upload\"; shift; done\n\
         [ ! -f \"$KEPT/comments\" ] || cat \"$KEPT/comments\"\n",
    );
    let env = [("KEPT", kept.path().to_str().unwrap().to_owned())];
    let inputs = [("sarif-upload", "true"), ("comment", "true")];
    let path = [gh.path().to_owned()];
    let ran = request.run_with(&inputs, request.payload(), &path, &env);
    assert!(!ran.green);
    let read = |name: &str| fs::read_to_string(kept.path().join(name)).unwrap();
    let calls = read("calls");
    assert!(
        calls.contains("POST repos/bank/specs/code-scanning/sarifs"),
        "{calls}"
    );
    assert!(
        calls.contains("POST repos/bank/specs/issues/7/comments"),
        "{calls}"
    );
    assert!(
        read("body").starts_with("<!-- launchgate -->\n"),
        "{}",
        read("body")
    );
    assert!(read("body").contains("house/owner"), "{}", read("body"));
    let upload: Json = serde_json::from_str(&read("upload")).unwrap();
    assert_eq!(upload["ref"], "refs/pull/7/merge");
    fs::write(kept.path().join("comments"), "4711\n").unwrap();
    request.run_with(&inputs, request.payload(), &path, &env);
    assert!(
        read("calls").contains("PATCH repos/bank/specs/issues/comments/4711"),
        "{}",
        read("calls")
    );
    let quiet = tempfile::tempdir().unwrap();
    let env = [("KEPT", quiet.path().to_str().unwrap().to_owned())];
    request.run_with(&[], request.payload(), &path, &env);
    assert!(!quiet.path().join("calls").exists());
}

/// A `gh` that keeps what it is told, and answers with what `$KEPT/answer` holds, if that is there.
const ANSWERING: &str =
    "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$KEPT/calls\"\ncat \"$KEPT/answer\"\n";

#[test]
fn reviews_are_handed_to_the_gate_where_that_is_asked_for() {
    let request = PullRequest::with(&[("specs/new.yaml", &spec("new", true))]);
    let head = git(request.folder.path(), &["rev-parse", "HEAD^2"]);
    let mut payload = request.payload();
    payload["pull_request"]["head"] = json!({ "sha": head });
    let gh = program("gh", ANSWERING);
    let path = [gh.path().to_owned()];
    let run = |inputs: &[(&str, &str)], event: &str, answer: Option<&str>| {
        let kept = tempfile::tempdir().unwrap();
        if let Some(answer) = answer {
            fs::write(kept.path().join("answer"), answer).unwrap();
        }
        let ran = runner::run(&Job {
            workspace: request.folder.path(),
            event,
            payload: payload.clone(),
            inputs,
            env: &[("KEPT", kept.path().to_str().unwrap().to_owned())],
            path: &path,
            done: &[("install", "launchgate", env!("CARGO_BIN_EXE_launchgate"))],
        });
        let calls = fs::read_to_string(kept.path().join("calls")).unwrap_or_default();
        (ran, calls)
    };
    let asked = [("github-reviews", "true")];
    let (ran, calls) = run(&asked, "pull_request", Some("[[]]"));
    assert!(ran.green, "{}{}", ran.log, ran.errors);
    assert_eq!(
        calls,
        "api --paginate --slurp repos/bank/specs/pulls/7/reviews\n"
    );
    // An approval that comes later is a run of its own.
    let (ran, calls) = run(&asked, "pull_request_review", Some("[[]]"));
    assert!(ran.green && !calls.is_empty(), "{}{}", ran.log, ran.errors);
    // What it answers reaches the gate.
    let (ran, _) = run(&asked, "pull_request", Some("{}"));
    assert_eq!((ran.green, output(&ran, "result")), (false, "error"));
    assert!(ran.log.contains("no list of reviews"), "{}", ran.log);
    let (ran, _) = run(&asked, "pull_request", None);
    assert!(!ran.green);
    assert!(ran.log.contains("pull-requests: read"), "{}", ran.log);
    let (ran, calls) = run(&[], "pull_request", None);
    assert!(ran.green && calls.is_empty(), "{calls}");
    let (ran, calls) = run(&asked, "push", None);
    assert!(
        !ran.log.contains("reviews") && calls.is_empty(),
        "{}",
        ran.log
    );
    let (ran, _) = run(&[("github-reviews", "yes")], "pull_request", None);
    assert!(
        !ran.green && ran.log.contains("true or false"),
        "{}",
        ran.log
    );
}

/// Runs the steps with the one that gets launchgate.
fn install(inputs: &[(&str, &str)], path: &[PathBuf]) -> Ran {
    let request = PullRequest::with(&[("specs/new.yaml", &spec("new", true))]);
    runner::run(&Job {
        workspace: request.folder.path(),
        event: "pull_request",
        payload: request.payload(),
        inputs,
        env: &[],
        path,
        done: &[],
    })
}

#[test]
fn a_release_is_taken_by_version_and_checksum_only() {
    let folder = tempfile::tempdir().unwrap();
    let name = "launchgate-0.1.0-x86_64-unknown-linux-musl";
    let inside = folder.path().join(name);
    fs::create_dir(&inside).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_launchgate"), inside.join("launchgate")).unwrap();
    let archive = folder.path().join("release.tar.gz");
    let packed = Command::new("tar")
        .arg("-czf")
        .args([&archive, Path::new("-C")])
        .arg(folder.path())
        .arg(name)
        .status();
    assert!(packed.unwrap().success());
    let digest = Sha256::digest(fs::read(&archive).unwrap());
    let digest = digest.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    // The one part of a release that a test cannot have is the network.
    let curl = program(
        "curl",
        &format!(
            "#!/bin/sh\nfor word in \"$@\"; do url=$word; done\n\
             [ \"$url\" = https://github.com/bank/launchgate/releases/download/v0.1.0/{name}.tar.gz ] || exit 22\n\
             while [ $# -gt 0 ]; do [ \"$1\" != --output ] || cp '{}' \"$2\"; shift; done\n",
            archive.display()
        ),
    );
    let path = [curl.path().to_owned()];
    let ran = install(&[("version", "0.1.0"), ("sha256", &digest)], &path);
    assert!(ran.green, "{}{}", ran.log, ran.errors);
    assert_eq!(output(&ran, "result"), "pass");
    for (version, sha256, said) in [
        ("0.1.0", "", "only taken with its sha256"),
        (
            "0.1.0",
            &*"0".repeat(64),
            "is not the one that sha256 names",
        ),
        ("0.2.0", &digest, "cannot be downloaded"),
        ("latest", &digest, "no version"),
        ("0.1.0/../../x", &digest, "no version"),
        ("", &digest, "without the version"),
    ] {
        let ran = install(&[("version", version), ("sha256", sha256)], &path);
        assert!(!ran.green, "{version} {sha256}");
        assert!(ran.log.contains(said), "{version} {sha256}: {}", ran.log);
        assert_eq!(output(&ran, "result"), "");
    }
}

#[test]
fn without_a_version_it_is_built_from_the_checkout() {
    if std::env::var_os("LAUNCHGATE_REQUIRE_TOOLS").is_none() {
        println!("skipped: a release build takes minutes; LAUNCHGATE_REQUIRE_TOOLS=1 runs it");
        return;
    }
    let request = PullRequest::with(&[("specs/new.yaml", &spec("new", true))]);
    // The build of this checkout is shared, as a runner's cache would.
    let target = Path::new(env!("CARGO_BIN_EXE_launchgate"))
        .ancestors()
        .nth(2)
        .unwrap();
    let wrapper = program(
        "cargo",
        &format!(
            "#!/bin/bash\nwords=()\nwhile [ $# -gt 0 ]; do\n  if [ \"$1\" = --target-dir ]; then mkdir -p \"$2\"; rmdir \"$2\"; \
             ln -s '{}' \"$2\"; fi\n  words+=(\"$1\"); shift\ndone\nexec '{}' \"${{words[@]}}\"\n",
            target.display(),
            env!("CARGO")
        ),
    );
    let ran = runner::run(&Job {
        workspace: request.folder.path(),
        event: "pull_request",
        payload: request.payload(),
        inputs: &[],
        env: &[],
        path: &[wrapper.path().to_owned()],
        done: &[],
    });
    assert!(ran.green, "{}{}", ran.log, ran.errors);
    assert_eq!(output(&ran, "result"), "pass");
}

/// What an input holds never becomes part of a script: only variables carry it.
#[test]
fn no_script_holds_an_expression() {
    let action = runner::action();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let run = step["run"].as_str().unwrap();
        assert!(!run.contains("${{"), "{run}");
    }
}

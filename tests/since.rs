//! `check --since`: what is new against the merge base, over real git repositories.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/git.rs"]
mod git;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use launchgate::finding::Stage;
use launchgate::signoff::ContentDigest;
use launchgate::signoff::statement::{
    Decision, Identity, PolicyDigest, SignOff, Statement, Subject,
};
use launchgate::signoff::store::file_name;
use serde_json::Value;
use tempfile::TempDir;

use git::git;

const OWNER: &str = "\
rule: house/owner
title: Somebody answers
description: Questions need one person to go to.
severity: error
applies_to: [feature-spec, model-card]
blocks_from: in-review
require: [present: doc.owner]
examples:
  - { name: a, pass: { kind: feature-spec, owner: Maria } }
  - { name: b, fail: { kind: feature-spec, id: a } }
";

const RETENTION: &str = "\
rule: house/retention
title: Data goes in time
description: What is kept for long is lost one day.
severity: error
applies_to: feature-spec
blocks_from: draft
params:
  limit: { type: duration, default: P5Y, description: How long }
for_each: doc.data
require: [\"days(item.retention) <= days(params.limit)\"]
message: \"`{item.name}` is kept for {item.retention}\"
";

const SCANS: &str = "\
rule: house/scans
title: Reports are there
description: A report that nobody has says nothing.
severity: error
applies_to: feature-spec
blocks_from: draft
for_each: doc.security.scans
require: [\"file(item.path).status == 'present'\"]
";

const CARDS: &str = "\
rule: house/cards
title: Models are owned
description: A model without an owner is nobody's.
severity: error
applies_to: feature-spec
blocks_from: draft
for_each: doc.models
require: [\"ref(item.card).owner != ''\"]
";

const SIGNED: &str = "\
rule: house/signed
title: Privacy has looked at it
description: Somebody else looks as well.
severity: error
applies_to: feature-spec
blocks_from: draft
when: doc.id == 'credit'
params:
  roles: { type: list, of: string, default: [privacy], description: Who }
for_each: params.roles
require: [\"signoff(item).status != 'missing'\"]
";

/// Fails `house/owner` and, by `address`, `house/retention`; `income` is within the limit.
const CREDIT: &str = "\
kind: feature-spec
id: credit
title: Credit
status: in-review
data:
  - { name: income, retention: P3Y }
  - { name: address, retention: P9Y }
security:
  scans: [{ tool: semgrep, path: ../evidence/scan.json }]
models: [{ card: score, version: 1.0.0 }]
";

const CARD: &str = "\
kind: model-card
id: score
title: Score
status: in-review
owner: Maria
";

struct Repository {
    folder: TempDir,
}

/// A finding: rule, document or path, and its message.
type Named = (String, String, String);

struct Checked {
    code: Option<i32>,
    /// New ones, in the order of the report.
    new: Vec<Named>,
    /// How many were there before.
    existing: usize,
    report: Value,
    stderr: String,
}

impl Checked {
    /// Rule and document of what is new.
    fn named(&self) -> Vec<(&str, &str)> {
        let new = self.new.iter();
        new.map(|(rule, of, _)| (rule.as_str(), of.as_str()))
            .collect()
    }

    fn says(&self, text: &str) -> bool {
        self.report["notices"].to_string().contains(text)
    }
}

impl Repository {
    /// On the branch `change`, just made from `main`.
    fn new() -> Self {
        let repository = Self::empty();
        let signed = Statement::new(
            Subject {
                name: "specs/credit.yaml".to_owned(),
                digest: ContentDigest::of(CREDIT.as_bytes()),
            },
            Vec::new(),
            SignOff {
                role: "privacy".to_owned(),
                principal: "ann@bank.example".to_owned(),
                decision: Decision::Approved,
                conditions: None,
                reason: None,
                document: Identity {
                    kind: "feature-spec".to_owned(),
                    id: "credit".to_owned(),
                },
                stage: Stage::Launched,
                scope: Vec::new(),
                contents: Vec::new(),
                policies: PolicyDigest {
                    sha256: "0".repeat(64),
                },
                acknowledged: Vec::new(),
                issued: "2026-11-01".parse().unwrap(),
                expires: "2027-11-01".parse().unwrap(),
                supersedes: None,
            },
        );
        for (path, text) in [
            ("launchgate.yaml", CONFIG),
            (
                "policies/house/pack.yaml",
                "name: house\nversion: 1.0.0\ntitle: House\n",
            ),
            ("policies/house/owner.yaml", OWNER),
            ("policies/house/retention.yaml", RETENTION),
            ("policies/house/scans.yaml", SCANS),
            ("policies/house/cards.yaml", CARDS),
            ("policies/house/signed.yaml", SIGNED),
            ("specs/credit.yaml", CREDIT),
            ("cards/score.yaml", CARD),
            ("evidence/scan.json", "{}\n"),
            (&sign_off(), &signed.to_json()),
        ] {
            repository.write(path, text);
        }
        repository.commit();
        repository.git(&["checkout", "-q", "-b", "change"]);
        repository
    }

    fn empty() -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        repository.git(&["init", "-q"]);
        repository
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, words: &[&str]) -> String {
        git(self.root(), words)
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "change"]);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    fn check(&self, words: &[&str]) -> Checked {
        check(self.root(), &[&["--since", "main"], words].concat())
    }
}

const CONFIG: &str = "packs: [./policies/house]\nsign_offs: { roles: { privacy: {} } }\n";

/// What `main` has: `house/owner` and `house/retention` of `credit`, and what is said of the sign-off.
const THERE: usize = 3;

fn sign_off() -> String {
    format!(
        "signoffs/credit/{}",
        file_name("privacy", "ann@bank.example")
    )
}

fn run(folder: &Path, words: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(["check", "--as-of", "2026-11-22"])
        .args(words)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), output.stdout, stderr)
}

fn check(folder: &Path, words: &[&str]) -> Checked {
    let (code, stdout, stderr) = run(folder, &[&["--output", "json"], words].concat());
    let report: Value = serde_json::from_slice(&stdout).unwrap_or_default();
    let findings = report["findings"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (existing, new): (Vec<_>, Vec<_>) =
        findings.partition(|finding| !finding["existing"].is_null());
    assert!(existing.iter().all(|finding| finding["blocking"] == false));
    let counted = report["summary"]["existing"].as_u64().unwrap_or_default();
    assert_eq!(counted, existing.len() as u64);
    // That a change alters roots and policies is said beside what it breaks; tests/trust_roots.rs asks for it.
    let told = ["signoff/roots-changed", "signoff/policies-changed"];
    let breaks = |finding: &&Value| !told.iter().any(|rule| finding["rule"] == **rule);
    let named = |finding: &Value| {
        let of = match &finding["document"] {
            Value::Null => &finding["location"]["path"],
            document => &document["id"],
        };
        (text(&finding["rule"]), text(of), text(&finding["message"]))
    };
    Checked {
        code,
        new: new.into_iter().filter(breaks).map(named).collect(),
        existing: existing.len(),
        stderr,
        report,
    }
}

#[test]
fn what_was_there_does_not_count_and_what_is_new_does() {
    let repository = Repository::new();
    let whole = check(repository.root(), &[]);
    assert_eq!((whole.code, whole.new.len()), (Some(1), THERE));
    let checked = repository.check(&[]);
    assert_eq!(
        (checked.code, checked.new.len(), checked.existing),
        (Some(0), 0, THERE),
        "{:?}",
        checked.new
    );
    assert!(
        checked.says("3 findings were there before"),
        "{checked:?}",
        checked = checked.report["notices"]
    );

    repository.edit("cards/score.yaml", "owner: Maria\n", "");
    repository.edit("specs/credit.yaml", "P3Y", "P6Y");
    let checked = repository.check(&[]);
    assert_eq!(checked.code, Some(1));
    let wanted = [
        ("house/owner", "score"),
        ("house/cards", "credit"),
        ("house/retention", "credit"),
    ];
    let mut named = checked.named();
    named.sort_unstable();
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    assert_eq!(named, wanted);
    assert_eq!(checked.existing, THERE);
    repository.commit();
    let committed = repository.check(&[]);
    assert_eq!(committed.new, checked.new);

    // What happens on `main` meanwhile is none of this branch's doing.
    repository.git(&["checkout", "-q", "main"]);
    repository.edit(
        "specs/credit.yaml",
        "id: credit\n",
        "id: credit\nowner: Maria\n",
    );
    repository.commit();
    repository.git(&["checkout", "-q", "change"]);
    assert_eq!(repository.check(&[]).new, checked.new);
}

#[test]
fn a_value_that_is_another_now_is_another_finding() {
    let repository = Repository::new();
    repository.edit("specs/credit.yaml", "P9Y", "P10Y");
    let checked = repository.check(&[]);
    assert_eq!(checked.code, Some(1));
    assert_eq!(checked.named(), [("house/retention", "credit")]);
}

#[test]
fn a_policy_that_is_tightened_reports_what_it_newly_breaks() {
    let repository = Repository::new();
    repository.edit("policies/house/retention.yaml", "P5Y", "P2Y");
    let checked = repository.check(&[]);
    assert_eq!(checked.code, Some(1));
    let [(rule, of, message)] = checked.new.as_slice() else {
        panic!("{:?}", checked.new);
    };
    assert_eq!((rule.as_str(), of.as_str()), ("house/retention", "credit"));
    assert!(message.contains("`income`"), "{message}");
    assert_eq!(checked.existing, THERE);

    // By the config, by severity and by a rule that is new.
    let repository = Repository::new();
    repository.write(
        "launchgate.yaml",
        &format!("{CONFIG}params: {{ house/retention: {{ limit: P2Y }} }}\n"),
    );
    assert_eq!(repository.check(&[]).new, checked.new);
    let repository = Repository::new();
    repository.write(
        "policies/house/version.yaml",
        &OWNER
            .replace("house/owner", "house/version")
            .replace("doc.owner", "doc.version")
            .replace("owner:", "version:"),
    );
    let checked = repository.check(&[]);
    assert!(checked.named().contains(&("house/version", "credit")));
    assert_eq!(checked.existing, THERE);
}

#[test]
fn what_did_not_block_and_does_now_is_new() {
    // A rule that was a warning, and a document that was a draft.
    for (path, from, to) in [
        (
            "policies/house/owner.yaml",
            "severity: warning",
            "severity: error",
        ),
        ("specs/credit.yaml", "status: draft", "status: in-review"),
    ] {
        let repository = Repository::new();
        repository.git(&["checkout", "-q", "main"]);
        repository.edit(path, to, from);
        repository.commit();
        repository.git(&["branch", "-f", "change", "main"]);
        repository.git(&["checkout", "-q", "change"]);
        let before = repository.check(&[]);
        assert_eq!((before.code, before.existing), (Some(0), THERE), "{path}");
        repository.edit(path, from, to);
        let checked = repository.check(&[]);
        assert_eq!(checked.code, Some(1), "{path}");
        assert!(
            checked.named().contains(&("house/owner", "credit")),
            "{path}: {:?}",
            checked.new
        );
    }
}

#[test]
fn what_a_document_rests_on_breaks_it_untouched() {
    type Change = fn(&Repository);
    let cases: [(&str, Change); 3] = [
        ("house/scans", |it| it.write("evidence/scan.json", "")),
        ("house/cards", |it| {
            it.edit("cards/score.yaml", "owner: Maria\n", "");
        }),
        ("house/signed", |it| it.remove(&sign_off())),
    ];
    for (rule, change) in cases {
        let repository = Repository::new();
        change(&repository);
        let checked = repository.check(&[]);
        assert_eq!(checked.code, Some(1), "{rule}");
        let named = checked.named();
        assert!(named.contains(&(rule, "credit")), "{rule}: {named:?}");
        // Of a sign-off that is gone nothing else is said.
        let gone = usize::from(rule == "house/signed");
        assert_eq!(checked.existing, THERE - gone, "{rule}");
    }
}

#[test]
fn a_document_that_moves_keeps_its_findings() {
    let repository = Repository::new();
    repository.git(&["mv", "specs/credit.yaml", "specs/loans.yaml"]);
    let checked = repository.check(&[]);
    assert_eq!((checked.code, checked.existing), (Some(0), THERE));
    // Also where only the new one is named; then it refers to what is no part of the run.
    let checked = repository.check(&["specs/loans.yaml"]);
    assert_eq!((checked.code, checked.existing), (Some(0), THERE + 1));
    let checked = repository.check(&["--changed-only", "specs/loans.yaml"]);
    assert_eq!((checked.code, checked.existing), (Some(0), THERE));
    repository.write(
        "specs/loans.yaml",
        &CREDIT.replace("id: credit", "id: loans"),
    );
    let checked = repository.check(&[]);
    assert_eq!(checked.code, Some(1), "another id is another document");
}

/// The paths with new findings.
fn paths(checked: &Checked) -> BTreeSet<&str> {
    let findings = checked.report["findings"].as_array().unwrap().iter();
    let new = findings.filter(|finding| finding["existing"].is_null());
    new.map(|finding| finding["location"]["path"].as_str().unwrap())
        .collect()
}

/// Mending one is no leave to break another: neither of documents of one id, nor of files that
/// cannot be read.
#[test]
fn one_more_of_the_same_is_one_more() {
    for broken in [
        "kind: feature-spec\nid: x\ntitle: [\n",
        "kind: [\n",
        "kind: feature-spec\nid: \u{1}\n",
    ] {
        let repository = Repository::empty();
        repository.write(
            "launchgate.yaml",
            "packs: [core]\ndocuments: [{ paths: ['specs/*'], kind: feature-spec }]\n",
        );
        repository.write("specs/a.yaml", broken);
        repository.write("specs/b.yaml", broken);
        repository.commit();
        repository.git(&["checkout", "-q", "-b", "change"]);
        let before = repository.check(&[]);
        assert!(before.new.is_empty(), "{broken}: {:?}", before.new);
        assert!(before.existing >= 2, "{broken}");
        // Where no document is left to judge that is said, too.
        assert!(matches!(before.code, Some(0 | 3)), "{broken}");
        repository.write("specs/a.yaml", "kind: feature-spec\nid: a\nstatus: draft\n");
        repository.write("specs/c.yaml", broken);
        let checked = repository.check(&[]);
        assert_eq!(checked.code, Some(1), "{broken}");
        assert!(paths(&checked).contains("specs/c.yaml"), "{broken}");
        assert!(!paths(&checked).contains("specs/b.yaml"), "{broken}");
    }

    // Two alike in a document before, three now.
    let repository = Repository::new();
    let line = "  - { name: address, retention: P9Y }\n";
    repository.git(&["checkout", "-q", "main"]);
    repository.edit("specs/credit.yaml", line, &line.repeat(2));
    repository.commit();
    repository.git(&["checkout", "-q", "-B", "change"]);
    let before = repository.check(&[]);
    assert_eq!((before.code, before.existing), (Some(0), THERE + 1));
    repository.edit("specs/credit.yaml", line, &line.repeat(2));
    let checked = repository.check(&[]);
    assert_eq!(checked.named(), [("house/retention", "credit")]);
    assert_eq!(checked.existing, THERE + 1);
}

/// A rule may ask for several things: another one that is missing is another finding.
#[test]
fn another_requirement_of_a_rule_is_another_finding() {
    let repository = Repository::new();
    repository.git(&["checkout", "-q", "main"]);
    repository.edit(
        "policies/house/owner.yaml",
        "[present: doc.owner]",
        "[present: doc.owner, present: doc.version]",
    );
    repository.edit(
        "policies/house/owner.yaml",
        "{ kind: feature-spec, owner",
        "{ version: 1.0.0, kind: feature-spec, owner",
    );
    repository.edit("specs/credit.yaml", "data:", "version: 1.0.0\ndata:");
    repository.commit();
    repository.git(&["checkout", "-q", "-B", "change"]);
    assert_eq!(repository.check(&[]).code, Some(0));
    repository.edit("specs/credit.yaml", "version: 1.0.0\n", "owner: Maria\n");
    let checked = repository.check(&[]);
    assert!(
        checked.named().contains(&("house/owner", "credit")),
        "{:?}",
        checked.new
    );
}

#[test]
fn a_gate_that_is_adopted_with_the_change_leaves_old_documents_alone() {
    let repository = Repository::new();
    repository.git(&["checkout", "-q", "main"]);
    repository.remove("launchgate.yaml");
    fs::remove_dir_all(repository.root().join("policies")).unwrap();
    repository.commit();
    repository.git(&["checkout", "-q", "-B", "change"]);
    repository.git(&[
        "checkout",
        "-q",
        "HEAD~1",
        "--",
        "launchgate.yaml",
        "policies",
    ]);
    let checked = repository.check(&[]);
    assert_eq!(
        (checked.code, checked.existing),
        (Some(0), THERE),
        "{:?}",
        checked.new
    );
    repository.edit("specs/credit.yaml", "P3Y", "P6Y");
    let checked = repository.check(&[]);
    assert_eq!(checked.named(), [("house/retention", "credit")]);
    // The same for a config that is named and was not there.
    let checked = repository.check(&["--config", "launchgate.yaml"]);
    assert_eq!(checked.named(), [("house/retention", "credit")]);
}

#[test]
fn a_base_whose_gate_was_broken_makes_everything_new_and_says_why() {
    for (path, text, why) in [
        ("launchgate.yaml", "pakcs: [core]\n", "pakcs"),
        ("policies/house/owner.yaml", "rule: house/owner\n", "broken"),
        ("launchgate.waivers.yaml", "waivers: [\n", "broken"),
    ] {
        let repository = Repository::new();
        let sound = fs::read_to_string(repository.root().join(path));
        repository.git(&["checkout", "-q", "main"]);
        repository.write(path, text);
        repository.commit();
        repository.git(&["checkout", "-q", "-B", "change"]);
        match sound {
            Ok(sound) => repository.write(path, &sound),
            Err(_) => repository.remove(path),
        }
        let checked = repository.check(&[]);
        assert_eq!(
            (checked.code, checked.new.len(), checked.existing),
            (Some(1), THERE, 0),
            "{path}"
        );
        assert!(checked.says("every finding counts as new"), "{path}");
        assert!(checked.says(why), "{path}: {}", checked.report["notices"]);
        // And a gate that is broken now is an error, whatever was.
        repository.write(path, text);
        assert_eq!(repository.check(&[]).code, Some(2), "{path}");
    }
}

#[test]
fn what_git_does_not_know_ends_the_run() {
    let repository = Repository::new();
    let unknown = check(repository.root(), &["--since", "mian"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("git knows no commit `mian`"),
        "{}",
        unknown.stderr
    );
    let option = check(repository.root(), &["--since=--output=x"]);
    assert_eq!(option.code, Some(2), "{}", option.stderr);
    let both = check(repository.root(), &["--since=main", "--changed-since=main"]);
    assert_eq!(both.code, Some(2), "{}", both.stderr);
    repository.git(&["checkout", "-q", "--orphan", "alone"]);
    let unborn = repository.check(&[]);
    assert_eq!(unborn.code, Some(2));
    assert!(
        unborn.stderr.contains("Nothing is committed"),
        "{}",
        unborn.stderr
    );
    repository.git(&["commit", "-q", "-m", "alone"]);
    let alone = repository.check(&[]);
    assert_eq!(alone.code, Some(2));
    assert!(alone.stderr.contains("have in common"), "{}", alone.stderr);
    let plain = tempfile::tempdir().unwrap();
    let plain = check(plain.path(), &["--since", "main"]);
    assert_eq!(plain.code, Some(2));
    assert!(plain.stderr.contains("needs git"), "{}", plain.stderr);
}

#[test]
fn a_shallow_clone_ends_the_run_and_says_what_to_fetch() {
    let origin = Repository::new();
    origin.edit("cards/score.yaml", "owner: Maria\n", "");
    origin.commit();
    origin.git(&["checkout", "-q", "main"]);
    origin.git(&["commit", "-q", "--allow-empty", "-m", "meanwhile"]);
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.root().display());
    let words = ["clone", "-q", "--depth=1", "--no-single-branch"];
    git(
        clone.path(),
        &[&words[..], &["-b", "change", &url, "."]].concat(),
    );
    let shallow = check(clone.path(), &["--since", "origin/main"]);
    assert_eq!(shallow.code, Some(2));
    for said in [
        "shallow",
        "fetch-depth: 0",
        "git fetch --deepen",
        "--unshallow",
    ] {
        assert!(shallow.stderr.contains(said), "{}", shallow.stderr);
    }
    git(clone.path(), &["fetch", "-q", "--unshallow"]);
    let whole = check(clone.path(), &["--since", "origin/main"]);
    assert_eq!(
        (whole.code, whole.new.len()),
        (Some(1), 2),
        "{}",
        whole.stderr
    );

    // A clone that has the history and not the contents.
    let partial = tempfile::tempdir().unwrap();
    let words = [
        "clone",
        "-q",
        "--filter=blob:none",
        "-b",
        "change",
        &url,
        ".",
    ];
    git(origin.root(), &["config", "uploadpack.allowFilter", "true"]);
    git(partial.path(), &words);
    let partial = check(partial.path(), &["--since", "origin/main"]);
    assert_eq!(partial.code, Some(2), "{}", partial.report);
    assert!(
        partial.stderr.contains("partial clone"),
        "{}",
        partial.stderr
    );
}

/// Every file below a folder with its content and time of change, git's own included.
fn pictured(folder: &Path, pictures: &mut BTreeMap<PathBuf, (Vec<u8>, SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pictured(&path, pictures);
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            pictures.insert(path.clone(), (fs::read(&path).unwrap(), changed));
        }
    }
}

#[test]
fn work_tree_index_and_repository_are_untouched() {
    let repository = Repository::new();
    repository.edit("specs/credit.yaml", "P3Y", "P6Y");
    repository.git(&["add", "specs/credit.yaml"]);
    repository.edit("cards/score.yaml", "owner: Maria\n", "");
    // The index holds another time for it: a look that refreshes would write.
    let same = fs::read(repository.root().join("evidence/scan.json")).unwrap();
    fs::write(repository.root().join("evidence/scan.json"), same).unwrap();
    let mut before = BTreeMap::new();
    pictured(repository.root(), &mut before);
    assert!(before.len() > 30, "{}", before.len());
    assert_eq!(repository.check(&[]).code, Some(1));
    let other = check(repository.root(), &["--changed-since", "main"]);
    assert_eq!(other.code, Some(1));
    let mut after = BTreeMap::new();
    pictured(repository.root(), &mut after);
    assert!(before == after, "something was written");
}

#[test]
fn a_linked_work_tree_a_subfolder_and_a_submodule_are_no_different() {
    let repository = Repository::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let linked = elsewhere.path().join("linked");
    repository.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        linked.to_str().unwrap(),
    ]);
    let checked = check(&linked, &["--since", "main"]);
    assert_eq!((checked.code, checked.existing), (Some(0), THERE));
    let checked = check(&linked.join("specs"), &["--since", "main"]);
    assert_eq!((checked.code, checked.existing), (Some(0), THERE + 1));

    // A folder that was not there.
    repository.write("new/a.yaml", &CREDIT.replace("id: credit", "id: a"));
    let checked = check(&repository.root().join("new"), &["--since", "main"]);
    assert_eq!(checked.code, Some(1), "{}", checked.stderr);
    assert!(checked.named().contains(&("house/retention", "a")));

    let library = Repository::empty();
    library.write("docs/lib.yaml", &CREDIT.replace("id: credit", "id: lib"));
    library.commit();
    let repository = Repository::new();
    repository.git(&["checkout", "-q", "main"]);
    let url = library.root().to_str().unwrap();
    repository.git(&["submodule", "add", "-q", url, "lib"]);
    repository.commit();
    repository.git(&["checkout", "-q", "-B", "change"]);
    let whole = check(repository.root(), &[]).new.len();
    assert!(whole > THERE);
    let checked = repository.check(&[]);
    assert_eq!((checked.code, checked.existing), (Some(0), whole));
}

#[test]
fn people_see_what_is_new_and_machines_see_all() {
    let repository = Repository::new();
    repository.edit("specs/credit.yaml", "P3Y", "P6Y");
    let out = |words: &[&str]| {
        let (_, stdout, _) = run(repository.root(), &[&["--since", "main"], words].concat());
        String::from_utf8(stdout).unwrap()
    };
    for format in ["terminal", "concise", "github", "markdown"] {
        let text = out(&["--output", format]);
        assert!(
            text.contains("`income` is kept for P6Y"),
            "{format}: {text}"
        );
        assert!(!text.contains("house/owner"), "{format}: {text}");
        assert!(!text.contains("`address`"), "{format}: {text}");
        assert!(
            text.contains("3 findings were there before"),
            "{format}: {text}"
        );
    }
    let text = out(&["--verbose"]);
    assert!(text.contains("already there at main"), "{text}");
    for format in ["csv", "html", "gitlab", "junit"] {
        let text = out(&["--output", format]);
        assert!(text.contains("house/owner"), "{format}: {text}");
    }
    let sarif: Value = serde_json::from_str(&out(&["--output", "sarif"])).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let states: Vec<_> = results
        .iter()
        .map(|result| result["baselineState"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["new", "unchanged", "unchanged", "unchanged"]);
}

#[test]
fn a_waiver_that_is_taken_away_makes_new_what_it_covered() {
    let waiver = "\
- rule: house/retention
  document: credit
  key: data[name=address].retention
  reason: The archive is moved in January
  owner: Maria
  approver: ann@bank.example
  expires: 2026-12-31
";
    let repository = Repository::new();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("launchgate.waivers.yaml", waiver);
    repository.commit();
    repository.git(&["checkout", "-q", "-B", "change"]);
    let before = repository.check(&[]);
    assert_eq!(before.code, Some(0), "{:?}", before.new);
    assert_eq!(before.report["summary"]["waived"], 1, "{:?}", before.new);
    repository.remove("launchgate.waivers.yaml");
    let checked = repository.check(&[]);
    assert_eq!(checked.code, Some(1));
    assert_eq!(checked.named(), [("house/retention", "credit")]);
}

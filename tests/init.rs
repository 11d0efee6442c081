//! `launchgate init`: what it writes works at once, and what is there is left alone.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/tools.rs"]
mod tools;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const CONFIG: &str = "launchgate.yaml";
const WORKFLOW: &str = ".github/workflows/launchgate.yml";
const HOOKS: &str = ".pre-commit-config.yaml";

fn run(folder: &Path, words: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

fn repository<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
    fs::write(folder.join(path), text).unwrap();
}

fn init(folder: &Path) -> String {
    let (code, said) = run(folder, &["init"]);
    assert_eq!(code, 0, "{said}");
    said
}

fn config(folder: &Path) -> String {
    fs::read_to_string(folder.join(CONFIG)).unwrap()
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let bytes = fs::read(&path).unwrap();
                found.insert(path, bytes);
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let path = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

const SPEC: &str = "kind: feature-spec\nid: ID\ntitle: Search\njurisdictions: [US-NY]\n";

fn spec(id: &str) -> String {
    SPEC.replace("ID", id)
}

#[test]
fn a_complete_launch_passes_right_away() {
    let folder = repository([]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(
        &root.join("examples/credit-scoring"),
        &folder.path().join("specs"),
    );
    let said = init(folder.path());
    assert!(
        said.contains("found  specs/instant-credit.md (feature-spec)"),
        "{said}"
    );
    let text = config(folder.path());
    assert!(
        text.contains("- paths: specs/*.md # feature-spec"),
        "{text}"
    );
    assert!(
        text.contains("- paths: specs/*.yaml # model-card"),
        "{text}"
    );
    assert!(text.contains("which name EU, US-NY."), "{text}");
    let (fitting, idle) = text
        .split_once("These say nothing of any document yet")
        .unwrap();
    assert!(
        fitting.contains("- us-credit") && idle.contains("- nyc-ll144"),
        "{text}"
    );
    let (code, said) = run(folder.path(), &["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2 documents"), "{said}");
}

/// Every pack is in use, as without a config: nothing is held against less than before.
#[test]
fn the_config_turns_nothing_off() {
    let folder = repository([("a.yaml", &*spec("a"))]);
    let digest = |said: &str| said.rsplit_once("policies ").unwrap().1.trim().to_owned();
    let before = run(folder.path(), &["check"]).1;
    init(folder.path());
    let after = run(folder.path(), &["check"]).1;
    assert_eq!(digest(&before), digest(&after));
    assert_eq!(run(folder.path(), &["config", "show"]).0, 0);
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = repository([("a.yaml", &*spec("a"))]);
    init(folder.path());
    let before = files(folder.path());
    assert_eq!(before.len(), 4);
    let said = init(folder.path());
    assert_eq!(said.matches("kept   ").count(), 3, "{said}");
    assert!(!said.contains("wrote") && !said.contains("to do"), "{said}");
    assert_eq!(files(folder.path()), before);
}

#[test]
fn what_is_there_is_kept_and_what_to_add_is_said() {
    let mine = [
        ("launchgate.yml", "fail_on: warning\n"),
        (".github/workflows/launchgate.yaml", "on: push\n"),
        (HOOKS, "repos: []\n"),
    ];
    let folder = repository(mine);
    let said = init(folder.path());
    assert!(!said.contains("wrote"), "{said}");
    let (_, entry) = said.split_once("add this under `repos`:").unwrap();
    assert!(
        entry.contains("entry: launchgate check --changed-only"),
        "{said}"
    );
    for (path, text) in mine {
        assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), text);
    }
    assert_eq!(files(folder.path()).len(), 3);

    // What is said is what works.
    let hooks = format!("repos:{}", entry.split("next   ").next().unwrap());
    write(folder.path(), HOOKS, &hooks);
    let said = init(folder.path());
    assert!(!said.contains("to do"), "{said}");
    if tools::are_there(&["pre-commit"]) {
        holds_hooks(folder.path());
    }
}

fn holds_hooks(folder: &Path) {
    let output = Command::new("pre-commit")
        .current_dir(folder)
        .args(["validate-config", HOOKS])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn the_files_are_what_their_readers_take() {
    if !tools::are_there(&["check-jsonschema", "pre-commit"]) {
        return;
    }
    let folder = repository([]);
    let heads = ".git/refs/remotes/origin/HEAD";
    write(folder.path(), heads, "ref: refs/remotes/origin/release/2\n");
    let said = init(folder.path());
    assert!(said.contains("replace OWNER and COMMIT"), "{said}");
    let workflow = fs::read_to_string(folder.path().join(WORKFLOW)).unwrap();
    assert!(workflow.contains("branches: [release/2]"), "{workflow}");
    let output = Command::new("check-jsonschema")
        .args(["--builtin-schema", "vendor.github-workflows"])
        .arg(folder.path().join(WORKFLOW))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    holds_hooks(folder.path());
}

#[test]
fn an_empty_repository_gets_a_config_that_loads() {
    let folder = repository([]);
    let said = init(folder.path());
    assert!(
        said.contains("next   launchgate new feature-spec"),
        "{said}"
    );
    assert_eq!(run(folder.path(), &["config", "show"]).0, 0);
    let (code, said) = run(folder.path(), &["check"]);
    assert_eq!(code, 3, "{said}");
}

/// A glob finds what is a document and nothing else.
#[test]
fn a_glob_is_proposed_only_where_it_keeps_its_promise() {
    let one = spec("one");
    let folder = repository([
        ("specs/one.yaml", &*one),
        ("specs/notes.yaml", "just: notes\n"),
        (
            "odd [x]/two.yaml",
            "kind: feature-spec\nid: two\ntitle: Two\n",
        ),
        ("root.yaml", "kind: feature-spec\nid: root\ntitle: Root\n"),
    ]);
    init(folder.path());
    let text = config(folder.path());
    assert!(text.contains("- paths: specs/one.yaml #"), "{text}");
    assert!(text.contains("- paths: root.yaml #"), "{text}");
    assert!(!text.contains("odd"), "{text}");
    let (code, said) = run(folder.path(), &["check"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("3 documents"), "{said}");
}

/// A hidden or ignored neighbour that a glob would find as well.
#[test]
fn a_glob_that_would_find_more_gives_way_to_names() {
    let one = spec("one");
    let folder = repository([
        (".gitignore", "draft.yaml\n"),
        ("specs/one.yaml", &*one),
        ("specs/draft.yaml", "no: document\n"),
    ]);
    init(folder.path());
    let text = config(folder.path());
    let (code, said) = run(folder.path(), &["check"]);
    assert_eq!(code, 1, "{text}\n{said}");
    assert!(said.contains("1 document,"), "{said}");
}

#[test]
fn many_folders_become_one_glob() {
    let texts: Vec<(String, String)> = (0..12)
        .map(|number| {
            let id = format!("s{number}");
            (format!("specs/{id}/spec.yaml"), spec(&id))
        })
        .collect();
    let folder = repository(texts.iter().map(|(path, text)| (&**path, &**text)));
    init(folder.path());
    let text = config(folder.path());
    assert!(
        text.contains("- paths: specs/**/*.yaml # feature-spec"),
        "{text}"
    );
    assert_eq!(text.matches("- paths").count(), 1, "{text}");
    assert!(run(folder.path(), &["check"]).1.contains("12 documents"));
}

#[test]
fn from_a_folder_below_the_root_is_set_up() {
    let one = spec("one");
    let folder = repository([("specs/one.yaml", &*one)]);
    init(&folder.path().join("specs"));
    assert!(folder.path().join(CONFIG).exists());
    assert!(!folder.path().join("specs").join(CONFIG).exists());
}

#[test]
fn a_config_that_is_broken_is_shown_and_kept() {
    let folder = repository([("launchgate.json", "{}")]);
    let (code, said) = run(folder.path(), &["init"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("launchgate.json"), "{said}");
    assert_eq!(files(folder.path()).len(), 1);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_said() {
    let folder = repository([(".github", "a file\n")]);
    let (code, said) = run(folder.path(), &["init"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("wrote  launchgate.yaml"), "{said}");
    assert!(
        said.contains("cannot write `.github/workflows/launchgate.yml`"),
        "{said}"
    );
}

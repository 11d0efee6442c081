//! `check --fix` at the command line: what goes into files, and what does not.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const BEFORE: &str = "kind: feature-spec\r\nid: a\r\ntitel: A # t\r\n";
const AFTER: &str = "kind: feature-spec\r\nid: a\r\ntitle: A # t\r\n";

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(folder: &Path, words: &[&str], stdin: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .args(["check", "--as-of", "2026-11-22"])
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn repository() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("a.yaml"), BEFORE).unwrap();
    folder
}

fn text(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("a.yaml")).unwrap()
}

#[test]
fn a_diff_writes_nothing_and_a_fix_does() {
    let folder = repository();
    let shown = run(folder.path(), &["--diff"], "");
    assert_eq!(text(&folder), BEFORE);
    assert_eq!(
        shown.out,
        "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,3 +1,3 @@\n kind: feature-spec\r\n id: a\r\n-titel: A # t\r\n+title: A # t\r\n"
    );
    assert!(
        shown
            .err
            .starts_with("1 fix in 1 file; the check would then come to:\nlaunchgate: FAIL"),
        "{}",
        shown.err
    );
    let fixed = run(folder.path(), &["--fix", "--quiet"], "");
    assert_eq!(text(&folder), AFTER);
    assert_eq!((shown.code, fixed.code), (Some(1), Some(1)));
    assert!(
        fixed.out.starts_with("launchgate: FAIL  1 fixed; "),
        "{}",
        fixed.out
    );
    let again = run(folder.path(), &["--fix", "--quiet"], "");
    assert!(!again.out.contains("fixed;"), "{}", again.out);
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 2, "nothing is left beside the file");
}

#[test]
fn standard_input_is_shown_and_never_written() {
    let folder = repository();
    let refused = run(
        folder.path(),
        &["-", "--fix", "--stdin-filename", "a.yaml"],
        BEFORE,
    );
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("add `--diff`"), "{}", refused.err);
    let shown = run(
        folder.path(),
        &["-", "--diff", "--stdin-filename", "a.yaml"],
        BEFORE,
    );
    assert!(shown.out.contains("+title: A # t"), "{}", shown.out);
    assert_eq!(text(&folder), BEFORE);
    let both = run(folder.path(), &["--diff", "--output", "json"], "");
    assert_eq!(both.code, Some(2));
}

#[test]
fn the_reports_tell_of_fixes() {
    let folder = repository();
    let json = run(folder.path(), &["--output", "json"], "");
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let of = |report: &serde_json::Value| {
        let mut findings = report["findings"].as_array().unwrap().iter();
        findings
            .find(|finding| finding["rule"] == "schema/unknown-key")
            .cloned()
    };
    let fix = &of(&report).unwrap()["fixes"][0];
    assert_eq!(fix["safety"], "safe");
    assert_eq!(fix["edits"][0]["replacement"], "title");
    assert_eq!(fix["edits"][0]["start"]["byte"], 27);
    assert_eq!(report["summary"]["fixed"], 0);
    let sarif = run(folder.path(), &["--output", "sarif"], "");
    let log: serde_json::Value = serde_json::from_str(&sarif.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let fix = results
        .iter()
        .find_map(|result| result.get("fixes"))
        .unwrap();
    let replacement = &fix[0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"]["startLine"], 3);
    assert_eq!(replacement["insertedContent"]["text"], "title");
    let fixed = run(folder.path(), &["--fix", "--output", "json"], "");
    let report: serde_json::Value = serde_json::from_str(&fixed.out).unwrap();
    assert!(of(&report).is_none());
    assert_eq!(report["summary"]["fixed"], 1);
}

#[test]
fn where_nothing_may_be_concluded_nothing_is_written() {
    let folder = repository();
    let ran = run(folder.path(), &["--fix", "a.yaml", "missing.yaml"], "");
    assert_eq!(ran.code, Some(2));
    fs::write(folder.path().join("launchgate.yaml"), "pakcs: [core]\n").unwrap();
    let ran = run(folder.path(), &["--fix"], "");
    assert_eq!(ran.code, Some(2));
    assert_eq!(text(&folder), BEFORE);
}

#[cfg(unix)]
#[test]
fn links_permissions_and_what_may_not_be_written() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = repository();
    let path = folder.path().join("a.yaml");
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o440);
    let refused = run(folder.path(), &["--fix"], "");
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("cannot write `a.yaml`"),
        "{}",
        refused.err
    );
    assert_eq!(text(&folder), BEFORE);
    // Through a link inside of the root the file is changed, and the link stays one.
    mode(0o640);
    fs::create_dir(folder.path().join("specs")).unwrap();
    symlink("../a.yaml", folder.path().join("specs/b.yaml")).unwrap();
    run(folder.path(), &["--fix", "specs/b.yaml"], "");
    assert_eq!(text(&folder), AFTER);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert!(
        fs::symlink_metadata(folder.path().join("specs/b.yaml"))
            .unwrap()
            .is_symlink()
    );
    // What lies outside of the root is not changed.
    let outside = TempDir::new().unwrap();
    let file = outside.path().join("c.yaml");
    fs::write(&file, BEFORE).unwrap();
    symlink(&file, folder.path().join("specs/c.yaml")).unwrap();
    run(folder.path(), &["--fix", "specs/c.yaml"], "");
    run(folder.path(), &["--fix"], "");
    assert_eq!(fs::read_to_string(&file).unwrap(), BEFORE);
}

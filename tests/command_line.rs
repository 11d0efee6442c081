//! The program as it is run: what it says of its config, its paths and its options.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A repository with files in it.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
    command.current_dir(folder).args(words);
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    told(
        command(folder, words)
            .stdin(Stdio::null())
            .output()
            .unwrap(),
    )
}

fn told(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn nothing_typed_gives_help_and_is_no_success() {
    let folder = repository(&[]);
    let (code, stdout, stderr) = run(folder.path(), &[]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("Usage: launchgate"), "{stderr}");
    let (code, stdout, _) = run(folder.path(), &["--help"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("Examples:"), "{stdout}");
}

#[test]
fn usage_errors_exit_with_2_and_say_what_there_is() {
    let folder = repository(&[("a.yaml", "")]);
    for (words, wanted) in [
        (vec!["chekc"], "'check'"),
        (vec!["check", "--output", "pdf"], "terminal, "),
        (
            vec!["check", "--output", "json", "--output", "terminal"],
            "standard output",
        ),
        (vec!["check", "--as-of", "yesterday"], "YYYY-MM-DD"),
        (vec!["check", "--stage", "launch"], "launched"),
        (vec!["check", "--fail-on", "fatal"], "warning"),
        (vec!["check", "-", "a.yaml"], "stands alone"),
        (
            vec!["check", "a.yaml", "--stdin-filename", "b.yaml"],
            "there is no `-`",
        ),
        (vec!["check", "--jobs", "0"], "jobs"),
        (vec!["check", "--config", "x", "--isolated"], "--isolated"),
        (vec!["check", "--quiet", "--verbose"], "--verbose"),
        (vec!["schema", "confg"], "did you mean `config`?"),
        (vec!["config", "show", "nowhere"], "`nowhere`"),
        (vec!["completions", "cmd"], "bash"),
    ] {
        let (code, stdout, stderr) = run(folder.path(), &words);
        assert_eq!(
            (code, stdout.as_str()),
            (Some(2), ""),
            "{words:?}: {stderr}"
        );
        assert!(stderr.contains(wanted), "{words:?}: {stderr}");
    }
}

#[test]
fn a_broken_config_ends_every_command_that_needs_it() {
    let folder = repository(&[("launchgate.yaml", "pakcs: [core]\n"), ("a.yaml", "")]);
    for words in [
        &["check"][..],
        &["rules"],
        &["config", "show"],
        &["explain", "a/b"],
        &["test"],
    ] {
        let (code, stdout, stderr) = run(folder.path(), words);
        assert_eq!(code, Some(2), "{words:?}");
        let told = stdout + &stderr;
        assert!(told.contains("launchgate.yaml:1:1"), "{words:?}: {told}");
        assert!(told.contains("did you mean `packs`?"), "{words:?}: {told}");
    }
}

#[test]
fn the_exit_code_does_not_follow_the_format_and_the_verdict_is_always_said() {
    let folder = repository(&[("launchgate.yaml", "fail_on: fatal\n")]);
    for (words, closed_by_stdout) in [
        (&["check"][..], true),
        (&["check", "--quiet"], true),
        (&["check", "--output", "json"], false),
        (&["check", "--output", "json=out/../report.json"], false),
        (
            &[
                "check",
                "--output",
                "terminal",
                "--output",
                "json=report.json",
            ],
            true,
        ),
    ] {
        let (code, stdout, stderr) = run(folder.path(), words);
        assert_eq!(code, Some(2), "{words:?}: {stderr}");
        let last = if closed_by_stdout { &stdout } else { &stderr };
        let last = last.lines().last().unwrap_or_default();
        let failed = words.contains(&"json=out/../report.json");
        assert!(
            last.starts_with("launchgate: ERROR") || failed,
            "{words:?}: {last}"
        );
    }
    let report = fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(report.contains("\"verdict\": \"error\""), "{report}");
}

#[test]
fn an_output_that_cannot_be_written_exits_with_2() {
    let folder = repository(&[]);
    let (code, _, stderr) = run(folder.path(), &["check", "--output", "json=no/report.json"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("its folder does not exist"), "{stderr}");
}

#[test]
fn config_show_says_where_each_value_comes_from() {
    let folder = repository(&[
        ("launchgate.yaml", "packs: [core]\nfail_on: warning\n"),
        ("svc/launchgate.yaml", "fail_on: note\n"),
    ]);
    let (code, stdout, stderr) = run(folder.path(), &["config", "show", "svc"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let (root, rest) = stdout.split_once('\n').unwrap();
    assert!(root.starts_with("# root "), "{root}");
    assert_eq!(
        rest,
        "\
# from svc/launchgate.yaml
# from launchgate.yaml
packs: core                                 # launchgate.yaml:1:9
frameworks: every framework                 # default
fail_on: note                               # svc/launchgate.yaml:1:10
sign_offs.folder: signoffs                  # default
sign_offs.minimum_assurance: named          # default
waivers.files: launchgate.waivers.yaml      # default
waivers.baseline: launchgate.baseline.yaml  # default
waivers.max_term.error: P90D                # default
waivers.max_term.warning: P180D             # default
waivers.max_term.note: P1Y                  # default
waivers.inline: advisory                    # default
waivers.minimum_assurance: named            # default
limits.file_bytes: 16777216                 # default
limits.evidence_bytes: 4294967296           # default
limits.report_bytes: 67108864               # default
limits.depth: 128                           # default
limits.nodes: 2000000                       # default
limits.alias_nodes: 100000                  # default
"
    );
    let (_, isolated, _) = run(folder.path(), &["config", "show", "--isolated"]);
    assert!(
        isolated.contains("fail_on: error") && isolated.contains("# no config"),
        "{isolated}"
    );
}

#[test]
fn schemas_are_printed_for_kinds_of_the_user_too() {
    let folder = repository(&[
        ("launchgate.yaml", "kinds: {sheet: {schema: sheet.json}}\n"),
        ("sheet.json", "{\"title\": \"Sheet\"}\n"),
    ]);
    for name in [
        "feature-spec",
        "model-card",
        "config",
        "policy",
        "pack",
        "report",
    ] {
        let (code, stdout, _) = run(folder.path(), &["schema", name]);
        assert_eq!(code, Some(0), "{name}");
        assert!(stdout.contains("2020-12/schema"), "{name}");
    }
    let (code, stdout, _) = run(folder.path(), &["schema", "sheet"]);
    assert_eq!(
        (code, stdout.as_str()),
        (Some(0), "{\"title\": \"Sheet\"}\n")
    );
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = repository(&[]);
    let mut child = command(folder.path(), &["schema", "feature-spec"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(
        (child.wait().unwrap().code(), stderr.as_str()),
        (Some(0), "")
    );
}

#[test]
fn completions_are_for_the_shell_that_is_named() {
    let folder = repository(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, stdout, _) = run(folder.path(), &["completions", shell]);
        assert_eq!(code, Some(0));
        assert!(stdout.contains("stdin-filename"), "{shell}");
    }
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = repository(&[("launchgate.yaml", "x: 1\n")]);
    let colored = |words: &[&str], variable: Option<&str>| {
        let mut command = command(folder.path(), words);
        if let Some(name) = variable {
            command.env(name, "1");
        }
        told(command.output().unwrap()).1.contains('\u{1b}')
    };
    assert!(!colored(&["check"], None));
    assert!(colored(&["check", "--color", "always"], None));
    assert!(colored(&["check", "--color", "always"], Some("NO_COLOR")));
    assert!(colored(&["check"], Some("CLICOLOR_FORCE")));
    assert!(!colored(
        &["check", "--color", "never"],
        Some("CLICOLOR_FORCE")
    ));
}

#[test]
fn standard_input_over_the_limit_or_in_another_encoding_is_no_pass() {
    let folder = repository(&[("launchgate.yaml", "limits: {file_bytes: 4}\n")]);
    for bytes in [&b"a: 12345"[..], b"\xff\xfe"] {
        let mut child = command(folder.path(), &["check", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(bytes);
        let (code, stdout, stderr) = told(child.wait_with_output().unwrap());
        assert_ne!(code, Some(0), "{stdout}{stderr}");
    }
}

#[test]
fn a_folder_without_a_document_is_not_a_pass() {
    let folder = repository(&[("notes.md", "# Notes\n"), ("empty/x.txt", "")]);
    let (code, stdout, _) = run(folder.path(), &["check"]);
    assert_eq!(code, Some(3), "{stdout}");
    assert!(stdout.contains("notes.md"), "{stdout}");
    let (code, stdout, _) = run(folder.path(), &["check", "empty"]);
    assert_eq!(code, Some(3), "{stdout}");
    // A file that was named has to be a document.
    let (code, stdout, _) = run(folder.path(), &["check", "notes.md"]);
    assert!(matches!(code, Some(1 | 2)), "{code:?} {stdout}");
}

#[test]
fn a_document_from_standard_input_is_judged_as_the_file_that_it_is_taken_for() {
    let folder = repository(&[]);
    let mut child = command(
        folder.path(),
        &["check", "-", "--stdin-filename", "specs/new.yaml"],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"kind: feature-spec\nid: x\n")
        .unwrap();
    let (code, stdout, _) = told(child.wait_with_output().unwrap());
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("specs/new.yaml:1:1"), "{stdout}");
}

#[test]
fn the_packs_of_a_folder_are_tested_by_themselves() {
    let rule = "rule: bank/owner
title: Somebody owns it
description: Because somebody has to.
severity: error
applies_to: feature-spec
require:
  - present: doc.owner
help: Name an owner.
examples:
  - name: owned
    pass: |
      kind: feature-spec
      id: a
      owner: team
  - name: not owned
    fail: |
      kind: feature-spec
      id: a
    at: owner
";
    let pack = "name: bank\nversion: 1.0.0\ntitle: Bank\ndescription: Rules of a bank.\n";
    let folder = repository(&[
        ("policies/bank/pack.yaml", pack),
        ("policies/bank/owner.yaml", rule),
        ("policies/notes.txt", ""),
        ("launchgate.yaml", "packs: [./policies/bank]\n"),
    ]);
    for words in [
        &["test"][..],
        &["test", "policies"],
        &["test", "policies/bank"],
        &["test", "policies/bank/owner.yaml"],
    ] {
        let (_, stdout, stderr) = run(folder.path(), words);
        assert!(
            stdout.contains("1 rule, 2 examples"),
            "{words:?}: {stdout}{stderr}"
        );
    }
    let (code, stdout, _) = run(folder.path(), &["rules"]);
    let (table, footer) = stdout.split_once("\n\n").unwrap();
    assert_eq!((code, table.lines().count()), (Some(0), 1), "{stdout}");
    assert!(footer.contains("schema/unknown-key"), "{footer}");
    let (code, stdout, _) = run(folder.path(), &["explain", "bank/owner"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("Somebody owns it"), "{stdout}");
    let (code, _, stderr) = run(folder.path(), &["explain", "bank/ownr"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("did you mean `bank/owner`?"), "{stderr}");
    let (code, _, stderr) = run(folder.path(), &["test", "policies/notes.txt"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("no policy pack"), "{stderr}");
}

#[test]
fn the_copy_of_a_built_in_pack_is_tested_in_its_place() {
    let rule = "rule: core/owner-named\ntitle: T\ndescription: D\nseverity: error\n\
                applies_to: feature-spec\nrequire: [present: doc.owner]\nexamples:\n\
                - name: a\n  pass: { owner: Maria }\n- name: b\n  fail: { id: a }\n";
    let pack = "name: core\nversion: 9.0.0\ntitle: Ours\n";
    let folder = repository(&[("ours/core/pack.yaml", pack), ("ours/core/a.yaml", rule)]);
    let (code, stdout, stderr) = run(folder.path(), &["test", "ours/core"]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert!(stdout.contains("1 rule, 2 examples, 0 failed"), "{stdout}");
}

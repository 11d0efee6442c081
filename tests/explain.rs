//! What `explain` and `rules` say, held against what `check` does.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

const RULE: &str = "rule: acme/retention
title: Data goes after two years
description: What is kept can leak.
severity: error
applies_to: feature-spec
controls: ['gdpr:5(1)(e)', 'eu-ai-act:27(1)']
params:
  limit: { type: duration, default: P2Y, description: The longest retention }
for_each: doc.?data.orValue([])
require:
  - days(item.retention) <= days(params.limit)
message: it is kept too long
help: Shorten it.
examples:
  - name: a year
    pass: |
      kind: feature-spec
      id: a
      title: A
      data: [{ name: income, retention: P1Y }]
  - name: three years
    fail: |
      kind: feature-spec
      id: a
      title: A
      status: draft
      data: [{ name: income, retention: P3Y }]
    at: data[0].retention
";

fn repository(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(".git/HEAD", "");
    write("launchgate.yaml", config);
    write(
        "acme/pack.yaml",
        "name: acme\nversion: 1.0.0\ntitle: House rules\n",
    );
    write("acme/retention.yaml", RULE);
    folder
}

fn run(folder: &Path, words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
    command.current_dir(folder).args(words).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    (output.status.code().unwrap(), text)
}

/// The lines behind a heading up to the next one that is not indented.
fn behind<'t>(page: &'t str, heading: &str) -> Vec<&'t str> {
    let lines = page.lines().skip_while(|line| line.trim() != heading);
    let lines = lines.skip(1);
    let block = lines.take_while(|line| line.is_empty() || line.starts_with("  "));
    let block = block.map(|line| line.strip_prefix("    ").unwrap_or(line));
    block.filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_failing_example_is_shown_with_what_check_says_of_it() {
    let folder = repository("packs: [./acme]\n");
    let (code, page) = run(folder.path(), &["explain", "acme/retention"]);
    assert_eq!(code, 0, "{page}");
    let document = behind(&page, "three years: fails on 2026-01-01");
    let end = document
        .iter()
        .position(|line| line.contains("`launchgate check` says of it"));
    let document = document[..end.unwrap()].join("\n");
    fs::write(folder.path().join("example.yaml"), document + "\n").unwrap();
    let (code, report) = run(
        folder.path(),
        &["check", "--as-of", "2026-01-01", "example.yaml"],
    );
    // It is a draft, so the finding blocks later.
    assert_eq!(code, 0, "{report}");
    let report: Vec<&str> = report.lines().filter(|line| !line.is_empty()).collect();
    let said = behind(&page, "`launchgate check` says of it");
    assert!(said.len() > 10, "{page}");
    assert_eq!(report[..said.len()], said, "{page}");
    // The control that does not apply yet is marked as in a run.
    assert!(page.contains("applies from 2027-12-02: eu-ai-act:27(1)"));
}

#[test]
fn the_diagnostic_of_a_page_is_coloured_where_check_would_colour_it() {
    let folder = repository("packs: [./acme]\n");
    let (_, plain) = run(folder.path(), &["explain", "acme/retention"]);
    let words = ["explain", "--color", "always", "acme/retention"];
    let (code, coloured) = run(folder.path(), &words);
    assert_eq!(code, 0, "{coloured}");
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    let colour = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(colour.replace_all(&coloured, ""), plain);
}

#[test]
fn a_page_shows_the_severity_and_the_blocking_of_this_run() {
    let folder = repository(
        "packs: [./acme]\nrules:\n  acme/retention: warning\nparams:\n  acme/retention: { limit: P5Y }\n",
    );
    let (_, page) = run(folder.path(), &["explain", "acme/retention"]);
    for said in [
        "severity     warning (by default error)",
        "limit (duration): P5Y (by default P2Y)",
        "three years: fails on 2026-01-01, with the parameters of the policy",
    ] {
        assert!(page.contains(said), "{page}");
    }
}

#[test]
fn the_list_for_machines_is_the_same_in_a_file() {
    let folder = repository("packs: [./acme]\n");
    let words = ["rules", "--as-of", "2026-11-22", "-o"];
    let (code, printed) = run(folder.path(), &[&words[..], &["json"]].concat());
    assert_eq!(code, 0, "{printed}");
    let (code, silence) = run(folder.path(), &[&words[..], &["json=rules.json"]].concat());
    assert_eq!((code, silence.as_str()), (0, ""));
    let written = fs::read_to_string(folder.path().join("rules.json")).unwrap();
    assert_eq!(written, printed);
    let rules: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(rules.pointer("/rules/0/id").unwrap(), "acme/retention");
    let (code, said) = run(
        folder.path(),
        &[&words[..], &["json=no/such/folder"]].concat(),
    );
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("cannot write the report to"), "{said}");
}

#[test]
fn an_empty_list_is_valid_for_machines_and_no_success() {
    let folder = repository("packs: [./acme]\n");
    let words = ["rules", "--severity", "note", "-o", "json=rules.json"];
    let (code, said) = run(folder.path(), &words);
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("no rule in use fits `--severity note`"),
        "{said}"
    );
    let written = fs::read_to_string(folder.path().join("rules.json")).unwrap();
    let rules: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(rules.pointer("/rules").unwrap(), &Value::Array(Vec::new()));
}

#[test]
fn the_list_and_the_report_name_the_same_policies() {
    let folder = repository("packs: [./acme]\n");
    let (_, list) = run(folder.path(), &["rules", "-o", "json"]);
    fs::write(
        folder.path().join("a.yaml"),
        "kind: feature-spec\nid: a\ntitle: A\n",
    )
    .unwrap();
    let (_, _) = run(folder.path(), &["check", "-o", "json=report.json"]);
    let report = fs::read_to_string(folder.path().join("report.json")).unwrap();
    let digest = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap();
        value.pointer("/policy_digest").unwrap().clone()
    };
    assert_eq!(digest(&list), digest(&report));
}

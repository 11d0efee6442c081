//! Several outputs of one run: the same findings, one exit code, whole files or none.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use launchgate::render::Format;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What an auditor compares: rule, `path:line:column` and fingerprint, as far as a format says them.
type Found = BTreeSet<(String, String, String)>;

const DRAFT: &str = "examples/credit-scoring-draft";

/// Checks the draft once, with every format to a file of a folder.
fn every_format(folder: &Path) -> i32 {
    let mut words = vec![
        "check".to_owned(),
        DRAFT.to_owned(),
        "--as-of=2026-11-22".to_owned(),
    ];
    for format in Format::ALL {
        words.push(format!("--output={format}={}", at(folder, *format)));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    run(root(), &words).status.code().unwrap()
}

fn at(folder: &Path, format: Format) -> String {
    folder.join(format.as_str()).to_str().unwrap().to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn of_json(report: &str) -> Found {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let place = &finding["location"];
            let path = text(&place["path"]);
            let place = format!(
                "{path}:{}:{}",
                place["start"]["line"], place["start"]["column"]
            );
            (text(&finding["rule"]), place, text(&finding["fingerprint"]))
        })
        .collect()
}

fn of_sarif(log: &str) -> Found {
    let log: Value = serde_json::from_str(log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    results
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            let path = text(&place["artifactLocation"]["uri"]);
            let region = &place["region"];
            (
                text(&result["ruleId"]),
                format!("{path}:{}:{}", region["startLine"], region["startColumn"]),
                text(&result["partialFingerprints"]["launchgate/v1"]),
            )
        })
        .collect()
}

fn of_gitlab(report: &str) -> Found {
    let report: Value = serde_json::from_str(report).unwrap();
    let issues = report.as_array().unwrap().iter();
    issues
        .map(|issue| {
            let place = &issue["location"];
            (
                text(&issue["check_name"]),
                format!("{}:{}", text(&place["path"]), place["lines"]["begin"]),
                text(&issue["fingerprint"]),
            )
        })
        .collect()
}

fn of_csv(report: &str) -> Found {
    let mut reader = csv::Reader::from_reader(report.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|known| known == name).unwrap();
    let (path, line) = (column("path"), column("start_line"));
    let (start, fingerprint) = (column("start_column"), column("fingerprint"));
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            (
                row[0].to_owned(),
                format!("{}:{}:{}", &row[path], &row[line], &row[start]),
                row[fingerprint].to_owned(),
            )
        })
        .collect()
}

fn of_junit(report: &str) -> Found {
    let mut reader = Reader::from_str(report);
    let mut found = Found::new();
    let mut rule = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) if matches!(element.name().as_ref(), "failure" | "error") => {
                let attribute = element.try_get_attribute("type").unwrap().unwrap();
                rule = Some(attribute.value.to_string());
            }
            Event::Text(text) => {
                if let Some(rule) = rule.take() {
                    let place = text.lines().next().unwrap().to_owned();
                    found.insert((rule, place, String::new()));
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// Rule and place by a pattern with a group for each.
fn of_lines(report: &str, pattern: &str) -> Found {
    let pattern = regex::Regex::new(pattern).unwrap();
    let lines = pattern.captures_iter(report);
    lines
        .map(|line| {
            (
                line["rule"].to_owned(),
                line["place"].to_owned(),
                String::new(),
            )
        })
        .collect()
}

#[test]
fn one_run_says_the_same_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(every_format(folder.path()), 1);
    let read = |format| fs::read_to_string(at(folder.path(), format)).unwrap();
    let whole = of_json(&read(Format::Json));
    assert_eq!(whole.len(), 15);
    let without_fingerprint: Found = whole
        .iter()
        .map(|(rule, place, _)| (rule.clone(), place.clone(), String::new()))
        .collect();
    let without_column: Found = whole
        .iter()
        .map(|(rule, place, fingerprint)| {
            let (place, _) = place.rsplit_once(':').unwrap();
            (rule.clone(), place.to_owned(), fingerprint.clone())
        })
        .collect();
    for &format in Format::ALL {
        let text = read(format);
        let (found, expected) = match format {
            Format::Json => (of_json(&text), &whole),
            Format::Sarif => (of_sarif(&text), &whole),
            Format::Csv => (of_csv(&text), &whole),
            Format::Gitlab => (of_gitlab(&text), &without_column),
            Format::Junit => (of_junit(&text), &without_fingerprint),
            Format::Concise => (
                of_lines(
                    &text,
                    r"(?m)^(?<place>\S+:\d+:\d+): error\[(?<rule>[^\]]+)\]",
                ),
                &without_fingerprint,
            ),
            Format::Terminal => (
                of_lines(
                    &text,
                    r"(?m)^error\[(?<rule>[^\]]+)\].*\n +╭─\[(?<place>[^\]]+)\]",
                ),
                &without_fingerprint,
            ),
            Format::Markdown => (
                of_lines(
                    &text,
                    r"(?m)^- \*\*error, blocks\*\*.* `(?<rule>[^`]+)` at `(?<place>[^`]+)`:",
                ),
                &without_fingerprint,
            ),
            Format::Html => {
                let pattern = concat!(
                    r#"<article class="finding[^>]* id="f-(?<print>[0-9a-f]+)".*?<code class="rule">(?<rule>[^<]+)"#,
                    r"</code>.*?<figcaption><code>(?<place>[^<]+)</code>"
                );
                let pattern = regex::Regex::new(pattern).unwrap();
                let found = pattern.captures_iter(&text).map(|article| {
                    let part = |name: &str| article[name].to_owned();
                    (part("rule"), part("place"), part("print"))
                });
                (found.collect(), &whole)
            }
            Format::Github => {
                let found = of_lines(
                    &text,
                    r"(?m)^::error .*title=(?<rule>[^:]+)::(?<place>\S+:\d+:\d+): ",
                );
                assert_eq!(found.len(), 9);
                assert!(found.is_subset(&without_fingerprint));
                assert!(text.contains("\n::warning title=launchgate::6 more findings"));
                continue;
            }
        };
        assert_eq!(found, *expected, "{format}");
    }
}

/// A repository with a rule that fails, and a document.
fn repository(config: &str, document: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("launchgate.yaml"), config).unwrap();
    fs::write(folder.path().join("a.yaml"), document).unwrap();
    folder
}

const CONFIG: &str = "packs: [core]\n";
const GOOD: &str = "kind: feature-spec\nid: a\ntitle: A\nowner: a@example.org\nstatus: draft\nrisk_tier: minimal\n";

#[test]
fn the_exit_code_is_that_of_the_verdict_in_every_format() {
    for (name, code, config, document) in [
        ("pass", 0, CONFIG, GOOD),
        ("fail", 1, CONFIG, "kind: feature-spec\nid: a\nid: b\n"),
        ("error", 2, "packs: [cores]\n", GOOD),
        ("nothing checked", 3, CONFIG, "x: 1\n"),
    ] {
        let folder = repository(config, document);
        for &format in Format::ALL {
            for output in [
                format!("--output={format}"),
                format!("--output={format}=out.txt"),
            ] {
                let ended = run(folder.path(), &["check", &output]);
                let stderr = String::from_utf8(ended.stderr).unwrap();
                assert_eq!(ended.status.code(), Some(code), "{name} {output}: {stderr}");
                // Whoever looks at the log sees the verdict, and once.
                let stdout = String::from_utf8(ended.stdout).unwrap();
                let (log, other) = if format.ends_with_summary() && !stdout.is_empty() {
                    (stdout, stderr)
                } else {
                    (stderr, String::new())
                };
                let closing = log.lines().filter(|line| line.starts_with("launchgate: "));
                assert_eq!(closing.count(), 1, "{name} {output}: {log}");
                assert_eq!(other, "", "{name} {output}");
                let left = fs::read_dir(folder.path()).unwrap().count();
                assert_eq!(
                    left,
                    3 + usize::from(output.contains("=out")),
                    "{name} {output}"
                );
            }
            fs::remove_file(folder.path().join("out.txt")).unwrap();
        }
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    for &format in Format::ALL {
        let folder = repository(CONFIG, GOOD);
        let there = folder.path().join("out");
        // What was there goes, also where it was longer.
        fs::write(&there, "old ".repeat(100_000)).unwrap();
        let ended = run(folder.path(), &["check", &format!("--output={format}=out")]);
        assert_eq!(ended.status.code(), Some(0), "{format}");
        let written = fs::read_to_string(&there).unwrap();
        assert!(!written.contains("old old"), "{format}");
        // A folder cannot be written, nor what is in one that is not there.
        fs::create_dir(folder.path().join("folder")).unwrap();
        for target in ["folder", "none/out", "a.yaml/out"] {
            let output = format!("--output={format}={target}");
            let ended = run(folder.path(), &["check", &output]);
            let stderr = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(ended.status.code(), Some(2), "{output}: {stderr}");
            assert!(
                stderr.contains("cannot write the report to "),
                "{output}: {stderr}"
            );
        }
        // One that cannot be written keeps none of the others from being whole.
        let ended = run(
            folder.path(),
            &[
                "check",
                &format!("--output={format}=none/out"),
                "--output=json=report.json",
            ],
        );
        assert_eq!(ended.status.code(), Some(2), "{format}");
        let report = fs::read_to_string(folder.path().join("report.json")).unwrap();
        assert_eq!(of_json(&report).len(), 1);
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                ".git",
                "a.yaml",
                "folder",
                "launchgate.yaml",
                "out",
                "report.json"
            ],
            "{format}"
        );
        assert_eq!(fs::read_to_string(&there).unwrap(), written, "{format}");
    }
}

#[test]
fn a_format_that_does_not_exist_ends_the_run() {
    let folder = repository(CONFIG, GOOD);
    for (name, near) in [
        ("sarf", "did you mean `sarif`?"),
        ("xml", "(formats: terminal, "),
    ] {
        let ended = run(folder.path(), &["check", &format!("--output={name}=out")]);
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(near), "{stderr}");
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn junit_is_valid_by_the_schema_of_jenkins() {
    let folder = tempfile::tempdir().unwrap();
    every_format(folder.path());
    let clean = repository(CONFIG, GOOD);
    run(clean.path(), &["check", "--output=junit=junit.xml"]);
    let nothing = repository(CONFIG, "x: 1\n");
    run(nothing.path(), &["check", "--output=junit=junit.xml"]);
    let validate = |path: &Path| {
        Command::new("xmlschema-validate")
            .arg("--schema")
            .arg(root().join("tests/schemas/junit-10.xsd"))
            .arg(path)
            .output()
    };
    let broken = folder.path().join("broken.xml");
    fs::write(&broken, "<testsuites><testcase/></testsuites>").unwrap();
    match validate(&broken) {
        Ok(ended) => assert!(!ended.status.success(), "the validator takes anything"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let needed = std::env::var_os("LAUNCHGATE_REQUIRE_TOOLS").is_some();
            assert!(
                !needed,
                "`xmlschema-validate` (PyPI: xmlschema) is not installed"
            );
            eprintln!("skipped: `xmlschema-validate` (PyPI: xmlschema) is not installed");
            return;
        }
        Err(error) => panic!("{error}"),
    }
    for path in [
        folder.path().join("junit"),
        clean.path().join("junit.xml"),
        nothing.path().join("junit.xml"),
    ] {
        let ended = validate(&path).unwrap();
        assert!(
            ended.status.success(),
            "{}{}",
            String::from_utf8_lossy(&ended.stdout),
            String::from_utf8_lossy(&ended.stderr)
        );
    }
}

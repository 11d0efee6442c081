//! `launchgate new`: every blank that it leaves is named by the gate, each by its line.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

/// Runs the program; exit code and what it said.
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

fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn new(folder: &Path, words: &[&str]) {
    let words: Vec<&str> = [&["new"], words].concat();
    let (code, said) = run(folder, &words);
    assert_eq!(code, 0, "{said}");
}

/// The lines that are to be filled in: placeholders, and keys with nothing behind or below them.
fn blanks(text: &str) -> Vec<usize> {
    let lines: Vec<(usize, &str)> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .collect();
    let column = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let mut blanks = Vec::new();
    for (at, (number, line)) in lines.iter().enumerate() {
        let deeper = lines.get(at + 1).is_some_and(|(_, next)| {
            let start = next.len() - next.trim_start_matches(' ').len();
            start > column(line) || (start == column(line) && next.trim_start().starts_with("- "))
        });
        let empty = line.ends_with(':') && !deeper;
        let marked = line.ends_with("TBD") || line.ends_with("[TBD]");
        if empty || marked {
            blanks.push(*number);
        }
    }
    blanks
}

/// Checks the folder; the exit code and the lines that a finding or one of its labels names.
fn named(folder: &Path) -> (i32, BTreeSet<(String, usize)>) {
    let (code, said) = run(folder, &["check", "--output", "json=report.json"]);
    let report =
        fs::read_to_string(folder.join("report.json")).unwrap_or_else(|_| unreachable!("{said}"));
    fs::remove_file(folder.join("report.json")).unwrap();
    let report: Json = serde_json::from_str(&report).unwrap();
    let mut named = BTreeSet::new();
    for finding in report["findings"].as_array().unwrap() {
        let labels = finding["labels"].as_array().unwrap().iter();
        for place in labels.chain([&finding["location"]]) {
            let line = place["start"]["line"].as_u64().unwrap();
            let path = place["path"].as_str().unwrap().to_owned();
            named.insert((path, usize::try_from(line).unwrap()));
        }
    }
    (code, named)
}

/// Holds that a check of the folder names every blank of a file, and gives how many there are.
fn holds(folder: &Path, file: &str) -> usize {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let blanks = blanks(&text);
    let (code, named) = named(folder);
    assert_eq!(code, 1, "{file}");
    for line in &blanks {
        let said = text.lines().nth(line - 1).unwrap();
        assert!(
            named.contains(&(file.to_owned(), *line)),
            "{file}:{line}: {said}"
        );
    }
    blanks.len()
}

#[test]
fn the_gate_names_every_blank_of_a_new_document() {
    for (kind, file) in [
        ("feature-spec", "specs/new.yaml"),
        ("feature-spec", "specs/new.md"),
        ("model-card", "card.yml"),
    ] {
        let folder = repository(&[]);
        new(folder.path(), &[kind, file]);
        assert!(holds(folder.path(), file) > 40, "{file}");
    }
}

#[test]
fn the_gate_names_every_blank_of_a_card_and_its_sidecar() {
    let folder = repository(&[]);
    new(folder.path(), &["model-card", "--from", "huggingface"]);
    assert!(holds(folder.path(), "README.md") > 10);
    assert!(holds(folder.path(), "README.md.launchgate.yaml") > 30);
    let (_, said) = run(folder.path(), &["check"]);
    assert!(said.contains("1 document,"), "{said}");
    assert!(!said.contains("document/"), "{said}");
}

/// It is to be read by people in one sitting.
#[test]
fn a_new_document_is_short_and_in_the_order_of_its_schema() {
    for kind in ["feature-spec", "model-card"] {
        let folder = repository(&[]);
        let (_, text) = run(folder.path(), &["new", kind, "-"]);
        assert!(
            text.lines().count() < 340,
            "{kind}: {}",
            text.lines().count()
        );
        assert!(
            text.lines().all(|line| line.chars().count() <= 98),
            "{text}"
        );
        let (_, schema) = run(folder.path(), &["schema", kind]);
        let schema: Json = serde_json::from_str(&schema).unwrap();
        let order: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let key = |line: &str| {
            let key = line.split_once(':')?.0;
            order.iter().position(|known| *known == key)
        };
        let places: Vec<usize> = text.lines().filter_map(key).collect();
        assert!(
            places.len() > 15 && places.is_sorted(),
            "{kind}: {places:?}"
        );
        for required in schema["required"].as_array().unwrap() {
            let line = format!("\n{}:\n", required.as_str().unwrap());
            assert!(text.contains(&line), "{kind}: {line}");
        }
    }
}

/// Only what nobody has to answer may be commented out.
#[test]
fn what_every_document_is_asked_for_is_there() {
    let folder = repository(&[]);
    new(folder.path(), &["feature-spec", "new.yaml"]);
    let (_, said) = run(folder.path(), &["check", "--stage", "launched", "--quiet"]);
    assert!(said.contains("FAIL"), "{said}");
    let (_, named) = named(folder.path());
    // A section that is missing is missed at the beginning of the document. The two that a warning
    // misses are left to whoever wants them.
    let text = fs::read_to_string(folder.path().join("new.yaml")).unwrap();
    let first = text
        .lines()
        .position(|line| line.starts_with("kind:"))
        .unwrap()
        + 1;
    assert!(named.contains(&("new.yaml".to_owned(), first)));
    let (_, said) = run(folder.path(), &["check", "--stage", "launched"]);
    for finding in said.split("\n\n").filter(|part| part.starts_with("error")) {
        // Sign-offs are others' to give, and stand in files of their own.
        assert!(
            finding.contains("/signed-off]") || !finding.contains(&format!("[new.yaml:{first}:1]")),
            "{finding}"
        );
    }
}

const SCHEMA: &str = r##"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Data sheet",
  "type": "object",
  "additionalProperties": false,
  "required": ["name", "origin"],
  "properties": {
    "kind": { "const": "data-sheet" },
    "name": { "type": "string", "description": "What it is called.\nkind: feature-spec\u001b[2J" },
    "rows": { "type": "integer", "examples": [12000] },
    "note": { "type": ["string", "null"], "description": "Whatever else there is." },
    "anything": {},
    "a: b": { "type": "string" },
    "origin": {
      "$ref": "#/$defs/origin",
      "examples": [{ "country": "DE", "steps": [{ "how": "asked" }], "parts": [] }]
    },
    "extra": { "type": "object", "properties": { "a": { "type": "string" } } }
  },
  "$defs": {
    "origin": {
      "type": "object",
      "required": ["since"],
      "properties": {
        "since": { "type": "string", "format": "date" },
        "country": { "type": "string" },
        "unused": { "type": "string" },
        "steps": { "type": "array", "items": { "type": "object", "properties": { "how": { "type": "string" } } } },
        "parts": { "type": "array", "items": { "$ref": "#/$defs/origin" } }
      }
    }
  }
}"##;

#[test]
fn a_kind_of_ones_own_has_new_documents_too() {
    let folder = repository(&[
        (
            "launchgate.yaml",
            "kinds:\n  data-sheet: { schema: sheet.json, identity: [name] }\n",
        ),
        ("sheet.json", SCHEMA),
    ]);
    new(folder.path(), &["data-sheet"]);
    let text = fs::read_to_string(folder.path().join("data-sheet.yaml")).unwrap();
    assert!(
        !text.contains('\u{1b}') && !text.contains("\nkind: feature-spec"),
        "{text}"
    );
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            !line.is_empty() && !line.starts_with("# ") && !line.trim_start().starts_with('#')
        })
        .collect();
    let expected = [
        "kind: data-sheet",
        "name:",
        "rows:",
        "'a: b':",
        "origin:",
        "  since:",
        "  country:",
        "  steps:",
        "    - how:",
        "  parts:",
    ];
    assert_eq!(kept, expected, "{text}");
    // A blank that its schema allows would be named by nobody, so it is none.
    for optional in ["# note:", "# anything:", "# extra:"] {
        assert!(text.contains(optional), "{text}");
    }
    assert_eq!(holds(folder.path(), "data-sheet.yaml"), 7);
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let mine = "mine\n";
    for (file, words) in [
        ("feature-spec.yaml", &["feature-spec"][..]),
        ("a b.md", &["model-card", "a b.md"]),
        ("README.md", &["model-card", "--from", "huggingface"]),
        (
            "README.md.launchgate.yaml",
            &["model-card", "--from", "huggingface"],
        ),
    ] {
        let folder = repository(&[(file, mine)]);
        let words: Vec<&str> = [&["new"], words].concat();
        let (code, said) = run(folder.path(), &words);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(&format!("`{file}` already")), "{said}");
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), mine);
        // Nor is the other of two files written.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "{said}");
    }
}

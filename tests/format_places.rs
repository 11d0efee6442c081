//! One rule over every format: its finding stands where the author of the foreign file wrote the value.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Values that documents have, and their kinds.
const FIELDS: [(&str, &[&str]); 6] = [
    ("title", &["model-card", "feature-spec"]),
    ("owner", &["model-card", "feature-spec"]),
    ("limitations[0]", &["model-card"]),
    ("data[0].name", &["feature-spec"]),
    ("evaluation.metrics[0].name", &["model-card"]),
    ("training_data[0].name", &["model-card"]),
];

fn goldens() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut found = Vec::new();
    for format in fs::read_dir(folder).unwrap() {
        let format = format.unwrap().path();
        for file in fs::read_dir(&format).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|end| end == "view") {
                let name = format.file_name().unwrap().to_str().unwrap().to_owned();
                found.push((name, file.with_extension("")));
            }
        }
    }
    found.sort();
    found
}

/// For each field, the places that the golden says, as `line:column`; those of a sidecar left out.
fn places(view: &str) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut places: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in view.lines() {
        for (field, _) in FIELDS {
            let Some(rest) = line.strip_prefix(&format!("{field}: ")) else {
                continue;
            };
            let (_, origin) = rest.rsplit_once(" <- ").unwrap();
            let place = origin.split(' ').next().unwrap();
            if !place.starts_with("sidecar:") {
                places.entry(field).or_default().insert(place.to_owned());
            }
        }
    }
    places
}

fn rule(number: usize, kind: &str, field: &str) -> String {
    format!(
        "rule: house/no-{number}-{kind}\ntitle: It is called otherwise\ndescription: Nothing is called so.\n\
         severity: error\napplies_to: {kind}\nblocks_from: draft\nrequire:\n  - doc.{field} == \"otherwise\"\n\
         message: it is not called otherwise\nhelp: Rename it.\n"
    )
}

fn folder(format: &str, file: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let name = file.file_name().unwrap().to_str().unwrap();
    fs::copy(file, folder.path().join(name)).unwrap();
    let sidecar = file.with_file_name(format!("{name}.launchgate.yaml"));
    if sidecar.exists() {
        let beside = folder.path().join(sidecar.file_name().unwrap());
        fs::copy(&sidecar, beside).unwrap();
    }
    // A record of a decision is a document only where the config says so.
    let documents = match format {
        "adr" => format!("documents:\n  - {{ paths: {name}, format: adr }}\n"),
        _ => String::new(),
    };
    write(
        "launchgate.yaml",
        &format!("root: true\npacks: [./house]\n{documents}"),
    );
    write(
        "house/pack.yaml",
        "name: house\nversion: 1.0.0\ntitle: House rules\n",
    );
    for (number, (field, kinds)) in FIELDS.iter().enumerate() {
        for kind in *kinds {
            let path = format!("house/no-{number}-{kind}.yaml");
            write(&path, &rule(number, kind, field));
        }
    }
    folder
}

/// For each field, where the rule's findings stand.
fn found(folder: &Path, name: &str) -> BTreeMap<&'static str, BTreeSet<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(["check", "--output", "json", name])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{name}: {output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut places: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let rule = finding["rule"].as_str().unwrap();
        let Some(rest) = rule.strip_prefix("house/no-") else {
            continue;
        };
        let number: usize = rest.split('-').next().unwrap().parse().unwrap();
        let at = &finding["location"];
        if at["path"] != name {
            continue;
        }
        let start = &at["start"];
        places
            .entry(FIELDS.get(number).unwrap().0)
            .or_default()
            .insert(format!("{}:{}", start["line"], start["column"]));
    }
    places
}

#[test]
fn a_finding_stands_where_the_author_wrote_the_value() {
    let goldens = goldens();
    let formats: BTreeSet<_> = goldens.iter().map(|(format, _)| format.as_str()).collect();
    assert_eq!(formats.len(), 14, "{formats:?}");
    for (format, file) in &goldens {
        let name = file.file_name().unwrap().to_str().unwrap();
        let view = fs::read_to_string(file.with_file_name(format!("{name}.view"))).unwrap();
        let expected = places(&view);
        assert!(!expected.is_empty(), "{format}/{name}");
        let folder = folder(format, file);
        let found = found(folder.path(), name);
        for (field, places) in expected {
            // Where a document lacks the field, that is said at another place.
            let said = found.get(field).cloned().unwrap_or_default();
            assert!(
                said.is_superset(&places),
                "{format}/{name} {field}: {places:?} not in {said:?}"
            );
        }
    }
}

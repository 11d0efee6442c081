//! `action.yml` and `.github/workflows`: their shape by the published schemas, and what a shape
//! cannot say: pins, permissions, injection, and that the names of release files agree everywhere.
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

use regex::Regex;
use serde_yaml::Value as Yaml;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The workflows, sorted.
fn workflows() -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(root().join(".github/workflows"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 2, "{paths:?}");
    paths
}

/// Workflows and the action, with their text.
fn all() -> Vec<(PathBuf, String)> {
    let action = root().join("action.yml");
    let paths = workflows().into_iter().chain([action]);
    paths
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn the_published_schemas_hold() {
    if !tools::are_there(&["check-jsonschema"]) {
        return;
    }
    for path in workflows() {
        holds("vendor.github-workflows", &path);
    }
    holds("vendor.github-actions", &root().join("action.yml"));
}

fn holds(schema: &str, path: &Path) {
    let output = Command::new("check-jsonschema")
        .args(["--builtin-schema", schema])
        .arg(path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}: {said}", path.display());
}

#[test]
fn foreign_actions_are_pinned_to_one_commit_each() {
    let line = Regex::new(r"uses: *(\S+)(.*)").unwrap();
    let pinned = Regex::new(r"^[\w./-]+@[0-9a-f]{40}$").unwrap();
    let version = Regex::new(r"^ # v\d+\.\d+\.\d+$").unwrap();
    let mut pins: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in all() {
        for found in line.captures_iter(&text) {
            let (used, comment) = (found[1].to_owned(), found[2].to_owned());
            let said = format!("{}: {used}{comment}", path.display());
            assert!(
                pinned.is_match(&used) && version.is_match(&comment),
                "{said}"
            );
            let (name, pin) = used.split_once('@').unwrap();
            let pin = format!("{pin}{comment}");
            let first = pins.entry(name.to_owned()).or_insert_with(|| pin.clone());
            assert_eq!(*first, pin, "{said}");
        }
    }
    assert!(pins.len() >= 5, "{pins:?}");

    // What users are given is pinned to the same.
    let given = Regex::new(r"(actions/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)").unwrap();
    for file in ["docs/ci.md", "src/cli/commands/init/texts.rs"] {
        let text = text(file);
        let found: Vec<_> = given.captures_iter(&text).collect();
        assert!(!found.is_empty(), "{file}");
        assert_eq!(
            found.len(),
            text.matches("uses: actions/").count(),
            "{file}"
        );
        for found in found {
            assert_eq!(
                pins.get(&found[1]).map(String::as_str),
                Some(&found[2]),
                "{file}"
            );
        }
    }
}

/// Whoever names a branch or a file writes part of what expressions give: none is put into a script.
#[test]
fn no_expression_stands_in_a_script() {
    let mut scripts = 0;
    for (path, text) in all() {
        let tree: Yaml = serde_yaml::from_str(&text).unwrap();
        let jobs = tree["jobs"].as_mapping().into_iter().flatten();
        let jobs = jobs.map(|(_, job)| &job["steps"]);
        for steps in jobs.chain([&tree["runs"]["steps"]]) {
            for step in steps.as_sequence().into_iter().flatten() {
                if let Some(script) = step["run"].as_str() {
                    scripts += 1;
                    assert!(!script.contains("${{"), "{}: {script}", path.display());
                }
            }
        }
    }
    assert!(scripts > 10, "{scripts}");
}

#[test]
fn a_workflow_may_write_nothing_by_default() {
    for path in workflows() {
        let tree: Yaml = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let granted = tree["permissions"].as_mapping().unwrap();
        let writes = granted
            .values()
            .any(|level| level.as_str() == Some("write"));
        assert!(!writes, "{}: {granted:?}", path.display());
        assert!(text(path.to_str().unwrap()).contains("persist-credentials: false"));
    }
}

/// What the release packs is what the action and `cargo binstall` download.
#[test]
fn release_files_have_one_name() {
    let release: Yaml = serde_yaml::from_str(&text(".github/workflows/release.yml")).unwrap();
    let built = release["jobs"]["build"]["strategy"]["matrix"]["include"].as_sequence();
    let mut built: Vec<_> = built
        .unwrap()
        .iter()
        .map(|build| build["target"].as_str().unwrap().to_owned())
        .collect();
    let install = text("action/install.sh");
    let target = Regex::new(r"target=([\w-]+) ;;").unwrap();
    let mut taken: Vec<_> = target
        .captures_iter(&install)
        .map(|found| found[1].to_owned())
        .collect();
    built.sort();
    taken.sort();
    assert_eq!(built, taken);
    assert_eq!(built.len(), 6);

    let release = text(".github/workflows/release.yml");
    assert!(release.contains(r#"folder="launchgate-$VERSION-$TARGET""#));
    assert!(release.contains(r#""archives/$folder.tar.gz" "$folder""#));
    assert!(install.contains(r#"archive="launchgate-$INPUT_VERSION-$target.tar.gz""#));
    assert!(install.contains("$work/launchgate-$INPUT_VERSION-$target/launchgate"));
    assert!(install.contains("/releases/download/v$INPUT_VERSION/$archive"));
    let cargo = text("Cargo.toml");
    assert!(cargo.contains(
        r#"pkg-url = "{ repo }/releases/download/v{ version }/{ name }-{ version }-{ target }.tar.gz""#
    ));
    assert!(cargo.contains(r#"bin-dir = "{ name }-{ version }-{ target }/{ bin }{ binary-ext }""#));
}

/// What CI installs, at which version, is said once a tool.
#[test]
fn tools_have_one_version() {
    let pin = Regex::new(r"(maturin|pre-commit|check-jsonschema)==(\S+)").unwrap();
    let mut pins: BTreeMap<String, String> = BTreeMap::new();
    for file in [
        ".ci/run",
        ".github/workflows/ci.yml",
        ".github/workflows/release.yml",
    ] {
        for found in pin.captures_iter(&text(file)) {
            let first = pins
                .entry(found[1].to_owned())
                .or_insert_with(|| found[2].to_owned());
            assert_eq!(*first, found[2], "{file}");
        }
    }
    assert_eq!(pins.len(), 3, "{pins:?}");
}

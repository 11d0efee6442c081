//! The control catalogues: each fits its schema, and every control that a rule serves is in one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Syntax, read};

/// The text of each YAML file of a folder, by name without extension.
fn texts(folder: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

fn with_root<T>(name: &str, text: &str, look: impl FnOnce(NodeRef<'_>) -> T) -> T {
    let source = SourceFile::new(FileId(0), name, text);
    let parsed = read(&source, Syntax::Yaml, &Limits::default());
    assert!(parsed.problems.is_empty(), "{name}: {:?}", parsed.problems);
    look(parsed.tree.root().unwrap())
}

/// `framework:id` of every control, and those that name a successor with it.
fn controls() -> (BTreeSet<String>, Vec<(String, String)>) {
    let mut known = BTreeSet::new();
    let mut successors = Vec::new();
    for (name, text) in texts("policies/frameworks") {
        with_root(&name, &text, |root| {
            let framework = root.get("framework").and_then(NodeRef::as_str).unwrap();
            assert_eq!(framework, name, "a catalogue is named as its framework");
            for control in root.get("controls").unwrap().items() {
                let id = control.get("id").and_then(NodeRef::as_str).unwrap();
                let id = format!("{framework}:{id}");
                if let Some(successor) = control.get("superseded_by").and_then(NodeRef::as_str) {
                    successors.push((id.clone(), successor.to_owned()));
                }
                assert!(known.insert(id.clone()), "{id} is listed twice");
            }
        });
    }
    (known, successors)
}

#[test]
fn catalogues_fit_their_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/framework.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let schema = Schema::compile("framework", &schema).unwrap();
    let catalogues = texts("policies/frameworks");
    assert!(catalogues.len() >= 11, "{:?}", catalogues.keys());
    for (name, text) in catalogues {
        with_root(&name, &text, |root| {
            let findings = schema.check(root);
            let said: Vec<_> = findings.iter().map(|finding| &finding.message).collect();
            assert!(said.is_empty(), "{name}: {said:?}");
        });
    }
}

#[test]
fn successors_are_controls() {
    let (known, successors) = controls();
    assert!(!successors.is_empty());
    for (id, successor) in successors {
        assert!(
            known.contains(&successor),
            "{id} is superseded by {successor}, which is in no catalogue"
        );
    }
}

#[test]
fn every_control_that_a_rule_serves_is_in_a_catalogue() {
    let (known, _) = controls();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut served = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let pack = entry.unwrap().file_name().into_string().unwrap();
        if pack == "frameworks" {
            continue;
        }
        for (name, text) in texts(&format!("policies/{pack}")) {
            with_root(&name, &text, |root| {
                let controls = root.get("controls").into_iter().flat_map(NodeRef::items);
                for control in controls.filter_map(NodeRef::as_str) {
                    served += 1;
                    assert!(
                        known.contains(control),
                        "{pack}/{name} serves {control}, which is in no catalogue"
                    );
                }
            });
        }
    }
    assert!(served > 100, "{served}");
}

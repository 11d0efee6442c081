//! `ARCHITECTURE.md` says of every direct dependency why it is here.

use std::collections::BTreeSet;
use std::fs;

use toml_edit::{Document, Item};

use crate::page::{Page, root};

#[test]
fn every_dependency_has_its_reason() {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let cargo = Document::parse(text).unwrap();
    let page = Page::read("ARCHITECTURE.md").text;
    let (_, list) = page.split_once("## Dependencies").unwrap();
    let mut named = BTreeSet::new();
    for table in ["dependencies", "dev-dependencies"] {
        for (name, dependency) in cargo[table].as_table().unwrap() {
            named.insert(name.to_owned());
            let line = list
                .lines()
                .find(|line| line.starts_with(&format!("- `{name}` (")))
                .unwrap_or_else(|| panic!("`{name}` has no line"));
            let features = dependency.get("features").and_then(Item::as_array);
            for feature in features.into_iter().flatten() {
                let feature = format!("`{}`", feature.as_str().unwrap());
                assert!(line.contains(&feature), "{name}: {feature}");
            }
            let optional = dependency.get("optional").and_then(Item::as_bool);
            assert_eq!(
                line.contains("Only with the feature `"),
                optional == Some(true),
                "{name}"
            );
        }
    }
    let listed = list.lines().filter(|line| line.starts_with("- `")).count();
    assert_eq!(
        listed,
        named.len(),
        "a line speaks of what is no dependency"
    );
}

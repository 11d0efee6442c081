//! Every rule id that the program itself speaks has a page, and no page is about an id that is never
//! spoken.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use launchgate::explain::checks;
use regex::Regex;

/// Quoted words of the readers that look like names of rules and are none.
const NO_RULES: [&str; 11] = [
    "bool", "end", "file", "float", "int", "map", "null", "seq", "start", "value", "x",
];

/// Rust files below a folder of `src`, tests taken out.
fn code(below: &str) -> Vec<(PathBuf, String)> {
    fn visit(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if name != "tests" {
                    visit(&path, found);
                }
            } else if path.extension().is_some_and(|end| end == "rs") && name != "tests.rs" {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                found.push((path, code.to_owned()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    visit(&root.join(below), &mut found);
    found
}

/// Ids that stand in the source as they are spoken.
fn literal() -> BTreeSet<String> {
    let id = Regex::new(
        r#""((?:document|schema|config|policy|input|signoff|waiver|waivers|baseline)/[a-z0-9-]+)""#,
    )
    .unwrap();
    code("")
        .iter()
        .filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "explain"))
        .flat_map(|(_, code)| id.captures_iter(code).map(|found| found[1].to_owned()))
        .collect()
}

/// Names to which the readers put `document/`, and the schema reporter its prefix.
fn prefixed() -> BTreeSet<String> {
    let name = Regex::new(r#"(?:[(\s]"([a-z]+(?:-[a-z]+)*)",|TAB: &str = "([a-z-]+)")"#).unwrap();
    let readers = code("value");
    let of_readers = readers.iter().flat_map(|(_, code)| {
        name.captures_iter(code)
            .map(|found| found.get(1).or(found.get(2)).unwrap().as_str())
            .filter(|name| !NO_RULES.contains(name))
            .map(|name| format!("document/{name}"))
    });
    let constant = Regex::new(r#"pub\(crate\) const [A-Z_]+: &str = "([a-z-]+)";"#).unwrap();
    let reporter =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/findings.rs"))
            .unwrap();
    let of_schemas = constant
        .captures_iter(&reporter)
        .map(|found| format!("schema/{}", &found[1]));
    let names: BTreeSet<_> = of_readers.chain(of_schemas).collect();
    assert!(names.contains("document/tab-indentation") && names.contains("schema/type"));
    names
}

#[test]
fn what_the_program_speaks_is_what_can_be_explained() {
    let spoken: BTreeSet<_> = literal().into_iter().chain(prefixed()).collect();
    assert!(spoken.len() > 70, "{}", spoken.len());
    let unexplained: Vec<_> = spoken
        .iter()
        .filter(|id| checks::find(id).is_none())
        .collect();
    assert!(unexplained.is_empty(), "without a page: {unexplained:?}");
    let unspoken: Vec<_> = checks::all()
        .filter(|check| !spoken.contains(check.id))
        .collect();
    assert!(unspoken.is_empty(), "pages about nothing: {unspoken:?}");
}

#[test]
fn configs_and_policies_are_read_as_documents_are() {
    for id in prefixed() {
        let (_, name) = id.split_once('/').unwrap();
        for family in ["config", "policy", "signoff"] {
            let id = format!("{family}/{name}");
            assert!(checks::find(&id).is_some(), "{id}");
        }
    }
    assert!(checks::find("input/unknown-key").is_none());
    assert!(checks::find("config/duplicate-id").is_none());
}

#[test]
fn pages_are_sentences() {
    let mut seen = BTreeSet::new();
    for check in checks::all() {
        assert!(seen.insert(check.id), "{} twice", check.id);
        let family = check.id.split_once('/').unwrap().0;
        assert!(checks::FAMILIES.iter().any(|(name, _)| *name == family));
        assert!(!check.title.ends_with('.'), "{}", check.id);
        for text in [check.meaning, check.mend] {
            assert!(
                text.ends_with('.') && !text.contains("  "),
                "{}: {text}",
                check.id
            );
        }
    }
}

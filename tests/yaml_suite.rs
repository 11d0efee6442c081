//! The YAML test suite: every case with a JSON form gives those values, every `error` case is
//! refused, and what deviates stands in a table with its reason.
//!
//! The suite is no part of the repository. Its JSON form (`id`, `name`, `yaml`, and `json` or
//! `error`) is read where `LAUNCHGATE_YAML_SUITE` points; without that the test says so and
//! passes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the suite lies"
)]

use launchgate::finding::Severity;
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Parsed, Scalar, Syntax, read};
use serde_json::Value;

const TAG: &str = "a tag outside the core schema is refused; the value is as the suite says";
const FLOW_INDENT: &str = "flow collections may be indented freely, as PyYAML and people have it";

/// Cases that deviate on purpose.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("2XXW", TAG),
    ("565N", TAG),
    ("5TYM", TAG),
    ("6CK3", TAG),
    ("6WLZ", TAG),
    ("7FWL", TAG),
    ("9C9N", FLOW_INDENT),
    ("9WXW", TAG),
    ("C4HZ", TAG),
    ("CC74", TAG),
    ("CUP7", TAG),
    ("J7PZ", TAG),
    ("M5C3", TAG),
    ("P76L", TAG),
    ("UGM3", TAG),
    ("Z67P", TAG),
    ("Z9M4", TAG),
];

#[test]
fn every_case_of_the_suite_reads_as_the_suite_says() {
    let Ok(path) = std::env::var("LAUNCHGATE_YAML_SUITE") else {
        eprintln!("skipped: LAUNCHGATE_YAML_SUITE is not set");
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 300, "the suite has {} cases", cases.len());
    let mut failures = Vec::new();
    let mut used = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        let deviation = deviation(case);
        let excepted = EXCEPTIONS.iter().any(|(exception, _)| *exception == id);
        match deviation {
            Some(deviation) if excepted && !deviation.contains(": read as") => used.push(id),
            Some(deviation) => failures.push(format!("{id} ({}): {deviation}", case["name"])),
            None if excepted => {
                failures.push(format!("{id} no longer deviates: drop it from the table"));
            }
            None => {}
        }
    }
    for (id, _) in EXCEPTIONS {
        if !used.contains(id) && !failures.iter().any(|failure| failure.starts_with(id)) {
            failures.push(format!("{id} is no case of the suite"));
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n{} failures",
        failures.join("\n"),
        failures.len()
    );
}

/// In what a case does not read as the suite says.
fn deviation(case: &Value) -> Option<String> {
    let yaml = case["yaml"].as_str().unwrap();
    let source = SourceFile::new(FileId(0), "case.yaml", yaml);
    let Parsed { tree, problems } = read(&source, Syntax::Yaml, &Limits::default());
    let errors: Vec<String> = problems
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect();
    if case["error"] == Value::Bool(true) {
        return errors
            .is_empty()
            .then(|| format!("not refused, but read as {tree:?}"));
    }
    let expected = case["json"].as_array()?;
    let roots: Vec<NodeRef<'_>> = tree.roots().collect();
    if roots.len() == expected.len()
        && roots
            .iter()
            .zip(expected)
            .all(|(&root, json)| same(root, json))
    {
        return (!errors.is_empty()).then(|| errors.join("; "));
    }
    Some(format!("{errors:?}: read as {tree:?}, not {expected:?}"))
}

fn same(node: NodeRef<'_>, json: &Value) -> bool {
    match (node.scalar(), json) {
        (Some(Scalar::Null), Value::Null) => true,
        (Some(Scalar::Bool(value)), Value::Bool(json)) => value == *json,
        (Some(Scalar::Int(value)), Value::Number(json)) => json.as_i64() == Some(value),
        (Some(Scalar::Float(value)), Value::Number(json)) => json.as_f64() == Some(value),
        (Some(Scalar::String(value)), Value::String(json)) => value == json,
        (None, Value::Array(json)) => {
            node.is_sequence()
                && node.len() == json.len()
                && node.items().zip(json).all(|(item, json)| same(item, json))
        }
        (None, Value::Object(json)) => {
            node.is_mapping()
                && node.len() == json.len()
                && node.entries().all(|entry| {
                    json.get(entry.key)
                        .is_some_and(|json| same(entry.value, json))
                })
        }
        _ => false,
    }
}

//! Fields of the built-in kinds that name a piece of evidence are marked as such, so that reports
//! find it.

use launchgate::document::Kinds;
use serde_json::Value;

/// Every schema of a field below `part`, with its name.
fn fields<'s>(part: &'s Value, found: &mut Vec<(&'s str, &'s Value)>) {
    match part {
        Value::Object(map) => {
            let properties = map.get("properties").and_then(Value::as_object);
            found.extend(
                properties
                    .into_iter()
                    .flatten()
                    .map(|(k, v)| (k.as_str(), v)),
            );
            for value in map.values() {
                fields(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fields(item, found)),
        _ => {}
    }
}

#[test]
fn what_is_a_path_or_an_address_is_marked_as_evidence() {
    let mut unmarked = Vec::new();
    for kind in Kinds::builtin().iter() {
        let mut found = Vec::new();
        fields(&kind.schema, &mut found);
        for (name, field) in found {
            let description = field["description"].as_str().unwrap_or_default();
            let names_one = description.contains("path or an address");
            if names_one && field["x-evidence"] != true {
                unmarked.push(format!("{} of {}: {description}", name, kind.name));
            }
        }
        assert!(kind.evidence.len() >= 15, "{:?}", kind.evidence);
    }
    assert!(unmarked.is_empty(), "{unmarked:#?}");
}

#[test]
fn marks_are_found_through_lists_and_references() {
    let kinds = Kinds::builtin();
    let has = |kind: &str, field: &str| {
        let kind = kinds.get(kind).into_iter();
        kind.flat_map(|kind| kind.evidence.iter())
            .any(|known| **known == *field)
    };
    assert!(has("model-card", "/fairness/assessments/*/evidence/path"));
    assert!(has("feature-spec", "/security/threat_model/reference"));
    assert!(has("feature-spec", "/data/*/transfers/*/assessment"));
    assert!(!has("model-card", "/fairness/assessments/*/reference"));
}

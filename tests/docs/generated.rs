//! Tables that are made from schemas and formats.

use std::fmt::Write as _;
use std::fs;

use launchgate::explain::checks;
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

use crate::page::{Page, root};

/// Pages with generated tables, and how many.
const PAGES: [(&str, usize); 3] = [
    ("docs/checks.md", 8),
    ("docs/ci.md", 2),
    ("docs/documents.md", 5),
];

/// The table with this name.
fn table(name: &str) -> String {
    match name.split_once(' ') {
        Some(("action", part)) => action(part),
        Some(("checks", family)) => checks(family),
        Some(("fields", kind)) => fields(kind),
        Some(("mapping", format)) => mapping(&self::format(format)),
        Some((part @ ("sections" | "labels"), format)) => {
            names(&self::format(format)[part], part.trim_end_matches('s'))
        }
        _ => panic!("there is no table `{name}`"),
    }
}

#[test]
fn tables_have_not_drifted() {
    for (path, tables) in PAGES {
        let page = Page::read(path);
        let mut parts = page.text.split("<!-- generated: ");
        let mut fresh = parts.next().unwrap().to_owned();
        let mut count = 0;
        for part in parts {
            let (name, rest) = part.split_once(" -->").unwrap();
            let (_, rest) = rest.split_once("<!-- end -->").unwrap();
            let table = table(name);
            write!(
                fresh,
                "<!-- generated: {name} -->\n\n{table}\n<!-- end -->{rest}"
            )
            .unwrap();
            count += 1;
        }
        assert_eq!(count, tables, "{path}");
        if page.text == fresh {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(root().join(path), &fresh).unwrap();
            continue;
        }
        let drifted = page.text.lines().zip(fresh.lines()).find(|(a, b)| a != b);
        panic!("{path} has drifted at {drifted:?}; run `BLESS=1 cargo test --test docs`");
    }
}

/// The inputs or the outputs of `action.yml`.
fn action(part: &str) -> String {
    let action = fs::read_to_string(root().join("action.yml")).unwrap();
    let action: Yaml = serde_yaml::from_str(&action).unwrap();
    let inputs = part == "inputs";
    let head: &[&str] = if inputs {
        &["input", "meaning", "default"]
    } else {
        &["output", "meaning"]
    };
    let mut rows = row(head) + &row(&vec!["---"; head.len()]);
    for (name, described) in action[part].as_mapping().unwrap() {
        let name = format!("`{}`", text(name));
        let meaning = cell(text(&described["description"]));
        rows += &if inputs {
            let default = match text(&described["default"]) {
                "" => String::new(),
                default => format!("`{default}`"),
            };
            row(&[&name, &meaning, &default])
        } else {
            row(&[&name, &meaning])
        };
    }
    rows
}

/// What launchgate says of a family of checks: `document`, `config`.
fn checks(family: &str) -> String {
    let mut rows = row(&["id", "what holds where it says nothing", "how to mend it"]);
    rows += &row(&["---", "---", "---"]);
    let mut known: Vec<_> = checks::all()
        .filter(|check| check.id.split('/').next() == Some(family))
        .collect();
    assert!(!known.is_empty(), "{family}");
    known.sort_by_key(|check| check.id);
    for check in known {
        rows += &row(&[
            &format!("`{}`", check.id),
            &cell(check.title),
            &cell(check.mend),
        ]);
    }
    rows
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn fields(kind: &str) -> String {
    let path = root().join(format!("schemas/{kind}.schema.json"));
    let schema: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let required = schema["required"].as_array().unwrap();
    let mut text = row(&["field", "title", "meaning"]) + &row(&["---", "---", "---"]);
    for (key, property) in schema["properties"].as_object().unwrap() {
        let said = |name: &str| {
            let mut part = property;
            loop {
                if let Some(found) = part[name].as_str() {
                    return cell(found);
                }
                let Some(target) = part["$ref"].as_str() else {
                    panic!("{kind}: `{key}` has no {name}");
                };
                part = schema.pointer(target.trim_start_matches('#')).unwrap();
            }
        };
        let needed = if required.iter().any(|name| name == key) {
            " (needed)"
        } else {
            ""
        };
        text += &row(&[
            &format!("`{key}`{needed}"),
            &said("title"),
            &said("description"),
        ]);
    }
    text
}

fn format(name: &str) -> Yaml {
    let path = root().join(format!("schemas/formats/{name}.yaml"));
    serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Yaml) -> &str {
    value.as_str().unwrap()
}

/// The origins of a field, those that make one list taken apart.
fn apart(origins: &Yaml) -> Vec<&Yaml> {
    let origins = several(origins).into_iter();
    let parts = origins.flat_map(
        |origin| match origin.get("all").and_then(Yaml::as_sequence) {
            Some(parts) => parts.iter().collect(),
            None => vec![origin],
        },
    );
    parts.collect()
}

/// One value, or each of a list.
fn several(value: &Yaml) -> Vec<&Yaml> {
    match value.as_sequence() {
        Some(list) => list.iter().collect(),
        None => vec![value],
    }
}

fn mapping(format: &Yaml) -> String {
    let mut rows = row(&["field", "where it comes from, best first"]) + &row(&["---", "---"]);
    for (field, origins) in format["fields"].as_mapping().unwrap() {
        let mut loops: Vec<(String, &Yaml)> = Vec::new();
        let mut plain = Vec::new();
        for origin in apart(origins) {
            match origin.as_str() {
                Some(expression) => plain.push(format!("`{}`", cell(expression))),
                None => loops.push((each(&origin["each"]), &origin["fields"])),
            }
        }
        let field = text(field);
        if !plain.is_empty() {
            rows += &row(&[&format!("`{field}`"), &plain.join("; ")]);
        }
        for (each, fields) in loops {
            for (name, origins) in fields.as_mapping().unwrap() {
                let origins: Vec<String> = several(origins)
                    .into_iter()
                    .map(|origin| format!("`{}`", cell(text(origin))))
                    .collect();
                let name = format!("`{field}[].{}`", text(name));
                rows += &row(&[&name, &format!("{}, {each}", origins.join("; "))]);
            }
        }
    }
    rows
}

/// "for each `entry` of `raw.x`".
fn each(loops: &Yaml) -> String {
    let loops: Vec<String> = loops
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, list)| format!("`{}` of `{}`", text(name), cell(text(list))))
        .collect();
    format!("for each {}", loops.join(", "))
}

fn names(names: &Yaml, prefix: &str) -> String {
    let mut rows = row(&[
        "name",
        if prefix == "label" {
            "labels"
        } else {
            "titles"
        },
    ]);
    rows += &row(&["---", "---"]);
    for (name, meant) in names.as_mapping().unwrap() {
        let meant: Vec<&str> = several(meant).into_iter().map(text).collect();
        let name = format!("`{prefix}.{}`", text(name));
        rows += &row(&[&name, &cell(&meant.join(", "))]);
    }
    rows
}

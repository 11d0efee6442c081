//! What the threat model names is there: checks, rules, test files, and the cases in them.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;

use launchgate::finding::checks;

use crate::page::root;

fn page() -> String {
    fs::read_to_string(root().join("docs/threat-model.md")).unwrap()
}

#[test]
fn checks_and_rules_of_the_threat_model_are_there() {
    let name = Regex::new(r"`([a-z]+/[a-z-]+)`").unwrap();
    let page = page();
    let named: BTreeSet<&str> = name
        .captures_iter(&page)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    assert!(named.len() >= 10, "{named:?}");
    let is_there = |id: &str| {
        checks::find(id).is_some() || root().join(format!("policies/{id}.yaml")).is_file()
    };
    let lost: Vec<_> = named.into_iter().filter(|id| !is_there(id)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn tests_of_the_threat_model_are_there() {
    let cited = Regex::new(r#"`(tests/[^`]+)`:? ?((?:"[^"]+"(?:, )?)*)"#).unwrap();
    let case = Regex::new(r#""([^"]+)""#).unwrap();
    let mut lost = Vec::new();
    let mut cases = 0;
    for found in cited.captures_iter(&page()) {
        let Ok(text) = fs::read_to_string(root().join(&found[1])) else {
            lost.push(found[1].to_owned());
            continue;
        };
        for named in case.captures_iter(&found[2]) {
            cases += 1;
            let (literal, function) = (format!("\"{}\"", &named[1]), format!("fn {}(", &named[1]));
            if !text.contains(&literal) && !text.contains(&function) {
                lost.push(format!("{}: {}", &found[1], &named[1]));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
    assert!(cases >= 60, "{cases}");
}

/// An attack without what catches it, or without a test of that, is half a row.
#[test]
fn rows_of_the_threat_model_are_whole() {
    let page = page();
    let rows: Vec<_> = page
        .lines()
        .filter(|line| {
            line.starts_with("| ") && !line.starts_with("| they") && !line.starts_with("| --")
        })
        .collect();
    assert!(rows.len() >= 40, "{}", rows.len());
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{row}");
        assert!(cells[1..4].iter().all(|cell| !cell.is_empty()), "{row}");
    }
}

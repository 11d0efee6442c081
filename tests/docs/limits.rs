//! The numbers that the documentation gives are those of the code.

use std::fs;

use launchgate::expr::DEFAULT_BUDGET;
use launchgate::expr::parse::{MAX_DEPTH, MAX_TEXT};
use launchgate::policy::MAX_FINDINGS;
use launchgate::value::Limits;

use crate::page::{Page, root};

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn limits_are_those_of_the_code() {
    let Limits {
        file_bytes,
        depth,
        nodes,
        alias_nodes,
    } = Limits::default();
    let numbers = [
        file_bytes,
        depth as u64,
        nodes as u64,
        alias_nodes as u64,
        u64::from(DEFAULT_BUDGET),
        u64::from(MAX_DEPTH),
        MAX_TEXT as u64,
        MAX_FINDINGS as u64,
        1 << 20,
        100,
    ];
    // Those that are not public.
    for (file, constant) in [
        ("src/expr/compile.rs", "REGEX_SIZE: usize = 1 << 20;"),
        ("src/config/load.rs", "MAX_BYTES: u64 = 1 << 20;"),
        ("src/value/problem.rs", "MAX_PROBLEMS: usize = 100;"),
        ("src/engine/packs.rs", "PACK_DEPTH: usize = 8;"),
        ("src/expr/blame/mod.rs", "MAX_ELEMENTS: usize = 3;"),
        ("src/expr/blame/mod.rs", "MAX_OPERANDS: usize = 12;"),
        ("src/policy/report.rs", "RELATED: usize = 8;"),
    ] {
        let code = fs::read_to_string(root().join(file)).unwrap();
        assert!(code.contains(constant), "{file}: {constant}");
    }
    let schema: serde_json::Value = serde_json::from_str(
        &fs::read_to_string(root().join("schemas/config.schema.json")).unwrap(),
    )
    .unwrap();
    let most = schema["properties"]["limits"]["properties"]
        .as_object()
        .unwrap()
        .values()
        .map(|limit| limit["maximum"].as_u64().unwrap());
    let documents = Page::read("docs/documents.md").text;
    for number in most {
        assert!(
            documents.contains(&format!("| {} |", grouped(number))),
            "{number}"
        );
    }
    let security = Page::read("SECURITY.md").text;
    for number in numbers {
        let number = grouped(number);
        assert!(security.contains(&format!("| {number} |")), "{number}");
    }
    let policies = Page::read("docs/policies.md").text;
    for number in [
        u64::from(DEFAULT_BUDGET),
        u64::from(MAX_DEPTH),
        MAX_TEXT as u64,
        1 << 20,
    ] {
        let number = grouped(number);
        assert!(policies.contains(&format!("| {number} ")), "{number}");
    }
}

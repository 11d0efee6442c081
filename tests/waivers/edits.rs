//! Edits that change nothing of what was waived.

use crate::{CREDIT, WAIVER, World, told};

/// A waiver by fingerprint, and the same finding frozen.
fn worlds() -> [World; 3] {
    let report = World::new().report();
    let fingerprint = &report.findings[0].fingerprint;
    let pinned = WAIVER.replace(
        "  reason",
        &format!("  fingerprint: \"{fingerprint}\"\n  reason"),
    );
    [
        World::new().waivers(WAIVER),
        World::new().waivers(pinned),
        World::new().frozen(None),
    ]
}

#[test]
fn moving_and_unrelated_edits_keep_every_match() {
    let income = "  - name: income\n    retention: P10Y\n";
    let rates = "  - name: rates\n    retention: P1Y\n";
    let edits: Vec<(&str, String)> = vec![
        ("lines above", format!("# one\n# two\n\n{CREDIT}")),
        (
            "another item before",
            CREDIT.replace(
                rates,
                &format!("  - name: new\n    retention: P1M\n{rates}"),
            ),
        ),
        (
            "the items in another order",
            CREDIT.replace(&format!("{rates}{income}"), &format!("{income}{rates}")),
        ),
        (
            "the keys in another order",
            CREDIT.replace(income, "  - retention: P10Y\n    name: income\n"),
        ),
        (
            "another indentation",
            CREDIT.replace(income, "  -   name: income\n      retention: P10Y\n"),
        ),
        (
            "in one line",
            CREDIT.replace(income, "  - { name: income, retention: P10Y }\n"),
        ),
        ("in quotes", CREDIT.replace("P10Y", "\"P10Y\"")),
        (
            "another title",
            CREDIT.replace("title: Credit", "title: Credits"),
        ),
        ("Windows line ends", CREDIT.replace('\n', "\r\n")),
    ];
    for world in worlds() {
        for (name, text) in &edits {
            let report = world.clone().spec(text.clone()).report();
            assert_eq!(report.verdict.exit_code(), 0, "{name}: {:?}", told(&report));
            assert_eq!(report.findings.len(), 1, "{name}: {:?}", told(&report));
        }
        let mut moved = world.clone();
        let text = moved.files.remove("specs/credit.yaml").unwrap();
        moved.files.insert("other/renamed.yaml".to_owned(), text);
        let report = moved.report();
        assert_eq!(report.verdict.exit_code(), 0, "{:?}", told(&report));
    }
}

#[test]
fn another_value_is_another_finding_for_what_names_the_fingerprint() {
    let [by_key, pinned, frozen] =
        worlds().map(|world| world.spec(CREDIT.replace("P10Y", "P20Y")).report());
    assert_eq!(by_key.verdict.exit_code(), 0);
    assert_eq!(pinned.verdict.exit_code(), 1);
    assert_eq!(frozen.verdict.exit_code(), 1);
    let unmatched = pinned
        .findings
        .iter()
        .find(|it| it.rule.as_str() == "waivers/unmatched")
        .unwrap();
    assert!(
        unmatched.message.contains("not what stands there now"),
        "{}",
        unmatched.message
    );
}

#[test]
fn documents_with_one_id_are_not_confused() {
    let [by_key, pinned, _] = worlds();
    for world in [by_key, pinned] {
        let report = world.with("specs/copy.yaml", CREDIT).report();
        assert_eq!(report.verdict.exit_code(), 1);
        assert_eq!(report.waivers[0].state, "ambiguous", "{:?}", told(&report));
        assert_eq!(report.summary.waived, 0);
    }
}

#[test]
fn a_comment_in_front_matter_waives_as_one_in_yaml_does() {
    let comment = "    # launchgate: allow house/retention until 2027-01-20 by cleo@bank.example -- licence\n";
    let line = "    retention: P10Y\n";
    let text = CREDIT.replace(line, &format!("{comment}{line}"));
    let mut world = World::new().with(
        "specs/credit.md",
        format!("---\n{text}---\n\n# Plan\n\nText.\n"),
    );
    world.files.remove("specs/credit.yaml");
    let report = world.report();
    assert_eq!(told(&report), ["house/retention waived"]);
    assert_eq!(
        report.waivers[0].owner.as_deref(),
        Some("ines@bank.example")
    );
}

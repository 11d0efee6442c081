//! What a rule with `redact` has found is shown by no output, not even by a finding of another rule.
#![expect(clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "common/gate.rs"]
mod gate;

use std::fmt::Write as _;

use launchgate::finding::{Finding, Report};
use launchgate::render::{Format, json};
use serde_json::Value;

use gate::{ROOT, check_with, memory, options};

/// What must not be shown.
const SECRET: &str = "sesame-4711-open";

const FOUND: &str = "for_each: occurrences(doc, 's[e]same-[0-9a-z-]+')\nrequire: [item == 'x']\n";

/// Checks documents of the kind `note` by a rule that redacts and another that does not.
fn check(rule: &str, documents: &[(&str, &str)]) -> Report {
    let schema = r#"{
        "type": "object", "additionalProperties": false,
        "properties": {
            "kind": true, "id": { "type": "string" }, "title": true, "owner": true, "text": { "type": "string" },
            "code": { "enum": ["a", "b"] }, "list": { "type": "array" }, "map": true,
            "sign_offs": true
        }
    }"#;
    let head = "title: T\ndescription: D.\nseverity: error\napplies_to: note\n";
    let other = "require: [doc.text == 'x']\nmessage: '`{doc.text}` is not x'\n";
    let mut files = vec![
        (
            "launchgate.yaml",
            "packs: [./acme]\nkinds:\n  note:\n    schema: note.json\n".to_owned(),
        ),
        ("note.json", schema.to_owned()),
        (
            "acme/pack.yaml",
            "name: acme\nversion: 1.0.0\ntitle: T\n".to_owned(),
        ),
        (
            "acme/secret.yaml",
            format!("rule: acme/secret\n{head}redact: true\n{rule}"),
        ),
        (
            "acme/other.yaml",
            format!("rule: acme/other\n{head}{other}"),
        ),
    ];
    let documents = documents.iter();
    files.extend(documents.map(|(path, text)| (*path, format!("kind: note\nid: a\n{text}"))));
    let mut options = options();
    options.outcomes = true;
    check_with(&memory(files), ROOT.into(), &options)
}

fn of<'r>(report: &'r Report, rule: &str) -> Vec<&'r Finding> {
    let findings = report.findings.iter();
    findings
        .filter(|finding| finding.rule.as_str() == rule)
        .collect()
}

/// Every output of a report as one text.
fn outputs(report: &Report) -> String {
    let mut all = format!("{:?}", report.findings);
    for format in Format::ALL {
        all.push_str(&format.render(report));
    }
    for file in report.sources.iter() {
        all.push_str(file.text());
    }
    all
}

#[test]
fn no_output_shows_it_wherever_it_stands() {
    for text in [
        format!("text: {SECRET}\n"),
        format!("title: {SECRET}\nowner: by {SECRET}\n"),
        format!("text: \"before {SECRET} behind\"\n"),
        format!("text: x # {SECRET}\n"),
        format!("code: {SECRET}\n"),
        format!("list: [1, {SECRET}]\n"),
        format!("{SECRET}: 1\n"),
        format!("map: {{ {SECRET}: {{ deep: {SECRET} }} }}\n"),
        format!("text: |\n  one\n  {SECRET}\n"),
        format!("text: \"one\\n{SECRET}\"\ncode: {SECRET}\n"),
        format!("text: &t {SECRET}\ncode: *t\n"),
        format!(
            "sign_offs: [{{ role: {SECRET}, principal: {SECRET}, decision: {SECRET}, stage: {SECRET}, \
             conditions: of {SECRET}, signed_on: {SECRET}, expires: {SECRET} }}]\n"
        ),
    ] {
        let report = check(FOUND, &[("a.yaml", &text)]);
        let found = of(&report, "acme/secret");
        assert!(!found.is_empty(), "{text}");
        let all = outputs(&report);
        assert!(!all.contains("sesame"), "{text}\n{all}");
        assert!(all.contains("acme/secret"), "{text}");
    }
}

#[test]
fn the_rest_of_a_line_and_every_place_stays() {
    let text = "text: önce sesame-4711-é-open sonra\n";
    let report = check(
        "for_each: occurrences(doc, 's[e]same-[0-9]+-é-[a-z]+')\nrequire: [item == 'x']\n",
        &[("a.yaml", text)],
    );
    let finding = of(&report, "acme/secret")[0];
    let file = report.sources.file(finding.primary.location).unwrap();
    assert_eq!(
        file.text(),
        "kind: note\nid: a\ntext: önce ************×***** sonra\n"
    );
    assert_eq!(
        file.slice(finding.primary.location.span),
        "************×*****"
    );
    assert_eq!(
        finding.primary.text,
        "what was found has 18 characters, not shown"
    );
    assert_eq!(finding.pointer, "/text");
}

#[test]
fn a_file_without_a_finding_of_the_rule_is_shown_as_it_is() {
    let documents = [("a.yaml", "text: sesame-1\n"), ("b.yaml", "text: other\n")];
    let report = check(FOUND, &documents);
    let texts: Vec<_> = report.sources.iter().map(|file| file.text()).collect();
    assert!(
        texts.contains(&"kind: note\nid: a\ntext: other\n"),
        "{texts:?}"
    );
    assert!(
        texts.contains(&"kind: note\nid: a\ntext: ********\n"),
        "{texts:?}"
    );
}

#[test]
fn values_of_nodes_are_redacted_as_well() {
    let text = format!("list: [{{ name: {SECRET}, size: 47114711 }}]\n");
    for rule in [
        "for_each: doc.list\nrequire: [item.name == 'x']\nmessage: '`{item.name}` is not x'\n",
        "for_each: doc.list\nrequire: [item.size == 5]\nmessage: '`{item.size}` is not 5'\n",
        "require: ['doc.list.all(e, e.name == \"x\" && e.size == 5)']\n",
        "for_each: doc.list\nrequire: [int(item.name) == 3]\n",
        "for_each: doc.list\nrequire: [date(item.name) < today]\n",
        "for_each: doc.list\nrequire: [{ schema: { at: item, is: { properties: { name: { enum: [x] }, size: { maximum: 5 } } } } }]\n",
        "for_each: doc.list\nrequire: [{ schema: { at: item.name, is: { format: date } } }, item.size < 5]\n",
    ] {
        let report = check(rule, &[("a.yaml", &text)]);
        let finding = of(&report, "acme/secret")[0];
        let said = format!("{finding:?}");
        let file = report.sources.file(finding.primary.location).unwrap();
        let shown = format!("{said}\n{}", file.text());
        for secret in [
            (rule.contains("name"), "sesame"),
            (rule.contains("size"), "4711471"),
        ] {
            assert!(!secret.0 || !shown.contains(secret.1), "{rule}\n{shown}");
        }
    }
}

#[test]
fn a_fingerprint_does_not_depend_on_what_is_not_shown() {
    let fingerprint = |text: &str| {
        let report = check(FOUND, &[("a.yaml", text)]);
        of(&report, "acme/secret")[0].fingerprint.clone()
    };
    let list = |value: &str| fingerprint(&format!("list: [{value}]\n"));
    assert_eq!(list("sesame-1"), list("sesame-2"));
    assert_ne!(list("sesame-1"), fingerprint("text: sesame-1\n"));
    let report = check(FOUND, &[("a.yaml", "text: sesame-1 sesame-2\n")]);
    let [one, two] = of(&report, "acme/secret")[..] else {
        panic!("{:?}", report.findings)
    };
    assert_ne!(one.fingerprint, two.fingerprint);
}

#[test]
fn what_is_too_much_to_be_shown_is_redacted_too() {
    let text = (0..1500).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "- sesame-{number}");
        text
    });
    let report = check(FOUND, &[("a.yaml", &format!("list:\n{text}"))]);
    let all = outputs(&report);
    assert!(all.contains("more than 1000 findings"));
    assert!(!all.contains("sesame"));
}

#[test]
fn the_outcomes_name_the_items() {
    let report = check(
        FOUND,
        &[(
            "a.yaml",
            "text: sesame-1\nmap: { sesame-22: { a: sesame-3 } }\n",
        )],
    );
    let value: Value = serde_json::from_str(&json::render(&report)).unwrap();
    let items: Vec<_> = value["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["rule"] == "acme/secret")
        .map(|row| row["item"].as_str().unwrap())
        .collect();
    assert_eq!(items, ["/text", "/map", "/map/***/a"]);
}

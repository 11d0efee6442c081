//! A finding keeps its fingerprint when the document is edited elsewhere, and no two share one.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use launchgate::finding::{Finding, Report};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use gate::{ROOT, check_with, memory, options};

const DRAFT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/credit-scoring-draft");
const SPEC: &str = "instant-credit.md";
const CARD: &str = "credit-risk-model";

/// The draft example, its values apart from how they are written.
struct Draft {
    spec: Value,
    body: String,
    card: Value,
    /// What it refers to.
    beside: Vec<(String, Vec<u8>)>,
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(DRAFT).join(name)).unwrap()
}

impl Draft {
    fn new() -> Self {
        let text = read(SPEC);
        let (_, rest) = text.split_once("---\n").unwrap();
        let (front, body) = rest.split_once("\n---\n").unwrap();
        let card = read(&format!("{CARD}.yaml"));
        let mut beside = Vec::new();
        for folder in ["docs", "evidence"] {
            for file in fs::read_dir(Path::new(DRAFT).join(folder))
                .into_iter()
                .flatten()
            {
                let file = file.unwrap();
                let name = format!("{folder}/{}", file.file_name().to_str().unwrap());
                beside.push((name, fs::read(file.path()).unwrap()));
            }
        }
        Self {
            // By its id, so that its file may have any name.
            spec: serde_yaml::from_str(&front.replace("credit-risk-model.yaml", CARD)).unwrap(),
            body: body.to_owned(),
            card: serde_yaml::from_str(&card.replace(SPEC, "instant-credit")).unwrap(),
            beside,
        }
    }

    /// The findings of the draft after an edit, in a folder.
    fn check(&self, folder: &str, edit: &Edit) -> Report {
        let spec = edit.write(&self.spec);
        let spec = format!("---\n{spec}---\n{}{}", "\n".repeat(edit.lines), self.body);
        let (card, ending) = if edit.json {
            (edit.turned(&self.card).to_string(), "json")
        } else {
            (edit.write(&self.card), "yaml")
        };
        let ends = |text: String| {
            let text = if edit.crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            };
            text.into_bytes()
        };
        let name = &edit.name;
        let mut files = vec![
            (format!("{folder}{name}{SPEC}"), ends(spec)),
            (format!("{folder}{name}{CARD}.{ending}"), ends(card)),
        ];
        for (name, bytes) in &self.beside {
            files.push((format!("{folder}{name}"), bytes.clone()));
        }
        check_with(&memory(files), ROOT.into(), &options())
    }
}

/// Another way to write the same values.
#[derive(Clone, Debug, Default)]
struct Edit {
    /// Comments and empty lines before each key of the root.
    lines: usize,
    /// Turns the order of keys by so many places.
    turn: usize,
    style: Style,
    /// Puts an unknown element, whose key is this list's name, before the others.
    before: Option<&'static str>,
    /// Turns the order of elements that have a name by so many places.
    elements: usize,
    /// Adds keys of the user's own everywhere.
    more: bool,
    /// Writes the card as JSON.
    json: bool,
    /// Ends lines as on Windows.
    crlf: bool,
    /// Begins the names of the files.
    name: String,
}

#[derive(Clone, Copy, Debug, Default)]
enum Style {
    #[default]
    Block,
    /// Flow, all on one line.
    Flow,
    /// Flow over many lines with this indentation.
    Indented(usize),
}

/// Lists of the example, with an element that could stand in them.
const LISTS: [(&str, &str); 5] = [
    (
        "data",
        r#"{"name":"shoe_size","category":"body","personal":false}"#,
    ),
    (
        "references",
        r#"{"title":"Elsewhere","url":"https://example.com/"}"#,
    ),
    (
        "training_data",
        r#"{"name":"synthetic","description":"Made up","personal":false}"#,
    ),
    ("kpis", r#"{"name":"Happiness"}"#),
    ("risks", r#"{"name":"Rain"}"#),
];

impl Edit {
    fn write(&self, value: &Value) -> String {
        let mut value = self.turned(value);
        for (list, element) in LISTS {
            if self.before == Some(list)
                && let Some(Value::Array(items)) = value.get_mut(list)
            {
                items.insert(0, serde_json::from_str(element).unwrap());
            }
        }
        let mut text = String::new();
        for (key, value) in value.as_object().unwrap() {
            text.push_str(&"# a comment\n\n".repeat(self.lines));
            match self.style {
                Style::Block => {
                    let one: Map<String, Value> =
                        [(key.clone(), value.clone())].into_iter().collect();
                    text.push_str(&serde_yaml::to_string(&one).unwrap());
                }
                Style::Flow => writeln!(text, "{key}: {value}").unwrap(),
                Style::Indented(width) => {
                    let indent = " ".repeat(width);
                    let formatter =
                        serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
                    let mut bytes = Vec::new();
                    let mut writer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
                    serde::Serialize::serialize(value, &mut writer).unwrap();
                    // Flow collections of a block mapping are indented at least once.
                    let lines = String::from_utf8(bytes).unwrap().replace('\n', "\n ");
                    writeln!(text, "{key}: {lines}").unwrap();
                }
            }
        }
        text
    }
}

impl Edit {
    /// The value in another order, and with more in it.
    fn turned(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => {
                let mut items: Vec<_> = items.iter().map(|item| self.turned(item)).collect();
                let names: BTreeSet<_> = items.iter().filter_map(name).collect();
                if names.len() == items.len() {
                    let places = items.len().max(1);
                    items.rotate_left(self.elements % places);
                }
                Value::Array(items)
            }
            Value::Object(map) => {
                let mut entries: Vec<_> = map
                    .iter()
                    .map(|(key, value)| (key.clone(), self.turned(value)))
                    .collect();
                let places = entries.len().max(1);
                entries.rotate_left(self.turn % places);
                if self.more {
                    entries.insert(entries.len() / 2, ("x-note".to_owned(), json!(["a", 1])));
                }
                Value::Object(entries.into_iter().collect())
            }
            scalar => scalar.clone(),
        }
    }
}

/// What an element of a list is known by, if anything.
fn name(element: &Value) -> Option<String> {
    const NAMES: [&str; 8] = [
        "id",
        "name",
        "title",
        "metric",
        "attribute",
        "card",
        "path",
        "document",
    ];
    let known = NAMES.iter().find_map(|key| element.get(key));
    let known = known.or_else(|| element.as_str().map(|_| element))?;
    Some(format!("{known} {:?}", element.get("attribute")))
}

/// What each fingerprint stands for. Doubts about how a scalar is written are about its writing.
fn prints(report: &Report) -> BTreeMap<String, String> {
    let written = |finding: &&Finding| finding.rule.as_str() != "schema/ambiguous-scalar";
    let found: Vec<_> = report.findings.iter().filter(written).collect();
    let prints: BTreeMap<String, String> = found
        .iter()
        .map(|finding| {
            let fact = format!("{} {} {}", finding.rule, finding.pointer, finding.message);
            (finding.fingerprint.to_string(), fact)
        })
        .collect();
    assert_eq!(
        prints.len(),
        found.len(),
        "two findings share a fingerprint"
    );
    prints
}

fn lost(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let mut lost: Vec<_> = before
        .iter()
        .filter(|(print, _)| !after.contains_key(*print))
        .map(|(_, fact)| format!("- {fact}"))
        .collect();
    if !lost.is_empty() {
        let fresh = after
            .iter()
            .filter(|(print, _)| !before.contains_key(*print));
        lost.extend(fresh.map(|(_, fact)| format!("+ {fact}")));
    }
    lost
}

fn edits() -> impl Strategy<Value = Edit> {
    let style = prop_oneof![
        Just(Style::Block),
        Just(Style::Flow),
        (1..9_usize).prop_map(Style::Indented),
    ];
    let order = (0..3_usize, 0..9_usize, style, 0..4_usize);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (order, flags, "([a-z]{1,4}-)?").prop_map(
        |((lines, turn, style, elements), (more, json, crlf), name)| Edit {
            lines,
            turn,
            style,
            before: None,
            elements,
            more,
            json,
            crlf,
            name,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_way_a_document_is_written_changes_no_fingerprint(edit in edits(), folder in "([a-z]{1,5}/){0,2}") {
        let draft = Draft::new();
        let before = prints(&draft.check("", &Edit::default()));
        prop_assert!(before.len() >= 15, "{before:#?}");
        let after = prints(&draft.check(&folder, &edit));
        prop_assert_eq!(lost(&before, &after), Vec::<String>::new());
        prop_assert_eq!(lost(&after, &before), Vec::<String>::new());
    }

    /// One item is never taken for another: not for one of its name in another document, nor in a
    /// document of its id and another kind, nor for one beside it.
    #[test]
    fn whatever_is_another_thing_has_another_fingerprint(
        ids in proptest::collection::btree_set("[a-c]{1,2}", 1..4),
        items in proptest::collection::btree_set("[a-c]{1,2}", 1..4),
    ) {
        let mut files = Vec::new();
        for id in &ids {
            for kind in ["feature-spec", "model-card"] {
                let mut text = format!("kind: {kind}\nid: {id}\nstatus: launched\nunknown: 1\n");
                if kind == "feature-spec" {
                    text.push_str("data:\n");
                    for item in &items {
                        writeln!(text, "  - {{ name: {item}, retention: P10Y }}").unwrap();
                    }
                }
                files.push((format!("{kind}/{id}.yaml"), text));
            }
        }
        let config = ("launchgate.yaml".to_owned(), "packs: [core, privacy]\n".to_owned());
        let together = files.iter().chain([&config]).cloned();
        let all = prints(&check_with(&memory(together), ROOT.into(), &options()));
        let mut alone = BTreeSet::new();
        let mut count = 0;
        for file in files {
            let one = prints(&check_with(&memory([config.clone(), file]), ROOT.into(), &options()));
            count += one.len();
            alone.extend(one.into_keys());
        }
        // Each has its own, and the same in company as alone.
        prop_assert_eq!(alone.len(), count);
        prop_assert!(alone.iter().all(|print| all.contains_key(print)));
    }
}

#[test]
fn an_element_put_before_others_changes_no_fingerprint() {
    let draft = Draft::new();
    let before = prints(&draft.check("", &Edit::default()));
    for (list, _) in LISTS {
        let edit = Edit {
            before: Some(list),
            ..Edit::default()
        };
        let after = prints(&draft.check("", &edit));
        assert_eq!(lost(&before, &after), Vec::<String>::new(), "before {list}");
    }
}

fn of_one(path: &str, text: &str) -> BTreeSet<String> {
    let report = check_with(&memory([(path, text)]), ROOT.into(), &options());
    prints(&report).into_keys().collect()
}

const ONE: &str = "\
kind: feature-spec
id: one
title: One
status: launched
data:
  - name: income
    personal: true
    retention: P10Y
";

#[test]
fn a_renamed_file_keeps_its_fingerprints_if_the_document_has_an_id() {
    let before = of_one("one.yaml", ONE);
    assert!(!before.is_empty());
    assert_eq!(of_one("specs/other.yml", ONE), before);
    let json: Value = serde_yaml::from_str(ONE).unwrap();
    assert_eq!(of_one("one.json", &json.to_string()), before);
    assert_eq!(
        of_one("one.md", &format!("---\n{ONE}---\n# One\n\nText.\n")),
        before
    );
}

#[test]
fn another_document_item_or_value_is_another_finding() {
    let before = of_one("one.yaml", ONE);
    // Whatever the value at fault is part of: a waiver for ten years is none for twenty.
    for (from, to, kept) in [
        ("id: one", "id: two", false),
        ("name: income", "name: salary", true),
        ("P10Y", "P20Y", true),
    ] {
        let after = of_one("one.yaml", &ONE.replace(from, to));
        let common = before.intersection(&after).count();
        assert!(common < before.len(), "{to} gives the same fingerprints");
        assert_eq!(common > 0, kept, "{to}");
    }
    // Two documents of one id are an error; their findings are told apart all the same.
    let twins = memory([("a.yaml", ONE), ("b.yaml", ONE)]);
    let report = check_with(&twins, ROOT.into(), &options());
    assert_eq!(prints(&report).len(), 2 * before.len() + 1);
}

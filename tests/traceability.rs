//! `report`: every control has its rows, gaps are rows, and each format says the same.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use std::collections::BTreeMap;

use camino::Utf8Path;
use jiff::civil::{Date, date};
use launchgate::config;
use launchgate::discover::{self, Request};
use launchgate::engine::{CheckOptions, Gate, Inputs};
use launchgate::source::SourceMap;
use launchgate::trace::{ControlTrace, Format, State, Traceability};
use serde_json::Value;

const CATALOGUE: &str = "\
framework: bank
title: The bank's | standard
publisher: A bank
language: en
controls:
  - { id: '1', title: Owners, summary: S, citation: C 1, status: in-force, checked: primary, checked_on: 2026-01-01 }
  - { id: '2', title: Evidence, summary: S, citation: C 2, status: in-force, checked: secondary }
  - { id: '3', title: Nobody asks, summary: S, citation: C 3, status: in-force, checked: secondary }
  - { id: '4', title: Cards, summary: S, citation: C 4, status: in-force, checked: secondary }
  - { id: '5', title: Later, summary: S, citation: C 5, status: upcoming, effective_from: 2030-01-01, checked: secondary }
  - { id: '6', title: Unwanted, summary: S, citation: C 6, status: in-force, checked: secondary }
";

fn rule(name: &str, control: &str, rest: &str) -> String {
    format!(
        "rule: house/{name}\ntitle: =T {name}\ndescription: D\nseverity: error\ncontrols: ['bank:{control}']\n{rest}\n\
         examples: [{{ name: a, pass: {{ id: a }} }}, {{ name: b, fail: {{ id: b }} }}]\n"
    )
}

const SPEC: &str = "\
kind: feature-spec
id: one
title: One
status: launched
owner: Maria Weber
security:
  scans:
    - { tool: a, path: evidence/a.sarif, sha256: 8e35c2cd3bf6641bdb0e2050b76932cbb2e6034a0ddacc1d9bea82a6ba57f7cf }
    - { tool: b }
";

fn trace(day: Date) -> Traceability {
    let owner = rule(
        "owner",
        "1",
        "applies_to: feature-spec\nrequire: [present: doc.owner]",
    );
    let scans = rule(
        "scans",
        "2",
        "applies_to: feature-spec\nfor_each: doc.security.scans\nrequire: [present: item.path]",
    );
    let cards = rule(
        "cards",
        "4",
        "applies_to: model-card\nrequire: [present: doc.owner]",
    );
    let later = rule(
        "later",
        "5",
        "applies_to: feature-spec\neffective: controls\nrequire: [present: doc.owner]",
    );
    let off = rule(
        "off",
        "6",
        "applies_to: feature-spec\nrequire: [present: doc.owner]",
    );
    let two = SPEC
        .replace("id: one", "id: two")
        .replace("owner: Maria Weber\n", "");
    let files = gate::memory([
        (
            "launchgate.yaml",
            "packs: [./policies/house]\nframeworks: [./policies/bank.yaml]\n\
             rules: { house/off: { off: true, reason: Not ours } }\n",
        ),
        ("policies/bank.yaml", CATALOGUE),
        (
            "policies/house/pack.yaml",
            "name: house\nversion: 1.0.0\ntitle: House\n",
        ),
        ("policies/house/owner.yaml", &owner),
        ("policies/house/scans.yaml", &scans),
        ("policies/house/cards.yaml", &cards),
        ("policies/house/later.yaml", &later),
        ("policies/house/off.yaml", &off),
        ("one.yaml", SPEC),
        ("two.yaml", &two),
    ]);
    let root = Utf8Path::new(gate::ROOT);
    let mut sources = SourceMap::default();
    let wanted = config::Request {
        start: root,
        explicit: None,
        isolated: false,
    };
    let config = config::load(&wanted, &files, &mut sources).unwrap();
    let request = Request {
        current: root.to_owned(),
        paths: Vec::new(),
        stdin: None,
    };
    let discovered = discover::discover(&request, &config, &files, &mut sources);
    let gate = Gate::new(config, sources, &files)
        .unwrap_or_else(|refusal| panic!("{:#?}", refusal.findings));
    let options = CheckOptions {
        trace: true,
        ..CheckOptions::on(day)
    };
    let inputs = Inputs {
        discovered,
        sources: SourceMap::default(),
        files: &files,
    };
    let report = gate.check(inputs, &options);
    let frameworks: Vec<String> = gate.frameworks().into_iter().map(str::to_owned).collect();
    Traceability::of(&report, gate.rules(), &frameworks, day)
}

fn today() -> Traceability {
    let trace = trace(date(2026, 11, 22));
    let _ = gate::options();
    let _ = gate::check_with;
    trace
}

/// `rule document outcome place evidence` of each row.
fn rows(control: &ControlTrace) -> Vec<String> {
    control
        .rows
        .iter()
        .map(|row| {
            let rule = row.rule.as_ref().map_or("-", |rule| rule.id.as_str());
            let document = row
                .document
                .as_ref()
                .map_or("-", |(document, _)| &document.id);
            let place = row
                .place
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string);
            let evidence: Vec<_> = row.evidence.iter().map(|e| &*e.target).collect();
            format!(
                "{rule} {document} {} {place} {}",
                row.state.as_str(),
                evidence.join(",")
            )
        })
        .collect()
}

#[test]
fn each_control_leads_to_rule_document_place_outcome_and_evidence() {
    let trace = today();
    let controls: BTreeMap<&str, Vec<String>> = trace.frameworks[0]
        .controls
        .iter()
        .map(|control| (&*control.reference, rows(control)))
        .collect();
    let wanted = [
        (
            "bank:1",
            vec![
                "house/owner one pass one.yaml:5:8 ",
                "house/owner two fail two.yaml:1:1 ",
            ],
        ),
        (
            "bank:2",
            vec![
                "house/scans one fail one.yaml:9:9 evidence/a.sarif",
                "house/scans two fail two.yaml:8:9 evidence/a.sarif",
            ],
        ),
        ("bank:3", vec!["- - not-covered - "]),
        ("bank:4", vec!["house/cards - no-document - "]),
        ("bank:5", vec!["house/later - not-in-effect - "]),
        ("bank:6", vec!["house/off - off - "]),
    ];
    for (control, wanted) in wanted {
        assert_eq!(controls[control], wanted, "{control}");
    }
    let states: Vec<&str> = trace.frameworks[0]
        .controls
        .iter()
        .map(|control| control.state().as_str())
        .collect();
    assert_eq!(
        states,
        [
            "fail",
            "fail",
            "not-covered",
            "no-document",
            "not-in-effect",
            "off"
        ]
    );
}

#[test]
fn on_the_day_of_the_law_the_rule_is_held_against_documents() {
    let trace = trace(date(2030, 1, 1));
    let later = &trace.frameworks[0].controls[4];
    assert_eq!(
        rows(later),
        [
            "house/later one pass one.yaml:5:8 ",
            "house/later two fail two.yaml:1:1 "
        ]
    );
}

#[test]
fn json_fits_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../schemas/traceability.schema.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let json: Value = serde_json::from_str(&Format::Json.write(&today())).unwrap();
    if let Some(error) = validator.iter_errors(&json).next() {
        panic!("{error} at {}", error.instance_path());
    }
    let remark = &json["frameworks"][0]["controls"][5]["rows"][0]["remark"];
    assert_eq!(remark, "Not ours");
}

#[test]
fn csv_has_a_line_for_each_row_and_no_formula() {
    let trace = today();
    let text = Format::Csv.write(&trace);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let titles = reader.headers().unwrap().clone();
    assert_eq!(
        titles.iter().collect::<Vec<_>>(),
        launchgate::trace::csv::COLUMNS
    );
    let at = |name: &str| titles.iter().position(|title| title == name).unwrap();
    let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), trace.rows().count());
    for (line, (framework, control, row)) in lines.iter().zip(trace.rows()) {
        assert_eq!(&line[at("framework")], &*framework.id);
        assert_eq!(&line[at("control")], &*control.reference);
        assert_eq!(&line[at("outcome")], row.state.as_str());
        for cell in line {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
        if row.state != State::NotCovered {
            assert!(line[at("rule_title")].starts_with("'=T "), "{line:?}");
        }
    }
}

#[test]
fn markdown_has_a_line_for_each_row() {
    let trace = today();
    let text = Format::Markdown.write(&trace);
    assert!(text.contains("## The bank's \\| standard"), "{text}");
    let lines = text.lines().filter(|line| line.starts_with("| `bank:"));
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines.len(), trace.rows().count());
    assert!(text.contains("| 6 | 0 | 2 | 0 | 0 | 3 | 1 |"), "{text}");
    assert!(lines.iter().any(|line| line.contains("*not covered*")));
    assert!(
        lines
            .iter()
            .any(|line| line.contains("*turned off* (Not ours)"))
    );
    assert!(
        lines
            .iter()
            .any(|line| line
                .contains("**fail** (1 of 2) | `evidence/a.sarif` (`sha256:8e35c2cd3bf6`)")),
        "{text}"
    );
}

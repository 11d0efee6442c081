//! The four outcomes, and what a finding says: message, places, operands, help.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::{Date, date};
use launchgate::document::{Document, Formats, Input, Kinds, identify};
use launchgate::expr::{FactError, Facts, NoFacts, Value};
use launchgate::finding::{Finding, Label, Outcome};
use launchgate::framework::Frameworks;
use launchgate::policy::{self, Context, Evaluation, PackSource, PolicySet, Settings};
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile, SourceMap};
use launchgate::value::{Limits, NodeRef, Syntax, read};

const TODAY: Date = date(2026, 11, 22);

struct World {
    set: PolicySet,
    sources: SourceMap,
}

/// A set of one rule: what is given, with the keys that every rule needs.
/// The built-in catalogues.
fn frameworks() -> Arc<Frameworks> {
    Arc::new(policy::builtin_frameworks(&mut 1_000_000))
}

fn world(rule: &str) -> World {
    let kinds = Kinds::builtin();
    let text = format!(
        "rule: acme/rule\ntitle: T\ndescription: D.\nseverity: error\n{}{rule}",
        if rule.contains("applies_to:") {
            ""
        } else {
            "applies_to: feature-spec\n"
        }
    );
    let pack = "name: acme\nversion: 1.0.0\ntitle: T\n";
    let files = vec![
        SourceFile::new(FileId(1), "acme/pack.yaml", pack),
        SourceFile::new(FileId(2), "acme/rule.yaml", text),
    ];
    let mut sources = SourceMap::default();
    for file in &files {
        sources.insert(file);
    }
    let packs = [PackSource {
        name: "acme".into(),
        builtin: false,
        bare: false,
        files,
    }];
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let set = policy::load(
        &packs,
        &frameworks(),
        &kinds,
        &types,
        &launchgate::evidence::signatures(),
        &Settings::default(),
    )
    .unwrap_or_else(|findings| panic!("{:?}", findings[0]));
    World { set, sources }
}

impl World {
    fn document(&mut self, id: u32, path: &str, text: &str) -> Document {
        let source = SourceFile::new(FileId(id), path, text);
        self.sources.insert(&source);
        let identified = identify(
            Input {
                source: &source,
                syntax: Syntax::Yaml,
                parsed: read(&source, Syntax::Yaml, &Limits::default()),
                kind: Some("feature-spec"),
                format: None,
                sidecar: None,
            },
            &Kinds::builtin(),
            &Formats::default(),
        );
        assert!(identified.findings.is_empty(), "{:?}", identified.findings);
        identified.documents.into_iter().next().unwrap()
    }

    fn evaluate(&mut self, document: &str, facts: &dyn Facts) -> Evaluation {
        let document = self.document(10, "spec.yaml", document);
        let cx = Context {
            facts,
            today: TODAY,
        };
        self.set.rules()[0].evaluate(&document, &cx)
    }

    fn label(&self, label: &Label) -> String {
        let file = self.sources.file(label.location).unwrap();
        let at = file.line_column(label.location.span.start);
        let written = file.slice(label.location.span);
        let path = file.path().file_stem().unwrap();
        format!(
            "{path}:{}:{} {written:?} {}",
            at.line, at.column, label.text
        )
    }

    fn picture(&self, finding: &Finding) -> String {
        let mut text = format!("{}: {}\n", finding.outcome, finding.message);
        let _ = writeln!(text, "  at {} [{}]", finding.pointer, finding.subject);
        let _ = writeln!(text, "  --> {}", self.label(&finding.primary));
        for label in &finding.related {
            let _ = writeln!(text, "  ... {}", self.label(label));
        }
        if let Some(label) = &finding.policy {
            let _ = writeln!(text, "  by  {}", self.label(label));
        }
        for note in &finding.notes {
            let _ = writeln!(text, "  note: {note}");
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  help: {help}");
        }
        text
    }
}

fn rows(evaluation: &Evaluation) -> String {
    let rows = evaluation.results.iter().map(|result| match &result.item {
        Some(item) => format!("{item} {}", result.outcome),
        None => result.outcome.to_string(),
    });
    rows.collect::<Vec<_>>().join(", ")
}

/// The findings of a rule for a document.
fn said(rule: &str, document: &str) -> String {
    said_with(rule, document, &NoFacts)
}

fn said_with(rule: &str, document: &str, facts: &dyn Facts) -> String {
    let mut world = world(rule);
    let evaluation = world.evaluate(document, facts);
    let findings = evaluation.results.iter().filter_map(|r| r.finding.as_ref());
    findings.map(|finding| world.picture(finding)).collect()
}

#[test]
fn each_document_or_item_comes_to_exactly_one_outcome() {
    for (rule, document, expected) in [
        // Requirements.
        ("require:\n  - doc.title == 'A'", "title: A", "pass"),
        ("require:\n  - doc.title == 'A'", "title: B", "fail"),
        ("require:\n  - doc.title == 'A'", "id: x", "fail"),
        ("require:\n  - doc.title == 'A'", "title: 3", "fail"),
        ("require:\n  - doc.title == 'A'", "title:", "fail"),
        ("require: [\"!doc.privacy.dpia.required\"]", "id: x", "fail"),
        (
            "require:\n  - doc.title == 'A' || doc.owner.contains('x')",
            "title: A",
            "pass",
        ),
        ("require:\n  - has(doc.title)", "id: x", "fail"),
        (
            "require:\n  - doc.?title.orValue('A') == 'A'",
            "id: x",
            "pass",
        ),
        // Conditions.
        (
            "when: doc.title == 'A'\nrequire:\n  - doc.id == 'x'",
            "{title: B, id: x}",
            "not-applicable",
        ),
        (
            "when: doc.title == 'A'\nrequire:\n  - doc.id == 'x'",
            "id: x",
            "unknown",
        ),
        (
            "when: doc.title.contains('A')\nrequire:\n  - doc.id == 'x'",
            "{title: [A], id: x}",
            "unknown",
        ),
        (
            "when: doc.?title.orValue('B') == 'A'\nrequire:\n  - doc.id == 'x'",
            "id: x",
            "not-applicable",
        ),
        // Items.
        (
            "for_each: doc.data\nwhere: item.personal\nrequire:\n  - item.name != 'a'",
            "data: [{name: a, personal: true}, {name: b, personal: true}, {name: a, personal: false}, {name: a}]",
            "/data/0 fail, /data/1 pass, /data/2 not-applicable, /data/3 unknown",
        ),
        (
            "for_each: doc.data\nrequire:\n  - item.name != 'a'",
            "id: x",
            "unknown",
        ),
        (
            "for_each: doc.data\nrequire:\n  - item.name != 'a'",
            "data:",
            "unknown",
        ),
        (
            "for_each: doc.data\nrequire:\n  - item.name != 'a'",
            "data: {name: b}",
            "unknown",
        ),
        (
            "for_each: doc.data\nrequire:\n  - item.name != 'a'",
            "data: []",
            "not-applicable",
        ),
        (
            "for_each: doc.?data\nrequire:\n  - item.name != 'a'",
            "id: x",
            "not-applicable",
        ),
        (
            "for_each: doc.?data\nrequire:\n  - item.name != 'a'",
            "data: 3",
            "unknown",
        ),
        (
            "for_each: doc.data\non_empty: fail\nrequire:\n  - item.name != 'a'",
            "data: []",
            "fail",
        ),
        (
            "for_each: doc.data\non_empty: pass\nrequire:\n  - item.name != 'a'",
            "data: []",
            "pass",
        ),
        (
            "for_each: doc.data.filter(d, d.personal)\nrequire:\n  - item.name != 'a'",
            "data: [{name: b, personal: false}, {name: a, personal: true}]",
            "/data/1 fail",
        ),
        (
            "for_each: doc.data.map(d, d.name + '!')\nrequire:\n  - item != 'a!' && doc.id == 'x'",
            "{id: x, data: [{name: b}, {name: a}]}",
            "/0 pass, /1 fail",
        ),
        // Dates.
        (
            "effective: {from: 2026-11-22}\nrequire:\n  - doc.id == 'y'",
            "id: x",
            "fail",
        ),
        (
            "effective: {from: 2026-11-23}\nrequire:\n  - doc.id == 'y'",
            "id: x",
            "not-applicable",
        ),
        (
            "effective: {until: 2026-11-22}\nrequire:\n  - doc.id == 'y'",
            "id: x",
            "fail",
        ),
        (
            "effective: {until: 2026-11-21}\nrequire:\n  - doc.id == 'y'",
            "id: x",
            "not-applicable",
        ),
        (
            "require:\n  - today == timestamp('2026-11-22T00:00:00Z') && doc.id == 'x'",
            "id: x",
            "pass",
        ),
        // Other kinds.
        (
            "applies_to: model-card\nrequire:\n  - doc.id == 'x'",
            "id: y",
            "not-applicable",
        ),
        // Facts that cannot be given.
        ("require:\n  - ref(doc.id).title == 'A'", "id: x", "unknown"),
        (
            "require: [\"ref(doc.id).title == 'A'\", \"doc.id == 'y'\"]",
            "id: x",
            "fail",
        ),
        // What is computed in vain is no pass.
        (
            "require:\n  - days(doc.data[0].retention) < 3.0",
            "data: [{retention: soon}]",
            "fail",
        ),
        ("require:\n  - 10 / size(doc.data) > 3", "data: []", "fail"),
    ] {
        let mut world = world(rule);
        let evaluation = world.evaluate(document, &NoFacts);
        assert_eq!(rows(&evaluation), expected, "{rule}\n{document}");
        for result in &evaluation.results {
            let held_up = matches!(result.outcome, Outcome::Fail | Outcome::Unknown);
            assert_eq!(result.finding.is_some(), held_up);
        }
    }
}

#[test]
fn what_is_left_out_is_not_present() {
    for (value, expected) in [
        ("Ada", None),
        ("0", None),
        ("false", None),
        ("[x]", None),
        ("{a: 1}", None),
        ("", Some("`owner` is null")),
        ("null", Some("`owner` is null")),
        ("'  '", Some("`owner` is empty")),
        ("[]", Some("`owner` is empty")),
        ("{}", Some("`owner` is empty")),
        ("TBD", Some("`owner` is a placeholder (`TBD`)")),
        ("'<owner>'", Some("`owner` is a placeholder (`<owner>`)")),
        (
            "[TBD, '']",
            Some("`owner` holds nothing but blanks and placeholders"),
        ),
        (
            "{team: }",
            Some("`owner` holds nothing but blanks and placeholders"),
        ),
        ("[TBD, Ada]", None),
    ] {
        let mut world = world("require: [{present: doc.owner}]");
        let evaluation = world.evaluate(&format!("id: x\nowner: {value}\n"), &NoFacts);
        let message = evaluation.results[0]
            .finding
            .as_ref()
            .map(|f| f.message.as_str());
        assert_eq!(message, expected, "{value}");
    }
    let mut world = world("require: [{present: doc.launch.rollback.how}]");
    let evaluation = world.evaluate("id: x", &NoFacts);
    let result = &evaluation.results[0];
    assert_eq!(
        result.finding.as_ref().unwrap().message,
        "`launch` is missing"
    );
    assert_eq!(result.causes, ["launch".parse().unwrap()]);
}

const RETENTION: &str = r#"params:
  limit: { type: duration, default: P2Y, description: Limit }
for_each: doc.data
require:
  - present: item.retention
  - days(item.retention) <= days(params.limit)
message: "`{item.name}` is kept for {item.retention}; the limit is {params.limit}"
help: Shorten it.
"#;

#[test]
fn a_failing_comparison_shows_both_operands() {
    insta::assert_snapshot!(said(RETENTION, "data:\n  - name: income\n    retention: P10Y\n"), @r#"
    fail: `income` is kept for P10Y; the limit is P2Y
      at /data/0/retention [income = P10Y]
      --> spec:3:16 "P10Y" `retention` is P10Y (3653 days)
      by  rule:11:5 "days(item.retention) <= days(params.limit)" required here
      note: `params.limit` is P2Y (731 days)
      help: Shorten it.
    "#);
}

#[test]
fn what_is_missing_is_said_instead_of_a_message_with_holes() {
    insta::assert_snapshot!(said(RETENTION, "data:\n  - name: income\n  - retention: TBD\n"), @r#"
    fail: `data[0].retention` is missing
      at /data/0/retention [income]
      --> spec:2:5 "name" `retention` is missing
      by  rule:10:14 "item.retention" required here
      help: Shorten it.
    fail: `data[1].retention` is a placeholder (`TBD`)
      at /data/1/retention [TBD]
      --> spec:3:16 "TBD" `retention` is a placeholder (`TBD`)
      by  rule:10:14 "item.retention" required here
      help: Shorten it.
    "#);
}

#[test]
fn every_requirement_that_fails_is_said() {
    let rule =
        "require:\n  - present: doc.owner\n  - doc.title.startsWith('A')\n  - doc.id == 'y'\n";
    insta::assert_snapshot!(said(rule, "id: x\ntitle: B\n"), @r#"
    fail: `owner` is missing
      at /owner []
      --> spec:1:1 "id" `owner` is missing
      ... spec:2:8 "B" `title` is B
      ... spec:1:5 "x" `id` is x
      by  rule:7:14 "doc.owner" required here
      note: also: `doc.title.startsWith('A')` does not hold
      note: also: `doc.id == 'y'` does not hold
      help: Fill in `owner`
    "#);
}

#[test]
fn what_cannot_be_decided_says_why() {
    let rule = "when: doc.risk_tier == 'high'\nrequire: [{present: doc.owner}]\nhelp: Name one.\n";
    let mut text = said(rule, "id: x\n");
    let rule = "for_each: doc.data\nrequire: [{present: item.name}]\n";
    text += &said(rule, "id: x\ndata: none\n");
    let rule = "for_each: doc.data\nwhere: item.personal\nrequire: [{present: item.name}]\n";
    text += &said(rule, "data: [{name: a}, {personal: 'yes'}]\n");
    let rule = "for_each: doc.data\non_empty: fail\nrequire: [{present: item.name}]\n";
    text += &said(rule, "id: x\ndata: []\n");
    insta::assert_snapshot!(text, @r#"
    unknown: `risk_tier` is missing, so it cannot be decided whether the rule applies
      at /risk_tier []
      --> spec:1:1 "id" `risk_tier` is missing
      by  rule:6:7 "doc.risk_tier == 'high'" `when` reads it
      help: Fill in `risk_tier`; what cannot be decided does not pass
    unknown: `data` is a string, not a list, so the rule cannot go over it
      at /data [none]
      --> spec:2:7 "none" `data` is a string, not a list
      by  rule:6:11 "doc.data" `for_each` reads it
      help: Correct `data`; what cannot be decided does not pass
    unknown: `data[0].personal` is missing, so it cannot be decided whether the rule applies
      at /data/0/personal [a]
      --> spec:1:9 "name" `personal` is missing
      by  rule:7:8 "item.personal" `where` reads it
      help: Fill in `data[0].personal`; what cannot be decided does not pass
    unknown: `data[1].personal` is a string, not a boolean, so it cannot be decided whether the rule applies
      at /data/1/personal [yes]
      --> spec:1:30 "'yes'" `personal` is a string, not a boolean
      by  rule:7:8 "item.personal" `where` reads it
      help: Correct `data[1].personal`; what cannot be decided does not pass
    fail: `data` is empty
      at /data []
      --> spec:2:1 "data" 
      by  rule:6:11 "doc.data" an empty list fails this rule
    "#);
}

#[test]
fn a_node_is_held_to_a_schema() {
    let rule = r#"for_each: doc.data
require:
  - schema: { at: item, is: { type: object, required: [recipients], properties: { name: { pattern: "^[a-z]+$" } } } }
"#;
    insta::assert_snapshot!(said(rule, "data:\n  - name: Income\n  - recipients: [x]\n    name: ok\n  - recipients: [x]\n    name: No\n"), @r#"
    fail: missing `recipients`
      at /data/0/recipients [Income = recipients]
      --> spec:2:5 "name" `data[0]` (Income) has no `recipients`
      ... spec:2:11 "Income" `name` is `Income`, which does not have the form it needs
      by  rule:8:19 "item" required here
    fail: `name` is `No`, which does not have the form it needs
      at /data/2/name [No = No]
      --> spec:6:11 "No" 
      by  rule:8:19 "item" required here
    "#);
}

struct Library {
    documents: Vec<Document>,
    error: Option<FactError>,
}

impl Facts for Library {
    fn documents<'a>(&'a self, _kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        match &self.error {
            Some(error) => Err(error.clone()),
            None => Ok(self.documents.iter().map(Document::root).collect()),
        }
    }

    fn reference<'a>(
        &'a self,
        target: &str,
        _from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let found = self.documents.iter().find(|d| *d.reference.id == *target);
        found
            .map(Document::root)
            .ok_or_else(|| FactError::Dangling {
                target: target.into(),
                nearest: None,
            })
    }

    fn call<'a>(&'a self, _: &str, _: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        Err(FactError::Deferred)
    }
}

const REFERENCE: &str = "for_each: doc.models\nrequire: [item.version == ref(item.card).version]\n";
const USES: &str = "id: x\nmodels:\n  - card: scoring\n    version: 1.0.0\n";

#[test]
fn references_that_lead_nowhere_are_unknown() {
    let with = |error: FactError| {
        let facts = Library {
            documents: Vec::new(),
            error: Some(error),
        };
        said_with(REFERENCE, USES, &facts)
    };
    let text = [
        with(FactError::Dangling {
            target: "scoring".into(),
            nearest: None,
        }),
        with(FactError::Ambiguous {
            target: "scoring".into(),
            candidates: vec!["a.yaml".into(), "b.yaml".into()],
        }),
        with(FactError::Cyclic {
            chain: vec!["a.yaml".into(), "b.yaml".into(), "a.yaml".into()],
        }),
    ]
    .concat();
    insta::assert_snapshot!(text, @r#"
    unknown: `scoring` refers to nothing
      at /models/0/card [scoring]
      --> spec:3:11 "scoring" `scoring` refers to nothing
      ... spec:4:14 "1.0.0" `version` is 1.0.0
      by  rule:7:11 "item.version == ref(item.card).version" required here
      help: Correct `models[0].card`; what cannot be decided does not pass
    unknown: `scoring` refers to several documents: a.yaml, b.yaml
      at /models/0/card [scoring]
      --> spec:3:11 "scoring" `scoring` refers to several documents: a.yaml, b.yaml
      ... spec:4:14 "1.0.0" `version` is 1.0.0
      by  rule:7:11 "item.version == ref(item.card).version" required here
      help: Correct `models[0].card`; what cannot be decided does not pass
    unknown: references go round in a circle: a.yaml -> b.yaml -> a.yaml
      at /models/0/card [scoring]
      --> spec:3:11 "scoring" references go round in a circle: a.yaml -> b.yaml -> a.yaml
      ... spec:4:14 "1.0.0" `version` is 1.0.0
      by  rule:7:11 "item.version == ref(item.card).version" required here
      help: Correct `models[0].card`; what cannot be decided does not pass
    "#);
}

#[test]
fn operands_of_other_documents_are_labelled_there() {
    let mut world = world(REFERENCE);
    let card = world.document(11, "card.yaml", "id: scoring\nversion: 2.0.0\n");
    let facts = Library {
        documents: vec![card],
        error: None,
    };
    let evaluation = world.evaluate(USES, &facts);
    assert!(!evaluation.deferred);
    let finding = evaluation.results[0].finding.as_ref().unwrap();
    insta::assert_snapshot!(world.picture(finding), @r#"
    fail: `item.version == ref(item.card).version` does not hold
      at /models/0/version [1.0.0]
      --> spec:4:14 "1.0.0" `version` is 1.0.0
      ... card:2:10 "2.0.0" `version` is 2.0.0
      by  rule:7:11 "item.version == ref(item.card).version" required here
    "#);
}

#[test]
fn what_is_to_be_loaded_defers_the_result() {
    let facts = Library {
        documents: Vec::new(),
        error: Some(FactError::Deferred),
    };
    for (rule, deferred) in [
        ("require: [ref(doc.id).title == 'A']", true),
        (
            "require:\n  - doc.id == 'y'\n  - ref(doc.id).title == 'A'",
            true,
        ),
        (
            "when: ref(doc.id).title == 'A'\nrequire: [doc.id == 'x']",
            true,
        ),
        (
            "for_each: docs('model-card')\nrequire: [item.id == 'x']",
            true,
        ),
        ("require: [doc.id == 'x']", false),
    ] {
        let evaluation = world(rule).evaluate("id: x\ntitle: A\n", &facts);
        assert_eq!(evaluation.deferred, deferred, "{rule}");
    }
}

#[test]
fn messages_read_as_people_write() {
    let message = |message: &str, document: &str| {
        let rule = format!("require: [\"doc.id == 'never'\"]\nmessage: \"{message}\"\n");
        let evaluation = world(&rule).evaluate(document, &NoFacts);
        evaluation.results[0]
            .finding
            .as_ref()
            .unwrap()
            .message
            .clone()
    };
    let document = "id: x\ntitle: Ä\njurisdictions: [EU, US-NY, UK]\nlaunch: {date: 2026-09-14}\n\
                    data: [{name: a, rows: 1.50}, {name: b}]\n";
    for (template, expected) in [
        ("{doc.title} {{x}}", "Ä {x}"),
        ("{doc.jurisdictions}", "EU, US-NY and UK"),
        ("{doc.data}", "a and b"),
        ("{size(doc.data)} of {size(doc.data) + 1}", "2 of 3"),
        (
            "{doc.launch.date}, {date(doc.launch.date)}",
            "2026-09-14, 2026-09-14",
        ),
        ("{today}", "2026-11-22"),
        ("{doc.owner}", "(missing)"),
        ("{doc.?owner}", "(missing)"),
        ("{doc.data.map(d, d.name)}", "a and b"),
        ("{doc.data.filter(d, d.name == 'c')}", "(nothing)"),
    ] {
        assert_eq!(message(template, document), expected);
    }
}

#[test]
fn many_failing_elements_are_counted() {
    let items: Vec<_> = (0..40).map(|n| format!("{{name: n{n}}}")).collect();
    let document = format!("data: [{}]", items.join(", "));
    let mut world = world("require: [\"doc.data.all(d, d.name == 'x')\"]");
    let evaluation = world.evaluate(&document, &NoFacts);
    let finding = evaluation.results[0].finding.as_ref().unwrap();
    assert!(finding.related.len() <= 8);
    assert!(
        finding.notes.iter().any(|note| note.contains("more")),
        "{finding:?}"
    );
}

#[test]
fn rules_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Arc::new(world("require: [doc.id == 'x']").set));
}

//! Foreign formats as documents of our kinds: which fields they give and where these were written.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use launchgate::document::{Document, Formats, Identified, Input, Kinds, identify};
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Syntax, read};

fn mapped(path: &str, sidecar: Option<&str>) -> (Arc<SourceFile>, Identified) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    let source = SourceFile::new(FileId(0), format!("models/{path}/README.md"), text);
    let parsed = read(&source, Syntax::Markdown, &Limits::default());
    assert!(parsed.problems.is_empty());
    let sidecar = sidecar.map(|text| {
        let file = SourceFile::new(FileId(1), "README.md.launchgate.yaml", text);
        read(&file, Syntax::Yaml, &Limits::default())
    });
    let input = Input {
        source: &source,
        syntax: Syntax::Markdown,
        parsed,
        kind: None,
        format: None,
        sidecar: sidecar.as_ref(),
    };
    let found = identify(input, &Kinds::builtin(), &Formats::builtin());
    (source, found)
}

/// Each leaf of the view: its path, its value, and the text it was written as, with its line.
fn leaves(document: &Document) -> String {
    fn visit(node: NodeRef<'_>, lines: &mut String) {
        if node.scalar().is_none() {
            node.items().for_each(|item| visit(item, lines));
            node.entries()
                .filter(|e| e.key != "sections")
                .for_each(|e| visit(e.value, lines));
            return;
        }
        let file = node.source();
        let at = file.line_column(node.span().start);
        let written = node.raw().lines().next().unwrap_or_default();
        let path = node.pointer().to_path();
        let side = if file.id() == FileId(0) {
            ""
        } else {
            "sidecar:"
        };
        writeln!(
            lines,
            "{path}: {node:?} <- {side}{}:{} {written}",
            at.line, at.column
        )
        .unwrap();
    }
    let mut lines = String::new();
    visit(document.root(), &mut lines);
    lines
}

fn findings(document: &Document) -> String {
    let kinds = Kinds::builtin();
    let kind = kinds.get(document.kind()).unwrap();
    let schema = Schema::compile(&kind.name, &kind.schema).unwrap();
    let mut lines = String::new();
    for finding in schema.check(document.root()) {
        let span = finding.primary.location.span;
        let at = document.source().line_column(span.start);
        let written = document.source().slice(span);
        writeln!(
            lines,
            "{}: {} <- {} {written}",
            finding.rule, finding.message, at.line
        )
        .unwrap();
    }
    lines
}

#[test]
fn a_card_gives_every_field_that_it_has() {
    let (_, found) = mapped("huggingface/full-README.md", None);
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    let [card] = found.documents.as_slice() else {
        panic!("one card");
    };
    insta::assert_snapshot!(leaves(card), @r#"
    kind: "model-card" <- 2:1 license
    id: "ticket-router" <- 15:11 ticket-router
    title: "Ticket router" <- 29:3 Ticket router
    owner: "Example AG, support engineering" <- 35:21 Example AG, support engineering
    licence: "apache-2.0" <- 2:10 apache-2.0
    model.type: "text-classification" <- 5:15 text-classification
    model.framework: "transformers" <- 4:15 transformers
    model.base_model: "example/encoder-base" <- 6:13 example/encoder-base
    intended_use.primary: "Routing of support tickets in English and German." <- 42:1 Routing of support tickets in English and German.
    intended_use.out_of_scope[0]: "Decisions about a customer's contract" <- 46:3 Decisions about a customer's contract
    intended_use.out_of_scope[1]: "Languages other than English and German" <- 47:3 Languages other than English and German
    training_data[0].name: "example/tickets" <- 8:5 example/tickets
    training_data[1].name: "example/mails" <- 9:5 example/mails
    evaluation.datasets[0].name: "Tickets 2025" <- 18:26 Tickets 2025
    evaluation.datasets[0].revision: 5503434 <- 18:98 5503434
    evaluation.datasets[0].split: "test" <- 18:82 test
    evaluation.datasets[1].name: "Mails 2025" <- 24:26 Mails 2025
    evaluation.metrics[0].name: "accuracy" <- 20:19 accuracy
    evaluation.metrics[0].value: 0.93 <- 21:20 0.93
    evaluation.metrics[0].dataset: "Tickets 2025" <- 18:26 Tickets 2025
    evaluation.metrics[0].slice: "en" <- 18:71 en
    evaluation.metrics[0].`x-task`: "text-classification" <- 17:23 text-classification
    evaluation.metrics[0].`x-dataset-type`: "example/tickets" <- 18:46 example/tickets
    evaluation.metrics[1].name: "f1" <- 22:21 f1
    evaluation.metrics[1].value: 0.89 <- 22:32 0.89
    evaluation.metrics[1].dataset: "Tickets 2025" <- 18:26 Tickets 2025
    evaluation.metrics[1].slice: "en" <- 18:71 en
    evaluation.metrics[1].`x-task`: "text-classification" <- 17:23 text-classification
    evaluation.metrics[1].`x-dataset-type`: "example/tickets" <- 18:46 example/tickets
    evaluation.metrics[2].name: "f1" <- 26:21 f1
    evaluation.metrics[2].value: "0.71 (dev)" <- 26:32 "0.71 (dev)"
    evaluation.metrics[2].dataset: "Mails 2025" <- 24:26 Mails 2025
    evaluation.metrics[2].`x-task`: "text-classification" <- 23:23 text-classification
    evaluation.metrics[2].`x-dataset-type`: "example/mails" <- 24:44 example/mails
    limitations[0]: "Short tickets are routed at random.\nLet an agent confirm the team." <- 51:1 Short tickets are routed at random.
    environment.hardware: "8 x H100" <- 13:18 8 x H100
    environment.region: "Frankfurt, Germany" <- 12:26 Frankfurt, Germany
    environment.emissions_kg_co2eq: 1.5 <- 11:14 1500
    `x-language`[0]: "en" <- 3:12 en
    `x-language`[1]: "de" <- 3:16 de
    "#);
    insta::assert_snapshot!(findings(card), @r#"
    schema/type: `revision` is an integer, not a string <- 18 5503434
    schema/type: `value` is a string, not a number <- 26 "0.71 (dev)"
    "#);
    assert!(card.root().get("sections").is_some());
}

#[test]
fn what_is_absent_stays_absent_and_what_is_misshapen_is_said() {
    let (source, found) = mapped("huggingface/thin-README.md", None);
    let [card] = found.documents.as_slice() else {
        panic!("one card");
    };
    insta::assert_snapshot!(leaves(card), @r#"
    kind: "model-card" <- 2:1 license
    title: "Names" <- 7:3 Names
    licence: "mit" <- 2:10 mit
    training_data[0].name: "conll" <- 4:11 conll
    `x-tags`[0]: "ner" <- 3:8 ner
    "#);
    insta::assert_snapshot!(findings(card), @r"
    schema/missing-key: missing `id` <- 2 license
    ");
    let said: Vec<_> = found
        .findings
        .iter()
        .map(|f| {
            format!(
                "{} {} [{}]",
                f.rule,
                f.message,
                source.slice(f.primary.location.span)
            )
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    document/format `model-index` is a string, not a list [none]
    ");
}

#[test]
fn a_sidecar_supplies_what_the_format_has_no_home_for() {
    let sidecar = "id: names\nowner: a@example.com\nlicence: MIT\nmodel:\n  framework: spacy\nprivacy:\n  personal_data: true\n";
    let (_, found) = mapped("huggingface/thin-README.md", Some(sidecar));
    let [card] = found.documents.as_slice() else {
        panic!("one card");
    };
    assert_eq!(card.id(), "names");
    insta::assert_snapshot!(leaves(card), @r#"
    kind: "model-card" <- 2:1 license
    title: "Names" <- 7:3 Names
    licence: "mit" <- 2:10 mit
    training_data[0].name: "conll" <- 4:11 conll
    `x-tags`[0]: "ner" <- 3:8 ner
    id: "names" <- sidecar:1:5 names
    owner: "a@example.com" <- sidecar:2:8 a@example.com
    model.framework: "spacy" <- sidecar:5:14 spacy
    privacy.personal_data: true <- sidecar:7:18 true
    "#);
    let conflicts: Vec<_> = found
        .findings
        .iter()
        .filter(|f| f.rule.as_str() == "document/sidecar-conflict")
        .collect();
    let [conflict] = conflicts.as_slice() else {
        panic!("one conflict: {conflicts:?}");
    };
    assert_eq!(
        conflict.message,
        "`licence` is given by the document and by its sidecar"
    );
    assert_eq!(conflict.primary.location.file, FileId(1));
    assert_eq!(conflict.related[0].location.file, FileId(0));
    assert_eq!(conflict.document.as_ref().unwrap().id.as_ref(), "names");
}

#[test]
fn a_sidecar_beside_our_own_document_is_reported() {
    let source = SourceFile::new(FileId(0), "a.yaml", "kind: model-card\nid: a\n");
    let file = SourceFile::new(FileId(1), "a.yaml.launchgate.yaml", "owner: b\n");
    let sidecar = read(&file, Syntax::Yaml, &Limits::default());
    let input = Input {
        source: &source,
        syntax: Syntax::Yaml,
        parsed: read(&source, Syntax::Yaml, &Limits::default()),
        kind: None,
        format: None,
        sidecar: Some(&sidecar),
    };
    let found = identify(input, &Kinds::builtin(), &Formats::default());
    assert_eq!(found.findings.len(), 1);
    assert_eq!(found.findings[0].rule.as_str(), "document/sidecar-unused");
}

/// Every card of a folder of real ones (`LAUNCHGATE_CARDS`) is recognized, with a place for all
/// that is said of it. Without the folder the test says so and passes.
#[test]
#[expect(clippy::disallowed_methods, reason = "where the cards lie")]
fn real_cards_are_recognized() {
    let Ok(folder) = std::env::var("LAUNCHGATE_CARDS") else {
        println!("skipped: LAUNCHGATE_CARDS does not say where the cards lie");
        return;
    };
    let kinds = Kinds::builtin();
    let formats = Formats::builtin();
    let mut cards = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let source = SourceFile::new(FileId(0), name, std::fs::read_to_string(&path).unwrap());
        let input = Input {
            source: &source,
            syntax: Syntax::Markdown,
            parsed: read(&source, Syntax::Markdown, &Limits::default()),
            kind: None,
            format: None,
            sidecar: None,
        };
        let found = identify(input, &kinds, &formats);
        assert_eq!(found.documents.len(), 1, "{name}");
        // What the Hub would refuse in them is theirs; that they can be read is ours.
        let mut unread = found.findings.iter();
        let unread = unread.find(|finding| finding.rule.as_str() != "document/metadata");
        assert!(unread.is_none(), "{name}: {unread:?}");
        for document in &found.documents {
            assert_eq!(document.format.as_deref(), Some("huggingface"), "{name}");
            for line in findings(document).lines() {
                assert!(!line.ends_with("<- "), "{name}: {line}");
            }
        }
        cards += 1;
    }
    assert!(cards > 0);
}

fn bill(components: &str) -> String {
    format!(
        "{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [{components}]}}"
    )
}

fn identified(path: &str, text: &str) -> (Arc<SourceFile>, Identified) {
    let source = SourceFile::new(FileId(0), path, text);
    let syntax = Syntax::of_path(source.path()).unwrap();
    let input = Input {
        source: &source,
        syntax,
        parsed: read(&source, syntax, &Limits::default()),
        kind: None,
        format: None,
        sidecar: None,
    };
    let found = identify(input, &Kinds::builtin(), &Formats::builtin());
    (source, found)
}

#[test]
fn a_bill_without_a_model_is_no_document_and_says_why() {
    let (source, found) = identified(
        "bom.json",
        &bill("{\"type\": \"library\", \"name\": \"a\"}"),
    );
    assert!(found.documents.is_empty());
    let file = found.unrecognized.unwrap();
    let said = file.into_findings(&source, &Kinds::builtin());
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].rule.as_str(), "input/unrecognized");
    assert_eq!(
        said[0].message,
        "bom.json is not recognized as a document: it is of the format `cyclonedx`, and holds no `model-card`"
    );
}

#[test]
fn a_bill_with_thirty_models_gives_thirty_documents() {
    let models: Vec<_> = (0..30)
        .map(|n| format!("{{\"type\": \"machine-learning-model\",\n\"name\": \"m{n}\"}}"))
        .collect();
    let (source, found) = identified("bom.json", &bill(&models.join(", ")));
    assert_eq!(found.documents.len(), 30);
    for (number, document) in found.documents.iter().enumerate() {
        assert_eq!(document.id(), format!("m{number}"));
        let title = document.root().get("title").unwrap();
        let line = source.line_column(title.span().start).line as usize;
        assert_eq!(line, number + 2);
    }
}

#[test]
fn xml_that_declares_entities_is_a_finding_of_a_bill_and_of_nothing_else() {
    let text = "<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><bom>&x;</bom>";
    let (_, found) = identified("ml-bom.xml", text);
    let rules: Vec<_> = found.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["document/entity"]);
    let (_, found) = identified("page.xml", text);
    assert!(found.findings.is_empty() && found.unrecognized.is_some());
}

/// Entities that would grow without end are refused where they are declared, and never expanded.
#[test]
fn a_bill_whose_entities_grow_without_end_is_refused_at_once() {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE bom [\n<!ENTITY a0 \"ha\">\n");
    for n in 1..30 {
        let inner = format!("&a{};", n - 1).repeat(10);
        writeln!(text, "<!ENTITY a{n} \"{inner}\">").unwrap();
    }
    text.push_str("]>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component type=\"machine-learning-model\"><name>&a29;</name></component></components></bom>\n");
    let (source, found) = identified("ml-bom.xml", &text);
    assert!(found.documents.iter().all(|document| !document.intact));
    let said = found.findings.iter().map(|finding| {
        let at = source.line_column(finding.primary.location.span.start);
        format!("{} {}", finding.rule, at.line)
    });
    assert_eq!(said.collect::<Vec<_>>(), ["document/entity 2"]);
    assert!(source.text().len() < 4_000, "nothing was expanded");
}

#[test]
fn formats_of_one_toolkit_are_told_by_their_shapes() {
    let format = |text: &str| {
        let (_, found) = identified("card.json", text);
        found.documents[0].format.as_deref().unwrap().to_owned()
    };
    // The version that a card says of itself does not count where its shape says another.
    let first = r#"{"schema_version": "0.0.2", "model_details": {"name": "a"}, "model_parameters": {"data": {"train": {"name": "t"}}}}"#;
    let second = r#"{"schema_version": "0.0.1", "model_details": {"name": "a"}, "model_parameters": {"data": [{"name": "t"}]}}"#;
    let third = r#"{"model_details": {"name": "a"}, "model_parameters": {"data": [{"name": "t"}]}, "fairness_analysis": {}}"#;
    assert_eq!(format(first), "google-model-card-v1");
    assert_eq!(format(second), "google-model-card");
    assert_eq!(format(third), "verifyml");
}

//! Documents written in other formats: what comes back is what was there, and what does not is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::Path;

use launchgate::document::{Converted, Document, Formats, Input, Kinds, Shown, convert, identify};
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, Syntax, read};

fn document(path: &str, text: &str) -> Document {
    documents(path, text).into_iter().next().unwrap()
}

fn documents(path: &str, text: &str) -> Vec<Document> {
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
    found.documents
}

fn of_file(path: &str) -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    document(path, &text)
}

fn to(card: &Document, format: &str) -> Converted {
    convert(card, format, &Kinds::builtin()).unwrap()
}

fn values(document: &Document) -> Vec<(String, serde_json::Value)> {
    let kinds = Kinds::builtin();
    let shown = Shown::of(document, kinds.get(document.kind()).unwrap());
    let values = shown.values.into_iter();
    values.map(|value| (value.path, value.value)).collect()
}

/// Every document of every golden, with the path of its file.
fn goldens() -> Vec<(String, Document)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut found = Vec::new();
    for format in std::fs::read_dir(folder).unwrap() {
        let format = format.unwrap().path();
        for file in std::fs::read_dir(&format).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_name().unwrap().to_str().unwrap();
            // A record of a decision is a document only where a config says so.
            let view = file.extension().is_some_and(|end| end == "view");
            if view || name.contains(".launchgate.") || format.ends_with("adr") {
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            let documents = documents(name, &text).into_iter();
            found.extend(documents.map(|document| (file.display().to_string(), document)));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let formats: BTreeSet<_> = found.iter().map(|(_, it)| it.format.clone()).collect();
    assert_eq!(formats.len(), 13, "{formats:?}");
    found
}

#[test]
fn every_format_comes_back_whole_from_our_own_fields() {
    for (path, card) in goldens() {
        let converted = to(&card, "native");
        assert!(converted.lost.is_empty(), "{path}: {:?}", converted.lost);
        let again = document("card.yaml", &converted.text);
        assert_eq!(values(&again), values(&card), "{path}");
    }
}

/// What is not named as lost is there, whatever the card was written in; and not everything is lost.
#[test]
fn every_card_keeps_in_every_format_what_is_not_named_as_lost() {
    for (path, card) in goldens() {
        if card.kind() != "model-card" {
            continue;
        }
        for (format, file) in [("cyclonedx", "bom.json"), ("huggingface", "README.md")] {
            let converted = to(&card, format);
            let again = document(file, &converted.text);
            let kept = values(&again);
            let mut held = 0;
            for value in values(&card) {
                let lost = converted.lost.contains(&value.0);
                assert_eq!(
                    kept.contains(&value),
                    !lost,
                    "{path} as {format}: {value:?}"
                );
                held += usize::from(!lost);
            }
            assert!(held >= 2, "{path} as {format}: {held}");
        }
    }
}

/// A card goes through its own format and back with its results.
#[test]
fn the_results_of_a_card_of_the_hub_survive_their_own_format() {
    let card = of_file("huggingface/full-README.md");
    let converted = to(&card, "huggingface");
    let results: Vec<_> = converted
        .lost
        .iter()
        .filter(|it| it.contains("metrics"))
        .collect();
    assert_eq!(results, Vec::<&String>::new(), "{:?}", converted.remarks);
    let card = of_file("cyclonedx/bom.json");
    let lost = to(&card, "cyclonedx").lost;
    let results: Vec<_> = lost.iter().filter(|it| it.contains("metrics")).collect();
    assert_eq!(results, Vec::<&String>::new());
}

#[test]
fn what_a_bill_has_a_home_for_comes_back_and_the_rest_is_named() {
    let card = document(
        "card.yaml",
        "kind: model-card\nid: ranker\ntitle: ranker\nversion: 2.0.1\nowner: ranking@example.com\nlicence: MIT\nlimitations: [few users]\nevaluation:\n  metrics:\n    - {name: accuracy, value: 0.93, slice: en}\nrisks:\n  - {name: echo, mitigation: mixing, severity: low}\nstatus: approved\n",
    );
    let converted = to(&card, "cyclonedx");
    assert_eq!(converted.lost, ["risks[0].severity", "status"]);
    let again = document("bom.json", &converted.text);
    assert_eq!(again.format.as_deref(), Some("cyclonedx"));
    let kept = values(&again);
    for value in values(&card) {
        let lost = converted.lost.contains(&value.0);
        assert_eq!(kept.contains(&value), !lost, "{value:?}");
    }
}

#[test]
fn what_a_card_of_the_hub_has_a_home_for_comes_back_and_the_rest_is_named() {
    let card = document(
        "card.yaml",
        "kind: model-card\nid: ranker\ntitle: Ranker\nlicence: mit\nmodel: {type: text-ranking, framework: transformers}\nintended_use: {primary: Ranking of answers, out_of_scope: [hiring, lending]}\ntraining_data: [{name: example/answers}]\nlimitations: [few users]\nmonitoring: {owner: ops@example.com}\n",
    );
    let converted = to(&card, "huggingface");
    assert_eq!(converted.lost, ["monitoring.owner"]);
    let again = document("README.md", &converted.text);
    assert_eq!(again.format.as_deref(), Some("huggingface"));
    assert_eq!(again.id(), "ranker");
}

/// A card whose every value the Hub takes.
const KNOWN: &str = "kind: model-card\nid: ranker\ntitle: Ranker\nlicence: mit\nmodel: {type: text-ranking, framework: transformers, base_model: example/base}\ntraining_data: [{name: example/answers}]\nevaluation:\n  metrics:\n    - {name: ndcg, value: 0.5, dataset: example/bench}\n    - {name: mrr, value: 0.25, dataset: example/bench, slice: en}\n";

#[test]
fn what_is_written_for_the_hub_keeps_to_its_rules() {
    let converted = to(&document("card.yaml", KNOWN), "huggingface");
    assert_eq!(converted.remarks, Vec::<String>::new());
    assert_eq!(converted.lost, Vec::<String>::new());
    let front = converted.text.split("---\n").nth(1).unwrap();
    let front: serde_json::Value = serde_yaml::from_str(front).unwrap();
    let entry = &front["model-index"][0];
    assert_eq!(entry["name"], "ranker");
    assert_eq!(entry["results"][1]["task"]["type"], "text-ranking");
    assert_eq!(entry["results"][1]["dataset"]["type"], "example/bench");
    assert_eq!(entry["results"][1]["metrics"][0]["value"], 0.25);
}

#[test]
fn a_result_that_the_hub_would_refuse_is_left_out_and_said() {
    let text = KNOWN.replace("dataset: example/bench}", "dataset: Our own tickets}");
    let converted = to(&document("card.yaml", &text), "huggingface");
    assert_eq!(
        converted.remarks,
        [
            "`evaluation.metrics[0]` is left out: `model-index.0.results` needs `dataset.type`, and that is not known"
        ]
    );
    assert!(converted.text.contains("name: mrr") || converted.text.contains("type: mrr"));
    assert!(!converted.text.contains("ndcg"));
    let none = KNOWN.replace("type: text-ranking, ", "");
    let converted = to(&document("card.yaml", &none), "huggingface");
    assert_eq!(converted.remarks.len(), 2, "{:?}", converted.remarks);
    assert!(!converted.text.contains("model-index"));
    assert!(
        converted
            .lost
            .contains(&"evaluation.metrics[0].name".to_owned())
    );
}

#[test]
fn what_the_hub_does_not_know_is_said() {
    let text = KNOWN.replace("licence: mit", "licence: Our own terms");
    let converted = to(&document("card.yaml", &text), "huggingface");
    assert_eq!(
        converted.remarks,
        ["`Our own terms` is no licence that the Hub knows"]
    );
}

/// What the schema of version 1.6 requires of the objects that are written, and that each is of its shape.
#[test]
fn a_bill_has_what_its_schema_requires() {
    let text = KNOWN.replace(
        "licence: mit\n",
        "licence: mit\nowner: ops@example.com\nauthors: [Ada]\nreferences: [{title: Plan}, {title: Site, url: 'https://example.com'}]\nlimitations: [few users]\nrisks: [{name: echo}]\n",
    );
    let converted = to(&document("card.yaml", &text), "cyclonedx");
    let bill: serde_json::Value = serde_json::from_str(&converted.text).unwrap();
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(bill["specVersion"], "1.6");
    let model = &bill["components"][0];
    for component in [model, &model["pedigree"]["ancestors"][0]] {
        assert_eq!(component["type"], "machine-learning-model");
        assert!(component["name"].is_string());
    }
    assert!(model["licenses"][0]["license"]["name"].is_string());
    assert!(model["authors"][0]["name"].is_string());
    let references = model["externalReferences"].as_array().unwrap();
    assert_eq!(references.len(), 1, "one without an address is none");
    assert!(references[0]["url"].is_string() && references[0]["type"].is_string());
    let card = &model["modelCard"];
    for dataset in card["modelParameters"]["datasets"].as_array().unwrap() {
        assert_eq!(dataset["type"], "dataset");
    }
    for metric in card["quantitativeAnalysis"]["performanceMetrics"]
        .as_array()
        .unwrap()
    {
        assert!(metric["type"].is_string() && metric["value"].is_string());
    }
    assert!(card["considerations"]["technicalLimitations"].is_array());
    assert!(card["considerations"]["ethicalConsiderations"][0]["name"].is_string());
    assert_eq!(
        converted.remarks,
        [
            "`references[0]` is left out: `components.0.externalReferences` needs `url`, and that is not known"
        ]
    );
}

#[test]
fn a_format_that_nobody_writes_is_refused_with_those_that_can_be() {
    let card = of_file("cyclonedx/bom.json");
    let error = convert(&card, "sagemaker", &Kinds::builtin()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no document can be written in the format `sagemaker`"
    );
    let spec = document("a.yaml", "kind: feature-spec\nid: a\ntitle: A\n");
    let error = convert(&spec, "cyclonedx", &Kinds::builtin()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the format `cyclonedx` is for documents of the kind `model-card`"
    );
}

//! Documents written in other formats: what comes back is what was there, and what does not is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use launchgate::document::{Converted, Document, Formats, Input, Kinds, Shown, convert, identify};
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, Syntax, read};

fn document(path: &str, text: &str) -> Document {
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
    found.documents.into_iter().next().unwrap()
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

#[test]
fn every_format_comes_back_whole_from_our_own_fields() {
    for path in [
        "cyclonedx/bom.json",
        "cyclonedx-xml/bom.xml",
        "huggingface/full-README.md",
        "verifyml/model_card.json",
        "spdx-ai/model.spdx3.json",
        "nvidia/router-overview.md",
    ] {
        let card = of_file(path);
        let converted = to(&card, "native");
        assert!(converted.lost.is_empty(), "{path}: {:?}", converted.lost);
        let again = document("card.yaml", &converted.text);
        assert_eq!(values(&again), values(&card), "{path}");
    }
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

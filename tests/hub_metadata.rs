//! What the Hub asks of the metadata of a model card, each rule with a card that keeps it and one that does
//! not, at the line of what is wrong.

use launchgate::document::{Formats, Input, Kinds, identify};
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, Syntax, read};

/// `line: message` of each warning about the metadata.
fn said(front: &str) -> Vec<String> {
    let text = format!("---\npipeline_tag: fill-mask\n{front}---\n# Model\n");
    let source = SourceFile::new(FileId(0), "README.md", text);
    let input = Input {
        source: &source,
        syntax: Syntax::Markdown,
        parsed: read(&source, Syntax::Markdown, &Limits::default()),
        kind: None,
        format: None,
        sidecar: None,
    };
    let found = identify(input, &Kinds::builtin(), &Formats::builtin());
    assert_eq!(found.documents.len(), 1, "{front}");
    let findings = found.findings.iter().map(|finding| {
        assert_eq!(finding.rule.as_str(), "document/metadata", "{finding:?}");
        let at = source.line_column(finding.primary.location.span.start);
        format!("{}: {}", at.line, finding.message)
    });
    findings.collect()
}

fn kept(front: &str) {
    assert_eq!(said(front), Vec::<String>::new(), "{front}");
}

fn broken(front: &str, expected: &[&str]) {
    assert_eq!(said(front), expected, "{front}");
}

#[test]
fn licences_are_those_that_the_hub_knows() {
    kept("license: apache-2.0\n");
    kept("license: [mit, apache-2.0]\n");
    kept("license: llama3.3\n");
    broken(
        "license: Apache-2.0\n",
        &["3: `Apache-2.0` is no licence that the Hub knows"],
    );
    broken(
        "license: gpl-3.0-or-later\n",
        &["3: `gpl-3.0-or-later` is no licence that the Hub knows"],
    );
    broken(
        "license:\n  - mit\n  - ours\n",
        &["5: `ours` is no licence that the Hub knows"],
    );
}

#[test]
fn another_licence_has_a_name_and_a_link() {
    kept("license: other\nlicense_name: house\nlicense_link: LICENSE\n");
    broken(
        "license: other\nlicense_link: LICENSE\n",
        &["3: the licence is `other` and has no name"],
    );
    broken(
        "license: other\nlicense_name: house\n",
        &["3: the licence is `other` and its text is not linked"],
    );
}

#[test]
fn languages_are_codes_of_two_or_three_letters() {
    kept("language: en\n");
    kept("language: [en, \"no\", swh, code, multilingual]\n");
    broken(
        "language: english\n",
        &["3: `english` is no code of a language"],
    );
    broken(
        "language: [en, zh-CN]\n",
        &["3: `zh-CN` is no code of a language"],
    );
    broken("language: xx\n", &["3: `xx` is no code of a language"]);
    broken("language: EN\n", &["3: `EN` is no code of a language"]);
}

#[test]
fn tasks_are_those_that_the_hub_knows() {
    kept("");
    let text = "pipeline_tag: text-clasification\n";
    // The first key of the same name would be a duplicate: this card says its task alone.
    let source = SourceFile::new(FileId(0), "README.md", format!("---\n{text}---\n# Model\n"));
    let input = Input {
        source: &source,
        syntax: Syntax::Markdown,
        parsed: read(&source, Syntax::Markdown, &Limits::default()),
        kind: None,
        format: None,
        sidecar: None,
    };
    let found = identify(input, &Kinds::builtin(), &Formats::builtin());
    let said: Vec<_> = found
        .findings
        .iter()
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(said, ["`text-clasification` is no task that the Hub knows"]);
}

#[test]
fn models_and_data_sets_are_named_as_on_the_hub() {
    kept("base_model: example/encoder\ndatasets: [squad, example/tickets]\n");
    kept("base_model: [example/a, example/b]\nbase_model_relation: merge\n");
    broken(
        "base_model: https://huggingface.co/example/encoder\n",
        &["3: `https://huggingface.co/example/encoder` is no name of a model on the Hub"],
    );
    broken(
        "base_model: example/a\nbase_model_relation: copied\n",
        &["4: `copied` says nothing of how the model was made from its base"],
    );
    broken(
        "datasets:\n  - squad\n  - our own tickets\n",
        &["5: `our own tickets` is no name of a data set on the Hub"],
    );
}

#[test]
fn a_library_tags_and_metrics_are_texts() {
    kept("library_name: transformers\ntags: [ner, \"2.0\"]\nmetrics: [accuracy]\n");
    broken(
        "library_name: [transformers]\n",
        &["3: the library is not named by a text"],
    );
    broken("tags: [ner, 2.0]\n", &["3: the tag `2.0` is no text"]);
    broken(
        "metrics:\n  - accuracy\n  - f1: 0.9\n",
        &["5: a metric is not named by a text"],
    );
}

const RESULT: &str = "model-index:\n  - name: a\n    results:\n      - task: { type: fill-mask }\n        dataset: { type: example/bench, name: Bench }\n        metrics:\n          - { type: accuracy, value: 0.9 }\n";

#[test]
fn a_model_index_has_what_the_hub_requires() {
    kept(RESULT);
    kept(&format!(
        "{RESULT}        source: {{ name: Board, url: 'https://example.com' }}\n"
    ));
    broken("model-index: []\n", &["3: `model-index` is empty"]);
    let cases: [(&str, &str, &str); 8] = [
        (
            "name: a\n    results",
            "results",
            "4: this model of `model-index` has no name",
        ),
        (
            "task: { type: fill-mask }",
            "task: { name: Mask }",
            "6: this result does not say of which task it is",
        ),
        (
            "type: example/bench, ",
            "",
            "6: this result does not say on which data set it was measured",
        ),
        (
            ", name: Bench",
            "",
            "6: this result does not say on which data set it was measured",
        ),
        (
            "type: accuracy, ",
            "",
            "9: this metric lacks its `type` or its `value`",
        ),
        (
            ", value: 0.9",
            "",
            "9: this metric lacks its `type` or its `value`",
        ),
        (
            "metrics:\n          - { type: accuracy, value: 0.9 }",
            "x: 1",
            "6: this result has no metrics",
        ),
        (
            "results:\n      - task: { type: fill-mask }\n        dataset: { type: example/bench, name: Bench }\n        metrics:\n          - { type: accuracy, value: 0.9 }\n",
            "x: 1\n",
            "4: this model of `model-index` has no results",
        ),
    ];
    for (from, to, expected) in cases {
        assert!(RESULT.contains(from), "{from}");
        broken(&RESULT.replace(from, to), &[expected]);
    }
    broken(
        &format!("{RESULT}        source: {{ name: Board }}\n"),
        &["10: the source of this result has a name and no address"],
    );
}

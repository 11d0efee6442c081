//! What is a document, what is a mistake, and what is not ours.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::source::FileId;
use crate::value::{Limits, Parsed, Syntax, read};

fn parsed(path: &str, text: &str) -> (Arc<SourceFile>, Parsed) {
    let source = SourceFile::new(FileId(0), path, text);
    let syntax = Syntax::of_path(source.path()).unwrap();
    let parsed = read(&source, syntax, &Limits::default());
    (source, parsed)
}

fn identified(path: &str, text: &str, kind: Option<&str>, format: Option<&str>) -> Identified {
    let (source, parsed) = parsed(path, text);
    let input = Input {
        source: &source,
        syntax: Syntax::of_path(source.path()).unwrap(),
        parsed,
        kind,
        format,
        sidecar: None,
    };
    identify(input, &Kinds::builtin(), &Formats::builtin())
}

/// `kind id stage format`, then `rule: message [text under the label]`, then why it is not ours.
fn picture(path: &str, text: &str, kind: Option<&str>, format: Option<&str>) -> Vec<String> {
    let found = identified(path, text, kind, format);
    let documents = found.documents.iter().map(|document| {
        let stage = document
            .stage
            .map(|stage| format!(" {stage}"))
            .unwrap_or_default();
        let format = document
            .format
            .as_ref()
            .map(|name| format!(" {name}"))
            .unwrap_or_default();
        let broken = if document.intact { "" } else { " broken" };
        format!(
            "{} {}{stage}{format}{broken}",
            document.kind(),
            document.id()
        )
    });
    let findings = found.findings.iter().map(|finding| {
        assert!(finding.document.is_some(), "{finding:?}");
        let span = finding.primary.location.span;
        format!(
            "{}: {} [{}]",
            finding.rule,
            finding.message,
            &text[span.range()]
        )
    });
    let strange = found
        .unrecognized
        .iter()
        .map(|strange| format!("not ours: {}", strange.reason));
    documents.chain(findings).chain(strange).collect()
}

#[test]
fn what_a_file_holds() {
    let spec = "kind: feature-spec\nid: pay\ntitle: Pay\n";
    let rows: &[(&str, &str, Option<&str>, &[&str])] = &[
        // The document says what it is.
        ("a.yaml", spec, None, &["feature-spec pay"]),
        (
            "a.json",
            r#"{"kind": "model-card", "id": "m", "status": "launched"}"#,
            None,
            &["model-card m launched"],
        ),
        (
            "a.toml",
            "kind = \"model-card\"\ntitle = \"M\"\nstatus = \"in-review\"\n",
            None,
            &["model-card M in-review"],
        ),
        (
            "a.md",
            "---\nkind: feature-spec\ntitle: Pay\n---\n# Pay\n",
            None,
            &["feature-spec Pay"],
        ),
        (
            "a.md",
            "+++\nkind = \"feature-spec\"\n+++\n",
            None,
            &["feature-spec a.md"],
        ),
        (
            "dir/a.yaml",
            "kind: feature-spec\n",
            None,
            &["feature-spec dir/a.yaml"],
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: 7\n",
            None,
            &["feature-spec 7"],
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: ' '\ntitle: T\n",
            None,
            &["feature-spec T"],
        ),
        (
            "README.md",
            "---\nkind: feature-spec\nid: x\npipeline_tag: y\n---\n",
            None,
            &["feature-spec x"],
        ),
        // A misspelt status is no stage; the schema says so.
        (
            "a.yaml",
            "kind: feature-spec\nid: x\nstatus: lauched\n",
            None,
            &["feature-spec x"],
        ),
        // The document goes before the config.
        ("a.yaml", spec, Some("model-card"), &["feature-spec pay"]),
        (
            "a.yaml",
            "id: pay\n",
            Some("feature-spec"),
            &["feature-spec pay"],
        ),
        (
            "a.yaml",
            "- 1\n",
            Some("feature-spec"),
            &["feature-spec a.yaml"],
        ),
        (
            "README.md",
            "# Hello\n",
            Some("model-card"),
            &["model-card README.md"],
        ),
        (
            "a.yaml",
            "",
            Some("feature-spec"),
            &["document/empty: the file is empty []"],
        ),
        // Misspelt kinds.
        (
            "a.yaml",
            "kind: feature-spek\n",
            None,
            &[
                "document/unknown-kind: unknown kind `feature-spek`; did you mean `feature-spec`? [feature-spek]",
            ],
        ),
        (
            "a.yaml",
            "kind: FeatureSpec\n",
            None,
            &[
                "document/unknown-kind: unknown kind `FeatureSpec`; did you mean `feature-spec`? [FeatureSpec]",
            ],
        ),
        (
            "a.yaml",
            "kind: model_card\n",
            None,
            &[
                "document/unknown-kind: unknown kind `model_card`; did you mean `model-card`? [model_card]",
            ],
        ),
        (
            "a.md",
            "---\nkind: modle-card\n---\n",
            None,
            &[
                "document/unknown-kind: unknown kind `modle-card`; did you mean `model-card`? [modle-card]",
            ],
        ),
        (
            "a.yaml",
            "kind: recipe\n",
            Some("feature-spec"),
            &["document/unknown-kind: unknown kind `recipe` [recipe]"],
        ),
        (
            "a.yaml",
            "kind:\nid: x\n",
            Some("feature-spec"),
            &["document/unknown-kind: `kind` is empty [kind]"],
        ),
        (
            "a.yaml",
            "kind: [feature-spec]\nid: x\ntitle: T\ndata: []\nkpis: []\nlaunch: {}\n",
            None,
            &["document/unknown-kind: `kind` is a list, not the name of a kind [kind]"],
        ),
        (
            "a.yaml",
            "kind: thing\nid: x\ntitle: T\ndata: []\nkpis: []\n",
            None,
            &["document/unknown-kind: unknown kind `thing` [thing]"],
        ),
        // A misspelt key.
        (
            "a.yaml",
            "knid: feature-spec\nid: x\n",
            None,
            &["document/missing-kind: unknown key `knid`; did you mean `kind`? [knid]"],
        ),
        (
            "a.yaml",
            "Kind: feature-spec\n",
            None,
            &["document/missing-kind: unknown key `Kind`; did you mean `kind`? [Kind]"],
        ),
        (
            "a.yaml",
            "kinds: model-crad\n",
            None,
            &["document/missing-kind: unknown key `kinds`; did you mean `kind`? [kinds]"],
        ),
        // No kind, and the keys of one.
        (
            "a.yaml",
            "id: x\ntitle: T\nowner: o\ndata: []\nkpis: []\n",
            None,
            &["document/missing-kind: missing `kind`; its keys are those of a `feature-spec` [id]"],
        ),
        (
            "a.md",
            "---\ntitle: T\nlimitations: []\nmodel: {}\ntraining_data: []\n---\n# T\n",
            None,
            &[
                "document/missing-kind: missing `kind`; its keys are those of a `model-card` [title]",
            ],
        ),
        // Not ours.
        (
            "k.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {}\n",
            None,
            &["not ours: its `kind` is `Deployment`"],
        ),
        (
            "k.yaml",
            "apiVersion: x/v1\nkind: ModelCard\nspec: {}\n",
            None,
            &["not ours: its `kind` is `ModelCard`"],
        ),
        (
            "adr.md",
            "---\nid: 7\ntitle: Use Rust\nstatus: accepted\nowner: us\nversion: 1\n---\n# Use Rust\n",
            None,
            &["not ours: it has no `kind`, and no format's mark"],
        ),
        (
            "package.json",
            r#"{"name": "a", "version": "1", "dependencies": {}}"#,
            None,
            &["not ours: it has no `kind`, and no format's mark"],
        ),
        (
            "a.yaml",
            "name: CI\non: push\njobs: {}\n",
            None,
            &["not ours: it has no `kind`, and no format's mark"],
        ),
        ("a.json", "[1, 2]", None, &["not ours: it is a list"]),
        ("a.yaml", "", None, &["not ours: it is empty"]),
        (
            "a.md",
            "# Notes\n",
            None,
            &["not ours: it has no `kind`, and no format's mark"],
        ),
        (
            "bad.yaml",
            "a: [1\n",
            None,
            &["not ours: it has no `kind`, and no format's mark"],
        ),
        // Several documents.
        (
            "a.yaml",
            "kind: feature-spec\nid: a\n---\nkind: model-card\nid: b\n",
            None,
            &["feature-spec a", "model-card b"],
        ),
        (
            "a.yaml",
            "kind: feature-spec\n---\nkind: feature-spec\n---\n",
            None,
            &["feature-spec a.yaml", "feature-spec a.yaml#2"],
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: a\n---\nkind: modelcard\n",
            None,
            &[
                "feature-spec a",
                "document/unknown-kind: unknown kind `modelcard`; did you mean `model-card`? [modelcard]",
            ],
        ),
        (
            "a.yaml",
            "kind: feature-spec\nid: a\n---\nid: b\n",
            None,
            &[
                "feature-spec a",
                "document/missing-kind: this document of the file says no `kind` that is known [id]",
            ],
        ),
        (
            "a.yaml",
            "kind: Service\n---\nkind: feature-spec\nid: b\n",
            None,
            &[
                "feature-spec b",
                "document/missing-kind: this document of the file says no `kind` that is known [Service]",
            ],
        ),
    ];
    for (path, text, kind, expected) in rows {
        assert_eq!(
            picture(path, text, *kind, None),
            *expected,
            "{path}: {text}"
        );
    }
}

#[test]
fn a_broken_document_is_not_passed_over() {
    let rules = |path: &str, text: &str| -> Vec<String> {
        let found = identified(path, text, None, None);
        assert!(found.documents.iter().all(|document| !document.intact));
        let about = found.findings.iter().map(|f| {
            let document = f.document.as_ref().unwrap();
            format!("{} {} {}", f.rule, document.kind, document.id)
        });
        about.collect()
    };
    for text in [
        "kind: feature-spec\nid: a\ndata: [1\n",
        "id: [a\nkind: feature-spec\n",
        "kind: feature-spec\nid: a\nid: b\n",
        "kind: model-card\nid: a\n---\nkind: feature-spec\n\tid: b\n",
    ] {
        let found = rules("a.yaml", text);
        assert!(!found.is_empty(), "{text}");
        assert!(found[0].starts_with("document/"), "{text}: {found:?}");
    }
    assert_eq!(
        rules("a.json", "{\"kind\": \"feature-spec\", \"id\" 1}"),
        ["document/syntax feature-spec a.json"]
    );
    // A template of another tool that is no YAML is no concern of ours.
    let strange = identified(
        "chart.yaml",
        "{{- if .Values.x }}\nkind: Service\n",
        None,
        None,
    );
    assert!(strange.findings.is_empty() && strange.documents.is_empty());
    assert!(!strange.unrecognized.unwrap().problems.is_empty());
}

#[test]
fn a_named_stranger_is_an_error() {
    let (source, _) = parsed("notes.md", "# Notes\n");
    let found = identified("notes.md", "# Notes\n", None, None);
    let findings = found
        .unrecognized
        .unwrap()
        .into_findings(&source, &Kinds::builtin());
    assert_eq!(findings.len(), 1);
    assert!(findings[0].rule.is_input_error());
    assert_eq!(
        findings[0].message,
        "notes.md is not recognized as a document: it has no `kind`, and no format's mark"
    );
    assert!(
        findings[0]
            .help
            .as_ref()
            .unwrap()
            .contains("`kind: feature-spec` or `kind: model-card`")
    );
}

#[test]
fn the_description_of_a_format_is_no_document_and_what_only_looks_like_one_is() {
    let format = builtin::text("formats/huggingface.yaml").unwrap();
    let reason = |text: &str| {
        let found = identified("formats/house.yaml", text, None, None);
        found.unrecognized.map(|unrecognized| unrecognized.reason)
    };
    assert_eq!(reason(format).as_deref(), Some("it describes a format"));
    for more in ["id: score\n", "owner: Team\n", "detcet: []\n"] {
        assert_eq!(reason(&format!("{format}\n{more}")), None, "{more}");
    }
}

#[test]
fn readmes_are_cards_only_with_a_mark() {
    let card = |path: &str, text: &str| {
        let found = identified(path, text, None, None);
        found
            .documents
            .first()
            .and_then(|document| document.format.clone())
            .is_some()
    };
    for (path, text) in [
        ("README.md", "---\npipeline_tag: text-classification\n---\n"),
        (
            "models/x/README.md",
            "---\nlibrary_name: transformers\n---\n# X\n",
        ),
        ("readme.md", "---\nlicense: mit\ndatasets: [squad]\n---\n"),
        ("README.md", "---\nmodel-index: [{name: x}]\n---\n"),
        (
            "README.md",
            "# X\n\n## Intended uses & limitations\n\nUse it.\n\n## Training data\n\nBooks.\n",
        ),
        ("README.md", "# X\n\n## Uses\n\n### Direct Use\n\nUse it.\n"),
        (
            "README.md",
            "# X\n\n## Bias, Risks, and Limitations\n\nSome.\n",
        ),
        (
            "owner--x--README.md",
            "This model was fine-tuned on SQuAD.\n",
        ),
        (
            "x-README.md",
            "# X\n\nA language model pretrained on books.\n",
        ),
    ] {
        assert!(card(path, text), "{path}: {text}");
    }
    for (path, text) in [
        (
            "README.md",
            "# My library\n\n## Installation\n\n## Usage\n\n## License\n",
        ),
        (
            "README.md",
            "---\ntitle: Docs\nlanguage: en\nlicense: mit\ntags: [x]\n---\n# Docs\n"
                .replace("language: en\n", "")
                .as_str(),
        ),
        (
            "README.md",
            "# A trainer\n\nLoads models that were pretrained, with `from_pretrained`.\n",
        ),
        (
            "README.md",
            "# X\n\n## Limitations\n\nNone.\n\n## Performance\n\nFast.\n",
        ),
        ("docker-README.md", "# Image\n\nHow to build the image.\n"),
        ("guide.md", "---\npipeline_tag: x\n---\n"),
        ("README.yaml", "pipeline_tag: x\n"),
    ] {
        assert!(!card(path, text), "{path}: {text}");
    }
    assert_eq!(
        picture("card.md", "# Card\n", None, Some("huggingface")),
        ["model-card Card huggingface"]
    );
    // Also where its kind is assigned; what the document says of itself comes first.
    let card = Some("model-card");
    assert_eq!(
        picture("card.md", "# Card\n", card, Some("huggingface")),
        ["model-card Card huggingface"]
    );
    let own = "---\nkind: model-card\nid: m\n---\n";
    assert_eq!(
        picture("card.md", own, card, Some("huggingface")),
        ["model-card m"]
    );
}

#[test]
fn kinds_are_added_once() {
    let mut kinds = Kinds::builtin();
    assert_eq!(
        kinds.names().collect::<Vec<_>>(),
        ["feature-spec", "model-card"]
    );
    let schema = Arc::new(json!({
        "title": "Data sheet",
        "$ref": "#/$defs/sheet",
        "$defs": { "sheet": { "properties": { "name": {}, "rows": {} } } }
    }));
    let kind =
        Kind::new("data-sheet", Arc::clone(&schema), Origin::Builtin).with_stage_field("state");
    assert_eq!(kind.title, "Data sheet");
    assert_eq!(kind.keys().collect::<Vec<_>>(), ["name", "rows"]);
    kinds.add(kind.clone()).unwrap();
    assert_eq!(
        kinds.add(kind).unwrap_err().to_string(),
        "there is a kind `data-sheet` already"
    );
    let (source, parsed) = parsed(
        "a.yaml",
        "kind: data-sheet\nname: people\nstate: approved\n",
    );
    let input = Input {
        source: &source,
        syntax: Syntax::Yaml,
        parsed,
        kind: None,
        format: None,
        sidecar: None,
    };
    let found = identify(input, &kinds, &Formats::default());
    assert_eq!(found.documents[0].id(), "people");
    assert_eq!(found.documents[0].stage, Some(Stage::Approved));
}

#[test]
fn mistakes_in_a_format_are_said_at_their_place() {
    let load = |text: &str| {
        let source = SourceFile::new(FileId(3), "formats/own.yaml", text);
        let mut formats = Formats::default();
        let findings = formats.add(&source).err().unwrap_or_default();
        let shown = findings.iter().map(|f| {
            assert!(f.rule.is_input_error());
            format!(
                "{}: {} [{}]",
                f.rule,
                f.message,
                source.slice(f.primary.location.span)
            )
        });
        shown.collect::<Vec<_>>()
    };
    let good = "format: own\ntitle: Own\nkind: model-card\nfiles: ['*.own.yaml']\ndetect: [has(raw.own)]\n";
    assert_eq!(
        load(&format!("{good}fields:\n  title: raw.name\n")),
        [""; 0]
    );
    assert_eq!(load("[1]"), ["config/format: a format is a mapping []"]);
    assert_eq!(load(good), ["config/format: missing `fields` [format]"]);
    assert_eq!(
        load(&format!(
            "{good}fields:\n  title: section.usage.text\n  a..b: raw.x\n  n: 5\n"
        )),
        [
            "config/expression: `section` has no field `usage` [usage]",
            "config/format: `a..b` is no path of a field [a..b]",
            "config/format: an expression is a text [5]",
        ]
    );
}

#[test]
fn sidecars_have_their_own_names() {
    let path = |p: &str| camino::Utf8PathBuf::from(p);
    assert_eq!(
        sidecar_path(&path("m/README.md")),
        path("m/README.md.launchgate.yaml")
    );
    assert_eq!(
        is_sidecar(&path("m/README.md.launchgate.yaml")),
        Some(&*path("m/README.md"))
    );
    assert_eq!(is_sidecar(&path("launchgate.yaml")), None);
    assert_eq!(is_sidecar(&path("m/.launchgate.yaml")), None);
}

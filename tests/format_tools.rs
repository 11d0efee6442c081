//! What launchgate reads and writes, held against the tools of the formats' own makers: the validators of
//! `cyclonedx-python-lib` with the official schemas, and the loader of `huggingface_hub`.
#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use launchgate::document::{Formats, Input, Kinds, convert, identify};
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, Syntax, read};

/// Reads files, and gives a line for each that is not as the schema of its version has it.
const VALIDATE: &str = r"
import json, re, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator
for path in sys.argv[1:]:
    text = open(path, encoding='utf-8').read()
    if path.endswith('.json'):
        version, validator = json.loads(text)['specVersion'], JsonStrictValidator
    else:
        version, validator = re.search(r'schema/bom/([0-9.]+)', text).group(1), XmlValidator
    error = validator(SchemaVersion.from_version(version)).validate_str(text)
    if error is not None:
        print(path, str(error).splitlines()[0])
";

/// Loads cards as the library does before it sends them to the Hub, and prints what is in them.
const LOAD: &str = r"
import json, sys
from huggingface_hub import ModelCard
for path in sys.argv[1:]:
    try:
        data = ModelCard.load(path, ignore_metadata_errors=False).data
        results = [[it.task_type, it.dataset_type, it.dataset_name, it.metric_type, it.metric_value] for it in data.eval_results or []]
        print(json.dumps({'licence': data.license, 'name': data.model_name, 'results': results}))
    except Exception as error:
        print(json.dumps({'error': str(error)}))
";

/// Runs a script over files; `None` if its module is not installed.
#[expect(clippy::print_stdout, reason = "what is skipped is said")]
fn python(module: &str, script: &str, files: &[PathBuf]) -> Option<String> {
    if !tools::are_there(&["python3"]) {
        return None;
    }
    let run = |words: &[&str]| -> std::io::Result<Output> {
        Command::new("python3")
            .args(words)
            .env("HF_HUB_OFFLINE", "1")
            .args(files)
            .output()
    };
    let there = run(&["-c", &format!("import {module}")]);
    if !there.is_ok_and(|output| output.status.success()) {
        assert!(
            !tools::are_required(),
            "the Python module `{module}` is missing: CONTRIBUTING.md says where it comes from"
        );
        println!("skipped: the Python module `{module}` is not installed");
        return None;
    }
    let output = run(&["-c", script]).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn goldens() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut found = Vec::new();
    for format in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(format.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_name().unwrap().to_str().unwrap();
            let view = file.extension().is_some_and(|end| end == "view");
            if !view && !name.contains(".launchgate.") {
                found.push(file);
            }
        }
    }
    found.sort();
    found
}

fn launchgate(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .args(words)
        .output()
        .unwrap()
}

/// Every card of the goldens, written in a format.
fn converted(folder: &Path, format: &str, name: &str) -> Vec<PathBuf> {
    let (kinds, formats) = (Kinds::builtin(), Formats::builtin());
    let mut written = Vec::new();
    for golden in goldens() {
        let file = golden.file_name().unwrap().to_str().unwrap();
        let source = SourceFile::new(FileId(0), file, fs::read_to_string(&golden).unwrap());
        let syntax = Syntax::of_path(source.path()).unwrap();
        let input = Input {
            source: &source,
            syntax,
            parsed: read(&source, syntax, &Limits::default()),
            kind: None,
            format: None,
            sidecar: None,
        };
        let found = identify(input, &kinds, &formats);
        for document in found
            .documents
            .iter()
            .filter(|it| it.kind() == "model-card")
        {
            let to = folder.join(format!("{}-{name}", written.len()));
            fs::write(&to, convert(document, format, &kinds).unwrap().text).unwrap();
            written.push(to);
        }
    }
    assert!(written.len() >= 14, "{}", written.len());
    written
}

#[test]
fn bills_are_what_their_official_schemas_ask_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = converted(folder.path(), "cyclonedx", "bom.json");
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    // What the goldens teach is written as real bills are.
    files.push(formats.join("cyclonedx/bom.json"));
    files.push(formats.join("cyclonedx-xml/bom.xml"));
    for version in ["1.5", "1.6", "1.7"] {
        let json = folder.path().join(format!("{version}.json"));
        fs::write(&json, bill(version)).unwrap();
        let xml = folder.path().join(format!("{version}.xml"));
        fs::write(&xml, xml_bill(version)).unwrap();
        files.extend([json, xml]);
    }
    let module = "cyclonedx.validation.json, cyclonedx.validation.xml, jsonschema, lxml";
    let Some(said) = python(module, VALIDATE, &files) else {
        return;
    };
    assert_eq!(said, "");
    // The validators refuse what is wrong.
    let json = folder.path().join("wrong.json");
    fs::write(&json, bill("1.6").replace("\"task\"", "\"tusk\"")).unwrap();
    let xml = folder.path().join("wrong.xml");
    fs::write(&xml, xml_bill("1.6").replace("task>", "tusk>")).unwrap();
    let said = python(module, VALIDATE, &[json, xml]).unwrap();
    assert_eq!(said.lines().count(), 2, "{said}");
}

fn bill(version: &str) -> String {
    format!(
        "{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"{version}\", \"version\": 1, \"components\": [\n{{\"type\": \"machine-learning-model\", \"name\": \"router\",\n\"modelCard\": {{\"modelParameters\": {{\"task\": \"text-classification\"}}}}}}]}}\n"
    )
}

fn xml_bill(version: &str) -> String {
    format!(
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/{version}\" version=\"1\"><components>\n<component type=\"machine-learning-model\"><name>router</name>\n<modelCard><modelParameters><task>text-classification</task></modelParameters></modelCard></component></components></bom>\n"
    )
}

#[test]
fn each_version_of_a_bill_is_read_in_both_syntaxes() {
    let folder = tempfile::tempdir().unwrap();
    for version in ["1.5", "1.6", "1.7"] {
        // A file that was named need not be called as bills are.
        for (name, text) in [("a.json", bill(version)), ("a.xml", xml_bill(version))] {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            let path = path.to_str().unwrap();
            let shown = launchgate(&["show", "--isolated", path]);
            let shown = String::from_utf8(shown.stdout).unwrap();
            assert!(
                shown.contains("id: \"router\""),
                "{version} {name}: {shown}"
            );
            let line = shown.lines().find(|it| it.starts_with("model.type"));
            assert!(line.unwrap().contains(&format!("{name}:3:")), "{shown}");
        }
    }
}

#[test]
fn cards_are_what_the_library_of_the_hub_loads() {
    let folder = tempfile::tempdir().unwrap();
    let files = converted(folder.path(), "huggingface", "README.md");
    let Some(said) = python("huggingface_hub", LOAD, &files) else {
        return;
    };
    assert_eq!(said.lines().count(), files.len(), "{said}");
    for line in said.lines() {
        assert!(!line.contains("\"error\""), "{line}");
    }
    // The results are in it, as the Hub shows them.
    let expected =
        "[\"text-classification\", \"example/tickets\", \"Tickets 2025\", \"accuracy\", 0.93]";
    assert!(said.contains(expected), "{said}");
}

/// What the loader refuses is what is reported here, and what it takes is not.
#[test]
fn a_model_index_is_refused_where_the_library_refuses_it() {
    const CARD: &str = "---\nlicense: mit\nmodel-index:\n  - name: a\n    results:\n      - task: { type: fill-mask }\n        dataset: { type: example/bench, name: Bench }\n        metrics:\n          - { type: accuracy, value: 0.9 }\n---\n# A\n";
    let cases = [
        ("", ""),
        ("name: a\n    results", "results"),
        ("task: { type: fill-mask }", "task: { name: Mask }"),
        ("type: example/bench, ", ""),
        (", name: Bench", ""),
        ("type: accuracy, ", ""),
        (", value: 0.9", ""),
        (
            "value: 0.9 }\n",
            "value: 0.9 }\n        source: { name: Board }\n",
        ),
        (
            "value: 0.9 }\n",
            "value: 0.9 }\n        source: { name: Board, url: 'https://example.com' }\n",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (number, (from, to)) in cases.iter().enumerate() {
        assert!(CARD.contains(from), "{from}");
        let path = folder.path().join(format!("{number}/README.md"));
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, CARD.replacen(from, to, 1)).unwrap();
        files.push(path);
    }
    let Some(said) = python("huggingface_hub", LOAD, &files) else {
        return;
    };
    for (file, line) in files.iter().zip(said.lines()) {
        let words = ["check", "--isolated", "--output", "concise"];
        let output = launchgate(&[&words[..], &[file.to_str().unwrap()]].concat());
        let ours = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            ours.contains("document/metadata"),
            line.contains("\"error\""),
            "{line}\n{}",
            fs::read_to_string(file).unwrap()
        );
    }
}

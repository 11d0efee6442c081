//! Every block of code that is a rule, a config, a pack or a document does what the page says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use tempfile::TempDir;

use crate::page::{Block, Page, manual, root};

/// Files by their paths.
type Files = BTreeMap<String, String>;

fn repository(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Runs the program; exit code and both outputs.
fn run(folder: &Path, words: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    (output.status.code().unwrap(), text)
}

/// The keys that a schema knows.
fn keys(schema: &str) -> Vec<String> {
    let path = root().join("schemas").join(schema);
    let schema: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let keys = schema["properties"].as_object().unwrap().keys();
    keys.cloned().collect()
}

#[derive(Debug, PartialEq, Eq)]
enum Sort {
    /// A whole rule.
    Rule,
    /// Some keys of a rule.
    PartOfRule,
    /// A config.
    Config,
}

fn sort(block: &Block) -> Sort {
    let tree: Yaml = serde_yaml::from_str(&block.text).unwrap();
    let found: Vec<&str> = tree
        .as_mapping()
        .unwrap_or_else(|| panic!("{} is no mapping", block.at))
        .keys()
        .map(|key| key.as_str().unwrap())
        .collect();
    let all_in = |schema| {
        let known = keys(schema);
        found
            .iter()
            .all(|key| known.iter().any(|known| known == key))
    };
    if found.contains(&"rule") {
        Sort::Rule
    } else if all_in("policy.schema.json") {
        Sort::PartOfRule
    } else if all_in("config.schema.json") {
        Sort::Config
    } else {
        panic!("{}: neither a rule nor a config: {found:?}", block.at)
    }
}

fn pack(name: &str) -> String {
    format!("name: {name}\nversion: 1.0.0\ntitle: Rules of {name}\n")
}

/// The pack that a whole rule makes.
fn pack_of(text: &str) -> (String, Files) {
    let tree: Yaml = serde_yaml::from_str(text).unwrap();
    let (name, _) = tree["rule"].as_str().unwrap().split_once('/').unwrap();
    let files = Files::from([
        (format!("policies/{name}/pack.yaml"), pack(name)),
        (format!("policies/{name}/rule.yaml"), text.to_owned()),
    ]);
    (name.to_owned(), files)
}

/// A whole rule out of some of its keys.
fn completed(text: &str) -> String {
    let tree: Yaml = serde_yaml::from_str(text).unwrap();
    let mut whole = String::from("rule: acme/part\n");
    for line in [
        "title: A part of a rule",
        "description: Shown by itself.",
        "severity: error",
        "applies_to: feature-spec",
        "require: ['doc.title != \"\"']",
    ] {
        let (key, _) = line.split_once(':').unwrap();
        if tree.get(key).is_none() {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole + text
}

fn blocks() -> Vec<Block> {
    manual().iter().flat_map(Page::blocks).collect()
}

/// Blocks of YAML that are no files.
fn loose() -> Vec<Block> {
    let blocks = blocks().into_iter();
    blocks
        .filter(|block| block.language == "yaml" && block.info.is_empty())
        .collect()
}

/// The packs and catalogues that configs on the pages may name.
fn packs() -> Files {
    let rules = loose()
        .into_iter()
        .filter(|block| sort(block) == Sort::Rule);
    let catalogues = blocks().into_iter();
    let catalogues = catalogues.filter(|block| block.info.starts_with("policies/frameworks/"));
    rules
        .flat_map(|block| pack_of(&block.text).1)
        .chain(catalogues.map(|block| (block.info, block.text)))
        .collect()
}

#[test]
fn rules_load_and_their_examples_come_out() {
    let mut whole = 0;
    for block in loose() {
        let text = match sort(&block) {
            Sort::Rule => block.text.clone(),
            Sort::PartOfRule => completed(&block.text),
            Sort::Config => continue,
        };
        let (name, files) = pack_of(&text);
        let folder = repository(&files);
        let folder_of = format!("policies/{name}");
        let mut words = vec!["test", &folder_of];
        if sort(&block) == Sort::Rule {
            whole += 1;
            words.push("--mutate");
        }
        let (code, output) = run(folder.path(), &words);
        assert_eq!(code, 0, "{}: {output}", block.at);
    }
    assert!(whole >= 2, "{whole}");
}

fn loads(folder: &Path, at: &str) {
    for words in [&["config", "show"][..], &["rules"]] {
        let (code, output) = run(folder, words);
        assert_eq!(code, 0, "{at}: {words:?}: {output}");
    }
}

#[test]
fn configs_load() {
    let mut found = 0;
    for block in loose()
        .into_iter()
        .filter(|block| sort(block) == Sort::Config)
    {
        found += 1;
        let mut files = packs();
        files.insert("launchgate.yaml".to_owned(), block.text.clone());
        loads(repository(&files).path(), &block.at);
    }
    assert!(found >= 1, "{found}");
}

/// The files of each section.
fn sections() -> BTreeMap<String, Files> {
    let mut sections: BTreeMap<String, Files> = BTreeMap::new();
    for block in blocks() {
        if block.info.is_empty() || block.info == "fragment" {
            continue;
        }
        let section = sections.entry(block.section.clone()).or_default();
        let again = section.insert(block.info.clone(), block.text);
        assert!(
            again.is_none(),
            "{}: `{}` is there twice",
            block.at,
            block.info
        );
    }
    sections
}

/// Whether a file is a document, and no part of a config or a pack.
fn is_document(path: &str) -> bool {
    !["launchgate.yaml", "policies/", "policy/", "schemas/"]
        .iter()
        .any(|own| path.starts_with(own))
}

#[test]
fn the_files_of_a_section_work_together() {
    let sections = sections();
    assert!(sections.len() >= 6, "{:?}", sections.keys());
    for (at, own) in sections {
        let mut files = packs();
        files.extend(own.clone());
        if own.keys().any(|path| path.starts_with("README.md.")) {
            let card = "---\npipeline_tag: text-classification\n---\n# Ranker\n";
            files.insert("README.md".to_owned(), card.to_owned());
        }
        let folder = repository(&files);
        if own.contains_key("launchgate.yaml") {
            loads(folder.path(), &at);
        }
        for path in own
            .keys()
            .filter_map(|path| path.strip_suffix("/pack.yaml"))
        {
            let (code, output) = run(folder.path(), &["test", path, "--mutate"]);
            assert_eq!(code, 0, "{at}: {output}");
        }
        if own.keys().any(|path| is_document(path)) {
            reads(folder.path(), &at);
        }
    }
}

/// Checks a folder: whatever the rules say, its documents are read without an error.
fn reads(folder: &Path, at: &str) {
    let (code, output) = run(folder, &["check", "--output", "json=report.json"]);
    assert!(code < 2, "{at}: {output}");
    let report = fs::read_to_string(folder.join("report.json")).unwrap();
    let report: Json = serde_json::from_str(&report).unwrap();
    for finding in report["findings"].as_array().unwrap() {
        let rule = finding["rule"].as_str().unwrap();
        let of_shape = rule.starts_with("document/") || rule.starts_with("schema/");
        let key = finding["location"]["pointer"].as_str();
        let partial = rule == "schema/missing-key" && key != Some("/kind");
        assert!(!of_shape || partial, "{at}: {finding}");
    }
}

#[test]
fn the_kind_of_your_own_passes_the_gate() {
    let files = sections()
        .remove("docs/configuration.md: Kinds of your own")
        .unwrap();
    let folder = repository(&files);
    let (code, output) = run(folder.path(), &["check", "--as-of", "2026-11-22"]);
    assert_eq!(code, 0, "{output}");
    assert!(output.contains("1 document"), "{output}");
    let without = fs::read_to_string(folder.path().join("data/clicks.yaml"))
        .unwrap()
        .replace("consent: ", "x-consent: ");
    fs::write(folder.path().join("data/clicks.yaml"), without).unwrap();
    let (code, output) = run(folder.path(), &["check", "--as-of", "2026-11-22"]);
    assert_eq!(code, 1, "{output}");
}

#[test]
fn the_format_of_your_own_passes_the_gate() {
    let files = sections().remove("docs/own-kind.md: The plant").unwrap();
    let folder = repository(&files);
    let day = ["check", "--as-of", "2026-11-22"];
    let (code, output) = run(folder.path(), &day);
    assert_eq!(code, 0, "{output}");
    assert!(output.contains("2 documents, 3 rules"), "{output}");
    let (code, output) = run(folder.path(), &["test"]);
    assert_eq!(code, 0, "{output}");
    // The other commands of the page's table.
    let page = fs::read_to_string(root().join("docs/own-kind.md")).unwrap();
    for (words, said) in [
        (
            "show --brief",
            "halls/three.robots.yaml  robot-sheet R1 (plant-sheet)",
        ),
        (
            "show halls/three.robots.yaml",
            "top_speed: 1.5              halls/three.robots.yaml:8:12",
        ),
    ] {
        assert!(
            page.contains(&format!("| `launchgate {words}` |")),
            "{words}"
        );
        let words: Vec<_> = words.split(' ').collect();
        let (code, output) = run(folder.path(), &words);
        assert_eq!(code, 0, "{output}");
        assert!(output.contains(said), "{output}");
    }
    // A key that is renamed: the rule fails, and the mapping is named as out of date.
    let sheet = folder.path().join("halls/three.robots.yaml");
    let renamed = fs::read_to_string(&sheet)
        .unwrap()
        .replace("speed: ", "velocity: ");
    fs::write(&sheet, renamed).unwrap();
    let (code, output) = run(folder.path(), &day);
    assert_eq!(code, 1, "{output}");
    assert!(output.contains("plant-sheet: top_speed"), "{output}");
}

#[test]
fn what_the_config_says_of_a_document_need_not_be_said_again() {
    let files = [
        (
            "launchgate.yaml",
            "documents:\n  - { paths: a.yaml, kind: feature-spec }\n  - { paths: b.md, kind: model-card, format: huggingface }\n",
        ),
        ("a.yaml", "id: a\ntitle: A\n"),
        ("b.md", "---\nmodel_name: b\nlicense: mit\n---\n# B\n"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let folder = repository(&files.into());
    reads(folder.path(), "a kind and a format from the config");
    let (_, output) = run(folder.path(), &["check"]);
    assert!(output.contains("2 documents"), "{output}");
}

//! Files that belong to a document: results of evaluation, cards of data sets, subcards, and what a
//! system card includes. Each value keeps its place in its author's own file.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/git.rs"]
mod git;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use git::git;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Paths with their texts.
type Files<'a> = &'a [(&'a str, &'a str)];

fn folder(files: Files<'_>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "launchgate.yaml", "packs: [core]\n");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .current_dir(folder)
        .args(words)
        .output()
        .unwrap()
}

/// `path = value <- file:line:column`, one a value.
fn shown(folder: &Path, path: &str) -> Vec<String> {
    let output = run(folder, &["show", "--output", "json", path]);
    let documents: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let documents = documents.as_array().unwrap();
    let values = documents
        .iter()
        .flat_map(|it| it["values"].as_array().unwrap());
    values
        .map(|value| {
            format!(
                "{} = {} <- {}:{}:{}",
                value["path"].as_str().unwrap(),
                value["value"],
                value["file"].as_str().unwrap(),
                value["line"],
                value["column"]
            )
        })
        .collect()
}

/// Exit code, and `rule path:line` of each finding.
fn checked(folder: &Path, words: &[&str]) -> (i32, Vec<String>) {
    let output = run(folder, &[&["check", "--output", "json"], words].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let findings = report["findings"].as_array().into_iter().flatten();
    let said = findings.map(|finding| {
        let at = &finding["location"];
        let path = at["path"].as_str().unwrap_or_default();
        let line = &at["start"]["line"];
        format!("{} {path}:{line}", finding["rule"].as_str().unwrap())
    });
    (output.status.code().unwrap(), said.collect())
}

fn has(lines: &[String], wanted: &str) {
    assert!(
        lines.iter().any(|line| line == wanted),
        "{wanted}\nnot in\n{}",
        lines.join("\n")
    );
}

fn none(lines: &[String], part: &str) {
    assert!(!lines.iter().any(|line| line.contains(part)), "{lines:?}");
}

const CARD: &str = "---\nlicense: mit\npipeline_tag: fill-mask\nmodel_name: router\ndatasets: [tickets, acme/other]\n---\n# Router\n";
const RESULTS: &str =
    "- dataset:\n    id: acme/bench\n    task_id: routing\n  value: 0.91\n  date: 2026-03-01\n";

#[test]
fn results_of_evaluation_are_metrics_with_their_own_places() {
    let folder = folder(&[("README.md", CARD), (".eval_results/bench.yaml", RESULTS)]);
    let lines = shown(folder.path(), "README.md");
    has(
        &lines,
        "evaluation.metrics[0].name = \"routing\" <- .eval_results/bench.yaml:3:14",
    );
    has(
        &lines,
        "evaluation.metrics[0].value = 0.91 <- .eval_results/bench.yaml:4:10",
    );
    has(
        &lines,
        "evaluation.metrics[0].dataset = \"acme/bench\" <- .eval_results/bench.yaml:2:9",
    );
    has(&lines, "licence = \"mit\" <- README.md:2:10");
}

#[test]
fn results_stand_behind_those_of_the_card_in_the_order_of_the_files() {
    let card = CARD.replace(
        "---\n# Router",
        "model-index:\n  - name: router\n    results:\n      - task: { type: fill-mask }\n        dataset: { type: acme/own, name: Own }\n        metrics: [{ type: accuracy, value: 0.8 }]\n---\n# Router",
    );
    let folder = folder(&[
        ("cards/README.md", &card),
        ("cards/.eval_results/b.yaml", RESULTS),
        ("cards/.eval_results/a.yml", &RESULTS.replace("0.91", "0.5")),
        (".eval_results/c.yaml", RESULTS),
    ]);
    let lines = shown(folder.path(), "cards/README.md");
    has(
        &lines,
        "evaluation.metrics[0].value = 0.8 <- cards/README.md:11:44",
    );
    has(
        &lines,
        "evaluation.metrics[1].value = 0.5 <- cards/.eval_results/a.yml:4:10",
    );
    has(
        &lines,
        "evaluation.metrics[2].value = 0.91 <- cards/.eval_results/b.yaml:4:10",
    );
    none(&lines, "metrics[3]");
}

#[test]
fn what_is_wrong_in_a_companion_is_said_at_its_line() {
    let unsourced = RESULTS.replace("  date:", "  source: { user: ada }\n  date:");
    let folder = folder(&[
        (".eval_results/c.yaml", &unsourced),
        ("README.md", CARD),
        (".eval_results/a.yaml", &RESULTS.replace("0.91", "high")),
        (
            ".eval_results/b.yaml",
            "- dataset: { id: acme/bench }\n  value: 1\n",
        ),
    ]);
    let (_, said) = checked(folder.path(), &[]);
    has(&said, "schema/type .eval_results/a.yaml:4");
    has(&said, "document/metadata .eval_results/b.yaml:1");
    has(&said, "document/metadata .eval_results/c.yaml:5");
}

#[test]
fn a_broken_companion_leaves_its_document_unread() {
    let folder = folder(&[
        ("README.md", CARD),
        (".eval_results/a.yaml", "- dataset: [\n"),
    ]);
    let (code, said) = checked(folder.path(), &[]);
    assert_eq!(code, 1, "{said:?}");
    assert!(
        said.iter().any(|it| it.contains(".eval_results/a.yaml:")),
        "{said:?}"
    );
}

#[test]
fn a_companion_over_the_limit_of_files_is_not_read() {
    let folder = folder(&[
        ("README.md", CARD),
        (".eval_results/a.yaml", &"# long\n".repeat(200)),
    ]);
    write(
        folder.path(),
        "launchgate.yaml",
        "packs: [core]\nlimits: { file_bytes: 1000 }\n",
    );
    let (code, said) = checked(folder.path(), &[]);
    assert_eq!(code, 1, "{said:?}");
    has(&said, "document/limit .eval_results/a.yaml:1");
}

#[cfg(unix)]
#[test]
fn a_companion_that_leads_out_of_the_root_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.yaml", RESULTS);
    let folder = folder(&[("README.md", CARD), (".eval_results/a.yaml", RESULTS)]);
    let link = folder.path().join(".eval_results/b.yaml");
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), link).unwrap();
    let (code, said) = checked(folder.path(), &[]);
    assert_eq!(code, 1, "{said:?}");
    assert!(
        said.iter()
            .any(|it| it.starts_with("document/companion README.md:")),
        "{said:?}"
    );
}

const DATA: &str = "---\nlicense: cc-by-4.0\nlanguage: [en]\ntask_categories: [text-classification]\n---\n# Tickets\n\n## Dataset Summary\n\nTickets of 2025.\n\n## Personal and Sensitive Information\n\nNames are removed.\n";

#[test]
fn the_card_of_a_data_set_that_is_here_describes_it() {
    for place in ["tickets/README.md", "datasets/tickets/README.md"] {
        let folder = folder(&[("README.md", CARD), (place, DATA)]);
        let lines = shown(folder.path(), "README.md");
        has(
            &lines,
            "training_data[0].name = \"tickets\" <- README.md:5:12",
        );
        has(
            &lines,
            &format!("training_data[0].licence = \"cc-by-4.0\" <- {place}:2:10"),
        );
        has(
            &lines,
            &format!("training_data[0].description = \"Tickets of 2025.\" <- {place}:10:1"),
        );
        has(
            &lines,
            "training_data[1].name = \"acme/other\" <- README.md:5:21",
        );
        none(&lines, "training_data[1].licence");
        // It is no card of a model.
        let brief = run(folder.path(), &["show", "--brief", "."]);
        let brief = String::from_utf8(brief.stdout).unwrap();
        assert!(
            brief.contains(&format!("{place}  ")) && brief.contains("  belongs to README.md"),
            "{brief}"
        );
    }
}

/// A clone of a data set of the Hub lies under its owner's name; what is not here is said, and is no finding.
#[test]
fn a_data_set_is_found_by_its_name_on_the_hub_and_what_is_not_here_is_said() {
    let folder = folder(&[
        ("cards/README.md", CARD),
        ("datasets/acme/other/README.md", DATA),
    ]);
    let lines = shown(folder.path(), "cards/README.md");
    has(
        &lines,
        "training_data[1].licence = \"cc-by-4.0\" <- datasets/acme/other/README.md:2:10",
    );
    let output = run(folder.path(), &["show", "cards/README.md"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("# no file here describes: tickets\n"),
        "{text}"
    );
    let output = run(folder.path(), &["check", "--output", "json", "cards"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let notices = report["notices"].as_array().unwrap();
    let said = "no file here describes tickets (of cards/README.md); of what is only named, nothing else is known";
    assert!(notices.iter().any(|notice| notice == said), "{notices:?}");
}

#[test]
fn a_data_set_that_is_named_by_a_path_is_missed() {
    let card = CARD.replace("tickets", "./tickets");
    let folder = folder(&[("README.md", &card)]);
    let (_, said) = checked(folder.path(), &[]);
    has(&said, "document/companion README.md:5");
    // What lies on the Hub is not looked for here.
    assert_eq!(
        said.iter()
            .filter(|it| it.starts_with("document/companion"))
            .count(),
        1
    );
}

const OVERVIEW: &str = "# Router Overview\n\n## Model Architecture\n\n**Architecture Type:** Transformer\n\n## Input\n\nA ticket.\n\n## Software Integration\n\nLinux.\n";
const BIAS: &str = "| Field | Response |\n| --- | --- |\n| Measures taken to mitigate against unwanted bias | Reweighing |\n";
const PRIVACY: &str = "| Field | Response |\n| --- | --- |\n| Personal data used to create this model? | Yes |\n| Generatable or reverse engineerable personal data? | None |\n";

#[test]
fn subcards_are_tables_of_their_overview() {
    let folder = folder(&[
        ("router/overview.md", OVERVIEW),
        ("router/bias.md", BIAS),
        ("router/privacy.md", PRIVACY),
    ]);
    let lines = shown(folder.path(), "router/overview.md");
    has(
        &lines,
        "fairness.mitigation = \"Reweighing\" <- router/bias.md:3:54",
    );
    has(
        &lines,
        "privacy.memorisation = \"None\" <- router/privacy.md:4:56",
    );
    // A word that stands for another value has the place of the word.
    has(
        &lines,
        "privacy.personal_data = true <- router/privacy.md:3:46",
    );
    let (_, said) = checked(folder.path(), &[]);
    let missing = said
        .iter()
        .filter(|it| it.starts_with("document/companion router/overview.md"));
    assert_eq!(missing.count(), 2, "{said:?}");
}

#[test]
fn the_overviews_own_table_comes_first() {
    let own = format!(
        "{OVERVIEW}\n## Bias\n\n{}",
        BIAS.replace("Reweighing", "Sampling")
    );
    let folder = folder(&[("overview.md", &own), ("bias.md", BIAS)]);
    let lines = shown(folder.path(), "overview.md");
    assert!(
        lines
            .iter()
            .any(|it| it.starts_with("fairness.mitigation = \"Sampling\" <- overview.md:"))
    );
}

const SYSTEM: &str = "name: Tickets\ngoal_and_impact: Routing of tickets\nowners: [{ name: Ada }]\nmodels:\n  - !include models/router.yaml\n";
const MODEL: &str = "license: { license_name: mit }\nmodel_index:\n  - name: router\n    results: !include results.yaml\n";
const MEASURED: &str = "- task: { type: text-classification }\n  datasets: [{ name: Bench, type: bench, split: test }]\n  metrics: [{ type: accuracy, value: 0.9 }]\n";

#[test]
fn what_is_included_keeps_its_place() {
    let folder = folder(&[
        ("system_card.yaml", SYSTEM),
        ("models/router.yaml", MODEL),
        ("models/results.yaml", MEASURED),
    ]);
    let lines = shown(folder.path(), ".");
    has(&lines, "id = \"router\" <- models/router.yaml:3:11");
    has(&lines, "owner = \"Ada\" <- system_card.yaml:3:18");
    has(
        &lines,
        "evaluation.metrics[0].value = 0.9 <- models/results.yaml:3:38",
    );
    has(
        &lines,
        "intended_use.primary = \"Routing of tickets\" <- system_card.yaml:2:18",
    );
    let ids = lines.iter().filter(|line| line.starts_with("id = "));
    assert_eq!(ids.count(), 1, "what is included is no document of its own");
    let (_, said) = checked(folder.path(), &[]);
    none(&said, "document/tag");
    none(&said, "document/include");
    none(&said, "document/duplicate-id");
}

#[test]
fn an_include_that_cannot_be_followed_is_an_error_at_its_tag() {
    let deep: Vec<_> = (0..20)
        .map(|at| {
            (
                format!("m{at}.yaml"),
                format!("model_index: !include m{}.yaml\n", at + 1),
            )
        })
        .collect();
    let chain: Vec<_> = deep
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let card = |path: &str| SYSTEM.replace("models/router.yaml", path);
    let (missing, outside, root) = (
        card("none.yaml"),
        card("../x.yaml"),
        card("/etc/hosts.yaml"),
    );
    let (circle, long, empty) = (card("a.yaml"), card("m0.yaml"), card("empty.yaml"));
    let cases: [(&str, Files<'_>, &str); 6] = [
        (&missing, &[], "system_card.yaml:5"),
        (&outside, &[], "system_card.yaml:5"),
        (&root, &[], "system_card.yaml:5"),
        (
            &circle,
            &[
                ("a.yaml", "model_index: !include b.yaml\n"),
                ("b.yaml", "- !include a.yaml\n"),
            ],
            "b.yaml:1",
        ),
        (&long, &chain, "m15.yaml:1"),
        (&empty, &[("empty.yaml", "")], "system_card.yaml:5"),
    ];
    for (text, files, place) in cases {
        let folder = folder(&[("system_card.yaml", text)]);
        for (path, text) in files {
            write(folder.path(), path, text);
        }
        let (code, said) = checked(folder.path(), &[]);
        assert_eq!(code, 1, "{text}\n{said:?}");
        has(&said, &format!("document/include {place}"));
    }
}

#[test]
fn elsewhere_the_tag_has_no_meaning() {
    let folder = folder(&[(
        "card.yaml",
        "kind: model-card\nid: a\ntitle: !include title.yaml\n",
    )]);
    write(folder.path(), "title.yaml", "A title\n");
    let (code, said) = checked(folder.path(), &["card.yaml"]);
    assert_eq!(code, 1);
    has(&said, "document/tag card.yaml:3");
}

#[test]
fn broken_yaml_in_an_included_file_is_said_there() {
    let folder = folder(&[
        ("system_card.yaml", SYSTEM),
        ("models/router.yaml", "model_index: [\n"),
    ]);
    let (code, said) = checked(folder.path(), &["system_card.yaml"]);
    assert_eq!(code, 1);
    assert!(
        said.iter().any(|it| it.contains("models/router.yaml:")),
        "{said:?}"
    );
}

/// A change to a companion is a change to its document, also where it is gone.
#[test]
fn a_companion_that_changed_concerns_its_document() {
    let folder = folder(&[
        ("a/README.md", CARD),
        ("a/.eval_results/a.yaml", RESULTS),
        (
            "b/README.md",
            &CARD.replace("router", "other").replace("Router", "Other"),
        ),
    ]);
    let root = folder.path();
    git(root, &["init", "-q"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "first"]);
    git(root, &["checkout", "-q", "-b", "change"]);
    write(
        root,
        "a/.eval_results/a.yaml",
        &RESULTS.replace("0.91", "0.92"),
    );
    for words in [
        &["--changed-since", "main"][..],
        &["--changed-only", "a/.eval_results/a.yaml"],
    ] {
        let (_, said) = checked(root, words);
        has(&said, "core/owner-named a/README.md:2");
    }
    let (_, said) = checked(root, &["--changed-only", "a/.eval_results/a.yaml"]);
    none(&said, "b/README.md");
    fs::remove_file(root.join("a/.eval_results/a.yaml")).unwrap();
    let (_, said) = checked(root, &["--changed-since", "main"]);
    has(&said, "core/owner-named a/README.md:2");
}

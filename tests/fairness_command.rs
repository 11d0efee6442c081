//! `launchgate fairness`: what it computes, what a card makes of its claims, and what it says when it
//! cannot.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const EVIDENCE: &str = include_str!("../examples/credit-scoring/evidence/predictions.csv");

/// A card that has all that the rules of fairness want, but for `fairness`.
const CARD: &str = "\
kind: model-card
id: credit-risk-model
title: Credit risk model
version: 2.3.0
status: in-review
risk_tier: high
model:
  trained_on: 2026-06-20
";

/// A folder with the predictions of the example, and a config that has the rules of fairness alone.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("launchgate.yaml", "packs: [fairness]\n"),
        ("evidence/predictions.csv", EVIDENCE),
        ("models/card.yaml", CARD),
    ] {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_launchgate"))
        .args(words)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap()
}

/// What a run prints that computes.
fn computed(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(folder: &Path, words: &[&str]) -> Value {
    let words: Vec<&str> = words.iter().copied().chain(["--output", "json"]).collect();
    serde_json::from_str(&computed(folder, &words)).unwrap()
}

const ROWS: [&str; 6] = [
    "fairness",
    "evidence/predictions.csv",
    "--label",
    "y_true",
    "--prediction",
    "y_pred",
];

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    words.iter().chain(more).copied().collect()
}

/// The counts of the example as a warehouse would give them.
fn counts() -> String {
    let mut groups = std::collections::BTreeMap::<(&str, &str), [u32; 4]>::new();
    for row in EVIDENCE.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let sums = groups.entry((cells[0], cells[1])).or_default();
        let at = match (cells[2], cells[3]) {
            ("1", "1") => 0,
            ("0", "1") => 1,
            ("0", "0") => 2,
            _ => 3,
        };
        sums[at] += 1;
    }
    let mut text = "sex,age_band,n,selected,tp,fp,tn,fn,other\n".to_owned();
    for ((sex, age), [tp, fp, tn, fn_]) in groups {
        let (n, selected) = (tp + fp + tn + fn_, tp + fp);
        writeln!(text, "{sex},{age},{n},{selected},{tp},{fp},{tn},{fn_},0").unwrap();
    }
    text
}

#[test]
fn the_example_gives_the_values_that_its_card_claims() {
    let folder = folder();
    let sheet = json(folder.path(), &with(&ROWS, &["--by", "sex,age_band"]));
    let value = |breakdown: usize, metric: &str| {
        let metrics = sheet["breakdowns"][breakdown]["metrics"]
            .as_array()
            .unwrap();
        let found = metrics.iter().find(|found| found["metric"] == metric);
        format!("{:.3}", found.unwrap()["value"].as_f64().unwrap())
    };
    assert_eq!(value(0, "demographic_parity_ratio"), "0.939");
    assert_eq!(value(1, "demographic_parity_ratio"), "0.934");
    assert_eq!(value(2, "demographic_parity_ratio"), "0.878");
    assert_eq!(value(0, "equal_opportunity_difference"), "0.011");
    assert_eq!(value(1, "equal_opportunity_difference"), "0.030");
}

#[test]
fn counts_say_what_their_rows_say() {
    let folder = folder();
    write(folder.path(), "evidence/counts.csv", &counts());
    let by = ["--by", "sex,age_band", "--metric", "all"];
    let metrics = |words: &[&str]| {
        let sheet = json(folder.path(), words);
        let breakdowns = sheet["breakdowns"].as_array().unwrap();
        assert_eq!(sheet["file"]["rows"], 720);
        let metrics = breakdowns.iter().map(|of| of["metrics"].clone());
        (metrics.collect::<Vec<_>>(), sheet["file"]["form"].clone())
    };
    let (from_rows, rows) = metrics(&with(&ROWS, &by));
    let told = ["fairness", "evidence/counts.csv", "--counts"];
    let untold = ["fairness", "evidence/counts.csv"];
    let (from_counts, counts) = metrics(&with(&told, &by));
    assert_eq!(from_rows, from_counts);
    assert_eq!(from_rows, metrics(&with(&untold, &by)).0);
    assert_eq!((rows, counts), ("rows".into(), "counts".into()));
}

#[test]
fn counts_of_finer_groups_are_added_up() {
    let folder = folder();
    write(folder.path(), "evidence/counts.csv", &counts());
    let metrics = |words: &[&str]| json(folder.path(), words)["breakdowns"][0]["metrics"].clone();
    let by = ["--by", "age_band"];
    assert_eq!(
        metrics(&with(&["fairness", "evidence/counts.csv"], &by)),
        metrics(&with(&ROWS, &by))
    );
    let first = counts().lines().nth(1).unwrap().to_owned();
    write(
        folder.path(),
        "twice.csv",
        &format!("{}{first}\n", counts()),
    );
    let output = run(folder.path(), &["fairness", "twice.csv", "--by", "sex"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("row 7 (line 8): the same group stands in an earlier record"),
        "{said}"
    );
}

#[test]
fn counts_with_rows_that_are_neither_are_refused() {
    let folder = folder();
    let text = counts().replacen(",0\n", ",7\n", 1);
    write(folder.path(), "counts.csv", &text);
    let output = run(folder.path(), &["fairness", "counts.csv", "--by", "sex"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.starts_with("error: counts.csv: row 1 (line 2): `other` is 7"),
        "{said}"
    );
}

/// The lines of `check` about a card with a block of claims.
fn findings(folder: &Path, block: &str) -> (Option<i32>, Vec<String>) {
    write(folder, "models/card.yaml", &format!("{CARD}{block}"));
    let output = run(
        folder,
        &[
            "check",
            "models/card.yaml",
            "-o",
            "concise",
            "--as-of",
            "2026-08-01",
        ],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    // Who signs the card off is no matter of a block of claims.
    let findings = text
        .lines()
        .filter(|line| line.contains("error[") && !line.contains("error[fairness/signed-off]"));
    (output.status.code(), findings.map(str::to_owned).collect())
}

/// A person's answers in place of the blanks.
fn answered(block: &str) -> String {
    [
        ("min:", "min: 0.8"),
        ("max:", "max: 0.1"),
        ("set_on:", "set_on: 2026-05-29"),
        ("set_by:", "set_by: Model risk committee"),
        (
            "metric_rationale:",
            "metric_rationale: An approval is the benefit",
        ),
    ]
    .into_iter()
    .fold(block.to_owned(), |text, (blank, answer)| {
        text.replace(&format!("{blank}\n"), &format!("{answer}\n"))
    })
}

const CLAIMS: [&str; 7] = [
    "--by",
    "sex,age_band",
    "--as-claims=models/card.yaml",
    "--model-version",
    "2.3.0",
    "--evaluated-on",
    "2026-07-06",
];

#[test]
fn a_block_for_a_card_has_blanks_that_the_gate_names_and_nothing_else_to_say() {
    let folder = folder();
    let words = with(&ROWS, &["--unfavourable", "0"]);
    let block = computed(folder.path(), &with(&words, &CLAIMS));
    assert!(
        block.contains("      favourable: 1\n      unfavourable: 0\n"),
        "{block}"
    );
    let (code, found) = findings(folder.path(), &block);
    assert_eq!(code, Some(1), "{found:?}");
    let blank = |line: &&String| {
        line.contains("error[schema/missing-key]")
            || line.contains("error[fairness/metric-justified]")
    };
    let others: Vec<_> = found.iter().filter(|line| !blank(line)).collect();
    assert!(others.is_empty(), "{others:#?}");
    // Six claims, each with a limit, a day and a name, and why these metrics.
    let blanks = found
        .iter()
        .filter(|line| line.contains("is empty"))
        .count();
    assert_eq!(blanks, 6 * 3 + 1, "{found:#?}");

    let (code, found) = findings(folder.path(), &answered(&block));
    assert_eq!((code, found), (Some(0), Vec::new()), "{block}");
}

#[test]
fn a_claim_that_was_changed_by_hand_is_found() {
    let folder = folder();
    let block = answered(&computed(folder.path(), &with(&ROWS, &CLAIMS)));
    let changed = block.replacen("value: 0.9394", "value: 0.9494", 1);
    assert_ne!(changed, block);
    let (code, found) = findings(folder.path(), &changed);
    assert_eq!(code, Some(1));
    assert!(
        found.iter().any(|line| line.contains("0.9494")),
        "{found:#?}"
    );
}

#[test]
fn counts_make_claims_as_rows_do() {
    let folder = folder();
    write(folder.path(), "evidence/counts.csv", &counts());
    let words = [
        "fairness",
        "evidence/counts.csv",
        "--label",
        "y_true",
        "--prediction",
        "y_pred",
    ];
    let block = computed(folder.path(), &with(&words, &CLAIMS));
    let (code, found) = findings(folder.path(), &answered(&block));
    assert_eq!((code, found), (Some(0), Vec::new()), "{block}");
}

#[test]
fn groups_left_out_and_unknown_ones_are_stated_in_the_card() {
    let folder = folder();
    let mut text = EVIDENCE.to_owned();
    text.push_str(&",55+,1,1,0.7\n".repeat(4));
    text.push_str(&"\"o'ther, x: #1\",55+,1,1,0.7\n".repeat(3));
    write(folder.path(), "evidence/predictions.csv", &text);
    let block = computed(
        folder.path(),
        &with(
            &with(&ROWS, &CLAIMS[2..]),
            &["--by", "sex", "--exclude", "o'ther, x: #1"],
        ),
    );
    let block = block.replace(
        "          reason:\n",
        "          reason: Three people; their rate says nothing\n",
    );
    assert!(block.contains("unknown_group: 4\n"), "{block}");
    assert!(
        block.contains("group: [\"o'ther, x: #1\"]\n          n: 3\n"),
        "{block}"
    );
    let (code, found) = findings(folder.path(), &answered(&block));
    assert_eq!((code, found), (Some(0), Vec::new()), "{block}");
}

#[test]
fn what_becomes_of_missing_groups_is_a_choice() {
    let folder = folder();
    let mut text = EVIDENCE.to_owned();
    text.push_str(&",55+,0,0,0.1\n".repeat(40));
    write(folder.path(), "evidence/predictions.csv", &text);
    let metric = |more: &[&str]| {
        let words = with(
            &ROWS,
            &["--by", "sex", "--metric", "demographic_parity_ratio"],
        );
        let sheet = json(folder.path(), &with(&words, more));
        assert_eq!(sheet["file"]["missing"], 40);
        assert_eq!(sheet["breakdowns"][0]["groups"][0]["n"], 40);
        sheet["breakdowns"][0]["metrics"][0].clone()
    };
    let shown = metric(&[]);
    assert_eq!(shown["status"], "value");
    assert_eq!(shown, metric(&["--missing", "show"]));
    assert_eq!(metric(&["--missing", "group"])["value"], 0.0);
    let refused = metric(&["--missing", "refuse"]);
    assert_eq!(refused["status"], "undefined");
    let reason = refused["reason"].as_str().unwrap();
    assert!(
        reason.contains("40 rows have no value of `sex`"),
        "{reason}"
    );
}

#[test]
fn the_json_is_as_its_schema_says() {
    let folder = folder();
    write(folder.path(), "evidence/counts.csv", &counts());
    let schema: Value =
        serde_json::from_str(include_str!("../schemas/fairness.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let numbers = [
        "fairness",
        "evidence/predictions.csv",
        "--label",
        "y_true",
        "--prediction",
        "score",
    ];
    for words in [
        with(
            &ROWS,
            &[
                "--by",
                "sex,age_band",
                "--score",
                "score",
                "--metric",
                "all",
            ],
        ),
        with(
            &ROWS,
            &[
                "--by",
                "sex",
                "--reference",
                "male",
                "--minimum-group",
                "1000",
            ],
        ),
        with(
            &ROWS,
            &[
                "--by",
                "sex,age_band",
                "--reference",
                "largest",
                "--exclude",
                "55+",
            ],
        ),
        with(
            &ROWS,
            &[
                "--by",
                "sex,age_band",
                "--intersection",
                "--missing",
                "refuse",
            ],
        ),
        with(
            &numbers,
            &["--by", "sex", "--metric", "mean_absolute_error_ratio"],
        ),
        vec!["fairness", "evidence/counts.csv", "--by", "sex"],
    ] {
        let sheet = json(folder.path(), &words);
        let wrong: Vec<String> = schema
            .iter_errors(&sheet)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{words:?}: {wrong:#?}");
    }
}

#[test]
fn colour_adds_nothing_to_the_text() {
    let folder = folder();
    let words = with(&ROWS, &["--by", "sex,age_band", "--score", "score"]);
    let plain = computed(folder.path(), &words);
    let coloured = computed(folder.path(), &with(&words, &["--color", "always"]));
    assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(escapes.replace_all(&coloured, ""), plain);
}

#[test]
fn a_file_gets_what_would_be_printed() {
    let folder = folder();
    let words = with(&ROWS, &["--by", "sex"]);
    let printed = computed(folder.path(), &words);
    let nothing = computed(
        folder.path(),
        &with(&words, &["--output", "table=fair.txt"]),
    );
    assert!(nothing.is_empty());
    assert_eq!(
        fs::read_to_string(folder.path().join("fair.txt")).unwrap(),
        printed
    );
}

#[test]
fn a_verdict_is_never_given() {
    let folder = folder();
    // Nobody in one group is approved.
    let text = EVIDENCE
        .lines()
        .map(|line| match line.split(',').collect::<Vec<_>>()[..] {
            ["female", age, label, _, score] => format!("female,{age},{label},0,{score}\n"),
            _ => format!("{line}\n"),
        })
        .collect::<String>();
    write(folder.path(), "evidence/predictions.csv", &text);
    let said = computed(folder.path(), &with(&ROWS, &["--by", "sex", "--quiet"]));
    assert!(
        said.contains("demographic_parity_ratio       0.0000"),
        "{said}"
    );
}

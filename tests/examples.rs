//! The two examples of the README: the complete launch passes, the draft shows a first run.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Everything that blocks the draft: rule, file, line, column and the text at that place.
const DRAFT: [(&str, &str, u64, u64, &str); 15] = [
    (
        "fairness/every-attribute-assessed",
        "credit-risk-model.yaml",
        176,
        31,
        "age_band",
    ),
    (
        "fairness/four-fifths",
        "credit-risk-model.yaml",
        185,
        14,
        "0.790",
    ),
    (
        "fairness/threshold-before-evaluation",
        "credit-risk-model.yaml",
        213,
        17,
        "2026-05-06",
    ),
    (
        "security/human-oversight",
        "credit-risk-model.yaml",
        292,
        1,
        "human_oversight",
    ),
    ("core/owner-named", "instant-credit.md", 6, 8, "TBD"),
    (
        "core/risk-tier-agrees",
        "instant-credit.md",
        10,
        12,
        "limited",
    ),
    (
        "core/references-resolve",
        "instant-credit.md",
        22,
        15,
        "adverse-action-notices.md",
    ),
    (
        "privacy/retention-limit",
        "instant-credit.md",
        51,
        16,
        "P10Y",
    ),
    (
        "privacy/transfer-mechanism",
        "instant-credit.md",
        56,
        9,
        "country",
    ),
    (
        "schema/unknown-key",
        "instant-credit.md",
        148,
        5,
        "recipents",
    ),
    (
        "privacy/dpia-before-launch",
        "instant-credit.md",
        156,
        3,
        "dpia",
    ),
    (
        "privacy/automated-decisions",
        "instant-credit.md",
        163,
        3,
        "automated_decisions",
    ),
    (
        "privacy/vendor-agreement",
        "instant-credit.md",
        228,
        7,
        "name",
    ),
    (
        "security/scan-fresh",
        "instant-credit.md",
        315,
        15,
        "2026-05-11",
    ),
    (
        "core/no-placeholders",
        "instant-credit.md",
        653,
        1,
        "TBD after the meeting with operations.",
    ),
];

fn launchgate(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_launchgate"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments);
    for variable in [
        "CI",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "GITHUB_ACTIONS",
    ] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

fn last_line(output: &Output) -> String {
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn the_complete_launch_passes_on_any_day() {
    for day in ["2026-11-22", "2028-02-29", "2040-01-01"] {
        let output = launchgate(&["check", "examples/credit-scoring", "--as-of", day]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        let summary = last_line(&output);
        assert!(
            summary.starts_with("launchgate: PASS  2 documents, "),
            "{summary}"
        );
        assert!(summary.contains(" 0 failed, 0 unknown, "), "{summary}");
        assert!(summary.contains(&format!("as of {day}")), "{summary}");
    }
}

#[test]
fn the_complete_launch_passes_at_stage_launched() {
    let output = launchgate(&[
        "check",
        "examples/credit-scoring",
        "--stage",
        "launched",
        "--as-of",
        "2026-11-22",
    ]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn the_draft_shows_fifteen_findings_each_at_its_place_with_the_next_action() {
    let output = launchgate(&[
        "check",
        "examples/credit-scoring-draft",
        "--as-of",
        "2026-11-22",
        "--output",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["blocking"], 15);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let location = &finding["location"];
            let path = location["path"].as_str().unwrap();
            let text = std::fs::read_to_string(folder.join(path)).unwrap();
            let byte =
                |end: &str| usize::try_from(location[end]["byte"].as_u64().unwrap()).unwrap();
            assert_eq!(finding["blocking"], true, "{finding}");
            assert!(
                finding["help"]
                    .as_str()
                    .is_some_and(|help| !help.is_empty()),
                "{finding}"
            );
            (
                finding["rule"].as_str().unwrap().to_owned(),
                path.rsplit('/').next().unwrap().to_owned(),
                location["start"]["line"].as_u64().unwrap(),
                location["start"]["column"].as_u64().unwrap(),
                text[byte("start")..byte("end")].to_owned(),
            )
        })
        .collect();
    let wanted: Vec<_> = DRAFT
        .iter()
        .map(|&(rule, file, line, column, text)| {
            (
                rule.to_owned(),
                file.to_owned(),
                line,
                column,
                text.to_owned(),
            )
        })
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn the_picture_in_the_readme_is_what_the_terminal_shows() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let readme = std::fs::read_to_string(format!("{folder}/README.md")).unwrap();
    let picture = readme
        .split("```text\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let output = launchgate(&[
        "check",
        "examples/credit-scoring-draft",
        "--as-of",
        "2026-11-22",
    ]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(picture.starts_with("error["), "{picture}");
    assert!(
        shown.contains(picture.trim_end()),
        "the README shows\n{picture}\nthe terminal shows\n{shown}"
    );
}

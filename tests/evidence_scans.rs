//! What a document states of reports of scanners, held against the reports: each way in which they
//! can differ is a finding of its own, at its place in the document, and none passes for a scan
//! that found nothing.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;

use camino::Utf8Path;
use gate::{ROOT, check_with, memory, options};
use launchgate::finding::Finding;
use sha2::{Digest as _, Sha256};

const REVISION: &str = "3f1c9e7a52d84b06c1e2f7a9b8d3450617c2e9fa";

/// A log of a run that ended well and found nothing.
const CLEAN: &str = r#"{
  "version": "2.1.0",
  "runs": [{
    "tool": { "driver": { "name": "semgrep" } },
    "invocations": [{ "executionSuccessful": true, "endTimeUtc": "2026-09-04T06:12:41Z" }],
    "versionControlProvenance": [{ "revisionId": "3f1c9e7a52d84b06c1e2f7a9b8d3450617c2e9fa" }],
    "results": []
  }]
}
"#;

/// The rules that hold reports against documents, and those about what documents state.
const CONFIG: &str = "root: true\npacks: [security]\n";

fn digest(bytes: &[u8]) -> String {
    let bytes = Sha256::digest(bytes);
    let pairs: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.concat()
}

/// A launch that states `report` as one clean scan; the digest is line 13.
fn spec(sha256: &str) -> String {
    format!(
        "\
kind: feature-spec
id: instant-credit
title: Instant credit
status: approved
risk_tier: minimal
security:
  scans:
    - tool: semgrep
      path: evidence/scan.sarif
      format: sarif
      revision: {REVISION}
      run_on: 2026-09-04
      sha256: {sha256}
      succeeded: true
      open: {{ critical: 0, high: 0, medium: 0, low: 0 }}
launch:
  date: 2026-09-14
  revision: {REVISION}
"
    )
}

/// Rule, line and column of the findings about scans.
fn found(spec: &str, files: &[(&str, &[u8])]) -> Vec<(String, u32, u32)> {
    let documents = [
        ("launch.yaml", spec.as_bytes()),
        ("launchgate.yaml", CONFIG.as_bytes()),
    ];
    let files = memory(documents.iter().chain(files).copied());
    let report = check_with(&files, Utf8Path::new(ROOT), &options());
    let place = |finding: &Finding| {
        let location = finding.primary.location;
        let file = report.sources.file(location).unwrap();
        let at = file.line_column(location.span.start);
        (finding.rule.as_str().to_owned(), at.line, at.column)
    };
    let about = |finding: &&Finding| {
        let pointer = &finding.pointer;
        finding.rule.as_str().starts_with("security/") && pointer.starts_with("/security/scans/0")
    };
    report.findings.iter().filter(about).map(place).collect()
}

/// The findings where the report holds `content`, and its digest is stated.
fn held_against(content: &[u8]) -> Vec<(String, u32, u32)> {
    found(&spec(&digest(content)), &[("evidence/scan.sarif", content)])
}

fn only(rule: &str, line: u32, column: u32) -> Vec<(String, u32, u32)> {
    vec![(format!("security/{rule}"), line, column)]
}

/// The clean log with a text in another's place.
fn with(before: &str, after: &str) -> Vec<u8> {
    assert!(CLEAN.contains(before), "{before}");
    CLEAN.replace(before, after).into_bytes()
}

#[test]
fn a_scan_that_found_nothing_passes() {
    assert_eq!(held_against(CLEAN.as_bytes()), []);
}

/// A report, and the rule that speaks of it with its line and column.
type Wanted = (Vec<u8>, &'static str, u32, u32);

#[test]
fn what_is_not_a_scan_that_found_nothing_is_each_a_finding_of_its_own() {
    let path = |content: &[u8]| (content.to_vec(), "reports-readable", 9, 13);
    let result = |result: &str| with("\"results\": []", &format!("\"results\": [{result}]"));
    let cases: Vec<(&str, Wanted)> = vec![
        ("an empty file", path(b"")),
        ("white space", path(b" \n")),
        ("an empty mapping", path(b"{}")),
        ("a log without runs", path(br#"{ "version": "2.1.0", "runs": [] }"#)),
        ("no JSON", path(b"scan ok\n")),
        ("a file that breaks off", path(&CLEAN.as_bytes()[..200])),
        ("a key twice", path(&with("\"runs\"", "\"runs\": [], \"runs\""))),
        ("another version", path(&with("2.1.0", "2.0.0"))),
        (
            "another format",
            path(br#"{ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{ "name": "a" }] }"#),
        ),
        (
            "results of another shape",
            path(&with("\"results\": []", "\"results\": {}")),
        ),
        (
            "a pointer of Git LFS",
            path(b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 5\n"),
        ),
        (
            "a run that failed",
            (with("true", "false"), "scans-end-as-reported", 14, 18),
        ),
        (
            "a run that does not say how it ended",
            (
                with("\"executionSuccessful\": true, ", ""),
                "scans-end-as-reported",
                14,
                18,
            ),
        ),
        (
            "a run that did not look",
            (with("\"results\": []", "\"x\": []"), "scans-end-as-reported", 14, 18),
        ),
        (
            "a tool that met an error",
            (
                with(
                    "\"executionSuccessful\": true",
                    "\"toolExecutionNotifications\": [{ \"level\": \"error\" }], \"executionSuccessful\": true",
                ),
                "scans-end-as-reported",
                9,
                13,
            ),
        ),
        (
            "another revision",
            (with("3f1c9e7a", "60303ae2"), "scanned-revision-as-reported", 11, 17),
        ),
        (
            "no revision",
            (
                with("versionControlProvenance", "x"),
                "scanned-revision-as-reported",
                11,
                17,
            ),
        ),
        (
            "another day",
            (with("2026-09-04T", "2026-05-04T"), "scan-day-as-reported", 12, 15),
        ),
        (
            "no day",
            (with("endTimeUtc", "x"), "scan-day-as-reported", 12, 15),
        ),
        (
            "another scanner",
            (with("semgrep", "gitleaks"), "scan-tool-as-reported", 8, 13),
        ),
        (
            "a weakness that is high",
            (
                result(r#"{ "ruleId": "r", "level": "error" }"#),
                "scan-counts-as-reported",
                15,
                34,
            ),
        ),
        (
            "a weakness that is low",
            (
                result(r#"{ "ruleId": "r", "level": "note" }"#),
                "scan-counts-as-reported",
                15,
                53,
            ),
        ),
        (
            "a suppression that was refused",
            (
                result(
                    r#"{ "ruleId": "r", "level": "warning", "suppressions": [{ "status": "rejected" }] }"#,
                ),
                "scan-counts-as-reported",
                15,
                45,
            ),
        ),
        (
            "a weakness of unknown severity",
            (
                result(r#"{ "ruleId": "r", "level": "none" }"#),
                "unrated-results-answered",
                9,
                13,
            ),
        ),
    ];
    for (name, (content, rule, line, column)) in cases {
        assert_eq!(held_against(&content), only(rule, line, column), "{name}");
    }
}

#[test]
fn a_file_that_cannot_be_had_is_a_finding_at_its_path() {
    let stated = spec(&digest(CLEAN.as_bytes()));
    assert_eq!(
        found(&stated, &[]),
        only("reports-readable", 9, 13),
        "missing"
    );
    for path in [
        "../scan.sarif",
        "/etc/hostname",
        "https://scanner.example/scan.sarif",
        "evidence",
    ] {
        let stated = stated.replace("evidence/scan.sarif", path);
        let files = [("evidence/scan.sarif", CLEAN.as_bytes())];
        assert_eq!(
            found(&stated, &files),
            only("reports-readable", 9, 13),
            "{path}"
        );
    }
}

#[test]
fn another_file_than_the_stated_one_is_a_finding_at_the_digest_alone() {
    let stated = spec(&digest(CLEAN.as_bytes()));
    for content in [
        with("true", "false"),
        with("3f1c9e7a", "60303ae2"),
        b"{}".to_vec(),
    ] {
        let found = found(&stated, &[("evidence/scan.sarif", &content)]);
        assert_eq!(found, only("reports-unchanged", 13, 15));
    }
}

#[test]
fn a_true_report_that_is_too_old_is_for_the_rule_about_age() {
    let old = with("2026-09-04T", "2026-05-04T");
    let stated = spec(&digest(&old)).replace("2026-09-04", "2026-05-04");
    let found = found(&stated, &[("evidence/scan.sarif", &old)]);
    assert_eq!(found, only("scan-fresh", 12, 15));
}

#[test]
fn a_true_report_of_a_failure_is_for_the_rule_about_ends() {
    let failed = with("true", "false");
    let stated = spec(&digest(&failed)).replace("succeeded: true", "succeeded: false");
    let found = found(&stated, &[("evidence/scan.sarif", &failed)]);
    assert_eq!(found, only("scans-ended-well", 14, 18));
}

#[test]
fn a_true_count_without_an_answer_is_for_the_rule_about_answers() {
    let high = with(
        "\"results\": []",
        r#""results": [{ "ruleId": "r", "level": "error" }]"#,
    );
    let stated = spec(&digest(&high)).replace("high: 0", "high: 1");
    let found = found(&stated, &[("evidence/scan.sarif", &high)]);
    assert_eq!(found, only("scan-results-answered", 15, 34));
}

#[test]
fn a_report_over_the_limit_is_not_read() {
    let config = format!("{CONFIG}limits: {{ report_bytes: {} }}\n", CLEAN.len());
    let limited = |content: &str| {
        let files = [
            ("launchgate.yaml", config.as_bytes()),
            ("evidence/scan.sarif", content.as_bytes()),
        ];
        found(&spec(&digest(content.as_bytes())), &files)
    };
    assert_eq!(limited(CLEAN), []);
    assert_eq!(
        limited(&format!("{CLEAN} ")),
        only("reports-readable", 9, 13)
    );
}

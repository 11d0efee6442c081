//! Reports of scanners, format by format: what is read of the files in `tests/scans`, and what is
//! refused.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use launchgate::evidence::scan::{FINDINGS_KEPT, Format, Scan, ScanError, Severity, Tests, read};
use launchgate::expr::time::{Date, parse_date};
use proptest::prelude::*;

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/scans/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn scan(name: &str) -> Scan {
    read(None, fixture(name).as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn refused(format: Format, text: &str) -> ScanError {
    read(Some(format), text.as_bytes()).unwrap_err()
}

fn at(text: &str) -> Option<Date> {
    let date = parse_date(text);
    assert!(date.is_ok(), "{text}");
    date.ok()
}

/// Critical, high, medium, low, unknown.
fn open(scan: &Scan) -> [u64; 5] {
    let open = scan.open.unwrap();
    [
        open.critical,
        open.high,
        open.medium,
        open.low,
        open.unknown,
    ]
}

fn choices(scan: &Scan) -> Vec<&str> {
    scan.licences.iter().map(|l| &*l.text).collect()
}

const FILES: [(&str, Format); 10] = [
    ("clean.sarif", Format::Sarif),
    ("rules.sarif", Format::Sarif),
    ("sbom.cdx.json", Format::CycloneDx),
    ("vdr.cdx.json", Format::CycloneDx),
    ("sbom.spdx.json", Format::Spdx),
    ("sbom.spdx3.json", Format::Spdx),
    ("vex.openvex.json", Format::OpenVex),
    ("tests.junit.xml", Format::Junit),
    ("scorecard.json", Format::Scorecard),
    ("penetration-test.yaml", Format::PenetrationTest),
];

#[test]
fn a_report_is_known_by_its_content_and_no_other_format_is_taken_for_it() {
    for (name, format) in FILES {
        let text = fixture(name);
        assert_eq!(scan(name).format, format, "{name}");
        for stated in Format::ALL {
            let result = read(Some(stated), text.as_bytes());
            if stated == format {
                assert!(result.is_ok(), "{name}: {result:?}");
            } else {
                let error = result.unwrap_err().to_string();
                assert!(
                    error.starts_with("it looks like ") && !error.contains("like none"),
                    "{name} as {stated}: {error}"
                );
            }
        }
    }
}

#[test]
fn a_clean_log_says_that_it_looked_and_found_nothing() {
    let scan = scan("clean.sarif");
    assert_eq!(open(&scan), [0; 5]);
    assert_eq!(scan.succeeded, Some(true));
    assert_eq!(scan.finished, at("2026-09-04T06:12:41Z"));
    assert_eq!(scan.revision.as_deref(), Some("3f1c9e7"));
    assert_eq!(scan.tools[0].name, "semgrep");
    assert_eq!(scan.tools[0].version.as_deref(), Some("1.99.0"));
}

#[test]
fn severity_comes_from_the_rule_table() {
    let scan = scan("rules.sarif");
    let found: Vec<_> = scan
        .findings
        .iter()
        .map(|f| (f.title.as_str(), f.severity.name()))
        .collect();
    assert_eq!(
        found,
        [
            ("nobody knows", "unknown"),
            ("a rule that is not there", "unknown"),
            ("a level that says nothing", "unknown"),
            ("SELECT is built from `q`", "critical"),
            ("below a rule", "critical"),
            ("to be looked at", "critical"),
            ("by index alone", "high"),
            ("the result's own level", "high"),
            ("an invocation raises it", "high"),
            ("a rule that is not there, with a level", "high"),
            ("not yet", "high"),
            ("refused", "high"),
            ("none", "high"),
            ("default of the standard", "medium"),
            ("of an extension", "medium"),
            ("of an extension, by id", "medium"),
            ("the rule's own level", "low"),
        ]
    );
    assert_eq!(open(&scan), [3, 7, 3, 1, 3]);
    assert_eq!(scan.suppressed, 2);
    assert_eq!(scan.errors, 1);
    assert_eq!(scan.findings[3].id, "sql");
    assert_eq!(scan.findings[3].place.as_deref(), Some("src/db.c:7"));
    assert_eq!(scan.findings[6].id, "hash");
}

#[test]
fn a_rule_is_found_by_guid_by_component_and_by_what_an_invocation_sets() {
    let of = |result: &str| {
        let text = format!(
            r#"{{"version":"2.1.0","runs":[{{
            "tool":{{
                "driver":{{"name":"t","rules":[{{"id":"a","defaultConfiguration":{{"level":"note"}}}},{{"id":"b"}}]}},
                "extensions":[{{"name":"e","guid":"g-e","rules":[
                    {{"id":"c","guid":"g-c","properties":{{"security-severity":"9.0"}}}}]}}]}},
            "invocations":[{{"executionSuccessful":true,"ruleConfigurationOverrides":[
                {{"descriptor":{{"index":0}},"configuration":{{"level":"error"}}}},
                {{"descriptor":{{"id":"b"}},"configuration":{{"level":"note"}}}},
                {{"descriptor":{{"id":"b"}},"configuration":{{"level":"error"}}}}]}}],
            "results":[{result}]}}]}}"#
        );
        read(None, text.as_bytes()).unwrap().findings[0].severity
    };
    for (result, severity) in [
        (r#"{"ruleId":"a"}"#, Severity::High),
        (r#"{"ruleId":"b"}"#, Severity::High),
        (r#"{"ruleId":"b","level":"note"}"#, Severity::Low),
        (r#"{"rule":{"guid":"g-c"}}"#, Severity::Critical),
        (
            r#"{"rule":{"index":0,"toolComponent":{"name":"e"}}}"#,
            Severity::Critical,
        ),
        (
            r#"{"rule":{"index":0,"toolComponent":{"guid":"g-e"}}}"#,
            Severity::Critical,
        ),
        (r#"{"rule":{"index":0}}"#, Severity::High),
        (r#"{"ruleId":"a","ruleIndex":1}"#, Severity::High),
        (r#"{"ruleId":"ab"}"#, Severity::Unknown),
        (r#"{"ruleIndex":7}"#, Severity::Unknown),
        ("{}", Severity::Unknown),
    ] {
        assert_eq!(of(result), severity, "{result}");
    }
}

#[test]
fn many_rules_of_one_id_are_refused() {
    let rules = vec![r#"{"id":"a"}"#; 65].join(",");
    let text = format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"t","rules":[{rules}]}}}},"results":[]}}]}}"#
    );
    let error = refused(Format::Sarif, &text).to_string();
    assert!(
        error.contains("has the id of 64 rules before it"),
        "{error}"
    );
}

/// A log of one run with other parts than the clean one.
fn log(run: &str) -> String {
    format!(r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"t"}}}},{run}}}]}}"#)
}

#[test]
fn a_log_ended_well_only_if_every_run_says_so() {
    let well = r#""results":[],"invocations":[{"executionSuccessful":true}]"#;
    for (run, succeeded) in [
        (well, Some(true)),
        (r#""results":[]"#, None),
        (r#""results":[],"invocations":[]"#, None),
        (r#""results":[],"invocations":[{}]"#, None),
        (
            r#""results":[],"invocations":[{"executionSuccessful":true},{"executionSuccessful":false}]"#,
            Some(false),
        ),
        // Such a run did not look.
        (
            r#""invocations":[{"executionSuccessful":true}]"#,
            Some(false),
        ),
        (r#""results":null"#, Some(false)),
    ] {
        let scan = read(Some(Format::Sarif), log(run).as_bytes()).unwrap();
        assert_eq!(scan.succeeded, succeeded, "{run}");
        assert_eq!(scan.failure.is_some(), succeeded == Some(false), "{run}");
        let two = log(run).replace(
            "\"runs\":[",
            &format!("\"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"u\"}}}},{well}}},"),
        );
        let scan = read(Some(Format::Sarif), two.as_bytes()).unwrap();
        assert_eq!(scan.succeeded, succeeded, "with one that ended well: {run}");
    }
    let failed = r#""results":[],"invocations":[{"executionSuccessful":false,"exitCode":137}]"#;
    let scan = read(None, log(failed).as_bytes()).unwrap();
    assert_eq!(
        scan.failure.as_deref(),
        Some("the tool ended with exit code 137")
    );
}

#[test]
fn a_log_is_as_old_as_its_oldest_run_and_about_the_revision_of_all() {
    let run = |end: &str, revision: &str| {
        format!(
            r#"{{"tool":{{"driver":{{"name":"t"}}}},"results":[],"invocations":[{{"executionSuccessful":true{end}}}]{revision}}}"#
        )
    };
    let of = |runs: &[String]| {
        let text = format!(r#"{{"version":"2.1.0","runs":[{}]}}"#, runs.join(","));
        read(None, text.as_bytes()).unwrap()
    };
    let old = run(
        r#","endTimeUtc":"2026-05-01T00:00:00Z""#,
        r#","versionControlProvenance":[{"revisionId":"aaa"}]"#,
    );
    let new = run(
        r#","endTimeUtc":"2026-09-01T00:00:00Z""#,
        r#","versionControlProvenance":[{"revisionId":"bbb"}]"#,
    );
    let silent = run("", "");
    let scan = of(&[new.clone(), old.clone()]);
    assert_eq!(scan.finished, at("2026-05-01T00:00:00Z"));
    assert_eq!(scan.revision, None);
    assert_eq!(scan.revisions.iter().collect::<Vec<_>>(), ["aaa", "bbb"]);
    let scan = of(&[new.clone(), silent]);
    assert_eq!(scan.finished, None);
    assert_eq!(scan.revision, None);
    let scan = of(&[new.clone(), new]);
    assert_eq!(scan.revision.as_deref(), Some("bbb"));
    assert_eq!(scan.tools.len(), 1);
}

#[test]
fn a_bill_of_materials_is_no_report_of_weaknesses() {
    let scan = scan("sbom.cdx.json");
    assert_eq!(scan.components, Some(3));
    assert_eq!(scan.open, None);
    assert_eq!(scan.unlicensed, 1);
    assert_eq!(choices(&scan), ["Apache-2.0", "MIT OR GPL-3.0-only"]);
    assert_eq!(scan.finished, at("2026-09-04T06:20:02Z"));
    assert_eq!(scan.revision.as_deref(), Some("3f1c9e7"));
    assert_eq!(scan.tools[0].name, "syft");
    let with = fixture("sbom.cdx.json").replacen('{', r#"{"vulnerabilities": [],"#, 1);
    assert_eq!(open(&read(None, with.as_bytes()).unwrap()), [0; 5]);
}

#[test]
fn what_was_found_out_of_a_vulnerability_decides_whether_it_is_open() {
    let scan = scan("vdr.cdx.json");
    assert_eq!(open(&scan), [1, 1, 0, 1, 3]);
    assert_eq!(scan.suppressed, 2);
    assert_eq!(scan.tools[0].name, "dependency-track");
    let high = &scan.findings[4];
    assert_eq!(
        (high.id.as_str(), high.severity),
        ("CVE-2026-0001", Severity::High)
    );
    assert_eq!(high.place.as_deref(), Some("pkg:pypi/a@1"));
}

#[test]
fn packages_of_spdx_are_components() {
    let two = scan("sbom.spdx.json");
    assert_eq!(two.components, Some(3));
    assert_eq!(choices(&two), ["Apache-2.0", "BSD-3-Clause"]);
    assert_eq!(two.unlicensed, 1);
    assert_eq!(two.revision.as_deref(), Some("3f1c9e7"));
    assert_eq!(two.tools[0].name, "syft-1.18.0");
    assert_eq!(two.open, None);
    let three = scan("sbom.spdx3.json");
    assert_eq!(three.components, Some(2));
    assert_eq!(choices(&three), ["Apache-2.0 OR MIT"]);
    assert_eq!(three.unlicensed, 1);
    assert_eq!(three.finished, at("2026-09-04T06:20:02Z"));
    assert_eq!(three.tools[0].name, "sbom-tool");
}

#[test]
fn the_latest_statement_on_a_product_counts_and_not_affected_needs_a_reason() {
    let scan = scan("vex.openvex.json");
    assert_eq!(open(&scan), [0, 0, 0, 0, 2]);
    assert_eq!(scan.suppressed, 2);
    let titles: Vec<_> = scan.findings.iter().map(|f| (&*f.id, &*f.title)).collect();
    assert_eq!(
        titles,
        [
            (
                "CVE-2026-0003",
                "said not to affect the product, without a reason"
            ),
            ("CVE-2026-0004", "affects the product"),
        ]
    );
    assert_eq!(scan.findings[1].place.as_deref(), Some("pkg:oci/b"));
}

#[test]
fn tests_are_counted_by_their_cases_and_failures_by_whichever_is_more() {
    let scan = scan("tests.junit.xml");
    let wanted = Tests {
        passed: 2,
        failed: 1,
        errors: 1,
        skipped: 2,
    };
    assert_eq!(scan.tests, Some(wanted));
    assert_eq!(open(&scan), [0, 0, 0, 0, 2]);
    assert_eq!(scan.finished, at("2026-09-04T06:12:41Z"));
    assert_eq!(scan.revision.as_deref(), Some("3f1c9e7"));
    assert_eq!(scan.succeeded, None);
    assert_eq!(scan.findings[0].id, "score.holds");
    assert_eq!(scan.findings[0].title, "0.5 < 0.4");
    let more = fixture("tests.junit.xml").replace(r#"failures="1""#, r#"failures="4""#);
    let more = read(None, more.as_bytes()).unwrap();
    assert_eq!(more.tests.unwrap().failed, 4);
    assert_eq!(open(&more), [0, 0, 0, 0, 5]);
}

#[test]
fn an_inconclusive_check_has_no_score() {
    let scan = scan("scorecard.json");
    let checks: Vec<_> = scan.checks.iter().map(|c| (&*c.name, c.score)).collect();
    assert_eq!(
        checks,
        [
            ("Binary-Artifacts", Some(10.0)),
            ("Branch-Protection", None)
        ]
    );
    assert_eq!(scan.open, None);
    assert_eq!(scan.revision.as_deref(), Some("3f1c9e7"));
}

#[test]
fn a_record_of_a_penetration_test_is_of_the_day_of_the_retest() {
    let scan = scan("penetration-test.yaml");
    assert_eq!(open(&scan), [0, 0, 1, 3, 0]);
    assert_eq!(scan.finished, at("2026-08-28"));
    let test = scan.penetration.unwrap();
    assert_eq!(test.vendor, "Redshore Security");
    assert_eq!(test.expires, "2027-08-14");
    let json = br#"{"record":"penetration-test","vendor":"V"}"#;
    let error = read(None, json).unwrap_err().to_string();
    assert!(error.contains("`scope`"), "{error}");
}

#[test]
fn what_holds_nothing_is_empty() {
    for (format, text) in [
        (Format::Sarif, ""),
        (Format::Sarif, "\u{FEFF} \n\t"),
        (Format::Junit, "  "),
        (Format::Sarif, r#"{"version":"2.1.0","runs":[]}"#),
        (
            Format::CycloneDx,
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[]}"#,
        ),
        (
            Format::CycloneDx,
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#,
        ),
        (
            Format::CycloneDx,
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[]}"#,
        ),
        (
            Format::Spdx,
            r#"{"spdxVersion":"SPDX-2.3","creationInfo":{},"packages":[]}"#,
        ),
        (
            Format::Spdx,
            r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#,
        ),
        (
            Format::OpenVex,
            r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"a","author":"b","timestamp":"2026-09-04T06:00:00Z","version":1,"statements":[]}"#,
        ),
        (Format::Junit, "<testsuites/>"),
        (
            Format::Junit,
            r#"<testsuite name="a" tests="0"></testsuite>"#,
        ),
        (
            Format::Scorecard,
            r#"{"scorecard":{},"repo":{},"checks":[]}"#,
        ),
    ] {
        let error = refused(format, text);
        assert!(error.is_empty(), "{text}: {error:?}");
        assert!(error.to_string().starts_with("it is empty: "), "{error}");
    }
}

#[test]
fn what_is_no_report_is_refused_with_the_reason() {
    let wide = b"\xFF\xFE{\0}\0";
    assert!(read(None, wide).unwrap_err().to_string().contains("UTF-16"));
    for (format, text, reason) in [
        (Format::Sarif, "{}", "it is not SARIF: `version` is missing"),
        (
            Format::CycloneDx,
            "{}",
            "it is not CycloneDX: `bomFormat` is not `CycloneDX`",
        ),
        (
            Format::Spdx,
            "{}",
            "it is not SPDX: `spdxVersion` is missing",
        ),
        (
            Format::OpenVex,
            "{}",
            "it is not OpenVEX: `@context` is missing",
        ),
        (
            Format::Scorecard,
            "{}",
            "it is not a Scorecard: `scorecard` is missing",
        ),
        (Format::Junit, "{}", "it is no XML, and JUnit reports are"),
        (
            Format::Junit,
            "<html/>",
            "it is not JUnit XML: its outermost element is `html`",
        ),
        (Format::Sarif, "<html/>", "it is XML, and SARIF is none"),
        (
            Format::Sarif,
            "[]",
            "it is not SARIF: it is a list, not a mapping",
        ),
        (
            Format::Sarif,
            r#"{"version":"2.1.0"}"#,
            "it is not SARIF: `runs` is missing",
        ),
        (
            Format::Sarif,
            r#"{"version":"2.0.0","runs":[]}"#,
            "it is not SARIF: its version is 2.0.0, and 2.1.0 is what is read",
        ),
        (
            Format::Sarif,
            "{\"version\":\"2.1.0\",\n\"runs\":{}}",
            "line 2: `runs` is a mapping, not a list",
        ),
        (
            Format::Sarif,
            "{\"version\":\"2.1.0\",\"runs\":[\n{\"tool\":{}}]}",
            "line 2: `runs[0]` lacks `tool.driver`",
        ),
        (
            Format::Sarif,
            "{\"runs\":[],\n \"runs\":[]}",
            "line 2, column 2: the key `runs` stands twice in one mapping",
        ),
        (Format::Sarif, "{\"runs\": [", "line 1, column 10: "),
        (
            Format::Junit,
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n<testsuite><testcase name=\"&b;\"/></testsuite>",
            "it has a document type, which is not read",
        ),
        (
            Format::Junit,
            "<testsuite><testcase>",
            "the file ends before its elements do",
        ),
        (Format::Junit, "<testsuite></testsuites>", "line 1, column "),
        (
            Format::Junit,
            "<testsuite><testcase/></testsuite>\n<testsuite/>",
            "a second element stands after the outermost one",
        ),
        (
            Format::Junit,
            r#"<testsuite timestamp="noon"><testcase/></testsuite>"#,
            "`timestamp` is no date: noon",
        ),
        (
            Format::Junit,
            r#"<testsuite failures="some"><testcase/></testsuite>"#,
            "`failures` is no count: some",
        ),
        (
            Format::Junit,
            r#"<testsuite failures="0" failures="1"><testcase/></testsuite>"#,
            "duplicate",
        ),
        (
            Format::Junit,
            r#"<testsuite name="&other;"><testcase/></testsuite>"#,
            "other",
        ),
        (
            Format::Scorecard,
            r#"{"scorecard":{},"repo":{},"checks":[{"name":"a","score":11}]}"#,
            "line 1: `checks[0]` has a score that is neither from 0 to 10 nor -1",
        ),
        (
            Format::CycloneDx,
            r#"{"bomFormat":"CycloneDX","specVersion":"2.0","components":[]}"#,
            "it is not CycloneDX: its version is 2.0, and 1.x is what is read",
        ),
    ] {
        let error = refused(format, text);
        assert!(!error.is_empty(), "{text}: {error:?}");
        assert!(error.to_string().contains(reason), "{text}\n{error}");
    }
    let unknown = read(None, b"hello: there").unwrap_err();
    assert_eq!(unknown, ScanError::NoFormat);
    assert_eq!(read(None, b"<html/>").unwrap_err(), ScanError::NoFormat);
}

#[test]
fn results_that_stand_elsewhere_are_not_taken_for_none() {
    let run = r#""externalPropertyFileReferences":{"results":[{"location":{"uri":"r.json"}}]},"results":[]"#;
    let error = refused(Format::Sarif, &log(run)).to_string();
    assert!(error.contains("into other files"), "{error}");
    let inline = r#"{"version":"2.1.0","inlineExternalProperties":[{"results":[{}]}],"runs":[{"tool":{"driver":{"name":"t"}},"results":[]}]}"#;
    let error = refused(Format::Sarif, inline).to_string();
    assert!(error.contains("results of another log"), "{error}");
}

#[test]
fn all_findings_are_counted_and_the_worst_are_kept() {
    let many: Vec<_> = (0..FINDINGS_KEPT * 3)
        .map(|n| {
            let level = if n % 3 == 2 { "error" } else { "note" };
            format!(r#"{{"ruleId":"r{n}","level":"{level}","message":{{"text":"m"}}}}"#)
        })
        .collect();
    let text = log(&format!(r#""results":[{}]"#, many.join(",")));
    let scan = read(None, text.as_bytes()).unwrap();
    assert_eq!(open(&scan), [0, 50, 0, 100, 0]);
    assert_eq!(scan.findings.len(), FINDINGS_KEPT);
    assert!(scan.findings.iter().all(|f| f.severity == Severity::High));
    assert_eq!(scan.findings[0].id, "r2");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{{\"runs\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    let error = refused(Format::Sarif, &deep).to_string();
    assert!(
        error.contains("nesting is deeper than 128 levels"),
        "{error}"
    );
    let deep = format!(
        "{}{}",
        "<testsuite>".repeat(5000),
        "</testsuite>".repeat(5000)
    );
    let error = refused(Format::Junit, &deep).to_string();
    assert!(error.contains("nested too deeply"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in Format::ALL.map(Some).into_iter().chain([None]) {
            let _ = read(format, &bytes);
        }
    }

    /// Cut out, doubled or overwritten pieces of real reports.
    #[test]
    fn no_mutation_makes_a_reader_panic(
        file in 0..FILES.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40usize, 0..4u8, any::<u8>()), 1..6),
    ) {
        let (name, format) = FILES[file];
        let mut bytes = fixture(name).into_bytes();
        for (place, length, how, byte) in edits {
            if bytes.is_empty() {
                break;
            }
            let from = place.index(bytes.len());
            let to = (from + length).min(bytes.len());
            match how {
                0 => drop(bytes.drain(from..to)),
                1 => {
                    let piece = bytes[from..to].to_vec();
                    bytes.splice(from..from, piece);
                }
                2 => bytes[from] = byte,
                _ => bytes.truncate(from),
            }
        }
        let _ = read(Some(format), &bytes);
        let _ = read(None, &bytes);
    }

    /// Any value of JSON at any key: no panic, and what is not understood is never a clean scan.
    #[test]
    fn a_key_with_another_value_is_never_a_panic(
        file in 0..7usize,
        key in any::<prop::sample::Index>(),
        value in prop::sample::select(vec!["null", "0", "-1", "1e400", "\"\"", "[]", "{}", "[null]", "[{}]", "true", "18446744073709551615"]),
    ) {
        let (name, format) = FILES[file];
        let text = fixture(name);
        let keys: Vec<_> = text.match_indices("\": ").map(|(at, _)| at + 3).collect();
        let at = keys[key.index(keys.len())];
        let end = text[at..].find([',', '\n']).map_or(text.len(), |end| at + end);
        let changed = format!("{}{value}{}", &text[..at], &text[end..]);
        let _ = read(Some(format), changed.as_bytes());
    }
}

//! What no run of the program shows: the vector of DSSE, and properties of reports.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::engine::{CheckOptions, Refusal, refused};
use crate::finding::{FileDigest, Finding, Label, Report, Severity, Verdict};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// A report of a run that found these findings and has them block nothing.
fn report(severities: &[Severity]) -> Report {
    let source = SourceFile::new(FileId(0), "a.yaml", "a: b\n");
    let finding = |severity: &Severity| {
        let label = Label::new(source.location(Span::default()), "");
        let mut finding = Finding::new("acme/rule", "m", label);
        finding.severity = *severity;
        finding
    };
    let refusal = Refusal {
        findings: severities.iter().map(finding).collect(),
        sources: SourceMap::default(),
    };
    let mut report = refused(refusal, &CheckOptions::on(date(2026, 11, 22)), "/r");
    let digest = FileDigest {
        sha256: "00".into(),
        git_blob: "00".into(),
    };
    report.verdict = Verdict::Pass;
    report.files = BTreeMap::from([("a.yaml".into(), Some(digest))]);
    report
}

fn properties(report: &Report) -> Vec<String> {
    let statement = Statement::of(report, Vec::new(), Timestamp::UNIX_EPOCH).unwrap();
    statement.properties().to_vec()
}

#[test]
fn the_encoding_is_that_of_dsse() {
    // The test vector of the protocol.
    let envelope = Envelope {
        payload_type: "http://example.com/HelloWorld".to_owned(),
        payload: b"hello world".to_vec(),
        signatures: Vec::new(),
    };
    assert_eq!(
        envelope.signed_bytes(),
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    );
}

#[test]
fn an_envelope_is_read_as_it_was_written() {
    let envelope = Envelope {
        signatures: vec![Signature {
            key_id: None,
            bytes: vec![0xFF; 40],
        }],
        ..Envelope::of(b"{}".to_vec())
    };
    let text = envelope.to_json();
    assert_eq!(Envelope::parse("a.json", text.as_bytes()), Ok(envelope));
}

#[test]
fn only_what_passes_is_attested() {
    let mut report = report(&[]);
    for verdict in [Verdict::Fail, Verdict::Error, Verdict::NothingChecked] {
        report.verdict = verdict;
        assert_eq!(
            Statement::of(&report, Vec::new(), Timestamp::UNIX_EPOCH),
            None
        );
    }
    report.verdict = Verdict::Pass;
    report.files.clear();
    assert_eq!(
        Statement::of(&report, Vec::new(), Timestamp::UNIX_EPOCH),
        None
    );
}

#[test]
fn what_somebody_let_pass_is_no_clean_pass() {
    let has = |report: &Report, name: &str| properties(report).iter().any(|own| own == name);
    assert!(has(&report(&[]), property::NO_WAIVERS));
    assert!(has(&report(&[Severity::Warning]), property::NO_WAIVERS));
    assert!(!has(&report(&[Severity::Warning]), property::NO_WARNINGS));
    assert!(has(&report(&[Severity::Note]), property::NO_WARNINGS));
    // An error that blocks nothing, though its document is where it would block.
    let mut suppressed = report(&[Severity::Error]);
    assert!(!has(&suppressed, property::NO_WAIVERS));
    suppressed.summary.later = 1;
    assert!(has(&suppressed, property::NO_WAIVERS));
    suppressed.summary.waived = 1;
    assert!(!has(&suppressed, property::NO_WAIVERS));
}

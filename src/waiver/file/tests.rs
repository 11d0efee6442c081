use super::*;
use crate::source::FileId;

const GOOD: &str = "\
- rule: privacy/retention-limit
  document: instant-credit
  key: data[name=income].retention
  reason: The licence asks for ten years
  owner: ann
  approver: cleo
  granted: 2026-11-01
  expires: 2027-01-20
";

fn read(text: &str) -> Result<Vec<Entry>, Vec<String>> {
    let source = SourceFile::new(FileId(0), "launchgate.waivers.yaml", text);
    parse(&source).map_err(|findings| {
        let told = |finding: &Finding| {
            let at = source.line_column(finding.primary.location.span.start);
            assert_eq!(finding.severity, Severity::Error);
            format!("{} {}:{}", finding.rule, at.line, at.column)
        };
        findings.iter().map(told).collect()
    })
}

#[test]
fn an_entry_is_read_with_its_places() {
    let entries = read(GOOD).unwrap();
    let [entry] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    assert_eq!(entry.rule, "privacy/retention-limit");
    assert_eq!(entry.expires.to_string(), "2027-01-20");
    let source = SourceFile::new(FileId(0), "launchgate.waivers.yaml", GOOD);
    assert_eq!(source.slice(entry.places.expires.span), "2027-01-20");
    assert_eq!(source.slice(entry.places.approver.span), "cleo");
    assert_eq!(
        source.slice(entry.places.rule.span),
        "privacy/retention-limit"
    );
}

#[test]
fn a_file_that_says_nothing_waives_nothing() {
    for text in ["", "# nothing yet\n", "[]\n", "null\n"] {
        assert_eq!(read(text), Ok(Vec::new()), "{text:?}");
    }
}

#[test]
fn what_cannot_be_meant_is_an_error_with_its_place() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replace(from, to)
    };
    for (text, told) in [
        (with("reason:", "reasons:"), "waiver/unknown-key 4:3"),
        (
            with("privacy/retention-limit", "privacy/*"),
            "waiver/value 1:9",
        ),
        (with("privacy/retention-limit", "'*'"), "waiver/value 1:9"),
        (
            with("privacy/retention-limit", "privacy"),
            "waiver/value 1:9",
        ),
        (
            with("privacy/retention-limit", "Privacy/retention-limit"),
            "waiver/value 1:9",
        ),
        (with("2027-01-20", "2027-02-30"), "waiver/value 8:12"),
        (with("2027-01-20", "soon"), "waiver/value 8:12"),
        (
            with("2027-01-20", "2027-01-20T00:00:00Z"),
            "waiver/value 8:12",
        ),
        (with("2027-01-20", "20270120"), "waiver/"),
        (
            with("  expires: 2027-01-20\n", ""),
            "waiver/missing-key 1:3",
        ),
        (with("  approver: cleo\n", ""), "waiver/missing-key 1:3"),
        (
            with("  document: instant-credit\n", ""),
            "waiver/missing-key 1:3",
        ),
        (
            with("The licence asks for ten years", "TBD"),
            "waiver/value 4:11",
        ),
        (
            with("The licence asks for ten years", "''"),
            "waiver/value 4:11",
        ),
        (with("ann", "[ann]"), "waiver/type 5:"),
        (
            with("2026-11-01", "2027-01-21"),
            "waiver/contradiction 8:12",
        ),
        (format!("{GOOD}{GOOD}"), "waiver/duplicate 9:"),
        (format!("{GOOD}---\n{GOOD}"), "waiver/several-documents"),
        (format!("waivers:\n{GOOD}"), "waiver/type 1:1"),
        ("- rule: [\n".to_owned(), "waiver/"),
        (format!("{GOOD}  key: twice\n"), "waiver/duplicate-key"),
        ("- *nobody\n".to_owned(), "waiver/"),
        (
            with("rule:", "fingerprint: 0a1b\n  rule:"),
            "waiver/value 1:16",
        ),
    ] {
        let found = read(&text).expect_err(&text);
        assert!(found[0].starts_with(told), "{told}: {found:?}\n{text}");
    }
}

#[test]
fn one_wrong_entry_spoils_the_file() {
    let text = format!("{GOOD}- rule: a/b\n");
    assert!(read(&text).is_err());
}

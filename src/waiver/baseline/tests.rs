use super::*;
use crate::source::FileId;

fn read(text: &str) -> Result<Baseline, Vec<String>> {
    let source = SourceFile::new(FileId(0), "launchgate.baseline.yaml", text);
    parse(&source).map_err(|findings| findings.iter().map(|it| it.rule.to_string()).collect())
}

fn entry(rule: &str, says: &str) -> Entry {
    Entry {
        rule: rule.to_owned(),
        document: Some("credit".to_owned()),
        key: Some("data[name=\"a: b\"]".to_owned()),
        says: Some(says.to_owned()),
        place: None,
    }
}

#[test]
fn what_is_written_is_read_back_and_sorted_for_people() {
    let findings: BTreeMap<String, Entry> = [
        ("ab".repeat(16), entry("x/z", "plain")),
        (
            "cd".repeat(16),
            entry("x/a", "`it` says \"no\": {}, #1\u{202e}"),
        ),
        ("12".repeat(16), entry("x/m", "yes")),
    ]
    .into();
    let until = Some("2027-06-30".parse().unwrap());
    let text = write(until, &findings);
    let order: Vec<&str> = text.lines().filter(|line| line.contains("rule:")).collect();
    assert_eq!(order, ["  - rule: x/a", "  - rule: x/m", "  - rule: x/z"]);
    assert!(!text.contains('\u{202e}'), "{text}");
    let mut back = read(&text).unwrap();
    assert_eq!(back.until.map(|(day, _)| day), until);
    for entry in back.findings.values_mut() {
        assert!(entry.place.take().is_some());
    }
    assert_eq!(back.findings, findings);
    assert_eq!(write(until, &back.findings), text);
    assert!(
        read(&write(None, &BTreeMap::new()))
            .unwrap()
            .findings
            .is_empty()
    );
}

#[test]
fn a_broken_baseline_covers_nothing() {
    let print = "ab".repeat(16);
    for (text, told) in [
        (String::new(), "waiver/empty"),
        ("# only words\n".to_owned(), "waiver/empty"),
        ("[]\n".to_owned(), "waiver/type"),
        ("until: 2027-06-30\n".to_owned(), "waiver/missing-key"),
        ("findings: [a]\n".to_owned(), "waiver/type"),
        (
            "findings: [{ rule: a/b }]\n".to_owned(),
            "waiver/missing-key",
        ),
        (
            format!("findings: [{{ rule: '*', fingerprint: {print} }}]\n"),
            "waiver/value",
        ),
        (
            "findings: [{ rule: a/b, fingerprint: abc }]\n".to_owned(),
            "waiver/value",
        ),
        (
            format!(
                "findings: [{{ rule: a/b, fingerprint: {print} }}, {{ rule: a/b, fingerprint: {print} }}]\n"
            ),
            "waiver/duplicate",
        ),
        ("until: never\nfindings: []\n".to_owned(), "waiver/value"),
        (
            "until: 2027-06-30\nuntil: 2028-06-30\nfindings: []\n".to_owned(),
            "waiver/duplicate-key",
        ),
        (
            "finding: []\nfindings: []\n".to_owned(),
            "waiver/unknown-key",
        ),
        (
            "findings: []\n---\nfindings: []\n".to_owned(),
            "waiver/several-documents",
        ),
    ] {
        let found = read(&text).expect_err(&text);
        assert_eq!(found[0], told, "{text}");
    }
}

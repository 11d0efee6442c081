use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::source::FileId;

fn statement() -> Statement {
    let subject = |name: &str, content: &[u8]| Subject {
        name: name.to_owned(),
        digest: ContentDigest::of(content),
    };
    Statement::new(
        subject("specs/scoring.yaml", b"id: scoring\n"),
        vec![subject("evidence/scan.sarif", b"{}")],
        SignOff {
            role: "privacy".into(),
            principal: "ann@bank.example".into(),
            decision: Decision::ApprovedWithConditions,
            conditions: Some("PRIV-7 is done".into()),
            reason: None,
            document: Identity {
                kind: "feature-spec".into(),
                id: "scoring".into(),
            },
            stage: Stage::Launched,
            scope: vec![
                ScopePart {
                    part: Part::Field("/data".into()),
                    sha256: "0".repeat(64),
                },
                ScopePart {
                    part: Part::Section("Rollback plan".into()),
                    sha256: "1".repeat(64),
                },
            ],
            contents: vec![ScopePart {
                part: Part::Section("Rollback plan".to_owned()),
                sha256: "7".repeat(64),
            }],
            policies: PolicyDigest {
                sha256: "2".repeat(64),
            },
            acknowledged: vec!["3".repeat(32)],
            issued: date(2026, 6, 1),
            expires: date(2027, 6, 1),
            supersedes: Some("4".repeat(64)),
        },
    )
}

fn parse(text: &str) -> Result<Statement, Vec<String>> {
    let source = SourceFile::new(FileId(0), "privacy.ann.json", text);
    Statement::parse(&source).map_err(|findings| {
        let said = findings.iter().map(|finding| {
            assert!(finding.rule.as_str().starts_with("signoff/"));
            let place = source.slice(finding.primary.location.span);
            format!("{place}: {}", finding.message)
        });
        said.collect()
    })
}

#[test]
fn what_is_written_is_read() {
    let statement = statement();
    let text = statement.to_json();
    assert_eq!(parse(&text), Ok(statement.clone()));
    assert_eq!(parse(&text).unwrap().to_json(), text);
    let mut least = statement;
    least.predicate.decision = Decision::Approved;
    least.predicate.conditions = None;
    least.predicate.scope.clear();
    least.predicate.contents.clear();
    least.predicate.acknowledged.clear();
    least.predicate.supersedes = None;
    assert_eq!(parse(&least.to_json()), Ok(least));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let text = statement().to_json();
    for (from, to, place, said) in [
        ("\"role\"", "\"rolle\"", "\"rolle\"", "unknown key"),
        ("approved-with-conditions", "yes", "\"yes\"", "yes"),
        (
            "approved-with-conditions",
            "approved",
            "PRIV-7",
            "only an approval",
        ),
        ("\"launched\"", "\"later\"", "\"later\"", "later"),
        (
            "2027-06-01",
            "2026-05-31",
            "2026-05-31",
            "before it is issued",
        ),
        ("2027-06-01", "2026-02-31", "2026-02-31", "2026-02-31"),
        ("2027-06-01", "2027-06-01T00:00:00Z", "2027", "2027"),
        (
            "urn:x-launchgate",
            "urn:x-other",
            "urn:x-other",
            "urn:x-launchgate",
        ),
        ("\"field\": \"/data\",", "", "sha256", "either a `field`"),
        (
            "evidence/scan.sarif",
            "specs/scoring.yaml",
            "specs/scoring.yaml",
            "twice",
        ),
        (&"0".repeat(64), "abc", "abc", "abc"),
    ] {
        assert!(text.contains(from), "{from}");
        let said_all = parse(&text.replace(from, to)).unwrap_err();
        assert!(
            said_all
                .iter()
                .any(|one| one.contains(said) && one.contains(place)),
            "{from} -> {to}: {said_all:?}"
        );
    }
    for broken in ["", "[]", "{", "null", "{}"] {
        assert!(parse(broken).is_err(), "{broken}");
    }
    let twice = text.replacen("\"role\"", "\"role\": \"x\", \"role\"", 1);
    assert!(parse(&twice).is_err());
}

proptest! {
    #[test]
    fn a_changed_statement_is_refused_or_read_as_it_stands(
        at in any::<usize>(),
        length in 0..40_usize,
        by in "[\\x00-\\x7f]{0,4}",
    ) {
        let mut text = statement().to_json();
        let start = at % text.len();
        let end = (start + length).min(text.len());
        text.replace_range(start..end, &by);
        if let Ok(read) = parse(&text) {
            prop_assert_eq!(parse(&read.to_json()), Ok(read));
        }
    }
}

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::Frameworks;
use crate::finding::Finding;
use crate::source::{FileId, SourceFile, Span};

const HEAD: &str =
    "framework: bank\ntitle: The bank's own\npublisher: A bank\nlanguage: en\ncontrols:\n";

fn control(id: &str, rest: &str) -> String {
    format!(
        "  - {{ id: \"{id}\", title: T, summary: S, citation: C, checked: secondary, {rest} }}\n"
    )
}

fn add(text: &str) -> Result<Frameworks, Vec<Finding>> {
    let file = SourceFile::new(FileId(1), "bank.yaml", text);
    let mut frameworks = Frameworks::default();
    let named = file.location(Span::default());
    frameworks.add(&file, named).map(|_| frameworks)
}

fn messages(text: &str) -> Vec<String> {
    let found = add(text).err().unwrap_or_default();
    found
        .into_iter()
        .map(|finding| format!("{} {}", finding.rule, finding.message))
        .collect()
}

#[test]
fn dates_decide_what_a_control_comes_to() {
    let upcoming = "status: upcoming, effective_from: 2027-12-02";
    let replaced = "status: superseded, effective_from: 2011-04-04, effective_until: 2026-04-16, \
                    superseded_by: bank:new";
    let cases: [(&str, Date, &str); 11] = [
        ("status: in-force", date(1970, 1, 1), "in force"),
        (upcoming, date(2027, 12, 1), "applies from 2027-12-02"),
        (upcoming, date(2027, 12, 2), "in force since 2027-12-02"),
        (replaced, date(2011, 4, 3), "applies from 2011-04-04"),
        (replaced, date(2026, 4, 16), "in force since 2011-04-04"),
        (replaced, date(2026, 4, 17), "superseded by bank:new"),
        (
            "status: superseded, superseded_by: bank:new",
            date(1970, 1, 1),
            "superseded by bank:new",
        ),
        (
            "status: withdrawn, effective_until: 2025-05-11",
            date(2025, 5, 11),
            "in force",
        ),
        (
            "status: withdrawn, effective_until: 2025-05-11",
            date(2025, 5, 12),
            "applied until 2025-05-11",
        ),
        ("status: withdrawn", date(2025, 5, 12), "withdrawn"),
        (
            "status: in-force, effective_until: 2025-05-11",
            date(2025, 5, 12),
            "applied until 2025-05-11",
        ),
    ];
    for (written, day, wanted) in cases {
        let frameworks = add(&format!("{HEAD}{}", control("a", written))).unwrap();
        let standing = frameworks.control("bank:a").unwrap().standing(day);
        assert_eq!(standing.to_string(), wanted, "{written} on {day}");
        let in_force = frameworks.control("bank:a").unwrap().in_force();
        let holds = in_force.is_some_and(|days| days.contain(day));
        assert_eq!(standing.is_in_force(), holds, "{written} on {day}");
    }
}

#[test]
fn what_is_wrong_with_a_catalogue_is_said_where_it_stands() {
    let twice = format!(
        "{HEAD}{}{}",
        control("1(a)", "status: in-force"),
        control("1(a)", "status: withdrawn")
    );
    assert_eq!(
        messages(&twice),
        ["policy/duplicate-control there are two controls `1(a)`"]
    );
    let backwards = "status: in-force, effective_from: 2026-01-02, effective_until: 2026-01-01";
    assert_eq!(
        messages(&format!("{HEAD}{}", control("a", backwards))),
        ["policy/effective the control ends on 2026-01-01, before it begins on 2026-01-02"]
    );
    let misspelt = format!("{HEAD}{}", control("a", "stauts: in-force"));
    assert!(
        messages(&misspelt)
            .iter()
            .any(|message| message.contains("did you mean `status`?")),
        "{:?}",
        messages(&misspelt)
    );
    for broken in ["", "--- {}\n--- {}\n", "framework: [", "framework: bank\n"] {
        assert!(!messages(broken).is_empty(), "{broken:?}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_explained() {
    let frameworks = add(&format!("{HEAD}{}", control("5(1)(e)", "status: in-force"))).unwrap();
    let message = |reference: &str| frameworks.resolve(reference).unwrap_err().message;
    assert!(frameworks.resolve("bank:5(1)(e)").is_ok());
    assert_eq!(
        message("bank:5(1)(f)"),
        "`bank` has no control `bank:5(1)(f)`; did you mean `bank:5(1)(e)`?"
    );
    assert_eq!(
        message("bnak:5(1)(e)"),
        "there is no framework `bnak`; did you mean `bank`?"
    );
}

#[test]
fn two_catalogues_of_one_framework_are_refused() {
    let text = format!("{HEAD}{}", control("a", "status: in-force"));
    let mut frameworks = add(&text).unwrap();
    let file: Arc<SourceFile> = SourceFile::new(FileId(2), "again.yaml", text);
    let named = file.location(Span::default());
    let found = frameworks.add(&file, named).unwrap_err();
    let rules: Vec<_> = found.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["config/duplicate-framework"]);
}

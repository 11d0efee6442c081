use super::*;
use crate::document::Kinds;
use crate::explain::fixture::{set, without_retention};
use crate::finding::Severity;
use crate::policy::Settings;
use jiff::civil::date;

const DAY: Date = date(2026, 11, 22);

#[test]
fn the_catalogue_lists_every_rule() {
    let set = set(&Settings::default());
    let rows = rows(&set, DAY);
    insta::assert_snapshot!(table(&rows, None), @r#"
    acme/owner      warning  draft      feature-spec, model-card  Somebody answers for it (locked)
    acme/retention  error    in-review  feature-spec              Personal data is not kept for long
    "#);
    assert_eq!(closing(&rows, DAY), "2 rules\n");
}

#[test]
fn a_rule_that_is_off_stays_in_the_catalogue() {
    let set = set(&without_retention());
    let rows = rows(&set, DAY);
    let off = rows[1].off.map(|off| &*off.reason);
    assert_eq!(off, Some("we keep nothing"));
    assert!(table(&rows, None).contains("acme/retention  off"));
    assert_eq!(closing(&rows, DAY), "2 rules, 1 turned off\n");
}

#[test]
fn a_rule_that_does_not_hold_yet_is_marked() {
    let set = set(&Settings::default());
    let on = |day| rows(&set, day);
    let last = date(2026, 1, 31);
    assert!(table(&on(last), None).ends_with(" is not kept for long (from 2026-02-01)\n"));
    assert_eq!(
        closing(&on(last), last),
        "2 rules, 1 does not hold on 2026-01-31\n"
    );
    assert!(table(&on(date(2026, 2, 1)), None).ends_with(" is not kept for long\n"));
}

#[test]
fn where_the_table_is_too_wide_titles_stand_alone() {
    let set = set(&Settings::default());
    let rows = rows(&set, DAY);
    let text = table(&rows, Some(80));
    assert!(
        text.contains("model-card\n    Somebody answers for it (locked)\n"),
        "{text}"
    );
    assert_eq!(table(&rows, Some(200)), table(&rows, None));
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn each_sort_of_condition_must_hold_by_one_of_its_values() {
    let set = set(&Settings::default());
    let fits = |filter: Filter| -> Vec<String> {
        filter.check(&set, &Kinds::builtin()).unwrap();
        let rows = rows(&set, DAY);
        let rows = rows.iter().filter(|row| filter.admits(row));
        rows.map(|row| row.rule.id.to_string()).collect()
    };
    let both = ["acme/owner", "acme/retention"];
    assert_eq!(fits(Filter::default()), both);
    let packs = texts(&["acme"]);
    assert_eq!(
        fits(Filter {
            packs,
            ..Filter::default()
        }),
        both
    );
    let kinds = texts(&["model-card"]);
    assert_eq!(
        fits(Filter {
            kinds,
            ..Filter::default()
        }),
        ["acme/owner"]
    );
    for control in ["gdpr", "gdpr:5(1)(e)"] {
        let controls = texts(&["hipaa", control]);
        assert_eq!(
            fits(Filter {
                controls,
                ..Filter::default()
            }),
            ["acme/retention"]
        );
    }
    // A control that merely begins like another is another.
    let controls = texts(&["gdpr:5(1)(f)"]);
    assert!(
        fits(Filter {
            controls,
            ..Filter::default()
        })
        .is_empty()
    );
    let exactly = |severities: &[Severity], kinds: &[&str]| {
        fits(Filter {
            severities: severities.to_vec(),
            kinds: texts(kinds),
            ..Filter::default()
        })
    };
    assert_eq!(exactly(&[Severity::Warning], &[]), ["acme/owner"]);
    assert_eq!(exactly(&[Severity::Warning, Severity::Error], &[]), both);
    assert!(exactly(&[Severity::Error], &["model-card"]).is_empty());
}

#[test]
fn names_that_mean_nothing_are_refused() {
    let set = set(&Settings::default());
    let refused = |packs: &[&str], kinds: &[&str], controls: &[&str]| {
        let filter = Filter {
            packs: texts(packs),
            kinds: texts(kinds),
            controls: texts(controls),
            severities: Vec::new(),
        };
        filter.check(&set, &Kinds::builtin()).unwrap_err().message
    };
    assert_eq!(
        refused(&["acne"], &[], &[]),
        "there is no pack `acne`; did you mean `acme`?"
    );
    assert_eq!(
        refused(&[], &["modelcard"], &[]),
        "there is no kind `modelcard`; did you mean `model-card`?"
    );
    assert_eq!(
        refused(&[], &[], &["gdrp"]),
        "there is no framework `gdrp`; did you mean `gdpr`?"
    );
    let unknown = refused(&[], &[], &["gdpr:5(1)(z)"]);
    assert!(
        unknown.starts_with("`gdpr` has no control `gdpr:5(1)(z)`; did you mean `gdpr:5(1)("),
        "{unknown}"
    );
}

#[test]
fn a_filter_is_shown_as_it_is_typed() {
    let filter = Filter {
        packs: texts(&["acme"]),
        kinds: texts(&["model-card"]),
        controls: texts(&["gdpr"]),
        severities: vec![Severity::Note],
    };
    assert_eq!(
        filter.to_string(),
        "--pack acme --kind model-card --control gdpr --severity note"
    );
}

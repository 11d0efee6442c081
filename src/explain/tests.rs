use super::*;
use crate::document::Kinds;
use crate::policy::{OffSetting, PackSource, Settings, load};
use crate::schema::Schema;
use crate::source::{FileId, Location, SourceFile, Span};

const RULE: &str = r#"rule: acme/retention
title: Personal data is not kept for long
description: >-
  Data that is not there cannot leak, and people forget to delete what nobody asks about, so
  every kind of data has a day on which it goes.
severity: error
applies_to: feature-spec
controls: ["gdpr:5(1)(e)"]
params:
  limit: { type: duration, default: P2Y, description: The longest retention without a waiver }
  bases: { type: list, default: [consent, contract], description: Bases that count }
when: doc.?risk_tier.orValue('high') == 'high'
for_each: doc.data
where: item.personal
require:
  - present: item.retention
  - >-
    days(item.retention) <= days(params.limit)
    || item.lawful_basis in params.bases
help: Shorten the retention.
references: [https://example.org/retention]
effective: { from: 2026-01-01 }
examples:
  - name: two years
    pass: |
      data:
        - { name: income, personal: true, retention: P2Y }
  - name: ten years
    fail:
      data:
        - name: income
          personal: true
          retention: P10Y
---
rule: acme/owner
title: Somebody answers for it
description: Questions need one person to go to.
severity: warning
locked: true
applies_to: [feature-spec, model-card]
blocks_from: draft
require:
  - present: doc.owner
"#;

fn set(settings: &Settings) -> PolicySet {
    let kinds = Kinds::builtin();
    let pack = "name: acme\nversion: 1.0.0\ntitle: House rules\n";
    let packs = [PackSource {
        name: "acme".into(),
        builtin: false,
        files: vec![
            SourceFile::new(FileId(0), "acme/pack.yaml", pack),
            SourceFile::new(FileId(1), "acme/rules.yaml", RULE),
        ],
    }];
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    let frameworks = Arc::new(crate::policy::builtin_frameworks(&mut 1_000_000));
    load(&packs, &frameworks, &kinds, &types, settings)
        .unwrap_or_else(|findings| panic!("{findings:?}"))
}

fn without_retention() -> Settings {
    let location = Location {
        file: FileId(9),
        span: Span::default(),
    };
    Settings {
        off: vec![OffSetting {
            rule: crate::policy::Named {
                text: "acme/retention".into(),
                location,
                layer: 0,
            },
            reason: Some("we keep nothing".into()),
        }],
        ..Settings::default()
    }
}

#[test]
fn the_catalogue_lists_every_rule() {
    insta::assert_snapshot!(table(&rows(&set(&Settings::default())), None), @r#"
    acme/owner      warning  draft      feature-spec, model-card  Somebody answers for it (locked)
    acme/retention  error    in-review  feature-spec              Personal data is not kept for long
    "#);
}

#[test]
fn a_rule_that_is_off_stays_in_the_catalogue() {
    let rows = rows(&set(&without_retention()));
    assert_eq!(rows[1].off.as_deref(), Some("we keep nothing"));
    assert!(table(&rows, None).contains("acme/retention  off"));
}

#[test]
fn a_page_says_all_there_is_to_say() {
    let set = set(&Settings::default());
    insta::assert_snapshot!(rule_page(set.rule("acme/retention").unwrap(), None), @r#"
    acme/retention
    Personal data is not kept for long

    Data that is not there cannot leak, and people forget to delete what nobody asks
    about, so every kind of data has a day on which it goes.

      severity     error
      blocks from  in-review
      applies to   feature-spec
      controls     gdpr:5(1)(e)
      effective    from 2026-01-01
      defined in   acme/rules.yaml

    How it is decided

      It applies to documents for which
        doc.?risk_tier.orValue('high') == 'high'
      It looks at each `item` of
        doc.data
      for which
        item.personal
      Where the list is empty it does not apply.
      All of these must hold:
        `item.retention` is filled in
        days(item.retention) <= days(params.limit) || item.lawful_basis in params.bases

    Parameters

      limit (duration): P2Y
        The longest retention without a waiver
      bases (list of string): ["consent", "contract"]
        Bases that count

    Examples

      two years: passes

        data:
          - { name: income, personal: true, retention: P2Y }

      ten years: fails

        data:
          - name: income
            personal: true
            retention: P10Y

    How to meet it

      Shorten the retention.

    References

      https://example.org/retention

    How to turn it off

      In launchgate.yaml, with a reason that every report shows:

        rules:
          acme/retention: { off: true, reason: why it does not apply here }
    "#);
}

#[test]
fn a_locked_rule_says_that_it_stays() {
    let set = set(&Settings::default());
    insta::assert_snapshot!(rule_page(set.rule("acme/owner").unwrap(), None), @r#"
    acme/owner
    Somebody answers for it

    Questions need one person to go to.

      severity     warning
      blocks from  draft
      applies to   feature-spec, model-card
      defined in   acme/rules.yaml

    How it is decided

      All of these must hold:
        `doc.owner` is filled in

    How to turn it off

      The rule is locked: neither a config nor a waiver can lower it or turn it off.
    "#);
}

#[test]
fn a_page_says_that_the_rule_is_off() {
    let set = set(&without_retention());
    let Subject::Rule { rule, off } = look_up(&set, "acme/retention") else {
        panic!("no rule");
    };
    let page = rule_page(rule, off);
    assert!(
        page.ends_with("It is turned off\n\n  we keep nothing\n"),
        "{page}"
    );
}

#[test]
fn a_check_has_a_page_and_says_in_which_file_it_speaks() {
    let page = |name| check_page(checks::find(name).unwrap());
    insta::assert_snapshot!(page("policy/duplicate-key"), @r"
    policy/duplicate-key
    Every key of a mapping is there once

    Most parsers keep the last of two equal keys and drop the first without a word.
    A reviewer who reads the first would then approve another value than the gate
    judged.

      effect       the run ends with exit code 2: nothing may be concluded
      always on    whatever the packs; no config turns it off or lowers it
      applies to   pack.yaml and rule files

    How to mend it

      Remove one of the two, or merge their values.
    ");
}

#[test]
fn where_the_table_is_too_wide_titles_stand_alone() {
    let rows = rows(&set(&Settings::default()));
    let text = table(&rows, Some(80));
    assert!(
        text.contains("model-card\n    Somebody answers for it (locked)\n"),
        "{text}"
    );
    assert_eq!(table(&rows, Some(200)), table(&rows, None));
}

#[test]
fn names_are_looked_up() {
    let set = set(&without_retention());
    assert!(
        matches!(look_up(&set, "acme/retention"), Subject::Rule { rule, off: Some(_) } if rule.title.starts_with("Personal"))
    );
    assert!(
        matches!(look_up(&set, "gdpr:5(1)(e)"), Subject::Control { rules, .. } if rules.len() == 1)
    );
    assert!(matches!(
        look_up(&set, "config/unknown-key"),
        Subject::Check(_)
    ));
    for (name, expected) in [
        ("acme/retenton", Some("acme/retention")),
        ("retenton", Some("acme/retention")),
        ("schema/unknown-kye", Some("schema/unknown-key")),
        ("owner", Some("acme/owner")),
        ("gdpr:5(1)(f)", Some("gdpr:5(1)(e)")),
        ("something else", None),
    ] {
        let Subject::Unknown { nearest } = look_up(&set, name) else {
            panic!("{name}");
        };
        assert_eq!(nearest.as_deref(), expected, "{name}");
    }
}

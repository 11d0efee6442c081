use super::fixture::{set, ten_years, without_retention};
use super::*;
use crate::document::Kinds;
use crate::finding::Severity;
use crate::policy::{PolicySet, Settings};
use crate::testing::Shown;
use jiff::civil::{Date, date};

const DAY: Date = date(2026, 11, 22);

/// Without the command line there is no terminal to draw for: the facts alone.
fn facts(shown: &Shown) -> String {
    let lines = shown.findings.iter().map(|finding| {
        let blocks = if finding.blocking { "blocks" } else { "later" };
        format!("{}, {blocks}, at {}", finding.message, finding.pointer)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The page of whatever bears this name.
fn page(set: &PolicySet, name: &str) -> String {
    page_on(set, name, DAY)
}

fn page_on(set: &PolicySet, name: &str, as_of: Date) -> String {
    let kinds = Kinds::builtin();
    let unchosen = unchosen(set, &kinds);
    match look_up(set, &kinds, name) {
        Subject::Rule { rule, off } => rule_page(&RulePage {
            rule,
            off,
            frameworks: set.frameworks(),
            as_of,
            examples: &examples(set, rule, &kinds, Severity::Error),
            draw: &facts,
        }),
        Subject::Check(asked) => check_page(asked),
        Subject::Control(control) => control_page(&ControlPage {
            control,
            set,
            as_of,
            unchosen: &unchosen,
        }),
        Subject::Framework { framework, pack } => framework_page(&FrameworkPage {
            framework,
            set,
            pack,
            as_of,
            unchosen: &unchosen,
        }),
        Subject::Pack(pack) => pack_page(pack, set, as_of),
        Subject::Unknown(unknown) => panic!("{}", unknown.message),
    }
}

#[test]
fn a_page_says_all_there_is_to_say() {
    let set = set(&Settings::default());
    insta::assert_snapshot!(page(&set, "acme/retention"), @r#"
    acme/retention
    Personal data is not kept for long

    Data that is not there cannot leak, and people forget to delete what nobody asks
    about, so every kind of data has a day on which it goes.

      severity     error
      blocks from  in-review
      applies to   feature-spec
      effective    from 2026-02-01
      defined in   acme/rules.yaml

    Controls, as they stand on 2026-11-22

      gdpr:5(1)(e)  Storage limitation
        Regulation (EU) 2016/679, Art. 5(1)(e): in force since 2018-05-25 (known
        from secondary sources)

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

      two years: passes on 2026-02-01

        data:
          - { name: income, personal: true, retention: P2Y }

      ten years: fails on 2026-02-01

        data:
          - name: income
            personal: true
            retention: P10Y

      `launchgate check` says of it

        `data[0].lawful_basis` is missing, blocks, at /data/0/lawful_basis

    How to meet it

      Shorten the retention.

    References

      https://example.org/retention

    How to turn it off

      In launchgate.yaml, with a reason that every report shows:

        rules:
          acme/retention: { off: true, reason: why it does not apply here }

    How to waive one finding

      Until a day, with a reason, an owner and somebody else's approval:

        launchgate waive acme/retention DOCUMENT:KEY --for P30D \
          --reason .. --owner .. --approver ..
    "#);
}

#[test]
fn a_locked_rule_says_that_it_stays() {
    let set = set(&Settings::default());
    insta::assert_snapshot!(page(&set, "acme/owner"), @r#"
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

      The rule is locked: no config can lower it or turn it off, and no waiver
      covers it.
    "#);
}

#[test]
fn a_page_says_that_the_rule_is_off() {
    let page = page(&set(&without_retention()), "acme/retention");
    assert!(
        page.ends_with("It is turned off\n\n  we keep nothing\n"),
        "{page}"
    );
}

#[test]
fn a_page_says_how_things_stand_on_the_day() {
    let set = set(&Settings::default());
    let page = page_on(&set, "acme/retention", date(2018, 5, 24));
    assert!(
        page.contains("  effective    from 2026-02-01; it does not hold on 2018-05-24\n"),
        "{page}"
    );
    assert!(page.contains("applies from 2018-05-25 (known"), "{page}");
}

#[test]
fn an_example_that_the_config_turns_is_shown_as_the_policy_means_it() {
    let kinds = Kinds::builtin();
    let set = set(&ten_years());
    let rule = set.rule("acme/retention").unwrap();
    let shown = examples(&set, rule, &kinds, Severity::Error);
    let verdicts: Vec<_> = shown.iter().map(Example::verdict).collect();
    assert_eq!(
        verdicts,
        [
            "passes on 2026-02-01",
            "fails on 2026-02-01, with the parameters of the policy"
        ]
    );
}

#[test]
fn a_check_has_a_page_and_says_in_which_file_it_speaks() {
    let set = set(&Settings::default());
    let page = |name| page(&set, name);
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
fn a_control_says_which_rules_serve_it() {
    let set = set(&without_retention());
    let page = page(&set, "gdpr:5(1)(e)");
    let own = page.split("Rules that would").next().unwrap();
    insta::assert_snapshot!(own, @r#"
    gdpr:5(1)(e)
    Storage limitation

    Personal data is kept in a form that identifies people no longer than its
    purpose needs.

      citation     Regulation (EU) 2016/679, Art. 5(1)(e)
      standing     in force since 2018-05-25 (on 2026-11-22)
      known from   secondary sources; not from the official text

    Not covered: the rules that serve it are turned off

      acme/retention  off      in-review  feature-spec
          Personal data is not kept for long
      acme/retention is off: we keep nothing
    "#);
}

#[test]
fn a_control_says_that_no_rule_in_use_serves_it() {
    let page = page(&set(&Settings::default()), "gdpr:6(1)");
    let (_, end) = page.split_once("Not covered\n\n").unwrap();
    // The built-in packs are not in use here.
    let (said, others) = end.split_once("\n\n").unwrap();
    assert_eq!(said, "  No rule in use serves it.");
    assert!(
        others.starts_with("Rules that would serve it, of packs that are not in use\n\n  privacy/"),
        "{page}"
    );
}

#[test]
fn a_control_says_what_took_its_place() {
    let set = set(&Settings::default());
    let page = |day| page_on(&set, "sr-11-7:development", day);
    insta::assert_snapshot!(page(DAY), @r#"
    sr-11-7:development
    Development, implementation and use

    Models are developed with a stated purpose, sound design, good data and testing.

      citation     SR 11-7 (4 April 2011); OCC Bulletin 2011-12
      standing     superseded by sr-26-2:soundness (on 2026-11-22)
      applies      from 2011-04-04 until 2026-04-16
      successor    sr-26-2:soundness
      known from   secondary sources, read on 2026-11-22; not from the official text

    Not covered

      No rule in use serves it.
    "#);
}

#[test]
fn a_framework_says_what_of_it_is_covered() {
    let covered = page(&set(&Settings::default()), "gdpr");
    for line in [
        "  read it at   https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        "Controls, as they stand on 2026-11-22",
        "  5(1)(e)   1 rule       Storage limitation",
        "  5(1)(f)   not covered  Integrity and confidentiality",
    ] {
        assert!(covered.lines().any(|found| found == line), "{covered}");
    }
    assert!(
        covered.contains(": 1 covered by rules in use, "),
        "{covered}"
    );
    let off = page(&set(&without_retention()), "gdpr");
    assert!(off.contains(": 0 covered by rules in use, "), "{off}");
    assert!(off.contains("\n  5(1)(e)   turned off   Storage"), "{off}");
}

#[test]
fn a_framework_says_what_does_not_apply_on_the_day() {
    let set = set(&Settings::default());
    let page = page_on(&set, "gdpr", date(2018, 5, 24));
    assert!(
        page.contains("Storage limitation (applies from 2018-05-25)\n"),
        "{page}"
    );
}

#[test]
fn a_pack_says_which_rules_it_has() {
    let set = set(&without_retention());
    insta::assert_snapshot!(page_on(&set, "acme", date(2026, 1, 1)), @r#"
    acme
    House rules

      version      1.0.0
      rules        2
      defined in   acme/pack.yaml

    2 rules, as on 2026-01-01

      acme/owner      warning  draft      feature-spec, model-card
          Somebody answers for it (locked)
      acme/retention  off      in-review  feature-spec
          Personal data is not kept for long (from 2026-02-01)
    "#);
}

#[test]
fn names_are_looked_up() {
    let set = set(&without_retention());
    let look_up = |name| look_up(&set, &Kinds::builtin(), name);
    assert!(
        matches!(look_up("acme/retention"), Subject::Rule { rule, off: Some(_) } if rule.title.starts_with("Personal"))
    );
    assert!(matches!(look_up("gdpr:5(1)(e)"), Subject::Control(_)));
    // One that no rule serves is there as well.
    assert!(matches!(look_up("gdpr:35(7)"), Subject::Control(_)));
    assert!(matches!(
        look_up("gdpr"),
        Subject::Framework { pack: None, .. }
    ));
    assert!(matches!(look_up("acme"), Subject::Pack(_)));
    assert!(matches!(look_up("config/unknown-key"), Subject::Check(_)));
    for (name, expected) in [
        ("acme/retenton", Some("acme/retention")),
        ("retenton", Some("acme/retention")),
        ("schema/unknown-kye", Some("schema/unknown-key")),
        ("owner", Some("acme/owner")),
        ("gdpr:5(1)(ee)", Some("gdpr:5(1)(e)")),
        ("5(1)(e)", Some("gdpr:5(1)(e)")),
        ("hippa", Some("hipaa")),
        ("acne", Some("acme")),
        ("something else entirely", None),
    ] {
        let Subject::Unknown(Unknown { message, .. }) = look_up(name) else {
            panic!("{name}");
        };
        let near = message.split_once("; did you mean `");
        let near = near.map(|(_, near)| near.trim_end_matches("`?"));
        assert_eq!(near, expected, "{name}");
    }
}

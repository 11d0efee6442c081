//! Broken policies: each is refused with a finding at its line and column that says what to do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use launchgate::document::Kinds;
use launchgate::finding::{Finding, Severity};
use launchgate::framework::Frameworks;
use launchgate::policy::{
    self, Named, OffSetting, PackSource, ParamSetting, PolicySet, SettingValue, Settings,
    SeveritySetting,
};
use launchgate::schema::Schema;
use launchgate::source::{FileId, Location, SourceFile, SourceMap, Span};
use launchgate::value::{Limits, Syntax, read};

const PACK: &str = "name: acme\nversion: 1.0.0\ntitle: House rules\n";

/// A rule that is right; a row of the table changes one line of it.
const RULE: &str = r#"rule: acme/retention
title: Personal data is not kept for long
description: Data that is not there cannot leak.
severity: error
applies_to: feature-spec
blocks_from: in-review
controls: ["gdpr:5(1)(e)"]
params:
  limit: { type: duration, default: P2Y, description: The longest retention }
when: doc.risk_tier == 'high'
for_each: doc.data
on_empty: pass
where: item.personal
require:
  - present: item.retention
  - days(item.retention) <= days(params.limit)
  - schema: { at: item.name, is: { type: string, pattern: "^[a-z ]+$" } }
message: "`{item.name}` is kept for {item.retention}; the limit is {params.limit}"
help: Shorten the retention.
effective: { from: 2026-01-01, until: 2030-12-31 }
examples:
  - name: two years
    pass: |
      id: x
      title: X
"#;

/// What is replaced, by what, and the findings as `rule line:column message`. Nothing replaced by a
/// text appends it.
type Row = (&'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("severity: error", "severty: error", &[
        "policy/unknown-key 4:1 unknown key `severty`; did you mean `severity`?",
    ]),
    ("severity: error", "severity: eror", &[
        "policy/value 4:11 `severity` is `eror`; did you mean `error`?",
    ]),
    ("blocks_from: in-review", "blocks_from: in-revew", &[
        "policy/value 6:14 `blocks_from` is `in-revew`; did you mean `in-review`?",
    ]),
    ("on_empty: pass", "on_empty: passes", &[
        "policy/value 12:11 `on_empty` is `passes`; did you mean `pass`?",
    ]),
    ("applies_to: feature-spec", "applies_to: feature-spce", &[
        "policy/unknown-kind 5:13 unknown kind `feature-spce`; did you mean `feature-spec`?",
    ]),
    ("applies_to: feature-spec", "applies_to: [feature-spec, model-crad]", &[
        "policy/unknown-kind 5:28 unknown kind `model-crad`; did you mean `model-card`?",
    ]),
    ("applies_to: feature-spec", "applies_to: []", &[
        "policy/value 5:1 `applies_to` has no entries",
    ]),
    ("title: Personal data is not kept for long", "title: [no]", &[
        "policy/type 2:1 `title` is a list, not a string",
    ]),
    ("rule: acme/retention", "rule: Acme/Retention", &[
        "policy/value 1:7 `rule` is `Acme/Retention`, which is no rule id",
    ]),
    ("rule: acme/retention", "rule: acne/retention", &[
        "policy/wrong-pack 1:7 the rule calls itself `acne`, but its file is in pack `acme`",
    ]),
    ("rule: acme/retention", "name: acme/retention", &[
        "policy/unknown-key 1:1 unknown key `name`",
        "policy/missing-key 1:1 missing `rule`",
    ]),
    ("controls: [\"gdpr:5(1)(e)\"]", "controls: [\"gdpr 5(1)(e)\"]", &[
        "policy/control-id 7:12 `gdpr 5(1)(e)` is no id of a control",
    ]),
    ("controls: [\"gdpr:5(1)(e)\"]", "controls: [\"gdpr:\"]", &[
        "policy/control-id 7:12 `gdpr:` is no id of a control",
    ]),
    ("type: duration, default: P2Y", "type: duraton, default: P2Y", &[
        "policy/value 9:18 `type` is `duraton`; did you mean `duration`?",
    ]),
    ("type: duration, default: P2Y", "type: duration, default: 2 years", &[
        "policy/param 9:37 the default of `limit` is no duration: `2 years` is no ISO 8601 duration; write P2Y",
    ]),
    ("type: duration, default: P2Y", "type: duration, default: 730", &[
        "policy/param 9:37 the default of `limit` is no duration: expected an ISO 8601 duration such as P2Y, found an integer",
    ]),
    ("type: duration, default: P2Y", "type: duration", &[
        "policy/missing-key 9:3 missing `default`",
    ]),
    ("  limit: { type", "  limits: { type", &[
        "policy/expression 16:41 `params` has no field `limit`; did you mean `limits`?",
        "policy/expression 18:76 `params` has no field `limit`; did you mean `limits`?",
    ]),
    ("default: P2Y, description: The longest retention }", "default: P2Y, description: The longest retention }\n  floor: { type: integer, default: 1, description: Unused }", &[
        "policy/unused-param 10:3 nothing is decided by the parameter `floor`",
    ]),
    ("when: doc.risk_tier == 'high'", "when: doc.risk_teir == 'high'", &[
        "policy/expression 10:11 `doc` has no field `risk_teir`; did you mean `risk_tier`?",
    ]),
    ("when: doc.risk_tier == 'high'", "when: doc.risk_tier == 'hgih'", &[
        "policy/expression 10:24 `doc.risk_tier` is never `hgih`; did you mean `high`?",
    ]),
    ("when: doc.risk_tier == 'high'", "when: doc.risk_tier", &[
        "policy/expression 10:7 `doc.risk_tier` is a string (`minimal`, `limited`, `high` or `unacceptable`); a condition must be true or false",
    ]),
    ("when: doc.risk_tier == 'high'", "when: item.personal", &[
        "policy/expression 10:7 unknown variable `item`",
    ]),
    ("when: doc.risk_tier == 'high'", "when: doc.risk_tier == ", &[
        "policy/expression 10:22 the expression ends after `==`",
    ]),
    ("when: doc.risk_tier == 'high'", "when: ''", &[
        "policy/missing-key 10:7 `when` is empty",
    ]),
    ("for_each: doc.data", "for_each: doc.dta", &[
        "policy/expression 11:15 `doc` has no field `dta`; did you mean `data`?",
    ]),
    ("for_each: doc.data", "for_each: doc.title", &[
        "policy/not-a-list 11:11 `for_each` goes over a list, but this is a string",
    ]),
    ("for_each: doc.data\non_empty: pass\nwhere: item.personal\n", "", &[
        "policy/no-for-each 12:14 the rule speaks of an `item`, but it has no `for_each`",
    ]),
    ("for_each: doc.data\n", "", &[
        "policy/no-for-each 11:1 `on_empty` speaks of a list, but the rule has no `for_each`",
        "policy/no-for-each 12:1 `where` filters items, but the rule has no `for_each`",
        "policy/no-for-each 14:14 the rule speaks of an `item`, but it has no `for_each`",
    ]),
    ("where: item.personal", "where: item.persnal", &[
        "policy/expression 13:13 `item` has no field `persnal`; did you mean `personal`?",
    ]),
    ("where: item.personal", "where: item.name", &[
        "policy/expression 13:8 `item.name` is a string; a condition must be true or false",
    ]),
    ("where: item.personal", "where: tiem.personal", &[
        "policy/expression 13:8 unknown variable `tiem`; did you mean `item`?",
    ]),
    ("  - present: item.retention", "  - present: item.retenton", &[
        "policy/expression 15:19 `item` has no field `retenton`; did you mean `retention`?",
    ]),
    ("  - present: item.retention", "  - present: size(item.retention)", &[
        "policy/not-a-path 15:14 `present:` takes a path; a path begins with `doc` or `item`",
    ]),
    ("  - present: item.retention", "  - present: params.limit", &[
        "policy/not-a-path 15:14 `present:` takes a path; a path begins with `doc` or `item`",
    ]),
    ("  - present: item.retention", "  - presnt: item.retention", &[
        "policy/unknown-key 15:5 unknown key `presnt`; did you mean `present`?",
    ]),
    ("  - present: item.retention", "  - present: item.retention\n    message: no", &[
        "policy/unknown-key 16:5 unknown key `message`",
    ]),
    ("  - present: item.retention", "  - 3", &[
        "policy/type 15:5 `require[0]` is an integer, not a string or a mapping",
    ]),
    ("days(item.retention) <= days(params.limit)", "days(item.retention) <= days(params.limt)", &[
        "policy/expression 16:41 `params` has no field `limt`; did you mean `limit`?",
    ]),
    ("days(item.retention) <= days(params.limit)", "day(item.retention) <= days(params.limit)", &[
        "policy/expression 16:5 unknown function `day`; did you mean `days`?",
    ]),
    ("days(item.retention) <= days(params.limit)", "item.retention <= params.limit", &[
        "policy/expression 16:5 `item.retention` is a duration string; `<=` would compare its letters",
    ]),
    ("days(item.retention) <= days(params.limit)", "item.name > 3 && days(params.limit) > 1.0", &[
        "policy/expression 16:5 `item.name` is a string, `3` is an integer: `>` cannot compare them",
    ]),
    ("days(item.retention) <= days(params.limit)", "days(params.limit) > 3.0", &[
        "policy/constant 16:5 the requirement reads nothing of the document, so every document would come out alike",
    ]),
    ("days(item.retention) <= days(params.limit)", "'true'  # params.limit", &[
        "policy/expression 16:6 this condition is the same for every document",
    ]),
    ("  - days(item.retention) <= days(params.limit)", "  - >-\n    item.name != '' &&\n    days(item.retenton) <= days(params.limit)", &[
        "policy/expression 18:15 `item` has no field `retenton`; did you mean `retention`?",
    ]),
    ("  - days(item.retention) <= days(params.limit)", "  - |\n    days(item.retention)\n      <= days(params.limt)", &[
        "policy/expression 18:22 `params` has no field `limt`; did you mean `limit`?",
    ]),
    ("  - days(item.retention) <= days(params.limit)", "  - \"days(item.retention) <= days(params.limit) && item.nmae != \\\"\\\"\"", &[
        "policy/expression 16:57 `item` has no field `nmae`; did you mean `name`?",
    ]),
    ("  - days(item.retention) <= days(params.limit)", "  - 'days(item.retention) <= days(params.limit) && item.nmae != '''''", &[
        "policy/expression 16:57 `item` has no field `nmae`; did you mean `name`?",
    ]),
    ("  - days(item.retention) <= days(params.limit)", "  - item.name.matches('[a-z') && days(params.limit) > 0.0", &[
        "policy/expression 16:23 this is no pattern: unclosed character class",
    ]),
    ("pattern: \"^[a-z ]+$\"", "patern: \"^[a-z ]+$\"", &[
        "policy/schema 17:50 unknown JSON Schema keyword `patern`; did you mean `pattern`?",
    ]),
    ("pattern: \"^[a-z ]+$\"", "pattern: \"^[a-z\"", &[
        "policy/schema 17:59 this is no JSON Schema: \"^[a-z\" is not a \"regex\"",
    ]),
    ("pattern: \"^[a-z ]+$\"", "format: dat", &[
        "policy/schema 17:58 unknown format `dat`; did you mean `date`?",
    ]),
    ("is: { type: string, pattern: \"^[a-z ]+$\" }", "is: {}", &[
        "policy/schema 17:30 the schema accepts everything",
    ]),
    ("is: { type: string, pattern: \"^[a-z ]+$\" }", "is: { $ref: \"https://example.org/x.json\" }", &[
        "policy/schema 17:42 a reference may only point into the schema itself",
    ]),
    ("is: { type: string, pattern: \"^[a-z ]+$\" }", "is: { type: strng }", &[
        "policy/schema 17:42 this is no JSON Schema: \"strng\" is not valid under any of the schemas listed in the 'anyOf' keyword",
    ]),
    ("at: item.name,", "at: item.nam,", &[
        "policy/expression 17:24 `item` has no field `nam`; did you mean `name`?",
    ]),
    ("at: item.name,", "", &[
        "policy/missing-key 17:5 missing `at`",
    ]),
    ("`{item.name}` is kept", "`{item.nme}` is kept", &[
        "policy/expression 18:18 `item` has no field `nme`; did you mean `name`?",
    ]),
    ("`{item.name}` is kept", "`{item.name` is kept", &[
        "policy/message 18:12 `{` is not closed",
    ]),
    ("`{item.name}` is kept", "`item.name}` is kept", &[
        "policy/message 18:21 `}` closes nothing",
    ]),
    ("`{item.name}` is kept", "`{}` is kept", &[
        "policy/message 18:12 there is no expression in the braces",
    ]),
    ("from: 2026-01-01", "from: 2031-01-01", &[
        "policy/effective 20:39 the rule ends on 2030-12-31, before it begins on 2031-01-01",
    ]),
    ("from: 2026-01-01", "from: 2026-13-01", &[
        "policy/value 20:20 `from` is `2026-13-01`, which is not a date",
    ]),
    ("from: 2026-01-01", "form: 2026-01-01", &[
        "policy/unknown-key 20:14 unknown key `form`; did you mean `from`?",
    ]),
    ("    pass: |", "    passes: |", &[
        "policy/example 22:5 example `two years` has no document",
        "policy/unknown-key 23:5 unknown key `passes`; did you mean `pass`?",
    ]),
    ("    pass: |\n      id: x\n      title: X\n", "    as_of: 2026-01-01\n", &[
        "policy/example 22:5 example `two years` has no document",
    ]),
    ("      title: X\n", "      title: X\n    fail: |\n      id: y\n", &[
        "policy/example 22:5 example `two years` has several outcomes",
    ]),
    ("severity: error", "severity: error\nseverity: error", &[
        "policy/duplicate-key 5:1 the key `severity` stands twice in one mapping",
    ]),
    ("", "locked: maybe\n", &[
        "policy/type 26:9 `locked` is a string, not true or false",
    ]),
    ("", "---\nrule: acme/retention\ntitle: Again\ndescription: Twice.\nseverity: note\napplies_to: feature-spec\nrequire: [doc.id != '']\n", &[
        "policy/duplicate-rule 27:7 there are two rules `acme/retention`",
    ]),
    ("", "---\n- a list\n", &[
        "policy/type 27:3 the document is a list, not a mapping",
    ]),
    ("", "references: [example.org]\n", &[
        "policy/value 26:14 `references[0]` is `example.org`, which does not have the form it needs",
    ]),
];

/// The built-in catalogues.
fn frameworks() -> Arc<Frameworks> {
    Arc::new(policy::builtin_frameworks(&mut 1_000_000))
}

fn kinds() -> Kinds {
    Kinds::builtin()
}

fn load(packs: &[PackSource], settings: &Settings) -> Result<PolicySet, Vec<Finding>> {
    let kinds = kinds();
    let types = |name: &str| {
        let kind = kinds.get(name)?;
        Some(Schema::lazy(&kind.name, kind.schema.clone()).object_type())
    };
    policy::load(
        packs,
        &frameworks(),
        &kinds,
        &types,
        &launchgate::evidence::signatures(),
        settings,
    )
}

fn pack(name: &str, files: &[(&str, &str)]) -> PackSource {
    let files = files.iter().zip(10..).map(|((path, text), id)| {
        let id = FileId(id + 100 * u32::try_from(name.len()).unwrap());
        SourceFile::new(id, format!("{name}/{path}"), *text)
    });
    PackSource {
        name: name.into(),
        builtin: false,
        bare: false,
        files: files.collect(),
    }
}

fn shown(packs: &[PackSource], findings: &[Finding]) -> Vec<String> {
    let mut sources = SourceMap::default();
    for file in packs.iter().flat_map(|pack| &pack.files) {
        sources.insert(file);
    }
    findings
        .iter()
        .map(|finding| {
            let file = sources.file(finding.primary.location).unwrap();
            let at = file.line_column(finding.primary.location.span.start);
            format!(
                "{} {}:{} {}",
                finding.rule, at.line, at.column, finding.message
            )
        })
        .collect()
}

fn errors_of(rule: &str) -> Vec<String> {
    let packs = [pack("acme", &[("pack.yaml", PACK), ("rule.yaml", rule)])];
    match load(&packs, &Settings::default()) {
        Ok(_) => Vec::new(),
        Err(findings) => shown(&packs, &findings),
    }
}

/// What a pack of these files comes to.
fn pack_errors(files: &[(&str, &str)]) -> Vec<String> {
    let packs = [pack("acme", files)];
    match load(&packs, &Settings::default()) {
        Ok(_) => Vec::new(),
        Err(findings) => shown(&packs, &findings),
    }
}

#[test]
fn broken_packs_are_refused() {
    for (files, expected) in [
        (
            [("pack.yaml", PACK), ("a.yaml", "")],
            vec!["policy/empty-file 1:1 the policy file is empty"],
        ),
        (
            [("pack.yaml", PACK), ("a.yaml", "# to come\n---\n")],
            vec!["policy/empty-file 1:1 the policy file is empty"],
        ),
        (
            [
                ("pack.yaml", "name: acmee\nversion: 1.0.0\ntitle: T\n"),
                ("a.yaml", RULE),
            ],
            vec!["policy/pack-name 1:7 the pack calls itself `acmee`, but its folder is `acme`"],
        ),
        (
            [
                ("pack.yaml", "name: acme\nverson: 1.0.0\ntitle: T\n"),
                ("a.yaml", RULE),
            ],
            vec!["policy/unknown-key 2:1 unknown key `verson`; did you mean `version`?"],
        ),
        (
            [
                ("pack.yaml", "name: acme\nversion: '1'\ntitle: T\n"),
                ("a.yaml", RULE),
            ],
            vec!["policy/value 2:10 `version` is `1`, which is no version"],
        ),
        (
            [("pack.yaml", ""), ("a.yaml", RULE)],
            vec!["policy/empty-file 1:1 the policy file is empty"],
        ),
        (
            [("a.yaml", RULE), ("b.yaml", RULE)],
            vec!["policy/missing-pack-file 1:1 pack `acme` has no `pack.yaml`"],
        ),
        (
            [
                ("pack.yaml", PACK),
                ("a.yaml", "rule: acme/x\n\ttitle: T\n"),
            ],
            vec!["policy/tab-indentation 2:1 a tab stands where YAML wants spaces"],
        ),
        (
            [("pack.yaml", PACK), ("a.yaml", "rule: [acme/x\n")],
            vec!["policy/syntax 1:7 `[` is not closed"],
        ),
    ] {
        assert_eq!(pack_errors(&files), expected);
    }
    assert_eq!(
        pack_errors(&[("pack.yaml", PACK)]),
        ["policy/empty-pack 1:1 pack `acme` has no rules"]
    );
}

#[test]
fn rules_and_packs_are_named_once() {
    let files = [("pack.yaml", PACK), ("a.yaml", RULE), ("b.yaml", RULE)];
    let packs = [pack("acme", &files)];
    let findings = load(&packs, &Settings::default()).unwrap_err();
    assert_eq!(
        shown(&packs, &findings),
        ["policy/duplicate-rule 1:7 there are two rules `acme/retention`"]
    );
    let file = |index: usize| packs[0].files[index].id();
    assert_eq!(findings[0].primary.location.file, file(2));
    assert_eq!(findings[0].related[0].location.file, file(1));

    let packs = [
        pack("acme", &[("pack.yaml", PACK), ("a.yaml", RULE)]),
        pack("acme", &[("pack.yaml", PACK), ("a.yaml", RULE)]),
    ];
    let findings = load(&packs, &Settings::default()).unwrap_err();
    assert_eq!(findings[0].message, "there are two packs `acme`");
}

#[test]
fn packs_include_packs_and_never_in_a_circle() {
    let yaml = |name: &str, includes: &str| {
        format!("name: {name}\nversion: 1.0.0\ntitle: T\nincludes: [{includes}]\n")
    };
    let rule = |pack: &str| RULE.replace("rule: acme/", &format!("rule: {pack}/"));
    let load_all = |first: &str, second: &str| {
        let packs = [
            pack(
                "ab",
                &[("pack.yaml", &yaml("ab", first)), ("a.yaml", &rule("ab"))],
            ),
            pack(
                "abc",
                &[
                    ("pack.yaml", &yaml("abc", second)),
                    ("a.yaml", &rule("abc")),
                ],
            ),
        ];
        let settings = Settings {
            packs: Some(vec![named("ab", 0)]),
            ..Settings::default()
        };
        match load(&packs, &settings) {
            Ok(set) => set.rules().iter().map(|rule| rule.id.to_string()).collect(),
            Err(findings) => shown(&packs, &findings),
        }
    };
    assert_eq!(load_all("", ""), ["ab/retention"]);
    assert_eq!(load_all("abc", ""), ["ab/retention", "abc/retention"]);
    assert_eq!(
        load_all("abc", "ab"),
        ["policy/pack-cycle 4:12 packs include each other: `ab` -> `abc` -> `ab`"]
    );
    assert_eq!(
        load_all("abd", ""),
        ["policy/unknown-pack 4:12 unknown pack `abd`; did you mean `ab`?"]
    );
    assert_eq!(
        load_all("ab", ""),
        ["policy/pack-cycle 4:12 packs include each other: `ab` -> `ab`"]
    );
}

fn named(text: &str, layer: u32) -> Named {
    let file = FileId(7);
    Named {
        text: text.into(),
        location: Location {
            file,
            span: Span::new(3, 9),
        },
        layer,
    }
}

fn severity(rule: &str, severity: Severity, layer: u32) -> SeveritySetting {
    SeveritySetting {
        rule: named(rule, layer),
        severity,
        location: named("", layer).location,
    }
}

fn off(rule: &str, reason: Option<&str>, layer: u32) -> OffSetting {
    OffSetting {
        rule: named(rule, layer),
        reason: reason.map(str::to_owned),
    }
}

fn param(rule: &str, param: &str, value: &str, layer: u32) -> ParamSetting {
    let file = SourceFile::new(FileId(7), "launchgate.yaml", value);
    let tree = Arc::new(read(&file, Syntax::Yaml, &Limits::default()).tree);
    let node = tree.root().unwrap().id();
    ParamSetting {
        rule: named(rule, layer),
        param: named(param, layer),
        value: SettingValue { tree, node },
    }
}

/// What settings come to: the rules with their severities, or the errors.
fn apply(rule: &str, settings: &Settings) -> Vec<String> {
    let packs = [pack("acme", &[("pack.yaml", PACK), ("rule.yaml", rule)])];
    match load(&packs, settings) {
        Ok(set) => set
            .rules()
            .iter()
            .map(|rule| format!("{} {}", rule.id, rule.severity))
            .collect(),
        Err(findings) => findings
            .iter()
            .map(|finding| {
                assert_eq!(finding.primary.location.file, FileId(7));
                assert!(finding.help.is_some());
                format!("{} {}", finding.rule, finding.message)
            })
            .collect(),
    }
}

#[test]
fn settings_are_applied_or_refused() {
    let id = "acme/retention";
    let with = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        apply(RULE, &settings)
    };
    assert_eq!(with(&|_| {}), ["acme/retention error"]);
    assert_eq!(
        with(&|s| s.severities = vec![
            severity(id, Severity::Note, 0),
            severity(id, Severity::Warning, 1)
        ]),
        ["acme/retention warning"]
    );
    assert_eq!(
        with(&|s| s.off = vec![off(id, Some("not ours"), 0)]),
        [""; 0]
    );
    assert_eq!(
        with(&|s| s.off = vec![off(id, Some(" "), 0)]),
        ["config/missing-reason rule `acme/retention` is turned off without a reason"]
    );
    assert_eq!(
        with(&|s| s.off = vec![off(id, None, 0)]),
        ["config/missing-reason rule `acme/retention` is turned off without a reason"]
    );
    assert_eq!(
        with(&|s| s.off = vec![off("acme/retenton", Some("x"), 0)]),
        ["config/unknown-rule there is no rule `acme/retenton`; did you mean `acme/retention`?"]
    );
    assert_eq!(
        with(&|s| s.severities = vec![severity("acme", Severity::Note, 0)]),
        ["config/unknown-rule there is no rule `acme`"]
    );
    assert_eq!(
        with(&|s| s.packs = Some(vec![named("acm", 0)])),
        ["config/unknown-pack unknown pack `acm`; did you mean `acme`?"]
    );
    assert_eq!(
        with(&|s| s.params = vec![param(id, "limit", "P1Y", 0)]),
        ["acme/retention error"]
    );
    let settings = Settings {
        packs: Some(vec![named("bare", 0)]),
        ..Settings::default()
    };
    let findings = load(&[pack("bare", &[])], &settings).unwrap_err();
    assert_eq!(findings[0].message, "pack `bare` holds no files");
    assert_eq!(
        with(&|s| s.params = vec![param(id, "limt", "P1Y", 0)]),
        [
            "config/unknown-param rule `acme/retention` has no parameter `limt`; did you mean `limit`?"
        ]
    );
    assert_eq!(
        with(&|s| s.params = vec![param(id, "limit", "1 year", 0)]),
        [
            "config/param `limit` of rule `acme/retention` is no duration: \
          `1 year` is no ISO 8601 duration; write P1Y"
        ]
    );
    assert_eq!(
        with(&|s| s.params = vec![param(id, "limit", "[P1Y]", 0)]),
        [
            "config/param `limit` of rule `acme/retention` is no duration: \
          expected an ISO 8601 duration such as P2Y, found a list"
        ]
    );
}

#[test]
fn locks_hold() {
    let id = "acme/retention";
    let locked_rule = format!("{RULE}locked: true\n");
    let with = |rule: &str, change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        apply(rule, &settings)
    };
    let lower = |s: &mut Settings| s.severities = vec![severity(id, Severity::Warning, 0)];
    assert_eq!(
        with(&locked_rule, &lower),
        [
            "config/locked-rule rule `acme/retention` is locked; its severity cannot be lowered from error to warning"
        ]
    );
    assert_eq!(
        with(&locked_rule, &|s| s.off = vec![off(id, Some("x"), 0)]),
        ["config/locked-rule rule `acme/retention` is locked; it cannot be turned off"]
    );
    let extended =
        ["config/locked-rule rule `acme/retention` is locked by a config that this one extends"];
    for change in [
        (&|s: &mut Settings| s.off = vec![off(id, Some("x"), 1)]) as &dyn Fn(&mut Settings),
        &|s| s.severities = vec![severity(id, Severity::Note, 1)],
        &|s| s.params = vec![param(id, "limit", "P9Y", 1)],
    ] {
        let locked = |s: &mut Settings| {
            change(s);
            s.locked = vec![named(id, 0)];
        };
        assert_eq!(with(RULE, &locked), extended);
    }
    // The layer that locks may set what it likes, and raising is never forbidden.
    let own = |s: &mut Settings| {
        s.locked = vec![named(id, 1)];
        s.severities = vec![
            severity(id, Severity::Warning, 0),
            severity(id, Severity::Error, 2),
        ];
        s.params = vec![param(id, "limit", "P1Y", 1)];
    };
    assert_eq!(with(RULE, &own), ["acme/retention error"]);
}

#[test]
fn the_digest_is_that_of_what_decides() {
    let digest = |rule: &str, settings: &Settings| {
        let packs = [pack("acme", &[("pack.yaml", PACK), ("rule.yaml", rule)])];
        load(&packs, settings).unwrap().digest().to_owned()
    };
    let plain = digest(RULE, &Settings::default());
    let same = RULE
        .replace("cannot leak.", "cannot leak, ever.")
        .replace("two years", "2 years");
    assert_eq!(digest(&same, &Settings::default()), plain);
    let commented = RULE.replace("severity: error", "severity:   'error'  # always");
    assert_eq!(digest(&commented, &Settings::default()), plain);
    for (from, to) in [
        ("<= days", "< days"),
        ("P2Y", "P3Y"),
        ("severity: error", "severity: note"),
        ("on_empty: pass", "on_empty: fail"),
        ("2030-12-31", "2031-12-31"),
        ("effective:", "locked: true\neffective:"),
    ] {
        assert_ne!(
            digest(&RULE.replace(from, to), &Settings::default()),
            plain,
            "{to}"
        );
    }
    let settings = Settings {
        params: vec![param("acme/retention", "limit", "P1Y", 0)],
        ..Settings::default()
    };
    assert_ne!(digest(RULE, &settings), plain);
}

#[test]
fn the_rule_itself_is_right() {
    assert_eq!(errors_of(RULE), Vec::<String>::new());
}

#[test]
fn broken_rules_are_refused_at_their_place() {
    let mut wrong = Vec::new();
    for (from, to, expected) in ROWS {
        let text = if from.is_empty() {
            format!("{RULE}{to}")
        } else {
            assert_eq!(RULE.matches(from).count(), 1, "{from}");
            RULE.replace(from, to)
        };
        let found = errors_of(&text);
        if found != *expected {
            wrong.push(format!("{from:?} -> {to:?}\n{found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

    /// Whatever a policy file holds: no panic, and every place lies in its file.
    #[test]
    fn no_policy_makes_the_gate_fall(
        at in 0..RULE.len(),
        cut in 0..12_usize,
        piece in "[a-z{}\\[\\]:'\"|>\\- \n\t.&*!#%@,()=<?\u{e9}\u{202e}]{0,12}",
    ) {
        let end = (at + cut).min(RULE.len());
        if let (Some(before), Some(after)) = (RULE.get(..at), RULE.get(end..)) {
            let text = format!("{before}{piece}{after}");
            let packs = [pack("acme", &[("pack.yaml", PACK), ("rule.yaml", &text)])];
            if let Err(findings) = load(&packs, &Settings::default()) {
                proptest::prop_assert!(!findings.is_empty());
                for finding in findings {
                    let file = packs[0].files.iter().find(|file| file.id() == finding.primary.location.file);
                    let span = finding.primary.location.span;
                    proptest::prop_assert!(file.is_some_and(|file| file.text().get(span.range()).is_some()));
                }
            }
        }
    }
}

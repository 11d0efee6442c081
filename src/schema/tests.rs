//! What authors read when a document does not fit its schema.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::document::builtin;
use crate::source::{FileId, Location, SourceFile, Span};
use crate::value::{Limits, Syntax, Tree, read};

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { "^x-": true },
        "required": ["kind", "title"],
        "properties": {
            "kind": { "const": "feature-spec" },
            "title": { "type": "string", "minLength": 1, "description": "What the feature is called. Short." },
            "id": { "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "title": "Identifier",
                "description": "Lower-case letters, digits and hyphens", "examples": ["instant-credit"] },
            "version": { "type": ["string", "null"], "description": "The version", "examples": ["1.10"] },
            "status": { "enum": ["draft", "in-review", "approved", "launched"] },
            "jurisdictions": { "type": "array", "items": { "type": "string" }, "uniqueItems": true, "minItems": 1 },
            "owner": { "oneOf": [
                { "type": "string", "format": "email" },
                { "type": "object", "additionalProperties": false, "required": ["name"],
                  "properties": { "name": { "type": "string" }, "email": { "type": "string", "format": "email" } } }
            ] },
            "launch": { "type": "object", "additionalProperties": false, "properties": {
                "date": { "anyOf": [{ "type": "string", "format": "date" }, { "type": "string", "format": "date-time" }] },
                "share": { "type": "number", "minimum": 0, "exclusiveMaximum": 1 },
                "kill_switch": { "type": "boolean" },
                "dashboard": { "type": "string", "format": "uri" }
            } },
            "data": { "type": "array", "items": { "$ref": "#/$defs/datum" } },
            "scores": { "oneOf": [
                { "type": "object", "required": ["type", "reach"], "additionalProperties": false,
                  "properties": { "type": { "const": "rice" }, "reach": { "type": "number" } } },
                { "type": "object", "required": ["type", "value"], "additionalProperties": false,
                  "properties": { "type": { "const": "wsjf" }, "value": { "type": "number" } } }
            ] },
            "level": { "oneOf": [{ "const": "low", "title": "Low" }, { "const": "high", "title": "High" }] },
            "metrics": { "type": "object", "propertyNames": { "enum": ["accuracy", "f1"] }, "additionalProperties": { "type": "number" } }
        },
        "$defs": { "datum": {
            "type": "object",
            "allOf": [{ "properties": { "name": { "type": "string" } }, "required": ["name"] }],
            "properties": {
                "personal": { "type": "boolean" },
                "lawful_basis": { "type": "string", "description": "Why the law allows it (GDPR Art. 6)" },
                "retention": { "type": "string", "format": "duration", "description": "How long it is kept", "examples": ["P2Y"] }
            },
            "unevaluatedProperties": false,
            "patternProperties": { "^x-": true },
            "required": ["retention"],
            "if": { "properties": { "personal": { "const": true } }, "required": ["personal"] },
            "then": { "required": ["lawful_basis"] }
        } }
    })
}

fn tree(path: &str, text: &str) -> Tree {
    let file = SourceFile::new(FileId(0), path, text);
    let syntax = Syntax::of_path(file.path()).unwrap();
    let parsed = read(&file, syntax, &Limits::default());
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.tree
}

/// One line a finding: rule, message, pointer, the text under the label, help, notes.
fn picture(text: &str) -> String {
    let schema = Schema::compile("feature-spec", &schema()).unwrap();
    let tree = tree("spec.yaml", text);
    let mut lines = String::new();
    for finding in schema.check(tree.root().unwrap()) {
        let file = Arc::clone(&tree.sources()[0]);
        let at = file.slice(finding.primary.location.span);
        write!(
            lines,
            "{}: {} @{} [{at}]",
            finding.rule, finding.message, finding.pointer
        )
        .unwrap();
        if !finding.primary.text.is_empty() {
            write!(lines, " ({})", finding.primary.text).unwrap();
        }
        for related in &finding.related {
            write!(
                lines,
                " + [{}] {}",
                file.slice(related.location.span),
                related.text
            )
            .unwrap();
        }
        if let Some(help) = &finding.help {
            write!(lines, "\n  = {help}").unwrap();
        }
        for note in &finding.notes {
            write!(lines, "\n  - {note}").unwrap();
        }
        lines.push('\n');
    }
    lines
}

fn with_head(body: &str) -> String {
    picture(&format!("kind: feature-spec\ntitle: T\n{body}"))
}

#[test]
fn the_adapter_keeps_the_contract_of_the_validator() {
    let text = serde_json::to_string(&jsonschema_value::conformance::document()).unwrap();
    let tree = tree("kit.json", &text);
    jsonschema_value::conformance::assert_conformance::<Nodes>(&Instance::Node(
        tree.root().unwrap(),
    ));
}

/// Documents are judged as `jsonschema` judges their plain JSON.
#[test]
fn nodes_and_json_values_get_one_verdict() {
    let plain = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema())
        .unwrap();
    let ours = Schema::compile("feature-spec", &schema()).unwrap();
    for document in [
        json!({}),
        json!([]),
        json!("text"),
        json!({"kind": "feature-spec", "title": "T"}),
        json!({"kind": "feature-spec", "title": "T", "x-1": {"a": [1, 2.0, null]}}),
        json!({"kind": "feature-spec", "title": "T", "launch": {"share": 1e0}}),
        json!({"kind": "feature-spec", "title": "T", "launch": {"share": 0}}),
        json!({"kind": "feature-spec", "title": "T", "jurisdictions": ["a", "b", "a"]}),
        json!({"kind": "feature-spec", "title": "T", "data": [{"name": "a", "retention": "P1D", "zz": 1}]}),
        json!({"kind": "feature-spec", "title": "T", "metrics": {"f1": 1}}),
        json!({"kind": "feature-spec", "title": "T", "metrics": {"f2": 1}}),
        json!({"kind": "feature-spec", "title": "T", "scores": {"type": "wsjf", "value": 3}}),
        json!({"kind": "feature-spec", "title": "T", "a/b~c": 1}),
    ] {
        let tree = tree("a.json", &document.to_string());
        let findings = ours.check(tree.root().unwrap());
        assert_eq!(
            findings.is_empty(),
            plain.is_valid(&document),
            "{document}: {findings:?}"
        );
    }
}

#[test]
fn the_body_of_markdown_is_no_key_of_the_author() {
    let text = "---\nkind: feature-spec\ntitle: T\n---\n# Heading\n\n- no\n- yes\n";
    let ours = Schema::compile("feature-spec", &schema()).unwrap();
    let markdown = tree("spec.md", text);
    assert!(markdown.root().unwrap().get("sections").is_some());
    assert!(ours.check(markdown.root().unwrap()).is_empty());
    let yaml = tree("spec.yaml", "kind: feature-spec\ntitle: T\nsections: []\n");
    assert_eq!(
        ours.check(yaml.root().unwrap())[0].rule.as_str(),
        "schema/unknown-key"
    );
}

#[test]
fn what_is_built_in_can_be_used() {
    let kinds = Kinds::builtin();
    let schemas = Schemas::new(&kinds).unwrap();
    for kind in ["feature-spec", "model-card"] {
        schemas.get(kind).unwrap().validator().unwrap();
        assert!(
            matches!(schemas.object_type(kind), Some(Type::Object(_))),
            "{kind}"
        );
    }
    for file in builtin::SCHEMAS.files() {
        let value = serde_json::from_str(file.contents_utf8().unwrap()).unwrap();
        Schema::compile(&file.path().display().to_string(), &value).unwrap();
    }
    let text = builtin::text("format.schema.json").unwrap();
    let schema = Schema::compile("format", &serde_json::from_str(text).unwrap()).unwrap();
    let mut formats = 0;
    for file in builtin::SCHEMAS.get_dir("formats").unwrap().files() {
        let tree = tree("format.yaml", file.contents_utf8().unwrap());
        let findings = check_input(tree.root().unwrap(), &schema, "config");
        assert!(findings.is_empty(), "{findings:?}");
        formats += 1;
    }
    assert!(formats > 0);
    let tree = tree(
        "format.yaml",
        "format: Own\ntitel: x\nkind: model-card\nfiles: []\ndetect: [x]\nfields: {a: {each: {}}}\n",
    );
    let findings = check_input(tree.root().unwrap(), &schema, "config");
    let said: Vec<_> = findings
        .iter()
        .map(|f| format!("{}: {}", f.rule, f.message))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    config/value: `format` is `Own`, which is no name
    config/unknown-key: unknown key `titel`; did you mean `title`?
    config/value: `files` has no entries
    config/missing-key: missing `fields`
    config/value: `each` has no keys
    ");
    assert!(
        findings
            .iter()
            .all(|f| f.blocks_from.is_none() && f.rule.is_input_error())
    );
}

#[test]
fn a_kind_with_a_broken_schema_is_refused_where_it_is_declared() {
    let mut kinds = Kinds::builtin();
    let location = Location {
        file: FileId(7),
        span: Span::new(3, 9),
    };
    let schema = Arc::new(json!({"properties": {"a": {"type": "strng"}}}));
    kinds
        .add(Kind::new("own", schema, Origin::Config(location)))
        .unwrap();
    let findings = Schemas::new(&kinds).unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].primary.location, location);
    assert!(
        findings[0].message.contains("`own`"),
        "{}",
        findings[0].message
    );
}

#[test]
fn a_schema_that_is_none_is_said() {
    for wrong in [
        json!({"type": "strng"}),
        json!({"$ref": "https://example.com/x.json"}),
        json!({"pattern": "("}),
    ] {
        let error = Schema::compile("own-kind", &wrong).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("the schema `own-kind` cannot be used: "),
            "{error}"
        );
        let lazy = Schema::lazy("own-kind", Arc::new(wrong));
        let tree = tree("a.yaml", "a: 1\n");
        assert_eq!(
            lazy.check(tree.root().unwrap())[0].rule.as_str(),
            "config/schema"
        );
    }
}

#[test]
fn a_misspelt_key_is_one_finding() {
    insta::assert_snapshot!(with_head("data:\n  - name: income\n    lawfull_basis: consent\n    personal: true\n    retention: P2Y\n"), @r"
    schema/unknown-key: unknown key `lawfull_basis`; did you mean `lawful_basis`? @/data/0/lawfull_basis [lawfull_basis]
      = `lawful_basis`: Why the law allows it (GDPR Art. 6)
      - so `lawful_basis` is missing
    ");
    insta::assert_snapshot!(with_head("data:\n  - retention: P2Y\n    nmae: x\n    colour: red\n"), @r"
    schema/unknown-key: unknown key `nmae`; did you mean `name`? @/data/0/nmae [nmae]
      - so `name` is missing
    schema/unknown-key: unknown key `colour` @/data/0/colour [colour]
      = Known here: `personal`, `lawful_basis`, `retention` and `name`; keys of your own begin with `x-`
    ");
    insta::assert_snapshot!(with_head("retention: P2Y\nzzz: 1\n"), @r"
    schema/unknown-key: unknown key `retention` @/retention [retention]
      = `retention` belongs in `data[]`
    schema/unknown-key: unknown key `zzz` @/zzz [zzz]
      = Known here: `kind`, `title`, `id`, `version`, `status`, `jurisdictions`, `owner`, `launch`, `data`, `scores`, `level` and `metrics`; keys of your own begin with `x-`
    ");
}

#[test]
fn missing_keys_stand_on_their_parent() {
    insta::assert_snapshot!(with_head("data:\n  - name: income\n    personal: true\n"), @r"
    schema/missing-key: missing `retention` @/data/0/retention [name] (`data[0]` (income) has no `retention`)
      = Add `retention`: How long it is kept; such as `retention: P2Y`
    schema/missing-key: missing `lawful_basis` @/data/0/lawful_basis [name] (`data[0]` (income) has no `lawful_basis`)
      = Add `lawful_basis`: Why the law allows it (GDPR Art. 6)
    ");
    insta::assert_snapshot!(picture("owner: a@example.com\n"), @r"
    schema/missing-key: missing `kind` @/kind [owner] (the document has no `kind`)
      = Add `kind`
    schema/missing-key: missing `title` @/title [owner] (the document has no `title`)
      = Add `title`: What the feature is called
    ");
    insta::assert_snapshot!(with_head("launch: &l {}\nowner: {email: a@example.com}\n"), @r"
    schema/missing-key: missing `name` @/owner/name [owner] (`owner` has no `name`)
      = Add `name`
      - `owner` may also be an e-mail address
    ");
}

#[test]
fn empty_values_are_as_good_as_missing() {
    insta::assert_snapshot!(with_head("id:\nstatus: ~\nlaunch:\ndata: [null]\njurisdictions: []\n"), @r"
    schema/missing-key: `id` is empty @/id [id]
      = Give it a value: Lower-case letters, digits and hyphens; such as `id: instant-credit`
    schema/missing-key: `status` is empty @/status [~]
      = Give it a value: one of `draft`, `in-review`, `approved` or `launched`
    schema/missing-key: `launch` is empty @/launch [launch]
      = Give it a value, or remove the key
    schema/missing-key: `data[0]` is empty @/data/0 [null]
      = Give it a value, or remove the entry
    schema/value: `jurisdictions` has no entries @/jurisdictions [jurisdictions]
      = Add one, or remove the key
    ");
    insta::assert_snapshot!(picture("kind: feature-spec\ntitle: ''\n"), @r"
    schema/missing-key: `title` is empty @/title ['']
      = Give it a value: What the feature is called
    ");
}

#[test]
fn wrong_types_say_what_yaml_made_of_them() {
    insta::assert_snapshot!(with_head("version: 1.10\nowner: 5\nstatus: 7\n"), @r#"
    schema/type: `version` is a number, not a string @/version [1.10]
      = Unquoted, `1.10` is the number 1.1; write "1.10"
    schema/type: `owner` is an integer, not a string or a mapping @/owner [5]
      = Unquoted, `5` is a number; write "5"
    schema/type: `status` is an integer, not a string @/status [7]
      = Unquoted, `7` is a number; write "7"
      - allowed: `draft`, `in-review`, `approved` and `launched`
    "#);
    insta::assert_snapshot!(with_head("launch: {share: '84%', kill_switch: 'no'}\n"), @r"
    schema/type: `share` is a string, not a number @/launch/share ['84%']
      = Write a share as a fraction: 0.84
    schema/type: `kill_switch` is a string, not true or false @/launch/kill_switch ['no']
      = Quoted, `no` is text; write false
    ");
    insta::assert_snapshot!(with_head("launch: {kill_switch: yes, share: '0.5'}\n"), @r"
    schema/type: `kill_switch` is a string, not true or false @/launch/kill_switch [yes]
      = `yes` is text in YAML 1.2; write true
    schema/type: `share` is a string, not a number @/launch/share ['0.5']
      = Quoted, `0.5` is text; write 0.5 without quotes
    ");
    insta::assert_snapshot!(with_head("launch: soon\njurisdictions: EU\n"), @r"
    schema/type: `launch` is a string, not a mapping @/launch [soon]
      = Write a mapping; it can have `date`, `share`, `kill_switch` and `dashboard`
    schema/type: `jurisdictions` is a string, not a list @/jurisdictions [EU]
      = Write it as a list: [EU]
    ");
    insta::assert_snapshot!(with_head("data: [3]\njurisdictions: [a, [b]]\nmetrics: {accuracy: .nan}\n"), @r"
    schema/type: `data[0]` is an integer, not a mapping @/data/0 [3]
      = Write a mapping; it can have `personal`, `lawful_basis`, `retention` and `name`
    schema/type: `jurisdictions[1]` is a list, not a string @/jurisdictions/1 [b]
    schema/type: `accuracy` is `.nan`, which is no number @/metrics/accuracy [.nan]
      = Write a finite number, or remove the key
    ");
    insta::assert_snapshot!(picture("- 1\n"), @r"
    schema/type: the document is a list, not a mapping @ [1]
      = Write a mapping; it can have `kind`, `title`, `id`, `version`, `status`, `jurisdictions`, `owner`, `launch`, `data`, `scores`, `level` and `metrics`
    ");
}

#[test]
fn wrong_values_say_what_would_be_right() {
    insta::assert_snapshot!(with_head("status: aproved\nlevel: midle\n"), @r"
    schema/value: `status` is `aproved`; did you mean `approved`? @/status [aproved]
      = One of `draft`, `in-review`, `approved` or `launched`
    schema/value: `level` is `midle`, which is none of the values it can have @/level [midle]
      = One of `low` or `high`
    ");
    insta::assert_snapshot!(with_head("launch: {date: 2026-13-01, share: 1.0, dashboard: here}\n"), @r"
    schema/value: `date` is `2026-13-01`, which is not a date @/launch/date [2026-13-01]
      = Write a day as YYYY-MM-DD, such as 2026-11-22
      - `date` may also be a point in time
    schema/value: `share` is 1.0; it must be less than 1 @/launch/share [1.0]
    schema/value: `dashboard` is `here`, which is not a URI @/launch/dashboard [here]
      = Write it in full, such as https://example.com/dpia
    ");
    insta::assert_snapshot!(with_head("launch: {share: -1}\nid: Instant Credit\n"), @r"
    schema/value: `share` is -1; the least is 0 @/launch/share [-1]
    schema/value: `id` is `Instant Credit`, which is no identifier @/id [Instant Credit]
      = Lower-case letters, digits and hyphens; such as `instant-credit`
    ");
    insta::assert_snapshot!(with_head("data: [{name: x, retention: 2 years}, {name: y, retention: P2Y3X}]\n"), @r#"
    schema/value: `retention` is `2 years`, which is not a duration @/data/0/retention [2 years]
      = Write `P2Y`
    schema/ambiguous-scalar: `name` is the text `y`, not a truth value @/data/1/name [y]
      = YAML 1.1 reads unquoted `y` as a truth value; write "y" so that every tool reads a text
    schema/value: `retention` is `P2Y3X`, which is not a duration @/data/1/retention [P2Y3X]
      = Write an ISO 8601 duration, such as P2Y (two years), P18M or P30D
    "#);
    insta::assert_snapshot!(with_head("jurisdictions: [EU, US, EU]\nmetrics: {acuracy: 1}\n"), @r"
    schema/value: `jurisdictions` lists `EU` twice @/jurisdictions/2 [EU] + [EU] first listed here
      = Remove one of them
    schema/unknown-key: unknown key `acuracy`; did you mean `accuracy`? @/metrics/acuracy [acuracy]
    ");
    insta::assert_snapshot!(picture("title: T\nkind: feature-spek\n"), @r"
    schema/value: `kind` is `feature-spek`, not `feature-spec` @/kind [feature-spek]
      = Write `feature-spec`
    ");
}

#[test]
fn of_several_forms_the_nearest_speaks() {
    insta::assert_snapshot!(with_head("owner: bob\n"), @r"
    schema/value: `owner` is `bob`, which is not an e-mail address @/owner [bob]
      = Write it as name@example.com
      - `owner` may also be a mapping with `name` and `email`
    ");
    insta::assert_snapshot!(with_head("owner: {nam: Bob}\n"), @r"
    schema/unknown-key: unknown key `nam`; did you mean `name`? @/owner/nam [nam]
      - `owner` may also be an e-mail address
      - so `name` is missing
    ");
    insta::assert_snapshot!(with_head("scores: {type: rice, value: 3}\n"), @r"
    schema/missing-key: missing `reach` @/scores/reach [scores] (`scores` has no `reach`)
      = Add `reach`
      - `scores` may also be a mapping with `type` and `value`
    schema/unknown-key: unknown key `value` @/scores/value [value]
      = Known here: `type` and `reach`; keys of your own begin with `x-`
    ");
    insta::assert_snapshot!(with_head("scores: {type: moscow}\n"), @r"
    schema/value: `type` is `moscow`, which is none of the values it can have @/scores/type [moscow]
      = One of `rice` or `wsjf`
    ");
    insta::assert_snapshot!(with_head("scores: 3\n"), @r"
    schema/type: `scores` is an integer, not a mapping @/scores [3]
      = Write a mapping; it can have `type`, `reach` and `value`
    ");
}

#[test]
fn doubtful_scalars_are_warned_of() {
    insta::assert_snapshot!(with_head("id: no\ndata: [{name: yes, retention: P1D}]\n"), @r#"
    schema/ambiguous-scalar: `id` is the text `no`, not a truth value @/id [no]
      = YAML 1.1 reads unquoted `no` as a truth value; write "no" so that every tool reads a text
    schema/ambiguous-scalar: `name` is the text `yes`, not a truth value @/data/0/name [yes]
      = YAML 1.1 reads unquoted `yes` as a truth value; write "yes" so that every tool reads a text
    "#);
    insta::assert_snapshot!(with_head("owner: {name: \"on\"}\nx-beta: off\n"), @r"

    ");
}

#[test]
fn an_alias_is_labelled_with_its_anchor() {
    insta::assert_snapshot!(with_head("x-a: &x soon\nlaunch: *x\n"), @r"
    schema/type: `launch` is a string, not a mapping @/launch [*x] + [soon] what the alias stands for
      = Write a mapping; it can have `date`, `share`, `kill_switch` and `dashboard`
    ");
    insta::assert_snapshot!(with_head("x-a: &x {date: 2026-02-30}\nlaunch: *x\n"), @r"
    schema/value: `date` is `2026-02-30`, which is not a date @/launch/date [2026-02-30]
      = Write a day as YYYY-MM-DD, such as 2026-11-22
      - `date` may also be a point in time
    ");
}

/// Any JSON of the keys that the schema knows, so that it comes near to fitting.
fn documents() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(json!("feature-spec")),
        Just(json!("P2Y")),
        Just(json!("2026-11-22")),
        Just(json!("rice")),
        Just(json!("low")),
        Just(json!("")),
        any::<i8>().prop_map(|n| json!(n)),
        Just(json!(0.5)),
        Just(json!(null)),
        any::<bool>().prop_map(|b| json!(b)),
    ];
    let key = prop::sample::select(vec![
        "kind",
        "title",
        "owner",
        "data",
        "name",
        "retention",
        "launch",
        "date",
        "share",
        "scores",
        "type",
        "reach",
        "level",
        "metrics",
        "f1",
        "jurisdictions",
        "personal",
        "x-own",
        "zzz",
        "a/b~c",
    ]);
    scalar.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|entries| entries
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// What does not fit is said, what fits is not, and every place lies in the document.
    #[test]
    fn nothing_that_does_not_fit_is_silent(document in documents()) {
        let plain = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&schema())
            .unwrap();
        let ours = Schema::compile("feature-spec", &schema()).unwrap();
        let tree = tree("a.json", &document.to_string());
        let findings = ours.check(tree.root().unwrap());
        prop_assert_eq!(findings.is_empty(), plain.is_valid(&document), "{}: {:?}", document, findings);
        for finding in &findings {
            prop_assert!(!finding.message.is_empty());
            let place = finding.primary.location.span;
            prop_assert!(tree.sources()[0].text().get(place.range()).is_some_and(|text| !text.is_empty()));
        }
    }
}

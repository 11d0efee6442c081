use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::{DeError, Spanned, from_node};
use crate::source::{FileId, SourceFile};
use crate::value::{Limits, Parsed, Syntax, read};

fn parse(text: &str) -> (Parsed, Arc<SourceFile>) {
    let source = SourceFile::new(FileId(7), "a.yaml", text);
    let parsed = read(&source, Syntax::Yaml, &Limits::default());
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    (parsed, source)
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Error,
    AtMost(i64),
    Range { min: f64, max: f64 },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Name(String);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: Spanned<Name>,
    level: Spanned<Level>,
    weight: Option<f64>,
    on: bool,
    sign: char,
    #[serde(default)]
    tags: Vec<Spanned<String>>,
    #[serde(default)]
    params: BTreeMap<String, Spanned<Level>>,
    rest: Option<Spanned<i64>>,
}

const RULE: &str = "id: a/b
level: error
weight: 1
on: true
sign: é
tags: [x, \"y\"]
params:
  p: {at-most: 3}
  q:
    range: {min: 0, max: .5}
rest: ~
";

#[test]
fn structs_enums_options_maps_and_their_places() {
    let (parsed, source) = parse(RULE);
    let rule: Rule = from_node(parsed.tree.root().unwrap()).unwrap();
    assert_eq!(rule.id.value, Name("a/b".into()));
    assert_eq!(source.slice(rule.id.location.span), "a/b");
    assert_eq!(source.slice(rule.id.key_location.unwrap().span), "id");
    assert_eq!(rule.level.value, Level::Error);
    assert_eq!(rule.weight, Some(1.0));
    assert_eq!(rule.sign, 'é');
    assert_eq!(source.slice(rule.tags[1].location.span), "\"y\"");
    assert_eq!(rule.tags[1].key_location, None);
    assert_eq!(rule.params["p"].value, Level::AtMost(3));
    assert_eq!(rule.params["q"].value, Level::Range { min: 0.0, max: 0.5 });
    assert_eq!(source.slice(rule.params["q"].address().span), "q");
    assert_eq!(rule.rest, None);
    assert_eq!(rule.id.location.file, FileId(7));
}

#[test]
fn errors_carry_the_place_of_the_fault() {
    let cases = [
        (
            "level: error",
            "levell: error",
            "levell",
            "unknown field `levell`",
        ),
        (
            "level: error",
            "level: eror",
            "eror",
            "unknown variant `eror`",
        ),
        (
            "on: true",
            "on: yes",
            "yes",
            "expected `true` or `false`, found a string",
        ),
        (
            "weight: 1",
            "weight: \"1\"",
            "\"1\"",
            "expected a number, found a string",
        ),
        (
            "id: a/b",
            "id: 3",
            "3",
            "expected a string, found an integer",
        ),
        (
            "at-most: 3",
            "at-most: x",
            "x",
            "invalid type: string \"x\", expected i64",
        ),
        (
            "tags: [x",
            "tags: [1",
            "1",
            "expected a string, found an integer",
        ),
        (
            "tags: [x, \"y\"]",
            "tags: {}",
            "tags",
            "expected a list, found a mapping",
        ),
        ("on: true\n", "", "id", "missing field `on`"),
        (
            "sign: é",
            "sign: xy",
            "xy",
            "invalid value: string \"xy\", expected a character",
        ),
    ];
    for (from, to, place, message) in cases {
        assert!(RULE.contains(from));
        let (parsed, source) = parse(&RULE.replace(from, to));
        let error: DeError = from_node::<Rule>(parsed.tree.root().unwrap()).unwrap_err();
        let location = error.location.unwrap();
        assert!(error.message.starts_with(message), "{to}: {error}");
        assert_eq!(source.slice(location.span), place, "{to}: {error}");
    }
}

#[test]
fn an_alias_is_read_as_what_it_stands_for_and_placed_where_it_stands() {
    let (parsed, source) = parse("a: &x {n: 1}\nb: *x\n");
    let map: BTreeMap<String, Spanned<BTreeMap<String, i64>>> =
        from_node(parsed.tree.root().unwrap()).unwrap();
    assert_eq!(map["b"].value, map["a"].value);
    assert_eq!(source.slice(map["b"].location.span), "*x");
}

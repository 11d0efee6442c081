//! Expressions that would take for ever, or all memory, or all of the stack.

use proptest::prelude::*;
use proptest::sample;

use super::*;

fn outcome(doc: &str, text: &str) -> String {
    Case::new(doc).eval(text)
}

const SPENT: &str = "<the expression takes more than 1000000 steps>";

#[test]
fn the_budget_stops_what_grows() {
    let list = format!("list: [{}]", "1, ".repeat(2000));
    for text in [
        "doc.list.all(x, doc.list.all(y, doc.list.all(z, x == y)))",
        "doc.list.map(x, doc.list.map(y, y)).size() == 0",
        "doc.list.exists(x, doc.list.exists(y, x + y == 0))",
        // Running out is not absorbed.
        "doc.list.exists(x, doc.list.exists(y, x + y == 0)) || true",
        "doc.list.all(x, !doc.list.exists(y, x + y == 0)) || true",
        "doc.list.filter(x, doc.list.map(y, doc.list) == [])",
        "lists.range(100000000).size()",
        "doc.list.map(x, doc.list) == doc.list.map(x, doc.list) && doc.list.distinct() == doc.list.map(x, doc.list)",
    ] {
        assert_eq!(outcome(&list, text), SPENT, "{text}");
    }
}

#[test]
fn text_cannot_grow_without_end() {
    let mut doubling = "s".to_owned();
    for _ in 0..24 {
        doubling = format!("cel.bind(s, s + s, {doubling})");
    }
    let text = format!("cel.bind(s, '{}', {doubling}).size()", "x".repeat(100));
    assert_eq!(outcome("{}", &text), SPENT);
    let replaced = "x".repeat(2000);
    let text =
        format!("cel.bind(s, '{replaced}', s.replace('', s).replace('', s).replace('', s).size())");
    assert_eq!(outcome("{}", &text), SPENT);
}

#[test]
fn patterns_are_limited() {
    let case = Case::new("{}");
    let huge = Program::compile_unchecked(r"'a'.matches('(\\pL{1000}){1000}')", &case.env);
    let error = huge.unwrap_err().remove(0);
    assert_eq!(error.message, "the pattern is too large");
    assert_eq!(
        case.eval(r"'a'.matches('(\\pL{1000})' + '{1000}')"),
        "<the pattern is too large>"
    );
    let wrong = Program::compile_unchecked("doc.a.matches('a(')", &case.env);
    let error = wrong.unwrap_err().remove(0);
    assert_eq!(error.message, "this is no pattern: unclosed group");
    assert_eq!((error.span.start, error.span.end), (14, 18));
}

#[test]
fn a_large_document_is_searched_within_the_budget() {
    use std::fmt::Write as _;

    let mut plain = "list:\n".to_owned();
    let mut escaped = "list:\n".to_owned();
    let mut aliased = "a: &a [".to_owned() + &"1, ".repeat(1000) + "]\nlist:\n";
    for number in 0..60_000 {
        let _ = writeln!(plain, "- the element {number} of a long list # {number}");
        let _ = writeln!(escaped, "- \"the element\\n{number} of a long list\"");
        if number < 90 {
            aliased.push_str("- *a\n");
        }
    }
    assert!(plain.len() > 2_500_000);
    for doc in [plain, escaped, aliased] {
        let case = Case::new(&doc);
        assert_eq!(case.eval("occurrences(doc, 'x[0-9]+').size()"), "0");
        let each = "doc.list.slice(0, 80).filter(e, occurrences(e, 'x[0-9]').size() > 0)";
        assert_eq!(case.eval(&format!("{each}.size()")), "0");
    }
}

#[test]
fn what_is_found_is_found_once_and_is_paid_for() {
    let line = "- \"a1\\tb2\"\n";
    let case = Case::new(&format!("list:\n{}", line.repeat(20_000)));
    assert_eq!(case.eval("occurrences(doc, '[ab][0-9]').size()"), "40000");
    assert_eq!(
        case.eval("occurrences(doc, r'\\b[ab][0-9]').size()"),
        "40000"
    );
    let case = Case::new(&format!("text: '{}'", "x''".repeat(500_000)));
    assert_eq!(case.eval("occurrences(doc, 'x').size()"), SPENT);
    // Asked again and again, a document is no longer cheap.
    let list = format!("list: [{}]", "1, ".repeat(20_000));
    let again = "doc.list.all(e, occurrences(doc, 'x').size() == 0)";
    assert_eq!(Case::new(&list).eval(again), SPENT);
}

#[test]
fn the_deepest_expressions_fit_the_stack() {
    let case = Case::new("a: {a: {a: 1}}");
    for (open, close) in [
        ("(", ")"),
        ("[", "][0]"),
        ("-", ""),
        ("true ? 1 : ", ""),
        ("size([", "])"),
        ("cel.bind(x, 1, ", ")"),
        ("[1].map(x, ", ")[0]"),
        ("{'a': ", "}.a"),
    ] {
        let deepest = (1..100)
            .filter_map(|n| {
                let text = format!("{}1{}", open.repeat(n), close.repeat(n));
                Program::compile_unchecked(&text, &case.env).ok()
            })
            .next_back()
            .unwrap();
        let scope = case.scope("", &NoFacts);
        assert!(deepest.eval(&scope).is_value(), "{open}");
        let _ = deepest.blame(&scope);
    }
}

/// Expressions that parse, of all operations, over right and wrong operands.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = sample::select(vec![
        "doc.a",
        "doc.a[0]",
        "doc.a[1]",
        "doc.a[2].b",
        "doc.b.a",
        "doc.b.c",
        "doc.c",
        "doc.d",
        "doc.e.f",
        "item",
        "item.a",
        "doc.?e.?f",
        "doc.a[?7]",
        "x",
        "params.limit",
        "params.allowed",
        "today",
        "1",
        "-1",
        "0",
        "1.5",
        "2u",
        "'x'",
        "'P1Y'",
        "'2026-01-01'",
        "b'x'",
        "null",
        "true",
        "false",
        "[]",
        "{}",
        "9223372036854775807",
        "int",
        "'%s %d %.2f'",
        "'a('",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (
                two.clone(),
                sample::select(vec![
                    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in",
                ])
            )
                .prop_map(|((a, b), operator)| format!("({a} {operator} {b})")),
            (
                inner.clone(),
                sample::select(vec![
                    "!(@)",
                    "-(@)",
                    "has((@).a)",
                    "(@).a",
                    "(@).?a",
                    "(@)[0]",
                    "(@)[?0]",
                    "[@, 1]",
                    "[?(@)]",
                    "{'a': @}",
                    "{?'a': (@)}",
                    "days(@)",
                    "date(@)",
                    "age(@)",
                    "number(@)",
                    "lower(@)",
                    "blank(@)",
                    "size(@)",
                    "string(@)",
                    "int(@)",
                    "uint(@)",
                    "double(@)",
                    "bytes(@)",
                    "bool(@)",
                    "type(@)",
                    "dyn(@)",
                    "timestamp(@)",
                    "duration(@)",
                    "(@).getHours()",
                    "(@).getFullYear('+01:00')",
                    "(@).trim()",
                    "(@).reverse()",
                    "(@).join()",
                    "(@).sort()",
                    "(@).distinct()",
                    "(@).flatten()",
                    "math.abs(@)",
                    "math.sign(@)",
                    "math.greatest(@)",
                    "math.bitNot(@)",
                    "optional.of(@)",
                    "optional.ofNonZeroValue(@)",
                    "(@).hasValue()",
                    "(@).value()",
                    "docs(@)",
                    "ref(@)",
                    "base64.decode(@)",
                    "base64.encode(@)",
                    "strings.quote(@)",
                    "lists.range(@)",
                ])
            )
                .prop_map(|(a, shape)| shape.replace('@', &a)),
            (
                two.clone(),
                sample::select(vec![
                    "(@).all(x, #)",
                    "(@).exists(x, #)",
                    "(@).exists_one(x, #)",
                    "(@).map(x, #)",
                    "(@).filter(x, #)",
                    "(@).map(x, true, #)",
                    "(@).all(k, x, #)",
                    "(@).exists(k, x, #)",
                    "(@).transformList(k, x, #)",
                    "(@).transformMap(k, x, #)",
                    "(@).transformMapEntry(k, x, #)",
                    "(@).optMap(x, #)",
                    "(@).optFlatMap(x, #)",
                    "cel.bind(x, @, #)",
                    "(@).or(#)",
                    "(@).orValue(#)",
                    "(@)[#]",
                    "(@)[?#]",
                    "(@).contains(#)",
                    "(@).matches(#)",
                    "(@).split(#)",
                    "(@).indexOf(#)",
                    "(@).lastIndexOf('x', #)",
                    "(@).substring(#)",
                    "(@).charAt(#)",
                    "(@).replace('x', #)",
                    "(@).replace('', 'y', #)",
                    "(@).format([#])",
                    "(@).slice(0, #)",
                    "(@).flatten(#)",
                    "math.bitShiftLeft(@, #)",
                    "math.least(@, #)",
                ])
            )
                .prop_map(|((a, b), shape)| shape.replace('@', &a).replace('#', &b)),
            (inner.clone(), two).prop_map(|(a, (b, c))| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn nothing_panics_and_every_failure_is_blamed(text in expressions()) {
        let case = Case::new("{a: [1, x, {b: null}], b: {a: 2.5, c: [[]]}, c: 7, d: true}");
        let Ok(program) = Program::compile_unchecked(&text, &case.env) else {
            return Ok(());
        };
        let scope = case.scope("b", &NoFacts).with_budget(50_000);
        let value = program.eval(&scope);
        let _ = (value.to_string(), program.paths());
        prop_assert_eq!(value.truth(), program.eval(&scope).truth());
        let blame = program.blame(&scope);
        for operand in &blame.operands {
            prop_assert!(operand.location.is_none_or(|at| at.file.0 <= 1));
            prop_assert!(!operand.text.is_empty());
        }
        if matches!(value.truth(), Truth::Absent | Truth::Error) && !value.is_value() {
            prop_assert!(!blame.operands.is_empty(), "{value}");
        }
    }
}

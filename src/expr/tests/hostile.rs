//! Expressions that would take for ever, or all memory, or all of the stack.

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

proptest::proptest! {
    /// Whatever is compiled can be evaluated and blamed.
    #[test]
    fn nothing_panics(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "doc", "item", ".a", ".?a", "[0]", "[?0]", "['b']", ".b", "1", "-1", "0", "1.5", "2u", "'x'", "b'x'", "null",
                "true", "false", " + ", " - ", " * ", " / ", " % ", " == ", " != ", " < ", " >= ", " && ", " || ", "!",
                " in ", " ? ", " : ", "(", ")", "[", "]", "{", "}", ", ", ".all(x, ", ".exists(x, ", ".map(x, ",
                ".filter(x, ", ".exists_one(x, ", ".transformMap(k, v, ", "x", "k", "v", "has(doc.a)", "days(", "date(",
                "size(", "blank(", "string(", "int(", "timestamp(", "duration(", ".orValue(", ".size()", ".optMap(x, ",
                "'%s %d %.2f'.format([", ".substring(", ".split(", ".replace(", ".indexOf(", "math.abs(", "math.least(",
                "'P1Y'", "'2026-01-01'", "9223372036854775807", "today", "params.limit", "lists.range(", ".flatten()", ".slice(",
            ]),
            1..14,
        )
    ) {
        let case = Case::new("{a: [1, x, {b: null}], b: {a: 2.5, c: [[]]}, c: 7}");
        let text: String = parts.concat();
        let open = text.matches(['(', '[', '{']).count();
        for close in ["", ")", "))", "])", ")])"].into_iter().take(open + 1) {
            if let Ok(program) = Program::compile_unchecked(&format!("{text}{close}"), &case.env) {
                let scope = case.scope("b", &NoFacts).with_budget(20_000);
                let value = program.eval(&scope);
                let _ = (value.to_string(), program.paths());
                for operand in program.blame(&scope).operands {
                    let known = operand.location.is_none_or(|at| at.file.0 <= 1);
                    assert!(known && !operand.text.is_empty());
                }
            }
        }
    }
}

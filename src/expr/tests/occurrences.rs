//! What is found in what was written, and what is said of it.

use super::*;

const DOC: &str = "\
# header 11
title: from 22 to 333 # beside 44
key55: \"tab\\t66\\u003777\"
card: 4111
list: [&x 88, *x, 'a 99 b', 0.5]
folded: >
  one
  1000 two
";

/// What is found, each with its bytes and its path.
fn found(case: &Case, text: &str) -> Vec<String> {
    let program = case.compile(text);
    let scope = case.scope("", &NoFacts);
    let value = program.eval(&scope);
    let Some(elements) = value.elements() else {
        return vec![value.to_string()];
    };
    elements
        .map(|element| match element.occurrence() {
            Some(found) => format!(
                "{} at {:?} in `{}`",
                found.text(),
                case.file.slice(found.location().span),
                found.node().pointer().to_path()
            ),
            None => element.to_string(),
        })
        .collect()
}

#[test]
fn keys_comments_numbers_and_texts_are_searched() {
    assert_eq!(
        found(&Case::new(DOC), "occurrences(doc, '[0-9]{2,}')"),
        [
            "11 at \"11\" in ``",
            "22 at \"22\" in `title`",
            "333 at \"333\" in `title`",
            "44 at \"44\" in ``",
            "55 at \"55\" in ``",
            // The digits of the escape are found as they stand there; what is meant is found too.
            "66777 at \"\\\"tab\\\\t66\\\\u003777\\\"\" in `key55`",
            "66 at \"66\" in `key55`",
            "003777 at \"003777\" in `key55`",
            "4111 at \"4111\" in `card`",
            "88 at \"88\" in `list[0]`",
            "99 at \"99\" in `list[2]`",
            "1000 at \"1000\" in `folded`",
        ]
    );
}

#[test]
fn a_part_of_a_document_is_searched_by_itself() {
    let case = Case::new(DOC);
    assert_eq!(
        found(&case, "occurrences(doc.title, '[0-9]+')"),
        ["22 at \"22\" in `title`", "333 at \"333\" in `title`"]
    );
    assert_eq!(
        found(&case, "occurrences(doc.card, '1+')"),
        ["111 at \"111\" in `card`"]
    );
    assert_eq!(
        found(&case, "occurrences(doc.list[1], '8')"),
        ["8 at \"*x\" in `list[1]`",]
    );
    assert_eq!(
        found(
            &case,
            "occurrences(occurrences(doc.title, 'to [0-9]+')[0], '[0-9]+')"
        ),
        ["333 at \"333\" in `title`"]
    );
    assert_eq!(found(&case, "occurrences('a1b22', '[0-9]+')"), ["1", "22"]);
    assert_eq!(
        found(&case, "occurrences(doc.title, 'x' + '*')"),
        Vec::<String>::new()
    );
    assert_eq!(
        found(&case, "occurrences(true, 'x')"),
        ["<a value is a boolean, not a value of a document or a text>"]
    );
    assert_eq!(
        found(&case, "occurrences(doc, 'a' + '(')"),
        ["<this is no pattern: unclosed group>"]
    );
}

#[test]
fn of_a_pattern_with_groups_the_first_that_takes_part_is_found() {
    let case = Case::new("a: x-1 y-2 z-3\n");
    assert_eq!(
        found(&case, "occurrences(doc, 'x-([0-9])|y-[0-9]|z-([0-9])')"),
        ["1 at \"1\" in `a`", "3 at \"3\" in `a`"]
    );
}

#[test]
fn what_breaks_lines_is_found_once() {
    let case = Case::new("a: |\n  begin\n  middle end\nb: \"begin\\nmiddle end\"\n");
    let all = found(&case, "occurrences(doc, r'begin(?:\\s|\\\\n)+middle end')");
    assert_eq!(all.len(), 2, "{all:?}");
    // Folded, it can be found only as it is meant.
    let case = Case::new("a: 4111 1111\n  1111 1111\n");
    assert_eq!(
        found(&case, "occurrences(doc, '[0-9 ]{19}')"),
        ["4111 1111 1111 1111 at \"4111 1111\\n  1111 1111\" in `a`"]
    );
}

#[test]
fn what_is_read_between_marks_is_found_at_the_smallest_text_that_holds_it() {
    let text = "# One\n\nFirst.\n\n## Two\n\nSecond.\n\n- none\n- **4111** 1111\n";
    let source = SourceFile::new(FileId(0), "spec.md", text);
    let mut case = Case::new("");
    case.tree = read(&source, Syntax::Markdown, &Limits::default()).tree;
    case.file = source;
    assert_eq!(
        found(&case, "occurrences(doc, '[0-9]{4} [0-9]{4}')"),
        ["4111 1111 at \"**4111** 1111\" in `sections[1].items[1]`"]
    );
}

#[test]
fn a_path_is_that_of_the_innermost_value() {
    let case = Case::new(DOC);
    assert_eq!(case.eval("path(doc.list[2])"), "list[2]");
    assert_eq!(case.eval("path(occurrences(doc, '99')[0])"), "list[2]");
    assert_eq!(case.eval("path(occurrences(doc, '44')[0])"), "");
    assert_eq!(case.eval("path(doc)"), "");
    assert_eq!(
        case.eval("path('list')"),
        "<is computed, and stands nowhere in a document>"
    );
}

#[test]
fn check_digits_are_computed_of_what_a_document_has() {
    let case = Case::new("card: 4111 1111 1111 1111\nid: 86095742719\n");
    for text in [
        "check_digit(doc.card, 'luhn')",
        "!check_digit(doc.card, 'verhoeff')",
        "check_digit(string(doc.id), 'mod11-10')",
        "weighted_sum('9434765919', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0",
        "weighted_sum('1.2-3/4 5', [1, 1, 1, 1, -1]) == 5",
    ] {
        assert_eq!(case.truth(text), Truth::True, "{text}");
    }
    for (text, error) in [
        (
            "check_digit(doc.card, 'lune')",
            "<`lune` is no scheme of check digits>",
        ),
        (
            "check_digit(doc.id, 'luhn')",
            "<`id` is an integer, not a string>",
        ),
        (
            "weighted_sum('12', [1])",
            "<has 2 digits, and there are 1 weights>",
        ),
        (
            "weighted_sum('1X', [1, 1])",
            "<holds more than digits and separators>",
        ),
        (
            "weighted_sum('1', ['1'])",
            "<a value is a list, not a list of integers>",
        ),
        (
            "weighted_sum('9', [9223372036854775807])",
            "<holds weights that are too large>",
        ),
    ] {
        assert_eq!(case.eval(text), error, "{text}");
    }
}

#[test]
fn a_found_text_is_blamed_where_it_stands() {
    let case = Case::new("a: x 11 y 22\n");
    let text = "!occurrences(doc.a, '[0-9]+').exists(n, n == '22')";
    assert_eq!(case.blame("", text), "\"22\": `n` is 22");
}

#[test]
fn nothing_is_shown_where_values_are_redacted() {
    let case = Case::new("a: secret-1\nn: 4711\nm: {b: secret-2}\nd: secret-3\n");
    for text in [
        "doc.a == 'x'",
        "doc.n == 5",
        "has(doc.m.c) || doc.a == 'x'",
        "!has(doc.m)",
        "days(doc.d) > 3.0",
        "date(doc.a) < today",
        "occurrences(doc, 'secret-[0-9]').all(s, s == 'x')",
        "doc.m.b.contains('x') && doc.d in params.allowed",
        "cel.bind(s, lower(doc.a), s == 'x')",
        "[doc.a].exists(s, s == 'x')",
        "int(doc.a) == 3",
    ] {
        let program = case.compile(text);
        let scope = case.scope("", &NoFacts).redacting(true);
        let blame = program.blame(&scope);
        let said = format!("{:?}", blame.operands);
        assert!(!blame.operands.is_empty(), "{text}");
        assert!(
            !said.contains("secret") && !said.contains("4711"),
            "{text}: {said}"
        );
    }
    let program = case.compile("doc.a in params.allowed");
    let scope = case.scope("", &NoFacts).redacting(true);
    let texts: Vec<_> = program
        .blame(&scope)
        .operands
        .into_iter()
        .map(|o| o.text)
        .collect();
    assert_eq!(
        texts,
        [
            "`a` has 8 characters, not shown",
            "`params.allowed` is [EU, UK]"
        ]
    );
}

//! The tables of three-valued logic, with errors as the fourth outcome.

use super::*;

/// Something that comes out in each way.
const OUTCOMES: [(Truth, &str); 4] = [
    (Truth::True, "doc.yes"),
    (Truth::False, "doc.no"),
    (Truth::Absent, "doc.missing"),
    (Truth::Error, "doc.text"),
];

fn case() -> Case {
    Case::new("{yes: true, no: false, text: abc, nothing: null}")
}

/// `false` decides; else an error outranks an absence.
fn and(a: Truth, b: Truth) -> Truth {
    let rank = |truth| match truth {
        Truth::False => 0,
        Truth::Error => 1,
        Truth::Absent => 2,
        Truth::True => 3,
    };
    if rank(a) <= rank(b) { a } else { b }
}

fn not(a: Truth) -> Truth {
    match a {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        other => other,
    }
}

fn or(a: Truth, b: Truth) -> Truth {
    not(and(not(a), not(b)))
}

#[test]
fn tables_of_two_operands() {
    let case = case();
    for (a, left) in OUTCOMES {
        assert_eq!(case.truth(&format!("!{left}")), not(a), "!{left}");
        for (b, right) in OUTCOMES {
            for (operator, want) in [("&&", and(a, b)), ("||", or(a, b))] {
                let text = format!("{left} {operator} {right}");
                assert_eq!(case.truth(&text), want, "{text}");
            }
            for (c, otherwise) in OUTCOMES {
                let want = match a {
                    Truth::True => b,
                    Truth::False => c,
                    undecided => undecided,
                };
                // A branch that is no boolean is a value like any other.
                let text = format!("{left} ? {right} : {otherwise}");
                assert_eq!(case.truth(&text), want, "{text}");
            }
        }
    }
}

#[test]
fn tables_of_all_and_exists() {
    let case = case();
    let element = |outcome: &str| match outcome {
        "doc.yes" => "{'ok': true}",
        "doc.no" => "{'ok': false}",
        "doc.missing" => "{}",
        _ => "{'ok': 'abc'}",
    };
    for (a, first) in OUTCOMES {
        for (b, second) in OUTCOMES {
            for (c, third) in OUTCOMES {
                let list = [first, second, third].map(element).join(", ");
                let all = format!("[{list}].all(x, x.ok)");
                assert_eq!(case.truth(&all), and(and(a, b), c), "{all}");
                let exists = format!("[{list}].exists(x, x.ok)");
                assert_eq!(case.truth(&exists), or(or(a, b), c), "{exists}");
            }
        }
    }
    assert_eq!(case.truth("[].all(x, x.ok)"), Truth::True);
    assert_eq!(case.truth("[].exists(x, x.ok)"), Truth::False);
}

#[test]
fn what_is_absent_and_what_is_an_error() {
    let case = case();
    for (text, want) in [
        // Below what is not there, or null, nothing is there.
        ("doc.missing.deeper == 1", Truth::Absent),
        ("doc.nothing.deeper == 1", Truth::Absent),
        ("doc.missing < 1", Truth::Absent),
        ("!(doc.missing == 1)", Truth::Absent),
        ("doc.missing == doc.missing", Truth::Absent),
        ("days(doc.missing) < 3", Truth::Absent),
        ("doc.missing in [1]", Truth::Absent),
        ("1 in doc.missing", Truth::Absent),
        ("1 in doc.nothing", Truth::Absent),
        ("doc.missing.all(x, x)", Truth::Absent),
        ("doc.nothing.all(x, x)", Truth::Absent),
        ("doc.missing.exists(x, x)", Truth::Absent),
        ("[1].exists(x, doc.missing == x)", Truth::Absent),
        ("doc.missing.map(x, x) == []", Truth::Absent),
        ("size(doc.missing) == 0", Truth::Absent),
        ("doc.missing.contains('a')", Truth::Absent),
        // Null itself can be asked for, and has no order.
        ("doc.nothing == null", Truth::True),
        ("doc.nothing != null", Truth::False),
        ("doc.text == null", Truth::False),
        ("doc.nothing < 1", Truth::Error),
        ("doc.nothing + 1 == 1", Truth::Error),
        // Presence is an explicit decision.
        ("has(doc.text)", Truth::True),
        ("has(doc.nothing)", Truth::True),
        ("has(doc.missing)", Truth::False),
        ("has(doc.missing.deeper)", Truth::False),
        ("has(doc.nothing.deeper)", Truth::False),
        ("has(doc.text.deeper)", Truth::Error),
        ("doc.?missing.orValue(1) == 1", Truth::True),
        ("doc.?nothing.?deeper.orValue(1) == 1", Truth::True),
        ("doc.?missing.?deeper.hasValue()", Truth::False),
        ("blank(doc.missing)", Truth::True),
        ("blank(doc.nothing)", Truth::True),
        ("blank(doc.text)", Truth::False),
        ("blank(doc.text.deeper)", Truth::Error),
        // Wrong types are errors.
        ("doc.text.deeper == 1", Truth::Error),
        ("doc.text < 1", Truth::Error),
        ("doc.text == 1", Truth::False),
        ("1 / 0 == 1", Truth::Error),
        ("days(doc.text) < 3", Truth::Error),
        ("doc.text.all(x, true)", Truth::Error),
    ] {
        assert_eq!(case.truth(text), want, "{text}");
    }
}

use super::*;
use crate::expr::env::Signature;

/// A feature spec and a model card, cut down to what the tables below need.
fn env() -> Env {
    let transfer = Type::object(
        "transfer",
        [
            ("country", Type::String),
            ("mechanism", Type::one_of(["adequacy", "scc", "bcr"])),
        ],
    );
    let data = Type::object(
        "data element",
        [
            ("name", Type::String),
            ("personal", Type::Bool),
            ("retention", Type::IsoDuration),
            (
                "lawful_basis",
                Type::one_of(["consent", "contract", "legal-obligation"]),
            ),
            ("subjects", Type::list(Type::String)),
            ("transfers", Type::list(transfer)),
            (
                "threshold",
                Type::object("threshold", [("min", Type::Number), ("set_on", Type::Date)]),
            ),
            ("value", Type::Number),
            ("rows", Type::Int),
        ],
    );
    let launch = Type::object(
        "launch",
        [
            ("date", Type::Date),
            ("kill_switch", Type::union([Type::Bool, Type::Null])),
            ("notice", Type::IsoDuration),
            (
                "rollout",
                Type::list(Type::object("rollout step", [("percent", Type::Number)])),
            ),
        ],
    );
    let doc = Type::object(
        "feature-spec",
        [
            ("title", Type::String),
            (
                "status",
                Type::one_of(["draft", "in-review", "approved", "launched"]),
            ),
            ("data", Type::list(data.clone())),
            ("launch", launch),
            (
                "kpis",
                Type::list(Type::object(
                    "kpi",
                    [("name", Type::String), ("target", Type::Number)],
                )),
            ),
            (
                "jurisdictions",
                Type::list(Type::one_of(["eu", "us", "uk"])),
            ),
            ("labels", Type::map(Type::String)),
            (
                "owner",
                Type::union([
                    Type::String,
                    Type::object("owner", [("name", Type::String), ("team", Type::String)]),
                ]),
            ),
            (
                "models",
                Type::list(Type::object("model", [("card", Type::String)])),
            ),
            (
                "extra",
                Type::Object(Arc::new(crate::expr::types::ObjectType {
                    name: "extra".into(),
                    fields: [("known".into(), Type::Int)].into(),
                    open: true,
                })),
            ),
            ("anything", Type::Dyn),
        ],
    );
    let card = Type::object(
        "model-card",
        [("name", Type::String), ("licence", Type::String)],
    );
    let mut env = Env::new();
    env.declare("doc", doc.clone());
    env.declare("item", data);
    env.declare(
        "params",
        Type::object(
            "params",
            [
                ("limit", Type::IsoDuration),
                ("bases", Type::list(Type::String)),
                ("count", Type::Int),
            ],
        ),
    );
    env.declare("today", Type::Timestamp);
    env.declare_kind("feature-spec", doc);
    env.declare_kind("model-card", card);
    env.declare_function(
        Signature::new(
            "signoff",
            [Type::String, Type::String],
            Type::object(
                "sign-off",
                [
                    ("status", Type::one_of(["valid", "stale", "missing"])),
                    ("role", Type::String),
                ],
            ),
        )
        .with_optional(1),
    );
    env
}

/// Expressions that mean something, with the type of their value.
const RIGHT: &[(&str, &str)] = &[
    ("item.personal", "a boolean"),
    ("item.value >= item.threshold.min", "a boolean"),
    ("item.value * 100.0 >= 80", "a boolean"),
    ("item.rows * 0.5", "a number"),
    ("item.rows + 1", "an integer"),
    ("size(item.name) * 0.5", "a number"),
    ("(item.value + 1) * 0.5 > 2", "a boolean"),
    ("number(item.value) / item.rows", "a number"),
    ("item.rows / 2", "an integer"),
    ("math.round(number(item.value))", "a float"),
    ("days(item.retention) <= days(params.limit)", "a boolean"),
    ("days(item.retention) <= 730", "a boolean"),
    ("days(item.retention) <= days('P2Y')", "a boolean"),
    ("age(item.threshold.set_on) <= 365", "a boolean"),
    ("date(doc.launch.date) >= today", "a boolean"),
    (
        "date(doc.launch.date) - today > duration('48h')",
        "a boolean",
    ),
    ("date(doc.launch.date) >= date('2026-01-01')", "a boolean"),
    ("date(doc.launch.date).getFullYear() == 2026", "a boolean"),
    ("doc.launch.date == '2026-11-22'", "a boolean"),
    ("doc.status == 'launched'", "a boolean"),
    ("'launched' != doc.status", "a boolean"),
    ("doc.status in ['approved', 'launched']", "a boolean"),
    ("item.lawful_basis in params.bases", "a boolean"),
    ("'eu' in doc.jurisdictions", "a boolean"),
    ("'title' in doc", "a boolean"),
    ("'x' in doc.labels", "a boolean"),
    ("'deep' in doc.extra", "a boolean"),
    ("!item.personal || has(item.lawful_basis)", "a boolean"),
    (
        "has(doc.launch.date) && has(item.threshold.min)",
        "a boolean",
    ),
    ("item.?threshold.?min.orValue(0.8) >= 0.8", "a boolean"),
    ("item.?threshold.min", "an optional number"),
    ("item.transfers[?0].?country.orValue('none')", "a string"),
    ("item.?value.optMap(v, v > 0.5).orValue(false)", "a boolean"),
    (
        "doc.data.all(d, d.transfers.all(t, t.mechanism != 'scc'))",
        "a boolean",
    ),
    ("doc.data.exists(d, d.personal)", "a boolean"),
    ("doc.data.filter(d, d.personal).size() > 1", "a boolean"),
    ("doc.data.map(d, d.name).join(', ')", "a string"),
    ("doc.data.map(d, d.personal, d.name)", "a list of strings"),
    ("doc.kpis.all(i, k, k.target > i)", "a boolean"),
    ("doc.labels.all(k, k.startsWith('x'))", "a boolean"),
    ("doc.labels.exists(k, v, v == k)", "a boolean"),
    ("doc.data.exists_one(d, d.name == item.name)", "a boolean"),
    (
        "doc.data[0].transfers[1].country == doc['title']",
        "a boolean",
    ),
    ("doc.owner.name == 'x' || doc.owner == 'y'", "a boolean"),
    ("doc.extra.deep.down > 3", "a boolean"),
    ("doc.anything.at.all.size() == 1", "a boolean"),
    (
        "docs('model-card').exists(c, c.name == doc.title)",
        "a boolean",
    ),
    ("docs(item.name).size() > 0", "a boolean"),
    ("ref(doc.models[0].card).name == 'x'", "a boolean"),
    ("signoff('dpo').status == 'valid'", "a boolean"),
    (
        "signoff('dpo', 'eu').status in ['valid', 'stale']",
        "a boolean",
    ),
    ("item.name.matches(r'^[a-z]+$')", "a boolean"),
    ("matches(item.name, '^a')", "a boolean"),
    (
        "lower(item.name).contains('email') && !blank(item.name)",
        "a boolean",
    ),
    ("number(item.name) > 1 && size(item.name) > 1", "a boolean"),
    (
        "item.personal ? item.retention : 'P1Y'",
        "a duration string or a string (`P1Y`)",
    ),
    (
        "doc.launch.kill_switch && true == item.personal",
        "a boolean",
    ),
    ("cel.bind(n, item.name, n + n)", "a string"),
    ("math.greatest(item.value, 0.5, 1) > 0.2", "a boolean"),
    ("math.least([item.value, 1]) > 0.2", "a boolean"),
    ("type(item.value) == double", "a boolean"),
    ("type(today) == google.protobuf.Timestamp", "a boolean"),
    ("optional.of(item.name).hasValue()", "a boolean"),
    ("[item.name, 'x'] + item.subjects", "a list of strings"),
    ("{'a': item.value}.a > 1", "a boolean"),
    ("string(item.value) + 'x'", "a string"),
    ("int(item.value) % 2 == 0", "a boolean"),
    ("occurrences(doc, '[0-9]')", "a list of strings"),
    ("check_digit(item.name, 'luhn')", "a boolean"),
    ("weighted_sum(path(item), [2, 1]) % 11 == 0", "a boolean"),
    ("[]", "an empty list"),
    ("item.subjects + []", "a list of strings"),
    ("item.?subjects.orValue([])", "a list of strings"),
    ("optional.none().orValue('x')", "a string (`x`)"),
    ("item.?name.or(optional.none())", "an optional string"),
    ("item.?threshold.orValue({}).min > 1", "a boolean"),
    ("1", "an integer"),
    ("'model-card'", "a string (`model-card`)"),
];

#[test]
fn right_expressions_have_a_type() {
    let env = env();
    for (text, ty) in RIGHT {
        let parsed = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        match check(&parsed, &env) {
            Ok(found) => assert_eq!(found.to_string(), *ty, "{text}"),
            Err(errors) => panic!("{text}: {errors:#?}"),
        }
    }
}

/// Every error of an expression, one a line: the text under its span, the message, the help.
fn errors(text: &str, result: Result<Type, Vec<ExprError>>) -> String {
    let mut lines = String::new();
    for error in result.err().unwrap_or_default() {
        let at = text.get(error.span.range()).unwrap();
        let help = error.help.map(|help| format!(" ({help})"));
        let help = help.unwrap_or_default();
        lines.extend(["  ", at, " -> ", &error.message, &help, "\n"]);
    }
    lines
}

#[test]
fn wrong_expressions_are_refused_where_they_are_wrong() {
    let env = env();
    let table = include_str!("wrong.txt");
    let mut found = String::new();
    for text in table
        .lines()
        .filter(|line| !line.starts_with(' ') && !line.is_empty())
    {
        let errors = errors(text, parse(text).and_then(|parsed| check(&parsed, &env)));
        assert!(!errors.is_empty(), "no error in {text}");
        found.extend([text, "\n", &errors, "\n"]);
    }
    // One block is compared at a time, so that a change shows where it is.
    for (found, wanted) in found.split("\n\n").zip(table.split("\n\n")) {
        assert_eq!(found.trim_end(), wanted.trim_end());
    }
    assert_eq!(found.trim_end(), table.trim_end());
}

#[test]
fn conditions_are_true_or_false_and_not_always_the_same() {
    let env = env();
    let condition = |text: &str| {
        let found = parse(text).and_then(|parsed| check_condition(&parsed, &env));
        errors(text, found).trim().to_owned()
    };
    for right in [
        "item.personal",
        "doc.anything",
        "has(doc.launch)",
        "docs('model-card').size() > 0",
    ] {
        assert_eq!(condition(right), "", "{right}");
    }
    for (wrong, error) in [
        (
            "true",
            "true -> this condition is the same for every document (compare a value of the document, or leave it out)",
        ),
        (
            "1 < 2",
            "1 < 2 -> this condition is the same for every document (compare a value of the document, or leave it out)",
        ),
        (
            "[1, 2].all(x, x > 0)",
            "[1, 2].all(x, x > 0) -> this condition is the same for every document (compare a value of the document, or leave it out)",
        ),
        (
            "doc.title",
            "doc.title -> `doc.title` is a string; a condition must be true or false (ask whether it is filled in: `!blank(doc.title)`)",
        ),
        (
            "item.?personal",
            "item.?personal -> `item.?personal` is an optional boolean; a condition must be true or false (say what holds if it is absent: `item.?personal.orValue(false)`)",
        ),
        ("itm", "itm -> unknown variable `itm`; did you mean `item`?"),
    ] {
        assert_eq!(condition(wrong), error);
    }
}

#[test]
fn paths_are_names_fields_and_indices() {
    let env = env();
    for (path, ty) in [
        ("doc", "the mapping `feature-spec`"),
        ("item.threshold.min", "a number"),
        ("doc.data", "a list of `data element` mappings"),
        ("doc.data[0].name", "a string"),
        ("doc['launch'].date", "a date string"),
        ("doc.labels.`f1-score`", "a string"),
    ] {
        assert_eq!(
            check_path(path, &env).map(|ty| ty.to_string()),
            Ok(ty.into()),
            "{path}"
        );
    }
    for (path, error) in [
        (
            "doc.dta",
            "dta -> `doc` has no field `dta`; did you mean `data`?",
        ),
        (
            "dok.data",
            "dok -> unknown variable `dok`; did you mean `doc`?",
        ),
        (
            "item.retention == 'x'",
            "item.retention == 'x' -> a path is made of a name, `.field` and `[index]` alone (move what is computed into an expression under `require`)",
        ),
        (
            "docs('model-card')[0].name",
            "docs('model-card') -> a path is made of a name, `.field` and `[index]` alone (move what is computed into an expression under `require`)",
        ),
        (
            "doc.data[item.rows]",
            "item.rows -> a path is made of a name, `.field` and `[index]` alone (write the index as a number or the key as text)",
        ),
        (
            "item.?retention",
            "item.?retention -> a path is made of a name, `.field` and `[index]` alone (write `.field` or `[index]`: that something may be absent is known here)",
        ),
        (
            "has(item.name)",
            "has(item.name) -> a path is made of a name, `.field` and `[index]` alone (write the path of a value, such as `doc.launch.date`)",
        ),
        (
            "doc.data.filter(d, d.personal)",
            "doc.data.filter(d, d.personal) -> a path is made of a name, `.field` and `[index]` alone (write the path of a value, such as `doc.launch.date`)",
        ),
        (
            "'text'",
            "'text' -> a path is made of a name, `.field` and `[index]` alone (write the path of a value, such as `doc.launch.date`)",
        ),
    ] {
        assert_eq!(errors(path, check_path(path, &env)).trim(), error);
    }
    assert!(check_path("doc.", &env).is_err());
}

#[test]
fn a_rule_goes_through_a_list() {
    let env = env();
    let elements = |text: &str| parse(text).and_then(|parsed| check_elements(&parsed, &env));
    for right in [
        "doc.data",
        "doc.?data.orValue([])",
        "doc.data.filter(d, d.personal)",
    ] {
        let element = elements(right).map(|ty| ty.to_string());
        assert_eq!(element, Ok("the mapping `data element`".into()), "{right}");
    }
    for (wrong, error) in [
        (
            "doc.dta",
            "dta -> `doc` has no field `dta`; did you mean `data`?",
        ),
        (
            "doc.launch",
            "doc.launch -> `doc.launch` is the mapping `launch`; a rule goes through a list",
        ),
        (
            "doc.?data",
            "doc.?data -> `doc.?data` is an optional list of `data element` mappings; a rule goes through a list (say what to take if it is absent: `doc.?data.orValue([])`)",
        ),
    ] {
        assert_eq!(errors(wrong, elements(wrong)).trim(), error);
    }
}

#[test]
fn without_variables_an_expression_may_be_constant() {
    let env = Env::new();
    for text in [
        "true && 1 == 1",
        "1 in []",
        "[1].all(x, true)",
        "'a' < 'b'",
        "null == null",
    ] {
        let parsed = parse(text).unwrap();
        assert_eq!(check(&parsed, &env), Ok(Type::Bool), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_expression_panics_and_every_span_lies_in_it(
        text in r"(item|doc|today|x|'a'|1|2\.5|[.]name|[.]data|[.][?]value|\[0\]|\[|\]|\(|\)|[.]all\(x, |[.]map\(x, |has\(|date\(|size\(|,| == | < | && | in |!|-|[?]|:|[{]|[}]){0,24}"
    ) {
        let env = env();
        if let Ok(parsed) = parse(&text)
            && let Err(errors) = check(&parsed, &env)
        {
            for error in errors {
                proptest::prop_assert!(text.get(error.span.range()).is_some());
            }
        }
    }

    #[test]
    fn right_expressions_stay_right_under_negation(index in 0..RIGHT.len()) {
        let (text, ty) = RIGHT[index];
        if ty == "a boolean" {
            let parsed = parse(&format!("!({text})")).unwrap();
            proptest::prop_assert!(check(&parsed, &env()).is_ok());
        }
    }
}

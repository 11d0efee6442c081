//! Values, and the functions that CEL does not have.

use super::*;

const DOC: &str = "\
title: Instant credit
value: 0.72
count: 3
whole: 2.0
data:
  - {name: income, retention: P10Y, personal: true}
  - {name: email, retention: P90D}
tags: [a, b]
date: 2026-11-01
none:
";

#[test]
fn expressions_over_a_document() {
    let case = Case::new(DOC);
    for (text, want) in [
        ("doc.title + '!'", "Instant credit!"),
        ("doc.data[1].name", "email"),
        ("doc.data[doc.count - 2].name", "email"),
        ("doc['title'].size()", "14"),
        ("doc.data.map(d, d.name)", "income, email"),
        (
            "doc.data.filter(d, days(d.retention) > 100.0)[0].name",
            "income",
        ),
        ("size(doc.data.filter(d, d.?personal.orValue(false)))", "1"),
        ("doc.data.exists_one(d, d.name == 'email')", "true"),
        ("doc.tags == ['a', 'b'] && 'b' in doc.tags", "true"),
        (
            "doc.count == 3.0 && doc.whole == 2 && doc.count > doc.value",
            "true",
        ),
        ("doc.whole * doc.count", "6"),
        ("doc.count / 2", "1"),
        ("number(doc.count) / 2.0", "1.5"),
        ("number('0.84') > 0.8", "true"),
        ("days(doc.data[0].retention)", "3653"),
        ("days('PT12H')", "0.5"),
        ("days(duration('36h'))", "1.5"),
        ("age(doc.date)", "21"),
        ("age('2026-12-01')", "-9"),
        ("date(doc.date) < today", "true"),
        ("date('2026-11-22') == today", "true"),
        ("date(doc.date).getFullYear()", "2026"),
        ("days(today - date(doc.date))", "21"),
        ("lower('ÄB')", "äb"),
        (
            "blank('TBD') && blank('  ') && blank([]) && !blank(0)",
            "true",
        ),
        ("doc.tags.exists(i, t, i == 1 && t == 'b')", "true"),
        ("doc.exists(k, k == 'title')", "true"),
        ("cel.bind(x, doc.count, x * x)", "9"),
        ("doc.?title.optMap(t, t.size()).orValue(0)", "14"),
        ("doc.data[7].name", "<missing>"),
        ("doc.missing", "<missing>"),
        ("doc.title.x", "<`title` is a string, not a mapping>"),
        ("doc.title + 1", "<`title` is a string, not a number>"),
        (
            "docs('model-card')",
            "<docs(\"model-card\") cannot be answered here>",
        ),
        (
            "date('soon')",
            "<`soon` is no date; write a day as 2026-11-22 or an instant as 2026-11-22T09:30:00Z>",
        ),
        ("doc.none", "null"),
        ("type(doc.data) == list && type(doc) == map", "true"),
        ("doc.title.matches('^Instant')", "true"),
        (
            "doc.title.matches('(' + doc.title)",
            "<this is no pattern: unclosed group>",
        ),
    ] {
        assert_eq!(case.eval(text), want, "{text}");
    }
}

#[test]
fn values_keep_their_place() {
    let case = Case::new(DOC);
    let program = case.compile("doc.data.filter(d, d.name == 'email')[0].retention");
    let scope = case.scope("", &NoFacts);
    let node = program.eval(&scope).node().unwrap();
    assert_eq!(node.pointer().to_path(), "data[1].retention");
}

#[test]
fn programs_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Case::new("{}").compile("1"));
}

#[test]
fn compiling_checks_types() {
    let mut env = Env::new();
    env.declare("item", Type::object("item", [("value", Type::Number)]));
    assert_eq!(compile("item.value", &env).unwrap().ty(), &Type::Number);
    assert!(compile_condition("item.value > 1", &env).is_ok());
    assert!(compile_condition("item.value", &env).is_err());
    let error = compile("item.valeu > 1", &env).unwrap_err().remove(0);
    assert_eq!((error.span.start, error.span.end), (5, 10));
}

#[test]
fn the_paths_that_a_program_reads() {
    let case = Case::new("{}");
    let program = case.compile(
        "days(item.a.b) <= days(params.limit) && has(doc.x.y) && doc.z[0].?w.orValue(1) == item.a.b && doc.l.all(e, e.f)",
    );
    let paths: Vec<_> = program
        .paths()
        .iter()
        .map(|path| format!("{}:{}", path.variable, path.pointer))
        .collect();
    assert_eq!(
        paths,
        [
            "doc:/l",
            "doc:/x/y",
            "doc:/z/0/w",
            "item:/a/b",
            "params:/limit"
        ]
    );
}

#[test]
fn facts_pass_through() {
    struct World(Tree);
    impl Facts for World {
        fn documents<'a>(&'a self, _: &str) -> Result<Vec<crate::value::NodeRef<'a>>, FactError> {
            Ok(self.0.roots().collect())
        }
        fn reference<'a>(
            &'a self,
            target: &str,
            from: Option<crate::value::NodeRef<'a>>,
        ) -> Result<crate::value::NodeRef<'a>, FactError> {
            assert!(from.is_none_or(|from| from.as_str() == Some(target)));
            match target {
                "later" => Err(FactError::Deferred),
                _ => self.0.root().ok_or(FactError::Deferred),
            }
        }
        fn call<'a>(&'a self, function: &str, args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
            Ok(Value::from(format!("{function}/{}", args.len())))
        }
    }
    let mut case = Case::new(DOC);
    case.env
        .declare_function(Signature::new("fairness", [Type::Dyn], Type::Dyn));
    let world = World(Case::new("name: other").tree);
    let eval = |text: &str| {
        let program = case.compile(text);
        let scope = case.scope("", &world);
        let shown = program.eval(&scope).to_string();
        (shown, scope.deferred())
    };
    assert_eq!(eval("ref(doc.title).name"), ("other".into(), false));
    assert_eq!(eval("docs('x').map(d, d.name)"), ("other".into(), false));
    assert_eq!(eval("fairness(doc)"), ("fairness/1".into(), false));
    assert_eq!(
        eval("ref('later').name == 'x'"),
        ("<what is referred to is not loaded yet>".into(), true)
    );
    // What is deferred may still decide, whatever hides it for now.
    assert!(eval("doc.missing && ref('later').ok").1);
    assert_eq!(eval("false && ref('later').ok"), ("false".into(), false));
}

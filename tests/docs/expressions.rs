//! Every expression that the documentation shows comes out as it says.

use std::fs;
use std::sync::Arc;

use jiff::civil::{Date, date};
use launchgate::document::Kinds;
use launchgate::expr::{self, Env, FactError, Facts, Program, Scope, Truth, Type, Value};
use launchgate::schema::Schema;
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, NodeRef, Syntax, Tree, read};
use regex::Regex;

use crate::page::{Page, code, root};

const TODAY: Date = date(2026, 11, 22);

/// The documents of the examples.
struct World {
    spec: Tree,
    card: Tree,
    params: Tree,
}

impl World {
    fn of(page: &Page) -> Self {
        let block = |comment: &str| tree(&page.block_behind(comment).text);
        Self {
            spec: block("<!-- the document of the examples -->"),
            card: block("<!-- the other document of the examples -->"),
            params: tree("limit: P5Y"),
        }
    }

    fn truth(&self, text: &str, compile: Compile) -> Truth {
        let kinds = Kinds::builtin();
        let types = |name: &str| {
            let kind = kinds.get(name).unwrap();
            Schema::lazy(&kind.name, Arc::clone(&kind.schema)).object_type()
        };
        let spec = types("feature-spec");
        let mut env = Env::new();
        let doc = env.declare("doc", spec.clone());
        let limit = [(Arc::<str>::from("limit"), Type::IsoDuration)];
        let params = env.declare("params", Type::object("params", limit));
        let today = env.declare("today", Type::Timestamp);
        for name in ["feature-spec", "model-card"] {
            env.declare_kind(name, types(name));
        }
        let list = expr::compile("doc.data", &env).unwrap();
        let item = env.declare("item", list.ty().element().unwrap());
        let program = compile(text, &env).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let mut scope = Scope::new(&env, self, TODAY);
        let root = self.spec.root().unwrap();
        scope.set(doc, root);
        scope.set(params, self.params.root().unwrap());
        scope.set(today, TODAY);
        scope.set(
            item,
            root.get("data").and_then(|data| data.item(0)).unwrap(),
        );
        program.eval(&scope).truth()
    }
}

type Compile = fn(&str, &Env) -> Result<Program, Vec<expr::ExprError>>;

fn tree(text: &str) -> Tree {
    let source = SourceFile::new(FileId(0), "example.yaml", text);
    let parsed = read(&source, Syntax::Yaml, &Limits::default());
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    parsed.tree
}

impl Facts for World {
    fn documents<'a>(&'a self, kind: &str) -> Result<Vec<NodeRef<'a>>, FactError> {
        let roots = [&self.spec, &self.card].map(|tree| tree.root().unwrap());
        let of_kind = |root: &NodeRef<'_>| root.get("kind").and_then(NodeRef::as_str) == Some(kind);
        Ok(roots.into_iter().filter(of_kind).collect())
    }

    fn reference<'a>(
        &'a self,
        target: &str,
        _from: Option<NodeRef<'a>>,
    ) -> Result<NodeRef<'a>, FactError> {
        assert_eq!(target, "cards/risk.yaml");
        Ok(self.card.root().unwrap())
    }

    fn call<'a>(&'a self, function: &str, _args: &[Value<'a>]) -> Result<Value<'a>, FactError> {
        panic!("{function}")
    }
}

fn policies() -> Page {
    Page::read("docs/policies.md")
}

fn name(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Absent => "absent",
        Truth::Error => "error",
    }
}

#[test]
fn every_example_of_a_function_is_true() {
    let page = policies();
    let world = World::of(&page);
    let rows = page.tables("<!-- expressions -->");
    assert!(rows.len() > 90, "{}", rows.len());
    for row in rows {
        let text = code(&row[1]);
        assert_eq!(name(world.truth(text, expr::compile)), "true", "{text}");
    }
}

#[test]
fn every_function_is_explained() {
    let explained: Vec<String> = policies()
        .tables("<!-- expressions -->")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let table = fs::read_to_string(root().join("src/expr/check/functions.rs")).unwrap();
    let entry = Regex::new(r#"(?m)^    "(\w+)" (?:(Global|Method)|Of\("(\w+)"\)) =>"#).unwrap();
    let mut missing = Vec::new();
    let mut count = 0;
    for found in entry.captures_iter(&table) {
        count += 1;
        let call = match (found.get(2).map(|style| style.as_str()), found.get(3)) {
            (Some("Global"), _) => format!("`{}(", &found[1]),
            (Some(_), _) => format!("`.{}(", &found[1]),
            (None, space) => format!("`{}.{}(", space.unwrap().as_str(), &found[1]),
        };
        if !explained.iter().any(|cell| cell.contains(&call)) {
            missing.push(call);
        }
    }
    assert!(count > 70, "the table of functions was not found: {count}");
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_table_of_truth_is_true() {
    let page = policies();
    let world = World::of(&page);
    let sample = |outcome: &str| match outcome {
        "true" => r#"doc.id == "instant-credit""#,
        "false" => r#"doc.id == "another""#,
        "absent" => r#"doc.version == "1""#,
        "error" => "days(doc.title) > 1.0",
        other => panic!("{other}"),
    };
    let rows = page.tables("<!-- truth -->");
    assert_eq!(rows.len(), 10);
    for row in rows {
        let (a, b) = (sample(&row[0]), sample(&row[1]));
        for (left, right) in [(a, b), (b, a)] {
            for (operator, wanted) in [("&&", &row[2]), ("||", &row[3])] {
                let text = format!("({left}) {operator} ({right})");
                let truth = world.truth(&text, expr::compile_condition);
                assert_eq!(name(truth), wanted, "{text}");
            }
        }
    }
}

#[test]
fn what_is_absent_comes_out_as_it_says() {
    let page = policies();
    let world = World::of(&page);
    let rows = page.tables("<!-- outcomes -->");
    assert!(rows.len() > 15, "{}", rows.len());
    for row in rows {
        let text = code(&row[0]);
        let truth = world.truth(text, expr::compile_condition);
        assert_eq!(name(truth), row[1], "{text}");
    }
}

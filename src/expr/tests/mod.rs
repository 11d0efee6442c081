//! Evaluation and blame over documents.

mod blame;
mod hostile;
mod kleene;
mod occurrences;
mod values;

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::source::{FileId, SourceFile};
use crate::value::{Limits, Syntax, Tree, read};

/// A document with `item` one of its parts, and params.
struct Case {
    file: Arc<SourceFile>,
    tree: Tree,
    params: Tree,
    env: Env,
}

const PARAMS: &str = "limit: P2Y\nmax: 10\nallowed: [EU, UK]\n";

impl Case {
    fn new(text: &str) -> Self {
        let file = SourceFile::new(FileId(0), "spec.yaml", text);
        let tree = read(&file, Syntax::Yaml, &Limits::default()).tree;
        let params = SourceFile::new(FileId(1), "params.yaml", PARAMS);
        let params = read(&params, Syntax::Yaml, &Limits::default()).tree;
        let mut env = Env::new();
        for name in ["doc", "item", "params", "today"] {
            env.declare(name, Type::Dyn);
        }
        Self {
            file,
            tree,
            params,
            env,
        }
    }

    fn compile(&self, text: &str) -> Program {
        Program::compile_unchecked(text, &self.env).unwrap()
    }

    fn slot(&self, name: &str) -> Slot {
        self.env.variable(name).unwrap().0
    }

    fn scope<'a>(&'a self, item: &str, facts: &'a dyn Facts) -> Scope<'a> {
        let today = date(2026, 11, 22);
        let mut scope = Scope::new(&self.env, facts, today);
        let root = self.tree.root().unwrap();
        scope.set(self.slot("doc"), root);
        scope.set(self.slot("item"), root.at(&item.parse().unwrap()).unwrap());
        scope.set(self.slot("params"), self.params.root().unwrap());
        scope.set(self.slot("today"), today);
        scope
    }

    /// What an expression gives, as a label shows it.
    fn eval(&self, text: &str) -> String {
        let program = self.compile(text);
        let scope = self.scope("", &NoFacts);
        program.eval(&scope).to_string()
    }

    fn truth(&self, text: &str) -> Truth {
        let program = self.compile(text);
        let scope = self.scope("", &NoFacts);
        program.eval(&scope).truth()
    }

    /// The labels of a blame with the text that each stands on.
    fn blame(&self, item: &str, text: &str) -> String {
        self.blame_with(item, text, &NoFacts)
    }

    fn blame_with(&self, item: &str, text: &str, facts: &dyn Facts) -> String {
        let program = self.compile(text);
        let scope = self.scope(item, facts);
        let value = program.eval(&scope);
        assert_ne!(value.truth(), Truth::True, "{text}");
        let blame = program.blame(&scope);
        let mut lines: Vec<String> = blame
            .operands
            .iter()
            .map(|operand| {
                let at = match operand.location {
                    Some(location) if location.file == self.file.id() => {
                        format!("{:?}", self.file.slice(location.span))
                    }
                    Some(_) => "elsewhere".to_owned(),
                    None => "-".to_owned(),
                };
                let state = match &operand.state {
                    OperandState::Present => "",
                    OperandState::Absent => " [absent]",
                    OperandState::Mistyped(_) => " [mistyped]",
                    OperandState::Unavailable(_) => " [unavailable]",
                };
                format!("{at}: {}{state}", operand.text)
            })
            .collect();
        if blame.more > 0 {
            lines.push(format!("and {} more", blame.more));
        }
        lines.join("\n")
    }
}

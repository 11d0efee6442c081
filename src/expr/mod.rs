//! CEL expressions over document nodes: parse, check, compile, evaluate, say what is to blame.
//!
//! An expression is compiled once, against the [`Env`] of the names it may use, into a
//! [`Program`]; a program is evaluated over a [`Scope`] that holds the values. Documents are
//! walked where they lie: what is read from one stays a node and knows its place.
//!
//! What is not there is neither true nor false but [`Value::Absent`], by Kleene's tables; what
//! cannot be computed is a [`Value::Error`].

pub mod ast;
mod blame;
mod check;
mod compile;
mod display;
mod env;
mod eval;
mod facts;
mod functions;
mod lines;
mod loops;
pub(crate) mod notation;
mod occurrence;
mod operators;
pub mod parse;
mod paths;
mod placeholder;
mod places;
mod program;
mod scope;
mod select;
#[cfg(test)]
mod tests;
pub mod time;
mod tokens;
mod types;
mod value;

pub use blame::{Blame, Operand, OperandState};
pub use check::{check, check_condition, check_elements, check_path};
pub use env::{Env, Signature, Slot};
pub use facts::{FactError, Facts, NoFacts};
pub(crate) use functions::decode_base64;
pub use lines::{Line, Side, What, lines};
pub use occurrence::Occurrence;
pub use operators::Relation;
pub use parse::{ExprError, Parsed};
pub use paths::ReadPath;
pub use placeholder::{is_answer, is_blank, is_placeholder};
pub use scope::{DEFAULT_BUDGET, Scope};
pub use types::{Field, ObjectType, Type};
pub use value::{Absence, ErrorKind, EvalError, Map, Missing, Text, Truth, TypeName, Value};

/// An expression that is ready to be evaluated, any number of times and from any thread.
#[derive(Debug)]
pub struct Program {
    parsed: Parsed,
    root: program::Expr,
    ty: Type,
    /// The variables that it reads, by slot.
    variables: Vec<(Slot, Box<str>)>,
}

/// Compiles an expression of any type.
pub fn compile(text: &str, env: &Env) -> Result<Program, Vec<ExprError>> {
    Program::new(parse::parse(text)?, env, check)
}

/// Compiles an expression that decides something: it must be true or false.
pub fn compile_condition(text: &str, env: &Env) -> Result<Program, Vec<ExprError>> {
    Program::new(parse::parse(text)?, env, check_condition)
}

impl Program {
    fn new(
        parsed: Parsed,
        env: &Env,
        check: fn(&Parsed, &Env) -> Result<Type, Vec<ExprError>>,
    ) -> Result<Self, Vec<ExprError>> {
        let ty = check(&parsed, env)?;
        let (root, variables) = compile::compile(&parsed, env)?;
        Ok(Self {
            parsed,
            root,
            ty,
            variables,
        })
    }

    /// Compiles without a type check: names and functions that are not known are errors of the
    /// evaluation.
    pub fn compile_unchecked(text: &str, env: &Env) -> Result<Self, Vec<ExprError>> {
        Self::new(parse::parse(text)?, env, |_, _| Ok(Type::Dyn))
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        self.parsed.text()
    }

    /// The type of its values, as far as it is known.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Evaluates over the values of a scope.
    pub fn eval<'a>(&'a self, scope: &Scope<'a>) -> Value<'a> {
        eval::run(&self.root, scope)
    }

    /// What is to blame for a result that is not `true`.
    pub fn blame<'a>(&'a self, scope: &Scope<'a>) -> Blame {
        blame::blame(self, scope)
    }

    /// The static paths that it reads, sorted.
    pub fn paths(&self) -> Vec<ReadPath> {
        paths::collect(&self.root, &|slot| self.slot_name(slot).map(str::to_owned))
    }

    /// The static paths that have to be there for it to come to something, sorted: not those that it
    /// only asks about, as `has(a.b)` and `a.?b` do.
    pub fn demands(&self) -> Vec<ReadPath> {
        paths::demanded(&self.root, &|slot| self.slot_name(slot).map(str::to_owned))
    }

    /// The name of a variable that it reads.
    fn slot_name(&self, slot: Slot) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| *known == slot);
        found.map(|(_, name)| &**name)
    }

    /// The slot of a variable, if it reads it.
    fn slot(&self, name: &str) -> Option<Slot> {
        let found = self.variables.iter().find(|(_, known)| &**known == name);
        found.map(|(slot, _)| *slot)
    }
}

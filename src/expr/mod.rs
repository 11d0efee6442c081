//! CEL expressions over document nodes: parse, check, compile, evaluate, say what is to blame.
//!
//! An expression is compiled once, against the [`Env`] of the names it may use, into a
//! [`Program`]; a program is evaluated over a [`Scope`] that holds the values. Documents are
//! walked where they lie: what is read from one stays a node and knows its place.
//!
//! What is not there is neither true nor false but [`Value::Absent`], by Kleene's tables; what
//! cannot be computed is a [`Value::Error`].

pub mod ast;
mod check;
mod compile;
mod display;
mod env;
mod eval;
mod facts;
mod functions;
mod operators;
pub mod parse;
mod placeholder;
mod places;
mod program;
mod scope;
pub mod time;
mod tokens;
mod types;
mod value;

pub use check::{check, check_condition, check_elements, check_path};
pub use env::{Env, Signature, Slot};
pub use facts::{FactError, Facts, NoFacts};
pub use parse::{ExprError, Parsed};
pub use placeholder::is_placeholder;
pub use scope::{DEFAULT_BUDGET, Scope};
pub use types::{Field, ObjectType, Type};
pub use value::{Absence, ErrorKind, EvalError, Map, Missing, Text, Truth, TypeName, Value};

/// An expression that is ready to be evaluated, any number of times and from any thread.
#[derive(Debug)]
pub struct Program {
    parsed: Parsed,
    root: program::Expr,
    ty: Type,
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
        let root = compile::compile(&parsed, env)?;
        Ok(Self { parsed, root, ty })
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
}

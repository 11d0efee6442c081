//! CEL expressions over document nodes: parse, check, compile, evaluate, say what is to blame.

pub mod ast;
pub mod parse;
mod places;
mod tokens;

pub use parse::{ExprError, Parsed};

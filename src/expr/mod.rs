//! CEL expressions over document nodes: parse, check, compile, evaluate, say what is to blame.

pub mod ast;
mod env;
pub mod parse;
mod placeholder;
mod places;
pub mod time;
mod tokens;
mod types;

pub use env::{Env, Signature, Slot};
pub use parse::{ExprError, Parsed};
pub use placeholder::is_placeholder;
pub use types::{Field, ObjectType, Type};

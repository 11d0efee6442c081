//! CEL over nodes: parse, check against types, compile, evaluate, blame.

mod env;
mod error;
mod types;

pub use env::{Env, Signature, Slot};
pub use error::ExprError;
pub use types::{Field, ObjectType, Type};

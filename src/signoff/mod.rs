//! Who signed off what: declared sign-offs, and what they are worth.

mod digest;
pub mod revoked;
pub mod scope;
pub mod ssh;
pub mod statement;
pub mod verdict;

pub use digest::{ContentDigest, of_statement, signed_bytes};

//! Who signed off what: declared sign-offs, and what they are worth.

mod digest;
mod ledger;
pub mod revoked;
pub mod scope;
pub mod ssh;
pub mod statement;
pub mod store;
pub mod verdict;

pub use digest::{ContentDigest, of_statement, signed_bytes};
pub use ledger::{SignOffs, authors, signatures};

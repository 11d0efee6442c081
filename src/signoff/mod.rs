//! Who signed off what: declared sign-offs, and what they are worth.

mod authors;
mod covered;
mod digest;
mod fact;
pub mod github;
mod ledger;
pub mod revoked;
pub mod scope;
pub mod ssh;
mod stated;
pub mod statement;
pub mod store;
pub mod verdict;

pub use authors::{CommitAuthors, Commits, is_named};
pub use covered::{Covered, files_of};
pub use digest::{ContentDigest, of_statement, signed_bytes};
pub use ledger::{Idle, Remedy, SignOffs, signatures};
pub(crate) use stated::authors;

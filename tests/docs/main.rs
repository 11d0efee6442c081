//! The documentation, held against the program: its examples run, its tables are true, its links
//! lead somewhere. `BLESS=1 cargo test --test docs` writes what is generated anew.
#![cfg(feature = "cli")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod blocks;
mod dependencies;
mod expressions;
mod generated;
mod limits;
mod links;
mod manual;
mod page;
mod threats;

//! launchgate: a policy-as-code gate for what has to be true before a launch.
//!
//! The library never prints, exits, or reads the clock or the environment: it is handed what it
//! needs and gives back a [`finding::Report`]. Modules stand bottom up, each importing only from
//! those above it in this list; `ARCHITECTURE.md` says what lives where.

pub mod attestation;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod discover;
pub mod document;
pub mod engine;
pub mod evidence;
pub mod explain;
pub mod expr;
pub mod files;
pub mod finding;
pub mod fix;
pub mod framework;
pub mod policy;
pub mod render;
pub mod scaffold;
pub mod schema;
pub mod signoff;
pub mod source;
pub mod testing;
pub mod trace;
pub mod value;
pub mod waiver;

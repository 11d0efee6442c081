//! Waivers and the baseline: which findings somebody answers for until a day, and which were there
//! when the gate was adopted.
//!
//! A waiver covers findings of one rule at one place of one document. Ids are compared to the letter:
//! there are no patterns and there is no way to allow everything. What cannot be read suppresses
//! nothing and ends the run (rules `waiver/...`); a waiver that can be read and does not count is a
//! finding (rules `waivers/...`), and what it was to cover blocks as if it were not there.

pub mod baseline;
mod entry;
mod fault;
mod file;
pub mod inline;
mod judge;
pub mod signed;
mod terms;
pub mod write;

pub use entry::{Entry, Origin, Places, Target};
pub use fault::Fault;
pub use file::{MAX_BYTES, parse};
pub use judge::{Granted, Proof, Situation, Subject, is_waivable, judge, last_day};
pub use terms::{InlineMode, Terms, UnknownMode};

/// The name of the file of waivers beside a config.
pub const FILE: &str = "launchgate.waivers.yaml";

/// The name of the baseline in the root.
pub const BASELINE: &str = "launchgate.baseline.yaml";

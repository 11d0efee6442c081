//! What documents name as evidence: read, and held against what they claim.
//!
//! Nothing here decides whether a document passes. Rules ask (`fairness(item)`, `scan(item)`,
//! `file(path)`), and get a status that says what is so; only rules make an outcome of it.

mod claim;
mod facts;
pub mod fairness;
mod fields;
mod file;
mod place;
mod record;
mod report;
pub mod scan;
mod store;
pub mod table;

pub use claim::ClaimStatus;
pub use facts::signatures;
pub use fields::{named_below, names_evidence};
pub use file::{FileState, FileStatus};
pub use place::Place;
pub use report::{Report, ReportStatus};
pub use store::{Evidence, Limits};

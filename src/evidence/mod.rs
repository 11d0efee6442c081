//! What documents name as evidence: read, and held against what they claim.
//!
//! Nothing here decides whether a document passes. Rules ask (`fairness(item)`, `scan(item)`,
//! `file(path)`), and get a status that says what is so; only rules make an outcome of it.

pub mod fairness;
pub mod table;

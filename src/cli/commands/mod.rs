//! The subcommands, one file each.

pub(super) mod attest;
pub(super) mod baseline;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod config;
pub(super) mod convert;
pub(super) mod explain;
pub(super) mod fairness;
pub(super) mod init;
pub(super) mod man;
pub(super) mod new;
pub(super) mod report;
pub(super) mod review;
pub(super) mod rules;
pub(super) mod schema;
pub(super) mod show;
pub(super) mod sign;
pub(super) mod test;
pub(super) mod waive;
pub(super) mod waivers;

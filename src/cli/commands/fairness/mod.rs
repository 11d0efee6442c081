//! `launchgate fairness`.

mod sql;

use crate::cli::args::{FairnessArgs, FairnessCommand};
use crate::cli::session::Session;

/// Computes fairness metrics, or prints the query that counts what they need.
pub(in crate::cli) fn run(args: &FairnessArgs, _session: &mut Session<'_>) -> u8 {
    match &args.command {
        FairnessCommand::Sql(args) => sql::run(args),
    }
}

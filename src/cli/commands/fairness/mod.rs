//! `launchgate fairness`.

mod measure;
mod progress;
mod sql;

use crate::cli::ERROR;
use crate::cli::args::{FairnessArgs, FairnessCommand};
use crate::cli::session::Session;

/// Computes fairness metrics, or prints the query that counts what they need.
pub(in crate::cli) fn run(args: &FairnessArgs, session: &mut Session<'_>) -> u8 {
    match (&args.command, &args.measure) {
        (Some(FairnessCommand::Sql(args)), _) => sql::run(args),
        (None, Some(args)) => measure::run(args, session),
        // The parser has asked for one of them.
        (None, None) => ERROR,
    }
}

//! `launchgate completions`.

use clap::CommandFactory as _;

use crate::cli::args::{Cli, CompletionsArgs};
use crate::cli::session::Session;

/// Prints a completion script.
pub(in crate::cli) fn run(args: &CompletionsArgs) -> u8 {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "launchgate", &mut script);
    Session::print(&String::from_utf8_lossy(&script), 0)
}

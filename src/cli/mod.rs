//! The command line. Only here are the clock, the environment and the terminal looked at.
//!
//! `args` says what can be typed, `commands/<name>.rs` what a subcommand does, `session` what
//! every command starts from, `output` is where text leaves the program.

mod args;
mod changes;
mod commands;
mod environment;
mod fixes;
mod git;
mod output;
mod prepared;
mod session;
mod since;
mod ssh_keygen;
#[cfg(test)]
mod tests;
mod trust;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use args::{AttestCommand, Cli, Command, ConfigCommand};
use environment::Environment;
use session::Session;

/// The exit code of a usage, config, policy or I/O error: nothing may be concluded.
const ERROR: u8 = 2;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let code = match Environment::of_process() {
        Ok(environment) => run_with(std::env::args_os(), &environment),
        Err(message) => {
            output::complain(&message, None);
            ERROR
        }
    };
    ExitCode::from(code)
}

/// Runs a command line and gives its exit code: 0 to 3 as `Verdict::exit_code` has them, 2 also
/// for usage errors.
fn run_with(words: impl IntoIterator<Item = OsString>, environment: &Environment) -> u8 {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come here too, with exit code 0. A reader that has gone away is no
            // reason to fail.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(ERROR);
        }
    };
    let mut session = Session::new(&cli.global, environment);
    match &cli.command {
        Command::Check(args) => commands::check::run(args, &mut session),
        Command::Test(args) => commands::test::run(args, &mut session),
        Command::Explain(args) => commands::explain::run(args, &mut session),
        Command::Report(args) => commands::report::run(args, &mut session),
        Command::Rules(args) => commands::rules::run(args, &mut session),
        Command::Fairness(args) => commands::fairness::run(args, &mut session),
        Command::Review(args) => commands::review::run(args, &mut session),
        Command::Sign(args) => commands::sign::run(args, &mut session),
        Command::Config {
            command: ConfigCommand::Show(args),
        } => commands::config::show(args, &mut session),
        Command::Show(args) => commands::show::run(args, &mut session),
        Command::Attest {
            command: AttestCommand::Create(args),
        } => commands::attest::create(args, &mut session),
        Command::Attest {
            command: AttestCommand::Verify(args),
        } => commands::attest::verify(args, &mut session),
        Command::Convert(args) => commands::convert::run(args, &mut session),
        Command::Waive(args) => commands::waive::run(args, &mut session),
        Command::Waivers(args) => commands::waivers::run(args, &mut session),
        Command::Baseline { command } => commands::baseline::run(command, &mut session),
        Command::Schema(args) => commands::schema::run(args, &mut session),
        Command::Init => commands::init::run(&mut session),
        Command::New(args) => commands::new::run(args, &mut session),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(args) => commands::man::run(args, &session),
    }
}

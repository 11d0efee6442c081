//! The subcommands, one file each.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod config;
pub(super) mod explain;
pub(super) mod rules;
pub(super) mod schema;
pub(super) mod test;

use super::run::{Answer, Refusal};
use super::session::Session;
use super::{ERROR, output};

/// Shows what a command has to say, and gives the exit code.
fn answer(session: &mut Session<'_>, result: Result<Answer, Refusal>) -> u8 {
    match result {
        Ok(answer) => Session::print(&answer.text, answer.verdict.exit_code()),
        Err(Refusal::Findings(findings, sources)) => {
            session.sources.extend(sources);
            session.refuse(&findings)
        }
        Err(Refusal::Message { message, help }) => {
            output::complain(&message, help.as_deref());
            ERROR
        }
    }
}

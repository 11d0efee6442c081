//! `launchgate explain`.

use std::fmt::Write as _;

use crate::cli::ERROR;
use crate::cli::args::ExplainArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::explain::{self, Subject};
use crate::source::display_safe;

/// Prints the page of a rule or a check, or the rules that serve a control.
pub(in crate::cli) fn run(args: &ExplainArgs, session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    let gate = match session.gate(&start) {
        Ok(gate) => gate,
        Err(code) => return code,
    };
    let text = match explain::look_up(gate.rules(), &args.name) {
        Subject::Rule { rule, off } => explain::rule_page(rule, off),
        Subject::Check(asked) => explain::check_page(asked),
        Subject::Control { id, rules } => {
            let mut text = format!("{id} is served by:\n");
            for rule in rules {
                let _ = writeln!(text, "  {}  {}", rule.id, rule.title);
            }
            text
        }
        Subject::Unknown { nearest } => {
            let near = nearest.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            output::complain(
                &format!(
                    "no rule, check or control in use is called `{}`{near}",
                    args.name
                ),
                Some("`launchgate rules` lists the rules in use"),
            );
            return ERROR;
        }
    };
    Session::print(&display_safe(&text), 0)
}

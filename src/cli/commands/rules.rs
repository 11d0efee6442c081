//! `launchgate rules`.

use crate::cli::session::Session;
use crate::explain::{self, checks};
use crate::finding::Verdict;
use crate::source::display_safe;

/// Lists the rules of the packs in use.
pub(in crate::cli) fn run(session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    let gate = match session.gate(&start) {
        Ok(gate) => gate,
        Err(code) => return code,
    };
    let rows = explain::rows(gate.rules());
    let verdict = if rows.is_empty() {
        Verdict::NothingChecked
    } else {
        Verdict::Pass
    };
    let width = session
        .environment
        .terminal
        .then(|| session.environment.width());
    let mut text = explain::table(&rows, width);
    if !session.global.quiet {
        text.push('\n');
        text.push_str(&checks::footer());
    }
    Session::print(&display_safe(&text), verdict.exit_code())
}

//! `launchgate rules`.

use crate::cli::session::Session;
use crate::explain;
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
    Session::print(&display_safe(&explain::table(&rows)), verdict.exit_code())
}

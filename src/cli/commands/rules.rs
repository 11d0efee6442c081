//! `launchgate rules`.

use crate::cli::run;
use crate::cli::session::Session;

/// Lists the rules in use.
pub(in crate::cli) fn run(session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    match session.config(&start) {
        Ok(config) => {
            let result = run::rules(config, session.sources.clone());
            super::answer(session, result)
        }
        Err(findings) => session.refuse(&findings),
    }
}

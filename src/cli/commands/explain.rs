//! `launchgate explain`.

use crate::cli::args::ExplainArgs;
use crate::cli::run;
use crate::cli::session::Session;

/// Prints the page of a rule.
pub(in crate::cli) fn run(args: &ExplainArgs, session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    match session.config(&start) {
        Ok(config) => {
            let result = run::explain(config, session.sources.clone(), &args.rule);
            super::answer(session, result)
        }
        Err(findings) => session.refuse(&findings),
    }
}

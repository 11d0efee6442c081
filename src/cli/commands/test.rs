//! `launchgate test`.

use crate::cli::ERROR;
use crate::cli::args::TestArgs;
use crate::cli::run::{self, TestJob};
use crate::cli::session::Session;
use crate::discover::{self, Request};

/// Runs the examples of policies.
pub(in crate::cli) fn run(args: &TestArgs, session: &mut Session<'_>) -> u8 {
    let request = Request {
        current: session.environment.current.clone(),
        paths: args.paths.clone(),
        stdin: None,
    };
    let start = discover::start(&request, session.files());
    let config = match session.config(&start) {
        Ok(config) => config,
        Err(findings) => return session.refuse(&findings),
    };
    let mut paths = Vec::new();
    for path in &args.paths {
        let Some(path) = session.absolute(path) else {
            return ERROR;
        };
        paths.push(path);
    }
    let result = run::test(TestJob {
        config,
        sources: session.sources.clone(),
        paths,
        as_of: args.as_of.unwrap_or(session.environment.today),
        verbose: session.global.verbose,
    });
    super::answer(session, result)
}

//! `launchgate config show`.

use std::fmt::Write as _;

use crate::cli::ERROR;
use crate::cli::args::ConfigShowArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::config::Config;
use crate::discover::{self, Request};
use crate::source::{Location, SourceMap, display_safe};

/// Columns up to which values are aligned.
const MAX_COLUMN: usize = 56;

/// Prints every value with its origin.
pub(in crate::cli) fn show(args: &ConfigShowArgs, session: &mut Session<'_>) -> u8 {
    if let Some(path) = &args.path {
        let Some(absolute) = session.absolute(path) else {
            return ERROR;
        };
        if let Err(error) = session.files.stat(&absolute) {
            let message = format!(
                "`{}` cannot be read: {}",
                path.display(),
                crate::files::paths::reason(&error)
            );
            output::complain(&message, Some("Name a file or a folder"));
            return ERROR;
        }
    }
    let request = Request {
        current: session.environment.current.clone(),
        paths: args.path.iter().cloned().collect(),
        stdin: None,
    };
    let start = discover::start(&request, session.files);
    match session.config(&start) {
        Ok(config) => {
            let text = listing(&config, &session.sources);
            Session::print(&display_safe(&text), 0)
        }
        Err(findings) => session.refuse(&findings),
    }
}

fn listing(config: &Config, sources: &SourceMap) -> String {
    let mut text = format!("# root {}\n", config.root);
    if config.files.is_empty() {
        text.push_str("# no config\n");
    }
    // The nearest first: it has the last word.
    for file in config.files.iter().rev() {
        let _ = writeln!(text, "# from {}", file.source.path());
    }
    let rows: Vec<_> = config
        .shown()
        .into_iter()
        .map(|row| (format!("{}: {}", row.key, row.value), row.origin))
        .collect();
    let width = rows
        .iter()
        .map(|(line, _)| line.chars().count())
        .filter(|&width| width <= MAX_COLUMN)
        .max()
        .unwrap_or(0);
    for (line, origin) in rows {
        let origin = place(origin, sources);
        let _ = writeln!(text, "{line:width$}  # {origin}");
    }
    text
}

fn place(origin: Option<Location>, sources: &SourceMap) -> String {
    let Some((file, location)) = origin.and_then(|at| Some((sources.file(at)?, at))) else {
        return "default".to_owned();
    };
    let at = file.line_column(location.span.start);
    format!("{}:{}:{}", file.path(), at.line, at.column)
}

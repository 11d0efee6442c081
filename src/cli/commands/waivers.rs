//! `launchgate waivers`.

use std::fmt::Write as _;

use crate::cli::ERROR;
use crate::cli::args::WaiversArgs;
use crate::cli::output::{self, Named, Output};
use crate::cli::session::Session;
use crate::discover::Request;
use crate::engine::{CheckOptions, Gate};
use crate::finding::{Report, Verdict};
use crate::render::{terminal, waivers};
use crate::source::display_safe;

/// How the list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Format {
    /// For people.
    Table,
    /// For spreadsheets.
    Csv,
    /// For machines.
    Json,
}

impl Named for Format {
    fn all() -> Vec<(&'static str, Self)> {
        vec![
            ("table", Self::Table),
            ("csv", Self::Csv),
            ("json", Self::Json),
        ]
    }
}

/// Lists the waivers.
pub(in crate::cli) fn run(args: &WaiversArgs, session: &mut Session<'_>) -> u8 {
    let today = args.as_of.unwrap_or(session.environment.today);
    let options = CheckOptions {
        warn_before: args.warn_before,
        ..CheckOptions::on(today)
    };
    let (report, gate) = match checked(&options, session) {
        Ok(checked) => checked,
        Err(code) => return code,
    };
    if args.statements {
        return statements(&report, &gate, session);
    }
    let output = args.output.clone().unwrap_or(Output {
        format: Format::Table,
        path: None,
    });
    let text = match output.format {
        Format::Table => display_safe(&waivers::table(&report)).into_owned(),
        Format::Csv => waivers::csv(&report),
        Format::Json => waivers::json(&report),
    };
    if output.put(&text, session) { 0 } else { ERROR }
}

/// The report of all that there is, and its gate; where nothing may be concluded, that is said.
pub(in crate::cli) fn checked(
    options: &CheckOptions,
    session: &mut Session<'_>,
) -> Result<(Report, Gate), u8> {
    let request = Request {
        current: session.environment.current.clone(),
        paths: Vec::new(),
        stdin: None,
    };
    match session.check(request, options)? {
        (report, Some(gate)) if report.verdict != Verdict::Error => Ok((report, gate)),
        (report, _) => {
            let options = session.terminal(true);
            output::print_error(&terminal::render(&report, &options));
            Err(ERROR)
        }
    }
}

/// Writes what is still to be signed.
fn statements(report: &Report, gate: &Gate, session: &Session<'_>) -> u8 {
    let statements = gate.waiver_statements(report, session.files);
    let mut said = String::new();
    for (path, text) in statements {
        let written = match path.parent() {
            Some(folder) => std::fs::create_dir_all(folder),
            None => Ok(()),
        };
        if let Err(error) = written.and_then(|()| output::write_file(&path, &text)) {
            let message = format!("cannot write `{path}`: {}", output::why(&error));
            output::complain(&message, None);
            return ERROR;
        }
        let shown = session.shown(&path);
        let namespace = crate::waiver::signed::NAMESPACE;
        let _ = write!(
            said,
            "{shown}\n  its approver signs it: ssh-keygen -Y sign -n {namespace} -f KEY {shown}\n"
        );
    }
    if said.is_empty() {
        said.push_str("No waiver waits for a signature.\n");
    }
    Session::print(&display_safe(&said), 0)
}

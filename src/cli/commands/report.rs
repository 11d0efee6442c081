//! `launchgate report`.

use crate::cli::ERROR;
use crate::cli::args::ReportArgs;
use crate::cli::output::{self, Output};
use crate::cli::session::Session;
use crate::discover::{self, Request};
use crate::engine::{CheckOptions, Gate};
use crate::finding::{Report, Verdict};
use crate::render::{self, terminal};
use crate::trace::{Format, Traceability};

/// Checks, and lists the outcomes by the controls of frameworks. The exit code is that of `check`.
pub(in crate::cli) fn run(args: &ReportArgs, session: &mut Session<'_>) -> u8 {
    let default = [Output {
        format: Format::Markdown,
        path: None,
    }];
    let outputs = if args.output.is_empty() {
        &default
    } else {
        args.output.as_slice()
    };
    if let Some(message) = Output::conflict(outputs) {
        output::complain(&message, Some("See `launchgate report --help`"));
        return ERROR;
    }
    let request = Request {
        current: session.environment.current.clone(),
        paths: args.paths.clone(),
        stdin: None,
    };
    let today = args.as_of.unwrap_or(session.environment.today);
    let options = CheckOptions {
        stage: args.stage,
        trace: true,
        ..CheckOptions::on(today)
    };
    // A framework that is not there is said before anything is read.
    let start = discover::start(&request, session.files);
    let chosen = match session.gate(&start) {
        Ok(gate) => frameworks(&args.framework, &gate),
        Err(code) => return code,
    };
    let chosen = match chosen {
        Ok(chosen) => chosen,
        Err((message, help)) => {
            output::complain(&message, Some(&help));
            return ERROR;
        }
    };
    let (report, gate) = match session.check(request, &options) {
        Ok((report, Some(gate))) if report.verdict != Verdict::Error => (report, gate),
        Ok((report, _)) => return refuse(&report, session),
        Err(code) => return code,
    };
    let trace = Traceability::of(&report, gate.rules(), &chosen, today);
    let mut code = report.verdict.exit_code();
    for output in outputs {
        if !output.put(&output.format.write(&trace), session) {
            code = ERROR;
        }
    }
    let line = render::summary_line(&report);
    output::print_error(&crate::source::display_safe(&format!("{line}\n")));
    code
}

/// Nothing may be concluded, so no table is written that could be taken for one.
fn refuse(report: &Report, session: &Session<'_>) -> u8 {
    let options = session.terminal(true);
    output::print_error(&terminal::render(report, &options));
    ERROR
}

/// The frameworks that are asked for, each once; by default those of the config.
fn frameworks(asked: &[String], gate: &Gate) -> Result<Vec<String>, (String, String)> {
    let known = gate.rules().frameworks();
    let mut chosen: Vec<String> = Vec::new();
    for id in asked {
        if known.get(id).is_none() {
            let unknown = known.unknown(id);
            return Err((unknown.message, unknown.help));
        }
        if !chosen.contains(id) {
            chosen.push(id.clone());
        }
    }
    if chosen.is_empty() {
        chosen.extend(gate.frameworks().into_iter().map(str::to_owned));
    }
    Ok(chosen)
}

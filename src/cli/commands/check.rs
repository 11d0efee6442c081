//! `launchgate check`.

use std::sync::Arc;

use crate::cli::ERROR;
use crate::cli::args::CheckArgs;
use crate::cli::changes;
use crate::cli::fixes;
use crate::cli::git::Unknown;
use crate::cli::output::{self, Output};
use crate::cli::session::Session;
use crate::cli::since::Base;
use crate::cli::trust::{self, NoReviews};
use crate::discover::{self, Request, Stdin};
use crate::engine::{self, Changes, CheckOptions, Gate, Refusal};
use crate::finding::{Report, Verdict};
use crate::render::{self, Format};
use crate::trace::Traceability;

/// Checks, writes every output, and gives the exit code.
pub(in crate::cli) fn run(args: &CheckArgs, session: &mut Session<'_>) -> u8 {
    let default = [Output {
        format: Format::Terminal,
        path: None,
    }];
    let outputs = if args.output.is_empty() {
        &default
    } else {
        args.output.as_slice()
    };
    if let Some(message) = Output::conflict(outputs).or_else(|| stdin_misuse(args)) {
        output::complain(&message, Some("See `launchgate check --help`"));
        return ERROR;
    }
    let mut mended = fixes::Mended::default();
    match report(args, outputs, session, &mut mended) {
        Ok((report, _)) if args.diff => mended.show(report, session),
        Ok(_) if !mended.write() => ERROR,
        Ok((report, gate)) => write(&report, gate.as_ref(), outputs, session),
        Err(code) => code,
    }
}

fn reads_stdin(args: &CheckArgs) -> bool {
    args.paths.iter().any(|path| path.as_os_str() == "-")
}

fn stdin_misuse(args: &CheckArgs) -> Option<String> {
    if reads_stdin(args) && args.paths.len() > 1 {
        return Some("`-` stands alone: standard input is one document".to_owned());
    }
    if reads_stdin(args) && fixes::writes(args) {
        return Some("`-` is no file that fixes could be written to; add `--diff`".to_owned());
    }
    if args.stdin_filename.is_some() && !reads_stdin(args) {
        return Some("`--stdin-filename` says what `-` is, and there is no `-`".to_owned());
    }
    None
}

/// The report and the gate that gave it, or the exit code where there is none to show.
fn report(
    args: &CheckArgs,
    outputs: &[Output<Format>],
    session: &mut Session<'_>,
    mended: &mut fixes::Mended,
) -> Result<(Report, Option<Gate>), u8> {
    let mut request = Request {
        current: session.environment.current.clone(),
        // What a hook names says what to speak of; what it refers to is read as well.
        paths: if args.changed_only {
            Vec::new()
        } else {
            args.paths.clone()
        },
        stdin: None,
    };
    if reads_stdin(args) {
        let path = match &args.stdin_filename {
            None => None,
            Some(path) => Some(session.absolute(path).ok_or(ERROR)?),
        };
        request.stdin = Some(Stdin {
            path,
            bytes: Arc::from([]),
        });
    }
    let start = discover::start(&request, session.files);
    let reviews = match trust::reviews(args, session) {
        Ok(reviews) => reviews,
        Err(NoReviews::Unknown(unknown)) => return Err(refuse(&unknown)),
        Err(NoReviews::Findings(findings)) => {
            let sources = std::mem::take(&mut session.sources);
            let options = CheckOptions::on(args.as_of.unwrap_or(session.environment.today));
            let refusal = Refusal { findings, sources };
            return Ok((engine::refused(refusal, &options, start.as_str()), None));
        }
    };
    // Whichever says where the change began.
    let began = args.changed_since.as_ref().or(args.since.as_ref());
    let trusted = match began {
        None => None,
        Some(revision) => {
            let base = trust::base(revision, &start, session);
            Some(base.map_err(|unknown| refuse(&unknown))?)
        }
    };
    let (trusted, former) = trusted.unzip();
    let current = session.environment.current.clone();
    let base = args.since.as_deref();
    let base = base.map(|revision| Base::at(revision, &current));
    let base = base.transpose().map_err(|unknown| refuse(&unknown))?;
    let options = CheckOptions {
        today: args.as_of.unwrap_or(session.environment.today),
        stage: args.stage,
        fail_on: args.fail_on,
        outcomes: session.global.verbose
            || outputs.iter().any(|output| output.format.lists_outcomes()),
        trace: false,
        recognition: session.global.verbose,
        digests: false,
        changes: changes(args, session).map_err(|unknown| refuse(&unknown))?,
        base: trusted,
        history: None,
        reviews,
        partial: is_partial(args),
        warn_before: args.warn_before,
        jobs: args.jobs,
    };
    let (mut report, gate) = match fixes::level(args) {
        None => session.check(request.clone(), &options)?,
        Some(level) => session.check_with(request.clone(), &options, |gate, inputs, options| {
            mended.take(crate::fix::apply(gate, inputs, options, level))
        })?,
    };
    // What could not be read of it is nothing that a change may be held against.
    if let Some(unknown) = former.and_then(|files| files.lost()) {
        return Err(refuse(&unknown));
    }
    if let (Some(base), Some(gate)) = (base, &gate) {
        let compared = base.compare(&mut report, gate, &request, &options, session);
        compared.map_err(|unknown| refuse(&unknown))?;
    }
    Ok((report, gate))
}

fn refuse(unknown: &Unknown) -> u8 {
    output::complain(&unknown.message, Some(unknown.help));
    ERROR
}

/// Whether there may be more than what is checked.
fn is_partial(args: &CheckArgs) -> bool {
    args.paths.iter().any(|path| path.as_os_str() != ".")
}

/// What changed, where the report is to speak of that alone.
fn changes(args: &CheckArgs, session: &Session<'_>) -> Result<Option<Changes>, Unknown> {
    let current = &session.environment.current;
    if let Some(revision) = &args.changed_since {
        return changes::since(revision, current).map(Some);
    }
    if args.changed_only {
        return changes::named(&args.paths, current).map(Some);
    }
    Ok(None)
}

/// Writes every output. The exit code is the verdict's, or 2 where an output cannot be written.
fn write(
    report: &Report,
    gate: Option<&Gate>,
    outputs: &[Output<Format>],
    session: &Session<'_>,
) -> u8 {
    let mut code = report.verdict.exit_code();
    let mut closed = false;
    for output in outputs {
        let text = match output.format {
            Format::Terminal => terminal(report, output, session),
            Format::Html => render::html::render(report, coverage(report, gate).as_ref()),
            format => format.render(report),
        };
        closed |= output.path.is_none() && output.format.ends_with_summary();
        if !output.put(&text, session) {
            code = ERROR;
        }
    }
    if !closed {
        // Whoever looks at the log sees the verdict, also where the report goes elsewhere.
        let line = render::summary_line(report);
        output::print_error(&crate::source::display_safe(&format!("{line}\n")));
    }
    code
}

/// The controls of the config's frameworks, where something may be concluded of them.
fn coverage(report: &Report, gate: Option<&Gate>) -> Option<Traceability> {
    let gate = gate.filter(|_| matches!(report.verdict, Verdict::Pass | Verdict::Fail))?;
    let frameworks: Vec<String> = gate.frameworks().into_iter().map(str::to_owned).collect();
    let today = report.as_of.parse().ok()?;
    Some(Traceability::of(report, gate.rules(), &frameworks, today))
}

fn terminal(report: &Report, output: &Output<Format>, session: &Session<'_>) -> String {
    let mut options = session.terminal(false);
    if output.path.is_some() {
        // A file is no terminal: it is the same whatever the terminal is.
        options.color = session.global.color == crate::cli::args::Color::Always;
        options.unicode = true;
        options.width = render::terminal::TerminalOptions::default().width;
    }
    render::terminal::render(report, &options)
}

//! `launchgate rules`.

use crate::cli::ERROR;
use crate::cli::args::RulesArgs;
use crate::cli::output::{self, ListFormat, Output};
use crate::cli::session::Session;
use crate::engine::Gate;
use crate::explain::catalogue::{self, Filter, Row, json};
use crate::explain::checks;
use crate::finding::Verdict;
use crate::source::display_safe;

/// Lists the rules of the packs in use.
pub(in crate::cli) fn run(args: &RulesArgs, session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    let gate = match session.gate(&start) {
        Ok(gate) => gate,
        Err(code) => return code,
    };
    let filter = Filter {
        packs: args.pack.clone(),
        kinds: args.kind.clone(),
        controls: args.control.clone(),
        severities: args.severity.clone(),
    };
    if let Err(unknown) = filter.check(gate.rules(), gate.kinds()) {
        output::complain(&unknown.message, Some(&unknown.help));
        return ERROR;
    }
    let as_of = args.as_of.unwrap_or(session.environment.today);
    let mut rows = catalogue::rows(gate.rules(), as_of);
    rows.retain(|row| filter.admits(row));
    let output = args.output.clone().unwrap_or(Output {
        format: ListFormat::Table,
        path: None,
    });
    let text = match output.format {
        ListFormat::Json => json::render(&rows, gate.rules(), gate.digest(), as_of),
        ListFormat::Table => table(&rows, &filter, &output, session),
    };
    if !output.put(&text, session) {
        return ERROR;
    }
    if rows.is_empty() {
        complain(&filter, &gate);
        return Verdict::NothingChecked.exit_code();
    }
    0
}

/// The table, and below it what else there is. With `--quiet` the table alone.
fn table(
    rows: &[Row<'_>],
    filter: &Filter,
    output: &Output<ListFormat>,
    session: &Session<'_>,
) -> String {
    let environment = session.environment;
    let to_terminal = environment.terminal && output.path.is_none();
    let mut text = catalogue::table(rows, to_terminal.then(|| environment.width()));
    if let (false, Some(first)) = (session.global.quiet, rows.first()) {
        text.push('\n');
        text.push_str(&catalogue::closing(rows, first.as_of));
    }
    if !session.global.quiet && filter.is_empty() {
        text.push('\n');
        text.push_str(&checks::footer());
    }
    display_safe(&text).into_owned()
}

fn complain(filter: &Filter, gate: &Gate) {
    if filter.is_empty() {
        let packs = gate.rules().packs().len();
        let message = format!("no rule is in use; packs in use: {packs}");
        output::complain(
            &message,
            Some("Name packs under `packs` in launchgate.yaml"),
        );
    } else {
        let help = "Leave out a condition; `launchgate rules` lists every rule in use";
        output::complain(&format!("no rule in use fits `{filter}`"), Some(help));
    }
}

//! `launchgate explain`.

use crate::cli::ERROR;
use crate::cli::args::ExplainArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::engine::Gate;
use crate::explain::{self, ControlPage, FrameworkPage, RulePage, Subject};
use crate::policy::{OffRule, Rule};
use crate::render::terminal::{self, TerminalOptions};
use crate::testing::Shown;

use jiff::civil::Date;

/// Columns that a page indents diagnostics by.
const INDENT: usize = 4;

/// Prints the page of a rule, check, control, framework or pack.
pub(in crate::cli) fn run(args: &ExplainArgs, session: &mut Session<'_>) -> u8 {
    let start = session.environment.current.clone();
    let gate = match session.gate(&start) {
        Ok(gate) => gate,
        Err(code) => return code,
    };
    let as_of = args.as_of.unwrap_or(session.environment.today);
    let (set, kinds) = (gate.rules(), gate.kinds());
    let text = match explain::look_up(set, kinds, &args.name) {
        Subject::Rule { rule, off } => rule_page(rule, off, as_of, &gate, session),
        Subject::Check(asked) => explain::check_page(asked),
        Subject::Control(control) => explain::control_page(&ControlPage {
            control,
            set,
            as_of,
            unchosen: &explain::unchosen(set, kinds),
        }),
        Subject::Framework { framework, pack } => explain::framework_page(&FrameworkPage {
            framework,
            set,
            pack,
            as_of,
            unchosen: &explain::unchosen(set, kinds),
        }),
        Subject::Pack(pack) => explain::pack_page(pack, set, as_of),
        Subject::Unknown(unknown) => {
            output::complain(&unknown.message, Some(&unknown.help));
            return ERROR;
        }
    };
    Session::print(&text, 0)
}

/// The page of a rule, its failing example with the diagnostic that `check` prints for it.
fn rule_page(
    rule: &Rule,
    off: Option<&OffRule>,
    as_of: Date,
    gate: &Gate,
    session: &Session<'_>,
) -> String {
    let fail_on = gate.config().fail_on.value;
    let options = session.terminal(false);
    let options = TerminalOptions {
        width: options.width.saturating_sub(INDENT),
        ..options
    };
    let draw = |shown: &Shown| {
        let mut sources = gate.sources().clone();
        sources.extend(shown.sources.clone());
        let day = shown.day.unwrap_or(as_of);
        let cited = rule.controls.iter().filter_map(|id| {
            let control = gate.rules().frameworks().control(id)?;
            Some((id.clone(), control.cited(day)))
        });
        terminal::render_cited(
            &shown.findings,
            &sources,
            fail_on,
            &cited.collect(),
            &options,
        )
    };
    explain::rule_page(&RulePage {
        rule,
        off,
        frameworks: gate.rules().frameworks(),
        as_of,
        examples: &explain::examples(gate.rules(), rule, gate.kinds(), fail_on),
        draw: &draw,
    })
}

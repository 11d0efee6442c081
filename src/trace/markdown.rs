//! Traceability as Markdown: for each framework a summary, then one line a (control, rule,
//! document).

use std::fmt::Write as _;

use super::{ControlTrace, FrameworkTrace, Row, State, Traceability};
use crate::finding::{Outcome, Verdict};
use crate::source::{markdown_code, markdown_text};

/// The report. Writing to a string cannot fail, so results of `write!` are dropped.
pub fn write(trace: &Traceability) -> String {
    let mut out = String::from("# Traceability\n\n");
    let verdict = match trace.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Error => "error: nothing may be concluded",
        Verdict::NothingChecked => "nothing was checked",
    };
    let _ = writeln!(
        out,
        "As of {}, policies {}. The gate as a whole: **{verdict}**.\n\n\
         A row is one control, one rule, one document. Titles and summaries of controls are in own \
         words; a control marked † is known from secondary sources only. Nothing here is legal \
         advice.",
        trace.as_of,
        markdown_code(&trace.policy_digest),
    );
    for framework in &trace.frameworks {
        section(&mut out, framework);
    }
    out
}

fn section(out: &mut String, framework: &FrameworkTrace) {
    let title = markdown_text(&framework.title);
    let _ = match &framework.url {
        Some(url) => writeln!(out, "\n## {title}\n\n<{url}>\n"),
        None => writeln!(out, "\n## {title}\n"),
    };
    let count = |wanted: &dyn Fn(&State) -> bool| {
        let states = framework.controls.iter().map(ControlTrace::state);
        states.filter(|state| wanted(state)).count()
    };
    let decided = |outcome| count(&|state| *state == State::Decided(outcome));
    let _ = writeln!(
        out,
        "| controls | hold | fail | cannot be decided | do not apply | not checked | not covered |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n\
         | {} | {} | {} | {} | {} | {} | {} |\n",
        framework.controls.len(),
        decided(Outcome::Pass),
        decided(Outcome::Fail),
        decided(Outcome::Unknown),
        decided(Outcome::NotApplicable),
        count(&|state| matches!(
            state,
            State::Off(_) | State::NoDocument | State::NotInEffect(_)
        )),
        count(&|state| *state == State::NotCovered),
    );
    out.push_str(
        "| control | on the day | rule | document | place | outcome | evidence | sign-off | waiver |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for control in &framework.controls {
        let mark = if control.primary { "" } else { " †" };
        for row in &control.rows {
            let _ = writeln!(
                out,
                "| {} {}{mark} | {} | {} | {} | {} | {} | {} | none | {} |",
                markdown_code(&control.reference),
                markdown_text(&control.title),
                markdown_text(&control.standing.to_string()),
                rule(row),
                document(row),
                row.place.as_ref().map_or_else(
                    || "none".to_owned(),
                    |place| markdown_code(&place.to_string())
                ),
                outcome(row),
                evidence(row),
                waivers(row),
            );
        }
    }
}

fn waivers(row: &Row) -> String {
    let waivers: Vec<String> = row
        .waivers
        .iter()
        .map(|waiver| markdown_text(&waiver.to_string()))
        .collect();
    if waivers.is_empty() {
        "none".to_owned()
    } else {
        waivers.join("; ")
    }
}

fn rule(row: &Row) -> String {
    row.rule.as_ref().map_or_else(
        || "none".to_owned(),
        |rule| {
            let title = markdown_text(&rule.title);
            format!("{} {title}", markdown_code(rule.id.as_str()))
        },
    )
}

fn document(row: &Row) -> String {
    row.document.as_ref().map_or_else(
        || "none".to_owned(),
        |(document, stage)| match stage {
            Some(stage) => format!("{} ({stage})", markdown_code(&document.id)),
            None => markdown_code(&document.id),
        },
    )
}

fn outcome(row: &Row) -> String {
    let word = match &row.state {
        State::Decided(Outcome::Fail) => "**fail**",
        State::Decided(Outcome::Unknown) => "**unknown**",
        State::Decided(Outcome::Pass) => "pass",
        State::Decided(Outcome::NotApplicable) => "not applicable",
        State::NotCovered => "*not covered*",
        State::NoDocument => "*no document*",
        State::Off(_) => "*turned off*",
        State::NotInEffect(_) => "*not in effect*",
    };
    let tally = row.tally;
    let items = tally.pass + tally.fail + tally.unknown;
    let count = match row.state {
        State::Decided(Outcome::Fail) if items > 1 => Some(format!("{} of {items}", tally.fail)),
        State::Decided(Outcome::Unknown) if items > 1 => {
            Some(format!("{} of {items}", tally.unknown))
        }
        State::Decided(Outcome::Pass) if items > 1 => Some(format!("{items} items")),
        _ => None,
    };
    let remark = row.state.remark().map(|remark| markdown_text(&remark));
    match count.or(remark) {
        Some(text) => format!("{word} ({text})"),
        None => word.to_owned(),
    }
}

fn evidence(row: &Row) -> String {
    let mut named: Vec<String> = Vec::new();
    for evidence in &row.evidence {
        let target = markdown_code(&evidence.target);
        let digest = evidence.sha256.as_deref().and_then(|all| all.get(..12));
        let digest = digest.map(|digest| markdown_code(&format!("sha256:{digest}")));
        let known: Vec<String> = digest
            .into_iter()
            .chain(evidence.state.map(str::to_owned))
            .collect();
        let text = if known.is_empty() {
            target
        } else {
            format!("{target} ({})", known.join(", "))
        };
        if !named.contains(&text) {
            named.push(text);
        }
    }
    if named.is_empty() {
        "none".to_owned()
    } else {
        named.join("<br>")
    }
}

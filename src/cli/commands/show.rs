//! `launchgate show`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::cli::ERROR;
use crate::cli::args::ShowArgs;
use crate::cli::output::{ListFormat, Output};
use crate::cli::session::Session;
use crate::document::Shown;
use crate::finding::{Finding, Severity, Verdict};
use crate::source::display_safe;

/// Columns up to which values are aligned.
const MAX_COLUMN: usize = 72;
/// Characters of a value that are shown.
const MAX_VALUE: usize = 96;

/// Shows documents as the gate sees them.
pub(in crate::cli) fn run(args: &ShowArgs, session: &mut Session<'_>) -> u8 {
    let (gate, inputs) = match session.inputs(args.paths.clone()) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let files = session.files;
    let mut seen = Seen::default();
    for input in &inputs {
        let load = gate.look(input, files, seen.files);
        seen.files += 1;
        for source in load.sources {
            session.sources.insert(&source);
        }
        for companion in load.companions {
            let owner = seen.companions.entry(companion.to_string());
            owner.or_insert_with(|| input.path.to_string());
        }
        if let Some(reason) = load.unrecognized {
            seen.others.push((input.path.to_string(), reason));
        }
        for document in &load.documents {
            if let Some(kind) = gate.kinds().get(document.kind()) {
                seen.documents.push(Shown::of(document, kind));
            }
        }
        seen.findings.extend(load.findings);
    }
    let broken = |finding: &&Finding| finding.severity == Severity::Error;
    let errors: Vec<Finding> = seen.findings.iter().filter(broken).cloned().collect();
    let output = args.output.clone().unwrap_or(Output {
        format: ListFormat::Table,
        path: None,
    });
    let text = match output.format {
        ListFormat::Json => json(&seen.documents),
        ListFormat::Table if args.brief => brief(&seen),
        ListFormat::Table => table(&seen.documents),
    };
    if !output.put(&text, session) {
        return ERROR;
    }
    if !errors.is_empty() {
        return session.refuse(&errors);
    }
    if seen.documents.is_empty() {
        return Verdict::NothingChecked.exit_code();
    }
    0
}

/// What was found in the files that were asked for.
#[derive(Default)]
struct Seen {
    documents: Vec<Shown>,
    /// Files that are no documents, and why.
    others: Vec<(String, String)>,
    /// Files that belong to documents, and to which.
    companions: BTreeMap<String, String>,
    findings: Vec<Finding>,
    files: u32,
}

fn json(documents: &[Shown]) -> String {
    let mut text = serde_json::to_string_pretty(documents).unwrap_or_default();
    text.push('\n');
    text
}

/// A line for each document, and for each file that is none.
fn brief(seen: &Seen) -> String {
    let documents = seen.documents.iter().map(|document| {
        let format = document.format.as_deref().unwrap_or("own fields");
        let name = format!("{} {} ({format})", document.kind, document.id);
        (document.path.clone(), name)
    });
    let others = seen.others.iter().map(|(path, reason)| {
        let what = match seen.companions.get(path) {
            Some(owner) => format!("belongs to {owner}"),
            None => format!("no document: {reason}"),
        };
        (path.clone(), what)
    });
    let mut rows: Vec<_> = documents.chain(others).collect();
    let broken = seen.findings.iter().filter_map(|finding| {
        let path = finding.document.as_ref()?.path.to_string();
        let untold = !rows.iter().any(|(known, _)| *known == path);
        untold.then(|| (path, format!("error: {}", finding.message)))
    });
    let mut broken: Vec<_> = broken.collect();
    // The first finding of a file says enough.
    broken.sort_by(|(a, _), (b, _)| a.cmp(b));
    broken.dedup_by(|(a, _), (b, _)| a == b);
    rows.extend(broken);
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let width = rows.iter().map(|(path, _)| path.chars().count()).max();
    let width = width.unwrap_or_default().min(MAX_COLUMN);
    let mut text = String::new();
    for (path, what) in rows {
        let _ = writeln!(text, "{path:width$}  {what}");
    }
    display_safe(&text).into_owned()
}

/// Each document with its values and their origins.
fn table(documents: &[Shown]) -> String {
    let mut text = String::new();
    for document in documents {
        if !text.is_empty() {
            text.push('\n');
        }
        let format = document.format.as_deref().unwrap_or("own fields");
        let Shown { kind, id, path, .. } = document;
        let _ = writeln!(text, "# {kind} {id}, {path} ({format})");
        let rows = document.values.iter().map(|value| {
            let shown = format!("{}: {}", value.path, short(&value.value.to_string()));
            let origin = format!("{}:{}:{}", value.file, value.line, value.column);
            (shown, origin)
        });
        let rows: Vec<_> = rows.collect();
        let widths = rows.iter().map(|(shown, _)| shown.chars().count());
        let width = widths.filter(|width| *width <= MAX_COLUMN).max();
        let width = width.unwrap_or_default();
        for (shown, origin) in rows {
            let _ = writeln!(text, "{shown:width$}  {origin}");
        }
        if !document.absent.is_empty() {
            let _ = writeln!(text, "# absent: {}", document.absent.join(", "));
        }
        if !document.elsewhere.is_empty() {
            let names = document.elsewhere.join(", ");
            let _ = writeln!(text, "# no file here describes: {names}");
        }
        if !document.intact {
            text.push_str("# the file could not be read in full: what is absent may stand in it\n");
        }
    }
    display_safe(&text).into_owned()
}

fn short(value: &str) -> String {
    if value.chars().count() <= MAX_VALUE {
        return value.to_owned();
    }
    let first: String = value.chars().take(MAX_VALUE).collect();
    format!("{first}…")
}

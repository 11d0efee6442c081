//! `launchgate baseline`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::ErrorKind;

use camino::Utf8Path;
use jiff::civil::Date;

use super::waivers::checked;
use crate::cli::args::{BaselineArgs, BaselineCommand};
use crate::cli::prepared::{self, Prepared, Refused};
use crate::cli::session::Session;
use crate::engine::{CheckOptions, Gate};
use crate::finding::{Finding, Report};
use crate::source::SourceFile;
use crate::waiver::baseline::{self, Baseline, Entry};
use crate::waiver::{BASELINE, MAX_BYTES};

/// Findings that cannot be frozen and are named.
const NAMED: usize = 5;

/// Writes the baseline.
pub(in crate::cli) fn run(command: &BaselineCommand, session: &mut Session<'_>) -> u8 {
    let (BaselineCommand::Create { args, .. }
    | BaselineCommand::Update { args, .. }
    | BaselineCommand::Prune(args)) = command;
    let today = args.as_of.unwrap_or(session.environment.today);
    let (report, gate) = match checked(&CheckOptions::on(today), session) {
        Ok(checked) => checked,
        Err(code) => return code,
    };
    prepared::write(prepare(command, args, &report, &gate, session))
}

/// The file, its new text, and what to say.
fn prepare(
    command: &BaselineCommand,
    args: &BaselineArgs,
    report: &Report,
    gate: &Gate,
    session: &Session<'_>,
) -> Prepared {
    let config = gate.config();
    if config.root != config.start {
        return Err(Refused(
            "the baseline is of all that there is, and this folder is a part of it".to_owned(),
            format!("Run it in `{}`", config.root),
        ));
    }
    let configured = config.waivers.baseline.as_ref();
    let usual = configured.map_or_else(|| config.root.join(BASELINE), |file| file.value.clone());
    let path = match &args.file {
        None => usual.clone(),
        Some(path) => {
            let path = Utf8Path::from_path(path).ok_or_else(|| {
                Refused(
                    "the path is not UTF-8".to_owned(),
                    "Name another file".to_owned(),
                )
            })?;
            crate::files::paths::normal(&session.environment.current.join(path))
        }
    };
    let existing = read(&path, session)?;
    let shown = session.shown(&path);
    let new: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| {
            finding
                .suppressed
                .as_ref()
                .is_none_or(|why| why.baseline().is_some())
        })
        .filter(|finding| {
            let known = existing.as_ref().map(|known| &known.findings);
            known.is_none_or(|known| !known.contains_key(finding.fingerprint.as_str()))
        })
        .collect();
    let (until, entries, said) = match (command, existing) {
        (BaselineCommand::Create { .. }, Some(_)) => {
            return Err(Refused(
                format!("`{shown}` is there already"),
                "`launchgate baseline update --add` freezes new findings, `prune` removes what is mended"
                    .to_owned(),
            ));
        }
        (BaselineCommand::Create { until, .. }, None) => {
            let mut entries = BTreeMap::new();
            let said = freeze(&mut entries, &new, gate);
            (*until, entries, said)
        }
        (_, None) => {
            return Err(Refused(
                format!("there is no baseline `{shown}`"),
                "`launchgate baseline create` writes one".to_owned(),
            ));
        }
        (BaselineCommand::Update { add, until, .. }, Some(known)) => {
            let (mut entries, mut said) = prune(&known, report);
            if *add {
                said.push_str(&freeze(&mut entries, &new, gate));
            } else if !new.is_empty() {
                let _ = writeln!(
                    said,
                    "{} not in it; `--add` freezes what can be frozen",
                    count(new.len(), "finding is", "findings are")
                );
            }
            (until.or(known.until.map(|(day, _)| day)), entries, said)
        }
        (BaselineCommand::Prune(_), Some(known)) => {
            let (entries, said) = prune(&known, report);
            (known.until.map(|(day, _)| day), entries, said)
        }
    };
    let mut said = format!(
        "{shown}{}: {}\n{said}",
        ending(until),
        count(entries.len(), "finding", "findings")
    );
    if path != usual {
        let _ = writeln!(
            said,
            "It counts once the config names it: `waivers: {{ baseline: {shown} }}`"
        );
    }
    Ok((path, baseline::write(until, &entries), said))
}

fn ending(until: Option<Date>) -> String {
    until.map_or_else(String::new, |day| format!(", until {day}"))
}

/// The baseline that is there. One that is broken has stopped the run before.
fn read(path: &Utf8Path, session: &Session<'_>) -> Result<Option<Baseline>, Refused> {
    let broken = || {
        Refused(
            format!("`{path}` is no baseline that can be read"),
            "Restore it, or remove it".to_owned(),
        )
    };
    let bytes = match session.files.read(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(broken()),
    };
    let text = String::from_utf8(bytes).map_err(|_| broken())?;
    let source = SourceFile::new(session.sources.next_id(), path, text);
    baseline::parse(&source).map(Some).map_err(|_| broken())
}

/// What of a baseline is still there.
fn prune(known: &Baseline, report: &Report) -> (BTreeMap<String, Entry>, String) {
    let there: BTreeMap<&str, &Finding> = report
        .findings
        .iter()
        .map(|finding| (finding.fingerprint.as_str(), finding))
        .collect();
    let mut entries = known.findings.clone();
    entries.retain(|fingerprint, entry| {
        there
            .get(fingerprint.as_str())
            .is_some_and(|finding| finding.rule.as_str() == entry.rule)
    });
    let mended = known.findings.len() - entries.len();
    let said = match mended {
        0 => "nothing in it is mended\n".to_owned(),
        mended => format!(
            "{} mended and removed\n",
            count(mended, "finding is", "findings are")
        ),
    };
    (entries, said)
}

/// Freezes findings, and says which cannot be.
fn freeze(entries: &mut BTreeMap<String, Entry>, findings: &[&Finding], gate: &Gate) -> String {
    let mut refused: Vec<String> = Vec::new();
    let mut added = 0;
    for finding in findings {
        match gate.try_baseline(finding) {
            Ok(()) => {
                entries.insert(finding.fingerprint.to_string(), Entry::of(finding));
                added += 1;
            }
            Err(why) => refused.push(format!("  {}: {why}", finding.rule)),
        }
    }
    let mut said = format!("{} frozen\n", count(added, "finding is", "findings are"));
    if !refused.is_empty() {
        let _ = writeln!(
            said,
            "{} to count:",
            count(
                refused.len(),
                "finding cannot be and goes on",
                "findings cannot be and go on"
            )
        );
        for line in refused.iter().take(NAMED) {
            said.push_str(line);
            said.push('\n');
        }
        if refused.len() > NAMED {
            let _ = writeln!(said, "  and {} more", refused.len() - NAMED);
        }
    }
    said
}

fn count(count: usize, one: &str, several: &str) -> String {
    let what = if count == 1 { one } else { several };
    format!("{count} {what}")
}

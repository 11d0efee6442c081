//! `launchgate waive`.

use std::fmt::Write as _;

use camino::Utf8PathBuf;

use super::waivers::checked;
use crate::cli::args::WaiveArgs;
use crate::cli::prepared::{self, Prepared, Refused};
use crate::cli::session::Session;
use crate::engine::{CheckOptions, Gate};
use crate::expr::{is_blank, is_placeholder};
use crate::finding::{Finding, Report, did_you_mean};
use crate::render::place;
use crate::source::{Location, one_line};
use crate::waiver::{self, Entry, Origin, Target, write};

/// Fewer digits of a fingerprint could mean several findings tomorrow.
const DIGITS: usize = 8;

/// Candidates that are named.
const NAMED: usize = 8;

/// Writes a waiver.
pub(in crate::cli) fn run(args: &WaiveArgs, session: &mut Session<'_>) -> u8 {
    let today = args.as_of.unwrap_or(session.environment.today);
    let (report, gate) = match checked(&CheckOptions::on(today), session) {
        Ok(checked) => checked,
        Err(code) => return code,
    };
    prepared::write(prepare(args, today, &report, &gate, session))
}

/// The file, its new text, and what to say.
fn prepare(
    args: &WaiveArgs,
    today: jiff::civil::Date,
    report: &Report,
    gate: &Gate,
    session: &Session<'_>,
) -> Prepared {
    for (name, text) in [
        ("--reason", &args.reason),
        ("--owner", &args.owner),
        ("--approver", &args.approver),
    ] {
        if is_blank(text) || is_placeholder(text) {
            return Err(Refused(
                format!("`{name}` says nothing"),
                "An auditor reads it: write who, or why".to_owned(),
            ));
        }
    }
    let finding = find(args, report)?;
    if let Some(reason) = &finding.suppressed
        && reason.waiver().is_some()
    {
        return Err(Refused(
            format!("the finding is {} already", reason.remark()),
            "`launchgate waivers` lists it; change its entry".to_owned(),
        ));
    }
    let expires = match (args.until, args.term) {
        (Some(day), _) => day,
        (None, Some(term)) => waiver::last_day(today, term).ok_or_else(|| {
            Refused(
                "`--for` leads out of the calendar".to_owned(),
                "Write a shorter term, such as P30D".to_owned(),
            )
        })?,
        (None, None) => {
            return Err(Refused(
                "a waiver has an end".to_owned(),
                "Add `--until YYYY-MM-DD`, or `--for P30D`".to_owned(),
            ));
        }
    };
    let Some(document) = &finding.document else {
        return Err(Refused(
            format!(
                "`{}` is about no document and cannot be waived",
                finding.rule
            ),
            "Mend it".to_owned(),
        ));
    };
    let nowhere = finding.primary.location;
    let alike = report.findings.iter().any(|other| {
        let other = other.document.as_ref();
        other.is_some_and(|other| other.id == document.id && other.kind != document.kind)
    });
    let entry = Entry {
        rule: finding.rule.to_string(),
        target: Target::Key {
            document: document.id.to_string(),
            kind: alike.then(|| document.kind.to_string()),
            key: finding.key.clone(),
            fingerprint: Some(finding.fingerprint.to_string()),
        },
        reason: args.reason.trim().to_owned(),
        owner: Some(args.owner.trim().to_owned()),
        approver: Some(args.approver.trim().to_owned()),
        link: args.link.clone(),
        granted: Some(today),
        expires,
        origin: Origin::File(nowhere),
        places: places(nowhere),
    };
    let waived = gate
        .try_waiver(&entry, finding, report, today)
        .map_err(|fault| Refused(fault.message(&entry), fault.help()))?;
    let path = file(gate);
    let existing =
        match session.files.read(&path, waiver::MAX_BYTES) {
            Ok(bytes) => Some(String::from_utf8(bytes).map_err(|_| {
                Refused(format!("`{path}` is not UTF-8"), "Mend it first".to_owned())
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let why = crate::files::paths::reason(&error);
                return Err(Refused(
                    format!("`{path}` cannot be read: {why}"),
                    "Make it a readable file".to_owned(),
                ));
            }
        };
    let about = [format!(
        "{}: {}",
        place(finding, &report.sources),
        one_line(&finding.message)
    )];
    let text = write::append(existing.as_deref(), &entry, &about).map_err(|why| {
        let entry = write::entry_text(&entry, &about, "", "\n");
        Refused(
            format!("nothing is written: {why}"),
            format!("The entry is:\n{entry}"),
        )
    })?;
    let shown = session.shown(&path);
    let mut said = format!(
        "{} is waived until {expires}; the entry stands in {shown}\n",
        finding.rule
    );
    if waived.unsigned {
        said.push_str(
            "It counts once its approver has signed it: `launchgate waivers --statements` writes what to sign\n",
        );
    }
    Ok((path, text, said))
}

fn places(at: Location) -> waiver::Places {
    waiver::Places {
        rule: at,
        approver: at,
        expires: at,
    }
}

/// The file that new waivers go into.
fn file(gate: &Gate) -> Utf8PathBuf {
    let config = gate.config();
    if let Some(first) = config
        .waivers
        .files
        .as_ref()
        .and_then(|files| files.first())
    {
        return first.value.clone();
    }
    let nearest = config.files.last().and_then(|file| file.path.parent());
    nearest.unwrap_or(&config.root).join(waiver::FILE)
}

/// The finding that is meant.
fn find<'r>(args: &WaiveArgs, report: &'r Report) -> Result<&'r Finding, Refused> {
    let target = args.target.as_str();
    let candidates: Vec<&Finding> = if target.contains('/') {
        by_rule(target, args.place.as_deref(), report)
    } else {
        let digits = target.to_ascii_lowercase();
        if digits.len() < DIGITS || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Refused(
                format!("`{target}` is neither a rule nor a fingerprint"),
                format!(
                    "Name a rule with the document, or {DIGITS} digits of a fingerprint or more"
                ),
            ));
        }
        let all = report.findings.iter();
        all.filter(|finding| finding.fingerprint.as_str().starts_with(&digits))
            .collect()
    };
    match candidates.as_slice() {
        [one] => Ok(one),
        [] => {
            let rules: Vec<&str> = report.findings.iter().map(|it| it.rule.as_str()).collect();
            let near = did_you_mean(target, rules);
            let place = args.place.as_deref();
            let at = place.map_or_else(String::new, |place| format!(" at `{place}`"));
            Err(Refused(
                format!("there is no finding `{target}`{at}{near}"),
                "`launchgate check --output json` lists every finding with its fingerprint and key"
                    .to_owned(),
            ))
        }
        several => {
            let mut help =
                "Name one of them by its fingerprint, or by the document and its key:".to_owned();
            for finding in several.iter().take(NAMED) {
                let document = finding.document.as_ref();
                let path = document.map_or("", |document| &document.path);
                let _ = write!(
                    help,
                    "\n    {}  {} {path}:{}",
                    finding.fingerprint, finding.rule, finding.key
                );
            }
            if several.len() > NAMED {
                let _ = write!(help, "\n    and {} more", several.len() - NAMED);
            }
            Err(Refused(
                format!("{} findings are meant by `{target}`", several.len()),
                help,
            ))
        }
    }
}

/// The findings of a rule in a document, named by path or id, and at a key of it.
fn by_rule<'r>(rule: &str, place: Option<&str>, report: &'r Report) -> Vec<&'r Finding> {
    let is_at = |finding: &Finding| {
        let Some(place) = place else { return true };
        let Some(document) = &finding.document else {
            return false;
        };
        [&document.path, &document.id].into_iter().any(|name| {
            let rest = place
                .strip_prefix("./")
                .unwrap_or(place)
                .strip_prefix(&**name);
            match rest {
                Some("") => true,
                Some(key) => key.strip_prefix(':') == Some(finding.key.as_str()),
                None => false,
            }
        })
    };
    let all = report.findings.iter();
    all.filter(|finding| finding.rule.as_str() == rule && is_at(finding))
        .collect()
}

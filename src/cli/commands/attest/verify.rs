//! `launchgate attest verify`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::attestation::{Demands, Envelope, Held, materials, verify};
use crate::cli::ERROR;
use crate::cli::args::AttestVerifyArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::engine::{Gate, sign_off_places};
use crate::finding::{Finding, Severity, Verdict};
use crate::signoff::store::Trust;
use crate::source::display_safe;

const GOOD: u8 = 0;
const NOT_GOOD: u8 = 1;

/// Says whether an attestation is good for what stands here.
pub(in crate::cli) fn run(args: &AttestVerifyArgs, session: &mut Session<'_>) -> u8 {
    match judged(args, session) {
        Ok(Ok(held)) => Session::print(&display_safe(&good(args, &held)), GOOD),
        Ok(Err(against)) => {
            for reason in against {
                output::complain(&reason, None);
            }
            let help = "Run `launchgate attest create` anew where the gate runs";
            let message = format!("`{}` is not good for what stands here", args.file);
            output::complain(&message, Some(help));
            NOT_GOOD
        }
        Err(code) => code,
    }
}

/// What the attestation is worth; else the exit code, once the reason is said.
fn judged(
    args: &AttestVerifyArgs,
    session: &mut Session<'_>,
) -> Result<Result<Held, Vec<String>>, u8> {
    let path = session.environment.current.join(&args.file);
    let bytes = session.files.read(&path, Envelope::MAX_BYTES);
    let bytes = bytes.map_err(|error| {
        let message = format!("cannot read `{}`: {}", args.file, error.kind());
        output::complain(
            &message,
            Some("Name the file that `attest create` has written"),
        );
        ERROR
    })?;
    let envelope = Envelope::parse(args.file.as_str(), &bytes).map_err(|unreadable| {
        let help = "An attestation is a DSSE envelope, as `attest create` writes it";
        output::complain(&unreadable.to_string(), Some(help));
        ERROR
    })?;
    let (gate, documents) = documents(args, session)?;
    let trust = trust(&gate, session)?;
    let materials = materials(&gate, session.files).map_err(|(path, error)| {
        output::complain(&format!("cannot read `{path}`: {}", error.kind()), None);
        ERROR
    })?;
    // What was attested in the course of a day is there on that day.
    let end = |day: Date| {
        let next = day.tomorrow().map_or(Timestamp::MAX, super::begin);
        next.saturating_sub(SignedDuration::from_secs(1))
            .unwrap_or(next)
    };
    let at = args
        .as_of
        .map_or_else(|| super::now(session.environment), end);
    Ok(verify(
        &envelope,
        &Demands {
            signers: &args.signer,
            trust: &trust,
            at,
            max_age: args.max_age,
            properties: &args.require,
            materials: (!args.other_policies).then_some(&materials),
            documents: &documents,
            root: &gate.config().root,
            files: session.files,
        },
    ))
}

/// The files of the documents that must be attested.
fn documents(
    args: &AttestVerifyArgs,
    session: &mut Session<'_>,
) -> Result<(Gate, BTreeSet<String>), u8> {
    let (gate, inputs) = session.inputs(args.paths.clone())?;
    let mut documents = BTreeSet::new();
    let mut broken: Vec<Finding> = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let look = gate.look(input, session.files, number);
        for source in look.sources {
            session.sources.insert(&source);
        }
        if !look.documents.is_empty() {
            documents.insert(input.path.to_string());
        }
        let findings = look.findings.into_iter();
        broken.extend(findings.filter(|finding| finding.severity == Severity::Error));
    }
    if !broken.is_empty() {
        return Err(session.refuse(&broken));
    }
    if documents.is_empty() {
        output::complain(
            "there is no document here",
            Some("Name the documents that it is for"),
        );
        return Err(Verdict::NothingChecked.exit_code());
    }
    Ok((gate, documents))
}

/// Whose signatures count. Without a file of signers nobody's do.
fn trust(gate: &Gate, session: &mut Session<'_>) -> Result<Trust, u8> {
    let places = sign_off_places(gate.config());
    if places.allowed_signers.is_none() {
        let help = "Name the file of their keys in `sign_offs.allowed_signers` of launchgate.yaml";
        output::complain(
            "the config says of nobody with which key they sign",
            Some(help),
        );
        return Err(ERROR);
    }
    let mut sources = gate.sources().clone();
    Trust::read(&places, session.files, &mut sources).map_err(|findings| {
        session.sources = sources;
        session.refuse(&findings)
    })
}

fn good(args: &AttestVerifyArgs, held: &Held) -> String {
    let files = match held.statement.subjects.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let made = held
        .statement
        .time()
        .map_or_else(String::new, |time| time.to_string());
    let mut text = format!(
        "{} is good: {files}, attested by {} on {made} with {}\n",
        args.file, held.signer, held.fingerprint
    );
    for property in held.statement.properties() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {property}");
    }
    text
}

//! `launchgate attest create`.

use crate::attestation::{Envelope, NAMESPACE, Signature, Statement, materials};
use crate::cli::ERROR;
use crate::cli::args::AttestCreateArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::cli::ssh_keygen::{self, Key, Unsigned};
use crate::discover::Request;
use crate::engine::CheckOptions;
use crate::finding::{Report, Verdict};
use crate::render::{self, terminal};
use crate::signoff::ssh::SshSignature;
use crate::source::display_safe;

/// Checks, and writes an attestation where everything passes.
pub(in crate::cli) fn run(args: &AttestCreateArgs, session: &mut Session<'_>) -> u8 {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        let help = "Name the file: who verifies the attestation looks at what stands there";
        output::complain("standard input cannot be attested", Some(help));
        return ERROR;
    }
    let request = Request {
        current: session.environment.current.clone(),
        paths: args.paths.clone(),
        stdin: None,
    };
    let options = CheckOptions {
        stage: args.stage,
        fail_on: args.fail_on,
        digests: true,
        ..CheckOptions::on(args.as_of.unwrap_or(session.environment.today))
    };
    let (report, gate) = match session.check(request, &options) {
        Ok((report, gate)) => (report, gate),
        Err(code) => return code,
    };
    let Some(gate) = gate.filter(|_| report.verdict == Verdict::Pass) else {
        return refuse(&report, session);
    };
    let policies = match materials(&gate, session.files) {
        Ok(policies) => policies,
        Err((path, error)) => {
            output::complain(&format!("cannot read `{path}`: {}", error.kind()), None);
            return ERROR;
        }
    };
    let at = args
        .as_of
        .map_or_else(|| super::now(session.environment), super::begin);
    let Some(statement) = Statement::of(&report, policies, at) else {
        return refuse(&report, session);
    };
    let mut envelope = Envelope::of(statement.to_json());
    if let Some(key) = &args.key {
        match signature(&envelope, key) {
            Ok(signature) => envelope.signatures.push(signature),
            Err((message, help)) => {
                output::complain(&message, Some(help));
                return ERROR;
            }
        }
    }
    let path = session.environment.current.join(&args.output);
    if let Err(error) = output::write_file(&path, &envelope.to_json()) {
        let why = output::why(&error);
        let message = format!("cannot write the attestation to `{}`: {why}", args.output);
        output::complain(&message, Some("Name a file that can be written"));
        return ERROR;
    }
    say(&report, &statement, args);
    Verdict::Pass.exit_code()
}

/// Says what stands in the way.
fn refuse(report: &Report, session: &Session<'_>) -> u8 {
    let options = session.terminal(true);
    output::print_error(&terminal::render(report, &options));
    let why = match report.verdict {
        Verdict::Fail => "the gate failed",
        Verdict::Error => "nothing may be concluded",
        Verdict::NothingChecked | Verdict::Pass => "nothing was checked",
    };
    output::complain(&format!("nothing is attested: {why}"), None);
    match report.verdict {
        Verdict::Pass => Verdict::NothingChecked.exit_code(),
        verdict => verdict.exit_code(),
    }
}

/// A signature that holds: what OpenSSH gives is verified before it is written.
fn signature(
    envelope: &Envelope,
    key: &std::path::Path,
) -> Result<Signature, (String, &'static str)> {
    let message = envelope.signed_bytes();
    let key = Key::File(key.to_owned());
    let bytes = ssh_keygen::sign(&message, NAMESPACE, &key).map_err(|why| match why {
        Unsigned::Absent => (
            "`ssh-keygen` is not there, and it is what signs".to_owned(),
            "Install OpenSSH, or write the attestation with `--unsigned` and have it signed elsewhere",
        ),
        Unsigned::Failed(message, help) => (message, help),
    })?;
    let broken = |error| {
        let message = format!("what `ssh-keygen` signed does not hold: {error}");
        (
            message,
            "Use an ed25519, ECDSA or RSA key, or one in a security key",
        )
    };
    let signature = SshSignature::parse(&bytes).map_err(broken)?;
    signature.check(&message, NAMESPACE).map_err(broken)?;
    Ok(Signature {
        key_id: Some(signature.key().fingerprint()),
        bytes,
    })
}

fn say(report: &Report, statement: &Statement, args: &AttestCreateArgs) {
    let unread = report.files.iter().filter(|(_, digest)| digest.is_none());
    let mut lines: Vec<String> = unread
        .map(|(path, _)| {
            format!("note: `{path}` cannot be read, so it is not among what is attested")
        })
        .collect();
    let files = match statement.subjects.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let unsigned = if args.unsigned { ", unsigned" } else { "" };
    let properties = statement.properties().join(" ");
    lines.push(render::summary_line(report));
    lines.push(format!(
        "attested{unsigned} in {}: {files}; {properties}\n",
        args.output
    ));
    output::print_error(&display_safe(&lines.join("\n")));
}

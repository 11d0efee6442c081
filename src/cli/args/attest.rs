//! What can be typed behind `launchgate attest`.

use std::path::PathBuf;

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{day, severity, stage};
use crate::expr::time::IsoDuration;
use crate::finding::{Severity, Stage};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AttestCommand {
    Create(AttestCreateArgs),
    Verify(AttestVerifyArgs),
}

/// Check documents, and where they pass write that down and sign it.
///
/// Documents are checked as by `check`. What is written is an in-toto statement (Simple Verification Result)
/// over the digests of the documents and of the evidence that they name, in a DSSE envelope. A gate that
/// fails attests nothing.
#[derive(Debug, Args)]
#[command(
    group(clap::ArgGroup::new("signing").required(true).args(["key", "unsigned"])),
    after_help = CREATE_EXIT_CODES,
    after_long_help = concat!(
    "Examples:\n",
    "  launchgate attest create --key ~/.ssh/id_ed25519 --output attestation.json\n",
    "      Attest what lies below this folder.\n",
    "  launchgate attest create specs/credit.md --stage launched --key gate.pub --output credit.json\n",
    "      Attest that one spec may launch; the private key is in the agent.\n",
    "  launchgate attest create --unsigned --output attestation.json\n",
    "      Leave the signature to another tool.\n\n",
    "Exit codes:\n",
    "  0  everything passed, and the attestation is written\n",
    "  1  the gate failed: nothing is written\n",
    "  2  usage, config, policy or input error, or it cannot be signed: nothing is written\n",
    "  3  nothing was checked: nothing is written\n",
))]
pub(in crate::cli) struct AttestCreateArgs {
    /// Files and folders to check; the current folder by default
    #[arg(value_name = "PATHS")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Write the attestation to this file
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Utf8PathBuf,
    /// Sign with this key, which ssh-keygen reads: a private key, or a public one whose other half is in an
    /// agent or a security key
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
    /// Leave out the signature; `attest verify` takes none without one
    #[arg(long)]
    pub(in crate::cli) unsigned: bool,
    /// Check as on this day, YYYY-MM-DD, and date the attestation so; now by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
    /// Check as if every document had reached this stage
    #[arg(long, value_name = "STAGE", value_parser = stage())]
    pub(in crate::cli) stage: Option<Stage>,
    /// Fail the gate from this severity on; overrides `fail_on` of the config
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(in crate::cli) fail_on: Option<Severity>,
}

const CREATE_EXIT_CODES: &str = "\
Exit codes:
  0  everything passed, and the attestation is written
  1  the gate failed: nothing is written
  2  usage, config, policy or input error, or it cannot be signed: nothing is written
  3  nothing was checked: nothing is written";

/// Say whether an attestation is good for the documents that stand here.
///
/// It is if one of the signers has signed it with a key that the config's `allowed_signers` gives them
/// and that is not revoked, it is young enough, has the properties that are required, came about by the same
/// rules, config and trusted keys as stand here, and if every file that it names and every document of
/// PATHS is still what was attested. OpenSSH is not needed.
#[derive(Debug, Args)]
#[command(
    after_help = VERIFY_EXIT_CODES,
    after_long_help = concat!(
    "Examples:\n",
    "  launchgate attest verify attestation.json --signer gate@bank.example\n",
    "      Did the gate pass what lies below this folder?\n",
    "  launchgate attest verify credit.json specs/credit.md --signer gate@bank.example \\\n",
    "      --require LAUNCHGATE_STAGE_LAUNCHED --max-age P1D\n",
    "      May this spec launch, by a verdict of today or yesterday?\n\n",
    "Exit codes:\n",
    "  0  it is good\n",
    "  1  it is not; every reason is said\n",
    "  2  usage or config error, or it cannot be read\n",
    "  3  there is no document that it could be good for\n",
))]
pub(in crate::cli) struct AttestVerifyArgs {
    /// The attestation
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: Utf8PathBuf,
    /// Files and folders whose documents must be attested; the current folder by default
    #[arg(value_name = "PATHS")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Whose attestations count, as `allowed_signers` has them; may be given several times, and one must
    /// have signed
    #[arg(long, value_name = "PRINCIPAL", required = true)]
    pub(in crate::cli) signer: Vec<String>,
    /// Ask for this property as well; may be given several times
    #[arg(long, value_name = "PROPERTY")]
    pub(in crate::cli) require: Vec<String>,
    /// How old it may be, such as P1D or PT12H
    #[arg(long, value_name = "DURATION", default_value = "P7D")]
    pub(in crate::cli) max_age: IsoDuration,
    /// Do not ask for the rules, config and trusted keys that stand here, which may be others than those of
    /// the gate
    #[arg(long)]
    pub(in crate::cli) other_policies: bool,
    /// Verify as on this day, YYYY-MM-DD; now by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
}

const VERIFY_EXIT_CODES: &str = "\
Exit codes:
  0  it is good
  1  it is not; every reason is said
  2  usage or config error, or it cannot be read
  3  there is no document that it could be good for";

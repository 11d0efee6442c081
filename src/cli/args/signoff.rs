//! What can be typed behind `launchgate review` and `launchgate sign`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use super::{day, stage};
use crate::cli::output::{ListFormat, Output};
use crate::expr::time::IsoDuration;
use crate::finding::Stage;
use crate::signoff::statement::Decision;

/// What is to be signed, and in which role.
#[derive(Debug, Args)]
pub(in crate::cli) struct SubjectArgs {
    /// The document
    #[arg(value_name = "DOCUMENT")]
    pub(in crate::cli) path: PathBuf,
    /// The role in which it is signed off, such as privacy
    #[arg(long, value_name = "ROLE")]
    pub(in crate::cli) role: String,
    /// The document that is meant, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) id: Option<String>,
    /// The latest stage that the sign-off is good for; launched by default
    #[arg(long, value_name = "STAGE", value_parser = stage())]
    pub(in crate::cli) stage: Option<Stage>,
    /// Take this day, YYYY-MM-DD, for today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
}

/// Show what a role is to sign off: what is bound, what changed since, what is open.
///
/// What changed since the role's last sign-off is shown value by value and section by section where git
/// has what was signed; else which parts changed. Findings that are open at the stage are what the signer
/// acknowledges.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate review specs/credit.md --role privacy\n",
    "  launchgate review specs/credit.md --role privacy --stage approved --output json\n\n",
    "Exit codes:\n",
    "  0  it is shown, whatever the state of the role\n",
    "  2  no such document or role, or a usage, config or policy error\n",
))]
pub(in crate::cli) struct ReviewArgs {
    #[command(flatten)]
    pub(in crate::cli) subject: SubjectArgs,
    /// Write it as FORMAT, table or json, to PATH or to standard output; table by default
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<ListFormat>::parse)]
    pub(in crate::cli) output: Option<Output<ListFormat>>,
}

/// Sign a document off in a role, with an OpenSSH key.
///
/// Writes a statement of what is bound into the folder of sign-offs and has `ssh-keygen` sign it: with a key
/// file, a key in an agent, or a security key. It shows what is signed and asks before it does. No network and no account
/// is needed. A statement that the same person gave earlier in the role is superseded.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES, after_long_help = concat!(
    "Examples:\n",
    "  launchgate sign specs/credit.md --role privacy\n",
    "      Approve it, with the address and the key that git signs with.\n",
    "  launchgate sign specs/credit.md --role privacy --key ~/.ssh/id_ed25519 \\\n",
    "      --decision approved-with-conditions --conditions 'Retention is cut to P1Y by March'\n",
    "  launchgate sign specs/credit.md --role privacy --decision rejected --reason 'No legal basis'\n",
    "      Nobody can launch it until the role decides anew.\n",
    "  launchgate sign specs/credit.md --role security --scope security --scope 'Rollback plan'\n",
    "      Bind it to a field and a section; edits elsewhere leave it valid.\n",
    "  launchgate sign specs/credit.md --role privacy --dry-run\n\n",
    "Exit codes:\n",
    "  0  it is signed, and it counts\n",
    "  1  it is signed, and it does not count yet; why is said\n",
    "  2  nothing is signed\n",
))]
pub(in crate::cli) struct SignArgs {
    #[command(flatten)]
    pub(in crate::cli) subject: SubjectArgs,
    /// approved (the default), approved-with-conditions, rejected or not-applicable
    #[arg(long, value_name = "DECISION", value_parser = decision(), default_value = "approved", hide_default_value = true, hide_possible_values = true)]
    pub(in crate::cli) decision: Decision,
    /// What an approval with conditions depends on
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) conditions: Option<String>,
    /// Why; a rejection needs it
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    /// Bind it to this field (data, privacy.dpia, /data/0) or section ('Rollback plan') and the evidence, not to the
    /// whole document; may be given several times
    #[arg(long, value_name = "PART")]
    pub(in crate::cli) scope: Vec<String>,
    /// Who signs, as the signers' file names them; by default git's user.email
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub(in crate::cli) principal: Option<String>,
    /// The last day on which it holds, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "validity")]
    pub(in crate::cli) expires: Option<Date>,
    /// How long it holds, such as P6M; by default as long as the role grants, else P1Y
    #[arg(long, value_name = "DURATION", value_parser = str::parse::<IsoDuration>)]
    pub(in crate::cli) validity: Option<IsoDuration>,
    /// Take the place of this other person's statement in the role, such as a rejection
    #[arg(long, value_name = "PRINCIPAL")]
    pub(in crate::cli) supersedes: Option<String>,
    /// The key: private, or public where an agent or a security key has the other half; by default git's
    /// user.signingkey where gpg.format is ssh
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) key: Option<PathBuf>,
    /// Sign without asking
    #[arg(long, short)]
    pub(in crate::cli) yes: bool,
    /// Print the statement, and write and sign nothing
    #[arg(long, conflicts_with = "yes")]
    pub(in crate::cli) dry_run: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  it is signed, and it counts
  1  it is signed, and it does not count yet; why is said
  2  nothing is signed";

fn decision() -> impl TypedValueParser<Value = Decision> {
    let names = [
        Decision::Approved,
        Decision::ApprovedWithConditions,
        Decision::Rejected,
        Decision::NotApplicable,
    ];
    PossibleValuesParser::new(names.map(Decision::as_str))
        .try_map(|name| Decision::named(&name).ok_or("no such decision"))
}

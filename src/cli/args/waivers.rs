//! What `launchgate waive`, `waivers` and `baseline` take.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{day, duration};
use crate::cli::commands::waivers::Format as WaiversFormat;
use crate::cli::output::Output;
use crate::expr::time::IsoDuration;

/// Waive a finding: write down why it may stand, who answers for it, and until when.
///
/// The finding is looked for in a run over everything. Its entry is put behind those of launchgate.waivers.yaml,
/// with what the finding says as a comment; nothing else in the file changes.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate waive privacy/retention-limit specs/credit.yaml:data[name=income].retention \\\n",
    "    --reason 'The licence asks for ten years' --owner ann@bank.example \\\n",
    "    --approver counsel@bank.example --for P30D\n",
    "  launchgate waive 1f0c9a3b ...        the finding with this fingerprint\n\n",
    "Exit codes: 0; 2 no such finding, or it may not be waived so\n",
))]
pub(in crate::cli) struct WaiveArgs {
    /// The id of a rule, or the first digits of a fingerprint, at least eight
    #[arg(value_name = "RULE|FINGERPRINT")]
    pub(in crate::cli) target: String,
    /// The document, by path or id, and the key in it
    #[arg(value_name = "DOCUMENT[:KEY]")]
    pub(in crate::cli) place: Option<String>,
    /// Why it may stand, so that an auditor accepts it
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: String,
    /// Who answers for it and sees to its end
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) owner: String,
    /// Who approves it: not the owner, nor an author of the document
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) approver: String,
    /// The last day on which it holds, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "term")]
    pub(in crate::cli) until: Option<Date>,
    /// How long it holds from today on, an ISO 8601 duration
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub(in crate::cli) term: Option<IsoDuration>,
    /// Where to read on, such as the ticket
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) link: Option<String>,
    /// Check as on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
}

/// List the waivers: who waived what until when, and whether it counts.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate waivers --warn-before P30D\n",
    "  launchgate waivers --output csv=waivers.csv\n",
))]
pub(in crate::cli) struct WaiversArgs {
    /// Write the list as FORMAT, table, csv or json, to PATH or to standard output; table by default
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<WaiversFormat>::parse)]
    pub(in crate::cli) output: Option<Output<WaiversFormat>>,
    /// Mark waivers that end within this time, an ISO 8601 duration such as P30D
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(in crate::cli) warn_before: Option<IsoDuration>,
    /// Write what approvers have to sign, for waivers that wait for a signature
    #[arg(long, conflicts_with = "output")]
    pub(in crate::cli) statements: bool,
    /// Check as on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BaselineCommand {
    /// Freeze every finding that is there; refuses where a baseline is there already
    Create {
        #[command(flatten)]
        args: BaselineArgs,
        /// The last day on which it counts, YYYY-MM-DD
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: Option<Date>,
    },
    /// Remove what is mended, set another end, and with --add freeze new findings
    Update {
        #[command(flatten)]
        args: BaselineArgs,
        /// The last day on which it counts, YYYY-MM-DD
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: Option<Date>,
        /// Freeze findings that are not in it yet
        #[arg(long)]
        add: bool,
    },
    /// Remove what is mended
    Prune(BaselineArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct BaselineArgs {
    /// The baseline; by default the config's, else launchgate.baseline.yaml in the root
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// Check as on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
}

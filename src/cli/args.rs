//! What can be typed.

mod attest;
mod fairness;
mod signoff;
mod waivers;

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub(super) use attest::{AttestCommand, AttestCreateArgs, AttestVerifyArgs};
pub(super) use fairness::{FairnessArgs, FairnessCommand, MeasureArgs, Missing, SqlArgs};
pub(super) use signoff::{ReviewArgs, SignArgs, SubjectArgs};
pub(super) use waivers::{BaselineArgs, BaselineCommand, WaiveArgs, WaiversArgs};

use super::output::{ListFormat, Output};
use crate::expr::time::{IsoDuration, parse_iso_duration};
use crate::finding::{Severity, Stage};
use crate::render::Format;
use crate::trace;

macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  every blocking rule passed, was not applicable, or was waived
  1  the gate failed
  2  usage, config, policy or input error: nothing may be concluded
  3  nothing was checked: no document, or no rule, matched"
    };
}

/// Checks feature specs and AI-model cards against policies before a launch.
///
/// launchgate reads the documents that say what is to be launched, holds them against policies for
/// privacy, fairness, security and launch readiness, and says what is missing, where, and what to
/// do about it.
#[derive(Debug, Parser)]
#[command(
    name = "launchgate",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = concat!(
        "Examples:\n",
        "  launchgate check                     check what lies below the current folder\n",
        "  launchgate check specs/credit.md     check one document\n",
        "  launchgate explain privacy/retention-limit\n",
    ),
    max_term_width = 100,
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Global {
    /// Use this config file alone, instead of every launchgate.yaml from here up to the repository
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Use no config: the built-in policies as they are
    #[arg(long, global = true, conflicts_with = "config")]
    pub(super) isolated: bool,
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help = "When to use colours; NO_COLOR and CLICOLOR_FORCE decide where this says auto"
    )]
    pub(super) color: Color,
    /// Show the closing line alone
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Show also what was not applicable, and every notice
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// At a terminal
    Auto,
    /// Also in a pipe or a file
    Always,
    /// Nowhere
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(CheckArgs),
    Test(TestArgs),
    Explain(ExplainArgs),
    Report(ReportArgs),
    Rules(RulesArgs),
    Fairness(Box<FairnessArgs>),
    Review(ReviewArgs),
    Sign(Box<SignArgs>),
    Waive(Box<WaiveArgs>),
    Waivers(WaiversArgs),
    /// Freeze the findings that are there, so that only new ones count
    ///
    /// This is how the gate is adopted on a repository with a past.
    #[command(after_help = concat!(
        "Examples:\n",
        "  launchgate baseline create --until 2027-06-30\n",
        "  launchgate baseline prune            remove what is mended\n",
        "  launchgate baseline update --add     freeze new findings as well\n\n",
        "Locked rules, and what is wrong with the gate's own input, are never frozen.\n",
    ))]
    Baseline {
        #[command(subcommand)]
        command: BaselineCommand,
    },
    Show(ShowArgs),
    Convert(ConvertArgs),
    /// Attest that documents passed, for a deploy pipeline to demand
    #[command(after_help = concat!(
        "Examples:\n",
        "  launchgate attest create --key ~/.ssh/id_ed25519 --output attestation.json\n",
        "  launchgate attest verify attestation.json --signer gate@bank.example --max-age P7D\n",
    ))]
    Attest {
        #[command(subcommand)]
        command: AttestCommand,
    },
    /// Look at the config
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    Schema(SchemaArgs),
    /// Set a repository up: a config, a GitHub workflow and a hook for pre-commit.
    ///
    /// Looks at the documents that are there and writes launchgate.yaml, .github/workflows/launchgate.yml and
    /// .pre-commit-config.yaml, each with comments. What is there already is left as it is; what to add to it
    /// by hand is said.
    #[command(after_help = concat!(
        "Examples:\n",
        "  launchgate init      in a repository with or without documents\n\n",
        "Exit codes:\n",
        "  0  everything is in place, or was there already\n",
        "  2  something cannot be read or written\n",
    ))]
    Init,
    New(NewArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Check documents and say whether they may launch.
///
/// Folders are searched for documents; what .gitignore leaves out is left out. A named file has to
/// be a document. Without PATHS the current folder is checked.
#[derive(Debug, Args)]
#[command(after_help = exit_codes!(), after_long_help = concat!(
    "Examples:\n",
    "  launchgate check\n",
    "      What does the gate say about everything below this folder?\n",
    "  launchgate check --stage launched specs/credit.md\n",
    "      What is still missing before this spec may launch?\n",
    "  launchgate check --output terminal --output json=report.json\n",
    "      Read it here, and keep the whole report for the auditors.\n",
    "  launchgate check --since origin/main\n",
    "      Does this branch break anything that held before? What was wrong already does not count.\n",
    "  launchgate check --changed-since origin/main\n",
    "      What does this branch change, and what refers to it?\n",
    "  launchgate check --fix --diff\n",
    "      Which slips could be mended at once?\n",
    "  launchgate check - --stdin-filename specs/credit.md < draft.md\n",
    "      Check a text that is not saved yet.\n\n",
    exit_codes!(),
))]
pub(super) struct CheckArgs {
    /// Files and folders to check, or `-` for standard input
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// Write the report as FORMAT, to PATH or to standard output; may be given several times
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<Format>::parse, long_help = formats())]
    pub(super) output: Vec<Output<Format>>,
    /// Check as on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Check as if every document had reached this stage: what is still missing for it?
    #[arg(long, value_name = "STAGE", value_parser = stage())]
    pub(super) stage: Option<Stage>,
    /// Fail the gate from this severity on; overrides `fail_on` of the config
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(super) fail_on: Option<Severity>,
    /// Count only findings that were not there where the branch left REV, whatever document they are in
    #[arg(long, value_name = "REV", conflicts_with = "changed_since")]
    pub(super) since: Option<String>,
    /// Speak only of documents that changed since the branch left REV, and of those that refer to them
    #[arg(long, value_name = "REV", conflicts_with_all = ["paths", "changed_only"])]
    pub(super) changed_since: Option<String>,
    /// Speak only of the documents among PATHS; what is none is passed over: for hooks
    #[arg(long, requires = "paths")]
    pub(super) changed_only: bool,
    /// Count the approvals of a pull request, the JSON of GitHub's API, as sign-offs of the kind github-review
    #[arg(long, value_name = "FILE")]
    pub(super) github_reviews: Option<PathBuf>,
    /// The commit that stands to be merged: an approval of another one is stale; HEAD by default
    #[arg(long, value_name = "SHA", requires = "github_reviews")]
    pub(super) head: Option<String>,
    /// Name waivers that end within this time, an ISO 8601 duration such as P30D
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) warn_before: Option<IsoDuration>,
    /// Take standard input for this file, which decides syntax, config and kind
    #[arg(long, value_name = "FILE")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// Use this many threads; all cores by default
    #[arg(long, short, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Write safe fixes into the files, then report: slips of the hand, other notations
    #[arg(long)]
    pub(super) fix: bool,
    /// Write fixes as well that change what a document says; look through them
    #[arg(long)]
    pub(super) fix_unsafe: bool,
    /// Write nothing, and show as a unified diff what --fix or --fix-unsafe would write
    #[arg(long, conflicts_with = "output")]
    pub(super) diff: bool,
}

/// A duration.
fn duration(text: &str) -> Result<IsoDuration, String> {
    parse_iso_duration(text)
        .map_err(|_| "expected an ISO 8601 duration, such as P30D or P3M".to_owned())
}

/// Run the examples of policies: do the rules catch what they say they catch?
///
/// Every rule has examples that pass and examples that fail. Without PATHS the packs of the config
/// are tested.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate test                      test the packs that are in use\n",
    "  launchgate test policies/bank        test the rules of a folder\n",
    "  launchgate test --mutate             would the examples notice if a rule were another?\n",
))]
pub(super) struct TestArgs {
    /// Change each rule in one place after the other, and fail if no example notices
    #[arg(long)]
    pub(super) mutate: bool,
    /// Pack folders and policy files
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
}

/// Say what a rule or a control asks for, why, and with which examples.
///
/// The page of a rule has an example that passes and one that fails, with what `check` says of it.
/// Checks that need no policy, such as schema/unknown-key, have pages as well. The page of a control
/// of a law or standard, of a whole framework, or of a pack says which rules are in use for it.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate explain privacy/retention-limit\n",
    "  launchgate explain 'gdpr:5(1)(e)'    which rules serve this control?\n",
    "  launchgate explain gdpr              what of it do the rules cover?\n",
))]
pub(super) struct ExplainArgs {
    /// The id of a rule, check, control, framework or pack
    #[arg(value_name = "ID")]
    pub(super) name: String,
    /// Say how controls stand on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
}

/// List the rules of the packs in use.
///
/// Rules that are turned off, or that do not hold on the day, are listed and marked. Of several
/// values of one option one must fit; of several options each.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate rules --pack privacy --severity error\n",
    "  launchgate rules --control gdpr      the rules that serve a framework\n",
    "  launchgate rules --output json       everything about them, for machines\n\n",
    "Exit codes: 0; 2 usage, config or policy error; 3 no rule fits\n",
))]
pub(super) struct RulesArgs {
    /// Only rules of this pack; may be given several times, as the next three
    #[arg(long, value_name = "PACK")]
    pub(super) pack: Vec<String>,
    /// Only rules for this kind of document
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Vec<String>,
    /// Only rules that serve this control (gdpr:5(1)(e)), or any control of this framework (gdpr)
    #[arg(long, value_name = "CONTROL")]
    pub(super) control: Vec<String>,
    /// Only rules of exactly this severity
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(super) severity: Vec<Severity>,
    /// Say what holds on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Write the list as FORMAT, table or json, to PATH or to standard output; table by default
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<ListFormat>::parse)]
    pub(super) output: Option<Output<ListFormat>>,
}

/// Show documents as the gate sees them, each value with its place
///
/// A foreign document, such as a model card of the Hugging Face Hub or a bill of materials, is shown in
/// the fields that policies read, each with the line of its own file.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate show README.md            which fields does this model card give?\n",
    "  launchgate show --brief models       which files are documents, and of which format?\n",
    "  launchgate show --output json bom.json\n\n",
    "Exit codes:\n",
    "  0  every document is shown\n",
    "  2  a file cannot be read, or is no document although it was named\n",
    "  3  no document was found\n",
))]
pub(super) struct ShowArgs {
    /// Files and folders; the current folder by default
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// Show a line for each document, and for each file that is none
    #[arg(long)]
    pub(super) brief: bool,
    /// Write it as FORMAT, table or json, to PATH or to standard output; table by default
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<ListFormat>::parse)]
    pub(super) output: Option<Output<ListFormat>>,
}

/// Write a document in another format, to standard output.
///
/// What the other format has no home for is named on standard error.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate convert README.md --to cyclonedx > ml-bom.json\n",
    "  launchgate convert bom.json --id router --to native\n\n",
    "Exit codes:\n",
    "  0  it was written, wholly or in part\n",
    "  2  it cannot be read, or there is no such format\n",
))]
pub(super) struct ConvertArgs {
    /// The file
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
    /// cyclonedx, huggingface, or native: the fields of its kind, in YAML
    #[arg(long, value_name = "FORMAT")]
    pub(super) to: String,
    /// The document that is meant, where the file holds several
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    Show(ConfigShowArgs),
}

/// Show every value that holds, and the file and line that it comes from.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate config show               the config of the current folder\n",
    "  launchgate config show services/web  the config of another folder or file\n",
))]
pub(super) struct ConfigShowArgs {
    /// The file or folder whose config is meant; the current folder by default
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
}

/// Print a JSON Schema, for editors and other tools.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate schema feature-spec > feature-spec.schema.json\n",
    "  launchgate schema config\n\n",
    "NAME is a kind of document (feature-spec, model-card, or one of the config's own), or one of\n",
    "config, policy, pack, format, framework, report, review, rules, fairness, waivers, baseline.\n",
))]
pub(super) struct SchemaArgs {
    /// A kind of document, or config, policy, pack, format, framework, report, review, rules, fairness
    #[arg(value_name = "NAME")]
    pub(super) name: String,
}

/// Write a new document with blanks to fill in.
///
/// It has the fields that the policies in use ask everybody for, each with what it means. `launchgate check`
/// names every blank by its line. A file that is there already is never written over.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate new feature-spec specs/credit.yaml\n",
    "  launchgate new model-card models/credit.md       front matter of a Markdown file\n",
    "  launchgate new model-card --from huggingface     README.md, and a sidecar beside it\n",
    "  launchgate new feature-spec -                    to standard output\n",
))]
pub(super) struct NewArgs {
    /// feature-spec, model-card, or a kind of the config's own
    #[arg(value_name = "KIND")]
    pub(super) kind: String,
    /// The file to write, or `-` for standard output; by default the kind's name with .yaml
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
    /// Write it in this format, such as huggingface, with a sidecar for what the format has no field for
    #[arg(long, value_name = "FORMAT")]
    pub(super) from: Option<String>,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate completions bash > ~/.local/share/bash-completion/completions/launchgate\n",
    "  launchgate completions fish > ~/.config/fish/completions/launchgate.fish\n",
))]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

/// Print the manual page.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate man | man -l -                        read it here\n",
    "  launchgate man --out ~/.local/share/man/man1     a page for each command as well\n",
))]
pub(super) struct ManArgs {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// Show control by control what is covered, by which rule, where, and how it came out.
///
/// Documents are checked as by `check`, then listed by the controls of a framework: one row a
/// control, rule and document. A control that no rule covers is a row as well.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate report --framework eu-ai-act\n",
    "  launchgate report --framework gdpr --output csv=gdpr.csv --output json=gdpr.json\n\n",
    exit_codes!(),
))]
pub(super) struct ReportArgs {
    /// Files and folders to check
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// The framework, such as gdpr; may be given several times. By default those of the config
    #[arg(long, value_name = "ID")]
    pub(super) framework: Vec<String>,
    /// Write the report as markdown, csv or json, to PATH or to standard output; may be given several times
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<trace::Format>::parse)]
    pub(super) output: Vec<Output<trace::Format>>,
    /// Report as on this day, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Report as if every document had reached this stage
    #[arg(long, value_name = "STAGE", value_parser = stage())]
    pub(super) stage: Option<Stage>,
}

fn formats() -> String {
    let mut text =
        "Write the report as FORMAT, to PATH or to standard output; may be given several times\n\nFormats:"
            .to_owned();
    for format in Format::ALL {
        let _ = write!(text, "\n  {:9} {}", format.as_str(), format.description());
    }
    text
}

/// `YYYY-MM-DD` and nothing else that could be read as a date.
fn day(text: &str) -> Result<Date, String> {
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<_> = text.split('-').collect();
    let shape = matches!(parts.as_slice(), [year, month, day]
        if digits(year, 4) && digits(month, 2) && digits(day, 2));
    if !shape {
        return Err("a day is written YYYY-MM-DD, such as 2026-11-22".to_owned());
    }
    text.parse()
        .map_err(|_| "there is no such day in the calendar".to_owned())
}

fn stage() -> impl TypedValueParser<Value = Stage> {
    let names = Stage::ALL.iter().map(|stage| stage.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Stage>())
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    let names = Severity::ALL.iter().map(|severity| severity.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Severity>())
}

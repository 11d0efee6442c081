//! What can be typed behind `launchgate fairness`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::day;
use crate::cli::output::{ListFormat, Output};
use crate::evidence::fairness::sql::Dialect;
use crate::evidence::table::Literal;

/// Compute fairness metrics from a file of predictions.
///
/// The file is CSV (gzip too) or Parquet with a row for each prediction, or with the counts of each group. It is
/// measured by each attribute and, where there are several, by all of them together. A metric that cannot be
/// computed, or that too few rows stand behind, is said to be so, with the reason. Nothing is judged
/// here: `check` holds what a model card claims against the same file.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = EXIT_CODES,
    after_long_help = concat!(
        "Examples:\n",
        "  launchgate fairness predictions.csv --by sex,race --label y_true --prediction y_pred\n",
        "      What do the predictions say, by sex, by race, and by both?\n",
        "  launchgate fairness predictions.csv --by sex --prediction y_pred \\\n",
        "      --metric demographic_parity_ratio --as-claims=models/card.yaml\n",
        "      The lines for the card, with digest, rows and counts filled in.\n",
        "  launchgate fairness counts.csv --by sex,race --output json\n",
        "      The result of a query of `launchgate fairness sql`.\n\n",
        "Exit codes:\n",
        "  0  computed, whatever came out\n",
        "  2  usage error, or a file that cannot be counted\n",
    ),
)]
pub(in crate::cli) struct FairnessArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<FairnessCommand>,
    #[command(flatten)]
    pub(in crate::cli) measure: Option<MeasureArgs>,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  computed, whatever came out
  2  usage error, or a file that cannot be counted";

/// What to measure, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct MeasureArgs {
    /// The file of predictions, or of counts
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) file: Option<PathBuf>,
    /// The columns of the attributes, with commas
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', required = true)]
    pub(in crate::cli) by: Vec<String>,
    /// The column that says what was so; without it there are no error rates
    #[arg(long, value_name = "COLUMN")]
    pub(in crate::cli) label: Option<String>,
    /// The column that says what was decided; counts have none
    #[arg(long, value_name = "COLUMN")]
    pub(in crate::cli) prediction: Option<String>,
    /// The column of a score
    #[arg(long, value_name = "COLUMN")]
    pub(in crate::cli) score: Option<String>,
    /// The value of label and prediction that is good for the person; 1 by default
    #[arg(long, value_name = "VALUE", value_parser = literal)]
    pub(in crate::cli) favourable: Option<Literal>,
    /// The other value; by default the one other that occurs
    #[arg(long, value_name = "VALUE", value_parser = literal)]
    pub(in crate::cli) unfavourable: Option<Literal>,
    /// Compare with `highest` (the default), with `largest`, or with a group by its name; may be given several
    /// times, for a group of each attribute
    #[arg(long, value_name = "GROUP")]
    pub(in crate::cli) reference: Vec<String>,
    /// Show this group, and leave it out of the metrics; may be given several times
    #[arg(long, value_name = "GROUP")]
    pub(in crate::cli) exclude: Vec<String>,
    /// What becomes of rows of which the group is missing; show by default
    #[arg(long, value_name = "HOW")]
    pub(in crate::cli) missing: Option<Missing>,
    /// Measure this, or `all` there is; may be given several times
    #[arg(long, value_name = "METRIC")]
    pub(in crate::cli) metric: Vec<String>,
    /// A group of fewer rows decides nothing; 30 by default
    #[arg(long, value_name = "N")]
    pub(in crate::cli) minimum_group: Option<u64>,
    /// Measure by all attributes together alone
    #[arg(long)]
    pub(in crate::cli) intersection: bool,
    /// The file has a row for each group, with the columns n, selected, tp, fp, tn and fn
    #[arg(long)]
    pub(in crate::cli) counts: bool,
    /// Write the result as FORMAT, table or json, to PATH or to standard output; table by default
    #[arg(long, short, value_name = "FORMAT[=PATH]", value_parser = Output::<ListFormat>::parse)]
    pub(in crate::cli) output: Option<Output<ListFormat>>,
    /// Print the lines that claim this in a model card, for the current folder or for the card CARD
    #[arg(
        long,
        value_name = "CARD",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with = "output"
    )]
    pub(in crate::cli) as_claims: Option<Option<PathBuf>>,
    /// The version of the model that made the predictions, for `--as-claims`
    #[arg(long, value_name = "VERSION", requires = "as_claims")]
    pub(in crate::cli) model_version: Option<String>,
    /// Day on which they were made, YYYY-MM-DD, for `--as-claims`; today by default
    #[arg(long, value_name = "DATE", value_parser = day, requires = "as_claims")]
    pub(in crate::cli) evaluated_on: Option<Date>,
    /// Take this day, YYYY-MM-DD, for today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(in crate::cli) as_of: Option<Date>,
}

/// What becomes of rows of which the group is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Missing {
    /// Shown, and compared with nobody, as a card does that states `unknown_group`
    Show,
    /// Compared, as a group of their own
    Group,
    /// Each metric is undefined
    Refuse,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum FairnessCommand {
    Sql(SqlArgs),
}

/// Print the query that counts groups in a warehouse.
///
/// Its result, saved as CSV, is evidence as the rows are: one row a group with what there is to count,
/// however many rows there were. `launchgate fairness` and the documents read it.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:\n",
    "  launchgate fairness sql --dialect postgres --table risk.decisions --by sex,race \\\n",
    "      --label repaid --prediction approved > counts.sql\n",
    "  psql --csv --file counts.sql > counts.csv\n",
    "  launchgate fairness counts.csv --by sex,race\n\n",
    "Exit codes: 0; 2 usage error\n",
))]
pub(in crate::cli) struct SqlArgs {
    /// The database that will run it; ansi for one that is not listed
    #[arg(long, value_name = "DIALECT", value_parser = dialect())]
    pub(in crate::cli) dialect: Dialect,
    /// The table: `table`, `schema.table`, or with quoted parts, '"odd name".table'
    #[arg(long, value_name = "TABLE")]
    pub(in crate::cli) table: String,
    /// The columns of the attributes, with commas; all are counted together
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', required = true)]
    pub(in crate::cli) by: Vec<String>,
    /// The column that says what was so; without it error rates cannot be computed
    #[arg(long, value_name = "COLUMN")]
    pub(in crate::cli) label: Option<String>,
    /// The column that says what was decided
    #[arg(long, value_name = "COLUMN")]
    pub(in crate::cli) prediction: String,
    /// The column of a score
    #[arg(long, value_name = "COLUMN")]
    pub(in crate::cli) score: Option<String>,
    /// The value of label and prediction that is good for the person
    #[arg(long, value_name = "VALUE", value_parser = literal, default_value = "1")]
    pub(in crate::cli) favourable: Literal,
    /// The other value; by default 0 for 1, 1 for 0, false for true, and true for false
    #[arg(long, value_name = "VALUE", value_parser = literal)]
    pub(in crate::cli) unfavourable: Option<Literal>,
}

fn dialect() -> impl TypedValueParser<Value = Dialect> {
    let names = Dialect::ALL.map(Dialect::as_str);
    PossibleValuesParser::new(names).try_map(|name| {
        let mut all = Dialect::ALL.into_iter();
        all.find(|dialect| dialect.as_str() == name)
            .ok_or("no such dialect")
    })
}

/// A value as a document would have it: a whole number, true or false, or a text.
#[expect(
    clippy::unnecessary_wraps,
    reason = "clap wants a parser that could fail"
)]
fn literal(text: &str) -> Result<Literal, String> {
    Ok(match (text.parse(), text) {
        (Ok(number), _) => Literal::Int(number),
        (_, "true") => Literal::Bool(true),
        (_, "false") => Literal::Bool(false),
        _ => Literal::Text(text.to_owned()),
    })
}

//! What can be typed behind `launchgate fairness`.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use crate::evidence::fairness::sql::Dialect;
use crate::evidence::table::Literal;

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

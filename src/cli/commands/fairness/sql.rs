//! `launchgate fairness sql`.

use crate::cli::ERROR;
use crate::cli::args::SqlArgs;
use crate::cli::output;
use crate::cli::session::Session;
use crate::evidence::fairness::sql::{Question, SqlError, query};

/// Prints the query.
pub(super) fn run(args: &SqlArgs) -> u8 {
    let question = Question {
        table: &args.table,
        by: &args.by,
        label: args.label.as_deref(),
        prediction: &args.prediction,
        score: args.score.as_deref(),
        favourable: &args.favourable,
        unfavourable: args.unfavourable.as_ref(),
    };
    match query(&question, args.dialect) {
        Ok(text) => Session::print(&text, 0),
        Err(error) => {
            output::complain(&error.to_string(), Some(help(&error)));
            ERROR
        }
    }
}

fn help(error: &SqlError) -> &'static str {
    match error {
        SqlError::NoAttribute => "Name the columns of the attributes with `--by`",
        SqlError::Table(_) => {
            "Write `table` or `schema.table`; a name with a point in it goes into \" or backticks"
        }
        SqlError::Empty(_) => "Name it",
        SqlError::Unreadable(_) => "Give the column another name in a view, and query the view",
        SqlError::Twice(_) => "Name each attribute once; upper and lower case are the same here",
        SqlError::Reserved(_) => "Give the column another name in a view, and query the view",
        SqlError::NoOther(_) => "Name the other value with `--unfavourable`",
        SqlError::Same => "Name two values with `--favourable` and `--unfavourable`",
    }
}

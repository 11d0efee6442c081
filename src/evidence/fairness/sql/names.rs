//! Names of tables and columns, as a person writes them.

use super::{OWN, SqlError};
use crate::source::is_unsafe_to_display;

/// The columns of the result beside the attributes.
const COLUMNS: [&str; 10] = [
    "n",
    "selected",
    "tp",
    "fp",
    "tn",
    "fn",
    "other",
    "score_sum",
    "score_sum_sq",
    "above_median",
];

/// Refuses what is empty, and what a reader of the query could not see.
pub(super) fn readable(what: &'static str, text: &str) -> Result<(), SqlError> {
    if text.is_empty() {
        Err(SqlError::Empty(what))
    } else if text
        .chars()
        .any(|c| c.is_control() || is_unsafe_to_display(c))
    {
        Err(SqlError::Unreadable(what))
    } else {
        Ok(())
    }
}

/// The attributes, each of which can be a column of the result.
pub(super) fn attributes(by: &[String]) -> Result<&[String], SqlError> {
    if by.is_empty() {
        return Err(SqlError::NoAttribute);
    }
    for (at, name) in by.iter().enumerate() {
        readable("name of an attribute", name)?;
        // Databases that keep the case of a name do not tell names apart by it.
        let folded = name.to_lowercase();
        if COLUMNS.contains(&folded.as_str()) || folded.starts_with(OWN) {
            return Err(SqlError::Reserved(name.clone()));
        }
        if by
            .iter()
            .take(at)
            .any(|other| other.to_lowercase() == folded)
        {
            return Err(SqlError::Twice(name.clone()));
        }
    }
    Ok(by)
}

/// The parts of a table's name: plain, or in `"` or backticks, which a part holds doubled.
pub(super) fn table(text: &str) -> Result<Vec<String>, SqlError> {
    readable("name of the table", text)?;
    let wrong = || SqlError::Table(text.to_owned());
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, behind) = match rest.chars().next() {
            Some(quote @ ('"' | '`')) => quoted(rest, quote).ok_or_else(wrong)?,
            _ => {
                let end = rest.find('.').unwrap_or(rest.len());
                let (part, behind) = rest.split_at_checked(end).ok_or_else(wrong)?;
                (part.to_owned(), behind)
            }
        };
        if part.is_empty() {
            return Err(wrong());
        }
        parts.push(part);
        match behind.strip_prefix('.') {
            Some(next) => rest = next,
            None if behind.is_empty() => return Ok(parts),
            None => return Err(wrong()),
        }
    }
}

/// The name that `text` begins with in quotes, and what comes behind it.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text.strip_prefix(quote)?;
    loop {
        let (before, behind) = rest.split_once(quote)?;
        name.push_str(before);
        match behind.strip_prefix(quote) {
            Some(next) => {
                name.push(quote);
                rest = next;
            }
            None => return Some((name, behind)),
        }
    }
}

//! How databases differ, as far as one query needs it.

use super::OWN;

/// A dialect of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Standard SQL with window functions and no more, for databases that are not listed.
    Ansi,
    /// `DuckDB`.
    DuckDb,
    /// `PostgreSQL`, and what speaks as it does.
    Postgres,
    /// Spark SQL, Databricks included.
    Spark,
    /// `BigQuery` (`GoogleSQL`).
    BigQuery,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Ansi,
        Self::DuckDb,
        Self::Postgres,
        Self::Spark,
        Self::BigQuery,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ansi => "ansi",
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Spark => "spark",
            Self::BigQuery => "bigquery",
        }
    }

    /// A name, quoted.
    pub(super) fn identifier(self, name: &str) -> String {
        match self {
            Self::Ansi | Self::DuckDb | Self::Postgres => {
                format!("\"{}\"", name.replace('"', "\"\""))
            }
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            // A quoted name has the escapes of a string.
            Self::BigQuery => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        }
    }

    /// A text, quoted.
    pub(super) fn literal(self, text: &str) -> String {
        match self {
            // A backslash means itself or begins an escape, by a setting; in this form it always
            // begins one.
            Self::Postgres if text.contains('\\') => {
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
            }
            Self::Ansi | Self::DuckDb | Self::Postgres => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Self::Spark | Self::BigQuery => {
                format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
            }
        }
    }

    /// An expression as text.
    pub(super) fn text_of(self, expression: &str) -> String {
        let text = match self {
            // The standard wants a length.
            Self::Ansi => "VARCHAR(4000)",
            Self::DuckDb => "VARCHAR",
            Self::Postgres => "TEXT",
            Self::Spark | Self::BigQuery => "STRING",
        };
        format!("CAST({expression} AS {text})")
    }

    /// An expression as a number of double precision.
    pub(super) fn number_of(self, expression: &str) -> String {
        let number = match self {
            Self::Ansi | Self::Postgres => "DOUBLE PRECISION",
            Self::DuckDb | Self::Spark => "DOUBLE",
            Self::BigQuery => "FLOAT64",
        };
        format!("CAST({expression} AS {number})")
    }

    /// Sorts by a column, missing values first, and where there is a choice by bytes: the same rows
    /// shall give the same file, which the digest in a card is of.
    pub(super) fn order(self, column: &str) -> String {
        match self {
            Self::Ansi => format!("CASE WHEN {column} IS NULL THEN 0 ELSE 1 END, {column}"),
            Self::Postgres => format!("{column} COLLATE \"C\" NULLS FIRST"),
            Self::DuckDb | Self::Spark | Self::BigQuery => format!("{column} NULLS FIRST"),
        }
    }

    /// The tables that end in one with the median of all scores: of an even number of rows the mean of
    /// the middle two.
    pub(super) fn median(self) -> String {
        let score = format!("{OWN}score");
        match self {
            Self::Ansi => format!(
                ",\n{OWN}places AS (\n  SELECT\n    {score},\n    \
                 ROW_NUMBER() OVER (ORDER BY {score}) AS {OWN}place,\n    \
                 COUNT(*) OVER () AS {OWN}places\n  FROM {OWN}sample\n  \
                 WHERE {score} IS NOT NULL\n),\n{OWN}middle AS (\n  \
                 SELECT AVG({score}) AS {OWN}median\n  FROM {OWN}places\n  \
                 WHERE 2 * {OWN}place BETWEEN {OWN}places AND {OWN}places + 2\n)"
            ),
            Self::DuckDb | Self::Postgres | Self::Spark => format!(
                ",\n{OWN}middle AS (\n  \
                 SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {score}) AS {OWN}median\n  \
                 FROM {OWN}sample\n)"
            ),
            // There it is a window function and nothing else.
            Self::BigQuery => format!(
                ",\n{OWN}middle AS (\n  \
                 SELECT PERCENTILE_CONT({score}, 0.5) OVER () AS {OWN}median\n  \
                 FROM {OWN}sample\n  LIMIT 1\n)"
            ),
        }
    }
}

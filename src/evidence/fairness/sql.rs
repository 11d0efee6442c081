//! The query that counts groups where the rows are: its result is counts evidence.
//!
//! The result has one row a group, with the columns `<attributes>, n, selected, tp, fp, tn, fn,
//! other` and, with a score, `score_sum, score_sum_sq, above_median`. `other` counts the rows whose
//! label or prediction is neither of the two values, or whose score is no finite number: they stay
//! in `n`, and counts evidence is refused where `other` is not 0.
//!
//! Label and prediction are compared as text, so one query does for columns of every type: 1 is `1`
//! or `1.0`, and true is `true` in any case. A group value is a text as well, and an empty one is a
//! missing one, as it is in CSV.

mod dialect;
mod names;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use thiserror::Error;

pub use dialect::Dialect;

use names::{attributes, readable, table};

use crate::evidence::table::Literal;

/// What the names begin with that the query brings along.
const OWN: &str = "launchgate_";

/// What is counted: names as a person writes them, not quoted.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// `table`, `schema.table`, or with quoted parts: `"odd name".table`.
    pub table: &'a str,
    /// The columns of the attributes. Each intersection of their values is a group.
    pub by: &'a [String],
    /// The column that says what was so. Without one there are no `tp`, `fp`, `tn` and `fn`.
    pub label: Option<&'a str>,
    /// The column that says what was decided.
    pub prediction: &'a str,
    /// The column of a score.
    pub score: Option<&'a str>,
    /// The value of label and prediction that is good for the person.
    pub favourable: &'a Literal,
    /// The other value. It may be left out for 0 and 1, and for true and false.
    pub unfavourable: Option<&'a Literal>,
}

/// Why there is no query.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SqlError {
    /// Nothing to count by.
    #[error("there is no attribute to count by")]
    NoAttribute,
    /// No table is named: an empty part, or a quote that does not close.
    #[error("`{0}` does not name a table")]
    Table(String),
    /// An empty name or value. It says of what.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// A control, bidirectional or invisible character: the query would not say what it seems to.
    #[error("the {0} holds a character that cannot be shown")]
    Unreadable(&'static str),
    /// Two attributes that databases do not tell apart.
    #[error("the attribute `{0}` is named twice")]
    Twice(String),
    /// An attribute with a name that the query needs.
    #[error("an attribute cannot be called `{0}`: the query needs the name for itself")]
    Reserved(String),
    /// The favourable value does not tell the other one.
    #[error("the value that is not favourable does not follow from `{0}`")]
    NoOther(String),
    /// One value is both.
    #[error("the favourable and the unfavourable value are the same")]
    Same,
}

/// The query in a dialect, with a final semicolon and line end.
pub fn query(question: &Question<'_>, dialect: Dialect) -> Result<String, SqlError> {
    let quote = |name: &str| dialect.identifier(name);
    let table: Vec<String> = table(question.table)?
        .iter()
        .map(|part| quote(part))
        .collect();
    let by: Vec<String> = attributes(question.by)?
        .iter()
        .map(|name| quote(name))
        .collect();
    let outcome = Outcome::new(question)?;

    let mut sample = Vec::new();
    for column in &by {
        let text = dialect.text_of(column);
        sample.push(format!("NULLIF({text}, '') AS {column}"));
    }
    if let Some(label) = question.label {
        readable("name of the label", label)?;
        sample.push(outcome.of(&quote(label), "label", dialect));
    }
    readable("name of the prediction", question.prediction)?;
    sample.push(outcome.of(&quote(question.prediction), "prediction", dialect));
    if let Some(score) = question.score {
        readable("name of the score", score)?;
        sample.push(finite(&dialect.number_of(&quote(score))));
    }

    let mut text = format!(
        "-- Counts evidence for launchgate: save the result as CSV, with its header.\n\
         -- \"other\" has to be 0: it counts rows that are neither favourable nor unfavourable{}.\n\
         WITH {OWN}sample AS (\n  SELECT\n    {}\n  FROM {}\n)",
        if question.score.is_some() {
            ",\n-- or that have no score"
        } else {
            ""
        },
        sample.join(",\n    "),
        table.join("."),
    );
    if question.score.is_some() {
        text.push_str(&dialect.median());
    }
    let _ = write!(
        text,
        "\nSELECT\n  {}\nFROM {OWN}sample",
        result(question, &by, dialect).join(",\n  ")
    );
    if question.score.is_some() {
        let _ = write!(text, "\nCROSS JOIN {OWN}middle");
    }
    let order: Vec<String> = by.iter().map(|column| dialect.order(column)).collect();
    let _ = write!(
        text,
        "\nGROUP BY {}\nORDER BY {};\n",
        by.join(", "),
        order.join(", ")
    );
    Ok(text)
}

/// The columns of the result, each with its name.
fn result(question: &Question<'_>, by: &[String], dialect: Dialect) -> Vec<String> {
    let label = format!("{OWN}label");
    let prediction = format!("{OWN}prediction");
    let score = format!("{OWN}score");
    let count = |condition: &str, name: &str| {
        let name = dialect.identifier(name);
        format!("COUNT(CASE WHEN {condition} THEN 1 END) AS {name}")
    };
    let mut columns = by.to_vec();
    columns.push(format!("COUNT(*) AS {}", dialect.identifier("n")));
    columns.push(count(&format!("{prediction} = 1"), "selected"));
    let mut neither = Vec::new();
    if question.label.is_some() {
        for (name, was, decided) in [("tp", 1, 1), ("fp", 0, 1), ("tn", 0, 0), ("fn", 1, 0)] {
            let condition = format!("{label} = {was} AND {prediction} = {decided}");
            columns.push(count(&condition, name));
        }
        neither.push(format!("{label} IS NULL"));
    }
    neither.push(format!("{prediction} IS NULL"));
    if question.score.is_some() {
        neither.push(format!("{score} IS NULL"));
    }
    columns.push(count(&neither.join(" OR "), "other"));
    if question.score.is_some() {
        let sums = [
            ("score_sum", score.clone()),
            ("score_sum_sq", format!("{score} * {score}")),
        ];
        for (name, of) in sums {
            columns.push(format!("SUM({of}) AS {}", dialect.identifier(name)));
        }
        columns.push(count(&format!("{score} > {OWN}median"), "above_median"));
    }
    columns
}

/// The score, or NULL where it is infinite or no number: every engine agrees on this comparison,
/// and on nothing else about such values.
fn finite(number: &str) -> String {
    let most = "1.7976931348623157E308";
    format!("CASE WHEN {number} BETWEEN -{most} AND {most}\n      THEN {number} END AS {OWN}score")
}

/// The two values of label and prediction, as texts that stand for them.
struct Outcome {
    favourable: Spelling,
    unfavourable: Spelling,
}

/// How a value may be written.
#[derive(PartialEq, Eq)]
struct Spelling {
    texts: Vec<String>,
    /// Whether upper and lower case are the same.
    any_case: bool,
}

impl Outcome {
    fn new(question: &Question<'_>) -> Result<Self, SqlError> {
        let unfavourable = match question.unfavourable {
            Some(value) => Spelling::of(value)?,
            None => Spelling::of(&opposite(question.favourable)?)?,
        };
        let favourable = Spelling::of(question.favourable)?;
        if favourable.overlaps(&unfavourable) {
            return Err(SqlError::Same);
        }
        Ok(Self {
            favourable,
            unfavourable,
        })
    }

    /// 1 for the favourable value of a column, 0 for the other, NULL for what is neither.
    fn of(&self, column: &str, name: &str, dialect: Dialect) -> String {
        let text = dialect.text_of(column);
        format!(
            "CASE\n      WHEN {} THEN 1\n      WHEN {} THEN 0\n    END AS {OWN}{name}",
            self.favourable.is(&text, dialect),
            self.unfavourable.is(&text, dialect),
        )
    }
}

impl Spelling {
    fn of(value: &Literal) -> Result<Self, SqlError> {
        let number = |number: i64| vec![number.to_string(), format!("{number}.0")];
        let (texts, any_case) = match value {
            Literal::Int(value) => (number(*value), false),
            Literal::Bool(value) => (vec![value.to_string()], true),
            Literal::Text(text) => {
                readable("favourable or unfavourable value", text)?;
                let whole = text.strip_suffix(".0").unwrap_or(text);
                let plain = whole.parse().ok().filter(|n: &i64| n.to_string() == whole);
                match plain {
                    Some(value) => (number(value), false),
                    None if is_boolean(text) => (vec![text.to_ascii_lowercase()], true),
                    None => (vec![text.clone()], false),
                }
            }
        };
        Ok(Self { texts, any_case })
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.texts.iter().any(|text| other.texts.contains(text))
    }

    fn is(&self, text: &str, dialect: Dialect) -> String {
        let text = if self.any_case {
            format!("LOWER({text})")
        } else {
            text.to_owned()
        };
        let spellings: Vec<String> = self.texts.iter().map(|one| dialect.literal(one)).collect();
        match spellings.as_slice() {
            [one] => format!("{text} = {one}"),
            several => format!("{text} IN ({})", several.join(", ")),
        }
    }
}

/// The other value of a pair that everybody knows.
fn opposite(value: &Literal) -> Result<Literal, SqlError> {
    match value {
        Literal::Int(0) => Ok(Literal::Int(1)),
        Literal::Int(1) => Ok(Literal::Int(0)),
        Literal::Bool(value) => Ok(Literal::Bool(!value)),
        other => Err(SqlError::NoOther(other.text())),
    }
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

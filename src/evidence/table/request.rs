//! What is asked of a table: which columns mean what, and how much may be read.

/// A value as a document states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// True or false.
    Bool(bool),
}

impl Literal {
    /// As a cell would have it.
    pub fn text(&self) -> String {
        match self {
            Self::Int(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bool(bool) => bool.to_string(),
        }
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Literal {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Which columns of a table mean what.
///
/// A cell equals a [`Literal`] if their texts are equal, or both are numbers and equal (`1.0` is
/// `1`), or both are booleans, in any case (`True` is `true`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The attributes that part the rows into groups. One pass counts their finest intersection, so
    /// this is the union of what all assessments of the file name. May be empty.
    pub by: Vec<String>,
    /// What was so.
    pub label: Option<String>,
    /// What the model decided.
    pub prediction: Option<String>,
    /// How sure it was, as a finite number.
    pub score: Option<String>,
    /// The sets of attributes over which scores are looked at, each a part of `by`. What scores tell of a
    /// group cannot be put together from its parts, as counts can. Empty: over all of `by`.
    pub score_over: Vec<Vec<String>>,
    /// The value of label and prediction that is the good one to get.
    pub favourable: Literal,
    /// The other value. Where it is not stated it is the one other value that occurs in label and
    /// prediction; a third one is an error.
    pub unfavourable: Option<Literal>,
    /// Label and prediction are quantities (a regression), not decisions: the result has
    /// [`super::Counted::moments`], and `favourable` is not looked at.
    pub quantities: bool,
    /// The columns of counts evidence, where the document says that the table is that. Without it a
    /// table is counts evidence if it lacks the prediction column and has `n` and `selected` or `tp`.
    pub counts: Option<CountColumns>,
}

impl Request {
    /// Asks for the groups of `by`, with 1 as the favourable value and no other column yet.
    pub fn by<S: Into<String>>(by: impl IntoIterator<Item = S>) -> Self {
        Self {
            by: by.into_iter().map(Into::into).collect(),
            label: None,
            prediction: None,
            score: None,
            score_over: Vec::new(),
            favourable: Literal::Int(1),
            unfavourable: None,
            quantities: false,
            counts: None,
        }
    }
}

/// How counts evidence names its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountColumns {
    /// Rows.
    pub n: String,
    /// Rows with the favourable prediction.
    pub selected: String,
    /// Favourable and rightly so.
    pub tp: String,
    /// Favourable and wrongly so.
    pub fp: String,
    /// Unfavourable and rightly so.
    pub tn: String,
    /// Unfavourable and wrongly so.
    pub fn_: String,
    /// Sum of the scores.
    pub score_sum: String,
    /// Sum of the squares of the scores.
    pub score_sum_sq: String,
    /// Rows whose score lies strictly above the median of all rows.
    pub above_median: String,
}

impl Default for CountColumns {
    fn default() -> Self {
        let own = str::to_owned;
        Self {
            n: own("n"),
            selected: own("selected"),
            tp: own("tp"),
            fp: own("fp"),
            tn: own("tn"),
            fn_: own("fn"),
            score_sum: own("score_sum"),
            score_sum_sq: own("score_sum_sq"),
            above_median: own("above_median"),
        }
    }
}

/// How much may be read, and by how many threads. Results do not depend on the latter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file, and bytes that come out of a compressed one.
    pub bytes: u64,
    /// Groups, beyond which a column looks like an id.
    pub groups: usize,
    /// Bytes of a value that names a group.
    pub field: usize,
    /// Bytes of one record of a CSV file.
    pub record: usize,
    /// Columns.
    pub columns: usize,
    /// Cells of scores (a score of a group) that are held in memory at once.
    pub cells: usize,
    /// Bytes of a CSV file that one thread parses at a time.
    pub chunk: usize,
    /// Threads that count; at least one.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 1 << 40,
            groups: 100_000,
            field: 1024,
            record: 8 << 20,
            columns: 4096,
            cells: 1_500_000,
            chunk: 1 << 20,
            threads: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(8)),
        }
    }
}

//! Where in a table the columns of a request stand.

use std::sync::Arc;

use csv::ByteRecord;

use super::decision::{Value, quantity, sound};
use super::error::Cause;
use super::request::{CountColumns, Limits, Request};
use crate::finding::nearest;

/// What a column is asked for as.
pub(super) const GROUP: &str = "a group";
pub(super) const LABEL: &str = "a label";
pub(super) const PREDICTION: &str = "a prediction";
pub(super) const SCORE: &str = "a score";
pub(super) const COUNT: &str = "a count";

/// The column by which `launchgate fairness sql` shows rows that could not be counted.
const OTHER: &str = "other";

/// Parts the values of a key. No UTF-8 text has this byte.
pub(super) const SEPARATOR: u8 = 0xFF;

/// What other programs part fields by.
pub(super) const DELIMITERS: [(char, &str); 3] =
    [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];

/// A request, held against a header.
#[derive(Debug)]
pub(super) struct Plan {
    /// The names of all columns.
    pub(super) header: Vec<String>,
    pub(super) by: Vec<usize>,
    pub(super) label: Option<usize>,
    pub(super) prediction: Option<usize>,
    pub(super) score: Option<usize>,
    pub(super) favourable: Value,
    pub(super) unfavourable: Option<Value>,
    /// The sets of attributes over which scores are looked at, as places in `by`.
    pub(super) score_over: Vec<Vec<usize>>,
    pub(super) quantities: bool,
    /// Whether the cells of numbers are the eight bytes of a double, and not text.
    pub(super) binary: bool,
    pub(super) counts: Option<CountPlan>,
    pub(super) limits: Limits,
}

/// Where counts evidence has its counts.
#[derive(Debug)]
pub(super) struct CountPlan {
    pub(super) names: CountColumns,
    pub(super) n: usize,
    pub(super) selected: Option<usize>,
    /// tp, fp, tn, fn
    pub(super) confusion: Option<[usize; 4]>,
    /// sum, sum of squares, above the median
    pub(super) sums: Option<[usize; 3]>,
    /// Rows that are neither favourable nor unfavourable, which must be none.
    pub(super) other: Option<usize>,
}

impl Plan {
    pub(super) fn new(
        header: Vec<String>,
        request: &Request,
        limits: &Limits,
    ) -> Result<Self, Cause> {
        if header.len() > limits.columns {
            return Err(Cause::TooManyColumns {
                found: header.len(),
                limit: limits.columns,
            });
        }
        let has = |name: &str| header.iter().any(|column| column == name);
        let counts = request.counts.clone().or_else(|| {
            let names = CountColumns::default();
            let rows = request.prediction.as_deref().is_some_and(has);
            let counted = has(&names.n) && (has(&names.selected) || has(&names.tp));
            (!rows && counted).then_some(names)
        });
        let column = |name: &str, role| find(&header, name, role);
        let optional = |name: &Option<String>, role| {
            name.as_deref().map(|name| column(name, role)).transpose()
        };
        let by: Vec<usize> = request
            .by
            .iter()
            .map(|name| column(name, GROUP))
            .collect::<Result<_, _>>()?;
        if let Some(twice) = request
            .by
            .iter()
            .enumerate()
            .find_map(|(at, name)| request.by.iter().take(at).find(|other| *other == name))
        {
            return Err(Cause::Request(format!(
                "`{twice}` is named twice among the attributes"
            )));
        }
        if request.quantities && request.prediction.is_none() {
            return Err(Cause::Request(
                "quantities need a prediction column".to_owned(),
            ));
        }
        let score_over = if request.score_over.is_empty() {
            vec![(0..by.len()).collect()]
        } else {
            let sets = request.score_over.iter().map(|set| {
                let places = set.iter().map(|name| {
                    let place = request.by.iter().position(|has| has == name);
                    place.ok_or_else(|| {
                        Cause::Request(format!("`{name}` is not among the attributes"))
                    })
                });
                places.collect()
            });
            sets.collect::<Result<_, _>>()?
        };
        let favourable = Value::of(&request.favourable);
        let unfavourable = request.unfavourable.as_ref().map(Value::of);
        if unfavourable.as_ref() == Some(&favourable) && !request.quantities {
            return Err(Cause::Request(
                "the favourable and the unfavourable value are the same".to_owned(),
            ));
        }
        let counts = counts
            .map(|names| CountPlan::new(&header, names, &request.by))
            .transpose()?;
        // Counts evidence has no rows to take these from.
        let rows = counts.is_none();
        let of_rows = |name, role| {
            if rows { optional(name, role) } else { Ok(None) }
        };
        Ok(Self {
            by,
            label: of_rows(&request.label, LABEL)?,
            prediction: of_rows(&request.prediction, PREDICTION)?,
            score: of_rows(&request.score, SCORE)?,
            favourable,
            unfavourable,
            score_over,
            quantities: request.quantities,
            binary: false,
            counts,
            limits: *limits,
            header,
        })
    }

    /// The names of the attributes.
    pub(super) fn attributes(&self) -> Vec<Arc<str>> {
        let names = self.by.iter().map(|&column| self.name(column).into());
        names.collect()
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> String {
        self.header.get(column).cloned().unwrap_or_default()
    }

    /// The key of a record's group, into `key`; `None` if the record is too short.
    pub(super) fn key(&self, record: &ByteRecord, key: &mut Vec<u8>) -> Option<()> {
        key.clear();
        for (at, &column) in self.by.iter().enumerate() {
            if at > 0 {
                key.push(SEPARATOR);
            }
            key.extend_from_slice(record.get(column)?);
        }
        Some(())
    }

    /// The score of a record, if it is one that can be reckoned with.
    pub(super) fn score(&self, record: &ByteRecord) -> Option<f64> {
        self.quantity(record.get(self.score?)?)
    }

    /// The number of a cell of numbers, if it is one that can be reckoned with.
    pub(super) fn quantity(&self, cell: &[u8]) -> Option<f64> {
        if self.binary {
            let bytes = <[u8; 8]>::try_from(cell).ok()?;
            sound(f64::from_le_bytes(bytes))
        } else {
            quantity(cell)
        }
    }

    /// Whether a column has numbers, not names of groups or values of a decision.
    pub(super) fn is_number(&self, column: usize) -> bool {
        self.score == Some(column)
            || self.quantities && (self.label == Some(column) || self.prediction == Some(column))
    }

    /// All columns that are looked at.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut all = self.by.clone();
        all.extend(
            [self.label, self.prediction, self.score]
                .into_iter()
                .flatten(),
        );
        if let Some(counts) = &self.counts {
            all.push(counts.n);
            all.extend(counts.selected);
            all.extend(counts.confusion.into_iter().flatten());
            all.extend(counts.sums.into_iter().flatten());
        }
        all
    }

    pub(super) fn is_favourable(&self, cell: &str) -> bool {
        Value::new(cell) == self.favourable
    }

    /// What a column of the rows is asked for as.
    pub(super) fn role(&self, column: usize) -> &'static str {
        if self.label == Some(column) {
            LABEL
        } else if self.prediction == Some(column) {
            PREDICTION
        } else if self.score == Some(column) {
            SCORE
        } else if self.counts.is_some() && !self.by.contains(&column) {
            COUNT
        } else {
            GROUP
        }
    }
}

impl CountPlan {
    fn new(header: &[String], names: CountColumns, by: &[String]) -> Result<Self, Cause> {
        let column = |name: &str| find(header, name, COUNT);
        let optional = |name: &str| {
            if header.iter().any(|column| column == name) {
                column(name).map(Some)
            } else {
                Ok(None)
            }
        };
        // Some of a set are a slip; none of it is a choice.
        let all = |wanted: &[&String]| -> Result<Option<Vec<usize>>, Cause> {
            if wanted.iter().all(|name| !header.contains(name)) {
                return Ok(None);
            }
            let found: Result<Vec<usize>, Cause> = wanted.iter().map(|name| column(name)).collect();
            found.map(Some)
        };
        let confusion = all(&[&names.tp, &names.fp, &names.tn, &names.fn_])?;
        let sums = all(&[&names.score_sum, &names.score_sum_sq, &names.above_median])?;
        let selected = optional(&names.selected)?;
        let confusion = confusion.and_then(|columns| columns.try_into().ok());
        if selected.is_none() && confusion.is_none() {
            column(&names.selected)?;
        }
        Ok(Self {
            n: column(&names.n)?,
            selected,
            confusion,
            sums: sums.and_then(|columns| columns.try_into().ok()),
            // An attribute may be called so in evidence that was not counted by our query.
            other: if by.iter().any(|name| name == OTHER) {
                None
            } else {
                optional(OTHER)?
            },
            names,
        })
    }
}

/// The one column of that name.
fn find(header: &[String], name: &str, role: &'static str) -> Result<usize, Cause> {
    let mut found = (0..header.len()).filter(|&at| header.get(at).is_some_and(|has| has == name));
    let Some(first) = found.next() else {
        for (delimiter, what) in DELIMITERS {
            let parted = |column: &String| {
                let mut parts = column.split(delimiter).map(|part| part.trim_matches('"'));
                column.contains(delimiter) && parts.any(|part| part == name)
            };
            if header.iter().any(parted) {
                return Err(Cause::Delimiter(what));
            }
        }
        return Err(Cause::ColumnAbsent {
            column: name.to_owned(),
            role,
            near: nearest(name, header.iter().map(String::as_str)).map(str::to_owned),
        });
    };
    match found.count() {
        0 => Ok(first),
        more => Err(Cause::DuplicateColumn {
            column: name.to_owned(),
            times: more + 1,
        }),
    }
}

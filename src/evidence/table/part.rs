//! What was seen in one chunk, and what is wrong with a file once its chunks are put together in order.

use std::collections::BTreeMap;

use super::decision::Value;
use super::error::{Cause, Place, Rows};
use super::plan::Plan;

/// How many values other than the favourable one are told apart before they are one heap.
pub(super) const OTHERS: usize = 16;

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Offence {
    NotText,
    TooLong,
    Empty,
    NotANumber,
}

/// Rows of the label and of the prediction column.
pub(super) type Both = [Rows; 2];

/// What was seen in one chunk. Rows count from its beginning.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) rows: u64,
    pub(super) lines: u64,
    /// Records of the wrong length, and the length of the first.
    pub(super) ragged: Option<(usize, Rows)>,
    pub(super) offences: BTreeMap<(Offence, usize), Rows>,
    /// What stands in label and prediction beside the favourable value.
    pub(super) others: Vec<(Value, Both)>,
    /// Still others.
    pub(super) heap: Both,
    /// The first record of counts evidence that does not add up, and why.
    pub(super) counts: Option<(Place, String)>,
}

impl Part {
    pub(super) fn offend(&mut self, offence: Offence, column: usize, place: Place) {
        self.offences
            .entry((offence, column))
            .or_default()
            .add(place);
    }

    pub(super) fn ragged(&mut self, found: usize, place: Place) {
        self.ragged
            .get_or_insert_with(|| (found, Rows::default()))
            .1
            .add(place);
    }

    /// Takes in the part that follows.
    pub(super) fn append(&mut self, later: &Self) {
        let (rows, lines) = (self.rows, self.lines);
        if let Some((found, more)) = &later.ragged {
            self.ragged
                .get_or_insert_with(|| (*found, Rows::default()))
                .1
                .append(more, rows, lines);
        }
        for (offence, more) in &later.offences {
            self.offences
                .entry(*offence)
                .or_default()
                .append(more, rows, lines);
        }
        for (value, more) in &later.others {
            let known = self.others.iter().position(|(has, _)| has == value);
            let at = known.unwrap_or(self.others.len());
            if at == self.others.len() && at < OTHERS {
                self.others.push((value.clone(), Both::default()));
            }
            let into = match self.others.get_mut(at) {
                Some((_, into)) => into,
                None => &mut self.heap,
            };
            for (into, more) in into.iter_mut().zip(more) {
                into.append(more, rows, lines);
            }
        }
        for (into, more) in self.heap.iter_mut().zip(&later.heap) {
            into.append(more, rows, lines);
        }
        if self.counts.is_none()
            && let Some((place, what)) = &later.counts
        {
            self.counts = Some((place.after(rows, lines), what.clone()));
        }
        self.rows += later.rows;
        self.lines += later.lines;
    }

    /// The first thing that is wrong, if anything is.
    pub(super) fn verdict(&self, plan: &Plan) -> Result<(), Cause> {
        if let Some((found, rows)) = &self.ragged {
            return Err(Cause::FieldCount {
                expected: plan.header.len(),
                found: *found,
                rows: rows.clone(),
            });
        }
        if let Some((&(offence, at), rows)) = self.offences.first_key_value() {
            let column = plan.name(at);
            let rows = rows.clone();
            return Err(match offence {
                Offence::NotText => Cause::NotText { column, rows },
                Offence::TooLong => Cause::FieldTooLong {
                    column,
                    limit: plan.limits.field,
                    rows,
                },
                Offence::Empty => Cause::EmptyCell {
                    column,
                    role: plan.role(at),
                    rows,
                },
                Offence::NotANumber => Cause::NotANumber { column, rows },
            });
        }
        if let Some((place, what)) = &self.counts {
            return Err(Cause::Counts {
                place: *place,
                what: what.clone(),
            });
        }
        self.third_value(plan)
    }

    /// Whether label and prediction have values beside the favourable and one other.
    fn third_value(&self, plan: &Plan) -> Result<(), Cause> {
        let total = |both: &Both| both.iter().map(|rows| rows.count).sum::<u64>();
        let favourable = plan.favourable.shown(u64::MAX);
        // Where the document does not say, the one that stands in most cells.
        let (usual, expected) = if let Some(value) = &plan.unfavourable {
            let shown = value.shown(u64::MAX);
            let expected = format!("{favourable} and {shown} are the values stated");
            (Some(value), expected)
        } else {
            let usual = self.others.iter().rev().max_by_key(|(_, both)| total(both));
            let shown = usual.map_or_else(String::new, |(value, both)| {
                format!(", here {}", value.shown(total(both)))
            });
            (
                usual.map(|(value, _)| value),
                format!("only {favourable} and one other value{shown} can stand"),
            )
        };
        let stranger = self.others.iter().find(|(value, _)| Some(value) != usual);
        let (found, both) = match stranger {
            Some((value, both)) => (value.shown(total(both)), both),
            None if total(&self.heap) > 0 => ("another value".to_owned(), &self.heap),
            None => return Ok(()),
        };
        let columns = [plan.label, plan.prediction];
        let Some((rows, Some(column))) = both.iter().zip(columns).find(|(rows, _)| rows.count > 0)
        else {
            return Ok(());
        };
        Err(Cause::Outside {
            column: plan.name(column),
            found,
            expected,
            rows: rows.clone(),
        })
    }
}

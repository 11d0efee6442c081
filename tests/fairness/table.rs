//! The data sets, read and counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use launchgate::evidence::fairness::{
    Confusion, Counts, Group, Key, MomentGroup, Moments, RegressionCounts, ScoreCell, ScoreCounts,
    Scores, Tally,
};

use crate::folder;

/// A table of text.
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn read(name: &str) -> Self {
        let mut reader = csv::Reader::from_path(folder().join(name)).unwrap();
        let text = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = text(reader.headers().unwrap());
        let rows = reader.records().map(|row| text(&row.unwrap())).collect();
        Self { header, rows }
    }

    fn column(&self, name: &str) -> usize {
        self.header.iter().position(|has| has == name).unwrap()
    }

    fn key(&self, row: &[String], by: &[String]) -> Key {
        by.iter()
            .map(|name| Some(row[self.column(name)].as_str()).filter(|value| !value.is_empty()))
            .map(|value| value.map(Arc::from))
            .collect()
    }

    fn number(&self, row: &[String], column: &str) -> f64 {
        row[self.column(column)].parse().unwrap()
    }

    /// The counts of the finest groups: by all columns before the label.
    pub(crate) fn counts(&self) -> Counts {
        let by = self.header[..self.column("y_true")].to_vec();
        let mut groups: BTreeMap<Key, Tally> = BTreeMap::new();
        for row in &self.rows {
            let label = row[self.column("y_true")] == "1";
            let prediction = row[self.column("y_pred")] == "1";
            let is = |l: bool, p: bool| u64::from(label == l && prediction == p);
            let one = Tally {
                n: 1,
                selected: u64::from(prediction),
                confusion: Some(Confusion {
                    tp: is(true, true),
                    fp: is(false, true),
                    tn: is(false, false),
                    fn_: is(true, false),
                }),
            };
            groups
                .entry(self.key(row, &by))
                .and_modify(|sum| *sum = sum.plus(one))
                .or_insert(one);
        }
        Counts {
            attributes: by.iter().map(|name| name.as_str().into()).collect(),
            groups: groups
                .into_iter()
                .map(|(key, tally)| Group { key, tally })
                .collect(),
        }
    }

    pub(crate) fn scores(&self, by: &[String]) -> ScoreCounts {
        let mut cells: Vec<(f64, Key, bool)> = self
            .rows
            .iter()
            .map(|row| {
                let label = row[self.column("y_true")] == "1";
                (self.number(row, "score"), self.key(row, by), label)
            })
            .collect();
        let mut keys: Vec<Key> = cells.iter().map(|cell| cell.1.clone()).collect();
        keys.sort();
        keys.dedup();
        cells.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut scores = Scores::new(keys.len(), cells.len() as u64, true);
        for (score, key, label) in cells {
            let cell = ScoreCell {
                score,
                group: keys.iter().position(|has| *has == key).unwrap(),
                positives: u64::from(label),
                negatives: u64::from(!label),
            };
            scores.push(cell).unwrap();
        }
        let attributes = by.iter().map(|name| name.as_str().into()).collect();
        scores.finish(attributes, keys).unwrap()
    }

    pub(crate) fn moments(&self, by: &[String]) -> RegressionCounts {
        let mut groups: BTreeMap<Key, Moments> = BTreeMap::new();
        for row in &self.rows {
            let sums = groups.entry(self.key(row, by)).or_default();
            *sums = sums.with(self.number(row, "y_pred"), self.number(row, "y_true"));
        }
        RegressionCounts {
            attributes: by.iter().map(|name| name.as_str().into()).collect(),
            groups: groups
                .into_iter()
                .map(|(key, moments)| MomentGroup { key, moments })
                .collect(),
        }
    }
}

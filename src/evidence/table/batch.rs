//! Counts whole batches of columns whose values are few: rows only add one to their combination of values,
//! and each combination is judged once.

use super::error::{Place, Rows};
use super::shard::{Class, Shard};

/// Combinations of values that get a table even if rows are few. With more of them than that, and than rows
/// twice over, the table would cost more than it saves.
const ENOUGH: usize = 1 << 12;

/// Stands for what was not looked up.
const UNSEEN: u32 = u32::MAX;

/// One column of a batch.
pub(super) enum Column<'a> {
    /// For each row the number of its text.
    Codes {
        /// At 0 that of a missing value, which is empty.
        texts: Vec<Text<'a>>,
        /// As many as rows.
        rows: Vec<u32>,
    },
    /// For each row a number, if there is one.
    Numbers(Vec<Option<f64>>),
}

/// A text of the file, or one that stands for a number.
pub(super) enum Text<'a> {
    Lent(&'a [u8]),
    #[cfg(feature = "parquet")]
    Own(String),
}

impl Text<'_> {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            #[cfg(feature = "parquet")]
            Self::Own(text) => text.as_bytes(),
        }
    }
}

/// The texts of a column, and for each row the number of its own.
type Codes<'c> = (&'c [Text<'c>], &'c [u32]);

/// A batch of rows, by the combination of values that each has.
struct Combined<'c> {
    by: Vec<Codes<'c>>,
    /// Label and prediction, where they are asked for.
    decisions: [Option<Codes<'c>>; 2],
    rows: Vec<u32>,
    /// How many combinations there could be.
    combinations: usize,
    /// Those that some row has, and how many have it.
    used: Vec<(usize, u32)>,
}

/// Counts a batch, whose rows come after `before`; `None`, with nothing counted, if a cell is wrong or the
/// values are too many: then each record must be looked at.
pub(super) fn count(
    shard: &mut Shard<'_>,
    wanted: &[usize],
    columns: &[Column<'_>],
    rows: usize,
    before: Place,
) -> Option<()> {
    let plan = shard.plan;
    if plan.quantities {
        return None;
    }
    let find = |column: usize| {
        let at = wanted.iter().position(|wanted| *wanted == column)?;
        columns.get(at)
    };
    let codes = |column: usize| match find(column)? {
        Column::Codes { texts, rows: codes } if codes.len() == rows => {
            Some((texts.as_slice(), codes.as_slice()))
        }
        _ => None,
    };
    let scores = match plan.score.map(find) {
        None => None,
        Some(Some(Column::Numbers(numbers))) if numbers.len() == rows => Some(numbers.as_slice()),
        Some(_) => return None,
    };
    if scores.is_some_and(|scores| {
        let sound =
            |score: &Option<f64>| score.is_some_and(|s| super::decision::sound(s).is_some());
        !scores.iter().all(sound)
    }) {
        return None;
    }
    let by = plan.by.iter().map(|&column| codes(column));
    let asked = |column: Option<usize>| match column {
        None => Some(None),
        Some(column) => codes(column).map(Some),
    };
    let batch = Combined::new(
        by.collect::<Option<_>>()?,
        [asked(plan.label)?, asked(plan.prediction)?],
        rows,
    )?;
    let favourable = batch.judge(shard)?;
    // Groups are found before anything is counted, since one may have no name.
    let groups = batch.groups(shard)?;
    let mut cells = vec![(UNSEEN, 0); batch.combinations];
    for &(combination, rows) in &batch.used {
        let (attributes, decisions) = batch.parts(combination);
        let mut is = favourable.iter().zip(decisions).map(|(column, code)| {
            let is = column.get(code).copied().unwrap_or_default();
            usize::from(is)
        });
        let cell = is.next().unwrap_or_default() * 2 + is.next().unwrap_or_default();
        let group = groups.get(attributes).copied().unwrap_or(UNSEEN);
        shard.add(group as usize, cell, u64::from(rows));
        if let Some(into) = cells.get_mut(combination) {
            *into = (group, cell);
        }
    }
    batch.note(shard, &favourable, before);
    for (&combination, score) in batch.rows.iter().zip(scores.into_iter().flatten()) {
        if let (Some(score), Some(&(group, cell))) = (score, cells.get(combination as usize)) {
            shard.saw(group as usize, *score, cell >= 2);
        }
    }
    Some(())
}

impl<'c> Combined<'c> {
    /// `None` if there are too many combinations.
    fn new(by: Vec<Codes<'c>>, decisions: [Option<Codes<'c>>; 2], rows: usize) -> Option<Self> {
        let all = || by.iter().chain(decisions.iter().flatten());
        let combinations = all()
            .try_fold(1_usize, |all, (texts, _)| all.checked_mul(texts.len()))
            .filter(|all| *all <= ENOUGH.max(rows.saturating_mul(2)))?;
        let mut combined = vec![0_u32; rows];
        for (texts, codes) in all() {
            let radix = u32::try_from(texts.len()).ok()?;
            for (combined, code) in combined.iter_mut().zip(*codes) {
                *combined = *combined * radix + code;
            }
        }
        let mut counts = vec![0_u32; combinations];
        for &combination in &combined {
            *counts.get_mut(combination as usize)? += 1;
        }
        let used = counts.into_iter().enumerate().filter(|(_, rows)| *rows > 0);
        Some(Self {
            by,
            decisions,
            used: used.collect(),
            rows: combined,
            combinations,
        })
    }

    /// The combination of the attributes alone, and the numbers of label and prediction.
    fn parts(&self, mut combination: usize) -> (usize, [usize; 2]) {
        let mut numbers = [0; 2];
        for (number, column) in numbers.iter_mut().zip(&self.decisions).rev() {
            if let Some((texts, _)) = column {
                *number = combination % texts.len();
                combination /= texts.len();
            }
        }
        (combination, numbers)
    }

    /// Which values of label and prediction are the favourable one; `None` if one of them is wrong, or
    /// there are three.
    fn judge(&self, shard: &mut Shard<'_>) -> Option<[Vec<bool>; 2]> {
        let mut used = self
            .decisions
            .map(|column| vec![false; column.map_or(0, |(texts, _)| texts.len())]);
        // A dictionary may have values that no row has.
        for &(combination, _) in &self.used {
            let (_, numbers) = self.parts(combination);
            for (used, number) in used.iter_mut().zip(numbers) {
                if let Some(used) = used.get_mut(number) {
                    *used = true;
                }
            }
        }
        let values = |which: usize| {
            let texts = self.decisions.get(which).copied().flatten();
            let used = used.get(which).map(Vec::as_slice).unwrap_or_default();
            let texts = texts.map(|(texts, _)| texts).unwrap_or_default();
            texts
                .iter()
                .zip(used)
                .map(|(text, used)| used.then(|| text.bytes()))
                .collect::<Vec<_>>()
        };
        let values = [values(0), values(1)];
        // The order in which values occur decides which of three is the stranger.
        if !shard.two_valued(values.iter().flatten().flatten().copied()) {
            return None;
        }
        Some(values.map(|column| {
            let favourable = |value: Option<&[u8]>| {
                value.is_some_and(|value| shard.class(value) == Class::Favourable)
            };
            column.into_iter().map(favourable).collect()
        }))
    }

    /// The number of the group of each combination of attributes that some row has.
    fn groups(&self, shard: &mut Shard<'_>) -> Option<Vec<u32>> {
        let combinations = self.by.iter().map(|(texts, _)| texts.len()).product();
        let mut groups = vec![UNSEEN; combinations];
        for &(combination, _) in &self.used {
            let (attributes, _) = self.parts(combination);
            let group = groups.get_mut(attributes)?;
            if *group == UNSEEN {
                *group = u32::try_from(shard.group_of(&self.values(attributes)?)?).ok()?;
            }
        }
        Some(groups)
    }

    /// The values that a combination of attributes is made of.
    fn values(&self, mut combination: usize) -> Option<Vec<&'c [u8]>> {
        let mut values = Vec::with_capacity(self.by.len());
        for (texts, _) in self.by.iter().rev() {
            values.push(texts.get(combination % texts.len())?.bytes());
            combination /= texts.len();
        }
        values.reverse();
        Some(values)
    }

    /// Tells which rows have another value of label or prediction than the favourable one.
    fn note(&self, shard: &mut Shard<'_>, favourable: &[Vec<bool>; 2], before: Place) {
        for (which, (column, favourable)) in self.decisions.iter().zip(favourable).enumerate() {
            let Some((_, codes)) = column else { continue };
            let other = |code: u32| favourable.get(code as usize) == Some(&false);
            let mut count = 0;
            for &(combination, rows) in &self.used {
                let (_, numbers) = self.parts(combination);
                let number = numbers.get(which).copied().unwrap_or_default();
                if favourable.get(number) == Some(&false) {
                    count += u64::from(rows);
                }
            }
            if count == 0 {
                continue;
            }
            let first = (1..).zip(*codes).filter(|(_, code)| other(**code));
            shard.note(
                which,
                &Rows {
                    first: first
                        .map(|(row, _)| Place {
                            row,
                            line: before.line.map(|_| row),
                        })
                        .map(|place| place.after(before.row, before.line.unwrap_or_default()))
                        .take(Rows::SHOWN)
                        .collect(),
                    count,
                },
            );
        }
    }
}

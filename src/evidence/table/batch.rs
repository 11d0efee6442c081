//! Counts whole batches of columns whose values are few: each combination of values is judged once,
//! and rows only add one to it.

use super::cells::{Column, Text};
use super::error::{Place, Rows};
use super::shard::{Class, Shard};

/// Combinations of values of the attributes that get a table; with more of them rows are counted one by one.
const MOST: usize = 1 << 16;

/// Stands for a combination that was not seen yet.
const UNSEEN: u32 = u32::MAX;

/// A label or prediction column, judged.
struct Decisions<'c> {
    rows: &'c [u32],
    /// By code: 1 where favourable.
    favourable: Vec<usize>,
    /// By code: the number of the other value.
    other: Vec<Option<usize>>,
}

/// Counts a batch; `None`, with nothing counted, if a cell is wrong or the values are too many: then
/// each record must be looked at.
pub(super) fn count(
    shard: &mut Shard<'_>,
    wanted: &[usize],
    columns: &[Column<'_>],
    rows: usize,
    before: u64,
) -> Option<()> {
    let plan = shard.plan;
    if plan.quantities {
        return None;
    }
    let find = |column: usize| {
        let at = wanted.iter().position(|wanted| *wanted == column)?;
        columns.get(at)
    };
    let by: Vec<(&[Text<'_>], &[u32])> = plan
        .by
        .iter()
        .map(|&column| match find(column)? {
            Column::Codes { texts, rows } => Some((texts.as_slice(), rows.as_slice())),
            Column::Numbers(_) => None,
        })
        .collect::<Option<_>>()?;
    let combinations = by
        .iter()
        .try_fold(1_usize, |all, (texts, _)| all.checked_mul(texts.len()))
        .filter(|all| *all <= MOST)?;
    let scores = match plan.score.map(find) {
        None => None,
        Some(Some(Column::Numbers(numbers))) => Some(numbers.as_slice()),
        Some(_) => return None,
    };
    if scores.is_some_and(|scores| {
        let sound =
            |score: &Option<f64>| score.is_some_and(|s| super::decision::sound(s).is_some());
        !scores.iter().all(sound)
    }) {
        return None;
    }
    let label = decisions(shard, plan.label.map(find))?;
    let prediction = decisions(shard, plan.prediction.map(find))?;

    // Which combination each row has.
    let mut combined = vec![0_u32; rows];
    for (texts, codes) in &by {
        let radix = u32::try_from(texts.len()).ok()?;
        for (combined, code) in combined.iter_mut().zip(*codes) {
            *combined = *combined * radix + code;
        }
    }
    // Groups are found before anything is counted, since one may have no name.
    let mut groups = vec![UNSEEN; combinations];
    for &combination in &combined {
        let group = groups.get_mut(combination as usize)?;
        if *group == UNSEEN {
            *group = u32::try_from(shard.group_of(&values(&by, combination as usize)?)?).ok()?;
        }
    }
    let mut counts = vec![[0_u64; 4]; combinations];
    for (row, &combination) in combined.iter().enumerate() {
        let labelled = label.as_ref().map_or(0, |label| label.favourable(row));
        let selected = prediction.as_ref().map_or(0, |p| p.favourable(row));
        let cell = counts
            .get_mut(combination as usize)
            .and_then(|cells| cells.get_mut(labelled * 2 + selected));
        if let Some(cell) = cell {
            *cell += 1;
        }
    }
    for (cells, &group) in counts.iter().zip(&groups) {
        for (cell, &rows) in cells.iter().enumerate().filter(|(_, rows)| **rows > 0) {
            shard.add(group as usize, cell, rows);
        }
    }
    for (which, decisions) in [(0, &label), (1, &prediction)] {
        if let Some(decisions) = decisions {
            decisions.note(shard, which, before);
        }
    }
    if let Some(scores) = scores {
        for ((row, combination), score) in combined.iter().enumerate().zip(scores) {
            let (Some(score), Some(&group)) = (score, groups.get(*combination as usize)) else {
                continue;
            };
            let favourable = label
                .as_ref()
                .is_some_and(|label| label.favourable(row) == 1);
            shard.saw(group as usize, *score, favourable);
        }
    }
    Some(())
}

/// The values that a combination is made of.
fn values<'c>(by: &[(&'c [Text<'_>], &[u32])], mut combination: usize) -> Option<Vec<&'c [u8]>> {
    let mut values = Vec::with_capacity(by.len());
    for (texts, _) in by.iter().rev() {
        values.push(texts.get(combination % texts.len())?.bytes());
        combination /= texts.len();
    }
    values.reverse();
    Some(values)
}

/// Judges the values of a column that is asked for; the outer `None` if a row cannot be counted so.
#[expect(
    clippy::option_option,
    reason = "a column that nobody asked for is not one that cannot be read"
)]
fn decisions<'c>(
    shard: &mut Shard<'_>,
    column: Option<Option<&'c Column<'_>>>,
) -> Option<Option<Decisions<'c>>> {
    let Some(column) = column else {
        return Some(None);
    };
    let Column::Codes { texts, rows } = column? else {
        return None;
    };
    // A dictionary may have values that no row has.
    let mut used = vec![false; texts.len()];
    for &code in rows {
        *used.get_mut(code as usize)? = true;
    }
    let mut favourable = vec![0; texts.len()];
    let mut other = vec![None; texts.len()];
    for (code, text) in texts.iter().enumerate() {
        if !*used.get(code)? {
            continue;
        }
        match shard.class(text.bytes()) {
            Class::Favourable => *favourable.get_mut(code)? = 1,
            // Written in two ways, whose rows would come out of order.
            Class::Other(value) if other.contains(&Some(value)) => return None,
            Class::Other(value) => *other.get_mut(code)? = Some(value),
            Class::Heap | Class::Wrong(_) => return None,
        }
    }
    Some(Some(Decisions {
        rows,
        favourable,
        other,
    }))
}

impl Decisions<'_> {
    fn favourable(&self, row: usize) -> usize {
        let code = self.rows.get(row).copied().unwrap_or_default();
        self.favourable
            .get(code as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Tells which rows have another value than the favourable one.
    fn note(&self, shard: &mut Shard<'_>, which: usize, before: u64) {
        let mut counts = vec![0_u64; self.other.len()];
        for &code in self.rows {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        }
        for (code, (&other, &count)) in self.other.iter().zip(&counts).enumerate() {
            let Some(other) = other else { continue };
            let places = self.rows.iter().zip(before + 1..);
            let first = places
                .filter(|(has, _)| **has as usize == code)
                .map(|(_, row)| Place { row, line: None })
                .take(Rows::SHOWN);
            let rows = Rows {
                first: first.collect(),
                count,
            };
            shard.note(other, which, &rows);
        }
    }
}

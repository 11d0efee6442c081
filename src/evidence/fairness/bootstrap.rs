//! Intervals for what has no closed form: the counts are drawn anew, many times.

use num_traits::ToPrimitive;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Normal};

use super::compare::{Against, compare};
use super::counts::{Confusion, Tally};
use super::interval::around;
use super::metric::Metric;
use super::settings::Settings;
use crate::finding::Interval;

/// The percentile interval of `metric`, from `settings.resamples` draws.
///
/// The rows of each group are drawn anew from its cells, and its size stays: what varies is how its
/// rows fell, not how many there were. `None` where more than one draw in twenty gives no value.
pub(super) fn interval(
    metric: Metric,
    settings: &Settings,
    against: Against,
    tallies: &[Tally],
    value: f64,
    limits: (f64, f64),
) -> Option<Interval> {
    of_draws(settings, value, limits, |generator| {
        let drawn: Vec<Tally> = tallies
            .iter()
            .map(|tally| draw(tally, generator))
            .collect::<Option<_>>()?;
        let compared = compare(metric, settings.aggregation, against, &drawn);
        Some(compared.ok()?.value.value())
    })
}

/// The percentile interval of what `compared` makes of numbers with a mean and a standard
/// deviation, each drawn from a normal distribution.
pub(super) fn of_estimates(
    settings: &Settings,
    estimates: &[(f64, f64)],
    value: f64,
    limits: (f64, f64),
    compared: impl Fn(&[f64]) -> Option<f64>,
) -> Option<Interval> {
    of_draws(settings, value, limits, |generator| {
        let drawn: Vec<f64> = estimates
            .iter()
            .map(|(mean, deviation)| Some(Normal::new(*mean, *deviation).ok()?.sample(generator)))
            .collect::<Option<_>>()?;
        compared(&drawn)
    })
}

fn of_draws(
    settings: &Settings,
    value: f64,
    limits: (f64, f64),
    draw: impl Fn(&mut ChaCha8Rng) -> Option<f64>,
) -> Option<Interval> {
    let mut generator = ChaCha8Rng::seed_from_u64(settings.seed);
    let wanted = usize::try_from(settings.resamples).ok()?;
    let mut values: Vec<f64> = (0..wanted).filter_map(|_| draw(&mut generator)).collect();
    if values.is_empty() || (wanted - values.len()) * 20 > wanted {
        return None;
    }
    values.sort_by(f64::total_cmp);
    // Where an empty cell leaves nothing to vary, an interval of no width would look like
    // certainty.
    if values.first() == values.last() {
        return None;
    }
    let tail = (1.0 - settings.level) / 2.0;
    around(
        value,
        percentile(&values, tail)?,
        percentile(&values, 1.0 - tail)?,
        settings.level,
        limits,
    )
}

/// As many rows as there were, each as likely in a cell as the cell has rows.
fn draw(tally: &Tally, generator: &mut ChaCha8Rng) -> Option<Tally> {
    let Some(c) = tally.confusion else {
        let [selected, _] = multinomial(
            [tally.selected, tally.n.saturating_sub(tally.selected)],
            generator,
        )?;
        return Some(Tally { selected, ..*tally });
    };
    let [tp, fp, tn, fn_] = multinomial([c.tp, c.fp, c.tn, c.fn_], generator)?;
    Some(Tally {
        n: tally.n,
        selected: tp.saturating_add(fp),
        confusion: Some(Confusion { tp, fp, tn, fn_ }),
    })
}

/// One cell after the other, each binomial in what the ones before it left.
fn multinomial<const CELLS: usize>(
    cells: [u64; CELLS],
    generator: &mut ChaCha8Rng,
) -> Option<[u64; CELLS]> {
    let mut rows = cells.iter().try_fold(0_u64, |sum, &n| sum.checked_add(n))?;
    let mut weight = rows;
    let mut drawn = [0; CELLS];
    for (cell, &had) in drawn.iter_mut().zip(&cells) {
        *cell = if had == weight {
            rows
        } else {
            let chance = had.to_f64()? / weight.to_f64()?;
            Binomial::new(rows, chance).ok()?.sample(generator)
        };
        rows = rows.checked_sub(*cell)?;
        weight = weight.checked_sub(had)?;
    }
    Some(drawn)
}

/// Between the two nearest of sorted values, in proportion.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)?.to_f64()?;
    let below = place.floor().to_usize()?;
    let low = *sorted.get(below)?;
    let high = *sorted.get(below + 1).unwrap_or(&low);
    Some(low + (high - low) * (place - place.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_row_is_lost_or_made(cells in [0_u64..2000, 0_u64..2000, 0..5, 0..5], seed: u64) {
            let mut generator = ChaCha8Rng::seed_from_u64(seed);
            let drawn = multinomial(cells, &mut generator).unwrap();
            prop_assert_eq!(drawn.iter().sum::<u64>(), cells.iter().sum::<u64>());
            for (drawn, had) in drawn.iter().zip(cells) {
                prop_assert!(had > 0 || *drawn == 0);
            }
        }
    }

    #[test]
    fn cells_are_drawn_in_proportion() {
        let mut generator = ChaCha8Rng::seed_from_u64(7);
        let mut sums = [0; 4];
        for _ in 0..1000 {
            let drawn = multinomial([10, 20, 30, 40], &mut generator).unwrap();
            for (sum, drawn) in sums.iter_mut().zip(drawn) {
                *sum += drawn;
            }
        }
        for (sum, expected) in sums.iter().zip([10_000_u64, 20_000, 30_000, 40_000]) {
            assert!(sum.abs_diff(expected) < 600, "{sums:?}");
        }
    }

    #[test]
    fn percentiles_are_interpolated() {
        let sorted = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(percentile(&sorted, 0.0), Some(1.0));
        assert_eq!(percentile(&sorted, 0.625), Some(3.5));
        assert_eq!(percentile(&sorted, 1.0), Some(5.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}

//! Whether two rates differ by more than chance.

use num_traits::ToPrimitive;
use statrs::distribution::{ContinuousCDF, Normal};

use super::interval::settled;
use super::rates::{Rate, Share};
use super::settings::Key;

/// A test of the two rates that set the value of a metric.
///
/// The pair was chosen because it lies furthest apart, so among many groups a small `p_value` is to
/// be expected now and then.
#[derive(Clone, Debug, PartialEq)]
pub struct Significance {
    /// Which test.
    pub method: Method,
    /// Standard deviations between the two; `None` for Fisher's test, which has none.
    pub statistic: Option<f64>,
    /// How likely a difference at least as great is among equals, in either direction.
    pub p_value: f64,
    /// The rate; the one that lies further apart where the metric has two.
    pub rate: Rate,
    /// The groups on both sides; several on the first are taken together.
    pub groups: [Vec<Key>; 2],
}

/// A test of two rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The two-proportion z-test with pooled variance.
    TwoProportionZ,
    /// Fisher's exact test, where fewer than five rows are expected in a cell.
    FisherExact,
}

impl Method {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoProportionZ => "two_proportion_z",
            Self::FisherExact => "fisher_exact",
        }
    }
}

/// The z-test, or Fisher's where a cell is small. `None` over nobody.
pub(super) fn test(a: Share, b: Share) -> Option<(Method, Option<f64>, f64)> {
    if a.denominator == 0 || b.denominator == 0 {
        return None;
    }
    if least_expected(a, b)? < 5.0 {
        return Some((Method::FisherExact, None, settled(fisher(a, b)?)));
    }
    let z = z(a, b)?;
    let p_value = 2.0 * Normal::standard().sf(z.abs());
    Some((Method::TwoProportionZ, Some(settled(z)), settled(p_value)))
}

fn least_expected(a: Share, b: Share) -> Option<f64> {
    let (n, m) = (a.denominator.to_f64()?, b.denominator.to_f64()?);
    let yes = a.numerator.to_f64()? + b.numerator.to_f64()?;
    let no = n + m - yes;
    Some(n.min(m) * yes.min(no) / (n + m))
}

fn z(a: Share, b: Share) -> Option<f64> {
    let rows = (a.denominator.to_f64()?, b.denominator.to_f64()?);
    let pooled = (a.numerator.to_f64()? + b.numerator.to_f64()?) / (rows.0 + rows.1);
    let difference = (a.exact() - b.exact()).value();
    Some(difference / (pooled * (1.0 - pooled) * (1.0 / rows.0 + 1.0 / rows.1)).sqrt())
}

/// The chance, with the margins given, of a table that is at most as likely as this one.
///
/// Each table's weight follows from its neighbour's, beginning at the likeliest: no logarithms of
/// factorials, which lose digits as counts grow.
fn fisher(a: Share, b: Share) -> Option<f64> {
    /// Weights that agree this closely are the same number, computed on two ways.
    const SAME: f64 = 1.0 + 1e-7;
    let (n, m) = (u128::from(a.denominator), u128::from(b.denominator));
    let yes = u128::from(a.numerator) + u128::from(b.numerator);
    let least = yes.saturating_sub(m);
    let most = yes.min(n);
    let mode = ((yes + 1) * (n + 1) / (n + m + 2)).clamp(least, most);
    // From k to k + 1 of the favourable rows in `a`.
    let step = |k: u128| {
        let up = (n - k).to_f64()? * (yes - k).to_f64()?;
        let down = (k + 1).to_f64()? * (m + k + 1 - yes).to_f64()?;
        Some(up / down)
    };
    let mut weights = vec![(mode, 1.0)];
    let (mut at, mut weight) = (mode, 1.0);
    while at < most && weight > 0.0 {
        weight *= step(at)?;
        at += 1;
        weights.push((at, weight));
    }
    (at, weight) = (mode, 1.0);
    while at > least && weight > 0.0 {
        at -= 1;
        weight /= step(at)?;
        weights.push((at, weight));
    }
    let seen = u128::from(a.numerator);
    let own = weights
        .iter()
        .find(|(k, _)| *k == seen)
        .map_or(0.0, |(_, weight)| *weight);
    // The small ones first, or they would be lost beside the great ones.
    weights.sort_by(|a, b| a.1.total_cmp(&b.1));
    let sum = |keep: &dyn Fn(f64) -> bool| -> f64 {
        weights
            .iter()
            .map(|(_, weight)| *weight)
            .filter(|weight| keep(*weight))
            .sum()
    };
    Some((sum(&|weight| weight <= own * SAME) / sum(&|_| true)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(numerator: u64, denominator: u64) -> Share {
        Share {
            numerator,
            denominator,
        }
    }

    /// Fisher's tea: 3 of 4 and 1 of 4, 34 of 70 tables are at most as likely.
    #[test]
    fn fishers_tea() {
        let p = fisher(share(3, 4), share(1, 4)).unwrap();
        assert!((p - 34.0 / 70.0).abs() < 1e-14, "{p}");
        let p = fisher(share(4, 4), share(0, 4)).unwrap();
        assert!((p - 2.0 / 70.0).abs() < 1e-14, "{p}");
    }

    #[test]
    fn the_smallest_expected_cell_chooses_the_test() {
        let method = |a, b| test(a, b).unwrap().0;
        // 20 of 40 are favourable: 5 of the 10 are expected.
        assert_eq!(method(share(5, 10), share(15, 30)), Method::TwoProportionZ);
        assert_eq!(method(share(5, 9), share(15, 31)), Method::FisherExact);
        // Nobody at all is favourable: no difference, and nothing to divide by.
        assert_eq!(
            test(share(0, 500), share(0, 500)),
            Some((Method::FisherExact, None, 1.0))
        );
        assert_eq!(test(share(0, 0), share(1, 2)), None);
    }

    #[test]
    fn two_standard_deviations() {
        // 0.6 - 0.5 over 0.55 pooled, 200 each: z = 0.1 / sqrt(0.2475 / 100).
        let (method, z, p) = test(share(120, 200), share(100, 200)).unwrap();
        assert_eq!(method, Method::TwoProportionZ);
        assert!((z.unwrap() - 2.010_075_630_518_424).abs() < 1e-10);
        assert!((p - 0.044_423_184_850).abs() < 1e-9, "{p}");
    }

    proptest! {
        #[test]
        fn sides_may_be_swapped(
            (a, n) in (1_u64..200).prop_flat_map(|n| (0..=n, Just(n))),
            (b, m) in (1_u64..200).prop_flat_map(|m| (0..=m, Just(m))),
        ) {
            let (one, other) = (test(share(a, n), share(b, m)), test(share(b, m), share(a, n)));
            let (one, other) = (one.unwrap(), other.unwrap());
            prop_assert_eq!(one.0, other.0);
            prop_assert!((one.2 - other.2).abs() < 1e-9);
            prop_assert!((0.0..=1.0).contains(&one.2));
        }
    }
}

//! Confidence intervals in closed form.

use num_traits::ToPrimitive;
use statrs::distribution::{ContinuousCDF, Normal};

use super::rates::Share;
use crate::finding::Interval;

/// Wilson's score interval for a rate; `None` over nobody.
pub(super) fn wilson(share: Share, level: f64) -> Option<Interval> {
    let p = share.value()?;
    let n = share.denominator.to_f64()?;
    let z = quantile(level)?;
    let scale = 1.0 + z * z / n;
    let centre = (p + z * z / (2.0 * n)) / scale;
    let half = z / scale * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    around(p, centre - half, centre + half, level, (0.0, 1.0))
}

/// Newcombe's hybrid score interval for `a - b`, made from the Wilson intervals of both.
pub(super) fn newcombe(a: Share, b: Share, level: f64, limits: (f64, f64)) -> Option<Interval> {
    let (p, q) = (a.value()?, b.value()?);
    let (of_a, of_b) = (wilson(a, level)?, wilson(b, level)?);
    let value = a.exact() - b.exact();
    let below = (p - of_a.lower).hypot(of_b.upper - q);
    let above = (of_a.upper - p).hypot(q - of_b.lower);
    let value = value.value();
    around(value, value - below, value + above, level, limits)
}

/// The log interval of Katz for `a / b`. Where nobody counts in `a`, half a row is taken instead
/// and the lower end is 0; where everybody counts in both, half a row less. `None` where nobody
/// counts in `b`.
pub(super) fn katz(a: Share, b: Share, level: f64, limits: (f64, f64)) -> Option<Interval> {
    if b.is_none() {
        return None;
    }
    let value = (a.exact() / b.exact()).value();
    let z = quantile(level)?;
    let all = (a.denominator.to_f64()?, b.denominator.to_f64()?);
    let mut some = (a.numerator.to_f64()?, b.numerator.to_f64()?);
    if a.numerator == a.denominator && b.numerator == b.denominator {
        some = (some.0 - 0.5, some.1 - 0.5);
    }
    if a.is_none() {
        some.0 = 0.5;
    }
    let log = ((some.0 / all.0) / (some.1 / all.1)).ln();
    let variance = 1.0 / some.0 - 1.0 / all.0 + 1.0 / some.1 - 1.0 / all.1;
    let half = z * variance.max(0.0).sqrt();
    let lower = if a.is_none() { 0.0 } else { (log - half).exp() };
    around(value, lower, (log + half).exp(), level, limits)
}

/// How many standard deviations hold `level` of a normal distribution.
pub(super) fn quantile(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then(|| Normal::standard().inverse_cdf(0.5 + level / 2.0))
}

/// The interval within `limits`. What lies on the value's wrong side by rounding or by the skew of
/// a bootstrap is moved to the value.
pub(super) fn around(
    value: f64,
    lower: f64,
    upper: f64,
    level: f64,
    (least, most): (f64, f64),
) -> Option<Interval> {
    let end = |end: f64| settled(end.clamp(least, most));
    let interval = Interval {
        lower: end(lower).min(value),
        upper: end(upper).max(value),
        level,
    };
    (interval.lower.is_finite() && interval.upper.is_finite()).then_some(interval)
}

/// Twelve significant digits: what logarithms and exponentials agree on wherever they are computed.
pub(super) fn settled(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
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

    fn near(found: Option<Interval>, lower: f64, upper: f64) {
        let found = found.unwrap();
        assert!((found.lower - lower).abs() < 5e-5, "{found:?}");
        assert!((found.upper - upper).abs() < 5e-5, "{found:?}");
    }

    /// Newcombe, "Interval estimation for the difference between independent proportions",
    /// Statistics in Medicine 17 (1998), table II: 56/70 - 48/80, 10/10 - 0/10, 9/10 - 3/10.
    #[test]
    fn newcombe_is_as_published() {
        let signed = (-1.0, 1.0);
        near(
            newcombe(share(56, 70), share(48, 80), 0.95, signed),
            0.0524,
            0.3339,
        );
        near(
            newcombe(share(10, 10), share(0, 10), 0.95, signed),
            0.6075,
            1.0,
        );
        near(
            newcombe(share(9, 10), share(3, 10), 0.95, signed),
            0.1705,
            0.8090,
        );
    }

    #[test]
    fn no_rate_is_certain() {
        let none = wilson(share(0, 10), 0.95).unwrap();
        assert!(none.lower <= 0.0 && none.upper > 0.2);
        let all = wilson(share(10, 10), 0.95).unwrap();
        assert!(all.lower < 0.8 && all.upper >= 1.0);
        let ratio = katz(share(10, 10), share(10, 10), 0.95, (0.0, 9.0)).unwrap();
        assert!(ratio.lower < 0.9 && ratio.upper > 1.1, "{ratio:?}");
        let ratio = katz(share(0, 10), share(5, 10), 0.95, (0.0, 9.0)).unwrap();
        assert!(ratio.lower <= 0.0 && ratio.upper > 0.5, "{ratio:?}");
    }

    #[test]
    fn over_nobody_there_is_no_interval() {
        assert_eq!(wilson(share(0, 0), 0.95), None);
        assert_eq!(katz(share(1, 2), share(0, 9), 0.95, (0.0, 9.0)), None);
        assert_eq!(wilson(share(1, 2), 1.0), None);
    }

    proptest! {
        #[test]
        fn intervals_hold_the_value(
            (a, n) in (1_u64..100_000).prop_flat_map(|n| (0..=n, Just(n))),
            (b, m) in (1_u64..100_000).prop_flat_map(|m| (1..=m, Just(m))),
            level in 0.5_f64..0.999,
        ) {
            let (x, y) = (share(a, n), share(b, m));
            let holds = |interval: Interval, value: f64| {
                interval.lower <= value && value <= interval.upper && interval.lower < interval.upper
            };
            prop_assert!(holds(wilson(x, level).unwrap(), x.value().unwrap()));
            let difference = newcombe(x, y, level, (-1.0, 1.0)).unwrap();
            prop_assert!(holds(difference, (x.exact() - y.exact()).value()));
            let ratio = katz(x, y, level, (0.0, f64::MAX)).unwrap();
            prop_assert!(holds(ratio, (x.exact() / y.exact()).value()));
        }

        #[test]
        fn more_rows_give_a_narrower_interval(
            (a, n) in (1_u64..10_000).prop_flat_map(|n| (0..=n, Just(n))), times in 2_u64..100,
        ) {
            let width = |share| wilson(share, 0.95).map(|i| i.upper - i.lower).unwrap();
            prop_assert!(width(share(a * times, n * times)) < width(share(a, n)));
        }
    }
}

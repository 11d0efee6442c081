//! Quotients of counts without rounding, so that a value that is exactly a threshold equals it.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Sub};

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedSub, ToPrimitive};

/// A number that came from counts by addition, subtraction and division.
///
/// It is a reduced fraction as long as that fits, and is rounded once, at the end: four fifths of
/// whatever counts is the same `f64` as the `0.8` of a document. Beyond 127 bits it goes on in
/// floating point, where a value may be off by one part in 10^15.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    fraction: Option<Ratio<i128>>,
    near: f64,
}

impl Exact {
    /// `numerator / denominator`; the denominator is not 0.
    pub(super) fn quotient(numerator: u64, denominator: u64) -> Self {
        let near =
            numerator.to_f64().unwrap_or(f64::NAN) / denominator.to_f64().unwrap_or(f64::NAN);
        if denominator == 0 {
            return Self {
                fraction: None,
                near: f64::NAN,
            };
        }
        Self::reduced(
            Some(Ratio::new(i128::from(numerator), i128::from(denominator))),
            near,
        )
    }

    /// The number nearest to it.
    pub(super) fn value(self) -> f64 {
        self.near
    }

    pub(super) fn abs(self) -> Self {
        if self.near < 0.0 {
            Self {
                fraction: self.fraction.map(|fraction| -fraction),
                near: -self.near,
            }
        } else {
            self
        }
    }

    /// Half of the sum.
    pub(super) fn mean(self, other: Self) -> Self {
        (self + other) * Self::quotient(1, 2)
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self.fraction, other.fraction) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.near.total_cmp(&other.near),
        }
    }

    /// One correctly rounded division where both numbers are exact in floating point.
    fn reduced(fraction: Option<Ratio<i128>>, near: f64) -> Self {
        let near = fraction
            .and_then(|fraction| {
                let (numerator, denominator) = (fraction.numer(), fraction.denom());
                Some(numerator.to_f64()? / denominator.to_f64()?)
            })
            .unwrap_or(near);
        Self { fraction, near }
    }

    fn with(
        self,
        other: Self,
        exact: impl Fn(&Ratio<i128>, &Ratio<i128>) -> Option<Ratio<i128>>,
        near: f64,
    ) -> Self {
        let fraction = self
            .fraction
            .zip(other.fraction)
            .and_then(|(a, b)| exact(&a, &b));
        Self::reduced(fraction, near)
    }
}

impl Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, CheckedAdd::checked_add, self.near + other.near)
    }
}

impl Sub for Exact {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.with(other, CheckedSub::checked_sub, self.near - other.near)
    }
}

impl Mul for Exact {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.with(
            other,
            num_traits::CheckedMul::checked_mul,
            self.near * other.near,
        )
    }
}

/// Dividing by 0 gives what floating point gives; who divides looks first.
impl Div for Exact {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.with(other, CheckedDiv::checked_div, self.near / other.near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn four_fifths_of_any_counts_are_four_fifths(
            n in 1_u64..1 << 40, m in 1_u64..1 << 20, k in 1_u64..1 << 20,
        ) {
            // Rates of 4k/5n and k/n, the second written over another denominator.
            let low = Exact::quotient(4 * k, 5 * n);
            let high = Exact::quotient(k * m, n * m);
            prop_assert_eq!((low / high).value().to_bits(), 0.8_f64.to_bits());
        }

        #[test]
        fn a_tenth_is_a_tenth_after_subtraction(n in 1_u64..1 << 50) {
            let (a, b) = (Exact::quotient(3 * n, 10 * n), Exact::quotient(2 * n, 10 * n));
            prop_assert_eq!((a - b).value().to_bits(), 0.1_f64.to_bits());
        }

        #[test]
        fn any_counts_come_near(a in 0_u64.., b in 1_u64.., c in 1_u64.., d in 1_u64..) {
            let (x, y) = (Exact::quotient(a, b), Exact::quotient(c, d));
            let expected = (x.value() / y.value(), x.value() - y.value());
            prop_assert!(((x / y).value() - expected.0).abs() <= 1e-14 * expected.0);
            prop_assert!(((x - y).value() - expected.1).abs() <= 1e-14 * x.value().max(y.value()));
            prop_assert_eq!((x - y).compare(x - y), Ordering::Equal);
        }
    }

    #[test]
    fn floating_point_alone_would_miss_the_threshold() {
        let float = (3.0 / 5.0) / (6.0 / 8.0);
        let exact = (Exact::quotient(3, 5) / Exact::quotient(6, 8)).value();
        assert!(float < 0.8);
        assert_eq!(exact.to_bits(), 0.8_f64.to_bits());
    }
}

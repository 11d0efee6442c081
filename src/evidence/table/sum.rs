//! Sums that do not depend on the order of what is summed.

/// An exact sum of finite numbers, after Shewchuk: parts that do not overlap, whose sum is the sum.
/// So the result is the same whichever thread saw which row.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    parts: Vec<f64>,
}

impl Sum {
    pub(super) fn add(&mut self, number: f64) {
        let mut high = number;
        let mut used = 0;
        for at in 0..self.parts.len() {
            let Some(&part) = self.parts.get(at) else {
                break;
            };
            let (large, small) = if high.abs() < part.abs() {
                (part, high)
            } else {
                (high, part)
            };
            high = large + small;
            let low = small - (high - large);
            if low != 0.0 {
                if let Some(into) = self.parts.get_mut(used) {
                    *into = low;
                }
                used += 1;
            }
        }
        self.parts.truncate(used);
        self.parts.push(high);
    }

    pub(super) fn plus(&mut self, other: &Self) {
        for part in &other.parts {
            self.add(*part);
        }
    }

    /// The double that is nearest to the sum.
    pub(super) fn value(&self) -> f64 {
        let mut parts = self.parts.iter().rev().copied();
        let mut high = parts.next().unwrap_or(0.0);
        let mut low = 0.0;
        for part in parts.by_ref() {
            let sum = high + part;
            low = part - (sum - high);
            high = sum;
            if low != 0.0 {
                break;
            }
        }
        // Exactly between two doubles: the next part says to which side it lies.
        if let Some(next) = parts.next()
            && low != 0.0
            && (low < 0.0) == (next < 0.0)
        {
            let twice = low * 2.0;
            let sum = high + twice;
            #[expect(clippy::float_cmp, reason = "asks whether the addition was exact")]
            let exact = twice == sum - high;
            if exact {
                high = sum;
            }
        }
        high
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(numbers: &[f64]) -> f64 {
        let mut sum = Sum::default();
        for number in numbers {
            sum.add(*number);
        }
        sum.value()
    }

    #[test]
    fn what_cancels_leaves_what_is_small() {
        let bits = |numbers: &[f64]| sum(numbers).to_bits();
        assert_eq!(
            bits(&[1e100, 1.0, -1e100, 1e-30]),
            (1.0_f64 + 1e-30).to_bits()
        );
        assert_eq!(bits(&[0.1; 10]), 1.0_f64.to_bits());
        assert_eq!(bits(&[]), 0.0_f64.to_bits());
        // Half-way cases go to the side of what is left.
        assert_eq!(
            bits(&[1e16, 1.0, 1e-16]),
            10_000_000_000_000_002_f64.to_bits()
        );
    }

    proptest! {
        #[test]
        fn order_and_parts_do_not_matter(
            numbers in prop::collection::vec(prop::num::f64::NORMAL.prop_map(|x| x % 1e60), 0..40),
            cut in 0usize..40,
        ) {
            let mut turned = numbers.clone();
            turned.reverse();
            prop_assert_eq!(sum(&numbers).to_bits(), sum(&turned).to_bits());
            let (before, after) = numbers.split_at(cut.min(numbers.len()));
            let mut first = Sum::default();
            for x in before {
                first.add(*x);
            }
            let mut second = Sum::default();
            for x in after {
                second.add(*x);
            }
            second.plus(&first);
            prop_assert_eq!(second.value().to_bits(), sum(&numbers).to_bits());
        }
    }
}

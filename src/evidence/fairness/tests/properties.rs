//! What does not change a value, and what an interval holds.

use proptest::prelude::*;

use super::*;

prop_compose! {
    fn cells()(cells in [0_u64..60, 0_u64..60, 0_u64..60, 0_u64..60]) -> [u64; 4] { cells }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_groups_does_not_matter(
        cells in proptest::collection::vec(cells(), 2..5), turn in 0_usize..5, metric in 0_usize..19,
    ) {
        let names = ["a", "b", "c", "d"];
        let groups: Vec<_> = names.into_iter().zip(cells).collect();
        let sorted = counts(&groups);
        let mut turned = sorted.clone();
        turned.groups.rotate_left(turn % groups.len());
        let metric = Metric::ALL[metric];
        prop_assert_eq!(
            measure(metric, &sorted, &against("a")),
            measure(metric, &turned, &against("a"))
        );
    }

    #[test]
    fn names_decide_nothing(a in cells(), b in cells(), metric in 0_usize..15) {
        let metric = Metric::ALL[metric];
        let one = measure(metric, &counts(&[("a", a), ("b", b)]), &lenient());
        let other = measure(metric, &counts(&[("a", b), ("b", a)]), &lenient());
        prop_assert_eq!(one.value.value(), other.value.value());
    }

    #[test]
    fn ten_times_the_rows_give_the_same_value(
        a in cells(), b in cells(), c in cells(), metric in 0_usize..19,
    ) {
        let metric = Metric::ALL[metric];
        let settings = Settings { resamples: 0, ..against("a") };
        let scaled = |by: u64| {
            let scale = |cells: [u64; 4]| cells.map(|n| n * by);
            let counts = counts(&[("a", scale(a)), ("b", scale(b)), ("c", scale(c))]);
            measure(metric, &counts, &settings).value.value().map(f64::to_bits)
        };
        prop_assert_eq!(scaled(1), scaled(10));
        prop_assert_eq!(scaled(1), scaled(1_000_000_007));
    }

    #[test]
    fn the_interval_holds_the_value_and_unsigned_values_lie_in_0_to_1(
        a in cells(), b in cells(), c in cells(), metric in 0_usize..19, two: bool,
    ) {
        let metric = Metric::ALL[metric];
        let mut groups = vec![("a", a), ("b", b), ("c", c)];
        if two {
            groups.pop();
        }
        let measured = measure(metric, &counts(&groups), &against("a"));
        if let (Some(value), Some(interval)) = (measured.value.value(), measured.interval) {
            prop_assert!(interval.lower <= value && value <= interval.upper, "{:?}", measured);
            let above_1 = matches!(metric, Metric::ImpactRatio | Metric::DisparateImpact);
            let least = if metric.is_signed() { -1.0 } else { 0.0 };
            prop_assert!(value >= least && (value <= 1.0 || above_1));
        }
    }

    #[test]
    fn an_interval_of_a_single_attribute_is_that_of_its_sums(a in cells(), b in cells(), c in cells()) {
        let fine = Counts {
            attributes: vec!["group".into(), "age".into()],
            groups: [("f", "old", a), ("f", "young", b), ("m", "old", c)]
                .into_iter()
                .map(|(group, age, [tp, fp, tn, fn_])| Group {
                    key: vec![Some(group.into()), Some(age.into())],
                    tally: Tally {
                        n: tp + fp + tn + fn_,
                        selected: tp + fp,
                        confusion: Some(Confusion { tp, fp, tn, fn_ }),
                    },
                })
                .collect(),
        };
        let sums = [0, 1, 2, 3].map(|at| a[at] + b[at]);
        let direct = counts(&[("f", sums), ("m", c)]);
        for metric in [Metric::DemographicParityRatio, Metric::EqualizedOddsDifference] {
            prop_assert_eq!(
                measure(metric, &fine.over(&["group"]).unwrap(), &lenient()),
                measure(metric, &direct, &lenient())
            );
        }
    }
}

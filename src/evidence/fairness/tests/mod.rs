//! The decisions that a metric makes where libraries differ.
#![expect(
    clippy::float_cmp,
    reason = "values of counts are exact, which is part of what is tested"
)]

mod properties;
mod scores;

use std::sync::Arc;

use super::*;

/// Groups of one attribute; an empty name is a missing value.
fn counts(groups: &[(&str, [u64; 4])]) -> Counts {
    let mut groups: Vec<Group> = groups
        .iter()
        .map(|&(name, [tp, fp, tn, fn_])| Group {
            key: key(name),
            tally: Tally {
                n: tp + fp + tn + fn_,
                selected: tp + fp,
                confusion: Some(Confusion { tp, fp, tn, fn_ }),
            },
        })
        .collect();
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    Counts {
        attributes: vec!["group".into()],
        groups,
    }
}

fn key(name: &str) -> Key {
    vec![(!name.is_empty()).then(|| Arc::from(name))]
}

fn lenient() -> Settings {
    Settings {
        minimum_group: 1,
        minimum_denominator: 1,
        resamples: 100,
        ..Settings::default()
    }
}

fn against(name: &str) -> Settings {
    Settings {
        reference: Reference::Group(key(name)),
        ..lenient()
    }
}

fn decisions() -> impl Iterator<Item = Metric> {
    Metric::ALL
        .into_iter()
        .filter(|metric| metric.basis() == Basis::Decisions)
}

#[track_caller]
fn value(metric: Metric, counts: &Counts, settings: &Settings) -> f64 {
    let measured = measure(metric, counts, settings).value;
    measured.value().unwrap_or_else(|| panic!("{measured:?}"))
}

#[track_caller]
fn undefined(metric: Metric, counts: &Counts, settings: &Settings) -> String {
    match measure(metric, counts, settings).value {
        Measure::Undefined { reason } => reason.into(),
        other => panic!("{metric:?}: {other:?}"),
    }
}

#[track_caller]
fn insufficient(metric: Metric, counts: &Counts, settings: &Settings) -> (String, Vec<Key>) {
    match measure(metric, counts, settings).value {
        Measure::Insufficient { reason, groups } => (reason.into(), groups),
        other => panic!("{metric:?}: {other:?}"),
    }
}

#[test]
fn by_hand() {
    use Metric::*;
    // Selection 0.45 and 0.6, TPR 0.8 and 0.9, FPR 0.1 and 0.15, PPV 40/45 and 54/60,
    // accuracy 0.85 and 0.88.
    let counts = counts(&[("f", [40, 5, 45, 10]), ("m", [54, 6, 34, 6])]);
    for (metric, expected) in [
        (DemographicParityDifference, 0.15),
        (DemographicParityRatio, 0.75),
        (EqualOpportunityDifference, 0.1),
        (EqualOpportunityRatio, 8.0 / 9.0),
        (EqualizedOddsDifference, 0.1),
        (EqualizedOddsRatio, 2.0 / 3.0),
        (FalsePositiveRateDifference, 0.05),
        (FalsePositiveRateRatio, 2.0 / 3.0),
        (FalseNegativeRateDifference, 0.1),
        (FalseNegativeRateRatio, 0.5),
        (PredictiveParityDifference, 1.0 / 90.0),
        (PredictiveParityRatio, 80.0 / 81.0),
        (AccuracyScoreDifference, 0.03),
        (AccuracyScoreRatio, 85.0 / 88.0),
        (ImpactRatio, 0.75),
    ] {
        let found = value(metric, &counts, &lenient());
        assert_eq!(found.to_bits(), f64::to_bits(expected), "{metric:?}");
    }
    for (metric, expected) in [
        (StatisticalParityDifference, -0.15),
        (DisparateImpact, 0.75),
        (AverageOddsDifference, -0.075),
        (ImpactRatio, 0.75),
        (DemographicParityDifference, 0.15),
    ] {
        let found = value(metric, &counts, &against("m"));
        assert_eq!(found.to_bits(), f64::to_bits(expected), "{metric:?}");
    }
    let mean = Settings {
        aggregation: Aggregation::Mean,
        ..lenient()
    };
    assert_eq!(value(EqualizedOddsDifference, &counts, &mean), 0.075);
    assert_eq!(value(EqualizedOddsRatio, &counts, &mean), 7.0 / 9.0);
}

#[test]
fn signed_metrics_turn_with_the_reference_and_unsigned_ones_do_not() {
    let counts = counts(&[("f", [40, 5, 45, 10]), ("m", [54, 6, 34, 6])]);
    let of = |metric, name| value(metric, &counts, &against(name));
    assert_eq!(of(Metric::StatisticalParityDifference, "f"), 0.15);
    assert_eq!(of(Metric::AverageOddsDifference, "f"), 0.075);
    assert_eq!(of(Metric::DisparateImpact, "f"), 4.0 / 3.0);
    assert_eq!(of(Metric::ImpactRatio, "f"), 4.0 / 3.0);
    assert_eq!(of(Metric::DemographicParityRatio, "f"), 0.75);
    assert_eq!(of(Metric::DemographicParityDifference, "f"), 0.15);
}

#[test]
fn a_signed_metric_without_a_named_group_is_undefined() {
    let counts = counts(&[("f", [40, 5, 45, 10]), ("m", [54, 6, 34, 6])]);
    for metric in [
        Metric::StatisticalParityDifference,
        Metric::DisparateImpact,
        Metric::AverageOddsDifference,
    ] {
        for reference in [Reference::Highest, Reference::Largest] {
            let settings = Settings {
                reference,
                ..lenient()
            };
            let reason = undefined(metric, &counts, &settings);
            assert!(reason.contains("needs the name"), "{reason}");
        }
    }
}

#[test]
fn against_the_largest_or_a_named_group_the_others_are_measured_by_it() {
    use Metric::*;
    // Selection rates 0.2, 0.5 and 0.4; `b` is the largest.
    let counts = counts(&[
        ("a", [10, 10, 40, 40]),
        ("b", [100, 100, 100, 100]),
        ("c", [20, 20, 30, 30]),
    ]);
    let largest = Settings {
        reference: Reference::Largest,
        ..lenient()
    };
    assert_eq!(value(ImpactRatio, &counts, &largest), 0.4);
    assert_eq!(value(ImpactRatio, &counts, &against("c")), 0.5);
    assert_eq!(value(DemographicParityRatio, &counts, &against("c")), 0.5);
    assert_eq!(
        value(DemographicParityDifference, &counts, &against("c")),
        0.2
    );
    assert_eq!(value(ImpactRatio, &counts, &against("a")), 2.0);
    // The others taken together: 240 of 500, and 220 of 500.
    assert_eq!(value(DisparateImpact, &counts, &against("a")), 2.4);
    assert_eq!(
        value(StatisticalParityDifference, &counts, &against("b")),
        -0.2
    );
}

#[test]
fn exactly_at_the_threshold_is_the_threshold() {
    // 3/5 over 6/8 is less than 0.8 in floating point.
    let counts = counts(&[("f", [2, 1, 1, 1]), ("m", [5, 1, 1, 1])]);
    assert!(value(Metric::DemographicParityRatio, &counts, &lenient()) >= 0.8);
    assert!(value(Metric::DisparateImpact, &counts, &against("m")) >= 0.8);
}

#[test]
fn a_rate_over_nobody_is_undefined_and_the_group_is_named() {
    let counts = counts(&[("f", [0, 5, 45, 0]), ("m", [54, 6, 34, 6])]);
    for metric in [
        Metric::EqualOpportunityDifference,
        Metric::EqualizedOddsRatio,
        Metric::FalseNegativeRateRatio,
    ] {
        let reason = undefined(metric, &counts, &lenient());
        assert!(
            reason.contains("no rows with a favourable label in `f`"),
            "{reason}"
        );
    }
    assert!(
        measure(Metric::DemographicParityRatio, &counts, &lenient())
            .value
            .value()
            .is_some()
    );
}

#[test]
fn a_ratio_is_undefined_when_nobody_is_selected() {
    let counts = counts(&[("f", [0, 0, 50, 50]), ("m", [0, 0, 40, 60])]);
    let difference = value(Metric::DemographicParityDifference, &counts, &lenient());
    assert_eq!(difference, 0.0);
    for settings in [lenient(), against("m")] {
        for metric in [Metric::DemographicParityRatio, Metric::ImpactRatio] {
            let reason = undefined(metric, &counts, &settings);
            assert_eq!(reason, "it is a ratio over a selection rate of 0");
        }
    }
}

#[test]
fn a_group_without_a_favourable_decision_gives_a_ratio_of_0() {
    let counts = counts(&[("f", [0, 0, 50, 50]), ("m", [30, 0, 10, 60])]);
    let measured = measure(Metric::DemographicParityRatio, &counts, &lenient());
    assert_eq!(measured.value, Measure::Value(0.0));
    let interval = measured.interval.unwrap();
    assert!(interval.lower == 0.0 && interval.upper > 0.0);
}

#[test]
fn groups_under_the_minimum_are_insufficient_and_named() {
    let counts = counts(&[
        ("a", [10, 5, 10, 4]),
        ("b", [10, 5, 10, 5]),
        ("c", [1, 0, 1, 0]),
    ]);
    let settings = Settings {
        minimum_group: 30,
        minimum_denominator: 1,
        ..lenient()
    };
    let (reason, groups) = insufficient(Metric::DemographicParityRatio, &counts, &settings);
    assert_eq!(reason, "`a` (29) and `c` (2) have fewer than 30 rows");
    assert_eq!(groups, [key("a"), key("c")]);
    let measured = measure(Metric::DemographicParityRatio, &counts, &settings);
    let sufficient: Vec<bool> = measured.rates[0]
        .groups
        .iter()
        .map(|group| group.sufficient)
        .collect();
    assert_eq!(sufficient, [false, true, false]);
}

#[test]
fn the_minimum_holds_for_every_denominator() {
    let counts = counts(&[("a", [4, 50, 50, 5]), ("b", [50, 50, 50, 50])]);
    let settings = Settings {
        minimum_group: 30,
        minimum_denominator: 10,
        ..lenient()
    };
    let (reason, groups) = insufficient(Metric::EqualizedOddsDifference, &counts, &settings);
    assert_eq!(
        reason,
        "`a` (9) has fewer than 10 rows with a favourable label"
    );
    assert_eq!(groups, [key("a")]);
    let enough = Settings {
        minimum_denominator: 9,
        ..settings
    };
    value(Metric::EqualizedOddsDifference, &counts, &enough);
    value(Metric::PredictiveParityRatio, &counts, &enough);
}

#[test]
fn one_group_is_insufficient_and_not_perfectly_fair() {
    let one = counts(&[("f", [40, 5, 45, 10])]);
    for metric in decisions() {
        let (reason, groups) = insufficient(metric, &one, &against("f"));
        assert_eq!(reason, "`f` is the only group");
        assert_eq!(groups, [key("f")]);
        let (reason, groups) = insufficient(metric, &counts(&[]), &lenient());
        assert_eq!((reason.as_str(), groups.len()), ("there is no group", 0));
    }
}

#[test]
fn missing_group_values_are_a_group_or_refused() {
    let counts = counts(&[
        ("", [10, 0, 45, 45]),
        ("f", [40, 5, 45, 10]),
        ("m", [54, 6, 34, 6]),
    ]);
    let measured = measure(Metric::DemographicParityRatio, &counts, &lenient());
    assert_eq!(measured.value, Measure::Value(1.0 / 6.0));
    assert_eq!(measured.rates[0].groups[0].group, [None]);
    let refused = Settings {
        missing: MissingPolicy::Refuse,
        ..lenient()
    };
    assert_eq!(
        undefined(Metric::DemographicParityRatio, &counts, &refused),
        "100 rows have no value of `group`, and missing values are refused"
    );
}

#[test]
fn an_excluded_group_is_shown_and_not_compared() {
    let counts = counts(&[
        ("f", [40, 5, 45, 10]),
        ("m", [54, 6, 34, 6]),
        ("x", [0, 0, 1, 1]),
    ]);
    let mut settings = Settings {
        excluded: vec![key("x")],
        ..lenient()
    };
    let measured = measure(Metric::DemographicParityRatio, &counts, &settings);
    assert_eq!(measured.value, Measure::Value(0.75));
    assert_eq!(measured.rates[0].groups.len(), 3);
    assert!(!measured.rates[0].groups[2].sufficient);
    settings.reference = Reference::Group(key("x"));
    assert_eq!(
        undefined(Metric::ImpactRatio, &counts, &settings),
        "the reference group `x` is excluded"
    );
}

#[test]
fn a_group_that_does_not_occur_is_undefined() {
    let counts = counts(&[("female", [40, 5, 45, 10]), ("male", [54, 6, 34, 6])]);
    assert_eq!(
        undefined(Metric::ImpactRatio, &counts, &against("Male")),
        "the reference group `Male` does not occur; did you mean `male`"
    );
    let settings = Settings {
        excluded: vec![key("other")],
        ..lenient()
    };
    assert_eq!(
        undefined(Metric::ImpactRatio, &counts, &settings),
        "the excluded group `other` does not occur"
    );
}

#[test]
fn without_labels_only_selection_rates_can_be_compared() {
    let mut counts = counts(&[("f", [40, 5, 45, 10]), ("m", [54, 6, 34, 6])]);
    for group in &mut counts.groups {
        group.tally.confusion = None;
    }
    for metric in decisions() {
        let measured = measure(metric, &counts, &against("m"));
        assert_eq!(
            measured.value.value().is_none(),
            metric.needs_labels(),
            "{metric:?}"
        );
        if metric.needs_labels() {
            assert!(measured.value.reason().unwrap().contains("needs labels"));
        }
    }
}

#[test]
fn a_metric_on_scores_is_not_measured_on_decisions() {
    let counts = counts(&[("f", [40, 5, 45, 10]), ("m", [54, 6, 34, 6])]);
    for metric in Metric::ALL {
        if metric.basis() != Basis::Decisions {
            assert!(undefined(metric, &counts, &lenient()).contains("is computed from"));
        }
    }
}

#[test]
fn the_pair_that_sets_the_value_is_tested() {
    let counts = counts(&[
        ("a", [50, 50, 50, 50]),
        ("b", [60, 60, 40, 40]),
        ("c", [55, 50, 50, 45]),
    ]);
    let test = measure(Metric::DemographicParityDifference, &counts, &lenient())
        .test
        .unwrap();
    assert_eq!(test.method, Method::TwoProportionZ);
    assert_eq!(test.groups, [vec![key("b")], vec![key("a")]]);
    assert_eq!(test.rate, Rate::Selection);
    let pooled = measure(Metric::DisparateImpact, &counts, &against("b"));
    assert_eq!(
        pooled.test.unwrap().groups,
        [vec![key("a"), key("c")], vec![key("b")]]
    );
}

#[test]
fn draws_that_never_vary_are_no_certainty() {
    let counts = counts(&[
        ("a", [0, 0, 50, 50]),
        ("b", [60, 60, 40, 40]),
        ("c", [30, 40, 50, 60]),
    ]);
    let measured = measure(Metric::DemographicParityRatio, &counts, &lenient());
    assert_eq!(measured.value, Measure::Value(0.0));
    assert_eq!(measured.interval, None);
}

/// The very numbers: a bootstrap that comes out otherwise on another day or machine is no evidence.
#[test]
fn the_bootstrap_gives_the_same_interval_every_time() {
    let counts = counts(&[
        ("a", [50, 50, 50, 50]),
        ("b", [60, 60, 40, 40]),
        ("c", [3, 4, 5, 6]),
    ]);
    let settings = Settings {
        resamples: 500,
        seed: 20,
        ..lenient()
    };
    let interval = |settings: &Settings| {
        let measured = measure(Metric::EqualizedOddsDifference, &counts, settings);
        let interval = measured.interval.unwrap();
        format!("{} {}", interval.lower, interval.upper)
    };
    insta::assert_snapshot!(interval(&settings), @"0.12962962963 0.582320574163");
    assert_eq!(interval(&settings), interval(&settings));
    let other = Settings {
        seed: 21,
        ..settings.clone()
    };
    assert_ne!(interval(&settings), interval(&other));
}

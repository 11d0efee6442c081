//! Scores and predicted numbers: against the definitions, computed row by row.
#![expect(clippy::cast_precision_loss, reason = "there are few rows")]

use proptest::prelude::*;

use super::*;

/// Group, score and label of a row.
type Row = (usize, f64, bool);

const NAMES: [&str; 3] = ["a", "b", "c"];

fn counted(rows: &[Row], labels: bool) -> ScoreCounts {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut scores = Scores::new(NAMES.len(), rows.len() as u64, labels);
    for (group, score, label) in sorted {
        let cell = ScoreCell {
            score,
            group,
            positives: u64::from(label),
            negatives: u64::from(!label),
        };
        scores.push(cell).unwrap();
    }
    let keys = NAMES.map(key).to_vec();
    scores.finish(vec!["group".into()], keys).unwrap()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Twentieths: many ties.
    let score = (0_u32..=20).prop_map(|n| f64::from(n) / 20.0);
    proptest::collection::vec((0_usize..3, score, any::<bool>()), 1..80)
}

fn of(rows: &[Row], group: usize) -> impl Iterator<Item = (f64, bool)> {
    rows.iter()
        .filter(move |row| row.0 == group)
        .map(|row| (row.1, row.2))
}

proptest! {
    #[test]
    fn areas_are_the_share_of_ordered_pairs(rows in rows()) {
        for (group, counted) in counted(&rows, true).groups.iter().map(|g| {
            (NAMES.iter().position(|name| g.key == key(name)).unwrap(), g)
        }) {
            let labelled = counted.labelled.as_ref().unwrap();
            let (mut ordered, mut pairs) = (0.0, 0.0);
            for (high, _) in of(&rows, group).filter(|row| row.1) {
                for (low, _) in of(&rows, group).filter(|row| !row.1) {
                    pairs += 1.0;
                    ordered += if high > low { 1.0 } else if high < low { 0.0 } else { 0.5 };
                }
            }
            let expected: Option<f64> = (pairs > 0.0).then_some(ordered / pairs);
            prop_assert_eq!(labelled.area(), expected);
        }
    }

    #[test]
    fn delongs_variance_is_that_of_the_placements(rows in rows()) {
        for counted in &counted(&rows, true).groups {
            let group = NAMES.iter().position(|name| counted.key == key(name)).unwrap();
            let labelled = counted.labelled.as_ref().unwrap();
            let part = |wanted: bool| -> Vec<f64> {
                of(&rows, group).filter(|row| row.1 == wanted).map(|row| row.0).collect()
            };
            let (positives, negatives) = (part(true), part(false));
            if positives.len() < 2 || negatives.len() < 2 {
                prop_assert_eq!(labelled.variance(), None);
                continue;
            }
            let beats = |a: f64, b: f64| if a > b { 1.0 } else if a < b { 0.0 } else { 0.5 };
            let spread = |of: &[f64], against: &[f64], turned: bool| {
                let placed: Vec<f64> = of.iter().map(|x| against.iter().map(|y| {
                    if turned { beats(*y, *x) } else { beats(*x, *y) }
                }).sum::<f64>() / against.len() as f64).collect();
                let n = placed.len() as f64;
                let mean = placed.iter().sum::<f64>() / n;
                placed.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
            };
            let expected = spread(&positives, &negatives, false)
                + spread(&negatives, &positives, true);
            prop_assert!((labelled.variance().unwrap() - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn above_the_median_is_strictly_above_the_middle_of_all(rows in rows()) {
        let mut all: Vec<f64> = rows.iter().map(|row| row.1).collect();
        all.sort_by(f64::total_cmp);
        let median = f64::midpoint(all[(all.len() - 1) / 2], all[all.len() / 2]);
        for counted in &counted(&rows, false).groups {
            let group = NAMES.iter().position(|name| counted.key == key(name)).unwrap();
            let expected = of(&rows, group).filter(|row| row.0 > median).count() as u64;
            prop_assert_eq!(counted.above_median, expected);
            prop_assert_eq!(&counted.labelled, &None);
        }
    }

    #[test]
    fn rows_of_one_score_may_come_together_or_in_parts(rows in rows()) {
        let mut merged: Vec<ScoreCell> = Vec::new();
        let mut sorted = rows.clone();
        sorted.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        for (group, score, label) in sorted {
            let (positives, negatives) = (u64::from(label), u64::from(!label));
            match merged.last_mut() {
                Some(last) if last.group == group && last.score == score => {
                    last.positives += positives;
                    last.negatives += negatives;
                }
                _ => merged.push(ScoreCell { score, group, positives, negatives }),
            }
        }
        let mut scores = Scores::new(NAMES.len(), rows.len() as u64, true);
        for cell in merged {
            scores.push(cell).unwrap();
        }
        let merged = scores.finish(vec!["group".into()], NAMES.map(key).to_vec()).unwrap();
        let apart = counted(&rows, true);
        for (a, b) in merged.groups.iter().zip(&apart.groups) {
            let area = |group: &ScoreGroup| group.labelled.as_ref().unwrap().area();
            prop_assert_eq!((a.n, a.above_median, area(a)), (b.n, b.above_median, area(b)));
            prop_assert!((a.sum - b.sum).abs() < 1e-12);
        }
    }
}

fn spread(rows: &[(usize, &[(f64, bool)])]) -> Vec<Row> {
    rows.iter()
        .flat_map(|&(group, rows)| {
            rows.iter()
                .map(move |&(score, label)| (group, score, label))
        })
        .collect()
}

#[test]
fn scores_are_refused_where_they_cannot_be_counted() {
    let cell = |score, group| ScoreCell {
        score,
        group,
        positives: 1,
        negatives: 0,
    };
    let mut scores = Scores::new(1, 3, true);
    scores.push(cell(0.5, 0)).unwrap();
    assert!(matches!(
        scores.push(cell(f64::NAN, 0)),
        Err(ScoreError::NotFinite(_))
    ));
    assert!(matches!(
        scores.push(cell(0.4, 0)),
        Err(ScoreError::Descending { .. })
    ));
    assert_eq!(scores.push(cell(0.6, 1)), Err(ScoreError::NoGroup(1)));
    assert_eq!(
        scores.finish(vec![], vec![key("a")]),
        Err(ScoreError::Rows {
            announced: 3,
            seen: 1
        })
    );
}

#[test]
fn areas_need_both_labels_in_every_group() {
    let rows = spread(&[
        (0, &[(0.1, false), (0.9, true)]),
        (1, &[(0.1, true), (0.9, true)]),
    ]);
    let measured = measure_scores(
        Metric::RocAucScoreDifference,
        &counted(&rows, true),
        &lenient(),
    );
    assert_eq!(
        measured.value.reason(),
        Some("the area under the curve is taken over no rows with an unfavourable label in `b`")
    );
    let unlabelled = measure_scores(
        Metric::RocAucScoreDifference,
        &counted(&rows, false),
        &lenient(),
    );
    assert!(
        unlabelled
            .value
            .reason()
            .unwrap()
            .contains("label of every row")
    );
}

#[test]
fn calibration_is_insufficient_where_a_bin_lacks_a_group() {
    let both: &[(f64, bool)] = &[(0.15, false), (0.15, true), (0.95, true), (0.95, true)];
    let rows = spread(&[(0, both), (1, both)]);
    let of = |rows: &[Row]| {
        measure_scores(
            Metric::CalibrationDifference,
            &counted(rows, true),
            &lenient(),
        )
        .value
    };
    assert_eq!(of(&rows), Measure::Value(0.0));
    // 0.3 belongs to the bin that begins with it.
    let lone = [rows.clone(), spread(&[(0, &[(0.3, true)])])].concat();
    assert_eq!(
        of(&lone).reason(),
        Some("`b` has no rows with a score from 0.3 to 0.4")
    );
    let beyond = [rows, spread(&[(0, &[(1.5, true)]), (1, &[(1.5, true)])])].concat();
    assert!(of(&beyond).reason().unwrap().contains("not probabilities"));
}

#[test]
fn scores_without_spread_have_no_standardised_difference() {
    let rows = spread(&[(0, &[(0.3, true); 4]), (1, &[(0.3, false); 7])]);
    let measured = measure_scores(
        Metric::StandardisedMeanDifference,
        &counted(&rows, true),
        &against("a"),
    );
    assert!(
        measured
            .value
            .reason()
            .unwrap()
            .contains("all scores are the same")
    );
}

#[test]
fn a_standardised_difference_is_signed() {
    let rows = spread(&[
        (0, &[(0.2, true), (0.4, true)]),
        (1, &[(0.6, false), (0.8, false)]),
    ]);
    let of = |name| {
        measure_scores(
            Metric::StandardisedMeanDifference,
            &counted(&rows, true),
            &against(name),
        )
        .value
        .value()
        .unwrap()
    };
    // Means 0.3 and 0.7; the variance of all four is 0.05.
    let expected = 0.4 / 0.05_f64.sqrt();
    assert!((of("a") - expected).abs() < 1e-12);
    assert!((of("b") + expected).abs() < 1e-12);
}

#[test]
fn the_median_is_that_of_all_groups() {
    let rows = spread(&[
        (0, &[(0.1, true), (0.2, true), (0.3, true), (0.9, true)]),
        (1, &[(0.5, true), (0.6, true), (0.7, true), (0.8, true)]),
    ]);
    let measured = measure_scores(
        Metric::ScoringRateImpactRatio,
        &counted(&rows, false),
        &lenient(),
    );
    // Between 0.5 and 0.6: one of four, and three of four.
    assert_eq!(measured.value, Measure::Value(1.0 / 3.0));
    assert_eq!(measured.rates[0].rate, "scoring_rate");
}

fn regression(groups: &[(&str, &[(f64, f64)])]) -> RegressionCounts {
    RegressionCounts {
        attributes: vec!["group".into()],
        groups: groups
            .iter()
            .map(|(name, rows)| MomentGroup {
                key: key(name),
                moments: rows
                    .iter()
                    .fold(Moments::default(), |sums, (p, l)| sums.with(*p, *l)),
            })
            .collect(),
    }
}

#[test]
fn sums_of_an_attribute_are_those_of_its_groups() {
    let fine = ScoreCounts {
        attributes: vec!["sex".into(), "age".into()],
        groups: counted(
            &spread(&[
                (0, &[(0.1, true), (0.7, false)]),
                (1, &[(0.3, true)]),
                (2, &[(0.9, false)]),
            ]),
            true,
        )
        .groups
        .into_iter()
        .zip([["f", "old"], ["f", "young"], ["m", "old"]])
        .map(|(group, names)| ScoreGroup {
            key: names.map(|name| Some(name.into())).to_vec(),
            ..group
        })
        .collect(),
        outside: false,
    };
    let by_sex = fine.over(&["sex"]).unwrap();
    let women = &by_sex.groups[0];
    assert_eq!((women.n, women.above_median), (3, 1));
    assert!((women.sum - 1.1).abs() < 1e-12);
    assert_eq!(women.labelled, None);
    assert!(by_sex.groups[1].labelled.is_some());
    assert_eq!(fine.over(&["race"]), None);
    let sums = RegressionCounts {
        attributes: fine.attributes.clone(),
        groups: fine
            .groups
            .iter()
            .map(|group| MomentGroup {
                key: group.key.clone(),
                moments: Moments::default().with(3.0, 1.0),
            })
            .collect(),
    };
    let by_sex = sums.over(&["sex"]).unwrap();
    assert_eq!(by_sex.groups[0].moments.absolute_error, 4.0);
    assert_eq!(by_sex.groups[1].moments.n, 1);
}

#[test]
fn errors_and_means_of_predicted_numbers() {
    let sums = regression(&[
        ("f", &[(10.0, 12.0), (14.0, 10.0)]),
        ("m", &[(20.0, 19.0), (30.0, 32.0)]),
    ]);
    let of = |metric| measure_regression(metric, &sums, &lenient()).value;
    assert_eq!(of(Metric::MeanPredictionDifference), Measure::Value(13.0));
    assert_eq!(of(Metric::MeanAbsoluteErrorRatio), Measure::Value(0.5));
    assert_eq!(of(Metric::RootMeanSquaredErrorRatio), Measure::Value(0.5));
    let perfect = regression(&[("f", &[(1.0, 1.0)]), ("m", &[(2.0, 2.0)])]);
    let measured = measure_regression(Metric::MeanAbsoluteErrorRatio, &perfect, &lenient());
    assert_eq!(measured.value.reason(), Some("it is a ratio over 0"));
}

#[test]
fn one_group_and_small_groups_are_insufficient_for_scores_and_numbers_too() {
    let one = spread(&[(0, &[(0.2, true), (0.4, false)])]);
    let two = [one.clone(), spread(&[(1, &[(0.3, false), (0.4, true)])])].concat();
    let strict = Settings {
        minimum_group: 3,
        ..against("a")
    };
    let lone = against("a");
    let verdict = |measured: Measured| match measured.value {
        Measure::Insufficient { groups, .. } => groups.len(),
        other => panic!("{other:?}"),
    };
    for metric in Metric::ALL {
        if metric.basis() == Basis::Scores {
            let of = |rows: &[Row], settings| {
                verdict(measure_scores(metric, &counted(rows, true), settings))
            };
            assert_eq!(of(&one, &lone), 1, "{metric:?}");
            assert_eq!(of(&two, &strict), 2, "{metric:?}");
        } else if metric.basis() == Basis::Regression {
            let rows: &[(f64, f64)] = &[(1.0, 2.0), (2.0, 4.0)];
            let one = regression(&[("a", rows)]);
            let two = regression(&[("a", rows), ("b", rows)]);
            let of = |sums, settings| verdict(measure_regression(metric, sums, settings));
            assert_eq!(of(&one, &lone), 1, "{metric:?}");
            assert_eq!(of(&two, &strict), 2, "{metric:?}");
        }
    }
}

#[test]
fn intervals_of_numbers_hold_their_value() {
    let rows: Vec<Row> = (0_usize..90)
        .map(|n| {
            let score = (n * 37 % 90) as f64 / 90.0;
            (n % 3, score, n % 7 < 3 || score > 0.7)
        })
        .collect();
    let counted = counted(&rows, true);
    for metric in [
        Metric::RocAucScoreDifference,
        Metric::StandardisedMeanDifference,
        Metric::ScoringRateImpactRatio,
    ] {
        let measured = measure_scores(metric, &counted, &against("b"));
        let (value, interval) = (measured.value.value().unwrap(), measured.interval.unwrap());
        assert!(interval.lower < interval.upper, "{metric:?}");
        assert!(interval.lower <= value && value <= interval.upper);
        for group in &measured.values {
            let interval = group.interval.unwrap();
            assert!(interval.lower < group.value && group.value < interval.upper);
        }
    }
}

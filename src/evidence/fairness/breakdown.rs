//! What a table says of fairness by some attributes: groups, rates and metrics side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Basis, Counts, Key, Measure, Measured, Metric, MomentGroup, Moments, Reference,
    RegressionCounts, ScoreCounts, Settings, measure, measure_regression, measure_scores, shown,
};
use crate::finding::RateChart;

/// Metrics from which the rates of all groups are taken, so that these are computed in one place.
const RATES: [Metric; 5] = [
    Metric::DemographicParityDifference,
    Metric::EqualizedOddsDifference,
    Metric::FalseNegativeRateDifference,
    Metric::PredictiveParityDifference,
    Metric::AccuracyScoreDifference,
];

/// What was counted of a table.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The finest groups.
    pub counts: &'a Counts,
    /// Whether the table has decisions; else there are no rates.
    pub decided: bool,
    /// Its scores, by one set of attributes or another.
    pub scores: &'a [ScoreCounts],
    /// Its predicted numbers.
    pub moments: Option<&'a RegressionCounts>,
}

/// What was chosen, in words that hold for every set of attributes.
#[derive(Clone, Copy, Debug)]
pub struct Choices<'a> {
    /// The metrics, in the order of the result.
    pub metrics: &'a [Metric],
    /// Groups to compare with, as [`shown`] names them: the first that occurs is taken.
    pub reference: &'a [String],
    /// Groups to show and to compare with nobody, as [`shown`] names them, or by one of their values.
    pub excluded: &'a [String],
    /// Whether the groups of which a value is missing are among the latter.
    pub without_missing: bool,
    /// Everything else. Its reference holds where none of `reference` occurs.
    pub settings: &'a Settings,
}

/// The groups of one attribute, or of an intersection, and the metrics over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// The groups.
    pub counts: Counts,
    /// What groups are compared with.
    pub reference: Reference,
    /// Groups that are shown and compared with nobody.
    pub excluded: Vec<Key>,
    /// The rates of the groups: selection, true and false positive, false negative, positive
    /// predictive value, accuracy. Without labels the first alone, without decisions none.
    pub rates: Vec<RateChart>,
    /// The metrics, with what came of them.
    pub metrics: Vec<(Metric, Measured)>,
}

impl Breakdown {
    /// Measures by some of the attributes that were counted. `None` where one of them was not.
    pub fn new<S: AsRef<str>>(
        material: &Material<'_>,
        by: &[S],
        choices: &Choices<'_>,
    ) -> Option<Self> {
        let counts = material.counts.over(by)?;
        let keys = || counts.groups.iter().map(|group| &group.key);
        let find = |name: &String| keys().find(|key| shown(key) == *name).cloned();
        let reference = choices.reference.iter().find_map(find);
        let is_excluded = |key: &&Key| {
            let by_name = choices.excluded.iter().any(|name| is_named(key, name));
            by_name || choices.without_missing && key.iter().any(Option::is_none)
        };
        let excluded: Vec<Key> = keys().filter(is_excluded).cloned().collect();
        let settings = Settings {
            reference: reference
                .map_or_else(|| choices.settings.reference.clone(), Reference::Group),
            excluded,
            ..choices.settings.clone()
        };
        let quick = Settings {
            resamples: 0,
            ..settings.clone()
        };
        let rates = RATES
            .iter()
            .filter(|_| material.decided)
            .flat_map(|&metric| measure(metric, &counts, &quick).rates)
            .collect();
        let same = |attributes: &[Arc<str>]| attributes == &*counts.attributes;
        let scores = material.scores.iter().find(|sums| same(&sums.attributes));
        let moments = material
            .moments
            .and_then(|moments| over(moments, &counts.attributes));
        let measured = |metric: Metric| match metric.basis() {
            Basis::Decisions if material.decided => measure(metric, &counts, &settings),
            Basis::Decisions => absent("decisions"),
            Basis::Scores => match scores {
                Some(scores) => measure_scores(metric, scores, &settings),
                None => absent("scores"),
            },
            Basis::Regression => match &moments {
                Some(moments) => measure_regression(metric, moments, &settings),
                None => absent("predicted numbers"),
            },
        };
        let metrics = choices
            .metrics
            .iter()
            .map(|&metric| (metric, measured(metric)))
            .collect();
        Some(Self {
            reference: settings.reference,
            excluded: settings.excluded,
            rates,
            metrics,
            counts,
        })
    }

    /// The attributes.
    pub fn attributes(&self) -> &[Arc<str>] {
        &self.counts.attributes
    }

    /// Whether a group is called so, or has it as the value of an attribute.
    pub fn has(&self, name: &str) -> bool {
        let mut groups = self.counts.groups.iter();
        groups.any(|group| is_named(&group.key, name))
    }
}

fn is_named(key: &Key, name: &str) -> bool {
    let mut values = key.iter();
    shown(key) == name || values.any(|value| value.as_deref() == Some(name))
}

fn absent(what: &str) -> Measured {
    Measured {
        value: Measure::Undefined {
            reason: format!("it is computed from {what}, and the evidence has none").into(),
        },
        interval: None,
        test: None,
        rates: Vec::new(),
        values: Vec::new(),
    }
}

/// The sums over some of the attributes.
fn over(moments: &RegressionCounts, attributes: &[Arc<str>]) -> Option<RegressionCounts> {
    let columns: Vec<usize> = attributes
        .iter()
        .map(|name| moments.attributes.iter().position(|has| has == name))
        .collect::<Option<_>>()?;
    let mut sums: BTreeMap<Key, Moments> = BTreeMap::new();
    for group in &moments.groups {
        let key: Key = columns
            .iter()
            .map(|&at| group.key.get(at).cloned().flatten())
            .collect();
        sums.entry(key)
            .and_modify(|sum| *sum = sum.plus(group.moments))
            .or_insert(group.moments);
    }
    Some(RegressionCounts {
        attributes: attributes.to_vec(),
        groups: sums
            .into_iter()
            .map(|(key, moments)| MomentGroup { key, moments })
            .collect(),
    })
}

//! What a table says of fairness by some attributes: groups, rates and metrics side by side.

use std::sync::Arc;

use super::{Counts, Key, Measured, Metric, Reference, Settings, measure, shown};
use crate::finding::RateChart;

/// Metrics from which the rates of all groups are taken, so that these are computed in one place.
const RATES: [Metric; 5] = [
    Metric::DemographicParityDifference,
    Metric::EqualizedOddsDifference,
    Metric::FalseNegativeRateDifference,
    Metric::PredictiveParityDifference,
    Metric::AccuracyScoreDifference,
];

/// The groups of one attribute, or of an intersection, and the metrics over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// The groups.
    pub counts: Counts,
    /// What groups are compared with.
    pub reference: Reference,
    /// Groups that are shown and not compared.
    pub excluded: Vec<Key>,
    /// The rates of the groups: selection, true and false positive, false negative, positive
    /// predictive value, accuracy. Without labels the first alone.
    pub rates: Vec<RateChart>,
    /// The metrics that were asked for, in their order.
    pub metrics: Vec<(Metric, Measured)>,
}

/// Groups as a person names them: `female`, `female, over 60`, `(missing)`.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Groups to compare with: in each breakdown the one that occurs there.
    pub reference: &'a [String],
    /// Groups to leave out, where they occur.
    pub excluded: &'a [String],
}

impl Breakdown {
    /// Measures by some of the attributes that were counted. `None` where one of them was not.
    ///
    /// Where no group of `named` occurs the reference is that of `settings`.
    pub fn new<S: AsRef<str>>(
        counts: &Counts,
        by: &[S],
        metrics: &[Metric],
        named: Named<'_>,
        settings: &Settings,
    ) -> Option<Self> {
        let counts = counts.over(by)?;
        let find = |name: &String| {
            let mut keys = counts.groups.iter().map(|group| &group.key);
            keys.find(|key| shown(key) == *name).cloned()
        };
        let reference = named.reference.iter().find_map(find);
        let settings = Settings {
            reference: reference.map_or_else(|| settings.reference.clone(), Reference::Group),
            excluded: named.excluded.iter().filter_map(find).collect(),
            ..settings.clone()
        };
        let quick = Settings {
            resamples: 0,
            ..settings.clone()
        };
        let rates = RATES
            .iter()
            .flat_map(|&metric| measure(metric, &counts, &quick).rates)
            .collect();
        let metrics = metrics
            .iter()
            .map(|&metric| (metric, measure(metric, &counts, &settings)))
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

    /// Whether a group is named so.
    pub fn has(&self, name: &str) -> bool {
        self.counts
            .groups
            .iter()
            .any(|group| shown(&group.key) == name)
    }
}

//! The metrics, by the names that documents write.

use super::rates::Rate;

/// A fairness metric.
///
/// Where Fairlearn has a metric, it has Fairlearn's name and meaning: unsigned, a difference is the
/// greatest rate less the least and a ratio the least over the greatest. The names of AIF360 keep
/// AIF360's sign: the other groups less the reference group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Greatest selection rate less the least.
    DemographicParityDifference,
    /// Least selection rate over the greatest.
    DemographicParityRatio,
    /// Greatest true positive rate less the least.
    EqualOpportunityDifference,
    /// Least true positive rate over the greatest.
    EqualOpportunityRatio,
    /// Differences of true and of false positive rates, taken together.
    EqualizedOddsDifference,
    /// Ratios of true and of false positive rates, taken together.
    EqualizedOddsRatio,
    /// Greatest false positive rate less the least.
    FalsePositiveRateDifference,
    /// Least false positive rate over the greatest.
    FalsePositiveRateRatio,
    /// Greatest false negative rate less the least.
    FalseNegativeRateDifference,
    /// Least false negative rate over the greatest.
    FalseNegativeRateRatio,
    /// Greatest positive predictive value less the least.
    PredictiveParityDifference,
    /// Least positive predictive value over the greatest.
    PredictiveParityRatio,
    /// Greatest accuracy less the least.
    AccuracyScoreDifference,
    /// Least accuracy over the greatest.
    AccuracyScoreRatio,
    /// Least selection rate over the one of the reference group; above 1 where all do better.
    ImpactRatio,
    /// The same with the share above the whole sample's median score (New York City, 6 RCNY 5-300).
    ScoringRateImpactRatio,
    /// AIF360: selection rate of all others less the one of the reference group.
    StatisticalParityDifference,
    /// AIF360: selection rate of all others over the one of the reference group.
    DisparateImpact,
    /// AIF360: mean of the differences of false and of true positive rates, all others less the
    /// reference group.
    AverageOddsDifference,
    /// Greatest area under the ROC curve less the least.
    RocAucScoreDifference,
    /// Greatest difference between groups of what came true in one bin of the score.
    CalibrationDifference,
    /// Greatest expected calibration error less the least.
    ExpectedCalibrationErrorDifference,
    /// Mean score of a group less the one of the reference group, in standard deviations of all.
    StandardisedMeanDifference,
    /// Greatest mean prediction less the least.
    MeanPredictionDifference,
    /// Least mean absolute error over the greatest.
    MeanAbsoluteErrorRatio,
    /// Least root mean squared error over the greatest.
    RootMeanSquaredErrorRatio,
}

/// What a metric is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Counts of groups: [`measure`](super::measure()).
    Decisions,
    /// x.
    Scores,
    /// Predicted numbers: [`measure_regression`](super::measure_regression).
    Regression,
}

/// How the rates of groups become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The greatest distance; never negative.
    Difference,
    /// The least quotient of two; at most 1.
    Ratio,
    /// The least quotient by the reference.
    Impact,
    /// All others less the reference.
    SignedDifference,
    /// All others over the reference.
    SignedRatio,
}

impl Metric {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 26] = [
        Self::DemographicParityDifference,
        Self::DemographicParityRatio,
        Self::EqualOpportunityDifference,
        Self::EqualOpportunityRatio,
        Self::EqualizedOddsDifference,
        Self::EqualizedOddsRatio,
        Self::FalsePositiveRateDifference,
        Self::FalsePositiveRateRatio,
        Self::FalseNegativeRateDifference,
        Self::FalseNegativeRateRatio,
        Self::PredictiveParityDifference,
        Self::PredictiveParityRatio,
        Self::AccuracyScoreDifference,
        Self::AccuracyScoreRatio,
        Self::ImpactRatio,
        Self::ScoringRateImpactRatio,
        Self::StatisticalParityDifference,
        Self::DisparateImpact,
        Self::AverageOddsDifference,
        Self::RocAucScoreDifference,
        Self::CalibrationDifference,
        Self::ExpectedCalibrationErrorDifference,
        Self::StandardisedMeanDifference,
        Self::MeanPredictionDifference,
        Self::MeanAbsoluteErrorRatio,
        Self::RootMeanSquaredErrorRatio,
    ];

    /// The metric of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// The name that documents write.
    pub fn name(self) -> &'static str {
        match self {
            Self::DemographicParityDifference => "demographic_parity_difference",
            Self::DemographicParityRatio => "demographic_parity_ratio",
            Self::EqualOpportunityDifference => "equal_opportunity_difference",
            Self::EqualOpportunityRatio => "equal_opportunity_ratio",
            Self::EqualizedOddsDifference => "equalized_odds_difference",
            Self::EqualizedOddsRatio => "equalized_odds_ratio",
            Self::FalsePositiveRateDifference => "false_positive_rate_difference",
            Self::FalsePositiveRateRatio => "false_positive_rate_ratio",
            Self::FalseNegativeRateDifference => "false_negative_rate_difference",
            Self::FalseNegativeRateRatio => "false_negative_rate_ratio",
            Self::PredictiveParityDifference => "predictive_parity_difference",
            Self::PredictiveParityRatio => "predictive_parity_ratio",
            Self::AccuracyScoreDifference => "accuracy_score_difference",
            Self::AccuracyScoreRatio => "accuracy_score_ratio",
            Self::ImpactRatio => "impact_ratio",
            Self::ScoringRateImpactRatio => "scoring_rate_impact_ratio",
            Self::StatisticalParityDifference => "statistical_parity_difference",
            Self::DisparateImpact => "disparate_impact",
            Self::AverageOddsDifference => "average_odds_difference",
            Self::RocAucScoreDifference => "roc_auc_score_difference",
            Self::CalibrationDifference => "calibration_difference",
            Self::ExpectedCalibrationErrorDifference => "expected_calibration_error_difference",
            Self::StandardisedMeanDifference => "standardised_mean_difference",
            Self::MeanPredictionDifference => "mean_prediction_difference",
            Self::MeanAbsoluteErrorRatio => "mean_absolute_error_ratio",
            Self::RootMeanSquaredErrorRatio => "root_mean_squared_error_ratio",
        }
    }

    /// What it is computed from.
    pub fn basis(self) -> Basis {
        match self {
            Self::ScoringRateImpactRatio
            | Self::RocAucScoreDifference
            | Self::CalibrationDifference
            | Self::ExpectedCalibrationErrorDifference
            | Self::StandardisedMeanDifference => Basis::Scores,
            Self::MeanPredictionDifference
            | Self::MeanAbsoluteErrorRatio
            | Self::RootMeanSquaredErrorRatio => Basis::Regression,
            _ => Basis::Decisions,
        }
    }

    /// The rates that it compares; none where it compares no shares of rows.
    pub fn rates(self) -> &'static [Rate] {
        match self {
            Self::DemographicParityDifference
            | Self::DemographicParityRatio
            | Self::ImpactRatio
            | Self::StatisticalParityDifference
            | Self::DisparateImpact => &[Rate::Selection],
            Self::ScoringRateImpactRatio => &[Rate::Scoring],
            Self::EqualOpportunityDifference | Self::EqualOpportunityRatio => &[Rate::TruePositive],
            Self::EqualizedOddsDifference
            | Self::EqualizedOddsRatio
            | Self::AverageOddsDifference => &[Rate::TruePositive, Rate::FalsePositive],
            Self::FalsePositiveRateDifference | Self::FalsePositiveRateRatio => {
                &[Rate::FalsePositive]
            }
            Self::FalseNegativeRateDifference | Self::FalseNegativeRateRatio => {
                &[Rate::FalseNegative]
            }
            Self::PredictiveParityDifference | Self::PredictiveParityRatio => {
                &[Rate::PositivePredictive]
            }
            Self::AccuracyScoreDifference | Self::AccuracyScoreRatio => &[Rate::Accuracy],
            Self::RocAucScoreDifference
            | Self::CalibrationDifference
            | Self::ExpectedCalibrationErrorDifference
            | Self::StandardisedMeanDifference
            | Self::MeanPredictionDifference
            | Self::MeanAbsoluteErrorRatio
            | Self::RootMeanSquaredErrorRatio => &[],
        }
    }

    /// Whether it needs to know what really happened, beside what was decided.
    pub fn needs_labels(self) -> bool {
        match self.basis() {
            Basis::Decisions => self.rates().iter().any(|rate| rate.needs_labels()),
            Basis::Scores => matches!(
                self,
                Self::RocAucScoreDifference
                    | Self::CalibrationDifference
                    | Self::ExpectedCalibrationErrorDifference
            ),
            Basis::Regression => self != Self::MeanPredictionDifference,
        }
    }

    /// Whether it is a quotient, for which more is better up to 1, and not a difference.
    pub fn is_ratio(self) -> bool {
        self == Self::DisparateImpact || self.name().ends_with("_ratio")
    }

    /// Whether it can be negative.
    pub fn is_signed(self) -> bool {
        matches!(
            self,
            Self::StatisticalParityDifference
                | Self::AverageOddsDifference
                | Self::StandardisedMeanDifference
        )
    }

    /// Whether it needs the name of a group that the others are compared with.
    pub fn needs_reference(self) -> bool {
        self.is_signed() || self == Self::DisparateImpact
    }

    pub(super) fn form(self) -> Form {
        match self {
            Self::ImpactRatio | Self::ScoringRateImpactRatio => Form::Impact,
            Self::DisparateImpact => Form::SignedRatio,
            Self::StatisticalParityDifference | Self::AverageOddsDifference => {
                Form::SignedDifference
            }
            _ if self.is_ratio() => Form::Ratio,
            _ => Form::Difference,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_its_name_and_listed_once() {
        for (at, metric) in Metric::ALL.into_iter().enumerate() {
            assert_eq!(Metric::named(metric.name()), Some(metric));
            assert!(!Metric::ALL[..at].contains(&metric));
        }
        assert_eq!(Metric::named("equal_odds"), None);
    }

    #[test]
    fn a_metric_on_decisions_compares_shares_of_rows() {
        for metric in Metric::ALL {
            assert!(metric.basis() != Basis::Decisions || !metric.rates().is_empty());
            assert!(!(metric.is_ratio() && metric.is_signed()));
        }
    }
}

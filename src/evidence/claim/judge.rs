//! From a claim and its evidence to a status.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ClaimStatus;
use super::read::{Claim, Columns};
use crate::evidence::fairness::{
    Aggregation, Basis, Counts, Group, Key, Measure, Measured, Metric, MomentGroup, Moments,
    RegressionCounts, Settings, Significance, measure, measure_regression, measure_scores,
};
use crate::evidence::place::Place;
use crate::evidence::store::Evidence;
use crate::evidence::table::{Counted, Literal, PersonalColumn, Request, TableForm};
use crate::finding::{DocumentRef, FairnessCheck, Interval, RateChart};
use crate::value::NodeRef;

/// A claim, held against its evidence.
pub(in crate::evidence) struct Assessed {
    pub(super) status: ClaimStatus,
    pub(super) reason: Option<String>,
    /// The field of the assessment by which the table could not be counted.
    pub(super) field: Option<&'static str>,
    pub(super) claimed: Option<f64>,
    pub(super) value: Option<f64>,
    pub(super) interval: Option<Interval>,
    pub(super) test: Option<Significance>,
    pub(super) rates: Vec<RateChart>,
    /// The groups that were compared; those left out by name and those of unknown rows are not
    /// among them.
    pub(super) groups: Vec<Group>,
    /// The groups that the document leaves out by name.
    pub(super) left_out: Vec<Group>,
    pub(super) too_small: Vec<Key>,
    /// Rows in which the value of one of the attributes is missing.
    pub(super) missing: Option<u64>,
    pub(super) rows: Option<u64>,
    pub(super) sha256: Option<Box<str>>,
    pub(super) personal: Vec<PersonalColumn>,
    metric: Box<str>,
    attributes: Vec<Box<str>>,
    tolerance: f64,
    min: Option<f64>,
    max: Option<f64>,
    path: Arc<str>,
}

/// Holds an assessment of a document against its evidence. `from` is the path of the file that it is
/// written in, relative to the root.
pub(in crate::evidence) fn assess(
    evidence: &Evidence<'_>,
    item: NodeRef<'_>,
    from: &str,
) -> Assessed {
    let claim = Claim::read(item);
    let target = claim.evidence.path.unwrap_or_default();
    let path = match Place::of(target, from) {
        Place::Inside(path) => path.as_str().into(),
        Place::Address | Place::Outside => target.into(),
    };
    let boxed = |texts: &[&str]| texts.iter().map(|text| (*text).into()).collect();
    let mut assessed = Assessed {
        status: ClaimStatus::Match,
        reason: None,
        field: None,
        claimed: claim.value,
        value: None,
        interval: None,
        test: None,
        rates: Vec::new(),
        groups: Vec::new(),
        left_out: Vec::new(),
        too_small: Vec::new(),
        missing: None,
        rows: None,
        sha256: None,
        personal: Vec::new(),
        metric: claim.metric.into(),
        attributes: boxed(&claim.attributes),
        tolerance: claim.tolerance,
        min: claim.min,
        max: claim.max,
        path,
    };
    if let Err((status, reason)) = assessed.judge(evidence, &claim, item, from) {
        assessed.status = status;
        assessed.reason = Some(reason);
    }
    assessed
}

/// Why a claim does not come out as it should.
type Verdict = Result<(), (ClaimStatus, String)>;

impl Assessed {
    fn judge(
        &mut self,
        evidence: &Evidence<'_>,
        claim: &Claim<'_>,
        item: NodeRef<'_>,
        from: &str,
    ) -> Verdict {
        let unclaimed = |reason: String| (ClaimStatus::Unclaimed, reason);
        if let Some(reason) = claim.lacks() {
            return Err(unclaimed(reason));
        }
        let (Some(metric), Some(target), Some(favourable)) =
            (claim.known_metric(), claim.evidence.path, &claim.favourable)
        else {
            return Ok(());
        };
        let counted = self.count(evidence, claim, favourable, (item, target, from))?;
        self.rows = Some(counted.rows);
        self.sha256 = Some(counted.sha256.clone());
        self.personal.clone_from(&counted.personal);
        if let Some(column) = unnamed_column(&counted, metric, &claim.evidence.columns) {
            return Err(unclaimed(format!(
                "`evidence.columns.{column}` is not stated"
            )));
        }
        let settings = settings(claim, &counted).ok_or_else(|| {
            unclaimed("`reference` names no group of these attributes".to_owned())
        })?;
        let measured = self.measure(claim, metric, &counted, &settings);
        if let Some(reason) = tampered(claim, &counted) {
            return Err((ClaimStatus::Tampered, reason));
        }
        if let Some(reason) = claim.stale(document_of(item)) {
            return Err((ClaimStatus::Stale, reason));
        }
        if claim.evidence.columns.weight.is_some() {
            let reason = "`evidence.columns.weight` is stated, and rates are taken over rows";
            return Err((ClaimStatus::Undefined, reason.to_owned()));
        }
        match measured {
            Measure::Undefined { reason } => Err((ClaimStatus::Undefined, reason.into())),
            Measure::Insufficient { reason, groups } => {
                self.too_small = groups;
                Err((ClaimStatus::Insufficient, reason.into()))
            }
            Measure::Value(value) => match claim.value {
                Some(claimed) if !agree(value, claimed, claim.tolerance) => Err((
                    ClaimStatus::Drift,
                    format!(
                        "the evidence gives {}, and {claimed} is claimed",
                        super::value::rounded(value)
                    ),
                )),
                _ => Ok(()),
            },
        }
    }

    /// Counts the table for this assessment and for those beside it that are computed from the same
    /// columns of it; for this one alone where one of the others stands in the way.
    fn count(
        &mut self,
        evidence: &Evidence<'_>,
        claim: &Claim<'_>,
        favourable: &Literal,
        (item, target, from): (NodeRef<'_>, &str, &str),
    ) -> Result<Arc<Counted>, (ClaimStatus, String)> {
        let siblings: Vec<Claim<'_>> = item
            .parent()
            .into_iter()
            .flat_map(NodeRef::items)
            .map(Claim::read)
            .filter(|other| other.shares_a_pass(claim) && other.lacks().is_none())
            .collect();
        let together = request(favourable, &siblings);
        let counted = evidence.table(target, from, &together);
        let counted = match &*counted {
            Err(_) if siblings.len() > 1 => evidence.table(
                target,
                from,
                &request(favourable, std::slice::from_ref(claim)),
            ),
            _ => counted,
        };
        match &*counted {
            Ok(counted) => Ok(Arc::clone(counted)),
            Err(uncounted) => {
                let column = uncounted.column.as_deref();
                self.field = Some(column.map_or("evidence.path", |column| claim.field_of(column)));
                Err((ClaimStatus::Unreadable, uncounted.reason.clone()))
            }
        }
    }

    fn measure(
        &mut self,
        claim: &Claim<'_>,
        metric: Metric,
        counted: &Counted,
        settings: &Settings,
    ) -> Measure {
        let Some(counts) = counted.counts.over(&claim.attributes) else {
            return Measure::Undefined {
                reason: "the attributes were not counted".into(),
            };
        };
        self.missing = Some(missing(&counts));
        let compared = |group: &Group| !settings.excluded.contains(&group.key);
        (self.groups, self.left_out) = counts.groups.iter().cloned().partition(compared);
        self.left_out
            .retain(|group| claim.excluded.contains(&group.key));
        let Measured {
            value,
            interval,
            test,
            rates,
            ..
        } = measured(metric, &counts, counted, settings);
        self.value = value.value();
        self.interval = interval;
        self.test = test;
        self.rates = rates;
        value
    }

    /// What the report has of it.
    pub(in crate::evidence) fn check(&self, document: DocumentRef, pointer: &str) -> FairnessCheck {
        FairnessCheck {
            document,
            pointer: pointer.into(),
            metric: self.metric.clone(),
            attributes: self.attributes.clone(),
            status: self.status.name(),
            reason: self.reason.as_deref().map(Into::into),
            claimed: self.claimed,
            tolerance: self.tolerance,
            value: self.value,
            interval: self.interval,
            min: self.min,
            max: self.max,
            path: Arc::clone(&self.path),
            sha256: self.sha256.clone(),
            rows: self.rows,
            rates: self.rates.clone(),
        }
    }
}

/// The measurement, by what the metric is computed from.
fn measured(metric: Metric, counts: &Counts, counted: &Counted, settings: &Settings) -> Measured {
    let other = match metric.basis() {
        Basis::Decisions => None,
        Basis::Scores => {
            let mut scores = counted.scores.iter();
            scores
                .find(|scores| scores.attributes == counts.attributes)
                .map(|scores| measure_scores(metric, scores, settings))
        }
        Basis::Regression => {
            let moments = counted.moments.as_ref();
            let moments = moments.and_then(|moments| over(moments, &counts.attributes));
            moments.map(|moments| measure_regression(metric, &moments, settings))
        }
    };
    // What it is computed from was not counted: this says so.
    other.unwrap_or_else(|| measure(metric, counts, settings))
}

/// The sums over some of the attributes.
fn over(sums: &RegressionCounts, attributes: &[Arc<str>]) -> Option<RegressionCounts> {
    let columns: Vec<usize> = attributes
        .iter()
        .map(|wanted| sums.attributes.iter().position(|has| has == wanted))
        .collect::<Option<_>>()?;
    let mut groups: BTreeMap<Key, Moments> = BTreeMap::new();
    for group in &sums.groups {
        let key = columns
            .iter()
            .map(|&at| group.key.get(at).cloned().flatten())
            .collect();
        groups
            .entry(key)
            .and_modify(|sum| *sum = sum.plus(group.moments))
            .or_insert(group.moments);
    }
    Some(RegressionCounts {
        attributes: attributes.to_vec(),
        groups: groups
            .into_iter()
            .map(|(key, moments)| MomentGroup { key, moments })
            .collect(),
    })
}

/// What is asked of a table for some claims that share a pass.
fn request(favourable: &Literal, claims: &[Claim<'_>]) -> Request {
    let mut by: Vec<String> = claims
        .iter()
        .flat_map(|claim| &claim.attributes)
        .map(|attribute| (*attribute).to_owned())
        .collect();
    by.sort();
    by.dedup();
    let bases: Vec<Basis> = claims
        .iter()
        .filter_map(|claim| Some(claim.known_metric()?.basis()))
        .collect();
    let mut score_over: Vec<Vec<String>> = Vec::new();
    for claim in claims {
        let attributes: Vec<String> = claim.attributes.iter().map(|&name| name.into()).collect();
        let scores = claim.known_metric().map(Metric::basis) == Some(Basis::Scores);
        if scores && !score_over.contains(&attributes) {
            score_over.push(attributes);
        }
    }
    let first = claims.first();
    let columns = first
        .map(|claim| claim.evidence.columns.clone())
        .unwrap_or_default();
    let owned = |column: Option<&str>| column.map(str::to_owned);
    Request {
        by,
        label: owned(columns.label),
        prediction: owned(columns.prediction),
        score: owned(columns.score.filter(|_| !score_over.is_empty())),
        score_over,
        favourable: favourable.clone(),
        unfavourable: first.and_then(|claim| claim.unfavourable.clone()),
        quantities: bases.contains(&Basis::Regression),
        counts: columns.counts,
    }
}

/// A column without whose name the metric cannot be computed from the rows of a table.
fn unnamed_column(
    counted: &Counted,
    metric: Metric,
    columns: &Columns<'_>,
) -> Option<&'static str> {
    if counted.form == TableForm::Counts {
        return None;
    }
    match metric.basis() {
        Basis::Scores if columns.score.is_none() => Some("score"),
        Basis::Decisions | Basis::Regression if columns.prediction.is_none() => Some("prediction"),
        _ if metric.needs_labels() && columns.label.is_none() => Some("label"),
        _ => None,
    }
}

/// How the metric is measured. Rows whose group is not known are a group of their own, unless the
/// document says how many they are: then it counts them, and they are compared with nobody.
fn settings(claim: &Claim<'_>, counted: &Counted) -> Option<Settings> {
    let mut settings = Settings {
        reference: claim.reference()?,
        excluded: claim.excluded.clone(),
        ..Settings::default()
    };
    if let Some(least) = claim.minimum_group {
        settings.minimum_group = least;
    }
    if let Some(least) = claim.minimum_denominator {
        settings.minimum_denominator = least;
    }
    if claim.takes_the_mean {
        settings.aggregation = Aggregation::Mean;
    }
    if claim.counts_unknown
        && let Some(counts) = counted.counts.over(&claim.attributes)
    {
        let keys = counts.groups.into_iter().map(|group| group.key);
        settings.excluded.extend(keys.filter(|key| is_unknown(key)));
    }
    Some(settings)
}

/// How the file is another one than the document names.
fn tampered(claim: &Claim<'_>, counted: &Counted) -> Option<String> {
    let start = |digest: &str| digest.get(..12).unwrap_or(digest).to_owned();
    if let Some(stated) = claim.evidence.sha256
        && !stated.eq_ignore_ascii_case(&counted.sha256)
    {
        return Some(format!(
            "the digest of the file begins with {}, and {} is stated",
            start(&counted.sha256),
            start(stated)
        ));
    }
    let stated = claim.evidence.rows?;
    (stated != counted.rows).then(|| {
        format!(
            "the file has {} rows, and {stated} are stated",
            counted.rows
        )
    })
}

/// The document that a node is part of.
fn document_of(node: NodeRef<'_>) -> NodeRef<'_> {
    let mut at = node;
    while let Some(parent) = at.parent() {
        at = parent;
    }
    at
}

/// Whether two values are the same within a tolerance, to a millionth: 0.805 lies 0.005 from 0.8,
/// though not in binary.
fn agree(value: f64, claimed: f64, tolerance: f64) -> bool {
    let millionths = |number: f64| (number * 1e6).round();
    millionths((value - claimed).abs()) <= millionths(tolerance)
}

fn is_unknown(key: &[Option<Arc<str>>]) -> bool {
    key.iter().any(Option::is_none)
}

fn missing(counts: &Counts) -> u64 {
    let groups = counts.groups.iter();
    let unknown = groups.filter(|group| is_unknown(&group.key));
    unknown.map(|group| group.tally.n).sum()
}

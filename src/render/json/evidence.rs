//! Recomputed fairness and sign-offs, as the JSON report has them.

use serde::Serialize;

use super::DocumentRefDto;
use crate::finding::{FairnessCheck, GroupRate, Interval, RateChart, SignOffState};

#[derive(Serialize)]
pub(super) struct FairnessDto<'a> {
    document: DocumentRefDto<'a>,
    pointer: &'a str,
    metric: &'a str,
    attributes: Vec<&'a str>,
    status: &'static str,
    reason: Option<&'a str>,
    claimed: Option<f64>,
    tolerance: f64,
    value: Option<f64>,
    interval: Option<IntervalDto>,
    min: Option<f64>,
    max: Option<f64>,
    evidence: EvidenceDto<'a>,
    rates: Vec<RateDto<'a>>,
}

#[derive(Serialize)]
struct IntervalDto {
    lower: f64,
    upper: f64,
    level: f64,
}

#[derive(Serialize)]
struct EvidenceDto<'a> {
    path: &'a str,
    sha256: Option<&'a str>,
    rows: Option<u64>,
}

#[derive(Serialize)]
struct RateDto<'a> {
    rate: &'static str,
    groups: Vec<GroupDto<'a>>,
}

#[derive(Serialize)]
struct GroupDto<'a> {
    group: Vec<Option<&'a str>>,
    n: u64,
    numerator: u64,
    denominator: u64,
    value: Option<f64>,
    interval: Option<IntervalDto>,
    sufficient: bool,
}

#[derive(Serialize)]
pub(super) struct SignOffDto<'a> {
    role: &'a str,
    principal: Option<&'a str>,
    decision: Option<&'a str>,
    stage: Option<&'a str>,
    conditions: Option<&'a str>,
    signed_on: Option<&'a str>,
    expires: Option<&'a str>,
    verdict: &'static str,
    reason: Option<&'a str>,
}

impl<'a> FairnessDto<'a> {
    pub(super) fn new(check: &'a FairnessCheck) -> Self {
        Self {
            document: DocumentRefDto::new(&check.document),
            pointer: &check.pointer,
            metric: &check.metric,
            attributes: check.attributes.iter().map(|name| &**name).collect(),
            status: check.status,
            reason: check.reason.as_deref(),
            claimed: check.claimed,
            tolerance: check.tolerance,
            value: check.value,
            interval: check.interval.map(IntervalDto::new),
            min: check.min,
            max: check.max,
            evidence: EvidenceDto {
                path: &check.path,
                sha256: check.sha256.as_deref(),
                rows: check.rows,
            },
            rates: check.rates.iter().map(RateDto::new).collect(),
        }
    }
}

impl IntervalDto {
    const fn new(interval: Interval) -> Self {
        Self {
            lower: interval.lower,
            upper: interval.upper,
            level: interval.level,
        }
    }
}

impl<'a> RateDto<'a> {
    fn new(chart: &'a RateChart) -> Self {
        Self {
            rate: chart.rate,
            groups: chart.groups.iter().map(GroupDto::new).collect(),
        }
    }
}

impl<'a> GroupDto<'a> {
    fn new(group: &'a GroupRate) -> Self {
        Self {
            group: group.group.iter().map(Option::as_deref).collect(),
            n: group.n,
            numerator: group.numerator,
            denominator: group.denominator,
            value: group.value,
            interval: group.interval.map(IntervalDto::new),
            sufficient: group.sufficient,
        }
    }
}

impl<'a> SignOffDto<'a> {
    pub(super) fn new(state: &'a SignOffState) -> Self {
        Self {
            role: &state.role,
            principal: state.principal.as_deref(),
            decision: state.decision.as_deref(),
            stage: state.stage.as_deref(),
            conditions: state.conditions.as_deref(),
            signed_on: state.signed_on.as_deref(),
            expires: state.expires.as_deref(),
            verdict: state.verdict,
            reason: state.reason.as_deref(),
        }
    }
}

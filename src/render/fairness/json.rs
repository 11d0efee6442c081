//! Fairness as JSON, described by `schemas/fairness.schema.json`.
//!
//! The structs here are the contract; their fields are in the order of the output. A change that is
//! not only an addition raises [`VERSION`].

use std::sync::Arc;

use serde::Serialize;

use super::Sheet;
use crate::evidence::fairness::{
    Breakdown, Choices, Group, Key, Measure, Measured, Metric, MissingPolicy, Reference,
    Significance,
};
use crate::evidence::table::{Counted, Literal, TableForm};
use crate::finding::Interval;
use crate::render::json::to_text;

/// The version of the format, `schema` in the output.
pub const VERSION: u32 = 1;

/// The sheet, indented by two spaces, with a final line end.
pub fn render(sheet: &Sheet<'_>) -> String {
    let request = sheet.request;
    to_text(&SheetDto {
        schema: VERSION,
        file: FileDto::new(sheet.path, sheet.counted),
        columns: ColumnsDto {
            label: request.label.as_deref(),
            prediction: request.prediction.as_deref(),
            score: request.score.as_deref(),
        },
        favourable: literal(&request.favourable),
        unfavourable: request.unfavourable.as_ref().map(literal),
        settings: SettingsDto::new(sheet.choices),
        breakdowns: sheet
            .breakdowns
            .iter()
            .map(|breakdown| BreakdownDto::new(breakdown, sheet.counted.decided))
            .collect(),
    })
}

#[derive(Serialize)]
struct SheetDto<'a> {
    schema: u32,
    file: FileDto<'a>,
    columns: ColumnsDto<'a>,
    favourable: LiteralDto<'a>,
    unfavourable: Option<LiteralDto<'a>>,
    settings: SettingsDto,
    breakdowns: Vec<BreakdownDto<'a>>,
}

#[derive(Serialize)]
struct FileDto<'a> {
    path: &'a str,
    sha256: &'a str,
    bytes: u64,
    form: &'static str,
    rows: u64,
    records: u64,
    missing: u64,
    look_alikes: Vec<LookAlikeDto<'a>>,
    personal: Vec<PersonalDto<'a>>,
}

#[derive(Serialize)]
struct LookAlikeDto<'a> {
    column: &'a str,
    value: &'a str,
    rows: u64,
}

#[derive(Serialize)]
struct PersonalDto<'a> {
    column: &'a str,
    looks_like: &'static str,
}

#[derive(Serialize)]
struct ColumnsDto<'a> {
    label: Option<&'a str>,
    prediction: Option<&'a str>,
    score: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum LiteralDto<'a> {
    Int(i64),
    Text(&'a str),
    Bool(bool),
}

#[derive(Serialize)]
struct SettingsDto {
    minimum_group: u64,
    minimum_denominator: u64,
    missing: &'static str,
    level: f64,
    seed: u64,
    resamples: u32,
}

#[derive(Serialize)]
struct BreakdownDto<'a> {
    attributes: Vec<&'a str>,
    reference: ReferenceDto<'a>,
    excluded: Vec<KeyDto<'a>>,
    groups: Vec<GroupDto<'a>>,
    metrics: Vec<MetricDto<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ReferenceDto<'a> {
    Rule(&'static str),
    Group(KeyDto<'a>),
}

/// The value of each attribute; null where it is missing.
type KeyDto<'a> = Vec<Option<&'a str>>;

#[derive(Serialize)]
struct GroupDto<'a> {
    group: KeyDto<'a>,
    n: u64,
    selected: Option<u64>,
    tp: Option<u64>,
    fp: Option<u64>,
    tn: Option<u64>,
    #[serde(rename = "fn")]
    fn_: Option<u64>,
    rates: Vec<RateDto>,
}

#[derive(Serialize)]
struct RateDto {
    rate: &'static str,
    numerator: u64,
    denominator: u64,
    value: Option<f64>,
    interval: Option<IntervalDto>,
    sufficient: bool,
}

#[derive(Serialize)]
struct IntervalDto {
    lower: f64,
    upper: f64,
    level: f64,
}

#[derive(Serialize)]
struct MetricDto<'a> {
    metric: &'static str,
    status: &'static str,
    value: Option<f64>,
    reason: Option<&'a str>,
    insufficient: Vec<KeyDto<'a>>,
    interval: Option<IntervalDto>,
    test: Option<TestDto<'a>>,
    values: Vec<ValueDto<'a>>,
}

#[derive(Serialize)]
struct ValueDto<'a> {
    group: KeyDto<'a>,
    n: u64,
    value: f64,
    interval: Option<IntervalDto>,
}

#[derive(Serialize)]
struct TestDto<'a> {
    method: &'static str,
    statistic: Option<f64>,
    p_value: f64,
    rate: &'static str,
    groups: [Vec<KeyDto<'a>>; 2],
}

impl<'a> FileDto<'a> {
    fn new(path: &'a str, counted: &'a Counted) -> Self {
        let look_alikes = counted.look_alikes.iter().map(|like| LookAlikeDto {
            column: &like.column,
            value: &like.value,
            rows: like.rows,
        });
        let personal = counted.personal.iter().map(|column| PersonalDto {
            column: &column.column,
            looks_like: column.looks_like,
        });
        Self {
            path,
            sha256: &counted.sha256,
            bytes: counted.bytes,
            form: match counted.form {
                TableForm::Rows => "rows",
                TableForm::Counts => "counts",
            },
            rows: counted.rows,
            records: counted.records,
            missing: counted.missing,
            look_alikes: look_alikes.collect(),
            personal: personal.collect(),
        }
    }
}

impl SettingsDto {
    fn new(choices: &Choices<'_>) -> Self {
        let settings = choices.settings;
        Self {
            minimum_group: settings.minimum_group,
            minimum_denominator: settings.minimum_denominator,
            missing: match settings.missing {
                MissingPolicy::Refuse => "refuse",
                MissingPolicy::Group if choices.without_missing => "show",
                MissingPolicy::Group => "group",
            },
            level: settings.level,
            seed: settings.seed,
            resamples: settings.resamples,
        }
    }
}

impl<'a> BreakdownDto<'a> {
    fn new(breakdown: &'a Breakdown, decided: bool) -> Self {
        let groups = breakdown.counts.groups.iter();
        Self {
            attributes: breakdown.attributes().iter().map(|name| &**name).collect(),
            reference: match &breakdown.reference {
                Reference::Highest => ReferenceDto::Rule("highest"),
                Reference::Largest => ReferenceDto::Rule("largest"),
                Reference::Group(group) => ReferenceDto::Group(key(group)),
            },
            excluded: breakdown.excluded.iter().map(key).collect(),
            groups: groups
                .map(|group| GroupDto::new(group, breakdown, decided))
                .collect(),
            metrics: breakdown
                .metrics
                .iter()
                .map(|(metric, measured)| MetricDto::new(*metric, measured))
                .collect(),
        }
    }
}

impl<'a> GroupDto<'a> {
    fn new(group: &'a Group, breakdown: &Breakdown, decided: bool) -> Self {
        let rates = breakdown.rates.iter().filter_map(|chart| {
            let of = chart.groups.iter().find(|rate| {
                let values = rate.group.iter().map(Option::as_deref);
                values.eq(group.key.iter().map(Option::as_deref))
            })?;
            Some(RateDto {
                rate: chart.rate,
                numerator: of.numerator,
                denominator: of.denominator,
                value: of.value,
                interval: of.interval.map(Into::into),
                sufficient: of.sufficient,
            })
        });
        let confusion = group.tally.confusion;
        Self {
            group: key(&group.key),
            n: group.tally.n,
            selected: decided.then_some(group.tally.selected),
            tp: confusion.map(|counts| counts.tp),
            fp: confusion.map(|counts| counts.fp),
            tn: confusion.map(|counts| counts.tn),
            fn_: confusion.map(|counts| counts.fn_),
            rates: rates.collect(),
        }
    }
}

impl<'a> MetricDto<'a> {
    fn new(metric: Metric, measured: &'a Measured) -> Self {
        let (status, insufficient) = match &measured.value {
            Measure::Value(_) => ("value", Vec::new()),
            Measure::Undefined { .. } => ("undefined", Vec::new()),
            Measure::Insufficient { groups, .. } => {
                ("insufficient", groups.iter().map(key).collect())
            }
        };
        let values = measured.values.iter().map(|value| ValueDto {
            group: key(&value.group),
            n: value.n,
            value: value.value,
            interval: value.interval.map(Into::into),
        });
        Self {
            metric: metric.name(),
            status,
            value: measured.value.value(),
            reason: measured.value.reason(),
            insufficient,
            interval: measured.interval.map(Into::into),
            test: measured.test.as_ref().map(TestDto::new),
            values: values.collect(),
        }
    }
}

impl<'a> TestDto<'a> {
    fn new(test: &'a Significance) -> Self {
        Self {
            method: test.method.name(),
            statistic: test.statistic,
            p_value: test.p_value,
            rate: test.rate.name(),
            groups: test
                .groups
                .each_ref()
                .map(|side| side.iter().map(key).collect()),
        }
    }
}

impl From<Interval> for IntervalDto {
    fn from(interval: Interval) -> Self {
        Self {
            lower: interval.lower,
            upper: interval.upper,
            level: interval.level,
        }
    }
}

fn key(key: &Key) -> KeyDto<'_> {
    key.iter()
        .map(|value: &Option<Arc<str>>| value.as_deref())
        .collect()
}

fn literal(literal: &Literal) -> LiteralDto<'_> {
    match literal {
        Literal::Int(number) => LiteralDto::Int(*number),
        Literal::Text(text) => LiteralDto::Text(text),
        Literal::Bool(bool) => LiteralDto::Bool(*bool),
    }
}

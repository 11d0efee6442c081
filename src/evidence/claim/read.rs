//! What an assessment of a document claims, and what its evidence is said to be.

use jiff::civil::Date;

use crate::evidence::fairness::{Basis, Key, Metric, Reference};
use crate::evidence::table::{CountColumns, Literal};
use crate::expr::{is_blank, is_placeholder, time};
use crate::value::NodeRef;

/// One entry of `fairness.assessments`, as far as it says something.
pub(super) struct Claim<'t> {
    pub(super) metric: &'t str,
    pub(super) attributes: Vec<&'t str>,
    pub(super) favourable: Option<Literal>,
    pub(super) unfavourable: Option<Literal>,
    pub(super) reference: Option<&'t str>,
    pub(super) value: Option<f64>,
    pub(super) tolerance: f64,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) minimum_group: Option<u64>,
    pub(super) minimum_denominator: Option<u64>,
    /// Whether equalized odds is the mean of its two rates.
    pub(super) takes_the_mean: bool,
    /// Whether it says how many rows belong to no group.
    pub(super) counts_unknown: bool,
    pub(super) excluded: Vec<Key>,
    set_on: Option<Date>,
    pub(super) evidence: Stated<'t>,
}

/// What an assessment says of its evidence.
#[derive(Default)]
pub(super) struct Stated<'t> {
    pub(super) path: Option<&'t str>,
    pub(super) sha256: Option<&'t str>,
    pub(super) rows: Option<u64>,
    evaluated_on: Option<Date>,
    model_version: Option<&'t str>,
    model_sha256: Option<&'t str>,
    pub(super) columns: Columns<'t>,
}

/// Which column means what.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Columns<'t> {
    pub(super) label: Option<&'t str>,
    pub(super) prediction: Option<&'t str>,
    pub(super) score: Option<&'t str>,
    pub(super) weight: Option<&'t str>,
    /// Those of counts evidence, if one of them is named.
    pub(super) counts: Option<CountColumns>,
}

impl<'t> Claim<'t> {
    pub(super) fn read(item: NodeRef<'t>) -> Self {
        let number = |key: &str| item.get(key).and_then(NodeRef::as_f64);
        let threshold = item.get("threshold");
        let limit = |key: &str| threshold?.get(key)?.as_f64();
        let excluded = item.get("excluded_groups").into_iter();
        Self {
            metric: text(Some(item), "metric").unwrap_or_default(),
            attributes: item
                .get("attribute")
                .into_iter()
                .flat_map(NodeRef::items)
                .filter_map(answer)
                .collect(),
            favourable: item.get("favourable").and_then(literal),
            unfavourable: item.get("unfavourable").and_then(literal),
            reference: text(Some(item), "reference"),
            value: number("value"),
            tolerance: number("tolerance").unwrap_or(0.0),
            min: limit("min"),
            max: limit("max"),
            minimum_group: item.get("minimum_group_size").and_then(count),
            minimum_denominator: item.get("minimum_denominator").and_then(count),
            takes_the_mean: text(Some(item), "aggregation") == Some("mean"),
            counts_unknown: item.get("unknown_group").and_then(count).is_some(),
            excluded: excluded
                .flat_map(NodeRef::items)
                .filter_map(|group| Some(key(group.get("group")?)))
                .collect(),
            set_on: day(threshold, "set_on"),
            evidence: item.get("evidence").map(Stated::read).unwrap_or_default(),
        }
    }

    pub(super) fn known_metric(&self) -> Option<Metric> {
        Metric::named(self.metric)
    }

    /// The field of the assessment that names a column of the table.
    pub(super) fn field_of(&self, column: &str) -> &'static str {
        let Columns {
            label,
            prediction,
            score,
            ..
        } = self.evidence.columns;
        if label == Some(column) {
            "evidence.columns.label"
        } else if prediction == Some(column) {
            "evidence.columns.prediction"
        } else if score == Some(column) {
            "evidence.columns.score"
        } else if self.attributes.contains(&column) {
            "attribute"
        } else {
            "evidence.path"
        }
    }

    /// Whether both are computed from the same columns of the same file, so that one pass counts for
    /// both. `path` tells where a path leads.
    pub(super) fn shares_a_pass(&self, other: &Self) -> bool {
        let regression =
            |claim: &Self| claim.known_metric().map(Metric::basis) == Some(Basis::Regression);
        self.evidence.path == other.evidence.path
            && self.evidence.columns == other.evidence.columns
            && self.favourable == other.favourable
            && self.unfavourable == other.unfavourable
            && regression(self) == regression(other)
    }

    /// What is missing before anything can be computed.
    pub(super) fn lacks(&self) -> Option<String> {
        let lacking = |what: &str| Some(format!("`{what}` is not stated"));
        if self.value.is_none() {
            lacking("value")
        } else if self.attributes.is_empty() {
            lacking("attribute")
        } else if self.evidence.path.is_none() {
            lacking("evidence.path")
        } else if self.favourable.is_none() {
            lacking("favourable")
        } else if self.known_metric().is_none() {
            Some(format!("there is no metric `{}`", self.metric))
        } else {
            None
        }
    }

    /// What the groups are compared with; `None` where the reference names no group that could be.
    pub(super) fn reference(&self) -> Option<Reference> {
        match self.reference {
            None | Some("highest") => Some(Reference::Highest),
            Some("largest") => Some(Reference::Largest),
            Some(name) if self.attributes.len() == 1 => {
                Some(Reference::Group(vec![Some(name.into())]))
            }
            Some(names) => {
                let key: Key = names
                    .split(',')
                    .map(|name| Some(name.trim().into()))
                    .collect();
                (key.len() == self.attributes.len()).then_some(Reference::Group(key))
            }
        }
    }

    /// Why the evidence says nothing of the model that `document` is about, or nothing of the
    /// threshold.
    pub(super) fn stale(&self, document: NodeRef<'_>) -> Option<String> {
        let own = text(Some(document), "version");
        if let (Some(own), Some(made_by)) = (own, self.evidence.model_version)
            && own != made_by
        {
            return Some(format!(
                "the predictions are those of version {made_by}, and the document is about {own}"
            ));
        }
        let own = text(document.get("model"), "sha256");
        if let (Some(own), Some(made_by)) = (own, self.evidence.model_sha256)
            && !own.eq_ignore_ascii_case(made_by)
        {
            let reason =
                "the predictions were made by another model file than the document is about";
            return Some(reason.to_owned());
        }
        match (self.set_on, self.evidence.evaluated_on) {
            (Some(set), Some(evaluated)) if set >= evaluated => Some(format!(
                "the threshold was set on {set}, not before the evaluation of {evaluated}"
            )),
            _ => None,
        }
    }
}

impl<'t> Stated<'t> {
    fn read(node: NodeRef<'t>) -> Self {
        let columns = node.get("columns");
        let column = |key: &str| text(columns, key);
        Self {
            path: text(Some(node), "path"),
            sha256: text(Some(node), "sha256"),
            rows: node.get("rows").and_then(count),
            evaluated_on: day(Some(node), "evaluated_on"),
            model_version: text(Some(node), "model_version"),
            model_sha256: text(Some(node), "model_sha256"),
            columns: Columns {
                label: column("label"),
                prediction: column("prediction"),
                score: column("score"),
                weight: column("weight"),
                counts: columns.and_then(counts),
            },
        }
    }
}

/// How the columns of counts evidence are named, if one of them is.
fn counts(columns: NodeRef<'_>) -> Option<CountColumns> {
    let mut named = CountColumns::default();
    let mut any = false;
    for (key, column) in [
        ("n", &mut named.n),
        ("selected", &mut named.selected),
        ("tp", &mut named.tp),
        ("fp", &mut named.fp),
        ("tn", &mut named.tn),
        ("fn", &mut named.fn_),
        ("score_sum", &mut named.score_sum),
        ("score_sum_sq", &mut named.score_sum_sq),
        ("above_median", &mut named.above_median),
    ] {
        if let Some(name) = text(Some(columns), key) {
            name.clone_into(column);
            any = true;
        }
    }
    any.then_some(named)
}

/// A text that is an answer.
fn answer(node: NodeRef<'_>) -> Option<&str> {
    let text = node.as_str()?.trim();
    (!is_blank(text) && !is_placeholder(text)).then_some(text)
}

fn text<'t>(node: Option<NodeRef<'t>>, key: &str) -> Option<&'t str> {
    answer(node?.get(key)?)
}

fn count(node: NodeRef<'_>) -> Option<u64> {
    u64::try_from(node.as_i64()?).ok()
}

fn literal(node: NodeRef<'_>) -> Option<Literal> {
    let number = node.as_i64().map(Literal::Int);
    let boolean = || node.as_bool().map(Literal::Bool);
    number
        .or_else(boolean)
        .or_else(|| answer(node).map(Literal::from))
}

fn key(node: NodeRef<'_>) -> Key {
    node.items()
        .map(|value| value.as_str().map(Into::into))
        .collect()
}

fn day(node: Option<NodeRef<'_>>, key: &str) -> Option<Date> {
    match time::parse_date(text(node, key)?) {
        Ok(time::Date::Day(day)) => Some(day),
        _ => None,
    }
}

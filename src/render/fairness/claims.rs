//! Measurements as the block of a model card that claims them.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::{Sheet, reference};
use crate::evidence::fairness::{Breakdown, Group, Metric, Settings};
use crate::evidence::table::{Literal, TableForm};
use crate::source::{json_safe, one_line};

/// How far a value may lie from the recomputed one: it is written with four digits.
const TOLERANCE: f64 = 0.0005;

/// What claims say beside what was measured.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// The file, as the card names it: relative to the card.
    pub path: &'a str,
    /// The version of the model that made the predictions.
    pub model_version: Option<&'a str>,
    /// Day on which they were made.
    pub evaluated_on: Date,
}

/// The YAML of `fairness`, with a blank wherever a person has to decide. A metric without a value
/// is a comment that says why: it cannot be claimed.
pub fn render(sheet: &Sheet<'_>, claims: &Claims<'_>) -> String {
    let attributes: Vec<String> = sheet.request.by.iter().map(|name| flow(name)).collect();
    let mut text = format!(
        "fairness:\n  protected_attributes: [{}]\n  \
         # Not all metrics can hold at once, so say what speaks for these.\n  \
         metric_rationale:\n  assessments:\n",
        attributes.join(", ")
    );
    let mut anchored = false;
    for breakdown in sheet.breakdowns {
        for (metric, measured) in &breakdown.metrics {
            let Some(value) = measured.value.value() else {
                let by = breakdown.attributes().join(", ");
                let why = measured.value.reason().unwrap_or_default();
                let line = format!("{} by {by}: no value, since {why}", metric.name());
                let _ = writeln!(text, "    # {}", one_line(&line));
                continue;
            };
            assessment(&mut text, sheet, breakdown, *metric, value);
            if anchored {
                text.push_str("      evidence: *evidence\n");
            } else {
                evidence(&mut text, sheet, claims);
                anchored = true;
            }
        }
    }
    text
}

fn assessment(
    text: &mut String,
    sheet: &Sheet<'_>,
    breakdown: &Breakdown,
    metric: Metric,
    value: f64,
) {
    let attributes: Vec<String> = breakdown
        .attributes()
        .iter()
        .map(|name| flow(name))
        .collect();
    let unfavourable = sheet
        .request
        .unfavourable
        .as_ref()
        .map_or_else(String::new, |value| {
            format!("      unfavourable: {}\n", literal(value))
        });
    let _ = write!(
        text,
        "    - metric: {}\n      attribute: [{}]\n      favourable: {}\n{}      reference: {}\n      \
         value: {}\n      tolerance: {TOLERANCE}\n",
        metric.name(),
        attributes.join(", "),
        literal(&sheet.request.favourable),
        unfavourable,
        flow(&reference(&breakdown.reference)),
        rounded(value),
    );
    threshold(text, metric);
    if sheet.choices.settings.minimum_group != Settings::default().minimum_group {
        let _ = writeln!(
            text,
            "      minimum_group_size: {}",
            sheet.choices.settings.minimum_group
        );
    }
    groups(text, breakdown, sheet.choices.without_missing);
}

/// The limits are decided by people, before the evaluation.
fn threshold(text: &mut String, metric: Metric) {
    text.push_str("      # What was decided before the evaluation; the gate asks for it.\n");
    text.push_str("      threshold:\n");
    if metric.is_ratio() || metric.is_signed() {
        text.push_str("        min:\n");
    }
    if !metric.is_ratio() || metric.is_signed() {
        text.push_str("        max:\n");
    }
    text.push_str("        set_on:\n        set_by:\n");
}

fn groups(text: &mut String, breakdown: &Breakdown, without_missing: bool) {
    let (known, unknown): (Vec<&Group>, Vec<&Group>) = breakdown
        .counts
        .groups
        .iter()
        .partition(|group| group.key.iter().all(Option::is_some));
    let (excluded, known): (Vec<&Group>, Vec<&Group>) = known
        .into_iter()
        .partition(|group| breakdown.excluded.contains(&group.key));
    text.push_str("      groups:\n");
    for group in known {
        let tally = group.tally;
        let _ = write!(
            text,
            "        - {{ group: {}, n: {}, selected: {}",
            key(group),
            tally.n,
            tally.selected
        );
        if let Some(counts) = tally.confusion {
            let _ = write!(
                text,
                ", tp: {}, fp: {}, tn: {}, fn: {}",
                counts.tp, counts.fp, counts.tn, counts.fn_
            );
        }
        text.push_str(" }\n");
    }
    // A card that states it compares these rows with nobody.
    let rows: u64 = unknown.iter().map(|group| group.tally.n).sum();
    if without_missing || rows == 0 {
        let _ = writeln!(text, "      unknown_group: {rows}");
    }
    if !excluded.is_empty() {
        text.push_str("      excluded_groups:\n");
        for group in excluded {
            let _ = writeln!(
                text,
                "        - group: {}\n          n: {}\n          reason:",
                key(group),
                group.tally.n
            );
        }
    }
}

fn evidence(text: &mut String, sheet: &Sheet<'_>, claims: &Claims<'_>) {
    let counted = sheet.counted;
    let _ = write!(
        text,
        "      evidence: &evidence\n        path: {}\n        sha256: {}\n        rows: {}\n        \
         evaluated_on: {}\n        model_version:",
        flow(claims.path),
        counted.sha256,
        counted.rows,
        claims.evaluated_on,
    );
    if let Some(version) = claims.model_version {
        let _ = write!(text, " {}", flow(version));
    }
    text.push('\n');
    let request = sheet.request;
    let columns = [
        ("label", &request.label),
        ("prediction", &request.prediction),
        ("score", &request.score),
    ];
    text.push_str("        columns:\n");
    for (name, column) in columns {
        match column {
            Some(column) => {
                let _ = writeln!(text, "          {name}: {}", flow(column));
            }
            // Counts have no such columns; the rows that they were counted from have.
            None if counted.form == TableForm::Counts && name != "score" => {
                let _ = writeln!(text, "          {name}:");
            }
            None => {}
        }
    }
}

fn key(group: &Group) -> String {
    let values = group.key.iter().flatten();
    format!(
        "[{}]",
        values
            .map(|value| flow(value))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => flow(text),
        other => other.text(),
    }
}

/// At most four digits behind the point.
fn rounded(value: f64) -> String {
    let text = format!("{value:.4}");
    let short = text.trim_end_matches('0');
    match short.strip_suffix('.') {
        Some(whole) => format!("{whole}.0"),
        None => short.to_owned(),
    }
}

/// A string as YAML writes it within a list: in quotes wherever it could be read as something else.
fn flow(text: &str) -> String {
    let written = serde_yaml::to_string(text).unwrap_or_default();
    let written = written.trim_end();
    let plain = written == text
        && !text.contains([',', '[', ']', '{', '}', '#', ':', '\'', '"', '\\'])
        && crate::source::display_safe(text) == text;
    if plain {
        text.to_owned()
    } else {
        // A string in JSON is one in YAML.
        json_safe(serde_json::Value::from(text).to_string())
    }
}

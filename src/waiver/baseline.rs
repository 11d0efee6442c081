//! The baseline: findings that were there when the gate was adopted, by their fingerprints.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::file::{error, read};
use super::write::scalar;
use crate::finding::{Finding, Label};
use crate::schema::Schema;
use crate::source::{Location, SourceFile, one_line};
use crate::value::NodeRef;

/// Characters of what a finding said.
const SAYS: usize = 100;

/// A baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The last day on which it counts, and where that is written; `None` without end.
    pub until: Option<(Date, Location)>,
    /// Where it begins.
    pub place: Location,
    /// By fingerprint.
    pub findings: BTreeMap<String, Entry>,
}

/// A finding that is frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of the rule.
    pub rule: String,
    /// The id of the document, for people.
    pub document: Option<String>,
    /// Where in it, for people.
    pub key: Option<String>,
    /// What it said, for people.
    pub says: Option<String>,
    /// Where it is written; `None` where it is still to be.
    pub place: Option<Location>,
}

impl Entry {
    /// What freezes a finding.
    pub fn of(finding: &Finding) -> Self {
        let document = finding.document.as_ref();
        let says = one_line(&finding.message);
        let short: String = says.chars().take(SAYS).collect();
        let says = if short.len() < says.len() {
            format!("{short}...")
        } else {
            says
        };
        Self {
            rule: finding.rule.to_string(),
            document: document.map(|document| document.id.to_string()),
            key: Some(finding.key.clone()).filter(|key| !key.is_empty()),
            says: Some(says),
            place: None,
        }
    }
}

/// Reads a baseline, or says all that is wrong with it: rules `waiver/...`.
pub fn parse(source: &Arc<SourceFile>) -> Result<Baseline, Vec<Finding>> {
    let place = source.location(crate::source::Span::default());
    let tree = read(source, schema())?;
    let Some(root) = tree.as_ref().and_then(|tree| tree.root()) else {
        // An empty file could be one whose writing was cut short.
        let label = Label::new(place, "");
        return Err(vec![
            error("waiver/empty", "the baseline says nothing", label)
                .with_help("Write it with `launchgate baseline create`, or remove it"),
        ]);
    };
    let mut findings = Vec::new();
    let mut baseline = Baseline {
        until: None,
        place,
        findings: BTreeMap::new(),
    };
    if let Some(until) = root.get("until") {
        match until.as_str().and_then(|day| day.parse().ok()) {
            Some(day) => baseline.until = Some((day, until.location())),
            None => findings.push(error(
                "waiver/malformed",
                "`until` is no day",
                Label::new(until.location(), ""),
            )),
        }
    }
    let items = root.get("findings").into_iter().flat_map(NodeRef::items);
    for item in items {
        let word = |key: &str| item.get(key).and_then(NodeRef::as_str).map(str::to_owned);
        let (Some(rule), Some(fingerprint)) = (word("rule"), word("fingerprint")) else {
            continue;
        };
        let entry = Entry {
            rule,
            document: word("document"),
            key: word("key"),
            says: word("says"),
            place: Some(item.address()),
        };
        let place = entry.place.unwrap_or(place);
        if let Some(first) = baseline.findings.insert(fingerprint, entry) {
            let mut twice = error(
                "waiver/duplicate",
                "the baseline has this finding twice",
                Label::new(place, ""),
            )
            .with_help("Keep one of the two");
            twice
                .related
                .extend(first.place.map(|place| Label::new(place, "first here")));
            findings.push(twice);
        }
    }
    if findings.is_empty() {
        Ok(baseline)
    } else {
        Err(findings)
    }
}

/// The text of a baseline: sorted by rule, document and key, so that two people who freeze different
/// findings do not touch the same lines.
pub fn write(until: Option<Date>, findings: &BTreeMap<String, Entry>) -> String {
    let mut out = String::from(
        "# Findings that were there when the gate was adopted. They block nothing until they are mended; new ones do.\n\
         # `launchgate baseline prune` removes what is mended. Do not add to it by hand: waive, with a reason and an end.\n",
    );
    // Writing to a string cannot fail.
    if let Some(until) = until {
        let _ = writeln!(out, "until: {until}");
    }
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|(fingerprint, entry)| {
        (&entry.rule, &entry.document, &entry.key, *fingerprint)
    });
    if sorted.is_empty() {
        out.push_str("findings: []\n");
        return out;
    }
    out.push_str("findings:\n");
    for (fingerprint, entry) in sorted {
        let _ = writeln!(out, "  - rule: {}", scalar(&entry.rule));
        for (key, text) in [
            ("document", &entry.document),
            ("key", &entry.key),
            ("says", &entry.says),
        ] {
            if let Some(text) = text {
                let _ = writeln!(out, "    {key}: {}", scalar(text));
            }
        }
        // Digits alone would be read as a number.
        let _ = writeln!(out, "    fingerprint: \"{fingerprint}\"");
    }
    out
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../schemas/baseline.schema.json");
        // A schema that cannot be read admits nothing, so a broken build cannot pass anything.
        let value = serde_json::from_str(text).unwrap_or(serde_json::Value::Bool(false));
        Schema::lazy("baseline", Arc::new(value))
    })
}

#[cfg(test)]
mod tests;

//! The file of waivers.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::entry::{Entry, Origin, Places, Target};
use crate::finding::{Finding, Label, RuleId, Severity};
use crate::schema::{self, Schema};
use crate::source::SourceFile;
use crate::value::{self, Limits, NodeRef, Syntax};

/// Bytes that a file of waivers, or a baseline, may have.
pub const MAX_BYTES: u64 = 16 << 20;

/// Reads the file, or says all that is wrong with it: rules `waiver/...`. A file that says nothing
/// waives nothing.
pub fn parse(source: &Arc<SourceFile>) -> Result<Vec<Entry>, Vec<Finding>> {
    let Some(tree) = read(source, schema())? else {
        return Ok(Vec::new());
    };
    let mut findings = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut known: BTreeMap<(String, Target), usize> = BTreeMap::new();
    for item in tree.root().into_iter().flat_map(NodeRef::items) {
        let Some(entry) = entry(item) else {
            findings.push(error(
                "waiver/malformed",
                "the waiver cannot be read",
                Label::new(item.address(), ""),
            ));
            continue;
        };
        if let Some(granted) = entry.granted.filter(|granted| *granted > entry.expires) {
            let message = format!(
                "the waiver expires on {}, before it is granted on {granted}",
                entry.expires
            );
            let label = Label::new(entry.places.expires, "");
            findings.push(error("waiver/contradiction", message, label));
        }
        let name = (entry.rule.clone(), entry.target.clone());
        if let Some(first) = known.get(&name).and_then(|at| entries.get(*at)) {
            findings.push(
                error(
                    "waiver/duplicate",
                    format!("`{}` is waived twice at one place", entry.rule),
                    Label::new(entry.place(), ""),
                )
                .with_related(Label::new(first.place(), "first here"))
                .with_help("Keep one of the two"),
            );
        } else {
            known.insert(name, entries.len());
            entries.push(entry);
        }
    }
    if findings.is_empty() {
        Ok(entries)
    } else {
        Err(findings)
    }
}

/// The tree of one of the gate's own YAML files, held against its schema; `None` where it says nothing.
pub(super) fn read(
    source: &Arc<SourceFile>,
    schema: &Schema,
) -> Result<Option<Arc<value::Tree>>, Vec<Finding>> {
    let limits = Limits {
        file_bytes: MAX_BYTES,
        ..Limits::default()
    };
    let parsed = value::read(source, Syntax::Yaml, &limits);
    let mut findings: Vec<Finding> = parsed.problems.into_iter().map(as_own).collect();
    let tree = Arc::new(parsed.tree);
    let Some(root) = tree.root().filter(|root| !root.is_null()) else {
        return if findings.is_empty() {
            Ok(None)
        } else {
            Err(findings)
        };
    };
    if let Some(second) = tree.roots().nth(1) {
        let message = "the file is one YAML document, and here begins another";
        findings.push(
            error(
                "waiver/several-documents",
                message,
                Label::new(second.address(), ""),
            )
            .with_help("Put everything into one list"),
        );
    }
    findings.extend(schema::check_input(root, schema, "waiver"));
    for finding in &mut findings {
        finding.severity = Severity::Error;
    }
    if findings.is_empty() {
        Ok(Some(tree))
    } else {
        Err(findings)
    }
}

fn entry(node: NodeRef<'_>) -> Option<Entry> {
    let word = |key: &str| node.get(key).and_then(NodeRef::as_str);
    let owned = |key: &str| word(key).map(|text| text.trim().to_owned());
    let place = node.address();
    let at = |key: &str| node.get(key).map_or(place, NodeRef::location);
    // A day that is none would otherwise read as no day at all.
    let granted: Option<Date> = match node.get("granted") {
        Some(day) => Some(day.as_str()?.parse().ok()?),
        None => None,
    };
    Some(Entry {
        rule: owned("rule")?,
        target: Target::Key {
            document: word("document")?.to_owned(),
            kind: word("kind").map(str::to_owned),
            key: word("key").unwrap_or_default().to_owned(),
            fingerprint: word("fingerprint").map(str::to_owned),
        },
        reason: owned("reason")?,
        owner: Some(owned("owner")?),
        approver: Some(owned("approver")?),
        link: owned("link"),
        granted,
        expires: word("expires")?.parse().ok()?,
        origin: Origin::File(node.location()),
        places: Places {
            rule: at("rule"),
            approver: at("approver"),
            expires: at("expires"),
        },
    })
}

/// An error in a file of waivers.
pub(super) fn error(rule: &str, message: impl Into<String>, label: Label) -> Finding {
    Finding::new(rule, message, label)
}

fn as_own(mut problem: Finding) -> Finding {
    if let Some(name) = problem.rule.as_str().strip_prefix("document/") {
        problem.rule = RuleId::new(format!("waiver/{name}"));
    }
    problem.severity = Severity::Error;
    problem
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../schemas/waivers.schema.json");
        // A schema that cannot be read admits nothing, so a broken build cannot pass anything.
        let value = serde_json::from_str(text).unwrap_or(serde_json::Value::Bool(false));
        Schema::lazy("waivers", Arc::new(value))
    })
}

#[cfg(test)]
mod tests;

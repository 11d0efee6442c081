//! From the file of a catalogue to a [`Framework`].

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::{Control, Days, Framework, Status};
use crate::finding::{Finding, Label, RuleId, Severity};
use crate::schema::{self, Schema};
use crate::source::{SourceFile, Span};
use crate::value::{self, Limits, NodeRef, Syntax};

/// A catalogue that comes with launchgate; tests hold it against its schema.
pub(super) fn trusted(file: &Arc<SourceFile>) -> Option<Framework> {
    let parsed = value::read(file, Syntax::Yaml, &Limits::default());
    framework(file, parsed.tree.root()?)
}

/// A catalogue that somebody else wrote.
pub(super) fn checked(file: &Arc<SourceFile>) -> Result<Framework, Vec<Finding>> {
    let parsed = value::read(file, Syntax::Yaml, &Limits::default());
    let mut findings: Vec<Finding> = parsed.problems.into_iter().map(as_policy).collect();
    let empty = || {
        let label = Label::new(file.location(Span::default()), "");
        Finding::new("policy/empty-file", "the catalogue is empty", label)
            .with_help("Write the controls of a framework in it, or remove it from the config")
    };
    let Some(root) = parsed.tree.root().filter(|root| !root.is_null()) else {
        findings.push(empty());
        return Err(findings);
    };
    if let Some(second) = parsed.tree.roots().nth(1) {
        let label = Label::new(second.address(), "");
        findings.push(
            Finding::new(
                "policy/several-documents",
                "a catalogue is one YAML document, and here begins another",
                label,
            )
            .with_help("Write a file for each framework"),
        );
    }
    findings.extend(schema::check_input(root, catalogue_schema(), "policy"));
    findings.extend(ids_used_twice(root));
    findings.extend(days_out_of_order(root));
    // What is only doubtful in a document is refused in the gate's own input.
    for finding in &mut findings {
        finding.severity = Severity::Error;
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    framework(file, root).ok_or_else(|| vec![empty()])
}

fn as_policy(mut problem: Finding) -> Finding {
    if let Some(name) = problem.rule.as_str().strip_prefix("document/") {
        problem.rule = RuleId::new(format!("policy/{name}"));
    }
    problem
}

fn controls(root: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    root.get("controls").into_iter().flat_map(NodeRef::items)
}

fn ids_used_twice(root: NodeRef<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<&str, NodeRef<'_>> = BTreeMap::new();
    let mut findings = Vec::new();
    for id in controls(root).filter_map(|control| control.get("id")) {
        let Some(text) = id.as_str() else { continue };
        let Some(known) = first.get(text) else {
            first.insert(text, id);
            continue;
        };
        findings.push(
            Finding::new(
                "policy/duplicate-control",
                format!("there are two controls `{text}`"),
                Label::new(id.location(), "again here"),
            )
            .with_related(Label::new(known.location(), "first here"))
            .with_help("Give one of them another id, or remove it"),
        );
    }
    findings
}

fn days_out_of_order(root: NodeRef<'_>) -> Vec<Finding> {
    controls(root)
        .filter_map(|control| {
            let from = day(control, "effective_from")?;
            let until = day(control, "effective_until").filter(|until| *until < from)?;
            let label = Label::new(control.get("effective_until")?.location(), "");
            let message = format!("the control ends on {until}, before it begins on {from}");
            let finding = Finding::new("policy/effective", message, label);
            Some(finding.with_help("Swap the two days, or correct one"))
        })
        .collect()
}

fn framework(file: &Arc<SourceFile>, root: NodeRef<'_>) -> Option<Framework> {
    let id = text(root, "framework")?;
    Some(Framework {
        title: text(root, "title")?,
        publisher: text(root, "publisher")?,
        url: text(root, "url"),
        note: text(root, "note"),
        controls: controls(root)
            .map(|node| control(&id, node))
            .collect::<Option<_>>()?,
        file: Arc::clone(file),
        id,
    })
}

fn control(framework: &str, node: NodeRef<'_>) -> Option<Control> {
    let id = node.get("id")?;
    let word = |key: &str| node.get(key).and_then(NodeRef::as_str);
    Some(Control {
        reference: format!("{framework}:{}", id.as_str()?).into(),
        title: text(node, "title")?,
        summary: text(node, "summary")?,
        citation: text(node, "citation")?,
        url: text(node, "url"),
        status: match word("status")? {
            "in-force" => Status::InForce,
            "upcoming" => Status::Upcoming,
            "superseded" => Status::Superseded,
            "withdrawn" => Status::Withdrawn,
            _ => return None,
        },
        days: Days {
            from: day(node, "effective_from"),
            until: day(node, "effective_until"),
        },
        superseded_by: text(node, "superseded_by"),
        primary: word("checked")? == "primary",
        checked_on: day(node, "checked_on"),
        note: text(node, "note"),
        location: id.location(),
    })
}

fn text(node: NodeRef<'_>, key: &str) -> Option<Arc<str>> {
    Some(node.get(key)?.as_str()?.trim_end().into())
}

fn day(node: NodeRef<'_>, key: &str) -> Option<Date> {
    node.get(key)?.as_str()?.parse().ok()
}

fn catalogue_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../schemas/framework.schema.json");
        // A schema that cannot be read admits nothing, so a broken build cannot pass anything.
        let value = serde_json::from_str(text).unwrap_or(serde_json::Value::Bool(false));
        Schema::lazy("framework", Arc::new(value))
    })
}

//! Findings as results.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::finding::{DocumentRef, Edit, Finding, Fix, Label, Report, Stage};
use crate::source::{display_safe, one_line, uri_path};

use super::rules::Rules;
use super::{LIMIT, ROOT};
use crate::render::finding::{Place, Range, Weight, clip, remarks, weight};

/// Locations of a result that GitHub takes; it shows a tenth of them.
const LOCATIONS: usize = 1000;

/// Characters of a message.
const MESSAGE: usize = 4000;

/// The level of a finding in this run.
fn level(finding: &Finding) -> &'static str {
    match weight(finding) {
        Weight::Blocks => "error",
        Weight::Warns => "warning",
        Weight::Notes => "note",
    }
}

pub(super) fn result(finding: &Finding, report: &Report, rules: &Rules) -> Value {
    // The standard wants each place once.
    let mut known = BTreeSet::new();
    let related: Vec<Value> = finding
        .related
        .iter()
        .chain(&finding.policy)
        .filter_map(|label| related(label, report))
        .filter(|place| known.insert(place.to_string()))
        .collect();
    let hidden = related.len().saturating_sub(LOCATIONS);
    let related: Vec<Value> = related.into_iter().take(LOCATIONS).collect();
    let fixes: Vec<Value> = finding
        .fixes
        .iter()
        .filter_map(|fix| self::fix(fix, report))
        .collect();
    let mut result = json!({
        "ruleId": one_line(finding.rule.as_str()),
        "ruleIndex": rules.index(&finding.rule),
        "kind": "fail",
        "level": level(finding),
        "message": { "text": message(finding, report, hidden) },
        "locations": [location(finding, report)],
        "relatedLocations": related,
        "partialFingerprints": { "launchgate/v1": finding.fingerprint.as_str() },
        // Where one result can be suppressed, each says whether it is.
        "suppressions": suppressions(finding, report),
        "properties": {
            "severity": finding.severity.as_str(),
            "outcome": finding.outcome.as_str(),
            "blocking": finding.blocking,
            "blocksFrom": finding.blocks_from.map(Stage::as_str),
            "controls": finding.controls.iter().map(|id| &**id).collect::<Vec<_>>(),
            "document": finding.document.as_ref().map(document),
        },
    });
    // Of a run that is compared with an earlier one each result says how it compares.
    if report.summary.baselined + report.summary.existing > 0
        && let Some(result) = result.as_object_mut()
    {
        let known = finding
            .suppressed
            .as_ref()
            .is_some_and(|reason| reason.waiver().is_none());
        let state = if known { "unchanged" } else { "new" };
        result.insert("baselineState".to_owned(), json!(state));
    }
    if let (Some(result), false) = (result.as_object_mut(), fixes.is_empty()) {
        result.insert("fixes".to_owned(), fixes.into());
    }
    result
}

/// Why a result does not count: a comment in the document is a suppression in the source, and what
/// stands in a file of waivers, in a baseline or in an earlier revision is one outside of it.
fn suppressions(finding: &Finding, report: &Report) -> Value {
    let Some(reason) = &finding.suppressed else {
        return json!([]);
    };
    let waiver = reason.waiver();
    let inline = waiver.is_some_and(|waiver| waiver.inline);
    let mut justification = reason.remark();
    if let Some(why) = reason.reason() {
        let _ = write!(justification, ": {}", one_line(why));
    }
    let mut suppression = json!({
        "kind": if inline { "inSource" } else { "external" },
        "status": "accepted",
        "justification": plain(&justification),
    });
    if let (Some(place), Some(suppression)) = (reason.place(), suppression.as_object_mut()) {
        let label = Label::new(place, "");
        if let Some(place) = Place::of_label(&label, &report.sources)
            && place.is_in_repository()
        {
            let location = json!({ "physicalLocation": physical(place) });
            suppression.insert("location".to_owned(), location);
        }
    }
    if let (Some(waiver), Some(suppression)) = (waiver, suppression.as_object_mut()) {
        let properties = json!({
            "owner": waiver.owner,
            "approver": waiver.approver,
            "role": waiver.role,
            "link": waiver.link,
            "expires": waiver.expires.to_string(),
            "daysLeft": waiver.days_left,
            "signed": waiver.signed,
        });
        suppression.insert("properties".to_owned(), properties);
    }
    json!([suppression])
}

/// A fix, where the consumer has the file that it changes.
fn fix(fix: &Fix, report: &Report) -> Option<Value> {
    let changes: Option<Vec<Value>> = fix.edits.iter().map(|edit| change(edit, report)).collect();
    Some(json!({
        "description": { "text": plain(&fix.title) },
        "artifactChanges": changes?,
        "properties": { "safety": fix.safety.as_str() },
    }))
}

fn change(edit: &Edit, report: &Report) -> Option<Value> {
    let label = Label::new(edit.at, "");
    let place = Place::of_label(&label, &report.sources)?;
    let Range { start, end } = place.range?;
    place.is_in_repository().then(|| {
        json!({
            "artifactLocation": { "uri": uri_path(place.path), "uriBaseId": ROOT },
            "replacements": [{
                "deletedRegion": {
                    "startLine": start.line,
                    "startColumn": start.column,
                    "endLine": end.line,
                    "endColumn": end.column,
                },
                "insertedContent": { "text": edit.replacement },
            }],
        })
    })
}

/// The result that stands for those that are left out, at the place of the first of them.
pub(super) fn limit(text: &str, first: &Finding, report: &Report, rules: &Rules) -> Value {
    json!({
        "ruleId": LIMIT,
        "ruleIndex": rules.index(&LIMIT.into()),
        "kind": "fail",
        "level": level(first),
        "message": { "text": text },
        "locations": [location(first, report)],
        "suppressions": [],
    })
}

fn document(document: &DocumentRef) -> Value {
    json!({ "kind": *document.kind, "id": *document.id, "path": *document.path })
}

/// The fact and its remarks on the first line, which is all that a list shows; then what goes with
/// it.
fn message(finding: &Finding, report: &Report, hidden: usize) -> String {
    let mut text = one_line(&finding.message);
    if let Some(remarks) = remarks(finding, report.fail_on) {
        let _ = write!(text, " ({remarks})");
    }
    let primary = Some(finding.primary.text.as_str()).filter(|text| !text.is_empty());
    // What a label says is not lost with its place.
    let unplaced = finding.related.iter().filter(|label| {
        !Place::of_label(label, &report.sources).is_some_and(|place| place.is_in_repository())
    });
    let notes = primary
        .into_iter()
        .chain(unplaced.map(|label| label.text.as_str()))
        .chain(finding.notes.iter().map(String::as_str));
    for note in notes {
        let _ = write!(text, "\nNote: {note}");
    }
    if hidden > 0 {
        let _ = write!(text, "\nNote: {hidden} more places are not listed");
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nHelp: {help}");
    }
    plain(&text)
}

/// A plain message: without what a viewer would take for a link, and of a length that it shows.
fn plain(text: &str) -> String {
    clip(&display_safe(text).replace("](", "] ("), MESSAGE)
}

fn location(finding: &Finding, report: &Report) -> Value {
    let mut location = Map::new();
    if let Some(place) = Place::of(finding, &report.sources) {
        location.insert("physicalLocation".to_owned(), physical(place));
    }
    if !finding.pointer.is_empty() {
        let name = json!([{ "fullyQualifiedName": one_line(&finding.pointer) }]);
        location.insert("logicalLocations".to_owned(), name);
    }
    Value::Object(location)
}

/// Another place; `None` where it is in no file that the consumer has, such as a built-in policy.
fn related(label: &Label, report: &Report) -> Option<Value> {
    let place = Place::of_label(label, &report.sources)?;
    place.is_in_repository().then(|| {
        let mut location = Map::new();
        location.insert("physicalLocation".to_owned(), physical(place));
        if !label.text.is_empty() {
            location.insert("message".to_owned(), json!({ "text": plain(&label.text) }));
        }
        Value::Object(location)
    })
}

fn physical(place: Place<'_>) -> Value {
    let artifact = if place.is_in_repository() {
        json!({ "uri": uri_path(place.path), "uriBaseId": ROOT })
    } else if let Some(path) = place.path.strip_prefix('/') {
        json!({ "uri": format!("file:///{}", uri_path(path)) })
    } else {
        json!({ "uri": uri_path(place.path) })
    };
    let mut physical = Map::new();
    physical.insert("artifactLocation".to_owned(), artifact);
    if let Some(Range { start, end }) = place.range {
        let region = json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        });
        physical.insert("region".to_owned(), region);
    }
    Value::Object(physical)
}

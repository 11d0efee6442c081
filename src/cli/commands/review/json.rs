//! A review for machines.

use serde_json::{Value, json};

use crate::engine::{Acknowledged, Before, Earlier, Review, RoleState};
use crate::signoff::scope::Part;
use crate::signoff::statement::Decision;
use crate::signoff::verdict::{Assurance, Standing};

/// The version of the shape.
const VERSION: u32 = 1;

/// The review as JSON.
pub(super) fn render(review: &Review) -> String {
    let value = json!({
        "schema": VERSION,
        "document": {
            "kind": &*review.document.kind,
            "id": &*review.document.id,
            "path": &*review.document.path,
            "title": review.title.as_deref(),
        },
        "stage": review.stage.as_str(),
        "policy_digest": format!("sha256:{}", review.policies),
        "subjects": review.subjects,
        "unreadable": review.unreadable,
        "scope": review.parts,
        "role": role(&review.role),
        "others": review.others.iter().map(role).collect::<Vec<_>>(),
        "earlier": review.earlier.iter().map(earlier).collect::<Vec<_>>(),
        "findings": review.open.iter().map(finding).collect::<Vec<_>>(),
        "later": review.later,
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn role(state: &RoleState) -> Value {
    let verdict = &state.verdict;
    json!({
        "role": state.name,
        "title": state.title,
        "asked": state.asked,
        "status": verdict.status.as_str(),
        "reason": verdict.reason,
        "decision": verdict.decision.map(Decision::as_str),
        "assurance": verdict.assurance.map(Assurance::as_str),
        "principals": verdict.principals,
        "conditions": verdict.conditions,
        "expires": verdict.expires.map(|day| day.to_string()),
        "quorum": verdict.quorum,
        "given": verdict.given,
    })
}

fn earlier(earlier: &Earlier) -> Value {
    let given = &earlier.statement.predicate;
    let changed: Vec<String> = earlier.changed.iter().map(ToString::to_string).collect();
    let (known, differences, layout) = match &earlier.before {
        Before::Unchanged => (json!("unchanged"), json!([]), json!([])),
        Before::Known {
            differences,
            layout,
            ..
        } => {
            let layout: Vec<&str> = layout.iter().map(name).collect();
            (json!("compared"), json!(differences), json!(layout))
        }
        Before::Unknown(_) => (json!("unknown"), Value::Null, Value::Null),
    };
    json!({
        "path": earlier.path.as_str(),
        "sha256": earlier.digest,
        "principal": given.principal,
        "decision": given.decision.as_str(),
        "stage": given.stage.as_str(),
        "issued": given.issued.to_string(),
        "expires": given.expires.to_string(),
        "status": earlier.standing.as_ref().map(|it| it.status().as_str()),
        "reason": earlier.standing.as_ref().and_then(Standing::reason),
        "changed": changed,
        "policies_changed": earlier.policies_changed,
        "document": known,
        "differences": differences,
        "layout": layout,
    })
}

fn name(part: &Part) -> &str {
    match part {
        Part::Field(name) | Part::Section(name) => name,
    }
}

fn finding(finding: &Acknowledged) -> Value {
    let (path, line, column) = &finding.place;
    json!({
        "rule": finding.rule,
        "severity": finding.severity.as_str(),
        "blocking": finding.blocking,
        "fingerprint": finding.fingerprint,
        "message": finding.message,
        "path": path,
        "line": line,
        "column": column,
        "new": finding.new,
    })
}

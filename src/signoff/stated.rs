//! What a document states of itself: its sign-offs, and who wrote it.

use super::statement::Decision;
use super::verdict::{Binding, Vote};
use crate::expr::time::{Date, parse_date};
use crate::expr::{is_blank, is_placeholder};
use crate::finding::Stage;
use crate::value::NodeRef;

/// The sign-offs that a document states, by role; one that says too little says what is missing.
pub(super) fn sign_offs(root: NodeRef<'_>) -> Vec<(&str, Result<Vote<'_>, &'static str>)> {
    let list = root.get("sign_offs").into_iter().flat_map(NodeRef::items);
    let text = |item: NodeRef<'_>, key: &str| -> Option<String> {
        let node = item.get(key)?;
        let text = node.as_str().unwrap_or_else(|| node.raw()).trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut votes = Vec::new();
    for item in list {
        let Some(role) = item.get("role").and_then(NodeRef::as_str) else {
            continue;
        };
        let decision = text(item, "decision");
        let decision = decision.as_deref().and_then(Decision::named);
        let principal = item.get("principal").and_then(NodeRef::as_str);
        let principal = principal.filter(|name| !is_blank(name) && !is_placeholder(name));
        let stage = text(item, "stage").map(|stage| stage.parse::<Stage>());
        let day = |key: &str| text(item, key).map(|day| parse_date(&day).map(Date::day));
        let vote = match (decision, principal, stage, day("signed_on"), day("expires")) {
            // A refusal is heard, whatever else it lacks.
            (Some(Decision::Rejected), _, _, _, _) => Ok((Decision::Rejected, None, None, None)),
            (None, ..) => Err("the document's sign-off does not say what was decided"),
            (_, None, ..) => Err("the document's sign-off names nobody"),
            (_, _, Some(Err(_)), ..) => Err("the document's sign-off is for a stage that is none"),
            (_, _, _, Some(Err(_)), _) | (_, _, _, _, Some(Err(_))) => {
                Err("a day of the document's sign-off is no date")
            }
            (Some(decision), Some(_), stage, issued, expires) => Ok((
                decision,
                stage.and_then(Result::ok),
                issued.and_then(Result::ok),
                expires.and_then(Result::ok),
            )),
        };
        let conditions = item.get("conditions").and_then(NodeRef::as_str);
        votes.push((
            role,
            vote.map(|(decision, stage, issued, expires)| Vote {
                role,
                principal: principal.unwrap_or("somebody"),
                decision,
                conditions,
                stage,
                issued,
                expires,
                binding: Binding::Stated,
            }),
        ));
    }
    votes
}

/// Who wrote a document, as it says.
pub(crate) fn authors(root: NodeRef<'_>) -> Vec<String> {
    let list = root.get("authors").into_iter().flat_map(NodeRef::items);
    list.filter_map(|author| Some(author.as_str()?.to_owned()))
        .collect()
}

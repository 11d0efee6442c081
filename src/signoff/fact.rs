//! A verdict as rules ask for it and as reports show it.

use std::sync::Arc;

use super::statement::Decision;
use super::verdict::{Assurance, Status, Verdict};
use crate::expr::{Type, Value};
use crate::finding::SignOffState;

/// The type of what `signoff(role)` gives.
pub(super) fn ty(name: &str) -> Type {
    let assurances = [Assurance::Named, Assurance::GithubReview, Assurance::Ssh];
    let decisions = [
        Decision::Approved,
        Decision::ApprovedWithConditions,
        Decision::Rejected,
        Decision::NotApplicable,
    ];
    Type::object(
        name,
        [
            ("status", Type::one_of(Status::ALL.map(Status::as_str))),
            ("assurance", Type::one_of(assurances.map(Assurance::as_str))),
            ("reason", Type::String),
            ("principals", Type::list(Type::String)),
            ("changed", Type::list(Type::String)),
            ("issued", Type::Date),
            ("expires", Type::Date),
            ("decision", Type::one_of(decisions.map(Decision::as_str))),
            ("conditions", Type::list(Type::String)),
            ("quorum", Type::Int),
            ("given", Type::Int),
        ],
    )
}

/// What `signoff(role)` gives. What is not known has no key.
pub(super) fn value<'a>(verdict: &Verdict) -> Value<'a> {
    // Until enough have signed nothing is decided.
    let is_decided = verdict.status.holds() || verdict.status == Status::Rejected;
    let decision = verdict.decision.filter(|_| is_decided);
    let texts = |texts: &mut dyn Iterator<Item = String>| -> Value<'a> {
        Value::list(texts.map(Value::string).collect::<Vec<_>>())
    };
    let mut entries = vec![
        ("status", Value::string(verdict.status.as_str())),
        ("principals", texts(&mut verdict.principals.iter().cloned())),
        (
            "changed",
            texts(&mut verdict.changed.iter().map(ToString::to_string)),
        ),
        ("conditions", texts(&mut verdict.conditions.iter().cloned())),
        ("quorum", Value::Int(i64::from(verdict.quorum))),
        ("given", Value::Int(i64::from(verdict.given))),
    ];
    let maybe = [
        ("assurance", verdict.assurance.map(|kind| kind.to_string())),
        ("reason", verdict.reason.clone()),
        ("issued", verdict.issued.map(|day| day.to_string())),
        ("expires", verdict.expires.map(|day| day.to_string())),
        ("decision", decision.map(|what| what.to_string())),
    ];
    for (key, text) in maybe {
        entries.extend(text.map(|text| (key, Value::string(text))));
    }
    let entries: Vec<_> = entries
        .into_iter()
        .map(|(key, value)| (Value::string(key), value))
        .collect();
    Value::Map(Arc::from(entries))
}

/// A verdict as reports show it.
pub(super) fn state(role: &str, verdict: &Verdict) -> SignOffState {
    let joined =
        |texts: &[String], by: &str| (!texts.is_empty()).then(|| texts.join(by).into_boxed_str());
    SignOffState {
        role: role.into(),
        principal: joined(&verdict.principals, ", "),
        decision: verdict.decision.map(|what| what.as_str().into()),
        stage: None,
        conditions: joined(&verdict.conditions, "; "),
        signed_on: None,
        expires: verdict.expires.map(|day| day.to_string().into()),
        verdict: verdict.status.as_str(),
        reason: verdict.reason.as_deref().map(Into::into),
    }
}

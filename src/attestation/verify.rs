//! Whether an attestation is worth what is demanded of it.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Component, Utf8Path};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::envelope::Envelope;
use super::statement::{Material, Statement, Subject, property};
use super::{NAMESPACE, PAYLOAD_TYPE};
use crate::expr::time::IsoDuration;
use crate::files::Files;
use crate::finding::did_you_mean;
use crate::signoff::ContentDigest;
use crate::signoff::ssh::{self, Question};
use crate::signoff::store::Trust;

/// How far the clock of who attests may be ahead.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What is demanded of an attestation.
pub struct Demands<'a> {
    /// Principals; one of them must have signed.
    pub signers: &'a [String],
    /// Whose keys are whose, and which are revoked.
    pub trust: &'a Trust,
    /// When keys must be good, and what age counts to.
    pub at: Timestamp,
    /// How old it may be.
    pub max_age: IsoDuration,
    /// Properties that it must have, beside [`property::PASS`].
    pub properties: &'a [String],
    /// What the verdict must follow from; `None` where that does not matter.
    pub materials: Option<&'a [Material]>,
    /// Paths that must be among the subjects.
    pub documents: &'a BTreeSet<String>,
    /// The folder that subjects are relative to: absolute, links resolved.
    pub root: &'a Utf8Path,
    /// Where subjects are read from.
    pub files: &'a dyn Files,
}

/// An attestation that is worth what was demanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who signed.
    pub signer: String,
    /// With which key.
    pub fingerprint: String,
    /// What is attested.
    pub statement: Statement,
}

/// Verifies an envelope. Nothing of the payload is read before a signature over it holds.
///
/// # Errors
/// All that stands against it, a sentence each; at least one.
pub fn verify(envelope: &Envelope, demands: &Demands<'_>) -> Result<Held, Vec<String>> {
    let (signer, fingerprint) = signed(envelope, demands)?;
    if envelope.payload_type != PAYLOAD_TYPE {
        let found = &envelope.payload_type;
        return Err(vec![format!(
            "the payload is `{found}`, not `{PAYLOAD_TYPE}`"
        )]);
    }
    let statement = Statement::parse(&envelope.payload).map_err(|why| vec![why])?;
    let mut against = Vec::new();
    against.extend(age(&statement, demands));
    against.extend(lacking(&statement, demands.properties));
    if let Some(wanted) = demands.materials {
        against.extend(other_materials(statement.policies(), wanted));
    }
    against.extend(subjects(&statement, demands));
    if against.is_empty() {
        Ok(Held {
            signer,
            fingerprint,
            statement,
        })
    } else {
        Err(against)
    }
}

/// Who signed, with which key.
fn signed(envelope: &Envelope, demands: &Demands<'_>) -> Result<(String, String), Vec<String>> {
    let message = envelope.signed_bytes();
    let mut against = Vec::new();
    for signature in &envelope.signatures {
        for principal in demands.signers {
            let verdict = ssh::verify(&Question {
                message: &message,
                signature: &signature.bytes,
                namespace: NAMESPACE,
                principal,
                at: demands.at,
                signers: &demands.trust.signers,
                revoked: &demands.trust.revoked_keys,
            });
            let verified = match verdict {
                Ok(verified) => verified,
                Err(refused) => {
                    against.push(format!("the signature does not hold: {refused}"));
                    continue;
                }
            };
            let mut keys = vec![verified.fingerprint.as_str()];
            keys.extend(
                verified
                    .certified
                    .iter()
                    .map(|(authority, _)| authority.as_str()),
            );
            match demands.trust.revoked.reason(principal, &keys) {
                Some(reason) => against.push(format!("the signature counts for nothing: {reason}")),
                None => return Ok((principal.clone(), verified.fingerprint)),
            }
        }
    }
    against.dedup();
    if against.is_empty() {
        against.push("nobody has signed it".to_owned());
    }
    Err(against)
}

fn age(statement: &Statement, demands: &Demands<'_>) -> Option<String> {
    let Some(made) = statement.time() else {
        return Some("`timeCreated` is no instant".to_owned());
    };
    let at = demands.at;
    if made.duration_since(at) > SKEW {
        return Some(format!("it is dated {made}, which is in the future"));
    }
    let age = demands.max_age;
    // A duration that the calendar does not hold is no age to be younger than.
    let last = || {
        let span = Span::new()
            .try_months(age.months)
            .and_then(|span| span.try_days(age.days))
            .and_then(|span| span.try_seconds(age.seconds))
            .ok()?;
        made.to_zoned(TimeZone::UTC).checked_add(span).ok()
    };
    match last() {
        Some(last) if at <= last.timestamp() => None,
        _ => Some(format!("it is dated {made}, which is more than {age} ago")),
    }
}

fn lacking(statement: &Statement, wanted: &[String]) -> Vec<String> {
    let has = |name: &str| statement.properties().iter().any(|own| own == name);
    std::iter::once(property::PASS)
        .chain(wanted.iter().map(String::as_str))
        .filter(|name| !has(name))
        .map(|name| {
            let near = if property::ALL.contains(&name) {
                String::new()
            } else {
                did_you_mean(name, property::ALL)
            };
            format!("it does not have the property `{name}`{near}")
        })
        .collect()
}

/// What the verdict does not follow from that it should, and the other way round.
fn other_materials(found: &[Material], wanted: &[Material]) -> Vec<String> {
    let by_name = |all: &[Material]| -> BTreeMap<String, Option<String>> {
        let entry = |one: &Material| (one.name.clone(), one.digest.get("sha256").cloned());
        all.iter().map(entry).collect()
    };
    let (found, wanted) = (by_name(found), by_name(wanted));
    let names: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let what = if name == "rules" {
                "the rules".to_owned()
            } else {
                format!("`{name}`")
            };
            match (found.get(name), wanted.get(name)) {
                (Some(Some(then)), Some(Some(now))) if then == now => None,
                (None, _) => Some(format!("the gate ran without {what}, which counts here")),
                (_, None) => Some(format!(
                    "the gate ran with {what}, which does not count here"
                )),
                _ => Some(format!(
                    "the gate ran with {what} in another version than here"
                )),
            }
        })
        .collect()
}

fn subjects(statement: &Statement, demands: &Demands<'_>) -> Vec<String> {
    let mut against: Vec<String> = statement
        .subjects
        .iter()
        .filter_map(|subject| changed(subject, demands))
        .collect();
    let names: BTreeSet<&str> = statement
        .subjects
        .iter()
        .map(|subject| subject.name.as_str())
        .collect();
    for path in demands.documents {
        if !names.contains(path.as_str()) {
            against.push(format!("it says nothing of `{path}`"));
        }
    }
    against
}

/// Why a file is not the one that was attested.
fn changed(subject: &Subject, demands: &Demands<'_>) -> Option<String> {
    let name = &subject.name;
    let path = Utf8Path::new(name);
    let plain = |part: Utf8Component<'_>| matches!(part, Utf8Component::Normal(_));
    if name.is_empty() || !path.components().all(plain) {
        return Some(format!("`{name}` is no path below the root"));
    }
    let Some(wanted) = subject.digest.get("sha256") else {
        return Some(format!("`{name}` has no SHA-256"));
    };
    let Ok(absolute) = demands.files.canonical(&demands.root.join(path)) else {
        return Some(format!("`{name}` is not there any more"));
    };
    if !absolute.starts_with(demands.root) {
        return Some(format!("`{name}` leads out of the root"));
    }
    let digest = demands
        .files
        .open(&absolute)
        .and_then(|mut opened| ContentDigest::read(&mut *opened.content));
    match digest {
        Err(error) => Some(format!("`{name}` cannot be read: {}", error.kind())),
        Ok(digest) if digest.sha256 == *wanted => None,
        Ok(_) => Some(format!("`{name}` has changed since")),
    }
}

//! What the approver of a waiver signs.
//!
//! The statement is made from the entry, so changing any word of it, its last day above all, makes the
//! signature worthless. It lies in `<sign-offs>/waivers/<SHA-256>.json`, with its signature beside it.

use serde::Serialize;

use super::entry::{Entry, Target};
use crate::signoff::of_statement;

/// The namespace of the signature.
pub const NAMESPACE: &str = "launchgate/waiver@v1";

/// The folder of statements within that of sign-offs.
pub use crate::signoff::store::WAIVERS as FOLDER;

#[derive(Serialize)]
struct Statement<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    rule: &'a str,
    document: &'a str,
    document_kind: Option<&'a str>,
    key: &'a str,
    fingerprint: Option<&'a str>,
    reason: &'a str,
    owner: Option<&'a str>,
    approver: Option<&'a str>,
    link: Option<&'a str>,
    granted: Option<String>,
    expires: String,
}

/// The bytes to sign: the same for the same entry. `None` for an inline waiver, which cannot be signed.
pub fn statement(entry: &Entry) -> Option<String> {
    let Target::Key {
        document,
        kind,
        key,
        fingerprint,
    } = &entry.target
    else {
        return None;
    };
    let statement = Statement {
        kind: "urn:x-launchgate:waiver:v1",
        rule: &entry.rule,
        document,
        document_kind: kind.as_deref(),
        key,
        fingerprint: fingerprint.as_deref(),
        reason: &entry.reason,
        owner: entry.owner.as_deref(),
        approver: entry.approver.as_deref(),
        link: entry.link.as_deref(),
        granted: entry.granted.map(|day| day.to_string()),
        expires: entry.expires.to_string(),
    };
    // Strings under known keys can always be written.
    let mut text = serde_json::to_string_pretty(&statement).unwrap_or_default();
    text.push('\n');
    Some(text)
}

/// SHA-256 of what is to be signed, in hexadecimal.
pub fn digest(entry: &Entry) -> Option<String> {
    Some(of_statement(statement(entry)?.as_bytes()))
}

//! `.launchgate/revoked.yaml`: keys and people whose sign-offs count for nothing any more.

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::ssh::principal_matches;
use crate::finding::{Finding, Label, RuleId, Severity};
use crate::schema::{self, Schema};
use crate::source::{Location, SourceFile};
use crate::value::{self, Limits, NodeRef, Syntax};

/// Bytes that the file may have.
pub const MAX_BYTES: u64 = 1 << 20;

/// What is revoked, and why.
///
/// A signature has no trusted time, so a revocation is not limited to what was signed after it: all
/// sign-offs by the key or the person count for nothing, whatever day they say and whatever day the
/// entry says.
#[derive(Clone, Debug, Default)]
pub struct Revoked {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    whom: Whom,
    reason: String,
    revoked_on: Date,
    location: Location,
}

#[derive(Clone, Debug)]
enum Whom {
    /// `SHA256:` and the digest, as `ssh-keygen -l` shows it.
    Key(String),
    /// A principal, or a pattern of principals.
    Principal(String),
}

impl Revoked {
    /// Reads the file, or says all that is wrong with it: rules `signoff/...`.
    pub fn parse(source: &Arc<SourceFile>) -> Result<Self, Vec<Finding>> {
        let limits = Limits {
            file_bytes: MAX_BYTES,
            ..Limits::default()
        };
        let parsed = value::read(source, Syntax::Yaml, &limits);
        let mut findings: Vec<Finding> = parsed.problems.into_iter().map(as_own).collect();
        let root = parsed.tree.root().filter(|root| !root.is_null());
        let Some(root) = root else {
            // Nothing is revoked: the file is there to be filled.
            return if findings.is_empty() {
                Ok(Self::default())
            } else {
                Err(findings)
            };
        };
        if let Some(second) = parsed.tree.roots().nth(1) {
            let label = Label::new(second.address(), "");
            let message = "the file is one YAML document, and here begins another";
            findings.push(
                Finding::new("signoff/several-documents", message, label)
                    .with_help("Keep one list"),
            );
        }
        findings.extend(schema::check_input(root, schema(), "signoff"));
        for finding in &mut findings {
            finding.severity = Severity::Error;
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut revoked = Self::default();
        for item in root.items() {
            match entry(item) {
                Some(entry) => revoked.entries.push(entry),
                None => findings.push(
                    Finding::new(
                        "signoff/revocation",
                        "an entry names either a `key` or a `principal`",
                        Label::new(item.address(), ""),
                    )
                    .with_help("Write one entry for each"),
                ),
            }
        }
        if findings.is_empty() {
            Ok(revoked)
        } else {
            Err(findings)
        }
    }

    /// What is revoked here or in another file.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self
    }

    /// Why a person's sign-offs, or those by a key or under an authority's, count for nothing; `None`
    /// where they do count.
    pub fn reason(&self, principal: &str, keys: &[&str]) -> Option<String> {
        let entry = self.entries.iter().find(|entry| match &entry.whom {
            Whom::Key(fingerprint) => keys.contains(&fingerprint.as_str()),
            Whom::Principal(pattern) => principal_matches(principal, pattern),
        })?;
        let what = match &entry.whom {
            Whom::Key(fingerprint) => format!("the key {fingerprint}"),
            Whom::Principal(_) => principal.to_owned(),
        };
        Some(format!(
            "{what} was revoked on {}: {}",
            entry.revoked_on, entry.reason
        ))
    }

    /// The places of entries that are dated after a day: slips, though they count already.
    pub fn dated_after(&self, today: Date) -> impl Iterator<Item = Location> {
        self.entries
            .iter()
            .filter(move |entry| entry.revoked_on > today)
            .map(|entry| entry.location)
    }
}

fn entry(node: NodeRef<'_>) -> Option<Entry> {
    let word = |key: &str| node.get(key).and_then(NodeRef::as_str);
    let whom = match (word("key"), word("principal")) {
        (Some(key), None) => Whom::Key(key.to_owned()),
        (None, Some(principal)) => Whom::Principal(principal.to_owned()),
        _ => return None,
    };
    Some(Entry {
        whom,
        reason: word("reason")?.trim().to_owned(),
        revoked_on: word("revoked_on")?.parse().ok()?,
        location: node.address(),
    })
}

fn as_own(mut problem: Finding) -> Finding {
    if let Some(name) = problem.rule.as_str().strip_prefix("document/") {
        problem.rule = RuleId::new(format!("signoff/{name}"));
    }
    problem.severity = Severity::Error;
    problem
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../schemas/revoked.schema.json");
        // A schema that cannot be read admits nothing, so a broken build cannot pass anything.
        let value = serde_json::from_str(text).unwrap_or(serde_json::Value::Bool(false));
        Schema::lazy("revoked", Arc::new(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    const KEY: &str = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

    fn parse(text: &str) -> Result<Revoked, Vec<Finding>> {
        Revoked::parse(&SourceFile::new(FileId(0), "revoked.yaml", text))
    }

    #[test]
    fn keys_and_people_are_found() {
        let text = format!(
            "- key: {KEY}\n  reason: laptop stolen\n  revoked_on: 2026-05-01\n- principal: \"*@left.example\"\n  reason: left\n  revoked_on: 2026-06-01\n"
        );
        let revoked = parse(&text).unwrap();
        assert_eq!(
            revoked.reason("ann@bank.example", &[KEY]).unwrap(),
            format!("the key {KEY} was revoked on 2026-05-01: laptop stolen")
        );
        assert!(revoked.reason("bob@left.example", &[]).is_some());
        assert_eq!(revoked.reason("ann@bank.example", &[]), None);
        assert_eq!(
            revoked.dated_after("2026-05-02".parse().unwrap()).count(),
            1
        );
    }

    #[test]
    fn an_empty_file_revokes_nothing_and_a_wrong_one_is_refused() {
        assert!(parse("# nobody yet\n").is_ok());
        assert!(parse("[]\n").is_ok());
        for wrong in [
            "key: x\n",
            "- key: 47DE\n  reason: r\n  revoked_on: 2026-05-01\n",
            "- principal: a\n  revoked_on: 2026-05-01\n",
            "- principal: a\n  reason: r\n",
            "- principal: a\n  reason: r\n  revoked_on: soon\n",
            "- principal: a\n  reason: \"\"\n  revoked_on: 2026-05-01\n",
            "- reason: r\n  revoked_on: 2026-05-01\n",
            "- principals: a\n  reason: r\n  revoked_on: 2026-05-01\n",
            "- principal: \"!a\"\n  reason: r\n  revoked_on: 2026-05-01\n",
            "[]\n---\n[]\n",
            "- [\n",
        ] {
            let findings = parse(wrong).unwrap_err();
            assert!(!findings.is_empty(), "{wrong}");
            for finding in findings {
                assert!(finding.rule.as_str().starts_with("signoff/"), "{wrong}");
            }
        }
        let both = format!("- principal: a\n  key: {KEY}\n  reason: r\n  revoked_on: 2026-05-01\n");
        assert!(parse(&both).is_err());
    }
}

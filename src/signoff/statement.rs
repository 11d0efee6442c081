//! The statement that is signed: an in-toto Statement v1 with a sign-off for its predicate.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::digest::ContentDigest;
use super::scope::Part;
use crate::finding::{Finding, Label, RuleId, Severity, Stage};
use crate::schema::{self, Schema};
use crate::source::{SourceFile, Span};
use crate::value::{self, Limits, NodeRef, Syntax};

/// The `_type` of in-toto Statement v1.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// What the predicate means. In-toto asks for a URI and not that it leads anywhere: this is a name
/// that promises no page, since the project has no domain of its own to promise one under.
pub const PREDICATE_TYPE: &str = "urn:x-launchgate:sign-off:v1";

/// The namespace of the signature over a statement.
pub const NAMESPACE: &str = "launchgate/signoff@v1";

/// Bytes that a statement may have.
pub const MAX_BYTES: u64 = 1 << 20;

/// A sign-off as it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    /// The document, then each file of evidence.
    #[serde(rename = "subject")]
    pub subjects: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    /// What was decided.
    pub predicate: SignOff,
}

/// A file that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Path relative to the root, with `/`.
    pub name: String,
    /// Its content.
    pub digest: ContentDigest,
}

/// Who decided what, for which document and stage, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// The role in which it was given.
    pub role: String,
    /// Who gave it.
    pub principal: String,
    /// What was decided.
    pub decision: Decision,
    /// What an approval depends on; there for [`Decision::ApprovedWithConditions`] alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the first subject is.
    pub document: Identity,
    /// The latest stage that it is good for.
    #[serde(with = "text")]
    pub stage: Stage,
    /// The parts that were reviewed; none means the whole document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<ScopePart>,
    /// The document's fields and sections as they stood, so that it can be said which of them changed.
    /// They bind nothing beyond what the scope does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<ScopePart>,
    /// The policies in force.
    pub policies: PolicyDigest,
    /// Fingerprints of the findings that the signer saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<String>,
    /// The day on which it was given.
    #[serde(with = "text")]
    pub issued: Date,
    /// The last day on which it holds.
    #[serde(with = "text")]
    pub expires: Date,
    /// SHA-256 of the statement that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
}

/// A document, wherever it lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Kind, such as `feature-spec`.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// The digest of the active rules with their parameters, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDigest {
    /// SHA-256.
    pub sha256: String,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Yes.
    Approved,
    /// Yes, depending on something.
    ApprovedWithConditions,
    /// No.
    Rejected,
    /// The role has nothing to decide here.
    NotApplicable,
}

impl Decision {
    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedWithConditions => "approved-with-conditions",
            Self::Rejected => "rejected",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl Decision {
    /// The decision of a name.
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Approved,
            Self::ApprovedWithConditions,
            Self::Rejected,
            Self::NotApplicable,
        ]
        .into_iter()
        .find(|decision| decision.as_str() == name)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A part that was reviewed, with the digest of what was written for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopePart {
    /// The part.
    pub part: Part,
    /// SHA-256, as [`scope::digest`](super::scope::digest) gives it.
    pub sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    sha256: String,
}

impl Serialize for ScopePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (field, section) = match &self.part {
            Part::Field(pointer) => (Some(pointer.clone()), None),
            Part::Section(title) => (None, Some(title.clone())),
        };
        let raw = RawPart {
            field,
            section,
            sha256: self.sha256.clone(),
        };
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ScopePart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawPart::deserialize(deserializer)?;
        let part = match (raw.field, raw.section) {
            (Some(pointer), None) => Part::Field(pointer),
            (None, Some(title)) => Part::Section(title),
            _ => {
                return Err(de::Error::custom(
                    "a part of a document is either a `field` or a `section`",
                ));
            }
        };
        Ok(Self {
            part,
            sha256: raw.sha256,
        })
    }
}

/// Values that are written as their text.
mod text {
    use super::{Deserialize, Deserializer, FromStr, Serializer, de, fmt};

    pub(super) fn serialize<T: fmt::Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: fmt::Display>,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl Statement {
    /// A statement about a document and its evidence.
    pub fn new(document: Subject, evidence: Vec<Subject>, predicate: SignOff) -> Self {
        let mut subjects = vec![document];
        subjects.extend(evidence);
        Self {
            kind: STATEMENT_TYPE.to_owned(),
            subjects,
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate,
        }
    }

    /// The bytes to sign: the same for the same statement.
    pub fn to_json(&self) -> String {
        // Nothing in it can fail to be written: strings, lists and structs of known keys.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a statement, or says all that is wrong with it: rules `signoff/...`.
    pub fn parse(source: &Arc<SourceFile>) -> Result<Self, Vec<Finding>> {
        let limits = Limits {
            file_bytes: MAX_BYTES,
            ..Limits::default()
        };
        let parsed = value::read(source, Syntax::Json, &limits);
        let mut findings: Vec<Finding> = parsed.problems.into_iter().map(as_own).collect();
        let Some(root) = parsed.tree.root() else {
            if findings.is_empty() {
                let label = Label::new(source.location(Span::default()), "");
                findings.push(finding(
                    "signoff/malformed",
                    "the statement is empty",
                    label,
                ));
            }
            return Err(findings);
        };
        if findings.is_empty() {
            findings = schema::check_input(root, schema(), RULES);
        }
        if findings.is_empty() {
            findings = contradictions(root);
        }
        for finding in &mut findings {
            finding.severity = Severity::Error;
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        value::de::from_node(root).map_err(|error| {
            let place = error.location.unwrap_or(root.address());
            vec![finding(
                "signoff/malformed",
                error.message,
                Label::new(place, ""),
            )]
        })
    }
}

/// What rule ids begin with.
const RULES: &str = "signoff";

fn finding(rule: &str, message: impl Into<String>, label: Label) -> Finding {
    Finding::new(rule, message, label)
        .with_help("Write the statement with `launchgate sign`, which has it signed, too")
}

fn as_own(mut problem: Finding) -> Finding {
    if let Some(name) = problem.rule.as_str().strip_prefix("document/") {
        problem.rule = RuleId::new(format!("{RULES}/{name}"));
    }
    problem
}

/// What each field allows and all together do not.
fn contradictions(root: NodeRef<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(predicate) = root.get("predicate") else {
        return findings;
    };
    let mut say = |node: NodeRef<'_>, message: String| {
        let label = Label::new(node.address(), "");
        findings.push(finding("signoff/contradiction", message, label));
    };
    let word = |key: &str| predicate.get(key).and_then(NodeRef::as_str);
    let conditional = word("decision") == Some(Decision::ApprovedWithConditions.as_str());
    match (predicate.get("decision"), predicate.get("conditions")) {
        (Some(decision), None) if conditional => say(
            decision,
            "an approval with conditions does not name them".to_owned(),
        ),
        (_, Some(conditions)) if !conditional => say(
            conditions,
            "only an approval with conditions may have conditions".to_owned(),
        ),
        _ => {}
    }
    let day = |key: &str| word(key)?.parse::<Date>().ok();
    if let (Some(issued), Some(expires), Some(node)) =
        (day("issued"), day("expires"), predicate.get("expires"))
        && expires < issued
    {
        say(
            node,
            format!("the sign-off expires on {expires}, before it is issued on {issued}"),
        );
    }
    let parts = ["scope", "contents"]
        .into_iter()
        .filter_map(|key| predicate.get(key));
    for part in parts
        .flat_map(NodeRef::items)
        .filter(|part| part.get("field").is_some() == part.get("section").is_some())
    {
        say(
            part,
            "a part of a document is either a `field` or a `section`".to_owned(),
        );
    }
    let subjects = root.get("subject").into_iter().flat_map(NodeRef::items);
    let mut names = std::collections::BTreeSet::new();
    for name in subjects.filter_map(|subject| subject.get("name")) {
        if !names.insert(name.as_str()) {
            say(name, "the file is named twice".to_owned());
        }
    }
    findings
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../schemas/sign-off.schema.json");
        // A schema that cannot be read admits nothing, so a broken build cannot pass anything.
        let value = serde_json::from_str(text).unwrap_or(serde_json::Value::Bool(false));
        Schema::lazy("sign-off", Arc::new(value))
    })
}

#[cfg(test)]
mod tests;

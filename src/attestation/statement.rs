//! What is attested: which files passed, which properties hold of all of them, and by which rules.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finding::{Report, Severity, Stage, Verdict};
use crate::source::{FileId, SourceFile};
use crate::value::{self, Limits, NodeRef, Syntax};

/// The `_type` of in-toto Statement v1.
pub const STATEMENT_TYPE: &str = crate::signoff::statement::STATEMENT_TYPE;

/// The Simple Verification Result of in-toto.
pub const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/svr/v0.2";

/// Who verified. In-toto asks for a URI and not that it leads anywhere. The number changes with what the
/// properties mean.
pub const VERIFIER: &str = "urn:x-launchgate:gate:v1";

/// The properties that are attested. Each is a claim about every subject; what does not hold is left out.
pub mod property {
    use crate::finding::Stage;

    /// No finding of severity error blocks, and nothing that could not be decided.
    pub const PASS: &str = "LAUNCHGATE_VERDICT_PASS";
    /// No warning was found either, nor an error that blocks at a later stage alone.
    pub const NO_WARNINGS: &str = "LAUNCHGATE_NO_WARNINGS";
    /// Nothing passed because somebody let it, by a waiver or otherwise.
    pub const NO_WAIVERS: &str = "LAUNCHGATE_NO_WAIVERS";

    /// Every document was held against at least this stage.
    pub const fn stage(stage: Stage) -> &'static str {
        match stage {
            Stage::Draft => "LAUNCHGATE_STAGE_DRAFT",
            Stage::InReview => "LAUNCHGATE_STAGE_IN_REVIEW",
            Stage::Approved => "LAUNCHGATE_STAGE_APPROVED",
            Stage::Launched => "LAUNCHGATE_STAGE_LAUNCHED",
        }
    }

    /// Every property there is.
    pub const ALL: [&str; 7] = [
        PASS,
        stage(Stage::Draft),
        stage(Stage::InReview),
        stage(Stage::Approved),
        stage(Stage::Launched),
        NO_WARNINGS,
        NO_WAIVERS,
    ];
}

/// An in-toto Statement v1 with a Simple Verification Result. Keys that are not known are passed over, as
/// in-toto asks its readers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    /// The files: those that documents are read from, and those that they name as evidence.
    #[serde(rename = "subject")]
    pub subjects: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Result,
}

/// A file, by its path relative to the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The path, with `/`.
    pub name: String,
    /// `sha256`, which decides, and `gitBlob`; both of the content with CR LF as LF in a text.
    pub digest: BTreeMap<String, String>,
}

/// Something that the verdict follows from beside the subjects: the rules, a config, a file of keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Material {
    /// `rules`, or the path relative to the root.
    pub name: String,
    /// Its `sha256`.
    pub digest: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Result {
    verifier: Verifier,
    #[serde(rename = "timeCreated")]
    time_created: String,
    properties: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Verifier {
    id: String,
    policies: Vec<Material>,
}

impl Statement {
    /// What a report attests, `None` unless it passes and has the digests of its files. `at` is the
    /// time of the run: on the day that the report took for today.
    pub fn of(report: &Report, policies: Vec<Material>, at: Timestamp) -> Option<Self> {
        let subjects: Vec<Subject> = report
            .files
            .iter()
            .filter_map(|(path, digest)| {
                let digest = digest.as_ref()?;
                let digests = [("sha256", &digest.sha256), ("gitBlob", &digest.git_blob)];
                Some(Subject {
                    name: path.to_string(),
                    digest: digests
                        .map(|(name, hex)| (name.into(), hex.to_string()))
                        .into(),
                })
            })
            .collect();
        if report.verdict != Verdict::Pass || subjects.is_empty() {
            return None;
        }
        Some(Self {
            kind: STATEMENT_TYPE.to_owned(),
            subjects,
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: Result {
                verifier: Verifier {
                    id: VERIFIER.to_owned(),
                    policies,
                },
                time_created: at.to_string(),
                properties: properties(report),
            },
        })
    }

    /// The bytes to sign.
    pub fn to_json(&self) -> Vec<u8> {
        // Nothing in it can fail to be written: strings under known keys.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a statement of the gate. The error is a sentence.
    ///
    /// # Errors
    /// It is no JSON, has a key twice, is no in-toto statement, or is not one of the gate.
    pub fn parse(payload: &[u8]) -> std::result::Result<Self, String> {
        let text =
            std::str::from_utf8(payload).map_err(|_| "the payload is not text".to_owned())?;
        let source = SourceFile::new(FileId(0), "payload", text);
        let parsed = value::read(&source, Syntax::Json, &Limits::default());
        if let Some(problem) = parsed.problems.first() {
            return Err(format!("the payload cannot be read: {}", problem.message));
        }
        let root = parsed.tree.root().ok_or("the payload is empty")?;
        let kind = |key: &str| root.get(key).and_then(NodeRef::as_str).unwrap_or("missing");
        for (key, wanted) in [("_type", STATEMENT_TYPE), ("predicateType", PREDICATE_TYPE)] {
            if kind(key) != wanted {
                let found = kind(key);
                return Err(format!(
                    "the `{key}` of the payload is `{found}`, not `{wanted}`"
                ));
            }
        }
        let statement: Self = value::de::from_node(root)
            .map_err(|error| format!("the payload is no verdict: {}", error.message))?;
        if statement.subjects.is_empty() {
            return Err("the payload names no file".to_owned());
        }
        let verifier = &statement.predicate.verifier.id;
        if verifier != VERIFIER {
            return Err(format!(
                "the verdict is one of `{verifier}`, not of `{VERIFIER}`"
            ));
        }
        Ok(statement)
    }

    /// When it was made, unless that is no instant.
    pub fn time(&self) -> Option<Timestamp> {
        self.predicate.time_created.parse().ok()
    }

    /// What holds of every subject.
    pub fn properties(&self) -> &[String] {
        &self.predicate.properties
    }

    /// What the verdict follows from beside the subjects.
    pub fn policies(&self) -> &[Material] {
        &self.predicate.verifier.policies
    }
}

/// What holds of every document of a report that passes.
fn properties(report: &Report) -> Vec<String> {
    // A document that states no stage is held against the last.
    let stages = report.outcomes.iter();
    let stages = stages.map(|outcomes| outcomes.stage.unwrap_or(Stage::Launched));
    let reached = stages.min();
    let mut all = vec![property::PASS];
    let held = Stage::ALL.iter().copied();
    all.extend(
        held.filter(|stage| Some(*stage) <= reached)
            .map(property::stage),
    );
    let mut findings = report.findings.iter();
    if findings.all(|finding| finding.severity < Severity::Warning) {
        all.push(property::NO_WARNINGS);
    }
    // Whatever keeps a finding from blocking that its severity would have block: unless it is that
    // its document has yet to reach the stage, somebody let it pass.
    let counting = report.findings.iter();
    let counting = counting.filter(|finding| finding.severity >= report.fail_on);
    if report.summary.waived == 0 && counting.count() == report.summary.later {
        all.push(property::NO_WAIVERS);
    }
    all.into_iter().map(str::to_owned).collect()
}

//! What somebody who signs a document off has to see: what is bound, what changed since the role's
//! last sign-off, what is still open, and who else must sign.

mod earlier;
mod open;
mod part;

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8Path;

use crate::discover::Input;
use crate::document::{Document, MAX_COMPANIONS};
use crate::engine::gate::Gate;
use crate::engine::report::CheckOptions;
use crate::engine::run::Inputs;
use crate::evidence::Evidence;
use crate::files::Files;
use crate::finding::{DocumentRef, Report, Stage, Verdict, did_you_mean};
use crate::signoff::scope;
use crate::signoff::statement::{ScopePart, Statement, Subject};
use crate::signoff::verdict::{self, Role};
use crate::signoff::{Covered, Idle, SignOffs};
use crate::value::NodeRef;

pub use earlier::{Before, Earlier};
pub use open::Acknowledged;

/// Whose sign-off of what is asked about.
pub struct Question<'a> {
    /// The file, relative to the root.
    pub path: &'a Utf8Path,
    /// Which of its documents, where it holds several.
    pub id: Option<&'a str>,
    /// The role.
    pub role: &'a str,
    /// The content of a git blob by its id, where there is a repository that has it.
    pub former: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

/// Why there is nothing to review.
#[derive(Debug)]
pub enum Unclear {
    /// The run ended in errors about what the gate was given.
    Refused(Box<Report>),
    /// The question makes no sense here.
    Said {
        /// What is wrong, in a sentence without its final period.
        message: String,
        /// The next action.
        help: String,
    },
}

/// What a signer has to see.
#[derive(Debug)]
pub struct Review {
    /// The document.
    pub document: DocumentRef,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// The stage that is asked about.
    pub stage: Stage,
    /// What a sign-off is bound to: the document, then the other files, by path.
    pub subjects: Vec<Subject>,
    /// Files that it names and that cannot be read, so that nobody can sign them.
    pub unreadable: Vec<String>,
    /// The parts at its first level, with their digests; those that cannot be told apart are left out.
    pub parts: Vec<ScopePart>,
    /// Who wrote it, as it says.
    pub authors: Vec<String>,
    /// The role that is asked about.
    pub role: RoleState,
    /// Who may sign in it, and for how long.
    pub rules_of_role: Role,
    /// The other roles that rules ask to sign.
    pub others: Vec<RoleState>,
    /// The statements of the role, the last one first, those last that nobody proves.
    pub earlier: Vec<Earlier>,
    /// What is open at the stage, without what is open for want of sign-offs.
    pub open: Vec<Acknowledged>,
    /// How many findings are left for later stages.
    pub later: usize,
    /// SHA-256 of the policies.
    pub policies: String,
    document_read: Document,
    covered: Covered,
    ledger: SignOffs,
}

impl Review {
    /// Whether a statement will count once its principal has signed it by a key that counts; else why it
    /// will not.
    ///
    /// # Errors
    /// It will not count.
    pub fn foresee(&self, statement: &Statement) -> Result<(), Idle> {
        self.ledger
            .foresee(&self.document_read, &self.covered, statement)
    }
}

/// A role and what its sign-offs come to.
#[derive(Clone, Debug)]
pub struct RoleState {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// Whether a rule asks it to sign.
    pub asked: bool,
    /// What its sign-offs come to.
    pub verdict: verdict::Verdict,
}

impl Gate {
    /// What somebody in a role has to see before a document is signed off.
    ///
    /// `given` are all files of the repository, so that rules about other documents see them; the report
    /// is asked to speak of the one by [`CheckOptions::changes`]. Without a stage it is that of the launch.
    ///
    /// # Errors
    /// Nothing may be concluded, there is no such document, or there is no such role.
    pub fn review(
        &self,
        given: Inputs<'_>,
        options: &CheckOptions,
        question: &Question<'_>,
    ) -> Result<Review, Unclear> {
        let files = given.files;
        let inputs = &given.discovered.inputs;
        let input = inputs.iter().find(|input| input.path == question.path);
        let input = input.cloned();
        let stage = options.stage.unwrap_or(Stage::Launched);
        let options = CheckOptions {
            stage: Some(stage),
            ..options.clone()
        };
        let (report, ledger) = self.check_with(given, &options);
        if report.verdict == Verdict::Error {
            return Err(Unclear::Refused(Box::new(report)));
        }
        let input = input.ok_or_else(|| {
            said(
                format!("`{}` is none of the files that are checked", question.path),
                "Name a document; `launchgate show --brief` lists them",
            )
        })?;
        let look = self.look(&input, files, LOOKED_AT);
        let document = chosen(look.documents, question, look.unrecognized)?;
        let evidence = Evidence::new(
            files,
            &self.config.root,
            self.config.limits.evidence(),
            options.today,
        )
        .with_kinds(&self.kinds);
        let reviewing = Reviewing {
            gate: self,
            files,
            input: &input,
            covered: Covered::of(&document, &evidence),
            document,
            evidence,
            ledger,
            question,
        };
        reviewing.review(&report, stage)
    }
}

/// The number of the file, among those that are looked at, which none in a run has.
const LOOKED_AT: u32 = u32::MAX / (4 + 2 * MAX_COMPANIONS);

fn said(message: String, help: impl Into<String>) -> Unclear {
    Unclear::Said {
        message,
        help: help.into(),
    }
}

/// The document that is meant.
fn chosen(
    documents: Vec<Document>,
    question: &Question<'_>,
    unrecognized: Option<String>,
) -> Result<Document, Unclear> {
    let ids: Vec<String> = documents.iter().map(|it| it.id().to_owned()).collect();
    let path = question.path;
    let names = || format!("It holds: {}", ids.join(", "));
    let mut meant = documents
        .into_iter()
        .filter(|document| question.id.is_none_or(|id| id == document.id()));
    let document = match (meant.next(), meant.next(), question.id) {
        (Some(document), None, _) => document,
        (Some(_), Some(_), None) => {
            let message = format!("`{path}` holds several documents");
            let help = format!("Name one with `--id`. {}", names());
            return Err(said(message, help));
        }
        (Some(_), Some(_), Some(id)) => {
            let message = format!("`{path}` holds several documents with the id `{id}`");
            return Err(said(message, "Give each an id of its own"));
        }
        (None, _, Some(id)) if !ids.is_empty() => {
            let near = did_you_mean(id, ids.iter().map(String::as_str));
            return Err(said(
                format!("`{path}` holds no document `{id}`{near}"),
                names(),
            ));
        }
        (None, ..) => {
            let why = unrecognized
                .map(|why| format!(": {why}"))
                .unwrap_or_default();
            return Err(said(
                format!("`{path}` is no document{why}"),
                "Name a document; `launchgate show --brief` lists them",
            ));
        }
    };
    if !document.intact {
        return Err(said(
            format!("`{path}` cannot be read in full, so nobody can tell what would be signed"),
            "Repair what `launchgate check` says of it",
        ));
    }
    Ok(document)
}

/// A review in the making.
struct Reviewing<'r> {
    gate: &'r Gate,
    files: &'r dyn Files,
    input: &'r Input,
    document: Document,
    covered: Covered,
    evidence: Evidence<'r>,
    ledger: SignOffs,
    question: &'r Question<'r>,
}

impl Reviewing<'_> {
    fn review(self, report: &Report, stage: Stage) -> Result<Review, Unclear> {
        let asked = self.ledger.asked(&self.covered.document);
        let rules_of_role = self.role(&asked)?;
        let role = self.state(self.question.role, &asked);
        let others = asked
            .iter()
            .filter(|name| **name != role.name)
            .map(|name| self.state(name, &asked))
            .collect();
        let policies = self.gate.digest.trim_start_matches("sha256:").to_owned();
        let (open, later) = self.open(report, stage);
        let mut earlier = self.earlier(&role, &policies, report);
        earlier.sort_by(|a, b| {
            // What nobody has proven to be signed is no measure where there is something else.
            let rank = |it: &Earlier| (it.is_authentic(), it.statement.predicate.issued);
            rank(b).cmp(&rank(a)).then_with(|| a.path.cmp(&b.path))
        });
        let seen = earlier.first().map(|last| {
            let seen = &last.statement.predicate.acknowledged;
            seen.iter().cloned().collect::<BTreeSet<_>>()
        });
        let open = open
            .into_iter()
            .map(|finding| Acknowledged {
                new: seen
                    .as_ref()
                    .map(|seen| !seen.contains(&finding.fingerprint)),
                ..finding
            })
            .collect();
        let root = self.document.root();
        let title = root.get("title").and_then(NodeRef::as_str);
        let title = title.map(Arc::from);
        let parts = scope::parts(root).into_iter().filter_map(|part| {
            let sha256 = scope::digest(root, &part)?;
            Some(ScopePart { part, sha256 })
        });
        let parts = parts.collect();
        let authors = crate::signoff::authors(root);
        let mut subjects = vec![Subject {
            name: self.input.path.to_string(),
            digest: self.covered.content.clone(),
        }];
        let mut unreadable = Vec::new();
        for (name, digest) in &self.covered.files {
            match digest {
                Some(digest) => subjects.push(Subject {
                    name: name.clone(),
                    digest: digest.clone(),
                }),
                None => unreadable.push(name.clone()),
            }
        }
        Ok(Review {
            document: self.document.reference.clone(),
            title,
            stage,
            subjects,
            unreadable,
            parts,
            authors,
            role,
            rules_of_role,
            others,
            earlier,
            open,
            later,
            policies,
            document_read: self.document,
            covered: self.covered,
            ledger: self.ledger,
        })
    }

    /// The role that is asked about, unless it is misspelt: nobody would hear of a sign-off in it.
    fn role(&self, asked: &BTreeSet<String>) -> Result<Role, Unclear> {
        let name = self.question.role;
        let listed = &self.gate.config.sign_offs.roles;
        let mut known: BTreeSet<&str> =
            listed.iter().map(|role| role.name.value.as_str()).collect();
        let from_config = !known.is_empty();
        if !from_config {
            known.extend(asked.iter().map(String::as_str));
            let signed = self.ledger.store().of(self.document.id()).iter();
            known.extend(signed.map(|it| it.statement.predicate.role.as_str()));
            let stated = self.document.root().get("sign_offs");
            let stated = stated.into_iter().flat_map(NodeRef::items);
            known.extend(stated.filter_map(|item| item.get("role")?.as_str()));
        }
        let role = known.contains(name).then(|| self.ledger.role(name));
        if let Some(role) = role.flatten() {
            return Ok(role);
        }
        let near = did_you_mean(name, known.iter().copied());
        let names = known.iter().copied().collect::<Vec<_>>().join(", ");
        Err(if from_config {
            said(
                format!("the config lists no role `{name}`{near}"),
                format!("Name one of: {names}; or list it in `sign_offs.roles`"),
            )
        } else if known.is_empty() {
            said(
                format!("no rule asks the role `{name}` to sign this document off"),
                "List the role in `sign_offs.roles` of the config",
            )
        } else {
            said(
                format!("no rule asks the role `{name}` to sign this document off{near}"),
                format!("Name one of: {names}; or list it in `sign_offs.roles` of the config"),
            )
        })
    }

    fn state(&self, name: &str, asked: &BTreeSet<String>) -> RoleState {
        let roles = &self.gate.config.sign_offs.roles;
        let listed = roles.iter().find(|role| role.name.value == name);
        let title = listed.and_then(|role| role.title.as_ref());
        RoleState {
            name: name.to_owned(),
            title: title.map(|title| title.value.clone()),
            asked: asked.contains(name),
            verdict: self.ledger.of(&self.document, name, &self.evidence),
        }
    }
}

//! What somebody who signs a document off has to see: what is bound, what changed since the role's
//! last sign-off, what is still open, and who else must sign.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::gate::Gate;
use super::load::{Load, Loader, Numbers};
use super::report::CheckOptions;
use super::run::Inputs;
use crate::discover::{Content, Input};
use crate::document::{self, Difference, Document, MAX_COMPANIONS};
use crate::evidence::Evidence;
use crate::files::{FileKind, Files, FolderEntry, Opened};
use crate::finding::{DocumentRef, Finding, Report, Severity, Stage, Verdict, did_you_mean};
use crate::policy::RequirementText;
use crate::signoff::scope::{self, Part};
use crate::signoff::statement::{ScopePart, Statement, Subject};
use crate::signoff::store::Found;
use crate::signoff::verdict::{self, Change, Role, Standing};
use crate::signoff::{ContentDigest, Covered, SignOffs};
use crate::source::FileId;
use crate::value::{NodeRef, Pointer};

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

/// A statement that is there already.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// What it says.
    pub statement: Statement,
    /// SHA-256 of its bytes, by which another supersedes it.
    pub digest: String,
    /// Its file, relative to the root.
    pub path: Utf8PathBuf,
    /// What it is worth now.
    pub standing: Option<Standing>,
    /// What is not as it was signed, of what it is bound to.
    pub changed: Vec<Change>,
    /// Whether other policies were in force.
    pub policies_changed: bool,
    /// What is known of the document as it was signed.
    pub before: Before,
}

/// What is known of the document as it was signed.
#[derive(Clone, Debug)]
pub enum Before {
    /// It is still the same.
    Unchanged,
    /// What was signed is there to compare with.
    Known {
        /// What differs.
        differences: Vec<Difference>,
        /// The parts whose text differs, though no value and no line that is shown: by comments or by
        /// layout.
        layout: Vec<Part>,
        /// The git blob of what was signed.
        blob: String,
    },
    /// It cannot be compared, and why.
    Unknown(String),
}

/// A finding that a signer acknowledges.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// Its rule.
    pub rule: String,
    /// Its severity.
    pub severity: Severity,
    /// By which it is known.
    pub fingerprint: String,
    /// What it says.
    pub message: String,
    /// Where: file, line, column.
    pub place: (String, u32, u32),
    /// Whether it fails the gate at the stage.
    pub blocking: bool,
    /// Whether the role's last sign-off did not have it; `None` where there is none.
    pub new: Option<bool>,
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

    /// What is open at the stage, and how many findings are left for later. That somebody has not
    /// signed yet is no finding that a signer could acknowledge.
    fn open(&self, report: &Report, stage: Stage) -> (Vec<Acknowledged>, usize) {
        let own = |finding: &&Finding| {
            finding.document.as_ref() == Some(&self.document.reference)
                && !self.asks_for_sign_offs(finding)
        };
        let mut later = 0;
        let mut open = Vec::new();
        for finding in report.findings.iter().filter(own) {
            if finding.blocks_from.is_some_and(|from| from > stage) {
                later += 1;
                continue;
            }
            let location = finding.primary.location;
            let place = report.sources.file(location).map(|file| {
                let at = file.line_column(location.span.start);
                (file.path().to_string(), at.line, at.column)
            });
            open.push(Acknowledged {
                rule: finding.rule.to_string(),
                severity: finding.severity,
                fingerprint: finding.fingerprint.to_string(),
                message: finding.message.clone(),
                place: place.unwrap_or((self.input.path.to_string(), 1, 1)),
                blocking: finding.blocking,
                new: None,
            });
        }
        (open, later)
    }

    fn asks_for_sign_offs(&self, finding: &Finding) -> bool {
        let rules = self.gate.rules.rules();
        let rule = rules.iter().find(|rule| rule.id == finding.rule);
        rule.is_some_and(|rule| {
            rule.texts.require.iter().any(|text| {
                matches!(text, RequirementText::Expression(text) if text.contains("signoff("))
            })
        })
    }

    fn earlier(&self, role: &RoleState, policies: &str, report: &Report) -> Vec<Earlier> {
        let hidden: Vec<Pointer> = report
            .findings
            .iter()
            .filter(|it| it.redacted && it.document.as_ref() == Some(&self.document.reference))
            .map(|finding| pointer(&finding.pointer))
            .collect();
        let found = self.ledger.store().of(self.document.id()).iter();
        found
            .filter(|found| found.statement.predicate.role == role.name)
            .map(|found| {
                let given = &found.statement.predicate;
                let mut votes = role.verdict.votes.iter();
                let own = votes.find(|(principal, _)| *principal == given.principal);
                Earlier {
                    statement: found.statement.clone(),
                    digest: found.digest.clone(),
                    path: found.source.path().to_owned(),
                    standing: own.map(|(_, standing)| standing.clone()),
                    changed: verdict::changes(
                        &found.statement,
                        &self.covered.content,
                        &self.covered.files,
                        &|part| scope::digest(self.document.root(), part),
                    ),
                    policies_changed: given.policies.sha256 != policies,
                    before: self.before(found, &hidden),
                }
            })
            .collect()
    }

    /// Compares the document with what was signed. Values below `hidden` places are not shown.
    fn before(&self, found: &Found, hidden: &[Pointer]) -> Before {
        let Some(subject) = found.statement.subjects.first() else {
            return Before::Unknown("the statement names no document".to_owned());
        };
        // Its sidecar, and what else it is put together from.
        let belonging: Vec<&str> = self
            .document
            .tree()
            .sources()
            .iter()
            .map(|source| source.path().as_str())
            .collect();
        let others = found.statement.subjects.iter().skip(1).filter(|subject| {
            let now = self.covered.files.get(&subject.name);
            let changed = now.is_none_or(|now| now.as_ref() != Some(&subject.digest));
            let sidecar = document::sidecar_path(&self.input.path);
            let is_part = belonging.contains(&&*subject.name) || sidecar == *subject.name;
            changed && is_part
        });
        let others: Vec<&Subject> = others.collect();
        if subject.digest == self.covered.content && others.is_empty() {
            return Before::Unchanged;
        }
        let mut texts = BTreeMap::new();
        for subject in others {
            let Some(bytes) = self.signed(&subject.digest) else {
                return Before::Unknown(format!("git has no `{}` as it was signed", subject.name));
            };
            texts.insert(self.gate.config.root.join(&subject.name), bytes);
        }
        let Some(bytes) = self.signed(&subject.digest) else {
            return Before::Unknown("git has not got the document as it was signed".to_owned());
        };
        let Some(former) = self.load(bytes, texts, found) else {
            return Before::Unknown("what was signed is no such document any more".to_owned());
        };
        let (before, now) = (former.root(), self.document.root());
        let mut differences = document::differences(before, now);
        for difference in &mut differences {
            if let Difference::Field {
                path, before, now, ..
            } = difference
                && document::is_at_or_below(path, hidden)
            {
                for value in [before, now].into_iter().flatten() {
                    "(not shown)".clone_into(value);
                }
            }
        }
        // A section holds those below it, whose lines are shown.
        let in_sections = differences
            .iter()
            .any(|it| matches!(it, Difference::Section { .. }));
        let is_shown = |part: &Part| match part {
            Part::Section(_) => in_sections,
            Part::Field(field) => differences.iter().any(|it| is_in(it, field)),
        };
        let layout = scope::changed(before, now)
            .into_iter()
            .filter(|part| !is_shown(part))
            .collect();
        Before::Known {
            differences,
            layout,
            blob: subject.digest.git_blob.clone(),
        }
    }

    /// A content that git has, if it is what was signed: the id of a blob proves nothing.
    fn signed(&self, digest: &ContentDigest) -> Option<Arc<[u8]>> {
        let bytes = (self.question.former)(&digest.git_blob)?;
        (ContentDigest::of(&bytes) == *digest).then(|| Arc::from(bytes))
    }

    /// The document as it was.
    fn load(
        &self,
        bytes: Arc<[u8]>,
        texts: BTreeMap<Utf8PathBuf, Arc<[u8]>>,
        found: &Found,
    ) -> Option<Document> {
        let config = &self.gate.config;
        let sidecar = document::sidecar_path(&self.input.path);
        let had = found.statement.subjects.iter();
        let had = had.skip(1).any(|subject| sidecar == *subject.name);
        let input = Input {
            content: Content::Bytes(bytes),
            sidecar: had.then(|| config.root.join(&sidecar)),
            ..self.input.clone()
        };
        let files = AsSigned {
            files: self.files,
            texts,
        };
        let loader = Loader {
            files: &files,
            root: &config.root,
            kinds: &self.gate.kinds,
            formats: &self.gate.formats,
            limits: config.limits.limits(),
        };
        let first = u32::MAX - 2 - MAX_COMPANIONS;
        let numbers = Numbers {
            input: FileId(first),
            sidecar: FileId(first + 1),
            companions: FileId(first + 2),
        };
        let Load { documents, .. } = loader.load(&input, numbers);
        let id = &found.statement.predicate.document.id;
        documents
            .into_iter()
            .find(|document| document.intact && document.id() == id)
    }
}

impl Earlier {
    /// Whether somebody who may sign did, whatever has become of it since.
    pub fn is_authentic(&self) -> bool {
        self.standing.as_ref().is_some_and(Standing::is_authentic)
    }
}

impl Review {
    /// The part of a name that a signer has typed: a JSON Pointer, a path as rules write it, or the
    /// title of a section. The error is a sentence and what to do.
    pub fn part(&self, name: &str) -> Result<ScopePart, (String, String)> {
        let root = self.document_read.root();
        let mut meant: Vec<ScopePart> = Vec::new();
        let pointer = if name.starts_with('/') {
            Some(name.to_owned())
        } else {
            let path = name.parse::<Pointer>().ok();
            path.map(|path| path.to_string())
                .filter(|it| !it.is_empty())
        };
        let parts = pointer
            .map(Part::Field)
            .into_iter()
            .chain([Part::Section(name.to_owned())]);
        for part in parts {
            if let Some(sha256) = scope::digest(root, &part) {
                meant.push(ScopePart { part, sha256 });
            }
        }
        if let (Some(part), 1) = (meant.pop(), meant.len() + 1) {
            return Ok(part);
        }
        let known: Vec<String> = self.parts.iter().map(|known| plain(&known.part)).collect();
        if !meant.is_empty() {
            let message = format!("`{name}` is a field and a section");
            return Err((message, format!("For the field say `/{name}`")));
        }
        let near = did_you_mean(name, known.iter().map(String::as_str));
        let sections = root.get("sections").into_iter().flat_map(NodeRef::items);
        let twice = sections
            .filter(|section| section.get("title").and_then(NodeRef::as_str) == Some(name))
            .count();
        let message = if twice > 1 {
            format!("several sections are called `{name}`, so none can be signed by its title")
        } else {
            format!("the document has no field and no section `{name}`{near}")
        };
        Err((message, format!("There are: {}", known.join(", "))))
    }
}

/// A part as somebody would type it.
fn plain(part: &Part) -> String {
    match part {
        Part::Field(pointer) => pointer.trim_start_matches('/').to_owned(),
        Part::Section(title) => title.clone(),
    }
}

fn pointer(text: &str) -> Pointer {
    let mut pointer = Pointer::default();
    for step in text.split('/').skip(1) {
        pointer = match step.parse() {
            Ok(index) => pointer.index(index),
            Err(_) => pointer.key(&step.replace("~1", "/").replace("~0", "~")),
        };
    }
    pointer
}

/// Whether a difference lies in a field.
fn is_in(difference: &Difference, field: &str) -> bool {
    match difference {
        Difference::Field { path, .. } => document::is_at_or_below(path, &[pointer(field)]),
        Difference::Section { .. } => false,
    }
}

/// The files with some of them as they were signed.
struct AsSigned<'f> {
    files: &'f dyn Files,
    texts: BTreeMap<Utf8PathBuf, Arc<[u8]>>,
}

impl Files for AsSigned<'_> {
    fn stat(&self, path: &Utf8Path) -> io::Result<FileKind> {
        match self.texts.get(path) {
            Some(_) => Ok(FileKind::File),
            None => self.files.stat(path),
        }
    }

    fn stat_link(&self, path: &Utf8Path) -> io::Result<FileKind> {
        self.stat(path)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        match self.texts.get(path) {
            Some(_) => Ok(path.to_owned()),
            None => self.files.canonical(path),
        }
    }

    fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(bytes) => {
                let most = usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX);
                Ok(bytes.iter().take(most).copied().collect())
            }
            None => self.files.read(path, limit),
        }
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Opened> {
        match self.texts.get(path) {
            Some(text) => Ok(Opened {
                bytes: text.len() as u64,
                content: Box::new(io::Cursor::new(Arc::clone(text))),
            }),
            None => self.files.open(path),
        }
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<FolderEntry>> {
        self.files.list(path)
    }
}

impl Review {
    /// The document's fields and innermost sections with their digests, for a statement to say later
    /// which of them changed.
    pub fn contents(&self) -> Vec<ScopePart> {
        let leaves = scope::leaves(self.document_read.root());
        let known = self.parts.iter();
        known
            .filter(|known| leaves.contains(&known.part))
            .cloned()
            .collect()
    }
}

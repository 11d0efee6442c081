//! [`SignOffs`]: what the sign-offs of each document come to, and `signoff(role)`, by which rules ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use camino::Utf8PathBuf;
use jiff::civil::Date;

use super::authors::{CommitAuthors, Commits, github_login};
use super::covered::{Covered, identity, named_files};
use super::digest::ContentDigest;
use super::github::Reviews;
use super::statement::{Decision, Identity, Statement};
use super::store::{Found, Store};
use super::verdict::{
    Assurance, Binding, Role, Situation, Standing, Status, Verdict, Vote, is_member, judge,
};
use super::{fact, scope, stated};
use crate::document::Document;
use crate::evidence::{self, Evidence};
use crate::expr::{FactError, Signature, Type, Value};
use crate::finding::{Finding, Label, Severity, SignOffState, Stage, did_you_mean};
use crate::source::{Location, Span};

/// The name of the function.
const FUNCTION: &str = "signoff";

/// The functions that rules may ask the world: those of evidence, and `signoff(role)`.
pub fn signatures() -> Vec<Signature> {
    let mut known = evidence::signatures();
    known.push(Signature::new(FUNCTION, [Type::String], fact::ty(FUNCTION)));
    known
}

/// The sign-offs of a run. Each document is judged once, whoever asks first.
#[derive(Debug)]
pub struct SignOffs {
    roles: Vec<Role>,
    distinct: Vec<BTreeSet<String>>,
    /// The least that a sign-off must be in a role that is not listed.
    minimum: Assurance,
    store: Store,
    /// The statements as they were where a change began.
    former: Store,
    history: Option<Arc<dyn CommitAuthors>>,
    reviews: Option<Reviews>,
    /// The documents that the reviews are about, by path; `None` is every one.
    reviewed: Option<BTreeSet<Utf8PathBuf>>,
    /// The principals of GitHub logins.
    github: BTreeMap<String, String>,
    /// Whether there was no history to ask where it would have been asked.
    unasked: AtomicBool,
    today: Date,
    /// The stage that is asked about; `None` takes each document's own.
    stage: Option<Stage>,
    /// By the place of the document.
    judged: Mutex<BTreeMap<Location, Judged>>,
}

/// Why a statement will not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// In a sentence without its final period.
    pub reason: String,
    /// What would have to be otherwise, where that is known.
    pub remedy: Option<Remedy>,
}

impl Idle {
    fn new(reason: String, remedy: Option<Remedy>) -> Self {
        Self { reason, remedy }
    }
}

/// What keeps a statement from counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Its principal wrote the document, or commits of it.
    Authors,
    /// Nobody can tell who wrote the commits.
    History,
    /// Its principal signs in another role that must be somebody else's.
    Distinct,
}

#[derive(Clone, Debug, Default)]
struct Judged {
    document: Option<Identity>,
    verdicts: Arc<BTreeMap<String, Verdict>>,
    asked: BTreeSet<String>,
}

impl SignOffs {
    /// Sign-offs as documents state them, in any role: where no organisation asks for more.
    pub fn stated(today: Date) -> Self {
        Self {
            roles: Vec::new(),
            distinct: Vec::new(),
            minimum: Assurance::Named,
            store: Store::default(),
            former: Store::default(),
            history: None,
            reviews: None,
            reviewed: None,
            github: BTreeMap::new(),
            unasked: AtomicBool::new(false),
            today,
            stage: None,
            judged: Mutex::default(),
        }
    }

    /// With the statements of a run. `stage` is the one that is asked about; `None` takes each
    /// document's own, and the last where it says none.
    #[must_use]
    pub fn with_store(mut self, store: Store, stage: Option<Stage>) -> Self {
        self.store = store;
        self.stage = stage;
        self
    }

    /// With the roles of an organisation. `minimum` is the least that a sign-off must be in a role
    /// that is not among them: above [`Assurance::Named`] none counts.
    #[must_use]
    pub fn with_roles(
        mut self,
        roles: Vec<Role>,
        distinct: Vec<BTreeSet<String>>,
        minimum: Assurance,
    ) -> Self {
        self.roles = roles;
        self.distinct = distinct;
        self.minimum = minimum;
        self
    }

    /// With the principals of GitHub logins, these in lower case.
    #[must_use]
    pub fn with_github(mut self, principals: BTreeMap<String, String>) -> Self {
        self.github = principals;
        self
    }

    /// With those who know who wrote the commits of documents.
    #[must_use]
    pub fn with_history(mut self, history: Option<Arc<dyn CommitAuthors>>) -> Self {
        self.history = history;
        self
    }

    /// With the reviews of a pull request. They speak of the documents that one of these files,
    /// relative to the root, belongs to; of every one where that is not known.
    #[must_use]
    pub fn with_reviews(
        mut self,
        reviews: Option<Reviews>,
        changed: Option<BTreeSet<Utf8PathBuf>>,
    ) -> Self {
        self.reviews = reviews;
        self.reviewed = changed;
        self
    }

    /// With the statements that were there where a change began: to take the file of a refusal away
    /// does not lift it.
    #[must_use]
    pub fn with_former(mut self, former: Store) -> Self {
        self.former = former;
        self
    }

    /// The statements as they were where the change began; none where that is not known.
    pub fn former(&self) -> &Store {
        &self.former
    }

    /// What is to be said of the run as a whole.
    pub fn notices(&self) -> Vec<String> {
        let unasked = self.unasked.load(Ordering::Relaxed).then(|| {
            "who wrote the commits of documents that are signed off was not looked at, since this is \
             no git repository: their authors are those that they state"
                .to_owned()
        });
        unasked.into_iter().collect()
    }

    /// The statements.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// A role that sign-offs may be given in: one of the organisation's, or any where what documents
    /// state counts.
    pub fn role(&self, name: &str) -> Option<Role> {
        let listed = self.roles.iter().find(|known| known.name == name).cloned();
        listed.or_else(|| self.knows(name).then(|| anybody(name)))
    }

    /// The roles that rules have asked for, about the documents of an identity.
    pub fn asked(&self, document: &Identity) -> BTreeSet<String> {
        let judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        judged
            .values()
            .filter(|known| known.document.as_ref() == Some(document))
            .flat_map(|known| known.asked.iter().cloned())
            .collect()
    }

    /// Whether a role is one that sign-offs may be given in.
    pub fn knows(&self, role: &str) -> bool {
        self.minimum == Assurance::Named || self.roles.iter().any(|known| known.name == role)
    }

    /// Answers a function of [`signatures`] for a rule that is held against `document`.
    ///
    /// # Errors
    /// The function is none of them, or an argument is of the wrong type.
    pub fn call<'a>(
        &self,
        function: &str,
        args: &[Value<'a>],
        document: &Document,
        evidence: &Evidence<'_>,
    ) -> Result<Value<'a>, FactError> {
        match (function, args) {
            (FUNCTION, [role]) => {
                let role = role.as_str().ok_or_else(|| FactError::Unreadable {
                    message: "`signoff()` takes the name of a role, which is text".to_owned(),
                })?;
                Ok(fact::value(&self.of(document, role, evidence)))
            }
            _ => evidence.call(function, args, document),
        }
    }

    /// The verdict on a role, noted as asked for.
    pub fn of(&self, document: &Document, role: &str, evidence: &Evidence<'_>) -> Verdict {
        let place = document.root().address();
        let known = {
            let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
            judged.get_mut(&place).map(|known| {
                known.asked.insert(role.to_owned());
                Arc::clone(&known.verdicts)
            })
        };
        // Two threads may come to the same answer; neither waits for the other.
        let verdicts = known.unwrap_or_else(|| {
            let verdicts = Arc::new(self.judge(document, evidence));
            let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
            let known = judged.entry(place).or_insert_with(|| Judged {
                document: Some(identity(document)),
                verdicts: Arc::clone(&verdicts),
                asked: BTreeSet::new(),
            });
            known.asked.insert(role.to_owned());
            verdicts
        });
        verdicts
            .get(role)
            .cloned()
            .unwrap_or_else(|| self.without(role))
    }

    /// The verdicts on the roles that rules asked a document for, as reports show them. A role that
    /// holds by nothing but what the document states is left out: the statement itself is shown, and
    /// nothing proves it.
    pub fn states(&self, document: &Document) -> Vec<SignOffState> {
        let judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = judged.get(&document.root().address()) else {
            return Vec::new();
        };
        let signed = self.store.of(document.id());
        let mut states = Vec::new();
        for role in &known.asked {
            let verdict = known.verdicts.get(role).cloned();
            let verdict = verdict.unwrap_or_else(|| self.without(role));
            let is_signed = signed.iter().any(|it| it.statement.predicate.role == *role);
            let is_named = verdict.assurance == Some(Assurance::Named);
            if !(verdict.status.holds() && is_named) || is_signed {
                states.push(fact::state(role, &verdict));
            }
        }
        states
    }

    /// A warning for each role that rules asked a document for and that signed no more than parts of
    /// it, where something else has changed since.
    pub fn warnings(&self, document: &Document) -> Vec<Finding> {
        let judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = judged.get(&document.root().address()) else {
            return Vec::new();
        };
        let asked = known.asked.iter();
        let in_scope = asked.filter_map(|role| {
            let verdict = known.verdicts.get(role)?;
            (verdict.status == Status::ValidInScope).then_some((role, verdict))
        });
        in_scope
            .map(|(role, verdict)| self.in_scope(document, role, verdict))
            .collect()
    }

    fn in_scope(&self, document: &Document, role: &str, verdict: &Verdict) -> Finding {
        let message =
            format!("the role `{role}` signed off a part of this, and the rest has changed since");
        let label = Label::new(
            document.root().address(),
            "changed outside of what was reviewed",
        );
        let path = document.source().path();
        let mut finding = Finding::new("signoff/valid-in-scope", message, label)
            .with_severity(Severity::Warning)
            .with_subject(role)
            .with_help(format!(
                "See what has changed with `launchgate review {path} --role {role}`, and have it signed again where \
                 that bears on what was reviewed"
            ));
        for found in self.store.of(document.id()) {
            let given = &found.statement.predicate;
            let counts = verdict.principals.contains(&given.principal);
            if given.role == role && counts && !given.scope.is_empty() {
                let parts: Vec<_> = given.scope.iter().map(|it| it.part.to_string()).collect();
                let place = found.source.location(Span::default());
                let said = format!("{} reviewed {}", given.principal, parts.join(", "));
                finding = finding.with_related(Label::new(place, said));
            }
        }
        finding
    }

    /// The verdict on a role in which nobody signed.
    fn without(&self, role: &str) -> Verdict {
        let mut verdict = blank(Status::Missing);
        if let Some(distrust) = &self.store.roots.distrust {
            verdict.status = Status::Unverified;
            verdict.reason = Some(distrust.clone());
        } else if !self.knows(role) {
            let near = did_you_mean(role, self.roles.iter().map(|known| known.name.as_str()));
            verdict.status = Status::Unverified;
            verdict.reason = Some(format!("the config lists no role `{role}`{near}"));
        }
        verdict
    }

    /// What a statement will be worth once its principal has signed it by a key that counts: judged as
    /// the gate will judge it. The error says why it will not count.
    pub fn foresee(
        &self,
        document: &Document,
        covered: &Covered,
        statement: &Statement,
    ) -> Result<(), Idle> {
        if let Some(distrust) = &self.store.roots.distrust {
            return Err(Idle::new(distrust.clone(), None));
        }
        let name = &statement.predicate.role;
        let judge = |roles: Vec<Role>, distinct: &[BTreeSet<String>]| {
            let files = || covered.files.clone();
            let (verdicts, commits) =
                self.judge_with(document, &files, roles, distinct, Some(statement));
            let votes = verdicts.get(name).and_then(|verdict| verdict.votes.last());
            (votes.map(|(_, standing)| standing.clone()), commits)
        };
        let (standing, commits) = judge(self.roles.clone(), &self.distinct);
        let Some(standing) = standing else {
            let reason = self.without(name).reason.unwrap_or_default();
            return Err(Idle::new(reason, None));
        };
        if standing.counts() {
            return Ok(());
        }
        // What stands in the way is that without which it would be worth something else.
        let differs = |(other, _): (Option<Standing>, _)| other.as_ref() != Some(&standing);
        let mut lenient = self.roles.clone();
        for role in lenient.iter_mut().filter(|role| role.name == *name) {
            role.authors_may_sign = true;
        }
        let remedy = if differs(judge(self.roles.clone(), &[])) {
            Some(Remedy::Distinct)
        } else if !differs(judge(lenient, &self.distinct)) {
            None
        } else if matches!(commits, Commits::Unknown(_)) {
            Some(Remedy::History)
        } else {
            Some(Remedy::Authors)
        };
        Err(Idle::new(standing.reason().unwrap_or_default(), remedy))
    }

    /// The verdicts on the roles of the config, and on those in which somebody signed.
    fn judge(&self, document: &Document, evidence: &Evidence<'_>) -> BTreeMap<String, Verdict> {
        let files = || named_files(document, evidence);
        let roles = self.roles.clone();
        let (verdicts, _) = self.judge_with(document, &files, roles, &self.distinct, None);
        verdicts
    }

    /// The verdicts by these roles, and who wrote the commits. `foreseen` is a statement that takes the
    /// place of what its principal has signed in its role, and whose standing comes last there.
    fn judge_with(
        &self,
        document: &Document,
        files: &dyn Fn() -> BTreeMap<String, Option<ContentDigest>>,
        mut roles: Vec<Role>,
        distinct: &[BTreeSet<String>],
        foreseen: Option<&Statement>,
    ) -> (BTreeMap<String, Verdict>, Commits) {
        let is_replaced = |found: &&Found| {
            foreseen.is_some_and(|foreseen| {
                let (now, next) = (&found.statement.predicate, &foreseen.predicate);
                now.role == next.role && now.principal == next.principal
            })
        };
        let found = self.store.of(document.id());
        let taken_away = |former: &&Found| {
            former.statement.predicate.decision == Decision::Rejected
                && found.iter().all(|now| now.digest != former.digest)
        };
        let former = self.former.of(document.id()).iter();
        let withdrawn: Vec<&Found> = former.filter(taken_away).collect();
        let stated = stated::sign_offs(document.root());
        let mut votes: Vec<Vote<'_>> = found
            .iter()
            .filter(|found| !is_replaced(found))
            .chain(withdrawn.iter().copied())
            .map(|found| {
                let proof = found.proof.as_ref().map(Result::as_ref);
                Vote::signed(&found.statement, &found.digest, proof)
            })
            .collect();
        let mut unusable: BTreeMap<&str, &'static str> = BTreeMap::new();
        for (role, vote) in stated {
            match vote {
                Ok(vote) => votes.push(vote),
                Err(reason) => {
                    unusable.entry(role).or_insert(reason);
                }
            }
        }
        votes.extend(self.approvals(document));
        votes.extend(foreseen.map(Vote::foreseen));
        let named: BTreeSet<&str> = votes.iter().map(|vote| vote.role).collect();
        for name in named.into_iter().chain(unusable.keys().copied()) {
            if self.minimum == Assurance::Named && roles.iter().all(|role| role.name != name) {
                roles.push(anybody(name));
            }
        }
        // What is stated is bound to nothing, so nothing has to be read for it.
        let (content, signed) = if found.is_empty() && withdrawn.is_empty() && foreseen.is_none() {
            (ContentDigest::of(b""), BTreeMap::new())
        } else {
            let text = document.source().text();
            let content = ContentDigest::of(text.as_bytes());
            (content, files())
        };
        let identity = identity(document);
        let authors = stated::authors(document.root());
        let commits = self.commits(document, &roles, &votes);
        let situation = Situation {
            document: &identity,
            content: &content,
            evidence: &signed,
            part: &|part| scope::digest(document.root(), part),
            authors: &authors,
            commits: &commits,
            revoked: &self.store.roots.revoked,
            stage: self.stage.or(document.stage).unwrap_or(Stage::Launched),
            today: self.today,
        };
        let mut verdicts = judge(&roles, distinct, &votes, &situation);
        for (role, verdict) in &mut verdicts {
            if let Some(distrust) = &self.store.roots.distrust {
                *verdict = Verdict {
                    reason: Some(distrust.clone()),
                    quorum: verdict.quorum,
                    ..blank(Status::Unverified)
                };
            } else if let Some(reason) = unusable.get(role.as_str())
                && verdict.status == Status::Missing
            {
                verdict.status = Status::Unverified;
                verdict.reason = Some((*reason).to_owned());
            }
        }
        (verdicts, commits)
    }

    /// What the reviews of the pull request come to as sign-offs: a review names no role, so it is
    /// one in each whose members the config names and the reviewer is among.
    fn approvals<'v>(&'v self, document: &Document) -> Vec<Vote<'v>> {
        let Some(reviews) = &self.reviews else {
            return Vec::new();
        };
        let files = || document.tree().sources().iter().map(|source| source.path());
        let is_about = |changed: &BTreeSet<Utf8PathBuf>| files().any(|file| changed.contains(file));
        if !self.reviewed.as_ref().is_none_or(is_about) {
            return Vec::new();
        }
        let mut votes = Vec::new();
        for review in &reviews.reviews {
            let Some(principal) = self.github.get(&review.login) else {
                continue;
            };
            let is_named = |role: &&Role| !role.members.is_empty() && is_member(principal, role);
            let is_head = reviews.is_of_head(review, files());
            votes.extend(self.roles.iter().filter(is_named).map(|role| Vote {
                role: &role.name,
                principal,
                decision: review.decision,
                conditions: None,
                stage: None,
                issued: Some(review.on),
                expires: None,
                binding: Binding::Commit { is_head },
            }));
        }
        votes
    }

    /// Who wrote the commits of a document, where a sign-off depends on that.
    fn commits(&self, document: &Document, roles: &[Role], votes: &[Vote<'_>]) -> Commits {
        let asks = |role: &Role| role.commit_authors && !role.authors_may_sign;
        let depends = |vote: &Vote<'_>| {
            let mut roles = roles.iter().filter(|role| role.name == vote.role);
            vote.decision != Decision::Rejected && roles.any(asks)
        };
        if !votes.iter().any(depends) {
            return Commits::Unasked;
        }
        let Some(history) = &self.history else {
            self.unasked.store(true, Ordering::Relaxed);
            return Commits::Unasked;
        };
        let mut authors = BTreeSet::new();
        for source in document.tree().sources() {
            match history.of(source.path()) {
                Ok(found) => authors.extend(found),
                Err(why) => return Commits::Unknown(why),
            }
        }
        let logins = authors.iter().filter_map(|author| github_login(author));
        let known = logins.filter_map(|login| self.github.get(&login.to_lowercase()));
        let known: Vec<String> = known.cloned().collect();
        authors.extend(known);
        Commits::By(authors.into_iter().collect())
    }
}

fn blank(status: Status) -> Verdict {
    Verdict {
        status,
        reason: None,
        assurance: None,
        principals: Vec::new(),
        changed: Vec::new(),
        issued: None,
        expires: None,
        decision: None,
        conditions: Vec::new(),
        quorum: 1,
        given: 0,
        votes: Vec::new(),
    }
}

/// A role that no config lists.
fn anybody(name: &str) -> Role {
    Role {
        name: name.to_owned(),
        members: Vec::new(),
        quorum: 1,
        validity: None,
        minimum_assurance: Assurance::Named,
        authors_may_sign: false,
        commit_authors: false,
    }
}

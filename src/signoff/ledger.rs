//! [`SignOffs`]: what the sign-offs of each document come to, and `signoff(role)`, by which rules ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use super::digest::ContentDigest;
use super::scope;
use super::statement::{Decision, Identity};
use super::store::Store;
use super::verdict::{Assurance, Binding, Role, Situation, Status, Verdict, Vote, judge};
use crate::document::Document;
use crate::evidence::{self, Evidence};
use crate::expr::time::parse_date;
use crate::expr::{self, FactError, Signature, Type, Value, is_blank, is_placeholder};
use crate::finding::{SignOffState, Stage, did_you_mean};
use crate::source::Location;
use crate::value::NodeRef;

/// The name of the function.
const FUNCTION: &str = "signoff";

/// The functions that rules may ask the world: those of evidence, and `signoff(role)`.
pub fn signatures() -> Vec<Signature> {
    let mut known = evidence::signatures();
    known.push(Signature::new(FUNCTION, [Type::String], ty()));
    known
}

/// The type of what `signoff(role)` gives.
fn ty() -> Type {
    let assurances = [Assurance::Named, Assurance::GithubReview, Assurance::Ssh];
    let decisions = [
        Decision::Approved,
        Decision::ApprovedWithConditions,
        Decision::Rejected,
        Decision::NotApplicable,
    ];
    Type::object(
        FUNCTION,
        [
            ("status", Type::one_of(Status::ALL.map(Status::as_str))),
            ("assurance", Type::one_of(assurances.map(Assurance::as_str))),
            ("reason", Type::String),
            ("principals", Type::list(Type::String)),
            ("changed", Type::list(Type::String)),
            ("expires", Type::Date),
            ("decision", Type::one_of(decisions.map(Decision::as_str))),
            ("conditions", Type::list(Type::String)),
            ("quorum", Type::Int),
            ("given", Type::Int),
        ],
    )
}

/// The sign-offs of a run. Each document is judged once, whoever asks first.
#[derive(Debug)]
pub struct SignOffs {
    roles: Vec<Role>,
    distinct: Vec<BTreeSet<String>>,
    /// The least that a sign-off must be in a role that is not listed.
    minimum: Assurance,
    store: Store,
    today: Date,
    /// The stage that is asked about; `None` takes each document's own.
    stage: Option<Stage>,
    /// By the place of the document.
    judged: Mutex<BTreeMap<Location, Judged>>,
}

#[derive(Clone, Debug, Default)]
struct Judged {
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

    /// The statements.
    pub fn store(&self) -> &Store {
        &self.store
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
                Ok(value(&self.of(document, role, evidence)))
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
                states.push(state(role, &verdict));
            }
        }
        states
    }

    /// The verdict on a role in which nobody signed.
    fn without(&self, role: &str) -> Verdict {
        let mut verdict = blank(Status::Missing);
        if let Some(distrust) = &self.store.distrust {
            verdict.status = Status::Unverified;
            verdict.reason = Some(distrust.clone());
        } else if !self.knows(role) {
            let near = did_you_mean(role, self.roles.iter().map(|known| known.name.as_str()));
            verdict.status = Status::Unverified;
            verdict.reason = Some(format!("the config lists no role `{role}`{near}"));
        }
        verdict
    }

    /// The verdicts on the roles of the config, and on those in which somebody signed.
    fn judge(&self, document: &Document, evidence: &Evidence<'_>) -> BTreeMap<String, Verdict> {
        let found = self.store.of(document.id());
        let stated = stated(document.root());
        let mut votes: Vec<Vote<'_>> = found
            .iter()
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
        let mut roles = self.roles.clone();
        let named: BTreeSet<&str> = votes.iter().map(|vote| vote.role).collect();
        for name in named.into_iter().chain(unusable.keys().copied()) {
            if self.minimum == Assurance::Named && roles.iter().all(|role| role.name != name) {
                roles.push(anybody(name));
            }
        }
        // What is stated is bound to nothing, so nothing has to be read for it.
        let (content, signed) = if found.is_empty() {
            (ContentDigest::of(b""), BTreeMap::new())
        } else {
            let text = document.source().text();
            let content = ContentDigest::of(text.as_bytes());
            (content, named_files(document, evidence))
        };
        let identity = Identity {
            kind: document.kind().to_owned(),
            id: document.id().to_owned(),
        };
        let authors = authors(document.root());
        let situation = Situation {
            document: &identity,
            content: &content,
            evidence: &signed,
            part: &|part| scope::digest(document.root(), part),
            authors: &authors,
            revoked: &self.store.revoked,
            stage: self.stage.or(document.stage).unwrap_or(Stage::Launched),
            today: self.today,
        };
        let mut verdicts = judge(&roles, &self.distinct, &votes, &situation);
        for (role, verdict) in &mut verdicts {
            if let Some(distrust) = &self.store.distrust {
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
        verdicts
    }
}

fn blank(status: Status) -> Verdict {
    Verdict {
        status,
        reason: None,
        assurance: None,
        principals: Vec::new(),
        changed: Vec::new(),
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
    }
}

/// The files that a sign-off covers beside the document's own: its sidecar, and its evidence.
fn named_files(
    document: &Document,
    evidence: &Evidence<'_>,
) -> BTreeMap<String, Option<ContentDigest>> {
    let mut files = evidence.of(document, &|content| ContentDigest::read(content));
    let own = document.source().id();
    for source in document.tree().sources() {
        if source.id() != own {
            let digest = ContentDigest::of(source.text().as_bytes());
            files.insert(source.path().to_string(), Some(digest));
        }
    }
    files
}

/// The sign-offs that a document states, by role; one that says too little says what is missing.
fn stated(root: NodeRef<'_>) -> Vec<(&str, Result<Vote<'_>, &'static str>)> {
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
        let day =
            |key: &str| text(item, key).map(|day| parse_date(&day).map(expr::time::Date::day));
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
pub fn authors(root: NodeRef<'_>) -> Vec<String> {
    let list = root.get("authors").into_iter().flat_map(NodeRef::items);
    list.filter_map(|author| Some(author.as_str()?.to_owned()))
        .collect()
}

/// What `signoff(role)` gives. What is not known has no key.
fn value<'a>(verdict: &Verdict) -> Value<'a> {
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
fn state(role: &str, verdict: &Verdict) -> SignOffState {
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

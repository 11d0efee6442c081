use jiff::civil::date;

use super::*;
use crate::expr::time::parse_iso_duration;
use crate::signoff::ssh::{Algorithm, LineReason, Refused, SignatureError, Verified};
use crate::signoff::statement::{PolicyDigest, ScopePart, SignOff, Statement, Subject};
use crate::source::{FileId, Location, SourceFile, Span};

const DOCUMENT: &[u8] = b"id: scoring\ndata: 1\n";
const ANN: &str = "ann@bank.example";
const BOB: &str = "bob@bank.example";

/// A statement with what its signature is worth.
#[derive(Clone)]
struct Signed {
    statement: Statement,
    digest: String,
    proof: Option<Result<Verified, Refused>>,
}

impl Signed {
    /// An approval that holds.
    fn by(principal: &str) -> Self {
        Self::of(principal, |_| {})
    }

    fn of(principal: &str, change: impl FnOnce(&mut Statement)) -> Self {
        let subject = |name: &str, content: &[u8]| Subject {
            name: name.to_owned(),
            digest: ContentDigest::of(content),
        };
        let mut statement = Statement::new(
            subject("specs/scoring.yaml", DOCUMENT),
            vec![subject("scan.sarif", b"{}")],
            SignOff {
                role: "privacy".into(),
                principal: principal.into(),
                decision: Decision::Approved,
                conditions: None,
                reason: None,
                document: identity("scoring"),
                stage: Stage::Launched,
                scope: Vec::new(),
                contents: Vec::new(),
                policies: PolicyDigest {
                    sha256: "0".repeat(64),
                },
                acknowledged: Vec::new(),
                issued: date(2026, 6, 1),
                expires: date(2027, 6, 1),
                supersedes: None,
            },
        );
        change(&mut statement);
        let digest = crate::signoff::of_statement(statement.to_json().as_bytes());
        Self {
            statement,
            digest,
            proof: Some(Ok(verified(principal))),
        }
    }

    fn refused(mut self, refused: Refused) -> Self {
        self.proof = Some(Err(refused));
        self
    }

    fn unsigned(mut self) -> Self {
        self.proof = None;
        self
    }

    fn key(mut self, key: &str) -> Self {
        self.proof = Some(Ok(verified(key)));
        self
    }
}

fn verified(key: &str) -> Verified {
    Verified {
        fingerprint: format!("SHA256:{key}"),
        algorithm: Algorithm::Ed25519,
        line: Location {
            file: FileId(0),
            span: Span::default(),
        },
        certified: None,
        security_key: None,
    }
}

fn identity(id: &str) -> Identity {
    Identity {
        kind: "feature-spec".into(),
        id: id.into(),
    }
}

fn role(name: &str) -> Role {
    Role {
        name: name.into(),
        members: vec!["*@bank.example".into()],
        quorum: 1,
        validity: None,
        minimum_assurance: Assurance::Ssh,
        authors_may_sign: false,
        commit_authors: true,
    }
}

/// What is judged; right until something is changed.
struct Scene {
    roles: Vec<Role>,
    distinct: Vec<BTreeSet<String>>,
    signed: Vec<Signed>,
    stated: Vec<Vote<'static>>,
    document: Identity,
    content: ContentDigest,
    evidence: BTreeMap<String, Option<ContentDigest>>,
    parts: BTreeMap<Part, String>,
    authors: Vec<String>,
    commits: Commits,
    revoked: Revoked,
    stage: Stage,
    today: Date,
}

fn scene(signed: impl IntoIterator<Item = Signed>) -> Scene {
    Scene {
        roles: vec![role("privacy")],
        distinct: Vec::new(),
        signed: signed.into_iter().collect(),
        stated: Vec::new(),
        document: identity("scoring"),
        content: ContentDigest::of(DOCUMENT),
        evidence: BTreeMap::from([("scan.sarif".to_owned(), Some(ContentDigest::of(b"{}")))]),
        parts: BTreeMap::from([(Part::Field("/data".into()), "1".repeat(64))]),
        authors: vec!["carl@bank.example".into()],
        commits: Commits::Unasked,
        revoked: Revoked::default(),
        stage: Stage::Launched,
        today: date(2026, 11, 22),
    }
}

impl Scene {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn edited(self, content: &[u8]) -> Self {
        let content = ContentDigest::of(content);
        self.with(|scene| scene.content = content)
    }

    fn all(&self) -> BTreeMap<String, Verdict> {
        let mut votes: Vec<Vote<'_>> = self
            .signed
            .iter()
            .map(|signed| {
                let proof = signed.proof.as_ref().map(Result::as_ref);
                Vote::signed(&signed.statement, &signed.digest, proof)
            })
            .collect();
        votes.extend(self.stated.iter().cloned());
        let situation = Situation {
            document: &self.document,
            content: &self.content,
            evidence: &self.evidence,
            part: &|part| self.parts.get(part).cloned(),
            authors: &self.authors,
            commits: &self.commits,
            revoked: &self.revoked,
            stage: self.stage,
            today: self.today,
        };
        judge(&self.roles, &self.distinct, &votes, &situation)
    }

    fn privacy(&self) -> Verdict {
        self.all().remove("privacy").unwrap()
    }

    #[track_caller]
    fn is(&self, status: Status, said: &str) -> Verdict {
        let verdict = self.privacy();
        let reason = verdict.reason.clone().unwrap_or_default();
        assert_eq!(verdict.status, status, "{reason}");
        assert!(reason.contains(said), "{reason}");
        verdict
    }
}

fn scoped(statement: &mut Statement) {
    statement.predicate.scope = vec![ScopePart {
        part: Part::Field("/data".into()),
        sha256: "1".repeat(64),
    }];
}

fn stated(principal: &'static str, decision: Decision, issued: Option<Date>) -> Vote<'static> {
    Vote {
        role: "privacy",
        principal,
        decision,
        conditions: None,
        stage: None,
        issued,
        expires: None,
        binding: Binding::Stated,
    }
}

#[test]
fn a_sign_off_of_what_stands_there_is_valid() {
    let verdict = scene([Signed::by(ANN)]).is(Status::Valid, "");
    assert_eq!(verdict.principals, [ANN]);
    assert_eq!(verdict.expires, Some(date(2027, 6, 1)));
    assert_eq!(verdict.decision, Some(Decision::Approved));
    assert_eq!(verdict.assurance, Some(Assurance::Ssh));
    assert_eq!((verdict.given, verdict.quorum), (1, 1));
    // A document may be moved, and line ends are those of a checkout.
    scene([Signed::of(ANN, |it| {
        it.subjects[0].name = "old.yaml".into();
    })])
    .is(Status::Valid, "");
    scene([Signed::by(ANN)])
        .edited(b"id: scoring\r\ndata: 1\r\n")
        .is(Status::Valid, "");
}

#[test]
fn conditions_and_not_applicable_are_told() {
    let verdict = scene([Signed::of(ANN, |it| {
        it.predicate.decision = Decision::ApprovedWithConditions;
        it.predicate.conditions = Some("PRIV-7".into());
    })])
    .is(Status::Valid, "");
    assert_eq!(verdict.conditions, ["PRIV-7"]);
    assert_eq!(verdict.decision, Some(Decision::ApprovedWithConditions));
    let verdict = scene([Signed::of(ANN, |it| {
        it.predicate.decision = Decision::NotApplicable;
    })])
    .is(Status::Valid, "");
    assert_eq!(verdict.decision, Some(Decision::NotApplicable));
}

#[test]
fn an_edit_makes_it_stale_and_says_what_changed() {
    let verdict = scene([Signed::by(ANN)])
        .edited(b"id: scoring\ndata: 2\n")
        .is(Status::Stale, "the document");
    assert_eq!(verdict.changed, [Change::Document]);
    scene([Signed::by(ANN)])
        .edited(b"id:  scoring\ndata: 1\n")
        .is(Status::Stale, "the document");
    let evidence = |path: &str, content: Option<&[u8]>| {
        let entry = (path.to_owned(), content.map(ContentDigest::of));
        scene([Signed::by(ANN)]).with(|scene| {
            scene.evidence.extend([entry]);
        })
    };
    evidence("scan.sarif", Some(b"{ }")).is(Status::Stale, "`scan.sarif`");
    evidence("scan.sarif", None).is(Status::Stale, "`scan.sarif` (gone)");
    evidence("more.csv", Some(b"x")).is(Status::Stale, "`more.csv` (new)");
    evidence("more.csv", None).is(Status::Stale, "`more.csv` (new)");
    evidence("copy.sarif", Some(b"{}")).is(Status::Valid, "");
    scene([Signed::by(ANN)])
        .with(|scene| scene.evidence.clear())
        .is(Status::Stale, "`scan.sarif` (gone)");
}

#[test]
fn an_edit_outside_the_scope_leaves_it_valid_in_scope() {
    let edited = || scene([Signed::of(ANN, scoped)]).edited(b"id: scoring\ndata: 1\nkpis: 2\n");
    scene([Signed::of(ANN, scoped)]).is(Status::Valid, "");
    let verdict = edited().is(Status::ValidInScope, "changed since: the document");
    assert!(verdict.status.holds());
    edited()
        .with(|scene| {
            scene
                .parts
                .insert(Part::Field("/data".into()), "2".repeat(64));
        })
        .is(Status::Stale, "`/data`");
    edited()
        .with(|scene| scene.parts.clear())
        .is(Status::Stale, "`/data` (gone)");
    edited()
        .with(|scene| {
            scene.evidence.insert("scan.sarif".into(), None);
        })
        .is(Status::Stale, "`scan.sarif`");
}

#[test]
fn days_are_held_to() {
    let on = |today: Date| scene([Signed::by(ANN)]).with(|scene| scene.today = today);
    on(date(2026, 6, 1)).is(Status::Valid, "");
    on(date(2027, 6, 1)).is(Status::Valid, "");
    on(date(2027, 6, 2)).is(Status::Expired, "expired on 2027-06-01");
    on(date(2026, 5, 31)).is(Status::Unverified, "still to come");
}

#[test]
fn a_validity_longer_than_the_role_grants_is_cut() {
    let with = |validity: &str, today: Date| {
        let validity = parse_iso_duration(validity).unwrap();
        scene([Signed::by(ANN)]).with(|scene| {
            scene.roles[0].validity = Some(validity);
            scene.today = today;
        })
    };
    let verdict = with("P6M", date(2026, 12, 1)).is(Status::Valid, "");
    assert_eq!(verdict.expires, Some(date(2026, 12, 1)));
    with("P6M", date(2026, 12, 2)).is(Status::Expired, "P6M");
    let verdict = with("P2Y", date(2026, 12, 2)).is(Status::Valid, "");
    assert_eq!(verdict.expires, Some(date(2027, 6, 1)));
    with("P2Y", date(2026, 12, 2))
        .with(|scene| {
            scene.signed.clear();
            scene.roles[0].minimum_assurance = Assurance::Named;
            scene.stated = vec![stated(ANN, Decision::Approved, None)];
        })
        .is(Status::Expired, "has no date");
}

#[test]
fn signatures_that_do_not_hold_count_for_nothing() {
    let refused = |refused: Refused| scene([Signed::by(ANN).refused(refused)]);
    scene([Signed::by(ANN).unsigned()]).is(Status::Unverified, "no signature");
    refused(SignatureError::Mismatch.into()).is(Status::Unverified, "does not match");
    refused(Refused::UnknownPrincipal(ANN.into())).is(Status::Unverified, ANN);
    refused(Refused::Revoked("SHA256:x".into())).is(Status::Revoked, "SHA256:x");
    let namespace = SignatureError::Namespace {
        found: "file".into(),
        wanted: "launchgate/signoff@v1".into(),
    };
    refused(namespace.into()).is(Status::WrongContext, "`file`");
    let not_allowed = |reason| Refused::NotAllowed {
        fingerprint: "SHA256:x".into(),
        reasons: vec![crate::signoff::ssh::LineRefusal {
            location: verified("x").line,
            line: 1,
            reason,
        }],
    };
    refused(not_allowed(LineReason::Expired)).is(Status::Expired, "has expired");
    refused(not_allowed(LineReason::NotYetValid)).is(Status::Unverified, "not valid yet");
}

#[test]
fn what_is_revoked_here_counts_for_nothing() {
    let text = "- {principal: ann@bank.example, reason: left, revoked_on: 2026-11-01}\n";
    let source = SourceFile::new(FileId(0), "revoked.yaml", text);
    let revoked = Revoked::parse(&source).unwrap();
    let both = |signed| scene([signed]).with(|scene| scene.revoked = revoked.clone());
    both(Signed::by(ANN)).is(Status::Revoked, "left");
    both(Signed::by(BOB)).is(Status::Valid, "");
}

#[test]
fn an_authority_that_is_revoked_takes_its_keys_along() {
    let authority = format!("SHA256:{}", "A".repeat(43));
    let text = format!("- {{key: \"{authority}\", reason: lost, revoked_on: 2026-11-01}}\n");
    let source = SourceFile::new(FileId(0), "revoked.yaml", text);
    let lost = Revoked::parse(&source).unwrap();
    let mut signed = Signed::by(ANN);
    if let Some(Ok(verified)) = &mut signed.proof {
        verified.certified = Some((authority, "laptop".into()));
    }
    let scene = scene([signed]);
    scene.is(Status::Valid, "");
    let both = Revoked::default().and(lost);
    scene
        .with(|scene| scene.revoked = both)
        .is(Status::Revoked, "lost");
}

#[test]
fn a_sign_off_is_for_one_document_stage_and_role() {
    scene([Signed::by(ANN)])
        .with(|scene| scene.document = identity("other"))
        .is(Status::WrongContext, "`scoring`");
    let stage = |stage| Signed::of(ANN, |it| it.predicate.stage = stage);
    scene([stage(Stage::Approved)]).is(Status::WrongContext, "stage `approved`");
    scene([stage(Stage::Approved)])
        .with(|scene| scene.stage = Stage::InReview)
        .is(Status::Valid, "");
    scene([Signed::of(ANN, |it| it.predicate.role = "security".into())])
        .is(Status::Missing, "nobody");
}

#[test]
fn only_members_who_did_not_write_it_sign() {
    scene([Signed::by("eve@elsewhere.example")]).is(Status::Unverified, "not a member");
    let own = || scene([Signed::by("Carl@bank.example")]);
    own().is(Status::Unverified, "an author");
    scene([Signed::by(ANN)])
        .with(|scene| scene.authors = vec!["Ann Lee <Ann@bank.example>".into()])
        .is(Status::Unverified, "an author");
    scene([Signed::by(ANN)])
        .with(|scene| scene.roles[0].members.push("!ann@*".into()))
        .is(Status::Unverified, "not a member");
    own()
        .with(|scene| scene.roles[0].authors_may_sign = true)
        .is(Status::Valid, "");
}

#[test]
fn the_quorum_counts_people() {
    let two = |signed: Vec<Signed>| scene(signed).with(|scene| scene.roles[0].quorum = 2);
    two(vec![Signed::by(ANN), Signed::by(BOB)]).is(Status::Valid, "");
    let verdict = two(vec![Signed::by(ANN)]).is(Status::Missing, "1 of 2");
    assert_eq!((verdict.given, verdict.quorum), (1, 2));
    two(vec![Signed::by(ANN), Signed::by("Ann@bank.example")]).is(Status::Missing, "1 of 2");
    two(vec![Signed::by(ANN), Signed::by(BOB).key(ANN)]).is(Status::Missing, "1 of 2");
    let stale = Signed::of(BOB, |it| it.subjects[0].digest = ContentDigest::of(b"old"));
    let verdict = two(vec![Signed::by(ANN), stale]).is(Status::Stale, BOB);
    assert_eq!(verdict.given, 1);
    scene([Signed::by(ANN)])
        .with(|scene| scene.roles[0].quorum = 0)
        .is(Status::Valid, "");
    scene([])
        .with(|scene| scene.roles[0].quorum = 0)
        .is(Status::Missing, "nobody");
}

#[test]
fn a_rejection_holds_until_the_role_supersedes_it() {
    let no = Signed::of(ANN, |it| it.predicate.decision = Decision::Rejected);
    let verdict = scene([no.clone()]).is(Status::Rejected, ANN);
    assert_eq!(verdict.decision, Some(Decision::Rejected));
    // Another approval does not lift it, nor an edit, nor time.
    scene([no.clone(), Signed::by(BOB)]).is(Status::Rejected, ANN);
    scene([no.clone(), Signed::by(BOB)])
        .edited(b"other")
        .is(Status::Rejected, ANN);
    scene([no.clone()])
        .with(|scene| scene.today = date(2030, 1, 1))
        .is(Status::Rejected, ANN);
    let lifts = |role: &str, by: &str| {
        Signed::of(by, |it| {
            it.predicate.supersedes = Some(no.digest.clone());
            it.predicate.role = role.into();
        })
    };
    scene([no.clone(), lifts("privacy", BOB)]).is(Status::Valid, "");
    scene([no.clone(), lifts("security", BOB)])
        .with(|scene| scene.roles.push(role("security")))
        .is(Status::Rejected, ANN);
    scene([no.clone(), lifts("privacy", "carl@bank.example")]).is(Status::Rejected, ANN);
    scene([no.clone(), lifts("privacy", BOB).unsigned()]).is(Status::Rejected, ANN);
    scene([no.clone(), lifts("privacy", "eve@elsewhere.example")]).is(Status::Rejected, ANN);
    // What nobody can verify vetoes nothing, and approves nothing.
    scene([no.clone().unsigned()]).is(Status::Unverified, "no signature");
    scene([
        no.refused(Refused::Revoked("SHA256:x".into())),
        Signed::by(BOB),
    ])
    .is(Status::Valid, "");
}

#[test]
fn a_rejection_of_a_weaker_kind_vetoes_too() {
    let no = || stated(ANN, Decision::Rejected, Some(date(2026, 7, 1)));
    let late = |issued: Date| Signed::of(BOB, |it| it.predicate.issued = issued);
    scene([Signed::by(BOB)])
        .with(|scene| scene.stated = vec![no()])
        .is(Status::Rejected, ANN);
    scene([late(date(2026, 7, 1))])
        .with(|scene| scene.stated = vec![no()])
        .is(Status::Rejected, ANN);
    scene([late(date(2026, 7, 2))])
        .with(|scene| scene.stated = vec![no()])
        .is(Status::Valid, "");
}

#[test]
fn a_statement_that_is_superseded_no_longer_counts() {
    let first = Signed::by(ANN);
    let second = Signed::of(ANN, |it| {
        it.predicate.supersedes = Some(first.digest.clone());
        it.predicate.expires = date(2026, 7, 1);
    });
    scene([first, second]).is(Status::Expired, "2026-07-01");
}

#[test]
fn the_least_assurance_is_held_to() {
    let named = |minimum| {
        scene([]).with(|scene| {
            scene.stated = vec![stated(ANN, Decision::Approved, None)];
            scene.roles[0].minimum_assurance = minimum;
        })
    };
    named(Assurance::Ssh).is(Status::Unverified, "asks for `ssh`");
    named(Assurance::GithubReview).is(Status::Unverified, "asks for `github-review`");
    let verdict = named(Assurance::Named).is(Status::Valid, "");
    assert_eq!(verdict.assurance, Some(Assurance::Named));
    let review = |is_head| {
        named(Assurance::GithubReview).with(|scene| {
            scene.stated[0].binding = Binding::Commit { is_head };
        })
    };
    review(true).is(Status::Valid, "");
    review(false).is(Status::Stale, "the commit");
}

#[test]
fn one_person_signs_in_one_of_the_distinct_roles() {
    let security = |by: &str| Signed::of(by, |it| it.predicate.role = "security".into());
    let apart = |signed: Vec<Signed>| {
        scene(signed).with(|scene| {
            scene.roles.push(role("security"));
            scene.distinct = vec![BTreeSet::from(["privacy".into(), "security".into()])];
        })
    };
    apart(vec![Signed::by(ANN), security(BOB)]).is(Status::Valid, "");
    let both = apart(vec![Signed::by(ANN), security(ANN)]);
    both.is(Status::Unverified, "signs for security, too");
    assert_eq!(both.all()["security"].status, Status::Unverified);
    apart(vec![Signed::by(ANN), security(BOB).key(ANN)]).is(Status::Unverified, "security");
    let no = Signed::of(ANN, |it| it.predicate.decision = Decision::Rejected);
    apart(vec![no, security(ANN)]).is(Status::Rejected, ANN);
    let apart_no_more = scene([Signed::by(ANN), security(ANN)]).with(|scene| {
        scene.roles.push(role("security"));
    });
    apart_no_more.is(Status::Valid, "");
}

//! From a document to a verdict: a statement is written, signed by `ssh-keygen`, verified here, goes
//! stale with an edit and holds again when it is signed anew.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use launchgate::finding::Stage;
use launchgate::signoff::revoked::Revoked;
use launchgate::signoff::scope::{self, Part};
use launchgate::signoff::ssh::{AllowedSigners, Question, verify};
use launchgate::signoff::statement::{
    Decision, Identity, NAMESPACE, PolicyDigest, ScopePart, SignOff, Statement, Subject,
};
use launchgate::signoff::verdict::{Assurance, Role, Situation, Status, Verdict, Vote, judge};
use launchgate::signoff::{Commits, ContentDigest, of_statement, signed_bytes};
use launchgate::source::{FileId, SourceFile};
use launchgate::value::{Limits, Parsed, Syntax, read};

use crate::tools;
use crate::workshop::Workshop;

const ANN: &str = "ann@bank.example";
const TODAY: Date = date(2026, 11, 22);

fn parsed(document: &str) -> Parsed {
    let source = SourceFile::new(FileId(1), "scoring.yaml", document);
    read(&source, Syntax::Yaml, &Limits::default())
}

fn part(document: &str, part: &Part) -> Option<String> {
    scope::digest(parsed(document).tree.root()?, part)
}

fn identity() -> Identity {
    Identity {
        kind: "feature-spec".into(),
        id: "scoring".into(),
    }
}

/// The statement about a document, and its signature.
fn sign(shop: &Workshop, document: &str, scope: &[Part]) -> (String, Vec<u8>) {
    let subject = Subject {
        name: "scoring.yaml".into(),
        digest: ContentDigest::of(document.as_bytes()),
    };
    let scope = scope.iter().map(|one| ScopePart {
        part: one.clone(),
        sha256: part(document, one).unwrap(),
    });
    let given = SignOff {
        role: "privacy".into(),
        principal: ANN.into(),
        decision: Decision::Approved,
        conditions: None,
        reason: None,
        document: identity(),
        stage: Stage::Launched,
        scope: scope.collect(),
        contents: Vec::new(),
        policies: PolicyDigest {
            sha256: "0".repeat(64),
        },
        acknowledged: Vec::new(),
        issued: TODAY,
        expires: date(2027, 11, 22),
        supersedes: None,
    };
    let text = Statement::new(subject, Vec::new(), given).to_json();
    let signature = shop.sign("ann", NAMESPACE, text.as_bytes(), "sha512");
    (text, signature)
}

fn judged(signers: &str, (text, signature): &(String, Vec<u8>), document: &str) -> Verdict {
    let source = SourceFile::new(FileId(2), "privacy.ann.json", text.as_str());
    let statement = Statement::parse(&source).unwrap();
    let signers = AllowedSigners::parse(&SourceFile::new(FileId(3), "allowed_signers", signers));
    let proof = verify(&Question {
        message: &signed_bytes(text.as_bytes()),
        signature,
        namespace: NAMESPACE,
        principal: ANN,
        at: "2026-11-22T00:00:00Z".parse().unwrap(),
        signers: &signers,
        revoked: &[],
    });
    let digest = of_statement(text.as_bytes());
    let votes = [Vote::signed(&statement, &digest, Some(proof.as_ref()))];
    let role = Role {
        name: "privacy".into(),
        members: vec![ANN.into()],
        quorum: 1,
        validity: None,
        minimum_assurance: Assurance::Ssh,
        authors_may_sign: false,
        commit_authors: false,
    };
    let situation = Situation {
        document: &identity(),
        content: &ContentDigest::of(document.as_bytes()),
        evidence: &BTreeMap::new(),
        part: &|one| part(document, one),
        authors: &[],
        commits: &Commits::Unasked,
        revoked: &Revoked::default(),
        stage: Stage::Launched,
        today: TODAY,
    };
    judge(&[role], &[], &votes, &situation)
        .remove("privacy")
        .unwrap()
}

#[test]
fn a_sign_off_follows_its_content() {
    if !tools::are_there(&["ssh-keygen"]) {
        return;
    }
    let mut shop = Workshop::new();
    shop.key("ann", "ed25519", "");
    let signers = format!("{ANN} namespaces=\"launchgate/*\" {}\n", shop.public["ann"]);
    let before = "id: scoring\ndata: [income]\nkpis: []\n";
    let edited = "id: scoring\ndata: [income]\nkpis: [uptime]\n";
    let whole = sign(&shop, before, &[]);
    let scoped = sign(&shop, before, &[Part::Field("/data".into())]);
    let status =
        |signed: &(String, Vec<u8>), document: &str| judged(&signers, signed, document).status;
    assert_eq!(status(&whole, before), Status::Valid);
    assert_eq!(status(&whole, &before.replace('\n', "\r\n")), Status::Valid);
    assert_eq!(status(&whole, edited), Status::Stale);
    assert_eq!(status(&scoped, edited), Status::ValidInScope);
    assert_eq!(
        status(&scoped, &before.replace("income", "health")),
        Status::Stale
    );
    assert_eq!(status(&sign(&shop, edited, &[]), edited), Status::Valid);
    let windows = |text: &[u8]| {
        String::from_utf8(text.to_vec())
            .unwrap()
            .replace('\n', "\r\n")
    };
    let checkout = (windows(whole.0.as_bytes()), windows(&whole.1).into_bytes());
    assert_eq!(status(&checkout, before), Status::Valid);
    let forged = (whole.0.replace("2027-11-22", "2037-11-22"), whole.1.clone());
    assert_eq!(status(&forged, before), Status::Unverified);
    // Another's signature, laid beside the statement.
    assert_eq!(status(&(whole.0, scoped.1), before), Status::Unverified);
}

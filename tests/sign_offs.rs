//! What sign-offs come to in a run: signed statements in a repository, through the whole gate.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "common/gate.rs"]
mod gate;
#[path = "common/sign.rs"]
mod sign;

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;
use ed25519_dalek::SigningKey;
use launchgate::config;
use launchgate::engine::Base;
use launchgate::finding::{Report, Severity, SignOffState, Stage};
use launchgate::signoff::github::{Review, Reviews};
use launchgate::signoff::scope::{self, Part};
use launchgate::signoff::statement::{
    Decision, Identity, NAMESPACE, PolicyDigest, ScopePart, SignOff, Statement, Subject,
};
use launchgate::signoff::store::file_name;
use launchgate::signoff::{CommitAuthors, ContentDigest, of_statement};
use launchgate::source::{FileId, SourceFile, SourceMap};
use launchgate::value::{Limits, Syntax, read};
use rayon::prelude::*;

use gate::{ROOT, check_with, memory, options};
use sign::{key, line, signature};

const RULE: &str = "\
rule: acme/signed
title: Signed
description: D.
severity: error
applies_to: [feature-spec, model-card]
params:
  roles: { type: list, of: string, default: [], description: D }
for_each: params.roles
require:
  - signoff(item).status in ['valid', 'valid-in-scope']
";
const SPEC: &str = "\
kind: feature-spec
id: credit
title: Credit
status: launched
authors: [Ines <ines@bank.example>]
# A remark.
summary: Decides on loans.
data:
  - name: form # by hand
    purpose: Decide
security:
  scans:
    - { tool: semgrep, path: scan.sarif }
";
const SPEC_PATH: &str = "specs/credit.yaml";
const SCAN: &str = "specs/scan.sarif";
const ROLES: &str = "\
sign_offs:
  allowed_signers: trust/signers
  revoked: [trust/revoked.yaml]
  minimum_assurance: ssh
  roles:
    privacy: { members: ['*@bank.example', '!out@bank.example'] }
    security: {}
";

/// A repository with one spec, and the keys of a few people.
struct World {
    files: BTreeMap<String, Vec<u8>>,
    /// What stands in `sign_offs` of the config.
    config: String,
    signers: String,
    revoked: String,
    role: &'static str,
    today: &'static str,
    stage: Option<Stage>,
    /// Who wrote the commits of each file, or why that cannot be told.
    history: Option<Result<Vec<String>, String>>,
    reviews: Vec<Review>,
    /// Files that are checked in another version than the commit that was approved.
    differing: Vec<&'static str>,
    /// What all files were where the change began.
    base: Option<BTreeMap<String, Vec<u8>>>,
}

/// The commit that stands to be merged.
const HEAD: &str = "1111111111111111111111111111111111111111";

#[derive(Debug)]
struct Log(Result<Vec<String>, String>);

impl CommitAuthors for Log {
    fn of(&self, _: &Utf8Path) -> Result<Vec<String>, String> {
        self.0.clone()
    }
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            files: BTreeMap::new(),
            config: ROLES.to_owned(),
            signers: String::new(),
            revoked: String::new(),
            role: "privacy",
            today: "2026-11-22",
            stage: None,
            history: None,
            reviews: Vec::new(),
            differing: Vec::new(),
            base: None,
        };
        world.write(SPEC_PATH, SPEC);
        world.write(SCAN, "{}");
        for name in ["ann", "bob", "cat", "ines", "out"] {
            world.trust(name, "namespaces=\"launchgate/*\"", name);
        }
        world
    }

    fn write(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.into());
    }

    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.files[path].clone()).unwrap()
    }

    fn rename(&mut self, from: &str, to: &str) {
        let content = self.files.remove(from).unwrap();
        self.files.insert(to.to_owned(), content);
    }

    /// Lists a person with somebody's key.
    fn trust(&mut self, name: &str, options: &str, owner: &str) {
        let line = format!("{name}@bank.example {options} {}\n", line(&key(owner)));
        self.signers.push_str(&line);
    }

    fn set(&mut self, from: &str, to: &str) {
        assert!(self.config.contains(from), "no {from:?}");
        self.config = self.config.replace(from, to);
    }

    /// Says who wrote the commits.
    fn wrote(&mut self, author: &str) {
        self.history = Some(Ok(vec![author.to_owned()]));
    }

    /// Somebody reviews the pull request, in a repository where that may be enough.
    fn review(&mut self, login: &str, decision: Decision, commit: &str) {
        self.reviews.push(Review {
            login: login.to_owned(),
            decision,
            commit: Some(commit.to_owned()),
            on: day("2026-11-20"),
        });
    }

    /// What follows is the change.
    fn branch(&mut self) {
        self.base = Some(self.all());
    }

    /// Signs what stands there, and says where the statement lies.
    fn sign(&mut self, name: &str, change: impl FnOnce(&mut SignOff)) -> String {
        self.sign_with(name, &key(name), NAMESPACE, change)
    }

    fn sign_with(
        &mut self,
        name: &str,
        key: &SigningKey,
        namespace: &str,
        change: impl FnOnce(&mut SignOff),
    ) -> String {
        let mut given = SignOff {
            role: "privacy".to_owned(),
            principal: format!("{name}@bank.example"),
            decision: Decision::Approved,
            conditions: None,
            reason: None,
            document: Identity {
                kind: "feature-spec".to_owned(),
                id: "credit".to_owned(),
            },
            stage: Stage::Launched,
            scope: Vec::new(),
            contents: Vec::new(),
            policies: PolicyDigest {
                sha256: "0".repeat(64),
            },
            acknowledged: Vec::new(),
            issued: "2026-11-01".parse().unwrap(),
            expires: "2027-11-01".parse().unwrap(),
            supersedes: None,
        };
        change(&mut given);
        let subject = |path: &str| Subject {
            name: path.to_owned(),
            digest: ContentDigest::of(&self.files[path]),
        };
        let evidence = self
            .files
            .keys()
            .filter(|path| {
                [".sarif", ".launchgate.yaml"]
                    .iter()
                    .any(|end| path.ends_with(end))
            })
            .map(|path| subject(path))
            .collect();
        let document = self.files.keys().find(|path| path.starts_with("specs/"));
        let file = format!(
            "signoffs/{}/{}",
            given.document.id,
            file_name(&given.role, &given.principal)
        );
        let statement = Statement::new(subject(document.unwrap()), evidence, given).to_json();
        let signed = signature(key, namespace, statement.as_bytes());
        self.files
            .insert(format!("{file}.sig"), signed.into_bytes());
        self.write(&file, &statement);
        file
    }

    /// The digest of a part as it stands there.
    fn part(&self, part: Part) -> ScopePart {
        let source = SourceFile::new(FileId(0), SPEC_PATH, self.text(SPEC_PATH));
        let tree = read(&source, Syntax::Yaml, &Limits::default()).tree;
        let sha256 = scope::digest(tree.root().unwrap(), &part).unwrap();
        ScopePart { part, sha256 }
    }

    /// Every file that there is.
    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files.clone();
        let mut put = |path: &str, text: &str| {
            files
                .entry(path.to_owned())
                .or_insert_with(|| text.as_bytes().to_vec());
        };
        let params = format!("params: {{ acme/signed: {{ roles: [{}] }} }}\n", self.role);
        put(
            "launchgate.yaml",
            &format!("root: true\npacks: [./acme]\n{params}{}", self.config),
        );
        put("acme/pack.yaml", "name: acme\nversion: 1.0.0\ntitle: T\n");
        put("acme/signed.yaml", RULE);
        put("trust/signers", &self.signers);
        put("trust/revoked.yaml", &self.revoked);
        files
    }

    fn report(&self) -> Report {
        let mut options = options();
        options.today = self.today.parse().unwrap();
        options.stage = self.stage;
        options.history = self.history.clone().map(|log| Arc::new(Log(log)) as _);
        options.reviews = Some(Reviews {
            reviews: self.reviews.clone(),
            head: HEAD.to_owned(),
            differing: self.differing.iter().map(Into::into).collect(),
        });
        options.base = self.base.clone().map(|files| {
            let files = memory(files);
            let request = config::Request {
                start: ROOT.into(),
                explicit: None,
                isolated: false,
            };
            let config = config::load(&request, &files, &mut SourceMap::default());
            Base {
                name: "commit 2222".to_owned(),
                config: config
                    .map(Box::new)
                    .map_err(|found| found[0].message.clone()),
                files: Arc::new(files),
            }
        });
        check_with(&memory(self.all()), ROOT.into(), &options)
    }
}

/// The verdict on the role that the rule asks for; where it holds by what is stated alone, that.
fn verdict(report: &Report) -> &SignOffState {
    let documents = report.outcomes.as_slice();
    let [document] = documents else {
        panic!("{} documents: {:#?}", documents.len(), report.findings);
    };
    &document.sign_offs[0]
}

/// Ids of what blocks beside the rule itself.
fn blocking(report: &Report) -> Vec<&str> {
    report
        .findings
        .iter()
        .filter(|finding| finding.blocking && finding.rule.as_str() != "acme/signed")
        .map(|finding| finding.rule.as_str())
        .collect()
}

type Case = (&'static str, fn(&mut World), &'static str, &'static str);

fn nothing(_: &mut SignOff) {}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

/// A repository where an approval on GitHub is enough.
fn on_github(world: &mut World) {
    world.set("minimum_assurance: ssh", "minimum_assurance: github-review");
    let logins = "  github: { Ann-Lee: ann@bank.example, bob: bob@bank.example, outsider: out@bank.example }\n";
    world.set("  roles:", &format!("{logins}  roles:"));
}

const STATED: &str =
    "sign_offs:\n  - { role: privacy, principal: bob@bank.example, decision: approved }\n";

/// What happened, what the role comes to, and a part of the reason.
#[rustfmt::skip]
const CASES: &[Case] = &[
    ("nobody signed", |_| {}, "missing", ""),
    ("signed", |w| { w.sign("ann", nothing); }, "valid", ""),
    ("approved with conditions", |w| { w.sign("ann", |s| { s.decision = Decision::ApprovedWithConditions; s.conditions = Some("SEC-1".into()); }); }, "valid", ""),
    ("called not applicable", |w| { w.sign("ann", |s| s.decision = Decision::NotApplicable); }, "valid", ""),
    ("signed by another role alone", |w| { w.sign("ann", |s| s.role = "security".into()); }, "missing", ""),

    ("edit after approval", |w| { w.sign("ann", nothing); w.edit(SPEC_PATH, "Decide\n", "Advertise\n"); }, "stale", "the document"),
    ("whitespace edit", |w| { w.sign("ann", nothing); w.edit(SPEC_PATH, "title: Credit", "title:  Credit"); }, "stale", "the document"),
    ("a comment edited", |w| { w.sign("ann", nothing); w.edit(SPEC_PATH, "A remark", "Another"); }, "stale", "the document"),
    ("a line end at the end", |w| { w.sign("ann", nothing); let text = w.text(SPEC_PATH) + "\n"; w.write(SPEC_PATH, &text); }, "stale", "the document"),
    ("a checkout with CR LF", |w| { let file = w.sign("ann", nothing); for path in [SPEC_PATH, SCAN, file.as_str(), &format!("{file}.sig")] { let text = w.text(path).replace('\n', "\r\n"); w.write(path, &text); } }, "valid", ""),
    ("edited and edited back", |w| { w.sign("ann", nothing); w.edit(SPEC_PATH, "Decide\n", "x\n"); w.edit(SPEC_PATH, "x\n", "Decide\n"); }, "valid", ""),
    ("edited and signed again", |w| { w.sign("ann", nothing); w.edit(SPEC_PATH, "Decide\n", "x\n"); w.sign("ann", nothing); }, "valid", ""),
    ("evidence edited", |w| { w.sign("ann", nothing); w.write(SCAN, "{ }"); }, "stale", "`specs/scan.sarif`"),
    ("evidence gone", |w| { w.sign("ann", nothing); w.files.remove(SCAN); }, "stale", "`specs/scan.sarif` (gone)"),
    ("words where a path could stand", |w| { w.edit(SPEC_PATH, "path: scan.sarif", "path: Report 17 of the audit"); w.files.remove(SCAN); w.sign("ann", nothing); }, "valid", ""),
    ("evidence that was not there appears", |w| { let scan = w.files.remove(SCAN).unwrap(); w.sign("ann", nothing); w.files.insert(SCAN.into(), scan); }, "stale", "`specs/scan.sarif` (new)"),
    ("the file moved", |w| { w.sign("ann", nothing); w.rename(SPEC_PATH, "specs/new.yaml"); }, "valid", ""),
    ("another id", |w| { w.sign("ann", nothing); w.edit(SPEC_PATH, "id: credit", "id: loans"); }, "missing", ""),

    ("a field is signed, and nothing changed", |w| { let part = w.part(Part::Field("/data".into())); w.sign("ann", |s| s.scope = vec![part]); }, "valid", ""),
    ("edit outside the scope", |w| { let part = w.part(Part::Field("/data".into())); w.sign("ann", |s| s.scope = vec![part]); w.edit(SPEC_PATH, "on loans", "on all loans"); }, "valid-in-scope", "the document"),
    ("edit inside the scope", |w| { let part = w.part(Part::Field("/data".into())); w.sign("ann", |s| s.scope = vec![part]); w.edit(SPEC_PATH, "Decide\n", "x\n"); }, "stale", "`/data`"),
    ("a comment inside the scope edited", |w| { let part = w.part(Part::Field("/data".into())); w.sign("ann", |s| s.scope = vec![part]); w.edit(SPEC_PATH, "by hand", "bought"); }, "stale", "`/data`"),
    ("the part of the scope is gone", |w| { let part = w.part(Part::Field("/summary".into())); w.sign("ann", |s| s.scope = vec![part]); w.edit(SPEC_PATH, "summary: Decides on loans.\n", ""); }, "stale", "`/summary` (gone)"),
    ("the statement knows which field changed", |w| { let parts = vec![w.part(Part::Field("/data".into())), w.part(Part::Field("/summary".into()))]; w.sign("ann", |s| s.contents = parts); w.edit(SPEC_PATH, "on loans", "on all loans"); }, "stale", "changed since: `/summary`"),
    ("a field that the statement does not know is new", |w| { let parts = vec![w.part(Part::Field("/data".into())), w.part(Part::Field("/summary".into()))]; w.sign("ann", |s| s.contents = parts); w.edit(SPEC_PATH, "summary:", "x-note: new\nsummary:"); }, "stale", "changed since: the document"),
    ("outside the scope it is known which field changed", |w| { let (part, parts) = (w.part(Part::Field("/data".into())), vec![w.part(Part::Field("/summary".into()))]); w.sign("ann", |s| { s.scope = vec![part]; s.contents = parts; }); w.edit(SPEC_PATH, "on loans", "on all loans"); }, "valid-in-scope", "`/summary`"),
    ("evidence edited, though it is outside the scope", |w| { let part = w.part(Part::Field("/data".into())); w.sign("ann", |s| s.scope = vec![part]); w.write(SCAN, "[]"); }, "stale", "`specs/scan.sarif`"),

    ("replay to another document", |w| { let file = w.sign("ann", |s| s.document.id = "other".into()); for end in ["", ".sig"] { w.rename(&format!("{file}{end}"), &format!("{}{end}", file.replace("other", "credit"))); } }, "wrong-context", "it is for the feature-spec `other`"),
    ("replay to another kind", |w| { w.sign("ann", |s| s.document.kind = "model-card".into()); }, "wrong-context", "model-card"),
    ("replay to a later stage", |w| { w.sign("ann", |s| s.stage = Stage::InReview); }, "wrong-context", "in-review"),
    ("for a later stage", |w| { w.edit(SPEC_PATH, "status: launched", "status: in-review"); w.sign("ann", nothing); }, "valid", ""),
    ("the stage that is asked about counts", |w| { w.edit(SPEC_PATH, "status: launched", "status: in-review"); w.sign("ann", |s| s.stage = Stage::InReview); w.stage = Some(Stage::Launched); }, "wrong-context", "in-review"),
    ("a document without a stage is taken for launched", |w| { w.edit(SPEC_PATH, "status: launched\n", ""); w.sign("ann", |s| s.stage = Stage::Approved); }, "wrong-context", "approved"),
    ("replay from another namespace", |w| { w.sign_with("ann", &key("ann"), "git", nothing); }, "wrong-context", "git"),

    ("the statement edited after signing", |w| { let file = w.sign("ann", nothing); w.edit(&file, "2027-11-01", "2028-11-01"); }, "unverified", "does not match"),
    ("no signature", |w| { let file = w.sign("ann", nothing); w.files.remove(&format!("{file}.sig")); }, "unverified", "no signature"),
    ("a signature that is none", |w| { let file = w.sign("ann", nothing); w.write(&format!("{file}.sig"), "approved"); }, "unverified", "no armoured"),
    ("somebody else's key", |w| { w.sign_with("ann", &key("bob"), NAMESPACE, nothing); }, "unverified", "not one of `ann@bank.example`"),
    ("a key that nobody lists", |w| { w.sign_with("ann", &key("eve"), NAMESPACE, nothing); }, "unverified", "not one of"),
    ("a person whom nobody lists", |w| { w.sign("eve", nothing); }, "unverified", "no signer is called"),
    ("no signers' file", |w| { w.sign("ann", nothing); w.set("  allowed_signers: trust/signers\n", ""); }, "unverified", "no signer is called"),
    ("the line permits another namespace", |w| { w.signers.clear(); w.trust("ann", "namespaces=\"git\"", "ann"); w.sign("ann", nothing); }, "unverified", "namespace"),
    ("an expired key", |w| { w.signers.clear(); w.trust("ann", "valid-before=\"20261101Z\"", "ann"); w.sign("ann", nothing); }, "expired", "the key has expired"),
    ("an expired key that signs what is dated earlier", |w| { w.signers.clear(); w.trust("ann", "valid-before=\"20261101Z\"", "ann"); w.sign("ann", |s| s.issued = day("2026-10-01")); }, "expired", "the key has expired"),
    ("a key that is valid later", |w| { w.signers.clear(); w.trust("ann", "valid-after=\"20261201Z\"", "ann"); w.sign("ann", nothing); }, "unverified", "not valid yet"),
    ("a revoked person", |w| { w.sign("ann", nothing); w.revoked = "- { principal: ann@bank.example, reason: Left, revoked_on: 2026-11-20 }\n".into(); }, "revoked", "Left"),
    ("a person who is revoked later counts for nothing already", |w| { w.sign("ann", nothing); w.revoked = "- { principal: ann@bank.example, reason: Leaves, revoked_on: 2027-01-01 }\n".into(); }, "revoked", "Leaves"),
    ("a revoked key", |w| { w.sign("ann", nothing); w.write("trust/keys", &format!("{}\n", line(&key("ann")))); w.set("revoked.yaml]", "revoked.yaml, trust/keys]"); }, "revoked", "is revoked"),
    ("somebody else is revoked", |w| { w.sign("ann", nothing); w.revoked = "- { principal: bob@bank.example, reason: Left, revoked_on: 2026-11-20 }\n".into(); }, "valid", ""),

    ("on its last day", |w| { w.sign("ann", nothing); w.today = "2027-11-01"; }, "valid", ""),
    ("the day after its last", |w| { w.sign("ann", nothing); w.today = "2027-11-02"; }, "expired", "2027-11-01"),
    ("longer than the role allows", |w| { w.set("privacy: {", "privacy: { validity: P10D,"); w.sign("ann", nothing); }, "expired", "which was over on 2026-11-11"),
    ("as long as the role allows", |w| { w.set("privacy: {", "privacy: { validity: P21D,"); w.sign("ann", nothing); }, "valid", ""),
    ("dated tomorrow", |w| { w.sign("ann", |s| s.issued = day("2026-11-23")); }, "unverified", "still to come"),
    ("backdated, so that it is over earlier", |w| { w.set("privacy: {", "privacy: { validity: P1Y,"); w.sign("ann", |s| s.issued = day("2025-11-01")); }, "expired", "which was over"),

    ("no member", |w| { w.sign("out", nothing); }, "unverified", "not a member"),
    ("an author", |w| { w.sign("ines", nothing); }, "unverified", "author"),
    ("an author, where that is allowed", |w| { w.set("privacy: {", "privacy: { authors_may_sign: true,"); w.sign("ines", nothing); }, "valid", ""),
    ("who wrote a commit of the document", |w| { w.wrote("ann@bank.example"); w.sign("ann", nothing); }, "unverified", "wrote a commit"),
    ("who is the second author of a commit", |w| { w.wrote("Ann Lee <Ann@bank.example>"); w.sign("ann", nothing); }, "unverified", "wrote a commit"),
    ("who wrote a commit, where that is allowed", |w| { w.wrote("ann@bank.example"); w.set("privacy: {", "privacy: { authors_may_sign: true,"); w.sign("ann", nothing); }, "valid", ""),
    ("who wrote a commit and hides the address", |w| { w.wrote("7+Ann-Lee@users.noreply.github.com"); w.set("  roles:", "  github: { ann-lee: ann@bank.example }\n  roles:"); w.sign("ann", nothing); }, "unverified", "wrote a commit"),
    ("who wrote a commit refuses", |w| { w.wrote("ann@bank.example"); w.sign("ann", |s| s.decision = Decision::Rejected); }, "rejected", "ann@bank.example"),
    ("somebody else wrote the commits", |w| { w.wrote("ines@bank.example"); w.sign("ann", nothing); }, "valid", ""),
    ("nobody can tell who wrote the commits", |w| { w.history = Some(Err("this clone is shallow".into())); w.sign("ann", nothing); }, "unverified", "who wrote the document: this clone is shallow"),
    ("nobody can tell, and authors may sign", |w| { w.history = Some(Err("this clone is shallow".into())); w.set("privacy: {", "privacy: { authors_may_sign: true,"); w.sign("ann", nothing); }, "valid", ""),
    ("nobody can tell, and no config lists the role", |w| { w.history = Some(Err("this clone is shallow".into())); w.config.clear(); let text = w.text(SPEC_PATH) + STATED; w.write(SPEC_PATH, &text); }, "stated", ""),
    ("quorum short", |w| { w.set("privacy: {", "privacy: { quorum: 2,"); w.sign("ann", nothing); }, "missing", "1 of 2"),
    ("quorum met", |w| { w.set("privacy: {", "privacy: { quorum: 2,"); w.sign("ann", nothing); w.sign("bob", nothing); }, "valid", ""),
    ("quorum by two names of one key", |w| { w.set("privacy: {", "privacy: { quorum: 2,"); w.trust("twin", "", "ann"); w.sign("ann", nothing); w.sign_with("twin", &key("ann"), NAMESPACE, nothing); }, "missing", "1 of 2"),
    ("quorum with one that is stale", |w| { w.set("privacy: {", "privacy: { quorum: 2,"); w.sign("ann", nothing); w.edit(SPEC_PATH, "Decide\n", "x\n"); w.sign("bob", nothing); }, "stale", "ann@bank.example"),
    ("one person in two distinct roles", |w| { w.set("  roles:", "  distinct: [[privacy, security]]\n  roles:"); w.sign("ann", nothing); w.sign("ann", |s| s.role = "security".into()); }, "unverified", "signs for security, too"),
    ("one key in two distinct roles", |w| { w.set("  roles:", "  distinct: [[privacy, security]]\n  roles:"); w.trust("twin", "", "ann"); w.sign("ann", nothing); w.sign_with("twin", &key("ann"), NAMESPACE, |s| s.role = "security".into()); }, "unverified", "security, too"),
    ("two people in two distinct roles", |w| { w.set("  roles:", "  distinct: [[privacy, security]]\n  roles:"); w.sign("ann", nothing); w.sign("bob", |s| s.role = "security".into()); }, "valid", ""),
    ("one person in two roles that need not be distinct", |w| { w.sign("ann", nothing); w.sign("ann", |s| s.role = "security".into()); }, "valid", ""),

    ("rejected", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); }, "rejected", "ann@bank.example rejected it"),
    ("rejected, and another of the role approves", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); w.sign("bob", nothing); }, "rejected", "ann@bank.example"),
    ("rejected, then approved by another role", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); w.sign("bob", |s| s.role = "security".into()); }, "rejected", "ann@bank.example"),
    ("rejected by another role", |w| { w.sign("ann", nothing); w.sign("bob", |s| { s.role = "security".into(); s.decision = Decision::Rejected; }); }, "valid", ""),
    ("rejected, then edited", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); w.edit(SPEC_PATH, "Decide\n", "x\n"); }, "rejected", "ann@bank.example"),
    ("rejected, then superseded by the same role", |w| { let file = w.sign("ann", |s| s.decision = Decision::Rejected); let digest = of_statement(&w.files[&file]); w.sign("bob", |s| s.supersedes = Some(digest)); }, "valid", ""),
    ("rejected by somebody who may not sign", |w| { w.sign("out", |s| s.decision = Decision::Rejected); w.sign("ann", nothing); }, "valid", ""),

    ("stated, where a signature is needed", |w| { let text = w.text(SPEC_PATH) + STATED; w.write(SPEC_PATH, &text); }, "unverified", "of the kind `named`"),
    ("stated, where that is enough", |w| { w.set("  minimum_assurance: ssh\n", ""); let text = w.text(SPEC_PATH) + STATED; w.write(SPEC_PATH, &text); }, "stated", ""),
    ("stated, and rejected by a signature", |w| { w.set("  minimum_assurance: ssh\n", ""); let text = w.text(SPEC_PATH) + STATED; w.write(SPEC_PATH, &text); w.sign("ann", |s| s.decision = Decision::Rejected); }, "rejected", "ann@bank.example"),
    ("signed, and a refusal is stated", |w| { let text = w.text(SPEC_PATH) + &STATED.replace("approved", "rejected"); w.write(SPEC_PATH, &text); w.sign("ann", nothing); }, "rejected", "bob@bank.example"),
    ("stated by nobody", |w| { w.set("  minimum_assurance: ssh\n", ""); let text = w.text(SPEC_PATH) + &STATED.replace("bob@bank.example", "TBD"); w.write(SPEC_PATH, &text); }, "unverified", "names nobody"),
    ("stated by an author", |w| { w.set("  minimum_assurance: ssh\n", ""); let text = w.text(SPEC_PATH) + &STATED.replace("bob@", "ines@"); w.write(SPEC_PATH, &text); }, "unverified", "author"),

    ("approved on GitHub", |w| { on_github(w); w.review("ann-lee", Decision::Approved, HEAD); }, "valid", ""),
    ("approved on GitHub, another commit", |w| { on_github(w); w.review("ann-lee", Decision::Approved, &"2".repeat(40)); }, "stale", "the commit"),
    ("approved on GitHub, and the merge brings another version", |w| { on_github(w); w.review("ann-lee", Decision::Approved, HEAD); w.differing = vec![SPEC_PATH]; }, "stale", "the commit"),
    ("approved on GitHub, and the merge brings other files", |w| { on_github(w); w.review("ann-lee", Decision::Approved, HEAD); w.differing = vec!["README.md"]; }, "valid", ""),
    ("approved on GitHub, where a signature is needed", |w| { on_github(w); w.set("github-review", "ssh"); w.review("ann-lee", Decision::Approved, HEAD); }, "unverified", "of the kind `github-review`"),
    ("approved on GitHub by a login that is nobody's", |w| { on_github(w); w.review("eve", Decision::Approved, HEAD); }, "missing", ""),
    ("approved on GitHub by no member", |w| { on_github(w); w.review("outsider", Decision::Approved, HEAD); }, "missing", ""),
    ("approved on GitHub, in a role that names no members", |w| { on_github(w); w.role = "security"; w.review("ann-lee", Decision::Approved, HEAD); }, "missing", ""),
    ("approved on GitHub by an author", |w| { on_github(w); w.wrote("ann@bank.example"); w.review("ann-lee", Decision::Approved, HEAD); }, "unverified", "wrote a commit"),
    ("changes requested on GitHub, of an earlier commit", |w| { on_github(w); w.review("ann-lee", Decision::Rejected, &"2".repeat(40)); }, "rejected", "ann@bank.example"),
    ("changes requested on GitHub, and another approves", |w| { on_github(w); w.review("ann-lee", Decision::Rejected, HEAD); w.review("bob", Decision::Approved, HEAD); }, "rejected", "ann@bank.example"),
    ("changes requested on GitHub, and another signs", |w| { on_github(w); w.review("ann-lee", Decision::Rejected, HEAD); w.sign("bob", nothing); }, "rejected", "ann@bank.example"),
    ("one approves on GitHub and one signs, of two", |w| { on_github(w); w.set("privacy: {", "privacy: { quorum: 2,"); w.review("ann-lee", Decision::Approved, HEAD); w.sign("bob", nothing); }, "valid", ""),
    ("one person approves on GitHub and signs, of two", |w| { on_github(w); w.set("privacy: {", "privacy: { quorum: 2,"); w.review("bob", Decision::Approved, HEAD); w.sign("bob", nothing); }, "missing", "1 of 2"),

    ("a change that alters nothing", |w| { w.sign("ann", nothing); w.branch(); }, "valid", ""),
    ("signed in the change", |w| { w.branch(); w.sign("ann", nothing); }, "valid", ""),
    ("the sign-off is deleted", |w| { w.sign("ann", nothing); w.branch(); w.files.retain(|path, _| !path.starts_with("signoffs/")); }, "missing", ""),
    ("the refusal is deleted", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); w.branch(); w.files.retain(|path, _| !path.starts_with("signoffs/")); }, "rejected", "ann@bank.example"),
    ("the refusal is deleted, and another approves", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); w.branch(); w.files.retain(|path, _| !path.starts_with("signoffs/")); w.sign("bob", nothing); }, "rejected", "ann@bank.example"),
    ("the refusal is overwritten by an approval", |w| { w.sign("ann", |s| s.decision = Decision::Rejected); w.branch(); w.sign("ann", nothing); }, "rejected", "ann@bank.example"),
    ("the refusal is superseded in its own file", |w| { let file = w.sign("ann", |s| s.decision = Decision::Rejected); let digest = of_statement(&w.files[&file]); w.branch(); w.sign("ann", |s| s.supersedes = Some(digest)); }, "valid", ""),
    ("a refusal by somebody who may not sign is deleted", |w| { w.sign("out", |s| s.decision = Decision::Rejected); w.branch(); w.files.retain(|path, _| !path.starts_with("signoffs/")); w.sign("ann", nothing); }, "valid", ""),
    ("the folder is renamed", |w| { let file = w.sign("ann", nothing); w.branch(); for end in ["", ".sig"] { w.rename(&format!("{file}{end}"), &format!("{}{end}", file.replace("signoffs", "approvals"))); } w.set("sign_offs:\n", "sign_offs:\n  folder: approvals\n"); }, "valid", ""),
    ("the document is renamed in the change", |w| { w.sign("ann", nothing); w.branch(); w.rename(SPEC_PATH, "specs/new.yaml"); }, "valid", ""),
    ("a checkout with CR LF of what was signed in the change", |w| { w.branch(); let file = w.sign("ann", nothing); for path in [SPEC_PATH, SCAN, file.as_str()] { let text = w.text(path).replace('\n', "\r\n"); w.write(path, &text); } }, "valid", ""),
    ("the change lists a signer", |w| { w.branch(); w.trust("eve", "", "eve"); w.sign("eve", nothing); }, "unverified", "no signer is called"),
    ("the change removes the signer", |w| { w.sign("ann", nothing); w.branch(); w.signers.clear(); }, "valid", ""),
    ("the change gives a signer another key", |w| { w.branch(); w.signers.clear(); w.trust("ann", "", "eve"); w.sign_with("ann", &key("eve"), NAMESPACE, nothing); }, "unverified", "not one of"),
    ("the change lifts a revocation", |w| { w.sign("ann", nothing); w.revoked = "- { principal: ann@bank.example, reason: Left, revoked_on: 2026-11-20 }\n".into(); w.branch(); w.revoked.clear(); }, "revoked", "Left"),
    ("the change makes a member", |w| { w.branch(); w.set(", '!out@bank.example'", ""); w.sign("out", nothing); }, "unverified", "not a member"),
    ("the change lowers the quorum", |w| { w.set("privacy: {", "privacy: { quorum: 2,"); w.branch(); w.set("quorum: 2", "quorum: 1"); w.sign("ann", nothing); }, "missing", "1 of 2"),
    ("the change lets authors sign", |w| { w.branch(); w.set("privacy: {", "privacy: { authors_may_sign: true,"); w.sign("ines", nothing); }, "unverified", "author"),
    ("the change lowers the assurance", |w| { w.branch(); w.set("minimum_assurance: ssh", "minimum_assurance: named"); let text = w.text(SPEC_PATH) + STATED; w.write(SPEC_PATH, &text); }, "unverified", "of the kind `named`"),
    ("the change drops the roles", |w| { w.branch(); w.config.clear(); let text = w.text(SPEC_PATH) + STATED; w.write(SPEC_PATH, &text); }, "unverified", "of the kind `named`"),
    ("the change takes distinct roles away", |w| { w.set("  roles:", "  distinct: [[privacy, security]]\n  roles:"); w.branch(); w.set("  distinct: [[privacy, security]]\n", ""); w.sign("ann", nothing); w.sign("ann", |s| s.role = "security".into()); }, "unverified", "signs for security, too"),
    ("the signers were broken before the change", |w| { w.sign("ann", nothing); let good = w.signers.clone(); w.signers = "oops\n".into(); w.branch(); w.signers = good; }, "unverified", "(as commit 2222 has it)"),
    ("the config was broken before the change", |w| { w.sign("ann", nothing); w.branch(); w.base.as_mut().unwrap().insert("launchgate.yaml".into(), b"sign_offs: 1\n".to_vec()); }, "unverified", ""),

    ("a role that the config does not list", |w| { w.role = "privcy"; w.sign("ann", nothing); }, "unverified", "did you mean `privacy`?"),
    ("a role that no config lists, where names are enough", |w| { w.config.clear(); w.role = "legal"; let text = w.text(SPEC_PATH) + &STATED.replace("privacy", "legal"); w.write(SPEC_PATH, &text); }, "stated", ""),
    ("another folder", |w| { let file = w.sign("ann", nothing); for end in ["", ".sig"] { w.rename(&format!("{file}{end}"), &format!("{}{end}", file.replace("signoffs", "approvals"))); } w.set("sign_offs:\n", "sign_offs:\n  folder: approvals\n"); }, "valid", ""),
];

#[test]
fn each_case_has_its_verdict() {
    let judge = |(name, happen, status, reason): &Case| {
        let mut world = World::new();
        happen(&mut world);
        let report = world.report();
        let verdict = verdict(&report);
        let said = verdict.reason.as_deref().unwrap_or_default();
        // The rule agrees with what the report shows.
        let passes = report
            .findings
            .iter()
            .all(|finding| finding.rule.as_str() != "acme/signed");
        let should = matches!(*status, "valid" | "valid-in-scope" | "stated");
        let is_right = verdict.verdict == *status && said.contains(reason) && passes == should;
        let told = format!(
            "{name}: {} ({said}), not {status}; the rule passes: {passes}",
            verdict.verdict
        );
        (!is_right).then_some(told)
    };
    let wrong: Vec<_> = CASES.par_iter().filter_map(judge).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 60, "{}", CASES.len());
}

type Broken = (&'static str, fn(&mut World), &'static str, bool);

/// What is broken, the finding, and whether it blocks.
#[rustfmt::skip]
const BROKEN: &[Broken] = &[
    ("no JSON", |w| { let file = w.sign("ann", nothing); w.write(&file, "approved"); }, "signoff/", true),
    ("an unknown key", |w| { let file = w.sign("ann", nothing); w.edit(&file, "\"role\"", "\"rôle\": \"\", \"role\""); }, "signoff/unknown-key", true),
    ("nothing", |w| { let file = w.sign("ann", nothing); w.write(&file, ""); }, "signoff/malformed", true),
    ("no UTF-8", |w| { let file = w.sign("ann", nothing); w.files.insert(file, vec![b'{', 0xC3, b'}']); }, "signoff/encoding", true),
    ("too large", |w| { let file = w.sign("ann", nothing); w.files.insert(file, vec![b' '; (1 << 20) + 1]); }, "signoff/limit", true),
    ("named for somebody else", |w| { let file = w.sign("ann", nothing); for end in ["", ".sig"] { w.rename(&format!("{file}{end}"), &format!("{}{end}", file.replace("ann", "bob"))); } }, "signoff/file-name", true),
    ("named for another role", |w| { let file = w.sign("ann", nothing); for end in ["", ".sig"] { w.rename(&format!("{file}{end}"), &format!("{}{end}", file.replace("privacy", "security"))); } }, "signoff/file-name", true),
    ("no signature", |w| { let file = w.sign("ann", nothing); w.files.remove(&format!("{file}.sig")); }, "signoff/unsigned", false),
    ("edited after signing", |w| { let file = w.sign("ann", nothing); w.edit(&file, "2027-11-01", "2028-11-01"); }, "signoff/signature", true),
    ("a signature of nothing", |w| { let file = w.sign("ann", nothing); w.files.remove(&file); }, "signoff/stray", true),
    ("not in the folder of a document", |w| { let file = w.sign("ann", nothing); w.rename(&file, "signoffs/privacy.json"); }, "signoff/stray", true),
    ("a wrong line among the signers", |w| { w.sign("ann", nothing); w.signers += "bob@bank.example ssh-ed25519 AAAA\n"; }, "signoff/signers", true),
    ("revocations that are no list", |w| { w.sign("ann", nothing); w.revoked = "principal: ann@bank.example\n".into(); }, "signoff/", true),
    ("revoked keys that are none", |w| { w.sign("ann", nothing); w.write("trust/keys", "ssh-ed25519 AAAA\n"); w.set("revoked.yaml]", "revoked.yaml, trust/keys]"); }, "signoff/revocations", true),
];

#[test]
fn what_is_broken_is_a_finding_and_never_counts() {
    for (name, happen, rule, blocks) in BROKEN {
        let mut world = World::new();
        happen(&mut world);
        let report = world.report();
        let verdict = verdict(&report);
        assert!(
            matches!(verdict.verdict, "missing" | "unverified"),
            "{name}: {verdict:?}"
        );
        let found = report
            .findings
            .iter()
            .find(|finding| finding.rule.as_str().starts_with(rule))
            .unwrap_or_else(|| panic!("{name}: {:#?}", report.findings));
        assert_eq!(found.blocking, *blocks, "{name}: {found:?}");
        assert!(found.help.is_some(), "{name}");
        let place = report.sources.file(found.primary.location);
        assert!(place.is_some(), "{name} has no place");
    }
}

#[test]
fn statements_of_nothing_are_told() {
    let mut world = World::new();
    world.sign("ann", nothing);
    world.sign("bob", |given| given.role = "privcy".into());
    let report = world.report();
    assert_eq!(verdict(&report).verdict, "valid");
    assert_eq!(blocking(&report), ["signoff/unknown-role"]);

    let mut world = World::new();
    world.sign("ann", nothing);
    world.edit(SPEC_PATH, "id: credit", "id: loans");
    let report = world.report();
    let stray: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.rule.as_str() == "signoff/no-document")
        .collect();
    assert_eq!(stray.len(), 1);
    assert_eq!(stray[0].severity, Severity::Warning);
    assert!(
        stray[0].message.contains("`credit`"),
        "{}",
        stray[0].message
    );
}

#[test]
fn a_broken_trust_root_voids_what_is_stated_too() {
    let mut world = World::new();
    world.set("  minimum_assurance: ssh\n", "");
    let text = world.text(SPEC_PATH) + STATED;
    world.write(SPEC_PATH, &text);
    world.revoked = "- oops\n".into();
    let report = world.report();
    let state = verdict(&report);
    assert_eq!(state.verdict, "unverified");
    let reason = state.reason.as_deref().unwrap();
    assert!(
        reason.contains("`trust/revoked.yaml` is broken"),
        "{reason}"
    );
}

#[test]
fn a_sidecar_is_signed_with_its_document() {
    const SIDECAR: &str = "specs/README.md.launchgate.yaml";
    let mut world = World::new();
    world.files.clear();
    world.config += "documents: [{ paths: specs/README.md, format: huggingface }]\n";
    world.write("specs/README.md", "---\nlicense: mit\n---\n# Credit\n");
    world.write(SIDECAR, "id: credit\nstatus: launched\nowner: Ann\n");
    world.sign("bob", |given| given.document.kind = "model-card".into());
    let report = world.report();
    assert_eq!(verdict(&report).verdict, "valid", "{:?}", verdict(&report));
    world.edit(SIDECAR, "owner: Ann", "owner: Eve");
    let report = world.report();
    let state = verdict(&report);
    let reason = state.reason.as_deref().unwrap_or_default();
    assert_eq!(state.verdict, "stale");
    assert!(reason.ends_with(&format!("`{SIDECAR}`")), "{reason}");
}

#[test]
fn what_is_stated_is_kept_beside_the_verdict() {
    let mut world = World::new();
    let text = world.text(SPEC_PATH) + STATED;
    world.write(SPEC_PATH, &text);
    world.sign("ann", nothing);
    let report = world.report();
    let states: Vec<_> = report.outcomes[0]
        .sign_offs
        .iter()
        .map(|state| (state.principal.as_deref().unwrap(), state.verdict))
        .collect();
    assert_eq!(
        states,
        [
            ("ann@bank.example", "valid"),
            ("bob@bank.example", "stated")
        ]
    );
}

#[test]
fn statements_and_trusted_files_are_no_documents() {
    let mut world = World::new();
    world.sign("ann", nothing);
    let report = world.report();
    assert_eq!(report.summary.documents, 1);
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!(blocking(&report), [""; 0]);
}

/// What a change does, and what is said of it: rule and severity, and a part of the message.
type Told = (
    &'static str,
    fn(&mut World),
    &'static [(&'static str, Severity, &'static str)],
);

const LISTED: &str = "sign_offs.roles.privacy.quorum";

/// Loosens the rule, as far as it goes.
fn loosen(world: &mut World) {
    world.write(
        "acme/signed.yaml",
        &RULE.replace("severity: error", "severity: note"),
    );
}

#[rustfmt::skip]
const TOLD: &[Told] = &[
    ("nothing", |_| {}, &[]),
    ("signs", |w| { w.sign("bob", nothing); }, &[]),
    ("edits and signs again", |w| { w.edit(SPEC_PATH, "Decide\n", "x\n"); w.sign("ann", nothing); }, &[]),
    ("alters a role", |w| w.set("privacy: {", "privacy: { quorum: 2,"), &[("signoff/roots-changed", Severity::Warning, LISTED)]),
    ("alters the signers", |w| w.trust("eve", "", "eve"), &[("signoff/roots-changed", Severity::Warning, "`trust/signers`")]),
    ("revokes", |w| w.revoked = "- { principal: eve@bank.example, reason: Left, revoked_on: 2026-11-20 }\n".into(), &[("signoff/roots-changed", Severity::Warning, "`trust/revoked.yaml`")]),
    ("asks for less", |w| w.set("minimum_assurance: ssh", "minimum_assurance: named"), &[("signoff/roots-changed", Severity::Warning, "sign_offs.minimum_assurance")]),
    ("drops the signers", |w| w.set("  allowed_signers: trust/signers\n", ""), &[("signoff/roots-changed", Severity::Warning, "sign_offs.allowed_signers")]),
    ("alters a policy", loosen, &[("signoff/policies-changed", Severity::Warning, "`acme/signed.yaml`")]),
    ("alters a parameter", |w| w.role = "security", &[("signoff/policies-changed", Severity::Warning, "params.acme/signed.roles")]),
    ("alters who may waive", |w| w.config.push_str("waivers: { inline: allowed }\n"), &[("signoff/policies-changed", Severity::Warning, "waivers.inline")]),
    ("alters a policy and a document", |w| { loosen(w); w.edit(SPEC_PATH, "title: Credit", "title: Credits"); w.sign("ann", nothing); }, &[("signoff/policies-changed", Severity::Error, "`acme/signed.yaml`")]),
    ("alters a policy and signs", |w| { loosen(w); w.sign("bob", nothing); }, &[("signoff/policies-changed", Severity::Error, "`acme/signed.yaml`")]),
    ("deletes", |w| w.files.retain(|path, _| !path.starts_with("signoffs/")), &[("signoff/deleted", Severity::Error, "the sign-off of `ann@bank.example` in the role `privacy` was deleted")]),
    ("deletes the statement with its document", |w| w.files.retain(|path, _| !path.starts_with("signoffs/") && path != SPEC_PATH), &[]),
    ("renames the statement away", |w| w.rename("signoffs/credit/privacy.ann@bank.example.json", "signoffs/credit/old.txt"), &[("signoff/deleted", Severity::Error, "was deleted")]),
    ("puts an earlier one in its place", |w| { w.sign("ann", |s| s.issued = day("2026-10-01")); }, &[("signoff/deleted", Severity::Error, "by one that does not supersede it")]),
    ("deletes what has expired", |w| { w.today = "2027-11-02"; w.files.retain(|path, _| !path.starts_with("signoffs/")); }, &[]),
];

#[test]
fn what_a_change_makes_of_trust_is_told() {
    let told = |(name, change, wanted): &Told| {
        let mut world = World::new();
        world.sign("ann", nothing);
        world.branch();
        change(&mut world);
        let report = world.report();
        let findings = report.findings.iter().filter(|finding| {
            let rules = [
                "signoff/deleted",
                "signoff/roots-changed",
                "signoff/policies-changed",
            ];
            rules.contains(&finding.rule.as_str())
        });
        let found: Vec<_> = findings
            .map(|it| (it.rule.as_str(), it.severity, it.message.as_str()))
            .collect();
        for finding in &report.findings {
            let is_ours = finding.rule.as_str().starts_with("signoff/");
            assert!(!is_ours || finding.help.is_some(), "{name}: {finding:?}");
            let place = report.sources.file(finding.primary.location);
            assert!(place.is_some(), "{name} has no place");
        }
        let is_right = found.len() == wanted.len()
            && found.iter().zip(*wanted).all(|(found, wanted)| {
                (found.0, found.1) == (wanted.0, wanted.1) && found.2.contains(wanted.2)
            });
        (!is_right).then(|| format!("{name}: {found:?}"))
    };
    let wrong: Vec<_> = TOLD.iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_sign_offs_a_change_of_policies_is_no_matter_of_trust() {
    let mut world = World::new();
    world.config.clear();
    world.branch();
    loosen(&mut world);
    world.edit(SPEC_PATH, "title: Credit", "title: Credits");
    let report = world.report();
    assert_eq!(blocking(&report), [""; 0]);
    // Who begins to ask for sign-offs is told that they hold after the merge.
    world.config = ROLES.to_owned();
    let report = world.report();
    let told: Vec<_> = report.findings.iter().map(|it| it.rule.as_str()).collect();
    assert!(told.contains(&"signoff/roots-changed"), "{told:?}");
    assert!(!told.contains(&"signoff/policies-changed"), "{told:?}");
}

#[test]
fn a_sign_off_of_a_part_warns_once_the_rest_has_changed() {
    let mut world = World::new();
    let part = world.part(Part::Field("/data".into()));
    world.sign("ann", |given| given.scope = vec![part]);
    assert!(world.report().findings.is_empty());
    world.edit(SPEC_PATH, "on loans", "on all loans");
    let report = world.report();
    let [finding] = report.findings.as_slice() else {
        panic!("{:#?}", report.findings);
    };
    assert_eq!(finding.rule.as_str(), "signoff/valid-in-scope");
    assert_eq!(finding.severity, Severity::Warning);
    assert!(!finding.blocking);
    assert!(finding.message.contains("`privacy`"), "{}", finding.message);
    let source = report.sources.file(finding.primary.location).unwrap();
    assert_eq!(source.path(), SPEC_PATH);
    assert!(finding.related[0].text.contains("`/data`"), "{finding:?}");
}

#[test]
fn that_nobody_looked_at_commits_is_said_where_it_matters() {
    let said = |world: &World| {
        let notices = world.report().notices;
        notices
            .iter()
            .any(|notice| notice.contains("no git repository"))
    };
    let mut world = World::new();
    assert!(!said(&world));
    world.sign("ann", nothing);
    assert!(said(&world));
    world.wrote("ines@bank.example");
    assert!(!said(&world));
}

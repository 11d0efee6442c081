//! Signatures: the gate's verdict is that of `ssh-keygen -Y verify`, case by case, and needs no
//! OpenSSH.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../common/tools.rs"]
mod tools;

mod cases;
mod fixtures;
mod forge;
mod mutated;
mod signed;
mod workshop;

use jiff::Timestamp;
use launchgate::signoff::ssh::{AllowedSigners, Question, RevokedKeys, verify};
use launchgate::source::{FileId, SourceFile};

use cases::{Table, stock};
use workshop::{Asked, Workshop};

/// What the gate says: nothing, or why not.
fn ours(asked: &Asked) -> Result<(), String> {
    let text = std::str::from_utf8(&asked.signers).map_err(|error| error.to_string())?;
    let signers = AllowedSigners::parse(&SourceFile::new(FileId(0), "allowed_signers", text));
    let revoked = match &asked.revoked {
        Some(bytes) => vec![RevokedKeys::parse(bytes).map_err(|error| error.to_string())?],
        None => Vec::new(),
    };
    let question = Question {
        message: &asked.message,
        signature: &asked.signature,
        namespace: asked.namespace,
        principal: asked.principal,
        at: time(asked.at),
        signers: &signers,
        revoked: &revoked,
    };
    verify(&question)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn time(digits: &str) -> Timestamp {
    let (day, clock) = digits.split_at(8);
    let text = format!("{day}T{clock}Z");
    text.parse().unwrap()
}

#[test]
fn each_verdict_is_that_of_openssh() {
    if !tools::are_there(&["ssh-keygen"]) {
        return;
    }
    let mut shop = Workshop::new();
    stock(&mut shop);
    let table = Table::new(&shop);
    let mut wrong = Vec::new();
    for case in &table.cases {
        let theirs = shop.verdict(&case.asked);
        let mine = ours(&case.asked);
        if theirs.status.success() != case.openssh || mine.is_ok() != case.ours {
            wrong.push(format!(
                "{}: ssh-keygen {} (wanted {}): {}; launchgate {mine:?} (wanted {})",
                case.name,
                theirs.status.success(),
                case.openssh,
                String::from_utf8_lossy(&theirs.stderr).trim(),
                case.ours,
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        table.cases.len(),
        wrong.join("\n")
    );
    let differ = table
        .cases
        .iter()
        .filter(|case| case.openssh != case.ours)
        .count();
    assert_eq!(
        differ, 8,
        "a new difference must be written down in `signoff::ssh`"
    );
    assert!(table.cases.len() >= 60);
}

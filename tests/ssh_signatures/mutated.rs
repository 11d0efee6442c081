//! Whatever is done to a signature, to the signers or to a revocation list: an answer, and never that
//! it holds when what was signed or who may sign has changed.

use std::cell::Cell;

use base64ct::{Base64, Encoding as _};
use proptest::prelude::*;

use crate::fixtures::{SIGNATURES, asked};
use crate::forge;
use crate::ours;
use crate::tools;
use crate::workshop::Workshop;

/// One change of some bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Cut(usize),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Double(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), 1..=u8::MAX).prop_map(|(at, by)| Change::Flip(at, by)),
        any::<usize>().prop_map(Change::Cut),
        (any::<usize>(), prop::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, count)| Change::Double(at, count)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let length = bytes.len();
    if length == 0 {
        return;
    }
    match change {
        Change::Flip(at, by) => bytes[at % length] ^= by,
        Change::Cut(at) => bytes.truncate(at % length),
        Change::Insert(at, more) => {
            let at = at % length;
            bytes.splice(at..at, more.iter().copied());
        }
        Change::Remove(at, count) => {
            let at = at % length;
            bytes.drain(at..(at + count).min(length));
        }
        Change::Double(at, count) => {
            let at = at % length;
            let part = bytes[at..(at + count).min(length)].to_vec();
            bytes.splice(at..at, part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_blob_does_not_hold(
        index in 0..SIGNATURES.len(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let mut asked = asked(SIGNATURES[index]);
        let before = forge::blob(&asked.signature);
        let mut blob = before.clone();
        for change in &changes {
            apply(&mut blob, change);
        }
        asked.signature = forge::armour(&blob);
        let verdict = ours(&asked);
        prop_assert!(blob == before || verdict.is_err(), "{:?}", Base64::encode_string(&blob));
    }

    #[test]
    fn a_changed_file_is_answered(
        index in 0..SIGNATURES.len(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let mut asked = asked(SIGNATURES[index]);
        for change in &changes {
            apply(&mut asked.signature, change);
        }
        let _ = ours(&asked);
        asked.message.push(b'x');
        prop_assert!(ours(&asked).is_err());
    }

    #[test]
    fn changed_signers_and_lists_are_answered(
        changes in prop::collection::vec(change(), 1..4),
        list in prop::collection::vec(change(), 1..4),
    ) {
        let mut asked = asked("ed25519.sig");
        for change in &changes {
            apply(&mut asked.signers, change);
        }
        let mut revoked = std::fs::read(crate::fixtures::folder().join("revoked.krl")).unwrap();
        for change in &list {
            apply(&mut revoked, change);
        }
        asked.revoked = Some(revoked);
        let _ = ours(&asked);
        asked.principal = "mallory@example.org";
        let added = changes.iter().any(|change| matches!(change, Change::Insert(_, bytes) if bytes.contains(&b'*')));
        prop_assert!(added || ours(&asked).is_err());
    }
}

/// Parts that a line of signers is made of, `KEY` for the key that signed.
const PARTS: [&str; 24] = [
    "alice@example.com",
    "alice@example.com ",
    "bob@example.com",
    "*",
    "?",
    "!",
    "!alice@example.com",
    ",",
    " ",
    "\t",
    "\r",
    "\"",
    "\\\"",
    "\\",
    "#",
    "=",
    "cert-authority",
    "namespaces=\"launchgate/*\"",
    "Namespaces=\"file, *\"",
    "namespaces=",
    "valid-after=\"20260101Z\"",
    "valid-before=\"202601010000\"",
    "ssh-ed25519 ",
    "KEY",
];

/// A line that is nearly right: some parts, and around them now and then what makes it whole.
fn line() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..7);
    (any::<bool>(), parts, 0..3_u8).prop_map(|(principal, parts, end)| {
        let start = if principal { "alice@example.com " } else { "" };
        let end = ["", " KEY", " KEY laptop"][usize::from(end)];
        format!("{start}{}{end}", parts.concat())
    })
}

/// Lines as nobody thought of them get the verdict of OpenSSH. `PROPTEST_CASES` sets how many.
#[test]
fn lines_made_of_parts_get_the_verdict_of_openssh() {
    if !tools::are_there(&["ssh-keygen"]) {
        return;
    }
    let shop = Workshop::new();
    let plain = asked("ed25519.sig");
    let text = String::from_utf8(plain.signers.clone()).unwrap();
    let key = text
        .lines()
        .find(|line| line.ends_with(" ed25519"))
        .unwrap();
    let at = key.find("ssh-ed25519").unwrap();
    let key = key[at..].trim_end_matches(" ed25519").to_owned();
    let agreed = [Cell::new(0), Cell::new(0)];
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let lines = prop::collection::vec(line(), 1..3);
    let outcome = runner.run(&lines, |lines| {
        let mut asked = plain.clone();
        asked.signers = lines.join("\n").replace("KEY", &key).into_bytes();
        let theirs = shop.verdict(&asked).status.success();
        let mine = ours(&asked);
        prop_assert_eq!(theirs, mine.is_ok(), "{:?}", mine);
        agreed[usize::from(theirs)].update(|count| count + 1);
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    assert!(agreed.iter().all(|count| count.get() > 10), "{agreed:?}");
}

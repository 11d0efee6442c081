//! Whatever is done to a signature, to the signers or to a revocation list: an answer, and never that
//! it holds when what was signed or who may sign has changed.

use base64ct::{Base64, Encoding as _};
use proptest::prelude::*;

use crate::fixtures::{SIGNATURES, asked};
use crate::forge;
use crate::ours;

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

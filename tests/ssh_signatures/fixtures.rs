//! Signatures that were made once by `ssh-keygen`, verified where there is none.

use std::fs;
use std::path::{Path, PathBuf};

use launchgate::signoff::ssh::RevokedKeys;

use crate::cases::{ALICE, NAMESPACE};
use crate::ours;
use crate::tools;
use crate::workshop::{Asked, Workshop};

const AT: &str = "20260601120000";

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ssh_signatures/fixtures")
}

fn read(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A fixture as it is asked about. `statement.json` is what was signed.
pub(crate) fn asked(signature: &str) -> Asked {
    Asked {
        message: read("statement.json"),
        signature: read(signature),
        namespace: NAMESPACE,
        principal: ALICE,
        at: AT,
        signers: read("allowed_signers"),
        revoked: None,
    }
}

pub(crate) const SIGNATURES: [&str; 6] = [
    "ed25519.sig",
    "ecdsa256.sig",
    "ecdsa384.sig",
    "ecdsa521.sig",
    "rsa2048.sig",
    "cert.sig",
];

#[test]
fn fixtures_hold_without_openssh() {
    for name in SIGNATURES {
        let asked = asked(name);
        assert_eq!(ours(&asked), Ok(()), "{name}");
        let mut edited = asked.clone();
        edited.message.push(b'\n');
        assert!(ours(&edited).is_err(), "{name}");
        let mut other = asked.clone();
        other.namespace = "file";
        assert!(ours(&other).is_err(), "{name}");
        let mut late = asked.clone();
        late.at = "20280101000000";
        assert_eq!(ours(&late).is_err(), name == "cert.sig", "{name}");
        let mut revoked = asked;
        revoked.revoked = Some(read("revoked.krl"));
        assert_eq!(
            ours(&revoked).is_err(),
            name == "ed25519.sig" || name == "cert.sig",
            "{name}"
        );
    }
}

#[test]
fn a_refusal_says_why() {
    let why = |change: &dyn Fn(&mut Asked)| {
        let mut asked = asked("ed25519.sig");
        change(&mut asked);
        ours(&asked).unwrap_err()
    };
    let without = |asked: &Asked, word: &str| {
        let text = String::from_utf8(asked.signers.clone()).unwrap();
        let lines = text.lines().filter(|line| !line.contains(word));
        lines.collect::<Vec<_>>().join("\n").into_bytes()
    };
    for (said, reason) in [
        (
            "does not match the signed bytes",
            why(&|asked| asked.message.clear()),
        ),
        (
            "made for the namespace `launchgate/signoff@v1`, not for `file`",
            why(&|asked| asked.namespace = "file"),
        ),
        (
            "no signer is called `bob@example.org`",
            why(&|asked| asked.principal = "bob@example.org"),
        ),
        (
            "is not one of `alice@example.com`",
            why(&|asked| asked.signers = without(asked, "ssh-ed25519 ")),
        ),
        (
            "is revoked",
            why(&|asked| asked.revoked = Some(read("revoked.krl"))),
        ),
        (
            "the limit is 65536",
            why(&|asked| asked.signature = vec![b'-'; 70_000]),
        ),
        (
            "it is no armoured SSH signature",
            why(&|asked| asked.signature.clear()),
        ),
    ] {
        assert!(reason.contains(said), "{said}: {reason}");
    }
    let mut late = asked("cert.sig");
    late.at = "20270101000000";
    let reason = ours(&late).unwrap_err();
    assert!(reason.contains("the certificate has expired"), "{reason}");
}

#[test]
fn a_revocation_list_cut_anywhere_is_refused() {
    let list = read("revoked.krl");
    assert!(RevokedKeys::parse(&list).is_ok());
    // The list ends with its one section; what comes before that is a whole, empty list.
    let empty = 8 + 4 + 3 * 8 + 4 + 4;
    for length in 8..list.len() {
        let parsed = RevokedKeys::parse(&list[..length]);
        assert_eq!(parsed.is_ok(), length == empty, "{length}");
    }
}

/// Makes the fixtures anew: `BLESS=1 cargo test --test ssh_signatures fixtures`.
#[test]
fn fixtures_are_made_by_ssh_keygen() {
    if std::env::var_os("BLESS").is_none() || !tools::are_there(&["ssh-keygen"]) {
        return;
    }
    let mut shop = Workshop::new();
    crate::cases::stock(&mut shop);
    let message = read("statement.json");
    let mut signers = String::from("# Made for these tests; the private keys are gone.\n");
    for name in SIGNATURES {
        let key = name.trim_end_matches(".sig");
        let signature = shop.sign(key, NAMESPACE, &message, "sha512");
        fs::write(folder().join(name), signature).unwrap();
        let line = match key {
            "cert" => format!(
                "*@example.com cert-authority,namespaces=\"launchgate/*\" {}\n",
                shop.public["ca"]
            ),
            key => format!(
                "{ALICE} namespaces=\"launchgate/*\" {} {key}\n",
                shop.public[key]
            ),
        };
        signers.push_str(&line);
    }
    fs::write(folder().join("allowed_signers"), signers).unwrap();
    let list = shop.krl(&format!("key: {}\n", shop.public["ed25519"]), None);
    fs::write(folder().join("revoked.krl"), list).unwrap();
}

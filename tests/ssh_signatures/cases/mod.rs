//! The table: what is asked, and what both must answer.

mod files;
mod keys;
mod options;
mod signers;
mod trust;

use crate::forge::{self, Kind};
use crate::workshop::{Asked, Workshop};

pub(crate) const NAMESPACE: &str = "launchgate/signoff@v1";
pub(crate) const ALICE: &str = "alice@example.com";
const MESSAGE: &[u8] = b"{\"decision\":\"approved\"}\n";
const NOON: &str = "20260601120000";

/// One row.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) asked: Asked,
    /// Whether `ssh-keygen -Y verify` takes it.
    pub(crate) openssh: bool,
    /// Whether the gate takes it.
    pub(crate) ours: bool,
}

/// Rows, and what they are made of.
pub(crate) struct Table<'w> {
    shop: &'w Workshop,
    pub(crate) cases: Vec<Case>,
    /// A signature by `ed25519` that holds.
    signature: Vec<u8>,
}

/// Every key and certificate that the table needs.
pub(crate) fn stock(shop: &mut Workshop) {
    for (name, kind) in [
        ("soft", Kind::Ed25519),
        ("sk-ed25519", Kind::SkEd25519),
        ("sk-ecdsa", Kind::SkEcdsa),
    ] {
        shop.public.insert(name.to_owned(), forge::public(kind));
    }
    for (name, kind, bits) in [
        ("ed25519", "ed25519", ""),
        ("other", "ed25519", ""),
        ("ecdsa256", "ecdsa", "256"),
        ("ecdsa384", "ecdsa", "384"),
        ("ecdsa521", "ecdsa", "521"),
        ("rsa2048", "rsa", "2048"),
        ("rsa5120", "rsa", "5120"),
        ("ca", "ed25519", ""),
        ("rsa-ca", "rsa", "2048"),
        ("other-ca", "ecdsa", "256"),
    ] {
        shop.key(name, kind, bits);
    }
    let year = "20260101000000Z:20270101000000Z";
    for (name, key, authority, arguments) in [
        (
            "cert",
            "ed25519",
            "ca",
            "-I laptop -z 42 -n alice@example.com -V YEAR",
        ),
        (
            "cert-ecdsa",
            "ecdsa384",
            "ca",
            "-I laptop -n alice@example.com -V YEAR",
        ),
        (
            "cert-rsa",
            "rsa2048",
            "rsa-ca",
            "-I laptop -n alice@example.com -V YEAR",
        ),
        (
            "cert-sha1",
            "ed25519",
            "rsa-ca",
            "-t ssh-rsa -I laptop -n alice@example.com -V YEAR",
        ),
        (
            "cert-old",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V 20250101Z:20260101Z",
        ),
        (
            "cert-new",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V 20270101Z:20280101Z",
        ),
        (
            "cert-forever",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com",
        ),
        (
            "cert-from-noon",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V 20260601120000Z:20270101Z",
        ),
        (
            "cert-to-noon",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V 20260101Z:20260601120000Z",
        ),
        (
            "cert-bob",
            "ed25519",
            "ca",
            "-I laptop -n bob@example.com -V YEAR",
        ),
        (
            "cert-many",
            "ed25519",
            "ca",
            "-I laptop -n bob@example.com,alice@example.com -V YEAR",
        ),
        (
            "cert-star",
            "ed25519",
            "ca",
            "-I laptop -n *@example.com -V YEAR",
        ),
        ("cert-nobody", "ed25519", "ca", "-I laptop -V YEAR"),
        (
            "cert-host",
            "ed25519",
            "ca",
            "-h -I laptop -n alice@example.com -V YEAR",
        ),
        (
            "cert-login",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V YEAR -O force-command=true",
        ),
        (
            "cert-critical",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V YEAR -O critical:x@example.com=1",
        ),
        (
            "cert-verify",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V YEAR -O verify-required",
        ),
        (
            "cert-extended",
            "ed25519",
            "ca",
            "-I laptop -n alice@example.com -V YEAR -O extension:x@example.com=1",
        ),
    ] {
        let arguments = arguments.replace("YEAR", year);
        let arguments: Vec<_> = arguments.split(' ').collect();
        shop.certify(name, key, authority, &arguments);
    }
}

impl<'w> Table<'w> {
    pub(crate) fn new(shop: &'w Workshop) -> Self {
        let signature = shop.sign("ed25519", NAMESPACE, MESSAGE, "sha512");
        let mut table = Self {
            shop,
            cases: Vec::new(),
            signature,
        };
        table.keys();
        table.security_keys();
        table.armour();
        table.blobs();
        table.signers();
        table.options();
        table.certificates();
        table.revocations();
        table
    }

    /// The plain case: a signature by `ed25519`, whose key is `alice@example.com`.
    fn plain(&self) -> Asked {
        Asked {
            message: MESSAGE.to_vec(),
            signature: self.signature.clone(),
            namespace: NAMESPACE,
            principal: ALICE,
            at: NOON,
            signers: self.fill("alice@example.com {ed25519}\n"),
            revoked: None,
        }
    }

    /// A text with each `{name}` replaced by the public key of that name.
    fn fill(&self, text: &str) -> Vec<u8> {
        let mut text = text.to_owned();
        for (name, key) in &self.shop.public {
            text = text.replace(&format!("{{{name}}}"), key);
        }
        text.into_bytes()
    }

    fn case(
        &mut self,
        name: impl Into<String>,
        holds: bool,
        change: impl FnOnce(&Self, &mut Asked),
    ) {
        self.differing(name, holds, holds, change);
    }

    /// A case that both may answer differently; `ssh`'s module says why.
    fn differing(
        &mut self,
        name: impl Into<String>,
        openssh: bool,
        ours: bool,
        change: impl FnOnce(&Self, &mut Asked),
    ) {
        let mut asked = self.plain();
        change(self, &mut asked);
        self.cases.push(Case {
            name: name.into(),
            asked,
            openssh,
            ours,
        });
    }
}

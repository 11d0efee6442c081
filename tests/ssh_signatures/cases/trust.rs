//! Certificates and revocations.

use super::{MESSAGE, NAMESPACE, Table};
use crate::forge;

impl Table<'_> {
    pub(super) fn certificates(&mut self) {
        const CA: &str = "alice@example.com cert-authority {ca}\n";
        for (certificate, openssh, ours, signers) in [
            ("cert", true, true, CA),
            (
                "cert",
                true,
                true,
                "*@example.com cert-authority,namespaces=\"launchgate/*\" {ca}\n",
            ),
            (
                "cert",
                false,
                false,
                "*@example.com cert-authority,namespaces=\"file\" {ca}\n",
            ),
            (
                "cert",
                false,
                false,
                "*@example.com cert-authority,valid-before=\"20260101Z\" {ca}\n",
            ),
            (
                "cert",
                false,
                false,
                "bob@example.com cert-authority {ca}\n",
            ),
            ("cert", false, false, "alice@example.com {ca}\n"),
            (
                "cert",
                false,
                false,
                "alice@example.com cert-authority {other-ca}\n",
            ),
            (
                "cert",
                true,
                true,
                "alice@example.com cert-authority {other-ca}\nalice@example.com cert-authority {ca}\n",
            ),
            ("cert", false, false, "alice@example.com {ed25519}\n"),
            ("cert", true, true, "alice@example.com {cert}\n"),
            ("cert", false, false, "alice@example.com {cert-many}\n"),
            (
                "cert",
                false,
                false,
                "alice@example.com cert-authority {cert}\n",
            ),
            ("cert-old", true, true, "alice@example.com {cert-old}\n"),
            ("cert-ecdsa", true, true, CA),
            (
                "cert-rsa",
                true,
                true,
                "alice@example.com cert-authority {rsa-ca}\n",
            ),
            (
                "cert-sha1",
                true,
                false,
                "alice@example.com cert-authority {rsa-ca}\n",
            ),
            ("cert-old", false, false, CA),
            ("cert-new", false, false, CA),
            ("cert-forever", true, true, CA),
            ("cert-from-noon", true, true, CA),
            ("cert-to-noon", false, false, CA),
            ("cert-bob", false, false, CA),
            ("cert-bob", false, false, "* cert-authority {ca}\n"),
            ("cert-many", true, true, CA),
            ("cert-star", false, false, CA),
            ("cert-nobody", false, false, CA),
            ("cert-host", false, false, CA),
            ("cert-login", true, true, CA),
            ("cert-extended", true, true, CA),
            ("cert-critical", true, false, CA),
            ("cert-verify", true, false, CA),
        ] {
            let signature = self.shop.sign(certificate, NAMESPACE, MESSAGE, "sha512");
            let name = format!("certificate: {certificate}: {}", signers.trim());
            self.differing(name, openssh, ours, |table, asked| {
                asked.signature = signature;
                asked.signers = table.fill(signers);
            });
        }
        self.case("certificate: with a changed name", false, |table, asked| {
            let signature = table.shop.sign("cert-bob", NAMESPACE, MESSAGE, "sha512");
            let mut blob = forge::blob(&signature);
            let bob = b"\0\0\0\x0fbob@example.com";
            let at = blob
                .windows(bob.len())
                .position(|part| part == bob)
                .unwrap();
            blob[at + 4..at + 7].copy_from_slice(b"eve");
            asked.principal = "eve@example.com";
            asked.signature = forge::armour(&blob);
            asked.signers = table.fill("* cert-authority {ca}\n");
        });
    }

    pub(super) fn revocations(&mut self) {
        let public = |name: &str| self.shop.public[name].clone();
        let krl = |text: &str, authority| Some(self.shop.krl(text, authority));
        let listed = krl(&format!("key: {}\n", public("ed25519")), None);
        let mut cut = listed.clone().unwrap();
        cut.truncate(cut.len() - 1);
        // Every other serial: `ssh-keygen` writes a bitmap for them.
        let from = |first: usize| {
            let lines = (first..80).step_by(2).map(|n| format!("serial: {n}"));
            lines.collect::<Vec<_>>().join("\n") + "\n"
        };
        let (even, odd) = (from(2), from(1));
        let rows = [
            ("list: the key", "ed25519", false, false, listed),
            (
                "list: another key",
                "ed25519",
                true,
                true,
                krl(&format!("key: {}\n", public("other")), None),
            ),
            (
                "list: SHA-1",
                "ed25519",
                false,
                false,
                krl(&format!("sha1: {}\n", public("ed25519")), None),
            ),
            (
                "list: SHA-256",
                "ed25519",
                false,
                false,
                krl(&format!("sha256: {}\n", public("ed25519")), None),
            ),
            (
                "list: SHA-256 of another",
                "ed25519",
                true,
                true,
                krl(&format!("sha256: {}\n", public("other")), None),
            ),
            ("list: empty", "ed25519", true, true, krl("", None)),
            ("list: cut off", "ed25519", false, false, Some(cut)),
            (
                "list: serial",
                "cert",
                false,
                false,
                krl("serial: 42\n", Some("ca")),
            ),
            (
                "list: another serial",
                "cert",
                true,
                true,
                krl("serial: 43\n", Some("ca")),
            ),
            (
                "list: serials",
                "cert",
                false,
                false,
                krl("serial: 40-50\n", Some("ca")),
            ),
            (
                "list: other serials",
                "cert",
                true,
                true,
                krl("serial: 43-50\n", Some("ca")),
            ),
            ("list: bitmap", "cert", false, false, krl(&even, Some("ca"))),
            (
                "list: another bitmap",
                "cert",
                true,
                true,
                krl(&odd, Some("ca")),
            ),
            (
                "list: a bitmap, no serial",
                "cert-many",
                true,
                true,
                krl(&even, Some("ca")),
            ),
            (
                "list: serial of another authority",
                "cert",
                true,
                true,
                krl("serial: 42\n", Some("other-ca")),
            ),
            (
                "list: serial of any authority",
                "cert",
                false,
                false,
                krl("serial: 42\n", Some("none")),
            ),
            (
                "list: id",
                "cert",
                false,
                false,
                krl("id: laptop\n", Some("ca")),
            ),
            (
                "list: another id",
                "cert",
                true,
                true,
                krl("id: desktop\n", Some("ca")),
            ),
            (
                "list: the certificate's key",
                "cert",
                false,
                false,
                krl(&format!("key: {}\n", public("ed25519")), None),
            ),
            (
                "list: the authority",
                "cert",
                false,
                false,
                krl(&format!("key: {}\n", public("ca")), None),
            ),
            (
                "list: SHA-256 of the authority",
                "cert",
                false,
                false,
                krl(&format!("sha256: {}\n", public("ca")), None),
            ),
            ("keys: none", "ed25519", true, true, Some(Vec::new())),
            (
                "keys: the key",
                "ed25519",
                false,
                false,
                Some(self.fill("# lost\n\n{ed25519} laptop\n")),
            ),
            (
                "keys: another key",
                "ed25519",
                true,
                true,
                Some(self.fill("{other}\n{rsa2048}\n")),
            ),
            (
                "keys: CR LF",
                "ed25519",
                false,
                false,
                Some(self.fill("{other}\r\n{ed25519}\r\n")),
            ),
            (
                "keys: the certificate's key",
                "cert",
                false,
                false,
                Some(self.fill("{ed25519}\n")),
            ),
            (
                "keys: the certificate",
                "cert",
                false,
                false,
                Some(self.fill("{cert}\n")),
            ),
            (
                "keys: a certificate of the same key",
                "ed25519",
                false,
                false,
                Some(self.fill("{cert}\n")),
            ),
            (
                "keys: the authority",
                "cert",
                false,
                false,
                Some(self.fill("{ca}\n")),
            ),
            (
                "keys: what is no key",
                "ed25519",
                false,
                false,
                Some(b"SHA256:abc\n".to_vec()),
            ),
            (
                "keys: what is no key, after another",
                "ed25519",
                false,
                false,
                Some(self.fill("{other}\nwhat\n")),
            ),
            (
                "keys: bytes",
                "ed25519",
                false,
                false,
                Some(vec![0xFF, 0xFE, 0]),
            ),
            (
                "keys: a blank line with CR",
                "ed25519",
                false,
                true,
                Some(self.fill("\r\n{other}\r\n")),
            ),
        ];
        for (name, key, openssh, ours, revoked) in rows {
            let signature = self.shop.sign(key, NAMESPACE, MESSAGE, "sha512");
            self.differing(format!("revoked: {name}"), openssh, ours, |table, asked| {
                asked.signature = signature;
                asked.signers = table
                    .fill("alice@example.com {ed25519}\nalice@example.com cert-authority {ca}\n");
                asked.revoked = revoked;
            });
        }
    }
}

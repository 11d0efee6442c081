//! Each kind of key, right and changed.

use super::{MESSAGE, NAMESPACE, Table};
use crate::forge::{self, Forge, Kind};
use crate::workshop::Asked;

impl Table<'_> {
    pub(super) fn keys(&mut self) {
        for name in [
            "ed25519", "ecdsa256", "ecdsa384", "ecdsa521", "rsa2048", "rsa5120",
        ] {
            for hash in ["sha256", "sha512"] {
                let signature = self.shop.sign(name, NAMESPACE, MESSAGE, hash);
                let signers = format!("alice@example.com {{{name}}}\n");
                let with = |table: &Self, asked: &mut Asked| {
                    asked.signature.clone_from(&signature);
                    asked.signers = table.fill(&signers);
                };
                self.case(format!("{name} {hash}"), true, with);
                self.case(
                    format!("{name} {hash}, another message"),
                    false,
                    |table, asked| {
                        with(table, asked);
                        asked.message.push(b' ');
                    },
                );
                self.case(
                    format!("{name} {hash}, a changed signature"),
                    false,
                    |table, asked| {
                        with(table, asked);
                        let mut blob = forge::blob(&asked.signature);
                        let last = blob.len() - 1;
                        blob[last] ^= 1;
                        asked.signature = forge::armour(&blob);
                    },
                );
            }
        }
        self.case("an empty message", false, |_, asked| asked.message.clear());
        self.case("another namespace", false, |_, asked| {
            asked.namespace = "file";
        });
        self.case("the namespace in capitals", false, |_, asked| {
            asked.namespace = "LAUNCHGATE/SIGNOFF@V1";
        });
        self.case("another principal", false, |_, asked| {
            asked.principal = "bob@example.com";
        });
        self.case("the principal in capitals", false, |_, asked| {
            asked.principal = "Alice@example.com";
        });
        self.case("a signature by another key", false, |table, asked| {
            asked.signature = table.shop.sign("other", NAMESPACE, MESSAGE, "sha512");
        });
        self.case("a key of another type is listed", false, |table, asked| {
            asked.signers = table.fill("alice@example.com {ecdsa256}\n");
        });
        let private = std::fs::read_to_string(self.shop.path("rsa2048")).unwrap();
        let sha256 = forge::rsa_sha256(&private, NAMESPACE, MESSAGE);
        for (name, holds, message) in [
            ("rsa-sha2-256", true, MESSAGE),
            ("rsa-sha2-256, another message", false, b"x"),
        ] {
            self.case(name, holds, |table, asked| {
                asked.message = message.to_vec();
                asked.signature.clone_from(&sha256);
                asked.signers = table.fill("alice@example.com {rsa2048}\n");
            });
        }
        self.case("RSA with SHA-1", false, |table, asked| {
            let mut blob = forge::blob(&table.shop.sign("rsa2048", NAMESPACE, MESSAGE, "sha512"));
            let name = b"rsa-sha2-512";
            let at = blob
                .windows(name.len())
                .rposition(|part| part == name)
                .unwrap();
            // `ssh-rsa` is five bytes shorter; both lengths that hold it shrink with it.
            blob.splice(at..at + name.len(), *b"ssh-rsa");
            blob[at - 1] = 7;
            let inner = u32::from_be_bytes(blob[at - 8..at - 4].try_into().unwrap()) - 5;
            blob[at - 8..at - 4].copy_from_slice(&inner.to_be_bytes());
            asked.signature = forge::armour(&blob);
            asked.signers = table.fill("alice@example.com {rsa2048}\n");
        });
    }

    pub(super) fn security_keys(&mut self) {
        for (name, kind) in [("sk-ed25519", Kind::SkEd25519), ("sk-ecdsa", Kind::SkEcdsa)] {
            let signers = format!("alice@example.com {{{name}}}\n");
            let mut row = |what: &str, holds, forge: Forge| {
                self.case(format!("{name}{what}"), holds, |table, asked| {
                    asked.signature = forge.armoured();
                    asked.signers = table.fill(&signers);
                });
            };
            let good = Forge::new(kind, NAMESPACE, MESSAGE);
            row("", true, good.clone());
            row(
                ", sha256",
                true,
                good.clone().with(|it| it.hash = "sha256".into()),
            );
            row(
                ", touched and verified",
                true,
                good.clone().with(|it| it.flags = 5),
            );
            row(", not touched", true, good.clone().with(|it| it.flags = 0));
            row(", counter 0", true, good.clone().with(|it| it.counter = 0));
            row(
                ", another message",
                false,
                good.clone().with(|it| it.message = b"x".to_vec()),
            );
            row(
                ", another application",
                false,
                good.clone().with(|it| it.application = "ssh:x".into()),
            );
            row(
                ", changed flags",
                false,
                good.clone().with(|it| it.claims = Some((5, 7))),
            );
            row(
                ", changed counter",
                false,
                good.clone().with(|it| it.claims = Some((1, 8))),
            );
            row(
                ", bytes after the counter",
                false,
                good.clone().with(|it| it.inner_trail = vec![0]),
            );
            row(
                ", named as a plain key",
                false,
                good.clone().with(|it| it.name = Some("ssh-ed25519".into())),
            );
        }
        let soft = Forge::new(Kind::Ed25519, NAMESPACE, MESSAGE);
        self.case(
            "the same ed25519 key, not in a security key",
            false,
            |table, asked| {
                asked.signature = soft.armoured();
                asked.signers = table.fill("alice@example.com {sk-ed25519}\n");
            },
        );
    }
}

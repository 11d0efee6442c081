//! A repository that passes, its attestation, and signatures made without OpenSSH.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};
use tempfile::TempDir;

pub(crate) const NAMESPACE: &str = "launchgate/attestation@v1";
pub(crate) const GATE: &str = "gate@bank.example";

const FILES: [(&str, &str); 6] = [
    ("launchgate.yaml", CONFIG),
    ("acme/pack.yaml", "name: acme\nversion: 1.0.0\ntitle: T\n"),
    ("acme/titled.yaml", RULE),
    ("specs/credit.yaml", SPEC),
    ("specs/scan.sarif", "{}\n"),
    ("trust/revoked.yaml", "[]\n"),
];
const CONFIG: &str = "\
packs: [./acme]
sign_offs:
  allowed_signers: trust/signers
  revoked: [trust/revoked.yaml]
";
const RULE: &str = "\
rule: acme/titled
title: Titled
description: D.
severity: error
applies_to: [feature-spec]
require:
  - doc.title != 'Bad'
message: bad
help: Mend it
";
const SPEC: &str = "\
kind: feature-spec
id: credit
title: Credit
status: approved
summary: Decides on loans.
security:
  scans:
    - { tool: semgrep, path: scan.sarif }
";

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) signers: String,
}

/// What the program said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) text: String,
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend(bytes);
}

fn public(key: &SigningKey) -> Vec<u8> {
    let mut blob = Vec::new();
    put(&mut blob, b"ssh-ed25519");
    put(&mut blob, key.verifying_key().as_bytes());
    blob
}

/// A key as `allowed_signers` has it.
pub(crate) fn line(key: &SigningKey) -> String {
    format!("ssh-ed25519 {}", Base64::encode_string(&public(key)))
}

/// What `ssh-keygen -Y sign` writes.
pub(crate) fn signature(key: &SigningKey, namespace: &str, message: &[u8]) -> Vec<u8> {
    let head = |out: &mut Vec<u8>| {
        put(out, namespace.as_bytes());
        put(out, b"");
        put(out, b"sha512");
    };
    let mut signed = b"SSHSIG".to_vec();
    head(&mut signed);
    put(&mut signed, &Sha512::digest(message));
    let mut raw = Vec::new();
    put(&mut raw, b"ssh-ed25519");
    put(&mut raw, &key.sign(&signed).to_bytes());
    let mut blob = b"SSHSIG".to_vec();
    blob.extend(1u32.to_be_bytes());
    put(&mut blob, &public(key));
    head(&mut blob);
    put(&mut blob, &raw);
    let text = Base64::encode_string(&blob);
    format!("-----BEGIN SSH SIGNATURE-----\n{text}\n-----END SSH SIGNATURE-----\n").into_bytes()
}

/// The pre-authentication encoding, written anew from its definition.
pub(crate) fn pae(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = b"DSSEv1 ".to_vec();
    for part in [kind.as_bytes(), payload] {
        bytes.extend(part.len().to_string().bytes());
        bytes.push(b' ');
        bytes.extend(part);
        bytes.push(b' ');
    }
    bytes.pop();
    bytes
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        let world = Self {
            folder,
            signers: format!("{GATE} namespaces=\"{NAMESPACE}\" {}\n", line(&key(1))),
        };
        for (path, text) in FILES {
            world.write(path, text);
        }
        world.write("trust/signers", &world.signers);
        world
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    /// Runs the program where no other can be found.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.run_with("", words)
    }

    pub(crate) fn run_with(&self, path: &str, words: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_launchgate"))
            .current_dir(self.folder.path())
            .env("PATH", path)
            .args(words)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        Said {
            code: output.status.code().unwrap(),
            text: String::from_utf8(text).unwrap(),
        }
    }

    /// Attests as on the day of the tests, unsigned.
    pub(crate) fn attest(&self, more: &[&str]) -> Said {
        let words = ["attest", "create", "--unsigned", "--output", "a.json"];
        self.run(&[&words[..], &["--as-of", "2026-11-22"], more].concat())
    }

    pub(crate) fn verify(&self, more: &[&str]) -> Said {
        let words = ["attest", "verify", "a.json", "--signer", GATE];
        let day: &[&str] = if more.contains(&"--as-of") {
            &[]
        } else {
            &["--as-of", "2026-11-22"]
        };
        self.run(&[&words[..], day, more].concat())
    }

    pub(crate) fn envelope(&self) -> Value {
        serde_json::from_str(&self.read("a.json")).unwrap()
    }

    pub(crate) fn payload(&self) -> Vec<u8> {
        Base64::decode_vec(self.envelope()["payload"].as_str().unwrap()).unwrap()
    }

    pub(crate) fn statement(&self) -> Value {
        serde_json::from_slice(&self.payload()).unwrap()
    }

    /// Signs a payload as a key would, and makes it the attestation.
    pub(crate) fn sign(&self, payload: &[u8], key: &SigningKey, namespace: &str) {
        let kind = "application/vnd.in-toto+json";
        let signed = signature(key, namespace, &pae(kind, payload));
        let envelope = json!({
            "payloadType": kind,
            "payload": Base64::encode_string(payload),
            "signatures": [{ "keyid": "", "sig": Base64::encode_string(&signed) }],
        });
        self.write("a.json", &envelope.to_string());
    }

    /// Changes what is attested, and has the gate sign that.
    pub(crate) fn restate(&self, change: impl FnOnce(&mut Value)) {
        let mut statement = self.statement();
        change(&mut statement);
        self.sign(statement.to_string().as_bytes(), &key(1), NAMESPACE);
    }

    /// Changes the envelope alone.
    pub(crate) fn rewrap(&self, change: impl FnOnce(&mut Value)) {
        let mut envelope = self.envelope();
        change(&mut envelope);
        self.write("a.json", &envelope.to_string());
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }
}

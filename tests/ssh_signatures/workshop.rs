//! Keys, certificates and signatures made by the real `ssh-keygen`, and its verdict on them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder in which `ssh-keygen` works.
pub(crate) struct Workshop {
    folder: TempDir,
    /// `type base64` of each key and certificate, by name.
    pub(crate) public: BTreeMap<String, String>,
}

/// One signature to be judged.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) namespace: &'static str,
    pub(crate) principal: &'static str,
    /// `YYYYMMDDHHMMSS`, UTC.
    pub(crate) at: &'static str,
    pub(crate) signers: Vec<u8>,
    pub(crate) revoked: Option<Vec<u8>>,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            public: BTreeMap::new(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new("ssh-keygen");
        command
            .current_dir(self.folder.path())
            .env("TZ", "UTC")
            .env_remove("SSH_AUTH_SOCK");
        command
    }

    /// Runs `ssh-keygen`, which must succeed.
    pub(crate) fn run(&self, arguments: &[&str]) {
        let output = self
            .command()
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "ssh-keygen {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Makes a key pair.
    pub(crate) fn key(&mut self, name: &str, kind: &str, bits: &str) {
        let mut arguments = vec!["-q", "-t", kind, "-N", "", "-C", "", "-f", name];
        if !bits.is_empty() {
            arguments.extend(["-b", bits]);
        }
        self.run(&arguments);
        self.remember(name, name);
    }

    /// Certifies a key; the certificate is known as `name`.
    pub(crate) fn certify(&mut self, name: &str, key: &str, authority: &str, arguments: &[&str]) {
        for end in ["", ".pub"] {
            fs::copy(
                self.path(&format!("{key}{end}")),
                self.path(&format!("{name}{end}")),
            )
            .unwrap();
        }
        let public = format!("{name}.pub");
        let all = [&["-q", "-s", authority], arguments, &[&public]].concat();
        self.run(&all);
        self.remember(name, &format!("{name}-cert"));
    }

    fn remember(&mut self, name: &str, file: &str) {
        let line = fs::read_to_string(self.path(&format!("{file}.pub"))).unwrap();
        let line: Vec<_> = line.split_whitespace().take(2).collect();
        self.public.insert(name.to_owned(), line.join(" "));
    }

    /// Signs with a key, or with the certificate that `certify` made under that name.
    pub(crate) fn sign(&self, name: &str, namespace: &str, message: &[u8], hash: &str) -> Vec<u8> {
        let certificate = format!("{name}-cert.pub");
        let key = if self.path(&certificate).exists() {
            certificate.as_str()
        } else {
            name
        };
        let file = self.path("to-sign");
        let made = self.path("to-sign.sig");
        if made.exists() {
            fs::remove_file(&made).unwrap();
        }
        fs::write(&file, message).unwrap();
        let hash = format!("hashalg={hash}");
        self.run(&[
            "-q", "-Y", "sign", "-f", key, "-n", namespace, "-O", &hash, "to-sign",
        ]);
        fs::read(made).unwrap()
    }

    /// A key revocation list from its textual form.
    pub(crate) fn krl(&self, specification: &str, authority: Option<&str>) -> Vec<u8> {
        fs::write(self.path("krl.txt"), specification).unwrap();
        let mut arguments = vec!["-q", "-k", "-f", "krl.bin"];
        // `none` stands for any authority.
        let authority = authority.map(|name| match name {
            "none" => name.to_owned(),
            name => format!("{name}.pub"),
        });
        if let Some(authority) = &authority {
            arguments.extend(["-s", authority]);
        }
        arguments.push("krl.txt");
        self.run(&arguments);
        fs::read(self.path("krl.bin")).unwrap()
    }

    /// What `ssh-keygen -Y verify` says.
    pub(crate) fn verdict(&self, asked: &Asked) -> Output {
        fs::write(self.path("signers"), &asked.signers).unwrap();
        fs::write(self.path("signature"), &asked.signature).unwrap();
        let time = format!("-Overify-time={}Z", asked.at);
        let mut command = self.command();
        command
            .args(["-Y", "verify", "-f", "signers", "-s", "signature"])
            .args(["-I", asked.principal, "-n", asked.namespace, &time]);
        if let Some(revoked) = &asked.revoked {
            fs::write(self.path("revoked"), revoked).unwrap();
            command.args(["-r", "revoked"]);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A signature that cannot be read ends the program before it reads the message.
        let _ = child.stdin.take().unwrap().write_all(&asked.message);
        child.wait_with_output().unwrap()
    }
}

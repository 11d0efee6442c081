//! `ssh-keygen`, and the key that it signs with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use camino::Utf8Path;

use super::Stop;
use crate::cli::git;
use crate::cli::session::Session;
use crate::signoff::statement::NAMESPACE;
use crate::signoff::store::SIGNATURE;

const PROGRAM: &str = "ssh-keygen";

/// What to sign with.
pub(super) enum Key {
    /// A file: a private key, or a public one of which an agent has the other half.
    File(PathBuf),
    /// A public key as git's config may hold it, without a file.
    Literal(String),
}

/// Whether the program can be run.
pub(super) fn is_there() -> bool {
    // It knows no such option, says so and ends.
    Command::new(PROGRAM)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// The key that was named, else the one that git signs with. Never one that merely lies about.
pub(super) fn key(named: Option<&Path>, session: &Session<'_>) -> Result<Key, Stop> {
    let current = &session.environment.current;
    if let Some(path) = named {
        let path = current.as_std_path().join(path);
        return if path.is_file() {
            Ok(Key::File(path))
        } else {
            Err(Stop::new(
                format!("there is no key `{}`", path.display()),
                "Name a private key, or the public key of one in an agent or a security key",
            ))
        };
    }
    let ask = |words: &[&str]| {
        let said = git::git(current, words).ok()?;
        let said = String::from_utf8(said).ok()?.trim().to_owned();
        (!said.is_empty()).then_some(said)
    };
    let format = ask(&["config", "--get", "gpg.format"]);
    let known = ask(&["config", "--type=path", "--get", "user.signingkey"]);
    let Some(known) = known.filter(|_| format.as_deref() == Some("ssh")) else {
        return Err(Stop::new(
            "it is not known which key signs: git has no `user.signingkey` with `gpg.format` ssh here",
            "Name it with `--key`: a private key such as ~/.ssh/id_ed25519, or the public key of one that \
             an agent or a security key holds (`ssh-add -L` lists those of the agent)",
        ));
    };
    if let Some(literal) = known.strip_prefix("key::") {
        return Ok(Key::Literal(literal.to_owned()));
    }
    if known.starts_with("ssh-") || known.starts_with("ecdsa-") || known.starts_with("sk-") {
        return Ok(Key::Literal(known));
    }
    let path = current.as_std_path().join(&known);
    if path.is_file() {
        return Ok(Key::File(path));
    }
    Err(Stop::new(
        format!("git's `user.signingkey` names `{known}`, which is not there"),
        "Correct it, or name the key with `--key`",
    ))
}

/// Has a text signed. Passphrases and touches are asked for at the terminal, by the program itself.
pub(super) fn sign(text: &str, key: &Key) -> Result<String, Stop> {
    let folder = Scratch::new()?;
    let write = |name: &str, text: &str| {
        let path = folder.path.join(name);
        fs::write(&path, text).map(|()| path).map_err(|error| {
            let message = format!(
                "cannot write to `{}`: {}",
                folder.path.display(),
                error.kind()
            );
            Stop::new(message, "Free some space there, or set TMPDIR")
        })
    };
    let file = write("statement.json", text)?;
    let key = match key {
        Key::File(path) => path.clone(),
        Key::Literal(line) => write("key.pub", &format!("{line}\n"))?,
    };
    let status = Command::new(PROGRAM)
        .args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"])
        .arg(&key)
        .arg(&file)
        .stdout(Stdio::null())
        .status();
    let failed = |why: String| {
        Stop::new(
            format!("`{PROGRAM} -Y sign` {why}, so nothing is signed"),
            "What it says stands above. It needs a private key, or the public key of one that an agent \
             (`ssh-add -l`) or a security key holds",
        )
    };
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(failed(format!("ended with {status}"))),
        Err(error) => return Err(failed(format!("cannot be run: {}", error.kind()))),
    }
    let mut signed = file.into_os_string();
    signed.push(SIGNATURE);
    fs::read_to_string(&signed).map_err(|error| failed(format!("left nothing: {}", error.kind())))
}

/// A folder that is gone when it is not needed any more. It lies where an interrupted signature leaves
/// nothing that looks like a sign-off.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Stop> {
        let name = format!("launchgate-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| {
            Stop::new(
                format!(
                    "cannot make the folder `{}`: {}",
                    path.display(),
                    error.kind()
                ),
                "Remove what lies there, or set TMPDIR",
            )
        })?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind holds nothing secret.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A path as a shell takes it.
pub(super) fn quoted(path: &Utf8Path) -> String {
    format!("'{}'", path.as_str().replace('\'', r"'\''"))
}

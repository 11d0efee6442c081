//! Which key signs.

use std::path::Path;

use super::Stop;
use crate::cli::git;
use crate::cli::session::Session;
use crate::cli::ssh_keygen::Key;

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

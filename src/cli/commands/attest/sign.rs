//! Signatures by `ssh-keygen`, which has to do with agents, security keys and passphrases.

use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// The armoured signature of a key over a message. The error is a sentence and what to do.
pub(super) fn ssh_keygen(
    key: &Path,
    namespace: &str,
    message: &[u8],
) -> Result<Vec<u8>, (String, &'static str)> {
    let failed = |error: std::io::Error| {
        if error.kind() == ErrorKind::NotFound {
            (
                "`ssh-keygen` is not there, and it is what signs".to_owned(),
                "Install OpenSSH, or write the attestation with `--unsigned` and have it signed elsewhere",
            )
        } else {
            let message = format!("`ssh-keygen` cannot be run: {}", error.kind());
            (message, "Run it by hand to see what is wrong")
        }
    };
    // What it says on standard error is for people: to touch a key, to mend its permissions.
    let mut child = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", namespace, "-f"])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Whether it has read everything shows in what it signed.
        let _ = stdin.write_all(message);
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err((
        format!("`ssh-keygen` did not sign with `{}`", key.display()),
        "Name a private key, or a public one whose other half is in the agent",
    ))
}

//! Signatures by `ssh-keygen`, which has to do with agents, security keys and passphrases.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use camino::Utf8Path;

const PROGRAM: &str = "ssh-keygen";

/// What to sign with.
pub(super) enum Key {
    /// A file: a private key, or a public one of which an agent has the other half.
    File(PathBuf),
    /// A public key as git's config may hold it, without a file.
    Literal(String),
}

/// Why nothing is signed.
pub(super) enum Unsigned {
    /// There is no such program.
    Absent,
    /// A sentence, and what to do.
    Failed(String, &'static str),
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

/// The armoured signature of a key over a message. Passphrases and touches are asked for at the terminal,
/// by the program itself; what it says stands on standard error.
pub(super) fn sign(message: &[u8], namespace: &str, key: &Key) -> Result<Vec<u8>, Unsigned> {
    let mut command = Command::new(PROGRAM);
    command.args(["-q", "-Y", "sign", "-n", namespace, "-f"]);
    let literal = match key {
        Key::File(path) => {
            command.arg(path);
            None
        }
        Key::Literal(line) => {
            let folder = Scratch::new()?;
            let path = folder.path.join("key.pub");
            fs::write(&path, format!("{line}\n")).map_err(|error| folder.unusable(&error))?;
            command.arg(path);
            Some(folder)
        }
    };
    let failed = |why: String| {
        Unsigned::Failed(
            format!("`{PROGRAM} -Y sign` {why}, so nothing is signed"),
            "What it says stands above. It needs a private key, or the public key of one that an agent \
             (`ssh-add -l`) or a security key holds",
        )
    };
    let run = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => Unsigned::Absent,
        kind => failed(format!("cannot be run: {kind}")),
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(run)?;
    if let Some(mut stdin) = child.stdin.take() {
        // Whether it has read everything shows in what it signed.
        let _ = stdin.write_all(message);
    }
    let output = child.wait_with_output().map_err(run)?;
    drop(literal);
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(failed(format!("ended with {}", output.status)))
    }
}

/// A folder that is gone when it is not needed any more.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Unsigned> {
        let name = format!("launchgate-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(&path);
        made.map_err(|error| {
            let shown = path.display();
            Unsigned::Failed(
                format!("cannot make the folder `{shown}`: {}", error.kind()),
                "Remove what lies there, or set TMPDIR",
            )
        })?;
        Ok(Self { path })
    }

    fn unusable(&self, error: &io::Error) -> Unsigned {
        let shown = self.path.display();
        Unsigned::Failed(
            format!("cannot write to `{shown}`: {}", error.kind()),
            "Free some space there, or set TMPDIR",
        )
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

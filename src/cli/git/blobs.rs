//! The contents of git objects, from one process of git for all of them.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use crate::files::{Disk, FileKind, Files as _};

/// What of an object is not wanted is read and dropped up to so many bytes; with more of it another
/// process is cheaper.
const DROPPED: u64 = 4 << 20;

/// A pointer of Git LFS is shorter than this, in bytes.
const POINTER: usize = 1024;

/// Reads objects of a repository by their ids.
#[derive(Debug)]
pub(super) struct Blobs {
    top: Utf8PathBuf,
    /// Where Git LFS keeps contents in this clone.
    large: Option<Utf8PathBuf>,
    /// Taken out while it is asked, so that one that failed half way answers nobody else.
    process: Mutex<Option<Process>>,
    /// The first object that was asked for and is not there.
    lost: Mutex<Option<String>>,
}

impl Blobs {
    pub(super) fn new(top: Utf8PathBuf) -> Self {
        let common = super::git(&top, &["rev-parse", "--git-common-dir"]).ok();
        let common = common.and_then(|bytes| String::from_utf8(bytes).ok());
        let large = common.map(|folder| top.join(folder.trim_end()).join("lfs/objects"));
        Self {
            top,
            large,
            process: Mutex::new(None),
            lost: Mutex::new(None),
        }
    }

    /// The content of a blob, at most `limit` bytes and one more.
    pub(super) fn read(&self, id: &str, limit: u64) -> io::Result<Vec<u8>> {
        let found = self.ask(id, |process, size| {
            let wanted = size.min(limit.saturating_add(1));
            let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
            process
                .output
                .by_ref()
                .take(wanted)
                .read_to_end(&mut bytes)?;
            if bytes.len() as u64 == wanted {
                Ok((bytes, size - wanted))
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        });
        found.inspect_err(|_| self.lose(id))
    }

    /// How many bytes a blob has.
    pub(super) fn size(&self, id: &str) -> io::Result<u64> {
        let found = self.ask(id, |_, size| Ok((size, size)));
        found.inspect_err(|_| self.lose(id))
    }

    /// The file with the content that a pointer of Git LFS stands for, if this is one and the content is
    /// here.
    pub(super) fn stored_elsewhere(&self, bytes: &[u8]) -> Option<Utf8PathBuf> {
        if bytes.len() >= POINTER || !bytes.starts_with(b"version https://git-lfs.github.com/spec/")
        {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let id = text
            .lines()
            .find_map(|line| line.strip_prefix("oid sha256:"))?;
        let is_id = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let folder = self.large.as_ref().filter(|_| is_id)?;
        let path = folder.join(id.get(..2)?).join(id.get(2..4)?).join(id);
        (Disk.stat(&path).ok()? == FileKind::File).then_some(path)
    }

    /// A process that writes the content of a blob to its standard output.
    pub(super) fn stream(&self, id: &str) -> io::Result<Child> {
        offline(super::command(&self.top))
            .args(["cat-file", "blob", id])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }

    /// The first object that could not be read, as in a clone that has only a part of them.
    pub(super) fn lost(&self) -> Option<String> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.clone()
    }

    pub(super) fn lose(&self, id: &str) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.get_or_insert_with(|| id.to_owned());
    }

    /// Asks for a blob. `take` is given its size, reads what it wants of its content, and says how
    /// many bytes it left.
    fn ask<T>(
        &self,
        id: &str,
        take: impl FnOnce(&mut Process, u64) -> io::Result<(T, u64)>,
    ) -> io::Result<T> {
        let mut slot = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let mut process = match slot.take() {
            Some(process) => process,
            None => Process::start(&self.top)?,
        };
        let Some(size) = process.find(id)? else {
            *slot = Some(process);
            return Err(io::ErrorKind::NotFound.into());
        };
        let (taken, left) = take(&mut process, size)?;
        if left <= DROPPED {
            process.skip(left)?;
            *slot = Some(process);
        }
        Ok(taken)
    }
}

/// `git cat-file --batch`.
#[derive(Debug)]
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(top: &Utf8Path) -> io::Result<Self> {
        let mut child = offline(super::command(top))
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// The size of a blob, whose content comes next. `None` where there is no such blob.
    fn find(&mut self, id: &str) -> io::Result<Option<u64>> {
        writeln!(self.input, "{id}")?;
        self.input.flush()?;
        let mut header = String::new();
        self.output.read_line(&mut header)?;
        let words: Vec<&str> = header.split_whitespace().collect();
        match words.as_slice() {
            [_, "blob", size] => {
                let size = size.parse();
                size.map(Some)
                    .map_err(|_| io::ErrorKind::InvalidData.into())
            }
            [_, "missing"] => Ok(None),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Reads on to where the next answer begins.
    fn skip(&mut self, left: u64) -> io::Result<()> {
        // A line feed follows the content.
        let left = left.saturating_add(1);
        let skipped = io::copy(&mut self.output.by_ref().take(left), &mut io::sink())?;
        if skipped == left {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be about to write what nobody reads.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In a partial clone git would fetch what is missing; a check uses no network.
fn offline(mut command: std::process::Command) -> std::process::Command {
    command.env("GIT_NO_LAZY_FETCH", "1");
    command
}

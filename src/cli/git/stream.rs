//! The content of a large blob, read piece by piece.

use std::io::{self, Read as _, Seek, SeekFrom};
use std::process::{Child, ChildStdout};
use std::sync::Arc;

use super::blobs::Blobs;

/// A blob as a stream. To go back, git begins again: there is no more of it in memory than is asked for.
pub(super) struct Stream {
    blobs: Arc<Blobs>,
    id: String,
    size: u64,
    at: u64,
    source: Option<Source>,
}

struct Source {
    child: Child,
    output: ChildStdout,
    at: u64,
}

impl Stream {
    pub(super) fn new(blobs: Arc<Blobs>, id: String, size: u64) -> Self {
        Self {
            blobs,
            id,
            size,
            at: 0,
            source: None,
        }
    }

    fn begin(&self) -> io::Result<Source> {
        let mut child = self.blobs.stream(&self.id)?;
        let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Source {
            child,
            output,
            at: 0,
        })
    }

    /// A source that stands where the next byte is to be read.
    fn source(&mut self) -> io::Result<&mut Source> {
        let at = self.at;
        let before = self.source.take().filter(|source| source.at <= at);
        let mut source = before.map_or_else(|| self.begin(), Ok)?;
        let ahead = at - source.at;
        let skipped = io::copy(&mut source.output.by_ref().take(ahead), &mut io::sink())?;
        if skipped < ahead {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        source.at = at;
        Ok(self.source.insert(source))
    }
}

impl io::Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        let Some(buffer) = buffer.get_mut(..room).filter(|room| !room.is_empty()) else {
            return Ok(0);
        };
        let source = self.source()?;
        let count = source.output.read(buffer)?;
        if count == 0 {
            // What ends early is not a shorter file.
            self.blobs.lose(&self.id);
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        source.at += count as u64;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

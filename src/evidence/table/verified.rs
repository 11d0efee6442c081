//! A file that is read here and there by several threads while its digest is taken, and that must not
//! change meanwhile.
//!
//! A digest says nothing of bytes that were read at another time than it was taken. So every block
//! that anyone reads leaves a short hash, and must have the same one whenever it is read again: by the
//! threads that count, and by the one that takes the digest.

use std::hash::Hasher as _;
use std::io::{self, Read as _, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHasher;
use sha2::{Digest as _, Sha256};

use super::error::Cause;
use super::source::{Fault, hex};
use crate::files::{Content, Opened, paths};

/// Bytes of a block.
pub(super) const BLOCK: usize = 1 << 16;

pub(super) struct Verified {
    content: Mutex<Box<dyn Content>>,
    bytes: u64,
    /// The hash of each block that was read; 0 for those that were not.
    hashes: Mutex<Vec<u64>>,
    changed: AtomicBool,
}

impl Verified {
    pub(super) fn new(opened: Opened) -> Self {
        Self {
            content: Mutex::new(opened.content),
            bytes: opened.bytes,
            hashes: Mutex::new(Vec::new()),
            changed: AtomicBool::new(false),
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.bytes
    }

    pub(super) fn changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    /// How long a block is: shorter at the end of the file.
    fn length(&self, number: u64) -> u64 {
        let start = number.saturating_mul(BLOCK as u64);
        self.bytes.saturating_sub(start).min(BLOCK as u64)
    }

    /// Reads a block into `into`, in place of what is there.
    pub(super) fn block(&self, number: u64, into: &mut Vec<u8>) -> io::Result<()> {
        into.clear();
        self.append(number, into)
    }

    /// Reads a block behind what is there.
    fn append(&self, number: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let start = number.saturating_mul(BLOCK as u64);
        let length = self.length(number);
        let before = into.len();
        into.reserve(usize::try_from(length).unwrap_or(0));
        {
            let mut content = lock(&self.content);
            let read = content
                .seek(SeekFrom::Start(start))
                .and_then(|_| (&mut **content).take(length).read_to_end(into))
                .map_err(|error| Fault(Cause::Unreadable(paths::reason(&error))))?;
            // There were more bytes when it was opened.
            if (read as u64) < length {
                self.changed.store(true, Ordering::Relaxed);
                return Err(Fault(Cause::Changed).into());
            }
        }
        let mut hasher = FxHasher::default();
        hasher.write(into.get(before..).unwrap_or_default());
        let hash = hasher.finish() | 1;
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        let mut hashes = lock(&self.hashes);
        if hashes.len() <= at {
            hashes.resize(at.saturating_add(1), 0);
        }
        match hashes.get_mut(at) {
            Some(known) if *known == 0 => *known = hash,
            Some(known) if *known != hash => {
                self.changed.store(true, Ordering::Relaxed);
                return Err(Fault(Cause::Changed).into());
            }
            _ => {}
        }
        Ok(())
    }

    /// Some bytes; an error where the file has none.
    pub(super) fn range(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let end = start.checked_add(length as u64);
        let Some(end) = end.filter(|end| *end <= self.bytes) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let mut all = Vec::with_capacity(length);
        let mut block = Vec::new();
        let mut at = start;
        while at < end {
            let number = at / BLOCK as u64;
            let from = usize::try_from(at % BLOCK as u64).unwrap_or(0);
            let wanted = length - all.len();
            if from == 0 && wanted as u64 >= self.length(number) {
                self.append(number, &mut all)?;
                at += self.length(number);
                continue;
            }
            self.block(number, &mut block)?;
            let some = block.get(from..).unwrap_or_default();
            let some = some.get(..wanted).unwrap_or(some);
            all.extend_from_slice(some);
            at += some.len() as u64;
        }
        Ok(all)
    }

    /// The digest of the whole, in lower-case hexadecimal; `progress` is told how far it has come.
    pub(super) fn sha256(&self, mut progress: impl FnMut(u64)) -> io::Result<Box<str>> {
        let mut digest = Sha256::new();
        let mut block = Vec::new();
        for number in 0..self.bytes.div_ceil(BLOCK as u64) {
            self.block(number, &mut block)?;
            digest.update(&block);
            if number % 64 == 0 {
                progress(number * BLOCK as u64);
            }
        }
        // A byte more than there was at the beginning is a change as well.
        let mut content = lock(&self.content);
        let end = content.seek(SeekFrom::End(0))?;
        if end != self.bytes {
            self.changed.store(true, Ordering::Relaxed);
            return Err(Fault(Cause::Changed).into());
        }
        Ok(hex(&digest.finalize()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

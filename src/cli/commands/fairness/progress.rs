//! How far a long file has been read, said on standard error where that is a terminal.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::cli::output;
use crate::cli::session::Session;
use crate::evidence::table::Progress;
use crate::source::one_line;

/// Shorter files are read before anybody could wonder.
const LONG: u64 = 64 << 20;

/// A line that is written over and over.
pub(super) struct Line {
    name: Option<String>,
    shown: AtomicU64,
}

impl Line {
    pub(super) fn new(file: &str, session: &Session<'_>) -> Self {
        let wanted = session.environment.error_terminal && !session.global.quiet;
        Self {
            name: wanted.then(|| one_line(file)),
            shown: AtomicU64::new(u64::MAX),
        }
    }

    pub(super) fn show(&self, progress: Progress) {
        let Some(name) = &self.name else { return };
        if progress.bytes < LONG {
            return;
        }
        let percent = (progress.read.saturating_mul(100) / progress.bytes).min(100);
        // The pass counts as well: the second begins at 0 again.
        let state = u64::from(progress.pass) * 1000 + percent;
        if self.shown.swap(state, Ordering::Relaxed) == state {
            return;
        }
        let pass = if progress.pass > 1 {
            format!(", pass {}", progress.pass)
        } else {
            String::new()
        };
        output::print_error(&format!("\r{percent:3} % of {name}{pass}\x1b[K"));
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.name.is_some() && self.shown.load(Ordering::Relaxed) != u64::MAX {
            output::print_error("\r\x1b[K");
        }
    }
}

//! `check --fix`: writes what fixes change, or shows it.

use std::fmt::Write as _;

use similar::TextDiff;

use super::args::CheckArgs;
use super::output;
use super::session::Session;
use crate::finding::{Report, Safety};
use crate::fix::{Fixed, FixedFile};
use crate::render;
use crate::source::{disarm, display_safe};

/// Lines that a diff shows around a change.
const CONTEXT: usize = 3;

/// The fixes that are asked for. `--diff` alone speaks of the safe ones.
pub(super) fn level(args: &CheckArgs) -> Option<Safety> {
    if args.fix_unsafe {
        Some(Safety::Unsafe)
    } else {
        (args.fix || args.diff).then_some(Safety::Safe)
    }
}

/// Whether fixes are to go into files.
pub(super) fn writes(args: &CheckArgs) -> bool {
    !args.diff && level(args).is_some()
}

/// What fixes have changed, in memory.
#[derive(Debug, Default)]
pub(super) struct Mended {
    files: Vec<FixedFile>,
    left: Vec<String>,
}

impl Mended {
    /// Keeps what is to be written or shown, and gives the report.
    pub(super) fn take(&mut self, fixed: Fixed) -> Report {
        self.files = fixed.files;
        self.left = fixed.left;
        fixed.report
    }

    /// Writes every file. Whether that worked; where not, it is said, and nothing is half written.
    pub(super) fn write(&self) -> bool {
        let mut written = true;
        for file in &self.files {
            let Some(target) = &file.target else { continue };
            if let Err(error) = output::rewrite_file(target, &file.before, &file.after) {
                let message = format!("cannot write `{}`: {error}", file.path);
                output::complain(&message, Some("Make it writable and run again"));
                written = false;
            }
        }
        written
    }

    /// Shows what would be written. The exit code is that of the check on it.
    pub(super) fn show(&self, mut report: Report, session: &Session<'_>) -> u8 {
        let color = session.terminal(false).color;
        let mut text = String::new();
        for file in &self.files {
            diff(&mut text, file, color);
        }
        let fixes = std::mem::take(&mut report.summary.fixed);
        let mut said = String::new();
        for left in &self.left {
            let _ = writeln!(said, "{}", display_safe(left));
        }
        let (fix, file) = (ending(fixes, "es"), ending(self.files.len(), "s"));
        let _ = writeln!(
            said,
            "{fixes} fix{fix} in {} file{file}; the check would then come to:\n{}",
            self.files.len(),
            display_safe(&render::summary_line(&report)),
        );
        let code = Session::print(&text, report.verdict.exit_code());
        output::print_error(&said);
        code
    }
}

fn ending(count: usize, ending: &'static str) -> &'static str {
    if count == 1 { "" } else { ending }
}

/// One file of a unified diff.
fn diff(out: &mut String, file: &FixedFile, color: bool) {
    let path = display_safe(file.path.as_str()).replace(['\n', '\t'], " ");
    let Some((before, after)) = &file.shown else {
        let _ = writeln!(
            out,
            "--- a/{path}\n+++ b/{path}\n (not shown: a rule keeps a value of the file back)"
        );
        return;
    };
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut unified = diff.unified_diff();
    unified
        .context_radius(CONTEXT)
        .header(&format!("a/{path}"), &format!("b/{path}"));
    for line in unified.to_string().split_inclusive('\n') {
        let end = line.len() - line.trim_end_matches(['\r', '\n']).len();
        let (line, end) = line.split_at(line.len() - end);
        // Of a diff only the first character is not the document's.
        let mut shown = display_safe(line).into_owned();
        disarm(&mut shown);
        let escape = match shown.as_bytes().first() {
            Some(b'-') => "\u{1b}[31m",
            Some(b'+') => "\u{1b}[32m",
            Some(b'@') => "\u{1b}[36m",
            _ => "",
        };
        if color && !escape.is_empty() {
            let _ = write!(out, "{escape}{shown}\u{1b}[0m{end}");
        } else {
            let _ = write!(out, "{shown}{end}");
        }
    }
}

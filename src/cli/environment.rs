//! What the process is given by its surroundings: folder, day, terminal.

use std::io::IsTerminal as _;

use camino::Utf8PathBuf;
use jiff::Timestamp;
use jiff::civil::Date;

use super::args::Color;

/// Columns where the output is no terminal: the same on every machine.
const WIDTH: usize = 100;

/// The surroundings of a run.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    /// The current folder: absolute, links resolved.
    pub(super) current: Utf8PathBuf,
    /// The time at which the process began.
    pub(super) now: Timestamp,
    /// Today in UTC.
    pub(super) today: Date,
    /// `NO_COLOR` is set and not empty.
    pub(super) no_color: bool,
    /// `CLICOLOR_FORCE` is set and neither empty nor `0`.
    pub(super) force_color: bool,
    /// Whether standard output is a terminal that can do more than print.
    pub(super) terminal: bool,
    /// Whether the same holds for standard error.
    pub(super) error_terminal: bool,
    /// Whether the terminal says that it can draw no more than ASCII.
    pub(super) ascii: bool,
    /// The terminal's columns.
    pub(super) columns: Option<usize>,
}

impl Environment {
    /// The surroundings of this process. The error is a sentence.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock, the environment and the current folder"
    )]
    pub(super) fn of_process() -> Result<Self, String> {
        let current = std::env::current_dir()
            .and_then(|folder| folder.canonicalize())
            .map_err(|error| format!("the current folder cannot be read: {}", error.kind()))?;
        let current = Utf8PathBuf::from_path_buf(current)
            .map_err(|path| format!("the current folder `{}` is not UTF-8", path.display()))?;
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let dumb = variable("TERM").as_deref() == Some("dumb");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| variable(name));
        let now = Timestamp::now();
        let terminal = std::io::stdout().is_terminal();
        Ok(Self {
            current,
            now,
            today: now.to_zoned(jiff::tz::TimeZone::UTC).date(),
            no_color: variable("NO_COLOR").is_some(),
            force_color: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            terminal: terminal && !dumb,
            error_terminal: std::io::stderr().is_terminal() && !dumb,
            ascii: terminal && (dumb || locale.is_some_and(|locale| !is_unicode(&locale))),
            columns: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        })
    }

    /// Whether to use colours on standard output, or on standard error.
    pub(super) fn color(&self, asked: Color, to_error: bool) -> bool {
        match asked {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if self.no_color => false,
            Color::Auto if self.force_color => true,
            Color::Auto if to_error => self.error_terminal,
            Color::Auto => self.terminal,
        }
    }

    /// Columns to write in.
    pub(super) fn width(&self) -> usize {
        if self.terminal {
            self.columns.unwrap_or(WIDTH)
        } else {
            WIDTH
        }
    }
}

fn is_unicode(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

//! Where text leaves the program: standard output, standard error, files.

use std::fs;
use std::io::{self, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

use super::session::Session;
use crate::finding::did_you_mean;
use crate::render::Format;
use crate::source::display_safe;

/// Formats that `--output` of a command takes.
pub(super) trait Named: Copy {
    /// Every format, with its name.
    fn all() -> Vec<(&'static str, Self)>;
}

impl Named for Format {
    fn all() -> Vec<(&'static str, Self)> {
        let formats = Self::ALL.iter();
        formats.map(|format| (format.as_str(), *format)).collect()
    }
}

impl Named for crate::trace::Format {
    fn all() -> Vec<(&'static str, Self)> {
        let formats = Self::ALL.iter();
        formats.map(|format| (format.as_str(), *format)).collect()
    }
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListFormat {
    /// For people.
    Table,
    /// For machines.
    Json,
}

impl Named for ListFormat {
    fn all() -> Vec<(&'static str, Self)> {
        vec![("table", Self::Table), ("json", Self::Json)]
    }
}

/// One `--output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output<F> {
    /// The format.
    pub(super) format: F,
    /// The file; `None` is standard output.
    pub(super) path: Option<Utf8PathBuf>,
}

impl<F: Named> Output<F> {
    /// Reads `FORMAT[=PATH]`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("there is no path behind `=`".to_owned()),
            Some((name, path)) => (name, Some(Utf8PathBuf::from(path))),
            None => (text, None),
        };
        let formats = F::all();
        if let Some(&(_, format)) = formats.iter().find(|(known, _)| *known == name) {
            return Ok(Self { format, path });
        }
        let names: Vec<_> = formats.iter().map(|(name, _)| *name).collect();
        let near = did_you_mean(name, names.iter().copied());
        Err(format!(
            "unknown output format `{name}`{near} (formats: {})",
            names.join(", ")
        ))
    }

    /// Writes a text where it goes. Whether that worked; if not, it is said.
    pub(super) fn put(&self, text: &str, session: &Session<'_>) -> bool {
        let (written, place) = match &self.path {
            None => (print(text), "standard output".to_owned()),
            Some(path) => {
                let path = session.environment.current.join(path);
                (write_file(&path, text), format!("`{path}`"))
            }
        };
        let Err(error) = written else { return true };
        let message = format!("cannot write the report to {place}: {}", why(&error));
        complain(&message, Some("Name a file that can be written"));
        false
    }

    /// The file without `.` and `..`.
    fn target(&self) -> Option<Utf8PathBuf> {
        self.path.as_deref().map(crate::files::paths::normal)
    }

    /// What is wrong with several outputs together.
    pub(super) fn conflict(outputs: &[Self]) -> Option<String> {
        let twice = outputs.iter().enumerate().find(|(index, output)| {
            outputs
                .iter()
                .take(*index)
                .any(|other| other.target() == output.target())
        });
        twice.map(|(_, output)| match &output.path {
            Some(path) => format!("two outputs go to `{path}`"),
            None => "two outputs go to standard output; give one a path, such as `--output json=report.json`"
                .to_owned(),
        })
    }
}

/// Writes to standard output. A reader that has gone away is no error: it has what it wanted.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    gone_is_fine(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    )
}

/// Writes to standard error; there is nobody to tell if that fails.
pub(super) fn print_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Says what went wrong, and what to do.
pub(super) fn complain(message: &str, help: Option<&str>) {
    let help = help.map_or_else(String::new, |help| format!("  help: {help}\n"));
    print_error(&display_safe(&format!("error: {message}\n{help}")));
}

fn gone_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Why a file cannot be written.
pub(super) fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        kind => kind.to_string(),
    }
}

/// Makes a file that is not there yet, with the folders that lead to it.
pub(super) fn create_file(path: &Utf8Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?
        .write_all(text.as_bytes())
}

/// Puts a text into a file: beside it first and then renamed, so that nobody ever reads half of it.
/// A pipe or a device is written to as it is.
pub(super) fn write_file(path: &Utf8Path, text: &str) -> io::Result<()> {
    // Through a link, what it leads to is replaced and not the link.
    let target = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    if let Ok(found) = fs::metadata(&target)
        && !found.is_file()
    {
        if found.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut device = fs::OpenOptions::new().write(true).open(&target)?;
        return gone_is_fine(device.write_all(text.as_bytes()));
    }
    replace(&target, text, None)
}

/// Puts another text into a file that is there, as [`write_file`] does; who may do what with it stays as it
/// is.
///
/// # Errors
/// Also if nobody may write to it, or if it does not hold `before` any more.
pub(super) fn rewrite_file(target: &Utf8Path, before: &str, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(target)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    if fs::read(target)? != before.as_bytes() {
        return Err(io::Error::other("it changed while it was looked at"));
    }
    replace(target, text, Some(permissions))
}

/// Writes beside a file and renames.
fn replace(target: &Utf8Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let beside = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| permissions.map_or(Ok(()), |same| fs::set_permissions(&beside, same)))
        .and_then(|()| fs::rename(&beside, target));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

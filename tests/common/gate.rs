//! Runs the gate over files as the command line does, through the library.

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::date;
use launchgate::config;
use launchgate::discover::{self, Request};
use launchgate::engine::{CheckOptions, Gate, Inputs, Refusal};
use launchgate::files::{Files, Memory};
use launchgate::finding::Report;
use launchgate::source::SourceMap;

/// The root of the files in memory.
pub(crate) const ROOT: &str = "/repo";

/// Files in memory, by their paths relative to the root.
pub(crate) fn memory<P: AsRef<str>, C: Into<Vec<u8>>>(
    files: impl IntoIterator<Item = (P, C)>,
) -> Memory {
    let at = |path: &str| Utf8PathBuf::from(format!("{ROOT}/{path}"));
    let files = files
        .into_iter()
        .map(|(path, content)| (at(path.as_ref()), content.into()));
    Memory::new(files.chain([(at(".git/HEAD"), Vec::new())]))
}

/// The options of a plain run.
pub(crate) fn options() -> CheckOptions {
    CheckOptions::on(date(2026, 11, 22))
}

/// Checks a folder.
pub(crate) fn check_with(files: &dyn Files, root: &Utf8Path, options: &CheckOptions) -> Report {
    match try_check(files, root, options) {
        Ok(report) => report,
        Err(refusal) => panic!("the gate was refused: {:#?}", refusal.findings),
    }
}

/// Checks a folder, or says why there is no gate for it.
pub(crate) fn try_check(
    files: &dyn Files,
    root: &Utf8Path,
    options: &CheckOptions,
) -> Result<Report, Refusal> {
    let request = Request {
        current: root.to_owned(),
        paths: Vec::new(),
        stdin: None,
    };
    let mut sources = SourceMap::default();
    let config = config::Request {
        start: root,
        explicit: None,
        isolated: false,
    };
    let config = config::load(&config, files, &mut sources)
        .unwrap_or_else(|findings| panic!("the config is wrong: {findings:#?}"));
    let discovered = discover::discover(&request, &config, files, &mut sources);
    let gate = Gate::new(config, sources, files)?;
    let inputs = Inputs {
        discovered,
        sources: SourceMap::default(),
        files,
    };
    Ok(gate.check(inputs, options))
}

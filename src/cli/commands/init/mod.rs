//! `launchgate init`.

mod address;
mod config;
mod survey;
#[cfg(test)]
mod tests;
mod texts;

use std::fmt::Write as _;
use std::io;

use camino::Utf8PathBuf;

use crate::cli::ERROR;
use crate::cli::output;
use crate::cli::session::Session;
use crate::config::NAMES;
use crate::files::FileKind;
use crate::source::display_safe;
use address::Address;
use survey::Survey;

const WORKFLOW: &str = ".github/workflows/launchgate.yml";
const HOOKS: &str = ".pre-commit-config.yaml";

/// Writes what is not there yet, and says what is left to do by hand.
pub(in crate::cli) fn run(session: &mut Session<'_>) -> u8 {
    match set_up(session) {
        Ok(_) if session.global.quiet => 0,
        Ok(said) => Session::print(&display_safe(&said), 0),
        Err(code) => code,
    }
}

fn set_up(session: &mut Session<'_>) -> Result<String, u8> {
    let root = root(session);
    let address = Address::of_this_program();
    let branch = survey::default_branch(&root, session.files);
    let mut said = Said::default();

    if let Some(name) = NAMES.iter().find(|name| is_there(session, &root, name)) {
        said.kept(name);
    } else {
        let survey = Survey::of(&root, session)?;
        let text = config::text(&survey, &root, session);
        let name = NAMES.first().copied().unwrap_or_default();
        said.wrote(session, &root, name, &text)?;
        said.empty = survey.documents.is_empty();
        for document in &survey.documents {
            let _ = writeln!(said.found, "found  {} ({})", document.path, document.kind);
        }
    }
    let other = WORKFLOW.replace(".yml", ".yaml");
    if let Some(name) = [WORKFLOW, &other]
        .into_iter()
        .find(|name| is_there(session, &root, name))
    {
        said.kept(name);
    } else {
        let text = texts::workflow(address.as_ref(), branch.as_deref());
        said.wrote(session, &root, WORKFLOW, &text)?;
        if address.is_none() {
            said.left(WORKFLOW, texts::FILL_IN);
        }
    }
    if is_there(session, &root, HOOKS) {
        let text = read(session, &root, HOOKS)?;
        said.kept(HOOKS);
        if !text.contains("id: launchgate") {
            let entry = texts::hook(address.as_ref());
            said.left(HOOKS, &format!("add this under `repos`:\n\n{entry}"));
        }
    } else {
        let text = texts::hooks(address.as_ref());
        said.wrote(session, &root, HOOKS, &text)?;
    }
    Ok(said.whole())
}

/// The folder of the repository; without one, the current folder.
fn root(session: &Session<'_>) -> Utf8PathBuf {
    let current = &session.environment.current;
    let repository = current
        .ancestors()
        .find(|folder| session.files.stat_link(&folder.join(".git")).is_ok());
    repository.unwrap_or(current).to_owned()
}

fn is_there(session: &Session<'_>, root: &Utf8PathBuf, name: &str) -> bool {
    // Where it cannot be told, writing tells it: nothing is written over.
    session.files.stat_link(&root.join(name)).is_ok()
}

fn read(session: &Session<'_>, root: &Utf8PathBuf, name: &str) -> Result<String, u8> {
    const MOST: u64 = 1 << 20;
    let path = root.join(name);
    let read = match session.files.stat(&path) {
        Ok(FileKind::File) => session.files.read(&path, MOST),
        Ok(_) => Err(io::ErrorKind::InvalidInput.into()),
        Err(error) => Err(error),
    };
    match read {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            let why = crate::files::paths::reason(&error);
            output::complain(&format!("`{name}` cannot be read: {why}"), None);
            Err(ERROR)
        }
    }
}

/// What is told at the end.
#[derive(Default)]
struct Said {
    found: String,
    /// Whether it was looked for documents and none was found.
    empty: bool,
    done: String,
    left: String,
}

impl Said {
    fn kept(&mut self, name: &str) {
        let _ = writeln!(self.done, "kept   {name}, which is there already");
    }

    fn wrote(
        &mut self,
        session: &Session<'_>,
        root: &Utf8PathBuf,
        name: &str,
        text: &str,
    ) -> Result<(), u8> {
        match output::create_file(&root.join(name), text) {
            Ok(()) => {
                let _ = writeln!(self.done, "wrote  {name}");
                Ok(())
            }
            Err(error) => {
                // What is done is done, and is better known.
                if !session.global.quiet {
                    let _ = output::print(&display_safe(&self.done));
                }
                let message = format!("cannot write `{name}`: {}", output::why(&error));
                output::complain(&message, None);
                Err(ERROR)
            }
        }
    }

    fn left(&mut self, name: &str, what: &str) {
        let _ = writeln!(self.left, "to do  {name}: {what}");
    }

    fn whole(&self) -> String {
        let next = if self.empty {
            "next   launchgate new feature-spec: there is no document yet\n"
        } else {
            "next   launchgate check\n"
        };
        format!("{}{}{}{next}", self.found, self.done, self.left)
    }
}

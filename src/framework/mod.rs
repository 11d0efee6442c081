//! Control catalogues: what laws, rules and standards ask for, and whether they ask for it on a day.
//!
//! A catalogue is one YAML file with the controls of one framework
//! (`schemas/framework.schema.json`). Rules point into it as `framework:control`. Those that come
//! with launchgate are read when one of their controls is first asked about, since most runs ask
//! about few.

mod read;
mod standing;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::finding::{Finding, Label, did_you_mean};
use crate::source::{Location, SourceFile};

pub use standing::{Days, Standing};

/// Everything that one framework asks for.
#[derive(Clone, Debug)]
pub struct Framework {
    /// What stands before the colon in a reference to a control.
    pub id: Arc<str>,
    /// The name that people use.
    pub title: Arc<str>,
    /// Who made it.
    pub publisher: Arc<str>,
    /// The official text, or the publisher's page on it.
    pub url: Option<Arc<str>>,
    /// What a reader should know of it as a whole.
    pub note: Option<Arc<str>>,
    /// The controls, in the order of the catalogue.
    pub controls: Vec<Control>,
    /// The catalogue.
    pub file: Arc<SourceFile>,
}

/// One thing that a framework asks for.
#[derive(Clone, Debug)]
pub struct Control {
    /// `framework:id`, as rules write it.
    pub reference: Arc<str>,
    /// What it is about.
    pub title: Arc<str>,
    /// What it asks for, in own words.
    pub summary: Arc<str>,
    /// How to cite it.
    pub citation: Arc<str>,
    /// The official text of this control.
    pub url: Option<Arc<str>>,
    /// What the catalogue says of it; [`Control::standing`] says what that comes to on a day.
    pub status: Status,
    /// The days on which it applies.
    pub days: Days,
    /// The control that takes its place.
    pub superseded_by: Option<Arc<str>>,
    /// Whether the official text was read, or it is known from other sources only.
    pub primary: bool,
    /// When its sources were last read.
    pub checked_on: Option<Date>,
    /// What is uncertain or has to be known besides.
    pub note: Option<Arc<str>>,
    /// Where its id stands in the catalogue.
    pub location: Location,
}

/// The word that a catalogue has for a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It applies, from `effective_from` on.
    InForce,
    /// It will apply from `effective_from` on.
    Upcoming,
    /// Another control took its place.
    Superseded,
    /// It was given up.
    Withdrawn,
}

/// The catalogues of a run, by framework id.
#[derive(Clone, Debug, Default)]
pub struct Frameworks {
    known: BTreeMap<Arc<str>, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    file: Arc<SourceFile>,
    read: Arc<OnceLock<Option<Framework>>>,
}

/// Why a reference to a control leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What the finding is called where a policy holds the reference.
    pub rule: &'static str,
    /// The fact, with what was probably meant.
    pub message: String,
    /// The next action.
    pub help: String,
}

impl Frameworks {
    /// The catalogues of files that are known to be in order; each is called as its framework.
    pub fn trusted(files: impl IntoIterator<Item = Arc<SourceFile>>) -> Self {
        let entry = |file: Arc<SourceFile>| {
            let id = Arc::from(file.path().file_stem()?);
            let read = Arc::default();
            Some((id, Entry { file, read }))
        };
        Self {
            known: files.into_iter().filter_map(entry).collect(),
        }
    }

    /// Reads a catalogue of the user's own and adds it; `named` is where its file is named.
    ///
    /// # Errors
    /// Everything that is wrong with it: `policy/...` at its place in the catalogue, or
    /// `config/duplicate-framework` where there is one of this id already.
    pub fn add(
        &mut self,
        file: &Arc<SourceFile>,
        named: Location,
    ) -> Result<Arc<str>, Vec<Finding>> {
        let framework = read::checked(file)?;
        let id = Arc::clone(&framework.id);
        if let Some(known) = self.known.get(&id) {
            let message = format!("there are two catalogues of `{id}`");
            let finding = Finding::new(
                "config/duplicate-framework",
                message,
                Label::new(named, format!("the other is `{}`", known.file.path())),
            );
            return Err(vec![finding.with_help(
                "Give yours another `framework:` id, or remove it here",
            )]);
        }
        let entry = Entry {
            file: Arc::clone(file),
            read: Arc::new(OnceLock::from(Some(framework))),
        };
        self.known.insert(Arc::clone(&id), entry);
        Ok(id)
    }

    /// The ids, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.known.keys().map(|id| &**id)
    }

    /// The framework of an id.
    pub fn get(&self, id: &str) -> Option<&Framework> {
        let entry = self.known.get(id)?;
        entry
            .read
            .get_or_init(|| read::trusted(&entry.file))
            .as_ref()
    }

    /// Every framework, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Framework> {
        self.names().filter_map(|id| self.get(id))
    }

    /// The control that `framework:id` means.
    pub fn control(&self, reference: &str) -> Option<&Control> {
        let (framework, _) = reference.split_once(':')?;
        let controls = &self.get(framework)?.controls;
        controls
            .iter()
            .find(|control| *control.reference == *reference)
    }

    /// The control that a reference means, or why there is none.
    ///
    /// # Errors
    /// The framework or the control is not known.
    pub fn resolve(&self, reference: &str) -> Result<&Control, Unknown> {
        if let Some(control) = self.control(reference) {
            return Ok(control);
        }
        let id = reference.split_once(':').map_or(reference, |(id, _)| id);
        let Some(framework) = self.get(id) else {
            return Err(self.unknown(id));
        };
        let controls = framework.controls.iter();
        let near = did_you_mean(reference, controls.map(|control| &*control.reference));
        Err(Unknown {
            rule: "policy/unknown-control",
            message: format!("`{id}` has no control `{reference}`{near}"),
            help: format!("`launchgate explain {id}` lists its controls"),
        })
    }

    /// Says that there is no framework of this id.
    pub fn unknown(&self, id: &str) -> Unknown {
        let near = did_you_mean(id, self.names());
        Unknown {
            rule: "policy/unknown-framework",
            message: format!("there is no framework `{id}`{near}"),
            help: format!(
                "Known are {}; name a catalogue of your own under `frameworks` in the config",
                self.names().collect::<Vec<_>>().join(", ")
            ),
        }
    }

    /// The files of the catalogues, sorted by framework.
    pub fn files(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.known.values().map(|entry| &entry.file)
    }
}

#[cfg(test)]
mod tests;

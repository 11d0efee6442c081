//! `launchgate.yaml`: found, read, checked and merged, every value with the place it came from.
//!
//! **Which files count.** The search starts at the folder that is checked (the common folder of
//! the named paths) and goes up to the nearest folder with `.git`, or to the nearest config that
//! says `root: true`, whichever comes first. Every `launchgate.yaml` (or `.yml`) on the way counts;
//! a nearer one overrides those above it value by value. Where neither ends the search, only the
//! nearest file counts, so that a stray file further up changes nothing. `--config FILE` takes that
//! file alone, `--isolated` takes none. What a file `extends` is weaker than the file itself.
//!
//! **The root**, which paths are relative to and nothing outside of which is read, is the folder
//! with `.git`; without one, the folder of the outermost config that counts; without one, the
//! folder where the search started.
//!
//! **How values merge.** `fail_on`, `packs`, `frameworks`, each limit, each kind and each parameter: the nearest
//! wins. `rules`, and the roles of `sign_offs`: the nearest entry replaces the others; `revoked` and
//! `distinct` of `sign_offs` add up, its other keys are the nearest's, as are those of `waivers`. `documents`, `exclude` and
//! `overrides` add up; where several apply to one file, the nearest config's last one wins.
//!
//! **Relative to what.** Globs speak of documents: they are relative to the folder of the config
//! that the search found, those of its base configs too (and relative to the root for a `--config`
//! file from outside it). Paths of packs, schemas and base configs are relative to the file that
//! names them.

mod find;
mod glob;
mod layer;
mod load;
mod show;
mod sign_offs;
#[cfg(test)]
mod tests;
mod waivers;

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::evidence;
use crate::finding::{Finding, Label, Severity};
use crate::policy::{Named, Settings};
use crate::source::{Location, SourceFile, SourceMap};
use crate::value::Limits;

pub use glob::Glob;
pub use load::{Request, load};
pub use show::Shown;
pub use sign_offs::{FOLDER as SIGN_OFFS, RoleEntry, SignOffSettings};
pub use waivers::{Approvers, WaiverSettings};

/// The names that a config may have; two of them in one folder are an error.
pub const NAMES: [&str; 2] = ["launchgate.yaml", "launchgate.yml"];

/// A value and where it was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it was set; `None` for a default.
    pub origin: Option<Location>,
}

impl<T> Setting<T> {
    /// A value that no config has set.
    pub const fn default_of(value: T) -> Self {
        Self {
            value,
            origin: None,
        }
    }
}

/// The config of a run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder that paths are relative to: absolute, links resolved.
    pub root: Utf8PathBuf,
    /// The folder where the search for configs started: the root, or below it.
    pub start: Utf8PathBuf,
    /// The files that count, the weakest first.
    pub files: Vec<ConfigFile>,
    /// Files that must be there and must be documents, the weakest entry first.
    pub documents: Vec<DocumentEntry>,
    /// What is never a document.
    pub exclude: Vec<Glob>,
    /// Kinds of the user's own, sorted by name.
    pub kinds: Vec<KindEntry>,
    /// Files that describe formats of the user's own: absolute, inside the root, sorted.
    pub formats: Vec<Setting<Utf8PathBuf>>,
    /// What it asks of the policies everywhere. A pack folder stands in `packs` under the folder's
    /// name, and in [`Config::pack_folders`].
    pub settings: Settings,
    /// The packs that are folders of the user's.
    pub pack_folders: Vec<PackFolder>,
    /// Whether such a folder takes the place of a built-in pack of its name, as where the copy of a
    /// built-in pack is tested; otherwise two packs of one name are an error.
    pub shadow_builtin: bool,
    /// The frameworks that reports are about; `None` is every one. A catalogue of the user's stands
    /// in it under its path, until it is read, and in [`Config::framework_files`].
    pub frameworks: Option<Vec<Named>>,
    /// The control catalogues that are files of the user's.
    pub framework_files: Vec<FrameworkFile>,
    /// The severity from which findings fail the gate.
    pub fail_on: Setting<Severity>,
    /// What it asks of the policies for some paths, the weakest first.
    pub overrides: Vec<Override>,
    /// Roles, and whose sign-offs count in them.
    pub sign_offs: SignOffSettings,
    /// Where waivers and the baseline stand, and on which terms they count.
    pub waivers: WaiverSettings,
    /// How much of a file is read.
    pub limits: LimitSettings,
    /// Whether the user named the config, or asked for none. Then configs further down are left
    /// alone; otherwise one that would be passed over is an error.
    pub explicit: bool,
}

/// A config file that counts.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Absolute, links resolved.
    pub path: Utf8PathBuf,
    /// Its text.
    pub source: Arc<SourceFile>,
}

/// One entry of `documents`.
#[derive(Clone, Debug)]
pub struct DocumentEntry {
    /// Which files.
    pub paths: Vec<Glob>,
    /// Their kind, for those that do not say it.
    pub kind: Option<Setting<String>>,
    /// Their format.
    pub format: Option<Setting<String>>,
}

/// One entry of `kinds`.
#[derive(Clone, Debug)]
pub struct KindEntry {
    /// The name, at its key.
    pub name: Setting<String>,
    /// The schema: absolute, inside the root.
    pub schema: Setting<Utf8PathBuf>,
    /// The identifying fields; empty leaves the default.
    pub identity: Vec<Setting<String>>,
    /// The field that carries the stage.
    pub stage: Option<Setting<String>>,
}

/// A pack that is a folder of the user's.
#[derive(Clone, Debug)]
pub struct PackFolder {
    /// As the config names it.
    pub name: Named,
    /// Absolute, links resolved, inside the root.
    pub path: Utf8PathBuf,
}

/// A control catalogue that is a file of the user's.
#[derive(Clone, Debug)]
pub struct FrameworkFile {
    /// As the config names it.
    pub name: Named,
    /// Absolute, links resolved, inside the root.
    pub path: Utf8PathBuf,
}

/// One entry of `overrides`.
#[derive(Clone, Debug)]
pub struct Override {
    /// For which documents.
    pub paths: Vec<Glob>,
    /// What changes; no packs.
    pub settings: Settings,
}

/// The limits with the places where they were set.
#[derive(Clone, Copy, Debug)]
pub struct LimitSettings {
    /// [`Limits::file_bytes`].
    pub file_bytes: Setting<u64>,
    /// [`Limits::depth`].
    pub depth: Setting<usize>,
    /// [`Limits::nodes`].
    pub nodes: Setting<usize>,
    /// [`Limits::alias_nodes`].
    pub alias_nodes: Setting<usize>,
    /// [`evidence::Limits::evidence_bytes`].
    pub evidence_bytes: Setting<u64>,
    /// [`evidence::Limits::report_bytes`].
    pub report_bytes: Setting<u64>,
}

impl LimitSettings {
    /// The values alone.
    pub fn limits(&self) -> Limits {
        Limits {
            file_bytes: self.file_bytes.value,
            depth: self.depth.value,
            nodes: self.nodes.value,
            alias_nodes: self.alias_nodes.value,
        }
    }

    /// Those of evidence, alone.
    pub fn evidence(&self) -> evidence::Limits {
        evidence::Limits {
            evidence_bytes: self.evidence_bytes.value,
            report_bytes: self.report_bytes.value,
        }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        let limits = Limits::default();
        let evidence = evidence::Limits::default();
        Self {
            file_bytes: Setting::default_of(limits.file_bytes),
            depth: Setting::default_of(limits.depth),
            nodes: Setting::default_of(limits.nodes),
            alias_nodes: Setting::default_of(limits.alias_nodes),
            evidence_bytes: Setting::default_of(evidence.evidence_bytes),
            report_bytes: Setting::default_of(evidence.report_bytes),
        }
    }
}

impl Config {
    /// The config that says nothing, for a root.
    pub fn empty(root: impl Into<Utf8PathBuf>) -> Self {
        let root = root.into();
        Self {
            start: root.clone(),
            root,
            files: Vec::new(),
            documents: Vec::new(),
            exclude: Vec::new(),
            kinds: Vec::new(),
            formats: Vec::new(),
            settings: Settings::default(),
            pack_folders: Vec::new(),
            frameworks: None,
            framework_files: Vec::new(),
            shadow_builtin: false,
            fail_on: Setting::default_of(Severity::Error),
            overrides: Vec::new(),
            sign_offs: SignOffSettings::default(),
            waivers: WaiverSettings::default(),
            limits: LimitSettings::default(),
            explicit: false,
        }
    }

    /// Kind and format that `documents` assigns to a path relative to the root, each by the last
    /// entry that has it; `None` where no entry matches.
    pub fn assigned(&self, path: &Utf8Path) -> Option<Assigned<'_>> {
        let mut assigned = None;
        for entry in &self.documents {
            if entry.paths.iter().any(|glob| glob.matches(path)) {
                let known: &mut Assigned<'_> = assigned.get_or_insert_default();
                known.kind = entry.kind.as_ref().or(known.kind);
                known.format = entry.format.as_ref().or(known.format);
            }
        }
        assigned
    }

    /// The glob that excludes a path relative to the root.
    pub fn excluded(&self, path: &Utf8Path) -> Option<&Glob> {
        self.exclude.iter().find(|glob| glob.matches(path))
    }

    /// Whether everything below a folder, a path relative to the root, is excluded by one glob.
    pub(crate) fn excludes_folder(&self, path: &Utf8Path) -> bool {
        let below = path.join("_");
        self.exclude.iter().any(|glob| glob.covers(&below))
    }

    /// The indices of the overrides for a path relative to the root, in the order in which they
    /// take effect. Documents with equal lists share their settings.
    pub fn overrides_for(&self, path: &Utf8Path) -> Vec<usize> {
        (0..)
            .zip(&self.overrides)
            .filter(|(_, entry)| entry.paths.iter().any(|glob| glob.matches(path)))
            .map(|(index, _)| index)
            .collect()
    }

    /// What the policies are asked where these overrides apply.
    pub fn settings_with(&self, overrides: &[usize]) -> Settings {
        let mut settings = self.settings.clone();
        for entry in overrides.iter().filter_map(|&at| self.overrides.get(at)) {
            layer::append(&mut settings, entry.settings.clone());
        }
        settings
    }

    /// An error for every kind or format of `documents` that is not among those given, and for every
    /// role of `distinct` that is not among the config's own.
    pub fn check_names(&self, kinds: &[&str], formats: &[&str]) -> Vec<Finding> {
        let unknown = |rule: &str, what: &str, name: &Setting<String>, known: &[&str]| {
            let location = name.origin?;
            if known.contains(&name.value.as_str()) {
                return None;
            }
            let near = crate::finding::did_you_mean(&name.value, known.iter().copied());
            let message = format!("no {what} is called `{}`{near}", name.value);
            Some(
                Finding::new(rule, message, Label::new(location, ""))
                    .with_help(format!("Known are: {}", known.join(", "))),
            )
        };
        self.documents
            .iter()
            .flat_map(|entry| {
                [
                    entry
                        .kind
                        .as_ref()
                        .and_then(|name| unknown("config/unknown-kind", "kind", name, kinds)),
                    entry
                        .format
                        .as_ref()
                        .and_then(|name| unknown("config/unknown-format", "format", name, formats)),
                ]
            })
            .flatten()
            .chain(self.sign_offs.unlisted())
            .collect()
    }
}

/// What `documents` says of a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assigned<'c> {
    /// The kind.
    pub kind: Option<&'c Setting<String>>,
    /// The format.
    pub format: Option<&'c Setting<String>>,
}

/// A label on something that the user named on the command line.
pub fn argument(sources: &mut SourceMap, text: &str) -> Label {
    let source = SourceFile::new(sources.next_id(), "<command line>", text);
    sources.insert(&source);
    let whole = crate::source::Span::from_range(&(0..text.len()));
    Label::new(source.location(whole), "")
}

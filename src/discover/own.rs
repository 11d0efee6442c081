//! What the gate itself reads: no documents.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::config::{Config, NAMES};
use crate::waiver::{BASELINE, FILE};

/// The ending of a sidecar's name, behind the name of its document.
pub(super) const SIDECAR: &str = ".launchgate.yaml";

/// The gate's own files.
pub(super) struct Own {
    files: BTreeSet<Utf8PathBuf>,
    folders: Vec<Utf8PathBuf>,
}

impl Own {
    pub(super) fn of(config: &Config) -> Self {
        let configs = config.files.iter().map(|file| file.path.clone());
        let schemas = config.kinds.iter().map(|kind| kind.schema.value.clone());
        let formats = config.formats.iter().map(|file| file.value.clone());
        let settings = &config.sign_offs;
        let trusted = settings.allowed_signers.iter().chain(&settings.revoked);
        let waivers = config.waivers.files.iter().flatten();
        let waivers = waivers.chain(&config.waivers.baseline);
        let trusted = trusted.chain(waivers).map(|file| file.value.clone());
        let folders = config.pack_folders.iter().map(|pack| pack.path.clone());
        Self {
            files: configs
                .chain(schemas)
                .chain(formats)
                .chain(trusted)
                .collect(),
            folders: folders.collect(),
        }
    }

    /// What an absolute path is for the gate; `None` where it may be a document.
    pub(super) fn role(&self, path: &Utf8Path) -> Option<&'static str> {
        let name = path.file_name().unwrap_or_default();
        if NAMES.contains(&name) {
            return Some("a config");
        }
        if matches!(name, FILE | "launchgate.waivers.yml") {
            return Some("a file of waivers");
        }
        if name == BASELINE {
            return Some("the baseline");
        }
        if document_of(path).is_some() {
            return Some("a sidecar");
        }
        if self.files.contains(path) {
            return Some("part of the config");
        }
        self.folders
            .iter()
            .any(|folder| path.starts_with(folder))
            .then_some("part of a policy pack")
    }
}

/// The document that a sidecar belongs to.
pub(super) fn document_of(sidecar: &Utf8Path) -> Option<Utf8PathBuf> {
    let name = sidecar.file_name()?.strip_suffix(SIDECAR)?;
    (!name.is_empty()).then(|| sidecar.with_file_name(name))
}

//! Reads the files of waivers, the baseline and the signatures.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::Waivers;
use crate::config::Config;
use crate::engine::fingerprint;
use crate::engine::gate::Gate;
use crate::engine::report::Assembly;
use crate::engine::sign_offs;
use crate::files::Files;
use crate::files::paths::{reason, relative};
use crate::finding::{Finding, Label, RuleId};
use crate::signoff::store::{SIGNATURE, SIGNATURE_BYTES, Store};
use crate::source::{SourceFile, SourceMap, Span};
use crate::waiver::{self, BASELINE, Entry, FILE, MAX_BYTES, Proof, baseline, signed};

/// Reads waivers and baseline; what is wrong with them goes into the report.
pub(in crate::engine) fn read(
    gate: &Gate,
    files: &dyn Files,
    store: &Store,
    assembly: &mut Assembly<'_>,
) -> Waivers {
    let config = &gate.config;
    let mut reader = Reader {
        config,
        files,
        sources: &mut assembly.sources,
        findings: Vec::new(),
    };
    let mut entries = Vec::new();
    for path in reader.paths() {
        if let Some(source) = reader.source(&path) {
            match waiver::parse(&source) {
                Ok(found) => entries.extend(found),
                Err(findings) => reader.findings.extend(findings),
            }
        }
    }
    let baseline = baseline_of(config, files).and_then(|path| {
        let source = reader.source(&path)?;
        match baseline::parse(&source) {
            Ok(baseline) => Some(baseline),
            Err(findings) => {
                reader.findings.extend(findings);
                None
            }
        }
    });
    let mut findings = reader.findings;
    if !findings.is_empty() {
        // Of broken input not even the whole part counts.
        entries.clear();
    }
    fingerprint::assign(&mut findings, None);
    assembly.findings.extend(findings);
    let folder = sign_offs::places(config).folder.join(signed::FOLDER);
    let proof = |entry: Entry| {
        let proof = proof(&entry, &folder, config, files, store);
        (entry, proof)
    };
    Waivers {
        entries: entries.into_iter().map(proof).collect(),
        baseline,
    }
}

/// What is known of the signature of a waiver.
fn proof(
    entry: &Entry,
    folder: &Utf8Path,
    config: &Config,
    files: &dyn Files,
    store: &Store,
) -> Proof {
    let (Some(statement), Some(digest), Some(approver)) = (
        signed::statement(entry),
        signed::digest(entry),
        &entry.approver,
    ) else {
        return Proof::Missing;
    };
    let path = folder.join(format!("{digest}.json{SIGNATURE}"));
    let real = match files.canonical(&path) {
        Ok(real) if real.starts_with(&config.root) => real,
        Ok(_) => return Proof::Broken("its file is a link that leads out of the root".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Proof::Missing,
        Err(error) => return Proof::Broken(format!("it cannot be read: {}", reason(&error))),
    };
    match files.read(&real, SIGNATURE_BYTES) {
        Ok(bytes) if bytes.len() as u64 > SIGNATURE_BYTES => {
            Proof::Broken(format!("it is larger than {SIGNATURE_BYTES} bytes"))
        }
        Ok(bytes) => {
            match store.verify(statement.as_bytes(), &bytes, signed::NAMESPACE, approver) {
                Ok(_) => Proof::Holds,
                Err(why) => Proof::Broken(why),
            }
        }
        Err(error) => Proof::Broken(format!("it cannot be read: {}", reason(&error))),
    }
}

/// The files by which a run lets findings pass, as the config has them or, where they lie in their usual
/// places, without its word: those of waivers, then the baseline.
pub fn files_of(config: &Config, files: &dyn Files) -> Vec<Utf8PathBuf> {
    let mut all = waivers_of(config, files);
    all.extend(baseline_of(config, files));
    all
}

/// Whether no config is asked for, nor what stands beside one.
fn is_isolated(config: &Config) -> bool {
    config.explicit && config.files.is_empty()
}

/// The folders in which a file of waivers is looked for.
fn folders(config: &Config) -> Vec<Utf8PathBuf> {
    if is_isolated(config) {
        return Vec::new();
    }
    let configs = config.files.iter();
    let folders: BTreeSet<&Utf8Path> = configs
        .filter_map(|file| file.path.parent())
        .chain([&*config.root])
        .collect();
    folders.into_iter().map(Utf8Path::to_owned).collect()
}

fn waivers_of(config: &Config, files: &dyn Files) -> Vec<Utf8PathBuf> {
    if let Some(named) = &config.waivers.files {
        return named.iter().map(|file| file.value.clone()).collect();
    }
    let usual = folders(config).into_iter().map(|folder| folder.join(FILE));
    usual.filter(|path| files.stat(path).is_ok()).collect()
}

fn baseline_of(config: &Config, files: &dyn Files) -> Option<Utf8PathBuf> {
    if let Some(file) = &config.waivers.baseline {
        return Some(file.value.clone());
    }
    let path = config.root.join(BASELINE);
    (!is_isolated(config) && files.stat(&path).is_ok()).then_some(path)
}

pub(super) struct Reader<'r> {
    pub(super) config: &'r Config,
    pub(super) files: &'r dyn Files,
    pub(super) sources: &'r mut SourceMap,
    pub(super) findings: Vec<Finding>,
}

impl Reader<'_> {
    /// The files of waivers.
    pub(super) fn paths(&mut self) -> Vec<Utf8PathBuf> {
        if self.config.waivers.files.is_some() {
            return waivers_of(self.config, self.files);
        }
        let folders = folders(self.config);
        for folder in &folders {
            let other = folder.join(FILE).with_extension("yml");
            if self.files.stat(&other).is_ok() {
                let shown = relative(&other, &self.config.root);
                self.say(
                    &other,
                    "waiver/name",
                    format!("`{shown}` would be passed over"),
                    format!("The file of waivers is called `{FILE}`; rename it"),
                );
            }
        }
        waivers_of(self.config, self.files)
    }

    pub(super) fn source(&mut self, path: &Utf8Path) -> Option<Arc<SourceFile>> {
        let shown = relative(path, &self.config.root);
        let bytes = match self.files.canonical(path) {
            Ok(real) if !real.starts_with(&self.config.root) => {
                self.say(
                    path,
                    "waiver/outside-root",
                    format!("`{shown}` is a link that leads out of the root"),
                    "Put the file itself there; nothing outside is read".to_owned(),
                );
                return None;
            }
            Ok(real) => self.files.read(&real, MAX_BYTES),
            Err(error) => Err(error),
        };
        match bytes {
            Ok(bytes) if bytes.len() as u64 > MAX_BYTES => {
                self.say(
                    path,
                    "waiver/limit",
                    format!("`{shown}` is larger than {MAX_BYTES} bytes"),
                    "Split it, and name the parts under `waivers.files`".to_owned(),
                );
                None
            }
            Ok(bytes) => {
                let id = self.sources.next_id();
                match crate::value::decode(bytes) {
                    Ok(text) => {
                        let source = SourceFile::new(id, shown, text);
                        self.sources.insert(&source);
                        Some(source)
                    }
                    Err(error) => {
                        let (source, mut finding) = error.into_finding(id, shown);
                        finding.rule = RuleId::new("waiver/encoding");
                        self.sources.insert(&source);
                        self.findings.push(finding);
                        None
                    }
                }
            }
            Err(error) => {
                self.say(
                    path,
                    "waiver/unreadable",
                    format!("`{shown}` cannot be read: {}", reason(&error)),
                    "Make it a readable file, or remove it".to_owned(),
                );
                None
            }
        }
    }

    fn say(&mut self, path: &Utf8Path, rule: &str, message: String, help: String) {
        let shown = relative(path, &self.config.root);
        let source = SourceFile::new(self.sources.next_id(), shown, "");
        self.sources.insert(&source);
        let label = Label::new(source.location(Span::default()), "");
        let mut finding = Finding::new(rule, message, label).with_help(help);
        finding.subject = source.path().to_string();
        self.findings.push(finding);
    }
}

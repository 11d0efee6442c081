//! The complete example in memory, and what the gate says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::civil::date;
use launchgate::config::Config;
use launchgate::discover::{self, Request};
use launchgate::engine::{CheckOptions, Gate, Inputs};
use launchgate::files::Memory;
use launchgate::finding::{Outcome, Report, Stage};
use launchgate::source::SourceMap;
use sha2::{Digest as _, Sha256};

/// The root of the files in memory.
const ROOT: &str = "/repo";

/// The complete example, read once, and what it is held against.
pub(crate) struct Example {
    texts: BTreeMap<String, Vec<u8>>,
    gate: Gate,
}

impl Example {
    pub(crate) fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/credit-scoring");
        let mut texts = BTreeMap::new();
        collect(&folder, &folder, &mut texts);
        let files = memory(&texts);
        let gate = Gate::new(Config::empty(ROOT), SourceMap::default(), &files).unwrap();
        Self { texts, gate }
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        str::from_utf8(self.texts.get(path)?).ok()
    }

    /// The report on the example as it is.
    pub(crate) fn check(&self) -> Report {
        self.judge(&self.texts)
    }

    /// The report on the example with another text in one of its files.
    pub(crate) fn check_with(&self, path: &str, text: &str) -> Report {
        let mut texts = self.texts.clone();
        texts.insert(path.to_owned(), text.into());
        self.judge(&texts)
    }

    /// The report on the example with another piece of evidence, whose digest the documents state.
    pub(crate) fn check_with_evidence(&self, path: &str, content: &str) -> Report {
        let digest = |bytes: &[u8]| {
            let bytes = Sha256::digest(bytes);
            let pairs: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            pairs.concat()
        };
        let before = digest(&self.texts[path]);
        let after = digest(content.as_bytes());
        let mut texts = self.texts.clone();
        texts.insert(path.to_owned(), content.into());
        for text in texts.values_mut() {
            if let Ok(read) = str::from_utf8(text)
                && read.contains(&before)
            {
                *text = read.replace(&before, &after).into();
            }
        }
        self.judge(&texts)
    }

    fn judge(&self, texts: &BTreeMap<String, Vec<u8>>) -> Report {
        let files = memory(texts);
        let mut sources = self.gate.sources().clone();
        let request = Request {
            current: ROOT.into(),
            paths: Vec::new(),
            stdin: None,
        };
        let config = self.gate.config();
        let discovered = discover::discover(&request, config, &files, &mut sources);
        let inputs = Inputs {
            discovered,
            sources,
            files: &files,
        };
        let options = CheckOptions {
            stage: Some(Stage::Launched),
            outcomes: true,
            ..CheckOptions::on(date(2026, 11, 22))
        };
        self.gate.check(inputs, &options)
    }

    /// The packs of which a rule applies to the example.
    pub(crate) fn packs(&self) -> BTreeSet<String> {
        let report = self.check();
        let rules = report.outcomes.iter().flat_map(|document| &document.rules);
        let apply = rules.filter(|rule| {
            let mut rows = rule.rows.iter();
            rows.any(|row| row.outcome != Outcome::NotApplicable)
        });
        apply.map(|rule| pack(rule.rule.as_str())).collect()
    }
}

/// The part of a rule's id before the slash.
pub(crate) fn pack(rule: &str) -> String {
    rule.split('/').next().unwrap().to_owned()
}

fn memory(texts: &BTreeMap<String, Vec<u8>>) -> Memory {
    let at = |(path, text): (&String, &Vec<u8>)| (format!("{ROOT}/{path}"), text.clone());
    Memory::new(texts.iter().map(at))
}

/// The files below a folder, by their paths relative to the root.
fn collect(folder: &Path, root: &Path, texts: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, root, texts);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            texts.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
        }
    }
}

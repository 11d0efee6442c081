//! Waivers and the baseline through the whole gate: one stage, and the same answer in every format.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../common/gate.rs"]
mod gate;
#[path = "../common/sign.rs"]
mod sign;

mod cases;
#[cfg(feature = "cli")]
mod commands;
mod edits;

use std::collections::BTreeMap;

use launchgate::engine::CheckOptions;
use launchgate::finding::Report;
use launchgate::source::{FileId, SourceFile};
use launchgate::waiver::{Entry, parse, signed};

use gate::{ROOT, check_with, memory, options};

const PACK: &str = "name: house\nversion: 1.0.0\ntitle: House\n";
const RETENTION: &str = "\
rule: house/retention
title: Data is not kept for long
description: D.
severity: error
applies_to: feature-spec
for_each: doc.data
require:
  - days(item.retention) <= days('P2Y')
message: \"`{item.name}` is kept for {item.retention}\"
";
const KPIS: &str = "\
rule: house/kpis
title: Success is measured
description: D.
severity: warning
applies_to: feature-spec
require:
  - present: doc.kpis
";
const HINT: &str = "\
rule: house/hint
title: There is a version
description: D.
severity: note
applies_to: feature-spec
require:
  - present: doc.version
";
const LOCKED: &str = "\
rule: house/locked
title: There is a summary
description: D.
severity: error
locked: true
applies_to: feature-spec
require:
  - present: doc.summary
";

/// A spec that fails `house/retention` at `data[name=income].retention`, and nothing else.
pub(crate) const CREDIT: &str = "\
kind: feature-spec
id: credit
title: Credit
status: in-review
owner: ines@bank.example
authors: [Otto <otto@bank.example>]
summary: Decides.
version: 1.0.0
kpis:
  - name: approvals
data:
  - name: rates
    retention: P1Y
  - name: income
    retention: P10Y
";

/// A waiver that counts for it.
pub(crate) const WAIVER: &str = "\
- rule: house/retention
  document: credit
  key: data[name=income].retention
  reason: The licence asks for ten years
  owner: ines@bank.example
  approver: cleo@bank.example
  granted: 2026-11-01
  expires: 2027-01-20
";

/// A repository.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) options: CheckOptions,
}

impl World {
    pub(crate) fn new() -> Self {
        let files = [
            ("launchgate.yaml", "packs: [./house]\n"),
            ("house/pack.yaml", PACK),
            ("house/retention.yaml", RETENTION),
            ("house/kpis.yaml", KPIS),
            ("house/hint.yaml", HINT),
            ("house/locked.yaml", LOCKED),
            ("specs/credit.yaml", CREDIT),
        ];
        Self {
            files: files
                .map(|(path, text)| (path.to_owned(), text.to_owned()))
                .into(),
            options: options(),
        }
    }

    pub(crate) fn with(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.insert(path.to_owned(), text.into());
        self
    }

    pub(crate) fn config(self, more: &str) -> Self {
        self.with("launchgate.yaml", format!("packs: [./house]\n{more}"))
    }

    pub(crate) fn waivers(self, text: impl Into<String>) -> Self {
        self.with("launchgate.waivers.yaml", text)
    }

    pub(crate) fn spec(self, text: impl Into<String>) -> Self {
        self.with("specs/credit.yaml", text)
    }

    pub(crate) fn on(mut self, day: &str) -> Self {
        self.options.today = day.parse().unwrap();
        self
    }

    /// Freezes what is found now.
    pub(crate) fn frozen(self, until: Option<&str>) -> Self {
        let report = self.report();
        let entries = report
            .findings
            .iter()
            .map(|finding| {
                let entry = launchgate::waiver::baseline::Entry::of(finding);
                (finding.fingerprint.to_string(), entry)
            })
            .collect();
        let until = until.map(|day| day.parse().unwrap());
        let text = launchgate::waiver::baseline::write(until, &entries);
        self.with("launchgate.baseline.yaml", text)
    }

    /// Has every entry of the file of waivers signed by somebody.
    pub(crate) fn signed_by(mut self, name: &str, namespace: &str) -> Self {
        let text = self.files["launchgate.waivers.yaml"].clone();
        for entry in entries(&text) {
            let statement = signed::statement(&entry).unwrap();
            let digest = signed::digest(&entry).unwrap();
            let signature = sign::signature(&sign::key(name), namespace, statement.as_bytes());
            let path = format!("signoffs/waivers/{digest}.json");
            self = self
                .with(&format!("{path}.sig"), signature)
                .with(&path, statement);
        }
        self
    }

    pub(crate) fn report(&self) -> Report {
        let files = memory(self.files.iter().map(|(path, text)| (path, text.as_str())));
        check_with(&files, ROOT.into(), &self.options)
    }
}

pub(crate) fn entries(text: &str) -> Vec<Entry> {
    parse(&SourceFile::new(FileId(0), "w.yaml", text)).unwrap()
}

/// The rules of the findings of a report, with a mark for those that do not count.
pub(crate) fn told(report: &Report) -> Vec<String> {
    let mark = |finding: &launchgate::finding::Finding| {
        let why = finding.suppressed.as_ref();
        let mark = why.map_or("", |why| match () {
            () if why.waiver().is_some() => " waived",
            () if why.baseline().is_some() => " frozen",
            () => " existing",
        });
        format!("{}{mark}", finding.rule)
    };
    let mut told: Vec<String> = report.findings.iter().map(mark).collect();
    told.sort();
    told
}

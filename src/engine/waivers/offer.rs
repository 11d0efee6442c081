//! What commands ask before they write a waiver or a baseline.

use camino::Utf8PathBuf;
use jiff::civil::Date;

use super::freeze::can_freeze;
use super::read::Reader;
use super::{Stage, Waived};
use crate::engine::gate::Gate;
use crate::engine::sign_offs;
use crate::files::Files;
use crate::finding::{Finding, Report};
use crate::signoff::store::Store;
use crate::source::SourceMap;
use crate::waiver::{self, Entry, Fault, Proof, Target, signed};

impl Gate {
    /// Whether a waiver that is still to be written would count for a finding of a report.
    ///
    /// # Errors
    /// Why it would not.
    pub fn try_waiver(
        &self,
        entry: &Entry,
        finding: &Finding,
        report: &Report,
        today: Date,
    ) -> Result<Waived, Fault> {
        let store = Store::default();
        let stage = Stage {
            gate: self,
            today,
            terms: self.config.terms(),
            store: &store,
            fail_on: report.fail_on,
            soon: None,
            checked: report
                .outcomes
                .iter()
                .map(|known| (known.document.clone(), known.clone_people()))
                .collect(),
            whole: false,
            said: Vec::new(),
        };
        match stage.judge(entry, &Proof::Missing, finding) {
            Ok(_) => Ok(Waived { unsigned: false }),
            Err(Fault::Unsigned(_)) => Ok(Waived { unsigned: true }),
            Err(fault) => Err(fault),
        }
    }

    /// What is still to be signed of the waivers of a report: files, absolute, with their texts.
    pub fn waiver_statements(
        &self,
        report: &Report,
        files: &dyn Files,
    ) -> Vec<(Utf8PathBuf, String)> {
        let folder = sign_offs::places(&self.config).folder.join(signed::FOLDER);
        let mut sources = SourceMap::default();
        let mut reader = Reader {
            config: &self.config,
            files,
            sources: &mut sources,
            findings: Vec::new(),
        };
        let paths = reader.paths();
        let sources: Vec<_> = paths
            .iter()
            .filter_map(|path| reader.source(path))
            .collect();
        let waiting = |entry: &Entry| {
            report.waivers.iter().any(|waiver| {
                let is_meant = match &entry.target {
                    Target::Key { document, key, .. } => {
                        waiver.document.as_deref() == Some(document)
                            && waiver.key.as_deref().unwrap_or_default() == key
                    }
                    Target::Line(_) => false,
                };
                waiver.state == "unsigned" && *waiver.rule == *entry.rule && is_meant
            })
        };
        sources
            .iter()
            .filter_map(|source| waiver::parse(source).ok())
            .flatten()
            .filter(waiting)
            .filter_map(|entry| {
                let name = format!("{}.json", signed::digest(&entry)?);
                Some((folder.join(name), signed::statement(&entry)?))
            })
            .collect()
    }

    /// Whether a baseline may cover a finding.
    ///
    /// # Errors
    /// Why not, in a clause.
    pub fn try_baseline(&self, finding: &Finding) -> Result<(), &'static str> {
        can_freeze(self, finding)
    }
}

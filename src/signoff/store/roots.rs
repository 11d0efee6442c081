//! What sign-offs are trusted by: whose keys count, and what is revoked.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;
use jiff::Timestamp;

use super::{Places, Reader};
use crate::files::Files;
use crate::finding::Finding;
use crate::signoff::revoked::{self, Revoked};
use crate::signoff::ssh::{AllowedSigners, RevokedKeys};
use crate::source::SourceMap;

/// Whose signatures count.
#[derive(Debug, Default)]
pub struct Roots {
    pub(super) signers: AllowedSigners,
    pub(super) revoked_keys: Vec<RevokedKeys>,
    /// Keys and people that count for nothing.
    pub(in crate::signoff) revoked: Revoked,
    /// Why nothing at all may count: a file of signers or of revocations that is broken.
    pub(in crate::signoff) distrust: Option<String>,
}

impl Roots {
    /// Reads the files that the places name, and says what is wrong with them: rules `signoff/...`.
    pub fn read(
        places: &Places,
        files: &dyn Files,
        sources: &mut SourceMap,
    ) -> (Self, Vec<Finding>) {
        let mut reader = Reader {
            places,
            files,
            sources,
            findings: Vec::new(),
            at: Timestamp::MIN,
            roots: Arc::default(),
            statements: BTreeMap::new(),
        };
        let mut roots = Self::default();
        reader.signers(&mut roots);
        reader.revocations(&mut roots);
        (roots, reader.findings)
    }

    /// Roots by which nothing counts; `why` is a sentence without its final period.
    pub fn broken(why: String) -> Self {
        Self {
            distrust: Some(why),
            ..Self::default()
        }
    }

    /// As they are, and where they were read behind the reason, if nothing counts.
    #[must_use]
    pub fn read_at(mut self, place: &str) -> Self {
        self.distrust = self
            .distrust
            .map(|why| format!("{why} (as {place} has it)"));
        self
    }
}

/// Whose signatures count for what is signed beside statements.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Who may sign with which key.
    pub signers: AllowedSigners,
    /// Keys that count for nothing.
    pub revoked_keys: Vec<RevokedKeys>,
    /// Keys and people that count for nothing, with reasons.
    pub revoked: Revoked,
}

impl Trust {
    /// Reads the files that the places name.
    ///
    /// # Errors
    /// All that is wrong with them, as findings `signoff/...`.
    pub fn read(
        places: &Places,
        files: &dyn Files,
        sources: &mut SourceMap,
    ) -> Result<Self, Vec<Finding>> {
        let (roots, findings) = Roots::read(places, files, sources);
        if findings.is_empty() && roots.distrust.is_none() {
            Ok(Self {
                signers: roots.signers,
                revoked_keys: roots.revoked_keys,
                revoked: roots.revoked,
            })
        } else {
            Err(findings)
        }
    }
}

impl Reader<'_> {
    fn signers(&mut self, roots: &mut Roots) {
        let Some(path) = self.places.allowed_signers.as_deref() else {
            return;
        };
        let Some(bytes) = self.trusted(roots, path, AllowedSigners::MAX_BYTES as u64) else {
            return;
        };
        let Some(source) = self.text(path, bytes) else {
            self.distrust(roots, path);
            return;
        };
        let mut signers = AllowedSigners::parse(&source);
        let problems = std::mem::take(&mut signers.problems);
        if problems.is_empty() {
            roots.signers = signers;
            return;
        }
        let finding =
            |problem: crate::signoff::ssh::Problem| problem.into_finding("signoff/signers");
        self.findings.extend(problems.into_iter().map(finding));
        self.distrust(roots, path);
    }

    fn revocations(&mut self, roots: &mut Roots) {
        for path in &self.places.revoked {
            let is_list = matches!(path.extension(), Some("yaml" | "yml"));
            let limit = if is_list {
                revoked::MAX_BYTES
            } else {
                RevokedKeys::MAX_BYTES as u64
            };
            let Some(bytes) = self.trusted(roots, path, limit) else {
                continue;
            };
            if !is_list {
                match RevokedKeys::parse(&bytes) {
                    Ok(keys) => roots.revoked_keys.push(keys),
                    Err(error) => {
                        let shown = self.shown(path);
                        self.say(
                            path,
                            "signoff/revocations",
                            format!("`{shown}` cannot be read: {error}"),
                            "Restore the list; until then no sign-off counts",
                        );
                        self.distrust(roots, path);
                    }
                }
                continue;
            }
            let parsed = self.text(path, bytes).map(|source| Revoked::parse(&source));
            match parsed {
                Some(Ok(revoked)) => {
                    roots.revoked = std::mem::take(&mut roots.revoked).and(revoked);
                }
                Some(Err(findings)) => {
                    self.findings.extend(findings);
                    self.distrust(roots, path);
                }
                None => self.distrust(roots, path),
            }
        }
    }

    /// The bytes of a file that others are trusted by; without them nothing is.
    fn trusted(&mut self, roots: &mut Roots, path: &Utf8Path, limit: u64) -> Option<Vec<u8>> {
        let bytes = self.bytes(path, limit);
        if bytes.is_none() {
            self.distrust(roots, path);
        }
        bytes
    }

    fn distrust(&self, roots: &mut Roots, path: &Utf8Path) {
        let shown = self.shown(path);
        roots.distrust.get_or_insert_with(|| {
            format!("`{shown}` is broken, so nobody can tell whose sign-offs count")
        });
    }
}

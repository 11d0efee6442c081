//! The statements of a run with their signatures, and whose signatures count: read once.

mod roots;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::digest::{of_statement, signed_bytes};
use super::ssh::{Question, Refused, SignatureError, Verified, verify};
use super::statement::{self, NAMESPACE, Statement};
use crate::files::paths::{reason, relative};
use crate::files::{FileKind, Files};
use crate::finding::{Finding, Label, RuleId, Severity};
use crate::source::{SourceFile, SourceMap, Span};

pub use roots::{Roots, Trust};

/// What stands behind the name of a statement's file in that of its signature.
pub const SIGNATURE: &str = ".sig";

/// The folder among those of documents that is for waivers.
pub const WAIVERS: &str = "waivers";

/// Bytes that a signature file may have.
pub const SIGNATURE_BYTES: u64 = 1 << 18;

/// Where sign-offs and what they are trusted by lie. Paths are absolute.
#[derive(Clone, Debug)]
pub struct Places {
    /// The root, with every link resolved.
    pub root: Utf8PathBuf,
    /// The folder of the statements; it need not be there.
    pub folder: Utf8PathBuf,
    /// The signers' file.
    pub allowed_signers: Option<Utf8PathBuf>,
    /// Lists of what is revoked.
    pub revoked: Vec<Utf8PathBuf>,
}

/// A statement as it was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its file.
    pub source: Arc<SourceFile>,
    /// What it says.
    pub statement: Statement,
    /// SHA-256 of its bytes, by which another supersedes it.
    pub digest: String,
    /// What its signature is worth; `None` where there is none.
    pub proof: Option<Result<Verified, Refused>>,
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Store {
    /// By the name of their folder, which is the id of a document; in the order of their names.
    statements: BTreeMap<String, Vec<Found>>,
    /// What they are trusted by.
    pub(super) roots: Arc<Roots>,
    /// When keys must be good.
    at: Timestamp,
}

impl Store {
    /// Reads what lies there, and says what is wrong with it: rules `signoff/...`.
    ///
    /// `today` is the day on which keys must be good. Every file that a finding points into is put
    /// into `sources`.
    pub fn read(
        places: &Places,
        files: &dyn Files,
        today: Date,
        sources: &mut SourceMap,
    ) -> (Self, Vec<Finding>) {
        let (roots, mut findings) = Roots::read(places, files, sources);
        let (store, more) = Self::trusting(Arc::new(roots), places, files, today, sources);
        findings.extend(more);
        (store, findings)
    }

    /// As [`Store::read`], where what sign-offs are trusted by is known already: of the places the root
    /// and the folder count.
    pub fn trusting(
        roots: Arc<Roots>,
        places: &Places,
        files: &dyn Files,
        today: Date,
        sources: &mut SourceMap,
    ) -> (Self, Vec<Finding>) {
        let mut reader = Reader {
            places,
            files,
            sources,
            findings: Vec::new(),
            at: today
                .to_zoned(TimeZone::UTC)
                .map_or(Timestamp::MAX, |midnight| midnight.timestamp()),
            roots: Arc::clone(&roots),
            statements: BTreeMap::new(),
        };
        reader.statements();
        let statements = reader.statements;
        let (at, findings) = (reader.at, reader.findings);
        let store = Self {
            statements,
            roots,
            at,
        };
        (store, findings)
    }

    /// Whether a principal signed some bytes for a namespace, by the keys that statements are verified
    /// by. Gives the fingerprint of the key.
    ///
    /// # Errors
    /// Why nobody may take it for signed, in a clause.
    pub fn verify(
        &self,
        message: &[u8],
        signature: &[u8],
        namespace: &str,
        principal: &str,
    ) -> Result<String, String> {
        if let Some(distrust) = &self.roots.distrust {
            return Err(distrust.clone());
        }
        let question = Question {
            message: &signed_bytes(message),
            signature,
            namespace,
            principal,
            at: self.at,
            signers: &self.roots.signers,
            revoked: &self.roots.revoked_keys,
        };
        let verified = verify(&question).map_err(|refused| refused.to_string())?;
        let mut keys = vec![verified.fingerprint.as_str()];
        keys.extend(verified.certified.iter().map(|(authority, _)| &**authority));
        match self.roots.revoked.reason(principal, &keys) {
            Some(reason) => Err(reason),
            None => Ok(verified.fingerprint),
        }
    }

    /// Why the word of a person counts for nothing any more; `None` where it does count.
    pub fn distrusts(&self, principal: &str) -> Option<String> {
        let roots = &self.roots;
        roots
            .distrust
            .clone()
            .or_else(|| roots.revoked.reason(principal, &[]))
    }

    /// The statements that lie in the folder of a document.
    pub fn of(&self, id: &str) -> &[Found] {
        self.statements.get(id).map_or(&[], Vec::as_slice)
    }

    /// The names of the folders of statements, which are ids of documents, with what lies there.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &[Found])> {
        self.statements
            .iter()
            .map(|(id, found)| (id.as_str(), found.as_slice()))
    }
}

/// The name of the file of a statement. What a principal has that no file name should is written as
/// `%` and two hexadecimal digits a byte.
pub fn file_name(role: &str, principal: &str) -> String {
    use std::fmt::Write as _;
    let mut name = format!("{role}.");
    for byte in principal.bytes() {
        if byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte) {
            name.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name + ".json"
}

struct Reader<'r> {
    places: &'r Places,
    files: &'r dyn Files,
    sources: &'r mut SourceMap,
    findings: Vec<Finding>,
    /// When keys must be good.
    at: Timestamp,
    roots: Arc<Roots>,
    statements: BTreeMap<String, Vec<Found>>,
}

impl Reader<'_> {
    fn statements(&mut self) {
        let folder = self.places.folder.clone();
        let real = match self.files.canonical(&folder) {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(error) => return self.unreadable(&folder, &error),
        };
        if !real.starts_with(&self.places.root) {
            self.outside(&folder);
            return;
        }
        let entries = match self.files.list(&real) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(&folder, &error),
        };
        for entry in entries {
            let Some(name) = entry.name.to_str() else {
                self.stray(&folder, "a name in it is not UTF-8");
                continue;
            };
            let path = folder.join(name);
            match entry.kind {
                // Here lie those of waivers.
                FileKind::Folder if name == WAIVERS => {}
                FileKind::Folder => self.statements_of(name, &path),
                FileKind::File if !is_own(name) => {}
                FileKind::File => {
                    self.stray(&path, "statements lie in the folder of their document");
                }
                FileKind::Link | FileKind::Other => self.stray(&path, "it is no folder"),
            }
        }
    }

    /// The statements about the documents of an id.
    fn statements_of(&mut self, id: &str, folder: &Utf8Path) {
        let entries = match self.files.list(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        let is_file = |name: &str| {
            entries
                .iter()
                .any(|entry| entry.kind == FileKind::File && entry.name == *name)
        };
        let mut found = Vec::new();
        for entry in &entries {
            let Some(name) = entry.name.to_str() else {
                self.stray(folder, "a name in it is not UTF-8");
                continue;
            };
            let path = folder.join(name);
            if entry.kind != FileKind::File {
                self.stray(&path, "it is no regular file");
            } else if is_json(name) {
                let signature = format!("{name}{SIGNATURE}");
                let signature = is_file(&signature).then(|| folder.join(signature));
                found.extend(self.statement(&path, signature.as_deref()));
            } else if let Some(signed) = name.strip_suffix(SIGNATURE) {
                if !is_json(signed) || !is_file(signed) {
                    self.stray(&path, "there is no statement that it signs");
                }
            } else if is_own(name) {
                self.stray(&path, "the name of a statement ends in `.json`");
            }
        }
        if !found.is_empty() {
            self.statements.insert(id.to_owned(), found);
        }
    }

    fn statement(&mut self, path: &Utf8Path, signature: Option<&Utf8Path>) -> Option<Found> {
        let bytes = self.bytes(path, statement::MAX_BYTES)?;
        let source = self.text(path, bytes.clone())?;
        let statement = match Statement::parse(&source) {
            Ok(statement) => statement,
            Err(findings) => {
                self.findings.extend(findings);
                return None;
            }
        };
        let given = &statement.predicate;
        let wanted = file_name(&given.role, &given.principal);
        if path.file_name() != Some(&wanted) {
            let message = format!(
                "the sign-off of `{}` in the role `{}` lies in a file of another name",
                given.principal, given.role
            );
            self.say_in(
                &source,
                "signoff/file-name",
                message,
                format!("Rename it to `{wanted}`, and its signature with it"),
            );
            return None;
        }
        let proof = match signature {
            Some(path) => {
                let signature = self.bytes(path, SIGNATURE_BYTES)?;
                Some(verify(&Question {
                    message: &signed_bytes(&bytes),
                    signature: &signature,
                    namespace: NAMESPACE,
                    principal: &given.principal,
                    at: self.at,
                    signers: &self.roots.signers,
                    revoked: &self.roots.revoked_keys,
                }))
            }
            None => None,
        };
        match &proof {
            None => {
                let mut finding = whole(
                    &source,
                    "signoff/unsigned",
                    format!("the sign-off of `{}` has no signature", given.principal),
                );
                finding.severity = Severity::Warning;
                let name = path.file_name().unwrap_or_default();
                self.push(
                    &source,
                    finding.with_help(format!(
                        "Sign it: `ssh-keygen -Y sign -n {NAMESPACE} -f KEY {name}`"
                    )),
                );
            }
            Some(Err(Refused::Signature(error)))
                if !matches!(error, SignatureError::Namespace { .. }) =>
            {
                let message = format!(
                    "the signature of `{}` does not hold: {error}",
                    given.principal
                );
                self.say_in(
                    &source,
                    "signoff/signature",
                    message,
                    "Restore what was signed, or have it signed again".to_owned(),
                );
            }
            Some(_) => {}
        }
        Some(Found {
            digest: of_statement(&bytes),
            source,
            statement,
            proof,
        })
    }

    /// The bytes of a regular file inside the root.
    fn bytes(&mut self, path: &Utf8Path, limit: u64) -> Option<Vec<u8>> {
        let real = match self.files.canonical(path) {
            Ok(real) if real.starts_with(&self.places.root) => real,
            Ok(_) => {
                self.outside(path);
                return None;
            }
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        };
        match self.files.read(&real, limit) {
            Ok(bytes) if bytes.len() as u64 > limit => {
                let shown = self.shown(path);
                self.say(
                    path,
                    "signoff/limit",
                    format!("`{shown}` is larger than {limit} bytes"),
                    "Remove it, or restore it as it was",
                );
                None
            }
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.unreadable(path, &error);
                None
            }
        }
    }

    /// A file as text, known to the report.
    fn text(&mut self, path: &Utf8Path, bytes: Vec<u8>) -> Option<Arc<SourceFile>> {
        let id = self.sources.next_id();
        match crate::value::decode(bytes) {
            Ok(text) => {
                let source = SourceFile::new(id, self.shown(path), text);
                self.sources.insert(&source);
                Some(source)
            }
            Err(error) => {
                let (source, mut finding) = error.into_finding(id, self.shown(path));
                finding.rule = RuleId::new("signoff/encoding");
                self.push(&source, finding);
                None
            }
        }
    }

    fn unreadable(&mut self, path: &Utf8Path, error: &io::Error) {
        let shown = self.shown(path);
        self.say(
            path,
            "signoff/unreadable",
            format!("`{shown}` cannot be read: {}", reason(error)),
            "Make it readable, or restore it",
        );
    }

    fn outside(&mut self, path: &Utf8Path) {
        let shown = self.shown(path);
        self.say(
            path,
            "signoff/outside-root",
            format!("`{shown}` is a link that leads out of the root"),
            "Put the files themselves there; nothing outside is read",
        );
    }

    fn stray(&mut self, path: &Utf8Path, why: &str) {
        let shown = self.shown(path);
        self.say(
            path,
            "signoff/stray",
            format!("`{shown}` is no sign-off of a document: {why}"),
            "Move it to where it belongs, or remove it",
        );
    }

    fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        relative(path, &self.places.root)
    }

    /// A finding about a file as a whole that has no text to show.
    fn say(&mut self, path: &Utf8Path, rule: &str, message: String, help: &str) {
        let source = SourceFile::new(self.sources.next_id(), self.shown(path), "");
        self.say_in(&source, rule, message, help.to_owned());
    }

    fn say_in(&mut self, source: &Arc<SourceFile>, rule: &str, message: String, help: String) {
        self.push(source, whole(source, rule, message).with_help(help));
    }

    fn push(&mut self, source: &Arc<SourceFile>, mut finding: Finding) {
        self.sources.insert(source);
        // The path tells findings of one rule apart.
        if finding.subject.is_empty() {
            finding.subject = source.path().to_string();
        }
        self.findings.push(finding);
    }
}

/// A finding about a file as a whole.
fn whole(source: &SourceFile, rule: &str, message: String) -> Finding {
    let label = Label::new(source.location(Span::default()), "");
    Finding::new(rule, message, label)
}

/// Whether a name looks like that of a statement or of a signature.
fn is_own(name: &str) -> bool {
    let name = name.to_lowercase();
    matches!(Utf8Path::new(&name).extension(), Some("json" | "sig"))
}

fn is_json(name: &str) -> bool {
    Utf8Path::new(name).extension() == Some("json")
}

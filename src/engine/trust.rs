//! What a change may not decide for itself: whose sign-offs count is read where the change began.
//!
//! Roles, signers and revocations of that state judge every sign-off of the change; what it makes of
//! them is a warning, and takes effect once it is merged. Policies judge as they are, so that their
//! author sees what they come to; where they change together with what they judge, that is an error:
//! the two belong into two changes, of which the first is no more than the policies.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;

use super::fingerprint;
use super::library::Library;
use super::report::Assembly;
use super::run::Run;
use super::sign_offs::{about, is_lost, places};
use crate::config::{Config, Shown};
use crate::discover::Content;
use crate::files::paths::relative;
use crate::files::{FileKind, Files};
use crate::finding::{Finding, Label, Severity};
use crate::signoff::ContentDigest;
use crate::signoff::statement::Decision;
use crate::signoff::store::{Found, Places, Roots, Store};
use crate::source::{SourceFile, SourceMap, Span};

/// Bytes of a trusted file or a file of a policy that are compared.
const MAX_BYTES: u64 = 16 << 20;

/// How deep folders of policies are looked through.
const MAX_DEPTH: u32 = 16;

/// How many places a finding names.
const NAMED: usize = 6;

/// Where a change began.
#[derive(Clone)]
pub struct Base {
    /// What it is called, such as a commit.
    pub name: String,
    /// The config that it has for the folder that is checked, with the root of the run; else why it
    /// cannot be read, in a sentence without its final period.
    pub config: Result<Box<Config>, String>,
    /// Its files, at the paths that they have in the run.
    pub files: Arc<dyn Files + Send + Sync>,
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Base")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Base {
    /// Whose sign-offs count in a run with this config.
    pub(super) fn roots(&self, config: &Config, sources: &mut SourceMap) -> Roots {
        match self.places(config) {
            // What is wrong there can be mended in no other way than by a change such as this one.
            Ok(places) => Roots::read(&places, &*self.files, sources)
                .0
                .read_at(&self.name),
            Err(why) => Roots::broken(why),
        }
    }

    /// The statements that were there, as they are trusted now.
    pub(super) fn statements(
        &self,
        config: &Config,
        roots: &Arc<Roots>,
        today: Date,
        sources: &mut SourceMap,
    ) -> Store {
        let Ok(places) = self.places(config) else {
            return Store::default();
        };
        Store::trusting(Arc::clone(roots), &places, &*self.files, today, sources).0
    }

    fn places(&self, config: &Config) -> Result<Places, String> {
        let own = self.config.as_ref().map_err(Clone::clone)?;
        Ok(Places {
            root: config.root.clone(),
            ..places(own)
        })
    }

    /// Whether a file is the same there, and there at all.
    fn has(&self, path: &Utf8Path, content: Option<&[u8]>) -> bool {
        let known = self.files.read(path, MAX_BYTES).ok();
        // A checkout may have other line ends.
        let digest = |bytes: &[u8]| ContentDigest::of(bytes);
        known.as_deref().map(digest) == content.map(digest)
    }
}

/// Says what a change makes of that by which it is judged, and which sign-offs it takes away.
pub(super) fn report(run: &Run<'_>, library: &Library, assembly: &mut Assembly<'_>) {
    let Some(base) = &run.options.base else {
        return;
    };
    let mut findings = deleted(run, library);
    let own = &run.gate.config;
    let former = base.config.as_deref().ok();
    let in_use = |config: &Config| config.sign_offs.are_set();
    if in_use(own) || former.is_none_or(in_use) {
        let changes = Changes {
            base,
            former,
            run,
            sources: &mut assembly.sources,
        };
        findings.extend(changes.findings(library));
    }
    fingerprint::assign(&mut findings, None);
    assembly.findings.extend(findings);
}

/// Sign-offs that were there and are not, though their document is.
fn deleted(run: &Run<'_>, library: &Library) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, statements) in run.sign_offs.former().folders() {
        let now = run.sign_offs.store().of(id);
        for former in statements.iter().filter(|former| holds(former, run)) {
            let given = &former.statement.predicate;
            let is_there = library.has_id(id) || !is_lost(run, former);
            if !is_there || now.iter().any(|found| takes_the_place(found, former)) {
                continue;
            }
            let who = format!("of `{}` in the role `{}`", given.principal, given.role);
            let is_replaced = now.iter().any(|found| {
                let other = &found.statement.predicate;
                other.role == given.role && other.principal == given.principal
            });
            let message = if is_replaced {
                format!("the sign-off {who} was replaced by one that does not supersede it")
            } else {
                format!("the sign-off {who} was deleted")
            };
            let digest = &former.digest;
            findings.push(about(former, "signoff/deleted", message).with_help(format!(
                "Restore the file; whoever decides anew in that role names it: `supersedes: {digest}`"
            )));
        }
    }
    findings
}

/// Whether a sign-off of before is one that may not go: it was signed by whom it names, and a
/// refusal or still in force.
fn holds(former: &Found, run: &Run<'_>) -> bool {
    let given = &former.statement.predicate;
    let is_past = given.expires < run.options.today;
    matches!(former.proof, Some(Ok(_))) && (given.decision == Decision::Rejected || !is_past)
}

/// Whether a sign-off is the former one, or a later decision in its place.
fn takes_the_place(found: &Found, former: &Found) -> bool {
    let (now, before) = (&found.statement.predicate, &former.statement.predicate);
    if found.digest == former.digest {
        return true;
    }
    if now.role != before.role {
        return false;
    }
    let is_later = now.principal == before.principal
        && before.decision != Decision::Rejected
        && now.issued >= before.issued;
    is_later || now.supersedes.as_ref() == Some(&former.digest)
}

/// What a row of a config decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decides {
    /// Whose sign-offs count.
    Trust,
    /// What is asked of documents.
    Policy,
    /// Neither.
    Nothing,
}

fn decides(row: &Shown) -> Decides {
    let key = row.key.split(['.', '[']).next().unwrap_or_default();
    match key {
        // Where the statements lie says nothing of whose count.
        "sign_offs" if row.key == "sign_offs.folder" => Decides::Nothing,
        "sign_offs" => Decides::Trust,
        "packs" | "params" | "rules" | "overrides" | "exclude" | "fail_on" | "kinds"
        | "formats" | "waivers" => Decides::Policy,
        _ => Decides::Nothing,
    }
}

/// Something that a change altered: what it is called, and where it stands now, if it does.
struct Altered {
    what: String,
    label: Option<Label>,
}

struct Changes<'c> {
    base: &'c Base,
    /// The config of the base; `None` where it cannot be read.
    former: Option<&'c Config>,
    run: &'c Run<'c>,
    sources: &'c mut SourceMap,
}

impl Changes<'_> {
    fn findings(mut self, library: &Library) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut trust = self.rows(Decides::Trust);
        trust.extend(self.files(&self.trusted()));
        let effect = format!(
            "The sign-offs of this change are judged by {}; what it alters takes effect once it is merged",
            self.base.name
        );
        findings.extend(
            self.finding(
                "signoff/roots-changed",
                "this change alters whose sign-offs count",
                trust,
            )
            .map(|finding| {
                finding
                    .with_severity(Severity::Warning)
                    .with_note(effect)
                    .with_help("Have it reviewed by somebody who answers for the sign-offs")
            }),
        );
        // Whoever begins to ask for sign-offs has no policies yet that these are held to.
        if !self.former.is_none_or(|config| config.sign_offs.are_set()) {
            return findings;
        }
        let mut policy = self.rows(Decides::Policy);
        policy.extend(self.files(&self.policies()));
        let judged = (!policy.is_empty()).then(|| self.judged(library)).flatten();
        findings.extend(
            self.finding(
                "signoff/policies-changed",
                "this change alters by what documents are judged",
                policy,
            )
            .map(|finding| match judged {
                Some(judged) => finding
                    .with_note(format!("It alters what is judged by it as well: {judged}"))
                    .with_help("Make two changes of it: the policies first, and by themselves"),
                None => finding
                    .with_severity(Severity::Warning)
                    .with_help("Have it reviewed by somebody who answers for the policies"),
            }),
        );
        findings
    }

    fn finding(&mut self, rule: &str, message: &str, altered: Vec<Altered>) -> Option<Finding> {
        if altered.is_empty() {
            return None;
        }
        let mut names: Vec<_> = altered.iter().map(|it| format!("`{}`", it.what)).collect();
        names.dedup();
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let mut message = format!("{message}: {}", names.join(", "));
        if more > 0 {
            message = format!("{message} and {more} more");
        }
        let mut labels = altered.into_iter().filter_map(|it| it.label);
        let primary = labels.next().unwrap_or_else(|| self.config());
        let finding = Finding::new(rule, message, primary);
        Some(labels.take(NAMED - 1).fold(finding, Finding::with_related))
    }

    /// The nearest config as a whole.
    fn config(&mut self) -> Label {
        let own = self.run.gate.config.files.last();
        let source = own.map_or_else(
            || SourceFile::new(self.sources.next_id(), "launchgate.yaml", ""),
            |file| Arc::clone(&file.source),
        );
        self.sources.insert(&source);
        Label::new(source.location(Span::default()), "")
    }

    /// The values of the config that are not what they were.
    fn rows(&self, wanted: Decides) -> Vec<Altered> {
        let of = |config: &Config| -> Vec<Shown> {
            let rows = config.shown().into_iter();
            rows.filter(|row| decides(row) == wanted).collect()
        };
        let (own, former) = (
            of(&self.run.gate.config),
            self.former.map(of).unwrap_or_default(),
        );
        let lacks = |rows: &[Shown], row: &Shown| {
            !rows
                .iter()
                .any(|other| other.key == row.key && other.value == row.value)
        };
        let mut altered: Vec<Altered> = own
            .iter()
            .filter(|row| lacks(&former, row))
            .map(|row| Altered {
                what: row.key.replace('`', ""),
                label: row.origin.map(|place| Label::new(place, "")),
            })
            .collect();
        for row in former.iter().filter(|row| lacks(&own, row)) {
            let what = row.key.replace('`', "");
            if altered.iter().all(|it| it.what != what) {
                altered.push(Altered { what, label: None });
            }
        }
        altered
    }

    /// The files that sign-offs are trusted by, of before and of now.
    fn trusted(&self) -> BTreeMap<Utf8PathBuf, Option<Vec<u8>>> {
        let configs = self.former.into_iter().chain([&self.run.gate.config]);
        let paths = configs.flat_map(|config| {
            let settings = &config.sign_offs;
            let files = settings.allowed_signers.iter().chain(&settings.revoked);
            files.map(|file| file.value.clone())
        });
        let files = self.run.loader.files;
        paths
            .map(|path| (path.clone(), files.read(&path, MAX_BYTES).ok()))
            .collect()
    }

    /// The files of policies, kinds and formats, of before and of now, with what they hold now.
    fn policies(&self) -> BTreeMap<Utf8PathBuf, Option<Vec<u8>>> {
        let files = self.run.loader.files;
        let mut found = BTreeMap::new();
        for config in self.former.into_iter().chain([&self.run.gate.config]) {
            for pack in &config.pack_folders {
                gather(&*self.base.files, &pack.path, MAX_DEPTH, &mut found);
                gather(files, &pack.path, MAX_DEPTH, &mut found);
            }
            let kinds = config.kinds.iter().map(|kind| &kind.schema.value);
            let formats = config.formats.iter().map(|format| &format.value);
            found.extend(kinds.chain(formats).map(|path| (path.clone(), None)));
        }
        for (path, content) in &mut found {
            *content = files.read(path, MAX_BYTES).ok();
        }
        found
    }

    /// Those of the files that are not what they were.
    fn files(&mut self, files: &BTreeMap<Utf8PathBuf, Option<Vec<u8>>>) -> Vec<Altered> {
        let mut altered = Vec::new();
        for (path, content) in files {
            if self.base.has(path, content.as_deref()) {
                continue;
            }
            let shown = relative(path, &self.run.gate.config.root);
            let source = SourceFile::new(self.sources.next_id(), shown.clone(), "");
            self.sources.insert(&source);
            altered.push(Altered {
                what: shown.to_string(),
                label: Some(Label::new(source.location(Span::default()), "")),
            });
        }
        altered
    }

    /// A document or a sign-off that is not what it was.
    fn judged(&self, library: &Library) -> Option<Utf8PathBuf> {
        let files = self.run.loader.files;
        let root = &self.run.gate.config.root;
        let is_new = |path: &Utf8Path, content: &Content| match content {
            Content::File(file) => {
                let own = files.read(file, MAX_BYTES).ok();
                !self.base.has(&root.join(path), own.as_deref())
            }
            Content::Bytes(bytes) => !self.base.has(&root.join(path), Some(bytes)),
        };
        let shelved = (0..).map_while(|entry| library.get(entry));
        let mut inputs = shelved.filter_map(|it| self.run.inputs.get(it.input));
        let document = inputs.find(|input| {
            let sidecar = input.sidecar.as_ref().is_some_and(|path| {
                let own = files.read(path, MAX_BYTES).ok();
                !self.base.has(path, own.as_deref())
            });
            sidecar || is_new(&input.path, &input.content)
        });
        let former = self.run.sign_offs.former();
        let statements = || {
            let mut folders = self.run.sign_offs.store().folders();
            folders.find_map(|(id, found)| {
                let known = former.of(id);
                let is_new = |it: &&Found| known.iter().all(|other| other.digest != it.digest);
                Some(found.iter().find(is_new)?.source.path().to_owned())
            })
        };
        document.map(|input| input.path.clone()).or_else(statements)
    }
}

/// The files below a folder, links not followed.
fn gather(
    files: &dyn Files,
    folder: &Utf8Path,
    depth: u32,
    found: &mut BTreeMap<Utf8PathBuf, Option<Vec<u8>>>,
) {
    for entry in files.list(folder).unwrap_or_default() {
        let Some(name) = entry.name.to_str() else {
            continue;
        };
        let path = folder.join(name);
        match entry.kind {
            FileKind::Folder if depth > 0 => gather(files, &path, depth - 1, found),
            FileKind::File => drop(found.insert(path, None)),
            _ => {}
        }
    }
}

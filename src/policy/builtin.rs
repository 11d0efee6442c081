//! The packs that come with launchgate, embedded in the binary.

use include_dir::{Dir, include_dir};

use super::packs::PackSource;
use crate::framework::Frameworks;
use crate::source::{FileId, SourceFile};

/// Everything under `policies/`: a folder a pack, and `frameworks/`.
pub static POLICIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// Where built-in files are shown to lie.
const ROOT: &str = "launchgate:policies";

/// The built-in packs, sorted by name. Their files take numbers from `next` on, and `next` is left
/// at the first free one.
pub fn builtin_packs(next: &mut u32) -> Vec<PackSource> {
    packs(next, false)
}

/// The built-in packs as far as they decide anything: without the examples of their rules, which are
/// most of their text. That every rule has its examples last, and the shape of a rule, is tested.
pub fn bare_packs(next: &mut u32) -> Vec<PackSource> {
    packs(next, true)
}

fn packs(next: &mut u32, bare: bool) -> Vec<PackSource> {
    let mut folders: Vec<_> = POLICIES
        .dirs()
        .filter(|folder| folder.get_file(folder.path().join("pack.yaml")).is_some())
        .collect();
    folders.sort_by_key(|folder| folder.path());
    folders
        .into_iter()
        .map(|folder| {
            let name = folder.path().to_string_lossy().replace('\\', "/");
            let mut texts = Vec::new();
            collect(folder, &mut texts);
            texts.sort_unstable();
            let files = texts
                .into_iter()
                .map(|(path, text)| {
                    let id = FileId(*next);
                    *next += 1;
                    let text = if bare { without_examples(text) } else { text };
                    SourceFile::new(id, format!("{ROOT}/{path}"), text)
                })
                .collect();
            PackSource {
                bare,
                name,
                builtin: true,
                files,
            }
        })
        .collect()
}

/// The built-in control catalogues. Their files take numbers from `next` on, and `next` is left at
/// the first free one.
pub fn builtin_frameworks(next: &mut u32) -> Frameworks {
    let mut texts = Vec::new();
    if let Some(folder) = POLICIES.get_dir("frameworks") {
        collect(folder, &mut texts);
    }
    texts.sort_unstable();
    Frameworks::trusted(texts.into_iter().map(|(path, text)| {
        let id = FileId(*next);
        *next += 1;
        SourceFile::new(id, format!("{ROOT}/{path}"), text)
    }))
}

/// A rule up to its examples, so that what stands before them keeps its place.
fn without_examples(text: &str) -> &str {
    let end = text.find("\nexamples:\n").map_or(text.len(), |at| at + 1);
    text.get(..end).unwrap_or(text)
}

fn collect(folder: &Dir<'static>, texts: &mut Vec<(String, &'static str)>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if let (true, Some(text)) = (super::packs::is_rule_file(&path), file.contents_utf8()) {
            texts.push((path, text));
        }
    }
    for inner in folder.dirs() {
        collect(inner, texts);
    }
}

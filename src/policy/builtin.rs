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
                    SourceFile::new(id, format!("{ROOT}/{path}"), text)
                })
                .collect();
            PackSource {
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

//! What a verdict follows from beside the documents.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::statement::Material;
use crate::engine::{Gate, sign_off_places, waiver_files};
use crate::files::Files;
use crate::signoff::ContentDigest;

/// The rules with their parameters, the configs, the files that say whose signatures count, and those that
/// let findings pass (waivers and the baseline), by name.
///
/// # Errors
/// A file of keys, revocations or waivers cannot be read; the path is the first part.
pub fn materials(
    gate: &Gate,
    files: &dyn Files,
) -> Result<Vec<Material>, (Utf8PathBuf, io::Error)> {
    let config = gate.config();
    let named = |path: &Utf8Path, sha256: String| {
        // A config from elsewhere has another place on each machine.
        let below = path.strip_prefix(&config.root).map(Utf8Path::as_str);
        let name = below.ok().or(path.file_name()).unwrap_or(path.as_str());
        material(name, sha256)
    };
    let rules = gate.digest();
    let rules = rules.strip_prefix("sha256:").unwrap_or(rules);
    let mut all = vec![material("rules", rules.to_owned())];
    for file in &config.files {
        let digest = ContentDigest::of(file.source.text().as_bytes());
        all.push(named(&file.path, digest.sha256));
    }
    let places = sign_off_places(config);
    let lenient = waiver_files(config, files);
    let trusted = places.allowed_signers.iter().chain(&places.revoked);
    for path in trusted.chain(&lenient) {
        let digest = files
            .open(path)
            .and_then(|mut opened| ContentDigest::read(&mut *opened.content))
            .map_err(|error| (path.clone(), error))?;
        all.push(named(path, digest.sha256));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

fn material(name: &str, sha256: String) -> Material {
    Material {
        name: name.to_owned(),
        digest: [("sha256".to_owned(), sha256)].into(),
    }
}

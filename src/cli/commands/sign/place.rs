//! Where a sign-off goes.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::Stop;
use crate::cli::output::{why, write_file};
use crate::signoff::store::SIGNATURE;

/// The folder of a document's sign-offs, if its id can be the name of one.
pub(super) fn folder(folder: &Utf8Path, id: &str) -> Result<Utf8PathBuf, Stop> {
    let is_name = !matches!(id, "" | "." | "..")
        && !id.contains(|c: char| c.is_control() || "/\\:*?\"<>|".contains(c))
        && id.len() <= 200;
    if is_name {
        return Ok(folder.join(id));
    }
    Err(Stop::new(
        format!(
            "the document's id `{id}` cannot be the name of a folder, where its sign-offs would lie"
        ),
        "Give the document an `id` of letters, digits and hyphens",
    ))
}

/// Makes the folder, which must not lead out of the root.
pub(super) fn make(folder: &Utf8Path, root: &Utf8Path) -> Result<(), Stop> {
    let made = fs::create_dir_all(folder).and_then(|()| folder.canonicalize_utf8());
    match made {
        Ok(real) if real.starts_with(root) => Ok(()),
        Ok(_) => Err(Stop::new(
            format!("`{folder}` is a link that leads out of the root"),
            "Put the folder itself there; nothing outside is read",
        )),
        Err(error) => Err(cannot(folder, &error)),
    }
}

/// Puts statement and signature where the gate finds them: both, or what was there before.
pub(super) fn put(file: &Utf8Path, statement: &str, signature: &str) -> Result<(), Stop> {
    let beside = Utf8PathBuf::from(format!("{file}{SIGNATURE}"));
    let before = fs::read_to_string(&beside).ok();
    write_file(&beside, signature).map_err(|error| cannot(&beside, &error))?;
    write_file(file, statement).map_err(|error| {
        let _ = match before {
            Some(before) => write_file(&beside, &before),
            None => fs::remove_file(&beside),
        };
        cannot(file, &error)
    })
}

/// Writes a statement that somebody else is to sign, and says where. What is signed already is left as
/// it is: an unsigned statement counts for nothing.
pub(super) fn unsigned(file: &Utf8Path, statement: &str) -> Result<Utf8PathBuf, Stop> {
    let to = if file.exists() {
        Utf8PathBuf::from(format!("{file}.new"))
    } else {
        file.to_owned()
    };
    write_file(&to, statement).map_err(|error| cannot(&to, &error))?;
    Ok(to)
}

fn cannot(path: &Utf8Path, error: &io::Error) -> Stop {
    Stop::new(
        format!("`{path}` cannot be written: {}", why(error)),
        "Nothing is signed; make the folder writable",
    )
}

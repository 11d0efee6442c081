//! The schemas and formats that are part of the program.

use include_dir::{Dir, include_dir};

/// The folder `schemas/` of the repository: JSON Schemas of kinds and of the gate's own files, and
/// `formats/`.
pub static SCHEMAS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/schemas");

/// The text of an embedded file below `schemas/`.
pub fn text(path: &str) -> Option<&'static str> {
    SCHEMAS.get_file(path)?.contents_utf8()
}

//! From an input to its text.

use std::sync::Arc;

use super::{Content, Input};
use crate::files::Files;
use crate::files::paths::reason;
use crate::finding::{Finding, Label};
use crate::source::{FileId, SourceFile, Span};

impl Input {
    /// The input's text as file `id`; else an empty file, or as much as can be shown, with the
    /// finding that says why: `document/limit`, `document/encoding` or `input/unreadable`.
    pub fn read(
        &self,
        id: FileId,
        file_bytes: u64,
        files: &dyn Files,
    ) -> Result<Arc<SourceFile>, Box<(Arc<SourceFile>, Finding)>> {
        let bytes = match &self.content {
            Content::Bytes(bytes) => bytes.to_vec(),
            Content::File(path) => files.read(path, file_bytes).map_err(|error| {
                self.refuse(
                    id,
                    "input/unreadable",
                    format!("`{}` cannot be read: {}", self.path, reason(&error)),
                    "Make it readable, or leave it out with `exclude`",
                )
            })?,
        };
        if bytes.len() as u64 > file_bytes {
            return Err(self.refuse(
                id,
                "document/limit",
                format!("`{}` is larger than {file_bytes} bytes", self.path),
                "Split it, leave it out with `exclude`, or raise `limits.file_bytes` in the config",
            ));
        }
        crate::value::decode(bytes)
            .map(|text| SourceFile::new(id, self.path.clone(), text))
            .map_err(|error| Box::new(error.into_finding(id, self.path.clone())))
    }

    fn refuse(
        &self,
        id: FileId,
        rule: &str,
        message: String,
        help: &str,
    ) -> Box<(Arc<SourceFile>, Finding)> {
        let source = SourceFile::new(id, self.path.clone(), "");
        let label = Label::new(source.location(Span::default()), "");
        Box::new((source, Finding::new(rule, message, label).with_help(help)))
    }
}

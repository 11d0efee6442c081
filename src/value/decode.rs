//! From bytes to text.

use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::finding::{Finding, Label};
use crate::source::{FileId, SourceFile, Span};

/// The bytes are no UTF-8 text.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// The first byte that is wrong, from 0.
    pub offset: usize,
    /// The fact, in one sentence.
    pub message: String,
    /// The next action.
    pub help: &'static str,
    /// The text with U+FFFD in place of what is no UTF-8, so that the place can be shown.
    lossy: String,
}

impl DecodeError {
    /// The file as far as it can be shown, and the finding about it.
    pub fn into_finding(
        self,
        id: FileId,
        path: impl Into<Utf8PathBuf>,
    ) -> (Arc<SourceFile>, Finding) {
        let Self {
            offset,
            message,
            help,
            lossy,
        } = self;
        let source = SourceFile::new(id, path, lossy);
        let rest = source.text().get(offset..).unwrap_or_default();
        let width = rest.chars().next().map_or(0, char::len_utf8);
        let label = Label::new(
            source.location(Span::from_range(&(offset..offset + width))),
            "",
        );
        let finding = Finding::new("document/encoding", message, label).with_help(help);
        (source, finding)
    }
}

/// The text of a file's bytes.
///
/// A byte order mark stays in the text, so that offsets are those of the file; readers step over
/// it. The error says at which byte the text stops being UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    let wide = match bytes.as_slice() {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        _ => None,
    };
    if let Some(encoding) = wide {
        return Err(DecodeError {
            offset: 0,
            message: format!("the file is written in {encoding}; documents are UTF-8"),
            help: "Save the file as UTF-8",
            lossy: String::from_utf8_lossy(bytes.get(..2).unwrap_or_default()).into_owned(),
        });
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(offset).copied().unwrap_or_default();
        DecodeError {
            offset,
            message: format!("the byte 0x{byte:02X} at offset {offset} is no UTF-8"),
            help: "Save the file as UTF-8",
            lossy: String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }
    })
}

/// How many bytes of byte order mark the text begins with.
pub(super) fn bom_len(text: &str) -> usize {
    if text.starts_with('\u{FEFF}') {
        '\u{FEFF}'.len_utf8()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_it_is() {
        assert_eq!(
            decode("\u{FEFF}é: 你\r\n".into()).unwrap(),
            "\u{FEFF}é: 你\r\n"
        );
        assert_eq!(decode(Vec::new()).unwrap(), "");
    }

    #[test]
    fn a_wrong_byte_is_named_with_its_place() {
        let error = decode(b"name: Caf\xE9\n".to_vec()).unwrap_err();
        assert_eq!(error.offset, 9);
        assert_eq!(error.to_string(), "the byte 0xE9 at offset 9 is no UTF-8");
        let (source, finding) = error.into_finding(FileId(3), "a.yaml");
        assert_eq!(finding.rule.as_str(), "document/encoding");
        assert_eq!(source.slice(finding.primary.location.span), "\u{FFFD}");
        assert_eq!(source.line_column(9).column, 10);
    }

    #[test]
    fn wide_encodings_are_named() {
        let error = decode(b"\xFF\xFEa\0".to_vec()).unwrap_err();
        assert!(error.message.contains("UTF-16"), "{error}");
        let error = decode(b"\0\0\xFE\xFF\0\0\0a".to_vec()).unwrap_err();
        assert!(error.message.contains("UTF-32"), "{error}");
        let (source, finding) = error.into_finding(FileId(0), "a.yaml");
        assert!(source.text().len() >= finding.primary.location.span.end as usize);
    }
}

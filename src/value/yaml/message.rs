//! The parser's errors in words that say what to do.

use granit_parser::ErrorKind;

/// The rule for tabs where spaces belong.
pub(super) const TAB: &str = "tab-indentation";

/// Rule (without `document/`), fact and next action for a syntax error.
pub(super) fn describe(kind: &ErrorKind) -> (&'static str, String, &'static str) {
    let syntax = |message: &str, help| ("syntax", message.to_owned(), help);
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace => (
            TAB,
            "a tab stands where YAML wants spaces".to_owned(),
            "Indent with spaces",
        ),
        ErrorKind::RecursionLimitExceeded => (
            "limit",
            "nesting is deeper than the limit".to_owned(),
            "Flatten the document",
        ),
        ErrorKind::TooManyComments
        | ErrorKind::DirectiveByteLimitExceeded { .. }
        | ErrorKind::TooManyReservedDirectiveParams { .. }
        | ErrorKind::AnchorCountOverflow => ("limit", kind.to_string(), "Shorten this part"),
        ErrorKind::UnclosedQuotedScalar => syntax(
            "a quoted text is not closed",
            "Add the closing quote; double a single quote inside single quotes, escape a double \
             quote as `\\\"`",
        ),
        ErrorKind::UnclosedFlowCollection { open } => (
            "syntax",
            format!("`{open}` is not closed"),
            "Add the closing bracket",
        ),
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator => syntax(
            "a comma or the closing bracket is missing before this",
            "Separate entries by one comma each and close every bracket",
        ),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => (
            "syntax",
            format!("`{open}` is closed by `{close}`"),
            "Close each bracket with its own kind",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => syntax(
            "this bracket closes nothing",
            "Remove it, or quote the text that it belongs to",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => syntax(
            "a `: ` makes no key here",
            "Quote the text if the colon belongs to it; else give the key a line of its own, \
             indented as its neighbours",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => syntax(
            "text stands behind the closing quote",
            "Quote the whole value; double a single quote inside single quotes, escape a double \
             quote as `\\\"`",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => syntax(
            "this line is no `key: value`",
            "Add the colon and a space, or indent the line as part of the value above it",
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed => syntax(
            "the indentation does not fit what stands above",
            "Start entries of one mapping or list in the same column",
        ),
        ErrorKind::InvalidBlockScalarIndent | ErrorKind::InvalidQuotedScalarIndent => syntax(
            "this line of a text is indented less than the text",
            "Indent every line of the text alike",
        ),
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            syntax("a value cannot begin with a backtick", "Quote the value")
        }
        ErrorKind::UnexpectedCharacter { character } => (
            "syntax",
            format!("a value cannot begin with `{}`", character.escape_default()),
            "Quote the value",
        ),
        ErrorKind::UnknownQuotedScalarEscape => syntax(
            "a double-quoted text has no such escape",
            "Write the backslash twice, or use single quotes",
        ),
        ErrorKind::UndeclaredTagHandle => syntax(
            "the tag's handle is not declared",
            "Remove the tag, or declare it by a `%TAG` directive",
        ),
        ErrorKind::BomInsideDocument => syntax(
            "a byte order mark stands inside a document",
            "Remove the invisible character",
        ),
        ErrorKind::ExpectedDocumentStart
        | ErrorKind::MissingDocumentEndBeforeDirective
        | ErrorKind::InvalidDocumentEnd => syntax(
            "the document has ended before this line",
            "Indent it as the lines above, or begin a further document with `---`",
        ),
        ErrorKind::CommentNotSeparated => syntax(
            "a `#` without a space before it begins no comment here",
            "Put a space before the `#`, or quote the text",
        ),
        other => (
            "syntax",
            format!("not YAML: {other}"),
            "Correct the text here, or quote it",
        ),
    }
}

//! What every reader says of numbers that do not fit.

use crate::source::Span;

use super::problem::{Problems, Stop};
use crate::finding::Severity;

/// An integer outside the range of `i64` was read as the nearest float: a warning.
pub(super) fn wide(problems: &mut Problems, written: &str, span: Span) -> Result<(), Stop> {
    let finding = problems
        .at(
            "limit",
            span,
            format!("the integer {written} does not fit 64 bits and is read as the nearest float"),
        )
        .with_help("Quote it if it is an identifier")
        .with_severity(Severity::Warning)
        .with_subject(written);
    problems.push(finding)
}

/// A number beyond the range of floats: no value can stand for it.
pub(super) fn too_large(problems: &mut Problems, span: Span) -> Result<(), Stop> {
    let finding = problems
        .at("limit", span, "the number is too large to be held")
        .with_help("Quote it if it is an identifier, else correct it");
    problems.push(finding)
}

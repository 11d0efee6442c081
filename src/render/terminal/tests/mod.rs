//! What the terminal shows, as whole pictures, and what it never shows.

mod hostile;
mod pictures;
mod whole;

use super::{TerminalOptions, render_findings};
use crate::finding::{Finding, Severity};
use crate::render::fixture;
use crate::source::SourceFile;
use std::sync::Arc;

/// One finding, plain, in 80 columns.
fn picture(finding: &Finding, files: &[Arc<SourceFile>]) -> String {
    let options = TerminalOptions {
        width: 80,
        ..TerminalOptions::default()
    };
    picture_with(finding, files, &options)
}

fn picture_with(finding: &Finding, files: &[Arc<SourceFile>], options: &TerminalOptions) -> String {
    let report = fixture::report(vec![finding.clone()], files);
    render_findings(&report.findings, &report.sources, Severity::Error, options)
}

/// The text without SGR sequences; any other escape sequence stays and fails the test.
fn without_colors(text: &str) -> String {
    let sgr = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    sgr.replace_all(text, "").into_owned()
}

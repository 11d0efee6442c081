//! The list of waivers: who waived what until when, and what became of it in this run.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::to_text;
use crate::finding::{Report, WaiverState};
use crate::source::{Location, SourceMap, csv_table, one_line};

/// The version of the JSON, `schema` in the output.
pub const VERSION: u32 = 1;

/// The columns of the CSV: the keys of the JSON.
pub const COLUMNS: [&str; 17] = [
    "rule",
    "document",
    "key",
    "fingerprint",
    "state",
    "findings",
    "expires",
    "days_left",
    "granted",
    "owner",
    "approver",
    "reason",
    "link",
    "inline",
    "signed",
    "path",
    "line",
];

/// A waiver in JSON.
#[derive(Serialize)]
pub(super) struct WaiverStateDto<'a> {
    rule: &'a str,
    document: Option<&'a str>,
    key: Option<&'a str>,
    fingerprint: Option<&'a str>,
    state: &'static str,
    findings: usize,
    expires: String,
    days_left: i32,
    granted: Option<String>,
    owner: Option<&'a str>,
    approver: Option<&'a str>,
    reason: &'a str,
    link: Option<&'a str>,
    inline: bool,
    signed: bool,
    path: Option<&'a str>,
    line: Option<u32>,
}

impl<'a> WaiverStateDto<'a> {
    pub(super) fn new(waiver: &'a WaiverState, sources: &'a SourceMap) -> Self {
        let (path, line) = place(waiver.place, sources);
        Self {
            rule: &waiver.rule,
            document: waiver.document.as_deref(),
            key: waiver.key.as_deref(),
            fingerprint: waiver.fingerprint.as_deref(),
            state: waiver.state,
            findings: waiver.findings,
            expires: waiver.expires.to_string(),
            days_left: waiver.days_left,
            granted: waiver.granted.map(|day| day.to_string()),
            owner: waiver.owner.as_deref(),
            approver: waiver.approver.as_deref(),
            reason: &waiver.reason,
            link: waiver.link.as_deref(),
            inline: waiver.inline,
            signed: waiver.signed,
            path,
            line,
        }
    }
}

/// Path and line of what is written.
pub(super) fn place(at: Location, sources: &SourceMap) -> (Option<&str>, Option<u32>) {
    let file = sources.file(at);
    let path = file.map(|file| file.path().as_str());
    let line = file.map(|file| file.line_column(file.clamp(at.span).start).line);
    (path, line)
}

#[derive(Serialize)]
struct ListDto<'a> {
    schema: u32,
    as_of: &'a str,
    waivers: Vec<WaiverStateDto<'a>>,
}

/// The list for machines; the entries are those of `waivers` in the JSON report.
pub fn json(report: &Report) -> String {
    let waivers = report.waivers.iter();
    to_text(&ListDto {
        schema: VERSION,
        as_of: &report.as_of,
        waivers: waivers
            .map(|waiver| WaiverStateDto::new(waiver, &report.sources))
            .collect(),
    })
}

/// One line a waiver, for spreadsheets.
pub fn csv(report: &Report) -> String {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let rows = report.waivers.iter().map(|waiver| {
        let (path, line) = place(waiver.place, &report.sources);
        [
            waiver.rule.to_string(),
            text(waiver.document.as_deref()),
            text(waiver.key.as_deref()),
            text(waiver.fingerprint.as_deref()),
            waiver.state.to_owned(),
            waiver.findings.to_string(),
            waiver.expires.to_string(),
            // Below 0 it would be taken for a formula; the state says that it is over.
            u32::try_from(waiver.days_left).map_or_else(|_| String::new(), |days| days.to_string()),
            waiver
                .granted
                .map_or_else(String::new, |day| day.to_string()),
            text(waiver.owner.as_deref()),
            text(waiver.approver.as_deref()),
            waiver.reason.to_string(),
            text(waiver.link.as_deref()),
            waiver.inline.to_string(),
            waiver.signed.to_string(),
            text(path),
            line.map_or_else(String::new, |line| line.to_string()),
        ]
    });
    csv_table(&COLUMNS, rows)
}

/// The state as people say it.
pub(super) fn state(waiver: &WaiverState) -> String {
    let left = || crate::finding::days_left(waiver.days_left);
    match waiver.state {
        "active" => left(),
        "ends-soon" => format!("ends soon: {}", left()),
        "expired" => format!("expired {} days ago", -waiver.days_left),
        "unmatched" => "meets no finding".to_owned(),
        "superseded" => "another waiver covers it".to_owned(),
        "not-checked" => "not checked in this run".to_owned(),
        "not-yet" => "dated in the future".to_owned(),
        "over-long" => "does not count: too long".to_owned(),
        "self-approved" => "does not count: self-approved".to_owned(),
        "inline" => "does not count: comments may not waive".to_owned(),
        other => format!("does not count: {}", other.replace('-', " ")),
    }
}

/// Who approved it.
pub(super) fn approval(waiver: &WaiverState) -> String {
    let mut text = waiver.approver.as_deref().unwrap_or("nobody").to_owned();
    if waiver.signed {
        text.push_str(" (signed)");
    }
    text
}

/// Lines of columns for people, those first that end first; the reason stands below.
pub fn table(report: &Report) -> String {
    if report.waivers.is_empty() {
        return "There are no waivers.\n".to_owned();
    }
    let mut waivers: Vec<&WaiverState> = report.waivers.iter().collect();
    waivers.sort_by_key(|waiver| waiver.expires);
    let head = ["until", "state", "rule", "where", "owner", "approved by"].map(str::to_owned);
    let rows: Vec<[String; 6]> = waivers
        .iter()
        .map(|waiver| {
            let (path, line) = place(waiver.place, &report.sources);
            let at = match (&waiver.document, &waiver.key) {
                (Some(document), Some(key)) => format!("{document} {key}"),
                (Some(document), None) => document.to_string(),
                (None, _) => format!("{}:{}", path.unwrap_or_default(), line.unwrap_or_default()),
            };
            [
                waiver.expires.to_string(),
                state(waiver),
                waiver.rule.to_string(),
                at,
                waiver.owner.as_deref().unwrap_or("nobody").to_owned(),
                approval(waiver),
            ]
            .map(|cell| one_line(&cell))
        })
        .collect();
    let mut widths = [0; 6];
    for row in std::iter::once(&head).chain(&rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    let mut out = line(&head);
    for (row, waiver) in rows.iter().zip(&waivers) {
        out.push_str(&line(row));
        let link = waiver.link.as_deref();
        let link = link.map_or_else(String::new, |link| format!(" ({})", one_line(link)));
        let _ = writeln!(out, "            {}{link}", one_line(&waiver.reason));
    }
    out
}

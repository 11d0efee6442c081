//! Waivers in comments of a document:
//! `# launchgate: allow privacy/retention-limit until 2027-01-31 by counsel@bank.example -- reason`.

use std::sync::Arc;

use jiff::civil::Date;

use super::entry::{Entry, Origin, Places, Target};
use super::file::error;
use crate::expr::{is_blank, is_placeholder};
use crate::finding::{Finding, Label, did_you_mean};
use crate::source::{Location, SourceFile, Span};
use crate::value::Tree;

/// What a comment begins with that is meant for the gate.
const MARK: &str = "launchgate:";

const HELP: &str = "Write `launchgate: allow RULE until YYYY-MM-DD -- reason`, with `by NAME` behind the day where \
                    somebody approved it";

/// The waivers in the comments of a file, and what is wrong with comments that should be some.
pub fn read(source: &Arc<SourceFile>, tree: &Tree) -> (Vec<Entry>, Vec<Finding>) {
    let mut entries = Vec::new();
    let mut findings = Vec::new();
    // Most files have none, and nothing is looked at in them.
    if !source.text().contains(MARK) {
        return (entries, findings);
    }
    let spans: Vec<Span> = tree.comments().iter().map(|comment| comment.span).collect();
    for &span in &spans {
        let Some(text) = addressed(source.slice(span)) else {
            continue;
        };
        let place = source.location(span);
        match parse(text, place) {
            Ok(mut entry) => {
                entry.target = Target::Line(covered_line(source, span, &spans));
                entries.push(entry);
            }
            Err(message) => findings
                .push(error("waiver/inline", message, Label::new(place, "")).with_help(HELP)),
        }
    }
    (entries, findings)
}

/// What a comment says to the gate: without its markers, behind [`MARK`].
fn addressed(comment: &str) -> Option<&str> {
    let inner = match comment.strip_prefix("<!--") {
        Some(inner) => inner.strip_suffix("-->").unwrap_or(inner),
        None => comment.trim_start_matches('#'),
    };
    Some(inner.trim().strip_prefix(MARK)?.trim())
}

fn parse(text: &str, place: Location) -> Result<Entry, String> {
    let (words, reason) = text
        .split_once(" -- ")
        .ok_or("the waiver gives no reason: there is no ` -- ` with words behind it")?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_blank(&reason) || is_placeholder(&reason) {
        return Err("the waiver gives no reason".to_owned());
    }
    let mut words = words.split_whitespace();
    match words.next() {
        Some("allow") => {}
        Some(other) => {
            let near = did_you_mean(other, ["allow"]);
            return Err(format!("`{other}` is nothing that a comment can ask{near}"));
        }
        None => return Err("the comment asks nothing".to_owned()),
    }
    let rule = words.next().ok_or("the waiver names no rule")?;
    let named = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !rule
        .split_once('/')
        .is_some_and(|(pack, name)| named(pack) && named(name))
    {
        return Err(format!(
            "`{rule}` is not the id of one rule, such as `privacy/retention-limit`"
        ));
    }
    match words.next() {
        Some("until") => {}
        _ => {
            return Err("the waiver has no end: `until` and a day come behind the rule".to_owned());
        }
    }
    let day = words.next().ok_or("`until` names no day")?;
    let expires: Date = day
        .parse()
        .ok()
        .filter(|_| day.len() == 10)
        .ok_or_else(|| format!("`{day}` is no day of the form YYYY-MM-DD"))?;
    let approver = match words.next() {
        None => None,
        Some("by") => {
            let name = words.by_ref().collect::<Vec<_>>().join(" ");
            if is_blank(&name) || is_placeholder(&name) {
                return Err("`by` names nobody".to_owned());
            }
            Some(name)
        }
        Some(other) => return Err(format!("`{other}` stands where ` -- ` or `by` should")),
    };
    Ok(Entry {
        rule: rule.to_owned(),
        target: Target::Line(0),
        reason,
        owner: None,
        approver,
        link: None,
        granted: None,
        expires,
        origin: Origin::Inline(place),
        places: Places {
            rule: place,
            approver: place,
            expires: place,
        },
    })
}

/// The line that a comment speaks of: its own where something stands before it, else the next that
/// has something else than comments.
fn covered_line(source: &SourceFile, comment: Span, comments: &[Span]) -> u32 {
    let first = source.line_column(comment.start).line;
    if let Some(line) = source.line_span(first) {
        let before = Span {
            start: line.start,
            end: comment.start,
        };
        if !source.slice(before).trim().is_empty() {
            return first;
        }
    }
    let mut number = source.line_column(comment.end).line;
    loop {
        number += 1;
        let Some(line) = source.line_span(number) else {
            return number;
        };
        let text = source.slice(line);
        let lead = text.len() - text.trim_start().len();
        if text.trim().is_empty() {
            continue;
        }
        let starts = line
            .start
            .saturating_add(u32::try_from(lead).unwrap_or(u32::MAX));
        let within = comments.iter().find(|span| span.start == starts);
        match within {
            Some(span) => number = number.max(source.line_column(span.end).line),
            None => return number,
        }
    }
}

#[cfg(test)]
mod tests;

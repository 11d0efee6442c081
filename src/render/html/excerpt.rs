//! The lines that a finding speaks of, with what is said of them.
//!
//! A figure a file: the one with the finding's own place first, the rule's line last. What is said
//! of a place stands under its line, below the place as long as that is not far to the right.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::finding::{Finding, Label};
use crate::source::{Location, SourceFile, SourceMap, Span};

use super::words;

/// A line longer than this many characters is shown in part.
const LINE: usize = 200;

/// How much of a long line is shown before its first place.
const LEAD: usize = 60;

/// Up to this column a remark stands below what it is about.
const ALIGNED: usize = 44;

/// Lines that are at most so far apart are shown with what lies between.
const NEAR: u32 = 3;

/// A label on a line.
struct Place<'r> {
    line: u32,
    /// Within the line; empty behind its last character.
    span: Span,
    text: &'r str,
    primary: bool,
}

/// Every place of a finding.
pub(super) fn places(finding: &Finding, sources: &SourceMap) -> Markup {
    let labels = || std::iter::once(&finding.primary).chain(&finding.related);
    let mut files: Vec<&SourceFile> = Vec::new();
    for file in labels().filter_map(|label| sources.file(label.location)) {
        if !files.iter().any(|known| known.id() == file.id()) {
            files.push(file);
        }
    }
    let lost = labels().filter(|label| sources.file(label.location).is_none());
    let bare = finding.document.as_ref().filter(|_| files.is_empty());
    html! {
        @for file in files { (figure(file, finding)) }
        @if let Some(document) = bare { p.path { code { (document.path) } } }
        @for label in lost.filter(|label| !label.text.is_empty()) { p.say { (words::prose(&label.text)) } }
        @if let Some((label, file)) = finding.policy.as_ref().and_then(|l| Some((l, sources.file(l.location)?))) {
            (policy(file, label))
        }
    }
}

fn figure(file: &SourceFile, finding: &Finding) -> Markup {
    let mut places = Vec::new();
    for (index, label) in std::iter::once(&finding.primary)
        .chain(&finding.related)
        .enumerate()
    {
        if label.location.file == file.id() {
            places.extend(place(file, label, index == 0));
        }
    }
    let first = places.iter().find(|place| place.primary).or(places.first());
    let at = first.map_or(1, |place| place.line);
    let column = first.map_or(1, |place| file.line_column(place.span.start).column);
    html! {
        figure.source {
            figcaption { code { (file.path()) ":" (at) ":" (column) } }
            (lines(file, &places, true))
        }
    }
}

fn policy(file: &SourceFile, label: &Label) -> Markup {
    let places: Vec<_> = place(file, label, false).into_iter().collect();
    let line = places.first().map_or(1, |place| place.line);
    html! {
        figure.source.policy {
            figcaption { "Asked for by " code { (file.path()) ":" (line) } }
            (lines(file, &places, false))
        }
    }
}

/// Puts a label on the line on which it begins. `None` where the file has no text.
fn place<'r>(file: &SourceFile, label: &'r Label, primary: bool) -> Option<Place<'r>> {
    let Location { span, .. } = label.location;
    let span = file.clamp(span);
    let line = file.line_column(span.start).line;
    let whole = line_span(file, line).filter(|_| !file.text().is_empty())?;
    let start = span.start.clamp(whole.start, whole.end);
    let covered = file
        .slice(Span::new(start, span.end.min(whole.end)))
        .trim_end();
    let len = if covered.is_empty() {
        let rest = file.slice(Span::new(start, whole.end));
        rest.chars().next().map_or(0, char::len_utf8)
    } else {
        covered.len()
    };
    Some(Place {
        line,
        span: Span::new(start, start + u32::try_from(len).unwrap_or(0)),
        text: &label.text,
        primary,
    })
}

/// The bytes of a line without its end and without a byte order mark.
fn line_span(file: &SourceFile, line: u32) -> Option<Span> {
    let mut span = file.line_span(line)?;
    if line == 1 && file.slice(span).starts_with('\u{FEFF}') {
        span.start += 3;
    }
    Some(span)
}

/// The lines of some places, with the lines around them; a gap where lines are left out.
fn lines(file: &SourceFile, places: &[Place<'_>], context: bool) -> Markup {
    let around = u32::from(context);
    let own: BTreeSet<u32> = places.iter().map(|place| place.line).collect();
    let blank = |line: u32| {
        let span = line_span(file, line);
        span.is_none_or(|span| !file.slice(span).contains(|c: char| !c.is_whitespace()))
    };
    let mut shown = own.clone();
    for &line in &own {
        let edges = [line.saturating_sub(around), line.saturating_add(around)];
        // A blank line at an edge says nothing.
        shown.extend(edges.into_iter().filter(|&edge| !blank(edge)));
    }
    let gaps: Vec<(u32, u32)> = shown
        .iter()
        .copied()
        .zip(shown.iter().copied().skip(1))
        .collect();
    for (before, next) in gaps {
        if next - before <= NEAR {
            shown.extend(before..next);
        }
    }
    let mut before = None;
    html! {
        div.lines {
            @for line in shown {
                @if before.replace(line).is_some_and(|before| line > before + 1) {
                    div.gap { "…" }
                }
                (row(file, line, places))
            }
        }
    }
}

fn row(file: &SourceFile, line: u32, places: &[Place<'_>]) -> Markup {
    let Some(whole) = line_span(file, line) else {
        return html! {};
    };
    let mut here: Vec<&Place<'_>> = places.iter().filter(|place| place.line == line).collect();
    here.sort_by_key(|place| place.span);
    let shown = window(
        file,
        whole,
        here.first().map_or(whole.start, |place| place.span.start),
    );
    html! {
        div.line.hit[!here.is_empty()] {
            span.n { (line) }
            code {
                @if shown.start > whole.start { "…" }
                (marked(file, shown, &here))
                @if shown.end < whole.end { "…" }
            }
        }
        @for place in here.iter().filter(|place| !place.text.is_empty()) {
            div.label.primary[place.primary] {
                span.n {}
                span.pad { (pad(file, shown, place)) }
                span.say { (words::prose(place.text)) }
            }
        }
    }
}

/// The part of a line that is shown.
fn window(file: &SourceFile, whole: Span, focus: u32) -> Span {
    let text = file.slice(whole);
    if text.len() <= LINE || text.chars().nth(LINE).is_none() {
        return whole;
    }
    let before = file.slice(Span::new(whole.start, focus));
    let lead: usize = before.chars().rev().take(LEAD).map(char::len_utf8).sum();
    let start = focus - u32::try_from(lead).unwrap_or(0);
    let rest = file.slice(Span::new(start, whole.end));
    let len: usize = rest.chars().take(LINE).map(char::len_utf8).sum();
    Span::new(start, start + u32::try_from(len).unwrap_or(0))
}

/// The text of a line in which the places are marked.
fn marked(file: &SourceFile, shown: Span, places: &[&Place<'_>]) -> Markup {
    let cut = |span: Span| {
        let start = span.start.clamp(shown.start, shown.end);
        Span::new(start, span.end.clamp(start, shown.end))
    };
    let spans: Vec<(Span, bool)> = places.iter().map(|p| (cut(p.span), p.primary)).collect();
    let mut edges: BTreeSet<u32> = [shown.start, shown.end].into();
    edges.extend(spans.iter().flat_map(|(span, _)| [span.start, span.end]));
    let edges: Vec<u32> = edges.into_iter().collect();
    let within = |start: u32| {
        spans
            .iter()
            .filter(move |(span, _)| span.start <= start && start < span.end)
    };
    let behind = spans.iter().any(|(span, _)| span.is_empty());
    html! {
        @for pair in edges.windows(2) {
            @if let [start, end] = *pair {
                @let text = file.slice(Span::new(start, end));
                @if within(start).any(|(_, primary)| *primary) { mark.primary { (text) } }
                @else if within(start).next().is_some() { mark { (text) } }
                @else { (text) }
            }
        }
        @if behind { mark.primary { " " } }
    }
}

/// White space as wide as what stands before a place.
fn pad(file: &SourceFile, shown: Span, place: &Place<'_>) -> String {
    let before = file.slice(Span::new(shown.start, place.span.start.max(shown.start)));
    let text: Vec<char> = before.chars().collect();
    let wide = |c: char| {
        if c == '\t' {
            "\t"
        } else if c >= '\u{1100}' {
            "  "
        } else {
            " "
        }
    };
    if text.len() <= ALIGNED {
        text.into_iter().map(wide).collect()
    } else {
        text.into_iter()
            .take_while(|c| c.is_whitespace())
            .take(ALIGNED)
            .map(wide)
            .collect()
    }
}

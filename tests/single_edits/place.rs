//! Where an edit was made, and whether a finding stands there.

use std::fmt;
use std::ops::Range;

use launchgate::finding::{Finding, Report};
use launchgate::source::{FileId, SourceFile, Span};
use launchgate::value::{Limits, NodeRef, Parsed, Syntax, read};

use super::hunks::Hunk;

/// Where a finding about an edit has to stand.
pub(crate) struct Place {
    file: String,
    edited: Parsed,
    what: What,
}

enum What {
    /// Something was written: the finding stands in the new lines, and the node that it is about
    /// holds what differs.
    Written {
        lines: Range<usize>,
        differs: Range<usize>,
    },
    /// Something was taken out: the finding names it, and stands on what would hold it.
    TakenOut { pointer: String },
}

impl Place {
    /// The place of an edit at `begin` that made `edited` of `text`; `None` if no field is there.
    pub(crate) fn of(hunk: &Hunk, begin: usize, text: &str, edited: &str) -> Option<Self> {
        let shift = |range: &Range<usize>| begin + range.start..begin + range.end;
        let (removed, added) = (shift(&hunk.removed), shift(&hunk.added));
        let what = if added.is_empty() {
            let before = parsed(&hunk.file, text);
            let root = before.tree.root().unwrap();
            What::TakenOut {
                pointer: first_within(root, &removed)?,
            }
        } else {
            What::Written {
                differs: differing(&text[removed], edited, added.clone()),
                lines: added,
            }
        };
        Some(Self {
            file: hunk.file.clone(),
            edited: parsed(&hunk.file, edited),
            what,
        })
    }

    /// Whether a finding stands there.
    pub(crate) fn holds(&self, finding: &Finding, report: &Report) -> bool {
        let location = finding.primary.location;
        let file = report.sources.file(location);
        if file.is_none_or(|file| file.path() != self.file.as_str()) {
            return false;
        }
        let label = location.span.range();
        let about = self
            .edited
            .tree
            .root()
            .map(|root| root.as_far_as(&finding.pointer));
        match &self.what {
            What::Written { lines, differs } => {
                let around = about
                    .filter(|node| node.parent().is_some())
                    .is_some_and(|node| touches(&extent(node), differs));
                within(&label, lines) && (around || touches(&label, differs))
            }
            What::TakenOut { pointer } => {
                names(&finding.pointer, pointer)
                    && about.is_some_and(|node| node.address().span == location.span)
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Written { differs, .. } => {
                let root = self.edited.tree.root();
                let text = root.map_or("", |root| root.source().text());
                write!(f, "«{}»", &text[differs.clone()])
            }
            What::TakenOut { pointer } => write!(f, "{pointer}"),
        }
    }
}

/// A finding in a line: its rule, what it is about and its place.
pub(crate) fn described(finding: &Finding, report: &Report) -> String {
    let location = finding.primary.location;
    let place = report.sources.file(location).map_or(String::new(), |file| {
        let at = file.line_column(location.span.start);
        let text = file.slice(location.span).lines().next().unwrap_or_default();
        format!("{}:{}:{} «{text}»", file.path(), at.line, at.column)
    });
    format!("{} about {}, {place}", finding.rule, finding.pointer)
}

fn parsed(path: &str, text: &str) -> Parsed {
    let source = SourceFile::new(FileId(0), path, text);
    read(
        &source,
        Syntax::of_path(path.into()).unwrap(),
        &Limits::default(),
    )
}

/// The first node, in the order of the document, that begins in a range, with its key if it has one.
fn first_within(node: NodeRef<'_>, range: &Range<usize>) -> Option<String> {
    let begins = |span: Span| range.contains(&(span.start as usize));
    for entry in node.entries() {
        if begins(entry.key_location.span) || begins(entry.value.span()) {
            return Some(entry.value.pointer().to_string());
        }
        if let Some(found) = first_within(entry.value, range) {
            return Some(found);
        }
    }
    node.items().find_map(|item| {
        if begins(item.span()) {
            return Some(item.pointer().to_string());
        }
        first_within(item, range)
    })
}

/// Whether a finding's pointer names what was taken out: itself, something in it, or the list that
/// it was an element of.
fn names(finding: &str, gone: &str) -> bool {
    let list = gone
        .rsplit_once('/')
        .filter(|(_, last)| last.parse::<usize>().is_ok())
        .map(|(list, _)| list);
    let below = finding.strip_prefix(gone);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || list == Some(finding)
}

/// The bytes of a node with its key.
fn extent(node: NodeRef<'_>) -> Range<usize> {
    let key = node.own_entry().map(|entry| entry.key_location.span);
    key.map_or(node.span(), |key| key.to(node.span())).range()
}

/// What is left of a range of a text without the beginning and the end that it shares with what
/// stood there before.
fn differing(before: &str, text: &str, range: Range<usize>) -> Range<usize> {
    let after = &text[range.clone()];
    let same = |a: &(char, char)| a.0 == a.1;
    let length = |(c, _): (char, char)| c.len_utf8();
    let pairs = after.chars().zip(before.chars());
    let start: usize = pairs.take_while(same).map(length).sum();
    let longest = after.len().min(before.len()) - start;
    let pairs = after.chars().rev().zip(before.chars().rev());
    let ends = pairs.take_while(same).map(length).scan(0, |sum, length| {
        *sum += length;
        Some(*sum)
    });
    let end = ends.take_while(|&sum| sum <= longest).last().unwrap_or(0);
    range.start + start..range.end - end
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether two ranges share a byte or meet.
fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.end && b.start <= a.end
}

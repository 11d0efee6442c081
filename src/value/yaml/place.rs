//! Places that the parser does not name as people see them.

use super::Reader;
use crate::source::Span;

impl Reader<'_, '_> {
    /// The first tab that indents a line, from the line of `start` on.
    pub(super) fn tab_after(&self, start: u32) -> Option<Span> {
        let before = self.text.get(..start as usize)?;
        let mut at = before.rfind('\n').map_or(0, |end| end + 1);
        for line in self.text.get(at..)?.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t', '-', '?', ':']).len();
            if let Some(tab) = line.get(..indent)?.find('\t') {
                return Some(Span::from_range(&(at + tab..at + tab + 1)));
            }
            at += line.len();
        }
        None
    }

    /// A tab in the white space before `start`, if nothing else stands before it in its line.
    pub(super) fn tab_before(&self, start: u32) -> Option<Span> {
        let before = self.text.get(..start as usize)?;
        let indent = before.trim_end_matches([' ', '\t']);
        let blank = before.get(indent.len()..)?;
        let tab = blank.find('\t')?;
        let line_start = indent.is_empty() || indent.ends_with(['\n', '\r', '\u{FEFF}']);
        let at = indent.len() + tab;
        line_start.then(|| Span::from_range(&(at..at + 1)))
    }

    /// The place of a value that is not written: behind its key's colon, not before it.
    pub(super) fn behind_colon(&self, span: Span) -> Span {
        let rest = self.text.get(span.start as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let awaits_value = self.frames.last().is_some_and(|f| f.awaits_value);
        if awaits_value && rest.get(blanks..).is_some_and(|r| r.starts_with(':')) {
            let behind = usize::try_from(span.start).unwrap_or(0) + blanks + 1;
            Span::from_range(&(behind..behind))
        } else {
            span
        }
    }

    /// The dash that begins a list. The parser names what follows it where the list is indented
    /// no further than its key.
    pub(super) fn first_dash(&self, span: Span) -> Span {
        if !self.frames.last().is_some_and(|frame| frame.mapping) {
            return span;
        }
        let between = self.text.get(self.last_end as usize..span.start as usize);
        let mut at = self.last_end as usize;
        for line in between.unwrap_or_default().split_inclusive('\n') {
            let entry = line.trim_start_matches(' ');
            let dash = at + line.len() - entry.len();
            if entry.starts_with('-') && at > self.last_end as usize {
                return Span::from_range(&(dash..dash + 1));
            }
            at += line.len();
        }
        span
    }

    /// A block scalar from its `|` or `>` to the end of its last line that is not blank. The
    /// parser's span is the lines alone, trailing blank ones included.
    pub(super) fn block_scalar(&self, span: Span) -> Span {
        let gap = self.last_end.min(span.start);
        let before = self
            .text
            .get(gap as usize..span.start as usize)
            .unwrap_or_default();
        let start = header(before).map_or(span.start, |at| gap + at);
        let lines = self
            .text
            .get(start as usize..span.end as usize)
            .unwrap_or_default();
        let written = lines.trim_end_matches([' ', '\t', '\r', '\n']);
        Span::from_range(&(start as usize..start as usize + written.len()))
    }
}

/// Where in the text before a block scalar's lines its header begins.
fn header(before: &str) -> Option<u32> {
    let line = before.trim_end_matches([' ', '\t', '\r', '\n']);
    let from = line.rfind('\n').map_or(0, |at| at + 1);
    let line = line.get(from..)?;
    let at = line
        .match_indices(['|', '>'])
        .map(|(at, _)| at)
        .find(|&at| {
            let (before, indicator) = line.split_at(at);
            let rest = indicator.trim_start_matches(['|', '>']);
            let rest =
                rest.trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
            before.chars().next_back().is_none_or(char::is_whitespace)
                && (rest.is_empty()
                    || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
        })?;
    u32::try_from(from + at).ok()
}

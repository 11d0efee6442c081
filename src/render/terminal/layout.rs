//! Which label is drawn where: geometry over a [`SourceFile`], no drawing.
//!
//! What miette draws wrongly never reaches it: a range of several lines is cut to its first, an
//! empty range gets a character to point at, ranges on a line never overlap, and a line that is too
//! long is seen through windows.

use crate::source::{LineColumn, SourceFile, Span};

use super::text::{char_width, fits, prefix_len, suffix_len, width};

/// Lines further apart than this go into boxes of their own.
const NEAR: u32 = 3;

/// A label on one line of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where the label says it is, unlike `span`, which is what can be drawn.
    pub(super) at: LineColumn,
    /// Bytes of the file, within the line. Empty only behind the line's last character.
    pub(super) span: Span,
    /// What to say; may be empty.
    pub(super) text: String,
    /// Whether the finding is about this place.
    pub(super) primary: bool,
}

/// The part of a line that is shown, with the labels in it, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u32,
    pub(super) shown: Span,
    pub(super) places: Vec<Place>,
}

/// The bytes of a line without its end and without a byte order mark.
pub(super) fn line_span(file: &SourceFile, line: u32) -> Option<Span> {
    let mut span = file.line_span(line)?;
    if line == 1 && file.slice(span).starts_with('\u{FEFF}') {
        span.start += 3;
    }
    Some(span)
}

/// Puts a span on a line. `None` where the file has no text at all.
pub(super) fn place(file: &SourceFile, span: Span, text: String, primary: bool) -> Option<Place> {
    if file.text().is_empty() {
        return None;
    }
    let span = file.clamp(span);
    let at = file.line_column(span.start);
    let line = line_span(file, at.line)?;
    let start = span.start.clamp(line.start, line.end);
    let covered = file.slice(Span::new(start, span.end.min(line.end)));
    let covered = covered.trim_end();
    let end = if covered.is_empty() {
        let rest = file.slice(Span::new(start, line.end));
        start + rest.chars().next().map_or(0, |c| bytes(c.len_utf8()))
    } else {
        start + bytes(covered.len())
    };
    Some(Place {
        at,
        span: Span::new(start, end),
        text,
        primary,
    })
}

/// Keeps the labels that can be drawn beside each other; gives back those that cannot and have
/// something to say. The primary place always stays, if need be with less underlined.
pub(super) fn settle(places: Vec<Place>) -> (Vec<Place>, Vec<Place>) {
    let (mut kept, rest): (Vec<_>, Vec<_>) = places.into_iter().partition(|place| place.primary);
    let mut dropped = Vec::new();
    for place in rest {
        if let Some(other) = kept.iter_mut().find(|other| overlap(other, &place)) {
            if other.primary && contains(other, &place) {
                if place.span.start > other.span.start {
                    other.span.end = place.span.start;
                    if !kept.iter().any(|other| overlap(other, &place)) {
                        kept.push(place);
                        continue;
                    }
                    dropped.push(place);
                    continue;
                }
                other.span = place.span;
            }
            if other.text.is_empty() && other.span == place.span {
                other.text = place.text;
            } else if other.text != place.text && !place.text.is_empty() {
                dropped.push(place);
            }
        } else {
            kept.push(place);
        }
    }
    kept.sort_by_key(|place| (place.at.line, place.span));
    (kept, dropped)
}

fn overlap(left: &Place, right: &Place) -> bool {
    let end = |place: &Place| place.span.end.max(place.span.start + 1);
    left.at.line == right.at.line && left.span.start < end(right) && right.span.start < end(left)
}

fn contains(outer: &Place, inner: &Place) -> bool {
    outer.span.start <= inner.span.start && inner.span.end <= outer.span.end
}

/// Arranges settled places in boxes of near lines, each box top down, a line of at most `columns`.
/// A long line appears once for each group of labels that fits in a window.
pub(super) fn boxes(file: &SourceFile, places: Vec<Place>, columns: usize) -> Vec<Vec<Row>> {
    let mut boxes: Vec<Vec<Row>> = Vec::new();
    for row in rows(file, places, columns) {
        match boxes.last_mut() {
            Some(rows)
                if rows
                    .last()
                    .is_some_and(|last| row.line > last.line && row.line - last.line <= NEAR) =>
            {
                rows.push(row);
            }
            _ => boxes.push(vec![row]),
        }
    }
    boxes
}

fn rows(file: &SourceFile, places: Vec<Place>, columns: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for place in places {
        let line = place.at.line;
        if let Some(row) = rows.last_mut().filter(|row| row.line == line) {
            let first = row.places.first().map_or(place.span, |first| first.span);
            let whole = line_span(file, line).is_some_and(|line| fits(file.slice(line), columns));
            if whole || fits(file.slice(first.to(place.span)), columns * 3 / 4) {
                row.places.push(place);
                continue;
            }
        }
        rows.push(Row {
            line,
            shown: place.span,
            places: vec![place],
        });
    }
    for row in &mut rows {
        let first = row.places.first().map_or(row.shown, |place| place.span);
        let last = row.places.last().map_or(row.shown, |place| place.span);
        if let Some(line) = line_span(file, row.line) {
            row.shown = window(file, line, first.to(last), columns);
        }
    }
    rows
}

/// The part of `line` to show so that `focus` is seen with what stands around it.
pub(super) fn window(file: &SourceFile, line: Span, focus: Span, columns: usize) -> Span {
    if fits(file.slice(line), columns) {
        return line;
    }
    let before = file.slice(Span::new(line.start, focus.start));
    let from_focus = file.slice(Span::new(focus.start, line.end));
    let focus_text = file.slice(focus);
    let focus_width = width(&focus_text[..prefix_len(focus_text, columns)]);
    let left = if fits(from_focus, columns) {
        columns - width(from_focus)
    } else {
        (columns - focus_width) / 3
    };
    let lead = suffix_len(before, left);
    let start = focus.start - bytes(lead);
    let lead_width: usize = before[before.len() - lead..].chars().map(char_width).sum();
    let end = focus.start + bytes(prefix_len(from_focus, columns - lead_width));
    Span::new(start, end)
}

fn bytes(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use std::sync::Arc;

    fn file(text: &str) -> Arc<SourceFile> {
        SourceFile::new(FileId(0), "a.yaml", text)
    }

    fn at(file: &SourceFile, start: u32, end: u32, text: &str) -> Place {
        place(file, Span::new(start, end), text.to_owned(), false).unwrap()
    }

    #[test]
    fn a_place_is_on_one_line_and_never_empty_before_the_line_end() {
        let file = file("a: [1,\r\n  2]\r\n\r\n");
        assert_eq!(at(&file, 3, 12, "").span, Span::new(3, 6));
        assert_eq!(at(&file, 0, 0, "").span, Span::new(0, 1));
        assert_eq!(at(&file, 6, 10, "").span, Span::new(6, 6));
        assert_eq!(at(&file, 7, 7, "").span, Span::new(6, 6));
        assert_eq!(at(&file, 900, 901, "").span, Span::new(16, 16));
        assert_eq!(at(&file, 900, 901, "").at.line, 4);
        assert!(
            place(
                &super::tests::file(""),
                Span::new(0, 1),
                String::new(),
                true
            )
            .is_none()
        );
    }

    #[test]
    fn a_byte_order_mark_is_not_pointed_at() {
        let file = file("\u{FEFF}a: 1\n");
        assert_eq!(at(&file, 0, 0, "").span, Span::new(3, 4));
        assert_eq!(at(&file, 0, 4, "").span, Span::new(3, 4));
    }

    #[test]
    fn labels_that_would_cross_are_given_back() {
        let file = file("a: {b: 1, c: 2}\n");
        let mut whole = at(&file, 3, 15, "the item");
        whole.primary = true;
        let (kept, dropped) = settle(vec![
            at(&file, 7, 8, "`b` is 1"),
            at(&file, 4, 8, "crossing"),
            at(&file, 7, 8, "`b` is 1"),
            at(&file, 7, 8, "again"),
            at(&file, 13, 14, "`c` is 2"),
            whole,
        ]);
        let shown: Vec<_> = kept
            .iter()
            .map(|place| (place.span.start, place.span.end, place.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [(3, 7, "the item"), (7, 8, "`b` is 1"), (13, 14, "`c` is 2")]
        );
        let dropped: Vec<_> = dropped.iter().map(|place| place.text.as_str()).collect();
        assert_eq!(dropped, ["crossing", "again"]);
    }

    #[test]
    fn a_window_shows_the_focus_within_its_columns() {
        let text = format!("{{{}}}", "\"key\": 1, ".repeat(2000));
        let file = file(&text);
        let line = file.line_span(1).unwrap();
        for start in [0, 1, 500, 10_000, 19_990, 20_000, 20_001] {
            let focus = Span::new(start, (start + 5).min(line.end));
            let shown = window(&file, line, focus, 60);
            assert!(shown.len() <= 60 && shown.len() > 50, "{start} {shown:?}");
            assert!(shown.start <= focus.start && focus.end <= shown.end);
        }
        let all = window(&file, line, line, 60);
        assert_eq!(all, Span::new(0, 60));
    }
}

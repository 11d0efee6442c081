//! Text made fit for a terminal: safe, on one line where it must be, wrapped where it may be.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

pub(super) use crate::source::one_line;

use crate::source::{disarm, display_safe};

/// Columns that a tab takes at most.
pub(super) const TAB: usize = 4;

/// Columns of a character as a terminal draws it.
pub(super) fn char_width(c: char) -> usize {
    if c == '\t' {
        TAB
    } else {
        c.width().unwrap_or(0)
    }
}

/// Columns of `text`, which holds no escape sequence.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Whether `text` takes at most `columns`; looks no further than it must.
pub(super) fn fits(text: &str, columns: usize) -> bool {
    prefix_len(text, columns) == text.len()
}

/// Bytes that may stand for one column on average, lest combining marks pile up without end.
const BYTES_A_COLUMN: usize = 16;

/// Bytes of the longest start of `text` that takes at most `columns`.
pub(super) fn prefix_len(text: &str, columns: usize) -> usize {
    let mut used = 0;
    text.char_indices()
        .find(|&(at, c)| {
            used += char_width(c);
            used > columns || at >= columns * BYTES_A_COLUMN
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Bytes of the longest end of `text` that takes at most `columns`.
pub(super) fn suffix_len(text: &str, columns: usize) -> usize {
    let mut used = 0;
    text.char_indices()
        .rev()
        .find(|&(at, c)| {
            used += char_width(c);
            used > columns || text.len() - at > columns * BYTES_A_COLUMN
        })
        .map_or(text.len(), |(at, c)| text.len() - at - c.len_utf8())
}

/// `text`, or its start of at most `columns` with `ellipsis` behind it.
pub(super) fn clip<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    match text.get(..prefix_len(text, columns)) {
        Some(start) if start.len() < text.len() => Cow::Owned(format!("{start}{ellipsis}")),
        _ => Cow::Borrowed(text),
    }
}

/// `text`, which is safe and one line, broken at spaces into lines of at most `columns`.
/// A word that is longer stays whole, so that a path or an id can be copied.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let word_width = width(word);
        if used > 0 && used + 1 + word_width > columns {
            lines.push(line.trim_end().to_owned());
            line.clear();
            used = 0;
        } else if used > 0 || !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += word_width;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// As [`wrap`], with words that are longer broken too.
pub(super) fn wrap_hard(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrap(text, columns) {
        let mut rest = line.as_str();
        while let Some((start, end)) = rest
            .split_at_checked(prefix_len(rest, columns))
            .filter(|(start, end)| !start.is_empty() && !end.is_empty())
        {
            lines.push(start.trim_end().to_owned());
            rest = end;
        }
        lines.push(rest.to_owned());
    }
    lines
}

/// Safe, wrapped lines of a text of several lines, for printing behind an indent of `indent`
/// columns. A line that is indented (an example to copy) is kept as it is.
pub(super) fn paragraph(text: &str, indent: usize, columns: usize) -> Vec<String> {
    let safe = display_safe(text.trim_end());
    let columns = columns.saturating_sub(indent).max(20);
    let mut lines = Vec::new();
    for line in safe.lines() {
        let line = line.replace('\t', "  ");
        if line.starts_with(' ') {
            lines.push(line.trim_end().to_owned());
        } else {
            lines.extend(wrap(line.trim_end(), columns));
        }
    }
    for line in lines.iter_mut().skip(1) {
        disarm(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_forge_a_line() {
        assert_eq!(
            paragraph("see\n::error::x\n  ##[group]", 2, 80),
            ["see", "| ::error::x", "  #\u{FFFD}[group]"]
        );
        assert_eq!(
            paragraph(&format!("{} ::stop::", "x".repeat(30)), 2, 40),
            ["x".repeat(30), "| ::stop::".to_owned()]
        );
    }

    #[test]
    fn long_words_stay_whole_and_examples_keep_their_shape() {
        assert_eq!(
            paragraph(
                "shorten it to policies/privacy/retention-limit.yaml\n  retention: P2Y  # x",
                4,
                24
            ),
            [
                "shorten it to",
                "policies/privacy/retention-limit.yaml",
                "  retention: P2Y  # x"
            ]
        );
    }

    #[test]
    fn columns_are_those_of_the_terminal() {
        assert_eq!(width("a你\tb"), 8);
        assert_eq!(prefix_len("你好x", 4), 6);
        assert_eq!(prefix_len("你好x", 3), 3);
        assert_eq!(suffix_len("x你好", 3), 3);
        assert_eq!(suffix_len("x你好", 9), 7);
        assert_eq!(wrap_hard("ab你好 cd", 4), ["ab你", "好", "cd"]);
        assert_eq!(clip("ab你好", 4, "…"), "ab你…");
        assert_eq!(clip("ab你好", 6, "…"), "ab你好");
        assert!(fits("你好x", 5));
        assert!(!fits("你好x", 4));
        assert!(fits(&"e\u{301}".repeat(5), 5));
    }
}

//! Places inside a text that a policy file embeds: an expression or a message in a YAML scalar.
//!
//! An error speaks of bytes of the scalar's value. Where the value stands in the file as it is,
//! those bytes are a shift away; where YAML folds lines, strips indentation or unescapes, the value
//! is aligned with what was written. Where that cannot be done exactly, the whole scalar is the
//! place: never a wrong one.

use crate::source::{Location, Span};
use crate::value::NodeRef;

/// The place in the file of `span`, bytes of the string that `node` holds.
pub(crate) fn locate(node: NodeRef<'_>, span: Span) -> Location {
    let whole = first_line(node);
    let Some(value) = node.as_str() else {
        return whole;
    };
    let Some(offsets) = align(node.raw(), value) else {
        return whole;
    };
    let length = value.len();
    let start = (span.start as usize).min(length);
    let end = (span.end as usize).min(length);
    // An error at the end of the text, such as a missing operand, is shown on its last character.
    let (start, end) = match value.get(start..end) {
        Some(text) if !text.is_empty() => (start, end),
        _ => match value
            .get(..start)
            .and_then(|before| before.char_indices().last())
        {
            Some((last, c)) => (last, last + c.len_utf8()),
            None => return whole,
        },
    };
    let last = value
        .get(start..end)
        .and_then(|text| text.char_indices().last())
        .map_or(start, |(at, _)| start + at);
    let (Some(&(from, _)), Some(&(_, to))) = (offsets.get(start), offsets.get(last)) else {
        return whole;
    };
    let base = node.span().start;
    let file = node.source();
    let mut found = Span::new(base.saturating_add(from), base.saturating_add(to));
    // A label never spans lines: the rest of a long expression is clear from its beginning.
    if let Some(line_end) = file.slice(found).find('\n') {
        let written = file
            .slice(found)
            .get(..line_end)
            .unwrap_or_default()
            .trim_end();
        found = Span::new(found.start, found.start + len(written));
    }
    file.location(found)
}

/// Where a label about the whole scalar belongs: its first line with text, without quotes' folds.
pub(crate) fn first_line(node: NodeRef<'_>) -> Location {
    let raw = node.raw();
    let mut body = 0;
    if raw.starts_with(['|', '>']) {
        body = raw.find('\n').map_or(raw.len(), |at| at + 1);
    }
    let rest = raw.get(body..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start().len();
    let text = rest
        .trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end();
    if text.is_empty() {
        return node.address();
    }
    let start = node.span().start + u32::try_from(body + blank).unwrap_or(u32::MAX);
    node.source().location(Span::new(start, start + len(text)))
}

fn len(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// For each byte of `value`, the bytes of `raw` that wrote its character; `None` where the two
/// cannot be matched to the last character.
fn align(raw: &str, value: &str) -> Option<Vec<(u32, u32)>> {
    let mut written = match raw.as_bytes().first()? {
        b'"' => Written::new(raw, 1, Style::Double),
        b'\'' => Written::new(raw, 1, Style::Single),
        b'|' => Written::new(raw, raw.find('\n')? + 1, Style::Literal),
        b'>' => Written::new(raw, raw.find('\n')? + 1, Style::Folded),
        _ => Written::new(raw, 0, Style::Plain),
    };
    let mut offsets = Vec::with_capacity(value.len());
    for c in value.chars() {
        let (from, to) = written.take(c)?;
        for _ in 0..c.len_utf8() {
            offsets.push((u32::try_from(from).ok()?, u32::try_from(to).ok()?));
        }
    }
    written.at_end().then_some(offsets)
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

struct Written<'r> {
    raw: &'r str,
    at: usize,
    style: Style,
}

impl<'r> Written<'r> {
    fn new(raw: &'r str, at: usize, style: Style) -> Self {
        Self { raw, at, style }
    }

    fn rest(&self) -> &'r str {
        self.raw.get(self.at..).unwrap_or_default()
    }

    /// The range that wrote `c`, the next character of the value.
    fn take(&mut self, c: char) -> Option<(usize, usize)> {
        if self.in_block() && c == '\n' && self.rest().is_empty() {
            // The final line feed that clipping supplies.
            return Some((self.at, self.at));
        }
        if matches!(c, ' ' | '\t') && self.rest().starts_with(c) && !self.folds_here() {
            return Some(self.advance(c.len_utf8()));
        }
        if matches!(c, ' ' | '\n') {
            return self.take_break(c);
        }
        // Indentation and folds stand between the last character and this one.
        if self.in_block() && self.line_start() {
            self.skip_blank();
            // Of several line ends the fold leaves one less, so one may be left over.
            while self.style == Style::Folded && self.rest().starts_with(['\r', '\n']) {
                self.at += 1;
                self.skip_blank();
            }
        }
        let rest = self.rest();
        if self.style == Style::Single && c == '\'' {
            return rest.starts_with("''").then(|| self.advance(2));
        }
        if self.style == Style::Double && rest.starts_with('\\') {
            return self.take_escape(c);
        }
        rest.starts_with(c).then(|| self.advance(c.len_utf8()))
    }

    fn in_block(&self) -> bool {
        matches!(self.style, Style::Literal | Style::Folded)
    }

    fn advance(&mut self, by: usize) -> (usize, usize) {
        let from = self.at;
        self.at += by;
        (from, self.at)
    }

    fn line_start(&self) -> bool {
        let before = self.raw.get(..self.at).unwrap_or_default();
        before
            .rsplit_once('\n')
            .is_none_or(|(_, line)| line.trim().is_empty())
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// Whether the blanks from here on run into a line end, where YAML folds.
    fn folds_here(&self) -> bool {
        self.rest()
            .trim_start_matches([' ', '\t', '\r'])
            .starts_with('\n')
    }

    /// A blank or line feed of the value that a line end wrote.
    fn take_break(&mut self, c: char) -> Option<(usize, usize)> {
        let from = self.at;
        if self.style == Style::Double && self.rest().starts_with('\\') && !self.folds_here() {
            return self.take_escape(c);
        }
        self.skip_blank();
        if self.rest().starts_with('\r') {
            self.at += 1;
        }
        if !self.rest().starts_with('\n') {
            return None;
        }
        self.at += 1;
        let to = self.at;
        if c == ' ' {
            // The fold takes the next line's indentation with it.
            self.skip_blank();
        } else if self.in_block() {
            // Blank lines of the value follow, each as its own line end; text has its
            // indentation skipped when it comes.
        } else {
            // In flow scalars one line end more than there are line feeds in the value.
            let ahead = self.rest().trim_start_matches([' ', '\t', '\r']);
            if ahead.starts_with('\n') {
                let more = ahead.trim_start_matches([' ', '\t', '\r', '\n']);
                let breaks = ahead.len() - more.len();
                let lines = ahead
                    .get(..breaks)
                    .unwrap_or_default()
                    .matches('\n')
                    .count();
                if lines == 1 {
                    self.at = self.raw.len() - more.len();
                }
            }
        }
        Some((from, to))
    }

    fn take_escape(&mut self, c: char) -> Option<(usize, usize)> {
        let rest = self.rest();
        let mut chars = rest.chars().skip(1);
        let mark = chars.next()?;
        let digits = match mark {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let meant = if digits > 0 {
            let hex = rest.get(2..2 + digits)?;
            char::from_u32(u32::from_str_radix(hex, 16).ok()?)?
        } else {
            match mark {
                'n' => '\n',
                't' | '\t' => '\t',
                'r' => '\r',
                '0' => '\0',
                '"' | '\\' | '/' | ' ' => mark,
                // The rare escapes are not worth a table: the whole scalar is the place.
                _ => return None,
            }
        };
        (meant == c).then(|| self.advance(1 + mark.len_utf8() + digits))
    }

    /// Whether nothing but the closing mark and blanks is left.
    fn at_end(&self) -> bool {
        let rest = self.rest();
        match self.style {
            Style::Plain | Style::Literal | Style::Folded => rest.trim().is_empty(),
            Style::Single => rest == "'",
            Style::Double => rest == "\"",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(raw: &str, value: &str) -> Option<Vec<String>> {
        let offsets = align(raw, value)?;
        Some(
            value
                .char_indices()
                .map(|(at, _)| {
                    let (from, to) = offsets[at];
                    raw[from as usize..to as usize].to_owned()
                })
                .collect(),
        )
    }

    fn exact(raw: &str, value: &str) {
        let got = aligned(raw, value).unwrap_or_else(|| panic!("{raw:?} does not align"));
        for (c, text) in value.chars().zip(got) {
            if !c.is_whitespace() {
                assert!(
                    text == c.to_string() || text.len() > 1,
                    "{raw:?}: {c:?} is {text:?}"
                );
            }
        }
    }

    #[test]
    fn every_style_aligns() {
        exact("a == b", "a == b");
        exact("'a == ''b'' '", "a == 'b' ");
        exact(r#""a == \"é\" \\d \u00e9""#, "a == \"é\" \\d é");
        exact("a\n    && b", "a && b");
        exact("a  \n\n    && b", "a\n&& b");
        exact("'a\n\n\n  b'", "a\n\nb");
        exact("|\n    a\n      && b\n", "a\n  && b\n");
        exact(">-\n    a\n    && b\n", "a && b");
        exact("|\n  a\n\n  b", "a\n\nb\n");
        exact("|2\n  a", "a");
    }

    #[test]
    fn what_does_not_align_is_refused() {
        assert_eq!(align("*alias", "a == b"), None);
        assert_eq!(align("'a", "a"), None);
        assert_eq!(align("a b", "a"), None);
        assert_eq!(align("\"\\N\"", "\u{85}"), None);
    }

    fn read(text: &str) -> crate::value::Parsed {
        use crate::source::{FileId, SourceFile};
        use crate::value::{Limits, Syntax};
        let file = SourceFile::new(FileId(0), "a.yaml", text);
        crate::value::read(&file, Syntax::Yaml, &Limits::default())
    }

    /// Holds that a place is either that of its very character or the whole first line.
    fn sound(text: &str) {
        let parsed = read(text);
        let Some(node) = parsed.tree.root().and_then(|root| root.get("k")) else {
            return;
        };
        let Some(value) = node.as_str() else {
            return;
        };
        let whole = first_line(node);
        for (at, c) in value.char_indices() {
            let found = locate(node, Span::from_range(&(at..at + c.len_utf8())));
            let written = node.source().slice(found.span);
            let own = written.starts_with(c) || written.starts_with('\\') || written == "''";
            assert!(
                c.is_whitespace() || own || found == whole,
                "{c:?} at {at} of {value:?} is {written:?} in {text:?}"
            );
        }
    }

    #[test]
    fn places_in_files() {
        for (text, needle, line, column) in [
            ("k: doc.a && doc.b\n", "doc.b", 1, 13),
            ("k: 'doc.a != ''x'' && doc.b'\n", "doc.b", 1, 23),
            ("k: \"doc.a != \\\"x\\\" && doc.b\"\n", "doc.b", 1, 23),
            ("k: >-\n  doc.a &&\n  doc.b\n", "doc.b", 3, 3),
            ("k: |\n  doc.a &&\n    doc.b\n", "doc.b", 3, 5),
            ("k: doc.a &&\n    doc.b\n", "doc.b", 2, 5),
            ("k: >\n\n  doc.a\n\n  doc.b\n", "doc.b", 5, 3),
            ("k: >-\r\n  doc.a &&\r\n  doc.b\r\n", "doc.b", 3, 3),
            ("k: 'é\n  doc.b'\n", "doc.b", 2, 3),
        ] {
            let parsed = read(text);
            let node = parsed.tree.root().unwrap().get("k").unwrap();
            let at = node.as_str().unwrap().find(needle).unwrap();
            let found = locate(node, Span::from_range(&(at..at + needle.len())));
            let place = node.source().line_column(found.span.start);
            assert_eq!((place.line, place.column), (line, column), "{text:?}");
            assert_eq!(node.source().slice(found.span), needle);
            sound(text);
        }
        // An alias has no text of its own: the alias is the place.
        let parsed = read("a: &x doc.b\nk: *x\n");
        let node = parsed.tree.root().unwrap().get("k").unwrap();
        let found = locate(node, Span::new(0, 3));
        assert_eq!(node.source().slice(found.span), "*x");
    }

    proptest::proptest! {
        #[test]
        fn a_place_is_never_a_wrong_one(
            style in 0..7_usize,
            text in "[a-c \"'\\\\é:\n\t]{0,24}",
        ) {
            let indented = text.replace('\n', "\n  ");
            let written = match style {
                0 => format!("k: {indented}\n"),
                1 => format!("k: '{}'\n", indented.replace('\'', "''")),
                2 => format!("k: \"{}\"\n", indented.replace('"', "\\\"")),
                3 => format!("k: |\n  {indented}\n"),
                4 => format!("k: >\n  {indented}\n"),
                5 => format!("k: >-\n  {indented}\n\nz: 1\n"),
                _ => format!("k: |+2\n  {indented}\n\n"),
            };
            sound(&written);
        }
    }
}

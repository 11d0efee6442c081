//! Where the front matter of a Markdown file is.

use crate::source::Span;

/// What fences the front matter says how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fence {
    /// `---`
    Yaml,
    /// `+++`
    Toml,
}

/// What was found at the beginning of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrontMatter {
    None,
    Found {
        fence: Fence,
        opening: Span,
        /// What stands between the fences.
        content: Span,
        /// Where the text begins.
        body: usize,
    },
    /// There is an opening fence, but no closing one.
    Unclosed {
        opening: Span,
        body: usize,
    },
    /// Something that looks like front matter comes after blank lines.
    NotFirst {
        opening: Span,
    },
}

/// Looks for front matter from byte `start`, which is behind a byte order mark.
pub(super) fn find(text: &str, start: usize) -> FrontMatter {
    let mut lines = Lines { text, at: start };
    let Some((at, line)) = lines.next() else {
        return FrontMatter::None;
    };
    let Some(fence) = fence(line) else {
        return not_first(text, start);
    };
    let opening = Span::from_range(&(at..at + line.trim_end().len()));
    let content = lines.at;
    while let Some((at, line)) = lines.next() {
        if self::fence(line) == Some(fence) {
            return FrontMatter::Found {
                fence,
                opening,
                content: Span::from_range(&(content..at)),
                body: lines.at,
            };
        }
    }
    FrontMatter::Unclosed {
        opening,
        body: content,
    }
}

fn not_first(text: &str, start: usize) -> FrontMatter {
    let rest = text.get(start..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start().len();
    let line_start = rest
        .get(..blank)
        .and_then(|blank| blank.rfind('\n'))
        .map_or(0, |at| at + 1);
    if line_start == 0 {
        return FrontMatter::None;
    }
    let found = find_fenced(text, start + line_start);
    match found {
        // A rule between paragraphs looks the same, but for the key.
        Some((opening, content)) if begins_with_key(text, content) => {
            FrontMatter::NotFirst { opening }
        }
        _ => FrontMatter::None,
    }
}

fn find_fenced(text: &str, start: usize) -> Option<(Span, Span)> {
    let mut lines = Lines { text, at: start };
    let (at, line) = lines.next()?;
    let fence = fence(line)?;
    let opening = Span::from_range(&(at..at + line.trim_end().len()));
    let content = lines.at;
    for (at, line) in lines {
        if self::fence(line) == Some(fence) {
            return Some((opening, Span::from_range(&(content..at))));
        }
    }
    None
}

fn begins_with_key(text: &str, content: Span) -> bool {
    let line = text.get(content.range()).unwrap_or_default();
    let key = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    key.len() < line.len() && key.trim_start_matches(' ').starts_with([':', '='])
}

fn fence(line: &str) -> Option<Fence> {
    match line.trim_end() {
        "---" => Some(Fence::Yaml),
        "+++" => Some(Fence::Toml),
        _ => None,
    }
}

/// Lines with their line ends, and where they begin.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        let len = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let at = self.at;
        self.at += len;
        Some((at, rest.get(..len)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Option<(Fence, &str, &str)> {
        match find(text, crate::value::decode::bom_len(text)) {
            FrontMatter::Found {
                fence,
                content,
                body,
                ..
            } => Some((fence, &text[content.range()], &text[body..])),
            _ => None,
        }
    }

    #[test]
    fn fences_enclose_front_matter() {
        assert_eq!(
            content("---\na: 1\n---\n# T\n"),
            Some((Fence::Yaml, "a: 1\n", "# T\n"))
        );
        assert_eq!(
            content("\u{FEFF}---  \r\na: é\r\n---\r\nx"),
            Some((Fence::Yaml, "a: é\r\n", "x"))
        );
        assert_eq!(
            content("+++\na = 1\n+++"),
            Some((Fence::Toml, "a = 1\n", ""))
        );
        assert_eq!(content("---\n---\n"), Some((Fence::Yaml, "", "")));
        assert_eq!(content("# T\n---\na: 1\n---\n"), None);
        assert_eq!(content("---- \na: 1\n----\n"), None);
        assert_eq!(content(""), None);
    }

    #[test]
    fn what_is_not_closed_or_not_first_is_seen() {
        assert!(matches!(
            find("---\na: 1\n", 0),
            FrontMatter::Unclosed { body: 4, .. }
        ));
        assert!(matches!(
            find("\n \n---\nkind: x\n---\n", 0),
            FrontMatter::NotFirst {
                opening: Span { start: 3, end: 6 }
            }
        ));
        assert_eq!(find("\n---\nSome text.\n\n---\n", 0), FrontMatter::None);
        assert_eq!(find("\n\ntext", 0), FrontMatter::None);
    }
}

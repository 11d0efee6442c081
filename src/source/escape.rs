//! Text put into other languages, by their own rules.

use std::fmt::Write as _;

use super::display::{display_safe, is_unsafe_to_display};

/// JSON in which what must not be shown raw is escaped. Outside of strings JSON holds no such
/// character but the line ends that a serialiser put there, and inside of strings those are escaped
/// already.
pub fn json_safe(json: String) -> String {
    if !json.chars().any(is_unsafe_to_display) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if is_unsafe_to_display(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Plain text within a line of Markdown (`CommonMark` and GitHub's tables): it reads as it is, and
/// neither makes markup nor ends a cell.
pub fn markdown_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in display_safe(text).chars() {
        match c {
            '\n' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A code span that shows `text`, also within a table.
pub fn markdown_code(text: &str) -> String {
    let text = display_safe(text)
        .replace(['\n', '\t'], " ")
        .replace('|', "\\|");
    let text = if text.trim().is_empty() {
        "\u{A0}".to_owned()
    } else {
        text
    };
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_meaning_and_shows_nothing_raw() {
        let json = serde_json::to_string("a\u{202E}b\u{E0041}é\n").unwrap();
        let safe = json_safe(json);
        assert!(!safe.chars().any(is_unsafe_to_display), "{safe}");
        let back: String = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, "a\u{202E}b\u{E0041}é\n");
    }

    /// The text that a reader of the Markdown sees.
    fn seen(markdown: &str) -> Vec<String> {
        use pulldown_cmark::{Event, Options, Parser};
        let table = format!("| a | b |\n| --- | --- |\n| {markdown} | end |\n");
        let mut cells = Vec::new();
        let mut cell = String::new();
        for event in Parser::new_ext(&table, Options::all()) {
            match event {
                Event::Text(text) | Event::Code(text) => cell.push_str(&text),
                Event::End(pulldown_cmark::TagEnd::TableCell) => {
                    cells.push(std::mem::take(&mut cell));
                }
                Event::Start(tag) => assert!(
                    matches!(
                        tag,
                        pulldown_cmark::Tag::Table(_)
                            | pulldown_cmark::Tag::TableHead
                            | pulldown_cmark::Tag::TableRow
                            | pulldown_cmark::Tag::TableCell
                    ),
                    "{tag:?} out of {markdown}"
                ),
                Event::End(_) => {}
                other => panic!("{other:?} out of {markdown}"),
            }
        }
        cells
    }

    #[test]
    fn markdown_shows_text_as_it_is() {
        for text in [
            "plain",
            "a|b",
            "*bold* _it_ ~~gone~~ `code` ``two``",
            "<b>&amp;</b> [a](javascript:x) ![i](u)",
            "# title",
            "`",
            "a`",
            "back\\slash \\| $x$",
            "[^1] [ ] - 1.",
        ] {
            assert_eq!(seen(&markdown_text(text))[2..], [text, "end"], "text");
            assert_eq!(seen(&markdown_code(text))[2..], [text, "end"], "code");
        }
    }
}

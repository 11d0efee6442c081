//! Text put into other languages, by their own rules.

use std::fmt::Write as _;

use super::display::{begins_command, display_safe, is_unsafe_to_display};

/// JSON in which what must not be shown raw is escaped, commands to build runners as well. Outside
/// of strings JSON holds no such character but the line ends that a serialiser put there, and inside
/// of strings those are escaped already.
pub fn json_safe(json: String) -> String {
    if !json.chars().any(is_unsafe_to_display) && !json.contains("##") {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 64);
    for (at, c) in json.char_indices() {
        if is_unsafe_to_display(c) || begins_command(&json, at) {
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
        push_escaped(&mut escaped, c);
    }
    escaped
}

/// As [`markdown_text`], for what a document says: it calls for nobody and links nowhere, either.
///
/// Forges look for mentions, references and addresses in what Markdown comes to, so escaping does
/// not keep them from it; a space without width behind the first character does.
pub fn markdown_inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let text = display_safe(text);
    for (at, c) in text.char_indices() {
        push_escaped(&mut inert, c);
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let begins = match c {
            '@' | '#' => begins_word(rest),
            ':' => rest.starts_with("//"),
            'w' | 'W' => is_www(rest),
            _ => false,
        };
        if begins {
            inert.push_str("&#8203;");
        }
    }
    inert
}

fn push_escaped(escaped: &mut String, c: char) {
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

fn begins_word(rest: &str) -> bool {
    rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
}

/// Whether `www.` goes on behind its first letter.
fn is_www(rest: &str) -> bool {
    rest.get(..3)
        .is_some_and(|next| next.eq_ignore_ascii_case("ww."))
}

/// A sentence of ours as Markdown: what it quotes by backticks is code, all else is
/// [inert text](markdown_inert).
pub fn markdown_prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (quoted, after))) = rest
        .split_once('`')
        .and_then(|(before, behind)| Some((before, behind.split_once('`')?)))
    {
        prose.push_str(&markdown_inert(before));
        if quoted.is_empty() {
            prose.push_str("\\`\\`");
        } else {
            prose.push_str(&markdown_code(quoted));
        }
        rest = after;
    }
    prose.push_str(&markdown_inert(rest));
    prose
}

/// A path as the path of a relative URI (RFC 3986): `/` stays, and letters, digits, `-._~`; all
/// other bytes are percent-encoded, so that no part of it is a scheme, a query or a fragment.
pub fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
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
        let text = "a\u{202E}b\u{E0041}é\n##[error]";
        let safe = json_safe(serde_json::to_string(text).unwrap());
        assert!(!safe.chars().any(is_unsafe_to_display), "{safe}");
        assert!(!safe.contains("##["), "{safe}");
        let back: String = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, text);
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
    fn markdown_calls_for_nobody_and_links_nowhere() {
        for (text, escaped) in [
            ("@here", "@&#8203;here"),
            ("#12", "\\#&#8203;12"),
            ("https://x.org", "https:&#8203;//x.org"),
            ("WWW.x.org", "W&#8203;WW.x.org"),
            ("a@b.org", "a@&#8203;b.org"),
        ] {
            assert_eq!(markdown_inert(text), escaped);
            assert_eq!(seen(escaped)[2].replace('\u{200B}', ""), text);
        }
    }

    #[test]
    fn what_a_sentence_quotes_is_code() {
        for (text, prose) in [
            ("`a` is *b*", "`a` is \\*b\\*"),
            ("a ` b", "a \\` b"),
            ("`` and `@x`", "\\`\\` and `@x`"),
            ("`a```b`", "`a`\\`\\`b\\`"),
        ] {
            assert_eq!(markdown_prose(text), prose);
        }
    }

    #[test]
    fn a_path_is_no_more_than_a_path_in_a_uri() {
        assert_eq!(
            uri_path("a b/é#?%:x.yaml"),
            "a%20b/%C3%A9%23%3F%25%3Ax.yaml"
        );
    }

    #[test]
    fn markdown_shows_text_as_it_is() {
        for text in [
            "plain",
            "a@ b # c: /d www w.",
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

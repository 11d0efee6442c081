//! Text as Markdown that says the same and nothing else.

use std::fmt::Write as _;

use crate::source::{display_safe, markdown_text};

/// A text of a policy as one line of Markdown. What it has between backticks is code; everything
/// else means itself.
pub(super) fn prose(text: &str) -> String {
    line(text, code_span)
}

/// As [`prose`], for a cell of a table.
pub(super) fn cell(text: &str) -> String {
    line(text, code_cell)
}

fn line(text: &str, as_code: fn(&str) -> String) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((code, after)) = behind.split_once('`').filter(|(code, _)| !code.is_empty())
        else {
            break;
        };
        out.push_str(&markdown_text(before));
        out.push_str(&as_code(code));
        rest = after;
    }
    out.push_str(&markdown_text(rest));
    at_line_start(out)
}

/// Code within a line.
pub(super) fn code_span(code: &str) -> String {
    let code = display_safe(code);
    let ticks = "`".repeat(longest_run(&code, '`') + 1);
    let pad = if code.starts_with(['`', ' ']) || code.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    let code = code.replace('\n', " ");
    format!("{ticks}{pad}{code}{pad}{ticks}")
}

/// Code within a cell of a table, where a bar ends the cell even in code, and a backslash before it
/// is read as hiding it.
pub(super) fn code_cell(code: &str) -> String {
    if !(code.contains('|') && code.contains('\\')) {
        return code_span(code).replace('|', "\\|");
    }
    let mut html = String::from("<code>");
    for c in display_safe(code).chars() {
        if c.is_ascii_punctuation() {
            // Writing to a string cannot fail.
            let _ = write!(html, "&#{};", u32::from(c));
        } else {
            html.push(c);
        }
    }
    html + "</code>"
}

/// A block of code.
pub(super) fn code_block(language: &str, code: &str) -> String {
    let code = display_safe(code);
    let fence = "`".repeat((longest_run(&code, '`') + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}", code.trim_end())
}

/// A link to a page or an address.
pub(super) fn link(text: &str, target: &str) -> String {
    let mut address = String::with_capacity(target.len());
    for c in target.chars() {
        match c {
            '(' | ')' | '<' | '>' | '|' | '\\' | '`' | ' ' => {
                let _ = write!(address, "%{:02X}", u32::from(c));
            }
            c => address.push(c),
        }
    }
    format!("[{text}]({address})")
}

/// The anchor that hosting services give a heading.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Hides what would mean something at the beginning of a line: a heading, a list, a rule.
fn at_line_start(mut line: String) -> String {
    if line.starts_with(['-', '+', '=', ':']) {
        line.insert(0, '\\');
        return line;
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0
        && line
            .get(digits..)
            .is_some_and(|rest| rest.starts_with(['.', ')']))
    {
        line.insert(digits, '\\');
    }
    line
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// What hosting services understand.
    const DIALECT: Options = Options::ENABLE_TABLES
        .union(Options::ENABLE_FOOTNOTES)
        .union(Options::ENABLE_STRIKETHROUGH)
        .union(Options::ENABLE_TASKLISTS)
        .union(Options::ENABLE_MATH)
        .union(Options::ENABLE_GFM)
        .union(Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);

    /// What a reader sees, and the pieces of code in it; text that has become anything else is refused.
    fn read(markdown: &str) -> (String, Vec<String>) {
        let mut seen = String::new();
        let mut code = Vec::new();
        for event in Parser::new_ext(markdown, DIALECT) {
            match event {
                Event::Text(text) => seen.push_str(&text),
                Event::Code(text) => {
                    seen.push_str(&text);
                    code.push(text.to_string());
                }
                Event::Start(
                    Tag::Paragraph
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow
                    | Tag::TableCell,
                )
                | Event::End(_) => {}
                Event::InlineHtml(html) if matches!(&*html, "<code>" | "</code>") => {}
                other => panic!("{markdown:?}: {other:?}"),
            }
        }
        (seen, code)
    }

    fn plain(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn text_means_itself_and_code_is_code() {
        for (text, markdown) in [
            ("a `b|c` d", "a `b|c` d"),
            ("2 * 3 * 4", r"2 \* 3 \* 4"),
            ("risk_tier and _x_", r"risk\_tier and \_x\_"),
            (
                "<b>[x](y)</b> & co",
                r"&lt;b&gt;\[x\](y)&lt;/b&gt; &amp; co",
            ),
            ("1. April", r"1\. April"),
            ("# no heading", r"\# no heading"),
            ("an odd ` tick", r"an odd \` tick"),
        ] {
            assert_eq!(prose(text), markdown);
        }
        assert_eq!(
            read(&prose("`a*b*` *c*")),
            ("a*b* *c*".into(), vec!["a*b*".into()])
        );
        assert_eq!(cell("a | `b|c`"), r"a \| `b\|c`");
    }

    #[test]
    fn code_may_hold_what_ends_code() {
        assert_eq!(code_span("a`b"), "``a`b``");
        assert_eq!(code_span("`a`"), "`` `a` ``");
        assert_eq!(code_block("yaml", "x: ```\n"), "````yaml\nx: ```\n````");
        assert_eq!(code_block("cel", "x\n\n"), "```cel\nx\n```");
    }

    #[test]
    fn anchors_are_those_of_hosting_services() {
        assert_eq!(
            anchor("`gdpr:5(1)(e)` Storage limitation"),
            "gdpr51e-storage-limitation"
        );
        assert_eq!(anchor("A.5.2 risk_tier"), "a52-risk_tier");
    }

    // Two `#` may begin a command to a build runner, which is broken: see `display_safe`.
    proptest! {
        #[test]
        fn no_text_turns_into_markup(text in "[ -~äß\n]{0,40}") {
            prop_assume!(!text.contains("##"));
            // Behind a word, so that an empty text leaves a paragraph.
            let text = format!("x {}", text.replace('`', "'"));
            prop_assert_eq!(read(&prose(&text)).0, plain(&text));
        }

        #[test]
        fn no_text_turns_into_markup_at_the_beginning(text in "[ -~]{0,12}") {
            prop_assume!(!text.contains("##"));
            let text = text.replace('`', "'");
            prop_assert_eq!(read(&prose(&text)).0, plain(&text));
        }

        #[test]
        fn no_text_leaves_its_cell(text in "[ -~äß\n]{0,40}") {
            prop_assume!(!text.contains("##"));
            let text = text.replace('`', "'");
            let table = format!("|a|b|\n|---|---|\n| {} | end |\n", cell(&text));
            prop_assert_eq!(read(&table).0, format!("ab{}end", plain(&text)), "{}", table);
        }

        #[test]
        fn no_code_leaves_its_cell(code in "[a|`*&\\\\]{1,8}") {
            let table = format!("|a|b|\n|---|---|\n| {} | end |\n", code_cell(&code));
            prop_assert_eq!(read(&table).0, format!("ab{}end", code), "{}", table);
        }

        #[test]
        fn code_is_shown_to_the_letter(code in "[ -~]{1,30}") {
            prop_assume!(!code.trim().is_empty() && !code.contains("##"));
            let (_, found) = read(&format!("x {} y", code_span(&code)));
            prop_assert_eq!(found, vec![code]);
        }
    }
}

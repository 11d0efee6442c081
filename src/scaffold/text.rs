//! From fields to YAML.

use std::fmt::Write as _;

use super::outline::{Content, Field, Outline};
use crate::source::display_safe;

/// Columns up to which comments are wrapped.
const WIDTH: usize = 98;

/// Which fields explain themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    /// Every one.
    Each,
    /// None: what stands in a comment itself is short.
    None,
}

/// The YAML of a new document; `path` is where it will lie.
pub fn document(outline: &Outline, path: Option<&str>) -> String {
    let mut text = String::new();
    let place = path.unwrap_or("FILE");
    comment(
        &mut text,
        "",
        &format!(
            "{}. Fill it in from top to bottom, and take out what does not apply. `launchgate check \
             {place}` names every blank by its line, and what the policies ask for beyond them.",
            outline.title
        ),
    );
    put(&mut text, &outline.asked);
    if !outline.optional.is_empty() {
        text.push('\n');
        comment(
            &mut text,
            "",
            &format!(
                "What follows is asked of some only. Take the `# ` away from what applies to this one; \
                 `launchgate schema {}` has every field.",
                outline.kind
            ),
        );
        for field in &outline.optional {
            text.push('\n');
            comment(&mut text, "", &field.description);
            let mut lines = String::new();
            write(
                &mut lines,
                std::slice::from_ref(field),
                0,
                Comments::None,
                false,
            );
            for line in lines.lines() {
                let _ = writeln!(text, "# {line}");
            }
        }
    }
    text
}

/// Fields of the outermost level, each a paragraph.
pub(super) fn put(text: &mut String, fields: &[Field]) {
    for field in fields {
        text.push('\n');
        write(text, std::slice::from_ref(field), 0, Comments::Each, false);
    }
}

/// Writes fields at a depth; `element` where they are the element of a list, whose first key stands
/// behind a hyphen.
fn write(text: &mut String, fields: &[Field], depth: usize, comments: Comments, element: bool) {
    for (number, field) in fields.iter().enumerate() {
        let hyphen = element && number == 0;
        let margin = "  ".repeat(if hyphen { depth - 1 } else { depth });
        explain(text, &margin, field, comments);
        let lead = if hyphen { "- " } else { "" };
        let _ = write!(text, "{margin}{lead}{}:", plain(&field.key));
        if let Content::Value(value) = &field.content {
            let _ = write!(text, " {}", plain(value));
        }
        text.push('\n');
        match &field.content {
            Content::Blank | Content::Value(_) => {}
            Content::Mapping(fields) => write(text, fields, depth + 1, comments, false),
            Content::List(fields) => write(text, fields, depth + 2, comments, true),
        }
    }
}

fn explain(text: &mut String, indent: &str, field: &Field, comments: Comments) {
    if comments == Comments::None {
        return;
    }
    if !field.description.is_empty() {
        comment(text, indent, &field.description);
    }
    if let Some(hint) = &field.hint {
        comment(text, indent, hint);
    }
}

/// A comment, wrapped.
pub(super) fn comment(text: &mut String, indent: &str, words: &str) {
    let mut line = format!("{indent}#");
    let start = line.len();
    for word in display_safe(words).split_whitespace() {
        if line.len() > start && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line.truncate(start);
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// A string as YAML writes it, in quotes where it needs them.
pub(super) fn plain(value: &str) -> String {
    let written = serde_yaml::to_string(value).unwrap_or_default();
    written.trim_end().to_owned()
}

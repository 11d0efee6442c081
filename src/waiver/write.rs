//! Entries as text: new ones go behind what is there, of which not a byte changes.

use std::fmt::Write as _;
use std::sync::Arc;

use super::entry::{Entry, Target};
use super::file::parse;
use crate::source::{FileId, SourceFile, json_safe, one_line};
use crate::value::{self, Limits, Syntax};

/// What a new file of waivers begins with.
const HEAD: &str = "# Findings that somebody answers for until a day. `launchgate waivers` lists them with the days left.\n\
                    # `launchgate schema waivers` says what may stand here.\n";

/// A file of waivers, `None` where there is none yet, with one more entry; `about` stands above it as
/// comments.
///
/// # Errors
/// Why nothing can be put behind what is there, in a sentence without its final period.
pub fn append(existing: Option<&str>, entry: &Entry, about: &[String]) -> Result<String, String> {
    let Some(existing) = existing else {
        let text = format!("{HEAD}\n{}", entry_text(entry, about, "", "\n"));
        return Ok(text);
    };
    let source = |text: &str| SourceFile::new(FileId(0), super::FILE, text);
    let before = source(existing);
    let known = parse(&before).map_err(|_| "the file is broken; mend it first".to_owned())?;
    let line_end = if existing.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let indent = indentation(&before)?;
    let mut text = existing.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    if !known.is_empty() {
        text.push_str(line_end);
    }
    text.push_str(&entry_text(entry, about, &indent, line_end));
    // Whatever the layout of the file: what stood there still does, and one entry more.
    let after = parse(&source(&text)).unwrap_or_default();
    let said = |entry: &Entry| (entry.rule.clone(), entry.target.clone(), entry.expires);
    let wanted = known.iter().chain([entry]).map(said);
    if after.iter().map(said).eq(wanted) {
        Ok(text)
    } else {
        Err(
            "the file is laid out so that nothing can be put behind it; add the entry by hand"
                .to_owned(),
        )
    }
}

/// The blanks before the `-` of the list that is there.
fn indentation(source: &Arc<SourceFile>) -> Result<String, String> {
    let parsed = value::read(source, Syntax::Yaml, &Limits::default());
    let first = parsed.tree.root().and_then(|root| root.item(0));
    let Some(first) = first else {
        return Ok(String::new());
    };
    let line = source.line_column(first.location().span.start).line;
    let text = source
        .line_span(line)
        .map(|line| source.slice(line))
        .unwrap_or_default();
    let blanks = text.len() - text.trim_start_matches(' ').len();
    if text.trim_start_matches(' ').starts_with('-') {
        Ok(" ".repeat(blanks))
    } else {
        Err("the file is no list of lines that begin with `-`; add the entry by hand".to_owned())
    }
}

/// The entry as YAML.
pub fn entry_text(entry: &Entry, about: &[String], indent: &str, line_end: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for line in about {
        let _ = write!(out, "{indent}# {}{line_end}", one_line(line));
    }
    let mut first = true;
    let mut row = |key: &str, value: &str| {
        let mark = if std::mem::take(&mut first) {
            "- "
        } else {
            "  "
        };
        let _ = write!(out, "{indent}{mark}{key}: {value}{line_end}");
    };
    row("rule", &scalar(&entry.rule));
    if let Target::Key {
        document,
        kind,
        key,
        fingerprint,
    } = &entry.target
    {
        row("document", &scalar(document));
        if let Some(kind) = kind {
            row("kind", &scalar(kind));
        }
        if !key.is_empty() {
            row("key", &scalar(key));
        }
        if let Some(fingerprint) = fingerprint {
            // Digits alone would be read as a number.
            row("fingerprint", &format!("\"{fingerprint}\""));
        }
    }
    row("reason", &scalar(&entry.reason));
    let people = [
        ("owner", &entry.owner),
        ("approver", &entry.approver),
        ("link", &entry.link),
    ];
    for (key, text) in people {
        if let Some(text) = text {
            row(key, &scalar(text));
        }
    }
    if let Some(granted) = entry.granted {
        row("granted", &granted.to_string());
    }
    row("expires", &entry.expires.to_string());
    out
}

/// A text as YAML reads it back: plain where no reader could take it for something else, in double
/// quotes with escapes otherwise.
pub(super) fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_/.@-".contains(c);
    let word = text.chars().all(plain)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    if word {
        return text.to_owned();
    }
    // Double quotes of YAML take every escape of JSON.
    json_safe(serde_json::to_string(text).unwrap_or_default())
}

#[cfg(test)]
mod tests;

//! The edits, written as hunks of a diff without line numbers:
//!
//! ```text
//! # A remark.
//! --- instant-credit.md
//! @@ privacy/retention-limit @@ an application form is kept for ten years
//! -    retention: P2Y
//! +    retention: P10Y
//!      retention_starts: the decision on the application
//! ```
//!
//! The lines that begin with a space stay, and make the text that is looked for unique. `⇥` is a
//! tab. A hunk ends at an empty line, and `---` holds for those that follow.
//!
//! An edit of a piece of evidence names the field of a document at which the finding stands:
//! `@@ rule @@ what the edit does @@ security.scans[0].path`. The digests that documents state
//! follow such an edit, as those of somebody would who has only copied them.

use std::fmt;
use std::ops::Range;

use launchgate::value::Pointer;

/// One edit and the rule that has to speak.
#[derive(Clone)]
pub(crate) struct Hunk {
    /// The rule, or the check of the text or the schema.
    pub(crate) rule: String,
    /// What the edit does, in words.
    name: String,
    /// The file of the example.
    pub(crate) file: String,
    /// The field of a document at which the finding stands; of edits of evidence.
    pub(crate) field: Option<Pointer>,
    /// The lines that stand in it exactly once.
    find: String,
    /// What is put in its place.
    put: String,
    /// The bytes of `find` that are taken out.
    pub(crate) removed: Range<usize>,
    /// The bytes of `put` that are new.
    pub(crate) added: Range<usize>,
    /// Where it was read.
    origin: String,
}

impl fmt::Display for Hunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            origin, rule, name, ..
        } = self;
        write!(f, "{origin}: {rule}: {name}")
    }
}

/// The hunks of a file.
pub(crate) fn parse(path: &str, text: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut file = "";
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        let origin = format!("{path}:{number}");
        if let Some(name) = line.strip_prefix("--- ") {
            file = name;
            open = false;
        } else if let Some(header) = line.strip_prefix("@@ ") {
            let Some((rule, name)) = header.split_once(" @@ ") else {
                panic!("{origin}: wanted `@@ rule @@ what the edit does`");
            };
            let (name, field) = match name.split_once(" @@ ") {
                Some((name, field)) => (name, Some(field.parse().unwrap())),
                None => (name, None),
            };
            hunks.push(Hunk {
                rule: rule.to_owned(),
                field,
                name: name.to_owned(),
                file: file.to_owned(),
                find: String::new(),
                put: String::new(),
                removed: 0..0,
                added: 0..0,
                origin,
            });
            open = true;
        } else if line.is_empty() {
            open = false;
        } else if open {
            let last = hunks.len() - 1;
            hunks[last].line(line, &origin);
        } else {
            assert!(line.starts_with('#'), "{origin}: outside of a hunk: {line}");
        }
    }
    hunks
}

impl Hunk {
    /// Where what it looks for begins in a text: at the beginning of lines.
    pub(crate) fn places(&self, text: &str) -> Vec<usize> {
        let places = text.match_indices(&self.find).map(|(at, _)| at);
        let begins = |at: &usize| *at == 0 || text[..*at].ends_with('\n');
        places.filter(begins).collect()
    }

    /// The text with what it looks for at a place exchanged.
    pub(crate) fn edit(&self, text: &str, at: usize) -> String {
        let (before, rest) = text.split_at(at);
        format!("{before}{}{}", self.put, &rest[self.find.len()..])
    }

    fn line(&mut self, line: &str, origin: &str) {
        let text = format!("{}\n", &line[1..]).replace('⇥', "\t");
        let (in_find, in_put) = match line.as_bytes()[0] {
            b' ' => (true, true),
            b'-' => (true, false),
            b'+' => (false, true),
            _ => panic!("{origin}: neither kept, removed nor added: {line}"),
        };
        let at = (self.find.len(), self.put.len());
        if in_find {
            self.find += &text;
        }
        if in_put {
            self.put += &text;
        }
        let end = (self.find.len(), self.put.len());
        if in_find && in_put {
            return;
        }
        if self.removed.is_empty() && self.added.is_empty() {
            self.removed = at.0..at.0;
            self.added = at.1..at.1;
        }
        let whole = self.removed.end == at.0 && self.added.end == at.1;
        assert!(whole, "{origin}: an edit is in one place");
        self.removed.end = end.0;
        self.added.end = end.1;
    }
}

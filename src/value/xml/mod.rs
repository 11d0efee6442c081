//! Reads XML as a tree, by the events of `quick-xml`.
//!
//! The root is a mapping with one key, the name of the root element. An element is
//!
//! - a text, if it holds nothing but text and has no attributes: without the white space around it,
//! - null, if it is empty and has no attributes,
//! - else a mapping: its attributes as `@name`, its elements by their names, its own text as `#text`.
//!
//! Elements of one name in one parent are a list, wherever in it they stand; one alone is no list,
//! since nothing in the file says that it could be several. An element in the namespace of the root
//! goes by its local name, whatever the prefix; one of another namespace keeps its prefix.
//!
//! A DOCTYPE and entities other than the five of XML are refused: what they stand for lies in
//! other files or grows without end. All values are texts.

mod element;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::Limits;
use super::builder::{BuildError, TreeBuilder};
use super::decode::bom_len;
use super::problem::{Problems, Stop};
use super::tree::Tree;
use crate::source::{SourceFile, Span};
use element::{Attribute, Element};

/// Reads a file of XML. Blank text has no root.
pub(super) fn read(source: &Arc<SourceFile>, limits: &Limits, problems: &mut Problems) -> Tree {
    let mut builder = TreeBuilder::new(Arc::clone(source), limits);
    let text = source.text();
    let base = bom_len(text);
    let mut reader = Reader {
        text,
        base,
        events: NsReader::from_str(text.get(base..).unwrap_or_default()),
        limits,
        problems,
        comments: Vec::new(),
        elements: Vec::new(),
        open: Vec::new(),
        nodes: 0,
        namespace: None,
    };
    // What there is to say is among the problems.
    let stopped = reader.document().is_err();
    let Reader {
        elements, comments, ..
    } = reader;
    for comment in comments {
        builder.comment(comment);
    }
    // Of a text that could not be read to its end that is enough to say.
    let mut silent = Problems::new(source);
    let problems = if stopped { &mut silent } else { problems };
    let _ = element::build(&elements, &mut builder, problems);
    builder.finish()
}

struct Reader<'s, 'p> {
    text: &'s str,
    /// Bytes before the text that `events` reads.
    base: usize,
    events: NsReader<&'s [u8]>,
    limits: &'p Limits,
    problems: &'p mut Problems,
    comments: Vec<Span>,
    elements: Vec<Element<'s>>,
    /// The elements that are not closed, by their numbers.
    open: Vec<usize>,
    nodes: usize,
    /// That of the root, once it is known.
    namespace: Option<String>,
}

impl<'s> Reader<'s, '_> {
    fn document(&mut self) -> Result<(), Stop> {
        self.characters()?;
        let config = self.events.config_mut();
        config.check_comments = true;
        loop {
            let start = self.position();
            let (home, event) = match self.events.read_resolved_event() {
                Ok((home, event)) => (self::home(&home), event),
                Err(error) => return Err(self.unreadable(&error)),
            };
            let span = Span::from_range(&(start..self.position()));
            match event {
                Event::Start(tag) => self.begin(&tag, &home, span)?,
                Event::Empty(tag) => {
                    self.begin(&tag, &home, span)?;
                    self.end(span);
                }
                Event::End(_) => self.end(span),
                Event::Text(text) => self.put(text.xml10_content(), span)?,
                Event::CData(text) => self.put(text.xml10_content(), span)?,
                Event::GeneralRef(name) => {
                    let text = self.entity(&name.into_inner(), span)?;
                    self.put(Cow::Owned(text.to_string()), span)?;
                }
                Event::Comment(_) => self.comments.push(span),
                Event::Decl(declared) => {
                    let encoding = declared.encoding().and_then(Result::ok);
                    self.encoding(encoding.as_deref(), span)?;
                }
                Event::PI(_) => {}
                Event::DocType(_) => return Err(self.doctype(span)),
                Event::Eof => break,
            }
        }
        self.whole()
    }

    fn position(&self) -> usize {
        let read = usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX);
        self.base.saturating_add(read).min(self.text.len())
    }

    fn begin(&mut self, tag: &BytesStart<'s>, home: &str, span: Span) -> Result<(), Stop> {
        if self.open.len() >= self.limits.depth {
            let error = BuildError::Depth(self.limits.depth);
            return Err(self.problems.refused(error, span));
        }
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err(self.error(
                span,
                "a second root element stands here",
                "An XML file holds one root element: put both into one, or in two files",
            ));
        }
        self.count(span)?;
        let namespace = self.namespace.get_or_insert_with(|| home.to_owned());
        let qualified = tag.name();
        let name_at = span.start as usize + 1;
        let name_span = Span::from_range(&(name_at..name_at + qualified.as_ref().len()));
        let name = self.text.get(name_span.range()).unwrap_or_default();
        if !is_name(name) {
            return Err(self.error(
                name_span,
                &format!("`{name}` is no name of an element"),
                "A name begins with a letter and has letters, digits, `-`, `_` and `.`; write a `<` of the text as `&lt;`",
            ));
        }
        let local = name.rsplit(':').next().unwrap_or(name);
        let key = if namespace == home { local } else { name };
        let number = self.elements.len();
        if let Some(parent) = self
            .open
            .last()
            .and_then(|&open| self.elements.get_mut(open))
        {
            parent.children.push(number);
        }
        self.elements.push(Element::new(key, name_span, span));
        self.open.push(number);
        self.attributes(tag, span)
    }

    fn attributes(&mut self, tag: &BytesStart<'s>, span: Span) -> Result<(), Stop> {
        let raw = self.text.get(span.range()).unwrap_or_default();
        // The iterator reads a copy that has the same bytes as the file from the tag's `<` on.
        let written = tag.attributes_raw();
        let from = raw.find(written).unwrap_or_default() + span.start as usize;
        let mut behind = from;
        for attribute in tag.attributes().with_checks(false) {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    return Err(self.error(
                        span,
                        &format!("the attributes of this element cannot be read: {error}"),
                        "Write attributes as `name=\"value\"`, parted by blanks",
                    ));
                }
            };
            self.count(span)?;
            let rest = self.text.get(behind..span.end as usize).unwrap_or_default();
            let key = attribute.key.as_ref();
            let key_at = behind + rest.find(key).unwrap_or_default();
            let key_end = key_at + key.len();
            let rest = self
                .text
                .get(key_end..span.end as usize)
                .unwrap_or_default();
            let quote = key_end + rest.find(['"', '\'']).unwrap_or_default();
            let value_end = quote + 1 + attribute.value.len();
            behind = (value_end + 1).min(span.end as usize);
            let key_span = Span::from_range(&(key_at..key_end));
            let value_span = Span::from_range(&(quote + 1..value_end));
            let name = self.text.get(key_span.range()).unwrap_or_default();
            if !is_name(name) {
                return Err(self.error(
                    key_span,
                    &format!("`{name}` is no name of an attribute"),
                    "A name begins with a letter and has letters, digits, `-`, `_` and `.`",
                ));
            }
            let value = self.attribute_value(value_span)?;
            let span = Span::from_range(&(quote..(value_end + 1).min(self.text.len())));
            if let Some(element) = self.elements.last_mut() {
                element.attributes.push(Attribute {
                    key: format!("@{name}"),
                    key_span,
                    value,
                    span,
                });
            }
        }
        Ok(())
    }

    /// The text that an attribute's value means: references resolved, white space as blanks.
    fn attribute_value(&mut self, span: Span) -> Result<String, Stop> {
        let raw = self.text.get(span.range()).unwrap_or_default();
        let mut value = String::with_capacity(raw.len());
        let mut at = 0;
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            let place = |from: usize, to: usize| Span::from_range(&(from..to)).shifted(span.start);
            if let Some(reference) = rest.strip_prefix('&') {
                let Some(end) = reference.find(';') else {
                    let at = place(at, at + 1);
                    return Err(self.error(at, "`&` begins no reference", "Write `&amp;`"));
                };
                let name = reference.get(..end).unwrap_or_default();
                let whole = place(at, at + end + 2);
                value.push(self.entity(name, whole)?);
                at += end + 2;
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            match c {
                '<' => {
                    let at = place(at, at + 1);
                    return Err(self.error(
                        at,
                        "`<` stands in the value of an attribute",
                        "Write `&lt;`, or close the value before it",
                    ));
                }
                // A line break of two characters is one blank.
                '\r' if rest.starts_with("\r\n") => {}
                '\n' | '\r' | '\t' => value.push(' '),
                c => value.push(c),
            }
            at += c.len_utf8();
        }
        Ok(value)
    }

    /// The character that `&name;` stands for.
    fn entity(&mut self, name: &str, span: Span) -> Result<char, Stop> {
        let code = |digits: &str, radix| {
            let code = u32::from_str_radix(digits, radix).ok()?;
            char::from_u32(code).filter(|&c| is_allowed(c))
        };
        let found = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
                (Some(digits), _) => code(digits, 16),
                (None, Some(digits)) => code(digits, 10),
                (None, None) => {
                    let finding = self
                        .problems
                        .at(
                            "entity",
                            span,
                            format!("the entity `&{name};` is none of the five of XML"),
                        )
                        .with_help("Write out what it stands for; an `&` of the text is `&amp;`");
                    return Err(self.problems.fatal(finding));
                }
            },
        };
        found.ok_or_else(|| {
            self.error(
                span,
                &format!("`&{name};` is no character that XML allows"),
                "Remove it, or write the number of a printable character",
            )
        })
    }

    /// Adds to the text of the open element.
    fn put(&mut self, text: Cow<'s, str>, span: Span) -> Result<(), Stop> {
        let raw = self.text.get(span.range()).unwrap_or_default();
        let Some(element) = self
            .open
            .last()
            .and_then(|&open| self.elements.get_mut(open))
        else {
            if is_blank(&text) {
                return Ok(());
            }
            return Err(self.error(
                trimmed(raw, span),
                "text stands outside of the root element",
                "Remove it, or put it into an element",
            ));
        };
        element.put(text, trimmed(raw, span));
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let closed = self.open.pop();
        if let Some(element) = closed.and_then(|open| self.elements.get_mut(open)) {
            element.span = element.span.to(span);
        }
    }

    fn count(&mut self, span: Span) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let error = BuildError::Nodes(self.limits.nodes);
            return Err(self.problems.refused(error, span));
        }
        Ok(())
    }

    fn encoding(&mut self, encoding: Option<&str>, span: Span) -> Result<(), Stop> {
        let known = |name: &str| {
            let name = name.to_ascii_lowercase();
            matches!(name.as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii")
        };
        match encoding {
            Some(name) if !known(name) => {
                let message = format!("the file says that its encoding is `{name}`");
                let help = "Save it as UTF-8, and say `encoding=\"UTF-8\"`";
                let finding = self.problems.at("encoding", span, message).with_help(help);
                Err(self.problems.fatal(finding))
            }
            _ => Ok(()),
        }
    }

    fn doctype(&mut self, span: Span) -> Stop {
        let finding = self
            .problems
            .at(
                "entity",
                span,
                "a DOCTYPE is not read: it can declare entities",
            )
            .with_help("Remove the DOCTYPE, and write out the entities that it declares");
        self.problems.fatal(finding)
    }

    /// No reader of XML takes control characters.
    fn characters(&mut self) -> Result<(), Stop> {
        let wrong = self.text.char_indices().skip(usize::from(self.base > 0));
        let wrong = wrong.into_iter().find(|&(_, c)| !is_allowed(c));
        let Some((at, c)) = wrong else { return Ok(()) };
        Err(self.error(
            Span::from_range(&(at..at + c.len_utf8())),
            &format!("the character U+{:04X} stands in the text", u32::from(c)),
            "Remove it; XML has no way to write it",
        ))
    }

    /// Whether all that was opened was closed.
    fn whole(&mut self) -> Result<(), Stop> {
        let Some(element) = self.open.last().and_then(|&open| self.elements.get(open)) else {
            if self.elements.is_empty() && !is_blank(self.text.get(self.base..).unwrap_or_default())
            {
                let help = "Write it; what stands outside of it is not read";
                return Err(self.error(Span::default(), "there is no root element", help));
            }
            return Ok(());
        };
        let name = self.text.get(element.name_span.range()).unwrap_or_default();
        let (span, message) = (element.name_span, format!("`<{name}>` is not closed"));
        let help = format!("Write `</{name}>` where it ends");
        Err(self.error(span, &message, &help))
    }

    fn unreadable(&mut self, error: &Error) -> Stop {
        let at = usize::try_from(self.events.error_position()).unwrap_or_default();
        let at = (self.base + at).min(self.text.len());
        let message = match error {
            Error::Syntax(error) => error.to_string(),
            Error::IllFormed(error) => error.to_string(),
            Error::Namespace(error) => error.to_string(),
            error => error.to_string(),
        };
        self.error(
            Span::from_range(&(at..at)),
            &message,
            "Correct the XML here, or where the element before it begins",
        )
    }

    fn error(&mut self, span: Span, message: &str, help: &str) -> Stop {
        let finding = self.problems.at("syntax", span, message).with_help(help);
        self.problems.fatal(finding)
    }
}

/// The namespace that an element is in, empty for none. One of an unknown prefix is in none that
/// others are in.
fn home(home: &ResolveResult<'_>) -> String {
    match home {
        ResolveResult::Unbound => String::new(),
        ResolveResult::Bound(namespace) => namespace.as_ref().to_owned(),
        ResolveResult::Unknown(prefix) => format!("{prefix}:"),
    }
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    let first = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
    let later = |c: char| {
        first(c)
            || c.is_numeric()
            || matches!(c, '-' | '.' | '\u{B7}')
            || (!c.is_ascii() && !c.is_whitespace())
    };
    chars.next().is_some_and(first) && chars.all(later)
}

/// Whether XML 1.0 lets a character stand in a file.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

fn is_blank(text: &str) -> bool {
    text.trim_matches(SPACE).is_empty()
}

/// White space by the rules of XML.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The place of a text without the white space around it.
fn trimmed(raw: &str, span: Span) -> Span {
    let start = raw.len() - raw.trim_start_matches(SPACE).len();
    let end = raw.trim_end_matches(SPACE).len();
    if start >= end {
        return Span::from_range(&(0..0)).shifted(span.start);
    }
    Span::from_range(&(start..end)).shifted(span.start)
}

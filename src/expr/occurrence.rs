//! What a pattern finds in what was written for a value: texts that know their place.
//!
//! A file is searched as it was written, so that a comment, a key, the target of a link and a number
//! without quotes are looked at like any other text. What a document means and no file has to the
//! letter (escapes, folded lines, text between marks) is searched besides.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use regex::Regex;

use super::operators::{Eval, charge_bytes};
use super::scope::Scope;
use super::value::{EvalError, Text, Value, View};
use crate::source::{Location, Span};
use crate::value::NodeRef;

/// A text that was found, and where.
#[derive(Clone, Debug)]
pub struct Occurrence<'a> {
    text: Cow<'a, str>,
    location: Location,
    within: NodeRef<'a>,
}

impl<'a> Occurrence<'a> {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands. Of a text that no file has to the letter: where the value that holds it does.
    pub fn location(&self) -> Location {
        self.location
    }

    /// The innermost value around it.
    pub fn node(&self) -> NodeRef<'a> {
        self.within.around(self.location)
    }
}

/// `occurrences(x, regex)`: every match of a pattern in a text or in what was written for a node,
/// in the order of their places. Of a pattern with groups: the first group that takes part, and a
/// match in which none does is passed over.
pub(super) fn occurrences<'a>(scope: &Scope<'a>, value: &Value<'a>, regex: &Regex) -> Eval<'a> {
    let found: Vec<Value<'a>> = if let Value::Node(node) = value {
        let found = Search { scope, regex }.node(*node)?;
        found.into_iter().map(Value::from).collect()
    } else {
        let View::String(text) = value.view() else {
            let wanted = "a value of a document or a text";
            return Err(EvalError::mistyped(value, wanted).into());
        };
        charge_bytes(scope, text.len())?;
        let spans = matches(regex, text);
        match value.occurrence() {
            Some(outer) => spans.map(|span| outer.part(span).into()).collect(),
            None => spans
                .map(|span| Value::string(text.get(span.range()).unwrap_or_default()))
                .collect(),
        }
    };
    scope.charge(found.len())?;
    Ok(Value::list(found))
}

impl Occurrence<'_> {
    /// A part of it, by bytes of its text.
    fn part(&self, span: Span) -> Self {
        let mut location = self.location;
        if self.within.text_at(location) == self.text {
            location.span = span.shifted(location.span.start);
        }
        let text = self.text.get(span.range()).unwrap_or_default();
        Self {
            text: text.to_owned().into(),
            location,
            within: self.within,
        }
    }
}

impl<'a> Value<'a> {
    /// What it is of a document without being one of its nodes.
    pub fn occurrence(&self) -> Option<&Occurrence<'a>> {
        match self {
            Self::String(Text::Found(found)) => Some(found),
            _ => None,
        }
    }
}

impl<'a> From<Occurrence<'a>> for Value<'a> {
    fn from(found: Occurrence<'a>) -> Self {
        Self::String(Text::Found(Arc::new(found)))
    }
}

/// The bytes of each match, or of its first group that takes part.
fn matches<'r>(regex: &'r Regex, text: &'r str) -> Box<dyn Iterator<Item = Span> + 'r> {
    let span = |found: regex::Match<'_>| Span::from_range(&found.range());
    if regex.captures_len() == 1 {
        return Box::new(regex.find_iter(text).map(span).filter(|s| !s.is_empty()));
    }
    let groups = regex
        .captures_iter(text)
        .filter_map(move |found| found.iter().skip(1).flatten().next().map(span));
    Box::new(groups.filter(|span| !span.is_empty()))
}

struct Search<'s, 'a> {
    scope: &'s Scope<'a>,
    regex: &'s Regex,
}

impl<'a> Search<'_, 'a> {
    fn node(&self, node: NodeRef<'a>) -> Eval<'a, Vec<Occurrence<'a>>> {
        let mut written = node.written();
        written.sort_unstable();
        let mut found = Vec::new();
        for place in &written {
            let text = node.text_at(*place);
            charge_bytes(self.scope, text.len())?;
            for span in matches(self.regex, text) {
                self.scope.charge(1)?;
                found.push(Occurrence {
                    text: Cow::Borrowed(text.get(span.range()).unwrap_or_default()),
                    location: Location {
                        file: place.file,
                        span: span.shifted(place.span.start),
                    },
                    within: node,
                });
            }
        }
        let searched = found.len();
        if node.parent().is_none() {
            self.scope.charge(node.tree().len() / 16)?;
        }
        for reading in node.readings() {
            charge_bytes(self.scope, reading.text.len())?;
            let mut spans = matches(self.regex, reading.text).peekable();
            if spans.peek().is_none() {
                continue;
            }
            let known = known(found.get(..searched).unwrap_or_default(), reading.location);
            self.scope.charge(known.len())?;
            for span in spans {
                self.scope.charge(1)?;
                let text = reading.text.get(span.range()).unwrap_or_default();
                if !known.contains(&letters(text, false)) {
                    found.push(Occurrence {
                        text: Cow::Borrowed(text),
                        location: self.narrowed(node, text, reading.location)?,
                        within: node,
                    });
                }
            }
        }
        found.sort_by(|a, b| (a.location, &a.text).cmp(&(b.location, &b.text)));
        found.dedup_by(|a, b| a.location == b.location && a.text == b.text);
        Ok(found)
    }

    /// The smallest place for a text that was read at `place`: its own bytes, or those of the
    /// innermost value that holds it.
    fn narrowed(&self, node: NodeRef<'a>, text: &str, place: Location) -> Eval<'a, Location> {
        let raw = node.text_at(place);
        charge_bytes(self.scope, raw.len())?;
        if let Some(exact) = exactly(raw, text, place) {
            return Ok(exact);
        }
        let mut smallest = place;
        for inner in node.inside(place) {
            let held = inner.as_str().unwrap_or_default();
            charge_bytes(self.scope, 32 + held.len())?;
            if held.contains(text) && inner.span().len() < smallest.span.len() {
                smallest = inner.location();
            }
        }
        Ok(smallest)
    }
}

/// Where a text stands in what was written, if it does.
fn exactly(raw: &str, text: &str, place: Location) -> Option<Location> {
    let at = raw.find(text)?;
    let span = Span::from_range(&(at..at + text.len())).shifted(place.span.start);
    Some(Location { span, ..place })
}

/// What was found at a place already, by its letters and digits.
fn known(found: &[Occurrence<'_>], place: Location) -> BTreeSet<String> {
    let from = found.partition_point(|one| {
        (one.location.file, one.location.span.start) < (place.file, place.span.start)
    });
    found
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|one| {
            one.location.file == place.file && one.location.span.start < place.span.end
        })
        .map(|one| letters(&one.text, true))
        .collect()
}

/// The letters and digits of a text: what is the same whatever breaks lines or indents them. With
/// `escaped` a backslash takes the character behind it along.
fn letters(text: &str, escaped: bool) -> String {
    let mut characters = text.chars();
    let mut letters = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        if escaped && character == '\\' {
            characters.next();
        } else if character.is_alphanumeric() {
            letters.push(character);
        }
    }
    letters
}

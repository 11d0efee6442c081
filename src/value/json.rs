//! Reads JSON as in RFC 8259: no comments, no trailing commas.
//!
//! The lexer is ours. `jsonc-parser` is lenient where strictness matters here: it takes raw
//! control characters inside strings and Unicode white space between tokens. `serde_json` knows no
//! places. This one keeps its own stack, so depth costs memory, not the thread's stack.

use std::borrow::Cow;
use std::sync::Arc;

use super::builder::TreeBuilder;
use super::decode::bom_len;
use super::node::Scalar;
use super::problem::{Problems, Stop, put_key};
use super::tree::{Style, Tree};
use super::{Limits, number};
use crate::source::{SourceFile, Span};

/// Reads a file of JSON. Blank text has no root.
pub(super) fn read(source: &Arc<SourceFile>, limits: &Limits, problems: &mut Problems) -> Tree {
    let mut builder = TreeBuilder::new(Arc::clone(source), limits);
    let mut reader = Reader {
        text: source.text(),
        at: bom_len(source.text()),
        builder: &mut builder,
        problems,
        open: Vec::new(),
    };
    // What there is to say is among the problems.
    let _ = reader.document();
    builder.finish()
}

/// An open collection.
struct Open {
    mapping: bool,
    span: Span,
}

struct Reader<'s, 'b> {
    text: &'s str,
    at: usize,
    builder: &'b mut TreeBuilder,
    problems: &'b mut Problems,
    open: Vec<Open>,
}

impl<'s> Reader<'s, '_> {
    fn document(&mut self) -> Result<(), Stop> {
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(());
        }
        loop {
            let opened = self.value()?;
            if opened {
                // The first thing in a collection: its end, or what an element begins with.
                self.skip_space();
                if self.close_if_ended() {
                    if self.after_value()? {
                        return self.trailing();
                    }
                } else {
                    self.key_if_mapping()?;
                }
            } else if self.after_value()? {
                return self.trailing();
            }
        }
    }

    /// Reads a scalar, or the opening bracket of a collection: `true`.
    fn value(&mut self) -> Result<bool, Stop> {
        self.skip_space();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.begin(true),
            Some(b'[') => self.begin(false),
            Some(b'"') => {
                let (text, span) = self.string()?;
                self.scalar(Scalar::String(&text), span)
            }
            Some(b'-' | b'0'..=b'9') => {
                let scalar = self.number()?;
                self.scalar(scalar, self.span_from(start))
            }
            Some(byte) if byte.is_ascii_alphabetic() => {
                let word = self.word();
                let scalar = match word {
                    "null" => Scalar::Null,
                    "true" => Scalar::Bool(true),
                    "false" => Scalar::Bool(false),
                    _ => {
                        return Err(self.error(
                            self.span_from(start),
                            &format!("`{word}` is no JSON value"),
                            "Quote it, or write `true`, `false` or `null`",
                        ));
                    }
                };
                self.scalar(scalar, self.span_from(start))
            }
            Some(b'\'') => Err(self.error_here(
                "a string stands in single quotes",
                "JSON wants double quotes",
            )),
            Some(b'/') => Err(self.error_here(
                "JSON has no comments",
                "Remove the comment, or write the document as YAML",
            )),
            Some(b']' | b'}') => Err(self.error_here(
                "a value is missing before this bracket",
                "Remove the comma before it, or write the value",
            )),
            Some(b',') => {
                Err(self.error_here("a value is missing", "Write it, or remove the comma"))
            }
            None => Err(self.unclosed()),
            Some(_) => Err(self.error_here("no JSON value begins like this", "Correct the text")),
        }
    }

    fn begin(&mut self, mapping: bool) -> Result<bool, Stop> {
        let span = self.advance(1);
        let begun = if mapping {
            self.builder.begin_mapping(span)
        } else {
            self.builder.begin_sequence(span)
        };
        begun.map_err(|error| self.problems.refused(error, span))?;
        self.open.push(Open { mapping, span });
        Ok(true)
    }

    fn scalar(&mut self, scalar: Scalar<'_>, span: Span) -> Result<bool, Stop> {
        self.builder
            .scalar(scalar, span, Style::Quoted)
            .map_err(|error| self.problems.refused(error, span))?;
        Ok(false)
    }

    /// Ends every collection that ends here, up to the comma before the next value. `true`: the
    /// outermost value is complete.
    fn after_value(&mut self) -> Result<bool, Stop> {
        loop {
            let Some(open) = self.open.last() else {
                return Ok(true);
            };
            let mapping = open.mapping;
            self.skip_space();
            if self.close_if_ended() {
                continue;
            }
            match self.peek() {
                Some(b',') => {
                    let comma = self.advance(1);
                    self.skip_space();
                    if matches!(self.peek(), Some(b']' | b'}')) {
                        return Err(self.error(
                            comma,
                            "a comma stands after the last element",
                            "Remove the comma",
                        ));
                    }
                    self.key_if_mapping()?;
                    return Ok(false);
                }
                None => return Err(self.unclosed()),
                Some(b'}' | b']') => {
                    let (open, close) = if mapping { ('{', ']') } else { ('[', '}') };
                    return Err(self.error_here(
                        &format!("`{open}` is closed by `{close}`"),
                        "Close each bracket with its own kind",
                    ));
                }
                Some(_) => {
                    return Err(self.error_here(
                        "a comma is missing before this",
                        "Separate elements by commas",
                    ));
                }
            }
        }
    }

    fn close_if_ended(&mut self) -> bool {
        let closing = match self.open.last() {
            Some(open) if open.mapping => b'}',
            Some(_) => b']',
            None => return false,
        };
        if self.peek() != Some(closing) {
            return false;
        }
        let span = self.advance(1);
        self.builder.end(Some(span));
        self.open.pop();
        true
    }

    fn key_if_mapping(&mut self) -> Result<(), Stop> {
        if !self.open.last().is_some_and(|open| open.mapping) {
            return Ok(());
        }
        self.skip_space();
        match self.peek() {
            Some(b'"') => {}
            None => return Err(self.unclosed()),
            Some(_) => {
                let start = self.at;
                let word = self.word();
                let span = self.span_from(start);
                return Err(if word.is_empty() {
                    self.error_here("a key is missing", "Write the key in double quotes")
                } else {
                    let help = format!("Write `\"{word}\"`");
                    self.error(span, "a key is not in double quotes", &help)
                });
            }
        }
        let (text, span) = self.string()?;
        // A value whose key was not taken is read on its own and reached from nowhere.
        put_key(self.builder, self.problems, &text, span)?;
        self.skip_space();
        if self.peek() == Some(b':') {
            self.at += 1;
            Ok(())
        } else if self.peek().is_none() {
            Err(self.unclosed())
        } else {
            Err(self.error_here(
                "a colon is missing between key and value",
                "Write `:` after the key",
            ))
        }
    }

    fn trailing(&mut self) -> Result<(), Stop> {
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(());
        }
        Err(self.error_here(
            "text stands after the end of the document",
            "A JSON file holds one value: remove the rest, or make it a list",
        ))
    }

    /// Reads a string; without escapes it is a piece of the source.
    fn string(&mut self) -> Result<(Cow<'s, str>, Span), Stop> {
        let start = self.at;
        self.at += 1;
        let mut unescaped: Option<String> = None;
        let mut piece = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let last = self.text.get(piece..self.at).unwrap_or_default();
                    self.at += 1;
                    let text = match unescaped {
                        None => Cow::Borrowed(last),
                        Some(mut text) => {
                            text.push_str(last);
                            Cow::Owned(text)
                        }
                    };
                    return Ok((text, self.span_from(start)));
                }
                Some(b'\\') => {
                    let text = unescaped.get_or_insert_default();
                    text.push_str(self.text.get(piece..self.at).unwrap_or_default());
                    let c = self.escape()?;
                    unescaped.get_or_insert_default().push(c);
                    piece = self.at;
                }
                Some(b'\n' | b'\r') | None => {
                    return Err(self.error(
                        Span::from_range(&(start..start + 1)),
                        "the string is not closed",
                        "Add the closing quote; write a line break inside a string as `\\n`",
                    ));
                }
                Some(byte) if byte < 0x20 => {
                    return Err(self.error(
                        self.span_of(1),
                        &format!("a raw control character U+{byte:04X} stands in a string"),
                        "Write it as an escape, such as `\\t` or `\\u0000`",
                    ));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let start = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape(start);
            }
            _ => {
                return Err(self.error(
                    Span::from_range(&(start..start + 1)),
                    "JSON has no such escape",
                    "Write the backslash twice",
                ));
            }
        };
        self.at += 1;
        Ok(c)
    }

    /// `\uXXXX`, or a pair of surrogates; `start` is where the backslash stands.
    fn unicode_escape(&mut self, start: usize) -> Result<char, Stop> {
        let high = self.hex4(start)?;
        let code = match high {
            0xD800..=0xDBFF if self.rest().starts_with("\\u") => {
                self.at += 2;
                match self.hex4(start)? {
                    low @ 0xDC00..=0xDFFF => 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00),
                    _ => high,
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| {
            self.error(
                self.span_from(start),
                "half of a surrogate pair is no character",
                "Write both halves, `\\uD83D\\uDE00`, or the character itself",
            )
        })
    }

    fn hex4(&mut self, start: usize) -> Result<u32, Stop> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        if digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.at += 4;
            return Ok(u32::from_str_radix(digits, 16).unwrap_or(u32::MAX));
        }
        Err(self.error(
            self.span_from(start),
            "`\\u` wants four hexadecimal digits",
            "Write all four, such as `\\u00e9`",
        ))
    }

    fn number(&mut self) -> Result<Scalar<'s>, Stop> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits();
        if whole == 0 {
            return Err(self.error_here("a digit is missing after the minus", "Write a number"));
        }
        let first_digit = self.at - whole;
        if whole > 1 && self.text.as_bytes().get(first_digit) == Some(&b'0') {
            return Err(self.error(
                self.span_from(start),
                "a number begins with a zero",
                "Remove the zero, or quote the number if it is an identifier",
            ));
        }
        let mut float = false;
        if self.peek() == Some(b'.') {
            self.at += 1;
            float = true;
            if self.digits() == 0 {
                return Err(self.error(
                    self.span_from(start),
                    "a digit is missing after the decimal point",
                    "Write one, or remove the point",
                ));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            float = true;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.error(
                    self.span_from(start),
                    "a digit is missing in the exponent",
                    "Write one, or remove the exponent",
                ));
            }
        }
        let span = self.span_from(start);
        let written = self.text.get(span.range()).unwrap_or_default();
        if !float && let Ok(value) = written.parse() {
            return Ok(Scalar::Int(value));
        }
        let value: f64 = written.parse().unwrap_or(f64::INFINITY);
        if !value.is_finite() {
            number::too_large(self.problems, span)?;
            return Ok(Scalar::String(written));
        }
        if !float {
            number::wide(self.problems, written, span)?;
        }
        Ok(Scalar::Float(value))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self) -> &'s str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.'))
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) -> Span {
        let span = self.span_of(bytes);
        self.at += bytes;
        span
    }

    fn span_of(&self, bytes: usize) -> Span {
        Span::from_range(&(self.at..self.at + bytes))
    }

    fn span_from(&self, start: usize) -> Span {
        Span::from_range(&(start..self.at))
    }

    fn unclosed(&mut self) -> Stop {
        match self.open.last() {
            Some(open) => {
                let bracket = if open.mapping { '{' } else { '[' };
                let span = open.span;
                self.error(
                    span,
                    &format!("`{bracket}` is not closed"),
                    "Add the closing bracket",
                )
            }
            None => self.error_here("a value is missing", "Write it"),
        }
    }

    fn error_here(&mut self, message: &str, help: &str) -> Stop {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        self.error(self.span_of(width), message, help)
    }

    fn error(&mut self, span: Span, message: &str, help: &str) -> Stop {
        let finding = self.problems.at("syntax", span, message).with_help(help);
        self.problems.fatal(finding)
    }
}

//! Literals whose text has a notation of its own: patterns, dates, durations.

use regex::RegexBuilder;

use super::Checker;
use crate::expr::time::{Date, parse_date, parse_iso_duration};
use cel::common::ast::IdedExpr;

/// The largest compiled pattern in bytes.
pub(crate) const MAX_REGEX: usize = 1 << 20;

impl Checker<'_> {
    /// Checks the literal texts among the arguments of a call. `args` begins with the receiver.
    pub(super) fn literals(&mut self, function: &str, args: &[&IdedExpr]) {
        let literal = |at: usize| {
            args.get(at)
                .and_then(|&arg| Some((arg, super::text_of(arg)?)))
        };
        match function {
            "matches" => {
                if let Some((node, pattern)) = literal(1) {
                    self.pattern(node, pattern);
                }
            }
            "date" | "age" => {
                if let Some((node, text)) = literal(0)
                    && let Err(error) = parse_date(text)
                {
                    self.error(self.parsed.span(node.id), error.to_string());
                }
            }
            "days" => {
                if let Some((node, text)) = literal(0)
                    && let Err(error) = parse_iso_duration(text)
                {
                    self.error(self.parsed.span(node.id), error.to_string());
                }
            }
            "timestamp" => {
                if let Some((node, text)) = literal(0)
                    && !matches!(parse_date(text), Ok(Date::Instant(_)))
                {
                    let help = match parse_date(text) {
                        Ok(_) => format!("for a day write `date(\"{text}\")`"),
                        Err(_) => "write an instant as 2026-11-22T09:30:00Z".into(),
                    };
                    self.error_help(
                        self.parsed.span(node.id),
                        format!("`{text}` is no RFC 3339 timestamp"),
                        Some(help),
                    );
                }
            }
            "duration" => {
                if let Some((node, text)) = literal(0)
                    && !is_cel_duration(text)
                {
                    let help = match parse_iso_duration(text) {
                        Ok(_) => format!("for an ISO 8601 duration write `days(\"{text}\")`"),
                        Err(_) => "write hours, minutes and seconds as 1h30m, 90s or 250ms".into(),
                    };
                    self.error_help(
                        self.parsed.span(node.id),
                        format!("`{text}` is no CEL duration"),
                        Some(help),
                    );
                }
            }
            "docs" => {
                if let Some((node, kind)) = literal(0) {
                    self.kind(node, kind);
                }
            }
            _ => {}
        }
    }

    fn pattern(&mut self, node: &IdedExpr, pattern: &str) {
        let Err(error) = RegexBuilder::new(pattern).size_limit(MAX_REGEX).build() else {
            return;
        };
        let (message, help) = match &error {
            regex::Error::CompiledTooBig(_) => (
                "this pattern is too large when compiled".to_owned(),
                "repeat less: `{1,1000}` of a class costs a thousand copies".to_owned(),
            ),
            _ => {
                let said = error.to_string();
                let reason = said.lines().last().unwrap_or_default();
                let reason = reason.trim_start_matches("error:").trim();
                let help = if reason.contains("look-around") || reason.contains("backreferences") {
                    "patterns are RE2: without look-around and back-references"
                } else {
                    "see the syntax of RE2; a raw text, r\"\\d+\", needs no doubled backslashes"
                };
                (
                    format!("this pattern does not compile: {reason}"),
                    help.to_owned(),
                )
            }
        };
        self.error_help(self.parsed.span(node.id), message, Some(help));
    }

    fn kind(&mut self, node: &IdedExpr, kind: &str) {
        if self.env.kinds().next().is_none() || self.env.kind(kind).is_some() {
            return;
        }
        let near = crate::finding::did_you_mean(kind, self.env.kinds());
        let kinds: Vec<_> = self.env.kinds().map(|kind| format!("`{kind}`")).collect();
        let help = near
            .is_empty()
            .then(|| format!("the kinds are {}", kinds.join(", ")));
        self.error_help(
            self.parsed.span(node.id),
            format!("unknown kind `{kind}`{near}"),
            help,
        );
    }
}

/// Whether a text is a duration as CEL's `duration` reads it: `1h30m`, `-1.5s`, `0`.
fn is_cel_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = rest.get(..rest.len() - unit.len()).unwrap_or_default();
        if number.matches('.').count() > 1 || !number.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let Some(after) = ["ns", "us", "µs", "μs", "ms", "h", "m", "s"]
            .iter()
            .find_map(|name| unit.strip_prefix(name))
        else {
            return false;
        };
        rest = after;
    }
    true
}

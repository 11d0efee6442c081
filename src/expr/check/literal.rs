//! Literals whose text has a notation of its own: patterns, dates, durations.

use cel::common::ast::IdedExpr;

use super::Checker;
use crate::expr::compile::literal_regex;
use crate::expr::functions::{parse_duration, scheme, schemes};
use crate::expr::time::{Date, parse_date, parse_iso_duration};

impl Checker<'_> {
    /// Checks the literal texts among the arguments of a call. `args` begins with the receiver.
    pub(super) fn literals(&mut self, function: &str, args: &[&IdedExpr]) {
        let literal = |at: usize| {
            args.get(at)
                .and_then(|&arg| Some((arg, super::text_of(arg)?)))
        };
        match function {
            "check_digit" => {
                if let Some((node, name)) = literal(1) {
                    self.scheme(node, name);
                }
            }
            "matches" | "occurrences" => {
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
                    && parse_duration(text).is_none()
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
        let Err(message) = literal_regex(pattern) else {
            return;
        };
        let help = if message.contains("look-around") || message.contains("backreferences") {
            "patterns are RE2: without look-around and back-references"
        } else if message.contains("too large") {
            "repeat less: `{1,1000}` costs a thousand copies of what it repeats"
        } else {
            "patterns are RE2; in a raw text, r\"\\d+\", a backslash stands for itself"
        };
        self.error_help(self.parsed.span(node.id), message, Some(help.into()));
    }

    fn scheme(&mut self, node: &IdedExpr, name: &str) {
        if scheme(name).is_some() {
            return;
        }
        let near = crate::finding::did_you_mean(name, schemes());
        let all: Vec<_> = schemes().map(|name| format!("`{name}`")).collect();
        let help = near
            .is_empty()
            .then(|| format!("the schemes are {}", all.join(", ")));
        self.error_help(
            self.parsed.span(node.id),
            format!("`{name}` is no scheme of check digits{near}"),
            help,
        );
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

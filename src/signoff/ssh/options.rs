//! The options of a line of `allowed_signers`.

use std::ops::Range;

use super::allowed_signers::Fault;
use super::time;
use crate::finding::did_you_mean;

/// What a line demands beside its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The key signs certificates; it does not sign itself.
    pub(super) authority: bool,
    /// Patterns of namespaces, with commas.
    pub(super) namespaces: Option<String>,
    /// First second at which the key is good.
    pub(super) valid_after: Option<u64>,
    /// Last second at which the key is good.
    pub(super) valid_before: Option<u64>,
}

const AUTHORITY: &str = "cert-authority";
const NAMESPACES: &str = "namespaces";
const VALID_AFTER: &str = "valid-after";
const VALID_BEFORE: &str = "valid-before";
const KNOWN: [&str; 4] = [AUTHORITY, NAMESPACES, VALID_AFTER, VALID_BEFORE];

/// Where the options at the start of a text end: at the first space that is in no quotes. `None` where
/// a quote is not closed.
pub(super) fn options_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if bytes.peek().is_some_and(|&(_, next)| next == b'"') => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b' ' | b'\t' if !quoted => return Some(at),
            _ => {}
        }
    }
    (!quoted).then_some(text.len())
}

impl Options {
    /// Reads the options at a range of a line. Names may be in capitals; an option may be empty; what
    /// is not known is an error: all as in OpenSSH.
    pub(super) fn parse(line: &str, range: Range<usize>) -> Result<Self, Fault> {
        let mut options = Self::default();
        let mut at = range.start;
        while at < range.end {
            let rest = line.get(at..range.end).unwrap_or_default();
            let span = at..at + one_option(rest);
            let fault = |message: String, help| Fault {
                span: span.clone(),
                message,
                help,
            };
            let mut used = 0;
            if starts_with(rest, AUTHORITY) {
                options.authority = true;
                used = AUTHORITY.len();
            } else if let Some(name) =
                [NAMESPACES, VALID_AFTER, VALID_BEFORE]
                    .into_iter()
                    .find(|name| {
                        starts_with(rest, name) && rest.as_bytes().get(name.len()) == Some(&b'=')
                    })
            {
                let value_at = name.len() + 1;
                let (value, length) = dequote(rest.get(value_at..).unwrap_or_default())
                    .ok_or_else(|| {
                        fault(
                            format!("the value of `{name}` is not in quotes"),
                            "Put it in double quotes",
                        )
                    })?;
                used = value_at + length;
                options
                    .set(name, value)
                    .map_err(|(message, help)| fault(message, help))?;
            }
            at += used;
            match line.get(at..range.end).and_then(|rest| rest.chars().next()) {
                None => break,
                Some(',') if at + 1 < range.end => at += 1,
                Some(',') => {
                    return Err(fault(
                        "nothing follows after the comma".to_owned(),
                        "Remove the comma",
                    ));
                }
                Some(_) => return Err(unknown(rest, span)),
            }
        }
        match (options.valid_after, options.valid_before) {
            (Some(after), Some(before)) if before <= after => Err(Fault {
                span: range,
                message: "`valid-before` is not later than `valid-after`".to_owned(),
                help: "Give a time in which the key is good",
            }),
            _ => Ok(options),
        }
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), (String, &'static str)> {
        let twice = || (format!("`{name}` is given twice"), "Keep one of them");
        if name == NAMESPACES {
            return match self.namespaces.replace(value) {
                Some(_) => Err(twice()),
                None => Ok(()),
            };
        }
        let place = if name == VALID_AFTER {
            &mut self.valid_after
        } else {
            &mut self.valid_before
        };
        if place.is_some() {
            return Err(twice());
        }
        let time = time::parse(&value).ok_or_else(|| {
            (
                format!("`{value}` is no time for `{name}`"),
                "Write it as YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, and end it in Z for UTC",
            )
        })?;
        *place = Some(time);
        Ok(())
    }
}

fn starts_with(text: &str, name: &str) -> bool {
    text.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// The length of the first option.
fn one_option(text: &str) -> usize {
    let mut quoted = false;
    text.bytes()
        .position(|byte| {
            quoted ^= byte == b'"';
            byte == b',' && !quoted
        })
        .unwrap_or(text.len())
}

/// The text in quotes at the start, `\"` meaning a quote, and how many bytes that took.
fn dequote(text: &str) -> Option<(String, usize)> {
    let inside = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if chars.next_if(|&(_, next)| next == '"').is_some() => value.push('"'),
            '"' => return Some((value, at + 2)),
            c => value.push(c),
        }
    }
    None
}

fn unknown(rest: &str, span: Range<usize>) -> Fault {
    let option = rest.get(..span.len()).unwrap_or_default();
    let name = option.split('=').next().unwrap_or_default();
    Fault {
        span,
        message: format!("unknown option `{name}`{}", did_you_mean(name, KNOWN)),
        help: "OpenSSH knows `cert-authority`, `namespaces`, `valid-after` and `valid-before`; a line with \
               another option counts for nothing",
    }
}

//! The file `allowed_signers`: who may sign with which key, for what and when.

use std::sync::Arc;

use super::key::{PublicKey, is_key_type, read_line};
use super::options::{Options, options_end};
use super::pattern::list_matches;
use crate::finding::{Finding, Label};
use crate::source::{Location, SourceFile, Span};

/// An `allowed_signers` file, as far as it can be read.
///
/// A line that is wrong counts for nothing, and the lines after it still count, as in OpenSSH; but
/// where OpenSSH looks at a line only when its principal is asked for, every line is held to the
/// format here. Whoever trusts the file refuses to go on while it has [`problems`](Self::problems).
#[derive(Clone, Debug, Default)]
pub struct AllowedSigners {
    pub(super) lines: Vec<Line>,
    /// What is wrong with the file, by place. The rule of each is the caller's.
    pub problems: Vec<Problem>,
}

/// One line that names a key.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Patterns of principals, with commas.
    pub(super) principals: String,
    pub(super) options: Options,
    pub(super) key: PublicKey,
    /// The line, without its end.
    pub(super) location: Location,
    /// From 1.
    pub(super) number: u32,
}

/// Something wrong with a file of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The part that is wrong.
    pub location: Location,
    /// The fact, in one sentence.
    pub message: String,
    /// The next action.
    pub help: &'static str,
}

impl Problem {
    /// A finding of a rule.
    pub fn into_finding(self, rule: impl AsRef<str>) -> Finding {
        let rule = crate::finding::RuleId::new(rule);
        Finding::new(rule, self.message, Label::new(self.location, "")).with_help(self.help)
    }
}

/// A part of a line that is wrong, as bytes of the line.
pub(super) struct Fault {
    pub(super) span: std::ops::Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

const FORM: &str = "Write `principal[,principal] [options] key-type base64 [comment]`";
const KEY_HELP: &str = "Copy type and key from the signer's `.pub` file";

impl AllowedSigners {
    /// Bytes that the file may have.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads the file. No text makes it fail.
    pub fn parse(source: &Arc<SourceFile>) -> Self {
        let mut signers = Self::default();
        let text = source.text();
        if text.len() > Self::MAX_BYTES {
            signers.problems.push(Problem {
                location: source.location(Span::default()),
                message: format!(
                    "the file has {} bytes; the limit is {}",
                    text.len(),
                    Self::MAX_BYTES
                ),
                help: "Remove keys that are no longer used",
            });
            return signers;
        }
        let mut start = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let line_start = start;
            start += line.len();
            let at = |range: std::ops::Range<usize>| {
                let span = Span::from_range(&(line_start + range.start..line_start + range.end));
                source.location(span)
            };
            let line = line.strip_suffix('\n').unwrap_or(line);
            match parse_line(line) {
                Ok(None) => {}
                Ok(Some((principals, options, key))) => signers.lines.push(Line {
                    principals,
                    options,
                    key,
                    location: at(0..line.trim_end().len()),
                    number: u32::try_from(index + 1).unwrap_or(u32::MAX),
                }),
                Err(fault) => signers.problems.push(Problem {
                    location: at(fault.span),
                    message: fault.message,
                    help: fault.help,
                }),
            }
        }
        signers
    }

    /// Whether any line that can be read lists the principal.
    pub fn lists(&self, principal: &str) -> bool {
        self.lines_of(principal).next().is_some()
    }

    pub(super) fn lines_of(&self, principal: &str) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(move |line| list_matches(principal, &line.principals))
    }
}

/// Principals, options and key of a line; `None` for a line that is blank or a comment.
fn parse_line(line: &str) -> Result<Option<(String, Options, PublicKey)>, Fault> {
    let whole = 0..line.trim_end().len();
    let fault = |message: &str, help| Fault {
        span: whole.clone(),
        message: message.to_owned(),
        help,
    };
    if line.starts_with('\u{FEFF}') {
        return Err(Fault {
            span: 0..'\u{FEFF}'.len_utf8(),
            message: "the file begins with a byte order mark, which OpenSSH takes for a part of \
                      its first line"
                .to_owned(),
            help: "Save the file as UTF-8 without a byte order mark",
        });
    }
    if line.contains('\0') {
        return Err(fault(
            "the line has a NUL, where OpenSSH stops reading it",
            FORM,
        ));
    }
    let start = skip(line, 0, KEY_SPACE);
    let content = line.get(start..).unwrap_or_default();
    if content.trim_end().is_empty() || content.starts_with('#') {
        return Ok(None);
    }
    if content.starts_with('\r') {
        return Err(fault(
            "the line begins with a carriage return, which names no principal",
            FORM,
        ));
    }
    let (principals, rest) = split_principals(line, start)
        .ok_or_else(|| fault("the principals are not followed by a key", FORM))?;
    let tail = line.get(rest..).unwrap_or_default();
    let first = tail.split([' ', '\t', '\r']).next().unwrap_or_default();
    if tail.trim().is_empty() {
        return Err(fault("the line has no key", FORM));
    }
    if ["ssh-", "ecdsa-", "sk-"]
        .iter()
        .any(|start| first.starts_with(start))
        && !is_key_type(first)
    {
        return Err(Fault {
            span: rest..rest + first.len(),
            message: format!("keys of the type `{first}` are not supported"),
            help: "Use an ed25519, ECDSA or RSA key, or one in a security key",
        });
    }
    // What begins like a key is one, or a broken one; everything else begins with options.
    let (options, key_at) = if is_key_type(first) {
        (0..0, rest)
    } else {
        let end = rest
            + options_end(tail).ok_or_else(|| Fault {
                span: rest..whole.end,
                message: "a quote in the options is not closed".to_owned(),
                help: "Close it: `namespaces=\"launchgate/*\"`",
            })?;
        (rest..end, skip(line, end, KEY_SPACE))
    };
    let options = Options::parse(line, options)?;
    let key_text = line.get(key_at..).unwrap_or_default();
    if key_text.trim().is_empty() {
        let message = if first.contains('=') || first.contains("authority") {
            "no key follows after the options".to_owned()
        } else {
            format!("`{first}` is no type of key, and no key follows after it")
        };
        return Err(fault(&message, FORM));
    }
    let (key, _) = read_line(key_text).map_err(|error| Fault {
        span: key_at..whole.end.max(key_at),
        message: error.to_string(),
        help: KEY_HELP,
    })?;
    Ok(Some((principals, options, key)))
}

const WHITE_SPACE: &[char] = &[' ', '\t', '\r'];
const KEY_SPACE: &[char] = &[' ', '\t'];

/// The first byte from `from` that is not one of `space`.
fn skip(line: &str, from: usize, space: &[char]) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + rest.len() - rest.trim_start_matches(space).len()
}

/// The first word of a line and where the next begins. A quote, wherever it begins, ends the word
/// where it is closed, as in OpenSSH.
fn split_principals(line: &str, start: usize) -> Option<(String, usize)> {
    let rest = line.get(start..)?;
    let end = rest.find([' ', '\t', '\r', '"'])?;
    let (word, after) = rest.split_at_checked(end)?;
    let Some(quoted) = after.strip_prefix('"') else {
        return Some((word.to_owned(), skip(line, start + end, WHITE_SPACE)));
    };
    let (inside, _) = quoted.split_once('"')?;
    let next = start + end + 1 + inside.len() + 1;
    Some((format!("{word}{inside}"), skip(line, next, WHITE_SPACE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF6rdKhCPBPiqPjVvX8RPCVK9LIg1Hf0fQPXRGHJcmYt";

    fn parse(text: &str) -> (Arc<SourceFile>, AllowedSigners) {
        let source = SourceFile::new(FileId(0), "allowed_signers", text);
        let signers = AllowedSigners::parse(&source);
        (source, signers)
    }

    #[test]
    fn a_problem_points_at_the_part_that_is_wrong() {
        for (line, place, said) in [
            ("alice", "alice", "not followed by a key"),
            ("alice ", "alice", "has no key"),
            ("\"alice KEY", "\"alice KEY", "not followed by a key"),
            (
                "alice ssh-ed25519 AAAA?",
                "ssh-ed25519 AAAA?",
                "not valid base64",
            ),
            ("alice ssh-dss AAAA", "ssh-dss", "not supported"),
            (
                "alice cert-authority",
                "alice cert-authority",
                "no key follows",
            ),
            (
                "alice namespaces=\"a KEY",
                "namespaces=\"a KEY",
                "not closed",
            ),
            ("alice namespaces=a KEY", "namespaces=a", "quote"),
            (
                "alice namespace=\"a\" KEY",
                "namespace=\"a\"",
                "did you mean `namespaces`",
            ),
            (
                "alice valid-after=\"2026-01-01\" KEY",
                "valid-after=\"2026-01-01\"",
                "YYYYMMDD",
            ),
            (
                "alice cert-authority,cert-authorities KEY",
                "cert-authorities",
                "unknown option",
            ),
        ] {
            let (source, signers) = parse(&line.replace("KEY", KEY));
            let [problem] = &signers.problems[..] else {
                panic!("{line}: {:?}", signers.problems);
            };
            let at = source.slice(problem.location.span).replace(KEY, "KEY");
            assert_eq!(at, place, "{line}: {}", problem.message);
            let all = format!("{} {}", problem.message, problem.help);
            assert!(all.contains(said), "{line}: {all}");
            assert!(signers.lines.is_empty());
        }
    }

    #[test]
    fn comments_blank_lines_and_line_ends_count_for_nothing() {
        let text = format!(
            "# who signs\r\n\r\n \t\r\n  # more\nalice,bob {KEY} laptop\r\n\"carol d\" cert-authority {KEY}"
        );
        let (source, signers) = parse(&text);
        assert_eq!(signers.problems, []);
        let lines: Vec<_> = signers.lines.iter().map(|line| &*line.principals).collect();
        assert_eq!(lines, ["alice,bob", "carol d"]);
        assert_eq!(signers.lines[0].number, 5);
        assert!(
            source
                .slice(signers.lines[0].location.span)
                .ends_with("laptop")
        );
        assert!(signers.lists("bob") && !signers.lists("carol"));
    }

    #[test]
    fn a_byte_order_mark_is_a_problem_and_its_line_counts_for_nothing() {
        let (_, signers) = parse(&format!("\u{FEFF}alice {KEY}\nbob {KEY}\n"));
        assert!(!signers.lists("alice") && signers.lists("bob"));
        assert_eq!(signers.problems.len(), 1);
    }
}

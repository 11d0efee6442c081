//! Expression text to a syntax tree, with the place of every part.
//!
//! The `cel` crate's Pratt parser does the parsing. It recurses and gives trees that are dropped
//! and walked by recursion, so the text is scanned first: what could nest deeper than
//! [`MAX_DEPTH`] never reaches the parser, and everything that walks a [`Parsed`] may recurse.

use std::sync::OnceLock;

use cel::common::ast::IdedExpr;
use cel::parser::PrattParser;

use super::places::Places;
use super::tokens::{Token, scan};
use crate::source::Span;

/// The longest expression in bytes.
pub const MAX_TEXT: usize = 16 << 10;

/// The deepest nesting of a syntax tree, as counted before parsing (an upper bound).
pub const MAX_DEPTH: u16 = 96;

/// What is wrong with an expression, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// Bytes within the expression's text.
    pub span: Span,
    /// The fact, without a final period.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl ExprError {
    /// An error without help.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    /// The same error with help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// An expression's syntax tree. Macros are expanded: [`super::ast`] tells them.
#[derive(Debug)]
pub struct Parsed {
    text: Box<str>,
    ast: IdedExpr,
    tokens: Box<[Token]>,
    places: OnceLock<Places>,
}

impl Parsed {
    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root of the tree. Node ids count from 1 and are those that the span methods take.
    pub fn ast(&self) -> &IdedExpr {
        &self.ast
    }

    /// All that belongs to a node: operands, brackets and arguments included.
    pub fn span(&self, id: u64) -> Span {
        self.places().full(id)
    }

    /// The token that made a node: the operator of an operation, the dot of a selection, the
    /// opening bracket of a method call.
    pub fn token(&self, id: u64) -> Span {
        self.places().token(id)
    }

    /// The name that a node speaks of: the field of a selection, the name of a function or of a
    /// method, the identifier itself; else the node's token.
    pub fn name_span(&self, id: u64) -> Span {
        self.places().name(id)
    }

    /// The places are found when the first is asked for: an expression that loads without errors
    /// and never fails needs none.
    fn places(&self) -> &Places {
        self.places
            .get_or_init(|| Places::find(&self.text, &self.ast, &self.tokens))
    }
}

/// Parses one expression.
pub fn parse(text: &str) -> Result<Parsed, Vec<ExprError>> {
    let tokens = scan(text)?;
    let ast = parser()
        .parse(text)
        .map_err(|errors| translate(text, &tokens, &errors.errors))?;
    Ok(Parsed {
        text: text.into(),
        ast,
        tokens: tokens.into(),
        places: OnceLock::new(),
    })
}

/// The parser as it is set up for every expression.
pub(super) fn parser() -> PrattParser {
    PrattParser::new()
        .enable_optional_syntax(true)
        .enable_ident_escape_syntax(true)
        .max_recursion_depth(MAX_DEPTH)
        .error_recovery_limit(8)
}

fn translate(text: &str, tokens: &[Token], errors: &[cel::ParseError]) -> Vec<ExprError> {
    let mut translated: Vec<ExprError> = Vec::new();
    for error in errors {
        let span = error
            .source_info
            .as_ref()
            .and_then(|info| info.offset_for(error.expr_id))
            .map_or_else(
                || at_position(text, tokens, error.pos),
                |(start, end)| Span::new(start, end),
            );
        let error = explain(text, tokens, span, &error.msg);
        // The parser goes on after an error; what it then says of the same place adds nothing.
        if translated.iter().all(|known| known.span != error.span) {
            translated.push(error);
        }
    }
    if translated.is_empty() {
        let all = Span::from_range(&(0..text.len()));
        translated.push(ExprError::new(all, "this is no expression"));
    }
    translated
}

/// The token at a line and a byte column, both from 1.
fn at_position(text: &str, tokens: &[Token], (line, column): (isize, isize)) -> Span {
    let line = usize::try_from(line).unwrap_or(0).saturating_sub(1);
    let column = usize::try_from(column).unwrap_or(0).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let at = Span::from_range(&(start + column..text.len())).start;
    let token = tokens
        .iter()
        .map(|token| token.span)
        .find(|span| span.end > at);
    token.unwrap_or_else(|| Span::from_range(&(text.len()..text.len())))
}

/// The parser's message in the words of policies, with what to do where that is known.
fn explain(text: &str, tokens: &[Token], span: Span, said: &str) -> ExprError {
    let found = text.get(span.range()).unwrap_or_default();
    let before = tokens
        .iter()
        .rev()
        .find(|token| token.span.end <= span.start)
        .and_then(|token| text.get(token.span.range()));
    if said.contains("simple name") {
        return ExprError::new(span, "the first argument must be a plain name")
            .with_help("name the element: `list.all(x, x > 0)`");
    }
    if said.contains("invalid argument to has()") {
        return ExprError::new(span, "`has()` takes a path that ends in a key")
            .with_help("write `has(item.key)`; for an index or a value use `blank(...)`");
    }
    if let Some(word) = said.strip_prefix("reserved identifier: ") {
        return ExprError::new(span, format!("`{word}` is a reserved word"))
            .with_help(format!("to read a key of that name write `item.{word}`"));
    }
    for kind in ["int", "uint", "double"] {
        if said == format!("invalid {kind} literal") {
            return ExprError::new(span, format!("`{found}` is out of the range of {kind}"));
        }
    }
    if said.contains("quoted identifier") {
        return ExprError::new(span, "backticks quote a key after a dot, and nothing else")
            .with_help("write `` item.`f1-score` ``");
    }
    if said.contains("unescape") || said.contains("code point") {
        return ExprError::new(span, "an escape in this text is not valid")
            .with_help("write `\\\\` for a backslash, or put `r` before the opening quote");
    }
    if found.is_empty() || span.start as usize >= text.len() {
        return match before {
            Some(token) => ExprError::new(span, format!("the expression ends after `{token}`")),
            None => ExprError::new(span, "the expression is empty")
                .with_help("write what must hold, such as `item.value > 0`"),
        };
    }
    let error = match before {
        Some(token) => ExprError::new(span, format!("unexpected `{found}` after `{token}`")),
        None => ExprError::new(span, format!("unexpected `{found}`")),
    };
    match found {
        "=" => error.with_help("write `==` to compare"),
        "and" => error.with_help("write `&&`"),
        "or" => error.with_help("write `||`"),
        "not" => error.with_help("write `!`"),
        _ if before == Some("not") => error.with_help("write `!` for `not`"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_error(text: &str) -> String {
        let error = parse(text).unwrap_err().remove(0);
        let at = text.get(error.span.range()).unwrap();
        let help = error.help.map(|h| format!(" ({h})")).unwrap_or_default();
        format!("{at:?}: {}{help}", error.message)
    }

    #[test]
    fn errors_say_where_and_what_to_do() {
        for (text, want) in [
            (
                "",
                r#""": the expression is empty (write what must hold, such as `item.value > 0`)"#,
            ),
            (
                "a = 1",
                r#""=": unexpected `=` after `a` (write `==` to compare)"#,
            ),
            (
                "a and b",
                r#""and": unexpected `and` after `a` (write `&&`)"#,
            ),
            ("a &", r#""&": unexpected single `&` (write `&&`)"#),
            ("a +", r#""": the expression ends after `+`"#),
            ("é", r#""é": unexpected character `é` (put text in quotes)"#),
            (
                "x.all(a.b, true)",
                r#"".": the first argument must be a plain name (name the element: `list.all(x, x > 0)`)"#,
            ),
            ("f(a", r#""(": this `(` is never closed"#),
            ("a)", r#"")": this `)` was never opened"#),
            (
                "'a",
                r#""'a": this text is never closed (add the closing quote)"#,
            ),
            (
                "99999999999999999999",
                r#""99999999999999999999": `99999999999999999999` is out of the range of int"#,
            ),
        ] {
            assert_eq!(first_error(text), want, "{text}");
        }
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "  (item.a + 2) * days(item.b.c) <= x[0].size() && has(a.b) // note";
        let parsed = parse(text).unwrap();
        let places = parsed.places();
        let mut seen: Vec<&str> = (1..places.len())
            .map(|id| &text[places.full(id as u64).range()])
            .collect();
        seen.sort_unstable();
        seen.dedup();
        for part in [
            "(item.a + 2) * days(item.b.c) <= x[0].size() && has(a.b)",
            "(item.a + 2) * days(item.b.c)",
            "days(item.b.c)",
            "item.b.c",
            "x[0].size()",
            "x[0]",
            "has(a.b)",
        ] {
            assert!(seen.contains(&part), "{part}: {seen:?}");
        }
    }

    #[test]
    fn hostile_texts_are_refused_not_survived() {
        let deep = |open: &str, close: &str| {
            let text = format!("{}1{}", open.repeat(1000), close.repeat(1000));
            assert!(first_error(&text).contains("nested"), "{open}");
        };
        deep("(", ")");
        deep("[", "]");
        deep("{1:", "}");
        deep("f(", ")");
        deep("!-", "");
        deep("a ? 1 : ", "");
        deep("x[", "]");
        deep("", ".b");
        deep("", " + 1");
        deep("", ".f(1)");
        deep("a.all(x, ", ")");
        let long = format!("'{}'", "x".repeat(MAX_TEXT));
        assert!(parse(&long).unwrap_err()[0].message.contains("longer"));
        // Long, but flat.
        assert!(parse(&format!("x in [{}1]", "'abc', ".repeat(2000))).is_ok());
        assert!(parse(&format!("{}true", "a.b == 'c' || ".repeat(1000))).is_ok());
    }

    #[test]
    fn the_deepest_that_is_taken_can_be_walked_and_dropped() {
        for (open, close) in [
            ("(", ")"),
            ("f(", ")"),
            ("", ".b"),
            ("!-", ""),
            ("1 ? 1 : ", ""),
            ("a.all(x, ", ")"),
            ("{1:", "}"),
            ("1 + (", ")"),
        ] {
            let deepest = (1..=usize::from(MAX_DEPTH))
                .filter_map(|n| parse(&format!("{}1{}", open.repeat(n), close.repeat(n))).ok())
                .next_back()
                .unwrap();
            let _ = deepest.span(1);
            let copy = deepest.ast().clone();
            assert_eq!(&copy, deepest.ast());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"([a-c.\[\](){}?:!+\-*/%<>=&|,"'`\\ \n0-9ubré]|all|exists|map|has|filter|in|\.all\(x, |has\(){0,60}"#) {
            if let Ok(parsed) = parse(&text) {
                for id in 0..parsed.places().len() {
                    let span = parsed.span(id as u64);
                    assert!(text.get(span.range()).is_some());
                }
            }
        }
    }
}

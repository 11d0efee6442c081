//! Messages with `{expression}` in them.

use crate::source::Span;

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'m> {
    /// Text, braces unescaped.
    Text(String),
    /// An expression, and where in the message it stands.
    Expression(&'m str, Span),
}

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    /// The bytes within the message.
    pub(crate) span: Span,
    /// The fact.
    pub(crate) message: &'static str,
    /// The next action.
    pub(crate) help: &'static str,
}

const ESCAPE: &str = "A brace that is meant as such is written twice: `{{` or `}}`";

/// Splits a message at its expressions. `{{` and `}}` are braces; braces and quotes inside an
/// expression are its own.
pub(crate) fn split(message: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    let error = |at: usize, to: usize, message| TemplateError {
        span: Span::from_range(&(at..to)),
        message,
        help: ESCAPE,
    };
    while let Some(rest) = message.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            text.extend(rest.chars().next());
            at += 2;
        } else if rest.starts_with('}') {
            return Err(error(at, at + 1, "`}` closes nothing"));
        } else if let Some(inner) = rest.strip_prefix('{') {
            let Some(length) = expression_end(inner) else {
                return Err(error(at, message.len(), "`{` is not closed"));
            };
            let expression = inner.get(..length).unwrap_or_default();
            if expression.trim().is_empty() {
                return Err(error(
                    at,
                    at + length + 2,
                    "there is no expression in the braces",
                ));
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            let span = Span::from_range(&(at + 1..at + 1 + length));
            pieces.push(Piece::Expression(expression, span));
            at += length + 2;
        } else {
            let length = rest.find(['{', '}']).unwrap_or(rest.len());
            text.push_str(rest.get(..length).unwrap_or_default());
            at += length;
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

/// The byte of the brace that closes the expression at the beginning of `text`.
fn expression_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece<'_> {
        Piece::Text(text.into())
    }

    #[test]
    fn expressions_and_escapes() {
        assert_eq!(
            split("`{item.name}` is {{kept}} for {x[\"}\"]}{ {'a': 1}.a }"),
            Ok(vec![
                text("`"),
                Piece::Expression("item.name", Span::new(2, 11)),
                text("` is {kept} for "),
                Piece::Expression("x[\"}\"]", Span::new(31, 37)),
                Piece::Expression(" {'a': 1}.a ", Span::new(39, 51)),
            ])
        );
        assert_eq!(split("plain é"), Ok(vec![text("plain é")]));
    }

    #[test]
    fn broken_messages_say_where() {
        let error = |message| {
            let error = split(message).unwrap_err();
            (error.span, error.message)
        };
        assert_eq!(error("a {b"), (Span::new(2, 4), "`{` is not closed"));
        assert_eq!(error("a } b"), (Span::new(2, 3), "`}` closes nothing"));
        assert_eq!(
            error("a { }"),
            (Span::new(2, 5), "there is no expression in the braces")
        );
    }
}

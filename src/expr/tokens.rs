//! A scan of an expression's tokens before it is parsed: what the lexer refuses, brackets that do
//! not match, and nesting that is too deep.

use cel::parser::pratt_parser::{Lexer, TokenKind};

use super::parse::{ExprError, MAX_DEPTH, MAX_TEXT};
use crate::source::Span;

/// One token; whitespace and comments are left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// For a bracket, the index of its partner.
    pub(super) partner: u32,
}

/// The tokens of a text that may safely be parsed.
pub(super) fn scan(text: &str) -> Result<Vec<Token>, Vec<ExprError>> {
    if text.len() > MAX_TEXT {
        let end = Span::from_range(&(0..0));
        let message = format!("the expression is longer than {MAX_TEXT} bytes");
        return Err(vec![
            ExprError::new(end, message).with_help("split it into several requirements"),
        ]);
    }
    let mut tokens = lex(text).map_err(|error| vec![error])?;
    match_brackets(text, &mut tokens).map_err(|error| vec![error])?;
    check_depth(&tokens).map_err(|error| vec![error])?;
    Ok(tokens)
}

fn lex(text: &str) -> Result<Vec<Token>, ExprError> {
    let mut lexer = Lexer::new(text);
    let mut tokens = Vec::with_capacity(text.len() / 3);
    loop {
        let token = lexer.lex();
        match token.kind {
            TokenKind::TokEnd => return Ok(tokens),
            TokenKind::TokWhitespace | TokenKind::TokComment => {}
            TokenKind::TokError => {
                let said = lexer.get_error().map_or("", |error| error.message.as_str());
                return Err(lexical(text, token.start, token.end, said));
            }
            kind => tokens.push(Token {
                kind,
                span: Span::from_range(&(token.start..token.end)),
                partner: 0,
            }),
        }
    }
}

fn lexical(text: &str, start: usize, end: usize, said: &str) -> ExprError {
    // The lexer counts bytes and may stop inside a character.
    let floor = (0..=start).rev().find(|&at| text.is_char_boundary(at));
    let ceil = (end..=text.len()).find(|&at| text.is_char_boundary(at));
    let span = Span::from_range(&(floor.unwrap_or(0)..ceil.unwrap_or(text.len())));
    let found = text.get(span.range()).unwrap_or_default();
    if said.contains("unterminated quoted") {
        return ExprError::new(span, "this backtick is never closed");
    }
    if said.contains("unterminated") {
        return ExprError::new(span, "this text is never closed")
            .with_help("add the closing quote");
    }
    match found {
        "&" => ExprError::new(span, "unexpected single `&`").with_help("write `&&`"),
        "|" => ExprError::new(span, "unexpected single `|`").with_help("write `||`"),
        _ if said == "unexpected character" => {
            ExprError::new(span, format!("unexpected character `{found}`"))
                .with_help("put text in quotes")
        }
        _ => ExprError::new(span, format!("`{found}` is no number"))
            .with_help("put text in quotes; quote a key that is no name by backticks"),
    }
}

fn closes(kind: TokenKind) -> Option<TokenKind> {
    match kind {
        TokenKind::TokRightParen => Some(TokenKind::TokLeftParen),
        TokenKind::TokRightBracket => Some(TokenKind::TokLeftBracket),
        TokenKind::TokRightBrace => Some(TokenKind::TokLeftBrace),
        _ => None,
    }
}

fn opens(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::TokLeftParen | TokenKind::TokLeftBracket | TokenKind::TokLeftBrace
    )
}

fn match_brackets(text: &str, tokens: &mut [Token]) -> Result<(), ExprError> {
    let written = |span: Span| text.get(span.range()).unwrap_or_default();
    let mut open: Vec<(usize, Token)> = Vec::new();
    for index in 0..tokens.len() {
        let Some(&token) = tokens.get(index) else {
            continue;
        };
        if opens(token.kind) {
            open.push((index, token));
        } else if let Some(opening) = closes(token.kind) {
            let partner = open.pop().filter(|(_, partner)| partner.kind == opening);
            let Some((partner, _)) = partner else {
                let bracket = written(token.span);
                let message = format!("this `{bracket}` was never opened");
                return Err(ExprError::new(token.span, message));
            };
            for (from, to) in [(index, partner), (partner, index)] {
                if let Some(token) = tokens.get_mut(from) {
                    token.partner = u32::try_from(to).unwrap_or(0);
                }
            }
        }
    }
    match open.pop() {
        None => Ok(()),
        Some((_, token)) => {
            let bracket = written(token.span);
            let message = format!("this `{bracket}` is never closed");
            Err(ExprError::new(token.span, message))
        }
    }
}

/// How deep the tree below one pair of brackets may be, so far.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Ternaries of the current argument: each holds all that follows it.
    ternaries: usize,
    /// `&&` and `||` of the current argument, which the parser balances.
    logical: usize,
    /// Operators of the current operand of `&&` or `||`, closed brackets included.
    operand: usize,
    /// The deepest finished argument or operand.
    deepest: usize,
}

impl Level {
    fn logical_depth(self) -> usize {
        match self.logical {
            0 => 0,
            // Alternating `&&` and `||` makes two balanced trees.
            n => 2 * (n.ilog2() as usize + 1),
        }
    }

    fn depth(self) -> usize {
        self.ternaries + self.logical_depth() + self.operand.max(self.deepest)
    }

    fn end_operand(&mut self) {
        self.deepest = self.deepest.max(self.operand);
        self.operand = 0;
    }

    fn end_argument(&mut self) {
        self.deepest = self.depth();
        (self.ternaries, self.logical, self.operand) = (0, 0, 0);
    }
}

fn check_depth(tokens: &[Token]) -> Result<(), ExprError> {
    let mut outer: Vec<(Level, usize)> = Vec::new();
    let mut enclosing = 0;
    let mut level = Level::default();
    for token in tokens {
        match token.kind {
            kind if opens(kind) => {
                level.operand += 1;
                outer.push((level, enclosing));
                enclosing += level.ternaries + level.logical_depth() + level.operand;
                level = Level::default();
            }
            kind if closes(kind).is_some() => {
                let inner = level.depth();
                if let Some((before, around)) = outer.pop() {
                    level = before;
                    enclosing = around;
                }
                level.operand += inner;
            }
            TokenKind::TokComma => level.end_argument(),
            TokenKind::TokQuestion => {
                level.ternaries += 1;
                level.end_operand();
            }
            TokenKind::TokLogicalAnd | TokenKind::TokLogicalOr => {
                level.logical += 1;
                level.end_operand();
            }
            TokenKind::TokColon => level.end_operand(),
            TokenKind::TokDot
            | TokenKind::TokIn
            | TokenKind::TokMinus
            | TokenKind::TokPlus
            | TokenKind::TokAsterisk
            | TokenKind::TokSlash
            | TokenKind::TokPercent
            | TokenKind::TokExclamation
            | TokenKind::TokEqualEqual
            | TokenKind::TokExclamationEqual
            | TokenKind::TokLess
            | TokenKind::TokLessEqual
            | TokenKind::TokGreater
            | TokenKind::TokGreaterEqual => level.operand += 1,
            _ => {}
        }
        if enclosing + level.depth() > usize::from(MAX_DEPTH) {
            let message = format!("the expression is nested deeper than {MAX_DEPTH} levels");
            return Err(
                ExprError::new(token.span, message).with_help("split it into several requirements")
            );
        }
    }
    Ok(())
}

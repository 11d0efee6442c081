//! Where each node of a syntax tree stands in the text.

use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use cel::parser::pratt_parser::TokenKind;

use super::parse::parser;
use super::tokens::Token;
use crate::source::Span;

/// Spans by node id.
#[derive(Debug)]
pub(super) struct Places {
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    token: Span,
    full: Span,
    name: Span,
}

impl Places {
    /// Finds the places of a tree that was parsed from this text.
    ///
    /// The parser hands out its table of offsets only with an error. Node ids depend on the text
    /// before a node alone, so the text is parsed once more with an error behind its end.
    pub(super) fn find(text: &str, ast: &IdedExpr, tokens: &[Token]) -> Self {
        let failing = format!("{text}\n)");
        let offsets = parser().parse(&failing).err().and_then(|errors| {
            errors
                .errors
                .into_iter()
                .find_map(|error| error.source_info)
        });
        let mut finder = Finder {
            tokens,
            places: Vec::new(),
        };
        let end = Span::from_range(&(text.len()..text.len()));
        for id in 1.. {
            let offset = offsets.as_ref().and_then(|info| info.offset_for(id));
            let Some((start, stop)) = offset else {
                break;
            };
            let token = Span::new(start.min(end.end), stop.min(end.end));
            finder.set(
                id,
                Place {
                    token,
                    full: token,
                    name: token,
                },
            );
        }
        finder.visit(ast);
        Self {
            places: finder.places,
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    fn place(&self, id: u64) -> Place {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        self.places.get(index).copied().unwrap_or_default()
    }

    pub(super) fn token(&self, id: u64) -> Span {
        self.place(id).token
    }

    pub(super) fn full(&self, id: u64) -> Span {
        self.place(id).full
    }

    pub(super) fn name(&self, id: u64) -> Span {
        self.place(id).name
    }
}

struct Finder<'a> {
    tokens: &'a [Token],
    places: Vec<Place>,
}

impl Finder<'_> {
    fn set(&mut self, id: u64, place: Place) {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        if index >= self.places.len() && index < (1 << 20) {
            self.places.resize(index + 1, Place::default());
        }
        if let Some(slot) = self.places.get_mut(index) {
            *slot = place;
        }
    }

    fn get(&self, id: u64) -> Place {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        self.places.get(index).copied().unwrap_or_default()
    }

    /// Finds the full span of a node and of all below it.
    fn visit(&mut self, node: &IdedExpr) -> Span {
        let mut place = self.get(node.id);
        let mut full = place.token;
        match &node.expr {
            Expr::Unspecified => {}
            Expr::Literal(_) => full = self.signed(full),
            Expr::Ident(_) => full = self.leading_dot(full),
            Expr::Select(select) => {
                full = full.to(self.visit(&select.operand));
                if select.test {
                    full = self.call(place.token, full);
                } else {
                    place.name = self.after(place.token);
                    full = full.to(place.name);
                }
            }
            Expr::Call(call) => {
                if let Some(target) = &call.target {
                    place.name = self.before(place.token);
                    full = full.to(self.visit(target));
                }
                for arg in &call.args {
                    full = full.to(self.visit(arg));
                }
                full = self.call(place.token, full);
            }
            Expr::List(list) => {
                for element in &list.elements {
                    full = full.to(self.visit(element));
                }
                full = self.call(place.token, full);
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    full = full.to(self.entry(entry.id, &entry.expr));
                }
                full = self.call(place.token, full);
            }
            Expr::Struct(message) => {
                for entry in &message.entries {
                    full = full.to(self.entry(entry.id, &entry.expr));
                }
            }
            Expr::Comprehension(fold) => {
                place.name = self.before(place.token);
                full = full.to(self.visit(&fold.iter_range));
                self.visit(&fold.accu_init);
                self.visit(&fold.loop_cond);
                full = full.to(self.visit(&fold.loop_step));
                self.visit(&fold.result);
                full = self.call(place.token, full);
            }
        }
        place.full = self.balance(full);
        self.set(node.id, place);
        place.full
    }

    fn entry(&mut self, id: u64, entry: &EntryExpr) -> Span {
        let mut place = self.get(id);
        let full = match entry {
            EntryExpr::StructField(field) => self.visit(&field.value),
            EntryExpr::MapEntry(entry) => {
                let key = self.visit(&entry.key);
                key.to(self.visit(&entry.value))
            }
        };
        place.full = self.balance(place.token.to(full));
        self.set(id, place);
        place.full
    }

    /// The index of the token that begins at a byte.
    fn index(&self, start: u32) -> Option<usize> {
        self.tokens
            .binary_search_by_key(&start, |token| token.span.start)
            .ok()
    }

    fn at(&self, index: Option<usize>) -> Option<Token> {
        self.tokens.get(index?).copied()
    }

    fn after(&self, token: Span) -> Span {
        let next = self.index(token.start).map(|index| index + 1);
        let next = self.at(next).map_or(token, |token| token.span);
        // `a.?b`: the question mark is a token of its own.
        if next.len() == 1
            && self.at(self.index(next.start)).map(|t| t.kind) == Some(TokenKind::TokQuestion)
        {
            return self.after(next);
        }
        next
    }

    fn before(&self, token: Span) -> Span {
        let before = self
            .index(token.start)
            .and_then(|index| index.checked_sub(1));
        self.at(before).map_or(token, |token| token.span)
    }

    /// `.a`: an absolute name begins at its dot, and its token is the dot alone.
    fn leading_dot(&self, token: Span) -> Span {
        match self.at(self.index(token.start)) {
            Some(found) if found.kind == TokenKind::TokDot => token.to(self.after(token)),
            _ => token,
        }
    }

    /// `-1`: the token of a negative number is its sign alone.
    fn signed(&self, token: Span) -> Span {
        match self.at(self.index(token.start)) {
            Some(found) if found.kind == TokenKind::TokMinus => token.to(self.after(token)),
            _ => token,
        }
    }

    /// `full` with the closing bracket that belongs to this token or to the one after it.
    fn call(&self, token: Span, full: Span) -> Span {
        let index = self.index(token.start);
        let own = self.at(index);
        let next = self.at(index.map(|index| index + 1));
        let opening = match (own, next) {
            (Some(own), _) if is_opening(own.kind) => own,
            (Some(own), Some(next))
                if own.kind == TokenKind::TokIdent && next.kind == TokenKind::TokLeftParen =>
            {
                next
            }
            _ => return full,
        };
        let closing = self.at(Some(opening.partner as usize));
        closing.map_or(full, |closing| full.to(closing.span))
    }

    /// The smallest span that covers this one and holds each of its brackets' partners.
    fn balance(&self, mut span: Span) -> Span {
        let mut index = self
            .tokens
            .partition_point(|token| token.span.start < span.start);
        while let Some(token) = self.tokens.get(index).filter(|t| t.span.start < span.end) {
            let bracket = is_opening(token.kind) || is_closing(token.kind);
            let partner = bracket.then_some(token.partner as usize);
            index += 1;
            if let Some(partner) = self.at(partner) {
                if partner.span.start < span.start {
                    span = partner.span.to(span);
                    index = self
                        .tokens
                        .partition_point(|token| token.span.start < span.start);
                } else {
                    span = span.to(partner.span);
                }
            }
        }
        span
    }
}

fn is_opening(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::TokLeftParen | TokenKind::TokLeftBracket | TokenKind::TokLeftBrace
    )
}

fn is_closing(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::TokRightParen | TokenKind::TokRightBracket | TokenKind::TokRightBrace
    )
}

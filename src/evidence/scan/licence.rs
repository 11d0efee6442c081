//! Licences of components, as SPDX expressions.

/// What the licence of a component says, as an SPDX expression or a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Licence {
    /// As the list writes it.
    pub text: String,
    /// What one may choose between, each the licences that then hold together. `A OR (B AND C)` is
    /// `[[A], [B, C]]`; a name that is no expression is one choice of itself.
    pub choices: Vec<Vec<String>>,
}

/// More choices than these are not multiplied out: all licences then hold together.
const MOST_CHOICES: usize = 64;
/// Deeper brackets than these are not read: all licences then hold together.
const MOST_DEPTH: usize = 32;

impl Licence {
    /// Reads an SPDX expression. What is none is taken whole, as a name.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        let tokens = tokens(text);
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
        };
        let choices = match parser.any(0) {
            Some(choices) if parser.at == tokens.len() => choices,
            // In doubt every licence that is named holds.
            _ if tokens.iter().any(|token| is_operator(token)) => vec![
                tokens
                    .iter()
                    .filter(|token| !is_operator(token))
                    .map(|&token| token.to_owned())
                    .collect(),
            ],
            _ => vec![vec![text.to_owned()]],
        };
        Self {
            text: text.to_owned(),
            choices,
        }
    }

    /// Whether it says that nothing is known.
    pub(super) fn is_nothing(text: &str) -> bool {
        matches!(text.trim(), "" | "NOASSERTION" | "NONE")
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['(', ')']) {
            let (before, after) = rest.split_at(at);
            let (bracket, after) = after.split_at(1);
            tokens.extend((!before.is_empty()).then_some(before));
            tokens.push(bracket);
            rest = after;
        }
        tokens.extend((!rest.is_empty()).then_some(rest));
    }
    tokens
}

fn is_operator(token: &str) -> bool {
    matches!(token, "(" | ")")
        || ["AND", "OR", "WITH"]
            .iter()
            .any(|word| token.eq_ignore_ascii_case(word))
}

struct Parser<'t> {
    tokens: &'t [&'t str],
    at: usize,
}

type Choices = Vec<Vec<String>>;

impl Parser<'_> {
    fn takes(&mut self, word: &str) -> bool {
        let next = self.tokens.get(self.at);
        let found = next.is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    /// `a OR b`: the choices of both.
    fn any(&mut self, depth: usize) -> Option<Choices> {
        let mut choices = self.all(depth)?;
        while self.takes("OR") {
            choices.extend(self.all(depth)?);
            if choices.len() > MOST_CHOICES {
                return None;
            }
        }
        Some(choices)
    }

    /// `a AND b`: each choice of one with each of the other.
    fn all(&mut self, depth: usize) -> Option<Choices> {
        let mut choices = self.one(depth)?;
        while self.takes("AND") {
            let more = self.one(depth)?;
            if choices.len().saturating_mul(more.len()) > MOST_CHOICES {
                return None;
            }
            choices = choices
                .iter()
                .flat_map(|a| more.iter().map(|b| a.iter().chain(b).cloned().collect()))
                .collect();
        }
        Some(choices)
    }

    /// A licence, with an exception or not, or a bracket.
    fn one(&mut self, depth: usize) -> Option<Choices> {
        if self.takes("(") {
            let inner = (depth < MOST_DEPTH).then(|| self.any(depth + 1))??;
            return self.takes(")").then_some(inner);
        }
        let token = self
            .tokens
            .get(self.at)
            .filter(|token| !is_operator(token))?;
        self.at += 1;
        let mut licence = (*token).to_owned();
        if self.takes("WITH") {
            let exception = self
                .tokens
                .get(self.at)
                .filter(|token| !is_operator(token))?;
            self.at += 1;
            licence = format!("{licence} WITH {exception}");
        }
        Some(vec![vec![licence]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_choices_of_licences_that_hold_together() {
        for (text, choices) in [
            ("MIT", "MIT"),
            ("MIT OR Apache-2.0", "MIT | Apache-2.0"),
            ("MIT and BSD-3-Clause", "MIT + BSD-3-Clause"),
            (
                "MIT AND (GPL-2.0-only OR BSL-1.0)",
                "MIT + GPL-2.0-only | MIT + BSL-1.0",
            ),
            ("A OR B AND C", "A | B + C"),
            (
                "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
                "GPL-2.0-only WITH Classpath-exception-2.0 | MIT",
            ),
            ("The MIT License", "The MIT License"),
            ("MIT OR", "MIT"),
            ("(MIT OR GPL-3.0-only", "MIT + GPL-3.0-only"),
        ] {
            let read = Licence::of(text);
            let shown: Vec<_> = read.choices.iter().map(|all| all.join(" + ")).collect();
            assert_eq!(shown.join(" | "), choices, "{text}");
        }
    }

    #[test]
    fn what_is_too_much_to_multiply_out_all_holds_together() {
        let much = vec!["(A OR B)"; 20].join(" AND ");
        assert_eq!(Licence::of(&much).choices.len(), 1);
        let deep = format!("{}A OR B{}", "(".repeat(100), ")".repeat(100));
        assert_eq!(Licence::of(&deep).choices, [["A", "B"]]);
    }
}

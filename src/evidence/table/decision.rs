//! The values of label and prediction: which is the favourable one, and what others occur.

use super::request::Literal;

/// A cell, by what it equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// The bits of a number; those of 0 for -0.
    Number(u64),
    /// True or false.
    Bool(bool),
    /// Anything else.
    Text(Box<str>),
}

impl Value {
    pub(super) fn new(text: &str) -> Self {
        if let Some(number) = short_number(text) {
            Self::Number(if number == 0.0 { 0.0 } else { number }.to_bits())
        } else if text.eq_ignore_ascii_case("true") {
            Self::Bool(true)
        } else if text.eq_ignore_ascii_case("false") {
            Self::Bool(false)
        } else {
            Self::Text(text.into())
        }
    }

    /// Of a literal; a text that reads as a number is one, since that is all a CSV file can say.
    pub(super) fn of(literal: &Literal) -> Self {
        Self::new(&literal.text())
    }

    /// The value, where it cannot be a person's; else what kind of value it is. A value that stands
    /// in many rows is a category.
    pub(super) fn shown(&self, rows: u64) -> String {
        match self {
            Self::Number(bits) => {
                let text = f64::from_bits(*bits).to_string();
                if text.len() <= 6 || rows >= 10 && text.len() <= 16 {
                    format!("`{text}`")
                } else {
                    "a long number".to_owned()
                }
            }
            Self::Bool(bool) => format!("`{bool}`"),
            Self::Text(text) => {
                let plain = !text.contains(['@', '`']) && !text.chars().any(char::is_control);
                let length = text.chars().count();
                if plain && (length <= 3 || rows >= 10 && length <= 24) {
                    format!("`{text}`")
                } else {
                    format!("a text of {length} characters")
                }
            }
        }
    }
}

/// A finite number of so few digits that a double holds it exactly, or nearly so. Ids of twenty
/// digits must not become equal by rounding.
fn short_number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits > 15 {
        return None;
    }
    number(text)
}

/// A finite number in decimal: what `f64` reads, but for its words for what is not finite.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A score or quantity: a finite number, and none whose square would not be one.
pub(super) fn quantity(cell: &[u8]) -> Option<f64> {
    sound(number(std::str::from_utf8(cell).ok()?)?)
}

/// A number that can be reckoned with.
pub(super) fn sound(number: f64) -> Option<f64> {
    (number.abs() < 1e150).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_equal_literals_by_text_by_number_and_as_booleans() {
        let equal = |cell: &str, literal: Literal| Value::new(cell) == Value::of(&literal);
        for cell in ["1", "1.0", "1e0", "01", "+1"] {
            assert!(equal(cell, Literal::Int(1)), "{cell}");
        }
        assert!(equal("-0", Literal::Int(0)));
        assert!(equal("TRUE", Literal::Bool(true)));
        assert!(equal("approved", "approved".into()));
        for (cell, literal) in [
            ("true", Literal::Int(1)),
            ("1", Literal::Bool(true)),
            ("Approved", "approved".into()),
            (" 1", Literal::Int(1)),
            ("nan", "NaN".into()),
            ("12345678901234567891", "12345678901234567892".into()),
        ] {
            assert!(!equal(cell, literal.clone()), "{cell} {literal:?}");
        }
    }

    #[test]
    fn values_that_may_be_a_persons_are_not_shown() {
        for (text, rows) in [("Maria Schmidt", 3), ("m@x.org", 50), ("4915112345678", 1)] {
            assert!(!Value::new(text).shown(rows).contains('`'), "{text}");
        }
        assert_eq!(Value::new("2").shown(1), "`2`");
        assert_eq!(Value::new("declined").shown(4000), "`declined`");
    }
}

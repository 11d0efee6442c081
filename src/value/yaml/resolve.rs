//! What a plain scalar means: the core schema of YAML 1.2.

/// A plain scalar under the core schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// An integer outside the range of `i64`, as the nearest float.
    Wide(f64),
    /// A number that is too large even for a float.
    TooLarge,
    String,
}

/// Resolves a plain scalar. `yes`, `no`, `on`, `off` are strings, as are dates.
pub(super) fn resolve(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else {
        return Plain::Null;
    };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => Plain::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Plain::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Plain::Bool(false),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => Plain::String,
    }
}

/// A number of the core schema; [`Plain::String`] if the text is none.
pub(super) fn number(text: &str) -> Plain {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return based(digits, radix);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Plain::Float(if text.starts_with('-') {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            });
        }
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => {
            return Plain::Float(f64::NAN);
        }
        _ => {}
    }
    let after_digits = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
    if after_digits.is_empty() && !unsigned.is_empty() {
        return match text.parse() {
            Ok(value) => Plain::Int(value),
            Err(_) => float(text, Plain::Wide),
        };
    }
    if is_float(unsigned) {
        float(text, Plain::Float)
    } else {
        Plain::String
    }
}

fn based(digits: &str, radix: u32) -> Plain {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Plain::String;
    }
    if let Ok(value) = i64::from_str_radix(digits, radix) {
        return Plain::Int(value);
    }
    let wide = digits.chars().fold(0.0, |value, digit| {
        value * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0))
    });
    if wide.is_finite() {
        Plain::Wide(wide)
    } else {
        Plain::TooLarge
    }
}

fn float(text: &str, kind: fn(f64) -> Plain) -> Plain {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => kind(value),
        Ok(_) => Plain::TooLarge,
        Err(_) => Plain::String,
    }
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let (_, mut rest) = unsigned.split_at(whole);
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = digits(fraction);
        if whole == 0 && len == 0 {
            return false;
        }
        rest = fraction.split_at(len).1;
    } else if whole == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let len = digits(exponent);
        if len == 0 {
            return false;
        }
        rest = exponent.split_at(len).1;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema() {
        let cases = [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("Null", Plain::Null),
            ("nULL", Plain::String),
            ("true", Plain::Bool(true)),
            ("FALSE", Plain::Bool(false)),
            ("yes", Plain::String),
            ("off", Plain::String),
            ("0", Plain::Int(0)),
            ("-12", Plain::Int(-12)),
            ("+12", Plain::Int(12)),
            ("012", Plain::Int(12)),
            ("0o17", Plain::Int(15)),
            ("0o8", Plain::String),
            ("0xfF", Plain::Int(255)),
            ("0x", Plain::String),
            ("-0x1", Plain::String),
            ("1_000", Plain::String),
            ("-", Plain::String),
            ("+", Plain::String),
            (".", Plain::String),
            ("..", Plain::String),
            ("1.10", Plain::Float(1.1)),
            ("1.", Plain::Float(1.0)),
            ("-.5", Plain::Float(-0.5)),
            ("1e3", Plain::Float(1000.0)),
            ("1.5E-1", Plain::Float(0.15)),
            ("1e", Plain::String),
            ("1.2.3", Plain::String),
            ("2026-05-02", Plain::String),
            ("inf", Plain::String),
            ("nan", Plain::String),
            (".inf", Plain::Float(f64::INFINITY)),
            ("-.INF", Plain::Float(f64::NEG_INFINITY)),
            ("-.nan", Plain::String),
            ("9223372036854775807", Plain::Int(i64::MAX)),
            (
                "9223372036854775808",
                Plain::Wide(9_223_372_036_854_775_808.0),
            ),
            (
                "0xFFFFFFFFFFFFFFFF",
                Plain::Wide(18_446_744_073_709_551_615.0),
            ),
            ("1e999", Plain::TooLarge),
            ("1٣", Plain::String),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve(text), expected, "{text}");
        }
        assert!(matches!(resolve(".NaN"), Plain::Float(value) if value.is_nan()));
        assert_eq!(resolve(&"9".repeat(400)), Plain::TooLarge);
    }
}

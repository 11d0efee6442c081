//! `text.format([args])`: printf's clauses as CEL's string extension defines them.

use std::fmt::Write as _;

use super::super::display;
use super::super::operators::{Eval, charge_bytes};
use super::super::value::{ErrorKind, EvalError, Value, View};
use super::Call;

/// More digits than a float has are zeros.
const MAX_PRECISION: usize = 100;

pub(super) fn format<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let template = call.string(0)?;
    let args = call.list(1)?;
    let mut out = String::with_capacity(template.len());
    let mut next = 0;
    let mut chars = template.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut clause = chars.next();
        if clause == Some('%') {
            out.push('%');
            continue;
        }
        let mut precision = None;
        if clause == Some('.') {
            let digits: String = chars.clone().take_while(char::is_ascii_digit).collect();
            for _ in 0..digits.len() {
                chars.next();
            }
            precision = match digits.parse() {
                Ok(digits) if digits <= MAX_PRECISION => Some(digits),
                _ => return fail(format!("a precision is a number up to {MAX_PRECISION}")),
            };
            clause = chars.next();
        }
        let Some(arg) = args.get(next) else {
            return fail("the text has more clauses than there are arguments");
        };
        next += 1;
        let wanted = match clause {
            Some('s') => {
                display::write(call.scope, &arg, &mut out)?;
                continue;
            }
            Some('d') => write_decimal(&arg, &mut out)
                .then_some("")
                .ok_or("a number"),
            Some('f') => write_fixed(&arg, precision, &mut out),
            Some('e') => write_scientific(&arg, precision, &mut out),
            Some('b') => write_binary(&arg, &mut out),
            Some('o') => write_octal(&arg, &mut out),
            Some('x') => write_hex(&arg, false, &mut out),
            Some('X') => write_hex(&arg, true, &mut out),
            Some(other) => return fail(format!("`%{other}` is no clause")),
            None => return fail("the text ends within a clause"),
        };
        if let Err(wanted) = wanted {
            return Err(Box::new(EvalError::mistyped(&arg, wanted)));
        }
        charge_bytes(call.scope, out.len() / 8)?;
    }
    Ok(Value::string(out))
}

fn fail<'a, T>(message: impl Into<String>) -> Eval<'a, T> {
    Err(Box::new(EvalError::new(ErrorKind::Invalid, message)))
}

type Written = Result<&'static str, &'static str>;

fn write_decimal(arg: &Value<'_>, out: &mut String) -> bool {
    let number = matches!(arg.view(), View::Int(_) | View::Uint(_) | View::Double(_));
    if number {
        out.push_str(&display::scalar(arg));
    }
    number
}

fn write_fixed(arg: &Value<'_>, precision: Option<usize>, out: &mut String) -> Written {
    let number = arg.as_f64().ok_or("a number")?;
    if number.is_finite() {
        let _ = write!(out, "{number:.*}", precision.unwrap_or(6));
    } else {
        out.push_str(&display::double(number));
    }
    Ok("")
}

fn write_scientific(arg: &Value<'_>, precision: Option<usize>, out: &mut String) -> Written {
    let number = arg.as_f64().ok_or("a number")?;
    if !number.is_finite() {
        out.push_str(&display::double(number));
        return Ok("");
    }
    let text = format!("{number:.*e}", precision.unwrap_or(6));
    // Rust writes `e3` and `e-3`, the clause two digits at least and always a sign.
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    let _ = write!(out, "{mantissa}e{sign}{digits:0>2}");
    Ok("")
}

fn write_binary(arg: &Value<'_>, out: &mut String) -> Written {
    let _ = match arg.view() {
        View::Bool(value) => write!(out, "{}", u8::from(value)),
        View::Int(value) if value < 0 => write!(out, "-{:b}", value.unsigned_abs()),
        View::Int(value) => write!(out, "{value:b}"),
        View::Uint(value) => write!(out, "{value:b}"),
        _ => return Err("an integer or a boolean"),
    };
    Ok("")
}

fn write_octal(arg: &Value<'_>, out: &mut String) -> Written {
    let _ = match arg.view() {
        View::Int(value) if value < 0 => write!(out, "-{:o}", value.unsigned_abs()),
        View::Int(value) => write!(out, "{value:o}"),
        View::Uint(value) => write!(out, "{value:o}"),
        _ => return Err("an integer"),
    };
    Ok("")
}

fn write_hex(arg: &Value<'_>, upper: bool, out: &mut String) -> Written {
    let mut text = String::new();
    let bytes = match arg.view() {
        View::String(text) => Some(text.as_bytes()),
        View::Bytes(bytes) => Some(bytes),
        _ => None,
    };
    match (bytes, arg.view()) {
        (Some(bytes), _) => {
            for byte in bytes {
                let _ = write!(text, "{byte:02x}");
            }
        }
        (None, View::Int(value)) => {
            let sign = if value < 0 { "-" } else { "" };
            let _ = write!(text, "{sign}{:x}", value.unsigned_abs());
        }
        (None, View::Uint(value)) => {
            let _ = write!(text, "{value:x}");
        }
        _ => return Err("an integer, a string or bytes"),
    }
    if upper {
        text.make_ascii_uppercase();
    }
    out.push_str(&text);
    Ok("")
}

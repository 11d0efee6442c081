//! Check digits: whether a number is what it says of itself.
//!
//! The schemes are those of the standards, by their names; a national id is one of them, or a sum of
//! weighted digits that a policy writes down as data.

use super::super::operators::Eval;
use super::super::value::{Value, View};
use super::{Call, Native};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("check_digit", 2) => check_digit,
        ("weighted_sum", 2) => weighted_sum,
        _ => return None,
    })
}

/// `check_digit(text, scheme)`: whether a number ends in the check characters that its scheme asks
/// for. Separators (space, `-`, `.`, `/`) are passed over; any other character that the scheme does
/// not know makes it false.
fn check_digit<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let (text, name) = (call.string(0)?, call.string(1)?);
    match scheme(name) {
        Some(holds) => Ok(Value::Bool(
            values(text).is_some_and(|values| holds(&values)),
        )),
        None => call.invalid(1, format!("`{name}` is no scheme of check digits")),
    }
}

/// `weighted_sum(text, weights)`: the sum of the digits of a number, each times its weight, from the
/// left. Separators are passed over.
fn weighted_sum<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let digits = values(call.string(0)?).filter(|digits| digits.iter().all(|digit| *digit < 10));
    let Some(digits) = digits else {
        return call.invalid(0, "holds more than digits and separators");
    };
    let weights = call.list(1)?;
    if digits.len() != weights.len() {
        let (has, wanted) = (digits.len(), weights.len());
        return call.invalid(
            0,
            format!("has {has} digits, and there are {wanted} weights"),
        );
    }
    let mut sum = 0_i64;
    for (index, digit) in digits.iter().enumerate() {
        let View::Int(weight) = weights.at(index).view() else {
            return call.mistyped(1, "a list of integers");
        };
        let product = i64::from(*digit).checked_mul(weight);
        sum = match product.and_then(|product| sum.checked_add(product)) {
            Some(sum) => sum,
            None => return call.invalid(1, "holds weights that are too large"),
        };
    }
    Ok(Value::Int(sum))
}

/// Whether the values of characters hold together.
type Scheme = fn(&[u32]) -> bool;

/// The scheme of a name.
pub(in crate::expr) fn scheme(name: &str) -> Option<Scheme> {
    let found = SCHEMES.iter().find(|(known, _)| *known == name);
    found.map(|(_, holds)| *holds)
}

/// The names of the schemes.
pub(in crate::expr) fn schemes() -> impl Iterator<Item = &'static str> {
    SCHEMES.iter().map(|(name, _)| *name)
}

const SCHEMES: [(&str, Scheme); 7] = [
    ("luhn", luhn),
    ("verhoeff", verhoeff),
    // ISO/IEC 7064, pure systems: MOD 11-2 (ORCID, ISNI, the Chinese resident id), MOD 37-2
    // (ISBT 128), MOD 97-10 (IBAN with its first four characters at the end, LEI).
    ("mod11-2", |values| pure(&ten_is_x(values), 11, 2, 10)),
    ("mod37-2", |values| pure(values, 37, 2, 36)),
    ("mod97-10", |values| pure(values, 97, 10, 36)),
    // ISO/IEC 7064, hybrid systems: MOD 11,10 (the German tax id), MOD 37,36 (GRid).
    ("mod11-10", |values| hybrid(values, 10)),
    ("mod37-36", |values| hybrid(values, 36)),
];

/// The value of each character: digits, letters from 10 on, `*` as 36; `None` if there is another.
fn values(text: &str) -> Option<Vec<u32>> {
    text.chars()
        .filter(|character| !matches!(character, ' ' | '-' | '.' | '/'))
        .map(|character| match character {
            '*' => Some(36),
            _ => character.to_digit(36),
        })
        .collect()
}

/// ISO/IEC 7812-1, annex B: from the right, every second digit is doubled and its digits are added
/// up; the sum is a multiple of ten.
fn luhn(values: &[u32]) -> bool {
    let doubled = |(place, value): (usize, &u32)| match (place % 2, value * 2) {
        (0, _) => *value,
        (_, double) if double > 9 => double - 9,
        (_, double) => double,
    };
    let sum: u32 = values.iter().rev().enumerate().map(doubled).sum();
    values.len() > 1 && values.iter().all(|value| *value < 10) && sum.is_multiple_of(10)
}

/// J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29 (1969): digits are
/// permuted by their places and multiplied in the dihedral group of order ten.
fn verhoeff(values: &[u32]) -> bool {
    const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permuted = |value: u32| PERMUTATION.get(value as usize).copied().unwrap_or(0);
    let product = |left: u32, right: u32| {
        let (a, b) = (left % 5, right % 5);
        let turned = if left < 5 { a + b } else { 5 + a - b };
        turned % 5 + if (left < 5) == (right < 5) { 0 } else { 5 }
    };
    let checked = values
        .iter()
        .rev()
        .enumerate()
        .fold(0, |sum, (place, value)| {
            let digit = (0..place % 8).fold(*value, |digit, _| permuted(digit));
            product(sum, digit)
        });
    values.len() > 1 && values.iter().all(|value| *value < 10) && checked == 0
}

/// A pure system of ISO/IEC 7064: the number, read to the base of `radix`, leaves one. The supplement,
/// `last`, may stand at the end alone; in a decimal system a letter counts as the two digits of its
/// value.
fn pure(values: &[u32], modulus: u32, radix: u32, last: u32) -> bool {
    let Some((end, before)) = values.split_last() else {
        return false;
    };
    let decimal = radix == 10;
    let fits = before.iter().all(|value| *value < last) && *end <= last && (!decimal || *end < 10);
    let sum = values.iter().fold(0, |sum, value| {
        let shift = if decimal && *value > 9 { 100 } else { radix };
        (sum * shift + value) % modulus
    });
    fits && values.len() > 1 && sum == 1
}

/// MOD 11-2 writes ten as X, at the end; no other letter is one of its characters.
fn ten_is_x(values: &[u32]) -> Vec<u32> {
    let written = |value: &u32| match *value {
        33 => 10,
        value if value > 9 => u32::from(u16::MAX),
        value => value,
    };
    values.iter().map(written).collect()
}

/// A hybrid system of ISO/IEC 7064, MOD `modulus` + 1, `modulus`.
fn hybrid(values: &[u32], modulus: u32) -> bool {
    let Some((end, before)) = values.split_last() else {
        return false;
    };
    let carried = before.iter().fold(modulus, |carried, value| {
        let sum = match (carried + value) % modulus {
            0 => modulus,
            sum => sum,
        };
        sum * 2 % (modulus + 1)
    });
    let fits = values.iter().all(|value| *value < modulus);
    fits && !before.is_empty() && (carried + end) % modulus == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that the standards, or those who issue such numbers, print as examples.
    const PUBLISHED: [(&str, &[&str]); 7] = [
        (
            "luhn",
            // Test numbers of card networks; the example of ISO/IEC 7812-1.
            &[
                "4111 1111 1111 1111",
                "5555555555554444",
                "378282246310005",
                "79927398713",
            ],
        ),
        ("verhoeff", &["2363", "1428570"]),
        (
            "mod11-2",
            &[
                "07940",
                "0000-0002-1825-0097",
                "0000-0002-1694-233X",
                "11010519491231002X",
            ],
        ),
        ("mod37-2", &["G123498654321H"]),
        (
            "mod97-10",
            &[
                "79444",
                "370400440532013000DE89",
                "WEST12345698765432GB82",
                "506700GE1G29325QX363",
            ],
        ),
        ("mod11-10", &["07945", "86095742719"]),
        ("mod37-36", &["A1-2425GABC1234002-M"]),
    ];

    fn holds(name: &str, text: &str) -> bool {
        let scheme = scheme(name).unwrap();
        values(text).is_some_and(|values| scheme(&values))
    }

    #[test]
    fn published_numbers_hold_and_no_digit_of_them_can_be_changed() {
        assert!(schemes().eq(PUBLISHED.map(|(name, _)| name)));
        for (name, numbers) in PUBLISHED {
            for number in numbers {
                assert!(holds(name, number), "{name} {number}");
                for (at, digit) in number.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                    for other in ('0'..='9').filter(|other| *other != digit) {
                        let mut changed = (*number).to_owned();
                        changed.replace_range(at..=at, &other.to_string());
                        assert!(!holds(name, &changed), "{name} {changed}");
                    }
                }
            }
        }
    }

    #[test]
    fn neighbouring_digits_cannot_be_swapped_in_verhoeff_and_the_pure_systems() {
        let strict = ["verhoeff", "mod11-2", "mod37-2", "mod97-10"];
        for (name, numbers) in PUBLISHED.iter().filter(|(name, _)| strict.contains(name)) {
            for number in *numbers {
                let characters: Vec<char> = number.chars().filter(|c| *c != '-').collect();
                for at in 1..characters.len() {
                    let mut swapped = characters.clone();
                    swapped.swap(at - 1, at);
                    let text: String = swapped.iter().collect();
                    let digits = characters[at - 1..=at].iter().all(char::is_ascii_digit);
                    assert!(
                        !digits || swapped == characters || !holds(name, &text),
                        "{name} {text}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_of_a_scheme_does_not_hold() {
        for name in schemes() {
            for text in ["", "0", "1", " - ", "é", "4111_", "X0", "*1", "0*0"] {
                assert!(!holds(name, text), "{name} {text:?}");
            }
        }
        assert!(!holds("luhn", "411111111111111A"));
    }
}

//! Base64 (RFC 4648, section 4). Decoding takes text with or without padding.

use super::super::operators::{Eval, charge_bytes};
use super::super::value::{Value, View};
use super::{Call, Native};

pub(super) fn global(name: &str, args: usize) -> Option<Native> {
    Some(match (name, args) {
        ("base64.encode", 1) => encode,
        ("base64.decode", 1) => decode,
        _ => return None,
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let View::Bytes(bytes) = call.arg(0).view() else {
        return call.mistyped(0, "bytes");
    };
    charge_bytes(call.scope, bytes.len())?;
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| chunk.get(at).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > chunk.len() {
                text.push('=');
                continue;
            }
            let index = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            text.push(char::from(letter));
        }
    }
    Ok(Value::string(text))
}

fn decode<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    match decoded(call.string(0)?) {
        Some(bytes) => Ok(Value::Bytes(bytes.into())),
        None => call.invalid(0, "this text is no base64"),
    }
}

/// The bytes of a text in base64, with or without padding; `None` if it is none.
pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    let letters = text.trim_end_matches('=');
    let padding = text.len() - letters.len();
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    let mut whole = padding <= 2 && (padding == 0 || text.len().is_multiple_of(4));
    for chunk in letters.as_bytes().chunks(4) {
        let mut bits: u32 = 0;
        for letter in chunk {
            let value = ALPHABET.iter().position(|known| known == letter);
            whole &= value.is_some();
            bits = bits << 6 | u32::try_from(value.unwrap_or(0)).unwrap_or(0);
        }
        bits <<= 6 * (4 - chunk.len());
        whole &= chunk.len() > 1;
        bytes.extend(bits.to_be_bytes().get(1..chunk.len()).unwrap_or_default());
    }
    whole.then_some(bytes)
}

//! On any bytes: no panic, every span in its file and on character boundaries, children inside
//! their parents. The first byte picks the syntax. `cargo +nightly fuzz run read`
#![no_main]

#[path = "../../tests/common/mod.rs"]
mod common;

use launchgate::value::{Syntax, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else {
        return;
    };
    let syntax = Syntax::ALL[usize::from(first) % Syntax::ALL.len()];
    if let Ok(text) = decode(bytes.to_vec()) {
        common::read_soundly(&text, syntax);
    }
});

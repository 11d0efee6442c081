//! On any bytes: no reader of reports panics. The first byte picks the format that is stated, or
//! none. `cargo +nightly fuzz run scan`
#![no_main]

use launchgate::evidence::scan::{Format, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else {
        return;
    };
    let stated = Format::ALL.get(usize::from(first) % (Format::ALL.len() + 1));
    let _ = read(stated.copied(), bytes);
});

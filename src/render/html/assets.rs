//! Style, script, and the policy by which a browser runs these and nothing else.

use sha2::{Digest as _, Sha256};

/// The style sheet.
pub(super) const STYLE: &str = include_str!("page.css");

/// The script.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// The Content-Security-Policy of the page: no request, no frame, no form, no base; the style and
/// the script above by their digests.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}

fn digest(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// Base64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| chunk.get(at).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET
                .get(index as usize)
                .filter(|_| place <= chunk.len());
            text.push(letter.map_or('=', |&letter| char::from(letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::is_unsafe_to_display;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(
            digest("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }

    #[test]
    fn style_and_script_are_what_a_browser_digests() {
        for text in [STYLE, SCRIPT] {
            // An HTML parser would end the element, or change the text, and the digest be another.
            assert!(!text.contains("</") && !text.contains("<!--"));
            assert!(!text.chars().any(is_unsafe_to_display));
        }
        for fetching in ["url(", "@import", "@font-face"] {
            assert!(!STYLE.contains(fetching), "{fetching}");
        }
        for fetching in [
            "fetch(",
            "XMLHttpRequest",
            "import(",
            "innerHTML",
            "eval(",
            "http",
        ] {
            assert!(!SCRIPT.contains(fetching), "{fetching}");
        }
    }
}

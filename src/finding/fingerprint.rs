//! Fingerprints: which finding of one run is which finding of another.

use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

/// The first 16 bytes of a SHA-256 over what a finding is about, in hexadecimal.
///
/// Made from rule, document kind and id, key path and subject: never from a line, nor from an index
/// where something names the element, so that moving a document or adding to it keeps it. A document
/// without an id is known by its path, and so is a file that cannot be read as one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of these parts; each is length-prefixed, so no two lists of parts collide
    /// by concatenation.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut text = String::with_capacity(32);
        for byte in hash.finalize().iter().take(16) {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The fingerprint as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Fingerprint::of(["ab", "c"]), Fingerprint::of(["a", "bc"]));
        assert_eq!(Fingerprint::of(["a", "b"]).as_str().len(), 32);
    }
}

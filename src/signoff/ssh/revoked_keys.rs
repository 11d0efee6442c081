//! The file that `ssh-keygen -Y verify -r` takes: a key revocation list, or public keys line by line.

use super::error::KeyError;
use super::key::{PublicKey, read_line};
use super::krl::{self, Krl, KrlError};

/// Keys that are revoked.
#[derive(Clone, Debug, Default)]
pub struct RevokedKeys {
    keys: Vec<PublicKey>,
    list: Option<Krl>,
}

/// Why a file of revoked keys is refused. Then nothing that was to be held against it may count as
/// valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevokedKeysError {
    /// It is larger than any such file.
    #[error("the file has {0} bytes; the limit is {max}", max = RevokedKeys::MAX_BYTES)]
    TooLarge(usize),
    /// It begins as a list and is none.
    #[error(transparent)]
    Krl(#[from] KrlError),
    /// It is neither a list nor text.
    #[error("the file is neither a key revocation list nor lines of public keys")]
    NotText,
    /// A line is no public key.
    #[error("line {line}: {error}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        error: KeyError,
    },
}

impl RevokedKeys {
    /// Bytes that the file may have.
    pub const MAX_BYTES: usize = 16 << 20;

    /// Reads the file. One line that cannot be read refuses it all, as in OpenSSH. A line with
    /// nothing but a carriage return is blank here, where OpenSSH refuses the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, RevokedKeysError> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(RevokedKeysError::TooLarge(bytes.len()));
        }
        let mut revoked = Self::default();
        if bytes.starts_with(krl::MAGIC) {
            revoked.list = Some(Krl::parse(bytes)?);
            return Ok(revoked);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| RevokedKeysError::NotText)?;
        for (index, line) in text.split('\n').enumerate() {
            let line = line.trim_start_matches([' ', '\t']);
            if line.trim_end().is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, _) = read_line(line).map_err(|error| RevokedKeysError::Line {
                line: index + 1,
                error,
            })?;
            revoked.keys.push(key);
        }
        Ok(revoked)
    }

    /// Whether a key is revoked, or the authority that certified it.
    pub fn contains(&self, key: &PublicKey) -> bool {
        let authority = key.certificate().map(|certificate| &certificate.authority);
        let is_listed = |key: &PublicKey| self.keys.iter().any(|listed| listed.has_key_of(key));
        is_listed(key)
            || authority.is_some_and(is_listed)
            || self.list.as_ref().is_some_and(|list| list.revokes(key))
    }
}

//! The SSHSIG format: what `ssh-keygen -Y sign` writes.

use rsa::sha2::{Digest as _, Sha256, Sha512};

use super::error::SignatureError;
use super::key::PublicKey;
use super::signature::{self, SecurityKeyUse};
use super::wire::{Reader, from_base64, put_string};

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "\n-----END SSH SIGNATURE-----";

/// A signature file, taken apart. Nothing is verified yet.
#[derive(Clone, Debug)]
pub struct SshSignature {
    key: PublicKey,
    namespace: String,
    hash: Hash,
    signature: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

impl SshSignature {
    /// Bytes that a signature file may have. The longest that OpenSSH makes has about 12 KB.
    pub const MAX_BYTES: usize = 64 << 10;

    /// Reads an armoured signature. Lines may end in CR LF, as a checkout may have made them.
    pub fn parse(file: &[u8]) -> Result<Self, SignatureError> {
        if file.len() > Self::MAX_BYTES {
            return Err(SignatureError::TooLarge {
                bytes: file.len(),
                limit: Self::MAX_BYTES,
            });
        }
        Self::from_blob(&dearmour(file)?)
    }

    fn from_blob(blob: &[u8]) -> Result<Self, SignatureError> {
        let rest = blob.strip_prefix(MAGIC).ok_or(SignatureError::Magic)?;
        let mut reader = Reader::new(rest);
        let version = reader.u32("version")?;
        if version != VERSION {
            return Err(SignatureError::Version(version));
        }
        let key = PublicKey::from_blob(reader.string("key")?)?;
        let namespace = reader.text("namespace")?.to_owned();
        // Whatever is in it is not signed, so nothing may be made of it.
        reader.string("reserved field")?;
        let hash = match reader.text("hash algorithm")? {
            "sha256" => Hash::Sha256,
            "sha512" => Hash::Sha512,
            other => return Err(SignatureError::Hash(other.to_owned())),
        };
        let signature = reader.string("signature")?.to_vec();
        reader.end("signature")?;
        Ok(Self {
            key,
            namespace,
            hash,
            signature,
        })
    }

    /// The key that is said to have signed.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The purpose for which it is said to have signed.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether its key signed these bytes for this namespace. Whose key it is, is another question.
    pub fn check(
        &self,
        message: &[u8],
        namespace: &str,
    ) -> Result<Option<SecurityKeyUse>, SignatureError> {
        if self.namespace != namespace {
            return Err(SignatureError::Namespace {
                found: self.namespace.clone(),
                wanted: namespace.to_owned(),
            });
        }
        let mut signed = MAGIC.to_vec();
        put_string(&mut signed, namespace.as_bytes());
        put_string(&mut signed, b"");
        put_string(&mut signed, self.hash.name().as_bytes());
        put_string(&mut signed, &self.hash.digest(message));
        signature::check(&self.key, &signed, &self.signature)
    }
}

/// The bytes between the first and the last line. What follows the last line is not read, as in
/// OpenSSH.
fn dearmour(file: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let wrong = SignatureError::Armour;
    let text = std::str::from_utf8(file).map_err(|_| wrong("it is not text"))?;
    let body = text.strip_prefix(BEGIN).ok_or(wrong(
        "its first line is not `-----BEGIN SSH SIGNATURE-----`",
    ))?;
    let body = body
        .strip_prefix("\r\n")
        .or_else(|| body.strip_prefix('\n'))
        .ok_or(wrong("its first line goes on"))?;
    let end = body
        .find(END)
        .ok_or(wrong("the line `-----END SSH SIGNATURE-----` is missing"))?;
    from_base64(body.get(..end).unwrap_or_default()).ok_or(wrong("what it holds is not base64"))
}

//! Why a key or a signature is refused.

use super::wire::Malformed;

/// Why something is no public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no type, or nothing behind it.
    #[error("there is no key of the form `type base64`")]
    Missing,
    /// A type that is not read, such as `ssh-dss`.
    #[error("keys of the type `{0}` are not supported")]
    Unsupported(String),
    /// What should be base64 is none.
    #[error("the key is not valid base64")]
    NotBase64,
    /// The type in front and the type inside differ.
    #[error("the line says `{said}`, the key itself is `{found}`")]
    OtherType {
        /// What stands in front.
        said: String,
        /// What the key is.
        found: String,
    },
    /// The blob of the key is broken.
    #[error("the key is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// An RSA key outside the bounds of OpenSSH.
    #[error("the RSA key has {0} bits; 1024 to 16384 are accepted")]
    RsaLength(usize),
    /// A certificate stands where a key must.
    #[error("a certificate stands where a plain key must")]
    CertificateAsKey,
    /// The certificate is not signed by its authority.
    #[error("the certificate's own signature does not hold: {0}")]
    CertificateSignature(Box<SignatureError>),
}

/// Why a signature does not hold, before anybody asks whose it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The file is larger than any signature.
    #[error("the signature has {bytes} bytes; the limit is {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// The lines around the base64 are not those that `ssh-keygen -Y sign` writes.
    #[error("it is no armoured SSH signature: {0}")]
    Armour(&'static str),
    /// The blob does not begin with `SSHSIG`.
    #[error("it does not begin with `SSHSIG`")]
    Magic,
    /// A version that is not read.
    #[error("version {0} of the signature format is not supported")]
    Version(u32),
    /// The blob is broken.
    #[error("the signature is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// The key in the signature is broken or of a kind that is not read.
    #[error("the key in the signature: {0}")]
    Key(#[from] KeyError),
    /// It was made for another purpose.
    #[error("it was made for the namespace `{found}`, not for `{wanted}`")]
    Namespace {
        /// The namespace in the signature.
        found: String,
        /// The namespace that is asked for.
        wanted: String,
    },
    /// A hash that is not `sha256` or `sha512`.
    #[error("the hash `{0}` is not supported")]
    Hash(String),
    /// RSA with SHA-1, or an algorithm that is not the key's.
    #[error("the algorithm `{0}` is refused for this key")]
    Algorithm(String),
    /// It is no signature of these bytes by this key.
    #[error("it does not match the signed bytes")]
    Mismatch,
}

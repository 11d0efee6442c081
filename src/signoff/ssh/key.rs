//! Public keys, and certificates for them.

use base64ct::{Base64, Base64Unpadded, Encoding as _};
use sha2::{Digest as _, Sha256};
use ssh_key::public::KeyData;

use super::certificate::Certificate;
use super::error::KeyError;
use super::wire::{Malformed, Reader, from_base64, put_string};

/// The least bits of an RSA key, as in OpenSSH.
const RSA_MIN_BITS: usize = 1024;
/// The most bits of an RSA key, as in OpenSSH.
pub(super) const RSA_MAX_BITS: usize = 16384;

/// What kind of key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `ssh-ed25519`
    Ed25519,
    /// `ecdsa-sha2-nistp256`
    EcdsaP256,
    /// `ecdsa-sha2-nistp384`
    EcdsaP384,
    /// `ecdsa-sha2-nistp521`
    EcdsaP521,
    /// `ssh-rsa`: the key; signatures by it use SHA-2.
    Rsa,
    /// `sk-ssh-ed25519@openssh.com`: in a security key.
    SkEd25519,
    /// `sk-ecdsa-sha2-nistp256@openssh.com`: in a security key.
    SkEcdsaP256,
}

/// Name, name of certificates, and how many fields a key has.
const ALGORITHMS: [(Algorithm, &str, &str, usize); 7] = {
    use Algorithm as A;
    [
        (
            A::Ed25519,
            "ssh-ed25519",
            "ssh-ed25519-cert-v01@openssh.com",
            1,
        ),
        (
            A::EcdsaP256,
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            2,
        ),
        (
            A::EcdsaP384,
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp384-cert-v01@openssh.com",
            2,
        ),
        (
            A::EcdsaP521,
            "ecdsa-sha2-nistp521",
            "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            2,
        ),
        (A::Rsa, "ssh-rsa", "ssh-rsa-cert-v01@openssh.com", 2),
        (
            A::SkEd25519,
            "sk-ssh-ed25519@openssh.com",
            "sk-ssh-ed25519-cert-v01@openssh.com",
            2,
        ),
        (
            A::SkEcdsaP256,
            "sk-ecdsa-sha2-nistp256@openssh.com",
            "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
            3,
        ),
    ]
};

impl Algorithm {
    /// The name that OpenSSH writes before a public key.
    pub fn name(self) -> &'static str {
        ALGORITHMS
            .iter()
            .find(|(algorithm, ..)| *algorithm == self)
            .map_or("", |(_, name, ..)| name)
    }

    /// Whether the private key sits in a FIDO security key.
    pub fn is_security_key(self) -> bool {
        matches!(self, Self::SkEd25519 | Self::SkEcdsaP256)
    }
}

/// The algorithm of a name, whether it is that of a certificate, and how many fields the key has.
fn named(name: &str) -> Option<(Algorithm, bool, usize)> {
    ALGORITHMS
        .iter()
        .find(|(_, plain, certificate, _)| name == *plain || name == *certificate)
        .map(|&(algorithm, _, certificate, fields)| (algorithm, name == certificate, fields))
}

/// Whether a name is that of a key that can be read.
pub(super) fn is_key_type(name: &str) -> bool {
    named(name).is_some()
}

/// A public key, or a certificate for one.
#[derive(Clone, Debug)]
pub struct PublicKey {
    algorithm: Algorithm,
    /// The blob as it was read.
    blob: Vec<u8>,
    /// The blob of the key without its certificate.
    plain: Vec<u8>,
    data: KeyData,
    certificate: Option<Box<Certificate>>,
}

impl PublicKey {
    /// Reads `type base64 [comment]`, the line of a `.pub` file. White space may lead.
    pub fn from_line(line: &str) -> Result<Self, KeyError> {
        read_line(line.trim_start_matches([' ', '\t'])).map(|(key, _)| key)
    }

    /// Reads the blob of a key or of a certificate. The signature of a certificate is checked; what
    /// its authority is worth is not.
    pub fn from_blob(blob: &[u8]) -> Result<Self, KeyError> {
        Self::read(blob, true)
    }

    /// Reads the blob of a key that may not be a certificate.
    pub(super) fn plain_from_blob(blob: &[u8]) -> Result<Self, KeyError> {
        Self::read(blob, false)
    }

    fn read(blob: &[u8], certificates: bool) -> Result<Self, KeyError> {
        let mut reader = Reader::new(blob);
        let name = reader.text("key type")?;
        let (algorithm, is_certificate, fields) =
            named(name).ok_or_else(|| KeyError::Unsupported(name.to_owned()))?;
        if !is_certificate {
            let data = read_data(algorithm, blob)?;
            return Ok(Self {
                algorithm,
                blob: blob.to_vec(),
                plain: blob.to_vec(),
                data,
                certificate: None,
            });
        }
        if !certificates {
            return Err(KeyError::CertificateAsKey);
        }
        reader.string("nonce")?;
        let before = reader.rest();
        for _ in 0..fields {
            reader.string("key")?;
        }
        let length = before.len() - reader.rest().len();
        let mut plain = Vec::new();
        put_string(&mut plain, algorithm.name().as_bytes());
        plain.extend_from_slice(before.get(..length).unwrap_or_default());
        let data = read_data(algorithm, &plain)?;
        let certificate = Certificate::read(blob, reader)?;
        Ok(Self {
            algorithm,
            blob: blob.to_vec(),
            plain,
            data,
            certificate: Some(Box::new(certificate)),
        })
    }

    /// The key without its certificate, as a line of a `.pub` file has it, without a comment.
    pub fn line(&self) -> String {
        let name = self.algorithm.name();
        format!("{name} {}", Base64::encode_string(&self.plain))
    }

    /// What kind of key it is.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The certificate, if it is one.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_deref()
    }

    /// `SHA256:` and the digest in base64, as `ssh-keygen -l` shows it. A certificate has that of its
    /// key.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.plain);
        format!("SHA256:{}", Base64Unpadded::encode_string(&digest))
    }

    /// The blob of the key itself, without its certificate.
    pub(super) fn plain_blob(&self) -> &[u8] {
        &self.plain
    }

    pub(super) fn data(&self) -> &KeyData {
        &self.data
    }

    /// Whether both are the same key, or the same certificate.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.blob == other.blob
    }

    /// Whether both have the same key, certificates left aside.
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        self.plain == other.plain
    }
}

/// Reads a key's own fields, and holds them to OpenSSH's bounds.
fn read_data(algorithm: Algorithm, blob: &[u8]) -> Result<KeyData, KeyError> {
    let data = ssh_key::PublicKey::from_bytes(blob)
        .map_err(|_| Malformed::Wrong("key"))?
        .key_data()
        .clone();
    if let (Algorithm::Rsa, KeyData::Rsa(key)) = (algorithm, &data) {
        let modulus = key
            .n
            .as_positive_bytes()
            .ok_or(Malformed::Wrong("modulus"))?;
        let first = modulus.first().map_or(0, |byte| byte.leading_zeros());
        let bits = (modulus.len() * 8).saturating_sub(first as usize);
        if !(RSA_MIN_BITS..=RSA_MAX_BITS).contains(&bits) {
            return Err(KeyError::RsaLength(bits));
        }
    }
    Ok(data)
}

/// Reads `type base64 [comment]`; gives the key and where the comment begins.
pub(super) fn read_line(line: &str) -> Result<(PublicKey, usize), KeyError> {
    let space = [' ', '\t'];
    let skip = |from: usize| {
        let rest = line.get(from..).unwrap_or_default();
        from + rest.len() - rest.trim_start_matches(space).len()
    };
    let type_end = line.find(space).ok_or(KeyError::Missing)?;
    let name = line.get(..type_end).unwrap_or_default();
    if !is_key_type(name) {
        return Err(KeyError::Unsupported(name.to_owned()));
    }
    let start = skip(type_end);
    let rest = line.get(start..).unwrap_or_default();
    let encoded = rest.split(space).next().unwrap_or_default();
    if encoded.trim().is_empty() {
        return Err(KeyError::Missing);
    }
    let blob = from_base64(encoded).ok_or(KeyError::NotBase64)?;
    let key = PublicKey::from_blob(&blob)?;
    let inside = Reader::new(&blob).text("key type")?;
    if inside != name {
        return Err(KeyError::OtherType {
            said: name.to_owned(),
            found: inside.to_owned(),
        });
    }
    Ok((key, skip(start + encoded.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF6rdKhCPBPiqPjVvX8RPCVK9LIg1Hf0fQPXRGHJcmYt";

    #[test]
    fn a_key_of_another_type_than_its_line_says_is_refused() {
        assert!(PublicKey::from_line(ED25519).is_ok());
        let line = ED25519.replacen("ssh-ed25519", "ecdsa-sha2-nistp256", 1);
        assert!(matches!(
            PublicKey::from_line(&line),
            Err(KeyError::OtherType { .. })
        ));
        let line = ED25519.replacen("ssh-ed25519", "ssh-dss", 1);
        assert!(matches!(
            PublicKey::from_line(&line),
            Err(KeyError::Unsupported(name)) if name == "ssh-dss"
        ));
    }

    #[test]
    fn bytes_after_a_key_are_refused() {
        let blob = from_base64(ED25519.split(' ').nth(1).unwrap()).unwrap();
        let longer = [blob.as_slice(), &[0]].concat();
        assert!(PublicKey::from_blob(&blob).is_ok());
        assert!(PublicKey::from_blob(&longer).is_err());
        assert!(PublicKey::from_blob(&blob[..blob.len() - 1]).is_err());
    }
}

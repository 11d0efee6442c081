//! One signature by one key over some bytes.

use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::sha2::{Digest as _, Sha256, Sha512};
use rsa::signature::Verifier as _;
use rsa::{BigUint, RsaPublicKey};
use ssh_key::public::KeyData;
use ssh_key::{EcdsaCurve, Signature};

use super::error::SignatureError;
use super::key::{Algorithm, PublicKey, RSA_MAX_BITS};
use super::wire::{Malformed, Reader};

/// What a security key says about how it signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityKeyUse {
    /// Somebody touched it.
    pub touched: bool,
    /// It knew who: by a PIN or a fingerprint.
    pub user_verified: bool,
    /// Its count of signatures; some keys always say 0.
    pub counter: u32,
}

/// Checks the blob of a signature. RSA needs SHA-2.
///
/// Of a security key's flags nothing is demanded, as in `ssh-keygen -Y verify`; they are signed, and
/// given back.
pub(super) fn check(
    key: &PublicKey,
    message: &[u8],
    blob: &[u8],
) -> Result<Option<SecurityKeyUse>, SignatureError> {
    let mut reader = Reader::new(blob);
    let name = reader.text("signature algorithm")?;
    let refused = || SignatureError::Algorithm(name.to_owned());
    if key.algorithm() == Algorithm::Rsa {
        let bytes = reader.string("signature")?;
        reader.end("signature")?;
        return check_rsa(key, message, name, bytes).map(|()| None);
    }
    // Of all other keys the signatures are named as the key itself.
    if name != key.algorithm().name() {
        return Err(refused());
    }
    let mut bytes = reader.string("signature")?.to_vec();
    let mut used = None;
    if key.algorithm().is_security_key() {
        let flags = reader.u8("flags")?;
        let counter = reader.u32("counter")?;
        bytes.push(flags);
        bytes.extend_from_slice(&counter.to_be_bytes());
        used = Some(SecurityKeyUse {
            touched: flags & 1 != 0,
            user_verified: flags & 4 != 0,
            counter,
        });
    }
    reader.end("signature")?;
    let algorithm = match key.algorithm() {
        Algorithm::Ed25519 => ssh_key::Algorithm::Ed25519,
        Algorithm::SkEd25519 => ssh_key::Algorithm::SkEd25519,
        Algorithm::SkEcdsaP256 => ssh_key::Algorithm::SkEcdsaSha2NistP256,
        Algorithm::EcdsaP256 => ecdsa(EcdsaCurve::NistP256),
        Algorithm::EcdsaP384 => ecdsa(EcdsaCurve::NistP384),
        Algorithm::EcdsaP521 => ecdsa(EcdsaCurve::NistP521),
        Algorithm::Rsa => return Err(refused()),
    };
    let signature = Signature::new(algorithm, bytes).map_err(|_| Malformed::Wrong("signature"))?;
    key.data()
        .verify(message, &signature)
        .map_err(|_| SignatureError::Mismatch)?;
    Ok(used)
}

fn ecdsa(curve: EcdsaCurve) -> ssh_key::Algorithm {
    ssh_key::Algorithm::Ecdsa { curve }
}

/// `ssh-key` stops at 4096 bits; OpenSSH goes on to 16384.
fn check_rsa(
    key: &PublicKey,
    message: &[u8],
    name: &str,
    signature: &[u8],
) -> Result<(), SignatureError> {
    let (scheme, digest) = match name {
        "rsa-sha2-256" => (
            Pkcs1v15Sign::new::<Sha256>(),
            Sha256::digest(message).to_vec(),
        ),
        "rsa-sha2-512" => (
            Pkcs1v15Sign::new::<Sha512>(),
            Sha512::digest(message).to_vec(),
        ),
        _ => return Err(SignatureError::Algorithm(name.to_owned())),
    };
    let KeyData::Rsa(data) = key.data() else {
        return Err(SignatureError::Algorithm(name.to_owned()));
    };
    let number = |bytes: Option<&[u8]>| BigUint::from_bytes_be(bytes.unwrap_or_default());
    let modulus = data.n.as_positive_bytes().unwrap_or_default();
    let public = RsaPublicKey::new_with_max_size(
        number(Some(modulus)),
        number(data.e.as_positive_bytes()),
        RSA_MAX_BITS,
    )
    .map_err(|_| Malformed::Wrong("RSA key"))?;
    // A signature may lack its leading zeros.
    let missing = modulus
        .len()
        .checked_sub(signature.len())
        .ok_or(SignatureError::Mismatch)?;
    let padded = [vec![0; missing].as_slice(), signature].concat();
    public
        .verify(scheme, &digest, &padded)
        .map_err(|_| SignatureError::Mismatch)
}

//! Signatures as `ssh-keygen -Y sign` makes them, verified without OpenSSH.
//!
//! [`verify`] answers what `ssh-keygen -Y verify -f allowed_signers -I principal -n namespace
//! [-r revoked] -Overify-time=..` answers. A test runs both over the same cases. They differ where
//! this one is stricter,
//!
//! - RSA with SHA-1 is refused, also below a certificate.
//! - A certificate with an unknown critical option is refused; `verify-required` is held to.
//! - Version 0 of the signature format, keys and texts that are not in their one canonical form, DSA
//!   keys and signatures of the kind `webauthn-sk-*` are refused.
//! - A day that no calendar has is a mistake.
//!
//! and where a machine or a checkout must make no difference:
//!
//! - Times without `Z` are UTC, not the time of the machine. With `Z`, both read the same.
//! - Signature files may have CR LF at the ends of their lines, and so may blank lines in a file of
//!   revoked keys.
//!
//! Nothing here reads a clock: the time at which keys must be good is handed in. A signature has
//! no trusted time of its own.

mod allowed_signers;
mod certificate;
mod error;
mod key;
mod krl;
mod options;
mod pattern;
mod revoked_keys;
mod signature;
mod sshsig;
mod time;
mod wire;

use jiff::Timestamp;

use crate::source::Location;

pub use allowed_signers::{AllowedSigners, Problem};
pub use certificate::{Certificate, CertificateError};
pub use error::{KeyError, SignatureError};
pub use key::{Algorithm, PublicKey};
pub use krl::KrlError;
pub use revoked_keys::{RevokedKeys, RevokedKeysError};
pub use signature::SecurityKeyUse;
pub use sshsig::SshSignature;
pub use wire::Malformed;

use allowed_signers::Line;

/// What is asked of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The bytes that were signed; of a statement [`signed_bytes`](crate::signoff::signed_bytes).
    pub message: &'a [u8],
    /// The signature file: armoured, as `ssh-keygen -Y sign` writes it.
    pub signature: &'a [u8],
    /// The purpose that it must have been made for.
    pub namespace: &'a str,
    /// Who must have made it.
    pub principal: &'a str,
    /// When key and certificate must be good. Ask for the day of the run, not for one that the
    /// signed bytes state: whoever holds an expired key can sign what is dated earlier.
    pub at: Timestamp,
    /// Who may sign.
    pub signers: &'a AllowedSigners,
    /// Keys that are good for nothing any more.
    pub revoked: &'a [RevokedKeys],
}

/// A signature that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The fingerprint of the key that signed.
    pub fingerprint: String,
    /// What kind of key it is.
    pub algorithm: Algorithm,
    /// The line of the signers' file that allows it.
    pub line: Location,
    /// The fingerprint of the authority and the id of the certificate, if the line names an authority.
    pub certified: Option<(String, String)>,
    /// What the security key says, if it is one.
    pub security_key: Option<SecurityKeyUse>,
}

/// A signature that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no signature of these bytes for this namespace.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Its key, or the authority of its key, is revoked.
    #[error("the key {0} is revoked")]
    Revoked(String),
    /// Nobody lists the principal.
    #[error("no signer is called `{0}`")]
    UnknownPrincipal(String),
    /// The principal is listed, with other keys.
    #[error("the key {fingerprint} is not one of `{principal}`")]
    OtherKey {
        /// The key that signed.
        fingerprint: String,
        /// Who should have.
        principal: String,
    },
    /// The principal's key is listed, but not for this.
    #[error("the key {fingerprint} may not sign here{}", first(reasons))]
    NotAllowed {
        /// The key that signed.
        fingerprint: String,
        /// Each line that names the key, with what forbids it; at least one.
        reasons: Vec<LineRefusal>,
    },
}

fn first(reasons: &[LineRefusal]) -> String {
    reasons
        .first()
        .map(|refusal| format!(": {}", refusal.reason))
        .unwrap_or_default()
}

/// A line of the signers' file that names the key and does not allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRefusal {
    /// The line.
    pub location: Location,
    /// From 1.
    pub line: u32,
    /// Why not.
    pub reason: LineReason,
}

/// Why a line does not allow a key that it names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineReason {
    /// `namespaces=` has no pattern for it.
    #[error("the line does not permit the namespace `{0}`")]
    Namespace(String),
    /// `valid-after=` is later.
    #[error("the key is not valid yet")]
    NotYetValid,
    /// `valid-before=` is past.
    #[error("the key has expired")]
    Expired,
    /// The certificate is not good.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// Whether a list of patterns, as the first word of a line of `allowed_signers`, holds a principal.
pub fn principal_matches(principal: &str, patterns: &str) -> bool {
    pattern::list_matches(principal, patterns)
}

/// Whether a principal's key signed the bytes for the namespace and was good at the time.
pub fn verify(question: &Question<'_>) -> Result<Verified, Refused> {
    let signature = SshSignature::parse(question.signature)?;
    let used = signature.check(question.message, question.namespace)?;
    let key = signature.key();
    if question.revoked.iter().any(|keys| keys.contains(key)) {
        return Err(Refused::Revoked(key.fingerprint()));
    }
    let mut reasons = Vec::new();
    let mut known = false;
    for line in question.signers.lines_of(question.principal) {
        known = true;
        match allows(line, key, used, question) {
            None => {}
            Some(Ok(())) => {
                let certificate = key.certificate().filter(|_| line.options.authority);
                return Ok(Verified {
                    fingerprint: key.fingerprint(),
                    algorithm: key.algorithm(),
                    line: line.location,
                    certified: certificate.map(|certificate| {
                        let authority = certificate.authority.fingerprint();
                        (authority, certificate.key_id.clone())
                    }),
                    security_key: used,
                });
            }
            Some(Err(reason)) => reasons.push(LineRefusal {
                location: line.location,
                line: line.number,
                reason,
            }),
        }
    }
    let fingerprint = key.fingerprint();
    let principal = question.principal.to_owned();
    Err(if !known {
        Refused::UnknownPrincipal(principal)
    } else if reasons.is_empty() {
        Refused::OtherKey {
            fingerprint,
            principal,
        }
    } else {
        Refused::NotAllowed {
            fingerprint,
            reasons,
        }
    })
}

/// Whether a line allows a key; `None` where it does not name it.
fn allows(
    line: &Line,
    key: &PublicKey,
    used: Option<SecurityKeyUse>,
    question: &Question<'_>,
) -> Option<Result<(), LineReason>> {
    let at = u64::try_from(question.at.as_second()).unwrap_or_default();
    let options = &line.options;
    if options.authority {
        let certificate = key.certificate()?;
        if !certificate.authority.has_key_of(&line.key) {
            return None;
        }
        if let Err(reason) = certificate.allows(question.principal, at, used) {
            return Some(Err(reason.into()));
        }
    } else if !line.key.is(key) {
        return None;
    }
    let namespaces = options.namespaces.as_deref();
    if namespaces.is_some_and(|list| !pattern::list_matches(question.namespace, list)) {
        let namespace = question.namespace.to_owned();
        return Some(Err(LineReason::Namespace(namespace)));
    }
    if options.valid_after.is_some_and(|after| at < after) {
        return Some(Err(LineReason::NotYetValid));
    }
    if options.valid_before.is_some_and(|before| at > before) {
        return Some(Err(LineReason::Expired));
    }
    Some(Ok(()))
}

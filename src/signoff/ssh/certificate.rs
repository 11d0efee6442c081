//! OpenSSH certificates: a key, signed by an authority for some principals and some time.

use super::error::KeyError;
use super::key::PublicKey;
use super::signature::{self, SecurityKeyUse};
use super::wire::{Malformed, Reader};

/// The most principals that OpenSSH takes.
const MAX_PRINCIPALS: usize = 256;

/// Critical options that OpenSSH knows.
const LOGIN_OPTIONS: [&str; 2] = ["force-command", "source-address"];
const VERIFY_REQUIRED: &str = "verify-required";

/// What an authority signed about a key.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Its number; 0 where the authority gives none.
    pub serial: u64,
    /// Its name, for people and for revocation.
    pub key_id: String,
    /// Whom the key belongs to.
    pub principals: Vec<String>,
    /// The key of the authority.
    pub authority: PublicKey,
    for_users: bool,
    valid_after: u64,
    valid_before: u64,
    critical: Vec<String>,
}

/// Why a certificate is not good for a signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It is for hosts.
    #[error("the certificate is for a host, not for a user")]
    ForHosts,
    /// It begins later.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// It has ended.
    #[error("the certificate has expired")]
    Expired,
    /// It names nobody; that is good for nobody here.
    #[error("the certificate names no principal")]
    NoPrincipals,
    /// It is somebody else's.
    #[error("the certificate is not for this principal")]
    OtherPrincipal,
    /// It has a condition that is not known, so nobody can say whether it is met.
    #[error("the certificate has the unknown critical option `{0}`")]
    Critical(String),
    /// The security key must know who touches it, and did not.
    #[error("the certificate demands that the security key verifies its user, and it did not")]
    UserNotVerified,
}

impl Certificate {
    /// Reads what follows after the key in `blob`, and checks the authority's signature over it.
    pub(super) fn read(blob: &[u8], mut reader: Reader<'_>) -> Result<Self, KeyError> {
        let serial = reader.u64("serial")?;
        let kind = reader.u32("certificate type")?;
        if !matches!(kind, 1 | 2) {
            return Err(Malformed::Wrong("certificate type").into());
        }
        let key_id = reader.text("key id")?.to_owned();
        let principals = read_principals(reader.string("principals")?)?;
        let valid_after = reader.u64("start of validity")?;
        let valid_before = reader.u64("end of validity")?;
        let critical = read_options(reader.string("critical options")?)?;
        read_options(reader.string("extensions")?)?;
        reader.string("reserved field")?;
        let authority = PublicKey::plain_from_blob(reader.string("authority's key")?)?;
        let signed = blob.len() - reader.rest().len();
        let signature = reader.string("authority's signature")?;
        reader.end("certificate")?;
        signature::check(
            &authority,
            blob.get(..signed).unwrap_or_default(),
            signature,
        )
        .map_err(|error| KeyError::CertificateSignature(Box::new(error)))?;
        Ok(Self {
            serial,
            key_id,
            principals,
            authority,
            for_users: kind == 1,
            valid_after,
            valid_before,
            critical,
        })
    }

    /// Whether the certificate lets a principal sign at a time (seconds since 1970). That its
    /// authority is trusted is for the caller to know.
    ///
    /// Stricter than `ssh-keygen -Y verify`, which does not look at critical options: unknown ones
    /// refuse, as the format's own text asks, and `verify-required` is held to. Those that restrict
    /// logins say nothing about signatures.
    pub(super) fn allows(
        &self,
        principal: &str,
        at: u64,
        used: Option<SecurityKeyUse>,
    ) -> Result<(), CertificateError> {
        if !self.for_users {
            return Err(CertificateError::ForHosts);
        }
        if at < self.valid_after {
            return Err(CertificateError::NotYetValid);
        }
        if at >= self.valid_before {
            return Err(CertificateError::Expired);
        }
        if self.principals.is_empty() {
            return Err(CertificateError::NoPrincipals);
        }
        if !self.principals.iter().any(|listed| listed == principal) {
            return Err(CertificateError::OtherPrincipal);
        }
        for option in &self.critical {
            if option == VERIFY_REQUIRED {
                if !used.is_some_and(|used| used.user_verified) {
                    return Err(CertificateError::UserNotVerified);
                }
            } else if !LOGIN_OPTIONS.contains(&option.as_str()) {
                return Err(CertificateError::Critical(option.clone()));
            }
        }
        Ok(())
    }
}

fn read_principals(bytes: &[u8]) -> Result<Vec<String>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut principals = Vec::new();
    while !reader.is_empty() {
        if principals.len() == MAX_PRINCIPALS {
            return Err(Malformed::Wrong("list of principals"));
        }
        principals.push(reader.text("principal")?.to_owned());
    }
    Ok(principals)
}

/// The names of the options.
fn read_options(bytes: &[u8]) -> Result<Vec<String>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut names = Vec::new();
    while !reader.is_empty() {
        names.push(reader.text("option")?.to_owned());
        reader.string("option's value")?;
    }
    Ok(names)
}

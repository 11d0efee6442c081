//! The binary key revocation list of OpenSSH (`ssh-keygen -k`).

use std::collections::BTreeSet;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::certificate::Certificate;
use super::error::KeyError;
use super::key::PublicKey;
use super::wire::{Malformed, Reader};

pub(super) const MAGIC: &[u8] = b"SSHKRL\n\0";
const VERSION: u32 = 1;

/// The most bytes of one bitmap of serials, as in OpenSSH.
const MAX_BITMAP: usize = 16384 / 8;

/// Why a key revocation list is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KrlError {
    /// It is broken.
    #[error("the revocation list is malformed: {0}")]
    Malformed(#[from] Malformed),
    /// An authority's key is broken.
    #[error("a key in the revocation list: {0}")]
    Key(#[from] KeyError),
    /// A version that is not read.
    #[error("version {0} of the revocation list's format is not supported")]
    Version(u32),
    /// A section that is not known; what it revokes would be overlooked.
    #[error("the revocation list has a section of the unknown type {0}")]
    Section(u8),
    /// A signature on the list itself, which nobody here can check.
    #[error(
        "the revocation list is signed, which is not supported; keep it in the repository instead"
    )]
    Signed,
    /// An extension that must be understood and is not.
    #[error("the revocation list has the unknown critical extension `{0}`")]
    Extension(String),
    /// Serial 0 means "no serial"; a range needs its ends in order.
    #[error("the revocation list has an impossible serial number")]
    Serial,
}

/// What a list revokes.
#[derive(Clone, Debug, Default)]
pub(super) struct Krl {
    /// Blobs of keys.
    keys: BTreeSet<Vec<u8>>,
    /// Digests of blobs, SHA-1 and SHA-256 told apart by their length.
    digests: BTreeSet<Vec<u8>>,
    certificates: Vec<CertificateSection>,
}

/// Certificates of one authority, or of any.
#[derive(Clone, Debug, Default)]
struct CertificateSection {
    /// The blob of its key; `None` for any authority.
    authority: Option<Vec<u8>>,
    /// Ranges of serials, both ends within.
    serials: Vec<(u64, u64)>,
    key_ids: BTreeSet<String>,
}

impl Krl {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, KrlError> {
        let mut reader = Reader::new(bytes);
        reader.bytes(MAGIC.len(), "mark")?;
        let version = reader.u32("format version")?;
        if version != VERSION {
            return Err(KrlError::Version(version));
        }
        reader.u64("list version")?;
        reader.u64("date")?;
        reader.u64("flags")?;
        reader.string("reserved field")?;
        reader.string("comment")?;
        let mut krl = Self::default();
        while !reader.is_empty() {
            let kind = reader.u8("section type")?;
            let section = Reader::new(reader.string("section")?);
            match kind {
                1 => krl.certificates.push(CertificateSection::read(section)?),
                2 => read_all(section, "key", None, &mut krl.keys)?,
                3 => read_all(section, "SHA-1 fingerprint", Some(20), &mut krl.digests)?,
                5 => read_all(section, "SHA-256 fingerprint", Some(32), &mut krl.digests)?,
                4 => return Err(KrlError::Signed),
                255 => skip_extension(section)?,
                other => return Err(KrlError::Section(other)),
            }
        }
        Ok(krl)
    }

    /// Whether a key is revoked: itself, by its certificate, or with its authority.
    pub(super) fn revokes(&self, key: &PublicKey) -> bool {
        let Some(certificate) = key.certificate() else {
            return self.revokes_blob(key.plain_blob());
        };
        self.revokes_blob(key.plain_blob())
            || self.revokes_blob(certificate.authority.plain_blob())
            || self
                .certificates
                .iter()
                .any(|section| section.revokes(certificate))
    }

    fn revokes_blob(&self, blob: &[u8]) -> bool {
        self.keys.contains(blob)
            || self.digests.contains(Sha1::digest(blob).as_slice())
            || self.digests.contains(Sha256::digest(blob).as_slice())
    }
}

fn read_all(
    mut section: Reader<'_>,
    what: &'static str,
    length: Option<usize>,
    into: &mut BTreeSet<Vec<u8>>,
) -> Result<(), KrlError> {
    while !section.is_empty() {
        let bytes = section.string(what)?;
        if length.is_some_and(|length| bytes.len() != length) {
            return Err(Malformed::Wrong(what).into());
        }
        into.insert(bytes.to_vec());
    }
    Ok(())
}

/// An extension that need not be understood counts for nothing.
fn skip_extension(mut section: Reader<'_>) -> Result<(), KrlError> {
    let name = section.text("extension's name")?;
    let critical = section.u8("extension's weight")? != 0;
    section.string("extension")?;
    section.end("extension")?;
    if critical {
        return Err(KrlError::Extension(name.to_owned()));
    }
    Ok(())
}

impl CertificateSection {
    fn read(mut reader: Reader<'_>) -> Result<Self, KrlError> {
        let mut section = Self::default();
        let authority = reader.string("authority's key")?;
        if !authority.is_empty() {
            let key = PublicKey::plain_from_blob(authority)?;
            section.authority = Some(key.plain_blob().to_vec());
        }
        reader.string("reserved field")?;
        while !reader.is_empty() {
            let kind = reader.u8("section type")?;
            let mut part = Reader::new(reader.string("section of certificates")?);
            match kind {
                0x20 => {
                    while !part.is_empty() {
                        let serial = part.u64("serial")?;
                        section.revoke(serial, serial)?;
                    }
                }
                0x21 => {
                    let (first, last) = (part.u64("serial")?, part.u64("serial")?);
                    part.end("range of serials")?;
                    section.revoke(first, last)?;
                }
                0x22 => {
                    let first = part.u64("serial")?;
                    let bitmap = part.natural("bitmap of serials")?;
                    part.end("bitmap of serials")?;
                    section.revoke_bitmap(first, bitmap)?;
                }
                0x23 => {
                    while !part.is_empty() {
                        section.key_ids.insert(part.text("key id")?.to_owned());
                    }
                }
                0x39 => skip_extension(part)?,
                other => return Err(KrlError::Section(other)),
            }
        }
        Ok(section)
    }

    fn revoke(&mut self, first: u64, last: u64) -> Result<(), KrlError> {
        if first == 0 || first > last {
            return Err(KrlError::Serial);
        }
        self.serials.push((first, last));
        Ok(())
    }

    /// The lowest bit stands for `first`.
    fn revoke_bitmap(&mut self, first: u64, bitmap: &[u8]) -> Result<(), KrlError> {
        if bitmap.len() > MAX_BITMAP {
            return Err(Malformed::Wrong("bitmap of serials").into());
        }
        let mut serial = Some(first);
        for byte in bitmap.iter().rev() {
            for bit in 0..8 {
                if byte & (1 << bit) != 0 {
                    let serial = serial.ok_or(KrlError::Serial)?;
                    self.revoke(serial, serial)?;
                }
                serial = serial.and_then(|serial| serial.checked_add(1));
            }
        }
        Ok(())
    }

    fn revokes(&self, certificate: &Certificate) -> bool {
        let concerned = self
            .authority
            .as_deref()
            .is_none_or(|authority| authority == certificate.authority.plain_blob());
        concerned
            && (self.key_ids.contains(&certificate.key_id)
                || self
                    .serials
                    .iter()
                    .any(|&(first, last)| (first..=last).contains(&certificate.serial)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(sections: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&1_u32.to_be_bytes());
        bytes.extend_from_slice(&[0; 24]);
        bytes.extend_from_slice(&[0; 8]);
        bytes.extend_from_slice(sections);
        bytes
    }

    #[test]
    fn what_is_not_understood_refuses_the_list() {
        for (sections, wanted) in [
            (vec![4, 0, 0, 0, 0], KrlError::Signed),
            (vec![9, 0, 0, 0, 0], KrlError::Section(9)),
            (
                vec![255, 0, 0, 0, 10, 0, 0, 0, 1, b'x', 1, 0, 0, 0, 0],
                KrlError::Extension("x".into()),
            ),
            (
                vec![3, 0, 0, 0, 5, 0, 0, 0, 1, 7],
                Malformed::Wrong("SHA-1 fingerprint").into(),
            ),
            (vec![3, 0, 0], Malformed::Short("section").into()),
        ] {
            assert_eq!(Krl::parse(&with(&sections)).unwrap_err(), wanted);
        }
        assert!(Krl::parse(&with(&[])).is_ok());
        assert!(Krl::parse(&with(&[255, 0, 0, 0, 10, 0, 0, 0, 1, b'x', 0, 0, 0, 0, 0])).is_ok());
        let mut next = with(&[]);
        next[11] = 2;
        assert_eq!(Krl::parse(&next).unwrap_err(), KrlError::Version(2));
    }

    #[test]
    fn a_bitmap_counts_from_its_lowest_bit_and_stops_at_the_last_serial() {
        let mut section = CertificateSection::default();
        section.revoke_bitmap(10, &[0b1, 0b101]).unwrap();
        assert_eq!(section.serials, [(10, 10), (12, 12), (18, 18)]);
        assert_eq!(
            section.revoke_bitmap(u64::MAX, &[0b11]),
            Err(KrlError::Serial)
        );
        assert_eq!(section.revoke_bitmap(0, &[0b1]), Err(KrlError::Serial));
    }
}

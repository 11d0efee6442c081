//! Keys of people, and signatures as `ssh-keygen -Y sign` writes them.

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha512};

/// The key of a person.
pub(crate) fn key(name: &str) -> SigningKey {
    let mut seed = [7; 32];
    for (place, byte) in seed.iter_mut().zip(name.bytes()) {
        *place = byte;
    }
    SigningKey::from_bytes(&seed)
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend(bytes);
}

fn public(key: &SigningKey) -> Vec<u8> {
    let mut blob = Vec::new();
    put(&mut blob, b"ssh-ed25519");
    put(&mut blob, key.verifying_key().as_bytes());
    blob
}

/// A key as `allowed_signers` has it.
pub(crate) fn line(key: &SigningKey) -> String {
    format!("ssh-ed25519 {}", Base64::encode_string(&public(key)))
}

/// What `ssh-keygen -Y sign` writes.
pub(crate) fn signature(key: &SigningKey, namespace: &str, message: &[u8]) -> String {
    let head = |out: &mut Vec<u8>| {
        put(out, namespace.as_bytes());
        put(out, b"");
        put(out, b"sha512");
    };
    let mut signed = b"SSHSIG".to_vec();
    head(&mut signed);
    put(&mut signed, &Sha512::digest(message));
    let mut raw = Vec::new();
    put(&mut raw, b"ssh-ed25519");
    put(&mut raw, &key.sign(&signed).to_bytes());
    let mut blob = b"SSHSIG".to_vec();
    blob.extend(1u32.to_be_bytes());
    put(&mut blob, &public(key));
    head(&mut blob);
    put(&mut blob, &raw);
    let text = Base64::encode_string(&blob);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(70)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n")
}

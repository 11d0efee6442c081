//! Signatures put together by hand: of security keys, which need no hardware here, and with every
//! field as a forger would set it.

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256, Sha512};

/// A key in software.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Ed25519,
    SkEd25519,
    SkEcdsa,
}

/// The parts of a signature, right until one is changed.
#[derive(Clone)]
pub(crate) struct Forge {
    pub(crate) kind: Kind,
    pub(crate) magic: Vec<u8>,
    pub(crate) version: u32,
    pub(crate) namespace: String,
    pub(crate) signed_namespace: String,
    pub(crate) reserved: Vec<u8>,
    pub(crate) hash: String,
    pub(crate) message: Vec<u8>,
    /// What the security key takes as application when it signs.
    pub(crate) application: String,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
    /// What the signature says instead of `flags` and `counter`.
    pub(crate) claims: Option<(u8, u32)>,
    pub(crate) name: Option<String>,
    /// Bytes after the signature, inside and outside.
    pub(crate) inner_trail: Vec<u8>,
    pub(crate) trail: Vec<u8>,
}

const APPLICATION: &str = "ssh:";

impl Forge {
    pub(crate) fn new(kind: Kind, namespace: &str, message: &[u8]) -> Self {
        Self {
            kind,
            magic: b"SSHSIG".to_vec(),
            version: 1,
            namespace: namespace.to_owned(),
            signed_namespace: namespace.to_owned(),
            reserved: Vec::new(),
            hash: "sha512".to_owned(),
            message: message.to_vec(),
            application: APPLICATION.to_owned(),
            flags: 1,
            counter: 7,
            claims: None,
            name: None,
            inner_trail: Vec::new(),
            trail: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The signature, armoured.
    pub(crate) fn armoured(&self) -> Vec<u8> {
        let mut signed = b"SSHSIG".to_vec();
        put(&mut signed, self.signed_namespace.as_bytes());
        put(&mut signed, b"");
        put(&mut signed, self.hash.as_bytes());
        match self.hash.as_str() {
            "sha256" => put(&mut signed, &Sha256::digest(&self.message)),
            _ => put(&mut signed, &Sha512::digest(&self.message)),
        }
        let mut blob = self.magic.clone();
        blob.extend(self.version.to_be_bytes());
        put(&mut blob, &public_blob(self.kind));
        put(&mut blob, self.namespace.as_bytes());
        put(&mut blob, &self.reserved);
        put(&mut blob, self.hash.as_bytes());
        put(&mut blob, &self.signature(&signed));
        blob.extend(&self.trail);
        armour(&blob)
    }

    fn signature(&self, signed: &[u8]) -> Vec<u8> {
        let mut asserted = Sha256::digest(self.application.as_bytes()).to_vec();
        asserted.push(self.flags);
        asserted.extend(self.counter.to_be_bytes());
        asserted.extend(Sha256::digest(signed));
        let raw = match self.kind {
            Kind::Ed25519 => ed25519().sign(signed).to_bytes().to_vec(),
            Kind::SkEd25519 => ed25519().sign(&asserted).to_bytes().to_vec(),
            Kind::SkEcdsa => {
                let signature: p256::ecdsa::Signature = p256_key().sign(&asserted);
                let (r, s) = signature.split_bytes();
                let mut both = Vec::new();
                put_natural(&mut both, &r);
                put_natural(&mut both, &s);
                both
            }
        };
        let mut blob = Vec::new();
        put(
            &mut blob,
            self.name
                .as_deref()
                .unwrap_or(type_name(self.kind))
                .as_bytes(),
        );
        put(&mut blob, &raw);
        if !matches!(self.kind, Kind::Ed25519) {
            let (flags, counter) = self.claims.unwrap_or((self.flags, self.counter));
            blob.push(flags);
            blob.extend(counter.to_be_bytes());
        }
        blob.extend(&self.inner_trail);
        blob
    }
}

/// A signature by an RSA key with SHA-256, which `ssh-keygen` checks and never makes.
pub(crate) fn rsa_sha256(private: &str, namespace: &str, message: &[u8]) -> Vec<u8> {
    use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
    let key = ssh_key::PrivateKey::from_openssh(private).unwrap();
    let pair = key.key_data().rsa().unwrap();
    let number = |part: &ssh_key::Mpint| BigUint::from_bytes_be(part.as_positive_bytes().unwrap());
    let (public, secret) = (&pair.public, &pair.private);
    let primes = vec![number(&secret.p), number(&secret.q)];
    let private = RsaPrivateKey::from_components(
        number(&public.n),
        number(&public.e),
        number(&secret.d),
        primes,
    )
    .unwrap();
    let mut signed = b"SSHSIG".to_vec();
    put(&mut signed, namespace.as_bytes());
    put(&mut signed, b"");
    put(&mut signed, b"sha512");
    put(&mut signed, &Sha512::digest(message));
    let scheme = Pkcs1v15Sign::new::<rsa::sha2::Sha256>();
    let raw = private.sign(scheme, &Sha256::digest(&signed)).unwrap();
    let mut signature = Vec::new();
    put(&mut signature, b"rsa-sha2-256");
    put(&mut signature, &raw);
    let mut blob = b"SSHSIG".to_vec();
    blob.extend(1_u32.to_be_bytes());
    put(&mut blob, &key.public_key().to_bytes().unwrap());
    put(&mut blob, namespace.as_bytes());
    put(&mut blob, b"");
    put(&mut blob, b"sha512");
    put(&mut blob, &signature);
    armour(&blob)
}

/// `type base64` of the public key.
pub(crate) fn public(kind: Kind) -> String {
    let blob = Base64::encode_string(&public_blob(kind));
    format!("{} {blob}", type_name(kind))
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Ed25519 => "ssh-ed25519",
        Kind::SkEd25519 => "sk-ssh-ed25519@openssh.com",
        Kind::SkEcdsa => "sk-ecdsa-sha2-nistp256@openssh.com",
    }
}

fn public_blob(kind: Kind) -> Vec<u8> {
    let mut blob = Vec::new();
    put(&mut blob, type_name(kind).as_bytes());
    match kind {
        Kind::Ed25519 | Kind::SkEd25519 => put(&mut blob, ed25519().verifying_key().as_bytes()),
        Kind::SkEcdsa => {
            put(&mut blob, b"nistp256");
            let point = p256_key().verifying_key().to_encoded_point(false);
            put(&mut blob, point.as_bytes());
        }
    }
    if !matches!(kind, Kind::Ed25519) {
        put(&mut blob, APPLICATION.as_bytes());
    }
    blob
}

fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

fn p256_key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

/// The lines around a blob.
pub(crate) fn armour(blob: &[u8]) -> Vec<u8> {
    let encoded = Base64::encode_string(blob);
    let lines: Vec<_> = encoded
        .as_bytes()
        .chunks(70)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        lines.join("\n")
    )
    .into_bytes()
}

/// The blob of an armoured signature.
pub(crate) fn blob(armoured: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(armoured).unwrap();
    let inside: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&inside).unwrap()
}

pub(crate) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    out.extend(bytes);
}

fn put_natural(out: &mut Vec<u8>, bytes: &[u8]) {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let mut number = bytes[zeros..].to_vec();
    if number.first().is_some_and(|byte| byte & 0x80 != 0) {
        number.insert(0, 0);
    }
    put(out, &number);
}

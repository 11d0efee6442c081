//! The DSSE envelope: payload, its type, and signatures over both.

use base64ct::{Base64, Base64Url, Encoding as _};
use serde::Serialize;

use super::PAYLOAD_TYPE;
use crate::source::{FileId, Location, SourceFile};
use crate::value::{self, Limits, NodeRef, Syntax};

/// An envelope, taken apart. Nothing is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// What is signed, together with its type.
    pub payload: Vec<u8>,
    /// None, one or several.
    pub signatures: Vec<Signature>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// A hint, which nothing vouches for.
    pub key_id: Option<String>,
    /// The armoured file that `ssh-keygen -Y sign` writes.
    pub bytes: Vec<u8>,
}

/// Why a text is no envelope, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}{place}: {message}")]
pub struct Unreadable {
    path: String,
    place: String,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    payload_type: &'a str,
    payload: String,
    signatures: Vec<WrittenSignature<'a>>,
}

#[derive(Serialize)]
struct WrittenSignature<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    keyid: Option<&'a str>,
    sig: String,
}

impl Envelope {
    /// Bytes that an envelope may have.
    pub const MAX_BYTES: u64 = 16 << 20;

    /// Signatures that an envelope may have.
    pub const MAX_SIGNATURES: usize = 32;

    /// An in-toto statement that nobody has signed yet.
    pub fn of(payload: Vec<u8>) -> Self {
        Self {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload,
            signatures: Vec::new(),
        }
    }

    /// The bytes that signatures are over: the pre-authentication encoding of DSSE 1.0.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let kind = &self.payload_type;
        let mut bytes =
            format!("DSSEv1 {} {kind} {} ", kind.len(), self.payload.len()).into_bytes();
        bytes.extend_from_slice(&self.payload);
        bytes
    }

    /// The envelope as JSON.
    pub fn to_json(&self) -> String {
        let written = Written {
            payload_type: &self.payload_type,
            payload: Base64::encode_string(&self.payload),
            signatures: self
                .signatures
                .iter()
                .map(|signature| WrittenSignature {
                    keyid: signature.key_id.as_deref(),
                    sig: Base64::encode_string(&signature.bytes),
                })
                .collect(),
        };
        // Nothing in it can fail to be written: strings under known keys.
        let mut text = serde_json::to_string_pretty(&written).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads an envelope. Base64 may be of either alphabet, with its padding; keys that DSSE does not
    /// know are passed over.
    ///
    /// # Errors
    /// It is no JSON, has a key twice, lacks a part, or a part is not what it must be.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        let wrong = |message: &str| Unreadable {
            path: path.to_owned(),
            place: String::new(),
            message: message.to_owned(),
        };
        if bytes.len() as u64 > Self::MAX_BYTES {
            let most = Self::MAX_BYTES;
            return Err(wrong(&format!("it has more than {most} bytes")));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| wrong("it is not text"))?;
        let source = SourceFile::new(FileId(0), path, text);
        let at = |location: Location, message: &str| {
            let place = source.line_column(location.span.start);
            Unreadable {
                place: format!(":{}:{}", place.line, place.column),
                ..wrong(message)
            }
        };
        let parsed = value::read(&source, Syntax::Json, &Limits::default());
        if let Some(problem) = parsed.problems.first() {
            return Err(at(problem.primary.location, &problem.message));
        }
        let root = parsed.tree.root();
        let root = root.filter(|root| root.is_mapping());
        let root = root.ok_or_else(|| wrong("it is no DSSE envelope, which is a JSON object"))?;
        let text = |node: NodeRef<'_>, key: &str| match node.get(key) {
            None => Err(at(node.address(), &format!("there is no `{key}`"))),
            Some(value) => value
                .as_str()
                .map(|text| (value.address(), text.to_owned()))
                .ok_or_else(|| at(value.address(), &format!("`{key}` is no text"))),
        };
        let binary = |node: NodeRef<'_>, key: &str| {
            let (place, text) = text(node, key)?;
            from_base64(&text).ok_or_else(|| at(place, &format!("`{key}` is not base64")))
        };
        let (_, payload_type) = text(root, "payloadType")?;
        let payload = binary(root, "payload")?;
        let mut signatures = Vec::new();
        if let Some(list) = root.get("signatures").filter(|list| !list.is_null()) {
            if !list.is_sequence() {
                return Err(at(list.address(), "`signatures` is no list"));
            }
            if list.items().count() > Self::MAX_SIGNATURES {
                let most = Self::MAX_SIGNATURES;
                let message = format!("there are more than {most} signatures");
                return Err(at(list.address(), &message));
            }
            for item in list.items() {
                signatures.push(Signature {
                    key_id: item
                        .get("keyid")
                        .and_then(NodeRef::as_str)
                        .map(str::to_owned),
                    bytes: binary(item, "sig")?,
                });
            }
        }
        Ok(Self {
            payload_type,
            payload,
            signatures,
        })
    }
}

/// The bytes of base64 of either alphabet; DSSE has both read.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text)
        .or_else(|_| Base64Url::decode_vec(text))
        .ok()
}

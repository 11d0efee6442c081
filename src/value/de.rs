//! Typed values from nodes: a `serde` deserializer that knows where everything was written.
//!
//! Nothing is coerced: a string is no number, an integer is a float only where a float is asked
//! for. An error carries the place of the node at fault. [`Spanned`] keeps a value's place.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, U32Deserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::node::{Kind, NodeRef, Scalar};
use crate::source::{FileId, Location, Span};

/// A node that does not have the shape that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeError {
    /// The value, or the key that is unknown. `None` only where no node could be blamed.
    pub location: Option<Location>,
    /// The fact, in one sentence.
    pub message: String,
}

impl fmt::Display for DeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DeError {}

impl de::Error for DeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            location: None,
            message: message.to_string(),
        }
    }
}

impl DeError {
    /// The innermost place wins: it was nearest to the fault.
    fn at(mut self, location: Location) -> Self {
        self.location.get_or_insert(location);
        self
    }
}

/// Reads a typed value from a node.
pub fn from_node<T: DeserializeOwned>(node: NodeRef<'_>) -> Result<T, DeError> {
    T::deserialize(NodeDeserializer { node }).map_err(|error| error.at(node.address()))
}

/// A value with the place where it was written.
///
/// Deserializes from nodes alone. In a struct that is deserialized from a node every field may be
/// `Spanned`, and so may elements and values of maps, but not below `#[serde(flatten)]` or
/// `#[serde(untagged)]`, where serde keeps a copy that knows no places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub location: Location,
    /// Where its key stands, if it has one.
    pub key_location: Option<Location>,
}

impl<T> Spanned<T> {
    /// Where a label about it belongs: its key if it has one, else the value.
    pub fn address(&self) -> Location {
        self.key_location.unwrap_or(self.location)
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The name by which [`Spanned`] asks a [`NodeDeserializer`] for places.
const SPANNED: &str = "$launchgate::Spanned";
/// Its fields, in the order in which [`SpannedAccess`] gives them.
const SPANNED_FIELDS: &[&str] = &[
    "file",
    "start",
    "end",
    "key_file",
    "key_start",
    "key_end",
    "value",
];

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Places<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Places<T> {
            type Value = Spanned<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of a document")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Spanned<T>, A::Error> {
                fn place<'de, A: SeqAccess<'de>>(seq: &mut A) -> Result<Location, A::Error> {
                    let mut part = || seq.next_element::<u32>().map(Option::unwrap_or_default);
                    let file = FileId(part()?);
                    let (start, end) = (part()?, part()?);
                    Ok(Location {
                        file,
                        span: Span::new(start, end),
                    })
                }
                let location = place(&mut seq)?;
                let key = place(&mut seq)?;
                let value = seq
                    .next_element()?
                    .ok_or_else(|| de::Error::custom("a value without its place"))?;
                Ok(Spanned {
                    value,
                    location,
                    key_location: (key.file != NO_FILE).then_some(key),
                })
            }
        }

        deserializer.deserialize_struct(SPANNED, SPANNED_FIELDS, Places(PhantomData))
    }
}

/// Stands for "no key" between [`SpannedAccess`] and [`Spanned`].
const NO_FILE: FileId = FileId(u32::MAX);

/// Gives a node's places, then the node.
struct SpannedAccess<'t> {
    node: NodeRef<'t>,
    given: usize,
}

impl<'de> SeqAccess<'de> for SpannedAccess<'de> {
    type Error = DeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DeError> {
        let place = self.node.location();
        let key = self.node.own_entry().map_or(
            Location {
                file: NO_FILE,
                span: Span::default(),
            },
            |entry| entry.key_location,
        );
        let part = match self.given {
            0 => place.file.0,
            1 => place.span.start,
            2 => place.span.end,
            3 => key.file.0,
            4 => key.span.start,
            5 => key.span.end,
            6 => {
                self.given += 1;
                return seed
                    .deserialize(NodeDeserializer { node: self.node })
                    .map(Some)
                    .map_err(|error| error.at(self.node.address()));
            }
            _ => return Ok(None),
        };
        self.given += 1;
        seed.deserialize(U32Deserializer::new(part)).map(Some)
    }
}

/// A [`serde::Deserializer`] over a node.
#[derive(Clone, Copy, Debug)]
pub struct NodeDeserializer<'t> {
    node: NodeRef<'t>,
}

impl<'t> NodeDeserializer<'t> {
    /// A deserializer for a node and what is below it.
    pub fn new(node: NodeRef<'t>) -> Self {
        Self { node }
    }

    fn located<T>(self, result: Result<T, DeError>) -> Result<T, DeError> {
        result.map_err(|error| error.at(self.node.address()))
    }

    fn unexpected(self, expected: &str) -> DeError {
        DeError {
            location: Some(self.node.address()),
            message: format!(
                "expected {expected}, found {}",
                self.node.kind().described()
            ),
        }
    }
}

impl<'de> de::Deserializer<'de> for NodeDeserializer<'de> {
    type Error = DeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        let value = match self.node.scalar() {
            Some(Scalar::Null) => visitor.visit_unit(),
            Some(Scalar::Bool(value)) => visitor.visit_bool(value),
            Some(Scalar::Int(value)) => visitor.visit_i64(value),
            Some(Scalar::Float(value)) => visitor.visit_f64(value),
            Some(Scalar::String(text)) => visitor.visit_borrowed_str(text),
            None if self.node.is_sequence() => visitor.visit_seq(Items::new(self.node)),
            None => visitor.visit_map(Entries::new(self.node)),
        };
        // Serde's own words: "invalid type: string "x", expected u32".
        self.located(value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        let value = if self.node.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        };
        self.located(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        if name == SPANNED {
            let access = SpannedAccess {
                node: self.node,
                given: 0,
            };
            return self.located(visitor.visit_seq(access));
        }
        if !self.node.is_mapping() {
            return Err(self.unexpected("a mapping"));
        }
        self.located(visitor.visit_map(Entries::new(self.node)))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        if !self.node.is_mapping() {
            return Err(self.unexpected("a mapping"));
        }
        self.located(visitor.visit_map(Entries::new(self.node)))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        if !self.node.is_sequence() {
            return Err(self.unexpected("a list"));
        }
        self.located(visitor.visit_seq(Items::new(self.node)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, DeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, DeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        match self.node.as_str() {
            Some(text) => self.located(visitor.visit_borrowed_str(text)),
            None => Err(self.unexpected("a string")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        match self.node.as_bool() {
            Some(value) => self.located(visitor.visit_bool(value)),
            None => Err(self.unexpected("`true` or `false`")),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        match self.node.as_f64() {
            Some(value) => self.located(visitor.visit_f64(value)),
            None => Err(self.unexpected("a number")),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        self.deserialize_f64(visitor)
    }

    /// A unit variant is its name; a variant with content is a mapping of its name to that.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        match self.node.kind() {
            Kind::String => {
                let name = self.node.as_str().unwrap_or_default();
                let name: de::value::StrDeserializer<'_, DeError> = name.into_deserializer();
                self.located(visitor.visit_enum(name))
            }
            Kind::Mapping if self.node.len() == 1 => {
                self.located(visitor.visit_enum(Variant { node: self.node }))
            }
            Kind::Mapping => Err(self.unexpected("a mapping with one key")),
            _ => Err(self.unexpected("a string")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeError> {
        self.located(visitor.visit_newtype_struct(self))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char bytes byte_buf unit unit_struct identifier
    }
}

struct Items<'t> {
    node: NodeRef<'t>,
    next: usize,
}

impl<'t> Items<'t> {
    fn new(node: NodeRef<'t>) -> Self {
        Self { node, next: 0 }
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = DeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DeError> {
        let Some(node) = self.node.item(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        let value = seed.deserialize(NodeDeserializer { node });
        value.map(Some).map_err(|error| error.at(node.address()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.node.len().saturating_sub(self.next))
    }
}

struct Entries<'t> {
    node: NodeRef<'t>,
    next: usize,
    value: Option<NodeRef<'t>>,
}

impl<'t> Entries<'t> {
    fn new(node: NodeRef<'t>) -> Self {
        Self {
            node,
            next: 0,
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = DeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, DeError> {
        let Some(entry) = self.node.entry_at(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        self.value = Some(entry.value);
        let key: BorrowedStrDeserializer<'de, DeError> = BorrowedStrDeserializer::new(entry.key);
        // An unknown key is at fault itself, not its value.
        seed.deserialize(key)
            .map(Some)
            .map_err(|error| error.at(entry.key_location))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, DeError> {
        let Some(node) = self.value.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        seed.deserialize(NodeDeserializer { node })
            .map_err(|error| error.at(node.address()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.node.len().saturating_sub(self.next))
    }
}

/// An enum written as a mapping of one key.
struct Variant<'t> {
    node: NodeRef<'t>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = DeError;
    type Variant = VariantContent<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, VariantContent<'de>), DeError> {
        let Some(entry) = self.node.entry_at(0) else {
            return Err(de::Error::custom("a mapping with one key is empty"));
        };
        let name: BorrowedStrDeserializer<'de, DeError> = BorrowedStrDeserializer::new(entry.key);
        let variant = seed
            .deserialize(name)
            .map_err(|error| error.at(entry.key_location))?;
        Ok((variant, VariantContent { node: entry.value }))
    }
}

struct VariantContent<'t> {
    node: NodeRef<'t>,
}

impl<'de> VariantAccess<'de> for VariantContent<'de> {
    type Error = DeError;

    fn unit_variant(self) -> Result<(), DeError> {
        if self.node.is_null() {
            return Ok(());
        }
        Err(NodeDeserializer { node: self.node }.unexpected("nothing behind this key"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, DeError> {
        seed.deserialize(NodeDeserializer { node: self.node })
            .map_err(|error| error.at(self.node.address()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, DeError> {
        de::Deserializer::deserialize_tuple(NodeDeserializer { node: self.node }, len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        let node = NodeDeserializer { node: self.node };
        de::Deserializer::deserialize_struct(node, "", fields, visitor)
    }
}

#[cfg(test)]
mod tests;

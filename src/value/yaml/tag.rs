//! The value of a scalar: by its tag, or else by the core schema.

use granit_parser::Tag;

use super::super::node::Scalar;
use super::super::number;
use super::super::problem::Stop;
use super::Reader;
use super::resolve::{Plain, resolve};
use crate::source::Span;

impl Reader<'_, '_> {
    /// The value of a scalar by its tag, or else by the core schema.
    pub(super) fn resolve<'t>(
        &mut self,
        text: &'t str,
        plain: bool,
        tag: Option<(&Tag, Span)>,
        span: Span,
    ) -> Result<Scalar<'t>, Stop> {
        let Some((tag, tag_span)) = tag else {
            return if plain {
                self.plain(text, span)
            } else {
                Ok(Scalar::String(text))
            };
        };
        if is_non_specific(tag) {
            return Ok(Scalar::String(text));
        }
        let Some(wanted) = tag.core_suffix() else {
            self.unknown_tag(tag, tag_span)?;
            return if plain {
                self.plain(text, span)
            } else {
                Ok(Scalar::String(text))
            };
        };
        if wanted == "str" {
            return Ok(Scalar::String(text));
        }
        let resolved = match (wanted, self.plain(text, span)?) {
            ("float", Scalar::Int(value)) => {
                #[expect(clippy::cast_precision_loss, reason = "what `!!float` asks for")]
                let value = value as f64;
                Some(Scalar::Float(value))
            }
            ("null", scalar @ Scalar::Null)
            | ("bool", scalar @ Scalar::Bool(_))
            | ("int", scalar @ Scalar::Int(_))
            | ("float", scalar @ Scalar::Float(_)) => Some(scalar),
            _ => None,
        };
        if let Some(scalar) = resolved {
            return Ok(scalar);
        }
        self.wrong_tag(wanted, tag_span)?;
        Ok(Scalar::String(text))
    }

    fn plain<'t>(&mut self, text: &'t str, span: Span) -> Result<Scalar<'t>, Stop> {
        Ok(match resolve(text) {
            Plain::Null => Scalar::Null,
            Plain::Bool(value) => Scalar::Bool(value),
            Plain::Int(value) => Scalar::Int(value),
            Plain::Float(value) => Scalar::Float(value),
            Plain::Wide(value) => {
                number::wide(self.problems, text, span)?;
                Scalar::Float(value)
            }
            Plain::TooLarge => {
                number::too_large(self.problems, span)?;
                Scalar::String(text)
            }
            Plain::String => Scalar::String(text),
        })
    }

    pub(super) fn check_collection_tag(
        &mut self,
        tag: Option<&Tag>,
        wanted: &str,
        at: &granit_parser::Span,
        span: Span,
    ) -> Result<(), Stop> {
        let Some(tag) = tag.filter(|tag| !is_non_specific(tag)) else {
            return Ok(());
        };
        let span = self.tag_place(at, span);
        match tag.core_suffix() {
            Some(suffix) if suffix == wanted => Ok(()),
            Some(suffix) => self.wrong_tag(suffix, span),
            None => self.unknown_tag(tag, span),
        }
    }

    fn unknown_tag(&mut self, tag: &Tag, span: Span) -> Result<(), Stop> {
        let name = tag.original();
        let finding = self
            .problems
            .at("tag", span, format!("the tag `{name}` has no meaning here"))
            .with_help("Remove the tag: a document is read as it stands")
            .with_pointer(self.builder.pointer().to_string())
            .with_subject(name);
        self.problems.push(finding)
    }

    fn wrong_tag(&mut self, suffix: &str, span: Span) -> Result<(), Stop> {
        let finding = self
            .problems
            .at(
                "tag",
                span,
                format!("the tag `!!{suffix}` stands before a value of another kind"),
            )
            .with_help("Remove the tag, or correct the value")
            .with_pointer(self.builder.pointer().to_string())
            .with_subject(suffix);
        self.problems.push(finding)
    }
}

/// The tag `!`: a value that is text whatever it looks like.
fn is_non_specific(tag: &Tag) -> bool {
    matches!(tag.parts(), ("!", "") | ("", "!"))
}

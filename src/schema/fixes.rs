//! What can be written in place of what does not fit: only what says the same in the way that the
//! schema wants it. `docs/fixes.md` lists all of it.

use serde_json::Value;

use super::PREFIX;
use super::findings::Reporter;
use crate::expr::notation;
use crate::finding::{Fix, Safety, only_slip};
use crate::value::{Entry, Kind, NodeRef, Scalar, Style};

impl<'s> Reporter<'s, '_> {
    /// Nothing is offered for the gate's own input, which nobody asked to have changed.
    fn offers(self) -> bool {
        self.prefix == PREFIX
    }

    /// Renames a misspelt key, if one key alone is near and its value can be what that key takes.
    pub(super) fn key_fix(
        self,
        node: NodeRef<'_>,
        entry: &Entry<'_>,
        known: &[(&'s str, &'s Value)],
    ) -> Option<Fix> {
        let (name, close) = only_slip(entry.key, known.iter().map(|(name, _)| *name))?;
        let (_, schema) = known.iter().find(|(known, _)| *known == name)?;
        self.rename(node, entry, name, close, Some(schema))
    }

    /// Renames a misspelt key to one of some names.
    pub(super) fn name_fix(
        self,
        node: NodeRef<'_>,
        entry: &Entry<'_>,
        names: &[String],
    ) -> Option<Fix> {
        let (name, close) = only_slip(entry.key, names.iter().map(String::as_str))?;
        self.rename(node, entry, name, close, None)
    }

    fn rename(
        self,
        node: NodeRef<'_>,
        entry: &Entry<'_>,
        name: &str,
        close: bool,
        schema: Option<&'s Value>,
    ) -> Option<Fix> {
        if !self.offers() {
            return None;
        }
        let edit = node.renamed(entry, name)?;
        let title = format!("rename `{}` to `{name}`", entry.key);
        let mut fix = Fix::safe(title, edit).with_safety(safety(close));
        if let Some(schema) = schema {
            self.fit(schema, entry.value, &mut fix)?;
        }
        Some(fix)
    }

    /// Writes the one value that is near to what is there.
    pub(super) fn option_fix(self, node: NodeRef<'_>, options: &[&Value]) -> Option<Fix> {
        let given = node.as_str()?;
        let texts = options.iter().filter_map(|option| option.as_str());
        let (text, close) = only_slip(given, texts)?;
        Some(
            self.write(node, Scalar::String(text))?
                .with_safety(safety(close)),
        )
    }

    /// Writes a value of one type as what it is, where its notation made it another.
    pub(super) fn type_fix(self, node: NodeRef<'_>, wants: &[&str]) -> Option<Fix> {
        let mut wants = wants.iter().filter(|name| **name != "null");
        let wanted = *wants.next()?;
        if wants.next().is_some() {
            return None;
        }
        match (node.scalar()?, wanted) {
            (Scalar::String(text), "boolean") => {
                let truth = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "true" => true,
                    "no" | "off" | "false" => false,
                    _ => return None,
                };
                self.write(node, Scalar::Bool(truth))
            }
            (Scalar::String(text), "integer") if is_number(text) => {
                self.write(node, Scalar::Int(text.parse().ok()?))
            }
            // The digits stay as they are written.
            (Scalar::String(text), "number") if is_number(text) => {
                let mut fix = self.write(node, Scalar::Int(0))?;
                fix.title = format!("write `{text}`");
                for edit in &mut fix.edits {
                    text.clone_into(&mut edit.replacement);
                }
                Some(fix)
            }
            (Scalar::Int(_) | Scalar::Float(_), "string") if is_number(node.raw()) => {
                self.quote(node, node.raw())
            }
            _ => None,
        }
    }

    /// Writes a date or a duration in the notation of documents.
    pub(super) fn format_fix(self, node: NodeRef<'_>, format: &str) -> Option<Fix> {
        let text = node.as_str()?;
        let same = match format {
            "date" => notation::day(text),
            "date-time" => notation::instant(text),
            "duration" => notation::duration(text),
            _ => None,
        }?;
        self.write(node, Scalar::String(&same))
    }

    /// Puts quotes around a text that other readers take for something else.
    pub(super) fn quote(self, node: NodeRef<'_>, text: &str) -> Option<Fix> {
        self.write(node, Scalar::String(text))
            .filter(|_| node.style() == Style::Plain || node.as_str().is_none())
    }

    fn write(self, node: NodeRef<'_>, value: Scalar<'_>) -> Option<Fix> {
        if !self.offers() {
            return None;
        }
        let edit = node.rewritten(value)?;
        Some(Fix::safe(format!("write `{}`", edit.replacement), edit))
    }

    /// Sees to it that a schema takes values of a node's type, whatever else it asks of them: with an edit
    /// more where the value is written as another type. `None` where it is another thing, or empty, which
    /// says nothing of the key that is meant.
    fn fit(self, schema: &'s Value, node: NodeRef<'_>, fix: &mut Fix) -> Option<()> {
        let name = match node.kind() {
            Kind::Null => return None,
            Kind::Bool => "boolean",
            Kind::Int => "integer",
            Kind::Float => "number",
            Kind::String => "string",
            Kind::Sequence => "array",
            Kind::Mapping => "object",
        };
        let expanded = self.lookup.expand(schema);
        let mut types: Vec<&str> = expanded
            .iter()
            .filter_map(|part| part.get("type"))
            .flat_map(|ty| match ty {
                Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect::<Vec<_>>(),
            })
            .collect();
        types.sort_unstable();
        types.dedup();
        let fits =
            |wanted: &&str| **wanted == *name || (**wanted == *"number" && name == "integer");
        if types.is_empty() || types.iter().any(fits) {
            return Some(());
        }
        let value = self.type_fix(node, &types)?;
        fix.title = format!("{} and {}", fix.title, value.title);
        fix.edits.extend(value.edits);
        Some(())
    }
}

/// What is further away than a slip of the hand may be another word.
fn safety(close: bool) -> Safety {
    if close { Safety::Safe } else { Safety::Unsafe }
}

/// A number as every notation writes it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(all)
}

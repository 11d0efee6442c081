//! Values of the right type that cannot stand: none of those allowed, out of range, in another
//! notation, too many.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::findings::{Reporter, rule};
use super::wording;
use crate::finding::{Finding, Label, did_you_mean};
use crate::value::NodeRef;

impl<'s> Reporter<'s, '_> {
    /// A value that is none of those allowed, with the nearest of them.
    pub(super) fn none_of(
        self,
        node: NodeRef<'_>,
        holder: Option<&'s Value>,
        options: &[&Value],
    ) -> Finding {
        let words: Vec<String> = options
            .iter()
            .filter(|option| !option.is_null())
            .map(|option| wording::literal(option))
            .collect();
        let words = || words.iter().map(String::as_str);
        let given = node.as_str().unwrap_or_else(|| node.raw());
        let all_text = options
            .iter()
            .all(|option| option.is_string() || option.is_null());
        if node.as_str().is_none() && all_text {
            let mut finding = self.wrong_type(node, &["string".to_owned()], holder);
            if !words().any(|word| word == given) {
                finding.fixes.clear();
            }
            return finding.with_note(format!("allowed: {}", wording::list(words(), "and")));
        }
        let near = if node.as_str().is_some() {
            did_you_mean(given, words())
        } else {
            String::new()
        };
        let near = if near.is_empty() {
            ", which is none of the values it can have".to_owned()
        } else {
            near
        };
        let message = format!(
            "{} is `{}`{near}",
            wording::name(node),
            wording::value(node)
        );
        self.at(rule::VALUE, node, message)
            .with_help(format!("one of {}", wording::list(words(), "or")))
            .with_fix(self.option_fix(node, options))
    }

    /// A value of the right type that cannot stand.
    pub(super) fn wrong_value(
        self,
        node: NodeRef<'_>,
        holder: Option<&'s Value>,
        kind: &Kind,
        error: &ValidationError<'_>,
    ) -> Finding {
        let name = wording::name(node);
        let given = wording::value(node);
        let size = node.len() as u64;
        let meaning = holder.and_then(|h| self.shape_help(node, h));
        let (message, help) = match kind {
            Kind::Enum { options } => {
                let options: Vec<&Value> = options.as_array().into_iter().flatten().collect();
                return self.none_of(node, holder, &options);
            }
            Kind::Constant { expected_value } => {
                let expected = wording::literal(expected_value);
                let help = format!("write `{expected}`");
                (format!("{name} is `{given}`, not `{expected}`"), Some(help))
            }
            Kind::Format { format } => return self.misformatted(node, format),
            Kind::Pattern { pattern } => {
                let title = holder.and_then(|h| self.lookup.keyword(h, "title")?.as_str());
                let message = match title {
                    Some(title) => {
                        format!("{name} is `{given}`, which is no {}", lower_first(title))
                    }
                    None => format!("{name} is `{given}`, which does not have the form it needs"),
                };
                let fallback = || format!("it must match the regular expression {pattern}");
                (message, Some(meaning.unwrap_or_else(fallback)))
            }
            Kind::Minimum { limit } => {
                (format!("{name} is {given}; the least is {limit}"), meaning)
            }
            Kind::Maximum { limit } => (format!("{name} is {given}; the most is {limit}"), meaning),
            Kind::ExclusiveMinimum { limit } => (
                format!("{name} is {given}; it must be more than {limit}"),
                meaning,
            ),
            Kind::ExclusiveMaximum { limit } => (
                format!("{name} is {given}; it must be less than {limit}"),
                meaning,
            ),
            Kind::MultipleOf { multiple_of } => (
                format!("{name} is {given}, which is no multiple of {multiple_of}"),
                meaning,
            ),
            Kind::MinLength { limit } => {
                let length = node.as_str().map_or(0, |text| text.chars().count() as u64);
                let length = wording::count(length, "character", "characters");
                (
                    format!("{name} has {length}; the least is {limit}"),
                    meaning,
                )
            }
            Kind::MaxLength { limit } => {
                let length = node.as_str().map_or(0, |text| text.chars().count());
                (
                    format!("{name} has {length} characters; the most is {limit}"),
                    meaning,
                )
            }
            Kind::MinItems { limit } => (
                too_few(&name, size, *limit, ("entry", "entries")),
                meaning.or_else(|| Some("add one, or remove the key".to_owned())),
            ),
            Kind::MaxItems { limit } => (
                format!("{name} has {size} entries; the most is {limit}"),
                meaning,
            ),
            Kind::MinProperties { limit } => {
                (too_few(&name, size, *limit, ("key", "keys")), meaning)
            }
            Kind::MaxProperties { limit } => (
                format!("{name} has {size} keys; the most is {limit}"),
                meaning,
            ),
            Kind::AdditionalItems { limit } => (
                format!("{name} has {size} entries; the most is {limit}"),
                meaning,
            ),
            Kind::UnevaluatedItems { .. } => {
                (format!("{name} has more entries than it can"), meaning)
            }
            Kind::Contains => {
                let wanted = holder
                    .and_then(|h| wording::wanted(self.lookup, h.get("contains")?))
                    .unwrap_or_else(|| "what it must have".to_owned());
                (format!("no entry of {name} is {wanted}"), meaning)
            }
            Kind::Not { .. } => (format!("{name} is what it must not be: `{given}`"), meaning),
            Kind::FalseSchema => {
                let at = node
                    .own_entry()
                    .map_or(node.address(), |entry| entry.key_location);
                return self
                    .place(
                        rule::VALUE,
                        at,
                        node,
                        format!("{name} must not be given here"),
                    )
                    .with_subject(given);
            }
            _ => (error.masked_with(name).to_string(), meaning),
        };
        let finding = self.at(rule::VALUE, node, message);
        match help {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    }

    fn misformatted(self, node: NodeRef<'_>, format: &str) -> Finding {
        let given = wording::value(node);
        let name = wording::name(node);
        let (article, notation) =
            wording::format_words(format).unwrap_or(("in the form it needs", "see the schema"));
        let help = match wording::as_duration(&given) {
            Some(iso) if format == "duration" => format!("write `{iso}`"),
            _ => notation.to_owned(),
        };
        self.at(
            rule::VALUE,
            node,
            format!("{name} is `{given}`, which is not {article}"),
        )
        .with_help(help)
        .with_fix(self.format_fix(node, format))
    }

    /// A list that must not name anything twice.
    pub(super) fn repeated(self, node: NodeRef<'_>) -> Finding {
        let items: Vec<_> = node.items().collect();
        let equal = |a: NodeRef<'_>, b: NodeRef<'_>| format!("{a:?}") == format!("{b:?}");
        let pair = items.iter().enumerate().find_map(|(at, &item)| {
            let first = items
                .iter()
                .take(at)
                .find(|&&earlier| equal(earlier, item))?;
            Some((*first, item))
        });
        let name = wording::name(node);
        let Some((first, second)) = pair else {
            return self.at(
                rule::VALUE,
                node,
                format!("{name} lists the same thing twice"),
            );
        };
        let message = if second.scalar().is_some() {
            format!("{name} lists `{}` twice", wording::value(second))
        } else {
            format!("{name} lists the same entry twice")
        };
        self.at(rule::VALUE, second, message)
            .with_related(Label::new(first.address(), "first listed here"))
            .with_help("remove one of them")
    }
}

fn too_few(name: &str, size: u64, limit: u64, (one, many): (&str, &str)) -> String {
    if size == 0 {
        format!("{name} has no {many}")
    } else {
        let size = wording::count(size, one, many);
        format!("{name} has {size}; the least is {limit}")
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        // An acronym stays as it is.
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

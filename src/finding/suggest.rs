//! "Did you mean": the nearest known name to one that is not known.

/// The candidate nearest to `name`, if one is near enough to be a slip of the hand.
///
/// Near is an edit distance (Damerau-Levenshtein, optimal string alignment) of at most a third of
/// the longer name, at least one; names that differ only in case, `-` and `_` are always near. Of equals the
/// first candidate wins, so pass candidates in a stable order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(name, candidates)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The candidate that `name` is a slip of the hand for, if no other is near: one that differs
/// only in case, `-` and `_`, by one letter that is missing, added, changed or swapped with its neighbour, or,
/// in a name of eight letters or more, by two.
///
/// The second value is whether it is as near as that. What [`nearest`] would ask about and is
/// further away may be another word.
pub fn only_slip<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, bool)> {
    let mut all = near(name, candidates);
    let (distance, only) = all.next()?;
    if all.any(|(_, other)| other != only) {
        return None;
    }
    let allowed = if fold(only).chars().count() < 8 { 1 } else { 2 };
    Some((only, distance <= allowed))
}

/// The candidates that are near, each with its distance.
fn near<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = (usize, &'a str)> {
    let folded = fold(name);
    candidates.into_iter().filter_map(move |candidate| {
        let other = fold(candidate);
        let distance = if other == folded {
            0
        } else {
            strsim::osa_distance(&folded, &other)
        };
        let longest = folded.chars().count().max(other.chars().count());
        (distance <= (longest / 3).max(1) && distance < longest).then_some((distance, candidate))
    })
}

/// "; did you mean `x`?" or nothing, to be put behind a message.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates)
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}

/// A help that was put together from parts, beginning with a capital letter.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let keys = ["lawful_basis", "retention", "name"];
        assert_eq!(nearest("lawfull_basis", keys), Some("lawful_basis"));
        assert_eq!(nearest("lawfulBasis", keys), Some("lawful_basis"));
        assert_eq!(nearest("retnetion", keys), Some("retention"));
        assert_eq!(nearest("nmae", keys), Some("name"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(did_you_mean("nam", keys), "; did you mean `name`?");
    }

    #[test]
    fn of_several_that_are_near_none_is_meant_for_certain() {
        let keys = ["lawful_basis", "retention", "name", "min", "max", "owner"];
        for (name, slip) in [
            ("retnetion", Some(("retention", true))),
            ("Retention", Some(("retention", true))),
            ("lawfulBasis", Some(("lawful_basis", true))),
            ("lawfl_bass", Some(("lawful_basis", true))),
            ("retention_end", Some(("retention", false))),
            ("ownr", Some(("owner", true))),
            ("owne2s", Some(("owner", false))),
            ("man", None),
            ("colour", None),
        ] {
            assert_eq!(only_slip(name, keys), slip, "{name}");
        }
    }
}

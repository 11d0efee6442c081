//! "Did you mean": the nearest known name to one that is not known.

/// The candidate nearest to `name`, if one is near enough to be a slip of the hand.
///
/// Near is an edit distance (Damerau-Levenshtein, optimal string alignment) of at most a third of
/// the longer name, at least one; names that differ only in case, `-` and `_` are always near. Of equals the
/// first candidate wins, so pass candidates in a stable order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = fold(candidate);
            let distance = if other == folded {
                0
            } else {
                strsim::osa_distance(&folded, &other)
            };
            let longest = folded.chars().count().max(other.chars().count());
            (distance <= (longest / 3).max(1) && distance < longest)
                .then_some((distance, candidate))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
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
}

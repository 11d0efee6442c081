//! Text that is safe to print: no control or bidirectional character reaches a terminal raw.

use std::borrow::Cow;

/// `text` with every control, bidirectional and invisible formatting character made visible.
///
/// Line feeds and tabs stay. Used for messages; for source excerpts see
/// [`display_safe_same_length`].
pub fn display_safe(text: &str) -> Cow<'_, str> {
    replace(text, |_| "\u{FFFD}")
}

/// As [`display_safe`], but each replacement is as many bytes as what it replaces, so that byte
/// offsets into the original hold in the copy.
pub fn display_safe_same_length(text: &str) -> Cow<'_, str> {
    replace(text, |unsafe_char| match unsafe_char.len_utf8() {
        1 => "?",
        2 => "\u{BF}",
        3 => "\u{FFFD}",
        _ => "\u{1F6C7}",
    })
}

/// Stars in place of everything but white space, each as many bytes as what it replaces.
pub(super) fn stars_same_length(text: &str) -> String {
    let star = |character: char| match character.len_utf8() {
        _ if character.is_whitespace() => character,
        1 => '*',
        2 => '\u{D7}',
        3 => '\u{2217}',
        _ => '\u{1F7B6}',
    };
    text.chars().map(star).collect()
}

fn replace(text: &str, with: impl Fn(char) -> &'static str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe_to_display) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe_to_display(c) {
            safe.push_str(with(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Characters that steer a terminal or hide what is written: C0 and C1 controls, bidirectional
/// marks and overrides (Trojan Source, CVE-2021-42574), zero-width and tag characters.
///
/// Line feed and tab are not among them: what may hold one decides for itself.
pub fn is_unsafe_to_display(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        c if c.is_control() => true,
        '\u{061C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_do_not_survive() {
        let hostile = "a\u{1b}[2Jb\u{202E}c\u{85}d\u{E0041}é\n\t";
        assert_eq!(
            display_safe(hostile),
            "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}é\n\t"
        );
        let same = display_safe_same_length(hostile);
        assert_eq!(same.len(), hostile.len());
        assert_eq!(same.find('é'), hostile.find('é'));
        assert!(!same.contains('\u{1b}'));
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(display_safe("clean é 你"), Cow::Borrowed(_)));
    }
}

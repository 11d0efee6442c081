//! Text that is safe to print: no control or bidirectional character reaches a terminal raw, and
//! nothing in it is a command to a build runner.

use std::borrow::Cow;

/// `text` with every control, bidirectional and invisible formatting character made visible, and
/// the commands broken that build runners obey anywhere in a line (`##[` and `##vso[`).
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
    if !text.chars().any(is_unsafe_to_display) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_unsafe_to_display(c) || begins_command(text, at) {
            safe.push_str(with(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Whether the second `#` of `##[` or `##vso[` stands at byte `at`. GitHub's runner and that of
/// Azure Pipelines look for these anywhere in a line, not only at its start.
pub(super) fn begins_command(text: &str, at: usize) -> bool {
    let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix('#')) else {
        return false;
    };
    let follows = rest.starts_with('[')
        || rest
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("vso["));
    follows && text.get(..at).is_some_and(|before| before.ends_with('#'))
}

/// `text` on one line, safe to print: a line break in a value must not forge a line of output.
pub fn one_line(text: &str) -> String {
    let safe = display_safe(text.trim());
    if safe.contains(['\n', '\t']) {
        safe.split(['\n', '\t'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    } else {
        safe.into_owned()
    }
}

/// Build runners obey lines that begin with `::`, also behind spaces; such a line, made from what a
/// document says, is kept from beginning so.
pub fn disarm(line: &mut String) {
    let start = line.trim_start();
    if start.starts_with("::") {
        line.insert_str(line.len() - start.len(), "| ");
    }
}

/// Characters that steer a terminal or hide what is written: C0 and C1 controls, bidirectional
/// marks and overrides (Trojan Source, CVE-2021-42574), zero-width and tag characters, and the two
/// that XML may not hold.
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
        | '\u{FFFE}'
        | '\u{FFFF}'
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
    fn commands_to_build_runners_are_broken_wherever_they_stand() {
        for (text, safe, same) in [
            ("a ##[error]b", "a #\u{FFFD}[error]b", "a #?[error]b"),
            ("###[x]", "##\u{FFFD}[x]", "##?[x]"),
            ("##VSO[x]", "#\u{FFFD}VSO[x]", "#?VSO[x]"),
            ("## title [x]", "## title [x]", "## title [x]"),
            ("#[x] ##", "#[x] ##", "#[x] ##"),
        ] {
            assert_eq!(display_safe(text), safe);
            assert_eq!(display_safe_same_length(text), same);
        }
    }

    #[test]
    fn a_value_cannot_forge_a_line() {
        assert_eq!(
            one_line("bad\nlaunchgate: PASS\r\n\t\u{1b}[2J "),
            "bad launchgate: PASS\u{FFFD} \u{FFFD}[2J"
        );
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(display_safe("clean é 你"), Cow::Borrowed(_)));
    }
}

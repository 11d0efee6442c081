//! Text that stands where an answer shall once stand.

use std::borrow::Cow;

/// Whether `text` is a placeholder: TBD, `<owner>`, "[More Information Needed]", "???" and their
/// kin. `present:` and `blank(x)` take it for missing.
///
/// Short words count only as the whole text, or as what introduces it ("TBD by legal", "TODO:
/// describe"), ends it after a colon ("Owner: TBC") or stands in brackets within it ("two years
/// (TBD)"); a sentence that mentions a to-do list is an answer. Letter case, punctuation around
/// the text and Markdown emphasis do not matter. Empty text is blank, not a placeholder.
///
/// "None" is an answer: there are none. "N/A" alone is not: where a rule asks, the question
/// applies, and who holds that it does not says why ("N/A: the model sees no personal data") or
/// records a waiver. "Unknown" is left alone, since it is a real group or category in fairness data.
pub fn is_placeholder(text: &str) -> bool {
    let visible = visible(text);
    let text = visible.trim();
    !text.is_empty()
        && (is_slot(text) || is_filler(text) || is_marker(text) || has_marker_within(text))
}

/// Whether `text` is an answer, also where no rule asks: neither blank nor a placeholder. There
/// "N/A" and a dash are answers, since nobody said that the question applies; "NA" is Namibia, too.
pub fn is_answer(text: &str) -> bool {
    let shown = visible(text);
    let dashes = |text: &str| text.chars().all(|c| matches!(c, '-' | '–' | '—'));
    let declined = |text: &str| {
        is_not_applicable(text) || is_not_applicable(text.trim_end_matches('.')) || dashes(text)
    };
    !is_blank(text) && (!is_placeholder(text) || declined(shown.trim()))
}

/// Whether a reader sees nothing of `text`: no character, white space, characters without width.
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// The text without what no reader sees.
fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).collect())
}

/// Characters that take no place or are drawn as nothing: format characters, variation selectors,
/// fillers, the blank of Braille.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Words that mean "no answer yet" when they are all there is.
const WORDS: &[&str] = &[
    "tbd",
    "tba",
    "tbc",
    "todo",
    "to do",
    "to-do",
    "fixme",
    "wip",
    "n/a",
    "n.a",
    "na",
    "not applicable",
    "placeholder",
    "fill in",
    "fill me in",
    "fill this in",
    "to be filled in",
    "changeme",
    "change me",
    "change-me",
    "replace me",
    "replaceme",
    "insert here",
    "coming soon",
    "to come",
    "to follow",
    "work in progress",
    "more information needed",
    "needs clarification",
    "information needed",
    "yyyy-mm-dd",
    "dd/mm/yyyy",
    "mm/dd/yyyy",
    "dd.mm.yyyy",
];

/// Words that mean "no answer yet" wherever a text begins with them.
const LEADS: &[&str] = &["tbd", "tba", "tbc", "lorem ipsum"];

/// Words that do so before a colon, a dash or a bracket; "todo list" is an answer.
const TAGS: &[&str] = &["todo", "fixme", "placeholder"];

/// "To be decided", "not yet decided".
const PENDING: &[&str] = &[
    "added",
    "agreed",
    "announced",
    "assigned",
    "completed",
    "confirmed",
    "decided",
    "defined",
    "described",
    "determined",
    "documented",
    "done",
    "provided",
    "specified",
    "written",
];

/// What opens an instruction to the author in square brackets: "[Insert the owner]".
const INSTRUCTIONS: &[&str] = &[
    "add", "describe", "enter", "explain", "fill", "insert", "list", "name", "provide", "replace",
    "specify", "state", "your",
];

/// Longer than any "to be ..." of three words.
const MAX_PENDING: usize = 24;

/// The longest bracketed text that is looked into.
const MAX_BRACKETED: usize = 120;

/// A template's slot that is the whole text (`<owner>`, `${OWNER}`, "[Insert the owner]") or a
/// `{{slot}}` anywhere: what a template engine has left unfilled is not finished text.
fn is_slot(text: &str) -> bool {
    let within = |open: &str, close: &str| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .map(str::trim)
    };
    if let Some(slot) = within("<", ">") {
        // An address or an element, `<mailto:a@b.c>` or `<br/>`, is not a slot.
        return !slot.contains(['<', '>', '@', ':', '/']) && slot.contains(char::is_alphabetic);
    }
    if let Some(name) = within("${", "}") {
        return !name.contains(['{', '}']);
    }
    if let Some(instruction) = within("[", "]") {
        let first = instruction.split(|c: char| !c.is_alphabetic()).next();
        if first.is_some_and(|word| INSTRUCTIONS.iter().any(|w| w.eq_ignore_ascii_case(word)))
            && !instruction.contains(['[', ']'])
            && instruction.contains(' ')
        {
            return true;
        }
    }
    text.find("{{").is_some_and(|open| {
        text.get(open..)
            .is_some_and(|rest| rest.contains("}}") && !rest.starts_with("{{}}"))
    })
}

/// "???", "...", "-", "xxx", "xxxx-xx-xx": nothing but filling.
fn is_filler(text: &str) -> bool {
    // What begins with any other letter is none of them.
    if text.starts_with(|c: char| c.is_alphanumeric() && !matches!(c, 'x' | 'X')) {
        return false;
    }
    let all = |allowed: &[char]| {
        text.chars()
            .all(|c| allowed.contains(&c) || c.is_whitespace())
    };
    let dots: usize = text
        .chars()
        .map(|c| match c {
            '.' => 1,
            '…' => 3,
            _ => 0,
        })
        .sum();
    if all(&['-', '–', '—', '_', '?'])
        || (dots >= 3 && all(&['.', '…']))
        || matches!(text, "[]" | "{}" | "()" | "<>" | "[ ]")
    {
        return true;
    }
    let xs = text.chars().filter(|c| matches!(c, 'x' | 'X')).count();
    xs >= 3
        && text
            .chars()
            .all(|c| matches!(c, 'x' | 'X') || c.is_ascii_punctuation() || c.is_whitespace())
}

/// Whether the whole text says that the answer is yet to come.
fn is_marker(text: &str) -> bool {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || (c.is_ascii_punctuation() && c != '/') || matches!(c, '…' | '–' | '—')
    });
    let last = text.rsplit(": ").next().unwrap_or(text);
    let begins = |words: &[&str], after: fn(&str) -> bool| {
        words.iter().any(|word| {
            text.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
                && text.get(word.len()..).is_some_and(after)
        })
    };
    is_word(text)
        || (last.len() < text.len() && is_unanswered(last) && !last.eq_ignore_ascii_case("na"))
        || begins(LEADS, |rest| !rest.starts_with(char::is_alphanumeric))
        || begins(TAGS, |rest| {
            rest.trim_start()
                .starts_with([':', '(', '[', '-', '–', '—'])
        })
        || is_pending(text)
}

fn is_word(text: &str) -> bool {
    let text =
        text.trim_matches(|c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '/'));
    // Most texts are told apart by their first letter.
    let Some(first) = text.as_bytes().first() else {
        return false;
    };
    let begins = |word: &str| {
        let letter = word.as_bytes().first();
        letter.is_some_and(|letter| letter.eq_ignore_ascii_case(first))
    };
    WORDS
        .iter()
        .any(|word| begins(word) && same_words(word, text))
}

/// A word or three that stand for an answer; what goes on ("to be decided by the model alone") may
/// be one.
fn is_unanswered(text: &str) -> bool {
    is_word(text) || (text.len() < MAX_PENDING && is_pending(text))
}

/// "To be decided by counsel", "not yet defined".
fn is_pending(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let mut next = || words.next().unwrap_or_default();
    let (first, second) = (next(), next());
    let yet_to_come = (first.eq_ignore_ascii_case("to") && second.eq_ignore_ascii_case("be"))
        || (first.eq_ignore_ascii_case("not") && second.eq_ignore_ascii_case("yet"));
    let third = next();
    let third = third.trim_end_matches(|c: char| c.is_ascii_punctuation());
    yet_to_come && PENDING.iter().any(|word| word.eq_ignore_ascii_case(third))
}

/// Equal but for letter case and for how many spaces part the words.
fn same_words(word: &str, text: &str) -> bool {
    let mut given = text.split_whitespace();
    word.split(' ').all(|word| {
        given
            .next()
            .is_some_and(|other| other.eq_ignore_ascii_case(word))
    }) && given.next().is_none()
}

/// "(TBD)" or "[NEEDS CLARIFICATION: which region?]" anywhere in the text.
fn has_marker_within(text: &str) -> bool {
    const CLARIFY: &str = "needs clarification";
    text.match_indices(['[', '(', '{', '<'])
        .any(|(open, bracket)| {
            let inner = text.get(open + bracket.len()..).unwrap_or_default();
            if inner
                .get(..CLARIFY.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(CLARIFY))
            {
                return true;
            }
            let near = inner
                .char_indices()
                .find(|&(at, c)| at > MAX_BRACKETED || matches!(c, ']' | ')' | '}' | '>'));
            near.is_some_and(|(close, _)| {
                inner.get(..close).is_some_and(|inner| {
                    // "(n/a)" and "(not applicable)" in running text are asides.
                    !matches!(bracket, "(") || !is_not_applicable(inner)
                }) && inner.get(..close).is_some_and(is_bracketed_marker)
            })
        })
}

fn is_not_applicable(text: &str) -> bool {
    let text = text.trim();
    ["n/a", "n.a.", "na", "not applicable"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
}

fn is_bracketed_marker(text: &str) -> bool {
    let tagged = |word: &str| {
        text.trim_start()
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
            && text
                .trim_start()
                .get(word.len()..)
                .is_some_and(|rest| rest.starts_with(':'))
    };
    is_unanswered(text) || LEADS.iter().chain(TAGS).any(|word| tagged(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_blank() {
        for text in [
            "",
            " \n",
            "\u{a0}",
            "\u{200b}\u{a0}",
            "\u{2800}\u{3164}",
            "\u{7}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [".", "\u{200b}x", "日"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn what_declines_is_an_answer_where_nobody_asks() {
        for text in [
            "N/A",
            "n/a.",
            "n.a.",
            "NA",
            "Not applicable.",
            "-",
            " – ",
            "none",
            "x",
        ] {
            assert!(is_answer(text), "{text:?}");
        }
        for text in [
            "",
            " ",
            "\u{200b}",
            "TBD",
            "...",
            "???",
            "Source: N/A",
            "[]",
        ] {
            assert!(!is_answer(text), "{text:?}");
        }
    }

    const PLACEHOLDERS: &[&str] = &[
        "TBD",
        "tbd.",
        "(tbd)",
        "**TBD**",
        "  TBC  ",
        "TBD by legal",
        "TBD (see the ticket)",
        "TBD, after the review",
        "TODO",
        "Todo:",
        "TODO: describe the fallback",
        "TODO(maria) pick a basis",
        "todo - ask counsel",
        "FIXME",
        "fixme: wrong owner",
        "To be determined",
        "to be defined.",
        "To be confirmed by counsel",
        "to  be   decided",
        "Not yet decided",
        "Owner: TBD",
        "Retention period: to be determined",
        "two years (TBD)",
        "two years [TODO: ask counsel]",
        "[More Information Needed]",
        "More information needed",
        "The model was trained on [more information needed].",
        "[NEEDS CLARIFICATION: which region?]",
        "Launch in [NEEDS CLARIFICATION: which of [EU, UK]?] by May",
        "<owner>",
        "<your name here>",
        "{{ owner }}",
        "Ask {{owner}} about it",
        "${OWNER}",
        "[Insert the owner]",
        "[Your name here]",
        "xxx",
        "XXXX",
        "xxxx-xx-xx",
        "???",
        "?",
        "...",
        "…",
        "-",
        "—",
        "--",
        "___",
        "Lorem ipsum dolor sit amet",
        "placeholder",
        "Placeholder: owner",
        "fill in",
        "Fill me in!",
        "changeme",
        "coming soon",
        "YYYY-MM-DD",
        "N/A",
        "n/a",
        "N.A.",
        "Not applicable.",
        "[]",
    ];

    const ANSWERS: &[&str] = &[
        "",
        "   ",
        "none",
        "None.",
        "no",
        "0",
        "unknown",
        "pending",
        "N/A: the model sees no personal data",
        "Not applicable, since nothing is stored",
        "We keep a todo list for each launch",
        "Todo list application for teams",
        "The TODO comments in the code are tracked",
        "Fill in the form and send it to counsel",
        "placeholder images are generated on the fly",
        "Nothing is to be decided by the model alone",
        "The decision is not yet automated",
        "To be or not to be",
        "TBC1D4 inhibitor",
        "tbdiff",
        "alice@example.com",
        "<alice@example.com>",
        "<https://example.com/x>",
        "x",
        "xx",
        "x > 3",
        "maxxx",
        "$",
        "%",
        "<",
        ">=",
        "*",
        ".",
        "/",
        "[link](https://example.com)",
        "[redacted]",
        "P2Y",
        "2026-11-22",
        "Up to 3 years... then deleted",
        "Is it safe? Yes.",
        "a - b",
        "Region (n/a) is skipped",
        "A list [of things] we know",
        "Namibia",
        "NATO",
        "日本語",
        "…and so on",
        "f(x) = {x}",
    ];

    #[test]
    fn placeholders_are_told_from_answers() {
        for text in PLACEHOLDERS {
            assert!(is_placeholder(text), "an answer: {text:?}");
            let hidden = text.replace('T', "\u{200b}T\u{2060}");
            assert!(is_placeholder(&hidden), "an answer: {hidden:?}");
        }
        for text in ANSWERS {
            assert!(!is_placeholder(text), "a placeholder: {text:?}");
        }
    }

    #[test]
    fn long_and_hostile_text_is_read_once() {
        let brackets = "([{<".repeat(50_000);
        assert!(!is_placeholder(&brackets));
        assert!(!is_placeholder(&format!("[{}", "é".repeat(100_000))));
        assert!(is_placeholder(&format!("{} (TBD)", "word ".repeat(50_000))));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|[\\[\\](){}<>.:?-]|tbd|todo|xxx|to be ){0,30}") {
            let _ = is_placeholder(&text);
        }
    }
}

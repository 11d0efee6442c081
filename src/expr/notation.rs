//! Dates and durations that are written in another way than documents write them, where what they
//! mean is beyond doubt: `2026/05/02` and `2 May 2026`, but not 02/05/2026.

use super::time::{Date, TimeError, parse_date, parse_iso_duration};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The day that a text means, as `2026-05-02`. `None` if it is written so already, if it could be
/// another day, or if there is no such day.
pub(crate) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let (year, month, day) = numbers(text).or_else(|| words(text))?;
    let day = format!("{year:04}-{month:02}-{day:02}");
    matches!(parse_date(&day), Ok(Date::Day(_))).then_some(day)
}

/// The point in time that a text means, as RFC 3339, where only its mark between date and time or the
/// letter case is another.
pub(crate) fn instant(text: &str) -> Option<String> {
    let text = text.trim();
    let (day, time) = text.split_once([' ', '_'])?;
    let time = time.trim_start().replace(' ', "");
    let zone = ["UTC", "GMT"];
    let time = zone
        .iter()
        .find_map(|name| Some(format!("{}Z", time.strip_suffix(name)?)))
        .unwrap_or(time);
    let instant = format!("{day}T{time}");
    matches!(parse_date(&instant), Ok(Date::Instant(_))).then_some(instant)
}

/// The duration that a text means, as ISO 8601: `P2Y` for "2 years".
pub(crate) fn duration(text: &str) -> Option<String> {
    match parse_iso_duration(text) {
        Err(TimeError::NotADuration { suggestion, .. }) => suggestion,
        _ => None,
    }
}

/// Three numbers: the year first, or a day that can be no month.
fn numbers(text: &str) -> Option<(u32, u32, u32)> {
    let mark = text.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '/' | '.' | '-' | ' ') {
        return None;
    }
    let parts: Vec<&str> = text.split(mark).collect();
    let [first, second, third] = parts.try_into().ok()?;
    if let Some(year) = year(first) {
        return Some((year, small(second)?, small(third)?));
    }
    let (year, first, second) = (year(third)?, small(first)?, small(second)?);
    match (first > 12, second > 12) {
        (true, false) => Some((year, second, first)),
        (false, true) => Some((year, first, second)),
        // The same day in either order.
        _ if first == second => Some((year, second, first)),
        _ => None,
    }
}

/// A month in words: `2 May 2026`, `May 2, 2026`, `2-May-2026`.
fn words(text: &str) -> Option<(u32, u32, u32)> {
    let parts = text.split([' ', ',', '-', '.', '/']);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.try_into().ok()?;
    if let Some(month) = month(first) {
        return Some((year(third)?, month, ordinal(second)?));
    }
    let month = month(second)?;
    match year(first) {
        Some(year) => Some((year, month, ordinal(third)?)),
        None => Some((year(third)?, month, ordinal(first)?)),
    }
}

/// Four digits.
fn year(text: &str) -> Option<u32> {
    digits(text, 4..=4)
}

fn small(text: &str) -> Option<u32> {
    digits(text, 1..=2)
}

fn digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let right = count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    right.then(|| text.parse().ok())?
}

/// `2`, `2nd`.
fn ordinal(text: &str) -> Option<u32> {
    let endings = ["st", "nd", "rd", "th"];
    let bare = endings.iter().find_map(|ending| text.strip_suffix(ending));
    small(bare.unwrap_or(text))
}

fn month(text: &str) -> Option<u32> {
    let text = text.to_ascii_lowercase();
    let text = if text == "sept" { "sep" } else { &text };
    let named = |month: &&str| *month == text || month.get(..3) == Some(text);
    let at = MONTHS.iter().position(named)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_understood_where_it_can_be_no_other() {
        for text in [
            "2026/05/02",
            "2026.05.02",
            "2026-5-2",
            "2026 05 02",
            "2 May 2026",
            "02-May-2026",
            "2nd may 2026",
            "May 2, 2026",
            "2026 May 2",
            " 2026/05/02 ",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-05-02"), "{text}");
        }
        assert_eq!(day("22/05/2026").as_deref(), Some("2026-05-22"));
        assert_eq!(day("05/22/2026").as_deref(), Some("2026-05-22"));
        assert_eq!(day("22.5.2026").as_deref(), Some("2026-05-22"));
        assert_eq!(day("05/05/2026").as_deref(), Some("2026-05-05"));
        assert_eq!(day("1 Sept 2026").as_deref(), Some("2026-09-01"));
    }

    #[test]
    fn a_day_that_could_be_another_is_not() {
        for text in [
            "02/05/2026",
            "02.05.2026",
            "2/5/26",
            "26/05/02",
            "22/13/2026",
            "2026/02/30",
            "May 2026",
            "2026",
            "20260502",
            "next May 2026",
            "2026-05-02T09:30:00Z",
            "2026/05-02",
            "soon",
            "",
            "٢ May 2026",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_point_in_time_needs_its_offset() {
        for (text, instant) in [
            ("2026-05-02 09:30:00Z", Some("2026-05-02T09:30:00Z")),
            (
                "2026-05-02 09:30:00 +02:00",
                Some("2026-05-02T09:30:00+02:00"),
            ),
            ("2026-05-02 09:30:00 UTC", Some("2026-05-02T09:30:00Z")),
            ("2026-05-02 09:30:00", None),
            ("2026-05-02", None),
            ("2026/05/02 09:30:00Z", None),
            ("é 09", None),
        ] {
            assert_eq!(super::instant(text).as_deref(), instant, "{text}");
        }
    }

    #[test]
    fn a_duration_needs_its_unit() {
        for (text, iso) in [
            ("2 years", Some("P2Y")),
            ("90d", Some("P90D")),
            ("p2y", Some("P2Y")),
            ("6-month", Some("P6M")),
            ("P2Y", None),
            ("5m", None),
            ("two years", None),
            ("-P1D", None),
            ("90", None),
        ] {
            assert_eq!(duration(text).as_deref(), iso, "{text}");
        }
    }
}

//! The smallest step by which a bound can be moved, as its author wrote it.

use jiff::civil::Date;

use crate::expr::time;

/// Which way a bound is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Up,
    Down,
}

impl Step {
    pub(super) const BOTH: [Self; 2] = [Self::Up, Self::Down];

    pub(super) const fn a_day(self) -> &'static str {
        match self {
            Self::Up => "a day more",
            Self::Down => "a day less",
        }
    }

    pub(super) const fn sign(self) -> char {
        match self {
            Self::Up => '+',
            Self::Down => '-',
        }
    }

    fn of(self, number: i128) -> Option<i128> {
        match self {
            Self::Up => number.checked_add(1),
            Self::Down => number.checked_sub(1),
        }
    }
}

/// Where a duration comes to by a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// It can be written.
    To(String),
    /// A day more or less than months or years; how many days that is depends on where they start.
    ByADay,
}

/// A number one step further, the step being 1 in its last decimal place: `0.8` to `0.9`, `30` to
/// `31`. `None` for what is not written as a plain decimal.
pub(super) fn decimal(text: &str, step: Step) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) {
        return None;
    }
    let places = fraction.len();
    let number: i128 = format!("{whole}{fraction}").parse().ok()?;
    let moved = step.of(sign * number)?;
    let digits = format!("{:0>width$}", moved.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - places)?;
    let sign = if moved < 0 { "-" } else { "" };
    Some(if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// A date a day later or earlier.
pub(super) fn date(text: &str, step: Step) -> Option<String> {
    let (day, rest) = text.split_at_checked("2026-08-02".len())?;
    let day: Date = day.parse().ok()?;
    let moved = match step {
        Step::Up => day.tomorrow(),
        Step::Down => day.yesterday(),
    };
    Some(format!("{}{rest}", moved.ok()?))
}

/// A duration a day longer or shorter; one with hours, minutes or seconds by one of the last that
/// it names. `None` for what would be negative.
pub(super) fn duration(text: &str, step: Step) -> Option<Moved> {
    let body = text.strip_suffix(|last: char| last.is_ascii_uppercase())?;
    let unit = text.get(body.len()..)?;
    if unit != "D" && !text.contains('T') {
        let length = time::parse_iso_duration(text).ok()?;
        let can_be = step == Step::Up || length != time::IsoDuration::default();
        return can_be.then_some(Moved::ByADay);
    }
    let before = body.trim_end_matches(|c: char| c.is_ascii_digit());
    let count: i128 = body.get(before.len()..)?.parse().ok()?;
    let moved = step.of(count).filter(|moved| *moved >= 0)?;
    Some(Moved::To(format!("{before}{moved}{unit}")))
}

/// A duration that begins on `today`, a day longer or shorter.
pub(super) fn by_a_day(text: &str, step: Step, today: Date) -> Option<String> {
    let days = time::days(text, today).ok()?;
    let moved = match step {
        Step::Up => days + 1.0,
        Step::Down => days - 1.0,
    };
    (moved >= 0.0).then(|| format!("P{moved}D"))
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn numbers_move_in_their_last_place() {
        for (text, up, down) in [
            ("30", "31", "29"),
            ("0", "1", "-1"),
            ("-1", "0", "-2"),
            ("0.8", "0.9", "0.7"),
            ("0.05", "0.06", "0.04"),
            ("0.00", "0.01", "-0.01"),
            ("99.9", "100.0", "99.8"),
            ("1.0", "1.1", "0.9"),
            ("-0.5", "-0.4", "-0.6"),
        ] {
            assert_eq!(decimal(text, Step::Up).as_deref(), Some(up), "{text}");
            assert_eq!(decimal(text, Step::Down).as_deref(), Some(down), "{text}");
        }
        for text in ["1e3", "0x10", "1u", "", ".5", "-", "1_000", "+1"] {
            assert_eq!(decimal(text, Step::Up), None, "{text}");
        }
    }

    #[test]
    fn dates_move_by_a_day() {
        assert_eq!(date("2026-12-31", Step::Up).as_deref(), Some("2027-01-01"));
        assert_eq!(
            date("2026-03-01T10:00:00Z", Step::Down).as_deref(),
            Some("2026-02-28T10:00:00Z")
        );
        assert_eq!(date("9999-12-31", Step::Up), None);
        assert_eq!(date("soon", Step::Up), None);
    }

    #[test]
    fn durations_move_by_a_day_or_by_what_they_name_last() {
        let to = |text: &str| Some(Moved::To(text.to_owned()));
        assert_eq!(duration("P30D", Step::Up), to("P31D"));
        assert_eq!(duration("P1Y10D", Step::Down), to("P1Y9D"));
        assert_eq!(duration("PT1H", Step::Down), to("PT0H"));
        assert_eq!(duration("P1DT90M", Step::Up), to("P1DT91M"));
        assert_eq!(duration("P0D", Step::Down), None);
        assert_eq!(duration("P0Y", Step::Down), None);
        assert_eq!(duration("P2Y", Step::Down), Some(Moved::ByADay));
        assert_eq!(duration("P4W", Step::Up), Some(Moved::ByADay));
        let day = civil::date(2026, 1, 1);
        assert_eq!(by_a_day("P2Y", Step::Down, day).as_deref(), Some("P729D"));
        assert_eq!(by_a_day("P1M", Step::Up, day).as_deref(), Some("P32D"));
        assert_eq!(by_a_day("P0M", Step::Down, day), None);
    }
}

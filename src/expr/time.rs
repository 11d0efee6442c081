//! Dates and durations as documents write them: RFC 3339 and ISO 8601, nothing else.
//!
//! A date is either an instant with its offset or a whole day in UTC. Wherever a day has to be an
//! instant it is its first one, midnight UTC; so `date(x.expires) >= today` still holds on the
//! day of expiry: what expires on a day is good through that day ([`Date::is_over`]).
//!
//! Durations are calendar durations. How many days two years are depends on where they start, so
//! they become comparable only relative to a day, the gate's as-of date ([`IsoDuration::days`]).

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Span, civil};

/// A date in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Date {
    /// A day in UTC: `2026-11-22`.
    Day(civil::Date),
    /// An instant in the years 1 to 9999, as date and time in UTC: `2026-11-22T09:30:00+01:00` is half past eight.
    Instant(civil::DateTime),
}

impl Date {
    /// The instant, as date and time in UTC; of a day its first, midnight.
    pub fn instant(self) -> civil::DateTime {
        match self {
            Self::Day(day) => day.to_datetime(civil::Time::midnight()),
            Self::Instant(instant) => instant,
        }
    }

    /// The day in UTC on which it lies.
    pub fn day(self) -> civil::Date {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => instant.date(),
        }
    }

    /// How many days it lies before `as_of`; negative for what is to come. Whole days in UTC.
    pub fn age(self, as_of: civil::Date) -> i64 {
        days_between(self.day(), as_of)
    }

    /// Whether `as_of` is a later day. Expiry is inclusive: on the day itself it is not over.
    pub fn is_over(self, as_of: civil::Date) -> bool {
        self.day() < as_of
    }
}

/// Reads `2026-11-22` or `2026-11-22T09:30:00Z`.
///
/// An instant without an offset is refused: nobody can tell when it is.
pub fn parse_date(text: &str) -> Result<Date, TimeError> {
    let shape = shape_of(text).ok_or_else(|| TimeError::NotADate { text: text.into() })?;
    let date = match shape {
        Shape::Day => text
            .parse()
            .ok()
            .filter(|day: &civil::Date| day.year() > 0)
            .map(Date::Day),
        Shape::Instant { local, offset } => instant(local, offset).map(Date::Instant),
        Shape::Local => return Err(TimeError::NoOffset { text: text.into() }),
    };
    date.ok_or_else(|| TimeError::Impossible { text: text.into() })
}

/// Which notation a text has.
enum Shape<'t> {
    /// A day.
    Day,
    /// Date and time, and their distance from UTC in minutes.
    Instant { local: &'t str, offset: i32 },
    /// Date and time that do not say how far they are from UTC.
    Local,
}

/// Which of the notations the text has, digit for digit. `jiff` reads more than RFC 3339 allows
/// (`20261122`, time zone names), and no instant on the last day of the calendar, which documents
/// use for "never".
fn shape_of(text: &str) -> Option<Shape<'_>> {
    if !matches_pattern(text.get(..10)?, "dddd-dd-dd") {
        return None;
    }
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(Shape::Day);
    };
    let time = rest.strip_prefix(['T', 't'])?;
    if !matches_pattern(time.get(..8)?, "dd:dd:dd") {
        return None;
    }
    let mut zone = time.get(8..)?;
    if let Some(fraction) = zone.strip_prefix('.') {
        zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = fraction.len() - zone.len();
        if digits == 0 || digits > 9 {
            return None;
        }
    }
    let local = text.get(..text.len() - zone.len())?;
    let offset = match zone {
        "" => return Some(Shape::Local),
        "Z" | "z" => 0,
        zone if matches_pattern(zone, "+dd:dd") => offset_minutes(zone)?,
        zone if matches_pattern(zone, "-dd:dd") => -offset_minutes(zone)?,
        _ => return None,
    };
    Some(Shape::Instant { local, offset })
}

/// The minutes of `+hh:mm`, without its sign.
fn offset_minutes(zone: &str) -> Option<i32> {
    let hours: i32 = zone.get(1..3)?.parse().ok()?;
    let minutes: i32 = zone.get(4..6)?.parse().ok()?;
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Date and time in UTC, if the calendar has them.
fn instant(local: &str, offset: i32) -> Option<civil::DateTime> {
    let local: civil::DateTime = local.parse().ok()?;
    local
        .checked_sub(SignedDuration::from_mins(i64::from(offset)))
        .ok()
        .filter(|at| at.year() > 0)
}

/// Whether `text` is as `pattern`, where `d` is a digit and everything else itself.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| {
            if wanted == b'd' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        })
}

/// An ISO 8601 duration: `P2Y`, `P1Y6M`, `P4W`, `P90D`, `PT12H`. Never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IsoDuration {
    /// Years and months, in months.
    pub months: u32,
    /// Weeks and days, in days.
    pub days: u32,
    /// Hours, minutes and seconds, in seconds.
    pub seconds: u32,
}

/// Reads an ISO 8601 duration.
///
/// Years, months, weeks and days, then `T` and hours, minutes and seconds, each at most once, in
/// that order, at least one of them; whole numbers; upper case. Negative durations are refused:
/// no retention, review interval or notice period runs backwards.
pub fn parse_iso_duration(text: &str) -> Result<IsoDuration, TimeError> {
    if text.starts_with("-P") || text.starts_with("P-") {
        return Err(TimeError::Negative { text: text.into() });
    }
    read_duration(text).unwrap_or_else(|| {
        Err(TimeError::NotADuration {
            text: text.into(),
            suggestion: suggest(text),
        })
    })
}

/// `None`: not the notation. `Some(Err)`: the notation, but too large.
fn read_duration(text: &str) -> Option<Result<IsoDuration, TimeError>> {
    let body = text.strip_prefix('P')?;
    let (date, time) = match body.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (body, None),
    };
    if time == Some("") || (time.is_none() && date.is_empty()) {
        return None;
    }
    let [years, months, weeks, days] = read_parts(date, [b'Y', b'M', b'W', b'D'])?;
    let [hours, minutes, seconds] = read_parts(time.unwrap_or_default(), [b'H', b'M', b'S'])?;
    let sum = |parts: &[(Option<u32>, u32)]| {
        parts.iter().try_fold(0_u32, |sum, &(count, size)| {
            sum.checked_add(count?.checked_mul(size)?)
        })
    };
    let duration = (|| {
        Some(IsoDuration {
            months: sum(&[(years, 12), (months, 1)])?,
            days: sum(&[(weeks, 7), (days, 1)])?,
            seconds: sum(&[(hours, 3600), (minutes, 60), (seconds, 1)])?,
        })
    })();
    Some(duration.ok_or_else(|| TimeError::TooLong { text: text.into() }))
}

/// The counts before each designator, 0 where one is left out, `None` inside where one does not
/// fit its integer.
fn read_parts<const N: usize>(text: &str, designators: [u8; N]) -> Option<[Option<u32>; N]> {
    let mut counts = [Some(0); N];
    let mut rest = text;
    for (count, designator) in counts.iter_mut().zip(designators) {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = rest.get(..rest.len() - after.len())?;
        if !digits.is_empty()
            && let Some(next) = after.strip_prefix(char::from(designator))
        {
            *count = digits.parse().ok();
            rest = next;
        }
    }
    rest.is_empty().then_some(counts)
}

/// What `2 years`, `90d` or `p2y` most likely mean.
fn suggest(text: &str) -> Option<String> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    if matches!(read_duration(&upper), Some(Ok(_))) {
        return Some(upper);
    }
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = text.get(..text.len() - unit.len())?;
    let unit = unit.trim_start_matches(|c: char| c == '-' || c.is_whitespace());
    let (prefix, designator) = match unit.to_ascii_lowercase().as_str() {
        "y" | "yr" | "yrs" | "year" | "years" => ("P", "Y"),
        "mo" | "month" | "months" => ("P", "M"),
        "w" | "wk" | "wks" | "week" | "weeks" => ("P", "W"),
        "d" | "day" | "days" => ("P", "D"),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("PT", "H"),
        "min" | "mins" | "minute" | "minutes" => ("PT", "M"),
        "s" | "sec" | "secs" | "second" | "seconds" => ("PT", "S"),
        _ => return None,
    };
    let suggestion = format!("{prefix}{count}{designator}");
    matches!(read_duration(&suggestion), Some(Ok(_))).then_some(suggestion)
}

impl IsoDuration {
    /// How many days it lasts when it begins on `as_of`: years and months by the calendar (the
    /// last day of a month if the day does not exist there), a day being 24 hours.
    ///
    /// Equal durations give equal floats and longer ones larger: it is one exact count of
    /// seconds, rounded once. An error if it ends after the year 9999.
    pub fn days(self, as_of: civil::Date) -> Result<f64, TimeError> {
        let days = self.whole_days(as_of).ok_or_else(|| TimeError::TooLong {
            text: self.to_string(),
        })?;
        let seconds = days * SECONDS_A_DAY + i64::from(self.seconds);
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds within the calendar, which a double holds exactly"
        )]
        Ok(seconds as f64 / SECONDS_A_DAY as f64)
    }

    fn whole_days(self, as_of: civil::Date) -> Option<i64> {
        let months = Span::new().try_months(self.months).ok()?;
        let days = Span::new().try_days(self.days).ok()?;
        let end = as_of.checked_add(months).ok()?.checked_add(days).ok()?;
        Some(days_between(as_of, end))
    }
}

const SECONDS_A_DAY: i64 = 86_400;

fn days_between(from: civil::Date, to: civil::Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// The shortest notation: `P2Y`, `P1Y6M`, `P28D`, `PT12H`.
impl fmt::Display for IsoDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |f: &mut fmt::Formatter<'_>, count: u32, designator: char| {
            if count == 0 {
                return Ok(());
            }
            write!(f, "{count}{designator}")
        };
        if *self == Self::default() {
            return f.write_str("P0D");
        }
        f.write_str("P")?;
        part(f, self.months / 12, 'Y')?;
        part(f, self.months % 12, 'M')?;
        part(f, self.days, 'D')?;
        if self.seconds > 0 {
            f.write_str("T")?;
            part(f, self.seconds / 3600, 'H')?;
            part(f, self.seconds / 60 % 60, 'M')?;
            part(f, self.seconds % 60, 'S')?;
        }
        Ok(())
    }
}

impl FromStr for IsoDuration {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        parse_iso_duration(text)
    }
}

/// How many days the duration `text` lasts when it begins on `as_of`: [`IsoDuration::days`].
pub fn days(text: &str, as_of: civil::Date) -> Result<f64, TimeError> {
    parse_iso_duration(text)?.days(as_of)
}

/// Why a text is no date or no duration. The message says how to write one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Another notation.
    #[error("`{text}` is no date; write a day as 2026-11-22 or an instant as 2026-11-22T09:30:00Z")]
    NotADate {
        /// The text.
        text: String,
    },
    /// A day or an hour that the calendar does not have.
    #[error("`{text}` does not exist in the calendar")]
    Impossible {
        /// The text.
        text: String,
    },
    /// An instant that could be any of 25.
    #[error(
        "`{text}` has no offset from UTC; write {text}Z if it is UTC, else an offset such as {text}+01:00"
    )]
    NoOffset {
        /// The text.
        text: String,
    },
    /// Another notation.
    #[error("`{text}` is no ISO 8601 duration; write {}", .suggestion.as_deref().unwrap_or("P2Y for two years, P90D for ninety days or PT12H for twelve hours"))]
    NotADuration {
        /// The text.
        text: String,
        /// What it most likely means.
        suggestion: Option<String>,
    },
    /// A duration that runs backwards.
    #[error("`{text}` is negative; a duration is counted forwards, as in P90D")]
    Negative {
        /// The text.
        text: String,
    },
    /// A duration beyond the calendar.
    #[error("`{text}` is too long: it ends after the year 9999")]
    TooLong {
        /// The text.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_in_both_notations() {
        for (text, instant) in [
            ("2026-11-22", "2026-11-22T00:00:00"),
            ("0001-01-01", "0001-01-01T00:00:00"),
            ("9999-12-31", "9999-12-31T00:00:00"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59"),
            ("2028-02-29", "2028-02-29T00:00:00"),
            ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00"),
            ("2026-11-22t09:30:00z", "2026-11-22T09:30:00"),
            ("2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00"),
            ("2026-11-22T23:30:00.250-02:30", "2026-11-23T02:00:00.25"),
        ] {
            let date = parse_date(text).unwrap();
            assert_eq!(date.instant().to_string(), instant, "{text}");
        }
        assert_eq!(
            parse_date("2026-11-22T00:30:00+01:00").unwrap().day(),
            date(2026, 11, 21)
        );
    }

    #[test]
    fn what_is_no_date_says_how_to_write_one() {
        for text in [
            "",
            "soon",
            "2026",
            "2026-11",
            "20261122",
            "2026/11/22",
            "22.11.2026",
            "2026-1-2",
            "2026-11-22 ",
            " 2026-11-22",
            "2026-11-22 09:30:00Z",
            "2026-11-22T09:30Z",
            "2026-11-22T09:30:00Z[UTC]",
            "2026-11-22T09:30:00.Z",
            "2026-11-22T09:30:00+01",
            "2026-11-22T09:30:00+24:00",
            "2026-11-22T09:30:00+01:60",
            "2026-11-22T09:30:00.1234567890Z",
            "+2026-11-22",
            "2026-11-22é",
            "２０２６-11-22",
        ] {
            let error = parse_date(text).unwrap_err();
            assert_eq!(error, TimeError::NotADate { text: text.into() });
            assert!(error.to_string().contains("2026-11-22T09:30:00Z"));
        }
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-11-22T24:00:01Z",
            "9999-12-31T23:59:59-01:00",
            "0001-01-01T00:00:00+01:00",
            "0000-01-01",
        ] {
            let error = parse_date(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`{text}` does not exist in the calendar")
            );
        }
        assert_eq!(
            parse_date("2026-11-22T09:30:00").unwrap_err().to_string(),
            "`2026-11-22T09:30:00` has no offset from UTC; write 2026-11-22T09:30:00Z if it is UTC, \
             else an offset such as 2026-11-22T09:30:00+01:00"
        );
    }

    #[test]
    fn ages_and_inclusive_expiry() {
        let today = date(2026, 11, 22);
        for (text, age, over) in [
            ("2026-11-22", 0, false),
            ("2026-11-21", 1, true),
            ("2026-11-23", -1, false),
            ("2025-11-22", 365, true),
            ("2026-11-22T23:59:59Z", 0, false),
            ("2026-11-22T23:59:59-01:00", -1, false),
        ] {
            let date = parse_date(text).unwrap();
            assert_eq!(
                (date.age(today), date.is_over(today)),
                (age, over),
                "{text}"
            );
        }
    }

    #[test]
    fn durations_in_days_from_the_as_of_date() {
        let today = date(2026, 11, 22);
        for (text, expected) in [
            ("P0D", 0.0),
            ("P90D", 90.0),
            ("P4W", 28.0),
            ("P1W2D", 9.0),
            ("P1Y", 365.0),
            ("P2Y", 731.0),
            ("P24M", 731.0),
            ("P1Y12M", 731.0),
            ("P3M", 92.0),
            ("P1Y6M", 547.0),
            ("PT12H", 0.5),
            ("P1DT12H", 1.5),
            ("PT36H", 1.5),
            ("PT1M", 1.0 / 1440.0),
            ("PT90S", 90.0 / 86_400.0),
            ("P10Y", 3653.0),
        ] {
            assert_eq!(days(text, today), Ok(expected), "{text}");
        }
        // A month from the last of January ends on the last of February.
        assert_eq!(days("P1M", date(2026, 1, 31)), Ok(28.0));
        assert_eq!(days("P1Y", date(2028, 2, 29)), Ok(365.0));
    }

    #[test]
    fn what_is_no_duration_says_how_to_write_one() {
        for (text, write) in [
            ("2 years", "P2Y"),
            ("2y", "P2Y"),
            ("90 days", "P90D"),
            ("90d", "P90D"),
            ("6 months", "P6M"),
            ("6-month", "P6M"),
            ("12h", "PT12H"),
            ("p2y", "P2Y"),
            ("P1Y ", "P1Y"),
            ("30 minutes", "PT30M"),
        ] {
            assert_eq!(
                days(text, date(2026, 11, 22)).unwrap_err().to_string(),
                format!("`{text}` is no ISO 8601 duration; write {write}")
            );
        }
        for text in [
            "", "P", "PT", "P1", "P1YT", "P1D2Y", "P1M1Y", "P1H", "PT1D", "P1.5Y", "P 1Y", "P1Y1Y",
            "forever", "P1S", "PT1S1H", "P１Y", "years", "+P1Y",
        ] {
            let error = parse_iso_duration(text).unwrap_err();
            assert!(
                matches!(
                    error,
                    TimeError::NotADuration {
                        suggestion: None,
                        ..
                    }
                ),
                "{text}: {error}"
            );
            assert!(error.to_string().ends_with("PT12H for twelve hours"));
        }
        for text in ["-P1D", "P-1D"] {
            assert!(
                matches!(parse_iso_duration(text), Err(TimeError::Negative { .. })),
                "{text}"
            );
        }
        for text in [
            "P99999Y",
            "P4294967295D",
            "P4294967296D",
            "P99999999999999999999Y",
            "P4294967295Y",
        ] {
            assert!(
                matches!(
                    days(text, date(2026, 11, 22)),
                    Err(TimeError::TooLong { .. })
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        for text in ["P0D", "P2Y", "P1Y6M", "P28D", "PT12H", "P1DT1H2M3S"] {
            assert_eq!(parse_iso_duration(text).unwrap().to_string(), text);
        }
        assert_eq!(parse_iso_duration("P4W").unwrap().to_string(), "P28D");
    }

    proptest! {
        #[test]
        fn longer_is_never_fewer_days(months in 0_u32..1200, more in 0_u32..1200, year in 1_i16..9000, day in 1_i16..366) {
            let as_of = date(year, 1, 1).checked_add(Span::new().days(i64::from(day - 1))).unwrap();
            let short = IsoDuration { months, days: 0, seconds: 0 };
            let long = IsoDuration { months: months + more, ..short };
            prop_assert!(short.days(as_of).unwrap() <= long.days(as_of).unwrap());
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}|[0-9PYMWDTHS.:Z+-]{0,28}") {
            let _ = parse_date(&text);
            let _ = days(&text, date(2026, 11, 22));
        }
    }
}

//! The times of `allowed_signers`.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// Seconds since 1970 of `YYYYMMDD[HHMM[SS]]`, with or without `Z` or `UTC` behind it.
///
/// Without one OpenSSH takes the time zone of the machine. The gate's answer must not depend on
/// the machine, so here it is UTC as well. A day that no calendar has is refused, where OpenSSH
/// counts on into the next month.
pub(super) fn parse(text: &str) -> Option<u64> {
    let digits = strip_zone(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let date = Date::new(digits.get(..4)?.parse().ok()?, number(4, 6)?, number(6, 8)?);
    let time = match digits.len() {
        8 => Time::new(0, 0, 0, 0),
        12 => Time::new(number(8, 10)?, number(10, 12)?, 0, 0),
        14 => Time::new(number(8, 10)?, number(10, 12)?, number(12, 14)?, 0),
        _ => return None,
    };
    let instant = date
        .ok()?
        .to_datetime(time.ok()?)
        .to_zoned(TimeZone::UTC)
        .ok()?;
    // OpenSSH takes 1970-01-01 for "no time given" and refuses it.
    u64::try_from(instant.timestamp().as_second())
        .ok()
        .filter(|&seconds| seconds > 0)
}

fn strip_zone(text: &str) -> &str {
    let strip = |zone: &str| {
        let at = text.len().checked_sub(zone.len())?;
        let (digits, end) = text.split_at_checked(at)?;
        (!digits.is_empty() && end.eq_ignore_ascii_case(zone)).then_some(digits)
    };
    strip("Z").or_else(|| strip("UTC")).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_second() {
        for (text, wanted) in [
            ("20260101", Some(1_767_225_600)),
            ("20260101Z", Some(1_767_225_600)),
            ("20260101utc", Some(1_767_225_600)),
            ("202601010130", Some(1_767_231_000)),
            ("20260101013005z", Some(1_767_231_005)),
            ("2026-01-01", None),
            ("20260231", None),
            ("20261301", None),
            ("202601012400", None),
            ("2026010101", None),
            ("19700101", None),
            ("19691231", None),
            ("", None),
            ("Z", None),
            ("２０２６０１０１", None),
        ] {
            assert_eq!(parse(text), wanted, "{text:?}");
        }
    }
}

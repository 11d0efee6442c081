//! CEL's timestamps and durations. Time zones are UTC or fixed offsets: the gate has no database
//! of zone names, whose answers would change with its version.

use jiff::{SignedDuration, civil};

use super::super::operators::{self, Eval};
use super::super::value::{Value, View};
use super::{Call, Native, convert};

pub(super) fn method(name: &str, args: usize) -> Option<Native> {
    if args > 1 {
        return None;
    }
    Some(match name {
        "getFullYear" => |call| field(call, |at| i64::from(at.year())),
        "getMonth" => |call| field(call, |at| i64::from(at.month()) - 1),
        "getDate" => |call| field(call, |at| i64::from(at.day())),
        "getDayOfMonth" => |call| field(call, |at| i64::from(at.day()) - 1),
        "getDayOfWeek" => |call| field(call, |at| i64::from(at.weekday().to_sunday_zero_offset())),
        "getDayOfYear" => |call| field(call, |at| i64::from(at.day_of_year()) - 1),
        "getHours" => |call| part(call, SignedDuration::as_hours, |at| i64::from(at.hour())),
        "getMinutes" => |call| part(call, SignedDuration::as_mins, |at| i64::from(at.minute())),
        "getSeconds" => |call| part(call, SignedDuration::as_secs, |at| i64::from(at.second())),
        "getMilliseconds" => |call| {
            let of_duration = |span: &SignedDuration| i64::from(span.subsec_millis());
            part(call, of_duration, |at| {
                i64::from(at.subsec_nanosecond() / 1_000_000)
            })
        },
        _ => return None,
    })
}

/// A field of a timestamp in a time zone, UTC if none is given.
fn field<'a>(call: &Call<'_, 'a>, read: fn(civil::DateTime) -> i64) -> Eval<'a> {
    let View::Timestamp(at) = call.arg(0).view() else {
        return call.mistyped(0, "a timestamp");
    };
    if !call.is_given(1) {
        return Ok(Value::Int(read(at)));
    }
    let Some(offset) = offset(call.string(1)?) else {
        return call.invalid(1, "a time zone is `UTC` or an offset such as `+02:00`");
    };
    match at.checked_add(offset) {
        Ok(local) => Ok(Value::Int(read(local))),
        Err(_) => call.invalid(0, "the timestamp has no such local time"),
    }
}

/// A part of a timestamp, or a duration in a unit.
fn part<'a>(
    call: &Call<'_, 'a>,
    of_duration: fn(&SignedDuration) -> i64,
    of_timestamp: fn(civil::DateTime) -> i64,
) -> Eval<'a> {
    match call.arg(0).view() {
        View::Duration(span) if !call.is_given(1) => Ok(Value::Int(of_duration(&span))),
        View::Timestamp(_) => field(call, of_timestamp),
        _ => call.mistyped(0, "a timestamp or a duration"),
    }
}

/// `UTC`, `Z`, `+02:00`, `-02:30`, `02:00`.
fn offset(zone: &str) -> Option<SignedDuration> {
    if matches!(zone, "UTC" | "Z") {
        return Some(SignedDuration::ZERO);
    }
    let (sign, clock) = match zone.strip_prefix('-') {
        Some(clock) => (-1, clock),
        None => (1, zone.strip_prefix('+').unwrap_or(zone)),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let two = |digits: &str, below: i64| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = plain.then(|| digits.parse().ok())??;
        (number < below).then_some(number)
    };
    let minutes = two(hours, 24)? * 60 + two(minutes, 60)?;
    Some(SignedDuration::from_mins(sign * minutes))
}

/// Seconds since 1970.
pub(super) fn unix_seconds(at: civil::DateTime) -> i64 {
    let span = at.duration_since(EPOCH);
    // Rounds down: the part of a second counts forwards.
    span.as_secs() - i64::from(span.subsec_nanos() < 0)
}

const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// `timestamp(x)`: from RFC 3339 text or seconds since 1970.
pub(super) fn timestamp<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let at = match call.arg(0).view() {
        View::Timestamp(at) => Some(at),
        View::Int(seconds) => EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok(),
        View::String(text) => parse_timestamp(text),
        _ => return call.mistyped(0, "a timestamp"),
    };
    match at.and_then(operators::timestamp) {
        Some(value) => Ok(value),
        None => call.invalid(
            0,
            format!(
                "`{}` is no timestamp; write 2026-11-22T09:30:00Z",
                convert::short(call)
            ),
        ),
    }
}

/// RFC 3339 with an offset, over the whole of the years 1 to 9999.
fn parse_timestamp(text: &str) -> Option<civil::DateTime> {
    let upper = text.to_ascii_uppercase();
    let (local, shift) = match upper.strip_suffix('Z') {
        Some(local) => (local, SignedDuration::ZERO),
        None => {
            let at = upper.len().checked_sub(6)?;
            let (local, zone) = (upper.get(..at)?, upper.get(at..)?);
            if !zone.starts_with(['+', '-']) {
                return None;
            }
            (local, offset(zone)?)
        }
    };
    if local.as_bytes().get(10) != Some(&b'T') || local.len() < 19 {
        return None;
    }
    local
        .parse::<civil::DateTime>()
        .ok()?
        .checked_sub(shift)
        .ok()
}

/// `duration(x)`: from text such as `90s`, `1h30m`, `-1.5h`.
pub(super) fn duration<'a>(call: &Call<'_, 'a>) -> Eval<'a> {
    let span = match call.arg(0).view() {
        View::Duration(span) => Some(span),
        View::String(text) => parse_duration(text),
        _ => return call.mistyped(0, "a duration"),
    };
    match span.and_then(operators::duration) {
        Some(value) => Ok(value),
        None => call.invalid(
            0,
            format!(
                "`{}` is no duration; write 90s or 1h30m, or use days() for P90D",
                convert::short(call)
            ),
        ),
    }
}

/// The span of a CEL duration: `90s`, `1h30m`, `-1.5h`.
pub(in crate::expr) fn parse_duration(text: &str) -> Option<SignedDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let whole = rest.get(..rest.len() - digits.len())?;
        let (fraction, after) = match digits.strip_prefix('.') {
            Some(fraction) => {
                let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                (fraction.get(..fraction.len() - after.len())?, after)
            }
            None => ("", digits),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let unit: i128 = match unit {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" | "μs" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        nanos = nanos.checked_add(whole.checked_mul(unit)?)?;
        let mut place = unit;
        for digit in fraction.bytes() {
            place /= 10;
            nanos = nanos.checked_add(place * i128::from(digit - b'0'))?;
        }
        rest = next;
    }
    let nanos = i64::try_from(nanos.checked_mul(sign)?).ok()?;
    Some(SignedDuration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, nanos) in [
            ("90s", 90_000_000_000_i64),
            ("1h30m", 5_400_000_000_000),
            ("-1.5s", -1_500_000_000),
            (".5ms", 500_000),
            ("0", 0),
        ] {
            let span = parse_duration(text).unwrap();
            assert_eq!(span.as_nanos(), i128::from(nanos), "{text}");
        }
        for wrong in ["", "-", "5", "1x", "s", "1.s.", "P1D", "99999999999h"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn offsets() {
        for (zone, minutes) in [
            ("UTC", 0),
            ("+02:00", 120),
            ("-02:30", -150),
            ("02:00", 120),
        ] {
            assert_eq!(offset(zone), Some(SignedDuration::from_mins(minutes)));
        }
        for wrong in ["", "Europe/Berlin", "+2", "24:00", "+-2:00", "00:60"] {
            assert_eq!(offset(wrong), None, "{wrong}");
        }
    }
}

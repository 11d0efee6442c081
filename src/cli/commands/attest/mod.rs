//! `launchgate attest`.

mod create;
mod verify;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::environment::Environment;

pub(in crate::cli) use create::run as create;
pub(in crate::cli) use verify::run as verify;

/// The time of the run, to the second, unless a day stands for it.
fn now(environment: &Environment) -> Timestamp {
    let now = environment.now;
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// The first second of a day. A day without one is later than every other.
fn begin(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MAX, |day| day.timestamp())
}

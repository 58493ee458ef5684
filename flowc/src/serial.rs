//! How times, durations and ids are written: a time as RFC 3339 in UTC, a duration in milliseconds, an id as its text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::{DAY, date};
use crate::id::RunId;

impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Writes and reads a value, and one that may be absent, by a pair of functions.
macro_rules! both {
    ($ty:ty, $form:ty, $write:ident, $read:ident, $always:ident, $or_none:ident) => {
        pub(crate) mod $always {
            use super::*;

            pub(crate) fn serialize<S: Serializer>(value: &$ty, to: S) -> Result<S::Ok, S::Error> {
                $write(*value).ok_or_else(|| S::Error::custom("out of range"))?.serialize(to)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<$ty, D::Error> {
                <$form>::deserialize(from).and_then(|form| $read(form).map_err(D::Error::custom))
            }
        }
        pub(crate) mod $or_none {
            use super::*;

            #[allow(clippy::ref_option, reason = "serde asks for a reference to the field")]
            pub(crate) fn serialize<S: Serializer>(value: &Option<$ty>, to: S) -> Result<S::Ok, S::Error> {
                let form = value.map(|value| $write(value).ok_or_else(|| S::Error::custom("out of range")));
                form.transpose()?.serialize(to)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<$ty>, D::Error> {
                let form = Option::<$form>::deserialize(from)?;
                form.map(|form| $read(form).map_err(D::Error::custom)).transpose()
            }
        }
    };
}

both!(SystemTime, String, write_time, read_time, time, time_or_none);
both!(Duration, f64, write_millis, read_millis, millis, millis_or_none);

const NANOS_OF_MILLI: f64 = 1e6;

#[allow(clippy::cast_precision_loss, reason = "exact to the nanosecond for the first month")]
#[allow(clippy::unnecessary_wraps, reason = "a time may be out of range")]
fn write_millis(duration: Duration) -> Option<f64> {
    Some(duration.as_nanos() as f64 / NANOS_OF_MILLI)
}

fn read_millis(millis: f64) -> Result<Duration, &'static str> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was looked at")]
    match (millis * NANOS_OF_MILLI).round() {
        nanos if (0.0..=1.8e19).contains(&nanos) => Ok(Duration::from_nanos(nanos as u64)),
        _ => Err("a duration is a number of milliseconds from 0 on"),
    }
}

/// As in `2026-11-25T22:14:23.000000001Z`.
fn write_time(time: SystemTime) -> Option<String> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    let (seconds, nanos) = (since.as_secs(), since.subsec_nanos());
    let (year, month, day) = date(i64::try_from(seconds / DAY).ok()?);
    let (hour, minute, second) = (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60);
    (year <= 9999).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z"))
}

#[allow(clippy::needless_pass_by_value, reason = "both kinds of form are read the same way")]
fn read_time(text: String) -> Result<SystemTime, &'static str> {
    parse_time(&text).ok_or("a time is in UTC and looks like 2026-11-25T22:14:23.5Z")
}

fn parse_time(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let number = |text: &str, digits: usize| -> Option<u64> {
        (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
    };
    let mut date = date.splitn(3, '-').zip([4, 2, 2]).map(|(part, digits)| number(part, digits));
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(|part| number(part, 2));
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let nanos = number(fraction, fraction.len()).filter(|_| (1..=9).contains(&fraction.len()))?;
    let nanos = nanos * 10_u64.pow(9 - u32::try_from(fraction.len()).ok()?);
    let real = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let days = u64::try_from(days(i64::try_from(year).ok()?, i64::try_from(month).ok()?, i64::try_from(day).ok()?));
    let seconds = days.ok().filter(|_| real)? * DAY + hour * 3600 + minute * 60 + second;
    Some(UNIX_EPOCH + Duration::new(seconds, u32::try_from(nanos).ok()?))
}

/// The days from 1970-01-01 to a date. A year is counted from March here, so that the leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// `Lagged(3)` as `{"type":"lagged","missed":3}`.
pub(crate) mod missed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Missed {
        missed: u64,
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
    pub(crate) fn serialize<S: Serializer>(missed: &u64, to: S) -> Result<S::Ok, S::Error> {
        Missed { missed: *missed }.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        Missed::deserialize(from).map(|lagged| lagged.missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_write_them() {
        for (seconds, nanos, text) in [
            (0, 0, "1970-01-01T00:00:00.000000000Z"),
            (951_782_400, 1, "2000-02-29T00:00:00.000000001Z"),
            (1_764_108_863, 500_000_000, "2025-11-25T22:14:23.500000000Z"),
            (4_107_542_399, 999_999_999, "2100-02-28T23:59:59.999999999Z"),
        ] {
            let time = UNIX_EPOCH + Duration::new(seconds, nanos);
            assert_eq!(write_time(time).unwrap(), text);
            assert_eq!(parse_time(text), Some(time), "{text}");
        }
        assert_eq!(parse_time("2025-11-25T22:14:23.5Z"), parse_time("2025-11-25T22:14:23.500000000Z"));
    }

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        for number in -800_000..800_000 {
            let (year, month, day) = date(number);
            assert_eq!(days(year, month, day), number);
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "Z",
            "2025-11-25",
            "2025-11-25T22:14:23",
            "2025-13-25T22:14:23Z",
            "25-11-25T22:14:23Z",
            "2025-11-25T24:14:23Z",
            "2025-11-25T22:14:23.Z",
            "2025-11-25T22:14:23+00:00",
            "+025-11-25T22:14:23Z",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn durations_come_back_to_the_nanosecond() {
        for nanos in [0, 1, 12_345_678, 999_999_999, 2_592_000_000_000_001] {
            let duration = Duration::from_nanos(nanos);
            assert_eq!(read_millis(write_millis(duration).unwrap()), Ok(duration));
        }
        assert!(read_millis(-1.0).is_err() && read_millis(f64::NAN).is_err());
    }
}

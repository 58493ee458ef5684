//! The time of day, as people read it.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const DAY: u64 = 86_400;

/// A time in UTC to the second, as in `2026-11-25T22:14:23Z`.
pub(crate) struct Shown(pub(crate) SystemTime);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (year, month, day) = date(i64::try_from(seconds / DAY).unwrap_or(i64::MAX / 2));
        let (hour, minute, second) = (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// The date so many days after 1970-01-01. A year is counted from March here, so that the leap day is its last.
pub(crate) fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_time_is_shown_to_the_second() {
        assert_eq!(Shown(UNIX_EPOCH + Duration::from_millis(951_782_399_999)).to_string(), "2000-02-28T23:59:59Z");
        assert_eq!(Shown(UNIX_EPOCH + Duration::from_secs(951_782_400)).to_string(), "2000-02-29T00:00:00Z");
    }
}

//! When runs begin by themselves: the times of a schedule, and what happens at one of them.

mod error;

use std::time::SystemTime;

use croner::Cron;
use croner::parser::{CronParser, Seconds};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

pub use error::ScheduleError;

/// When runs begin by themselves: a cron pattern in a time zone. [`DurableEngine::schedule`](crate::DurableEngine::schedule) keeps it.
///
/// ```
/// use flowc::schedule::{Overlap, Schedule};
///
/// # fn main() -> Result<(), flowc::schedule::ScheduleError> {
/// let nightly = Schedule::cron("nightly", "30 2 * * *", "Europe/Berlin")?.overlap(Overlap::Skip).backfill(3);
/// # let _ = nightly;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Schedule {
    name: String,
    cron: Cron,
    zone: TimeZone,
    pub(crate) overlap: Overlap,
    pub(crate) backfill: usize,
    pub(crate) since: Option<SystemTime>,
}

/// What happens at a time of a schedule while the run of an earlier one is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Overlap {
    /// No run begins at this time.
    #[default]
    Skip,
    /// The run begins when the earlier ones are over.
    Buffer,
    /// The earlier run is cancelled, and the new one begins when it is over.
    CancelOther,
    /// The runs go on side by side.
    Allow,
}

impl Schedule {
    /// At the times of a cron pattern: minute, hour, day of the month, month, day of the week, and seconds before them if there are six
    /// fields. `L`, `W`, `#` and names such as `MON` work as well, and so do `@daily` and its like.
    ///
    /// The name stands for the schedule in the journal: it begins each run by the key `<name>@<time>`. Give it to one schedule only and keep it
    /// for as long as there is this schedule. The zone is one of the IANA database, `Europe/Berlin` or `UTC` say. A time that a change of
    /// the clocks leaves out is taken when the clocks have changed, and one that comes twice is taken once, unless the pattern is one
    /// of every hour, minute or second (<https://github.com/hexagon/croner-rust>).
    ///
    /// # Errors
    /// The name is empty or has an `@` in it, the pattern is none or has no time, or the zone is unknown.
    pub fn cron(name: impl Into<String>, pattern: &str, zone: &str) -> Result<Self, ScheduleError> {
        let name = name.into();
        if name.is_empty() || name.contains('@') {
            return Err(ScheduleError::Name(name));
        }
        let refused = |why: &str| ScheduleError::Pattern {
            pattern: pattern.to_owned(),
            why: why.trim_end_matches('.').to_owned(),
        };
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let cron = parser.parse(pattern).map_err(|error| refused(&error.to_string()))?;
        let zone = TimeZone::get(zone)
            .map_err(|error| ScheduleError::Zone { zone: zone.to_owned(), why: error.to_string() })?;
        let schedule = Self { name, cron, zone, overlap: Overlap::default(), backfill: 1, since: None };
        match schedule.after(SystemTime::now()) {
            Some(_) => Ok(schedule),
            None => Err(refused("no day has such a time")),
        }
    }

    /// What happens at a time while the run of an earlier one is open; [`Overlap::Skip`] if this is not said.
    #[must_use]
    pub fn overlap(self, overlap: Overlap) -> Self {
        Self { overlap, ..self }
    }

    /// How many of the times that passed while no process kept the schedule are made up for, the newest ones; 1 if this is not said.
    #[must_use]
    pub fn backfill(self, most: usize) -> Self {
        Self { backfill: most, ..self }
    }

    /// From when on times count that passed before the first run of this schedule: without it they count from when it is first kept.
    #[must_use]
    pub fn since(self, time: SystemTime) -> Self {
        Self { since: Some(time), ..self }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first of its times after this one; `None` if there is none that can be written down.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use flowc::schedule::Schedule;
    ///
    /// # fn main() -> Result<(), flowc::schedule::ScheduleError> {
    /// let hourly = Schedule::cron("hourly", "0 * * * *", "UTC")?;
    /// let at = SystemTime::UNIX_EPOCH + Duration::from_secs(90);
    /// assert_eq!(hourly.after(at), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(3600)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn after(&self, time: SystemTime) -> Option<SystemTime> {
        let next = self.cron.find_next_occurrence(&self.zoned(time)?, false).ok()?;
        Some(next.timestamp().into())
    }

    /// Its newest times after `done` and until `now`, so many at most and the oldest of them first.
    pub(crate) fn due(&self, done: SystemTime, now: SystemTime, most: usize) -> Vec<SystemTime> {
        let mut due = Vec::new();
        let mut cursor = self.zoned(now);
        let mut inclusive = true;
        while let Some(zoned) = cursor.take().filter(|_| due.len() < most) {
            let Ok(found) = self.cron.find_previous_occurrence(&zoned, inclusive) else { break };
            let at = SystemTime::from(found.timestamp());
            if at <= done {
                break;
            }
            due.push(at);
            (cursor, inclusive) = (Some(found), false);
        }
        due.reverse();
        due
    }

    fn zoned(&self, time: SystemTime) -> Option<Zoned> {
        Some(Timestamp::try_from(time).ok()?.to_zoned(self.zone.clone()))
    }

    /// The key of the run at this time.
    pub(crate) fn key(&self, at: SystemTime) -> Option<String> {
        Some(format!("{}{}", self.prefix(), Timestamp::try_from(at).ok()?))
    }

    /// What the keys of its runs begin with.
    pub(crate) fn prefix(&self) -> String {
        format!("{}@", self.name)
    }

    /// The time in the key of one of its runs.
    pub(crate) fn time(&self, key: &str) -> Option<SystemTime> {
        let at: Timestamp = key.strip_prefix(&self.prefix())?.parse().ok()?;
        Some(at.into())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use jiff::Timestamp;

    use super::{Schedule, ScheduleError};

    fn at(text: &str) -> SystemTime {
        text.parse::<Timestamp>().unwrap().into()
    }

    fn text(time: SystemTime) -> String {
        Timestamp::try_from(time).unwrap().to_string()
    }

    #[test]
    fn the_zone_decides_and_its_clocks_change() {
        let schedule = Schedule::cron("early", "30 2 * * *", "Europe/Berlin").unwrap();
        assert_eq!(text(schedule.after(at("2026-03-27T12:00:00Z")).unwrap()), "2026-03-28T01:30:00Z");
        // On the 29th there is no half past two.
        assert_eq!(text(schedule.after(at("2026-03-28T12:00:00Z")).unwrap()), "2026-03-29T01:00:00Z");
        assert_eq!(text(schedule.after(at("2026-03-29T12:00:00Z")).unwrap()), "2026-03-30T00:30:00Z");
        // On the 25th of October there are two.
        let first = schedule.after(at("2026-10-24T12:00:00Z")).unwrap();
        assert_eq!(text(first), "2026-10-25T00:30:00Z");
        assert_eq!(text(schedule.after(first).unwrap()), "2026-10-26T01:30:00Z");
    }

    #[test]
    fn the_newest_times_are_due() {
        let schedule = Schedule::cron("hourly", "0 * * * *", "UTC").unwrap();
        let (done, now) = (at("2026-01-01T00:00:00Z"), at("2026-01-01T05:00:00Z"));
        let due = |most| schedule.due(done, now, most).into_iter().map(text).collect::<Vec<_>>();
        assert_eq!(due(0), Vec::<String>::new());
        assert_eq!(due(2), ["2026-01-01T04:00:00Z", "2026-01-01T05:00:00Z"]);
        assert_eq!(due(100).len(), 5);
        assert!(schedule.due(now, now, 100).is_empty());
    }

    #[test]
    fn keys_hold_times() {
        let schedule = Schedule::cron("hourly", "0 * * * *", "UTC").unwrap();
        let time = at("2026-01-01T05:00:00Z");
        let key = schedule.key(time).unwrap();
        assert_eq!(key, "hourly@2026-01-01T05:00:00Z");
        assert_eq!(schedule.time(&key), Some(time));
        assert_eq!(schedule.time("hourly@noon"), None);
        assert!(schedule.after(time).unwrap() > time + Duration::from_secs(3599));
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_the_reason() {
        let refused = |name: &str, pattern: &str, zone: &str| Schedule::cron(name, pattern, zone).unwrap_err();
        assert!(matches!(refused("", "* * * * *", "UTC"), ScheduleError::Name(_)));
        assert!(matches!(refused("a@b", "* * * * *", "UTC"), ScheduleError::Name(_)));
        assert!(matches!(refused("name", "every day", "UTC"), ScheduleError::Pattern { .. }));
        assert!(matches!(refused("name", "0 0 30 2 *", "UTC"), ScheduleError::Pattern { .. }));
        assert_eq!(
            refused("name", "61 * * * *", "UTC").to_string(),
            "`61 * * * *` is no cron pattern: Component error: Number out of bounds; write minute, hour, day, month and \
             day of the week, `30 2 * * MON` say"
        );
        assert_eq!(
            refused("name", "0 0 * * *", "Berlin").to_string(),
            "`Berlin` is no time zone: failed to find time zone `Berlin` in time zone database; write a name of the IANA \
             database, `Europe/Berlin` or `UTC` say"
        );
    }
}

use std::fmt;

/// Why something is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The name cannot stand in a key.
    Name(String),
    /// The cron pattern is none, or has no time.
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no such time zone.
    Zone {
        /// The name of the zone.
        zone: String,
        /// What the database said.
        why: String,
    },
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => {
                write!(f, "`{name}` cannot be the name of a schedule: give it one that is not empty and has no `@`")
            }
            Self::Pattern { pattern, why } => write!(
                f,
                "`{pattern}` is no cron pattern: {why}; write minute, hour, day, month and day of the week, `30 2 * * MON` say"
            ),
            Self::Zone { zone, why } => write!(
                f,
                "`{zone}` is no time zone: {why}; write a name of the IANA database, `Europe/Berlin` or `UTC` say"
            ),
        }
    }
}

impl std::error::Error for ScheduleError {}

use std::fmt;

/// Why something is no schedule, or none that can be kept.
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
    /// The engine keeps a schedule of this name already.
    Kept(String),
    /// The runs of this name are of another workflow.
    Taken {
        /// The name of the schedule.
        name: String,
        /// The workflow of its last run.
        workflow: String,
        /// The one that is to be begun.
        wanted: &'static str,
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
            Self::Kept(name) => write!(
                f,
                "this engine keeps a schedule `{name}` already; give each its own name, or drop the `Scheduled` of the other first"
            ),
            Self::Taken { name, workflow, wanted } => write!(
                f,
                "the runs of the schedule `{name}` are of the workflow `{workflow}` and not of `{wanted}`; give the schedule \
                 of `{wanted}` another name"
            ),
        }
    }
}

impl std::error::Error for ScheduleError {}

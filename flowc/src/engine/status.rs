use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::error::FailureKind;
use crate::graph::GraphSpec;
use crate::id::RunId;

/// How a run stands.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RunStatus {
    /// The run.
    pub id: RunId,
    /// What the caller gave the run to be found by elsewhere.
    pub correlation_id: Option<Arc<str>>,
    /// The workflow's name.
    pub workflow: Cow<'static, str>,
    /// Whether it runs, and if not, how it ended.
    pub state: RunState,
    /// When it began.
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::time"))]
    pub started: SystemTime,
    /// How long it has been running, or ran.
    #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
    pub elapsed: Duration,
    /// The number of the next event: a listener [from there](super::Watch::events_from) hears all that is not in this status.
    pub next_seq: u64,
    /// How many events were gone before a listener got to them, all listeners of the run together.
    pub events_missed: u64,
    /// Every step of the workflow's graph, and of the graphs of the workflows it calls, in source order.
    pub steps: Vec<StepStatus>,
    /// What it can be drawn over; not known of a status that came from elsewhere.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) graph: Option<&'static GraphSpec>,
}

impl RunStatus {
    /// The step with this path, as in `answer/notes/summarise`: a step in a `for` or `loop` stands here once, without index.
    pub fn step(&self, path: &str) -> Option<&StepStatus> {
        self.steps.iter().find(|step| step.path == path)
    }
}

/// Whether a run still runs, and if not, how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RunState {
    /// It runs.
    Running,
    /// It gave its result.
    Finished,
    /// It failed.
    Failed(FailureKind),
    /// It was cancelled.
    Cancelled,
}

impl RunState {
    /// Whether it is over.
    pub fn is_over(self) -> bool {
        self != Self::Running
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Finished => f.write_str("finished"),
            Self::Failed(kind) => write!(f, "failed ({kind})"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

/// How a step of a run stands. A step in a `for` or a `loop` is called many times, and stands here once.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StepStatus {
    /// Its path, as in `answer/notes/summarise`, without the indices of items and rounds.
    pub path: String,
    /// The node, or the workflow, that it calls.
    pub node: Cow<'static, str>,
    /// Its state; where it was called many times, that of the latest news, and running as long as one call runs.
    pub state: StepState,
    /// How often it was started: more than once only in a `for` or a `loop`. Retries do not count.
    pub calls: u64,
    /// How many calls there will be, as far as that is known: of a step in a `for`, the number of its items.
    pub expected: Option<u64>,
    /// How many of the calls are running.
    pub running: u64,
    /// How many of the calls gave their value.
    pub done: u64,
    /// How many of the calls failed.
    pub failed: u64,
    /// How often the node was called in the latest call, with retries.
    pub attempts: u32,
    /// When the first call began.
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::time_or_none"))]
    pub started: Option<SystemTime>,
    /// The time from the first start until now, or until the latest call ended.
    #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis_or_none"))]
    pub elapsed: Option<Duration>,
    /// What the node said last about how far it is: so much, of so much.
    pub progress: Option<(u64, u64)>,
    /// What it waits for, if it waits; of several calls, that of the one that began first.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub waiting: Option<Waiting>,
}

/// What a step waits for: a signal, a time, or whichever comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Waiting {
    /// The name of the signal.
    pub signal: Option<Arc<str>>,
    /// When it stops waiting, by the clock on the wall.
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::time_or_none"))]
    pub until: Option<SystemTime>,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.signal {
            Some(signal) => write!(f, "waiting for signal `{signal}`")?,
            None => f.write_str("waiting")?,
        }
        match self.until {
            Some(until) => write!(f, " until {}", crate::clock::Shown(until)),
            None => Ok(()),
        }
    }
}

/// The state of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum StepState {
    /// Not started, and perhaps never needed.
    Pending,
    /// Not started, and the run, or the workflow that it stands in, is over: an arm that was not taken, or an early end.
    Skipped,
    /// It runs.
    Running,
    /// An attempt failed, and it waits for the next.
    Retrying,
    /// It waits for a time or a signal, and so do all of its calls that run.
    Waiting,
    /// It gave its value.
    Done,
    /// It failed.
    Failed,
    /// It was running when nobody needed its value any more.
    Cancelled,
}

impl fmt::Display for StepState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Skipped => "skipped",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        })
    }
}

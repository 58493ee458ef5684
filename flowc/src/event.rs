//! What a run tells while it runs.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::error::FailureKind;
use crate::id::RunId;

/// Something that happened in a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event {
    /// Its number in the run, counted from 0 without gaps. A gap is always preceded by [`EventKind::Lagged`].
    pub seq: u64,
    /// When it happened. Within a run the time never goes back.
    pub time: SystemTime,
    /// The run.
    pub run: RunId,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. A `step` is a path, as in `answer/notes[3]/summarise`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum EventKind {
    /// The run began; always the first event.
    RunStarted {
        /// The workflow's name.
        workflow: &'static str,
        /// What the caller gave the run to be found by elsewhere.
        correlation_id: Option<Arc<str>>,
    },
    /// A step began.
    StepStarted {
        /// The step.
        step: Arc<str>,
        /// The node, or the workflow, that it calls.
        node: &'static str,
    },
    /// An attempt failed, and the node will be called again.
    StepRetried {
        /// The step.
        step: Arc<str>,
        /// The attempt that failed, counted from 1.
        attempt: u32,
        /// How long it waits before the next.
        delay: Duration,
        /// What went wrong.
        error: Arc<str>,
    },
    /// A node streamed a part of its result.
    Chunk {
        /// The step.
        step: Arc<str>,
        /// The part.
        data: Chunk,
    },
    /// A node told how far it is.
    Progress {
        /// The step.
        step: Arc<str>,
        /// How much is done.
        done: u64,
        /// Out of how much.
        total: u64,
    },
    /// A step gave its value.
    StepFinished {
        /// The step.
        step: Arc<str>,
        /// How long it took.
        elapsed: Duration,
    },
    /// A step failed. The run fails with it, unless a `catch` takes it, or another step failed before.
    StepFailed {
        /// The step.
        step: Arc<str>,
        /// Why.
        kind: FailureKind,
        /// What went wrong.
        error: Arc<str>,
        /// How long it took.
        elapsed: Duration,
    },
    /// A step was running when nobody needed its value any more: the run ended, or was cancelled, or a timeout around it passed.
    StepCancelled {
        /// The step.
        step: Arc<str>,
        /// How long it ran.
        elapsed: Duration,
    },
    /// The run gave its result.
    RunFinished {
        /// How long it took.
        elapsed: Duration,
    },
    /// The run failed.
    RunFailed {
        /// The step whose failure it is.
        step: Arc<str>,
        /// Why.
        kind: FailureKind,
        /// What went wrong.
        error: Arc<str>,
        /// How long it took.
        elapsed: Duration,
    },
    /// The run was cancelled.
    RunCancelled {
        /// How long it ran.
        elapsed: Duration,
        /// The steps that were running.
        steps: Arc<[String]>,
    },
    /// The listener was so slow that this many events are gone for it. The run never waits for a listener.
    Lagged(u64),
}

impl EventKind {
    /// The path of the step that it speaks of.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::StepStarted { step, .. }
            | Self::StepRetried { step, .. }
            | Self::Chunk { step, .. }
            | Self::Progress { step, .. }
            | Self::StepFinished { step, .. }
            | Self::StepFailed { step, .. }
            | Self::StepCancelled { step, .. }
            | Self::RunFailed { step, .. } => Some(step),
            Self::RunStarted { .. } | Self::RunFinished { .. } | Self::RunCancelled { .. } | Self::Lagged(_) => None,
        }
    }

    /// Whether the run is over with it; no event follows.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::RunFinished { .. } | Self::RunFailed { .. } | Self::RunCancelled { .. })
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunStarted { workflow, .. } => write!(f, "run of `{workflow}` started"),
            Self::StepStarted { step, .. } => write!(f, "step `{step}` started"),
            Self::StepRetried { step, attempt, delay, error } => {
                write!(f, "step `{step}` failed in attempt {attempt}, next one in {delay:?}: {error}")
            }
            Self::Chunk { step, data } => write!(f, "step `{step}` gave {data}"),
            Self::Progress { step, done, total } => write!(f, "step `{step}` has done {done} of {total}"),
            Self::StepFinished { step, elapsed } => write!(f, "step `{step}` finished after {elapsed:?}"),
            Self::StepFailed { step, kind, error, elapsed } => {
                write!(f, "step `{step}` failed after {elapsed:?} ({kind}): {error}")
            }
            Self::StepCancelled { step, elapsed } => write!(f, "step `{step}` was cancelled after {elapsed:?}"),
            Self::RunFinished { elapsed } => write!(f, "run finished after {elapsed:?}"),
            Self::RunFailed { error, elapsed, .. } => write!(f, "run failed after {elapsed:?}: {error}"),
            Self::RunCancelled { elapsed, steps } if steps.is_empty() => {
                write!(f, "run was cancelled after {elapsed:?}")
            }
            Self::RunCancelled { elapsed, steps } => {
                write!(f, "run was cancelled after {elapsed:?} in `{}`", steps.join("`, `"))
            }
            Self::Lagged(missed) => write!(f, "{missed} events were missed"),
        }
    }
}

/// A part of a result that a node streams with [`Context::emit`](crate::Context::emit).
///
/// ```
/// use flowc::Chunk;
///
/// #[derive(Debug, PartialEq)]
/// struct Token(u32);
///
/// assert_eq!(Chunk::from("a word").text(), Some("a word"));
/// assert_eq!(Chunk::value(Token(7)).downcast_ref::<Token>(), Some(&Token(7)));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Chunk {
    /// Text.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A value of the node's own type.
    Value(Arc<dyn Any + Send + Sync>),
}

impl Chunk {
    /// A value of the node's own type.
    pub fn value<T: Any + Send + Sync>(value: T) -> Self {
        Self::Value(Arc::new(value))
    }

    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(_) | Self::Value(_) => None,
        }
    }

    /// The value, if it is one of type `T`.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        match self {
            Self::Value(value) => value.downcast_ref(),
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }
}

impl From<&str> for Chunk {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Chunk {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<&String> for Chunk {
    fn from(text: &String) -> Self {
        Self::Text(text.as_str().into())
    }
}

impl From<Vec<u8>> for Chunk {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<&[u8]> for Chunk {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Bytes(bytes) => f.debug_tuple("Bytes").field(bytes).finish(),
            Self::Value(_) => f.write_str("Value(..)"),
        }
    }
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Value(_) => f.write_str("a value"),
        }
    }
}

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Wait;
use crate::id::RunId;

/// Which runs of a journal are wanted: those of which all that is said holds, the newest first.
///
/// ```
/// use flowc::journal::{RunFilter, StoredState};
///
/// let open = RunFilter::new().workflow("expense").state(StoredState::Open).limit(20);
/// # let _ = open;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunFilter {
    /// Of this workflow.
    pub workflow: Option<String>,
    /// That stand so.
    pub state: Option<StoredState>,
    /// That were given this to be found by elsewhere.
    pub correlation_id: Option<String>,
    /// That wait for a signal of this name.
    pub signal: Option<String>,
    /// That were started by a key that begins so.
    pub start_key_prefix: Option<String>,
    /// That began before this one.
    pub before: Option<RunId>,
    /// So many at most.
    pub limit: u32,
}

impl RunFilter {
    /// All runs, 100 at most.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of this workflow.
    #[must_use]
    pub fn workflow(self, name: impl Into<String>) -> Self {
        Self { workflow: Some(name.into()), ..self }
    }

    /// That stand so.
    #[must_use]
    pub fn state(self, state: StoredState) -> Self {
        Self { state: Some(state), ..self }
    }

    /// That were given this to be found by elsewhere.
    #[must_use]
    pub fn correlation_id(self, id: impl Into<String>) -> Self {
        Self { correlation_id: Some(id.into()), ..self }
    }

    /// That were started by a key that begins so, by [`start_once`](crate::DurableEngine::start_once).
    #[must_use]
    pub fn start_key_prefix(self, prefix: impl Into<String>) -> Self {
        Self { start_key_prefix: Some(prefix.into()), ..self }
    }

    /// That wait for a signal of this name.
    #[must_use]
    pub fn waiting_for(self, signal: impl Into<String>) -> Self {
        Self { signal: Some(signal.into()), ..self }
    }

    /// The next page: those that began before the last run of the one before.
    #[must_use]
    pub fn before(self, run: RunId) -> Self {
        Self { before: Some(run), ..self }
    }

    /// So many at most.
    #[must_use]
    pub fn limit(self, runs: u32) -> Self {
        Self { limit: runs, ..self }
    }
}

impl Default for RunFilter {
    fn default() -> Self {
        Self {
            workflow: None,
            state: None,
            correlation_id: None,
            signal: None,
            start_key_prefix: None,
            before: None,
            limit: 100,
        }
    }
}

/// How a run in a journal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredState {
    /// It runs, or goes on when it is resumed.
    Open,
    /// It gave its result.
    Finished,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl StoredState {
    /// Its name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl std::fmt::Display for StoredState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A run in a journal, without what its steps gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRun {
    /// Its id.
    pub id: RunId,
    /// The name of its workflow.
    pub workflow: String,
    /// The steps of its workflow when it began, as in [`RunRecord::graph`](super::RunRecord::graph).
    pub graph: String,
    /// What it was given to be found by elsewhere.
    pub correlation_id: Option<String>,
    /// The key it was started by, if it was by [`start_once`](crate::DurableEngine::start_once).
    pub start_key: Option<String>,
    /// Its inputs, as a JSON array.
    pub inputs: String,
    /// How it stands.
    pub state: StoredState,
    /// Its result as JSON, or the text of its failure.
    pub outcome: Option<String>,
    /// When it ended.
    pub ended: Option<SystemTime>,
    /// What its steps wait for.
    pub waiting: Vec<Wait>,
}

impl StoredRun {
    /// When it began.
    pub fn began(&self) -> SystemTime {
        // The id says so, to the millisecond.
        let millis = u64::try_from(self.id.as_u128() >> 80).unwrap_or_default();
        UNIX_EPOCH + Duration::from_millis(millis)
    }
}

/// What became of a run that was to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Begun {
    /// It is stored.
    Stored,
    /// This one was started by its key before.
    Known(RunId),
}

/// What became of a run that was to be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cancelled {
    /// It is over.
    Done,
    /// It runs, here or in another process, and is being stopped.
    Stopping,
    /// It was over before.
    Over,
    /// There is no such run.
    Unknown,
}

//! Runs that survive the end of their process: what a journal keeps of them, and what can be kept.
//!
//! An engine with a [`Journal`] is a [`DurableEngine`](crate::DurableEngine). It stores the inputs of a run before its first step, and
//! what each node gave before the step counts as done. After a crash, [`resume`](crate::DurableEngine::resume) starts every open run
//! again: what is stored is given without calling the node, and the rest is called. So a finished step is not run again, and the step
//! that was in flight is, with the same [idempotency key](crate::Context::idempotency_key).
//!
//! The crate `flowc-store` has a journal in an SQLite file, and one in a PostgreSQL database that several processes share.
//!
//! A workflow can be durable if its inputs, its result and what its nodes give implement [`serde::Serialize`] and
//! [`serde::de::DeserializeOwned`]. Others compile as before, as long as nobody starts them on such an engine.

mod codec;
mod compat;
mod listener;
mod migration;
mod operate;
mod outline;
mod stored;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::AnyError;
use crate::id::RunId;

pub use codec::{Codecs, ErrorCodec, Journaled, Json, NoErrorCodec, OfError, Storable, StorableInputs};
pub(crate) use compat::place;
pub use listener::{Claim, Listener, TakenOver};
pub use migration::Migration;
pub use operate::{Begun, Cancelled, RunFilter, StoredRun, StoredState};
pub(crate) use outline::{difference, outline};
pub(crate) use stored::StoredFailure;

/// What a [`Journal`] does, and an engine with it: it takes its time, and may not succeed.
pub type JournalFuture<'a, T, E = AnyError> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Where runs are kept while they are open. What a future of it says is done survives whatever the journal promises to survive.
///
/// The values are JSON texts that flowc makes and reads.
pub trait Journal: Send + Sync + 'static {
    /// A run begins. It is open until [`end`](Self::end). If its key is that of a run which is there, nothing changes.
    fn begin(&self, run: RunRecord) -> JournalFuture<'_, Begun>;

    /// A step of an open run is done.
    fn append(&self, run: RunId, entry: Entry) -> JournalFuture<'_, ()>;

    /// A run is over.
    fn end(&self, run: RunId, outcome: Outcome) -> JournalFuture<'_, ()>;

    /// All open runs, of any workflow, the oldest first.
    fn open_runs(&self) -> JournalFuture<'_, Vec<RunRecord>>;

    /// Open runs of a workflow, the oldest first, that are to go on here: no other process runs them from now on. Those that this journal
    /// was given before may be among them.
    ///
    /// What is there by default is right for a journal that one process has to itself.
    fn claim(&self, workflow: String, claim: Claim) -> JournalFuture<'_, Vec<RunRecord>> {
        Box::pin(async move {
            match claim {
                Claim::Open => {
                    let runs = self.open_runs().await?;
                    Ok(runs.into_iter().filter(|run| run.workflow == workflow).collect())
                }
                Claim::Left { .. } => Ok(Vec::new()),
            }
        })
    }

    /// Somebody cancels a run that does not run in this process: it is over, unless another process has it and is to stop it.
    ///
    /// What is there by default is right for a journal that one process has to itself.
    fn cancel(&self, run: RunId) -> JournalFuture<'_, Cancelled> {
        Box::pin(async move {
            match self.find(run).await? {
                None => Ok(Cancelled::Unknown),
                Some(found) if found.state != StoredState::Open => Ok(Cancelled::Over),
                Some(_) => self.end(run, Outcome::Cancelled).await.map(|()| Cancelled::Done),
            }
        })
    }

    /// Whom to tell what other processes do to the runs that run here. A journal that one process has to itself has nothing to tell.
    fn listen(&self, listener: Arc<dyn Listener>) {
        drop(listener);
    }

    /// All that is stored of a run besides its record; nothing of a run that is not there.
    fn history(&self, run: RunId) -> JournalFuture<'_, History>;

    /// A step of an open run begins to wait.
    fn wait(&self, run: RunId, wait: Wait) -> JournalFuture<'_, ()>;

    /// Somebody sends a signal to a run. It is stored if the run is open and has none with this key; what became of it is known in one step.
    fn signal(&self, run: RunId, signal: Signal) -> JournalFuture<'_, Posted>;

    /// The runs that a filter lets through, the newest first.
    fn runs(&self, filter: RunFilter) -> JournalFuture<'_, Vec<StoredRun>>;

    /// One run.
    fn find(&self, run: RunId) -> JournalFuture<'_, Option<StoredRun>>;

    /// Deletes the runs that ended before this time, with all that is stored of them, and gives how many they were.
    fn delete_ended(&self, before: SystemTime) -> JournalFuture<'_, u64>;
}

/// What is stored of a run besides its record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The steps that are done, in the order in which they were.
    pub entries: Vec<Entry>,
    /// The steps that have begun to wait, also those that are done since.
    pub waits: Vec<Wait>,
    /// The signals for it in the order in which they came, also those that a step has taken.
    pub signals: Vec<Signal>,
}

/// A step that waits: for a signal, a time, or whichever comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// As the key of its later [`Entry`].
    pub key: u128,
    /// Its path, for people.
    pub step: String,
    /// The name of the signal.
    pub signal: Option<String>,
    /// When it stops waiting, by the clock on the wall, to the millisecond.
    pub until: Option<SystemTime>,
}

/// A signal for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// What tells it from all other signals for the run.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it carries, as JSON.
    pub value: String,
    /// When it was sent, to the millisecond.
    pub sent: SystemTime,
}

/// What became of a signal in a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Posted {
    /// It is stored.
    Stored,
    /// One with its key was there.
    Duplicate,
    /// The run is over.
    Over,
    /// There is no such run.
    Unknown,
}

/// How a run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its id, which it keeps.
    pub id: RunId,
    /// The name of its workflow.
    pub workflow: String,
    /// The steps of its workflow as text, one a line: a workflow with other steps does not go on with the run.
    pub graph: String,
    /// Its inputs, as a JSON array.
    pub inputs: String,
    /// What it was given to be found by elsewhere.
    pub correlation_id: Option<String>,
    /// The key it is started by, if it is to be started once.
    pub start_key: Option<String>,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What tells it from all other steps of its run, also from other items of a map and other rounds of a loop.
    pub key: u128,
    /// Its path, for people.
    pub step: String,
    /// It failed: then `value` says how.
    pub failed: bool,
    /// What it gave, as JSON.
    pub value: String,
    /// The key of the signal that it took.
    pub signal: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// With a result, as JSON.
    Finished(String),
    /// By a failure, whose text this is.
    Failed(String),
    /// Somebody cancelled it.
    Cancelled,
}

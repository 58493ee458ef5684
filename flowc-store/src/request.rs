//! What a store is asked, and what it answers: the same for every database.

use std::sync::Arc;
use std::time::SystemTime;

use flowc::RunId;
use flowc::journal::{
    Begun, Cancelled, Claim, Entry, History, Listener, Outcome, Posted, RunFilter, RunRecord, Signal, StoredRun, Wait,
};
use tokio::sync::oneshot;

pub(crate) enum Change {
    Begin(RunRecord),
    Append(RunId, Entry),
    Wait(RunId, Wait),
    Signal(RunId, Signal),
    End(RunId, Outcome),
    Cancel(RunId),
    Claim(String, Claim),
    DeleteEnded(SystemTime),
}

impl Change {
    /// The run, if this is for the process alone that has it.
    #[cfg(feature = "postgres")]
    pub(crate) fn of_owner(&self) -> Option<RunId> {
        match self {
            Self::Append(run, _) | Self::Wait(run, _) | Self::End(run, _) => Some(*run),
            Self::Begin(_) | Self::Signal(..) | Self::Cancel(_) | Self::Claim(..) | Self::DeleteEnded(_) => None,
        }
    }
}

pub(crate) enum Query {
    OpenRuns,
    History(RunId),
    Runs(RunFilter),
    Find(RunId),
}

pub(crate) enum Reply {
    Done,
    Begun(Begun),
    Posted(Posted),
    Cancelled(Cancelled),
    Deleted(u64),
    Records(Vec<RunRecord>),
    History(History),
    Runs(Vec<StoredRun>),
    Run(Option<StoredRun>),
}

/// Why something was not done.
pub(crate) enum Refusal {
    Sql(diesel::result::Error),
    /// The run belongs to another process.
    #[cfg(feature = "postgres")]
    TakenOver,
    /// The database cannot be reached.
    #[cfg(feature = "postgres")]
    Away(String),
}

impl From<diesel::result::Error> for Refusal {
    fn from(error: diesel::result::Error) -> Self {
        Self::Sql(error)
    }
}

pub(crate) type Answer<T = Reply> = Result<T, Refusal>;
pub(crate) type Tell = oneshot::Sender<Answer>;

pub(crate) enum Command {
    Change(Change, Tell),
    Query(Query, Tell),
    Listen(Arc<dyn Listener>),
}

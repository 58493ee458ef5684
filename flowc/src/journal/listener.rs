use std::fmt;

use super::Signal;
use crate::id::RunId;

/// Which open runs of a workflow an engine wants to go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// All that no other process has.
    Open,
    /// Those that nobody has any more, as their process has died, say, and that began with these steps.
    Left {
        /// As in [`RunRecord::graph`](super::RunRecord::graph).
        graph: String,
    },
}

/// An engine whose journal other processes use as well: what it is told of the runs that run here. Nothing of it blocks.
pub trait Listener: Send + Sync + 'static {
    /// A signal for the run is stored. It may have been told of it before.
    fn signal(&self, run: RunId, signal: Signal);

    /// Somebody wants the run to stop. Says whether it runs here; then it is stored as cancelled once it has stopped.
    fn cancel(&self, run: RunId) -> bool;

    /// These runs belong to somebody else now: they are to stop here without a trace in the journal.
    fn lost(&self, runs: &[RunId]);

    /// There may be open runs that nobody has.
    fn left(&self);
}

/// The error of a journal about a run that another process has taken over: nothing more is stored of what is done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOver;

impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this process did not renew its lease in time, as it stood still or could not reach the database, so that others may have \
             taken over its runs",
        )
    }
}

impl std::error::Error for TakenOver {}

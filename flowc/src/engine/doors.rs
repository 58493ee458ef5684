//! Who is in, and how an engine is shut down.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::status::RunState;
use crate::cancel::CancelToken;
use crate::cleanup::{Tally, within};

/// The runs of an engine: counted in, counted out, and none let in any more once it is shut down.
pub(super) struct Doors {
    token: CancelToken,
    pub(super) tally: Arc<Tally>,
    count: watch::Sender<Count>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    closed: bool,
    running: usize,
    /// How many have ended by themselves, and how many were cancelled, since the engine was made.
    ended: u64,
    cancelled: u64,
}

/// A run that was let in.
pub(super) struct Entry {
    doors: Arc<Doors>,
    left: bool,
}

impl Doors {
    pub(super) fn new(cleanup: Option<Duration>) -> Arc<Self> {
        let token = CancelToken::new();
        let tally = Arc::new(Tally::new(Some(token.clone()), cleanup));
        Arc::new(Self { token, tally, count: watch::Sender::new(Count::default()) })
    }

    pub(super) fn enter(self: &Arc<Self>) -> Option<Entry> {
        let mut entry = None;
        self.count.send_if_modified(|count| {
            if !count.closed {
                count.running += 1;
                entry = Some(Entry { doors: Arc::clone(self), left: false });
            }
            // Nobody waits for a run to begin.
            false
        });
        entry
    }

    pub(super) fn running(&self) -> usize {
        self.count.borrow().running
    }

    #[cfg(feature = "journal")]
    pub(super) fn is_closed(&self) -> bool {
        self.count.borrow().closed
    }

    /// Lets nobody in any more, waits for those inside, and cancels after `limit` who is still there.
    pub(super) fn shutdown(self: &Arc<Self>, limit: Duration) -> impl Future<Output = ShutdownReport> + Send + use<> {
        let mut before = Count::default();
        self.count.send_modify(|count| {
            count.closed = true;
            before = *count;
        });
        let doors = Arc::clone(self);
        async move {
            let began = Instant::now();
            let mut count = doors.count.subscribe();
            // The sender is in `doors`, so there is no error to be had.
            within(limit, async { drop(count.wait_for(|count| count.running == 0).await) }).await;
            if doors.running() > 0 {
                doors.token.cancel();
                drop(count.wait_for(|count| count.running == 0).await);
            }
            let unfinished_cleanups = doors.tally.wait().await;
            let after = *doors.count.borrow();
            ShutdownReport {
                finished: after.ended - before.ended,
                cancelled: after.cancelled - before.cancelled,
                unfinished_cleanups,
                elapsed: began.elapsed(),
            }
        }
    }
}

impl Entry {
    pub(super) fn has_left(&self) -> bool {
        self.left
    }

    /// The run is over.
    pub(super) fn leave(&mut self, state: RunState) {
        if std::mem::replace(&mut self.left, true) {
            return;
        }
        self.doors.count.send_if_modified(|count| {
            count.running = count.running.saturating_sub(1);
            match state {
                RunState::Cancelled => count.cancelled += 1,
                _ => count.ended += 1,
            }
            // What waits is a shutdown, and for the last run.
            count.closed && count.running == 0
        });
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.leave(RunState::Cancelled);
    }
}

/// How the runs of an engine ended that were running when [`Engine::shutdown`](super::Engine::shutdown) was called.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// How many came to an end of their own in time: with a result, or by a failure.
    pub finished: u64,
    /// How many were cancelled, by the engine or by somebody else.
    pub cancelled: u64,
    /// How many clean-ups were not done when their time was up: those of blocking calls that did not come back.
    pub unfinished_cleanups: usize,
    /// How long it took.
    pub elapsed: Duration,
}

impl fmt::Display for ShutdownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finished, cancelled, unfinished_cleanups, elapsed } = self;
        write!(f, "{finished} runs finished and {cancelled} were cancelled within {elapsed:.1?}")?;
        if *unfinished_cleanups > 0 {
            write!(f, "; {unfinished_cleanups} clean-ups are not done")?;
        }
        Ok(())
    }
}

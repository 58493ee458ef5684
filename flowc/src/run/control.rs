//! How a run is stopped before its end.

use std::sync::Arc;

use crate::cancel::CancelToken;
use crate::cleanup::Tally;
use crate::sync::{Mutex, lock};

/// What can stop a run, and what was going on when it was stopped.
#[derive(Debug)]
pub(crate) struct Control {
    /// The run's own token. The calls of its steps have children of it.
    pub(crate) token: CancelToken,
    pub(crate) tally: Arc<Tally>,
    /// The paths of the steps that were running.
    cancelled: Mutex<Vec<String>>,
}

impl Control {
    /// That of a run in an engine.
    pub(crate) fn of_engine(tally: &Arc<Tally>) -> Arc<Self> {
        Self::new(tally.engine.as_ref().map_or_else(CancelToken::new, CancelToken::child), Arc::clone(tally))
    }

    /// That of a run by itself.
    pub(crate) fn alone() -> Arc<Self> {
        Self::new(CancelToken::new(), Arc::new(Tally::new(None, None)))
    }

    fn new(token: CancelToken, tally: Arc<Tally>) -> Arc<Self> {
        Arc::new(Self { token, tally, cancelled: Mutex::new(Vec::new()) })
    }

    /// Whether the engine stops all of its runs.
    pub(crate) fn is_engine_stopping(&self) -> bool {
        self.tally.engine.as_ref().is_some_and(CancelToken::is_cancelled)
    }

    /// A step goes that has not come to its end. Where the run is being stopped, that is why.
    pub(crate) fn dropped(&self, path: impl FnOnce() -> String) {
        if self.token.is_cancelled() {
            let path = path();
            lock(&self.cancelled).push(path);
        }
    }

    /// The steps that were running, in the order in which they went.
    pub(crate) fn cancelled_steps(&self) -> Vec<String> {
        lock(&self.cancelled).clone()
    }
}

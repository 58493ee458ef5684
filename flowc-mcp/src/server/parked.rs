//! Runs that wait for what their client was asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::call::Live;

/// Runs by what their client sends to go on with one: a text that nobody can guess.
#[derive(Clone)]
pub(super) struct Parked {
    runs: Arc<Mutex<HashMap<String, Live>>>,
    limit: Duration,
}

impl Parked {
    pub(super) fn new(limit: Duration) -> Self {
        Self { runs: Arc::default(), limit }
    }

    /// Keeps a run until it is taken, or the time to answer is up.
    pub(super) fn put(&self, live: Live) -> String {
        let state = uuid::Uuid::new_v4().to_string();
        locked(&self.runs).insert(state.clone(), live);
        let (runs, limit, key) = (Arc::downgrade(&self.runs), self.limit, state.clone());
        tokio::spawn(async move {
            tokio::time::sleep(limit).await;
            // Dropped after the lock is let go: the run is cancelled by it.
            let late = Weak::upgrade(&runs).and_then(|runs| locked(&runs).remove(&key));
            drop(late);
        });
        state
    }

    /// The run that the client goes on with, once.
    pub(super) fn take(&self, state: &str) -> Option<Live> {
        locked(&self.runs).remove(state)
    }

    /// Cancels all of them.
    pub(super) fn clear(&self) {
        let all = std::mem::take(&mut *locked(&self.runs));
        drop(all);
    }
}

fn locked(runs: &Mutex<HashMap<String, Live>>) -> MutexGuard<'_, HashMap<String, Live>> {
    runs.lock().unwrap_or_else(PoisonError::into_inner)
}

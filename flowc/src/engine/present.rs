//! The durable runs that this process has, by their ids.

use std::collections::HashMap;
#[cfg(feature = "schedules")]
use std::collections::HashSet;
use std::sync::{Arc, Weak};

use tokio::sync::{RwLock, watch};

use super::core::Core;
use crate::id::RunId;
use crate::journal::{Listener, Signal};
use crate::sync::{Mutex, lock};

#[derive(Default)]
pub(super) struct Present {
    runs: Mutex<HashMap<RunId, Weak<Core>>>,
    /// The names of the schedules that are kept.
    #[cfg(feature = "schedules")]
    pub(super) schedules: Mutex<HashSet<String>>,
    /// Changes when there may be open runs that nobody has.
    left: watch::Sender<()>,
    /// Held to write by who looks for runs that are open and not here, and to read by who has stored one that is about to be.
    pub(super) coming: RwLock<()>,
}

impl Present {
    pub(super) fn find(&self, run: RunId) -> Option<Arc<Core>> {
        // Outside of the lock: what is dropped last takes it.
        let found = lock(&self.runs).get(&run).cloned();
        found?.upgrade()
    }

    pub(super) fn enter(&self, core: &Arc<Core>) {
        lock(&self.runs).insert(core.run.id, Arc::downgrade(core));
    }
}

impl Present {
    pub(super) fn watch_left(&self) -> watch::Receiver<()> {
        self.left.subscribe()
    }
}

impl Listener for Present {
    fn signal(&self, run: RunId, signal: Signal) {
        if let Some(core) = self.find(run) {
            core.mail.post(signal.into());
        }
    }

    fn cancel(&self, run: RunId) -> bool {
        let found = self.find(run).filter(|core| !core.is_over());
        found.inspect(|core| core.stop()).is_some()
    }

    fn lost(&self, runs: &[RunId]) {
        runs.iter().filter_map(|run| self.find(*run)).for_each(|core| core.lose());
    }

    fn left(&self) {
        self.left.send_replace(());
    }
}

/// A run that is found as long as this is there.
pub(super) struct Entered {
    pub(super) present: Arc<Present>,
    pub(super) run: RunId,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut runs = lock(&self.present.runs);
        // The same run may have been resumed since.
        if runs.get(&self.run).is_some_and(|core| core.strong_count() == 0) {
            runs.remove(&self.run);
        }
    }
}

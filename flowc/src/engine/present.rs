//! The durable runs that this process has, by their ids.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::core::Core;
use crate::id::RunId;
use crate::sync::{Mutex, lock};

#[derive(Default)]
pub(super) struct Present(Mutex<HashMap<RunId, Weak<Core>>>);

impl Present {
    pub(super) fn find(&self, run: RunId) -> Option<Arc<Core>> {
        // Outside of the lock: what is dropped last takes it.
        let found = lock(&self.0).get(&run).cloned();
        found?.upgrade()
    }

    pub(super) fn enter(&self, core: &Arc<Core>) {
        lock(&self.0).insert(core.run.id, Arc::downgrade(core));
    }
}

/// A run that is found as long as this is there.
pub(super) struct Entered {
    pub(super) present: Arc<Present>,
    pub(super) run: RunId,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut runs = lock(&self.present.0);
        // The same run may have been resumed since.
        if runs.get(&self.run).is_some_and(|core| core.strong_count() == 0) {
            runs.remove(&self.run);
        }
    }
}

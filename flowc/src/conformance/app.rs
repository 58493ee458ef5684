use std::collections::BTreeMap;
use std::sync::Arc;

use crate::context::Context;
use crate::resources::Provides;
use crate::sync::{Mutex, lock};

/// The application of the suite: it counts the calls of its nodes. Its clones are one.
#[derive(Debug, Clone, Default)]
pub struct App {
    calls: Calls,
}

/// The calls of nodes, by their steps.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<Mutex<BTreeMap<String, (String, usize)>>>);

impl App {
    /// How many steps were called.
    pub fn steps(&self) -> usize {
        lock(&self.calls.0).len()
    }

    /// The paths of the steps that were called more than once. Where no process was killed, there are none.
    pub fn twice(&self) -> Vec<String> {
        let calls = lock(&self.calls.0);
        calls.values().filter(|(_, count)| *count > 1).map(|(step, _)| step.clone()).collect()
    }
}

impl Calls {
    /// The step at `cx` is called. Attempts of one step are one call.
    pub(super) fn note(&self, cx: &Context) {
        if cx.attempt() == 1 {
            let mut calls = lock(&self.0);
            calls.entry(cx.idempotency_key()).or_insert_with(|| (cx.step().to_owned(), 0)).1 += 1;
        }
    }
}

impl Provides<Calls> for App {
    fn provide(&self) -> &Calls {
        &self.calls
    }
}

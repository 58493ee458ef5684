use std::sync::Arc;

use super::core::Core;
use crate::context::Sink;
use crate::event::{Chunk, EventKind, Usage};
use crate::observe::{Path, Place, StepRef};
use crate::wait::{WaitFuture, Wanted};

/// Where one call's chunks and progress go.
pub(super) struct StepSink {
    pub(super) core: Arc<Core>,
    pub(super) place: Place,
    pub(super) row: Option<usize>,
    pub(super) step: Path,
}

impl StepSink {
    pub(super) fn say(&self, what: EventKind<()>) {
        self.core.said(StepRef::known(self.place, Arc::clone(&self.step)), self.row, what);
    }
}

impl Sink for StepSink {
    fn chunk(&self, data: Chunk) {
        self.say(EventKind::Chunk { step: (), data });
    }

    fn progress(&self, done: u64, total: u64) {
        self.say(EventKind::Progress { step: (), done, total });
    }

    fn usage(&self, usage: Usage) {
        self.say(EventKind::Usage { step: (), usage });
    }

    fn wait<'a>(&'a self, wanted: Wanted<'a>) -> Option<WaitFuture<'a>> {
        Some(Box::pin(super::waiting::wait(self, wanted)))
    }
}

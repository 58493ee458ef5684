use std::sync::Arc;

use super::core::Core;
use super::log::Path;
use crate::context::Sink;
use crate::event::{Chunk, EventKind, Usage};
use crate::observe::Place;

/// Where one call's chunks and progress go.
pub(super) struct StepSink {
    pub(super) core: Arc<Core>,
    pub(super) place: Place,
    pub(super) row: Option<usize>,
    pub(super) step: Path,
}

impl StepSink {
    fn say(&self, what: impl FnOnce(Path) -> EventKind) {
        self.core.said(self.place, self.row, &what(Arc::clone(&self.step)));
    }
}

impl Sink for StepSink {
    fn chunk(&self, data: Chunk) {
        self.say(|step| EventKind::Chunk { step, data });
    }

    fn progress(&self, done: u64, total: u64) {
        self.say(|step| EventKind::Progress { step, done, total });
    }

    fn usage(&self, usage: Usage) {
        self.say(|step| EventKind::Usage { step, usage });
    }
}

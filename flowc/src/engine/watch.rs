use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::core::Core;
use super::handle::StepHandle;
use super::log::Found;
use super::plan::Key;
use super::status::RunStatus;
use crate::error::{Failure, FailureKind};
use crate::event::Event;
use crate::id::RunId;
use crate::step::{Step, Workflow};

/// Looks at a run, and can cancel it, but does not keep it going: [`Run::watch`](super::Run::watch) gives one, and so does
/// [`Run::detach`](super::Run::detach).
#[derive(Clone)]
pub struct Watch {
    pub(super) core: Arc<Core>,
}

impl Watch {
    /// The id of the run.
    pub fn id(&self) -> RunId {
        self.core.run.id
    }

    /// How the run stands.
    pub fn status(&self) -> RunStatus {
        self.core.status()
    }

    /// The run's events, from the oldest one still held. Where nobody listened none was held, and it begins with the next.
    pub fn events(&self) -> Events {
        Events::new(&self.core)
    }

    /// The run's events from the one with this number: a listener that was away goes on where it was. What is gone by then is
    /// counted by [`EventKind::Lagged`](crate::EventKind::Lagged), the first event that it gets.
    pub fn events_from(&self, seq: u64) -> Events {
        Events::from(&self.core, seq)
    }

    /// Cancels the run: what is running is dropped within one poll, and the run fails with the kind
    /// [`Cancelled`](crate::FailureKind::Cancelled). A run that is over stays as it ended.
    pub fn cancel(&self) {
        self.core.stop();
    }

    /// The output of a step that the builder was told to [keep](super::Builder::keep), as soon as the step gave it.
    pub fn output<W, S, const VERTEX: u32>(&self, step: StepHandle<W, S, VERTEX>) -> Option<S::Output>
    where
        W: Workflow,
        S: Step,
        S::Output: Clone,
    {
        self.core.kept(Key::of(step))
    }
}

impl Watch {
    #[cfg(feature = "journal")]
    pub(super) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// A handle was awaited once more.
    pub(super) fn given(&self) -> Failure {
        self.core
            .failure(FailureKind::Internal, "the run was awaited to its end before, and gave its result then")
            .with_help("await the handle of a run once, and keep the result")
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("id", &self.id()).field("workflow", &self.core.graph.name).finish_non_exhaustive()
    }
}

/// The events of a run, for one listener.
pub struct Events {
    core: Arc<Core>,
    next: u64,
}

impl Events {
    pub(super) fn new(core: &Arc<Core>) -> Self {
        Self { next: core.listen(), core: Arc::clone(core) }
    }

    /// A listener from the event with this number.
    pub(super) fn from(core: &Arc<Core>, seq: u64) -> Self {
        core.listen();
        Self { next: seq, core: Arc::clone(core) }
    }

    /// The listener that the run was made with, at the first event.
    pub(super) fn first(core: &Arc<Core>) -> Self {
        Self { next: 0, core: Arc::clone(core) }
    }

    /// The next event; `None` when the run is over and all of its events were read.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|task| self.poll_next(task)).await
    }

    /// The next event, in the manner of a stream.
    pub fn poll_next(&mut self, task: &mut Context<'_>) -> Poll<Option<Event>> {
        match self.core.read(&mut self.next, task.waker()) {
            Found::Event(event) => Poll::Ready(Some(event)),
            Found::End => Poll::Ready(None),
            Found::NotYet => Poll::Pending,
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.core.leave();
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("run", &self.core.run.id).field("next", &self.next).finish_non_exhaustive()
    }
}

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::task::{JoinError, JoinHandle};

use super::core::Core;
use super::handle::StepHandle;
use super::status::RunStatus;
use super::watch::{Events, Watch};
use crate::error::{Failure, FailureKind};
use crate::event::Event;
use crate::id::RunId;
use crate::run::Panicked;
use crate::step::{Step, Workflow};

/// A run in flight. Awaiting it gives the workflow's result; dropping it cancels the run.
#[must_use = "dropping the handle cancels the run: await it, or `detach()` it"]
pub struct Run<W: Workflow> {
    watch: Watch,
    events: Option<Events>,
    task: Task<W::Output>,
    /// Dropping the handle leaves the run alone.
    detached: bool,
}

enum Task<T> {
    Spawned(JoinHandle<Result<T, Failure>>),
    Refused(Option<Failure>),
    /// Its result was given.
    Given,
}

/// Nothing is ever pinned inside of it.
impl<W: Workflow> Unpin for Run<W> {}

impl<W: Workflow> Run<W> {
    pub(super) fn new(core: Arc<Core>, task: Result<JoinHandle<Result<W::Output, Failure>>, Failure>) -> Self {
        let task = match task {
            Ok(spawned) => Task::Spawned(spawned),
            Err(failure) => Task::Refused(Some(failure)),
        };
        Self { events: Some(Events::first(&core)), watch: Watch { core }, task, detached: false }
    }

    /// The id of the run.
    pub fn id(&self) -> RunId {
        self.watch.id()
    }

    /// How the run stands.
    pub fn status(&self) -> RunStatus {
        self.watch.status()
    }

    /// The next event; `None` when the run is over and all of its events were read. The first one is never missed, however
    /// late one begins to listen, as long as the events fit in the [capacity](super::Builder::event_capacity).
    pub async fn next_event(&mut self) -> Option<Event> {
        match &mut self.events {
            Some(events) => events.next().await,
            None => None,
        }
    }

    /// A listener of its own, independent of [`next_event`](Self::next_event), from the oldest event that is still held.
    pub fn events(&self) -> Events {
        self.watch.events()
    }

    /// A listener of its own from the event with this number; see [`Watch::events_from`].
    pub fn events_from(&self, seq: u64) -> Events {
        self.watch.events_from(seq)
    }

    #[cfg(feature = "signals")]
    pub(super) fn watch_ref(&self) -> &Watch {
        &self.watch
    }

    /// Something that looks at the run but does not keep it going; it outlives the handle.
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// Cancels the run: what is running is dropped within one poll, and the run fails with the kind
    /// [`Cancelled`](FailureKind::Cancelled). A run that is over stays as it ended.
    pub fn cancel(&self) {
        self.watch.cancel();
    }

    /// Lets the run go on by itself. The result is lost; whoever wants it awaits the handle instead.
    pub fn detach(mut self) -> Watch {
        self.detached = true;
        self.watch.clone()
    }

    /// The output of a step that the builder was told to [keep](super::Builder::keep), as soon as the step gave it.
    pub fn output<V, S, const VERTEX: u32>(&self, step: StepHandle<V, S, VERTEX>) -> Option<S::Output>
    where
        V: Workflow,
        S: Step,
        S::Output: Clone,
    {
        self.watch.output(step)
    }

    /// Waits for the end, and keeps what can be asked about the run beside its result.
    pub async fn ended(mut self) -> Ended<W> {
        let result = (&mut self).await;
        Ended { result, watch: self.watch() }
    }

    fn joined(&self, error: JoinError) -> Failure {
        let fail = |kind, message: &str| self.watch.core.failure(kind, message);
        match error.try_into_panic() {
            // Steps and bodies have their own guards; what is left is what panicked while it was dropped.
            Ok(payload) => fail(FailureKind::Panic, Panicked::new(payload).message()),
            Err(_) => fail(FailureKind::Runtime, "the runtime shut down before the run had ended"),
        }
    }
}

impl<W: Workflow> Future for Run<W> {
    type Output = Result<W::Output, Failure>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let result = match &mut this.task {
            Task::Spawned(spawned) => match Pin::new(spawned).poll(task) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(result)) => result,
                Poll::Ready(Err(error)) => Err(this.joined(error)),
            },
            Task::Refused(failure) => Err(failure.take().unwrap_or_else(|| this.watch.given())),
            Task::Given => Err(this.watch.given()),
        };
        this.task = Task::Given;
        Poll::Ready(result)
    }
}

impl<W: Workflow> Drop for Run<W> {
    fn drop(&mut self) {
        // Once it gave its result there is nothing to cancel.
        if !self.detached && !matches!(self.task, Task::Given) {
            self.watch.cancel();
        }
    }
}

impl<W: Workflow> fmt::Debug for Run<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("id", &self.id()).field("workflow", &W::GRAPH.name).finish_non_exhaustive()
    }
}

/// A run that is over.
#[derive(Debug)]
pub struct Ended<W: Workflow> {
    result: Result<W::Output, Failure>,
    watch: Watch,
}

impl<W: Workflow> Ended<W> {
    /// The workflow's result.
    ///
    /// # Errors
    /// The failure of the run.
    pub fn result(&self) -> Result<&W::Output, &Failure> {
        self.result.as_ref()
    }

    /// The workflow's result, by value.
    ///
    /// # Errors
    /// The failure of the run.
    pub fn into_result(self) -> Result<W::Output, Failure> {
        self.result
    }

    /// How the run and its steps ended.
    pub fn status(&self) -> RunStatus {
        self.watch.status()
    }

    /// The output of a step that the builder was told to [keep](super::Builder::keep), if the step gave one.
    pub fn output<V, S, const VERTEX: u32>(&self, step: StepHandle<V, S, VERTEX>) -> Option<S::Output>
    where
        V: Workflow,
        S: Step,
        S::Output: Clone,
    {
        self.watch.output(step)
    }
}

//! What the task of a run shares with the handles to it.

use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::ledger::{Ledger, Ticket};
use super::log::{Found, Log, Path};
use super::observed::Observed;
use super::plan::{Key, Plan};
use super::status::{RunState, RunStatus, StepState};
use super::steps::{Clock, Steps};
use crate::context::Sink;
use crate::error::{Failure, FailureKind, Site, safely};
use crate::event::{Chunk, EventKind};
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::options::RunOptions;
use crate::run::{At, Control};
use crate::step::Workflow;

pub(super) struct Core {
    pub(super) run: Arc<Identity>,
    pub(super) graph: &'static GraphSpec,
    pub(super) plan: Arc<Plan>,
    pub(super) control: Arc<Control>,
    /// The number of the run in its engine.
    #[cfg(feature = "testing")]
    pub(super) number: u64,
    clock: Clock,
    ledger: Mutex<Ledger>,
}

/// A step that panics while it drops something poisons no lock for good: what is behind the locks is never left halfway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Core {
    pub(super) fn new<W: Workflow>(plan: Arc<Plan>, options: &RunOptions, control: Arc<Control>) -> Self {
        let run = Arc::new(Identity::given(options, &control));
        let clock = Clock::new();
        let mut log = Log::new(run.id, plan.capacity);
        // The handle of the run is its first listener, and misses nothing.
        log.listen();
        let (workflow, correlation_id) = (W::GRAPH.name, run.correlation.clone());
        log.push(clock.time(clock.start), EventKind::RunStarted { workflow, correlation_id });
        let (steps, state) = (Steps::new(W::GRAPH), RunState::Running);
        let ledger = Mutex::new(Ledger { log, steps, state, elapsed: None, kept: Vec::new() });
        #[cfg(feature = "testing")]
        let number = plan.props.next_run();
        Self {
            run,
            graph: W::GRAPH,
            plan,
            control,
            #[cfg(feature = "testing")]
            number,
            clock,
            ledger,
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Changes the ledger and wakes the listeners, after the lock is let go.
    fn note(&self, change: impl FnOnce(&mut Ledger, Instant)) {
        let now = Instant::now();
        let mut ledger = self.ledger();
        change(&mut ledger, now);
        let waiting = ledger.log.wake();
        drop(ledger);
        for waker in waiting {
            waker.wake();
        }
    }

    // What happens to steps.

    pub(super) fn started(&self, at: At<'_, Observed<'_>>) -> Ticket {
        let mut ticket = Ticket { row: None, started: self.clock.start, path: None };
        self.note(|ledger, now| {
            ticket.started = now;
            ticket.row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.start(now);
            }
            if ledger.log.is_heard() {
                let step: Path = at.path().into();
                ticket.path = Some(Arc::clone(&step));
                ledger.log.push(self.clock.time(now), EventKind::StepStarted { step, node: at.node() });
            }
        });
        ticket
    }

    /// How long a step has been running.
    pub(super) fn elapsed(ticket: &Ticket) -> Duration {
        Instant::now().saturating_duration_since(ticket.started)
    }

    pub(super) fn finished(&self, ticket: Ticket) {
        self.note(|ledger, now| {
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.end(StepState::Done, now);
            }
            if let Some(step) = ticket.path {
                let elapsed = now.saturating_duration_since(ticket.started);
                ledger.log.push(self.clock.time(now), EventKind::StepFinished { step, elapsed });
            }
        });
    }

    pub(super) fn failed(&self, ticket: Ticket, kind: FailureKind, error: String) {
        let error: Arc<str> = error.into();
        self.note(|ledger, now| {
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.end(StepState::Failed, now);
            }
            if let Some(step) = ticket.path {
                let elapsed = now.saturating_duration_since(ticket.started);
                ledger.log.push(self.clock.time(now), EventKind::StepFailed { step, kind, error, elapsed });
            }
        });
    }

    pub(super) fn dropped(&self, at: At<'_, Observed<'_>>, ticket: Ticket) {
        self.control.dropped(|| at.path());
        self.note(|ledger, now| {
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.end(StepState::Cancelled, now);
            }
            if let Some(step) = ticket.path {
                let elapsed = now.saturating_duration_since(ticket.started);
                ledger.log.push(self.clock.time(now), EventKind::StepCancelled { step, elapsed });
            }
        });
    }

    pub(super) fn retrying(&self, at: At<'_, Observed<'_>>, delay: Duration, why: &dyn Display) {
        let (step, error): (Path, Arc<str>) = (at.path().into(), safely(|| why.to_string()).into());
        self.note(|ledger, now| {
            let row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
            if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                row.retry(at.attempts(), now.checked_add(delay).unwrap_or(now));
            }
            let retried = EventKind::StepRetried { step, attempt: at.attempts(), delay, error };
            ledger.log.push(self.clock.time(now), retried);
        });
    }

    pub(super) fn keep<T: 'static>(&self, at: At<'_, Observed<'_>>, output: &T) {
        let kept = self.plan.kept(|| key(at), output);
        if let Some((key, output)) = kept {
            let mut ledger = self.ledger();
            ledger.kept.retain(|(other, _)| *other != key);
            ledger.kept.push((key, output));
        }
    }

    pub(super) fn kept<T: Clone + 'static>(&self, key: Key) -> Option<T> {
        let ledger = self.ledger();
        let (_, output) = ledger.kept.iter().find(|(kept, _)| *kept == key)?;
        output.downcast_ref::<T>().cloned()
    }

    /// What the context of the call at `at` tells its sink.
    pub(super) fn sink(self: &Arc<Self>, at: At<'_, Observed<'_>>, step: Path) -> Box<dyn Sink> {
        let row = at.found().and_then(|vertex| self.ledger().steps.find(at.frame, vertex));
        Box::new(StepSink { core: Arc::clone(self), row, step })
    }

    // What happens to the run.

    pub(super) fn stop(&self) {
        self.control.token.cancel();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.control.token.is_cancelled()
    }

    fn over(&self, state: RunState, event: impl FnOnce(Duration) -> EventKind) {
        self.note(|ledger, now| {
            if ledger.state.is_over() {
                return;
            }
            let elapsed = self.clock.since(now);
            ledger.state = state;
            ledger.elapsed = Some(elapsed);
            ledger.log.push(self.clock.time(now), event(elapsed));
        });
    }

    /// The run came to its end.
    pub(super) fn end<T>(&self, ended: &Result<T, Failure>) {
        match ended {
            Ok(_) => self.finish(),
            Err(failure) if failure.kind() == FailureKind::Cancelled && self.is_stopping() => self.cancel(),
            Err(failure) => self.fail(failure),
        }
    }

    fn finish(&self) {
        self.over(RunState::Finished, |elapsed| EventKind::RunFinished { elapsed });
    }

    pub(super) fn cancel(&self) {
        let steps = self.control.cancelled_steps().into();
        self.over(RunState::Cancelled, |elapsed| EventKind::RunCancelled { elapsed, steps });
    }

    pub(super) fn state(&self) -> RunState {
        self.ledger().state
    }

    /// A failure of the run as a whole.
    pub(super) fn failure(&self, kind: FailureKind, message: &str) -> Failure {
        Failure::new(kind, Site::of_run(self.graph, &self.run), message.to_owned())
            .with_elapsed(self.clock.since(Instant::now()))
    }

    pub(super) fn fail(&self, failure: &Failure) {
        let (kind, step, error) = (failure.kind(), failure.step().into(), safely(|| failure.to_string()).into());
        self.over(RunState::Failed(kind), |elapsed| EventKind::RunFailed { step, kind, error, elapsed });
    }

    pub(super) fn status(&self) -> RunStatus {
        let now = Instant::now();
        let ledger = self.ledger();
        let mut steps = Vec::new();
        ledger.steps.report(self.graph, Some(0), self.graph.name, (&self.clock, now), &mut steps);
        RunStatus {
            id: self.run.id,
            correlation_id: self.run.correlation.clone(),
            workflow: self.graph.name,
            state: ledger.state,
            started: self.clock.time(self.clock.start),
            elapsed: ledger.elapsed.unwrap_or_else(|| self.clock.since(now)),
            steps,
        }
    }

    // Listeners.

    pub(super) fn listen(&self) -> u64 {
        self.ledger().log.listen()
    }

    pub(super) fn leave(&self) {
        self.ledger().log.leave();
    }

    pub(super) fn read(&self, next: &mut u64, waker: &Waker) -> Found {
        self.ledger().log.read(next, waker)
    }
}

/// The step at `at`, as the source has it.
pub(super) fn key(at: At<'_, Observed<'_>>) -> Option<Key> {
    let (graph, _) = at.frame.workflow_here();
    at.found().map(|vertex| Key::new(graph, vertex))
}

/// Where one call's chunks and progress go.
struct StepSink {
    core: Arc<Core>,
    row: Option<usize>,
    step: Path,
}

impl Sink for StepSink {
    fn chunk(&self, data: Chunk) {
        let step = Arc::clone(&self.step);
        self.core.note(|ledger, now| ledger.log.push(self.core.clock.time(now), EventKind::Chunk { step, data }));
    }

    fn progress(&self, done: u64, total: u64) {
        let step = Arc::clone(&self.step);
        self.core.note(|ledger, now| {
            if let Some(row) = self.row.and_then(|row| ledger.steps.row(row)) {
                row.progress(done, total);
            }
            ledger.log.push(self.core.clock.time(now), EventKind::Progress { step, done, total });
        });
    }
}

//! What the task of a run shares with the handles to it.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::ledger::{Ledger, Ticket};
use super::log::{Found, Log, Path};
use super::observed::Observed;
use super::plan::{Key, Plan};
use super::sink::StepSink;
use super::status::{RunState, RunStatus, StepState};
use super::steps::{Clock, Steps, View};
use crate::context::Sink;
use crate::error::{Failure, FailureKind, Site, safely};
use crate::event::{Event, EventKind};
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::observe::{Place, RunInfo, StepRef};
use crate::options::RunOptions;
use crate::run::{At, Control};
use crate::step::Workflow;
use crate::sync::{Mutex, MutexGuard, lock};

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
    /// Held from a change of the ledger until the collectors were told of it, so that they hear in order. Without collectors
    /// nobody takes it. It is not the lock of the ledger, so that a collector may ask for the status.
    order: Mutex<()>,
}

/// What happened, and to which step.
type Kind<'a> = EventKind<StepRef<'a>>;

impl Core {
    pub(super) fn new<W: Workflow>(plan: Arc<Plan>, options: &RunOptions, control: Arc<Control>) -> Self {
        let run = Arc::new(Identity::given(options, &control));
        let mut log = Log::new(run.id, plan.capacity, plan.keep_events);
        // The handle of the run is its first listener, and misses nothing.
        log.listen();
        let (steps, state) = (Steps::new(W::GRAPH), RunState::Running);
        let ledger = Mutex::new(Ledger { log, steps, state, elapsed: None, kept: Vec::new() });
        #[cfg(feature = "testing")]
        let number = plan.props.next_run();
        let core = Self {
            run,
            graph: W::GRAPH,
            plan,
            control,
            #[cfg(feature = "testing")]
            number,
            clock: Clock::new(),
            ledger,
            order: Mutex::new(()),
        };
        let (workflow, correlation_id) = (Cow::Borrowed(W::GRAPH.name), core.run.correlation.clone());
        core.note(|_, _| Some(EventKind::RunStarted { workflow, correlation_id }));
        core
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Changes the ledger and tells of it: wakes the listeners and calls the collectors, after the lock is let go.
    /// Gives what happened, if anything did.
    fn note<'a>(&self, change: impl FnOnce(&mut Ledger, Instant) -> Option<Kind<'a>>) -> Option<Kind<'a>> {
        let collectors = &self.plan.collectors;
        let order = (!collectors.is_empty()).then(|| lock(&self.order));
        let mut ledger = self.ledger();
        let now = Instant::now();
        let kind = change(&mut ledger, now)?;
        let seq = ledger.log.push(|| self.clock.time(now), &kind)?;
        let waiting = ledger.log.wake();
        drop(ledger);
        for waker in waiting {
            waker.wake();
        }
        if order.is_none() {
            return Some(kind);
        }
        let event = Event { seq, time: self.clock.time(now), run: self.run.id, kind };
        collectors.tell(&self.info(), &event);
        Some(event.kind)
    }

    fn info(&self) -> RunInfo<'_> {
        let (id, correlation_id) = (self.run.id, self.run.correlation.as_deref());
        RunInfo { id, graph: self.graph, correlation_id, started: self.clock.time(self.clock.start) }
    }

    // What happens to steps.

    pub(super) fn started(&self, at: At<'_, Observed<'_>>) -> Ticket {
        let mut ticket = Ticket { row: None, started: self.clock.start, path: None };
        let told = self.note(|ledger, now| {
            ticket.started = now;
            ticket.row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.start(now);
            }
            Some(EventKind::StepStarted { step: StepRef::at(at, None), node: Cow::Borrowed(at.node()) })
        });
        // Made only where somebody asked for it, and then once.
        ticket.path = told.as_ref().and_then(EventKind::place).and_then(StepRef::made_path);
        ticket
    }

    /// How long a step has been running.
    pub(super) fn elapsed(ticket: &Ticket) -> Duration {
        Instant::now().saturating_duration_since(ticket.started)
    }

    /// A call of a step is over.
    fn ended<'a>(
        &self,
        at: At<'a, Observed<'_>>,
        ticket: Ticket,
        how: StepState,
        tell: impl FnOnce(StepRef<'a>, Duration) -> Kind<'a>,
    ) {
        self.note(|ledger, now| {
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.end(how, now);
            }
            Some(tell(StepRef::at(at, ticket.path), now.saturating_duration_since(ticket.started)))
        });
    }

    pub(super) fn finished(&self, at: At<'_, Observed<'_>>, ticket: Ticket) {
        self.ended(at, ticket, StepState::Done, |step, elapsed| EventKind::StepFinished { step, elapsed });
    }

    pub(super) fn failed(&self, at: At<'_, Observed<'_>>, ticket: Ticket, kind: FailureKind, error: String) {
        let error: Arc<str> = error.into();
        let tell = |step, elapsed| EventKind::StepFailed { step, kind, error, elapsed };
        self.ended(at, ticket, StepState::Failed, tell);
    }

    pub(super) fn dropped(&self, at: At<'_, Observed<'_>>, ticket: Ticket) {
        self.control.dropped(|| at.path());
        self.ended(at, ticket, StepState::Cancelled, |step, elapsed| EventKind::StepCancelled { step, elapsed });
    }

    pub(super) fn retrying(&self, at: At<'_, Observed<'_>>, delay: Duration, why: &dyn Display) {
        let error: Arc<str> = safely(|| why.to_string()).into();
        self.note(|ledger, now| {
            let row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
            if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                row.retry(at.attempts(), now.checked_add(delay).unwrap_or(now));
            }
            Some(EventKind::StepRetried { step: StepRef::at(at, None), attempt: at.attempts(), delay, error })
        });
    }

    /// Something else happened at a step.
    pub(super) fn tell(&self, at: At<'_, Observed<'_>>, what: &EventKind<()>) {
        self.note(|ledger, _| {
            if let EventKind::MapStarted { items, .. } = what {
                let row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
                if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                    row.announce(*items);
                }
            }
            Some(what.named(|()| StepRef::at(at, None)))
        });
    }

    /// A node told something of its step through its context.
    pub(super) fn said(&self, place: Place, row: Option<usize>, what: &EventKind) {
        self.note(|ledger, _| {
            if let (EventKind::Progress { done, total, .. }, Some(row)) =
                (what, row.and_then(|row| ledger.steps.row(row)))
            {
                row.progress(*done, *total);
            }
            Some(what.named(|path| StepRef::known(place, Arc::clone(path))))
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
        Box::new(StepSink { core: Arc::clone(self), place: at.place(), row, step })
    }

    // What happens to the run.

    pub(super) fn stop(&self) {
        self.control.token.cancel();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.control.token.is_cancelled()
    }

    fn over<'a>(&self, state: RunState, event: impl FnOnce(Duration) -> Kind<'a>) {
        let mut ledger = self.ledger();
        if ledger.state.is_over() {
            return;
        }
        let elapsed = self.clock.since(Instant::now());
        ledger.state = state;
        ledger.elapsed = Some(elapsed);
        let is_told = ledger.log.is_heard() || !self.plan.collectors.is_empty();
        let skipped = if is_told { ledger.steps.skipped(self.graph) } else { Vec::new() };
        drop(ledger);
        for (place, node, path) in skipped {
            let node = Cow::Borrowed(node);
            self.note(|_, _| Some(EventKind::StepSkipped { step: StepRef::known(place, path.into()), node }));
        }
        // Made outside of the lock, and only by who ends the run.
        let event = event(elapsed);
        self.note(|_, _| Some(event));
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
        self.over(RunState::Cancelled, |elapsed| {
            let steps = self.control.cancelled_steps().into();
            EventKind::RunCancelled { elapsed, steps }
        });
    }

    pub(super) fn state(&self) -> RunState {
        self.ledger().state
    }

    /// A failure of the run as a whole.
    pub(super) fn failure(&self, kind: FailureKind, message: &str) -> Failure {
        Failure::new(kind, Site::of_run(self.graph, &self.run), message.to_owned()).with_elapsed(self.since())
    }

    /// How long the run has been running.
    pub(super) fn since(&self) -> Duration {
        self.clock.since(Instant::now())
    }

    pub(super) fn fail(&self, failure: &Failure) {
        let (kind, error) = (failure.kind(), safely(|| failure.to_string()).into());
        let step = StepRef::known(Place { graph: self.graph, vertex: None }, failure.step().into());
        self.over(RunState::Failed(kind), |elapsed| EventKind::RunFailed { step, kind, error, elapsed });
    }

    pub(super) fn status(&self) -> RunStatus {
        let now = Instant::now();
        let ledger = self.ledger();
        let mut steps = Vec::new();
        let view = View { clock: &self.clock, now, over: ledger.state.is_over() };
        ledger.steps.report(self.graph, Some(0), self.graph.name, &view, &mut steps);
        RunStatus {
            id: self.run.id,
            correlation_id: self.run.correlation.clone(),
            workflow: Cow::Borrowed(self.graph.name),
            state: ledger.state,
            started: self.clock.time(self.clock.start),
            elapsed: ledger.elapsed.unwrap_or_else(|| self.clock.since(now)),
            next_seq: ledger.log.next(),
            events_missed: ledger.log.missed(),
            steps,
            graph: Some(self.graph),
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
        let found = self.ledger().log.read(next, waker);
        if let (Found::Event(Event { seq, time, run, kind: EventKind::Lagged(missed) }), false) =
            (&found, self.plan.collectors.is_empty())
        {
            let _order = lock(&self.order);
            let event = Event { seq: *seq, time: *time, run: *run, kind: EventKind::Lagged(*missed) };
            self.plan.collectors.tell(&self.info(), &event);
        }
        found
    }
}

/// The step at `at`, as the source has it.
pub(super) fn key(at: At<'_, Observed<'_>>) -> Option<Key> {
    let (graph, _) = at.frame.workflow_here();
    at.found().map(|vertex| Key::new(graph, vertex))
}

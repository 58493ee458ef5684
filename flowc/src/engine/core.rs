//! What the task of a run shares with the handles to it.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::ledger::{Ledger, Ticket};
use super::log::{Found, Log};
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
use crate::observe::{Path, Place, RunInfo, StepRef};
use crate::options::RunOptions;
use crate::run::{At, Control};
use crate::sync::{Mutex, MutexGuard, lock};

pub(super) struct Core {
    pub(super) run: Arc<Identity>,
    pub(super) graph: &'static GraphSpec,
    pub(super) plan: Arc<Plan>,
    pub(super) control: Arc<Control>,
    /// Where the run is kept, if it is.
    #[cfg(feature = "journal")]
    pub(super) durable: Option<Box<super::replay::Durable>>,
    /// The signals for it.
    #[cfg(feature = "signals")]
    pub(super) mail: super::mail::Mail,
    /// The number of the run in its engine.
    #[cfg(feature = "testing")]
    pub(super) number: u64,
    clock: Clock,
    ledger: Mutex<Ledger>,
    /// Held from a change of the ledger until the collectors were told of it, so that they hear in order. Without collectors
    /// nobody takes it. It is not the lock of the ledger, so that a collector may ask for the status.
    order: Mutex<()>,
}

impl Core {
    pub(super) fn new(graph: &'static GraphSpec, plan: Arc<Plan>, options: &RunOptions, control: Arc<Control>) -> Self {
        let run = Arc::new(Identity::given(options, &control));
        let clock = Clock::new();
        let mut log = Log::new(run.id, graph, clock, plan.capacity, plan.keep_events);
        // The handle of the run is its first listener, and misses nothing.
        log.listen();
        let (steps, state) = (Steps::new(graph), RunState::Running);
        let ledger = Mutex::new(Ledger { log, steps, state, elapsed: None, kept: Vec::new() });
        #[cfg(feature = "testing")]
        let number = plan.props.next_run();
        let core = Self {
            run,
            graph,
            plan,
            control,
            #[cfg(feature = "journal")]
            durable: None,
            #[cfg(feature = "signals")]
            mail: super::mail::Mail::default(),
            #[cfg(feature = "testing")]
            number,
            clock,
            ledger,
            order: Mutex::new(()),
        };
        let (workflow, correlation_id) = (Cow::Borrowed(graph.name), core.run.correlation.clone());
        core.note(StepRef::none(graph), |_, _| EventKind::RunStarted { workflow, correlation_id });
        core
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// Keeps other events from the collectors until they were told of this one. Without collectors nobody waits.
    fn order(&self) -> Option<MutexGuard<'_, ()>> {
        (!self.plan.collectors.is_empty()).then(|| lock(&self.order))
    }

    /// Changes the ledger and tells of it: wakes the listeners and calls the collectors, after the lock is let go.
    /// Gives the path of the step, if a collector had it made.
    #[inline]
    pub(super) fn note(
        &self,
        step: StepRef<'_>,
        change: impl FnOnce(&mut Ledger, Instant) -> EventKind<()>,
    ) -> Option<Path> {
        let order = self.order();
        let mut ledger = self.ledger();
        let now = Instant::now();
        let kind = change(&mut ledger, now);
        if order.is_none() {
            ledger.log.push(now, false, || kind.named(|()| step.held()));
            wake(ledger);
            return None;
        }
        let seq = ledger.log.push(now, false, || kind.clone().named(|()| step.held()))?;
        wake(ledger);
        self.told(seq, now, step, kind)
    }

    /// Tells the collectors of an event.
    fn told(&self, seq: u64, at: Instant, step: StepRef<'_>, kind: EventKind<()>) -> Option<Path> {
        let event = Event { seq, time: self.clock.time(at), run: self.run.id, kind: kind.named(|()| step) };
        self.plan.collectors.tell(&self.info(), &event);
        event.kind.place().and_then(StepRef::made_path)
    }

    fn info(&self) -> RunInfo<'_> {
        let (id, correlation_id) = (self.run.id, self.run.correlation.as_deref());
        RunInfo { id, graph: self.graph, correlation_id, started: self.clock.time(self.clock.start) }
    }

    // What happens to steps.

    pub(super) fn started(&self, at: At<'_, Observed<'_>>) -> Ticket {
        let mut ticket = Ticket { row: None, started: self.clock.start, path: None };
        let path = self.note(StepRef::at(at, None), |ledger, now| {
            ticket.started = now;
            ticket.row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
            if let Some(row) = ticket.row.and_then(|row| ledger.steps.row(row)) {
                row.start(now);
            }
            EventKind::StepStarted { step: (), node: Cow::Borrowed(at.node()) }
        });
        // Made only where somebody asked for it, and then once.
        ticket.path = path;
        ticket
    }

    /// How long a step has been running.
    pub(super) fn elapsed(ticket: &Ticket) -> Duration {
        Instant::now().saturating_duration_since(ticket.started)
    }

    /// A call of a step is over.
    fn ended(
        &self,
        at: At<'_, Observed<'_>>,
        ticket: Ticket,
        how: StepState,
        tell: impl FnOnce(Duration) -> EventKind<()>,
    ) {
        let Ticket { row, started, path } = ticket;
        self.note(StepRef::at(at, path), |ledger, now| {
            if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                row.end(how, now);
            }
            tell(now.saturating_duration_since(started))
        });
    }

    pub(super) fn finished(&self, at: At<'_, Observed<'_>>, ticket: Ticket) {
        self.ended(at, ticket, StepState::Done, |elapsed| EventKind::StepFinished { step: (), elapsed });
    }

    pub(super) fn failed(&self, at: At<'_, Observed<'_>>, ticket: Ticket, kind: FailureKind, error: String) {
        let error: Arc<str> = error.into();
        let tell = |elapsed| EventKind::StepFailed { step: (), kind, error, elapsed };
        self.ended(at, ticket, StepState::Failed, tell);
    }

    pub(super) fn dropped(&self, at: At<'_, Observed<'_>>, ticket: Ticket) {
        self.control.dropped(|| at.path());
        self.ended(at, ticket, StepState::Cancelled, |elapsed| EventKind::StepCancelled { step: (), elapsed });
    }

    pub(super) fn retrying(&self, at: At<'_, Observed<'_>>, delay: Duration, why: &dyn Display) {
        let error: Arc<str> = safely(|| why.to_string()).into();
        self.note(StepRef::at(at, None), |ledger, now| {
            let row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
            if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                row.retry(at.attempts(), now.checked_add(delay).unwrap_or(now));
            }
            EventKind::StepRetried { step: (), attempt: at.attempts(), delay, error }
        });
    }

    /// Something else happened at a step.
    pub(super) fn tell(&self, at: At<'_, Observed<'_>>, what: EventKind<()>) {
        self.note(StepRef::at(at, None), |ledger, _| {
            if let EventKind::MapStarted { items, .. } = what {
                let row = at.found().and_then(|vertex| ledger.steps.find(at.frame, vertex));
                if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                    row.announce(items);
                }
            }
            what
        });
    }

    /// A node told something of its step through its context.
    pub(super) fn said(&self, step: StepRef<'_>, row: Option<usize>, what: EventKind<()>) {
        self.note(step, |ledger, _| {
            if let (EventKind::Progress { done, total, .. }, Some(row)) =
                (&what, row.and_then(|row| ledger.steps.row(row)))
            {
                row.progress(*done, *total);
            }
            what
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

    /// The run is over, if it was not before. Gives how it ended.
    fn over(&self, state: RunState, step: StepRef<'_>, event: impl FnOnce(Duration) -> EventKind<()>) -> RunState {
        let order = self.order();
        let mut ledger = self.ledger();
        if ledger.state.is_over() {
            return ledger.state;
        }
        let now = Instant::now();
        let elapsed = self.clock.since(now);
        ledger.state = state;
        ledger.elapsed = Some(elapsed);
        // What the collectors are told once the lock is let go.
        let mut tell = Vec::new();
        let Ledger { log, steps, .. } = &mut *ledger;
        if log.is_heard() || order.is_some() {
            steps.skipped(self.graph, |step, node| {
                let kind = EventKind::StepSkipped { step: (), node: Cow::Borrowed(node) };
                if order.is_none() {
                    log.push(now, false, || kind.named(|()| step.held()));
                } else if let Some(seq) = log.push(now, false, || kind.clone().named(|()| step.held())) {
                    tell.push((seq, step, kind));
                }
            });
        }
        let kind = event(elapsed);
        let seq = log.push(now, true, || kind.clone().named(|()| step.held()));
        wake(ledger);
        if order.is_some() {
            for (seq, step, kind) in tell {
                self.told(seq, now, step, kind);
            }
            if let Some(seq) = seq {
                self.told(seq, now, step, kind);
            }
        }
        state
    }

    /// The run came to its end.
    pub(super) fn end<T>(&self, ended: &Result<T, Failure>) -> RunState {
        match ended {
            Ok(_) => self.finish(),
            Err(failure) if failure.kind() == FailureKind::Cancelled && self.is_stopping() => self.cancel(),
            // It has not failed: it goes on.
            Err(failure) if failure.kind() == FailureKind::TakenOver => self.cancel(),
            Err(failure) => self.fail(failure),
        }
    }

    fn finish(&self) -> RunState {
        self.over(RunState::Finished, StepRef::none(self.graph), |elapsed| EventKind::RunFinished { elapsed })
    }

    pub(super) fn cancel(&self) -> RunState {
        self.over(RunState::Cancelled, StepRef::none(self.graph), |elapsed| {
            let steps = self.control.cancelled_steps().into();
            EventKind::RunCancelled { elapsed, steps }
        })
    }

    /// A failure of the run as a whole.
    pub(super) fn failure(&self, kind: FailureKind, message: &str) -> Failure {
        Failure::new(kind, Site::of_run(self.graph, &self.run), message.to_owned()).with_elapsed(self.since())
    }

    /// When the run began.
    pub(super) fn start(&self) -> Instant {
        self.clock.start
    }

    /// How long the run has been running.
    pub(super) fn since(&self) -> Duration {
        self.clock.since(Instant::now())
    }

    pub(super) fn fail(&self, failure: &Failure) -> RunState {
        let (kind, error) = (failure.kind(), safely(|| failure.to_string()).into());
        let step = StepRef::known(Place { graph: self.graph, vertex: None }, failure.step().into());
        self.over(RunState::Failed(kind), step, |elapsed| EventKind::RunFailed { step: (), kind, error, elapsed })
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
            let _order = self.order();
            let event = Event { seq: *seq, time: *time, run: *run, kind: EventKind::Lagged(*missed) };
            self.plan.collectors.tell(&self.info(), &event);
        }
        found
    }
}

/// Lets the ledger go, then wakes who waits for an event.
fn wake(mut ledger: MutexGuard<'_, Ledger>) {
    if !ledger.log.is_awaited() {
        return;
    }
    let waiting = ledger.log.wake();
    drop(ledger);
    for waker in waiting {
        waker.wake();
    }
}

/// The step at `at`, as the source has it.
pub(super) fn key(at: At<'_, Observed<'_>>) -> Option<Key> {
    let (graph, _) = at.frame.workflow_here();
    at.found().map(|vertex| Key::new(graph, vertex))
}

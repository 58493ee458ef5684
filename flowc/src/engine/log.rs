//! The events of a run, held for its listeners: as many as fit, and the oldest go.

use std::collections::VecDeque;
use std::task::Waker;

use tokio::time::Instant;

use super::steps::Clock;
use crate::event::{Event, EventKind};
use crate::graph::GraphSpec;
use crate::id::RunId;
use crate::observe::Held;

pub(super) struct Log {
    run: RunId,
    graph: &'static GraphSpec,
    clock: Clock,
    held: VecDeque<(Instant, EventKind<Held>)>,
    /// The number of the event at the front.
    first: u64,
    capacity: usize,
    /// Events are held though nobody listens.
    keep: bool,
    listeners: usize,
    /// How many events were gone before a listener got to them, all listeners together.
    missed: u64,
    waiting: Vec<Waker>,
    closed: bool,
}

/// What a listener finds.
pub(super) enum Found {
    Event(Event),
    NotYet,
    /// There will be none any more.
    End,
}

impl Log {
    pub(super) fn new(run: RunId, graph: &'static GraphSpec, clock: Clock, capacity: usize, keep: bool) -> Self {
        // With no place at all every event would be gone before anybody could see it.
        let capacity = capacity.max(1);
        // Most steps are called once, and begin and end. Held in one piece from the beginning, events need not move as they grow.
        let held =
            VecDeque::with_capacity(graph.vertices.len().saturating_mul(2).saturating_add(2).min(capacity).min(24));
        let waiting = Vec::new();
        Self { run, graph, clock, held, first: 0, capacity, keep, listeners: 0, missed: 0, waiting, closed: false }
    }

    /// Whether anybody would hear an event.
    pub(super) fn is_heard(&self) -> bool {
        self.keep || self.listeners > 0
    }

    /// The number of the next event.
    pub(super) fn next(&self) -> u64 {
        self.first + self.held.len() as u64
    }

    pub(super) fn missed(&self) -> u64 {
        self.missed
    }

    /// Gives the number of the event; none if the run is over and no event follows.
    pub(super) fn push(&mut self, time: Instant, is_last: bool, kind: impl FnOnce() -> EventKind<Held>) -> Option<u64> {
        if self.closed {
            return None;
        }
        self.closed = is_last;
        let seq = self.next();
        if !self.is_heard() {
            // It has a number all the same, so that whoever listens later knows what is gone.
            self.first += 1;
            return Some(seq);
        }
        if self.held.len() == self.capacity {
            self.held.pop_front();
            self.first += 1;
        }
        self.held.push_back((time, kind()));
        Some(seq)
    }

    /// Whether a listener waits for the next event.
    pub(super) fn is_awaited(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whom to wake, outside of the lock.
    pub(super) fn wake(&mut self) -> Vec<Waker> {
        std::mem::take(&mut self.waiting)
    }

    /// A new listener; it begins at the oldest event that is held.
    pub(super) fn listen(&mut self) -> u64 {
        self.listeners += 1;
        self.first
    }

    /// A listener goes. With the last one the events go too, unless they are kept.
    pub(super) fn leave(&mut self) {
        self.listeners = self.listeners.saturating_sub(1);
        if !self.is_heard() {
            self.first = self.next();
            self.held = VecDeque::new();
        }
    }

    /// The event of number `next`, which then is that of the one after it.
    pub(super) fn read(&mut self, next: &mut u64, waker: &Waker) -> Found {
        if *next < self.first {
            let missed = self.first - *next;
            *next = self.first;
            self.missed += missed;
            let time = self.held.front().map_or_else(Instant::now, |(time, _)| *time);
            let (time, kind) = (self.clock.time(time), EventKind::Lagged(missed));
            return Found::Event(Event { seq: *next - 1, time, run: self.run, kind });
        }
        let place = usize::try_from(*next - self.first).ok();
        if let Some((time, kind)) = place.and_then(|place| self.held.get_mut(place)) {
            // The first listener has the path made, and the others find it.
            let graph = self.graph;
            let read = std::mem::replace(kind, EventKind::Lagged(0)).named(|step| step.path(graph));
            *kind = read.clone().named(Held::Path);
            let event = Event { seq: *next, time: self.clock.time(*time), run: self.run, kind: read };
            *next += 1;
            return Found::Event(event);
        }
        if self.closed {
            return Found::End;
        }
        if !self.waiting.iter().any(|waiting| waiting.will_wake(waker)) {
            self.waiting.push(waker.clone());
        }
        Found::NotYet
    }
}

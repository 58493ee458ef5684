//! The events of a run, held for its listeners: as many as fit, and the oldest go.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Waker;
use std::time::SystemTime;

use crate::event::{Event, EventKind};
use crate::id::RunId;

pub(super) struct Log {
    run: RunId,
    held: VecDeque<(SystemTime, EventKind)>,
    /// The number of the event at the front.
    first: u64,
    capacity: usize,
    listeners: usize,
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
    pub(super) fn new(run: RunId, capacity: usize) -> Self {
        // With no place at all every event would be gone before anybody could see it.
        let capacity = capacity.max(1);
        Self { run, held: VecDeque::new(), first: 0, capacity, listeners: 0, waiting: Vec::new(), closed: false }
    }

    /// Whether anybody would hear an event. The paths of steps are made only then.
    pub(super) fn is_heard(&self) -> bool {
        self.listeners > 0
    }

    pub(super) fn push(&mut self, time: SystemTime, kind: EventKind) {
        if self.closed {
            return;
        }
        self.closed = kind.is_last();
        if self.listeners == 0 {
            self.first += 1;
            return;
        }
        if self.held.len() == self.capacity {
            self.held.pop_front();
            self.first += 1;
        }
        self.held.push_back((time, kind));
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

    /// A listener goes. With the last one the events go too.
    pub(super) fn leave(&mut self) {
        self.listeners = self.listeners.saturating_sub(1);
        if self.listeners == 0 {
            self.first += self.held.len() as u64;
            self.held = VecDeque::new();
        }
    }

    /// The event of number `next`, which then is that of the one after it.
    pub(super) fn read(&mut self, next: &mut u64, waker: &Waker) -> Found {
        if *next < self.first {
            let missed = self.first - *next;
            *next = self.first;
            let time = self.held.front().map_or(SystemTime::UNIX_EPOCH, |(time, _)| *time);
            return Found::Event(Event { seq: *next - 1, time, run: self.run, kind: EventKind::Lagged(missed) });
        }
        let place = usize::try_from(*next - self.first).ok();
        if let Some((time, kind)) = place.and_then(|place| self.held.get(place)) {
            let event = Event { seq: *next, time: *time, run: self.run, kind: kind.clone() };
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

/// A step's path, made at most once per call.
pub(super) type Path = Arc<str>;

//! One key of a limiter: its buckets, and who waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use super::config::RatePolicy;
use super::meter::{Meter, Pace};
use crate::sync::{Mutex, lock};
use crate::timer;

/// What one call takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) calls: u64,
    pub(super) tokens: u64,
}

/// How fast the buckets of each key fill. Without a pace there is no limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paces {
    calls: Option<Pace>,
    tokens: Option<Pace>,
}

impl Paces {
    pub(super) fn new(policy: &RatePolicy) -> Self {
        Self {
            calls: policy.calls.map(|quota| Pace::new(quota, policy.burst)),
            tokens: policy.tokens.map(|quota| Pace::new(quota, None)),
        }
    }
}

#[derive(Debug)]
pub(super) struct Lane {
    paces: Paces,
    state: Mutex<State>,
    /// Whose turn it is to wait for the buckets. Those behind wait for the turn, first come, first served.
    pub(super) turn: Semaphore,
    /// Told when something is put back, so that whose turn it is looks again.
    pub(super) refilled: Notify,
}

#[derive(Debug)]
struct State {
    calls: Meter,
    tokens: Meter,
    /// How many wait.
    waiting: usize,
    /// What they will take.
    queued: Cost,
}

impl State {
    fn delay(&self, paces: &Paces, cost: Cost, now: Instant) -> Duration {
        let calls = paces.calls.map(|pace| self.calls.delay_behind(&pace, self.queued.calls, cost.calls, now));
        let tokens = paces.tokens.map(|pace| self.tokens.delay_behind(&pace, self.queued.tokens, cost.tokens, now));
        calls.max(tokens).unwrap_or_default()
    }

    fn take(&mut self, paces: &Paces, cost: Cost, now: Instant) {
        if let Some(pace) = &paces.calls {
            self.calls.take(pace, cost.calls, now);
        }
        if let Some(pace) = &paces.tokens {
            self.tokens.take(pace, cost.tokens, now);
        }
    }
}

impl Lane {
    pub(super) fn new(paces: Paces, now: Instant) -> Self {
        let (calls, tokens) = (Meter::new(now), Meter::new(now));
        let state = Mutex::new(State { calls, tokens, waiting: 0, queued: Cost::default() });
        Self { paces, state, turn: Semaphore::new(1), refilled: Notify::new() }
    }

    /// A newcomer takes what he wants, if it is there and nobody waits. Otherwise: how long he would wait, behind all the others.
    pub(super) fn arrive(&self, cost: Cost) -> Result<(), Duration> {
        let mut state = lock(&self.state);
        // Read under the lock: a time from before it could lie before that of who was faster, and what is there would seem to be due.
        let now = timer::now();
        let delay = state.delay(&self.paces, cost, now);
        if state.waiting > 0 || !delay.is_zero() {
            return Err(delay);
        }
        state.take(&self.paces, cost, now);
        Ok(())
    }

    /// Lines up.
    pub(super) fn line_up(self: Arc<Self>, cost: Cost) -> InLine {
        {
            let mut state = lock(&self.state);
            state.waiting += 1;
            state.queued.calls = state.queued.calls.saturating_add(cost.calls);
            state.queued.tokens = state.queued.tokens.saturating_add(cost.tokens);
        }
        InLine { lane: self, cost }
    }

    /// Takes tokens, whether they are there or not.
    pub(super) fn debit(&self, tokens: u64, now: Instant) {
        lock(&self.state).take(&self.paces, Cost { calls: 0, tokens }, now);
    }

    /// Puts tokens back that were not used.
    pub(super) fn credit(&self, tokens: u64, now: Instant) {
        if let Some(pace) = &self.paces.tokens {
            lock(&self.state).tokens.put_back(pace, tokens, now);
            self.refilled.notify_one();
        }
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        lock(&self.state).waiting
    }

    /// When the key will have its whole quota again.
    pub(super) fn full(&self) -> Instant {
        let state = lock(&self.state);
        state.calls.full().max(state.tokens.full())
    }
}

/// A place in the line of a key. Dropped, it is free for those behind.
pub(super) struct InLine {
    pub(super) lane: Arc<Lane>,
    cost: Cost,
}

impl InLine {
    /// Takes what the first in the line wants, if it is there. Otherwise: how long until it is.
    pub(super) fn take(&self) -> Result<(), Duration> {
        let Lane { paces, state, .. } = &*self.lane;
        let mut state = lock(state);
        let now = timer::now();
        // Those behind do not count.
        let queued = std::mem::take(&mut state.queued);
        let delay = state.delay(paces, self.cost, now);
        state.queued = queued;
        if !delay.is_zero() {
            return Err(delay);
        }
        state.take(paces, self.cost, now);
        Ok(())
    }
}

impl Drop for InLine {
    fn drop(&mut self) {
        let mut state = lock(&self.lane.state);
        state.waiting = state.waiting.saturating_sub(1);
        state.queued.calls = state.queued.calls.saturating_sub(self.cost.calls);
        state.queued.tokens = state.queued.tokens.saturating_sub(self.cost.tokens);
    }
}

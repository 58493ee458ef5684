//! The rules of a breaker as a state machine: told what happens and what time it is, it says what changes.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::config::{BreakerPolicy, Reach};
use super::window::{Counts, Outcome, Window};

/// What a breaker does with calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum BreakerState {
    /// Calls pass, and are counted.
    Closed,
    /// No call passes until the cooldown is over.
    Open,
    /// A few calls pass, to see whether it works again.
    HalfOpen,
    /// Somebody opened it by hand: no call passes until somebody closes it.
    ForcedOpen,
    /// Somebody switched it off: all calls pass, and are counted, and it does not open.
    ForcedClosed,
}

impl BreakerState {
    /// The name in lower case, as it stands in events and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::ForcedClosed => "forced_closed",
        }
    }
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A change from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) from: BreakerState,
    pub(super) to: BreakerState,
    /// Counts the changes, from 1 on.
    pub(super) number: u64,
    /// No call brought it about.
    pub(super) by_hand: bool,
}

/// What a call that may pass holds. What becomes of it matters only in the period in which it began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admission {
    period: u64,
    begun: Instant,
}

impl Admission {
    /// The call begins now.
    pub(super) fn begin(&mut self, now: Instant) {
        self.begun = now;
    }
}

#[derive(Debug)]
pub(super) struct Machine {
    policy: BreakerPolicy,
    state: BreakerState,
    since: Instant,
    /// Counts the changes.
    period: u64,
    window: Window,
    /// Probes that began and were not given up.
    probing: u32,
    /// Probes that ended.
    probes: Counts,
    pub(super) opens: u64,
    pub(super) refused: u64,
}

impl Machine {
    pub(super) fn new(policy: BreakerPolicy, now: Instant) -> Self {
        Self {
            policy,
            state: BreakerState::Closed,
            since: now,
            period: 0,
            window: Window::new(&policy, now),
            probing: 0,
            probes: Counts::default(),
            opens: 0,
            refused: 0,
        }
    }

    pub(super) fn state(&self) -> BreakerState {
        self.state
    }

    pub(super) fn since(&self) -> Instant {
        self.since
    }

    /// A call wants to pass. If it may not, when to ask again, where that is known.
    pub(super) fn admit(&mut self, now: Instant) -> (Result<Admission, Option<Duration>>, Option<Change>) {
        let mut change = None;
        if self.state == BreakerState::Open && self.rest(now).is_zero() {
            change = Some(self.enter(BreakerState::HalfOpen, now));
        }
        let refusal = match self.state {
            BreakerState::Closed | BreakerState::ForcedClosed => None,
            BreakerState::Open => Some(Some(self.rest(now))),
            BreakerState::ForcedOpen => Some(None),
            BreakerState::HalfOpen if self.probing >= self.policy.probes() => Some(None),
            BreakerState::HalfOpen => {
                self.probing += 1;
                None
            }
        };
        let answer = match refusal {
            None => Ok(Admission { period: self.period, begun: now }),
            Some(after) => {
                self.refused = self.refused.saturating_add(1);
                Err(after)
            }
        };
        (answer, change)
    }

    /// A call that passed has ended.
    pub(super) fn record(&mut self, admission: Admission, failed: bool, now: Instant) -> Option<Change> {
        // What began in another period says nothing about this one.
        if admission.period != self.period {
            return None;
        }
        let took = now.duration_since(admission.begun);
        let outcome = Outcome { failed, slow: self.policy.slow_call.is_some_and(|limit| took >= limit) };
        if self.state == BreakerState::HalfOpen {
            self.probes.add(outcome);
            return self.judge_probes(now);
        }
        self.window.add(outcome, now);
        let opens = self.state == BreakerState::Closed && self.is_too_much(now);
        opens.then(|| self.enter(BreakerState::Open, now))
    }

    /// A call that passed was given up before it ended.
    pub(super) fn give_back(&mut self, admission: Admission) {
        if admission.period == self.period && self.state == BreakerState::HalfOpen {
            self.probing = self.probing.saturating_sub(1);
        }
    }

    /// Goes to a state by hand.
    pub(super) fn force(&mut self, state: BreakerState, now: Instant) -> Option<Change> {
        (self.state != state).then(|| Change { by_hand: true, ..self.enter(state, now) })
    }

    /// Closed, with nothing counted, as in the beginning.
    pub(super) fn reset(&mut self, now: Instant) -> Option<Change> {
        let change = self.force(BreakerState::Closed, now);
        if change.is_none() {
            // Calls on their way belong to the time before.
            self.period += 1;
        }
        self.clear(now);
        change
    }

    /// What is counted now: the probes of a half-open breaker, or the window.
    pub(super) fn counts(&mut self, now: Instant) -> Counts {
        if self.state == BreakerState::HalfOpen { self.probes } else { self.window.counts(now) }
    }

    /// How long it stays open.
    pub(super) fn rest(&self, now: Instant) -> Duration {
        self.policy.cooldown.saturating_sub(now.duration_since(self.since))
    }

    fn judge_probes(&mut self, now: Instant) -> Option<Change> {
        if self.probes.calls < self.policy.probes() {
            return None;
        }
        let bad = fails(self.probes, self.policy.probe_rate()) || self.is_too_slow(self.probes);
        Some(self.enter(if bad { BreakerState::Open } else { BreakerState::Closed }, now))
    }

    fn is_too_much(&mut self, now: Instant) -> bool {
        if self.policy.failures_limit().is_some_and(|limit| self.window.has_failures(limit, now)) {
            return true;
        }
        let counts = self.window.counts(now);
        let judged = match self.policy.window {
            Reach::Last(calls) => self.policy.min_calls.min(calls),
            Reach::Time(_) => self.policy.min_calls,
        };
        counts.calls >= judged.max(1)
            && (self.policy.rate().is_some_and(|limit| fails(counts, limit)) || self.is_too_slow(counts))
    }

    fn is_too_slow(&self, counts: Counts) -> bool {
        self.policy.slow_call.is_some() && counts.slow > 0 && counts.slow_rate() >= self.policy.slow_rate()
    }

    fn enter(&mut self, state: BreakerState, now: Instant) -> Change {
        let from = std::mem::replace(&mut self.state, state);
        self.since = now;
        self.period += 1;
        self.probing = 0;
        self.probes = Counts::default();
        match state {
            BreakerState::Open | BreakerState::ForcedOpen => self.opens = self.opens.saturating_add(1),
            BreakerState::Closed | BreakerState::ForcedClosed => self.clear(now),
            BreakerState::HalfOpen => {}
        }
        Change { from, to: state, number: self.period, by_hand: false }
    }

    fn clear(&mut self, now: Instant) {
        self.window = Window::new(&self.policy, now);
    }
}

/// So large a part of the calls failed. Where none did, no limit is reached.
fn fails(counts: Counts, limit: f64) -> bool {
    counts.failures > 0 && counts.failure_rate() >= limit
}

//! Faults on purpose: steps that fail, take their time, panic, or lose their run.
//!
//! ```
//! use std::time::Duration;
//! use flowc::testing::chaos::Chaos;
//! use flowc::{Engine, node, workflow};
//!
//! #[node(retry(attempts = 5, base = "10ms"))]
//! async fn double(number: u32) -> Result<u32, String> {
//!     Ok(number * 2)
//! }
//!
//! workflow! {
//!     fn twice(number: u32) -> u32 {
//!         let once = double(number);
//!         let twice = double(once);
//!         twice
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let chaos = Chaos::seeded(42).fail(0.3).delay(0.5, Duration::from_secs(1));
//! let engine = Engine::builder().resources(()).chaos(&chaos).build();
//! for _ in 0..100 {
//!     // Nearly all runs come through: a retry sees a fault as it sees an error of the node.
//!     let _ = engine.start(twice(3)).await;
//! }
//! assert!(chaos.report().failed > 30, "{}", chaos.report());
//! # }
//! ```

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::named::{NamesStep, is_at};
use crate::id::RunId;

/// Disturbs the calls of steps: each attempt of a step by chance, with chances that are the same for the same seed.
///
/// What happens to a call depends on the seed, the number of the run, the path of the step and the attempt, and on nothing else: not on the
/// order in which steps run, nor on the threads. Runs are numbered in the order in which an engine [starts](crate::Engine::start) them.
///
/// A fault stands in the place of the call, inside of the step's policies: retries and breakers see it, and timeouts cut a delay short.
/// Stubs are not disturbed. Clones are the same chaos.
#[derive(Debug, Clone)]
pub struct Chaos {
    chances: Chances,
    at: Vec<String>,
    shared: Arc<Shared>,
}

#[derive(Debug, Clone, Copy)]
struct Chances {
    seed: u64,
    fail: f64,
    panic: f64,
    cancel: f64,
    delay: f64,
    longest: Duration,
}

#[derive(Debug, Default)]
struct Shared {
    calls: AtomicU64,
    faults: Mutex<Vec<Fault>>,
}

/// A call that was disturbed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// The run.
    pub run: RunId,
    /// Its number, counted from 0.
    pub number: u64,
    /// The path of the step, as in `answer/notes[3]/summarise`.
    pub step: String,
    /// The attempt, counted from 1.
    pub attempt: u32,
    /// What was done to it.
    pub kind: FaultKind,
}

/// What was done to a call.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// It failed with the kind [`Error`](crate::FailureKind::Error), but without an error of the node's.
    Fail,
    /// It failed as if the node had panicked.
    Panic,
    /// Its run was cancelled.
    Cancel,
    /// It began so much later.
    Delay(Duration),
}

/// How much was disturbed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The calls that could have been.
    pub calls: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that panicked.
    pub panicked: u64,
    /// Those that lost their run.
    pub cancelled: u64,
    /// Those that began later.
    pub delayed: u64,
}

impl Chaos {
    /// No chances yet.
    pub fn seeded(seed: u64) -> Self {
        let (fail, panic, cancel, delay, longest) = (0.0, 0.0, 0.0, 0.0, Duration::ZERO);
        let chances = Chances { seed, fail, panic, cancel, delay, longest };
        Self { chances, at: Vec::new(), shared: Arc::default() }
    }

    /// The chance, from 0 to 1, that a call fails as if the node had returned an error.
    #[must_use]
    pub fn fail(mut self, chance: f64) -> Self {
        self.chances.fail = chance;
        self
    }

    /// The chance that a call fails as if the node had panicked.
    #[must_use]
    pub fn panic(mut self, chance: f64) -> Self {
        self.chances.panic = chance;
        self
    }

    /// The chance that a call has its run cancelled.
    #[must_use]
    pub fn cancel(mut self, chance: f64) -> Self {
        self.chances.cancel = chance;
        self
    }

    /// The chance that a call begins later, by at most `longest`.
    #[must_use]
    pub fn delay(mut self, chance: f64, longest: Duration) -> Self {
        self.chances.delay = chance;
        self.chances.longest = longest;
        self
    }

    /// Disturbs this step, and no others but those that are named as well. If none is named, all steps are disturbed.
    #[must_use]
    pub fn at(mut self, step: impl NamesStep) -> Self {
        self.at.push(step.path());
        self
    }

    /// Every call that was disturbed until now.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How much was disturbed until now.
    pub fn report(&self) -> Report {
        let mut report = Report { calls: self.shared.calls.load(Ordering::Relaxed), ..Report::default() };
        for fault in self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            match fault.kind {
                FaultKind::Fail => report.failed += 1,
                FaultKind::Panic => report.panicked += 1,
                FaultKind::Cancel => report.cancelled += 1,
                FaultKind::Delay(_) => report.delayed += 1,
            }
        }
        report
    }

    /// What is done to this call: a delay, a fault, or both.
    pub(crate) fn strike(&self, run: RunId, number: u64, step: &str, attempt: u32) -> Strike {
        if !self.at.is_empty() && !self.at.iter().any(|meant| is_at(step, meant)) {
            return Strike::default();
        }
        self.shared.calls.fetch_add(1, Ordering::Relaxed);
        let strike = self.chances.roll(number, step, attempt);
        let delay = strike.delay.map(FaultKind::Delay);
        let kinds = delay.into_iter().chain(strike.fault);
        let faults = kinds.map(|kind| Fault { run, number, step: step.to_owned(), attempt, kind });
        self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
        strike
    }
}

/// What is done to a call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Strike {
    pub(crate) delay: Option<Duration>,
    pub(crate) fault: Option<FaultKind>,
}

impl Chances {
    fn roll(&self, run: u64, step: &str, attempt: u32) -> Strike {
        let mut dice = Dice(mix(self.seed ^ mix(run)) ^ u64::from(attempt));
        for byte in step.bytes() {
            dice.0 = mix(dice.0 ^ u64::from(byte));
        }
        let delay = (dice.next() < self.delay).then(|| self.longest.mul_f64(dice.next()));
        let roll = dice.next();
        let fault = if roll < self.fail {
            Some(FaultKind::Fail)
        } else if roll < self.fail + self.panic {
            Some(FaultKind::Panic)
        } else if roll < self.fail + self.panic + self.cancel {
            Some(FaultKind::Cancel)
        } else {
            None
        };
        Strike { delay, fault }
    }
}

/// `SplitMix64`: a few multiplications, and good enough to decide who fails.
struct Dice(u64);

impl Dice {
    /// From 0 to 1, without 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.0) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, failed, panicked, cancelled, delayed } = self;
        write!(
            f,
            "of {calls} calls {failed} failed, {panicked} panicked, {cancelled} had their run cancelled, and {delayed} began later"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_kept_and_the_same_each_time() {
        let chaos = Chaos::seeded(7).fail(0.2).panic(0.1).cancel(0.05).delay(0.5, Duration::from_secs(2));
        let rolls = || (0..20_000).map(|run| chaos.chances.roll(run, "a/b[1]/c", 1)).collect::<Vec<_>>();
        let first = rolls();
        assert_eq!(first, rolls());
        let share = |what: fn(&Strike) -> bool| first.iter().filter(|strike| what(strike)).count() / 200;
        assert!((19..=20).contains(&share(|strike| strike.fault == Some(FaultKind::Fail))));
        assert!((9..=10).contains(&share(|strike| strike.fault == Some(FaultKind::Panic))));
        assert!((4..=5).contains(&share(|strike| strike.fault == Some(FaultKind::Cancel))));
        assert!((49..=50).contains(&share(|strike| strike.delay.is_some())));
        assert!(first.iter().filter_map(|strike| strike.delay).all(|delay| delay <= Duration::from_secs(2)));
    }

    #[test]
    fn each_part_of_a_place_counts() {
        let chances = Chaos::seeded(7).fail(0.5).chances;
        let fates = |roll: &dyn Fn(u64) -> Strike| (0..64).map(|n| roll(n).fault.is_some()).collect::<Vec<_>>();
        let base = fates(&|n| chances.roll(n, "a/b", 1));
        assert_ne!(base, fates(&|n| chances.roll(n, "a/c", 1)));
        assert_ne!(base, fates(&|n| chances.roll(n, "a/b", 2)));
        assert_ne!(base, fates(&|n| Chances { seed: 8, ..chances }.roll(n, "a/b", 1)));
        assert_ne!(fates(&|n| chances.roll(0, "a/b", u32::try_from(n).unwrap())), vec![true; 64]);
    }
}

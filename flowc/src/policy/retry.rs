//! When a failed call is made again, and after how long.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::error::{Failure, FailureKind};

/// Exponential backoff: the n-th wait is `base * factor^(n - 1)`, at most `max`.
pub struct Retry<E> {
    attempts: u32,
    base: Duration,
    factor: f64,
    max: Duration,
    jitter: bool,
    budget: Option<Duration>,
    when: Option<fn(&E) -> bool>,
}

// Derived impls would ask for `E: Copy`, though only a function pointer names `E`.
impl<E> Clone for Retry<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Retry<E> {}

impl<E> Retry<E> {
    /// So many attempts, the first call among them, with waits of 100 ms, 200 ms, 400 ms and so on up to 30 s.
    #[must_use]
    pub const fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            base: Duration::from_millis(100),
            factor: 2.0,
            max: Duration::from_secs(30),
            jitter: false,
            budget: None,
            when: None,
        }
    }

    /// The first wait.
    #[must_use]
    pub const fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// By what each wait is longer than the one before.
    #[must_use]
    pub const fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// No wait is longer.
    #[must_use]
    pub const fn max(self, max: Duration) -> Self {
        Self { max, ..self }
    }

    /// Each wait is somewhere between its half and its whole, so that callers which failed together do not come back together.
    #[must_use]
    pub const fn jitter(self) -> Self {
        Self { jitter: true, ..self }
    }

    /// No attempt starts later than this after the first one did.
    #[must_use]
    pub const fn budget(self, budget: Duration) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Only an error of which this holds is worth another attempt.
    #[must_use]
    pub const fn when(self, when: fn(&E) -> bool) -> Self {
        Self { when: Some(when), ..self }
    }

    /// Another attempt may follow the `attempt`-th, if that one fails.
    pub(super) fn follows(&self, attempt: u32) -> bool {
        attempt < self.attempts
    }

    /// The failure may pass with time: an error of the node's own, unless the predicate says no, or a timeout. A panic is a bug.
    pub(super) fn helps(&self, failure: &Failure<E>) -> bool {
        match (failure.kind(), failure.error(), self.when) {
            (FailureKind::Error, Some(error), Some(when)) => when(error),
            (kind, _, _) => matches!(kind, FailureKind::Error | FailureKind::Timeout),
        }
    }

    /// There is time for a wait of `delay` when `spent` has gone by since the first attempt.
    pub(super) fn affords(&self, spent: Duration, delay: Duration) -> bool {
        self.budget.is_none_or(|budget| spent.saturating_add(delay) <= budget)
    }

    /// The wait after the `attempt`-th attempt.
    pub(super) fn delay(&self, attempt: u32) -> Duration {
        let growth = self.factor.powi(i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX));
        // A product beyond what a duration holds is beyond `max` as well.
        let delay = Duration::try_from_secs_f64(self.base.as_secs_f64() * growth).map_or(self.max, |d| d.min(self.max));
        if self.jitter { delay.mul_f64(0.5 + 0.5 * chance()) } else { delay }
    }
}

/// A number between 0 and 1. The standard library's hasher has random keys, which is all the chance that a wait needs.
fn chance() -> f64 {
    let bits = RandomState::new().hash_one(0_u8) >> 32;
    f64::from(u32::try_from(bits).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn waits_grow_up_to_the_maximum() {
        let retry = Retry::<()>::attempts(9).base(MS(100)).max(MS(350));
        let waits: Vec<_> = (1..=4).map(|n| retry.delay(n)).collect();
        assert_eq!(waits, [MS(100), MS(200), MS(350), MS(350)]);
        assert_eq!(retry.delay(u32::MAX), MS(350));
    }

    #[test]
    fn jitter_keeps_between_half_and_whole() {
        let retry = Retry::<()>::attempts(9).base(MS(1000)).jitter();
        let waits: Vec<_> = (0..100).map(|_| retry.delay(1)).collect();
        assert!(waits.iter().all(|wait| (MS(500)..=MS(1000)).contains(wait)), "{waits:?}");
        assert!(waits.iter().any(|wait| Some(wait) != waits.first()), "all waits are equal");
    }

    #[test]
    fn a_budget_counts_the_wait() {
        let retry = Retry::<()>::attempts(9).budget(MS(500));
        assert!(retry.affords(MS(300), MS(200)));
        assert!(!retry.affords(MS(300), MS(201)));
    }
}

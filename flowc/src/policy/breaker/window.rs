//! What became of the calls of late: a rolling window over time or over a number of calls.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::config::{BreakerPolicy, Reach};

/// What became of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) failed: bool,
    pub(super) slow: bool,
}

/// How many calls there were, and of which kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) calls: u32,
    pub(super) failures: u32,
    pub(super) slow: u32,
}

impl Counts {
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.calls = self.calls.saturating_add(1);
        self.failures = self.failures.saturating_add(outcome.failed.into());
        self.slow = self.slow.saturating_add(outcome.slow.into());
    }

    fn subtract(&mut self, gone: Self) {
        self.calls = self.calls.saturating_sub(gone.calls);
        self.failures = self.failures.saturating_sub(gone.failures);
        self.slow = self.slow.saturating_sub(gone.slow);
    }

    pub(super) fn failure_rate(self) -> f64 {
        rate(self.failures, self.calls)
    }

    pub(super) fn slow_rate(self) -> f64 {
        rate(self.slow, self.calls)
    }
}

fn rate(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

impl From<Outcome> for Counts {
    fn from(outcome: Outcome) -> Self {
        let mut counts = Self::default();
        counts.add(outcome);
        counts
    }
}

/// The calls that count now. Each part has a number, and parts leave at the front: those of a window of time are its buckets,
/// those of a window of calls are the calls.
#[derive(Debug)]
pub(super) struct Window {
    begun: Instant,
    reach: Reach,
    /// How long one bucket is.
    width: Duration,
    parts: VecDeque<(u64, Counts)>,
    total: Counts,
    /// The number of the next call, in a window of calls.
    next: u64,
    /// When the last failures were, as many as open the breaker: buckets alone would be too coarse for a number.
    failures: VecDeque<Instant>,
    kept: usize,
}

impl Window {
    pub(super) fn new(policy: &BreakerPolicy, now: Instant) -> Self {
        let (width, kept) = match policy.window {
            Reach::Time(window) => (window / policy.buckets.max(1), policy.failures_limit().unwrap_or(0)),
            Reach::Last(_) => (Duration::ZERO, 0),
        };
        Self {
            begun: now,
            reach: policy.window,
            width: width.max(Duration::from_nanos(1)),
            parts: VecDeque::new(),
            total: Counts::default(),
            next: 0,
            failures: VecDeque::new(),
            kept: usize::try_from(kept).unwrap_or(usize::MAX),
        }
    }

    pub(super) fn add(&mut self, outcome: Outcome, now: Instant) {
        let number = self.number(now);
        self.next = self.next.saturating_add(1);
        match self.parts.back_mut() {
            Some((last, counts)) if *last == number => counts.add(outcome),
            _ => self.parts.push_back((number, outcome.into())),
        }
        self.total.add(outcome);
        if outcome.failed && self.kept > 0 {
            if self.failures.len() >= self.kept {
                self.failures.pop_front();
            }
            self.failures.push_back(now);
        }
        self.forget(now);
    }

    /// What counts now.
    pub(super) fn counts(&mut self, now: Instant) -> Counts {
        self.forget(now);
        self.total
    }

    /// So many calls in the window failed.
    pub(super) fn has_failures(&self, limit: u32, now: Instant) -> bool {
        match self.reach {
            Reach::Last(_) => self.total.failures >= limit,
            Reach::Time(window) => {
                self.failures.len() >= self.kept
                    && self.failures.front().is_some_and(|first| now.duration_since(*first) <= window)
            }
        }
    }

    /// The part to which a call belongs that ends now.
    fn number(&self, now: Instant) -> u64 {
        match self.reach {
            Reach::Last(_) => self.next,
            Reach::Time(_) => {
                let number = now.duration_since(self.begun).as_nanos() / self.width.as_nanos();
                u64::try_from(number).unwrap_or(u64::MAX)
            }
        }
    }

    /// Drops the parts that are out of reach.
    fn forget(&mut self, now: Instant) {
        let (number, reach) = match self.reach {
            Reach::Last(calls) => (self.next, u64::from(calls.max(1))),
            Reach::Time(window) => {
                let buckets = window.as_nanos().div_ceil(self.width.as_nanos()).max(1);
                (self.number(now).saturating_add(1), u64::try_from(buckets).unwrap_or(u64::MAX))
            }
        };
        while let Some(&(first, gone)) = self.parts.front() {
            // Clocks of several paused runtimes may disagree, so a part may seem to be from later on.
            if number.saturating_sub(first) <= reach {
                break;
            }
            self.total.subtract(gone);
            self.parts.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;
    const FAILED: Outcome = Outcome { failed: true, slow: false };
    const FINE: Outcome = Outcome { failed: false, slow: false };
    const SLOW: Outcome = Outcome { failed: false, slow: true };

    #[test]
    fn the_last_calls_count() {
        let now = Instant::now();
        let mut window = Window::new(&BreakerPolicy::new().last(3), now);
        for outcome in [FAILED, SLOW, FINE] {
            window.add(outcome, now);
        }
        assert_eq!(window.counts(now), Counts { calls: 3, failures: 1, slow: 1 });
        window.add(FINE, now);
        assert_eq!(window.counts(now), Counts { calls: 3, failures: 0, slow: 1 });
        // However long ago.
        assert_eq!(window.counts(now + S(10_000)).calls, 3);
    }

    #[test]
    fn the_calls_of_the_time_count_bucket_by_bucket() {
        let now = Instant::now();
        let mut window = Window::new(&BreakerPolicy::new().window(S(10)).buckets(5), now);
        window.add(FAILED, now);
        window.add(FAILED, now + S(1));
        window.add(FINE, now + S(3));
        assert_eq!(window.counts(now + S(9)), Counts { calls: 3, failures: 2, slow: 0 });
        assert_eq!(window.counts(now + S(10)), Counts { calls: 1, failures: 0, slow: 0 });
        assert_eq!(window.counts(now + S(12)), Counts::default());
    }

    #[test]
    fn a_number_of_failures_is_exact_to_the_moment() {
        let now = Instant::now();
        let mut window = Window::new(&BreakerPolicy::new().failures(2).window(S(30)).buckets(1), now);
        window.add(FAILED, now + S(29));
        window.add(FAILED, now + S(59));
        assert!(window.has_failures(2, now + S(59)));
        window.add(FAILED, now + S(90));
        assert!(!window.has_failures(2, now + S(90)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_window_of_calls_counts_what_its_last_calls_were(size in 1_u32..8, failed in proptest::collection::vec(any::<bool>(), 0..40)) {
            let now = Instant::now();
            let mut window = Window::new(&BreakerPolicy::new().last(size), now);
            for &failed in &failed {
                window.add(Outcome { failed, slow: !failed }, now);
            }
            let last: Vec<_> = failed.iter().rev().take(size as usize).collect();
            let failures = u32::try_from(last.iter().filter(|failed| ***failed).count()).unwrap();
            let calls = u32::try_from(last.len()).unwrap();
            prop_assert_eq!(window.counts(now), Counts { calls, failures, slow: calls - failures });
        }

        #[test]
        fn a_window_of_time_is_never_wrong_by_more_than_a_bucket(steps in proptest::collection::vec((0_u64..40, any::<bool>()), 1..40)) {
            let begun = Instant::now();
            let mut window = Window::new(&BreakerPolicy::new().window(S(100)).buckets(10), begun);
            let (mut now, mut log) = (begun, Vec::new());
            for (wait, failed) in steps {
                now += S(wait);
                log.push((now, failed));
                window.add(Outcome { failed, slow: false }, now);
                let within = |reach: u64| log.iter().filter(|(at, failed)| *failed && now - *at < S(reach)).count();
                let failures = window.counts(now).failures as usize;
                prop_assert!((within(90)..=within(100)).contains(&failures), "{failures}");
            }
        }
    }
}

//! A token bucket, kept as one point in time (the generic cell rate algorithm): when the bucket will be full again.

use std::time::Duration;

use tokio::time::Instant;

use super::config::Quota;

/// How fast a bucket fills, and how much is in it at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    quota: Quota,
    burst: u64,
}

impl Pace {
    pub(super) fn new(quota: Quota, burst: Option<u32>) -> Self {
        // A quota of none would never let anybody pass, and a division by it has no answer.
        let quota = Quota { amount: quota.amount.max(1), per: quota.per };
        Self { quota, burst: burst.map_or(quota.amount, u64::from).max(1) }
    }

    /// How long it takes until so much has flown in.
    fn time(&self, amount: u64) -> Duration {
        let nanos = self.quota.per.as_nanos().saturating_mul(amount.into()) / u128::from(self.quota.amount);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// A bucket. Empty, it may owe: then it has to fill up to nothing first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meter {
    /// When it will be full.
    full: Instant,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self { full: now }
    }

    /// How long until so much can be taken. What is more than the bucket holds can be taken when it is full, and is owed then.
    pub(super) fn delay(&self, pace: &Pace, amount: u64, now: Instant) -> Duration {
        let missing = self.full.saturating_duration_since(now).saturating_add(pace.time(amount.min(pace.burst)));
        missing.saturating_sub(pace.time(pace.burst))
    }

    /// How long until so much can be taken, once so much has been taken for others.
    pub(super) fn delay_behind(&self, pace: &Pace, others: u64, amount: u64, now: Instant) -> Duration {
        let mut then = *self;
        then.take(pace, others, now);
        then.delay(pace, amount, now)
    }

    /// Takes so much, and owes what is not there.
    pub(super) fn take(&mut self, pace: &Pace, amount: u64, now: Instant) {
        let full = self.full.max(now);
        // A debt beyond what the clock can name is as long as it gets.
        self.full = full.checked_add(pace.time(amount)).unwrap_or(full);
    }

    /// Puts so much back.
    pub(super) fn put_back(&mut self, pace: &Pace, amount: u64, now: Instant) {
        self.full = self.full.checked_sub(pace.time(amount)).unwrap_or(now);
    }

    /// When it will be as if nothing had ever been taken.
    pub(super) fn full(&self) -> Instant {
        self.full
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn pace(amount: u64, burst: u32) -> Pace {
        Pace::new(Quota { amount, per: MS(1000) }, Some(burst))
    }

    #[test]
    fn more_than_it_holds_waits_for_a_full_bucket_and_is_owed() {
        let (now, pace) = (Instant::now(), pace(10, 10));
        let mut meter = Meter::new(now);
        assert_eq!(meter.delay(&pace, 25, now), MS(0));
        meter.take(&pace, 25, now);
        assert_eq!(meter.delay(&pace, 0, now), MS(1500));
        assert_eq!(meter.delay(&pace, 1, now), MS(1600));
        assert_eq!(meter.delay(&pace, 25, now), MS(2500));
    }

    #[test]
    fn what_is_put_back_can_be_taken_but_not_more_than_it_holds() {
        let (now, pace) = (Instant::now(), pace(10, 10));
        let mut meter = Meter::new(now);
        meter.take(&pace, 10, now);
        meter.put_back(&pace, 4, now);
        assert_eq!((meter.delay(&pace, 4, now), meter.delay(&pace, 5, now)), (MS(0), MS(100)));
        meter.put_back(&pace, 1000, now);
        meter.take(&pace, 10, now);
        assert_eq!(meter.delay(&pace, 1, now), MS(100));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// In no stretch of time does more pass than the bucket holds and what flows in meanwhile.
        #[test]
        fn it_never_lets_too_much_pass(
            amount in 1_u64..50,
            burst in 1_u32..50,
            asks in proptest::collection::vec((0_u64..400, 1_u64..6), 1..60),
        ) {
            let pace = pace(amount, burst);
            let mut now = Instant::now();
            let mut meter = Meter::new(now);
            let mut passed: Vec<(Instant, u64)> = Vec::new();
            for (wait, cost) in asks {
                now += MS(wait);
                let cost = cost.min(u64::from(burst));
                if meter.delay(&pace, cost, now).is_zero() {
                    meter.take(&pace, cost, now);
                    passed.push((now, cost));
                }
            }
            for first in 0..passed.len() {
                let mut sum = 0;
                for (at, cost) in &passed[first..] {
                    sum += cost;
                    let nanos = (*at - passed[first].0).as_nanos() + passed.len() as u128 * u128::from(amount);
                    let limit = u128::from(burst) + nanos * u128::from(amount) / 1_000_000_000;
                    prop_assert!(u128::from(sum) <= limit + 1, "{sum} > {limit}");
                }
            }
        }
    }
}

//! When a breaker opens, and how it closes again.

use std::time::Duration;

/// When a [`Breaker`](super::Breaker) opens, and how it closes again.
///
/// Without a threshold of its own it opens when half of the calls fail. With several, each of them opens it.
///
/// ```
/// use flowc::policy::BreakerPolicy;
/// use std::time::Duration;
///
/// /// Five failures within 30 seconds are enough.
/// const BY_NUMBER: BreakerPolicy =
///     BreakerPolicy::new().failures(5).window(Duration::from_secs(30)).cooldown(Duration::from_secs(10));
///
/// /// Half of the last 50 calls failed, or nearly all were slow.
/// const BY_RATE: BreakerPolicy = BreakerPolicy::new()
///     .last(50)
///     .failure_rate(0.5)
///     .slow_call(Duration::from_secs(20))
///     .slow_call_rate(0.9)
///     .half_open_calls(3);
/// # let _ = (BY_NUMBER, BY_RATE);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerPolicy {
    pub(super) failures: Option<u32>,
    pub(super) failure_rate: Option<f64>,
    pub(super) slow_call: Option<Duration>,
    pub(super) slow_call_rate: f64,
    pub(super) min_calls: u32,
    pub(super) window: Reach,
    pub(super) buckets: u32,
    pub(super) cooldown: Duration,
    pub(super) half_open_calls: u32,
}

/// Which calls count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that ended in this time.
    Time(Duration),
    /// The last so many.
    Last(u32),
}

impl BreakerPolicy {
    /// Half of the calls of the last minute fail, ten at least; one probe after half a minute.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            failures: None,
            failure_rate: None,
            slow_call: None,
            slow_call_rate: 1.0,
            min_calls: 10,
            window: Reach::Time(Duration::from_secs(60)),
            buckets: 10,
            cooldown: Duration::from_secs(30),
            half_open_calls: 1,
        }
    }

    /// It opens when so many calls in the window failed, however many succeeded. In a window of time this number is exact. In a window of
    /// the [last](Self::last) calls, as many failures as it holds are always enough.
    #[must_use]
    pub const fn failures(self, failures: u32) -> Self {
        Self { failures: Some(failures), ..self }
    }

    /// It opens when this part of the calls in the window failed, from 0.0 to 1.0, once there are [`min_calls`](Self::min_calls).
    ///
    /// At 0.0 one failure is enough. More than 1.0 is taken as 1.0, so that it opens when all calls fail, and what is no number as one
    /// half. On a node and at a step, what is not above 0 and at most 1 is a compile error.
    #[must_use]
    pub const fn failure_rate(self, rate: f64) -> Self {
        Self { failure_rate: Some(rate), ..self }
    }

    /// A call that takes this long is slow. All calls slow, once there are [`min_calls`](Self::min_calls), open the breaker; see
    /// [`slow_call_rate`](Self::slow_call_rate).
    #[must_use]
    pub const fn slow_call(self, limit: Duration) -> Self {
        Self { slow_call: Some(limit), ..self }
    }

    /// It opens when this part of the calls in the window was slow, from 0.0 to 1.0, whether they failed or not. Other values are taken as
    /// those of [`failure_rate`](Self::failure_rate) are.
    #[must_use]
    pub const fn slow_call_rate(self, rate: f64) -> Self {
        Self { slow_call_rate: rate, ..self }
    }

    /// With fewer calls in the window no rate is judged.
    #[must_use]
    pub const fn min_calls(self, calls: u32) -> Self {
        Self { min_calls: calls, ..self }
    }

    /// The calls of this time count.
    #[must_use]
    pub const fn window(self, window: Duration) -> Self {
        Self { window: Reach::Time(window), ..self }
    }

    /// In how many steps a window of time moves on.
    #[must_use]
    pub const fn buckets(self, buckets: u32) -> Self {
        Self { buckets, ..self }
    }

    /// The last so many calls count, whenever they were. A rate is judged with that many calls at the latest.
    #[must_use]
    pub const fn last(self, calls: u32) -> Self {
        Self { window: Reach::Last(calls), ..self }
    }

    /// So long it stays open before it lets a call probe.
    #[must_use]
    pub const fn cooldown(self, cooldown: Duration) -> Self {
        Self { cooldown, ..self }
    }

    /// So many calls may probe when it is half open. From their rates it closes or opens again.
    #[must_use]
    pub const fn half_open_calls(self, calls: u32) -> Self {
        Self { half_open_calls: calls, ..self }
    }

    /// The failure rate that opens it, if one does.
    pub(super) fn rate(&self) -> Option<f64> {
        let by_rest = self.failures.is_some() || self.slow_call.is_some();
        self.failure_rate.map(part).or(if by_rest { None } else { Some(HALF) })
    }

    /// The rate of slow calls that opens it.
    pub(super) fn slow_rate(&self) -> f64 {
        part(self.slow_call_rate)
    }

    /// The number of failures that opens it, if one does: no more than its window can hold.
    pub(super) fn failures_limit(&self) -> Option<u32> {
        self.failures.map(|limit| match self.window {
            Reach::Last(calls) => limit.min(calls).max(1),
            Reach::Time(_) => limit.max(1),
        })
    }

    /// The failure rate of probes that opens it again.
    pub(super) fn probe_rate(&self) -> f64 {
        self.failure_rate.map_or(HALF, part)
    }

    pub(super) fn probes(&self) -> u32 {
        self.half_open_calls.max(1)
    }
}

const HALF: f64 = 0.5;

/// A rate that can be reached: a breaker that was asked for 50 per cent as `50.0` must not be one that never opens.
fn part(rate: f64) -> f64 {
    if rate.is_nan() { HALF } else { rate.clamp(0.0, 1.0) }
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self::new()
    }
}

//! How many calls, and how many tokens, in which time.

use std::time::Duration;

/// How many calls a [`RateLimiter`](super::RateLimiter) lets pass in which time, and how many tokens of a model they may use.
///
/// ```
/// use flowc::policy::RatePolicy;
/// use std::time::Duration;
///
/// const SECOND: Duration = Duration::from_secs(1);
/// const MINUTE: Duration = Duration::from_secs(60);
///
/// /// Ten calls a second, evenly.
/// const EVEN: RatePolicy = RatePolicy::new().calls(10, SECOND).burst(1);
///
/// /// What a model's account allows. Who would wait for more than half a minute is refused at once.
/// const MODEL: RatePolicy =
///     RatePolicy::new().calls(500, MINUTE).tokens(90_000, MINUTE).wait(Duration::from_secs(30));
/// # let _ = (EVEN, MODEL);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RatePolicy {
    pub(super) calls: Option<Quota>,
    pub(super) burst: Option<u32>,
    pub(super) tokens: Option<Quota>,
    pub(super) wait: Option<Duration>,
    pub(super) keys: usize,
}

/// So many in this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Quota {
    pub(super) amount: u64,
    pub(super) per: Duration,
}

impl RatePolicy {
    /// No limit.
    #[must_use]
    pub const fn new() -> Self {
        Self { calls: None, burst: None, tokens: None, wait: None, keys: 10_000 }
    }

    /// So many calls in this time.
    #[must_use]
    pub const fn calls(self, calls: u32, per: Duration) -> Self {
        Self { calls: Some(Quota { amount: calls as u64, per }), ..self }
    }

    /// So many calls may come at once after a pause; by default the whole number of a period. `burst(1)` spaces them evenly.
    #[must_use]
    pub const fn burst(self, burst: u32) -> Self {
        Self { burst: Some(burst), ..self }
    }

    /// So many tokens in this time.
    #[must_use]
    pub const fn tokens(self, tokens: u64, per: Duration) -> Self {
        Self { tokens: Some(Quota { amount: tokens, per }), ..self }
    }

    /// Nobody waits longer: who would have to is refused at once. Without it everybody waits for his turn.
    #[must_use]
    pub const fn wait(self, wait: Duration) -> Self {
        Self { wait: Some(wait), ..self }
    }

    /// So many keys are remembered. Beyond that, those go first that have their whole quota again anyway.
    #[must_use]
    pub const fn keys(self, keys: usize) -> Self {
        Self { keys, ..self }
    }
}

impl Default for RatePolicy {
    fn default() -> Self {
        Self::new()
    }
}

use crate::error::AnyError;
use crate::policy::step::{Limits, Named, Tries};
use crate::policy::{BreakerPolicy, ConcurrencyPolicy, RatePolicy, Retry, Timeout};

/// What an engine does for all nodes, where neither a node nor a step says something of its own.
///
/// Time limits, breakers, rates and concurrency reach every node; each node has a breaker, a rate and a bulkhead of its own. They do not
/// stand around workflows that are called as steps, since their nodes have them. An option that a node or a step gives replaces the
/// default of the same name as a whole.
///
/// `retry` is different: to be called again a node must be willing, so it reaches only nodes and steps that say `retry`, and fills in the
/// numbers that they leave open.
///
/// ```
/// use flowc::policy::{BreakerPolicy, Retry, Timeout};
/// use flowc::{Defaults, Engine};
/// use std::time::Duration;
///
/// const S: fn(u64) -> Duration = Duration::from_secs;
///
/// let defaults = Defaults::new()
///     .timeout(Timeout::attempt(S(30)))
///     .breaker(BreakerPolicy::new().failure_rate(0.5))
///     .retry(Retry::attempts(5).jitter());
/// let engine = Engine::builder().resources(()).defaults(defaults).build();
/// assert!(engine.breakers().is_empty(), "no node was called so far");
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Defaults {
    pub(super) limits: Limits,
    pub(super) tries: Tries,
}

impl Defaults {
    /// No defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { limits: Limits::NONE, tries: Tries::NEW }
    }

    /// How long a node may take.
    #[must_use]
    pub const fn timeout(mut self, timeout: Timeout) -> Self {
        self.limits.timeout = Some(timeout);
        self
    }

    /// Each node has a breaker like this.
    #[must_use]
    pub const fn breaker(mut self, breaker: BreakerPolicy) -> Self {
        self.limits.breaker = Some(Named::by_node(breaker));
        self
    }

    /// Each node is called so often at most.
    #[must_use]
    pub const fn rate(mut self, rate: RatePolicy) -> Self {
        self.limits.rate = Some(Named::by_node(rate));
        self
    }

    /// Each node is called so many times at once at most.
    #[must_use]
    pub const fn concurrency(mut self, concurrency: ConcurrencyPolicy) -> Self {
        self.limits.concurrency = Some(Named::by_node(concurrency));
        self
    }

    /// How nodes and steps that say `retry` are tried, as far as they leave it open. Only the numbers count: which errors are worth another
    /// attempt is up to the node, the step and the error.
    #[must_use]
    pub const fn retry(mut self, retry: Retry<AnyError>) -> Self {
        self.tries = Tries::of(&retry);
        self
    }
}

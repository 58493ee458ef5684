//! Failing well: second chances, time limits, breakers, rates, bulkheads and caches, each usable alone in plain Rust.
//!
//! What is configured is a constant, such as [`Retry`], [`Timeout`] or [`BreakerPolicy`]. What is shared between callers is a handle whose
//! clones are the same thing: [`Breaker`], [`RateLimiter`], [`Bulkhead`] and [`Cache`]. [`Shares`] gives them by name. Who is refused gets
//! [`Refused`], whose text says what to do.
//!
//! Everything is on tokio's clock, so `tokio::time::pause` steers it. Where no runtime with a timer runs, what would have to wait says so,
//! and nothing panics.

mod breaker;
mod bulkhead;
mod cache;
mod drive;
mod overridden;
mod rate;
mod refused;
mod retry;
mod retryable;
mod shares;
mod timeout;
mod timer;
#[cfg(feature = "tower")]
pub mod tower;
mod until;

use std::time::Duration;

pub use breaker::{Breaker, BreakerPermit, BreakerPolicy, BreakerSnapshot, BreakerState, BreakerTransition};
pub use bulkhead::{Bulkhead, BulkheadPermit, ConcurrencyPolicy};
pub use cache::{Cache, CachePolicy, CacheStats};
pub use rate::{RateLimiter, RatePolicy, TokenCharge};
pub use refused::{PolicyError, Refused, TimeLimit};
pub use retry::Retry;
pub use retryable::{Retryable, transient};
pub use shares::{Conflict, Shares};
pub use timeout::{Pulse, Timeout};

#[doc(hidden)]
pub use drive::drive;
#[doc(hidden)]
pub use overridden::{Overridden, Override, again, overridden};
pub(crate) use until::{Under, current as until};

/// Constant data, written by `#[node(..)]` or at a step: [`drive`] applies it to the calls of one step, and [`Overridden`] is a step
/// whose caller has its own say.
///
/// The policies of a node, or those that a step overrides.
#[doc(hidden)]
pub struct Policy<E> {
    timeout: Option<Duration>,
    retry: Option<Retry<E>>,
}

// Derived impls would ask for `E: Copy`, though only a function pointer names `E`.
impl<E> Clone for Policy<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Policy<E> {}

impl<E> Policy<E> {
    /// One call, and all the time it takes.
    pub const NONE: Self = Self { timeout: None, retry: None };

    /// Each attempt may take this long.
    #[must_use]
    pub const fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), retry: self.retry }
    }

    /// A failed attempt is followed by another.
    #[must_use]
    pub const fn retry(self, retry: Retry<E>) -> Self {
        Self { timeout: self.timeout, retry: Some(retry) }
    }

    /// What this policy names, and for the rest what `base` says.
    fn over(&self, base: &Self) -> Self {
        Self { timeout: self.timeout.or(base.timeout), retry: self.retry.or(base.retry) }
    }
}

#[doc(hidden)]
/// An output can be kept and given again. `Clone` is asked for here, at the option that needs it.
pub const fn cached<T: Clone>() {}

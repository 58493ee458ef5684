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
mod rate;
mod refused;
mod retry;
mod retryable;
mod shares;
pub(crate) mod step;
mod timeout;

#[cfg(feature = "tower")]
pub mod tower;

pub use breaker::{Breaker, BreakerPermit, BreakerPolicy, BreakerSnapshot, BreakerState, BreakerTransition};
pub use bulkhead::{Bulkhead, BulkheadPermit, ConcurrencyPolicy};
pub use cache::{Cache, CachePolicy, CacheStats};
pub use rate::{RateLimiter, RatePolicy, TokenCharge};
pub use refused::{PolicyError, Refused, TimeLimit};
pub use retry::Retry;
pub use retryable::{Retryable, transient};
pub use shares::{Conflict, Shares};
pub use timeout::{Pulse, Timeout};

use crate::timer;

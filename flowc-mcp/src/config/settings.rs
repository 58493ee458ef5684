//! How calls of a server are treated: our own part of the file, under `x-flowc`.

use std::time::Duration;

use flowc::policy::{BreakerPolicy, RatePolicy};

use crate::ProtocolVersion;

/// How a server and its calls are treated. In a file it stands under `x-flowc`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub(crate) pool: PoolSize,
    pub(crate) connect_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) ping_timeout: Duration,
    pub(crate) max_message: usize,
    pub(crate) retry: RetryCalls,
    pub(crate) breaker: Option<BreakerPolicy>,
    pub(crate) rate: Option<RatePolicy>,
    pub(crate) idempotent: Vec<String>,
    pub(crate) protocol: Option<ProtocolVersion>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pool: PoolSize::new(1, 1),
            connect_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(60),
            ping_timeout: Duration::from_secs(10),
            max_message: 32 << 20,
            retry: RetryCalls::default(),
            breaker: Some(BreakerPolicy::new()),
            rate: None,
            idempotent: Vec::new(),
            protocol: None,
        }
    }
}

/// How many processes or connections by WebSocket a server may have.
///
/// ```
/// use flowc_mcp::PoolSize;
///
/// assert_eq!(PoolSize::new(0, 0), PoolSize::new(1, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    pub(crate) min: usize,
    pub(crate) max: usize,
}

impl PoolSize {
    /// At least one, and never fewer than the minimum.
    #[must_use]
    pub fn new(min: usize, max: usize) -> Self {
        Self { min: min.max(1), max: max.max(min).max(1) }
    }
}

/// How often a call is made, where that is safe, and how long it waits in between.
///
/// A call that was not sent is always safe to make again. One that was sent is, if the server says that the tool only reads or
/// is idempotent, or if [`ServerConfig::idempotent`](crate::ServerConfig::idempotent) or
/// [`CallOptions::idempotent`](crate::CallOptions::idempotent) say so.
///
/// ```
/// use flowc_mcp::RetryCalls;
/// use std::time::Duration;
///
/// let retry = RetryCalls::attempts(5).base(Duration::from_millis(50)).max(Duration::from_secs(2));
/// # let _ = retry;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryCalls {
    pub(crate) attempts: u32,
    pub(crate) base: Duration,
    pub(crate) max: Duration,
}

impl Default for RetryCalls {
    fn default() -> Self {
        Self::attempts(3)
    }
}

impl RetryCalls {
    /// So many attempts, the first call among them, with jittered waits from 100 ms on, up to 5 s.
    #[must_use]
    pub const fn attempts(attempts: u32) -> Self {
        Self { attempts, base: Duration::from_millis(100), max: Duration::from_secs(5) }
    }

    /// The first wait.
    #[must_use]
    pub const fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// No wait is longer.
    #[must_use]
    pub const fn max(self, max: Duration) -> Self {
        Self { max, ..self }
    }
}

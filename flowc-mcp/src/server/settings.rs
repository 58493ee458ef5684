use std::time::Duration;

use flowc::policy::{ConcurrencyPolicy, RatePolicy};

/// What a server lets its clients do.
///
/// ```
/// use flowc_mcp::server::Limits;
/// use flowc::policy::RatePolicy;
/// use std::time::Duration;
///
/// let limits = Limits::new().rate(RatePolicy::new().calls(100, Duration::from_secs(60))).calls(32).message_bytes(1 << 20);
/// # let _ = limits;
/// ```
#[derive(Debug, Clone)]
#[must_use = "limits do nothing until a server has them"]
pub struct Limits {
    pub(super) message_bytes: usize,
    pub(super) rate: Option<RatePolicy>,
    pub(super) calls: ConcurrencyPolicy,
    pub(super) connections: usize,
    pub(super) read_timeout: Duration,
    pub(super) call_timeout: Option<Duration>,
    pub(super) task_after: Duration,
    pub(super) task_kept: Duration,
    pub(super) answer_within: Duration,
}

impl Limits {
    /// Messages of up to 4 MB, 1,024 connections and calls at once, 30 seconds to send a request, no limit of the rate.
    pub fn new() -> Self {
        Self {
            message_bytes: 4 << 20,
            rate: None,
            calls: ConcurrencyPolicy::max(1024).queue(0),
            connections: 1024,
            read_timeout: Duration::from_secs(30),
            call_timeout: None,
            task_after: Duration::from_secs(10),
            task_kept: Duration::from_secs(3600),
            answer_within: Duration::from_secs(600),
        }
    }

    /// How long a message from a client may be. Over HTTP a longer one is answered with the status 413.
    pub fn message_bytes(self, bytes: usize) -> Self {
        Self { message_bytes: bytes, ..self }
    }

    /// How often each client may call. Who is known by a token has a rate of its own; all others share one.
    pub fn rate(self, policy: RatePolicy) -> Self {
        Self { rate: Some(policy), ..self }
    }

    /// How many calls may be under way at once. Another one is refused, and told to come again.
    pub fn calls(self, max: usize) -> Self {
        self.concurrency(ConcurrencyPolicy::max(max).queue(0))
    }

    /// The same, with a line for those that come when all places are taken.
    pub fn concurrency(self, policy: ConcurrencyPolicy) -> Self {
        Self { calls: policy, ..self }
    }

    /// How many connections may be open at once. Another one waits to be accepted.
    pub fn connections(self, max: usize) -> Self {
        Self { connections: max, ..self }
    }

    /// How long a client may take to send the head of a request, and how long to send its body.
    pub fn read_timeout(self, limit: Duration) -> Self {
        Self { read_timeout: limit, ..self }
    }

    /// How long a run may take; if not said, as long as the engine lets it.
    pub fn call_timeout(self, limit: Duration) -> Self {
        Self { call_timeout: Some(limit), ..self }
    }

    /// After what time a call becomes a task, for a client that knows tasks; 10 seconds if not said. Others wait for the result.
    pub fn task_after(self, time: Duration) -> Self {
        Self { task_after: time, ..self }
    }

    /// How long a task and its result are kept; an hour if not said.
    pub fn task_kept(self, time: Duration) -> Self {
        Self { task_kept: time, ..self }
    }

    /// How long a run waits for a [person](super::Person); 10 minutes if not said.
    pub fn answer_within(self, limit: Duration) -> Self {
        Self { answer_within: limit, ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

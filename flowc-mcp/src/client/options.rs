//! How one call is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flowc::{CancelToken, Context};

use super::InputHandler;

/// How far a call is, as the server tells.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// How much is done.
    pub done: f64,
    /// Of how much, if the server knows.
    pub total: Option<f64>,
    /// What is being done.
    pub message: Option<String>,
}

/// Whoever hears of progress.
type Hear<'a> = Box<dyn Fn(&Progress) + Send + Sync + 'a>;

/// How one call is made. What is not said here is as the server's configuration has it.
///
/// ```
/// use flowc_mcp::CallOptions;
/// use std::time::Duration;
///
/// let options = CallOptions::new()
///     .timeout(Duration::from_secs(5))
///     .idempotent()
///     .progress(|progress| println!("{} of {:?}", progress.done, progress.total));
/// # let _ = options;
/// ```
///
/// In a node, [`of`](Self::of) takes over what the run has: its time limit, its trace, its progress.
#[derive(Default)]
pub struct CallOptions<'a> {
    pub(crate) timeout: Option<Duration>,
    pub(crate) idempotent: bool,
    pub(crate) validate: bool,
    pub(crate) token: Option<CancelToken>,
    pub(crate) traceparent: Option<String>,
    pub(crate) context: Option<&'a Context>,
    pub(crate) progress: Option<Hear<'a>>,
    pub(crate) input: Option<Arc<dyn InputHandler>>,
}

impl<'a> CallOptions<'a> {
    /// As the server's configuration has it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the time limit, the trace and the progress of the step that calls.
    #[must_use]
    pub fn of(context: &'a Context) -> Self {
        Self { context: Some(context), traceparent: context.traceparent(), ..Self::default() }
    }

    /// How long the call may take, with all of its attempts.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// The call may be made again, though it may have taken effect.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// The arguments are compared with the tool's schema before anything is sent.
    #[must_use]
    pub fn validate(mut self) -> Self {
        self.validate = true;
        self
    }

    /// Cancelling this token cancels the call, here and at the server. So does dropping the call's future.
    #[must_use]
    pub fn token(mut self, token: CancelToken) -> Self {
        self.token = Some(token);
        self
    }

    /// The trace that the call belongs to: a header `traceparent`.
    #[must_use]
    pub fn traceparent(mut self, traceparent: impl Into<String>) -> Self {
        self.traceparent = Some(traceparent.into());
        self
    }

    /// Hears how far the call is.
    #[must_use]
    pub fn progress(mut self, listener: impl Fn(&Progress) + Send + Sync + 'a) -> Self {
        self.progress = Some(Box::new(listener));
        self
    }

    /// Who answers what the server asks during this call, in the place of whoever answers for all of the servers. A server before
    /// 2026-07-28 asks only where [those have somebody](crate::Builder::input_handler), too.
    #[must_use]
    pub fn input_handler(mut self, handler: impl InputHandler) -> Self {
        self.input = Some(Arc::new(handler));
        self
    }

    /// Whether anybody wants to hear of progress.
    pub(crate) fn listens(&self) -> bool {
        self.context.is_some() || self.progress.is_some()
    }

    pub(crate) fn heard(&self, progress: &Progress) {
        if let Some(context) = self.context {
            // Fractions are of no use to an event; what is below nothing neither.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let whole = |number: f64| number.max(0.0) as u64;
            context.progress(whole(progress.done), progress.total.map_or(0, whole));
        }
        if let Some(listener) = &self.progress {
            listener(progress);
        }
    }
}

impl fmt::Debug for CallOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("idempotent", &self.idempotent)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "dynamic")]
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cancel::CancelToken;

/// What a run was given besides its inputs: see [`Prepared::correlation_id`](crate::Prepared::correlation_id) and the methods
/// beside it, which make one.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Who the run is, if it was before.
    #[cfg(feature = "journal")]
    pub(crate) id: Option<crate::id::RunId>,
    pub(crate) correlation: Option<Arc<str>>,
    pub(crate) traceparent: Option<Arc<str>>,
    pub(crate) tracestate: Option<Arc<str>>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) tokens: Vec<CancelToken>,
}

/// What a [`DynNode`](crate::dynamic::DynNode) that is no step of Rust needs to keep to them.
#[cfg(feature = "dynamic")]
impl RunOptions {
    /// What the caller gave to be found by elsewhere.
    pub fn correlation_id(&self) -> Option<&str> {
        self.correlation.as_deref()
    }

    /// The trace that the call belongs to: a header `traceparent`.
    pub fn traceparent(&self) -> Option<&str> {
        self.traceparent.as_deref()
    }

    /// How long the call may still take; `None` if nothing limits it.
    pub fn remaining(&self) -> Option<Duration> {
        let until = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        match (self.timeout, until) {
            (Some(limit), Some(until)) => Some(limit.min(until)),
            (limit, until) => limit.or(until),
        }
    }

    /// What `work` gives, unless the call is cancelled before: then `work` is dropped.
    ///
    /// # Errors
    /// It was cancelled.
    pub async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, crate::dynamic::Cancelled> {
        let mut work = std::pin::pin!(work);
        let mut tokens: Vec<_> = self.tokens.iter().map(|token| Box::pin(token.cancelled())).collect();
        std::future::poll_fn(|cx| {
            if tokens.iter_mut().any(|token| token.as_mut().poll(cx).is_ready()) {
                return std::task::Poll::Ready(Err(crate::dynamic::Cancelled));
            }
            work.as_mut().poll(cx).map(Ok)
        })
        .await
    }
}

/// [`RunOptions`], or `()` where a run was given none: then it costs nothing that there could be some.
pub trait Options: sealed::Sealed {
    #[doc(hidden)]
    fn into_options(self) -> RunOptions;
}

impl Options for () {
    fn into_options(self) -> RunOptions {
        RunOptions::default()
    }
}

impl Options for RunOptions {
    fn into_options(self) -> RunOptions {
        self
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl Sealed for super::RunOptions {}
}

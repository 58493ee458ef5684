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

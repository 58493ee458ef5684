use std::future::Future;
use std::sync::Arc;

use crate::error::{Failure, FailureKind, Site};
use crate::id::Identity;
use crate::run::{Around, At, Executor, Frame, InProcess, settling};
use crate::step::{ResourcesFrom, Workflow};

/// A workflow with its inputs, ready to run. Calling a workflow gives one; nothing happens before it is run.
///
/// `C` is [`CorrelationId`] once one was given.
#[must_use = "a workflow does nothing until it is run: `.run(&app).await`, `.run_blocking(&app)` or `engine.start(..)`"]
pub struct Prepared<'a, W: Workflow, C = ()> {
    pub(crate) input: W::Input<'a>,
    pub(crate) correlation: C,
}

/// What the caller gave a run to be found by elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrelationId(Arc<str>);

/// A [`CorrelationId`], or `()` for none.
pub trait Correlation: sealed::Sealed {
    #[doc(hidden)]
    fn into_id(self) -> Option<Arc<str>>;
}

impl Correlation for () {
    fn into_id(self) -> Option<Arc<str>> {
        None
    }
}

impl Correlation for CorrelationId {
    fn into_id(self) -> Option<Arc<str>> {
        Some(self.0)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl Sealed for super::CorrelationId {}
}

impl<'a, W: Workflow> Prepared<'a, W> {
    #[doc(hidden)]
    pub fn new(input: W::Input<'a>) -> Self {
        Self { input, correlation: () }
    }

    /// Gives the run something to be found by elsewhere, the id of a request say. Its steps read it from their context, and
    /// the engine's events and status carry it.
    pub fn correlation_id(self, id: impl Into<Arc<str>>) -> Prepared<'a, W, CorrelationId> {
        Prepared { input: self.input, correlation: CorrelationId(id.into()) }
    }

    /// Runs it in the task that awaits the future: nothing is spawned, and no step allocates on its own.
    /// Dropping the future cancels the run.
    ///
    /// # Errors
    /// The failure of the first step that failed, when no `catch` took it.
    #[inline]
    pub fn run<'r, R>(self, resources: &'r R) -> impl Future<Output = Result<W::Output, Failure>> + Send
    where
        W: ResourcesFrom<R>,
        'a: 'r,
    {
        launch_at::<W, _>(self.input, W::resources(resources), At::new(InProcess, W::AROUND))
    }

    /// Runs it on this thread and waits for the result, for callers without a runtime: it makes one for this run.
    ///
    /// # Errors
    /// As [`run`](Self::run); and of the kind [`Runtime`](FailureKind::Runtime) inside a runtime, whose thread must not wait.
    pub fn run_blocking<R>(self, resources: &R) -> Result<W::Output, Failure>
    where
        W: ResourcesFrom<R>,
    {
        block_on::<W>(self.run(resources))
    }
}

impl<W: Workflow> Prepared<'_, W, CorrelationId> {
    /// As [`Prepared::run`] without a correlation id.
    ///
    /// # Errors
    /// The failure of the first step that failed, when no `catch` took it.
    pub async fn run<R>(self, resources: &R) -> Result<W::Output, Failure>
    where
        W: ResourcesFrom<R>,
    {
        let identity = Arc::new(Identity::new(self.correlation.into_id()));
        let around = Frame::known(W::GRAPH, &identity);
        launch_at::<W, _>(self.input, W::resources(resources), At::new(InProcess, &around)).await
    }

    /// As [`Prepared::run_blocking`] without a correlation id.
    ///
    /// # Errors
    /// As [`run`](Self::run); and of the kind [`Runtime`](FailureKind::Runtime) inside a runtime, whose thread must not wait.
    pub fn run_blocking<R>(self, resources: &R) -> Result<W::Output, Failure>
    where
        W: ResourcesFrom<R>,
    {
        block_on::<W>(self.run(resources))
    }
}

/// The whole run as a future.
#[inline]
pub(crate) fn launch_at<W: Workflow, X: Executor>(
    input: W::Input<'_>,
    resources: W::Resources<'_>,
    at: At<'_, X>,
) -> impl Future<Output = Result<W::Output, Failure>> + Send {
    settling::<W, X, _>(at, X::step::<W>(at, input, resources))
}

/// Runs to the end in a runtime made for it.
fn block_on<W: Workflow>(run: impl Future<Output = Result<W::Output, Failure>>) -> Result<W::Output, Failure> {
    let site = Site::of_run(W::GRAPH, &Identity::new(None));
    let fail = |why: String| Err(Failure::new(FailureKind::Runtime, site, why));
    if tokio::runtime::Handle::try_current().is_ok() {
        return fail("`run_blocking` was called inside a runtime; write `.run(&app).await` there".to_owned());
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(format!("no runtime could be made: {error}")),
    };
    let ended = runtime.block_on(run);
    // A blocking call that was cancelled may take its time; nobody waits for it.
    runtime.shutdown_background();
    ended
}

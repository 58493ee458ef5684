use std::future::Future;

use crate::error::Failure;
use crate::run::{At, Frame, InProcess};
use crate::step::{ResourcesFrom, Workflow};

/// A workflow with its inputs, ready to run. Calling a workflow gives one; nothing happens before it is run.
#[must_use = "a workflow does nothing until it is run: `.run(&app).await`, `.run_blocking(&app)` or `engine.start(..)`"]
pub struct Prepared<'a, W: Workflow> {
    pub(crate) input: W::Input<'a>,
}

impl<'a, W: Workflow> Prepared<'a, W> {
    #[doc(hidden)]
    pub fn new(input: W::Input<'a>) -> Self {
        Self { input }
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
        launch::<W, _>(self.input, W::resources(resources), InProcess)
    }
}

/// The whole run as a future.
#[inline]
pub(crate) fn launch<'a, 'r, W: Workflow, X: crate::run::Executor>(
    input: W::Input<'a>,
    resources: W::Resources<'r>,
    exec: X,
) -> impl Future<Output = Result<W::Output, Failure>> + Send {
    let at = At::new(exec, const { &Frame::root(W::GRAPH) });
    let begun = X::step::<W, _>(at, W::begin::<X>(input, resources, at));
    crate::run::settling::<W, X, _>(at, begun)
}

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cancel::CancelToken;
use crate::error::{Failure, FailureKind, Site};
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::options::{Options, RunOptions};
use crate::run::{Around, At, Bounds, Control, Executor, Frame, InProcess, Tracked, settling, steered};
use crate::step::{ResourcesFrom, Workflow};
use crate::{timer, traceparent};

/// A workflow with its inputs, ready to run. Calling a workflow gives one; nothing happens before it is run.
///
/// `O` is [`RunOptions`] once something was given besides the inputs, as by [`timeout`](Self::timeout).
///
/// ```
/// use flowc::{FailureKind, node, workflow};
/// use std::time::Duration;
///
/// #[node]
/// async fn think(minutes: u64) -> u64 {
///     tokio::time::sleep(Duration::from_secs(60 * minutes)).await;
///     42
/// }
///
/// workflow! {
///     fn answer(minutes: u64) -> u64 {
///         let thought = think(minutes);
///         thought
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let limit = Duration::from_secs(600);
/// assert_eq!(answer(5).timeout(limit).run(&()).await.unwrap(), 42);
///
/// let failure = answer(90).timeout(limit).correlation_id("request 7").run(&()).await.unwrap_err();
/// assert_eq!(failure.kind(), FailureKind::Timeout);
/// assert_eq!(failure.cancelled_steps(), ["answer/thought"]);
/// # }
/// ```
#[must_use = "a workflow does nothing until it is run: `.run(&app).await`, `.run_blocking(&app)` or `engine.start(..)`"]
pub struct Prepared<'a, W: Workflow, O = ()> {
    pub(crate) input: W::Input<'a>,
    pub(crate) options: O,
}

impl<'a, W: Workflow, O: Options> Prepared<'a, W, O> {
    /// Gives the run something to be found by elsewhere, the id of a request say. Its steps read it from their context, and
    /// events, status and failures carry it.
    pub fn correlation_id(self, id: impl Into<Arc<str>>) -> Prepared<'a, W, RunOptions> {
        self.with(|options| options.correlation = Some(id.into()))
    }

    /// Connects the run to the trace of whoever asked for it, by the header `traceparent` of the request
    /// ([W3C Trace Context](https://www.w3.org/TR/trace-context/)). A header that is none is ignored, as the standard says.
    pub fn traceparent(self, header: &str) -> Prepared<'a, W, RunOptions> {
        let header = traceparent::parse(header);
        self.with(|options| options.traceparent = header)
    }

    /// What tracing systems pass on beside `traceparent`, by the header `tracestate` of the request; where it came in several, they
    /// are joined by commas. It says nothing without a [`traceparent`](Self::traceparent), and one that breaks the standard's rules
    /// is ignored.
    pub fn tracestate(self, header: &str) -> Prepared<'a, W, RunOptions> {
        let header = traceparent::parse_state(header);
        self.with(|options| options.tracestate = header)
    }

    /// The run may take this long, counted from its start. What still runs then is cancelled, and the run fails with the kind
    /// [`Timeout`](FailureKind::Timeout). Its steps see the limit in [`Context::deadline`](crate::Context::deadline).
    pub fn timeout(self, limit: Duration) -> Prepared<'a, W, RunOptions> {
        self.with(|options| options.timeout = Some(limit))
    }

    /// The run is to be over at this moment; as [`timeout`](Self::timeout), where one knows the end. Given both, the earlier holds.
    pub fn deadline(self, end: Instant) -> Prepared<'a, W, RunOptions> {
        self.with(|options| options.deadline = Some(end))
    }

    /// The run is cancelled when this token is. Given several, any of them cancels it.
    pub fn cancel_on(self, token: &CancelToken) -> Prepared<'a, W, RunOptions> {
        let token = token.clone();
        self.with(|options| options.tokens.push(token))
    }

    fn with(self, change: impl FnOnce(&mut RunOptions)) -> Prepared<'a, W, RunOptions> {
        let mut options = self.options.into_options();
        change(&mut options);
        Prepared { input: self.input, options }
    }
}

impl<'a, W: Workflow> Prepared<'a, W> {
    #[doc(hidden)]
    pub fn new(input: W::Input<'a>) -> Self {
        Self { input, options: () }
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
        let graph = W::graph(&self.input);
        block_on::<W, _>(graph, &RunOptions::default(), async |run, _| {
            let around = Frame::known(graph, run);
            launch_at::<W, _>(self.input, W::resources(resources), At::new(InProcess, &around)).await
        })
    }
}

impl<W: Workflow> Prepared<'_, W, RunOptions> {
    /// As [`Prepared::run`] without options.
    ///
    /// # Errors
    /// The failure of the first step that failed, when no `catch` took it; and of the kind [`Timeout`](FailureKind::Timeout) or
    /// [`Cancelled`](FailureKind::Cancelled) by what the options say.
    pub async fn run<R>(self, resources: &R) -> Result<W::Output, Failure>
    where
        W: ResourcesFrom<R>,
    {
        self.run_on(W::resources(resources)).await
    }

    /// The same on resources that were found already.
    pub(crate) async fn run_on(self, resources: W::Resources<'_>) -> Result<W::Output, Failure> {
        let control = Control::alone();
        let run = Arc::new(Identity::given(&self.options, &control));
        self.run_as((&run, &control), resources).await
    }

    /// As [`Prepared::run_blocking`] without options.
    ///
    /// # Errors
    /// As [`run`](Self::run); and of the kind [`Runtime`](FailureKind::Runtime) inside a runtime, whose thread must not wait.
    pub fn run_blocking<R>(self, resources: &R) -> Result<W::Output, Failure>
    where
        W: ResourcesFrom<R>,
    {
        let (graph, options) = (W::graph(&self.input), self.options.clone());
        block_on::<W, _>(graph, &options, async |run, control| {
            self.run_as((run, control), W::resources(resources)).await
        })
    }

    async fn run_as(
        self,
        (run, control): (&Arc<Identity>, &Control),
        resources: W::Resources<'_>,
    ) -> Result<W::Output, Failure> {
        let graph = W::graph(&self.input);
        let around = Frame::known(graph, run);
        let body = || launch_at::<W, _>(self.input, resources, At::new(Tracked(control), &around));
        steered((run, control), graph, Bounds::new(&self.options, timer::now(), None), body).await
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
fn block_on<W: Workflow, F>(graph: &'static GraphSpec, options: &RunOptions, run: F) -> Result<W::Output, Failure>
where
    F: AsyncFnOnce(&Arc<Identity>, &Control) -> Result<W::Output, Failure>,
{
    let control = Control::alone();
    let identity = Arc::new(Identity::given(options, &control));
    let fail = |why: String| Err(Failure::new(FailureKind::Runtime, Site::of_run(graph, &identity), why));
    if tokio::runtime::Handle::try_current().is_ok() {
        return fail("`run_blocking` was called inside a runtime; write `.run(&app).await` there".to_owned());
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(format!("no runtime could be made: {error}")),
    };
    let ended = runtime.block_on(async {
        let ended = run(&identity, &control).await;
        // The runtime goes with the run, and what is to be cleaned up needs it.
        control.tally.wait().await;
        ended
    });
    // A blocking call that was cancelled may take its time; nobody waits for it.
    runtime.shutdown_background();
    ended
}

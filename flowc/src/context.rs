use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cancel::CancelToken;
use crate::cleanup::Cleanups;
use crate::event::{Chunk, Usage};
use crate::id::{Identity, RunId};
use crate::model_call::ModelCall;
use crate::policy::step::Signs;
use crate::trace;
use crate::wait::{Expected, WaitFuture, Wanted};

/// What a node knows of the run around it: a parameter `#[context] cx: &Context` receives it.
///
/// It is cheap to clone, and a clone may outlive the step: [`is_cancelled`](Self::is_cancelled) of the clone is true as soon
/// as the step is over, for whatever reason, and so is that of the [`token`](Self::token).
///
/// ```
/// use flowc::Context;
///
/// async fn download(parts: &[String], cx: &Context) -> Result<Vec<String>, std::io::Error> {
///     let mut done = Vec::new();
///     for part in parts {
///         cx.emit(format!("reading {part}"));
///         done.push(part.to_uppercase());
///         cx.progress(done.len() as u64, parts.len() as u64);
///     }
///     Ok(done)
/// }
/// ```
pub struct Context {
    call: Arc<Call>,
    /// Whether this is the one that the step was given, whose end is the end of the step.
    own: bool,
}

/// One call of a node.
struct Call {
    run: Arc<Identity>,
    step: Arc<str>,
    key: u128,
    attempt: u32,
    deadline: Option<Instant>,
    signs: Option<Arc<Signs>>,
    sink: Option<Box<dyn Sink>>,
    token: CancelToken,
    cleanups: Cleanups,
}

/// Where a call's chunks and progress go.
pub(crate) trait Sink: Send + Sync {
    /// The node streams a part of its result.
    fn chunk(&self, chunk: Chunk);
    /// The node tells how far it is.
    fn progress(&self, done: u64, total: u64);
    /// The node tells what a model used up.
    fn usage(&self, usage: Usage);
    /// The node, one of our own, waits. `None`: there is no run that could.
    fn wait<'a>(&'a self, wanted: Wanted<'a>) -> Option<WaitFuture<'a>> {
        let _ = wanted;
        None
    }
}

impl Context {
    pub(crate) fn new(place: Placed, sink: Option<Box<dyn Sink>>) -> Self {
        let Placed { run, step, key, attempt, deadline, signs } = place;
        let (token, tally) = match &run.control {
            Some(control) => (control.token.child(), Some(Arc::clone(&control.tally))),
            None => (CancelToken::new(), None),
        };
        let cleanups = Cleanups::new(tally);
        let call = Call { run, step, key, attempt, deadline, signs, sink, token, cleanups };
        Self { call: Arc::new(call), own: true }
    }

    /// The id of the run, the same in all of its steps.
    pub fn run_id(&self) -> RunId {
        self.call.run.id
    }

    /// What the caller gave the run to be found by elsewhere, a request id say.
    pub fn correlation_id(&self) -> Option<&str> {
        self.call.run.correlation.as_deref()
    }

    /// The path of the step, as in `answer/notes[3]/summarise`.
    pub fn step(&self) -> &str {
        &self.call.step
    }

    /// Which call of the node this is, counted from 1; it grows with each retry.
    pub fn attempt(&self) -> u32 {
        self.call.attempt
    }

    /// The header `traceparent` for a call to the outside that is to be in the same trace. It names the span that is current
    /// where this is called, if the feature `otel` sends it; else it is the header that the run was given, unchanged.
    pub fn traceparent(&self) -> Option<String> {
        trace::headers().map(|(parent, _)| parent).or_else(|| self.call.run.traceparent.as_deref().map(str::to_owned))
    }

    /// The header `tracestate` that goes with the [`traceparent`](Self::traceparent), if there is one: what the run was given.
    pub fn tracestate(&self) -> Option<String> {
        match trace::headers() {
            Some((_, state)) => state,
            None => self.call.run.tracestate.as_deref().map(str::to_owned),
        }
    }

    /// When the time of the step is up, if it, a workflow around it, or the run has a time limit.
    pub fn deadline(&self) -> Option<Instant> {
        self.call.deadline
    }

    /// The time left until the [`deadline`](Self::deadline); zero when it has passed.
    pub fn remaining(&self) -> Option<Duration> {
        let deadline = self.deadline()?;
        Some(deadline.saturating_duration_since(tokio::time::Instant::now().into_std()))
    }

    /// Whether nobody waits for the step any more: its run was cancelled or has failed, its time is up, or it is over.
    ///
    /// An async node is dropped then and need not ask. Work on another thread should, from time to time.
    pub fn is_cancelled(&self) -> bool {
        self.call.token.is_cancelled()
    }

    /// Waits until the step is over. A task that a node spawned can select on it, with a clone of the context.
    pub async fn cancelled(&self) {
        self.call.token.cancelled().await;
    }

    /// The token of this call, a child of the run's: cancelled as soon as nobody waits for the step any more. It is for what
    /// the node calls, and knows of tokens.
    pub fn token(&self) -> CancelToken {
        self.call.token.clone()
    }

    /// Has `cleanup` done if this call does not come to its end: its run is cancelled or fails elsewhere, its time is up, or it
    /// panics. If the node returns, with a value or an error, nothing is done.
    ///
    /// The future is spawned on the runtime once the node's own future is gone, or its thread is done with it. Of several
    /// the last one is the first. All of them together have the time that the
    /// [builder](crate::Builder::cleanup_timeout) says, 5 seconds if it does not. An engine waits for them when it is shut down.
    ///
    /// ```
    /// use flowc::{Context, node};
    ///
    /// # #[derive(Clone)] struct Lease;
    /// # impl Lease { async fn take() -> Self { Lease } async fn give_back(self) {} async fn work(&self) -> u64 { 1 } }
    /// #[node]
    /// async fn leased(#[context] cx: &Context) -> u64 {
    ///     let lease = Lease::take().await;
    ///     cx.on_cancel(lease.clone().give_back());
    ///     let done = lease.work().await;
    ///     lease.give_back().await;
    ///     done
    /// }
    /// ```
    pub fn on_cancel(&self, cleanup: impl Future<Output = ()> + Send + 'static) {
        self.call.cleanups.add(cleanup);
    }

    /// Streams a part of the result to whoever listens to the run. It never waits; without a listener it does nothing, but that
    /// an idle limit around the step begins anew.
    pub fn emit(&self, chunk: impl Into<Chunk>) {
        self.beat();
        if let Some(sink) = &self.call.sink {
            sink.chunk(chunk.into());
        }
    }

    /// Tells how much of the step is done. An idle limit around the step begins anew.
    pub fn progress(&self, done: u64, total: u64) {
        self.beat();
        if let Some(sink) = &self.call.sink {
            sink.progress(done, total);
        }
    }

    /// Tells what a model used up: tokens, and what they cost. Listeners hear it, the metrics of the engine count it, the span of
    /// the call shows it, and a `rate` around the step takes the tokens in place of what was estimated.
    pub fn usage(&self, usage: Usage) {
        trace::used(&usage);
        self.tell(usage);
    }

    /// Begins a call of a model, which has a span of its own and whose time is counted. `operation` is what the model does, by the name that
    /// OpenTelemetry's `gen_ai.operation.name` has for it: `chat`, `embeddings`. `provider` is who runs it, as `openai`.
    pub fn model_call(&self, operation: &'static str, model: &str, provider: Option<&str>) -> ModelCall<'_> {
        ModelCall::new(self, operation, model, provider)
    }

    pub(crate) fn tell(&self, usage: Usage) {
        // A call without a reply says nothing of tokens, and what it was expected to take still counts.
        if let Some(signs) = self.call.signs.as_ref().filter(|_| usage.error.is_none()) {
            signs.used(usage.input_tokens.saturating_add(usage.output_tokens));
        }
        if let Some(sink) = &self.call.sink {
            sink.usage(usage);
        }
    }

    /// A key for calls to the outside that must take effect once: the same in each attempt of this step of this run, and
    /// different everywhere else. It has 69 characters, all of them hexadecimal digits or `-`.
    pub fn idempotency_key(&self) -> String {
        format!("{}-{:032x}", self.call.run.id, self.call.key)
    }

    /// Waits as the run does; `None` where nobody could send a signal.
    pub(crate) fn wait<'a>(&'a self, limit: Option<Duration>, signal: Option<Expected<'a>>) -> Option<WaitFuture<'a>> {
        self.call.sink.as_ref()?.wait(Wanted { key: self.call.key, limit, signal })
    }

    fn beat(&self) {
        if let Some(signs) = &self.call.signs {
            signs.beat();
        }
    }

    /// The node came to its end. If nobody waited for it any more, it is as if it had not.
    pub(crate) fn returned(&self) {
        if !self.is_cancelled() {
            self.call.cleanups.forget();
        }
    }

    /// The call is over.
    pub(crate) fn end(&self) {
        self.call.token.cancel();
        self.call.cleanups.run();
    }
}

impl Clone for Context {
    fn clone(&self) -> Self {
        Self { call: Arc::clone(&self.call), own: false }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if self.own {
            self.end();
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("run_id", &self.run_id())
            .field("correlation_id", &self.correlation_id())
            .field("step", &self.step())
            .field("attempt", &self.attempt())
            .field("deadline", &self.deadline())
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}

/// A call, and where it is.
pub(crate) struct Placed {
    pub(crate) run: Arc<Identity>,
    pub(crate) step: Arc<str>,
    /// What tells the step from all others of its run; see [`Context::idempotency_key`].
    pub(crate) key: u128,
    pub(crate) attempt: u32,
    pub(crate) deadline: Option<Instant>,
    pub(crate) signs: Option<Arc<Signs>>,
}

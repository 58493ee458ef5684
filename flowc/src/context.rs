use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::event::{Chunk, Usage};
use crate::id::{Identity, RunId};

/// What a node knows of the run around it: a parameter `#[context] cx: &Context` receives it.
///
/// It is cheap to clone, and a clone may outlive the step: [`is_cancelled`](Self::is_cancelled) of the clone is true as soon
/// as the step is over, for whatever reason.
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
    sink: Option<Box<dyn Sink>>,
    over: AtomicBool,
    ended: Notify,
}

/// Where a call's chunks and progress go.
pub(crate) trait Sink: Send + Sync {
    /// The node streams a part of its result.
    fn chunk(&self, chunk: Chunk);
    /// The node tells how far it is.
    fn progress(&self, done: u64, total: u64);
    /// The node tells what a model used up.
    fn usage(&self, usage: Usage);
    /// Whether the run is about to end.
    fn is_stopping(&self) -> bool;
}

impl Context {
    pub(crate) fn new(place: Placed, sink: Option<Box<dyn Sink>>) -> Self {
        let Placed { run, step, key, attempt, deadline } = place;
        let call = Call { run, step, key, attempt, deadline, sink, over: AtomicBool::new(false), ended: Notify::new() };
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

    /// When the time of the step is up, if it, or a workflow around it, has a `timeout`.
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
        self.call.over.load(Ordering::Acquire) || self.call.sink.as_ref().is_some_and(|sink| sink.is_stopping())
    }

    /// Waits until the step is over. A task that a node spawned can select on it, with a clone of the context.
    pub async fn cancelled(&self) {
        let mut ended = std::pin::pin!(self.call.ended.notified());
        // Listening before looking, so that an end in between is not missed.
        ended.as_mut().enable();
        if !self.is_cancelled() {
            ended.await;
        }
    }

    /// Streams a part of the result to whoever listens to the run. It never waits; without a listener it does nothing.
    pub fn emit(&self, chunk: impl Into<Chunk>) {
        if let Some(sink) = &self.call.sink {
            sink.chunk(chunk.into());
        }
    }

    /// Tells how much of the step is done.
    pub fn progress(&self, done: u64, total: u64) {
        if let Some(sink) = &self.call.sink {
            sink.progress(done, total);
        }
    }

    /// Tells what a model used up: tokens, and what they cost. Listeners hear it, and the metrics of the engine count it.
    pub fn usage(&self, usage: Usage) {
        if let Some(sink) = &self.call.sink {
            sink.usage(usage);
        }
    }

    /// A key for calls to the outside that must take effect once: the same in each attempt of this step of this run, and
    /// different everywhere else. It has 69 characters, all of them hexadecimal digits or `-`.
    pub fn idempotency_key(&self) -> String {
        format!("{}-{:032x}", self.call.run.id, self.call.key)
    }

    pub(crate) fn end(&self) {
        self.call.over.store(true, Ordering::Release);
        self.call.ended.notify_waiters();
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
}

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Chunk, Usage};
use crate::error::FailureKind;
use crate::policy::BreakerState;

/// What happened. A `step` is a path, as in `answer/notes[3]/summarise`.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "type", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum EventKind<S = Arc<str>> {
    /// The run began; always the first event.
    RunStarted {
        /// The workflow's name.
        workflow: Cow<'static, str>,
        /// What the caller gave the run to be found by elsewhere.
        correlation_id: Option<Arc<str>>,
    },
    /// A step began.
    StepStarted {
        /// The step.
        step: S,
        /// The node, or the workflow, that it calls.
        node: Cow<'static, str>,
    },
    /// An attempt failed, and the node will be called again.
    StepRetried {
        /// The step.
        step: S,
        /// The attempt that failed, counted from 1.
        attempt: u32,
        /// How long it waits before the next.
        #[cfg_attr(feature = "serde", serde(rename = "delay_ms", with = "crate::serial::millis"))]
        delay: Duration,
        /// What went wrong.
        error: Arc<str>,
    },
    /// A step waits: for a time, a signal, or whichever comes first.
    StepWaiting {
        /// The step.
        step: S,
        /// The name of the signal.
        signal: Option<Arc<str>>,
        /// When it stops waiting, by the clock on the wall.
        #[cfg_attr(feature = "serde", serde(with = "crate::serial::time_or_none"))]
        until: Option<SystemTime>,
    },
    /// A signal came that the step cannot read; it goes on waiting.
    SignalRefused {
        /// The step.
        step: S,
        /// The name of the signal.
        signal: Arc<str>,
        /// What is wrong with its value.
        error: Arc<str>,
    },
    /// A node streamed a part of its result.
    Chunk {
        /// The step.
        step: S,
        /// The part.
        data: Chunk,
    },
    /// A node told how far it is.
    Progress {
        /// The step.
        step: S,
        /// How much is done.
        done: u64,
        /// Out of how much.
        total: u64,
    },
    /// A node told what a model used up.
    Usage {
        /// The step.
        step: S,
        /// Tokens and cost.
        usage: Usage,
    },
    /// A step gave its value.
    StepFinished {
        /// The step.
        step: S,
        /// How long it took.
        #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
        elapsed: Duration,
    },
    /// A step failed. The run fails with it, unless a `catch` takes it, or another step failed before.
    StepFailed {
        /// The step.
        step: S,
        /// Why.
        kind: FailureKind,
        /// What went wrong.
        error: Arc<str>,
        /// How long it took.
        #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
        elapsed: Duration,
    },
    /// A step was running when nobody needed its value any more: the run ended, or was cancelled, or a timeout around it passed.
    StepCancelled {
        /// The step.
        step: S,
        /// How long it ran.
        #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
        elapsed: Duration,
    },
    /// The run is over, and this step was never started: it stands in an arm that was not taken, say, or the run ended before.
    StepSkipped {
        /// The step, without the indices of items and rounds.
        step: S,
        /// The node, or the workflow, that it would have called.
        node: Cow<'static, str>,
    },
    /// A `for` began.
    MapStarted {
        /// The path of the map itself, as in `answer/notes`.
        step: S,
        /// How many items it has, if that is known beforehand.
        items: Option<u64>,
    },
    /// A `for` has its result. One that ends otherwise is told of by the step that failed.
    MapFinished {
        /// The path of the map itself.
        step: S,
        /// How many items it had.
        items: u64,
    },
    /// A step was given a permit by its `rate` or `concurrency`.
    PermitTaken {
        /// The step.
        step: S,
        /// `rate` or `concurrency`.
        policy: Cow<'static, str>,
        /// The name that the limit is shared by.
        name: Arc<str>,
        /// How long it waited for it.
        #[cfg_attr(feature = "serde", serde(rename = "waited_ms", with = "crate::serial::millis"))]
        waited: Duration,
    },
    /// A step gave a permit of its `concurrency` back. A permit of a `rate` is used up and does not come back.
    PermitReturned {
        /// The step.
        step: S,
        /// The name that the limit is shared by.
        name: Arc<str>,
    },
    /// A circuit breaker changed its state because of what became of a step's call.
    BreakerChanged {
        /// The step.
        step: S,
        /// The name that the breaker is shared by.
        name: Arc<str>,
        /// What it was.
        from: BreakerState,
        /// What it is now.
        to: BreakerState,
    },
    /// The value of a step came from its `cache`, and the node was not called.
    CacheHit {
        /// The step.
        step: S,
        /// The name that the cache is shared by.
        name: Arc<str>,
    },
    /// The `cache` of a step had no value for these inputs, so the node is called.
    CacheMissed {
        /// The step.
        step: S,
        /// The name that the cache is shared by.
        name: Arc<str>,
    },
    /// A step failed, and its `fallback` gave the value in its place.
    FallbackTaken {
        /// The step.
        step: S,
        /// Why the step failed.
        kind: FailureKind,
        /// What went wrong.
        error: Arc<str>,
    },
    /// The run gave its result.
    RunFinished {
        /// How long it took.
        #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
        elapsed: Duration,
    },
    /// The run failed.
    RunFailed {
        /// The step whose failure it is.
        step: S,
        /// Why.
        kind: FailureKind,
        /// What went wrong.
        error: Arc<str>,
        /// How long it took.
        #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
        elapsed: Duration,
    },
    /// The run was cancelled.
    RunCancelled {
        /// How long it ran.
        #[cfg_attr(feature = "serde", serde(rename = "elapsed_ms", with = "crate::serial::millis"))]
        elapsed: Duration,
        /// The steps that were running.
        steps: Arc<[String]>,
    },
    /// The listener was so slow that this many events are gone for it. The run never waits for a listener.
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::missed"))]
    Lagged(u64),
}

impl EventKind {
    /// The path of the step that it speaks of.
    pub fn step(&self) -> Option<&str> {
        self.place().map(|step| &**step)
    }
}

impl<S> EventKind<S> {
    /// What names the step that it speaks of.
    pub fn place(&self) -> Option<&S> {
        match self {
            Self::StepStarted { step, .. }
            | Self::StepRetried { step, .. }
            | Self::StepWaiting { step, .. }
            | Self::SignalRefused { step, .. }
            | Self::Chunk { step, .. }
            | Self::Progress { step, .. }
            | Self::Usage { step, .. }
            | Self::StepFinished { step, .. }
            | Self::StepFailed { step, .. }
            | Self::StepCancelled { step, .. }
            | Self::StepSkipped { step, .. }
            | Self::MapStarted { step, .. }
            | Self::MapFinished { step, .. }
            | Self::PermitTaken { step, .. }
            | Self::PermitReturned { step, .. }
            | Self::BreakerChanged { step, .. }
            | Self::CacheHit { step, .. }
            | Self::CacheMissed { step, .. }
            | Self::FallbackTaken { step, .. }
            | Self::RunFailed { step, .. } => Some(step),
            Self::RunStarted { .. } | Self::RunFinished { .. } | Self::RunCancelled { .. } | Self::Lagged(_) => None,
        }
    }

    /// Whether the run is over with it; no event follows.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::RunFinished { .. } | Self::RunFailed { .. } | Self::RunCancelled { .. })
    }

    /// The same with its step named in another way.
    #[rustfmt::skip] // One line for each kind reads like the table that it is.
    pub(crate) fn named<T>(self, make: impl FnOnce(S) -> T) -> EventKind<T> {
        use EventKind as To;
        match self {
            Self::RunStarted { workflow, correlation_id } => To::RunStarted { workflow, correlation_id },
            Self::StepStarted { step, node } => To::StepStarted { step: make(step), node },
            Self::StepRetried { step, attempt, delay, error } => To::StepRetried { step: make(step), attempt, delay, error },
            Self::StepWaiting { step, signal, until } => To::StepWaiting { step: make(step), signal, until },
            Self::SignalRefused { step, signal, error } => To::SignalRefused { step: make(step), signal, error },
            Self::Chunk { step, data } => To::Chunk { step: make(step), data },
            Self::Progress { step, done, total } => To::Progress { step: make(step), done, total },
            Self::Usage { step, usage } => To::Usage { step: make(step), usage },
            Self::StepFinished { step, elapsed } => To::StepFinished { step: make(step), elapsed },
            Self::StepFailed { step, kind, error, elapsed } => To::StepFailed { step: make(step), kind, error, elapsed },
            Self::StepCancelled { step, elapsed } => To::StepCancelled { step: make(step), elapsed },
            Self::StepSkipped { step, node } => To::StepSkipped { step: make(step), node },
            Self::MapStarted { step, items } => To::MapStarted { step: make(step), items },
            Self::MapFinished { step, items } => To::MapFinished { step: make(step), items },
            Self::PermitTaken { step, policy, name, waited } => To::PermitTaken { step: make(step), policy, name, waited },
            Self::PermitReturned { step, name } => To::PermitReturned { step: make(step), name },
            Self::BreakerChanged { step, name, from, to } => To::BreakerChanged { step: make(step), name, from, to },
            Self::CacheHit { step, name } => To::CacheHit { step: make(step), name },
            Self::CacheMissed { step, name } => To::CacheMissed { step: make(step), name },
            Self::FallbackTaken { step, kind, error } => To::FallbackTaken { step: make(step), kind, error },
            Self::RunFinished { elapsed } => To::RunFinished { elapsed },
            Self::RunFailed { step, kind, error, elapsed } => To::RunFailed { step: make(step), kind, error, elapsed },
            Self::RunCancelled { elapsed, steps } => To::RunCancelled { elapsed, steps },
            Self::Lagged(missed) => To::Lagged(missed),
        }
    }
}

impl<S: fmt::Display> fmt::Display for EventKind<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunStarted { workflow, .. } => write!(f, "run of `{workflow}` started"),
            Self::StepStarted { step, .. } => write!(f, "step `{step}` started"),
            Self::StepRetried { step, attempt, delay, error } => {
                write!(f, "step `{step}` failed in attempt {attempt}, next one in {delay:?}: {error}")
            }
            Self::StepWaiting { step, signal: Some(signal), .. } => {
                write!(f, "step `{step}` waits for signal `{signal}`")
            }
            Self::StepWaiting { step, signal: None, .. } => write!(f, "step `{step}` waits"),
            Self::SignalRefused { step, signal, error } => {
                write!(f, "step `{step}` cannot read signal `{signal}` and goes on waiting: {error}")
            }
            Self::Chunk { step, data } => write!(f, "step `{step}` gave {data}"),
            Self::Progress { step, done, total } => write!(f, "step `{step}` has done {done} of {total}"),
            Self::Usage { step, usage: Usage { model, error: Some(error), .. } } => {
                write!(f, "step `{step}` called `{model}` in vain ({error})")
            }
            Self::Usage { step, usage: Usage { model, input_tokens, output_tokens, cost, .. } } => {
                write!(f, "step `{step}` used {input_tokens} + {output_tokens} tokens of `{model}`")?;
                if *cost > 0.0 { write!(f, " for {cost}") } else { Ok(()) }
            }
            Self::StepFinished { step, elapsed } => write!(f, "step `{step}` finished after {elapsed:?}"),
            Self::StepFailed { step, kind, error, elapsed } => {
                write!(f, "step `{step}` failed after {elapsed:?} ({kind}): {error}")
            }
            Self::StepCancelled { step, elapsed } => write!(f, "step `{step}` was cancelled after {elapsed:?}"),
            Self::StepSkipped { step, .. } => write!(f, "step `{step}` was not needed"),
            Self::MapStarted { step, items: Some(items) } => write!(f, "map `{step}` started with {items} items"),
            Self::MapStarted { step, items: None } => write!(f, "map `{step}` started"),
            Self::MapFinished { step, items } => write!(f, "map `{step}` finished with {items} items"),
            Self::PermitTaken { step, policy, name, waited } => {
                write!(f, "step `{step}` got a permit of {policy} `{name}` after {waited:?}")
            }
            Self::PermitReturned { step, name } => write!(f, "step `{step}` gave a permit of `{name}` back"),
            Self::BreakerChanged { step, name, from, to } => {
                write!(f, "breaker `{name}` went from {from} to {to} in step `{step}`")
            }
            Self::CacheHit { step, name } => write!(f, "step `{step}` took its value from cache `{name}`"),
            Self::CacheMissed { step, name } => write!(f, "step `{step}` found nothing in cache `{name}`"),
            Self::FallbackTaken { step, kind, error } => {
                write!(f, "step `{step}` failed and took its fallback ({kind}): {error}")
            }
            Self::RunFinished { elapsed } => write!(f, "run finished after {elapsed:?}"),
            Self::RunFailed { error, elapsed, .. } => write!(f, "run failed after {elapsed:?}: {error}"),
            Self::RunCancelled { elapsed, steps } if steps.is_empty() => {
                write!(f, "run was cancelled after {elapsed:?}")
            }
            Self::RunCancelled { elapsed, steps } => {
                write!(f, "run was cancelled after {elapsed:?} in `{}`", steps.join("`, `"))
            }
            Self::Lagged(missed) => write!(f, "{missed} events were missed"),
        }
    }
}

use std::time::Duration;

use tracing::{Level, event};

use super::names::{
    ATTEMPT, CORRELATION_ID, ELAPSED, ERROR_TYPE, FAILURE_KIND, INPUT_TOKENS, NODE, OUTPUT_TOKENS, REQUEST_MODEL,
    RUN_ID, STEP, TARGET, WORKFLOW,
};
use super::short;
use crate::engine::ShutdownReport;
use crate::event::{Chunk, EventKind};
use crate::observe::{Collector, EngineEvent, Observation, RunInfo, StepRef};
use crate::policy::BreakerTransition;

/// Writes what happens in the runs of an engine to the log, through the `tracing` crate, with the target `flowc`.
///
/// | level | what |
/// |---|---|
/// | error | a run failed |
/// | warn | a step failed, or will be tried again, or its fallback was taken; a breaker changed its state; a listener missed events; an engine that is shut down cancelled runs |
/// | info | a run started, finished or was cancelled; the engine is being shut down, or is |
/// | debug | a step or a map started or ended; a wait for a permit; the use of a cache; what a model used up |
/// | trace | progress, streamed parts, permits, steps that never ran |
///
/// Each line about a run carries the id of the run, and the path of its step, as fields. What streams out of nodes is data of your users and is
/// not logged, only that it did, unless [`payloads`](Self::payloads) asks for it. The texts of errors are logged; keep secrets out
/// of them with [`Secret`](crate::Secret).
///
/// ```
/// use flowc::Engine;
/// use flowc::observe::Logs;
///
/// let engine = Engine::builder().resources(()).collector(Logs::new()).build();
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Logs {
    payloads: bool,
}

impl Logs {
    /// Without what streams out of nodes.
    pub const fn new() -> Self {
        Self { payloads: false }
    }

    /// Whether what streams out of nodes is logged too, at the level trace.
    #[must_use]
    pub const fn payloads(self, shown: bool) -> Self {
        Self { payloads: shown }
    }
}

/// A line about a run; what stands behind a `=` is evaluated only if somebody wants the line.
macro_rules! line {
    ($level:ident, $run:ident, $($rest:tt)*) => {
        event!(target: TARGET, Level::$level, { RUN_ID } = %$run.id, $($rest)*)
    };
}

/// A line about a step.
macro_rules! step {
    ($level:ident, $run:ident, $step:ident, $($rest:tt)*) => {
        line!($level, $run, { STEP } = $step.path(), $($rest)*)
    };
}

impl Collector for Logs {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        match &event.kind {
            EventKind::RunStarted { workflow, correlation_id } => {
                let id = correlation_id.as_deref();
                line!(INFO, run, { WORKFLOW } = &**workflow, { CORRELATION_ID } = id, "run started");
            }
            EventKind::RunFinished { elapsed } => line!(INFO, run, { ELAPSED } = millis(*elapsed), "run finished"),
            EventKind::RunCancelled { elapsed, steps } => {
                line!(INFO, run, { ELAPSED } = millis(*elapsed), steps = ?steps, "run cancelled");
            }
            EventKind::RunFailed { step, kind, error, elapsed } => step!(
                ERROR,
                run,
                step,
                { FAILURE_KIND } = kind.as_str(),
                { ELAPSED } = millis(*elapsed),
                error = short(error),
                "run failed"
            ),
            EventKind::Lagged(missed) => line!(WARN, run, missed, "a listener was too slow and missed events"),
            kind => self.on_step(run, kind),
        }
    }

    fn on_engine_event(&self, event: &EngineEvent<'_>) {
        match *event {
            EngineEvent::BreakerChanged(BreakerTransition { name, from, to, by_hand: true, .. }) => {
                event!(target: TARGET, Level::WARN, breaker = &**name, ?from, ?to, "breaker was set by hand");
            }
            // The call that did it is in a run, which tells of it with its step.
            EngineEvent::BreakerChanged(_) => {}
            EngineEvent::ShutdownStarted { running, limit } => {
                event!(target: TARGET, Level::INFO, running, limit_ms = millis(limit), "engine is being shut down");
            }
            EngineEvent::ShutdownFinished(report) => shut_down(report),
        }
    }
}

impl Logs {
    fn on_step(self, run: &RunInfo<'_>, kind: &EventKind<StepRef<'_>>) {
        match kind {
            EventKind::StepStarted { step, node } => step!(DEBUG, run, step, { NODE } = &**node, "step started"),
            EventKind::StepFinished { step, elapsed } => {
                step!(DEBUG, run, step, { ELAPSED } = millis(*elapsed), "step finished");
            }
            EventKind::StepCancelled { step, elapsed } => {
                step!(DEBUG, run, step, { ELAPSED } = millis(*elapsed), "step cancelled");
            }
            EventKind::StepSkipped { step, node } => step!(TRACE, run, step, { NODE } = &**node, "step skipped"),
            EventKind::StepWaiting { step, signal, .. } => {
                let signal = signal.as_deref().unwrap_or_default();
                step!(DEBUG, run, step, signal = signal, "step waits");
            }
            EventKind::SignalRefused { step, signal, error } => {
                step!(WARN, run, step, signal = &**signal, error = short(error), "signal refused");
            }
            EventKind::StepRetried { step, attempt, delay, error } => step!(
                WARN,
                run,
                step,
                { ATTEMPT } = attempt,
                delay_ms = millis(*delay),
                error = short(error),
                "attempt failed, and there will be another"
            ),
            EventKind::StepFailed { step, kind, error, elapsed } => step!(
                WARN,
                run,
                step,
                { FAILURE_KIND } = kind.as_str(),
                { ELAPSED } = millis(*elapsed),
                error = short(error),
                "step failed"
            ),
            EventKind::FallbackTaken { step, kind, error } => step!(
                WARN,
                run,
                step,
                { FAILURE_KIND } = kind.as_str(),
                error = short(error),
                "step failed, and its fallback gave the value"
            ),
            EventKind::BreakerChanged { step, name, from, to } => {
                step!(WARN, run, step, breaker = &**name, ?from, ?to, "breaker changed its state");
            }
            EventKind::MapStarted { step, items } => step!(DEBUG, run, step, items, "map started"),
            EventKind::MapFinished { step, items } => step!(DEBUG, run, step, items, "map finished"),
            EventKind::PermitTaken { step, policy, name, waited } if waited.is_zero() => {
                step!(TRACE, run, step, policy = &**policy, limit = &**name, "permit taken");
            }
            EventKind::PermitTaken { step, policy, name, waited } => step!(
                DEBUG,
                run,
                step,
                policy = &**policy,
                limit = &**name,
                waited_ms = millis(*waited),
                "permit taken after a wait"
            ),
            EventKind::PermitReturned { step, name } => step!(TRACE, run, step, limit = &**name, "permit returned"),
            EventKind::CacheHit { step, name } => step!(DEBUG, run, step, cache = &**name, "value was in the cache"),
            EventKind::CacheMissed { step, name } => {
                step!(DEBUG, run, step, cache = &**name, "value was not in the cache");
            }
            EventKind::Usage { step, usage } => step!(
                DEBUG,
                run,
                step,
                { REQUEST_MODEL } = &*usage.model,
                { INPUT_TOKENS } = usage.input_tokens,
                { OUTPUT_TOKENS } = usage.output_tokens,
                cost = usage.cost,
                took_ms = usage.duration.map(millis),
                { ERROR_TYPE } = usage.error.as_deref(),
                "model used"
            ),
            EventKind::Progress { step, done, total } => step!(TRACE, run, step, done, total, "progress"),
            EventKind::Chunk { step, data } if self.payloads => step!(TRACE, run, step, %data, "part of a result"),
            EventKind::Chunk { step, data } => step!(TRACE, run, step, bytes = size(data), "part of a result"),
            // Those of the run itself were looked at before.
            EventKind::RunStarted { .. }
            | EventKind::RunFinished { .. }
            | EventKind::RunFailed { .. }
            | EventKind::RunCancelled { .. }
            | EventKind::Lagged(_) => {}
        }
    }
}

fn shut_down(report: &ShutdownReport) {
    let ShutdownReport { finished, cancelled, unfinished_cleanups, elapsed } = report;
    let elapsed = millis(*elapsed);
    // The level of an event is a constant.
    if *cancelled + u64::try_from(*unfinished_cleanups).unwrap_or(u64::MAX) > 0 {
        event!(target: TARGET, Level::WARN, finished, cancelled, unfinished_cleanups, { ELAPSED } = elapsed, "engine is shut down");
    } else {
        event!(target: TARGET, Level::INFO, finished, cancelled, { ELAPSED } = elapsed, "engine is shut down");
    }
}

fn millis(length: Duration) -> f64 {
    length.as_secs_f64() * 1e3
}

/// How long a part is, if that is known.
fn size(data: &Chunk) -> Option<u64> {
    match data {
        Chunk::Text(text) => u64::try_from(text.len()).ok(),
        Chunk::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
        Chunk::Value(_) => None,
    }
}

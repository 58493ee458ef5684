//! Counts and times of runs, steps and policies, for the recorder of the `metrics` crate.

mod handles;
mod names;

use std::sync::Arc;

use self::handles::{Cached, Model, Run, Scope, Step};
use super::{Collector, EngineEvent, Observation, RunInfo, StepRef};
use crate::error::FailureKind;
use crate::event::{EventKind, Usage};
use crate::policy::BreakerTransition;

/// A collector that counts: runs and steps by outcome, how long they take, retries, policies, tokens and cost.
///
/// It writes to whatever recorder of the [`metrics`](https://docs.rs/metrics) crate the program has installed when a series is
/// counted first, so install the recorder before the first run. [`Builder::metrics`](crate::Builder::metrics) installs the
/// collector. The names, what they count and their labels are listed in the guide, in `docs/guide/observing.md`. The labels have
/// only values that stand in the source: workflows, steps without indices, nodes, kinds of failure and names of policies; and the
/// names of models.
///
/// ```
/// use flowc::{Engine, node, workflow};
///
/// #[node]
/// fn greet(name: &str) -> String {
///     format!("Hello {name}")
/// }
/// workflow! {
///     fn hello(name: String) -> String { greet(&name) }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let engine = Engine::builder().resources(()).metrics().build();
/// assert!(engine.start(hello("Ada".to_owned())).await.is_ok());
/// # }
/// ```
#[derive(Default)]
pub struct Metrics {
    scope: Scope,
    runs: Cached<usize, Run>,
    steps: Cached<(usize, Option<usize>), Step>,
    models: Cached<(usize, Option<usize>, Arc<str>), Model>,
    durations: Cached<(usize, Option<usize>, Ending), metrics::Histogram>,
    /// The state of each breaker, as its gauges have it.
    breakers: Cached<Arc<str>, handles::Breaker>,
}

/// What tells calls of models in one step apart: the model, what it did, who runs it, and what went wrong.
type Ending = [Option<Arc<str>>; 4];

/// The outcome of what gave its value.
const OK: &str = "ok";

impl Metrics {
    /// Writes to the recorder that the program has installed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes to this recorder, whatever the program has installed.
    #[cfg(feature = "prometheus")]
    pub(super) fn recorded_by(recorder: Arc<dyn metrics::Recorder + Send + Sync>) -> Self {
        Self { scope: Scope::of(recorder), ..Self::default() }
    }

    fn run(&self, run: &RunInfo<'_>) -> Arc<Run> {
        let graph = run.graph;
        self.runs.get(&std::ptr::from_ref(graph).addr(), || Run::new(&self.scope, graph.name))
    }

    fn step(&self, step: &StepRef<'_>) -> Arc<Step> {
        self.steps.get(&key(step), || Step::new(&self.scope, step))
    }

    fn run_ended(&self, run: &RunInfo<'_>, outcome: &'static str, elapsed: std::time::Duration) {
        let run = self.run(run);
        run.running.decrement(1.0);
        run.duration.record(elapsed.as_secs_f64());
        run.outcomes.count(&self.scope, outcome);
    }

    fn step_ended(&self, step: &StepRef<'_>, outcome: &'static str, elapsed: std::time::Duration) {
        let step = self.step(step);
        step.running.decrement(1.0);
        step.duration.record(elapsed.as_secs_f64());
        step.outcomes.count(&self.scope, outcome);
    }

    fn used(&self, step: &StepRef<'_>, usage: &Usage) {
        let (graph, vertex) = key(step);
        if let Some(duration) = usage.duration {
            let Usage { model, operation, provider, error, .. } = usage;
            let ending = [Some(Arc::clone(model)), operation.clone(), provider.clone(), error.clone()];
            let make = || handles::duration(&self.scope, step, usage);
            self.durations.get(&(graph, vertex, ending), make).record(duration.as_secs_f64());
        }
        if usage.error.is_some() {
            return;
        }
        let make = || Model::new(&self.scope, step, &usage.model);
        let model = self.models.get(&(graph, vertex, Arc::clone(&usage.model)), make);
        #[allow(clippy::cast_precision_loss, reason = "no call has that many tokens")]
        for (tokens, histogram) in [(usage.input_tokens, &model.input), (usage.output_tokens, &model.output)] {
            histogram.record(tokens as f64);
        }
        if usage.cost > 0.0 {
            model.cost.record(usage.cost);
        }
    }

    fn breaker(&self, BreakerTransition { name, to, number, .. }: &BreakerTransition) {
        let breaker = self.breakers.get(name, || handles::Breaker::new(&self.scope, name));
        breaker.set(*to, *number);
        self.scope.counter(names::BREAKER_TRANSITIONS, &[("name", name), ("to", to.as_str())]).increment(1);
    }
}

/// What tells a step of the source from all others. A constant may have several addresses, and then its series have several
/// handles; the labels are the same.
fn key(step: &StepRef<'_>) -> (usize, Option<usize>) {
    (std::ptr::from_ref(step.graph()).addr(), step.vertex())
}

impl Collector for Metrics {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        let cancelled = FailureKind::Cancelled.as_str();
        match &event.kind {
            EventKind::RunStarted { .. } => {
                let run = self.run(run);
                run.started.increment(1);
                run.running.increment(1.0);
            }
            EventKind::RunFinished { elapsed } => self.run_ended(run, OK, *elapsed),
            EventKind::RunFailed { kind, elapsed, .. } => self.run_ended(run, kind.as_str(), *elapsed),
            EventKind::RunCancelled { elapsed, .. } => self.run_ended(run, cancelled, *elapsed),
            EventKind::StepStarted { step, .. } => self.step(step).running.increment(1.0),
            EventKind::StepFinished { step, elapsed } => self.step_ended(step, OK, *elapsed),
            EventKind::StepFailed { step, kind, elapsed, .. } => self.step_ended(step, kind.as_str(), *elapsed),
            EventKind::StepCancelled { step, elapsed } => self.step_ended(step, cancelled, *elapsed),
            EventKind::StepSkipped { step, .. } => self.step(step).outcomes.count(&self.scope, "skipped"),
            EventKind::StepRetried { step, .. } => self.step(step).retries.increment(1),
            EventKind::FallbackTaken { step, .. } => self.step(step).fallbacks.increment(1),
            EventKind::Usage { step, usage } => self.used(step, usage),
            EventKind::PermitTaken { policy, name, waited, .. } => {
                let labels: &[(&'static str, &str)] = &[("policy", policy), ("name", name)];
                self.scope.histogram(names::PERMIT_WAIT, labels).record(waited.as_secs_f64());
                if policy == "concurrency" {
                    self.scope.gauge(names::PERMITS_IN_USE, &[("name", name)]).increment(1.0);
                }
            }
            EventKind::PermitReturned { name, .. } => {
                self.scope.gauge(names::PERMITS_IN_USE, &[("name", name)]).decrement(1.0);
            }
            EventKind::CacheHit { name, .. } => {
                self.scope.counter(names::CACHE_REQUESTS, &[("name", name), ("result", "hit")]).increment(1);
            }
            EventKind::CacheMissed { name, .. } => {
                self.scope.counter(names::CACHE_REQUESTS, &[("name", name), ("result", "miss")]).increment(1);
            }
            EventKind::Lagged(missed) => self.run(run).dropped.increment(*missed),
            // Breakers are counted as the engine tells of them, as those forced by hand are no event of a run.
            EventKind::BreakerChanged { .. }
            | EventKind::Chunk { .. }
            | EventKind::Progress { .. }
            | EventKind::StepWaiting { .. }
            | EventKind::SignalRefused { .. }
            | EventKind::MapStarted { .. }
            | EventKind::MapFinished { .. } => {}
        }
    }

    fn on_engine_event(&self, event: &EngineEvent<'_>) {
        if let EngineEvent::BreakerChanged(transition) = event {
            self.breaker(transition);
        }
    }
}

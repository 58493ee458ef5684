//! The series of the metrics, looked up once and kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder};

use super::{OK, names};
use crate::event::Usage;
use crate::observe::StepRef;
use crate::policy::BreakerState;
use crate::sync::{Mutex, lock};

/// Where the series are registered.
#[derive(Default)]
pub(super) struct Scope {
    /// None for the recorder that the program has installed.
    recorder: Option<Arc<dyn Recorder + Send + Sync>>,
    described: OnceLock<()>,
}

const METADATA: Metadata<'static> = Metadata::new("flowc", Level::INFO, Some("flowc"));

fn labelled(name: &'static str, labels: &[(&'static str, &str)]) -> Key {
    let labels: Vec<Label> = labels.iter().map(|(key, value)| Label::new(*key, (*value).to_owned())).collect();
    Key::from_parts(name, labels)
}

impl Scope {
    #[cfg(feature = "prometheus")]
    pub(super) fn of(recorder: Arc<dyn Recorder + Send + Sync>) -> Self {
        Self { recorder: Some(recorder), described: OnceLock::new() }
    }

    fn with<T>(&self, register: impl FnOnce(&dyn Recorder) -> T) -> T {
        let first = |recorder: &dyn Recorder| {
            self.described.get_or_init(|| names::describe(recorder));
            register(recorder)
        };
        match &self.recorder {
            Some(recorder) => first(&**recorder),
            None => metrics::with_recorder(first),
        }
    }

    pub(super) fn counter(&self, name: &'static str, labels: &[(&'static str, &str)]) -> Counter {
        self.with(|recorder| recorder.register_counter(&labelled(name, labels), &METADATA))
    }

    pub(super) fn gauge(&self, name: &'static str, labels: &[(&'static str, &str)]) -> Gauge {
        self.with(|recorder| recorder.register_gauge(&labelled(name, labels), &METADATA))
    }

    pub(super) fn histogram(&self, name: &'static str, labels: &[(&'static str, &str)]) -> Histogram {
        self.with(|recorder| recorder.register_histogram(&labelled(name, labels), &METADATA))
    }
}

/// Handles by what they are of. There are only so many as the source has, so nothing is ever removed.
pub(super) struct Cached<K, V>(RwLock<HashMap<K, Arc<V>>>);

impl<K, V> Default for Cached<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Hash + Eq + Clone, V> Cached<K, V> {
    pub(super) fn get(&self, key: &K, make: impl FnOnce() -> V) -> Arc<V> {
        if let Some(found) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Arc::clone(found);
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster in between.
        Arc::clone(all.entry(key.clone()).or_insert_with(|| Arc::new(make())))
    }
}

/// The counters of one thing by outcome.
pub(super) struct Outcomes {
    name: &'static str,
    labels: Vec<(&'static str, String)>,
    ok: Counter,
    others: Cached<&'static str, Counter>,
}

impl Outcomes {
    fn new(scope: &Scope, name: &'static str, labels: &[(&'static str, &str)]) -> Self {
        let labels: Vec<_> = labels.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        let ok = scope.counter(name, &with(&labels, OK));
        Self { name, labels, ok, others: Cached::default() }
    }

    pub(super) fn count(&self, scope: &Scope, outcome: &'static str) {
        if outcome == OK {
            self.ok.increment(1);
        } else {
            let make = || scope.counter(self.name, &with(&self.labels, outcome));
            self.others.get(&outcome, make).increment(1);
        }
    }
}

fn with<'l>(labels: &'l [(&'static str, String)], outcome: &'l str) -> Vec<(&'static str, &'l str)> {
    labels.iter().map(|(key, value)| (*key, value.as_str())).chain([("outcome", outcome)]).collect()
}

/// The series of one workflow.
pub(super) struct Run {
    pub(super) started: Counter,
    pub(super) running: Gauge,
    pub(super) duration: Histogram,
    pub(super) outcomes: Outcomes,
    pub(super) dropped: Counter,
}

impl Run {
    pub(super) fn new(scope: &Scope, workflow: &str) -> Self {
        let labels = &[("workflow", workflow)];
        Self {
            started: scope.counter(names::RUNS_STARTED, labels),
            running: scope.gauge(names::RUNS_RUNNING, labels),
            duration: scope.histogram(names::RUN_DURATION, labels),
            outcomes: Outcomes::new(scope, names::RUNS, labels),
            dropped: scope.counter(names::EVENTS_DROPPED, labels),
        }
    }
}

/// The series of one step of the source.
pub(super) struct Step {
    pub(super) running: Gauge,
    pub(super) duration: Histogram,
    pub(super) outcomes: Outcomes,
    pub(super) retries: Counter,
    pub(super) fallbacks: Counter,
}

impl Step {
    pub(super) fn new(scope: &Scope, step: &StepRef<'_>) -> Self {
        let label = step.label();
        let node = step.node().map_or("", |node| node.name);
        let labels: &[(&'static str, &str)] = &[("workflow", step.graph().name), ("step", &label), ("node", node)];
        Self {
            running: scope.gauge(names::STEPS_RUNNING, labels),
            duration: scope.histogram(names::STEP_DURATION, labels),
            outcomes: Outcomes::new(scope, names::STEPS, labels),
            retries: scope.counter(names::STEP_RETRIES, labels),
            fallbacks: scope.counter(names::STEP_FALLBACKS, labels),
        }
    }
}

/// The series of one model in one step.
pub(super) struct Model {
    pub(super) input: Histogram,
    pub(super) output: Histogram,
    pub(super) cost: Histogram,
}

impl Model {
    pub(super) fn new(scope: &Scope, step: &StepRef<'_>, model: &str) -> Self {
        let label = step.label();
        let labels: Vec<(&'static str, &str)> =
            vec![("workflow", step.graph().name), ("step", &label), ("gen_ai_request_model", model)];
        let of_type = |kind| [labels.as_slice(), &[("gen_ai_token_type", kind)]].concat();
        Self {
            input: scope.histogram(names::TOKEN_USAGE, &of_type("input")),
            output: scope.histogram(names::TOKEN_USAGE, &of_type("output")),
            cost: scope.histogram(names::MODEL_COST, &labels),
        }
    }
}

/// How long the calls of a model in one step took that ended alike.
pub(super) fn duration(scope: &Scope, step: &StepRef<'_>, usage: &Usage) -> Histogram {
    let label = step.label();
    let mut labels: Vec<(&'static str, &str)> =
        vec![("workflow", step.graph().name), ("step", &label), ("gen_ai_request_model", &usage.model)];
    let told = [
        ("gen_ai_operation_name", &usage.operation),
        ("gen_ai_provider_name", &usage.provider),
        ("error_type", &usage.error),
    ];
    labels.extend(told.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))));
    scope.histogram(names::OPERATION_DURATION, &labels)
}

/// The gauges of one breaker.
pub(super) struct Breaker {
    states: [(BreakerState, Gauge); 5],
    /// The transition that they show.
    number: Mutex<u64>,
}

impl Breaker {
    pub(super) fn new(scope: &Scope, name: &str) -> Self {
        use BreakerState::{Closed, ForcedClosed, ForcedOpen, HalfOpen, Open};
        let gauge = |state: BreakerState| {
            (state, scope.gauge(names::BREAKER_STATE, &[("name", name), ("state", state.as_str())]))
        };
        let states = [Closed, Open, HalfOpen, ForcedOpen, ForcedClosed].map(gauge);
        Self { states, number: Mutex::default() }
    }

    /// Shows a state, unless a later one is shown: on several threads they may come in any order.
    pub(super) fn set(&self, now: BreakerState, number: u64) {
        let mut shown = lock(&self.number);
        if *shown > number {
            return;
        }
        *shown = number;
        for (state, gauge) in &self.states {
            gauge.set(if *state == now { 1.0 } else { 0.0 });
        }
    }
}

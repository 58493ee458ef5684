//! The numbers in metrics are the numbers in events.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use flowc::observe::Prometheus;
use flowc::{Engine, Event, EventKind, FailureKind};
use flowc_observe_tests::{Page, order, question, series, total};

/// What events add up to: by name, and by what stands in its labels.
#[derive(Default)]
#[allow(clippy::type_complexity, reason = "a name, its labels, and the value")]
struct Counts(BTreeMap<(&'static str, Vec<(&'static str, String)>), f64>);

impl Counts {
    fn add(&mut self, name: &'static str, labels: &[(&'static str, &str)], by: f64) {
        let labels = labels.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        *self.0.entry((name, labels)).or_default() += by;
    }

    /// Reads all events of one run.
    fn read(&mut self, events: &[Event]) {
        let mut nodes: HashMap<&str, &str> = HashMap::new();
        // A listener that comes late has missed the name.
        let mut of_run = "order";
        for event in events {
            let node = event.kind.step().and_then(|step| nodes.get(step).copied()).unwrap_or("?");
            let mut step = |outcome: &str, elapsed: &Duration| {
                self.add("flowc_steps_total", &[("node", node), ("outcome", outcome)], 1.0);
                self.add("flowc_step_duration_seconds_count", &[("node", node)], 1.0);
                self.add("flowc_step_duration_seconds_sum", &[("node", node)], elapsed.as_secs_f64());
            };
            match &event.kind {
                EventKind::RunStarted { workflow, .. } => {
                    of_run = workflow;
                    self.add("flowc_runs_started_total", &[("workflow", workflow)], 1.0);
                }
                EventKind::StepStarted { step, node } => {
                    nodes.insert(step, node);
                }
                EventKind::StepFinished { elapsed, .. } => step("ok", elapsed),
                EventKind::StepFailed { kind, elapsed, .. } => step(kind.as_str(), elapsed),
                EventKind::StepCancelled { elapsed, .. } => step("cancelled", elapsed),
                EventKind::StepSkipped { node, .. } => {
                    self.add("flowc_steps_total", &[("node", node), ("outcome", "skipped")], 1.0);
                }
                EventKind::StepRetried { .. } => self.add("flowc_step_retries_total", &[("node", node)], 1.0),
                EventKind::Usage { usage, .. } => {
                    let calls = "gen_ai_client_operation_duration_seconds_count";
                    self.add(calls, &[("gen_ai_operation_name", "chat"), ("gen_ai_provider_name", "openai")], 1.0);
                    if let Some(error) = &usage.error {
                        self.add(calls, &[("error_type", error)], 1.0);
                        continue;
                    }
                    let tokens = "gen_ai_client_token_usage_sum";
                    self.add(tokens, &[("gen_ai_token_type", "input")], usage.input_tokens as f64);
                    self.add(tokens, &[("gen_ai_token_type", "output")], usage.output_tokens as f64);
                    self.add("flowc_model_cost_sum", &[("gen_ai_request_model", "tiny")], usage.cost);
                }
                EventKind::RunFinished { .. } => self.add("flowc_runs_total", &[("outcome", "ok")], 1.0),
                EventKind::RunFailed { kind, .. } => self.add("flowc_runs_total", &[("outcome", kind.as_str())], 1.0),
                EventKind::RunCancelled { .. } => self.add("flowc_runs_total", &[("outcome", "cancelled")], 1.0),
                EventKind::Lagged(missed) => {
                    self.add("flowc_events_dropped_total", &[("workflow", of_run)], *missed as f64);
                }
                EventKind::PermitTaken { policy, name, waited, .. } => {
                    let labels: &[(&'static str, &str)] = &[("policy", policy), ("name", name)];
                    self.add("flowc_permit_wait_seconds_count", labels, 1.0);
                    self.add("flowc_permit_wait_seconds_sum", labels, waited.as_secs_f64());
                    if policy == "concurrency" {
                        self.add("flowc_permits_in_use", &[("name", name)], 1.0);
                    }
                }
                EventKind::PermitReturned { name, .. } => self.add("flowc_permits_in_use", &[("name", name)], -1.0),
                EventKind::BreakerChanged { name, to, .. } => {
                    self.add("flowc_breaker_transitions_total", &[("name", name), ("to", to.as_str())], 1.0);
                }
                EventKind::CacheHit { name, .. } => {
                    self.add("flowc_cache_requests_total", &[("name", name), ("result", "hit")], 1.0);
                }
                EventKind::CacheMissed { name, .. } => {
                    self.add("flowc_cache_requests_total", &[("name", name), ("result", "miss")], 1.0);
                }
                EventKind::FallbackTaken { .. } => self.add("flowc_step_fallbacks_total", &[("node", node)], 1.0),
                _ => {}
            }
        }
    }

    /// They are the numbers of the metrics.
    fn assert_are(&self, text: &str) {
        let seen = series(text);
        for ((name, labels), expected) in &self.0 {
            let labels: Vec<(&str, &str)> = labels.iter().map(|(key, value)| (*key, value.as_str())).collect();
            let found = total(&seen, name, &labels);
            let near = (found - expected).abs() <= expected.abs() * 1e-9;
            assert!(near, "{name} {labels:?}: {found} and {expected}\n{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_numbers_in_metrics_are_the_numbers_in_events() {
    const RUNS: u64 = 3_000;
    let prometheus = Prometheus::new();
    let engine = Engine::builder().resources(()).collector(prometheus.clone()).build();
    let mut tasks = Vec::new();
    for number in 0..RUNS {
        let mut run = engine.start(order(number));
        tasks.push(tokio::spawn(async move {
            let mut events = Vec::new();
            while let Some(event) = run.next_event().await {
                if event.kind.step() == Some("order/linger") {
                    run.cancel();
                }
                events.push(event);
            }
            let ended = run.await;
            assert_eq!(
                number % 11 == 5 && number % 7 != 3,
                ended.is_err_and(|failure| failure.kind() == FailureKind::Cancelled)
            );
            events
        }));
    }
    let mut counts = Counts::default();
    for task in tasks {
        counts.read(&task.await.unwrap());
    }

    let text = prometheus.render();
    let seen = series(&text);
    assert!(counts.0.len() > 20, "{:?}", counts.0);
    counts.assert_are(&text);
    // Nothing is counted that no event told of.
    let names = ["flowc_runs_total", "flowc_steps_total", "flowc_step_retries_total", "flowc_runs_started_total"];
    for name in names {
        let told: f64 = counts.0.iter().filter(|((own, _), _)| *own == name).map(|(_, count)| count).sum();
        assert!((total(&seen, name, &[]) - told).abs() < 0.5, "{name}");
    }
    // As OpenTelemetry's conventions bound the times of calls.
    let bucket = "gen_ai_client_operation_duration_seconds_bucket";
    assert!(total(&seen, bucket, &[("le", "81.92"), ("error_type", "503")]) > 0.0, "no call failed");
    assert_eq!(total(&seen, "flowc_runs_started_total", &[]), RUNS as f64);
    assert_eq!((total(&seen, "flowc_runs_running", &[]), total(&seen, "flowc_steps_running", &[])), (0.0, 0.0));
    for outcome in ["ok", "error", "panic", "cancelled"] {
        assert!(total(&seen, "flowc_runs_total", &[("outcome", outcome)]) > 0.0, "no run ended with {outcome}");
    }
    for outcome in ["ok", "error", "timeout", "panic", "cancelled", "skipped"] {
        assert!(total(&seen, "flowc_steps_total", &[("outcome", outcome)]) > 0.0, "no step ended with {outcome}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_numbers_of_policies_are_those_of_their_events() {
    let prometheus = Prometheus::new();
    let engine = Engine::builder().resources(()).collector(prometheus.clone()).build();
    let mut runs = Vec::new();
    for number in 0..300 {
        let mut run = engine.start(question(number, Page(number % 40)));
        let listener = tokio::spawn(async move {
            let mut events = Vec::new();
            while let Some(event) = run.next_event().await {
                events.push(event);
            }
            run.await.expect("its fallback gives a value");
            events
        });
        runs.push(listener);
        if number % 20 == 0 {
            // Time for the breaker to cool down, so that it probes.
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    let mut counts = Counts::default();
    for run in runs {
        counts.read(&run.await.unwrap());
    }
    let text = prometheus.render();
    counts.assert_are(&text);
    let seen = series(&text);
    for (name, labels) in [
        ("flowc_cache_requests_total", ("result", "hit")),
        ("flowc_cache_requests_total", ("result", "miss")),
        ("flowc_breaker_transitions_total", ("to", "open")),
        ("flowc_breaker_transitions_total", ("to", "half_open")),
        ("flowc_permit_wait_seconds_count", ("policy", "rate")),
        ("flowc_permit_wait_seconds_count", ("policy", "concurrency")),
        ("flowc_step_fallbacks_total", ("node", "judge")),
    ] {
        assert!(total(&seen, name, &[labels]) > 0.0, "no {name} with {labels:?}\n{text}");
    }
    let states = total(&seen, "flowc_breaker_state", &[("name", "model")]);
    assert_eq!((states, total(&seen, "flowc_permits_in_use", &[])), (1.0, 0.0), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_listener_missed_is_counted() {
    let prometheus = Prometheus::new();
    let engine = Engine::builder().resources(()).event_capacity(4).collector(prometheus.clone()).build();
    let run = engine.start(order(1));
    let mut listener = run.events_from(0);
    run.await.unwrap();
    let mut counts = Counts::default();
    let mut events = Vec::new();
    while let Some(event) = listener.next().await {
        events.push(event);
    }
    counts.read(&events);
    let missed = total(&series(&prometheus.render()), "flowc_events_dropped_total", &[("workflow", "order")]);
    assert!(missed > 5.0);
    assert_eq!(counts.0.get(&("flowc_events_dropped_total", vec![("workflow", "order".to_owned())])), Some(&missed));
}

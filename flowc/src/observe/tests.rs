//! What collectors make of events that this crate's own runs do not bring about by themselves.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Collector, Place, Prometheus, RunInfo, StepRef};
use crate::engine::Engine;
use crate::event::{Event, EventKind};
use crate::graph::{GraphSpec, make};
use crate::id::RunId;
use crate::policy::{BreakerPolicy, Shares};

const GRAPH: &GraphSpec = &make::graph("shop", "", ("", 0), &[], &[]);

fn tell(to: &Prometheus, kinds: impl IntoIterator<Item = EventKind<()>>) {
    let id = RunId::new();
    let run = RunInfo { id, graph: GRAPH, correlation_id: None, started: UNIX_EPOCH };
    for (seq, kind) in (0..).zip(kinds) {
        let kind = kind.named(|()| StepRef::known(Place { graph: GRAPH, vertex: None }, "shop/price".into()));
        to.on_event(&run, &Event { seq, time: SystemTime::now(), run: id, kind });
    }
}

fn name(name: &str) -> Arc<str> {
    name.into()
}

fn has(text: &str, line: &str) {
    assert!(text.lines().any(|own| own == line), "no `{line}` in\n{text}");
}

#[test]
fn a_breaker_is_in_one_state() {
    let prometheus = Prometheus::new();
    let (shares, policy) = (Shares::new(), BreakerPolicy::new().failures(1).cooldown(Duration::ZERO));
    let engine = Engine::builder().resources(()).shares(shares.clone()).collector(prometheus.clone()).build();
    let breaker = shares.breaker("search", &policy);
    breaker.acquire().unwrap().failure();
    let _probe = breaker.acquire().unwrap();
    let text = prometheus.render();
    for state in ["closed", "open", "forced_open", "forced_closed"] {
        has(&text, &format!("flowc_breaker_state{{name=\"search\",state=\"{state}\"}} 0"));
    }
    has(&text, "flowc_breaker_state{name=\"search\",state=\"half_open\"} 1");
    has(&text, "flowc_breaker_transitions_total{name=\"search\",to=\"open\"} 1");
    // What is done by hand counts as well, as long as the engine is there.
    breaker.force_open();
    drop(engine);
    breaker.force_close();
    let text = prometheus.render();
    has(&text, "flowc_breaker_state{name=\"search\",state=\"forced_open\"} 1");
    has(&text, "flowc_breaker_state{name=\"search\",state=\"half_open\"} 0");
    has(&text, "flowc_breaker_state{name=\"search\",state=\"forced_closed\"} 0");
}

#[test]
fn permits_are_in_use_until_they_are_returned() {
    let prometheus = Prometheus::new();
    let taken = |policy: &'static str, millis| EventKind::PermitTaken {
        step: (),
        policy: policy.into(),
        name: name("gpu"),
        waited: Duration::from_millis(millis),
    };
    let returned = EventKind::PermitReturned { step: (), name: name("gpu") };
    tell(&prometheus, [taken("concurrency", 0), taken("concurrency", 40), returned, taken("rate", 2_000)]);
    let text = prometheus.render();
    has(&text, "flowc_permits_in_use{name=\"gpu\"} 1");
    has(&text, "flowc_permit_wait_seconds_bucket{policy=\"concurrency\",name=\"gpu\",le=\"0.05\"} 2");
    has(&text, "flowc_permit_wait_seconds_bucket{policy=\"rate\",name=\"gpu\",le=\"1\"} 0");
    has(&text, "flowc_permit_wait_seconds_bucket{policy=\"rate\",name=\"gpu\",le=\"2.5\"} 1");
}

#[test]
fn hits_misses_and_fallbacks_are_counted() {
    let prometheus = Prometheus::new();
    let hit = || EventKind::CacheHit { step: (), name: name("pages") };
    let missed = EventKind::CacheMissed { step: (), name: name("pages") };
    let fallback = EventKind::FallbackTaken { step: (), kind: crate::FailureKind::Timeout, error: name("late") };
    tell(&prometheus, [hit(), missed, hit(), fallback]);
    let text = prometheus.render();
    has(&text, "flowc_cache_requests_total{name=\"pages\",result=\"hit\"} 2");
    has(&text, "flowc_cache_requests_total{name=\"pages\",result=\"miss\"} 1");
    has(&text, "flowc_step_fallbacks_total{workflow=\"shop\",step=\"shop\",node=\"\"} 1");
}

#[test]
fn an_address_that_cannot_be_listened_at_is_an_error() {
    let error = Prometheus::listen("localhost").unwrap_err().to_string();
    assert!(error.contains("127.0.0.1:9464"), "{error}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    assert!(Prometheus::listen(&taken.local_addr().unwrap().to_string()).is_err());
}

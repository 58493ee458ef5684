//! A real Prometheus scrapes an engine and answers with the right numbers.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use flowc::Engine;
use flowc_observe_tests::prometheus::{self, Server};
use flowc_observe_tests::{order, series, total};
use serde_json::Value;

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn docs(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/observability").join(file)
}

/// Numbers of orders, and how each ends.
async fn run_orders(engine: &Engine<()>) -> (u64, u64) {
    let (mut ok, mut failed) = (0, 0);
    for number in (0..40).filter(|number| number % 11 != 5) {
        match engine.start(order(number)).await {
            Ok(_) => ok += 1,
            Err(_) => failed += 1,
        }
    }
    let lingering = engine.start(order(5));
    let mut events = lingering.events();
    while let Some(event) = events.next().await {
        if event.kind.step() == Some("order/linger") {
            break;
        }
    }
    lingering.cancel();
    let _ = lingering.await;
    (ok, failed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_scrapes_an_engine_and_answers_with_its_numbers() {
    prometheus::install(scratch());
    let port = prometheus::free_port();
    let engine = Engine::builder().resources(()).prometheus(&format!("127.0.0.1:{port}")).unwrap().build();
    // In a task, whose thread has the room.
    let runs = engine.clone();
    let (ok, failed) = tokio::spawn(async move { run_orders(&runs).await }).await.unwrap();
    assert!(ok > 20 && failed > 5, "{ok} {failed}");

    let text = tokio::task::spawn_blocking(move || prometheus::get(port, "/metrics").unwrap()).await.unwrap();
    let scrape = scratch().join("scrape.txt");
    fs::write(&scrape, &text).unwrap();
    let said = prometheus::promtool(&["check", "metrics"], &scrape).unwrap_or_else(|said| panic!("{said}\n{text}"));
    assert_eq!(said, "", "promtool finds fault with the names");
    let seen = series(&text);
    let runs = |outcome| total(&seen, "flowc_runs_total", &[("workflow", "order"), ("outcome", outcome)]);
    assert_eq!((runs("ok"), runs("cancelled")), (ok as f64, 1.0));

    let checked = tokio::task::spawn_blocking(move || {
        let server = Server::start(&scratch().join("server"), port);
        let exactly = |expected: f64| move |number: f64| (number - expected).abs() < 1e-9;
        server.number("sum(flowc_runs_total{job=\"flowc\",outcome=\"ok\"})", exactly(ok as f64));
        server.number("sum(flowc_runs_total{outcome!~\"ok|cancelled\"})", exactly(failed as f64));
        server.number("sum(flowc_runs_running)", exactly(0.0));
        server.number("sum(flowc_step_duration_seconds_count{step=\"prices/price\"})", |calls| calls > 10.0);
        let median = "histogram_quantile(0.5, sum by (le) (flowc_run_duration_seconds_bucket))";
        let median = server.number(median, |seconds| seconds > 0.0);
        assert!(median < 1.0, "{median}");
        // Each panel of the dashboard is read by the server itself.
        let mut panels = 0;
        for expression in expressions() {
            server.query(&expression).unwrap_or_else(|why| panic!("{expression}: {why}"));
            panels += 1;
        }
        panels
    });
    assert!(checked.await.unwrap() >= 12);
}

/// The expressions of the dashboard, its variables set.
fn expressions() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&fs::read_to_string(docs("grafana-dashboard.json")).unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    let set = |text: &str| text.replace("$__rate_interval", "1m").replace("$workflow", ".*");
    targets.map(|target| set(target["expr"].as_str().unwrap())).collect()
}

#[test]
fn the_dashboard_is_one_that_grafana_imports() {
    let dashboard: Value = serde_json::from_str(&fs::read_to_string(docs("grafana-dashboard.json")).unwrap()).unwrap();
    assert_eq!(dashboard["__inputs"][0]["pluginId"], "prometheus");
    let source = format!("${{{}}}", dashboard["__inputs"][0]["name"].as_str().unwrap());
    assert!(dashboard["title"].is_string() && dashboard["uid"].is_string() && dashboard["id"].is_null());
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{panel}");
        let place = &panel["gridPos"];
        assert!(place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap() <= 24 && place["h"].as_u64().unwrap() > 0);
        if panel["type"] == "row" {
            continue;
        }
        assert_eq!(panel["datasource"]["uid"], source.as_str(), "{panel}");
        for target in panel["targets"].as_array().unwrap() {
            assert!(target["expr"].is_string() && target["refId"].is_string(), "{panel}");
        }
    }
}

/// All names of series in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let ours = words.filter(|word| word.starts_with("flowc_") || word.starts_with("gen_ai_client"));
    let plain = |word: &str| {
        let end = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
        end.unwrap_or(word).to_owned()
    };
    ours.map(plain).collect()
}

#[test]
fn dashboard_rules_and_guide_speak_of_metrics_that_exist() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../flowc/src/observe/metrics/names.rs");
    let there = names(&fs::read_to_string(source).unwrap());
    assert!(there.len() > 12, "{there:?}");
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/observing.md");
    let told = names(&fs::read_to_string(guide).unwrap());
    assert_eq!(there.difference(&told).collect::<Vec<_>>(), [&""; 0], "not in the guide");
    for file in ["grafana-dashboard.json", "alerts.yml"] {
        let used = names(&fs::read_to_string(docs(file)).unwrap());
        assert!(!used.is_empty());
        assert_eq!(used.difference(&there).collect::<Vec<_>>(), [&""; 0], "{file}");
    }
}

#[test]
fn the_alert_rules_are_rules() {
    prometheus::install(scratch());
    let rules = docs("alerts.yml");
    let said = prometheus::promtool(&["check", "rules", rules.to_str().unwrap()], &rules);
    let said = said.unwrap_or_else(|said| panic!("{said}"));
    assert!(said.contains("rules found") && !said.contains("lint error"), "{said}");
}

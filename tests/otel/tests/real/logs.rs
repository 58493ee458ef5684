//! What a run writes to the log.

use std::time::Duration;

use flowc::Engine;
use flowc::observe::Logs;
use flowc::policy::{BreakerPolicy, Shares};
use flowc_otel_tests::capture::{Capture, Line};
use flowc_otel_tests::play::{App, doomed, report};

/// The lines of a log without what differs from run to run.
fn told(lines: &[Line], least: tracing::Level) -> Vec<String> {
    let ours = lines.iter().filter(|line| line.target == "flowc" && line.level <= least);
    let shown =
        |field: &&String| !["flowc.run.id", "flowc.elapsed_ms", "delay_ms"].iter().any(|name| field.starts_with(name));
    ours.map(|line| {
        let fields: Vec<_> = line.fields.iter().filter(shown).map(String::as_str).collect();
        format!("{} {} {}", line.level, line.message, fields.join(" ")).trim_end().to_owned()
    })
    .collect()
}

#[tokio::test]
async fn what_matters_is_logged_at_the_level_that_fits() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(App::default()).collector(Logs::new()).build();
    engine.start(report("cats".to_owned()).correlation_id("request-7")).await.unwrap();
    engine.start(doomed("cats".to_owned())).await.unwrap_err();
    let expected = [
        "INFO run started flowc.workflow=report flowc.correlation.id=request-7",
        "WARN attempt failed, and there will be another flowc.step=report/pages flowc.attempt=1 error=step `report/pages` (node `search`) failed: no line to the index of cats",
        "WARN step failed flowc.step=report/consult flowc.failure.kind=error error=nobody knows cats",
        "INFO run finished",
        "INFO run started flowc.workflow=doomed",
        "WARN step failed flowc.step=doomed/consult flowc.failure.kind=error error=nobody knows cats",
        "ERROR run failed flowc.step=doomed/consult flowc.failure.kind=error error=step `doomed/consult` failed: nobody knows cats",
    ];
    assert_eq!(told(&capture.lines(), tracing::Level::INFO), expected);

    let all = told(&capture.lines(), tracing::Level::TRACE);
    for line in [
        "DEBUG step started flowc.step=report/facts flowc.node=facts",
        "DEBUG step finished flowc.step=report/details/weight",
        "DEBUG model used flowc.step=report/header gen_ai.request.model=small-model gen_ai.usage.input_tokens=11 gen_ai.usage.output_tokens=4 cost=0.0",
        "TRACE progress flowc.step=report/header done=1 total=1",
        "TRACE part of a result flowc.step=report/header bytes=19",
    ] {
        assert!(all.iter().any(|found| found == line), "{line} is not in\n{}", all.join("\n"));
    }
}

#[tokio::test]
async fn what_streams_out_is_logged_only_if_asked_for() {
    for payloads in [false, true] {
        let (capture, _guard) = Capture::here();
        let engine = Engine::builder().resources(App::default()).collector(Logs::new().payloads(payloads)).build();
        engine.start(report("cats".to_owned())).await.unwrap();
        let shown = capture.lines().iter().any(|line| line.fields.iter().any(|field| field.contains("thinking about")));
        assert_eq!(shown, payloads);
    }
}

#[tokio::test(start_paused = true)]
async fn what_happens_to_the_engine_is_logged_too() {
    let (capture, _guard) = Capture::here();
    let shares = Shares::new();
    let engine = Engine::builder().resources(App::default()).shares(shares.clone()).collector(Logs::new()).build();
    shares.breaker("search", &BreakerPolicy::new()).force_open();
    let run = engine.start(report("cats".to_owned())).detach();
    engine.shutdown(Duration::ZERO).await;
    drop(run);
    let lines = told(&capture.lines(), tracing::Level::INFO);
    let ours: Vec<_> = lines.iter().filter(|line| !line.contains("run ") && !line.contains("flowc.step")).collect();
    let expected = [
        "WARN breaker was set by hand breaker=search from=Closed to=ForcedOpen",
        "INFO engine is being shut down running=1 limit_ms=0.0",
        "WARN engine is shut down finished=0 cancelled=1 unfinished_cleanups=0",
    ];
    assert_eq!(ours, expected);
}

//! What spans a run makes, read in the test itself.

// Nodes play what users write.

use std::time::Duration;

use flowc::{Engine, FailureKind, node, workflow};
use flowc_otel_tests::capture::Capture;
use flowc_otel_tests::play::{App, doomed, report};
use flowc_otel_tests::tree::{draw, only};

#[tokio::test]
async fn a_run_without_an_engine_makes_no_spans() {
    let (capture, _guard) = Capture::here();
    report("cats".to_owned()).run(&App::default()).await.unwrap();
    // Those of the nodes' own are there, and nothing is around them.
    let spans = capture.spans();
    assert!(spans.iter().all(|span| span.name.starts_with("inside") && span.parent.is_empty()), "{}", draw(&spans));
}

#[tokio::test]
async fn a_span_of_a_run_stands_in_the_one_around_its_start() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(App::default()).build();
    let run = tracing::info_span!("request").in_scope(|| engine.start(doomed("cats".to_owned())));
    run.await.unwrap_err();
    let spans = capture.spans();
    let expected = "\
request
  invoke_workflow doomed: failed ERROR `step `doomed/consult` failed: nobody knows cats` (error)
    execute_tool consult at doomed/consult: failed ERROR `nobody knows cats` (flowc_otel_tests::play::SearchError)
";
    assert_eq!(draw(&spans), expected);
    assert_eq!(only(&spans, "execute_tool consult").get("flowc.failure.kind"), "error");
}

#[node(timeout = "10ms", retry(attempts = 2, base = "1ms"))]
async fn sleep() {
    tokio::time::sleep(Duration::from_secs(3600)).await;
}
#[node]
async fn forever() {
    std::future::pending::<()>().await;
}
#[node]
async fn panics() {
    tokio::task::yield_now().await;
    panic!("out of cheese")
}

workflow! {
    fn sleeps() { sleep(); }
    fn inner() { forever(); }
    fn waits() { inner(); }
    fn falls() { panics(); }
    fn hurried() {
        #[timeout("10ms")]
        inner();
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_whose_time_is_up_has_failed() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(()).build();
    let failure = engine.start(sleeps()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Timeout);
    let drawn = draw(&capture.spans());
    let attempts: Vec<_> = drawn.lines().filter(|line| line.trim_start().starts_with("attempt")).collect();
    assert_eq!(attempts.len(), 2, "{drawn}");
    assert!(attempts.iter().all(|line| line.contains("failed ERROR") && line.ends_with("(timeout)")), "{drawn}");
}

#[tokio::test(start_paused = true)]
async fn steps_inside_of_an_attempt_whose_time_is_up_are_cancelled() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(()).build();
    engine.start(hurried()).await.unwrap_err();
    let spans = capture.spans();
    assert_eq!(only(&spans, "attempt").get("flowc.outcome"), "failed");
    assert_eq!(only(&spans, "execute_tool forever").get("flowc.outcome"), "cancelled");
    assert_eq!(only(&spans, "invoke_workflow inner").get("error.type"), "timeout");
}

#[tokio::test]
async fn what_a_cancelled_run_did_was_cancelled() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(waits());
    tokio::task::yield_now().await;
    run.cancel();
    run.await.unwrap_err();
    let expected = "\
invoke_workflow waits: cancelled
  invoke_workflow inner at waits/inner: cancelled
    execute_tool forever at waits/inner/forever: cancelled
";
    assert_eq!(draw(&capture.spans()), expected);
}

#[tokio::test]
async fn a_panic_is_an_error_of_its_step() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(()).build();
    engine.start(falls()).await.unwrap_err();
    let spans = capture.spans();
    let step = only(&spans, "execute_tool panics");
    assert_eq!((step.status.as_str(), step.get("error.type")), ("ERROR", "panic"));
    assert_eq!(step.message, "out of cheese");
}

#[tokio::test]
async fn a_header_is_passed_on_where_nobody_sends_spans() {
    const HEADER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let engine = Engine::builder().resources(App::default()).build();
    let said = engine.start(report("cats".to_owned()).traceparent(HEADER)).await.unwrap();
    assert!(said.ends_with(HEADER), "{said}");
    let said = report("cats".to_owned()).traceparent(HEADER).run(&App::default()).await.unwrap();
    assert!(said.ends_with(HEADER), "{said}");
}

#[node(retry(attempts = 2, base = "1ms"), fallback = plan_b)]
async fn plan_a() -> Result<u32, String> {
    Err("not today".to_owned())
}
fn plan_b(_: &flowc::Failure<String>) -> u32 {
    2
}

workflow! {
    fn plans() -> u32 { plan_a() }
}

#[tokio::test(start_paused = true)]
async fn a_fallback_saves_the_step_and_not_its_attempts() {
    let (capture, _guard) = Capture::here();
    let engine = Engine::builder().resources(()).build();
    assert_eq!(engine.start(plans()).await.unwrap(), 2);
    let expected = "\
invoke_workflow plans: done
  execute_tool plan_a at plans/plan_a: done
    attempt #1 at plans/plan_a: failed ERROR `not today` (alloc::string::String)
    attempt #2 at plans/plan_a: failed ERROR `not today` (alloc::string::String)
";
    assert_eq!(draw(&capture.spans()), expected);
}

#[node]
async fn ask(#[context] cx: &flowc::Context) {
    cx.usage(flowc::Usage::new("small-model").provider("openai").finish_reason("length").input_tokens(3));
}
workflow! {
    fn asks() { ask(); }
}

#[node]
async fn talk(ends: bool, #[context] cx: &flowc::Context) -> Result<(), String> {
    let call = cx.model_call("chat", "small-model", Some("openai"));
    call.around(async { tracing::info_span!("request over HTTP").in_scope(|| ()) }).await;
    if ends {
        let usage = flowc::Usage::new("small-model").response_model("small-model-2026-11-01").finish_reason("stop");
        call.done(usage.input_tokens(3).output_tokens(4));
        return Ok(());
    }
    let left = cx.model_call("embeddings", "other-model", None);
    drop(left);
    call.failed("429", &"too much");
    Err("too much".to_owned())
}
workflow! {
    fn talks() -> bool {
        talk(true);
        let failed = catch(talk(false));
        failed.is_err()
    }
}

#[tokio::test]
async fn a_call_of_a_model_has_a_span_of_its_own() {
    let (capture, _guard) = Capture::here();
    Engine::builder().resources(()).build().start(talks()).await.unwrap();
    let spans = capture.spans();
    let expected = "\
invoke_workflow talks: done
  execute_tool talk at talks/failed: failed ERROR `too much` (alloc::string::String)
    chat small-model at talks/failed: failed ERROR `too much` (429)
      request over HTTP
    embeddings other-model at talks/failed: cancelled
  execute_tool talk at talks/talk: done
    chat small-model at talks/talk: done
      request over HTTP
";
    assert_eq!(draw(&spans), expected);
    let done =
        spans.iter().find(|span| span.get("gen_ai.response.model") == "small-model-2026-11-01").expect("its span");
    for (name, value) in [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.provider.name", "openai"),
        ("gen_ai.request.model", "small-model"),
        ("gen_ai.response.finish_reasons", "stop"),
        ("gen_ai.usage.input_tokens", "3"),
        ("gen_ai.usage.output_tokens", "4"),
    ] {
        assert_eq!(done.get(name), value, "{name}");
    }
    // Only one of them says how many tokens there were, as products sum over all spans.
    let counted = spans.iter().filter(|span| !span.get("gen_ai.usage.input_tokens").is_empty());
    assert_eq!(counted.count(), 1);
}

#[tokio::test]
async fn a_call_of_a_model_says_who_runs_it_and_why_it_ended() {
    let (capture, _guard) = Capture::here();
    Engine::builder().resources(()).build().start(asks()).await.unwrap();
    let spans = capture.spans();
    let told = spans.iter().find(|span| span.get("gen_ai.request.model") == "small-model").expect("a span of the call");
    assert_eq!(told.get("gen_ai.provider.name"), "openai");
    assert_eq!(told.get("gen_ai.response.finish_reasons"), "length");
}

//! One definition, many runs; with and without a runtime; and what a run is found by.

use flowc::{Context, Engine, FailureKind, node, workflow};

#[node]
async fn whose(number: u64, #[context] cx: &Context) -> String {
    tokio::task::yield_now().await;
    format!("{number} {} {}", cx.correlation_id().unwrap_or("nobody"), cx.step())
}

workflow! {
    fn ask(number: u64) -> String {
        let text = whose(number);
        text
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_runs_at_once() {
    let engine = Engine::builder().resources(()).build();
    let runs: Vec<_> = (0..200).map(|number| (number, engine.start(ask(number)))).collect();
    for (number, run) in runs {
        assert_eq!(run.await.unwrap(), format!("{number} nobody ask/text"));
    }
    let tasks: Vec<_> = (0..200).map(|number| (number, tokio::spawn(ask(number).run(&())))).collect();
    for (number, task) in tasks {
        assert_eq!(task.await.unwrap().unwrap(), format!("{number} nobody ask/text"));
    }
}

#[tokio::test]
async fn a_run_is_found_by_its_correlation() {
    let found = ask(1).correlation_id("request-7").run(&()).await.unwrap();
    assert_eq!(found, "1 request-7 ask/text");
    let engine = Engine::builder().resources(()).build();
    assert_eq!(engine.start(ask(2).correlation_id("request-8")).await.unwrap(), "2 request-8 ask/text");
}

#[test]
fn without_a_runtime() {
    assert_eq!(ask(1).run_blocking(&()).unwrap(), "1 nobody ask/text");
    assert_eq!(ask(1).correlation_id("here").run_blocking(&()).unwrap(), "1 here ask/text");
}

#[tokio::test]
async fn blocking_inside_a_runtime_is_an_error() {
    let failure = ask(1).run_blocking(&()).unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Runtime);
}

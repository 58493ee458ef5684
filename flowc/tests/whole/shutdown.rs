//! An engine is shut down: nobody is let in, who is inside may finish, and the rest is cancelled.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowc::{Context, Engine, FailureKind, RunState, node, workflow};
use tokio::time::{Instant, sleep};

const MS: fn(u64) -> Duration = Duration::from_millis;

#[derive(flowc::Resources, Default, Clone)]
struct App {
    cleaned: Arc<AtomicUsize>,
}

/// Takes its time, and its time to clean up.
#[node]
async fn work(millis: u64, cleanup: u64, #[resource] cleaned: &Arc<AtomicUsize>, #[context] cx: &Context) -> u64 {
    let cleaned = Arc::clone(cleaned);
    cx.on_cancel(async move {
        sleep(MS(cleanup)).await;
        cleaned.fetch_add(1, Ordering::SeqCst);
    });
    sleep(MS(millis)).await;
    millis
}

workflow! {
    fn job(millis: u64, cleanup: u64) -> u64 {
        let done = work(millis, cleanup);
        done
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_inside_may_finish_and_the_rest_is_cancelled() {
    let app = App::default();
    let engine = Engine::builder().resources(app.clone()).build();
    assert_eq!(engine.running(), 0);
    let quick = engine.start(job(100, 0));
    let slow = engine.start(job(10_000, 500));
    let left = engine.start(job(10_000, 500)).detach();
    assert_eq!(engine.clone().running(), 3);

    let began = Instant::now();
    let shutdown = engine.shutdown(MS(1000));
    // From the call on nobody is let in.
    let late = engine.start(job(1, 0));
    assert_eq!(late.status().state, RunState::Failed(FailureKind::Shutdown));
    let failure = late.await.unwrap_err();
    assert_eq!((failure.kind(), failure.step(), failure.is_retryable()), (FailureKind::Shutdown, "job", Some(true)));
    assert!(failure.help().contains("another instance"), "{}", failure.help());

    let report = shutdown.await;
    assert_eq!((report.finished, report.cancelled, report.unfinished_cleanups), (1, 2, 0));
    assert_eq!(began.elapsed(), MS(1500), "the limit, then the clean-ups");
    assert_eq!(report.elapsed, MS(1500));
    assert_eq!(report.to_string(), "1 runs finished and 2 were cancelled within 1.5s");
    assert_eq!(app.cleaned.load(Ordering::SeqCst), 2);
    assert_eq!(engine.running(), 0);
    assert_eq!(quick.await.unwrap(), 100);
    let failure = slow.await.unwrap_err();
    assert_eq!((failure.kind(), failure.cancelled_steps()), (FailureKind::Cancelled, &["job/done".to_owned()][..]));
    assert_eq!(left.status().state, RunState::Cancelled);

    let again = engine.shutdown(MS(1000)).await;
    assert_eq!((again.finished, again.cancelled, again.elapsed), (0, 0, MS(0)));
}

#[tokio::test(start_paused = true)]
async fn it_is_over_as_soon_as_the_last_run_is() {
    let engine = Engine::builder().resources(App::default()).build();
    engine.start(job(100, 0)).detach();
    engine.start(job(200, 0)).detach();
    let (one, two) = tokio::join!(engine.shutdown(MS(60_000)), engine.shutdown(MS(60_000)));
    assert_eq!((one.finished, one.elapsed), (2, MS(200)));
    assert_eq!(two, one, "two calls see the same");
}

#[tokio::test(start_paused = true)]
async fn the_shortest_limit_holds() {
    let engine = Engine::builder().resources(App::default()).build();
    engine.start(job(10_000, 0)).detach();
    let (patient, hasty) = tokio::join!(engine.shutdown(MS(5000)), engine.shutdown(MS(50)));
    assert_eq!((patient.cancelled, patient.elapsed), (1, MS(50)));
    assert_eq!(hasty.cancelled, 1);
}

#[tokio::test(start_paused = true)]
async fn a_clean_up_that_takes_too_long_is_dropped() {
    let app = App::default();
    let engine = Engine::builder().resources(app.clone()).cleanup_timeout(MS(300)).build();
    engine.start(job(10_000, 60_000)).detach();
    tokio::task::yield_now().await;
    let report = engine.shutdown(MS(0)).await;
    assert_eq!((report.cancelled, report.unfinished_cleanups, report.elapsed), (1, 0, MS(300)));
    assert_eq!(app.cleaned.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn dropping_an_engine_lets_its_runs_go_on() {
    let engine = Engine::builder().resources(App::default()).build();
    let run = engine.start(job(100, 0));
    let watch = engine.start(job(200, 0)).detach();
    drop(engine);
    assert_eq!(run.await.unwrap(), 100);
    sleep(MS(150)).await;
    assert_eq!(watch.status().state, RunState::Finished);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_runs_leave_nothing_behind() {
    let engine = Engine::builder().resources(App::default()).build();
    let runs: Vec<_> = (0..500).map(|n| engine.start(job(n % 3, 0))).collect();
    for (n, run) in runs.into_iter().enumerate() {
        if n % 5 == 0 {
            drop(run);
        } else {
            run.await.unwrap();
        }
    }
    let report = engine.shutdown(Duration::from_secs(20)).await;
    assert_eq!((engine.running(), report.unfinished_cleanups), (0, 0));
    assert_eq!(engine.start(job(1, 0)).await.unwrap_err().kind(), FailureKind::Shutdown);
}

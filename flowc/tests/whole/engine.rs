//! Runs in an engine: results, events, status, cancelling.

use crate::support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use flowc::{__private as f, Engine, FailureKind, Prepared, RunState, StepState};
use support::{App, both_fail, chain, many, nested, panicking, panics_between, short, slow, talking};

fn assert_send_sync<T: Send + Sync>(_: &T) {}

async fn all(run: &mut flowc::Run<impl f::Workflow>) -> Vec<flowc::Event> {
    let mut events = Vec::new();
    while let Some(event) = run.next_event().await {
        events.push(event);
    }
    events
}

#[tokio::test]
async fn a_run_gives_its_result() {
    let engine = Engine::builder().resources(()).build();
    assert_send_sync(&engine);
    let run = engine.start(chain(1));
    assert_send_sync(&run.watch());
    assert_eq!(run.await.unwrap(), 4);
    let runs: Vec<_> = (0..10).map(|x| engine.clone().start(chain(x))).collect();
    for (x, run) in (0..).zip(runs) {
        assert_eq!(run.await.unwrap(), x + 3);
    }
}

#[tokio::test]
async fn a_run_can_be_awaited_in_a_spawned_task() {
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(chain(1));
    assert_eq!(tokio::spawn(run).await.unwrap().unwrap(), 4);
}

/// A generic caller: the proof that a run is `Send` must hold for every workflow.
async fn generic<W: f::Workflow + f::ResourcesFrom<()>>(workflow: Prepared<'static, W>) -> W::Output {
    let engine = Engine::builder().resources(()).build();
    tokio::spawn(async move { engine.start(workflow).await.ok() }).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_generic_function_can_start_any_workflow() {
    assert_eq!(generic(chain(5)).await, 8);
    assert_eq!(generic(nested(5)).await, 9);
}

#[tokio::test]
async fn events_come_in_order_and_the_result_after_them() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(nested(1));
    let events = all(&mut run).await;
    let lines: Vec<_> = events.iter().map(short).collect();
    assert_eq!(
        lines,
        [
            "run started",
            "nested/begin started",
            "nested/begin finished",
            "nested/reply started",
            "nested/reply/first started",
            "nested/reply/first finished",
            "nested/reply/second started",
            "nested/reply/second finished",
            "nested/reply/third started",
            "nested/reply/third finished",
            "nested/reply finished",
            "run finished",
        ]
    );
    for (seq, pair) in events.windows(2).enumerate() {
        assert_eq!(pair[0].seq, seq as u64);
        assert_eq!(pair[0].run, run.id());
        assert!(pair[0].time <= pair[1].time);
    }
    assert!(run.next_event().await.is_none());
    assert_eq!(run.await.unwrap(), 5);
}

#[tokio::test]
async fn a_node_streams_chunks_and_progress() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(talking(3).correlation_id("order 7"));
    let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
    assert_eq!(
        lines,
        [
            "run started",
            "talking/words started",
            "talking/words chunk one",
            "talking/words chunk two",
            "talking/words progress 3/10",
            "talking/words finished",
            "run finished",
        ]
    );
    assert_eq!(run.status().step("talking/words").unwrap().progress, Some((3, 10)));
    let id = run.id();
    assert_eq!(run.await.unwrap(), format!("{id}|talking/words|order 7"));
}

#[tokio::test]
async fn a_run_in_process_has_a_correlation_id_too() {
    let words = talking(1).correlation_id("order 7").run(&()).await.unwrap();
    assert!(words.ends_with("|talking/words|order 7"), "{words}");
    let words = talking(1).run(&()).await.unwrap();
    assert!(words.ends_with("|talking/words|-"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn cancelling_drops_what_runs() {
    let (app, alive) = App::new();
    let engine = Engine::builder().resources(app).build();
    let mut run = engine.start(slow(1));
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert_eq!(alive.0.load(Ordering::SeqCst), 1);
    run.cancel();
    tokio::task::yield_now().await;
    assert_eq!(alive.0.load(Ordering::SeqCst), 0, "dropped within one poll");
    let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
    assert_eq!(
        lines,
        ["run started", "slow/wait started", "slow/wait cancelled", "slow/again skipped", "run cancelled"]
    );
    let status = run.status();
    assert_eq!(status.state, RunState::Cancelled);
    assert_eq!(status.elapsed, Duration::from_millis(10));
    assert_eq!(status.step("slow/wait").unwrap().state, StepState::Cancelled);
    assert_eq!(status.step("slow/again").unwrap().state, StepState::Skipped);
    assert_eq!(run.await.unwrap_err().kind(), FailureKind::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_cancels_and_detaching_does_not() {
    let (app, alive) = App::new();
    let engine = Engine::builder().resources(app).build();
    let run = engine.start(slow(1));
    let watch = run.watch();
    tokio::time::sleep(Duration::from_millis(10)).await;
    drop(run);
    tokio::task::yield_now().await;
    assert_eq!(alive.0.load(Ordering::SeqCst), 0);
    assert_eq!(watch.status().state, RunState::Cancelled);

    let watch = engine.start(slow(1)).detach();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(watch.status().state, RunState::Running);
    let mut events = watch.events();
    let mut lines = Vec::new();
    while let Some(event) = events.next().await {
        lines.push(short(&event));
    }
    assert_eq!(lines.last().unwrap(), "run finished", "{lines:?}");
    assert_eq!(watch.status().state, RunState::Finished);
    assert_eq!(watch.status().elapsed, Duration::from_millis(200));
}

#[tokio::test]
async fn a_slow_listener_loses_the_oldest_events_and_is_told_how_many() {
    let engine = Engine::builder().resources(()).event_capacity(4).build();
    let mut run = engine.start(chain(1));
    while run.status().state == RunState::Running {
        tokio::task::yield_now().await;
    }
    // Eight events: run started, three times started and finished, run finished.
    let events = all(&mut run).await;
    let lines: Vec<_> = events.iter().map(short).collect();
    assert_eq!(
        lines,
        [" lagged 4", "chain/second finished", "chain/third started", "chain/third finished", "run finished"]
            .map(|l| l.trim_start())
    );
    assert_eq!(events[0].seq, 3);
    assert_eq!(events[1].seq, 4);
    assert_eq!(run.await.unwrap(), 4);
}

#[tokio::test]
async fn several_listeners_hear_the_same() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(chain(1));
    let mut other = run.events();
    let mut heard = Vec::new();
    while let Some(event) = other.next().await {
        heard.push(short(&event));
    }
    let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
    assert_eq!(heard, lines);
    assert_eq!(heard.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn the_status_tells_how_each_step_stands() {
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).build();
    let run = engine.start(slow(1));
    tokio::time::sleep(Duration::from_millis(130)).await;
    let status = run.status();
    assert_eq!((&*status.workflow, status.state, status.id), ("slow", RunState::Running, run.id()));
    let paths: Vec<_> = status.steps.iter().map(|step| (step.path.as_str(), step.state, step.calls)).collect();
    assert_eq!(paths, [("slow/wait", StepState::Done, 1), ("slow/again", StepState::Running, 1)]);
    assert_eq!(status.step("slow/wait").unwrap().elapsed, Some(Duration::from_millis(100)));
    assert_eq!(status.step("slow/again").unwrap().elapsed, Some(Duration::from_millis(30)));
    let ended = run.ended().await;
    assert_eq!(ended.result().unwrap(), &3);
    assert_eq!(ended.status().state, RunState::Finished);
    assert_eq!(ended.status().elapsed, Duration::from_millis(200));
}

#[tokio::test]
async fn the_status_reaches_into_workflows_that_are_steps() {
    let engine = Engine::builder().resources(()).build();
    let ended = engine.start(nested(1)).ended().await;
    let status = ended.status();
    let paths: Vec<_> = status.steps.iter().map(|step| (step.path.as_str(), step.state)).collect();
    assert_eq!(
        paths,
        ["nested/begin", "nested/reply", "nested/reply/first", "nested/reply/second", "nested/reply/third"]
            .map(|path| (path, StepState::Done))
    );
}

#[tokio::test]
async fn outputs_are_kept_where_the_builder_was_told_to() {
    let engine = Engine::builder().resources(()).keep(chain::second).keep(nested::begin).build();
    let run = engine.start(nested(1));
    assert_eq!(run.output(chain::second), None);
    let ended = run.ended().await;
    assert_eq!(ended.output(nested::begin), Some(2));
    assert_eq!(ended.output(chain::second), Some(4), "also where the workflow is a step");
    assert_eq!(ended.output(chain::third), None);
    assert_eq!(ended.into_result().unwrap(), 5);
    assert_eq!(format!("{:?}", chain::second), "chain::second");
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_wins_and_the_others_are_told() {
    for millis in [0, 10] {
        let (app, alive) = App::new();
        let engine = Engine::builder().resources(app).build();
        let mut run = engine.start(both_fail(millis));
        let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
        assert!(lines.contains(&"both_fail/left failed: oops: left".to_owned()), "{lines:?}");
        assert!(lines.contains(&"both_fail/right failed: oops: right".to_owned()), "{lines:?}");
        assert!(lines.contains(&"both_fail/other cancelled".to_owned()), "{lines:?}");
        assert_eq!(lines.last().unwrap(), "run failed");
        assert_eq!(alive.0.load(Ordering::SeqCst), 0);
        let failure = run.await.unwrap_err();
        assert_eq!((failure.kind(), failure.step()), (FailureKind::Error, "both_fail/left"));
        assert_eq!(failure.error().unwrap().downcast_ref(), Some(&support::Oops("left")));
    }
}

#[tokio::test]
async fn a_panic_is_a_failure() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(panicking(7));
    let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
    assert_eq!(lines, ["run started", "panicking/bad started", "panicking/bad failed: no 7 here", "run failed"]);
    let failure = run.await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "panicking/bad"));

    let failure = engine.start(panics_between(7)).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "panics_between"));
    let failure = panics_between(7).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "panics_between"));
}

#[test]
fn start_without_a_runtime_is_a_failure_of_the_run() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(chain(1));
    assert_eq!(run.status().state, RunState::Failed(FailureKind::Runtime));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let lines: Vec<_> = runtime.block_on(all(&mut run)).iter().map(short).collect();
    let skipped = ["chain/first skipped", "chain/second skipped", "chain/third skipped"];
    assert_eq!(lines, [&["run started"][..], &skipped, &["run failed"]].concat());
    let failure = runtime.block_on(&mut run).unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Runtime);
    assert!(failure.to_string().contains("`start` needs a tokio runtime"), "{failure}");
    assert_eq!(runtime.block_on(run).unwrap_err().kind(), FailureKind::Internal, "a second result there is none");
}

#[test]
fn a_runtime_that_goes_ends_the_run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (app, alive) = App::new();
    let engine = Engine::builder().resources(app).build();
    let run = runtime.block_on(async {
        let run = engine.start(slow(1));
        tokio::task::yield_now().await;
        run
    });
    assert_eq!(alive.0.load(Ordering::SeqCst), 1);
    drop(runtime);
    assert_eq!(alive.0.load(Ordering::SeqCst), 0);
    assert_eq!(run.status().state, RunState::Cancelled);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(run).unwrap_err().kind(), FailureKind::Runtime);
}

#[test]
fn run_blocking_serves_callers_without_a_runtime() {
    let (app, _) = App::new();
    assert_eq!(slow(1).run_blocking(&app).unwrap(), 3);
    assert!(talking(1).correlation_id("x").run_blocking(&()).unwrap().ends_with("|x"));
}

#[tokio::test]
async fn run_blocking_inside_a_runtime_is_a_failure() {
    let failure = chain(1).run_blocking(&()).unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Runtime, "chain"));
    assert!(failure.to_string().contains(".run(&app).await"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn items_that_fail_at_once_are_all_told() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(many(vec![10, 10, 10]));
    let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
    assert_eq!(
        lines,
        [
            "run started",
            "many/done map of Some(3)",
            "many/done[0]/fails started",
            "many/done[1]/fails started",
            "many/done[0]/fails failed: oops: item",
            "many/done[1]/fails failed: oops: item",
            "run failed",
        ]
    );
    let step = run.status().step("many/done/fails").cloned().unwrap();
    assert_eq!((step.state, step.calls, step.failed), (StepState::Failed, 2, 2));
    assert_eq!(run.await.unwrap_err().step(), "many/done[0]/fails");
}

/// Works on its thread until it is told that nobody waits any more.
#[flowc::node(blocking)]
fn toils(told: std::sync::mpsc::Sender<()>, #[context] cx: &flowc::Context) -> u64 {
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if cx.is_cancelled() {
            let _ = told.send(());
            return 1;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    0
}

flowc::workflow! {
    fn toil(told: std::sync::mpsc::Sender<()>) -> u64 {
        let done = toils(told);
        done
    }
}

#[tokio::test]
async fn a_blocking_call_is_told_that_its_step_is_over() {
    let limit = Duration::from_secs(10);
    let (told, heard) = std::sync::mpsc::channel();
    let run = toil(told).run(&());
    assert!(tokio::time::timeout(Duration::from_millis(20), run).await.is_err());
    heard.recv_timeout(limit).expect("told when the run was dropped");

    let (told, heard) = std::sync::mpsc::channel();
    let run = Engine::builder().resources(()).build().start(toil(told));
    tokio::time::sleep(Duration::from_millis(20)).await;
    run.cancel();
    heard.recv_timeout(limit).expect("told when the run was cancelled");
    assert_eq!(run.await.unwrap_err().kind(), FailureKind::Cancelled);
}

flowc::workflow! {
    fn caught(millis: u64) -> bool {
        match catch(support::fails("caught", millis)) { Ok(_) => false, Err(_) => true }
    }
}

#[tokio::test]
async fn a_caught_failure_is_told_with_the_text_of_its_error() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(caught(0));
    let lines: Vec<_> = all(&mut run).await.iter().map(short).collect();
    assert_eq!(lines, ["run started", "caught/fails started", "caught/fails failed: oops: caught", "run finished"]);
    assert!(run.await.unwrap());
}

//! The test kit, tested.
#![cfg(feature = "testing")]

use crate::support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flowc::testing::chaos::{Chaos, FaultKind};
use flowc::testing::{self, time};
use flowc::{Context, Engine, FailureKind, RunState, node, workflow};
use support::{App, Oops, both_fail, chain, fails, many, nested, slow, talking, talks};

/// The text of the panic.
fn said(call: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
    payload.downcast_ref::<String>().unwrap().clone()
}

#[node(timeout = "1s", retry(attempts = 3, base = "100ms"))]
async fn flaky(tries: &AtomicU32, good: u32, #[context] cx: &Context) -> Result<u32, Oops> {
    cx.emit(format!("{} {}", cx.step(), cx.correlation_id().unwrap_or("-")));
    cx.progress(u64::from(cx.attempt()), 3);
    if tries.fetch_add(1, Ordering::Relaxed) + 1 < good { Err(Oops("not yet")) } else { Ok(good) }
}

#[node(timeout = "1s")]
async fn stuck() -> u32 {
    std::future::pending().await
}

#[node(blocking)]
fn fragile(text: String) -> usize {
    if text.is_empty() {
        panic!("nothing there")
    }
    text.len()
}

#[tokio::test(start_paused = true)]
async fn one_node_runs_with_its_policies() {
    let tries = AtomicU32::new(0);
    let ran = testing::node::<flaky>().correlation_id("order 7").run((&tries, 3)).await;
    assert_eq!(ran.texts(), ["test/flaky order 7"; 3]);
    assert_eq!(ran.progress(), [(1, 3), (2, 3), (3, 3)]);
    testing::expect(&ran.events).calls("test/flaky", 1).retries("test/flaky", 2).finished("test/flaky");
    assert_eq!(ran.result.unwrap(), 3);

    let ran = testing::node::<flaky>().run((&AtomicU32::new(0), 4)).await;
    let failure = ran.result.unwrap_err();
    assert_eq!((failure.attempts(), failure.error(), failure.step()), (3, Some(&Oops("not yet")), "test/flaky"));

    let watch = time::Stopwatch::start();
    let ran = testing::node::<stuck>().run(()).await;
    assert_eq!(ran.result.unwrap_err().kind(), FailureKind::Timeout);
    assert_eq!(watch.elapsed(), Duration::from_secs(1));
}

#[tokio::test]
async fn one_node_runs_with_its_resources_and_its_panics() {
    let (app, _) = App::new();
    let ran = testing::node::<support::sleep>().resources(&app).run((&1, 0)).await;
    assert_eq!(ran.result.unwrap(), 2);
    let ran = testing::node::<fragile>().run((String::new(),)).await;
    let failure = ran.result.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Panic);
    assert!(failure.to_string().contains("nothing there"), "{failure}");
    let ran = testing::node::<talks>().run((&3,)).await;
    assert_eq!(ran.texts(), ["one", "two"]);
}

/// A workflow is a node as well.
#[tokio::test]
async fn one_workflow_runs_as_a_step() {
    let ran = testing::node::<chain>().run((1,)).await;
    testing::expect(&ran.events).order(&[&"test/chain/first", &"test/chain/second", &"test/chain/third"]);
    assert_eq!(ran.result.unwrap(), 4);
}

#[tokio::test]
async fn calls_are_recorded_with_their_inputs() {
    let calls = testing::Calls::new();
    let engine = Engine::builder().resources(()).record(chain::second, &calls).stub(chain::third, |_| Ok(0)).build();
    engine.start(chain(1)).await.unwrap();
    engine.start(nested(1)).await.unwrap();
    assert_eq!(calls.inputs(), ["(2,)", "(3,)"]);
    assert_eq!(calls.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn expectations_hold_or_say_what_happened() {
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).build();
    let ran = testing::collect(engine.start(both_fail(50))).await;
    let expect = testing::expect(&ran.events);
    expect.overlap(both_fail::left, both_fail::other).failed(both_fail::left).cancelled(both_fail::other).order(&[
        &both_fail::left,
        &both_fail::right,
        &both_fail::other,
    ]);
    assert_eq!(ran.result.unwrap_err().step(), "both_fail/left");

    let text = said(|| _ = expect.calls(both_fail::left, 2));
    assert!(text.starts_with("expected 2 calls of `both_fail/left`, and there were 1\n\nWhat happened:\n"), "{text}");
    assert!(text.contains("50.0ms both_fail/left failed (error): oops: left"), "{text}");
    let text = said(|| _ = expect.order(&[&both_fail::right, &both_fail::left]));
    assert!(text.contains("+ both_fail/left\n  both_fail/right\n- both_fail/left\n"), "{text}");
    let text = said(|| _ = expect.before(both_fail::left, both_fail::right));
    assert!(text.starts_with("expected `both_fail/left` to be over before `both_fail/right` began"), "{text}");
    let text = said(|| _ = expect.finished(both_fail::right));
    assert!(text.starts_with("expected each call of `both_fail/right` to have finished: 0 of 1 did"), "{text}");
    let text = said(|| _ = expect.overlap("both_fail/left", "nothing"));
    assert!(text.starts_with("expected a call of `nothing`, and there was none"), "{text}");
}

#[tokio::test]
async fn emitted_texts_are_compared() {
    let engine = Engine::builder().resources(()).build();
    let ran = testing::collect(engine.start(talking(1))).await;
    testing::expect(&ran.events).texts(talking::words, ["one", "two"]);
    let text = said(|| _ = testing::expect(&ran.events).texts(talking::words, ["one", "three"]));
    assert!(text.contains("what `talking/words` emitted is not as expected"), "{text}");
    assert!(text.contains("  one\n- three\n+ two\n"), "{text}");
}

#[test]
fn time_passes_at_once() {
    let (app, alive) = App::new();
    let engine = Engine::builder().resources(app).build();
    let ended = time::paused(async move {
        let run = engine.start(slow(1));
        time::pass(Duration::from_millis(150)).await;
        assert_eq!(alive.0.load(Ordering::SeqCst), 1);
        assert_eq!(run.status().state, RunState::Running);
        time::pass(Duration::from_millis(50)).await;
        tokio::task::yield_now().await;
        assert_eq!(run.status().state, RunState::Finished);
        run.await.unwrap()
    });
    assert_eq!(ended.unwrap(), 3);
}

#[tokio::test]
async fn a_golden_text_is_the_same_each_time() {
    let engine = Engine::builder().resources(()).build();
    let ran = testing::collect(engine.start(many(vec![0, 0, 0]).correlation_id("order 7"))).await;
    insta::assert_snapshot!(ran.golden());
    let again = testing::collect(engine.start(many(vec![0, 0, 0]).correlation_id("order 7"))).await;
    assert_eq!(ran.golden(), again.golden());
}

#[node(retry(attempts = 4, base = "10ms"))]
async fn tenacious(x: &u64) -> Result<u64, Oops> {
    Ok(x + 1)
}

workflow! {
    fn stubborn(x: u64) -> u64 {
        let first = tenacious(&x);
        #[retry(attempts = 3, base = "10ms")]
        let second = support::inc(&first);
        let third = match catch(support::inc(&second)) { Ok(third) => third, Err(_) => 0 };
        third
    }
}

#[tokio::test(start_paused = true)]
async fn chaos_is_met_by_retries_and_catches() {
    let chaos = Chaos::seeded(1).fail(0.4);
    let engine = Engine::builder().resources(()).chaos(&chaos).build();
    let (mut good, mut caught, mut failed) = (0, 0, 0);
    for number in 0..200 {
        let run = engine.start(stubborn(1));
        let id = run.id();
        let ran = testing::collect(run).await;
        let faults: Vec<_> = chaos.faults().into_iter().filter(|fault| fault.run == id).collect();
        assert!(faults.iter().all(|fault| fault.number == number));
        let times = |step: &str| faults.iter().filter(|fault| fault.step == step).count();
        let expect = testing::expect(&ran.events);
        match ran.result {
            Ok(0) => caught += i32::from(times("stubborn/inc") == 1),
            Ok(_) => good += 1,
            Err(failure) => {
                failed += 1;
                assert_eq!(failure.kind(), FailureKind::Error);
                assert!(failure.to_string().contains("chaos: an error"), "{failure}");
                let (step, attempts) = (failure.step(), failure.attempts() as usize);
                assert_eq!(times(step), attempts, "each of its attempts was disturbed: {faults:?}");
                assert_eq!(attempts, if step == "stubborn/first" { 4 } else { 3 });
                expect.retries(step, attempts - 1);
            }
        }
    }
    assert!(good > 80 && caught > 50 && failed > 5, "{good} {caught} {failed}");
}

#[tokio::test(start_paused = true)]
async fn chaos_is_the_same_for_the_same_seed_and_only_where_it_is_wanted() {
    let play = |seed| async move {
        let chaos = Chaos::seeded(seed)
            .panic(0.2)
            .cancel(0.1)
            .delay(0.3, Duration::from_secs(1))
            .at(stubborn::first)
            .at("stubborn/inc");
        let engine = Engine::builder().resources(()).chaos(&chaos).build();
        let runs: Vec<_> = (0..50).map(|x| engine.start(stubborn(x))).collect();
        let mut results = Vec::new();
        for run in runs {
            results.push(run.await.map_err(|failure| (failure.kind(), failure.step().to_owned())));
        }
        let mut faults: Vec<_> =
            chaos.faults().into_iter().map(|f| (f.number, f.step, f.attempt, format!("{:?}", f.kind))).collect();
        faults.sort();
        (results, faults, chaos.report())
    };
    let (first, second, other) = (play(3).await, play(3).await, play(4).await);
    assert_eq!(first, second);
    assert_ne!(first.1, other.1);
    assert!(first.1.iter().all(|(_, step, ..)| step == "stubborn/first" || step == "stubborn/inc"), "{:?}", first.1);
    let cancelled =
        first.0.iter().filter(|ended| ended.as_ref().is_err_and(|(kind, _)| *kind == FailureKind::Cancelled)).count();
    assert_eq!(cancelled as u64, first.2.cancelled);
    assert!(first.2.panicked > 0 && first.2.cancelled > 0 && first.2.delayed > 0, "{}", first.2);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_cuts_the_delay_of_chaos_short() {
    #[node(timeout = "100ms")]
    async fn quick() -> u32 {
        1
    }
    let chaos = Chaos::seeded(1).delay(1.0, Duration::from_secs(3600));
    let ran = testing::node::<quick>().chaos(&chaos).run(()).await;
    assert_eq!(ran.result.unwrap_err().kind(), FailureKind::Timeout);
    assert!(matches!(chaos.faults()[0].kind, FaultKind::Delay(_)));
    let ran = testing::node::<fails>().chaos(&Chaos::seeded(1).cancel(1.0)).run(("x", 0)).await;
    assert_eq!(ran.result.unwrap_err().kind(), FailureKind::Cancelled);
}

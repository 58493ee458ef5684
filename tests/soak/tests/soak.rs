//! Tens of thousands of runs under chaos: none hangs, nothing is left behind, and the numbers are right.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use flowc::EventKind;
use flowc::policy::{Breaker, BreakerPolicy, BreakerState, Bulkhead, ConcurrencyPolicy, Shares};
use flowc::testing::chaos::Chaos;
use flowc::testing::node;
use flowc_soak::check::{Tally, check};
use flowc_soak::flows::{App, moody};
use flowc_soak::play::{Played, Record, play};
use tokio::runtime::{Builder, Runtime};

/// A run that hangs would hang the test with it: who waits longer than this says so.
const LIMIT: Duration = Duration::from_secs(120);

fn app() -> Arc<App> {
    Arc::new(App {
        bulkhead: Bulkhead::new("soak", &ConcurrencyPolicy::max(16)),
        breaker: Breaker::new("soak", &BreakerPolicy::new().failures(20).cooldown(Duration::from_millis(5))),
    })
}

/// Plays batches of runs, and checks each of them.
fn soak(runtime: Runtime, batches: u64, runs: usize, chaos: impl Fn(u64) -> Chaos + Send + 'static) -> Tally {
    let (done, waits) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let mut total = Tally::default();
        for batch in 0..batches {
            let (app, chaos) = (app(), chaos(batch));
            let Played { records, counted, measured, shares } =
                runtime.block_on(play(Arc::clone(&app), &chaos, runs, 200));
            assert_eq!(records.len(), runs);
            let (faults, report) = (chaos.faults(), chaos.report());
            assert_eq!(report.failed + report.panicked + report.cancelled + report.delayed, faults.len() as u64);
            let tally = check(&records, &faults);
            assert_eq!(tally.finished + tally.failed + tally.cancelled, runs as u64);
            assert_eq!(tally.started_steps, tally.ended_steps);
            assert_eq!(tally, counted, "a collector counts other than the events of the runs say");
            assert_eq!(tally, measured, "the metrics say other than the events of the runs");
            total = total.plus(tally);
            runtime.block_on(nothing_is_left(&runtime, app, &shares));
            let _ = done.send(None);
        }
        let _ = done.send(Some(total));
    });
    loop {
        match waits.recv_timeout(LIMIT) {
            Ok(None) => {}
            Ok(Some(total)) => break total,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("a batch of runs did not come to its end in {LIMIT:?}"),
            Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => panic!("the runs ended without a result"),
            },
        }
    }
}

/// No task, no permit and no resource is held any more, and a breaker that opened closes again.
async fn nothing_is_left(runtime: &Runtime, app: Arc<App>, shares: &Shares) {
    let metrics = runtime.metrics();
    // Tasks that were aborted take a moment to go.
    for _ in 0..5000 {
        if metrics.num_alive_tasks() == 0 && Arc::strong_count(&app) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(metrics.num_alive_tasks(), 0, "a task was left");
    assert_eq!(Arc::strong_count(&app), 1, "somebody still holds the application");
    for bulkhead in shares.bulkheads().iter().chain([&app.bulkhead]) {
        assert_eq!((bulkhead.in_use(), bulkhead.waiting()), (0, 0), "a permit of `{}` was left", bulkhead.name());
    }
    tokio::time::sleep(Duration::from_millis(10)).await;
    for number in [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16] {
        assert_eq!(node::<moody>().resources(&*app).run((number,)).await.result.ok(), Some(number + 1));
    }
    assert_eq!(app.breaker.state(), BreakerState::Closed, "the breaker did not recover");
    for breaker in shares.breakers() {
        for _ in 0..10 {
            assert_eq!(breaker.call(|(): &()| true, || async { Ok(()) }).await, Ok(()), "`{}`", breaker.name());
        }
        assert_eq!(breaker.state(), BreakerState::Closed, "the breaker `{}` did not recover", breaker.name());
    }
}

/// Each thing happened often enough to say something.
fn enough(total: &Tally) {
    let runs = total.finished > 9000 && total.failed > 1000 && total.cancelled > 200 && total.retried > 50;
    let policies = total.permits_taken > 5000
        && total.permits_returned > 5000
        && total.breakers_changed > 20
        && total.cache_hits > 100
        && total.cache_misses > 100;
    assert!(runs && policies, "{total:?}");
}

#[test]
fn in_virtual_time() {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let total = soak(runtime, 6, 2500, |batch| {
        Chaos::seeded(batch).fail(0.03).panic(0.01).cancel(0.004).delay(0.05, Duration::from_secs(4))
    });
    println!("in virtual time: {total:?}");
    enough(&total);
}

#[test]
fn on_several_threads() {
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let total = soak(runtime, 6, 2500, |batch| {
        Chaos::seeded(1000 + batch).fail(0.03).panic(0.01).cancel(0.004).delay(0.05, Duration::from_millis(3))
    });
    println!("on several threads: {total:?}");
    enough(&total);
}

/// The check itself must fail where something does not fit.
#[tokio::test(start_paused = true)]
async fn the_check_sees_what_does_not_fit() {
    let chaos = Chaos::seeded(7).fail(0.05).cancel(0.01);
    let records = || play(app(), &chaos, 200, 200);
    let wrong = |records: Vec<Record>, faults: Vec<_>| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || check(&records, &faults)))
            .expect_err("it should not fit")
            .downcast::<String>()
            .unwrap()
    };
    assert!(wrong(records().await.records, Vec::new()).contains("nothing"), "failures without a fault");
    let mut changed = records().await.records;
    let record = changed.iter_mut().find(|record| record.outcome.is_ok()).unwrap();
    record.outcome = Ok(u64::MAX);
    assert!(wrong(changed, chaos.faults()).contains("it should give"), "another value");
    let mut cut = records().await.records;
    let finished =
        |record: &Record| record.events.iter().rposition(|event| matches!(event.kind, EventKind::StepFinished { .. }));
    let (record, last) = cut.iter_mut().find_map(|record| finished(record).map(|last| (record, last))).unwrap();
    record.events.remove(last);
    assert!(wrong(cut, chaos.faults()).contains("has ended"), "an event that is missing");
}

//! Steps that wait: in virtual time, and over the end of a process.
#![cfg(feature = "journal")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use flowc::journal::{Journal, Signal};
use flowc::{
    Defaults, Delivery, DurableEngine, Engine, EventKind, FailureKind, Resources, Run, RunId, SignalError, StepState,
    Workflow, node, signal, signal_within, sleep, workflow,
};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::durable::Memory;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Approval {
    by: String,
    limits: Vec<u32>,
}

fn approval(by: &str) -> Approval {
    Approval { by: by.to_owned(), limits: vec![1] }
}

#[derive(Default)]
struct Calls(AtomicU32);

#[derive(Resources)]
struct App {
    calls: Arc<Calls>,
}

#[node]
fn ask(amount: u32, #[resource] calls: &Calls) -> u32 {
    calls.0.fetch_add(1, Relaxed);
    amount
}

#[node]
fn pay(amount: u32, approval: Approval) -> String {
    format!("{amount} by {}", approval.by)
}

workflow! {
    fn nap(days: u32) -> u32 {
        let slept = sleep(DAY * days);
        #[after(slept)]
        let woken = same(days);
        woken
    }

    fn expense(amount: u32) -> String {
        let asked = ask(amount);
        #[after(asked)]
        let approval = signal::<Approval>("approve");
        pay(asked, approval)
    }

    fn answers(count: u32) -> Vec<Option<u32>> {
        let mut all = Vec::new();
        let mut round = 0;
        #[max(9)]
        loop {
            if round == count { break; }
            let answer = signal_within::<u32>("answer", DAY);
            all.push(answer);
            round += 1;
        }
        all
    }

    fn two() -> (u32, u32) {
        let first = signal::<u32>("number");
        let second = signal::<u32>("number");
        (first, second)
    }
}

#[node]
fn same(number: u32) -> u32 {
    number
}

fn plain() -> Engine<App> {
    Engine::builder().resources(App { calls: Arc::default() }).build()
}

fn durable(journal: &Memory, calls: &Arc<Calls>) -> DurableEngine<App> {
    Engine::builder().resources(App { calls: Arc::clone(calls) }).journal(journal.clone()).build()
}

async fn until_it_waits<W: Workflow>(run: &mut Run<W>) {
    while let Some(event) = run.next_event().await {
        if matches!(event.kind, EventKind::StepWaiting { .. }) {
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_sleep_takes_its_time_and_no_default_of_the_engine_holds_for_it() {
    let began = Instant::now();
    assert_eq!(nap(3).run(&()).await.unwrap(), 3);
    assert_eq!(began.elapsed().as_secs(), 3 * DAY.as_secs());

    let defaults = Defaults::new().timeout(flowc::policy::Timeout::attempt(Duration::from_secs(5)));
    let engine = Engine::builder().resources(()).defaults(defaults).build();
    let mut run = engine.start(nap(2));
    until_it_waits(&mut run).await;
    let status = run.status();
    let step = status.step("nap/slept").unwrap();
    assert_eq!(step.state, StepState::Waiting);
    let waiting = step.waiting.clone().unwrap();
    assert!(waiting.until.unwrap() > SystemTime::now() + DAY && waiting.signal.is_none());
    assert!(waiting.to_string().starts_with("waiting until 2"), "{waiting}");
    let began = Instant::now();
    assert_eq!(run.await.unwrap(), 2);
    assert_eq!(began.elapsed().as_secs(), 2 * DAY.as_secs());
}

#[test]
fn a_sleep_without_a_timer_is_a_failure() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let failure = runtime.block_on(nap(1).run(&())).unwrap_err();
    assert!(failure.to_string().contains("a tokio runtime with time enabled"), "{failure}");
}

#[tokio::test]
async fn a_signal_is_taken_by_the_step_that_waits_for_it() {
    let engine = plain();
    let mut run = engine.start(expense(7));
    until_it_waits(&mut run).await;
    let status = run.status();
    assert_eq!(
        status.step("expense/approval").unwrap().waiting.as_ref().unwrap().to_string(),
        "waiting for signal `approve`"
    );
    assert!(status.to_mermaid().contains("waits for approve"), "{}", status.to_mermaid());
    // It is read before anything happens, and the place in the value is said.
    let wrong = serde_json::json!({ "by": "Ada", "limits": [1, "two"] });
    let error = run.signal("approve", wrong).await.unwrap_err();
    assert!(matches!(error, SignalError::WrongType { .. }));
    assert!(
        error.to_string().contains("signal `approve` cannot read it: `limits[1]`: invalid type: string"),
        "{error}"
    );
    let watch = run.watch();
    assert_eq!(watch.signal("approve", approval("Ada")).await.unwrap(), Delivery::Delivered);
    assert_eq!(run.await.unwrap(), "7 by Ada");
    let error = watch.signal("approve", approval("Ada")).await.unwrap_err();
    assert!(matches!(error, SignalError::Over { .. }) && error.to_string().contains("too late"), "{error}");
}

#[tokio::test]
async fn a_signal_is_kept_until_a_step_waits_for_it_and_of_one_key_there_is_one() {
    let run = plain().start(two());
    assert_eq!(run.signal_once("a", "number", 1).await.unwrap(), Delivery::Delivered);
    assert_eq!(run.signal_once("a", "number", 5).await.unwrap(), Delivery::Duplicate);
    assert_eq!(run.signal("other", "text").await.unwrap(), Delivery::Delivered);
    assert_eq!(run.signal("number", 2).await.unwrap(), Delivery::Delivered);
    assert_eq!(run.await.unwrap(), (1, 2));
}

#[tokio::test]
async fn an_early_signal_of_a_wrong_type_is_refused_and_the_step_waits_on() {
    let mut run = plain().start(expense(7));
    run.signal("approve", 5).await.unwrap();
    let mut refused = String::new();
    while let Some(event) = run.next_event().await {
        if let EventKind::SignalRefused { step, error, .. } = event.kind {
            refused = format!("{step}: {error}");
            break;
        }
    }
    assert!(refused.starts_with("expense/approval: invalid type: integer `5`"), "{refused}");
    run.signal("approve", approval("Bo")).await.unwrap();
    assert_eq!(run.await.unwrap(), "7 by Bo");
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_does_not_come_in_time_is_none() {
    let mut run = plain().start(answers(3));
    until_it_waits(&mut run).await;
    tokio::time::sleep(DAY / 2).await;
    run.signal("answer", 4).await.unwrap();
    until_it_waits(&mut run).await;
    tokio::time::sleep(DAY + DAY / 2).await;
    run.signal("answer", 5).await.unwrap();
    assert_eq!(run.await.unwrap(), [Some(4), None, Some(5)]);
}

#[tokio::test]
async fn a_run_without_an_engine_cannot_wait_for_a_signal() {
    let failure = two().run(&()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Error);
    assert!(failure.to_string().contains("start it with `engine.start(..)`"), "{failure}");
}

/// Starts a run in a process that ends when it waits.
fn crash(journal: &Memory, calls: &Arc<Calls>, paused: bool, amount: u32) -> RunId {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(paused).build().unwrap();
    runtime.block_on(async {
        let mut run = durable(journal, calls).start(expense(amount));
        until_it_waits(&mut run).await;
        let id = run.id();
        run.detach();
        id
    })
}

#[test]
fn a_run_that_waits_goes_on_waiting_and_takes_what_came_while_nothing_ran() {
    let (journal, calls) = (Memory::default(), Arc::new(Calls::default()));
    let (id, other) = (crash(&journal, &calls, false, 1), crash(&journal, &calls, false, 2));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = durable(&journal, &calls);
        // Nobody has resumed them.
        assert_eq!(engine.signal_once(id, "mail 1", "approve", approval("Ada")).await.unwrap(), Delivery::Delivered);
        assert_eq!(engine.signal_once(id, "mail 1", "approve", approval("Eve")).await.unwrap(), Delivery::Duplicate);
        let unknown = engine.signal(RunId::new(), "approve", 1).await.unwrap_err();
        assert!(matches!(unknown, SignalError::Unknown { .. }), "{unknown}");

        let mut runs = engine.resume::<expense>().await.unwrap();
        assert_eq!(runs.len(), 2);
        assert!(engine.resume::<expense>().await.unwrap().is_empty(), "they run");
        let (mut waits, done) = (runs.pop().unwrap(), runs.pop().unwrap());
        assert_eq!((done.id(), done.await.unwrap()), (id, "1 by Ada".to_owned()));
        until_it_waits(&mut waits).await;
        let wrong = engine.signal(other, "approve", true).await.unwrap_err();
        assert!(matches!(wrong, SignalError::WrongType { .. }), "{wrong}");
        engine.signal(other, "approve", approval("Bo")).await.unwrap();
        assert_eq!(waits.await.unwrap(), "2 by Bo");
        let over = engine.signal(other, "approve", approval("Bo")).await.unwrap_err();
        assert!(matches!(over, SignalError::Over { .. }), "{over}");
    });
    assert_eq!(calls.0.load(Relaxed), 2, "the step before the one that waits is not run again");
}

#[test]
fn a_signal_that_was_taken_is_not_taken_again_after_a_restart() {
    let journal = Memory::default();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let id = runtime().block_on(async {
        let mut run = durable(&journal, &Arc::default()).start(answers(2));
        run.signal("answer", 1).await.unwrap();
        until_it_waits(&mut run).await;
        until_it_waits(&mut run).await;
        let id = run.id();
        run.detach();
        id
    });
    runtime().block_on(async {
        let engine = durable(&journal, &Arc::default());
        let run = engine.resume::<answers>().await.unwrap().pop().unwrap();
        engine.signal(id, "answer", 2).await.unwrap();
        assert_eq!(run.await.unwrap(), [Some(1), Some(2)]);
    });
}

#[test]
fn a_time_is_stored_once_and_what_came_after_it_is_late() {
    let journal = Memory::default();
    let start = || tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let id = start().block_on(async {
        let mut run = durable(&journal, &Arc::default()).start(answers(2));
        until_it_waits(&mut run).await;
        let id = run.id();
        run.detach();
        id
    });
    let mut history = futures(journal.history(id));
    let until = history.waits[0].until.unwrap();
    assert!(until > SystemTime::now() + DAY - Duration::from_secs(60), "{until:?}");
    // Two days pass while nothing runs: as if it had begun to wait then. One signal came in time and one late.
    history.waits[0].until = Some(until - 2 * DAY);
    for (key, sent) in [("late", until - 2 * DAY + Duration::from_secs(1)), ("in time", until - 3 * DAY)] {
        let value = if key == "late" { "2" } else { "1" }.to_owned();
        history.signals.push(Signal { key: key.to_owned(), name: "answer".to_owned(), value, sent });
    }
    for (kept, expected) in [(2, [Some(1), Some(2)]), (1, [None, Some(2)])] {
        let mut history = history.clone();
        history.signals.truncate(kept);
        let journal = journal.with(id, history);
        start().block_on(async {
            let began = Instant::now();
            let run = durable(&journal, &Arc::default()).resume::<answers>().await.unwrap().pop().unwrap();
            assert_eq!(run.await.unwrap(), expected);
            assert_eq!(began.elapsed(), Duration::ZERO);
        });
    }
    // Without a signal the first is over at once, and the second takes its whole time.
    history.signals.clear();
    let journal = journal.with(id, history);
    start().block_on(async {
        let began = Instant::now();
        let run = durable(&journal, &Arc::default()).resume::<answers>().await.unwrap().pop().unwrap();
        assert_eq!(run.await.unwrap(), [None, None]);
        assert_eq!(began.elapsed().as_secs().abs_diff(DAY.as_secs()), 0);
    });
}

fn futures<T>(future: impl Future<Output = Result<T, flowc::AnyError>>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future).unwrap()
}

#[tokio::test]
async fn a_wait_that_cannot_be_stored_stops_the_run() {
    let journal = Memory::default();
    journal.fill();
    let failure = durable(&journal, &Arc::default()).start(two()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Journal);
    assert!(
        failure.to_string().contains("that `two/") && failure.to_string().contains("the disk is full"),
        "{failure}"
    );
}

//! Every kind of failure, made by a real workflow, says who failed where, and what can be done about it.

use std::collections::HashSet;
use std::time::Duration;

use flowc::{__private as f, CancelToken, Engine, Failure, FailureKind, Prepared, RunId, node, workflow};

const MS: fn(u64) -> Duration = Duration::from_millis;

#[node(version = "3.2.1")]
async fn broken() -> Result<u64, std::io::Error> {
    Err(std::io::Error::other("the other side is gone"))
}

#[node(timeout = "10ms")]
async fn slow() -> u64 {
    tokio::time::sleep(MS(1000)).await;
    1
}

#[node]
async fn long() -> u64 {
    tokio::time::sleep(MS(1000)).await;
    1
}

#[node]
fn panics(number: u64) -> u64 {
    1 / (number - number)
}

#[node]
fn count(number: u64) -> u64 {
    number + 1
}

#[node(breaker(failures = 1, cooldown = "10s"))]
async fn shaky() -> Result<u64, std::io::Error> {
    Err(std::io::Error::other("the other side is gone"))
}

#[node(rate(calls = 1, per = "1h", wait = "1ms"))]
async fn rare() -> u64 {
    1
}

#[node(concurrency(max = 1, queue = 0))]
async fn single() -> u64 {
    tokio::time::sleep(MS(1000)).await;
    1
}

workflow! {
    fn breaker() -> u64 {
        let first = match catch(shaky()) { Ok(number) => number, Err(_) => 0 };
        #[after(first)]
        let it = shaky();
        it + first
    }
    fn rate() -> u64 {
        let first = rare();
        #[after(first)]
        let it = rare();
        it + first
    }
    fn concurrency() -> u64 {
        let first = single();
        let it = single();
        it + first
    }
    fn error() -> u64 { let it = broken(); it }
    fn timeout() -> u64 { let it = slow(); it }
    fn panic() -> u64 { let it = panics(1); it }
    fn between() -> u64 { let it = count(1); it.checked_sub(9).unwrap() }
    fn waits() -> u64 { let it = long(); it }
    fn rounds() -> u64 {
        let mut number = 0;
        #[max(3)]
        let it = loop {
            if number > 9 { break number; }
            number = count(number);
        };
        it
    }
    fn outer() -> u64 { let inner = error(); inner }
}

/// Where a failure should be.
struct Place {
    step: &'static str,
    node: &'static str,
    version: Option<&'static str>,
    /// What the help must speak of.
    help: &'static str,
}

fn check(failure: &Failure, kind: FailureKind, run: Option<RunId>, place: Place) {
    let Place { step, node, version, help } = place;
    assert_eq!((failure.kind(), failure.step(), failure.node()), (kind, step, node), "{failure}");
    assert_eq!(failure.workflow(), step.split('/').next().unwrap());
    assert_eq!(failure.node_version(), version);
    assert!(failure.attempts() >= 1);
    if let Some(run) = run {
        assert_eq!(failure.run_id(), run);
        assert!(failure.elapsed().is_some(), "{kind} under an engine");
    }
    assert!(failure.help().contains(help), "{kind}: {}", failure.help());
    assert!(!failure.help().ends_with('.') && failure.help().len() > 20);
    let text = failure.to_string();
    assert!(text.contains(step) && text.len() > step.len() + 10, "{text}");

    let report = failure.report().to_string();
    for part in
        [step.rsplit('/').next().unwrap(), failure.help(), &failure.run_id().to_string(), "flowc/tests/whole/kinds.rs:"]
    {
        assert!(report.contains(part), "{part} in {report}");
    }
    let problem: serde_json::Value = serde_json::from_str(&failure.problem().to_string()).unwrap();
    assert_eq!(problem["kind"], kind.as_str());
    assert_eq!(problem["type"], format!("urn:flowc:failure:{kind}"));
    assert_eq!(problem["step"], step);
    assert_eq!(problem["help"], failure.help());
    assert_eq!(problem["instance"], format!("urn:uuid:{}", failure.run_id()));
}

/// In this task and in an engine.
async fn both<W>(make: fn() -> Prepared<'static, W>) -> [(Failure, Option<RunId>); 2]
where
    W: f::Workflow + f::ResourcesFrom<()>,
    W::Output: std::fmt::Debug,
{
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(make());
    let id = run.id();
    [(make().run(&()).await.unwrap_err(), None), (run.await.unwrap_err(), Some(id))]
}

#[tokio::test(start_paused = true)]
async fn every_kind_has_its_context_and_a_suggestion() {
    let mut walked = HashSet::new();
    let mut walk = |failures: Vec<(Failure, Option<RunId>)>, kind, place: fn() -> Place| {
        for (failure, run) in &failures {
            check(failure, kind, *run, place());
        }
        walked.insert(kind);
    };
    use FailureKind as Kind;

    let place = || Place { step: "error/it", node: "broken", version: Some("3.2.1"), help: "own error" };
    walk(both(error).await.into(), Kind::Error, place);
    let place = || Place { step: "outer/inner/it", node: "broken", version: Some("3.2.1"), help: "own error" };
    walk(both(outer).await.into(), Kind::Error, place);
    let place = || Place { step: "timeout/it", node: "slow", version: Some("1.0.0"), help: "10ms" };
    walk(both(timeout).await.into(), Kind::Timeout, place);
    let place = || Place { step: "panic/it", node: "panics", version: Some("1.0.0"), help: "kinds.rs:" };
    walk(both(panic).await.into(), Kind::Panic, place);
    let place = || Place { step: "between", node: "between", version: None, help: "between the steps" };
    walk(both(between).await.into(), Kind::Panic, place);
    let place = || Place { step: "rounds/it", node: "rounds", version: None, help: "`#[max(3)]` of the loop `it`" };
    walk(both(rounds).await.into(), Kind::Rounds, place);

    let place =
        || Place { step: "breaker/it", node: "shaky", version: Some("1.0.0"), help: "lets calls through again in 10s" };
    walk(both(breaker).await.into(), Kind::Breaker, place);
    let place = || Place { step: "rate/it", node: "rare", version: Some("1.0.0"), help: "has room again in" };
    walk(both(rate).await.into(), Kind::Rate, place);
    let place = || Place { step: "concurrency/it", node: "single", version: Some("1.0.0"), help: "`single`" };
    walk(both(concurrency).await.into(), Kind::Concurrency, place);

    let engine = Engine::builder().resources(()).build();
    let place = || Place { step: "waits", node: "waits", version: None, help: ".timeout(..)" };
    let late = waits().timeout(MS(50)).run(&()).await.unwrap_err();
    let run = engine.start(waits().timeout(MS(50)));
    let id = run.id();
    walk(vec![(late, None), (run.await.unwrap_err(), Some(id))], Kind::Timeout, place);

    let token = CancelToken::new();
    token.cancel();
    let place = || Place { step: "waits", node: "waits", version: None, help: "start" };
    let cancelled = waits().cancel_on(&token).run(&()).await.unwrap_err();
    let run = engine.start(waits());
    run.cancel();
    let id = run.id();
    walk(vec![(cancelled, None), (run.await.unwrap_err(), Some(id))], Kind::Cancelled, place);

    let place = || Place { step: "waits", node: "waits", version: None, help: "runtime" };
    let blocked = waits().run_blocking(&()).unwrap_err();
    let elsewhere = std::thread::spawn({
        let engine = engine.clone();
        move || {
            let run = engine.start(waits());
            let id = run.id();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            (runtime.block_on(run).unwrap_err(), Some(id))
        }
    });
    walk(vec![(blocked, None), elsewhere.join().unwrap()], Kind::Runtime, place);

    let mut run = engine.start(waits());
    let id = run.id();
    (&mut run).await.unwrap();
    let place = || Place { step: "waits", node: "waits", version: None, help: "once" };
    walk(vec![(run.await.unwrap_err(), Some(id))], Kind::Internal, place);

    let _ = engine.shutdown(MS(0)).await;
    let run = engine.start(waits());
    let id = run.id();
    let place = || Place { step: "waits", node: "waits", version: None, help: "another instance" };
    walk(vec![(run.await.unwrap_err(), Some(id))], Kind::Shutdown, place);

    #[cfg(feature = "journal")]
    {
        let place = || Place { step: "error/it", node: "broken", version: Some("3.2.1"), help: "when it is resumed" };
        walk(vec![crate::durable::on_a_full_disk(error()).await], Kind::Journal, place);
        let place = || Place { step: "error/it", node: "broken", version: Some("3.2.1"), help: "raise the lease" };
        walk(vec![crate::durable::taken_over(error()).await], Kind::TakenOver, place);
    }
    #[cfg(not(feature = "journal"))]
    walked.extend([Kind::Journal, Kind::TakenOver]);

    let missed: Vec<_> = Kind::ALL.into_iter().filter(|kind| !walked.contains(kind)).collect();
    assert_eq!(missed, []);
}

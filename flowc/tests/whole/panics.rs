//! No panic leaves a run: wherever it happens and whoever runs it, it is a failure.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use flowc::{__private as f, Engine, Failure, FailureKind, Prepared, RunState, node, workflow};

/// Panics where it is dropped.
#[derive(Debug)]
pub struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        // A second panic during the first would end the process, whatever a library does.
        if self.0 && !std::thread::panicking() {
            panic!("a destructor that panics");
        }
    }
}

/// An error that panics whenever it is asked something.
pub struct Grenade;

impl fmt::Debug for Grenade {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a Debug that panics")
    }
}
impl fmt::Display for Grenade {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a Display that panics")
    }
}
impl Error for Grenade {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("a source that panics")
    }
}

/// Numbers that end in a panic.
pub struct Numbers(u64);

impl Iterator for Numbers {
    type Item = u64;
    fn next(&mut self) -> Option<u64> {
        self.0 += 1;
        assert!(self.0 < 3, "an iterator that panics");
        Some(self.0)
    }
}

#[node]
async fn boom() -> u64 {
    tokio::task::yield_now().await;
    panic!("an async node that panics")
}
#[node]
fn boom_sync() -> u64 {
    panic!("a sync node that panics")
}
#[node(blocking)]
fn boom_blocking() -> u64 {
    panic!("a blocking node that panics")
}
#[node(spawn)]
async fn boom_spawned() -> u64 {
    panic!("a spawned node that panics")
}
/// Its panic carries something that panics where it is dropped.
#[node]
fn boom_bomb() -> u64 {
    std::panic::panic_any(Bomb(true))
}
#[node]
fn make(live: bool) -> Bomb {
    Bomb(live)
}
#[node(blocking)]
fn make_blocking(live: bool) -> Bomb {
    Bomb(live)
}
#[node(spawn)]
async fn make_spawned(live: bool) -> Bomb {
    Bomb(live)
}
#[node]
fn look(bomb: &Bomb) -> u64 {
    u64::from(bomb.0)
}
#[node]
async fn one(number: u64) -> u64 {
    tokio::task::yield_now().await;
    number
}
#[node]
async fn keep(bomb: Bomb) -> u64 {
    let _bomb = bomb;
    std::future::pending().await
}
#[node]
async fn fails() -> Result<u64, Grenade> {
    tokio::task::yield_now().await;
    Err(Grenade)
}
#[node(blocking)]
fn fails_blocking() -> Result<u64, Grenade> {
    Err(Grenade)
}
#[node(spawn)]
async fn fails_spawned() -> Result<u64, Grenade> {
    Err(Grenade)
}
#[node(retry(attempts = 2, base = "1ms"))]
async fn fails_twice() -> Result<u64, Grenade> {
    Err(Grenade)
}
fn never(_: &Grenade) -> bool {
    panic!("a predicate that panics")
}
#[node(retry(attempts = 2, base = "1ms", if = never))]
async fn asks() -> Result<u64, Grenade> {
    Err(Grenade)
}

workflow! {
    fn in_async() -> u64 { let it = boom(); it }
    fn in_sync() -> u64 { let it = boom_sync(); it }
    fn in_blocking() -> u64 { let it = boom_blocking(); it }
    fn in_spawned() -> u64 { let it = boom_spawned(); it }
    fn in_payload() -> u64 { let it = boom_bomb(); it }
    fn in_value() -> u64 { let it = one(1); it.checked_sub(2).expect("a value that panics") }
    fn in_guard() -> u64 {
        let it = one(1);
        match it {
            n if n.checked_sub(2).expect("a guard that panics") > 0 => one(n),
            n => n,
        }
    }
    fn in_condition() -> u64 {
        let it = one(1);
        if it.checked_sub(2).expect("a condition that panics") > 0 { one(it) } else { 0 }
    }
    fn in_drop() -> u64 { let it = make(true); let seen = look(&it); seen }
    fn in_drop_blocking() -> u64 { let it = make_blocking(true); let seen = look(&it); seen }
    fn in_drop_spawned() -> u64 { let it = make_spawned(true); let seen = look(&it); seen }
    fn in_drop_beside() -> u64 {
        let it = make(true);
        let held = keep(it);
        let bad = fails();
        held + bad
    }
    fn in_iterator() -> usize {
        #[max(2)]
        let all = for n in Numbers(0) { one(n) };
        all.len()
    }
    fn in_predicate() -> u64 { let it = asks(); it }
    fn in_text() -> u64 { let it = fails(); it }
    fn in_text_blocking() -> u64 { let it = fails_blocking(); it }
    fn in_text_spawned() -> u64 { let it = fails_spawned(); it }
    fn in_text_retried() -> u64 { let it = fails_twice(); it }
    fn in_sub() -> u64 { let sub = in_text(); sub }
    fn in_text_caught() -> u64 { match catch(fails()) { Ok(n) => n, Err(_) => 7 } }
    fn in_live() -> u64 { let it = make(true); let held = keep(it); held }
}

/// In this task, with options, in an engine, and without a runtime.
async fn everywhere<W>(make: fn() -> Prepared<'static, W>, check: impl Fn(Failure))
where
    W: f::Workflow + f::ResourcesFrom<()>,
    W::Output: fmt::Debug + Send,
{
    check(make().run(&()).await.unwrap_err());
    check(make().timeout(Duration::from_secs(3600)).run(&()).await.unwrap_err());
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(make());
    // A listener that panics is no concern of the run.
    let mut events = run.events();
    let listener = tokio::spawn(async move {
        events.next().await;
        panic!("a listener that panics");
    });
    let failure = (&mut run).await.unwrap_err();
    assert_eq!(run.status().state, RunState::Failed(failure.kind()));
    let mut last = None;
    while let Some(event) = run.next_event().await {
        last = Some(event.kind);
    }
    assert!(last.unwrap().to_string().starts_with("run failed"));
    check(failure);
    assert!(listener.await.unwrap_err().is_panic());
    assert_eq!(engine.running(), 0);
    let blocking = tokio::task::spawn_blocking(move || std::thread::spawn(move || make().run_blocking(&())).join());
    check(blocking.await.unwrap().expect("no panic leaves the run").unwrap_err());
}

fn says(kind: FailureKind, step: &'static str, text: &'static str) -> impl Fn(Failure) {
    move |failure| {
        assert_eq!((failure.kind(), failure.step()), (kind, step));
        let (report, problem) = (failure.report().to_string(), failure.problem().to_string());
        assert!(report.contains(text), "{report}");
        assert!(problem.contains(text), "{problem}");
    }
}

#[tokio::test]
async fn in_nodes() {
    use FailureKind::Panic;
    everywhere(in_async, says(Panic, "in_async/it", "an async node that panics")).await;
    everywhere(in_sync, says(Panic, "in_sync/it", "a sync node that panics")).await;
    everywhere(in_blocking, says(Panic, "in_blocking/it", "a blocking node that panics")).await;
    everywhere(in_spawned, says(Panic, "in_spawned/it", "a spawned node that panics")).await;
    everywhere(in_payload, says(Panic, "in_payload/it", "the panic carried no text")).await;
}

#[tokio::test]
async fn between_nodes() {
    use FailureKind::Panic;
    everywhere(in_value, says(Panic, "in_value", "a value that panics")).await;
    everywhere(in_guard, says(Panic, "in_guard", "a guard that panics")).await;
    everywhere(in_condition, says(Panic, "in_condition", "a condition that panics")).await;
    everywhere(in_iterator, says(Panic, "in_iterator", "an iterator that panics")).await;
}

#[tokio::test]
async fn in_destructors() {
    use FailureKind::Panic;
    everywhere(in_drop, says(Panic, "in_drop", "a destructor that panics")).await;
    everywhere(in_drop_blocking, says(Panic, "in_drop_blocking", "a destructor that panics")).await;
    everywhere(in_drop_spawned, says(Panic, "in_drop_spawned", "a destructor that panics")).await;
    // Of what is dropped because another step failed.
    everywhere(in_drop_beside, says(Panic, "in_drop_beside", "a destructor that panics")).await;
}

#[tokio::test]
async fn in_what_is_cancelled() {
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(in_live());
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    run.cancel();
    let failure = run.await.unwrap_err();
    assert_eq!((failure.kind(), failure.cancelled_steps()), (FailureKind::Cancelled, &["in_live/held".to_owned()][..]));
    assert!(failure.to_string().ends_with("a destructor panicked: a destructor that panics"), "{failure}");
    let failure = in_live().timeout(Duration::from_millis(5)).run(&()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Timeout);
}

#[tokio::test]
async fn in_errors() {
    let text =
        |step| says(FailureKind::Error, step, "whose text cannot be made, as that panics: a Display that panics");
    everywhere(in_text, text("in_text/it")).await;
    everywhere(in_text_blocking, text("in_text_blocking/it")).await;
    everywhere(in_text_spawned, text("in_text_spawned/it")).await;
    // Before it tries again, the policy asks the error what caused it.
    let asked = says(FailureKind::Panic, "in_text_retried/it", "a source that panics");
    everywhere(in_text_retried, asked).await;
    everywhere(in_sub, text("in_sub/sub/it")).await;
    assert_eq!(in_text_caught().run(&()).await.unwrap(), 7);
    assert_eq!(Engine::builder().resources(()).build().start(in_text_caught()).await.unwrap(), 7);
}

#[tokio::test]
async fn in_predicates() {
    everywhere(in_predicate, says(FailureKind::Panic, "in_predicate/it", "a predicate that panics")).await;
}

#[cfg(feature = "testing")]
#[tokio::test]
async fn in_stubs() {
    let stub = || -> Result<u64, Grenade> { panic!("a stub that panics") };
    let engine = Engine::builder().resources(()).stub(in_text::it, stub).build();
    let failure = engine.start(in_sub()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "in_sub/sub/it"));
    assert!(failure.to_string().contains("a stub that panics"), "{failure}");
}

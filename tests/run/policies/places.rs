//! Policies wherever a step may stand, and on every kind of node.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flowc::{Engine, FailureKind, node, workflow};

use super::{Act, Bad, MS, Script};

#[node]
async fn flaky(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node]
fn first(one: usize, _: usize) -> usize {
    one
}
#[node(blocking, retry(attempts = 3, base = "0ms"))]
fn on_a_thread(calls: Arc<AtomicUsize>) -> Result<usize, String> {
    match calls.fetch_add(1, Ordering::SeqCst) {
        2 => Ok(3),
        call => Err(format!("call {call}")),
    }
}
#[node(spawn, retry(attempts = 3, base = "1ms"), breaker(failures = 5, name = "in a task"), concurrency(max = 1))]
async fn in_a_task(script: Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(retry(attempts = 2, base = "1ms"), concurrency(max = 2))]
fn at_once(script: &Script, n: usize) -> Result<usize, String> {
    let _ = script;
    if n > 0 { Ok(n) } else { Err("nothing".to_owned()) }
}
#[node(retry(attempts = 2, base = "1ms"), timeout = "1s", rate(calls = 9, per = "1s"))]
async fn generic<T: Clone>(value: T, script: &Script) -> Result<T, Bad> {
    script.play().await.map(|_| value)
}

workflow! {
    fn arm(script: Script, yes: bool) -> usize {
        if yes {
            #[retry(attempts = 2, base = "1ms")]
            let given = flaky(&script);
            given
        } else {
            match catch(flaky(&script)) { Ok(given) => given, Err(_) => 99 }
        }
    }
    fn map(script: Script, many: Vec<u8>) -> Vec<usize> {
        #[max(4)]
        let all = for _n in many {
            #[retry(attempts = 2, base = "1ms")]
            #[concurrency(max = 1)]
            let given = flaky(&script);
            given
        };
        all
    }
    fn rounds(script: Script) -> usize {
        let mut count = 0;
        #[max(3)]
        loop {
            #[retry(attempts = 2, base = "1ms")]
            let given = flaky(&script);
            count = first(given, count);
            if given > 3 { break; }
        }
        count
    }
    fn inner(script: Script) -> usize {
        let given = flaky(&script);
        first(given, 0)
    }
    fn outer(script: Script) -> usize {
        #[retry(attempts = 3, base = "1ms")]
        #[timeout("1s")]
        #[breaker(failures = 9)]
        let given = inner(script);
        given
    }
    fn caught(script: Script) -> usize {
        #[retry(attempts = 2, base = "1ms")]
        let given = catch(flaky(&script));
        match given { Ok(given) => given, Err(failure) => failure.attempts() as usize }
    }
    fn threads(calls: Arc<AtomicUsize>) -> usize {
        on_a_thread(calls)
    }
    fn tasks(script: Script) -> usize {
        in_a_task(script)
    }
    fn sync(script: Script) -> usize {
        at_once(&script, 4)
    }
    fn of_any<T: Clone>(value: T, script: Script) -> T {
        #[retry(attempts = 3, base = "1ms")]
        let given = generic::<T>(value, &script);
        given
    }
}

#[tokio::test(start_paused = true)]
async fn in_arms() {
    assert_eq!(arm(Script::new(&[Act::Fail, Act::Give]), true).run(&()).await.unwrap(), 2);
    assert_eq!(arm(Script::new(&[Act::Fail, Act::Give]), false).run(&()).await.unwrap(), 99);
}

#[tokio::test(start_paused = true)]
async fn in_maps() {
    let script = Script::new(&[Act::SlowFail(10), Act::Slow(10)]);
    assert_eq!(map(script.clone(), vec![0; 4]).run(&()).await.unwrap().len(), 4);
    assert_eq!((script.calls(), script.most()), (5, 1));
}

#[tokio::test(start_paused = true)]
async fn in_loops() {
    let script = Script::new(&[Act::Fail, Act::Give, Act::Fail, Act::Give]);
    assert_eq!(rounds(script.clone()).run(&()).await.unwrap(), 4);
    assert_eq!(script.calls(), 4);
}

#[tokio::test(start_paused = true)]
async fn around_workflows() {
    let engine = Engine::builder().resources(()).build();
    assert_eq!(engine.start(outer(Script::new(&[Act::Fail, Act::Fail, Act::Give]))).await.unwrap(), 3);
    assert_eq!(engine.breaker("inner").unwrap().snapshot().failures, 2);
    let failure = engine.start(outer(Script::new(&[Act::Slow(5000)]))).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts(), failure.step()), (FailureKind::Timeout, 3, "outer/given"));
}

#[tokio::test(start_paused = true)]
async fn inside_catch() {
    assert_eq!(caught(Script::new(&[Act::Fail])).run(&()).await.unwrap(), 2);
    assert_eq!(caught(Script::new(&[Act::Fail, Act::Give])).run(&()).await.unwrap(), 2);
}

#[tokio::test]
async fn on_threads() {
    let calls = Arc::new(AtomicUsize::new(0));
    assert_eq!(threads(Arc::clone(&calls)).run(&()).await.unwrap(), 3);
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn in_tasks_and_at_once() {
    let engine = Engine::builder().resources(()).build();
    assert_eq!(
        engine.start(tasks(Script::new(&[Act::Fail, Act::Panic]))).await.unwrap_err().kind(),
        FailureKind::Panic
    );
    assert_eq!(engine.breaker("in a task").unwrap().snapshot().failures, 2);
    assert_eq!(engine.start(sync(Script::new(&[Act::Give]))).await.unwrap(), 4);
}

#[tokio::test(start_paused = true)]
async fn on_generic_nodes() {
    let begun = tokio::time::Instant::now();
    let given = of_any::<&'static str>("x", Script::new(&[Act::Fail, Act::Fail, Act::Give])).run(&()).await;
    assert_eq!((given.unwrap(), begun.elapsed()), ("x", MS(3)));
}

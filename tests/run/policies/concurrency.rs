use flowc::{Engine, FailureKind, node, workflow};

use super::{Act, Bad, MS, Script};

#[node(concurrency(max = 2))]
async fn two_at_once(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(concurrency(max = 1, queue = 1))]
async fn one_may_wait(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(concurrency(max = 1, wait = "2s"))]
async fn not_for_long(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(concurrency(max = 1, name = "the database"))]
async fn read(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node]
async fn write(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn crowd(script: Script, many: Vec<u32>) -> usize {
        #[max(8)]
        let all = for _n in many { two_at_once(&script) };
        all.len()
    }
    fn queued(script: Script) -> usize {
        one_may_wait(&script)
    }
    fn waited(script: Script) -> usize {
        not_for_long(&script)
    }
    fn both(script: Script) -> usize {
        let seen = read(&script);
        #[concurrency(max = 1, name = "the database")]
        let done = write(&script);
        seen + done
    }
}

#[tokio::test(start_paused = true)]
async fn so_many_at_once_over_all_items_and_runs() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(100)]);
    let runs = [engine.start(crowd(script.clone(), vec![0; 5])), engine.start(crowd(script.clone(), vec![0; 5]))];
    for run in runs {
        assert_eq!(run.await.unwrap(), 5);
    }
    assert_eq!((script.calls(), script.most()), (10, 2));
    assert_eq!(engine.shares().bulkheads()[0].in_use(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_refuses() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(100)]);
    let runs: Vec<_> = (0..3).map(|_| engine.start(queued(script.clone()))).collect();
    let mut kinds = Vec::new();
    for run in runs {
        kinds.push(run.await.map_err(|failure| failure.kind()));
    }
    assert_eq!(kinds, [Ok(1), Ok(2), Err(FailureKind::Concurrency)]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_is_refused() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(5000)]);
    let first = engine.start(waited(script.clone()));
    tokio::task::yield_now().await;
    let begun = tokio::time::Instant::now();
    let failure = engine.start(waited(script.clone())).await.unwrap_err();
    assert_eq!((failure.kind(), begun.elapsed()), (FailureKind::Concurrency, MS(2000)));
    assert_eq!((first.await.unwrap(), script.calls()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_frees_its_place() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(60_000), Act::Give]);
    let first = engine.start(queued(script.clone()));
    tokio::time::sleep(MS(1)).await;
    let second = engine.start(queued(script.clone()));
    tokio::time::sleep(MS(1)).await;
    let bulkhead = &engine.shares().bulkheads()[0];
    assert_eq!((bulkhead.in_use(), bulkhead.waiting()), (1, 1));
    first.cancel();
    assert_eq!(second.await.unwrap(), 2);
    assert_eq!((bulkhead.in_use(), bulkhead.waiting()), (0, 0));
    first.await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_node_and_a_step_share_by_name() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(100)]);
    assert_eq!(engine.start(both(script.clone())).await.unwrap(), 3);
    assert_eq!((script.most(), script.starts()), (1, vec![0, 100]));
}

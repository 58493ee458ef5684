//! A panic is a failure of its step, wherever it happens and whoever runs it.

use flowc::{Engine, Failure, FailureKind, node, workflow};

#[node]
async fn burst(number: u64) -> u64 {
    tokio::task::yield_now().await;
    assert!(number != 2, "two is a bug");
    number
}
#[node]
fn burst_sync(number: u64) -> u64 {
    assert!(number != 2, "two is a bug");
    number
}
#[node(blocking)]
fn burst_blocking(number: u64) -> u64 {
    assert!(number != 2, "two is a bug");
    number
}
#[node(spawn)]
async fn burst_spawned(number: u64) -> u64 {
    assert!(number != 2, "two is a bug");
    number
}

workflow! {
    fn in_async(number: u64) -> u64 { let found = burst(number); found }
    fn in_sync(number: u64) -> u64 { let found = burst_sync(number); found }
    fn in_blocking(number: u64) -> u64 { let found = burst_blocking(number); found }
    fn in_spawned(number: u64) -> u64 { let found = burst_spawned(number); found }
    fn in_sub(number: u64) -> u64 { let sub = in_async(number); sub }
    fn in_item(number: u64) -> usize {
        #[max(3)]
        let found = for one in 0..=number { burst(one) };
        found.len()
    }
    fn in_plain(number: u64) -> u64 {
        let found = burst_sync(number + 1);
        let list = vec![1_u64];
        list.get(found as usize).copied().unwrap()
    }
    fn caught(number: u64) -> String {
        match catch(burst(number)) {
            Ok(number) => number.to_string(),
            Err(failure) => format!("{:?}", failure.kind()),
        }
    }
}

fn is_panic(ended: Result<impl Sized, Failure>, step: &str) {
    let failure = ended.err().expect("it panicked");
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, step), "{failure}");
    assert!(step == "in_plain" || failure.to_string().contains("two is a bug"), "{failure}");
}

#[tokio::test]
async fn in_this_task() {
    is_panic(in_async(2).run(&()).await, "in_async/found");
    is_panic(in_sync(2).run(&()).await, "in_sync/found");
    is_panic(in_blocking(2).run(&()).await, "in_blocking/found");
    is_panic(in_spawned(2).run(&()).await, "in_spawned/found");
    is_panic(in_sub(2).run(&()).await, "in_sub/sub/found");
    is_panic(in_item(2).run(&()).await, "in_item/found[2]/burst");
    is_panic(in_plain(2).run(&()).await, "in_plain");
    assert_eq!(caught(2).run(&()).await.unwrap(), "Panic");
    assert_eq!(in_item(1).run(&()).await.unwrap(), 2);
}

#[tokio::test]
async fn in_an_engine() {
    let engine = Engine::builder().resources(()).build();
    is_panic(engine.start(in_async(2)).await, "in_async/found");
    is_panic(engine.start(in_sync(2)).await, "in_sync/found");
    is_panic(engine.start(in_blocking(2)).await, "in_blocking/found");
    is_panic(engine.start(in_spawned(2)).await, "in_spawned/found");
    is_panic(engine.start(in_sub(2)).await, "in_sub/sub/found");
    is_panic(engine.start(in_item(2)).await, "in_item/found[2]/burst");
    is_panic(engine.start(in_plain(2)).await, "in_plain");
}

#[test]
fn without_a_runtime() {
    is_panic(in_async(2).run_blocking(&()), "in_async/found");
    is_panic(in_spawned(2).run_blocking(&()), "in_spawned/found");
}

//! `blocking` and `spawn`: where they run, what they take along, and what becomes of a panic or a cancelled call.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread::ThreadId;
use std::time::Duration;

use flowc::{FailureKind, Resources, node};
use tokio::sync::oneshot;

use crate::one::call;

#[derive(Resources)]
struct App {
    words: Arc<Vec<String>>,
}

fn app() -> &'static App {
    Box::leak(Box::new(App { words: Arc::new(vec!["one".into(), "two".into()]) }))
}

#[node(blocking)]
fn count(extra: usize, #[resource] words: Arc<Vec<String>>) -> Result<(usize, ThreadId), String> {
    if extra > 100 { Err("too many".into()) } else { Ok((words.len() + extra, std::thread::current().id())) }
}

#[tokio::test]
async fn blocking_runs_on_another_thread() {
    let (count, thread) = call::<count, _>(count::__flowc_input(40), app()).await.unwrap();
    assert_eq!(count, 42);
    assert_ne!(thread, std::thread::current().id());
}

#[tokio::test]
async fn blocking_keeps_the_error_of_the_node() {
    let failure = call::<count, _>(count::__flowc_input(101), app()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.error().map(String::as_str)), (FailureKind::Error, Some("too many")));
}

#[node(blocking)]
fn burst() -> u8 {
    panic!("out of memory, say")
}

#[node(spawn)]
async fn burst_apart() -> u8 {
    panic!("out of memory, say")
}

#[tokio::test]
async fn a_panic_elsewhere_is_a_failure_here() {
    for failure in [
        call::<burst, _>(burst::__flowc_input(), &()).await.unwrap_err(),
        call::<burst_apart, _>(burst_apart::__flowc_input(), &()).await.unwrap_err(),
    ] {
        assert_eq!(failure.kind(), FailureKind::Panic);
        assert!(failure.to_string().contains("out of memory, say"), "{failure}");
    }
}

#[node(spawn)]
async fn apart(#[resource] words: Arc<Vec<String>>) -> (usize, Option<tokio::task::Id>) {
    (words.len(), tokio::task::try_id())
}

#[tokio::test]
async fn spawn_runs_in_a_task_of_its_own() {
    let (count, id) = call::<apart, _>(apart::__flowc_input(), app()).await.unwrap();
    assert_eq!(count, 2);
    assert!(id.is_some());
    assert_ne!(id, tokio::task::try_id());
}

#[derive(Debug)]
struct Told(Option<oneshot::Sender<()>>);
impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.0.take().map(|told| told.send(()));
    }
}

#[node(spawn)]
async fn wait_apart(started: oneshot::Sender<()>, told: Told) {
    let _ = started.send(());
    std::future::pending::<()>().await;
    drop(told);
}

#[tokio::test]
async fn a_dropped_spawn_is_aborted() {
    let (started, has_started) = oneshot::channel();
    let (told, is_told) = oneshot::channel();
    let run = tokio::spawn(call::<wait_apart, _>(wait_apart::__flowc_input(started, Told(Some(told))), &()));
    has_started.await.unwrap();
    run.abort();
    tokio::time::timeout(Duration::from_secs(5), is_told).await.expect("its values are dropped").unwrap();
}

static ENDED: AtomicBool = AtomicBool::new(false);

#[node(blocking)]
fn work(started: oneshot::Sender<()>, go: std::sync::mpsc::Receiver<()>, told: Told) -> Told {
    let _ = started.send(());
    let _ = go.recv_timeout(Duration::from_secs(5));
    ENDED.store(true, Ordering::SeqCst);
    told
}

#[tokio::test]
async fn a_cancelled_blocking_call_ends_and_its_result_is_dropped() {
    let (started, has_started) = oneshot::channel();
    let (go, may_go) = std::sync::mpsc::channel();
    let (told, is_told) = oneshot::channel();
    let run = tokio::spawn(call::<work, _>(work::__flowc_input(started, may_go, Told(Some(told))), &()));
    has_started.await.unwrap();
    run.abort();
    assert!(run.await.unwrap_err().is_cancelled());
    assert!(!ENDED.load(Ordering::SeqCst), "it is still at work");
    go.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), is_told).await.expect("its result is dropped").unwrap();
    assert!(ENDED.load(Ordering::SeqCst));
}

#[test]
fn without_a_runtime_is_an_error_and_no_panic() {
    let mut run = pin!(call::<burst, _>(burst::__flowc_input(), &()));
    let Poll::Ready(ended) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it must not wait for a runtime that is not there")
    };
    assert_eq!(ended.unwrap_err().kind(), FailureKind::Runtime);
}

#[node(blocking, timeout = "1s", retry(attempts = 2, base = "1ms"))]
fn twice(seen: Arc<AtomicBool>) -> Result<u8, String> {
    if seen.swap(true, Ordering::SeqCst) { Ok(2) } else { Err("not yet".into()) }
}

#[tokio::test]
async fn blocking_can_be_retried() {
    assert_eq!(call::<twice, _>(twice::__flowc_input(Arc::default()), &()).await.unwrap(), 2);
}

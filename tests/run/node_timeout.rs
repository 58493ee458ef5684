//! `timeout`: for each attempt, on tokio's clock, and without a panic where there is none.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use flowc::{FailureKind, node};
use tokio::time::{Instant, sleep};

use crate::one::call;

#[node(timeout = "1s")]
async fn nap(millis: u64) -> u64 {
    sleep(Duration::from_millis(millis)).await;
    millis
}

#[tokio::test(start_paused = true)]
async fn lets_through_what_is_in_time() {
    assert_eq!(call::<nap, _>(nap::__flowc_input(999), &()).await.unwrap(), 999);
}

#[tokio::test(start_paused = true)]
async fn ends_what_is_late() {
    let started = Instant::now();
    let failure = call::<nap, _>(nap::__flowc_input(1001), &()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (FailureKind::Timeout, 1));
    assert_eq!(started.elapsed(), Duration::from_secs(1));
    assert!(failure.to_string().contains("longer than 1s"), "{failure}");
}

struct Told(&'static AtomicBool);
impl Drop for Told {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[node(timeout = "1s")]
async fn hold(told: Told) {
    sleep(Duration::from_secs(100)).await;
    drop(told);
}

#[tokio::test(start_paused = true)]
async fn drops_what_it_ends() {
    static DROPPED: AtomicBool = AtomicBool::new(false);
    call::<hold, _>(hold::__flowc_input(Told(&DROPPED)), &()).await.unwrap_err();
    assert!(DROPPED.load(Ordering::SeqCst));
}

#[node(timeout = "1s", retry(attempts = 3, base = "10ms", factor = 1))]
async fn nap_again(millis: u64) -> u64 {
    sleep(Duration::from_millis(millis)).await;
    millis
}

#[tokio::test(start_paused = true)]
async fn is_for_each_attempt() {
    let started = Instant::now();
    let failure = call::<nap_again, _>(nap_again::__flowc_input(5000), &()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (FailureKind::Timeout, 3));
    assert_eq!(started.elapsed(), Duration::from_millis(3020));
}

#[test]
fn without_a_runtime_is_an_error_and_no_panic() {
    let mut run = pin!(call::<nap, _>(nap::__flowc_input(1), &()));
    let Poll::Ready(ended) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it must not wait for a clock that is not there")
    };
    let failure = ended.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Runtime);
    assert!(failure.help().contains("tokio"), "{}", failure.help());
}

#[test]
fn without_a_timer_is_an_error_and_no_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let failure = runtime.block_on(call::<nap, _>(nap::__flowc_input(1), &())).unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Runtime);
}

//! `retry`: how often, after how long, and of what.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flowc::{FailureKind, node};
use tokio::time::Instant;

use crate::one::call;

/// Fails so many times, then gives the number of its calls.
#[derive(Clone, Copy)]
struct Flaky {
    fails: u32,
    calls: &'static AtomicU32,
}

impl Flaky {
    fn new(fails: u32) -> Self {
        Self { fails, calls: Box::leak(Box::default()) }
    }
    fn call(self) -> Result<u32, u32> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if call <= self.fails { Err(call) } else { Ok(call) }
    }
    fn calls(self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }
}

#[derive(Debug, PartialEq)]
struct Nth(u32);
impl From<Nth> for Box<dyn std::error::Error + Send + Sync> {
    fn from(Nth(n): Nth) -> Self {
        format!("call {n} failed").into()
    }
}
impl Nth {
    fn is_early(&self) -> bool {
        self.0 < 2
    }
}

#[node(retry(attempts = 4, base = "100ms", max = "250ms"))]
async fn fetch(flaky: Flaky) -> Result<u32, Nth> {
    flaky.call().map_err(Nth)
}

#[tokio::test(start_paused = true)]
async fn waits_longer_each_time_and_then_succeeds() {
    let started = Instant::now();
    let flaky = Flaky::new(3);
    assert_eq!(call::<fetch, _>(fetch::__flowc_input(flaky), &()).await.unwrap(), 4);
    // 100 ms, 200 ms, and 400 ms cut to 250 ms.
    assert_eq!(started.elapsed(), Duration::from_millis(550));
}

#[tokio::test(start_paused = true)]
async fn gives_up_after_its_attempts_with_the_last_error() {
    let flaky = Flaky::new(9);
    let failure = call::<fetch, _>(fetch::__flowc_input(flaky), &()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts(), flaky.calls()), (FailureKind::Error, 4, 4));
    assert_eq!(failure.error(), Some(&Nth(4)));
}

#[node(retry(attempts = 9, base = "1ms", if = Nth::is_early))]
fn picky(flaky: &Flaky) -> Result<u32, Nth> {
    flaky.call().map_err(Nth)
}

#[tokio::test(start_paused = true)]
async fn asks_the_predicate() {
    let flaky: &'static Flaky = Box::leak(Box::new(Flaky::new(9)));
    let failure = call::<picky, _>(picky::__flowc_input(flaky), &()).await.unwrap_err();
    assert_eq!((failure.attempts(), failure.error()), (2, Some(&Nth(2))));
}

#[node(retry(attempts = 9, base = "100ms", factor = 1, budget = "250ms"))]
async fn thrifty(flaky: Flaky) -> Result<u32, Nth> {
    flaky.call().map_err(Nth)
}

#[tokio::test(start_paused = true)]
async fn starts_no_attempt_beyond_its_budget() {
    let started = Instant::now();
    let failure = call::<thrifty, _>(thrifty::__flowc_input(Flaky::new(9)), &()).await.unwrap_err();
    assert_eq!((failure.attempts(), started.elapsed()), (3, Duration::from_millis(200)));
}

#[node(retry(attempts = 5))]
async fn broken(flaky: Flaky) -> Result<u32, Nth> {
    let _ = flaky.call();
    panic!("a bug")
}

#[tokio::test(start_paused = true)]
async fn does_not_repeat_a_panic() {
    let flaky = Flaky::new(0);
    let failure = call::<broken, _>(broken::__flowc_input(flaky), &()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts(), flaky.calls()), (FailureKind::Panic, 1, 1));
    let failure = failure.into_any();
    assert!(failure.to_string().contains("a bug"), "{failure}");
}

mod overridden {
    use flowc::__private::{Overridden, Policy, Step, Timeout, Tries, again, overridden};

    use super::*;

    const SIX: &Policy<fetch> = &Policy::<fetch>::NONE
        .retry(Tries::NEW.attempts(6).base(Duration::from_millis(1)), |input, _| again(input))
        .over(fetch::POLICY);
    const QUICK: &Policy<fetch> =
        &Policy::<fetch>::NONE.timeout(Timeout::attempt(Duration::from_millis(50))).over(fetch::POLICY);

    #[tokio::test(start_paused = true)]
    async fn replaces_the_policy_of_the_same_name() {
        let flaky = Flaky::new(9);
        let input = overridden::<fetch>(fetch::__flowc_input(flaky), SIX);
        let failure = call::<Overridden<fetch>, _>(input, &()).await.unwrap_err();
        assert_eq!((failure.attempts(), flaky.calls()), (6, 6));
    }

    #[tokio::test(start_paused = true)]
    async fn leaves_the_others_as_the_node_has_them() {
        let flaky = Flaky::new(9);
        let input = overridden::<fetch>(fetch::__flowc_input(flaky), QUICK);
        let failure = call::<Overridden<fetch>, _>(input, &()).await.unwrap_err();
        assert_eq!((failure.attempts(), flaky.calls()), (4, 4));
    }

    #[node]
    async fn slow() {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    const LIMIT: &Policy<slow> = &Policy::<slow>::NONE
        .timeout(Timeout::attempt(Duration::from_secs(1)))
        .retry(Tries::NEW.attempts(2).base(Duration::ZERO), |input, _| again(input));

    #[tokio::test(start_paused = true)]
    async fn gives_a_policy_to_a_node_that_has_none() {
        let started = Instant::now();
        let failure =
            call::<Overridden<slow>, _>(overridden::<slow>(slow::__flowc_input(), LIMIT), &()).await.unwrap_err();
        assert_eq!((failure.kind(), failure.attempts()), (FailureKind::Timeout, 2));
        assert_eq!(started.elapsed(), Duration::from_secs(2));
    }
}

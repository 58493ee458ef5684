//! The order of the policies, from the outside to the inside: fallback, cache, all the time there is, retry, breaker, rate, concurrency,
//! the time of one attempt. One test for each two that are neighbours.

use flowc::{Engine, Failure, FailureKind, node, workflow};
use tokio::time::Instant;

use super::{Act, Bad, MS, S, Script};

fn nothing(_: &Failure<Bad>) -> usize {
    0
}
fn always(_: &Script) -> u8 {
    0
}

#[node(fallback = nothing, cache(key = always))]
async fn outermost(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(cache(key = always), timeout(total = "1s"))]
async fn kept_in_time(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(timeout(total = "1s"), retry(attempts = 2, base = "10s"))]
async fn bounded_tries(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(retry(attempts = 5, base = "1ms"), breaker(failures = 2, cooldown = "1h"))]
async fn tried_and_broken(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(breaker(failures = 1, cooldown = "1s"), rate(calls = 1, per = "1m", burst = 2, wait = "0s"))]
async fn broken_and_rated(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(rate(calls = 1, per = "1s"), concurrency(max = 1, name = "place"))]
async fn rated(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(concurrency(max = 1, name = "place"))]
async fn placed(script: &Script) -> Result<usize, Bad> {
    script.play().await
}
#[node(concurrency(max = 1), timeout = "1s")]
async fn placed_in_time(script: &Script) -> Result<usize, Bad> {
    script.play().await
}

workflow! {
    fn fallback_cache(script: Script) -> usize {
        outermost(&script)
    }
    fn cache_total(script: Script) -> usize {
        kept_in_time(&script)
    }
    fn total_retry(script: Script) -> usize {
        bounded_tries(&script)
    }
    fn retry_breaker(script: Script) -> usize {
        tried_and_broken(&script)
    }
    fn breaker_rate(script: Script) -> usize {
        broken_and_rated(&script)
    }
    fn rate_concurrency(script: Script) -> usize {
        let first = rated(&script);
        let second = rated(&script);
        #[after(first)]
        let other = placed(&script);
        first + second + other
    }
    fn concurrency_attempt(script: Script) -> usize {
        let one = placed_in_time(&script);
        let two = placed_in_time(&script);
        one + two
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_fallback_gives_is_not_cached() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Fail, Act::Give]);
    let given = async || engine.start(fallback_cache(script.clone())).await.unwrap();
    assert_eq!([given().await, given().await, given().await], [0, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_the_call_of_another_has_the_time_of_his_own_call() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::SlowFail(900), Act::Slow(900)]);
    let runs = [engine.start(cache_total(script.clone())), engine.start(cache_total(script.clone()))];
    let [one, two] = runs;
    assert_eq!(one.await.unwrap_err().kind(), FailureKind::Error);
    assert_eq!(two.await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn all_the_time_holds_for_all_attempts() {
    let begun = Instant::now();
    let failure = total_retry(Script::new(&[Act::Fail])).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts(), begun.elapsed()), (FailureKind::Error, 1, MS(0)));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_asks_the_breaker_and_an_open_one_ends_the_attempts() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Fail]);
    let failure = engine.start(retry_breaker(script.clone())).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts(), script.calls()), (FailureKind::Breaker, 3, 2));
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_takes_nothing_of_the_rate() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Fail, Act::Give]);
    let kind = async || engine.start(breaker_rate(script.clone())).await.map_err(|failure| failure.kind());
    assert_eq!(kind().await, Err(FailureKind::Error));
    assert_eq!(kind().await, Err(FailureKind::Breaker));
    tokio::time::advance(S(1)).await;
    // The second of two calls that may come at once; the third has to wait.
    assert_eq!(kind().await, Ok(2));
    assert_eq!(kind().await, Err(FailureKind::Rate));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_his_turn_holds_no_place() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(10)]);
    engine.start(rate_concurrency(script.clone())).await.unwrap();
    assert_eq!(script.starts(), [0, 10, 1000]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_place_is_not_time_of_the_attempt() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(900)]);
    assert_eq!(engine.start(concurrency_attempt(script.clone())).await.unwrap(), 3);
    assert_eq!(script.starts(), [0, 900]);
}

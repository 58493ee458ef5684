use tokio::task::JoinSet;
use tokio::time::{advance, sleep};

use super::*;

const MS: fn(u64) -> Duration = Duration::from_millis;
const S: fn(u64) -> Duration = Duration::from_secs;

fn limiter(policy: RatePolicy) -> RateLimiter {
    RateLimiter::new("r", &policy)
}

/// Ten calls a second.
const TEN: RatePolicy = RatePolicy::new().calls(10, Duration::from_secs(1));

async fn timed(wait: impl Future<Output = Result<(), Refused>>) -> Duration {
    let begun = Instant::now();
    wait.await.expect("its turn comes");
    begun.elapsed()
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_a_whole_period_passes_at_once_and_then_it_is_even() {
    let limiter = limiter(TEN);
    for _ in 0..10 {
        assert_eq!(timed(limiter.acquire("")).await, MS(0));
    }
    for _ in 0..5 {
        assert_eq!(timed(limiter.acquire("")).await, MS(100));
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_one_is_even_from_the_start() {
    let limiter = limiter(TEN.burst(1));
    assert_eq!(timed(limiter.acquire("")).await, MS(0));
    assert_eq!(timed(limiter.acquire("")).await, MS(100));
    advance(S(10)).await;
    assert_eq!(timed(limiter.acquire("")).await, MS(0));
    assert_eq!(timed(limiter.acquire("")).await, MS(100));
}

#[tokio::test(start_paused = true)]
async fn each_key_has_its_own_quota() {
    let limiter = limiter(TEN.burst(1));
    assert_eq!(timed(limiter.acquire("a")).await, MS(0));
    assert_eq!(timed(limiter.acquire("b")).await, MS(0));
    assert_eq!(timed(limiter.acquire("a")).await, MS(100));
}

#[tokio::test(start_paused = true)]
async fn callers_go_in_the_order_in_which_they_came() {
    let limiter = limiter(TEN.burst(1));
    let (begun, mut tasks) = (Instant::now(), JoinSet::new());
    for number in 0..20_u64 {
        let limiter = limiter.clone();
        tasks.spawn(async move {
            sleep(Duration::from_micros(number)).await;
            limiter.acquire("").await.unwrap();
            (number, begun.elapsed().as_millis())
        });
    }
    let gone = tasks.join_all().await;
    for (number, after) in gone {
        let due = u128::from(number) * 100;
        assert!((due..due + 3).contains(&after), "{number} went after {after} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_overtakes_those_who_wait() {
    let limiter = limiter(RatePolicy::new().calls(100, S(1)).tokens(100, S(1)));
    drop(limiter.acquire_tokens("", 100).await);
    let big = tokio::spawn({
        let limiter = limiter.clone();
        async move { timed(async { limiter.acquire_tokens("", 50).await.map(drop) }).await }
    });
    sleep(MS(100)).await;
    assert_eq!(limiter.waiting(), 1);
    // Ten tokens are there, but they are for the one before.
    assert_eq!(timed(async { limiter.acquire_tokens("", 10).await.map(drop) }).await, MS(500));
    assert_eq!(big.await.unwrap(), MS(500));
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_leaves_his_place_to_those_behind() {
    let limiter = limiter(TEN.burst(1));
    limiter.acquire("").await.unwrap();
    for _ in 0..50 {
        let gone = tokio::time::timeout(Duration::from_micros(1), limiter.acquire("")).await;
        assert!(gone.is_err());
    }
    assert_eq!(limiter.waiting(), 0);
    assert!(timed(limiter.acquire("")).await <= MS(100));
}

#[tokio::test(start_paused = true)]
async fn who_would_wait_too_long_is_refused_at_once_and_told_when() {
    let limiter = limiter(TEN.burst(1).wait(MS(150)));
    limiter.acquire("").await.unwrap();
    let waits = tokio::spawn({
        let limiter = limiter.clone();
        async move { timed(limiter.acquire("")).await }
    });
    tokio::task::yield_now().await;
    let begun = Instant::now();
    let refused = limiter.acquire("").await.unwrap_err();
    assert_eq!(refused, Refused::RateLimited { name: "r".into(), retry_after: MS(200) });
    assert_eq!(begun.elapsed(), MS(0));
    assert_eq!(waits.await.unwrap(), MS(100));
    assert_eq!(timed(limiter.acquire("")).await, MS(100), "the refused one took nothing");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_a_debt_makes_too_long_is_refused_too() {
    let limiter = limiter(RatePolicy::new().tokens(10, S(1)).wait(S(1)));
    let charge = limiter.acquire_tokens("", 10).await.unwrap();
    let waits = tokio::spawn({
        let limiter = limiter.clone();
        async move { limiter.acquire_tokens("", 5).await.map(drop) }
    });
    tokio::task::yield_now().await;
    charge.settle(100);
    assert!(matches!(waits.await.unwrap(), Err(Refused::RateLimited { .. })));
}

#[tokio::test(start_paused = true)]
async fn by_default_everybody_waits() {
    let limiter = limiter(RatePolicy::new().calls(1, S(3600)));
    limiter.acquire("").await.unwrap();
    assert_eq!(timed(limiter.acquire("")).await, S(3600));
}

#[tokio::test(start_paused = true)]
async fn tokens_used_beyond_the_estimate_are_owed() {
    let limiter = limiter(RatePolicy::new().tokens(100, S(10)));
    limiter.acquire_tokens("", 10).await.unwrap().settle(150);
    assert_eq!(timed(limiter.acquire("")).await, S(5), "fifty are owed");
    assert_eq!(timed(async { limiter.acquire_tokens("", 20).await.map(drop) }).await, S(2));
}

#[tokio::test(start_paused = true)]
async fn tokens_estimated_too_much_are_put_back() {
    let limiter = limiter(RatePolicy::new().tokens(100, S(10)));
    limiter.acquire_tokens("", 100).await.unwrap().settle(40);
    assert_eq!(timed(async { limiter.acquire_tokens("", 60).await.map(drop) }).await, S(0));
    drop(limiter.acquire_tokens("", 10).await);
    assert_eq!(
        timed(async { limiter.acquire_tokens("", 1).await.map(drop) }).await,
        MS(100),
        "a dropped charge stands"
    );
}

#[tokio::test(start_paused = true)]
async fn tokens_put_back_end_the_wait_of_the_first_in_the_line() {
    let limiter = limiter(RatePolicy::new().tokens(100, S(10)));
    let charge = limiter.acquire_tokens("", 100).await.unwrap();
    let waits = tokio::spawn({
        let limiter = limiter.clone();
        async move { timed(async { limiter.acquire_tokens("", 80).await.map(drop) }).await }
    });
    sleep(S(1)).await;
    charge.settle(20);
    // The first in the line has not looked yet, and still nobody overtakes him.
    assert_eq!(timed(async { limiter.acquire_tokens("", 1).await.map(drop) }).await, MS(0));
    assert!(waits.is_finished());
    assert_eq!(waits.await.unwrap(), S(1));
}

#[tokio::test(start_paused = true)]
async fn a_debit_makes_later_callers_wait() {
    let limiter = limiter(RatePolicy::new().tokens(100, S(10)));
    limiter.debit("a", 130);
    assert_eq!(timed(limiter.acquire("b")).await, S(0));
    assert_eq!(timed(limiter.acquire("a")).await, S(3));
}

#[tokio::test(start_paused = true)]
async fn more_tokens_than_the_quota_still_pass_and_are_owed() {
    let limiter = limiter(RatePolicy::new().tokens(100, S(10)));
    assert_eq!(timed(async { limiter.acquire_tokens("", 300).await.map(drop) }).await, S(0));
    assert_eq!(timed(limiter.acquire("")).await, S(20));
}

#[tokio::test(start_paused = true)]
async fn both_limits_hold() {
    let limiter = limiter(RatePolicy::new().calls(1, S(1)).tokens(10, S(1)));
    drop(limiter.acquire_tokens("", 1).await);
    assert_eq!(timed(async { limiter.acquire_tokens("", 1).await.map(drop) }).await, S(1), "by the calls");
    limiter.debit("", 50);
    assert!(timed(async { limiter.acquire_tokens("", 1).await.map(drop) }).await > S(3), "by the tokens");
}

#[tokio::test(start_paused = true)]
async fn keys_are_bounded_and_idle_ones_go() {
    let limiter = limiter(TEN.burst(1).keys(3));
    for key in 0..100 {
        limiter.acquire(&key.to_string()).await.unwrap();
        assert!(limiter.keys() <= 3);
    }
    advance(S(1)).await;
    limiter.acquire("one more").await.unwrap();
    assert_eq!(limiter.keys(), 1, "all the others had their quota back");
}

#[tokio::test(start_paused = true)]
async fn among_busy_keys_the_one_goes_that_is_free_first_and_none_where_somebody_waits() {
    let limiter = limiter(RatePolicy::new().tokens(10, S(1)).keys(2));
    limiter.debit("deep in debt", 1000);
    limiter.debit("a little", 11);
    limiter.debit("new", 11);
    assert!(timed(limiter.acquire("deep in debt")).await > S(90));
    limiter.debit("x", 1000);
    let waits = tokio::spawn({
        let limiter = limiter.clone();
        async move { timed(limiter.acquire("x")).await }
    });
    tokio::task::yield_now().await;
    for key in 0..10 {
        limiter.debit(&key.to_string(), 5000);
    }
    assert_eq!((limiter.keys(), limiter.waiting()), (2, 1));
    assert_eq!(waits.await.unwrap(), S(99));
}

#[tokio::test(start_paused = true)]
async fn no_policy_no_limit() {
    let limiter = limiter(RatePolicy::new());
    for _ in 0..10_000 {
        limiter.acquire("").await.unwrap();
    }
    let called = limiter.call("", async || Err::<(), _>("its own error")).await;
    assert_eq!(called, Err(PolicyError::Inner("its own error")));
}

#[test]
fn only_who_has_to_wait_needs_a_timer() {
    let limiter = limiter(TEN.burst(1));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    assert_eq!(std::pin::pin!(limiter.acquire("")).poll(&mut cx), std::task::Poll::Ready(Ok(())));
    let waits = std::pin::pin!(limiter.acquire("")).poll(&mut cx);
    assert_eq!(waits, std::task::Poll::Ready(Err(Refused::NoTimer)));
    assert_eq!(limiter.waiting(), 0);
}
